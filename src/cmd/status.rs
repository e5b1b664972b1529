//! `status`: who you are, until when, what stands in the way.

use super::look::{self, Identity, Look, Trail};
use super::report::{self, Report};
use super::{Reply, switch};
use crate::aws::Vars;
use crate::aws::grammar;
use crate::aws::life::{Life, Puzzle, State};
use crate::aws::select::Selection;
use crate::aws::source::Method;
use crate::badge::{left, safe};
use crate::cli::Status;
use crate::error::{Error, Visible, code};
use crate::host::{self, terminal};
use colored::Colorize;

pub(super) fn run(args: &Status, vars: &Vars) -> Result<Reply, Error> {
    let explicit = super::typed_if_any(args.profile.as_ref())?;
    let least = match args
        .min
        .as_deref()
        .map(|text| (text, crate::badge::settings::duration(text)))
    {
        Some((text, None)) => {
            return Err(Error::Usage {
                message: format!("'{}' is no length of time", Visible(text)),
                next: "Write it as 30m, 8h or 2d.".to_owned(),
            });
        }
        Some((_, least)) => least,
        None => None,
    };
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let merged = grammar::read_leniently(&look.config.text, &look.credentials.text);
    if let Some(name) = explicit {
        switch::known(&look, name)?;
    }
    let selection = Selection::of(vars, explicit);
    let find = report::among(&merged);
    let identity = look
        .identity(&selection, true, &find)
        .unwrap_or_else(Identity::nobody);
    let mut report = Report::new(identity, true, &look, &settings);
    report.warnings = report::warnings_of(report.profile(), &merged, &look);

    let too_short = least.is_some_and(|least| {
        !report.standing.renews && report.standing.left.is_some_and(|l| l < least)
    });
    let code = match () {
        () if report.missing() => code::NO_SUCH_PROFILE,
        () if report.needs_login() || too_short => code::LOGIN_NEEDED,
        () => code::OK,
    };
    let stdout = match (args.quiet, args.json) {
        (true, _) => String::new(),
        (false, true) => super::pretty(&report.json()),
        (false, false) => {
            colored::control::set_override(terminal::colour(vars, terminal::output_is_terminal()));
            words(&report, &look)
        }
    };
    Ok(Reply {
        code,
        ..Reply::print(stdout)
    })
}

/// The report in a few lines.
fn words(report: &Report, look: &Look<'_>) -> String {
    let shown = |text: &str| safe::name(text, false);
    let mut lines: Vec<(&str, String)> = Vec::new();
    // Who names the profile knows what named it.
    let from = |from: Option<&str>| match from {
        None | Some("--profile") => String::new(),
        Some(from) => format!(" (by {from})"),
    };
    let source = report.identity.source;
    match report.profile() {
        Some(name) if report.missing() => {
            lines.push((
                "profile",
                format!(
                    "{}{}: {}",
                    shown(name),
                    from(report.profile_from()),
                    "in no file".red()
                ),
            ));
        }
        Some(name) => lines.push((
            "profile",
            format!("{}{}", shown(name).bold(), from(report.profile_from())),
        )),
        None if source == Method::None => {
            let text = "none: no variable names one, and there is no default with credentials; `asp NAME` picks one";
            return format!("{:<9}{text}\n", "profile");
        }
        None => {}
    }
    if let Some(variable) = report.identity.shadowed_by {
        let text = format!("{variable} in the environment wins over the profile");
        lines.push(("shadowed", text.yellow().to_string()));
    }
    if let Some(account) = &report.identity.account_id {
        lines.push(("account", shown(account)));
    }
    if let Some(role) = &report.identity.role_name {
        lines.push(("role", shown(role)));
    }
    if let Some(region) = &report.region {
        lines.push((
            "region",
            format!("{} (by {})", shown(&region.value), region.from),
        ));
    }
    if source != Method::None {
        let links = report
            .identity
            .view
            .iter()
            .flat_map(|v| v.origin.links.iter().rev());
        let chain: Vec<String> = links
            .map(|l| format!("{} {}", l.method.name(), shown(&l.profile)))
            .collect();
        let chain = if chain.len() > 1 {
            format!(": {}", chain.join(" → "))
        } else {
            String::new()
        };
        lines.push(("source", format!("{}{chain}", source.name())));
    }
    if let Some(sso) = report.sso() {
        let url = sso.start_url.as_deref().map(shown).unwrap_or_default();
        let session = sso
            .session
            .as_deref()
            .map_or(url.clone(), |s| format!("{} ({url})", shown(s)));
        lines.push(("session", session));
    }
    if !report.missing() {
        lines.push(("state", state(report, look)));
    }
    if let Some(at) = report
        .cached_role_until
        .filter(|_| report.standing.state.needs_login())
    {
        let until = host::local_text(at, look.now);
        lines.push((
            "",
            format!("the AWS CLI alone still has role credentials until {until}"),
        ));
    }
    for (warning, path) in &report.warnings {
        let place = path
            .as_ref()
            .map(|p| format!("{}:{}: ", p.display(), warning.line))
            .unwrap_or_default();
        lines.push((
            "warning",
            format!("{}{}", Visible(&place), Visible(&warning.message))
                .yellow()
                .to_string(),
        ));
    }
    lines
        .iter()
        .map(|(label, text)| format!("{label:<9}{text}\n"))
        .collect()
}

/// The state, until when, and what to do.
fn state(report: &Report, look: &Look<'_>) -> String {
    let standing = report.standing;
    let until = match report.identity.life() {
        Life::Until { at, .. } => host::local_text(at, look.now),
        _ => String::new(),
    };
    let time = standing.left.map(left::text).unwrap_or_default();
    let login = report
        .profile()
        .map(|p| format!("; log in with: awsbadge login {}", crate::shells::pasted(p)))
        .unwrap_or_default();
    match standing.state {
        State::Valid if standing.left.is_none() => format!(
            "{}: past its time since {until}, the next call renews it",
            "valid".green()
        ),
        State::Valid if standing.renews => format!(
            "{}: {time} left, until {until}; renews itself",
            "valid".green()
        ),
        State::Valid => format!("{}: {time} left, until {until}", "valid".green()),
        State::Expiring => format!("{}: {time} left, until {until}{login}", "expiring".yellow()),
        State::Expired => format!("{}: since {until}{login}", "expired".red()),
        State::Missing => format!("{}{login}", "no login".red()),
        State::Never => "long-term keys: no end".to_owned(),
        State::Managed => match report.identity.life() {
            Life::Managed(manager) if !manager.word().is_empty() => {
                format!("managed: {}", manager.word())
            }
            _ => "temporary keys; nothing says until when".to_owned(),
        },
        State::Unknown => format!("{}: {}", "unknown".magenta(), puzzle(report)),
    }
}

fn puzzle(report: &Report) -> String {
    let file = report
        .token_file()
        .map(|p| Visible(&p.to_string_lossy()).to_string())
        .unwrap_or_default();
    match report.identity.life() {
        Life::Unknown(Puzzle::File) if !file.is_empty() => format!("{file} can't be read"),
        Life::Unknown(Puzzle::File) => "AWS's configuration can't be read".to_owned(),
        Life::Unknown(Puzzle::HalfWritten) => format!("{file} is just being written"),
        Life::Unknown(Puzzle::Date) => "the date of its end can't be read".to_owned(),
        Life::Unknown(Puzzle::Config) => {
            "the configuration is incomplete or contradicts itself".to_owned()
        }
        Life::Unknown(Puzzle::NoSource) => "the profile names no source of credentials".to_owned(),
        _ if report.standing.renews => {
            "long past its time; only a call can tell whether it still renews itself".to_owned()
        }
        _ => "its end is further away than any login lasts".to_owned(),
    }
}
