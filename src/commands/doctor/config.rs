//! What is wrong in the AWS files.

use super::{Cause, Checks, Read};
use crate::aws::chain::{Decision, Files, Inputs, Profiles as _, Tool};
use crate::aws::config::Section;
use crate::aws::env_vars;
use crate::aws::{Env, regions};
use crate::diagnostic::{Code, Diagnostic, Severity};
use std::collections::{BTreeMap, HashMap};

/// What is wrong with the value of a key. A comment after a value is a finding of its own.
fn odd(key: &str, text: &str) -> Option<Diagnostic> {
    match key {
        "region" | "sso_region"
            if !text.contains(['#', ';', '"', '\'']) && !regions::is_region(text) =>
        {
            let message = format!("{key} '{text}' is not an AWS region");
            Some(Diagnostic::new(Code::UnknownRegion, message))
        }
        // AssumeRole takes no other.
        "duration_seconds"
            if !text
                .parse()
                .is_ok_and(|seconds: u32| (900..=43_200).contains(&seconds)) =>
        {
            let message = format!("{key} '{text}' is not a number of seconds from 900 to 43200");
            Some(Diagnostic::new(Code::InvalidDuration, message))
        }
        _ => None,
    }
}

/// How many source profiles a profile may have. The AWS CLI follows fewer, so the first profiles that are too deep for
/// it are found; those above them have the same problem, and walking each of their chains takes time that grows with
/// the square.
const DEEPEST: usize = 310;

/// How many source profiles there are below a profile; more than [`DEEPEST`] counts as one more.
fn depth<'f>(files: &'f Files, name: &'f str, known: &mut HashMap<&'f str, usize>) -> usize {
    let mut way = Vec::new();
    let mut next = Some(name);
    let mut depth = 0;
    while let Some(name) = next {
        if let Some(of_rest) = known.get(name) {
            depth = of_rest + 1;
            break;
        }
        // A loop ends here too.
        if way.len() > DEEPEST {
            break;
        }
        way.push(name);
        let profile = files.merged_profile(name);
        next = profile.and_then(|p| p.text("source_profile"));
    }
    for name in way.into_iter().rev() {
        known.insert(name, depth);
        depth = (depth + 1).min(DEEPEST + 1);
    }
    known.get(name).copied().unwrap_or(0)
}

impl Checks<'_> {
    /// Files that a tool refuses, and what a tool ignores in them.
    pub(super) fn grammar(&mut self, read: &Read) {
        for (tool, files) in read {
            if let Some(refusal) = files.refusal() {
                let message = format!("{}; the whole file is refused", refusal.message);
                let finding = Diagnostic {
                    message,
                    ..refusal.clone()
                };
                self.of_tool(*tool, finding);
                continue;
            }
            for warning in files.ignored_files().iter().chain(&files.merged.warnings) {
                let warning = warning.clone();
                let finding = if warning.code == Code::IgnoredSection {
                    self.ignored_header(files, warning)
                } else {
                    Some(warning)
                };
                if let Some(finding) = finding {
                    self.of_tool(*tool, finding);
                }
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
                let Some(other) = other.get(key).filter(|v| v.line == value.line) else {
                    continue;
                };
                let comment = [" #", " ;", "\t#", "\t;"]
                    .iter()
                    .any(|mark| value.text.contains(mark));
                if other.text != value.text && comment {
                    found.push((key.clone(), value, other.text.clone()));
                }
            }
        }
        for (key, value, without) in found {
            let message = format!("the comment after {key} is part of the value");
            let finding = Diagnostic::new(Code::CommentInValue, message).at(botocore.at(value));
            let comment = value.text.strip_prefix(&without).map(str::trim);
            let finding = match comment.filter(|_| !key.starts_with("aws_s")) {
                Some(comment) => finding.replace_with(format!("{comment}\n{key} = {without}")),
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
                    if let Some(finding) = odd(key, &value.text) {
                        self.of_tool(*tool, finding.at(files.at(value)));
                    }
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
            let mut depths = HashMap::new();
            for profile in &files.merged.profiles {
                if depth(files, &profile.name, &mut depths) > DEEPEST {
                    continue;
                }
                let inputs = Inputs {
                    env: &bare,
                    ..self.ctx.inputs(Some(&profile.name))
                };
                let decision = tool.explain(&inputs, files);
                self.of_profile(*tool, &decision, files, profile);
            }
        }
    }

    fn of_profile(&mut self, tool: Tool, decision: &Decision, files: &Files, profile: &Section) {
        // A missing login, or something that only the environment can provide, is not a mistake in the file.
        const NO_MISTAKES: [Code; 3] = [
            Code::NoCredentials,
            Code::LoginNeeded,
            Code::CredentialSourceEmpty,
        ];
        const WARNINGS: [Code; 2] = [Code::MfaIgnored, Code::IgnoredError];
        let header = || Some(files.location(profile.file, profile.line));
        if let Err(error) = &decision.outcome
            && !NO_MISTAKES.contains(&error.code)
            && !(error.code == Code::PartialCredentials && self.misspelt.contains(&profile.name))
        {
            // A profile that only gives bearer tokens may be meant to; a token file may be of another machine;
            // and what one SDK alone stumbles over matters to those who use it.
            let bearer = profile
                .text("sso_account_id")
                .or(profile.text("sso_role_name"));
            let severity = match (error.code, tool) {
                (Code::SsoIncomplete, _) if bearer.is_none() => Severity::Warning,
                (Code::MfaNeeded | Code::TokenFileMissing, _) => Severity::Warning,
                (_, Tool::Cli | Tool::Boto3) => Severity::Error,
                _ => Severity::Warning,
            };
            let location = error.location.clone().or_else(header);
            let cause = Cause::Profile(profile.name.clone(), location.clone());
            let finding = Diagnostic {
                severity,
                location,
                message: format!("profile '{}': {}", profile.name, error.message),
                ..error.clone()
            };
            self.of_cause(Some(cause), tool, finding);
        }
        for warning in &decision.warnings {
            let about_all = warning.code == Code::MultipleCredentialSources && tool == Tool::Cli;
            if about_all || WARNINGS.contains(&warning.code) {
                let location = warning.location.clone().or_else(header);
                self.of_tool(tool, warning.clone().at(location));
            }
        }
    }
}
