//! The files of the tools that preceded botocore.

use super::{Answer, Context, Found};
use crate::aws::chain::model::{Expires, FileContent, Provider};
use crate::aws::config::{self, Dialect, FileKind};
use crate::aws::env_vars;
use crate::aws::expiry::Expiry;
use crate::diagnostic::Code;
use crate::diagnostic::Location;
use std::path::PathBuf;

/// The key file that `AWS_CREDENTIAL_FILE` names: botocore's `OriginalEC2Provider`.
pub(in crate::aws::chain) fn ec2_file(ctx: &Context<'_>) -> Answer {
    let var = &env_vars::AWS_CREDENTIAL_FILE;
    let Some(path) = ctx.var(var) else {
        return Answer::Skip(format!("{var} is not set"));
    };
    let path = match (path.strip_prefix("~/"), ctx.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path.as_ref()),
    };
    let FileContent::Bytes(bytes) = ctx.inputs.host.read(&path) else {
        return Answer::fail_at(
            Code::Ec2CredentialsFileMissing,
            format!("{var} names a file that cannot be read"),
            Location::file(&path),
        );
    };
    let text = String::from_utf8_lossy(&bytes);
    let has = |key: &str| {
        text.lines()
            .filter_map(|line| line.split_once('='))
            .any(|(name, _)| name.trim() == key)
    };
    match (has("AWSAccessKeyId"), has("AWSSecretKey")) {
        (true, true) => Found::new(
            Provider::Ec2File,
            None,
            Expiry::Never,
            format!("the keys in {} ({var})", path.display()),
        )
        .expires(Expires::Keys)
        .into(),
        (true, false) => Answer::fail_at(
            Code::PartialCredentials,
            "AWSAccessKeyId without AWSSecretKey",
            Location::file(&path),
        ),
        (false, _) => Answer::Skip(format!("{} has no AWSAccessKeyId", path.display())),
    }
}

/// boto's configuration file: botocore's `BotoProvider`.
pub(in crate::aws::chain) fn boto_config(ctx: &Context<'_>) -> Answer {
    let paths: Vec<PathBuf> = match ctx.var(&env_vars::BOTO_CONFIG) {
        Some(path) => vec![PathBuf::from(path.as_ref())],
        None => std::iter::once(PathBuf::from("/etc/boto.cfg"))
            .chain(ctx.home().map(|home| home.join(".boto")))
            .collect(),
    };
    for path in &paths {
        let FileContent::Bytes(bytes) = ctx.inputs.host.read(path) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        // Its sections have plain names, like those of the credentials file.
        let file = match config::read_file(Dialect::Botocore, FileKind::Credentials, path, &text) {
            Ok(file) => file,
            Err(fault) => {
                return Answer::fail_at(
                    Code::ConfigParse,
                    fault.message,
                    Location::line(path, fault.line),
                );
            }
        };
        let Some(section) = file.sections.iter().find(|s| s.name == "Credentials") else {
            continue;
        };
        let Some(id) = section.get("aws_access_key_id") else {
            continue;
        };
        let at = Location::line(path, id.line);
        return match section.get("aws_secret_access_key") {
            Some(_) => Found::new(
                Provider::BotoConfig,
                None,
                Expiry::Never,
                format!("keys at {at}"),
            )
            .expires(Expires::Keys)
            .into(),
            None => Answer::fail_at(
                Code::PartialCredentials,
                "aws_access_key_id without aws_secret_access_key",
                at,
            ),
        };
    }
    Answer::Skip("no boto configuration has keys".to_owned())
}
