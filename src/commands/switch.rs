//! `use`: the statements that switch to a profile.

use super::Output;
use crate::aws::config::{self, Section, SectionKind};
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::{Env, env_identity};
use crate::cli::Use;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{config_sets, confirm, env_changes, lookup, region, resolve};
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::shells::{self, Shell, Statement};
use crate::sys::{fs, terminal};

pub(super) fn run(args: &Use, vars: &Env) -> Result<Output, Error> {
    if let Some(word) = args.more.first() {
        let first = args
            .profile
            .as_ref()
            .map_or("".into(), |p| p.to_string_lossy());
        // `asp` passes its options before the profile.
        if first.starts_with("--") {
            return Err(Error::Usage {
                message: format!("unknown option '{}'", Escaped(&first)),
                hint: "run `asp --help` to list the options".to_owned(),
            });
        }
        return Err(Error::Usage {
            message: format!(
                "unexpected argument '{}' (expected `login` or `logout`)",
                Escaped(&word.to_string_lossy())
            ),
            hint: "quote a profile name that contains a space".to_owned(),
        });
    }
    let files = match &args.config {
        Some(config) => config_sets::statements(vars, config)?,
        None => Vec::new(),
    };
    let vars = &env_changes::applied(vars, files.iter().cloned());
    let Some(profile) = &args.profile else {
        return Ok(without_profile(args, vars, files));
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
        Err(unknown @ Error::NoSuchProfile { .. }) => guess(&ctx, name).ok_or(unknown),
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
        Some(region) => {
            statements.push(Statement::Export(
                "AWS_DEFAULT_REGION",
                region.clone().into(),
            ));
            statements.push(Statement::Export("AWS_REGION", region.clone().into()));
        }
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
    Ok(Output {
        stderr: notes,
        ..Output::print(shells::block(Shell::from(args.shell), &statements))
    })
}

/// Changes only the files: a profile of the previous ones says nothing about these.
fn without_profile(args: &Use, vars: &Env, files: Vec<Statement>) -> Output {
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
    Output {
        stderr: notes,
        ..Output::print(shells::block(Shell::from(args.shell), &statements))
    }
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
