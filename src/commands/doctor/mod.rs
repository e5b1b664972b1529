//! `doctor`: everything that is wrong or will surprise, each with its place, who trips over it, and the fix.

use super::Output;
use crate::aws::chain::{Decision, FileContent, Files, Host as _, Inputs, Profiles as _, Tool};
use crate::aws::config::Section;
use crate::aws::env_identity::SWITCHERS;
use crate::aws::env_vars::{self, Role};
use crate::aws::time::{self, Written};
use crate::aws::token::{self, NoToken};
use crate::aws::{Env, cache, regions};
use crate::aws_cli;
use crate::cli::Doctor;
use crate::context::Context;
use crate::diagnostic::{self, Location};
use crate::error::code;
use crate::output::sanitize::Visible;
use crate::output::style::styled;
use crate::shells;
use crate::sys::{self, fs, terminal};
use colored::Colorize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    /// Something does not work.
    Error,
    /// It works, or may, but not as one would think.
    Advice,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    severity: Severity,
    code: &'static str,
    message: String,
    place: Option<Location>,
    /// The tools that trip over it; empty where it is nobody's in particular.
    tools: Vec<Tool>,
    fix: String,
}

impl Finding {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            place: None,
            tools: Vec::new(),
            fix: diagnostic::fix(code).to_owned(),
        }
    }

    fn at(self, path: &Path, line: Option<u32>) -> Self {
        Self {
            place: Some(Location {
                path: path.to_owned(),
                line,
            }),
            ..self
        }
    }

    fn fix(self, fix: impl Into<String>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }

    fn json(&self) -> Value {
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
    fn line(&self) -> String {
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
        format!("{severity} {}: {}\n", self.code, Visible(&text))
    }
}

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

impl Severity {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Advice => "advice",
        }
    }
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

pub(super) fn run(args: &Doctor, vars: &Env) -> Output {
    let ctx = Context::new(vars);
    let mut doctor = Rounds {
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
    let stdout = match args.json {
        true => {
            crate::output::json::pretty(&Value::Array(findings.iter().map(Finding::json).collect()))
        }
        false => {
            let colour = terminal::colour(vars, terminal::output_is_terminal());
            match findings.is_empty() {
                true => "Nothing is wrong.\n".to_owned(),
                false => styled(colour, || findings.iter().map(Finding::line).collect()),
            }
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
struct Rounds<'a> {
    ctx: &'a Context<'a>,
    findings: Vec<Finding>,
}

impl Rounds<'_> {
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

    /// Files that a tool refuses, and what a tool passes over in them.
    fn grammar(&mut self, read: &Read) {
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
    fn names(&mut self, read: &Read) {
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
    fn values(&mut self, read: &Read) {
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
    fn profiles(&mut self, read: &Read) {
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

    fn of_profile(&mut self, tool: Tool, told: &Decision, files: &Files, profile: &Section) {
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

    /// What the environment as it is does to each tool.
    fn environment(&mut self) {
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
    fn dates(&mut self) {
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
    fn switchers(&mut self) {
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

    /// The token files of the logins that the profiles use, and what else lies beside them.
    fn logins(&mut self, read: &Read) {
        let Some(home) = self.ctx.places.home.clone() else {
            return;
        };
        // Whatever tool reads the files: the logins are those that any of them knows.
        let mut logins: BTreeMap<PathBuf, (String, Option<String>)> = BTreeMap::new();
        for (_, files) in read {
            let sessions = files
                .merged
                .sso_sessions
                .iter()
                .map(|s| (s.name.as_str(), s.text("sso_start_url")));
            let legacy = files
                .merged
                .profiles
                .iter()
                .filter(|p| p.text("sso_session").is_none())
                .filter_map(|p| p.text("sso_start_url"))
                .map(|url| (url, Some(url)));
            for (key, url) in sessions.chain(legacy) {
                logins
                    .entry(cache::sso_token(&home, key))
                    .or_insert_with(|| (key.to_owned(), url.map(str::to_owned)));
            }
        }
        for (path, (key, url)) in &logins {
            self.login(path, key, url.as_deref());
        }
        self.strangers(&home.join(".aws/sso/cache"), &logins);
    }

    fn login(&mut self, path: &Path, key: &str, url: Option<&str>) {
        let content = match self.ctx.read_cache(path, &token::is_whole) {
            FileContent::Partial => self.ctx.read(path),
            content => content,
        };
        let json = match content {
            FileContent::Absent | FileContent::Partial => return,
            FileContent::Unusable(why) => {
                let message = format!("the token of '{key}' can't be read: {why}");
                let finding = Finding::new(Severity::Error, "token-unreadable", message);
                self.findings
                    .push(finding.at(path, None).fix("Make it readable"));
                return;
            }
            FileContent::Bytes(json) => json,
        };
        let login = "Log in again: awsbadge login";
        match token::read_sso(&json) {
            Err(NoToken::NotALogin) => {
                let message = format!("this is no token of '{key}', but something else");
                let finding = Finding::new(Severity::Error, "token-is-none", message);
                self.findings.push(finding.at(path, None).fix(login));
            }
            Err(NoToken::Broken { message, line, .. }) => {
                let message = format!("the token of '{key}' is broken: {message}");
                let finding = Finding::new(Severity::Error, "token-broken", message);
                let line = u32::try_from(line).ok();
                self.findings.push(finding.at(path, line).fix(login));
            }
            Ok(token) => {
                if token.expires.is_none() {
                    let message = format!("the end of the login of '{key}' can't be read");
                    let finding = Finding::new(Severity::Error, "token-date", message);
                    self.findings.push(finding.at(path, None).fix(login));
                }
                // The AWS CLI before 2021 wrote the letters; the strict readers take them for no date.
                let text = String::from_utf8_lossy(&json);
                if token.expires.is_some() && text.contains("UTC\"") {
                    let message = format!("the token of '{key}' has a date that ends in UTC");
                    let finding = Finding::new(Severity::Advice, "token-date-form", message);
                    let finding = finding.at(path, None).fix("Log in again with a newer tool");
                    for tool in [Tool::Rust, Tool::Js, Tool::Go] {
                        self.of_tool(tool, finding.clone());
                    }
                }
                let other = token.start_url.as_deref().zip(url);
                if let Some((theirs, ours)) = other.filter(|(theirs, ours)| theirs != ours) {
                    let message = format!(
                        "the token of '{key}' is of {theirs}, the configuration says {ours}"
                    );
                    let finding = Finding::new(Severity::Error, "token-of-another", message);
                    self.findings.push(finding.at(path, None).fix(login));
                }
            }
        }
    }

    /// Files in the token folder that belong to no profile.
    fn strangers(&mut self, folder: &Path, logins: &BTreeMap<PathBuf, (String, Option<String>)>) {
        let mut dead = 0;
        for path in fs::list(folder) {
            let is_json = path.extension().is_some_and(|e| e == "json");
            if !is_json || logins.contains_key(&path) {
                continue;
            }
            if let FileContent::Bytes(json) = self.ctx.read(&path)
                && let Ok(token) = token::read_sso(&json)
                && token.expires.is_some_and(|at| at <= self.ctx.now)
            {
                dead += 1;
            }
        }
        if dead > 0 {
            let message = format!("{dead} tokens that are over belong to no profile");
            let finding = Finding::new(Severity::Advice, "tokens-left-over", message);
            let fix = "They do no harm; `aws sso logout` removes all tokens";
            self.findings.push(finding.at(folder, None).fix(fix));
        }
    }

    /// Who may read what is secret.
    fn modes(&mut self) {
        let Some(home) = self.ctx.places.home.clone() else {
            return;
        };
        let folders = [".aws/sso/cache", ".aws/cli/cache", ".aws/login/cache"];
        let mut looked_at: Vec<PathBuf> = self.ctx.places.credentials.iter().cloned().collect();
        looked_at.push(home.join(".aws"));
        for folder in folders.map(|f| home.join(f)) {
            let tokens = fs::list(&folder);
            looked_at.push(folder);
            looked_at.extend(
                tokens
                    .into_iter()
                    .filter(|p| p.extension().is_some_and(|e| e == "json")),
            );
        }
        for path in looked_at {
            let Some(about) = fs::about(&path) else {
                continue;
            };
            // The folder above the caches says nothing to those who may list it.
            let is_aws = path == home.join(".aws");
            let open = match is_aws {
                true => about.mode & 0o022,
                false => about.mode & 0o077,
            };
            if open == 0 {
                continue;
            }
            let (severity, message) = match about.mode & 0o022 {
                0 => (Severity::Advice, "others on this machine may read it"),
                _ => (Severity::Error, "others on this machine may write to it"),
            };
            // A cache that others may enter is a matter of its files' own modes.
            let severity = match about.folder {
                true if about.mode & 0o022 == 0 => Severity::Advice,
                _ => severity,
            };
            let mode = if about.folder { "700" } else { "600" };
            let fix = format!(
                "chmod {mode} {}",
                shells::pasted_path(&path.to_string_lossy())
            );
            let message = format!("{message} (mode {:o})", about.mode);
            let finding = Finding::new(severity, "open-to-others", message);
            self.findings.push(finding.at(&path, None).fix(fix));
        }
    }

    /// The user's own settings.
    fn settings(&mut self) {
        for problem in &self.ctx.problems {
            let severity = match problem.hides_production {
                true => Severity::Error,
                false => Severity::Advice,
            };
            let mut finding =
                Finding::new(severity, problem.code, problem.message.clone()).fix(&*problem.fix);
            finding.place = self.ctx.diagnostic_of(problem).location;
            self.findings.push(finding);
        }
    }

    /// Whether the shell loads the hook.
    fn shell(&mut self) {
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

    /// The AWS CLI: whether it is here, and not too old.
    fn aws(&mut self) {
        let Some(aws) = aws_cli::find(self.ctx.env) else {
            let message = "there is no `aws` on the PATH; logging in needs it";
            let finding = Finding::new(Severity::Advice, "no-aws-cli", message);
            self.findings.push(finding.fix("Install the AWS CLI v2"));
            return;
        };
        let Some((major, minor)) = aws_cli::version(&aws, self.ctx.env) else {
            let message = "`aws --version` does not tell its version";
            let finding = Finding::new(Severity::Advice, "aws-cli-version", message);
            self.findings.push(finding.at(&aws, None));
            return;
        };
        let trouble = match (major, minor) {
            (1, _) => {
                "is version 1: it goes by AWS_DEFAULT_PROFILE before AWS_PROFILE, passes over AWS_REGION, and has no sso login"
            }
            (2, ..9) => "is older than 2.9: it does not know [sso-session] sections",
            _ => return,
        };
        let message = format!("the AWS CLI here {trouble}");
        let finding = Finding::new(Severity::Advice, "aws-cli-version", message);
        self.findings
            .push(finding.at(&aws, None).fix("Install a newer one"));
    }
}
