//! Files that others can read or write.

use super::Checks;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::shells;
use crate::sys::fs;
use std::path::PathBuf;

impl Checks<'_> {
    /// Who may read what is secret.
    pub(super) fn modes(&mut self) {
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
            // The AWS CLI makes directories that others may list; what is in the files is up to the files.
            let open = about.mode & if about.folder { 0o022 } else { 0o077 };
            if open == 0 {
                continue;
            }
            let (severity, message) = if about.mode & 0o022 == 0 {
                (Severity::Warning, "others on this machine may read it")
            } else {
                (Severity::Error, "others on this machine may write to it")
            };
            let mode = if about.folder { "700" } else { "600" };
            let fix = format!(
                "chmod {mode} {}",
                shells::pasted_path(&path.to_string_lossy())
            );
            let message = format!("{message} (mode {:o})", about.mode);
            let finding = Diagnostic::new(Code::InsecurePermissions, message).severity(severity);
            self.findings
                .push(finding.at(Location::file(&path)).fix(fix));
        }
    }
}
