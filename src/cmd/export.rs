//! `export`: credentials, for what can't use a profile.

use super::look::{self, Look, Trail, View};
use super::{Reply, login, switch};
use crate::aws::cache::{self, RoleCall};
use crate::aws::credentials::Credentials;
use crate::aws::grammar::Section;
use crate::aws::life::{EXPIRING, Life};
use crate::aws::select::{Selection, Winner};
use crate::aws::source::{Base, Method};
use crate::aws::{Epoch, Vars};
use crate::badge::{Settings, safe};
use crate::cli::{Export, ExportFormat};
use crate::error::{Error, code};
use crate::host::files::{self, CACHE_CAP, Read};
use crate::host::{self, process};
use crate::shells::{self, Shell, Statement};
use serde_json::{Value, json};
use std::path::PathBuf;

pub(super) fn run(args: &Export, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let selection = Selection::of(vars, None);
    let of_environment = matches!(selection.winner(), Winner::Keys { .. });
    let (credentials, profile) = match (typed, of_environment) {
        (None, true) => (environment(vars)?, None),
        (typed, _) => {
            let view = login::wanted(&look, &settings, typed)?;
            let credentials = match at_hand(&view, &look)? {
                Some(credentials) => credentials,
                None => from_aws(&view, &look, &settings)?,
            };
            (credentials, Some(view.section))
        }
    };
    Ok(Reply::print(match args.format {
        ExportFormat::Zsh => statements(Shell::Zsh, &credentials, profile.as_ref()),
        ExportFormat::Bash => statements(Shell::Bash, &credentials, profile.as_ref()),
        ExportFormat::Fish => statements(Shell::Fish, &credentials, profile.as_ref()),
        ExportFormat::Env => posix(&credentials),
        ExportFormat::Dotenv => dotenv(&credentials)?,
        ExportFormat::Json => process_json(&credentials),
    }))
}

fn unusable(what: &str, why: &str) -> Error {
    Error::General {
        message: format!("the credentials {what} can't be used: {why}"),
        next: String::new(),
    }
}

/// The keys of the environment.
fn environment(vars: &Vars) -> Result<Credentials, Error> {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| vars.text(name));
        found.map(|value| value.into_owned())
    };
    let needed = |name: &str| {
        text(&[name]).ok_or_else(|| unusable("of the environment", &format!("{name} is missing")))
    };
    Credentials {
        key: needed("AWS_ACCESS_KEY_ID")?,
        secret: needed("AWS_SECRET_ACCESS_KEY")?,
        token: text(&["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"]),
        expiration: text(&["AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION"]),
    }
    .checked()
    .map_err(|why| unusable("of the environment", &why))
}

/// What needs no `aws`: its cache, or the keys in the files.
fn at_hand(view: &View, look: &Look<'_>) -> Result<Option<Credentials>, Error> {
    match view.origin.method() {
        Method::Sso | Method::AssumeRole => Ok(cached(view, look)),
        Method::SharedCredentialsFile | Method::ConfigFile => in_file(view, look).map(Some),
        _ => Ok(None),
    }
}

/// From the AWS CLI's cache, where it would take them from there itself: good for 15 minutes more.
fn cached(view: &View, look: &Look<'_>) -> Option<Credentials> {
    let Read::Bytes(json) = files::read(&cache_file(view, look)?, CACHE_CAP) else {
        return None;
    };
    let file: Value = serde_json::from_slice(&json).ok()?;
    let credentials = Credentials::read(file.get("Credentials")?).ok()?;
    let ends = credentials.ends()?;
    (ends.since(look.now) >= EXPIRING).then_some(credentials)
}

fn cache_file(view: &View, look: &Look<'_>) -> Option<PathBuf> {
    let home = look.places.home.as_deref()?;
    match (&view.origin.base, view.origin.method()) {
        (_, Method::AssumeRole) => {
            let profile = &view.section;
            let duration = profile.text("duration_seconds").map(str::parse);
            Some(cache::assumed_role(
                home,
                RoleCall {
                    role_arn: profile.text("role_arn")?,
                    duration_seconds: duration.transpose().ok()?,
                    external_id: profile.text("external_id"),
                    session_name: profile.text("role_session_name"),
                    mfa_serial: profile.text("mfa_serial"),
                },
            ))
        }
        (Base::Sso(sso), Method::Sso) => Some(cache::sso_role(
            home,
            sso.account_id.as_deref()?,
            sso.role_name.as_deref()?,
            sso.token_key()?,
            sso.session.is_none(),
        )),
        _ => None,
    }
}

/// The keys that stand in AWS's files.
fn in_file(view: &View, look: &Look<'_>) -> Result<Credentials, Error> {
    let name = safe::name(&view.section.name, false);
    let value = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| view.section.text(key));
        found.map(str::to_owned)
    };
    let what = format!("of the profile '{name}'");
    let needed =
        |key: &str| value(&[key]).ok_or_else(|| unusable(&what, &format!("{key} is missing")));
    let ends = match view.life {
        Life::Until { at, .. } if at <= look.now => {
            return Err(Error::LoginNeeded {
                message: format!(
                    "the keys of the profile '{name}' ended {}",
                    host::local_text(at, look.now)
                ),
                next: "The tool that wrote them makes new ones.".to_owned(),
            });
        }
        Life::Until { at, .. } => Some(Epoch::iso(at)),
        _ => None,
    };
    Credentials {
        key: needed("aws_access_key_id")?,
        secret: needed("aws_secret_access_key")?,
        // In botocore's order.
        token: value(&["aws_security_token", "aws_session_token"]),
        expiration: ends,
    }
    .checked()
    .map_err(|why| unusable(&what, &why))
}

/// From the AWS CLI, which may renew a token, assume roles, ask for a code, or run a `credential_process`.
fn from_aws(view: &View, look: &Look<'_>, settings: &Settings) -> Result<Credentials, Error> {
    let name = safe::name(&view.section.name, false);
    let program = login::aws(look.vars)?;
    let mut words: Vec<String> = ["configure", "export-credentials", "--format", "process"]
        .map(str::to_owned)
        .to_vec();
    words.extend(login::option("--profile", &view.section.name));
    let ended = process::consult(&program, &words, &switch::nobody(look.vars)).map_err(|e| {
        Error::General {
            message: format!("`aws` can't be started: {}", files::reason(&e)),
            next: String::new(),
        }
    })?;
    if ended.code != 0 {
        let said = String::from_utf8_lossy(&ended.stderr);
        let said: Vec<&str> = said.lines().filter(|l| !l.trim().is_empty()).collect();
        let said = said.iter().map(|l| safe::name(l.trim_end(), false) + "\n");
        host::terminal::complain(&said.collect::<String>());
        let by_token = matches!(view.origin.base, Base::Sso(_) | Base::Login(_));
        let standing = view.life.at(look.now, settings.renew_trust);
        return Err(match by_token && standing.state.needs_login() {
            true => Error::LoginNeeded {
                message: format!("the profile '{name}' needs a login"),
                next: format!("awsbadge login {}", shells::pasted(&view.section.name)),
            },
            false if ended.code == i32::from(code::INTERRUPTED) => Error::Interrupted,
            false => Error::General {
                message: format!(
                    "`aws` has no credentials for '{name}' (code {})",
                    ended.code
                ),
                next: match by_token {
                    true => format!(
                        "A new login may help: awsbadge login --force {}",
                        shells::pasted(&view.section.name)
                    ),
                    false => String::new(),
                },
            },
        });
    }
    let json: Value = serde_json::from_slice(&ended.stdout)
        .map_err(|_| unusable("that `aws` printed", "they are no JSON"))?;
    Credentials::read(&json).map_err(|why| unusable("that `aws` printed", &why))
}

/// The block for a shell: nothing left of another identity, then the profile, for the tools that prefer it to
/// keys, and the keys.
fn statements(shell: Shell, credentials: &Credentials, profile: Option<&Section>) -> Vec<u8> {
    let identity = match profile {
        Some(profile) => switch::identity(profile),
        None => Vec::new(),
    };
    let (mut first, name): (Vec<_>, Vec<_>) = identity
        .into_iter()
        .partition(|s| !matches!(s, Statement::Export(name, _) if name.ends_with("_PROFILE")));
    for (variable, value) in credentials.pairs() {
        match value {
            Some(value) => {
                first.retain(|s| *s != Statement::Unset(variable));
                first.push(Statement::Export(variable, value.into()));
            }
            None if !first.contains(&Statement::Unset(variable)) => {
                first.insert(0, Statement::Unset(variable));
            }
            None => {}
        }
    }
    first.extend(name);
    shells::block(shell, &first)
}

fn posix(credentials: &Credentials) -> Vec<u8> {
    let mut out = Vec::new();
    for (variable, value) in credentials.pairs() {
        match value {
            Some(value) => {
                out.extend_from_slice(format!("export {variable}=").as_bytes());
                // Of the three, zsh's form alone is plain POSIX; no value has a newline in it.
                out.extend(shells::quote(Shell::Zsh, value.as_bytes()));
                out.push(b'\n');
            }
            None => out.extend_from_slice(format!("unset {variable}\n").as_bytes()),
        }
    }
    out
}

/// Readers of env files differ in everything but plain words, so it is plain words or nothing.
fn dotenv(credentials: &Credentials) -> Result<Vec<u8>, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+/=_.:-".contains(c);
    let mut out = String::new();
    for (variable, value) in credentials.pairs() {
        let Some(value) = value else { continue };
        if !value.chars().all(plain) {
            return Err(Error::Refused {
                message: format!(
                    "{variable} has characters that readers of env files take differently"
                ),
                next: "Use --format json or env.".to_owned(),
            });
        }
        out += &format!("{variable}={value}\n");
    }
    Ok(out.into_bytes())
}

fn process_json(credentials: &Credentials) -> Vec<u8> {
    let mut object = json!({
        "Version": 1,
        "AccessKeyId": credentials.key,
        "SecretAccessKey": credentials.secret,
    });
    for (key, value) in [
        ("SessionToken", &credentials.token),
        ("Expiration", &credentials.expiration),
    ] {
        if let Some(value) = value {
            object[key] = json!(value);
        }
    }
    super::pretty(&object).into_bytes()
}
