//! `login`: which login a profile stands on, and the AWS CLI to log in there.

use super::look::{self, Look, Trail, View};
use super::{Reply, switch};
use crate::aws::grammar::{self, Section, SectionKind};
use crate::aws::life::{EXPIRING, Life, Puzzle};
use crate::aws::select::Selection;
use crate::aws::source::{Base, Method, Sso};
use crate::aws::{Epoch, Vars};
use crate::badge::{Settings, left, safe};
use crate::cli::Login;
use crate::error::{Error, Visible, code};
use crate::host::{self, files, process};
use std::path::{Path, PathBuf};

/// A login that the AWS CLI can make.
#[derive(Debug)]
pub(super) struct Target {
    /// What its token is named after.
    pub(super) base: Base,
    /// The profile to name to the AWS CLI where the login is no SSO session's: the last of the chain.
    pub(super) profile: Option<String>,
    /// The life of its token.
    pub(super) life: Life,
}

impl Target {
    /// The login of an SSO session.
    fn session(look: &Look<'_>, name: &str) -> Result<Self, Error> {
        if let Some(session) = look.section(SectionKind::SsoSession, name) {
            let base = Base::Sso(Sso {
                session: Some(session.name.clone()),
                start_url: session.text("sso_start_url").map(str::to_owned),
                region: session.text("sso_region").map(str::to_owned),
                account_id: None,
                role_name: None,
            });
            return Ok(Self {
                life: look.life(&base).0,
                profile: None,
                base,
            });
        }
        let merged = grammar::read_leniently(&look.config.text, &look.credentials.text);
        let names: Vec<&str> = merged
            .sso_sessions
            .iter()
            .map(|s| s.name.as_str())
            .collect();
        let shown = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|n| Visible(n).to_string()).collect();
            names.join(", ")
        };
        Err(Error::General {
            message: format!("no SSO session is called '{}'", Visible(name)),
            next: match names.as_slice() {
                [] => "`aws configure sso-session` writes one.".to_owned(),
                names => format!("Sessions: {}", shown(names)),
            },
        })
    }

    /// The login that a profile stands on.
    pub(super) fn of(view: View, look: &Look<'_>) -> Result<Self, Error> {
        let name = safe::name(&view.section.name, false);
        let nothing = |what: &str| Error::General {
            message: format!("the profile '{name}' needs no login: {what}"),
            next: String::new(),
        };
        match &view.origin.base {
            Base::Sso(_) | Base::Login(_) => Ok(Self {
                profile: view.origin.links.last().map(|l| l.profile.clone()),
                life: view.life,
                base: view.origin.base,
            }),
            Base::Known(Life::Unknown(Puzzle::NoSource)) => Err(Error::General {
                message: format!("the profile '{name}' names no source of credentials"),
                next: "`aws configure sso` sets one up.".to_owned(),
            }),
            Base::Known(Life::Unknown(_)) => Err(incomplete(&view.section, look)),
            Base::Known(Life::Managed(manager)) => Err(nothing(&format!(
                "its credentials are fetched by other means ({})",
                match manager.word() {
                    "" => "temporary keys",
                    word => word,
                }
            ))),
            Base::Known(_) => Err(nothing(match view.origin.method() {
                Method::AssumeRole => "at the end of its chain are keys",
                _ => "it has keys of its own",
            })),
        }
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> String {
        let text = match &self.base {
            Base::Sso(sso) => sso.token_key(),
            _ => self.profile.as_deref(),
        };
        safe::name(text.unwrap_or_default(), false)
    }

    /// The end of its token, where it is known.
    fn ends(&self) -> Option<Epoch> {
        match self.life {
            Life::Until { at, .. } => Some(at),
            _ => None,
        }
    }

    /// The AWS CLI's words for the login.
    fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = match &self.base {
            Base::Sso(_) => vec!["sso".to_owned(), "login".to_owned()],
            _ => vec!["login".to_owned()],
        };
        match (&self.base, &self.profile) {
            (
                Base::Sso(Sso {
                    session: Some(s), ..
                }),
                _,
            ) => words.extend(option("--sso-session", s)),
            (_, Some(profile)) => words.extend(option("--profile", profile)),
            _ => {}
        }
        words
    }
}

fn incomplete(section: &Section, look: &Look<'_>) -> Error {
    let name = safe::name(&section.name, false);
    let message = format!("the profile '{name}' is incomplete or contradicts itself");
    let next = "`awsbadge status` and `aws configure list` say more.".to_owned();
    match super::report::path_of(look, section.file) {
        Some(path) => Error::BadFile {
            path,
            line: Some(section.line),
            message,
            next,
        },
        None => Error::General { message, next },
    }
}

/// An option and its value; in one word where the value looks like an option itself.
pub(super) fn option(name: &str, value: &str) -> Vec<String> {
    match value.starts_with('-') {
        true => vec![format!("{name}={value}")],
        false => vec![name.to_owned(), value.to_owned()],
    }
}

/// The AWS CLI.
pub(super) fn aws(vars: &Vars) -> Result<PathBuf, Error> {
    process::find("aws", vars).ok_or_else(|| Error::General {
        message: "the AWS CLI is needed for this, and there is no `aws` on the PATH".to_owned(),
        next: "Install version 2 of it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
            .to_owned(),
    })
}

/// Lets the AWS CLI speak on standard error; its exit code.
pub(super) fn let_aws(program: &Path, words: &[String], vars: &Vars) -> Result<u8, Error> {
    // Keys or another profile in the environment are none of its concern now.
    let ended = process::narrate(program, words, &switch::nobody(vars));
    let code = ended.map_err(|e| Error::General {
        message: format!("`aws` can't be started: {}", files::reason(&e)),
        next: String::new(),
    })?;
    Ok(u8::try_from(code).unwrap_or(code::GENERAL))
}

/// The profile that was asked for, else the active one, else `default`.
pub(super) fn wanted(
    look: &Look<'_>,
    settings: &Settings,
    typed: Option<&str>,
) -> Result<View, Error> {
    let active = Selection::of(look.vars, None).profile.map(|p| p.value);
    let section = match (typed, active) {
        (Some(name), _) => switch::named(look, settings, name)?,
        (None, Some(name)) => switch::known(look, &name)?,
        (None, None) => {
            let default = look.section(SectionKind::Profile, "default");
            default.ok_or_else(|| Error::Usage {
                message: "no profile is named, and none is active".to_owned(),
                next: "Name one; `awsbadge list` shows them.".to_owned(),
            })?
        }
    };
    Ok(look.whole(section))
}

pub(super) fn run(args: &Login, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let target = match &args.session {
        Some(session) => Target::session(&look, super::typed(session)?)?,
        None => Target::of(wanted(&look, &settings, typed)?, &look)?,
    };
    let name = target.name();
    // Past that the AWS CLI would renew or refuse: which, no file tells. A login settles it.
    let ahead = target.ends().filter(|at| at.since(look.now) > EXPIRING);
    if let Some(at) = ahead.filter(|_| !args.force) {
        return Ok(Reply {
            stderr: format!(
                "awsbadge: {name}: logged in until {}, {} left; --force logs in anew\n",
                host::local_text(at, look.now),
                left::text(at.since(look.now)),
            ),
            ..Reply::default()
        });
    }
    let program = aws(vars)?;
    let mut words = target.words();
    let options = without_browser(&target, &settings, &program, vars);
    words.extend(options.into_iter().map(str::to_owned));
    let code = let_aws(&program, &words, vars)?;
    if code != code::OK {
        return Ok(Reply {
            stderr: format!("awsbadge: {name}: not logged in, `aws` ended with code {code}\n"),
            code,
            ..Reply::default()
        });
    }
    let now = host::now();
    let life = look.life(&target.base).0;
    let standing = life.at(now, settings.renew_trust);
    let Some(left) = standing.left else {
        return Err(Error::LoginNeeded {
            message: format!("{name}: `aws` ended well, and left no token that is good"),
            next: "Look at ~/.aws/sso/cache: can it be written?".to_owned(),
        });
    };
    Ok(Reply {
        stderr: format!(
            "awsbadge: {name}: logged in until {}, {} left\n",
            host::local_text(now.plus(left), now),
            left::text(left),
        ),
        ..Reply::default()
    })
}

/// The options for a machine on which no browser can be seen, as far as this AWS CLI knows them.
fn without_browser(
    target: &Target,
    settings: &Settings,
    program: &Path,
    vars: &Vars,
) -> Vec<&'static str> {
    let name = match &target.base {
        Base::Sso(sso) => sso.token_key().unwrap_or_default(),
        // `aws login` knows no device code; its --remote prints an address and asks for a code.
        _ if process::browser(vars).is_none() => return vec!["--remote"],
        _ => return Vec::new(),
    };
    let by_code = settings.device_code.iter().any(|s| s == "*" || s == name);
    let blind = process::browser(vars).is_none();
    if !by_code && !blind {
        return Vec::new();
    }
    let said = process::output(program, &["--version"], &switch::nobody(vars));
    let version = said.map(|ended| String::from_utf8_lossy(&ended.stdout).into_owned());
    options(version.unwrap_or_default().trim(), by_code, blind)
}

/// `--use-device-code` came with 2.22, when a browser on the same machine became the rule; before, a device code
/// was the only way. A version that can't be read is taken for a new one.
fn options(version: &str, by_code: bool, blind: bool) -> Vec<&'static str> {
    let number = version.strip_prefix("aws-cli/").unwrap_or_default();
    let mut parts = number.split('.').map_while(|p| p.parse::<u32>().ok());
    let old = matches!((parts.next(), parts.next()), (Some(2), Some(minor)) if minor < 22);
    let code = (by_code || blind) && !old;
    let options = [(code, "--use-device-code"), (blind, "--no-browser")];
    options
        .into_iter()
        .filter_map(|(on, o)| on.then_some(o))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_that_the_installed_version_knows_are_passed() {
        for (version, by_code, blind, want) in [
            ("aws-cli/2.9.19 Python/3.11.2", false, true, "--no-browser"),
            ("aws-cli/2.9.19 Python/3.11.2", true, false, ""),
            ("aws-cli/2.21.3", true, true, "--no-browser"),
            (
                "aws-cli/2.22.0",
                false,
                true,
                "--use-device-code --no-browser",
            ),
            ("aws-cli/2.36.7", true, false, "--use-device-code"),
            ("", false, true, "--use-device-code --no-browser"),
            ("aws-cli/2.36.7", false, false, ""),
        ] {
            let got = options(version, by_code, blind).join(" ");
            assert_eq!(got, want, "{version} {by_code} {blind}");
        }
    }

    #[test]
    fn a_value_that_looks_like_an_option_stays_a_value() {
        assert_eq!(option("--profile", "dev"), ["--profile", "dev"]);
        assert_eq!(option("--profile", "-rf"), ["--profile=-rf"]);
    }
}
