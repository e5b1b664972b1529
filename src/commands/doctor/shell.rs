//! The settings, and whether the shell loads awsbadge.

use super::Checks;
use crate::aws::chain::{FileContent, Host as _};
use crate::aws::config;
use crate::context::settings_path;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::identity::lookup;
use crate::shell_rc;
use std::path::Path;

impl Checks<'_> {
    /// The user's own settings, and whether the profiles of `[directory …]` exist.
    pub(super) fn settings(&mut self) {
        self.findings.extend(self.ctx.problems.iter().cloned());
        let files = self.ctx.aws_files();
        let names = config::names(files.config.text(), files.credentials.text());
        for (directory, profile) in &self.ctx.settings.directories {
            if names.iter().any(|n| n.name == *profile) {
                continue;
            }
            let message = format!(
                "[directory {directory}] names the profile '{profile}', which does not exist"
            );
            let mut finding = Diagnostic::new(Code::SettingsDirectoryProfile, message);
            finding.location = settings_path(self.ctx.env).map(|path| Location::file(&path));
            self.findings
                .push(match lookup::nearest_fix(self.ctx, profile) {
                    Some(fix) => finding.fix(fix),
                    None => finding,
                });
        }
    }

    /// Whether the login shell loads the hook.
    pub(super) fn shell(&mut self) {
        let (Some(shell), Some(home)) =
            (shell_rc::login_shell(self.ctx.env), &self.ctx.places.home)
        else {
            return;
        };
        let loads = |path: &Path| match self.ctx.read(path) {
            FileContent::Bytes(text) => {
                shell_rc::loading(path, &String::from_utf8_lossy(&text)).is_some()
            }
            _ => false,
        };
        let files = shell_rc::start_up_files(shell, home, self.ctx.env);
        let (Some(first), false) = (files.first(), files.iter().any(|path| loads(path))) else {
            return;
        };
        let name = shell.name();
        let line = shell_rc::line(shell, " --prompt left");
        let message = format!("nothing in {name}'s start-up files loads the badge");
        let finding = Diagnostic::new(Code::HookNotLoaded, message).at(Location::file(first));
        self.findings.push(finding.fix(format!("Add: {line}")));
    }
}
