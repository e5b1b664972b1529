//! `explain`: which credentials a tool uses, and why.

use super::Reply;
use crate::aws::chain::{
    self, Content, Explanation, Notice, Step, Tool, Used, Verdict, Winner, World,
};
use crate::aws::{Epoch, Vars};
use crate::badge::safe;
use crate::cli::Explain;
use crate::error::{Error, Visible};
use crate::host::files::{self, CACHE_CAP, CONFIG_CAP, Read};
use crate::host::{self, terminal};
use colored::{ColoredString, Colorize};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Files, each read once: several tools are asked about the same ones.
#[derive(Debug, Default)]
pub(super) struct Disk(RefCell<HashMap<PathBuf, Content>>);

impl Disk {
    /// What `path` holds.
    pub(super) fn read(&self, path: &Path) -> Content {
        if let Some(known) = self.0.borrow().get(path) {
            return known.clone();
        }
        let is_cache = path.extension().is_some_and(|e| e == "json");
        let cap = if is_cache { CACHE_CAP } else { CONFIG_CAP };
        let mut read = files::read(path, cap);
        // Most tools write a token in place: a file that is caught half-written is whole in a moment. One that has
        // stood so for longer is not waited for: there may be thousands.
        let new = |path| files::changed(path).is_some_and(|at| host::now().since(at).0.abs() <= 10);
        if is_cache
            && matches!(&read, Read::Bytes(json) if !json.trim_ascii_end().ends_with(b"}"))
            && new(path)
        {
            host::pause(Duration::from_millis(2));
            read = files::read(path, cap);
        }
        let content = match read {
            Read::Bytes(bytes) => Content::Bytes(bytes),
            Read::Absent => Content::Absent,
            Read::Unusable(why) => Content::Unusable(why),
        };
        self.0.borrow_mut().insert(path.to_owned(), content.clone());
        content
    }
}

/// What a tool makes of this environment.
pub(super) fn ask(
    tool: Tool,
    vars: &Vars,
    profile: Option<&str>,
    now: Epoch,
    disk: &Disk,
) -> Explanation {
    let world = World {
        vars,
        profile,
        now,
        read: &|path| disk.read(path),
    };
    chain::explain(tool, &world)
}

pub(super) fn run(args: &Explain, vars: &Vars) -> Result<Reply, Error> {
    let profile = super::typed_if_any(args.profile.as_ref())?;
    let (now, disk) = (host::now(), Disk::default());
    let ask = |tool| ask(tool, vars, profile, now, &disk);
    let tool = args.tool.map_or(Tool::Cli, Tool::from);
    let told = ask(tool);
    if args.json {
        return Ok(Reply::print(super::pretty(&object(&told))));
    }
    colored::control::set_override(terminal::colour(vars, terminal::output_is_terminal()));
    let mut text = story(&told);
    if args.tool.is_none() {
        let others: Vec<String> = Tool::ALL
            .into_iter()
            .filter(|other| *other != tool)
            .filter_map(|other| difference(&told, &ask(other)))
            .collect();
        text.push('\n');
        match others.as_slice() {
            [] => text.push_str("All the other tools decide the same.\n"),
            _ => {
                text.push_str("Other tools:\n");
                text.extend(others);
            }
        }
    }
    Ok(Reply::print(text))
}

/// The object of `--json`.
fn object(told: &Explanation) -> Value {
    let used = |used: &Used| {
        json!({
            "provider": used.provider.name(), "profile": used.profile, "role_arn": used.role_arn,
        })
    };
    let winner = |winner: &Winner| {
        let last = winner.last();
        json!({
            "provider": last.map(|u| u.provider.name()),
            "profile": last.and_then(|u| u.profile.as_ref()),
            "chain": winner.chain.iter().map(used).collect::<Vec<_>>(),
        })
    };
    json!({
        "tool": told.tool.name(),
        "profile": told.profile,
        "winner": told.winner.as_ref().map(winner),
        "error": told.error.as_ref().map(|e| json!({"code": e.code, "message": e.message})),
        "steps": told.steps.iter().map(|step| json!({
            "provider": step.provider.name(), "verdict": step.verdict.name(), "reason": step.reason,
        })).collect::<Vec<_>>(),
        "warnings": told.warnings.iter().map(notice).collect::<Vec<_>>(),
    })
}

/// A warning as the other commands' JSON has it.
pub(super) fn notice(notice: &Notice) -> Value {
    json!({
        "code": notice.code,
        "message": notice.message,
        "file": notice.place.as_ref().map(|(path, _)| path.to_string_lossy()),
        "line": notice.place.as_ref().and_then(|(_, line)| *line),
    })
}

/// `file:line: `, as far as there is a place.
fn place(notice: &Notice) -> String {
    match &notice.place {
        Some((path, Some(line))) => format!("{}:{line}: ", path.display()),
        Some((path, None)) => format!("{}: ", path.display()),
        None => String::new(),
    }
}

fn shown(text: &str) -> String {
    safe::name(text, false)
}

/// One tool's answer for people.
fn story(told: &Explanation) -> String {
    let mut lines = Vec::new();
    let title = told.tool.title();
    lines.push(match (&told.winner, &told.error) {
        (Some(winner), _) => format!("{} uses {}", capital(title), in_words(winner).bold()),
        // It says all of it by itself.
        (None, Some(error)) if error.code == "no-credentials" => {
            capital(&Visible(&error.message).to_string())
                .red()
                .to_string()
        }
        (None, Some(error)) => format!(
            "{} gets no credentials: {}",
            capital(title),
            Visible(&error.message).to_string().red()
        ),
        (None, None) => format!("{} gets no credentials", capital(title)),
    });
    let from = match told.profile_from {
        "default" => "no variable names another".to_owned(),
        from => from.to_owned(),
    };
    lines.push(format!("  profile  {} ({from})", shown(&told.profile)));
    lines.push(match &told.region {
        Some(region) => format!(
            "  region   {} ({})",
            shown(&region.value),
            Visible(&region.from)
        ),
        None => "  region   none".to_owned(),
    });
    let width = told
        .steps
        .iter()
        .map(|step| step.provider.name().len())
        .max()
        .unwrap_or(0);
    if !told.steps.is_empty() {
        lines.push(String::new());
        lines.push("In its order:".to_owned());
    }
    // Of the steps that are not reached, those that would have had something are worth a line.
    let (shown_steps, rest): (Vec<_>, Vec<_>) = told
        .steps
        .iter()
        .partition(|step| step.verdict != Verdict::NotReached || step.would_answer);
    lines.extend(shown_steps.into_iter().map(|step| {
        let (mark, reason) = dressed(step);
        format!("  {mark} {:<width$}  {reason}", step.provider.name())
    }));
    if !rest.is_empty() {
        let names: Vec<&str> = rest.iter().map(|step| step.provider.name()).collect();
        lines.push(format!("    never comes to {}", names.join(", ")));
    }
    if !told.warnings.is_empty() {
        lines.push(String::new());
        lines.push("Mind:".to_owned());
    }
    lines.extend(told.warnings.iter().map(|warning| {
        let text = format!("{}{}", place(warning), warning.message);
        format!("  {}", Visible(&text).to_string().yellow())
    }));
    lines.join("\n") + "\n"
}

fn dressed(step: &Step) -> (ColoredString, String) {
    let reason = Visible(&step.reason).to_string();
    match step.verdict {
        Verdict::Used => ("+".green(), reason.bold().to_string()),
        Verdict::Skipped => ("-".normal(), reason),
        Verdict::NotReached => (
            " ".normal(),
            format!("not reached: {reason}").dimmed().to_string(),
        ),
        Verdict::Error => ("!".red(), reason.red().to_string()),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The winner in words: the chain from its base.
fn in_words(winner: &Winner) -> String {
    let one = |used: &Used| {
        let whose = used
            .profile
            .as_deref()
            .map(|p| format!(" of {}", shown(p)))
            .unwrap_or_default();
        let role = used
            .role_arn
            .as_deref()
            .map(|arn| format!(" ({})", shown(arn)))
            .unwrap_or_default();
        format!("{}{whose}{role}", used.provider.name())
    };
    let chain: Vec<String> = winner.chain.iter().map(one).collect();
    chain.join(" → ")
}

/// A line on a tool that decides otherwise than `here`.
fn difference(here: &Explanation, there: &Explanation) -> Option<String> {
    let mut parts = Vec::new();
    let code = |told: &Explanation| told.error.as_ref().map(|e| e.code);
    if here.winner != there.winner || code(here) != code(there) {
        parts.push(match (&there.winner, &there.error) {
            (Some(winner), _) => in_words(winner),
            (None, Some(error)) => Visible(&error.message).to_string(),
            (None, None) => "no credentials".to_owned(),
        });
    }
    let value = |told: &Explanation| told.region.as_ref().map(|r| r.value.clone());
    if value(here) != value(there) {
        parts.push(match &there.region {
            Some(region) => format!(
                "region {} ({})",
                shown(&region.value),
                Visible(&region.from)
            ),
            None => "no region".to_owned(),
        });
    }
    (!parts.is_empty()).then(|| format!("  {:<6}{}\n", there.tool.name(), parts.join("; ")))
}
