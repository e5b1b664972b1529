//! `export`: credentials, for what can't use a profile.

use super::Output;
use crate::aws::cache::{self, RoleCall};
use crate::aws::chain::{FileContent, Host as _, Login, Profiles as _, Provider};
use crate::aws::config::{FileKind, Section};
use crate::aws::credentials::Credentials;
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::{EXPIRING, Expiry};
use crate::aws::{Env, Epoch, env_identity, token};
use crate::aws_cli;
use crate::cli::{Export, ExportFormat};
use crate::context::Context;
use crate::error::{Error, code};
use crate::identity::{Identity, confirm, env_changes, login_target, lookup};
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::shells::{self, Shell, Statement};
use crate::sso_program;
use crate::sys::{self, fs, process};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What is printed, whatever the format.
struct Exported {
    credentials: Credentials,
    /// The profile that gives them; `None` for keys that the environment has already.
    profile: Option<Section>,
    /// The region of the profile, or of the environment.
    region: Option<String>,
}

pub(super) fn run(args: &Export, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    // Keys in the environment override every profile that is not named here.
    let of_environment = typed.is_none() && vars.has(&env_vars::AWS_ACCESS_KEY_ID);
    let mut stderr = String::new();
    let exported = if of_environment {
        Exported {
            credentials: environment(vars)?,
            profile: None,
            region: env_identity::region(vars).map(|(_, region)| region),
        }
    } else {
        let identity = login_target::wanted(&ctx, typed)?;
        let name = identity.profile.clone().unwrap_or_default();
        if matches!(
            args.format,
            ExportFormat::Zsh
                | ExportFormat::Bash
                | ExportFormat::Fish
                | ExportFormat::Nushell
                | ExportFormat::Elvish
        ) {
            let identity = || identity.clone();
            stderr += &confirm::before_switch(&ctx, &name, identity)?;
        }
        Exported {
            credentials: match at_hand(&identity, &ctx)? {
                Some(credentials) => credentials,
                None => match native(&identity, &ctx)? {
                    Some(program) => from_native(&program, &identity, &ctx)?,
                    None => from_aws(&identity, &ctx)?,
                },
            },
            region: identity.own_region.as_ref().map(|r| r.value.clone()),
            profile: Some(lookup::find_exact(&ctx, &name)?),
        }
    };
    if let (Some((var, region)), Some(own), Some(_)) = (
        env_identity::region(vars),
        &exported.region,
        &exported.profile,
    ) && region != *own
    {
        stderr += &format!(
            "awsbadge: {var}={} overrides the profile's region {}\n",
            Escaped(&region),
            Escaped(own)
        );
    }
    Ok(Output {
        stderr,
        ..Output::print(match args.format {
            ExportFormat::Zsh => statements(Shell::Zsh, &exported)?,
            ExportFormat::Bash => statements(Shell::Bash, &exported)?,
            ExportFormat::Fish => statements(Shell::Fish, &exported)?,
            ExportFormat::Nushell => statements(Shell::Nushell, &exported)?,
            ExportFormat::Elvish => statements(Shell::Elvish, &exported)?,
            ExportFormat::Env => posix(&exported),
            ExportFormat::Dotenv => dotenv(&exported)?,
            ExportFormat::Json => process_json(&exported),
        })
    })
}

fn unusable(what: &str, why: &str) -> Error {
    Error::General {
        message: format!("the credentials {what} can't be used: {why}"),
        hint: String::new(),
    }
}

/// The keys of the environment.
fn environment(vars: &Env) -> Result<Credentials, Error> {
    let text = |vars_in_order: &[&'static EnvVar]| {
        let found = vars_in_order.iter().find_map(|var| vars.text(var));
        found.map(|value| value.into_owned())
    };
    let needed = |var: &'static EnvVar| {
        text(&[var])
            .ok_or_else(|| unusable("of the environment", &format!("{} is missing", var.name)))
    };
    Credentials {
        key: needed(&env_vars::AWS_ACCESS_KEY_ID)?,
        secret: needed(&env_vars::AWS_SECRET_ACCESS_KEY)?,
        token: text(&[&env_vars::AWS_SECURITY_TOKEN, &env_vars::AWS_SESSION_TOKEN]),
        expiration: text(&[
            &env_vars::AWS_CREDENTIAL_EXPIRATION,
            &env_vars::AWS_SESSION_EXPIRATION,
        ]),
    }
    .checked()
    .map_err(|why| unusable("of the environment", &why))
}

/// What needs no `aws`: its cache, or the keys in the files.
fn at_hand(identity: &Identity, ctx: &Context<'_>) -> Result<Option<Credentials>, Error> {
    match identity.provider() {
        Provider::Sso | Provider::AssumeRole => Ok(cached(identity, ctx)),
        Provider::SharedCredentialsFile => in_file(FileKind::Credentials, identity, ctx).map(Some),
        Provider::ConfigFile => in_file(FileKind::Config, identity, ctx).map(Some),
        Provider::None => Err(login_target::refused(identity, ctx)),
        _ => Ok(None),
    }
}

/// From the AWS CLI's cache, if it would take them from there itself: good for 15 minutes more.
fn cached(identity: &Identity, ctx: &Context<'_>) -> Option<Credentials> {
    let FileContent::Bytes(json) = ctx.read_cache(&cache_file(identity, ctx)?, &token::is_whole)
    else {
        return None;
    };
    let file: Value = serde_json::from_slice(&json).ok()?;
    let credentials = Credentials::read(file.get("Credentials")?).ok()?;
    let ends = credentials.ends()?;
    (ends.since(ctx.now) >= EXPIRING).then_some(credentials)
}

fn cache_file(identity: &Identity, ctx: &Context<'_>) -> Option<PathBuf> {
    let home = ctx.places.home.as_deref()?;
    let winner = identity.winner.as_ref()?;
    match (winner.provider(), &winner.login) {
        (Provider::AssumeRole, _) => {
            let profile = ctx.cli_files().profile(identity.profile.as_deref()?)?;
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
        (Provider::Sso, Some(Login::Sso(sso))) => Some(cache::sso_role(
            home,
            sso.account_id.as_deref()?,
            sso.role_name.as_deref()?,
            sso.token_key()?,
            sso.session.is_none(),
        )),
        _ => None,
    }
}

/// The keys that one of the AWS files has: id, secret and token from one place, as the provider takes them.
fn in_file(file: FileKind, identity: &Identity, ctx: &Context<'_>) -> Result<Credentials, Error> {
    let profile = identity.profile.as_deref().unwrap_or_default();
    let name = sanitize::name(profile, false);
    let section = ctx.cli_files().profile_in(file, profile);
    let value = |keys: &[&str]| {
        let section = section.as_deref()?;
        let found = keys.iter().find_map(|key| section.text(key));
        found.map(str::to_owned)
    };
    let what = format!("of the profile '{name}'");
    let needed =
        |key: &str| value(&[key]).ok_or_else(|| unusable(&what, &format!("{key} is missing")));
    let ends = match identity.expiry() {
        Some(Expiry::At { at, .. }) if at <= ctx.now => {
            return Err(Error::General {
                message: format!(
                    "the keys of the profile '{name}' expired {}",
                    sys::clock::local_text(at, ctx.now)
                ),
                hint: "run the tool that wrote them again".to_owned(),
            });
        }
        Some(Expiry::At { at, .. }) => Some(Epoch::iso(at)),
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

/// awsbadge-sso, if the credentials are to come from there.
fn native(identity: &Identity, ctx: &Context<'_>) -> Result<Option<PathBuf>, Error> {
    match identity.provider() {
        Provider::Sso => sso_program::preferred(ctx.settings.login.with, ctx.env),
        _ => Ok(None),
    }
}

/// From awsbadge-sso, which may renew a token.
fn from_native(
    program: &Path,
    identity: &Identity,
    ctx: &Context<'_>,
) -> Result<Credentials, Error> {
    let profile = identity.profile.as_deref().unwrap_or_default();
    let words = ["process".to_owned(), format!("--profile={profile}")];
    let vars = env_changes::without_identity(ctx.env);
    let ended = sso_program::capture(program, &words, &vars)?;
    let code = u8::try_from(ended.code).unwrap_or(code::GENERAL);
    match code {
        code::OK => {
            // A warning, at most.
            sys::terminal::print_error(&said(&ended.stderr));
            read(&ended.stdout, sso_program::NAME)
        }
        code::LOGIN_NEEDED => Err(needs_login(profile)),
        code => Err(Error::Reported {
            code,
            text: said(&ended.stderr).trim_end().to_owned(),
        }),
    }
}

fn needs_login(profile: &str) -> Error {
    Error::LoginNeeded {
        message: format!(
            "the profile '{}' needs a login",
            sanitize::name(profile, false)
        ),
        hint: format!("run `awsbadge login {}`", shells::pasted(profile)),
    }
}

/// The lines that a program wrote on standard error, sanitised for a terminal.
fn said(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let said = said.lines().filter(|l| !l.trim().is_empty());
    said.map(|l| sanitize::name(l.trim_end(), false) + "\n")
        .collect()
}

/// The credentials that a program printed.
fn read(stdout: &[u8], program: &str) -> Result<Credentials, Error> {
    let what = format!("that `{program}` printed");
    let json: Value =
        serde_json::from_slice(stdout).map_err(|_| unusable(&what, "they are not JSON"))?;
    Credentials::read(&json).map_err(|why| unusable(&what, &why))
}

/// From the AWS CLI, which may renew a token, assume roles, ask for a code, or run a `credential_process`.
fn from_aws(identity: &Identity, ctx: &Context<'_>) -> Result<Credentials, Error> {
    let profile = identity.profile.as_deref().unwrap_or_default();
    let name = sanitize::name(profile, false);
    let program = aws_cli::find_or_error(ctx.env)?;
    let mut words: Vec<String> = ["configure", "export-credentials", "--format", "process"]
        .map(str::to_owned)
        .to_vec();
    words.extend(aws_cli::option("--profile", profile));
    let ended = process::capture(&program, &words, &env_changes::without_identity(ctx.env))
        .map_err(|e| Error::General {
            message: format!("`aws` can't be started: {}", fs::reason(&e)),
            hint: String::new(),
        })?;
    if ended.code != 0 {
        sys::terminal::print_error(&said(&ended.stderr));
        let state = identity.at(ctx.now, ctx.settings.renew_trust).state;
        if identity.needs_login(state) {
            return Err(needs_login(profile));
        }
        if ended.code == i32::from(code::INTERRUPTED) {
            return Err(Error::Interrupted);
        }
        return Err(Error::General {
            message: format!(
                "`aws` has no credentials for '{name}' (code {})",
                ended.code
            ),
            hint: if identity.login_helps() {
                format!(
                    "run `awsbadge login --force {}` to log in again",
                    shells::pasted(profile)
                )
            } else {
                String::new()
            },
        });
    }
    read(&ended.stdout, "aws")
}

/// The block for a shell: nothing left of another identity, then the profile, for the tools that prefer it to
/// keys, and the keys. `AWSBADGE_ACP` says whose keys they are.
fn statements(shell: Shell, exported: &Exported) -> Result<Vec<u8>, Error> {
    let credentials = &exported.credentials;
    let identity = match &exported.profile {
        Some(profile) => env_changes::to_profile(profile),
        None => Vec::new(),
    };
    let (mut first, name): (Vec<_>, Vec<_>) = identity
        .into_iter()
        .partition(|s| !matches!(s, Statement::Export(name, _) if name.ends_with("_PROFILE")));
    let owner = exported
        .profile
        .as_ref()
        .map(|profile| format!("{} {}", credentials.key, profile.name));
    let acp = (env_vars::AWSBADGE_ACP.name, owner.as_deref());
    let pairs = credentials.pairs();
    for (variable, value) in pairs.into_iter().chain([acp]) {
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
    super::block(shell, &first)
}

/// The credentials, and the region if there is one, as variables.
fn variables(exported: &Exported) -> impl Iterator<Item = (&'static str, Option<&str>)> {
    let region = exported.region.as_deref();
    let regions = [&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION];
    exported.credentials.pairs().into_iter().chain(
        regions
            .into_iter()
            .filter(move |_| region.is_some())
            .map(move |var| (var.name, region)),
    )
}

fn posix(exported: &Exported) -> Vec<u8> {
    let mut out = Vec::new();
    for (variable, value) in variables(exported) {
        match value {
            Some(value) => {
                out.extend_from_slice(format!("export {variable}=").as_bytes());
                out.extend(shells::quote(Shell::Plain, value.as_bytes()));
                out.push(b'\n');
            }
            None => out.extend_from_slice(format!("unset {variable}\n").as_bytes()),
        }
    }
    out
}

/// Readers of env files differ in everything but plain words, so it is plain words or nothing.
fn dotenv(exported: &Exported) -> Result<Vec<u8>, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+/=_.:-".contains(c);
    let mut out = String::new();
    for (variable, value) in variables(exported) {
        let Some(value) = value else { continue };
        if !value.chars().all(plain) {
            return Err(Error::Refused {
                message: format!(
                    "{variable} contains characters that dotenv readers treat differently"
                ),
                hint: "use `--format json` or `--format env`".to_owned(),
            });
        }
        out += &format!("{variable}={value}\n");
    }
    Ok(out.into_bytes())
}

fn process_json(exported: &Exported) -> Vec<u8> {
    let credentials = &exported.credentials;
    let mut object = json!({
        "Version": 1,
        "AccessKeyId": credentials.key,
        "SecretAccessKey": credentials.secret,
    });
    for (key, value) in [
        ("SessionToken", &credentials.token),
        ("Expiration", &credentials.expiration),
        ("Region", &exported.region),
    ] {
        if let Some(value) = value {
            object[key] = json!(value);
        }
    }
    crate::output::json::pretty(&object).into_bytes()
}
