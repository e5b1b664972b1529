//! Variables that override each other or have no effect.

use super::{Checks, Read};
use crate::aws::chain::Tool;
use crate::aws::env_identity::SWITCHERS;
use crate::aws::env_vars::{self, Role};
use crate::aws::time::{self, Written};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::identity::lookup;
use crate::sys::{self, fs};

impl Checks<'_> {
    /// What the environment as it is does to each tool.
    pub(super) fn environment(&mut self, read: &Read) {
        const WARNINGS: [Code; 7] = [
            Code::KeysOverrideProfile,
            Code::ProfileOverridesKeys,
            Code::ConflictingProfiles,
            Code::EmptyProfile,
            Code::EmptyRegion,
            Code::KeysExpired,
            Code::InvalidExpiry,
        ];
        for (tool, files) in read {
            let tool = *tool;
            let decision = tool.explain(&self.ctx.inputs(None), files);
            if let Some(error) = decision.outcome.as_ref().err().filter(|e| {
                matches!(
                    e.code,
                    Code::ProfileNotFound
                        | Code::PartialCredentials
                        | Code::InvalidExpiry
                        | Code::CredentialSourceEmpty
                        | Code::WebIdentityWithoutRole
                )
            }) {
                let known = self.findings.iter().any(|f| {
                    f.code == error.code && f.location.is_some() && f.tools.contains(tool)
                });
                if !known {
                    let fix = if error.code == Code::ProfileNotFound {
                        lookup::nearest_fix(self.ctx, &decision.profile)
                    } else {
                        None
                    };
                    let error = error.clone();
                    self.of_tool(
                        tool,
                        match fix {
                            Some(fix) => error.fix(fix),
                            None => error,
                        },
                    );
                }
            }
            for warning in decision
                .warnings
                .iter()
                .filter(|n| WARNINGS.contains(&n.code))
            {
                // The message names one tool; here the tools are listed after it.
                let message = match warning.code {
                    Code::EmptyProfile => {
                        "AWS_PROFILE or AWS_DEFAULT_PROFILE is set and empty".into()
                    }
                    Code::EmptyRegion => "a variable gives an empty region".into(),
                    Code::ConflictingProfiles => {
                        "AWS_PROFILE and AWS_DEFAULT_PROFILE differ, and boto3 goes by the latter"
                            .into()
                    }
                    Code::ProfileOverridesKeys => {
                        "a profile is named, so the keys in the environment are ignored".into()
                    }
                    _ => warning.message.clone(),
                };
                let finding = Diagnostic {
                    message,
                    ..warning.clone()
                };
                self.of_tool(tool, finding);
            }
        }
        self.default_profile();
        self.file_variables();
        self.dates();
        self.switchers();
    }

    /// `AWS_DEFAULT_PROFILE` alone, which only some tools read.
    fn default_profile(&mut self) {
        let inputs = self.ctx.inputs(None);
        let named = self.ctx.env.text(&env_vars::AWS_DEFAULT_PROFILE);
        if named.is_none() || self.ctx.env.has(&env_vars::AWS_PROFILE) {
            return;
        }
        let (readers, others): (Vec<_>, Vec<_>) = Tool::ALL
            .into_iter()
            .partition(|tool| tool.select(&inputs).1 == env_vars::AWS_DEFAULT_PROFILE.name);
        if readers.is_empty() || others.is_empty() {
            return;
        }
        let message = "AWS_DEFAULT_PROFILE is set without AWS_PROFILE, and not every tool reads it";
        let finding = Diagnostic::new(Code::VariableIgnored, message).fix("Set AWS_PROFILE too");
        for tool in others {
            self.of_tool(tool, finding.clone());
        }
    }

    /// The variables that move the AWS files.
    fn file_variables(&mut self) {
        let places = &self.ctx.places;
        for (var, path) in [
            (&env_vars::AWS_CONFIG_FILE, &places.config),
            (&env_vars::AWS_SHARED_CREDENTIALS_FILE, &places.credentials),
        ] {
            let (Some(text), Some(path)) = (self.ctx.env.text(var), path) else {
                continue;
            };
            let exists = fs::about(path).is_some();
            let (message, fix) = if !exists && text.contains(':') {
                let message = "is a list, and every tool takes it as the name of one file";
                (message, "Name one file")
            } else if !exists {
                (
                    "names a file that does not exist",
                    "Correct the path, or unset it",
                )
            } else if text.starts_with('~') {
                let finding = format!("{var} begins with ~, which Go does not expand");
                let finding = Diagnostic::new(Code::FileVariable, finding);
                self.of_tool(Tool::Go, finding.fix("Write the whole path"));
                continue;
            } else if !text.starts_with(['/', '$']) {
                let message = "is a relative path: which file it is depends on the directory";
                (message, "Write the whole path")
            } else {
                continue;
            };
            let finding = Diagnostic::new(Code::FileVariable, format!("{var} {message}"));
            self.findings.push(finding.fix(fix));
        }
    }

    /// The dates that other tools left for the end of keys.
    pub(super) fn dates(&mut self) {
        for var in env_vars::ALL.iter().filter(|v| v.role == Role::Expiry) {
            let Some(text) = self.ctx.env.text(var) else {
                continue;
            };
            let at = match time::parse(&text) {
                Some(Written::At(at)) => Some(at),
                Some(Written::NoZone(wall)) => Some(sys::clock::local(wall)),
                None => None,
            };
            let name = var.name;
            let keys = self.ctx.env.has(&env_vars::AWS_ACCESS_KEY_ID);
            let finding = match at {
                None => Diagnostic::new(
                    Code::InvalidExpiry,
                    format!("{name} is not a date: '{text}'"),
                )
                .severity(Severity::Warning),
                Some(_) if !keys => Diagnostic::new(
                    Code::ExpiryWithoutKeys,
                    format!("{name} is set, but no keys are that it could be about"),
                ),
                Some(at) if at <= self.ctx.now => Diagnostic::new(
                    Code::KeysExpired,
                    format!("the environment's keys ended at {} ({name})", at.iso()),
                ),
                Some(_) => continue,
            };
            // The chains of the AWS CLI and boto3 know this one, and said so.
            let of_chain = name == env_vars::AWS_CREDENTIAL_EXPIRATION.name;
            let known = |f: &Diagnostic| f.code == finding.code;
            if !(of_chain && self.findings.iter().any(known)) {
                self.findings.push(finding);
            }
        }
    }

    /// Marks of other switchers that are not of the profile in play.
    pub(super) fn switchers(&mut self) {
        let Some(profile) = self.ctx.env.text(&env_vars::AWS_PROFILE) else {
            return;
        };
        for var in SWITCHERS {
            let Some(other) = self.ctx.env.text(var).filter(|other| *other != profile) else {
                continue;
            };
            let message = format!(
                "{} says '{other}', and AWS_PROFILE says '{profile}'",
                var.name
            );
            let finding = Diagnostic::new(Code::StaleSwitcherVariable, message);
            self.findings
                .push(finding.fix(format!("Unset {} if it is a leftover", var.name)));
        }
    }
}
