//! `use`: the statements that switch to a profile.

use super::Output;
use crate::aws::config::{self, Section, SectionKind};
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::State;
use crate::aws::{Env, env_identity};
use crate::cli::Use;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{config_sets, confirm, env_changes, lookup, region, resolve};
use crate::nearest::nearest;
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::shells::{self, Shell, Statement};
use crate::sys::{fs, terminal};

/// The options of `asp`.
const OPTIONS: [&str; 8] = [
    "--pick",
    "--region",
    "--config",
    "--keep-keys",
    "--yes",
    "--force",
    "--profile",
    "--help",
];

pub(super) fn run(args: &Use, vars: &Env) -> Result<Output, Error> {
    if let Some(word) = args.more.first() {
        let first = args
            .profile
            .as_ref()
            .map_or("".into(), |p| p.to_string_lossy());
        // `asp` passes its options before the profile.
        if first.starts_with('-') && first.len() > 1 {
            return Err(unknown_option(&first));
        }
        return Err(Error::Usage {
            message: format!(
                "unexpected argument '{}' (expected `login` or `logout`)",
                Escaped(&word.to_string_lossy())
            ),
            hint: "quote a profile name that contains a space".to_owned(),
        });
    }
    let name = args
        .profile
        .as_ref()
        .map_or("".into(), |p| p.to_string_lossy());
    let shell = super::evaluated_by(args.shell, &format!("asp {}", shells::pasted(&name)))?;
    let files = match &args.config {
        Some(config) => config_sets::statements(vars, config)?,
        None => Vec::new(),
    };
    let vars = &env_changes::applied(vars, files.iter().cloned());
    let Some(profile) = &args.profile else {
        return without_profile(args, shell, vars, files);
    };
    let typed = super::typed(profile)?;
    let name = match typed {
        "-" => match super::typed_if_any(args.previous.as_ref())? {
            None | Some("") => {
                return Err(Error::General {
                    message: "no previous profile in this terminal".to_owned(),
                    hint: "switch by name twice; after that, `asp -` switches back and forth"
                        .to_owned(),
                });
            }
            Some(previous) => previous,
        },
        name => name,
    };
    let ctx = Context::new(vars);
    let profile = match lookup::find(&ctx, name) {
        Err(Error::NoSuchProfile { .. }) if name.len() > 1 && name.starts_with('-') => {
            return Err(unknown_option(name));
        }
        Err(Error::NoSuchProfile { .. }) if matches!(name, "login" | "logout") => {
            return Err(Error::Usage {
                message: format!("`asp {name}` needs a profile"),
                hint: format!("run `asp NAME {name}`, or `awsbadge {name}` for the active profile"),
            });
        }
        Err(unknown @ Error::NoSuchProfile { .. }) => match of_account(&ctx, name)? {
            Some(profile) => Ok(profile),
            None => guess(&ctx, name).ok_or(unknown),
        },
        found => found,
    }?;
    let name = profile.name.clone();
    if let Some(name) = &args.region {
        region::check(name)?;
    }
    let mut notes = String::new();
    if let Some(tools) = lookup::ToolFiles::default().found_by_others(&ctx, &name) {
        notes += &format!("awsbadge: '{}': {tools}\n", Escaped(&name));
    }
    if !args.yes {
        let identity = || resolve::of_profile(&ctx, ctx.cli_files(), &name, None);
        notes += &confirm::before_switch(&ctx, &name, identity)?;
    }

    let mut statements = files;
    let unset: Vec<&'static EnvVar> = if args.keep_keys {
        Vec::new()
    } else {
        env_vars::overriding_profile().collect()
    };
    statements.extend(unset.iter().map(|var| Statement::Unset(var.name)));
    let removed: Vec<&str> = unset
        .iter()
        .filter(|var| vars.raw(var).is_some())
        .map(|var| var.name)
        .collect();
    if !removed.is_empty() {
        notes += &format!(
            "awsbadge: unset {}, which would override the profile\n",
            removed.join(", ")
        );
    }

    let own = args.own_region.as_ref().and_then(|r| r.to_str());
    let left_behind = env_changes::without_own_region(vars, own);
    let environment = env_identity::region(vars);
    match &args.region {
        Some(region) => statements.extend(env_changes::region(Some(region))),
        None if !left_behind.is_empty() => statements.extend(left_behind),
        None => {
            let of_profile = profile.text("region");
            if let (Some((var, region)), Some(own)) = (&environment, of_profile)
                && region != own
            {
                notes += &format!(
                    "awsbadge: {var}={} remains set and overrides the profile's region {}; `asr` unsets it\n",
                    Escaped(region),
                    Escaped(own)
                );
            }
        }
    }
    statements.push(env_changes::profile_region(&profile));
    statements.push(Statement::Set(
        "_awsbadge_region",
        args.region.clone().unwrap_or_default().into(),
    ));
    // A profile that was chosen is not an inherited one.
    statements.push(Statement::Set("_awsbadge_inherited", Vec::new()));
    statements.extend(env_changes::profile_names(&profile));
    notes += &login_note(&ctx, &name, typed == "-");
    Ok(Output {
        stderr: notes,
        ..Output::print(super::block(shell, &statements)?)
    })
}

/// Changes only the files: a profile of the previous ones says nothing about these.
fn without_profile(
    args: &Use,
    shell: Shell,
    vars: &Env,
    files: Vec<Statement>,
) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let (cleared, mut notes) = env_changes::cleared(vars, false);
    let name = args.config.as_deref().unwrap_or_default();
    let config = ctx.places.config.as_deref();
    if let Some(path) = config.filter(|path| !fs::exists(path).unwrap_or(true)) {
        notes += &format!(
            "awsbadge: {} does not exist\n",
            Escaped(&path.to_string_lossy())
        );
    }
    notes += &format!("awsbadge: config {}, no profile\n", Escaped(name));
    let statements: Vec<_> = files.into_iter().chain(cleared).collect();
    Ok(Output {
        stderr: notes,
        ..Output::print(super::block(shell, &statements)?)
    })
}

/// The error for an option that `asp` does not have.
fn unknown_option(option: &str) -> Error {
    let near = nearest(option, OPTIONS.into_iter());
    Error::Usage {
        message: format!("unknown option '{}'", Escaped(option)),
        hint: match near.first() {
            Some(near) => format!("did you mean {near}? `asp --help` lists the options"),
            None => "run `asp --help` to list the options".to_owned(),
        },
    }
}

/// The only profile of an account, if `typed` is the id of one.
///
/// # Errors
/// [`Error::Usage`] if the account has several, with their names.
fn of_account(ctx: &Context<'_>, typed: &str) -> Result<Option<Section>, Error> {
    if typed.len() != 12 || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let files = ctx.aws_files();
    let names = config::names(files.config.text(), files.credentials.text());
    let in_account = |name: &&config::Listed<'_>| {
        let about = name.about();
        let of_role = match about.from {
            Some(config::Source::Role(arn, _)) => account_of(arn),
            _ => None,
        };
        about.account_id.or(of_role) == Some(typed)
    };
    let found: Vec<&str> = names
        .iter()
        .filter(in_account)
        .map(|n| n.name.as_ref())
        .collect();
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(files.any_section(SectionKind::Profile, only)),
        many => {
            let many: Vec<String> = many.iter().map(|name| shells::pasted(name)).collect();
            Err(Error::Usage {
                message: format!("account {typed} has {} profiles", many.len()),
                hint: format!("choose one: {}", many.join(", ")),
            })
        }
    }
}

/// The account in the ARN of a role.
fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

/// What to do about a login that the new profile needs. With `[login] offer = on` it asks, and logs in; not after
/// `asp -`, because a question swallows what is typed next.
fn login_note(ctx: &Context<'_>, name: &str, back: bool) -> String {
    let identity = resolve::of_profile(ctx, ctx.cli_files(), name, None);
    let state = identity.at(ctx.now, ctx.settings.renew_trust).state;
    if !identity.needs_login(state) {
        return String::new();
    }
    let shown = sanitize::name(name, ctx.settings.ascii);
    let why = if state == State::Expired {
        "the login has expired"
    } else {
        "there is no login"
    };
    if !ctx.settings.login.offer || back || !terminal::can_ask() {
        return format!(
            "awsbadge: {why}; `asp {} login` logs in\n",
            shells::pasted(name)
        );
    }
    if confirm::yes(&format!("{shown}: {why}. Log in now? [Y/n] "), true) {
        // The switch goes on, whatever comes of it.
        let _ = super::log_in(name, ctx.env);
    }
    String::new()
}

/// The only profile whose name contains `part`, if the user confirms it; never one that is or may be production.
fn guess(ctx: &Context<'_>, part: &str) -> Option<Section> {
    if part.is_empty() || ctx.settings.production_in_doubt || !terminal::can_ask() {
        return None;
    }
    let part = part.to_lowercase();
    let files = ctx.aws_files();
    let names = config::names(files.config.text(), files.credentials.text());
    let mut alike = names
        .iter()
        .filter(|n| n.name.to_lowercase().contains(&part));
    let (Some(only), None) = (alike.next(), alike.next()) else {
        return None;
    };
    let identity = resolve::of_profile(ctx, ctx.cli_files(), &only.name, None);
    let question = format!(
        "Switch to '{}'? [Y/n] ",
        sanitize::name(&only.name, ctx.settings.ascii)
    );
    let agreed = !resolve::is_production(ctx, &identity) && confirm::yes(&question, true);
    agreed.then(|| files.any_section(SectionKind::Profile, &only.name))?
}
