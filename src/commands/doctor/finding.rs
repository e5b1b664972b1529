//! One problem that `doctor` reports.

use crate::aws::chain::Tool;
use crate::diagnostic::{self, Location};
use crate::output::sanitize::Escaped;
use colored::Colorize;
use serde_json::{Value, json};
use std::path::Path;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// Something does not work.
    Error,
    /// It works, or may, but not as one would think.
    Advice,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) place: Option<Location>,
    /// The tools that trip over it; empty where it is nobody's in particular.
    pub(super) tools: Vec<Tool>,
    pub(super) fix: String,
}

impl Finding {
    pub(super) fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            place: None,
            tools: Vec::new(),
            fix: diagnostic::fix(code).to_owned(),
        }
    }

    pub(super) fn at(self, path: &Path, line: Option<u32>) -> Self {
        Self {
            place: Some(Location {
                path: path.to_owned(),
                line,
            }),
            ..self
        }
    }

    pub(super) fn fix(self, fix: impl Into<String>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "severity": self.severity.name(),
            "code": self.code,
            "message": self.message,
            "file": self.place.as_ref().map(|l| l.path.to_string_lossy()),
            "line": self.place.as_ref().and_then(|l| l.line),
            "tools": self.tools.iter().map(|t| t.name()).collect::<Vec<_>>(),
            "fix": self.fix,
        })
    }

    /// The finding on one line.
    pub(super) fn line(&self) -> String {
        let severity = match self.severity {
            Severity::Error => self.severity.name().red(),
            Severity::Advice => self.severity.name().yellow(),
        };
        let place = match &self.place {
            Some(location) => format!("{location}: "),
            None => String::new(),
        };
        let tools: Vec<&str> = self.tools.iter().map(|t| t.name()).collect();
        let tools = match tools.len() {
            0 => String::new(),
            n if n == Tool::ALL.len() => " (every tool)".to_owned(),
            _ => format!(" ({})", tools.join(", ")),
        };
        let fix = match self.fix.as_str() {
            "" => String::new(),
            fix => format!(". {fix}"),
        };
        let text = format!("{place}{}{tools}{fix}", self.message);
        format!("{severity} {}: {}\n", self.code, Escaped(&text))
    }
}

impl Severity {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Advice => "advice",
        }
    }
}
