//! `list`: the profiles with account, role, region and state.

use super::Output;
use crate::aws::Env;
use crate::aws::config;
use crate::aws::env_identity;
use crate::aws::expiry::State;
use crate::cli::List;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{Report, lookup};
use crate::output::sanitize::Escaped;
use crate::output::style::styled;
use crate::output::table::{self, Column, Fit};
use crate::output::{one_of, sanitize};
use crate::sys::terminal;
use serde_json::Value;

pub(super) fn run(args: &List, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let files = ctx.usable_aws_files()?;
    let plain = !args.json && !terminal::output_is_terminal();
    let wanted = |name: &str| args.name.as_deref().is_none_or(|part| name.contains(part));
    if plain && args.state.is_empty() {
        let mut names = config::names(files.config.text(), files.credentials.text());
        let any = !names.is_empty();
        names.retain(|n| wanted(&n.name));
        if any && names.is_empty() {
            return Ok(no_match(args));
        }
        let mut stderr = String::new();
        if names.is_empty() {
            stderr = lookup::none_found(&ctx);
        }
        let lines: String = names
            .iter()
            .map(|n| format!("{}\n", Escaped(&n.name)))
            .collect();
        return Ok(Output {
            stderr,
            ..Output::print(lines)
        });
    }
    let mut reports = Report::of_every_profile(&ctx);
    let any = !reports.is_empty();
    reports.retain(|r| {
        let state = r.state.state.name();
        let in_state = args.state.is_empty() || args.state.iter().any(|wanted| wanted == state);
        in_state && r.identity.profile.as_deref().is_some_and(wanted)
    });
    if args.json {
        let all = Value::Array(reports.iter().map(Report::json).collect());
        return Ok(Output::print(crate::output::json::pretty(&all)));
    }
    if any && reports.is_empty() {
        return Ok(no_match(args));
    }
    if plain {
        let lines: String = reports
            .iter()
            .filter_map(|r| r.identity.profile.as_deref())
            .map(|n| format!("{}\n", Escaped(n)))
            .collect();
        return Ok(Output::print(lines));
    }
    if reports.is_empty() {
        return Ok(Output {
            stderr: lookup::none_found(&ctx),
            ..Output::default()
        });
    }
    let colour = terminal::colour(vars, true);
    Ok(Output {
        stderr: region_note(&reports, &ctx) + &notes(&reports, &ctx),
        ..Output::print(styled(colour, || table(&reports, &ctx)))
    })
}

/// That the environment's region counts for all of them, if it differs from one in the list.
fn region_note(reports: &[Report], ctx: &Context<'_>) -> String {
    let Some((var, region)) = env_identity::region(ctx.env) else {
        return String::new();
    };
    let differs = |r: &Report| {
        r.identity
            .own_region
            .as_ref()
            .is_some_and(|own| own.value != region)
    };
    if reports.iter().any(differs) {
        format!(
            "awsbadge: {var}={} overrides the regions of profiles\n",
            Escaped(&region)
        )
    } else {
        String::new()
    }
}

/// The answer if there are profiles, but none as asked for.
fn no_match(args: &List) -> Output {
    let named = args
        .name
        .as_deref()
        .map(|name| format!("with '{}' in its name", Escaped(name)));
    let states = (!args.state.is_empty()).then(|| format!("in state {}", one_of(&args.state)));
    let what: Vec<String> = named.into_iter().chain(states).collect();
    Output {
        stderr: format!("awsbadge: no profile {}\n", what.join(" and ")),
        ..Output::default()
    }
}

/// Which tools find the profiles that the AWS CLI does not find.
fn notes(reports: &[Report], ctx: &Context<'_>) -> String {
    let tool_files = lookup::ToolFiles::default();
    reports
        .iter()
        .filter(|report| report.state.state == State::NoSuchProfile)
        .filter_map(|report| {
            let name = report.identity.profile.as_deref()?;
            let tools = tool_files.found_by_others(ctx, name)?;
            Some(format!("awsbadge: '{}': {tools}\n", Escaped(name)))
        })
        .collect()
}

const COLUMNS: [Column; 7] = [
    Column::new("", Fit::Keep),
    Column::new("PROFILE", Fit::Keep),
    Column::new("ACCOUNT", Fit::Drop(2)),
    Column::new("ROLE", Fit::Shorten),
    Column::new("REGION", Fit::Drop(1)),
    Column::new("SESSION", Fit::Drop(0)),
    Column::new("STATE", Fit::Keep),
];

/// The table for a terminal.
fn table(reports: &[Report], ctx: &Context<'_>) -> String {
    let ascii = ctx.settings.ascii;
    let text = |value: Option<&str>| value.map(|v| sanitize::name(v, ascii)).unwrap_or_default();
    let rows: Vec<Vec<String>> = reports
        .iter()
        .map(|r| {
            let identity = &r.identity;
            vec![
                if r.is_active() { "*" } else { "" }.to_owned(),
                text(identity.profile.as_deref()),
                text(identity.account_id.as_deref()),
                text(identity.role_name.as_deref()),
                text(r.region.as_ref().map(|r| r.value.as_str())),
                text(identity.sso().and_then(|s| s.session.as_deref())),
                r.coloured_state(ascii).to_string(),
            ]
        })
        .collect();
    let room = terminal::columns().unwrap_or(usize::MAX);
    let lines = table::lines(&COLUMNS, &rows, true, room, ascii);
    lines.iter().map(|line| format!("{line}\n")).collect()
}
