//! `doctor`: every problem, with its location, the affected tools and the fix.

mod aws_cli;
mod config;
mod environment;
mod fix;
mod keys;
mod permissions;
mod shell;
mod tokens;

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{Files, Tool};
use crate::cli::Doctor;
use crate::context::Context;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::error::{Error, code};
use crate::output::sanitize::Escaped;
use crate::output::style::styled;
use crate::sys::{fs, terminal};
use colored::Colorize as _;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

pub(super) fn run(args: &Doctor, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let mut doctor = Checks {
        ctx: &ctx,
        findings: Vec::new(),
        misspelt: HashSet::new(),
        index: HashMap::new(),
    };
    let read: Vec<_> = Tool::ALL
        .into_iter()
        .map(|tool| {
            let files = tool.read_files(vars, &ctx);
            (tool, files)
        })
        .collect();
    doctor.configuration();
    doctor.grammar(&read);
    doctor.names(&read);
    doctor.values(&read);
    doctor.keys(&read);
    doctor.profiles(&read);
    doctor.environment(&read);
    doctor.logins(&read);
    doctor.modes();
    doctor.settings();
    doctor.shell();
    doctor.aws();
    let mut findings = doctor.findings;
    // A key that the SDKs ignore because it is in quotes has been named already.
    let quoted: HashSet<_> = findings
        .iter()
        .filter(|f| f.code == Code::QuotedKey)
        .map(|f| f.location.clone())
        .collect();
    findings.retain(|f| f.code != Code::IgnoredKey || !quoted.contains(&f.location));
    // By place, so that a file can be gone through from top to bottom; what has no place stays in order, at the end.
    findings.sort_by(|a, b| {
        let place = |f: &Diagnostic| f.location.clone().map(|l| (l.path, l.line));
        let placeless = |f: &Diagnostic| f.location.is_none();
        let key = |f: &Diagnostic| (f.severity, placeless(f));
        key(a).cmp(&key(b)).then_with(|| place(a).cmp(&place(b)))
    });
    let stdout = if args.json {
        crate::output::json::pretty(&Value::Array(findings.iter().map(object).collect()))
    } else {
        let colour = terminal::colour(vars, terminal::output_is_terminal());
        if findings.is_empty() {
            "Nothing is wrong.\n".to_owned()
        } else {
            styled(colour, || findings.iter().map(line).collect())
        }
    };
    let wrong = findings.iter().any(|f| f.severity == Severity::Error);
    if args.fix {
        terminal::print(stdout.as_bytes()).map_err(|e| Error::General {
            message: format!("standard output can't be written: {}", fs::reason(&e)),
            hint: String::new(),
        })?;
        return Ok(Output {
            stderr: fix::run(&ctx, &findings)?,
            ..Output::default()
        });
    }
    Ok(Output {
        code: if wrong { code::GENERAL } else { code::OK },
        ..Output::print(stdout)
    })
}

/// One of the objects of `--json`.
fn object(finding: &Diagnostic) -> Value {
    json!({
        "severity": finding.severity.name(),
        "code": finding.code.name(),
        "message": finding.message,
        "file": finding.location.as_ref().map(|l| l.path.to_string_lossy()),
        "line": finding.location.as_ref().and_then(|l| l.line),
        "tools": finding.tools.iter().map(|t| t.name()).collect::<Vec<_>>(),
        "fix": finding.fix,
    })
}

/// A finding on one line.
fn line(finding: &Diagnostic) -> String {
    let severity = match finding.severity {
        Severity::Error => finding.severity.name().red(),
        Severity::Warning => finding.severity.name().yellow(),
        Severity::Advice => finding.severity.name().cyan(),
    };
    let tools: Vec<&str> = finding.tools.iter().map(|t| t.name()).collect();
    let tools = match tools.len() {
        0 => String::new(),
        n if n == Tool::ALL.len() => " (every tool)".to_owned(),
        _ => format!(" ({})", tools.join(", ")),
    };
    let fix = match &*finding.fix {
        "" => String::new(),
        fix => format!(". {fix}"),
    };
    let text = format!("{finding}{tools}{fix}");
    format!("{severity} {}: {}\n", finding.code, Escaped(&text))
}

type Read = [(Tool, Files)];

/// What is looked at, and what was found so far.
struct Checks<'a> {
    ctx: &'a Context<'a>,
    findings: Vec<Diagnostic>,
    /// Profiles with a misspelt key. What they lack because of it is not reported again.
    misspelt: HashSet<String>,
    /// Where the findings of [`Checks::of_tool`] are.
    index: HashMap<Cause, usize>,
}

/// What makes two findings the same.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Cause {
    /// This code at this place.
    Place(Code, Location),
    /// This sentence, which is about no place.
    Message(Code, String),
    /// A profile that a tool gets no credentials from, because of this place. The tools give one cause different names.
    Profile(String, Option<Location>),
}

impl Checks<'_> {
    /// Whether there is anything to check.
    fn configuration(&mut self) {
        let places = [&self.ctx.places.config, &self.ctx.places.credentials];
        let mut paths = places.into_iter().flatten();
        if paths.all(|path| fs::about(path).is_none()) {
            let message = "there is no AWS configuration: neither a config nor a credentials file";
            self.findings
                .push(Diagnostic::new(Code::NoConfiguration, message));
        }
    }

    /// Adds a finding of one tool, or the tool to a finding of the same code and place.
    fn of_tool(&mut self, tool: Tool, finding: Diagnostic) {
        self.of_cause(None, tool, finding);
    }

    /// The same, but a finding of the same `cause` counts as well.
    fn of_cause(&mut self, cause: Option<Cause>, tool: Tool, finding: Diagnostic) {
        let place = match &finding.location {
            Some(location) => Cause::Place(finding.code, location.clone()),
            None => Cause::Message(finding.code, finding.message.clone()),
        };
        let causes = [Some(place), cause];
        let known = causes.iter().flatten().find_map(|c| self.index.get(c));
        let at = known.copied().unwrap_or(self.findings.len());
        for cause in causes.into_iter().flatten() {
            self.index.entry(cause).or_insert(at);
        }
        match self.findings.get_mut(at) {
            Some(known) => {
                known.severity = known.severity.min(finding.severity);
                known.tools.insert(tool);
            }
            None => {
                let mut finding = finding;
                finding.tools.insert(tool);
                self.findings.push(finding);
            }
        }
    }
}
