//! The AWS CLI: whether it is installed, and its version.

use super::Checks;
use crate::aws_cli;
use crate::diagnostic::{Code, Diagnostic, Location};

impl Checks<'_> {
    /// The AWS CLI: whether it is here, and not too old.
    pub(super) fn aws(&mut self) {
        let Some(aws) = aws_cli::find(self.ctx.env) else {
            let message = "there is no `aws` on the PATH; logging in needs it";
            let finding = Diagnostic::new(Code::AwsCliNotFound, message);
            self.findings.push(finding);
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
