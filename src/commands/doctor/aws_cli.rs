//! The AWS CLI: whether it is installed, and its version.

use super::{Checks, Finding, Severity};
use crate::aws_cli;

impl Checks<'_> {
    /// The AWS CLI: whether it is here, and not too old.
    pub(super) fn aws(&mut self) {
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
