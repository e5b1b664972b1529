//! `list`: the profiles, with what is known of each.

use super::Reply;
use super::look::{self, Identity, Look, Trail};
use super::report::{self, Report};
use crate::aws::Vars;
use crate::aws::grammar::{self, Merged, Section};
use crate::aws::life::{Life, Puzzle, State};
use crate::aws::select::Selection;
use crate::badge::{Class, Settings, left, safe};
use crate::cli::List;
use crate::error::{Error, Visible};
use crate::host::{self, terminal};
use colored::{ColoredString, Colorize};
use comfy_table::{Table, presets};
use serde_json::Value;

pub(super) fn run(args: &List, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    for file in [&look.config, &look.credentials] {
        if let (Some(path), Some(why)) = (&file.path, &file.trouble) {
            return Err(Error::BadFile {
                path: path.clone(),
                line: None,
                message: why.clone(),
                next: "Make it readable; AWS's tools need it too.".into(),
            });
        }
    }
    let plain = !args.json && !terminal::output_is_terminal();
    if plain && args.state.is_empty() {
        let names = grammar::names(&look.config.text, &look.credentials.text);
        let mut stderr = String::new();
        if names.is_empty() {
            stderr = none_found(&look);
        }
        let lines: String = names
            .iter()
            .map(|n| format!("{}\n", Visible(&n.name)))
            .collect();
        return Ok(Reply {
            stderr,
            ..Reply::print(lines)
        });
    }
    let merged = grammar::read_leniently(&look.config.text, &look.credentials.text);
    let active = Selection::of(vars, None).profile;
    let mut reports = reports(&look, &settings, &merged);
    reports.retain(|r| {
        let state = r.standing.state.name();
        args.state.is_empty() || args.state.iter().any(|wanted| wanted == state)
    });
    if args.json {
        for report in &mut reports {
            report.warnings = report::warnings_of(report.profile(), &merged, &look);
        }
        let all = Value::Array(reports.iter().map(Report::json).collect());
        return Ok(Reply::print(super::pretty(&all)));
    }
    if plain {
        let lines: String = reports
            .iter()
            .filter_map(Report::profile)
            .map(|n| format!("{}\n", Visible(n)))
            .collect();
        return Ok(Reply::print(lines));
    }
    if reports.is_empty() {
        return Ok(Reply {
            stderr: none_found(&look),
            ..Reply::default()
        });
    }
    colored::control::set_override(terminal::colour(vars, true));
    Ok(Reply::print(table(
        &reports,
        active.as_ref().map(|a| a.value.as_str()),
    )))
}

/// What is known of each profile, in the order of the files; the active one knows what named it.
pub(super) fn reports(look: &Look<'_>, settings: &Settings, merged: &Merged) -> Vec<Report> {
    let active = Selection::of(look.vars, None).profile;
    let find = report::among(merged);
    let report = |section: &Section| {
        let named = active.as_ref().filter(|a| a.value == section.name);
        let identity = Identity::of_profile(look.view(section.clone(), &find), named.cloned());
        // The region of the environment is not this profile's, unless it is the active one.
        Report::new(identity, named.is_some(), look, settings)
    };
    merged.profiles.iter().map(report).collect()
}

pub(super) fn none_found(look: &Look<'_>) -> String {
    let path = look.config.path.as_ref().map_or_else(
        || "~/.aws/config".to_owned(),
        |p| Visible(&p.to_string_lossy()).to_string(),
    );
    format!("awsbadge: no profiles found; `aws configure sso` writes the first one into {path}\n")
}

/// The table for a terminal; a column that would be empty is left out.
fn table(reports: &[Report], active: Option<&str>) -> String {
    let text = |value: Option<&str>| value.map(|v| safe::name(v, false)).unwrap_or_default();
    let rows: Vec<[String; 7]> = reports
        .iter()
        .map(|r| {
            let is_active = r.profile() == active && active.is_some();
            [
                if is_active {
                    "*".to_owned()
                } else {
                    String::new()
                },
                text(r.profile()),
                text(r.identity.account_id.as_deref()),
                text(r.identity.role_name.as_deref()),
                text(r.region.as_ref().map(|r| r.value.as_str())),
                text(r.sso().and_then(|s| s.session.as_deref())),
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

/// The state and what is left, in its colour.
pub(super) fn state(report: &Report) -> ColoredString {
    let standing = report.standing;
    let renewal = if standing.renews { "↻" } else { "" };
    let text = match (standing.state, standing.left) {
        (State::Valid | State::Expiring, Some(left)) => left::text(left) + renewal,
        (State::Valid, None) => renewal.to_owned(),
        (State::Missing, _) => "no login".to_owned(),
        (State::Never, _) => "keys".to_owned(),
        _ if report.identity.life() == Life::Unknown(Puzzle::NoSource) => {
            "no credentials".to_owned()
        }
        (state, _) => match report.identity.life() {
            Life::Managed(manager) if !manager.word().is_empty() => manager.word().to_owned(),
            _ => state.name().to_owned(),
        },
    };
    match report.badge.class {
        _ if report.identity.life() == Life::Unknown(Puzzle::NoSource) => text.dimmed(),
        Class::Ok => text.green(),
        Class::Warn => text.black().on_yellow(),
        Class::Expired => text.red(),
        Class::Prod => text.bright_white().on_red(),
        Class::Unknown => text.magenta(),
    }
}
