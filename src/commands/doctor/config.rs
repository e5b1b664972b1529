//! What is wrong in the AWS files.

use super::{Checks, Finding, Read, Severity};
use crate::aws::chain::{Decision, Files, Inputs, Profiles as _, Tool};
use crate::aws::config::Section;
use crate::aws::env_vars::{self};
use crate::aws::{Env, regions};
use std::collections::BTreeMap;

/// How a header that is passed over has to be written.
fn passed_over(message: &str) -> Option<String> {
    let inside = message.split_once('[')?.1.strip_suffix(']')?;
    let name = inside.strip_prefix("profile ")?.trim();
    if message.starts_with("the SDKs") {
        return Some(
            "For them a name has only ASCII letters, digits and _ - . % @ : / +".to_owned(),
        );
    }
    let quoted = message.starts_with("the AWS CLI") && !name.contains('"');
    quoted.then(|| {
        format!("Write [profile \"{name}\"]; or give it a plain name, since the SDKs take no other")
    })
}

/// What is odd about the value of a key: code, message and fix. A comment behind a value is a finding of its own.
fn odd(key: &str, text: &str) -> Option<(&'static str, String, &'static str)> {
    match key {
        "region" | "sso_region" if !text.contains(['#', ';']) && !regions::is_region(text) => {
            Some((
                "odd-region",
                format!("{key} '{text}' is no region of AWS's"),
                "`asr` with TAB knows their names",
            ))
        }
        // AssumeRole takes no other.
        "duration_seconds"
            if !text
                .parse()
                .is_ok_and(|seconds: u32| (900..=43_200).contains(&seconds)) =>
        {
            Some((
                "odd-duration",
                format!("{key} '{text}' is no number of seconds from 900 to 43200"),
                "Write one, or leave the key out for an hour",
            ))
        }
        _ => None,
    }
}

impl Checks<'_> {
    /// Files that a tool refuses, and what a tool passes over in them.
    pub(super) fn grammar(&mut self, read: &Read) {
        for (tool, files) in read {
            if let Some(refusal) = files.refusal() {
                let message = format!("{}; the whole file is refused", refusal.message);
                let mut finding = Finding::new(Severity::Error, "config-parse", message);
                finding.place = refusal.location.clone();
                self.of_tool(*tool, finding);
                continue;
            }
            let of_grammar = files.merged.warnings.iter().map(|w| files.diagnostic(w));
            for warning in files.ignored_files().iter().cloned().chain(of_grammar) {
                let fix =
                    passed_over(&warning.message).filter(|_| warning.code == "ignored-section");
                let mut finding = Finding::new(Severity::Advice, warning.code, warning.message);
                finding.place = warning.location;
                finding.fix = fix.unwrap_or(finding.fix);
                self.of_tool(*tool, finding);
            }
        }
    }

    /// Profiles and values that are not the same to botocore and to the SDKs.
    pub(super) fn names(&mut self, read: &Read) {
        let of = |wanted: Tool| {
            let found = read.iter().find(|(tool, _)| *tool == wanted);
            found
                .map(|(_, files)| files)
                .filter(|files| files.refusal().is_none())
        };
        let (Some(botocore), Some(sdk)) = (of(Tool::Cli), of(Tool::Rust)) else {
            return;
        };
        let by_name: BTreeMap<&str, &Section> = sdk
            .merged
            .profiles
            .iter()
            .map(|p| (p.name.as_str(), p))
            .collect();
        let mut found = Vec::new();
        for profile in &botocore.merged.profiles {
            let Some(other) = by_name.get(profile.name.as_str()) else {
                continue;
            };
            for (key, value) in &profile.keys {
                let Some(theirs) = other.get(key).filter(|v| v.line == value.line) else {
                    continue;
                };
                let comment = [" #", " ;", "\t#", "\t;"]
                    .iter()
                    .any(|mark| value.text.contains(mark));
                if theirs.text != value.text && comment {
                    found.push((key.clone(), value.file, value.line));
                }
            }
        }
        for (key, file, line) in found {
            let finding = Finding::new(
                Severity::Advice,
                "comment-in-value",
                format!("the comment behind {key} is part of the value"),
            )
            .fix("Put the comment on a line of its own");
            let finding = match botocore.path(file) {
                Some(path) => finding.at(path, Some(line)),
                None => finding,
            };
            self.of_tool(Tool::Cli, finding.clone());
            self.of_tool(Tool::Boto3, finding);
        }
    }

    /// Values that no server would take.
    pub(super) fn values(&mut self, read: &Read) {
        for (tool, files) in read {
            let merged = &files.merged;
            for section in merged.profiles.iter().chain(&merged.sso_sessions) {
                for (key, value) in &section.keys {
                    let Some((code, message, fix)) = odd(key, &value.text) else {
                        continue;
                    };
                    let finding = Finding::new(Severity::Advice, code, message).fix(fix);
                    let finding = match files.path(value.file) {
                        Some(path) => finding.at(path, Some(value.line)),
                        None => finding,
                    };
                    self.of_tool(*tool, finding);
                }
            }
        }
    }

    /// Every profile, by each tool's chain, as if nothing were set in the environment.
    pub(super) fn profiles(&mut self, read: &Read) {
        let kept = [
            env_vars::HOME.name,
            env_vars::AWS_CONFIG_FILE.name,
            env_vars::AWS_SHARED_CREDENTIALS_FILE.name,
            env_vars::PATH.name,
        ];
        let bare: Env = self
            .ctx
            .env
            .iter()
            .filter(|(name, _)| kept.iter().any(|kept| *kept == *name))
            .collect();
        for (tool, files) in read {
            for profile in &files.merged.profiles {
                let inputs = Inputs {
                    env: &bare,
                    ..self.ctx.inputs(Some(&profile.name))
                };
                let decision = tool.explain(&inputs, files);
                self.of_profile(*tool, &decision, files, profile);
            }
        }
    }

    pub(super) fn of_profile(
        &mut self,
        tool: Tool,
        told: &Decision,
        files: &Files,
        profile: &Section,
    ) {
        // Whether somebody is logged in, and what only the environment can give, is no mistake of the file.
        const NO_MISTAKES: [&str; 3] =
            ["no-credentials", "login-needed", "credential-source-empty"];
        if let Err(error) = &told.outcome
            && !NO_MISTAKES.contains(&error.code)
        {
            // A profile that only gives bearer tokens may be meant to; a token file may be of another machine;
            // and what one SDK alone stumbles over matters to those who use it.
            let bearer = profile
                .text("sso_account_id")
                .or(profile.text("sso_role_name"));
            let severity = match (error.code, tool) {
                ("sso-incomplete", _) if bearer.is_none() => Severity::Advice,
                ("mfa-needed" | "token-file-missing", _) => Severity::Advice,
                (_, Tool::Cli | Tool::Boto3) => Severity::Error,
                _ => Severity::Advice,
            };
            let own = files.location(profile.file, profile.line);
            let place = error.location.clone().or(Some(own));
            let message = format!("profile '{}': {}", profile.name, error.message);
            let finding = Finding::new(severity, error.code, message);
            self.of_tool(tool, Finding { place, ..finding });
        }
        for notice in &told.warnings {
            let about_all = notice.code == "several-sources" && tool == Tool::Cli;
            if about_all || notice.code == "mfa-ignored" || notice.code == "mistake-passed-over" {
                let severity = Severity::Advice;
                let finding = Finding::new(severity, notice.code, notice.message.clone());
                let own = files.location(profile.file, profile.line);
                let place = notice.location.clone().or(Some(own));
                self.of_tool(tool, Finding { place, ..finding });
            }
        }
    }
}
