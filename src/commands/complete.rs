//! `__names`: names and words for Tab, one per line, with a description after a tab.

use super::Output;
use crate::aws::config::{self, SectionKind, Source};
use crate::aws::{Env, regions};
use crate::badge;
use crate::cli::{self, Names, NamesOf, Next};
use crate::context::Context;
use crate::identity::{config_sets, resolve};
use crate::output::redact;
use crate::output::sanitize;
use crate::output::sanitize::acts;
use crate::settings::ConfigSet;
use crate::sys::terminal;
use std::collections::HashMap;

pub(super) fn run(args: &Names, vars: &Env) -> Output {
    let Ok(vars) = &config_sets::environment(vars, args.config.as_deref()) else {
        return Output::default();
    };
    let mut out = String::with_capacity(PIECE);
    let mut line = |name: &str, about: &str| {
        // Write in pieces, because allocating memory for all of it takes longer than writing it. The last piece reports
        // a closed pipe.
        if out.len() + name.len() + about.len() + 2 > PIECE {
            let _ = terminal::print(out.as_bytes());
            out.clear();
        }
        // Names that `use` would refuse are not offered, and neither are names with invisible characters: the shell
        // would insert them into the command line. They would also break these lines and act on the terminal.
        let plain = |text: &str| text.bytes().all(|b| matches!(b, b' '..=b'~'));
        if !name.is_empty() && (plain(name) || !name.chars().any(acts)) {
            out.push_str(name);
            out.push('\t');
            if plain(about) {
                out.push_str(about)
            } else {
                out.push_str(&sanitize::name(about, false))
            }
            out.push('\n');
        }
    };
    let (of, before) = match args.of {
        NamesOf::Words => match cli::next(&args.words) {
            Next::Words(words) => {
                for (word, about) in words {
                    line(&word, &about);
                }
                return Output::print(out);
            }
            Next::Names(of, before) => (of, before),
            Next::Nothing => return Output::default(),
        },
        of => (of, String::new()),
    };
    let mut line = |name: &str, about: &str| match before.as_str() {
        "" => line(name, about),
        before => line(&format!("{before}{name}"), about),
    };
    match of {
        NamesOf::Words => {}
        NamesOf::Regions => regions::ALL
            .iter()
            .for_each(|region| line(region.name, region.place)),
        NamesOf::Profiles => {
            let ctx = Context::new(vars);
            let files = ctx.aws_files();
            let mut logins = Logins::new(&ctx);
            let mut about = String::new();
            for profile in config::names(files.config.text(), files.credentials.text()) {
                about.clear();
                let known = profile.about();
                let mut add = |part: &str| {
                    if !about.is_empty() {
                        about.push(' ');
                    }
                    about.push_str(part);
                };
                let parts = match known.from {
                    Some(Source::Role(arn, _)) => {
                        let (_, role) = arn.rsplit_once('/').unwrap_or_default();
                        [arn.split(':').nth(4), Some(role)]
                    }
                    _ => [known.account_id, known.role_name],
                };
                let left = logins.left(&profile.name, known.login);
                let parts = parts.into_iter().flatten().chain(left);
                parts.filter(|part| !part.is_empty()).for_each(&mut add);
                match known.from {
                    Some(Source::Role(_, Some(source))) => {
                        add("from");
                        add(source);
                    }
                    Some(Source::Role(..)) | None => {}
                    Some(Source::Keys) => add("keys"),
                    Some(Source::CliLogin) => add("aws login"),
                    Some(Source::Process) => add("process"),
                }
                line(&profile.name, &about);
            }
        }
        NamesOf::Configs => {
            for set in &Context::new(vars).settings.config_sets {
                let file = set.config_file.as_ref().or(set.credentials_file.as_ref());
                line(&set.name, file.map_or("", String::as_str));
            }
            line(ConfigSet::DEFAULT, "the usual files");
        }
        NamesOf::Sessions => {
            let ctx = Context::new(vars);
            let files = ctx.aws_files();
            let merged = config::read_leniently(files.config.text(), files.credentials.text());
            for session in merged
                .sso_sessions
                .iter()
                .filter(|s| s.kind == SectionKind::SsoSession)
            {
                let url = session.text("sso_start_url").unwrap_or_default();
                line(&session.name, &redact::without_user(url));
            }
        }
    }
    Output::print(out)
}

/// The approximate size of a piece, in bytes.
const PIECE: usize = 32 << 10;

/// The time left of each login, in the badge's words.
struct Logins<'l> {
    ctx: &'l Context<'l>,
    /// The answers so far, by login.
    known: HashMap<String, Option<String>>,
    /// The last answer: profiles of one login are usually together.
    last: Option<(String, Option<String>)>,
}

impl<'l> Logins<'l> {
    /// The maximum number of logins to look up: each needs a search in the files, and Tab must be fast.
    const MOST: usize = 32;

    fn new(ctx: &'l Context<'l>) -> Self {
        Self {
            ctx,
            known: HashMap::new(),
            last: None,
        }
    }

    /// The time left of a profile's login; `None` if it has no login, or after too many lookups.
    fn left(&mut self, profile: &str, login: Option<&str>) -> Option<&str> {
        let login = login?;
        if self.last.as_ref().is_none_or(|(last, _)| last != login) {
            let left = match self.known.get(login) {
                Some(left) => left.clone(),
                None if self.known.len() < Self::MOST => self.look_at(profile),
                None => None,
            };
            self.known.insert(login.to_owned(), left.clone());
            self.last = Some((login.to_owned(), left));
        }
        self.last.as_ref()?.1.as_deref()
    }

    fn look_at(&self, profile: &str) -> Option<String> {
        let ctx = self.ctx;
        let identity = resolve::of_profile(ctx, ctx.cli_files(), profile, None);
        let state = identity.at(ctx.now, ctx.settings.renew_trust);
        Some(badge::time_left(state, &ctx.settings))
    }
}
