//! `__names`: names for TAB, one a line, a description behind a tab.

use super::Reply;
use super::look::{Look, Trail};
use crate::aws::grammar::{self, SectionKind};
use crate::aws::{Vars, regions};
use crate::cli::{Names, NamesOf};

pub(super) fn run(args: &Names, vars: &Vars) -> Reply {
    let mut out = String::new();
    let mut line = |name: &str, about: &str| {
        // Names that `use` would refuse are not offered; they would also break the lines here.
        let plain = name.bytes().all(|b| matches!(b, b' '..=b'~'));
        if !name.is_empty() && (plain || !name.chars().any(char::is_control)) {
            out.push_str(name);
            out.push('\t');
            match about.bytes().all(|b| matches!(b, b' '..=b'~')) {
                true => out.push_str(about),
                false => out.extend(about.chars().filter(|c| !c.is_control())),
            }
            out.push('\n');
        }
    };
    match args.of {
        NamesOf::Regions => regions::ALL
            .iter()
            .for_each(|region| line(region.name, region.place)),
        NamesOf::Profiles => {
            let look = Look::new(vars, crate::host::now(), Trail::default());
            let mut about = String::new();
            for profile in grammar::names(&look.config.text, &look.credentials.text) {
                about.clear();
                for part in [&profile.sso_account_id, &profile.sso_role_name]
                    .into_iter()
                    .flatten()
                {
                    if !about.is_empty() {
                        about.push(' ');
                    }
                    about.push_str(part);
                }
                line(&profile.name, &about);
            }
        }
        NamesOf::Sessions => {
            let look = Look::new(vars, crate::host::now(), Trail::default());
            let merged = grammar::read_leniently(&look.config.text, &look.credentials.text);
            for session in merged
                .sso_sessions
                .iter()
                .filter(|s| s.kind == SectionKind::SsoSession)
            {
                line(
                    &session.name,
                    session.text("sso_start_url").unwrap_or_default(),
                );
            }
        }
    }
    Reply::print(out)
}
