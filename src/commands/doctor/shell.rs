//! The settings, and whether the shell loads awsbadge.

use super::{Checks, Finding, Severity};
use crate::aws::chain::{FileContent, Host as _};
use crate::aws::env_vars::{self};
use crate::sys::fs;
use std::path::PathBuf;

impl Checks<'_> {
    /// The user's own settings.
    pub(super) fn settings(&mut self) {
        for problem in &self.ctx.problems {
            let severity = if problem.hides_production {
                Severity::Error
            } else {
                Severity::Advice
            };
            let mut finding =
                Finding::new(severity, problem.code, problem.message.clone()).fix(&*problem.fix);
            finding.place = self.ctx.diagnostic_of(problem).location;
            self.findings.push(finding);
        }
    }

    /// Whether the shell loads the hook.
    pub(super) fn shell(&mut self) {
        let (Some(shell), Some(home)) = (
            self.ctx.env.text(&env_vars::SHELL),
            self.ctx.places.home.clone(),
        ) else {
            return;
        };
        let folder = |var: &'static env_vars::EnvVar, default: PathBuf| {
            let named = self.ctx.env.raw(var).filter(|v| !v.is_empty());
            named.map_or(default, PathBuf::from)
        };
        let (name, candidates) = match shell.rsplit('/').next() {
            Some("zsh") => {
                let base = folder(&env_vars::ZDOTDIR, home.clone());
                ("zsh", vec![base.join(".zshrc"), base.join(".zshenv")])
            }
            Some("bash") => {
                let files = [".bashrc", ".bash_profile", ".profile"];
                ("bash", files.map(|f| home.join(f)).to_vec())
            }
            Some("fish") => {
                let base = folder(&env_vars::XDG_CONFIG_HOME, home.join(".config")).join("fish");
                let mut all = vec![base.join("config.fish")];
                all.extend(fs::list(&base.join("conf.d")));
                ("fish", all)
            }
            _ => return,
        };
        let loads = |path: &PathBuf| match self.ctx.read(path) {
            FileContent::Bytes(text) => String::from_utf8_lossy(&text)
                .lines()
                .any(|l| !l.trim_start().starts_with('#') && l.contains("awsbadge")),
            _ => false,
        };
        if candidates.iter().any(loads) {
            return;
        }
        let Some(first) = candidates.first() else {
            return;
        };
        let line = match name {
            "fish" => "awsbadge init fish --prompt left | source".to_owned(),
            name => format!("eval \"$(awsbadge init {name} --prompt left)\""),
        };
        let message = format!("nothing in {name}'s start-up files loads the badge");
        let finding = Finding::new(Severity::Advice, "hook-not-loaded", message);
        self.findings
            .push(finding.at(first, None).fix(format!("Add: {line}")));
    }
}
