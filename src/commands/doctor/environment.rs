//! Variables that override each other or have no effect.

use super::Checks;
use crate::aws::chain::Tool;
use crate::aws::env_identity::SWITCHERS;
use crate::aws::env_vars::{self, Role};
use crate::aws::time::{self, Written};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::sys;

impl Checks<'_> {
    /// What the environment as it is does to each tool.
    pub(super) fn environment(&mut self) {
        const WARNINGS: [Code; 7] = [
            Code::KeysOverrideProfile,
            Code::ProfileOverridesKeys,
            Code::ConflictingProfiles,
            Code::EmptyProfile,
            Code::EmptyRegion,
            Code::KeysExpired,
            Code::InvalidExpiry,
        ];
        for tool in Tool::ALL {
            let decision = tool.explain(
                &self.ctx.inputs(None),
                &tool.read_files(self.ctx.env, self.ctx),
            );
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
                    f.code == error.code && f.location.is_some() && f.tools.contains(&tool)
                });
                if !known {
                    self.of_tool(tool, error.clone());
                }
            }
            for warning in decision
                .warnings
                .iter()
                .filter(|n| WARNINGS.contains(&n.code))
            {
                // The sentence is about one tool; here the tools stand behind it.
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
        self.dates();
        self.switchers();
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
            let known = |f: &Diagnostic| f.code == finding.code && f.message.contains(name);
            if !self.findings.iter().any(known) {
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
