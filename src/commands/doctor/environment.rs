//! Variables that override each other or have no effect.

use super::{Checks, Finding, Severity};
use crate::aws::chain::Tool;
use crate::aws::env_identity::SWITCHERS;
use crate::aws::env_vars::{self, Role};
use crate::aws::time::{self, Written};
use crate::sys::{self};

impl Checks<'_> {
    /// What the environment as it is does to each tool.
    pub(super) fn environment(&mut self) {
        const TOLD: [&str; 7] = [
            "keys-over-profile",
            "profile-over-keys",
            "two-profiles",
            "empty-profile",
            "empty-region",
            "keys-expired",
            "expiry-unreadable",
        ];
        for tool in Tool::ALL {
            let told = tool.explain(
                &self.ctx.inputs(None),
                &tool.read_files(self.ctx.env, self.ctx),
            );
            if let Some(error) = told.outcome.as_ref().err().filter(|e| {
                matches!(
                    e.code,
                    "profile-not-found"
                        | "partial-credentials"
                        | "expiry-unreadable"
                        | "credential-source-empty"
                        | "web-identity-without-role"
                )
            }) {
                let known = self
                    .findings
                    .iter()
                    .any(|f| f.code == error.code && f.place.is_some() && f.tools.contains(&tool));
                if !known {
                    let mut finding =
                        Finding::new(Severity::Error, error.code, error.message.clone());
                    finding.place = error.location.clone();
                    self.of_tool(tool, finding);
                }
            }
            for notice in told.warnings.iter().filter(|n| TOLD.contains(&n.code)) {
                // The sentence is about one tool; here the tools stand behind it.
                let message = match notice.code {
                    "empty-profile" => "AWS_PROFILE or AWS_DEFAULT_PROFILE is set and empty".into(),
                    "empty-region" => "a variable gives an empty region".into(),
                    "two-profiles" => {
                        "AWS_PROFILE and AWS_DEFAULT_PROFILE differ, and boto3 goes by the latter"
                            .into()
                    }
                    "profile-over-keys" => {
                        "the environment's keys are passed over, since a profile is named".into()
                    }
                    _ => notice.message.clone(),
                };
                self.of_tool(tool, Finding::new(Severity::Advice, notice.code, message));
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
                None => Finding::new(
                    Severity::Advice,
                    "expiry-unreadable",
                    format!("{name} is no date: '{text}'"),
                ),
                Some(_) if !keys => Finding::new(
                    Severity::Advice,
                    "expiry-without-keys",
                    format!("{name} is set, but no keys are that it could be about"),
                )
                .fix("Unset it"),
                Some(at) if at <= self.ctx.now => Finding::new(
                    Severity::Advice,
                    "keys-expired",
                    format!("the environment's keys ended at {} ({name})", at.iso()),
                ),
                Some(_) => continue,
            };
            let known = |f: &Finding| f.code == finding.code && f.message.contains(name);
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
            let finding = Finding::new(Severity::Advice, "switcher-left-over", message);
            self.findings
                .push(finding.fix(format!("Unset {} if it is a leftover", var.name)));
        }
    }
}
