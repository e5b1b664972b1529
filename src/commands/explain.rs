//! `explain`: which credentials a tool uses, and why.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{Decision, Link, Region, Step, Tool, Verdict, Winner};
use crate::cli::Explain;
use crate::context::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::error::Error;
use crate::output::sanitize::Escaped;
use crate::output::style::styled;
use crate::output::{capital, sanitize};
use crate::sys::terminal;
use colored::{ColoredString, Colorize};
use serde_json::{Value, json};

/// The decision of one tool for this environment.
struct Answer {
    tool: Tool,
    decision: Decision,
    region: Option<Region>,
}

/// Asks one tool.
fn ask(tool: Tool, ctx: &Context<'_>, profile: Option<&str>) -> Answer {
    let files = tool.read_files(ctx.env, ctx);
    let inputs = ctx.inputs(profile);
    Answer {
        tool,
        decision: tool.explain(&inputs, &files),
        region: tool.region(&inputs, &files),
    }
}

pub(super) fn run(args: &Explain, vars: &Env) -> Result<Output, Error> {
    let profile = super::typed_if_any(args.profile.as_ref())?;
    let ctx = Context::new(vars);
    let ask = |tool| ask(tool, &ctx, profile);
    let tool = args.tool.map_or(Tool::Cli, Tool::from);
    let answer = ask(tool);
    if args.json {
        return Ok(Output::print(crate::output::json::pretty(&object(&answer))));
    }
    let colour = terminal::colour(vars, terminal::output_is_terminal());
    let mut text = styled(colour, || story(&answer));
    if args.tool.is_none() {
        let others: Vec<String> = Tool::ALL
            .into_iter()
            .filter(|other| *other != tool)
            .filter_map(|other| difference(&answer, &ask(other)))
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
    Ok(Output::print(sanitize::text(text, ctx.settings.ascii)))
}

/// The object of `--json`.
fn object(answer: &Answer) -> Value {
    let link = |link: &Link| {
        json!({
            "provider": link.provider.name(), "profile": link.profile, "role_arn": link.role_arn,
        })
    };
    let winner = |winner: &Winner| {
        json!({
            "provider": winner.provider().name(),
            "profile": winner.last().and_then(|last| last.profile.as_ref()),
            "chain": winner.chain.iter().map(link).collect::<Vec<_>>(),
        })
    };
    let decision = &answer.decision;
    let error = decision.outcome.as_ref().err();
    json!({
        "tool": answer.tool.name(),
        "profile": decision.profile,
        "winner": decision.outcome.as_ref().ok().map(winner),
        "error": error.map(|e| json!({"code": e.code.name(), "message": e.to_string()})),
        "steps": decision.steps.iter().map(|step| json!({
            "provider": step.provider.name(), "verdict": step.verdict.name(), "reason": step.reason,
        })).collect::<Vec<_>>(),
        "warnings": decision.warnings.iter().map(crate::output::json::diagnostic).collect::<Vec<_>>(),
    })
}

fn shown(text: &str) -> String {
    sanitize::name(text, false)
}

/// One tool's answer as text.
fn story(answer: &Answer) -> String {
    let decision = &answer.decision;
    let mut lines = Vec::new();
    let title = answer.tool.title();
    lines.push(match &decision.outcome {
        Ok(winner) => {
            let needs_login = |w: &Diagnostic| w.code == Code::LoginNeeded;
            let but = if decision.warnings.iter().any(needs_login) {
                ", which needs a login"
            } else {
                ""
            };
            format!("{} uses {}{but}", capital(title), in_words(winner).bold())
        }
        // Its message is complete.
        Err(error) if error.code == Code::NoCredentials => {
            capital(&Escaped(&error.message).to_string())
                .red()
                .to_string()
        }
        Err(error) => format!(
            "{} gets no credentials: {}",
            capital(title),
            Escaped(&error.to_string()).to_string().red()
        ),
    });
    let from = match decision.profile_from {
        "default" => "no variable names another".to_owned(),
        from => from.to_owned(),
    };
    lines.push(format!("  profile  {} ({from})", shown(&decision.profile)));
    lines.push(match &answer.region {
        Some(region) => format!(
            "  region   {} ({})",
            shown(&region.value),
            Escaped(&region.from)
        ),
        None => "  region   none".to_owned(),
    });
    let width = decision
        .steps
        .iter()
        .map(|step| step.provider.name().len())
        .max()
        .unwrap_or(0);
    if !decision.steps.is_empty() {
        lines.push(String::new());
        lines.push("In its order:".to_owned());
    }
    // Of the steps that are not reached, only those that would have answered get a line.
    let (shown_steps, rest): (Vec<_>, Vec<_>) = decision
        .steps
        .iter()
        .partition(|step| step.verdict != Verdict::NotReached || step.would_answer);
    lines.extend(shown_steps.into_iter().map(|step| {
        let (mark, reason) = dressed(step);
        format!("  {mark} {:<width$}  {reason}", step.provider.name())
    }));
    if !rest.is_empty() {
        let names: Vec<&str> = rest.iter().map(|step| step.provider.name()).collect();
        lines.push(format!("    Not reached: {}", names.join(", ")));
    }
    if !decision.warnings.is_empty() {
        lines.push(String::new());
        lines.push("Warnings:".to_owned());
    }
    lines.extend(decision.warnings.iter().map(|warning| {
        let text = Escaped(&warning.to_string()).to_string();
        format!("  {}", text.yellow())
    }));
    lines.join("\n") + "\n"
}

fn dressed(step: &Step) -> (ColoredString, String) {
    let reason = Escaped(&step.reason).to_string();
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

/// The winner as text: the role chain from its base.
fn in_words(winner: &Winner) -> String {
    let one = |link: &Link| {
        let whose = link
            .profile
            .as_deref()
            .map(|p| format!(" of {}", shown(p)))
            .unwrap_or_default();
        let role = link
            .role_arn
            .as_deref()
            .map(|arn| format!(" ({})", shown(arn)))
            .unwrap_or_default();
        format!("{}{whose}{role}", link.provider.name())
    };
    let chain: Vec<String> = winner.chain.iter().map(one).collect();
    chain.join(" → ")
}

/// One line about a tool whose decision differs from the first one.
fn difference(first: &Answer, other: &Answer) -> Option<String> {
    let mut parts = Vec::new();
    // The expiry of the credentials is not part of the decision.
    let choice = |answer: &Answer| match &answer.decision.outcome {
        Ok(winner) => Ok(winner.chain.clone()),
        Err(error) => Err(error.code),
    };
    if choice(first) != choice(other) {
        parts.push(match &other.decision.outcome {
            Ok(winner) => in_words(winner),
            Err(error) => Escaped(&error.to_string()).to_string(),
        });
    }
    let value = |answer: &Answer| answer.region.as_ref().map(|r| r.value.clone());
    if value(first) != value(other) {
        parts.push(match &other.region {
            Some(region) => format!(
                "region {} ({})",
                shown(&region.value),
                Escaped(&region.from)
            ),
            None => "no region".to_owned(),
        });
    }
    (!parts.is_empty()).then(|| format!("  {:<6}{}\n", other.tool.name(), parts.join("; ")))
}
