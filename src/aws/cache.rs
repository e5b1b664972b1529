//! The paths of the AWS tools' token and credential caches.

use std::path::{Path, PathBuf};

/// The SSO token of an `[sso-session NAME]` (by its name) or of a legacy profile (by its start URL exactly as written):
/// `~/.aws/sso/cache/<sha1>.json`. The AWS CLI and the SDKs use the same path.
#[must_use]
pub fn sso_token(home: &Path, session_or_start_url: &str) -> PathBuf {
    named(&home.join(".aws/sso/cache"), session_or_start_url)
}

/// The token of an `aws login` profile: `~/.aws/login/cache/<sha256 of login_session>.json`.
#[must_use]
pub fn login_token(directory: &Path, login_session: &str) -> PathBuf {
    let digest = hmac_sha256::Hash::hash(login_session.trim().as_bytes());
    let name: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    directory.join(name + ".json")
}

/// The AWS CLI's role credentials of an SSO profile: `~/.aws/cli/cache/<sha1>.json`, of compact JSON with sorted keys.
/// `session` is the session's name, or with `legacy` the start URL.
#[must_use]
pub fn sso_role(home: &Path, account: &str, role: &str, session: &str, legacy: bool) -> PathBuf {
    // "sessionName" and "startUrl" both sort after the other two.
    let key = if legacy { "startUrl" } else { "sessionName" };
    let json = format!(
        "{{\"accountId\":{},\"roleName\":{},\"{key}\":{}}}",
        python_json(account),
        python_json(role),
        python_json(session)
    );
    named(&home.join(".aws/cli/cache"), &json)
}

/// The parameters of an AssumeRole call that determine the name of the AWS CLI's cache file.
#[derive(Debug, Clone, Copy, Default)]
pub struct RoleCall<'a> {
    /// `role_arn`.
    pub role_arn: &'a str,
    /// `duration_seconds`.
    pub duration_seconds: Option<i64>,
    /// `external_id`.
    pub external_id: Option<&'a str>,
    /// `role_session_name`, if it is configured.
    pub session_name: Option<&'a str>,
    /// `mfa_serial`.
    pub mfa_serial: Option<&'a str>,
}

/// The AWS CLI's cached AssumeRole answer: SHA-1 of Python's `json.dumps(arguments, sort_keys=True)`.
#[must_use]
pub fn assumed_role(home: &Path, call: RoleCall<'_>) -> PathBuf {
    let mut pairs = Vec::new();
    if let Some(seconds) = call.duration_seconds {
        pairs.push(format!("\"DurationSeconds\": {seconds}"));
    }
    for (key, value) in [
        ("ExternalId", call.external_id),
        ("RoleArn", Some(call.role_arn)),
        ("RoleSessionName", call.session_name),
        ("SerialNumber", call.mfa_serial),
    ] {
        if let Some(value) = value {
            pairs.push(format!("\"{key}\": {}", python_json(value)));
        }
    }
    let json = format!("{{{}}}", pairs.join(", "));
    named(&home.join(".aws/cli/cache"), &json)
}

/// The file in `directory` with the SHA-1 of `text` as its name.
fn named(directory: &Path, text: &str) -> PathBuf {
    directory.join(format!("{}.json", sha1_smol::Sha1::from(text).digest()))
}

/// A JSON string as Python's `json.dumps` writes it: everything except printable ASCII is escaped.
fn python_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'"') => out.push_str("\\\""),
            Ok(b'\\') => out.push_str("\\\\"),
            Ok(b'\n') => out.push_str("\\n"),
            Ok(b'\r') => out.push_str("\\r"),
            Ok(b'\t') => out.push_str("\\t"),
            Ok(0x08) => out.push_str("\\b"),
            Ok(0x0c) => out.push_str("\\f"),
            Ok(byte @ 0x20..=0x7e) => out.push(byte as char),
            // Python does not escape DEL.
            Ok(0x7f) => out.push('\u{7f}'),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &Path) -> &str {
        path.file_stem().unwrap().to_str().unwrap()
    }

    #[test]
    fn the_names_are_those_that_the_aws_cli_uses() {
        let home = Path::new("/h");
        assert_eq!(
            sso_token(home, "my-sso"),
            Path::new("/h/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json")
        );
        assert_eq!(
            name(&sso_role(home, "123456789012", "Admin", "my-sso", false)),
            "c30b99aca80d8f5b3178e353f05b2abcc9a4ccd3"
        );
        let call = RoleCall {
            role_arn: "arn:aws:iam::123456789012:role/X",
            ..RoleCall::default()
        };
        assert_eq!(
            name(&assumed_role(home, call)),
            "295d07928e1a25ace0a55cefb5658470a4603129"
        );
        assert_eq!(
            name(&login_token(
                Path::new("/c"),
                "arn:aws:iam::0123456789012:user/Admin"
            )),
            "36db1d138ff460920374e4c3d8e01f53f9f73537e89c88d639f68393df0e2726"
        );
    }

    #[test]
    fn python_escapes_what_is_not_ascii() {
        assert_eq!(
            python_json("é\"\\\n😀"),
            "\"\\u00e9\\\"\\\\\\n\\ud83d\\ude00\""
        );
    }
}
