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
        if !name.is_empty() && !name.chars().any(char::is_control) {
            out.push_str(name);
            out.push('\t');
            out.extend(about.chars().filter(|c| !c.is_control()));
            out.push('\n');
        }
    };
    match args.of {
        NamesOf::Regions => regions::ALL
            .iter()
            .for_each(|region| line(region.name, region.place)),
        NamesOf::Profiles => {
            let look = Look::new(vars, crate::host::now(), Trail::default());
            for profile in grammar::names(&look.config.text, &look.credentials.text) {
                let parts = [&profile.sso_account_id, &profile.sso_role_name];
                let about: Vec<&str> = parts
                    .into_iter()
                    .flatten()
                    .map(|part| part.as_ref())
                    .collect();
                line(&profile.name, &about.join(" "));
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
