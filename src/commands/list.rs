//! `list`: the profiles, with what is known of each.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::Tool;
use crate::aws::config::{self, Section};
use crate::aws::expiry::State;
use crate::badge::{self, Class};
use crate::cli::List;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{Report, resolve};
use crate::output::sanitize;
use crate::output::sanitize::Visible;
use crate::settings::Settings;
use crate::sys::terminal;
use colored::{ColoredString, Colorize};
use comfy_table::{Table, presets};
use serde_json::Value;

pub(super) fn run(args: &List, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let files = ctx.usable_aws_files()?;
    let plain = !args.json && !terminal::output_is_terminal();
    if plain && args.state.is_empty() {
        let names = config::names(files.config.text(), files.credentials.text());
        let mut stderr = String::new();
        if names.is_empty() {
            stderr = none_found(&ctx);
        }
        let lines: String = names
            .iter()
            .map(|n| format!("{}\n", Visible(&n.name)))
            .collect();
        return Ok(Output {
            stderr,
            ..Output::print(lines)
        });
    }
    let mut reports = reports(&ctx);
    reports.retain(|r| {
        let state = r.state.state.name();
        args.state.is_empty() || args.state.iter().any(|wanted| wanted == state)
    });
    if args.json {
        let all = Value::Array(reports.iter().map(Report::json).collect());
        return Ok(Output::print(crate::output::json::pretty(&all)));
    }
    if plain {
        let lines: String = reports
            .iter()
            .filter_map(|r| r.identity.profile.as_deref())
            .map(|n| format!("{}\n", Visible(n)))
            .collect();
        return Ok(Output::print(lines));
    }
    if reports.is_empty() {
        return Ok(Output {
            stderr: none_found(&ctx),
            ..Output::default()
        });
    }
    colored::control::set_override(terminal::colour(vars, true));
    Ok(Output::print(table(&reports)))
}

/// What is known of each profile, in the order of the files; the active one knows what named it.
pub(super) fn reports(ctx: &Context<'_>) -> Vec<Report> {
    let files = ctx.aws_files();
    let merged = config::read_leniently(files.config.text(), files.credentials.text());
    let profiles = Tool::Cli.read_files(ctx.env, ctx);
    let (selected, from) = Tool::Cli.select(&ctx.inputs(None));
    let report = |section: &Section| {
        let active = from != "default" && section.name == selected;
        let identity = resolve::of_profile(ctx, &profiles, &section.name, active.then_some(from));
        // The region of the environment is not this profile's, unless it is the active one.
        Report::new(identity, active, ctx)
    };
    merged.profiles.iter().map(report).collect()
}

/// Whether a report is on the active profile.
pub(super) fn is_active(report: &Report) -> bool {
    report.identity.profile_from.is_some()
}

pub(super) fn none_found(ctx: &Context<'_>) -> String {
    let path = ctx.aws_files().config.path.as_ref().map_or_else(
        || "~/.aws/config".to_owned(),
        |p| Visible(&p.to_string_lossy()).to_string(),
    );
    format!("awsbadge: no profiles found; `aws configure sso` writes the first one into {path}\n")
}

/// The table for a terminal; a column that would be empty is left out.
fn table(reports: &[Report]) -> String {
    let text = |value: Option<&str>| value.map(|v| sanitize::name(v, false)).unwrap_or_default();
    let rows: Vec<[String; 7]> = reports
        .iter()
        .map(|r| {
            let identity = &r.identity;
            [
                if is_active(r) { "*" } else { "" }.to_owned(),
                text(identity.profile.as_deref()),
                text(identity.account_id.as_deref()),
                text(identity.role_name.as_deref()),
                text(r.region.as_ref().map(|r| r.value.as_str())),
                text(identity.sso().and_then(|s| s.session.as_deref())),
                state(r).to_string(),
            ]
        })
        .collect();
    let heads = [
        "", "PROFILE", "ACCOUNT", "ROLE", "REGION", "SESSION", "STATE",
    ];
    let used: Vec<usize> = (0..heads.len())
        .filter(|&i| rows.iter().any(|row| !row[i].is_empty()))
        .collect();
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(used.iter().map(|&i| heads[i]));
    for row in &rows {
        table.add_row(used.iter().map(|&i| row[i].as_str()));
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// The state or the time left, in its colour.
pub(super) fn state(report: &Report) -> ColoredString {
    let settings = Settings::default();
    let text = badge::time_left(report.state, &settings);
    match report.badge.class {
        Class::Ok => text.green(),
        Class::Warn => text.black().on_yellow(),
        Class::Expired if report.state.state == State::NoCredentials => text.dimmed(),
        Class::Expired => text.red(),
        Class::Prod => text.bright_white().on_red(),
        Class::Unknown => text.magenta(),
    }
}
