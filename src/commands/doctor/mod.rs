//! `doctor`: everything that is wrong or will surprise, each with its place, who trips over it, and the fix.

mod aws_cli;
mod config;
mod environment;
mod finding;
mod permissions;
mod shell;
mod tokens;

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{Files, Tool};
use crate::cli::Doctor;
use crate::context::Context;
use crate::error::code;
use crate::output::style::styled;
use crate::sys::terminal;
use finding::{Finding, Severity};
use serde_json::Value;

pub(super) fn run(args: &Doctor, vars: &Env) -> Output {
    let ctx = Context::new(vars);
    let mut doctor = Checks {
        ctx: &ctx,
        findings: Vec::new(),
    };
    let read: Vec<_> = Tool::ALL
        .into_iter()
        .map(|tool| {
            let files = tool.read_files(vars, &ctx);
            (tool, files)
        })
        .collect();
    doctor.grammar(&read);
    doctor.names(&read);
    doctor.values(&read);
    doctor.profiles(&read);
    doctor.environment();
    doctor.logins(&read);
    doctor.modes();
    doctor.settings();
    doctor.shell();
    doctor.aws();
    let mut findings = doctor.findings;
    findings.sort_by_key(|f| f.severity);
    let stdout = if args.json {
        crate::output::json::pretty(&Value::Array(findings.iter().map(Finding::json).collect()))
    } else {
        let colour = terminal::colour(vars, terminal::output_is_terminal());
        if findings.is_empty() {
            "Nothing is wrong.\n".to_owned()
        } else {
            styled(colour, || findings.iter().map(Finding::line).collect())
        }
    };
    let wrong = findings.iter().any(|f| f.severity == Severity::Error);
    Output {
        code: if wrong { code::GENERAL } else { code::OK },
        ..Output::print(stdout)
    }
}

type Read = [(Tool, Files)];

/// What is looked at, and what was found so far.
struct Checks<'a> {
    ctx: &'a Context<'a>,
    findings: Vec<Finding>,
}

impl Checks<'_> {
    /// Adds a finding of one tool, or the tool to a finding that is there already.
    fn of_tool(&mut self, tool: Tool, finding: Finding) {
        let known = self.findings.iter_mut().find(|known| {
            known.code == finding.code
                && known.place == finding.place
                && (known.place.is_some() || known.message == finding.message)
        });
        match known {
            Some(known) => {
                known.severity = known.severity.min(finding.severity);
                if !known.tools.contains(&tool) {
                    known.tools.push(tool);
                }
            }
            None => self.findings.push(Finding {
                tools: vec![tool],
                ..finding
            }),
        }
    }
}
