//! Token files and caches.

use super::{Checks, Finding, Read, Severity};
use crate::aws::cache;
use crate::aws::chain::{FileContent, Host as _, Tool};
use crate::aws::token::{self, NoToken};
use crate::sys::fs;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

impl Checks<'_> {
    /// The token files of the logins that the profiles use, and what else lies beside them.
    pub(super) fn logins(&mut self, read: &Read) {
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

    pub(super) fn login(&mut self, path: &Path, key: &str, url: Option<&str>) {
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
                let message = format!("the file is not a token of '{key}'");
                let finding = Finding::new(Severity::Error, "not-a-token", message);
                self.findings.push(finding.at(path, None).fix(login));
            }
            Err(NoToken::Broken { message, line, .. }) => {
                let message = format!("the token of '{key}' is broken: {message}");
                let finding = Finding::new(Severity::Error, "invalid-token", message);
                let line = u32::try_from(line).ok();
                self.findings.push(finding.at(path, line).fix(login));
            }
            Ok(token) => {
                if token.expires.is_none() {
                    let message = format!("the end of the login of '{key}' can't be read");
                    let finding = Finding::new(Severity::Error, "invalid-token-expiry", message);
                    self.findings.push(finding.at(path, None).fix(login));
                }
                // The AWS CLI before 2021 wrote the letters; the strict readers take them for no date.
                let text = String::from_utf8_lossy(&json);
                if token.expires.is_some() && text.contains("UTC\"") {
                    let message = format!("the token of '{key}' has a date that ends in UTC");
                    let finding = Finding::new(Severity::Advice, "token-expiry-format", message);
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
                    let finding =
                        Finding::new(Severity::Error, "token-start-url-mismatch", message);
                    self.findings.push(finding.at(path, None).fix(login));
                }
            }
        }
    }

    /// Files in the token directory that belong to no profile.
    pub(super) fn strangers(
        &mut self,
        folder: &Path,
        logins: &BTreeMap<PathBuf, (String, Option<String>)>,
    ) {
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
            let finding = Finding::new(Severity::Advice, "unused-tokens", message);
            let fix = "They do no harm; `aws sso logout` removes all tokens";
            self.findings.push(finding.at(folder, None).fix(fix));
        }
    }
}
