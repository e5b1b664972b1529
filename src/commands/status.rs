//! `status`: the active identity, when it expires, and anything that overrides it.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{Profiles as _, Provider};
use crate::aws::expiry::{Expiry, ExpiryState, State, UnknownReason};
use crate::badge::IdentityLabel;
use crate::badge::countdown;
use crate::cli::Status;
use crate::context::Context;
use crate::diagnostic::{Code, Severity};
use crate::error::{Error, code};
use crate::identity::resolve::{self, BearerToken};
use crate::identity::{Identity, Report, config_sets, lookup};
use crate::output::redact;
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::output::style::styled;
use crate::output::uncapital;
use crate::settings::duration;
use crate::shells::pasted;
use crate::sso_program;
use crate::sys::{self, terminal};
use colored::Colorize;
use serde_json::Value;

pub(super) fn run(args: &Status, vars: &Env) -> Result<Output, Error> {
    let explicit = super::typed_if_any(args.profile.as_ref())?;
    let least = match args.min.as_deref().map(|text| (text, duration(text))) {
        Some((text, None)) => {
            return Err(Error::Usage {
                message: format!("'{}' is not a duration", Escaped(text)),
                hint: "write it as 30m, 8h or 2d".to_owned(),
            });
        }
        Some((_, least)) => least,
        None => None,
    };
    let ctx = Context::new(vars);
    let identity = match &explicit {
        Some(name) => {
            let name = match lookup::find(&ctx, name) {
                Ok(profile) => profile.name,
                // The AWS CLI stops at the file before it looks for the profile.
                Err(Error::NoSuchProfile { name, .. }) if ctx.cli_files().refusal().is_some() => {
                    name
                }
                Err(error) => return Err(error),
            };
            Some(resolve::of_profile(
                &ctx,
                ctx.cli_files(),
                &name,
                Some("--profile"),
            ))
        }
        None => resolve::active(&ctx, true),
    };
    let online = args
        .online
        .then(|| Online::ask(identity.as_ref(), &explicit, vars));
    let online = online.transpose()?;
    let Some(identity) = identity else {
        return Ok(nothing(args, &ctx, online.as_ref()));
    };
    let mut identity = identity;
    if let Some(error) = &mut identity.error
        && error.code == Code::ProfileNotFound
        && let IdentityLabel::Profile(name) = &identity.label
        && let Some(fix) = lookup::nearest_fix(&ctx, name)
    {
        error.fix = fix.into();
    }
    let mut report = Report::new(identity, true, &ctx);
    report.warnings.extend(ctx.doubts().cloned());
    let too_short = least.is_some_and(|least| {
        !report.state.renews && report.state.left.is_some_and(|left| left < least)
    });
    let stdout = match (args.quiet, args.json) {
        (true, _) => String::new(),
        (false, true) => json(&report, online.as_ref()),
        (false, false) => {
            let colour = terminal::colour(vars, terminal::output_is_terminal());
            let text = styled(colour, || {
                text(&report, &ctx) + &online.as_ref().map_or(String::new(), Online::text)
            });
            sanitize::text(text, ctx.settings.ascii)
        }
    };
    Ok(Output {
        code: match (exit_code(&report), &online) {
            (code::OK, _) if too_short => code::LOGIN_NEEDED,
            (code::OK, Some(online)) => online.code,
            (code, _) => code,
        },
        ..Output::print(stdout)
    })
}

/// What the state means for a script.
fn exit_code(report: &Report) -> u8 {
    match report.state.state {
        State::NoSuchProfile => code::NO_SUCH_PROFILE,
        State::ConfigError => code::BAD_FILE,
        State::NoCredentials => code::GENERAL,
        State::Expired | State::NoLogin if report.needs_login() => code::LOGIN_NEEDED,
        State::Expired | State::NoLogin => code::GENERAL,
        _ => code::OK,
    }
}

/// The report if nothing names an identity, and there is nothing to find.
fn nothing(args: &Status, ctx: &Context<'_>, online: Option<&Online>) -> Output {
    let none = Report::new(Identity::none(), true, ctx);
    let stdout = match (args.quiet, args.json) {
        (true, _) => String::new(),
        (false, true) => json(&none, online),
        (false, false) => {
            let none = "no active profile: AWS_PROFILE is unset and [default] has no credentials. Run `asp NAME`";
            let config = match config_sets::active(ctx) {
                Some(name) => line("config", &sanitize::name(name, false)),
                None => String::new(),
            };
            line("profile", none) + &config + &online.map_or(String::new(), Online::text)
        }
    };
    Output {
        code: code::GENERAL,
        ..Output::print(stdout)
    }
}

/// The report in a few lines.
fn text(report: &Report, ctx: &Context<'_>) -> String {
    let identity = &report.identity;
    let shown = |text: &str| sanitize::name(text, false);
    let mut lines: Vec<(&str, String)> = Vec::new();
    // A profile given on the command line needs no origin.
    if let Some(profile) = &identity.profile {
        let from = match identity.profile_from {
            None | Some("--profile") => String::new(),
            Some("default") => " (no variable names another)".to_owned(),
            Some(from) => format!(" (from {from})"),
        };
        lines.push(("profile", format!("{}{from}", shown(profile).bold())));
    }
    lines.extend(report.config.iter().map(|name| ("config", shown(name))));
    for variable in &identity.shadowed_by {
        let text = format!("{variable} in the environment overrides the profile");
        lines.push(("shadowed", text.yellow().to_string()));
    }
    if let Some(account) = &identity.account_id {
        let name = ctx.settings.account(account);
        lines.push((
            "account",
            if name == account {
                shown(account)
            } else {
                format!("{} ({})", shown(account), shown(name))
            },
        ));
    }
    if let Some(role) = &identity.role_name {
        lines.push(("role", shown(role)));
    }
    if let Some(region) = &report.region {
        let own = identity.own_region.as_ref();
        let over = own
            .filter(|own| own.value != region.value)
            .map_or_else(String::new, |own| {
                format!(", which overrides the profile's {}", shown(&own.value))
            });
        lines.push((
            "region",
            format!("{} (from {}{over})", shown(&region.value), region.from),
        ));
    }
    if let Some(winner) = &identity.winner {
        let chain: Vec<String> = winner
            .chain
            .iter()
            .map(|link| match &link.profile {
                Some(profile) => format!("{} {}", link.provider.name(), shown(profile)),
                None => link.provider.name().to_owned(),
            })
            .collect();
        let chain = match chain.len() {
            0 | 1 => String::new(),
            _ => format!(": {}", chain.join(" → ")),
        };
        lines.push(("source", format!("{}{chain}", winner.provider().name())));
    }
    if let Some(sso) = identity.sso() {
        let url = sso.start_url.as_deref().map(redact::without_user);
        let url = url.as_deref().map(shown).unwrap_or_default();
        let session = match &sso.session {
            Some(session) => format!("{} ({url})", shown(session)),
            None => url,
        };
        lines.push(("session", session));
    }
    lines.push(("state", state(report, ctx)));
    if let Some(error) = &identity.error {
        // The state says it already.
        if report.state.state != State::NoSuchProfile {
            let text = Escaped(&error.to_string()).to_string();
            lines.push(("error", text.red().to_string()));
        }
        if !error.fix.is_empty() {
            lines.push(("hint", uncapital(&error.fix)));
        }
    }
    if let Some(bearer) = &identity.bearer {
        lines.push(("token", bearer_token(bearer, ctx)));
    }
    for warning in &report.warnings {
        // The settings are the only ones whose warnings are errors here: they may hide production, and are why the
        // badge ends in `settings error`.
        let (label, text) = match warning.severity {
            Severity::Error => ("settings", format!("error: {}", warning.with_fix())),
            Severity::Warning | Severity::Advice => ("warning", warning.to_string()),
        };
        lines.push((label, Escaped(&text).to_string().yellow().to_string()));
    }
    lines
        .iter()
        .map(|(label, text)| line(label, text))
        .collect()
}

fn line(label: &str, text: &str) -> String {
    format!("{label:<9}{text}\n")
}

fn json(report: &Report, online: Option<&Online>) -> String {
    let mut object = report.json();
    if let Some(online) = online {
        object["online"] = online.answer.clone();
    }
    crate::output::json::pretty(&object)
}

/// What AWS says, by `awsbadge-sso whoami`.
struct Online {
    /// Its object; with the key `error` if it failed.
    answer: Value,
    code: u8,
}

impl Online {
    /// Asks about a profile that was named, else about what is active.
    fn ask(
        identity: Option<&Identity>,
        explicit: &Option<&str>,
        vars: &Env,
    ) -> Result<Self, Error> {
        let program = sso_program::find_or_error(vars)?;
        let mut words: Vec<String> = ["whoami", "--json"].map(str::to_owned).to_vec();
        let profile = identity.and_then(|i| i.profile.clone());
        if let (Some(_), Some(profile)) = (explicit, profile) {
            words.extend(["--".to_owned(), profile]);
        }
        let ended = sso_program::capture(&program, &words, vars)?;
        let said = String::from_utf8_lossy(&ended.stderr);
        let answer = match ended.code {
            0 => serde_json::from_slice(&ended.stdout).ok(),
            _ => serde_json::from_str(said.lines().last().unwrap_or_default()).ok(),
        };
        let unknown = || {
            let message = format!("`{}` ended with code {}", sso_program::NAME, ended.code);
            serde_json::json!({"error": {"message": message}})
        };
        Ok(Self {
            answer: answer.filter(Value::is_object).unwrap_or_else(unknown),
            code: u8::try_from(ended.code).unwrap_or(code::GENERAL),
        })
    }

    fn text(&self) -> String {
        let shown = |value: &Value| Escaped(value.as_str().unwrap_or_default()).to_string();
        let error = &self.answer["error"];
        if !error.is_null() {
            let mut text = line("online", &shown(&error["message"]).red().to_string());
            let next = shown(&error["next"]);
            if !next.is_empty() {
                text += &line("hint", &uncapital(next.trim_end_matches('.')));
            }
            return text;
        }
        let mut text = line("online", &shown(&self.answer["arn"]));
        for differs in self.answer["differs"].as_array().into_iter().flatten() {
            let what = format!(
                "{} {} online, {} in the configuration",
                shown(&differs["what"]),
                shown(&differs["online"]),
                shown(&differs["offline"])
            );
            text += &line("differs", &what.yellow().to_string());
        }
        let skew = self.answer["clock_skew"].as_i64().unwrap_or_default();
        if skew.abs() > 300 {
            let way = if skew > 0 { "slow" } else { "fast" };
            let what = format!("this machine's is {} minutes {way}", skew.abs() / 60);
            text += &line("clock", &what.yellow().to_string());
        }
        text
    }
}

/// What a bearer token is good for, and until when.
fn bearer_token(bearer: &BearerToken, ctx: &Context<'_>) -> String {
    let state = bearer.expiry.at(ctx.now, ctx.settings.renew_trust);
    let until = match (bearer.expiry, state.state) {
        (Expiry::At { at, .. }, State::Valid | State::Expiring) => {
            format!("valid until {}", sys::clock::local_text(at, ctx.now))
        }
        (_, state) => state.words().to_owned(),
    };
    format!(
        "bearer token only, {until}: good for services that take a token, such as CodeCatalyst; it gives no AWS credentials"
    )
}

/// The state, when it expires, and what to do.
fn state(report: &Report, ctx: &Context<'_>) -> String {
    let ExpiryState {
        state,
        left,
        renews,
        ..
    } = report.state;
    let until = match report.identity.expiry() {
        Some(Expiry::At { at, .. }) => sys::clock::local_text(at, ctx.now),
        _ => String::new(),
    };
    let time = left.map(countdown::text).unwrap_or_default();
    let next = next_step(report);
    let words = state.words();
    match state {
        State::Valid if renews => format!(
            "{}: {time} left, until {until}; renews itself",
            words.green()
        ),
        State::Valid => format!("{}: {time} left, until {until}", words.green()),
        State::Renewable => format!(
            "{}: expired {until}, the next call renews it",
            words.green()
        ),
        State::Expiring => format!("{}: {time} left, until {until}{next}", words.yellow()),
        State::Expired => format!("{}: since {until}{next}", words.red()),
        State::NoLogin => format!("{}{next}", words.red()),
        State::Keys => "keys: long-term keys, which do not expire".to_owned(),
        State::Process => "process: a credential_process fetches the credentials".to_owned(),
        State::Container => "container: the container fetches the credentials".to_owned(),
        State::Instance => "instance: the role of the EC2 instance".to_owned(),
        State::WebIdentity => "web identity: a token file is exchanged for credentials".to_owned(),
        State::Mfa => format!("{}: the AWS CLI will ask for an MFA code", words.yellow()),
        State::Unknown => format!("{}: {}", words.magenta(), unknown(report)),
        State::NoSuchProfile => format!("{}: {}", words.red(), missing(report, ctx)),
        State::ConfigError => format!("{}: the AWS CLI refuses it", words.red()),
        State::NoCredentials | State::NotExported => words.red().to_string(),
    }
}

/// What makes credentials work again that are over, or soon will be.
fn next_step(report: &Report) -> String {
    let identity = &report.identity;
    if identity.login_helps() {
        let profile = identity.profile.as_deref().unwrap_or_default();
        return format!("; log in with: awsbadge login {}", pasted(profile));
    }
    match identity.provider() {
        Provider::Env => {
            "; unset the keys, for example with `asp NAME`, or leave the shell that set them"
                .to_owned()
        }
        Provider::SharedCredentialsFile | Provider::ConfigFile => {
            "; the tool that wrote the keys makes new ones".to_owned()
        }
        Provider::WebIdentity => ": the token file cannot be read".to_owned(),
        _ => String::new(),
    }
}

/// Why the AWS CLI does not find the profile.
fn missing(report: &Report, ctx: &Context<'_>) -> String {
    let name = report.identity.profile.as_deref().unwrap_or_default();
    if name.is_empty() {
        let var = report.identity.profile_from.unwrap_or_default();
        return format!(
            "{var} is set and empty, which the AWS CLI takes for a profile with an empty name. Unset it"
        );
    }
    lookup::ToolFiles::default()
        .found_by_others(ctx, name)
        .unwrap_or_else(|| "no AWS file has it".to_owned())
}

fn unknown(report: &Report) -> String {
    let file = report
        .identity
        .token_file()
        .map(|p| Escaped(&p.to_string_lossy()).to_string())
        .unwrap_or_default();
    match report.identity.expiry() {
        Some(Expiry::Unknown(reason)) => match reason {
            UnknownReason::File if !file.is_empty() => format!("{file} cannot be read"),
            UnknownReason::File => "AWS's configuration cannot be read".to_owned(),
            UnknownReason::HalfWritten => format!("{file} is just being written"),
            UnknownReason::Date => "the expiry date cannot be read".to_owned(),
            UnknownReason::NoDate => "temporary keys, and nothing says when they expire".to_owned(),
            UnknownReason::LeftoverDate(var) => format!(
                "{var} is in the past, but the tool that set it is no longer in charge; unset it"
            ),
            UnknownReason::InstanceRole => {
                "this is an EC2 instance; only its metadata service knows whether it has a role"
                    .to_owned()
            }
        },
        _ if report.state.renews => {
            "expired long ago; only a call can tell whether it still renews itself".to_owned()
        }
        _ => "the expiry is further away than any login lasts".to_owned(),
    }
}
