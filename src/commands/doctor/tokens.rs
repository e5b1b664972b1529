//! Token files and caches.

use super::{Checks, Read};
use crate::aws::cache;
use crate::aws::chain::{FileContent, Host as _, Tool};
use crate::aws::token::{self, NoToken};
use crate::diagnostic::{Code, Diagnostic, Location};
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
                let finding = Diagnostic::new(Code::TokenUnreadable, message);
                self.findings.push(finding.at(Location::file(path)));
                return;
            }
            FileContent::Bytes(json) => json,
        };
        match token::read_sso(&json) {
            Err(NoToken::NotALogin) => {
                let message = format!("the file is not a token of '{key}'");
                let finding = Diagnostic::new(Code::NotAToken, message);
                self.findings.push(finding.at(Location::file(path)));
            }
            Err(NoToken::Broken { message, line, .. }) => {
                let message = format!("the token of '{key}' is broken: {message}");
                let finding = Diagnostic::new(Code::InvalidToken, message);
                let line = u32::try_from(line).ok();
                self.findings.push(finding.at(Location {
                    path: path.to_owned(),
                    line,
                }));
            }
            Ok(token) => {
                if token.expires.is_none() {
                    let message = format!("the end of the login of '{key}' can't be read");
                    let finding = Diagnostic::new(Code::InvalidTokenExpiry, message);
                    self.findings.push(finding.at(Location::file(path)));
                }
                // The AWS CLI before 2021 wrote the letters; strict readers do not accept them as a date.
                let text = String::from_utf8_lossy(&json);
                if token.expires.is_some() && text.contains("UTC\"") {
                    let message = format!("the token of '{key}' has a date that ends in UTC");
                    let finding = Diagnostic::new(Code::TokenExpiryFormat, message);
                    let finding = finding.at(Location::file(path));
                    for tool in [Tool::Rust, Tool::Js, Tool::Go] {
                        self.of_tool(tool, finding.clone());
                    }
                }
                let other = token.start_url.as_deref().zip(url);
                if let Some((of_token, configured)) = other.filter(|(a, b)| a != b) {
                    let message = format!(
                        "the token of '{key}' is of {of_token}, the configuration says {configured}"
                    );
                    let finding = Diagnostic::new(Code::TokenStartUrlMismatch, message);
                    self.findings.push(finding.at(Location::file(path)));
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
            let finding = Diagnostic::new(Code::UnusedTokens, message);
            self.findings.push(finding.at(Location::file(folder)));
        }
    }
}
