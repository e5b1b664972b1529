//! What logs in: whether the AWS CLI is installed, and its version; whether awsbadge-sso is, if the settings need it.

use super::Checks;
use crate::aws_cli;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::settings::LoginWith;
use crate::sso_program;

impl Checks<'_> {
    /// The AWS CLI: whether it is here, and not too old.
    pub(super) fn aws(&mut self) {
        let login = &self.ctx.settings.login;
        let native = sso_program::find(self.ctx.env).is_some();
        let key = match login.with {
            LoginWith::Native => Some("with = native"),
            LoginWith::Auto if login.renew => Some("renew = on"),
            LoginWith::Auto | LoginWith::Aws => None,
        };
        if let (Some(key), false) = (key, native) {
            let message =
                format!("`{key}` in the settings needs awsbadge-sso, which is not installed");
            let finding = Diagnostic::new(Code::AwsbadgeSsoNotFound, message);
            self.findings.push(finding);
        }
        let Some(aws) = aws_cli::find(self.ctx.env) else {
            if !native || login.with == LoginWith::Aws {
                let message = "there is no `aws` on the PATH; logging in needs it";
                let finding = Diagnostic::new(Code::AwsCliNotFound, message);
                self.findings.push(finding);
            }
            return;
        };
        let Some((major, minor)) = aws_cli::version(&aws, self.ctx.env) else {
            let message = "`aws --version` does not tell its version";
            let finding = Diagnostic::new(Code::AwsCliVersion, message);
            self.findings.push(finding.at(Location::file(&aws)).fix(""));
            return;
        };
        let trouble = match (major, minor) {
            (1, _) => {
                "is version 1: it prefers AWS_DEFAULT_PROFILE to AWS_PROFILE, ignores AWS_REGION, and has no `sso login`"
            }
            (2, ..9) => "is older than 2.9: it does not know [sso-session] sections",
            _ => return,
        };
        let message = format!("the AWS CLI here {trouble}");
        let finding = Diagnostic::new(Code::AwsCliVersion, message);
        self.findings.push(finding.at(Location::file(&aws)));
    }
}
