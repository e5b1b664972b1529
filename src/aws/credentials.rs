//! Credentials: the only type that contains secrets.

use super::time::{self, Epoch};
use serde_json::Value;
use std::fmt;

/// Keys, with an optional token and expiry. Only [`Credentials::pairs`] exposes them.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `AccessKeyId`.
    pub key: String,
    /// `SecretAccessKey`.
    pub secret: String,
    /// `SessionToken`.
    pub token: Option<String>,
    /// The expiry as written.
    pub expiration: Option<String>,
}

impl fmt::Debug for Credentials {
    /// Keeps secrets out of logs and messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

impl Credentials {
    /// Reads an object with `AccessKeyId`, `SecretAccessKey`, `SessionToken` and `Expiration`: what a
    /// `credential_process` prints, and `Credentials` in a file of `~/.aws/cli/cache`.
    ///
    /// # Errors
    /// What is missing or invalid: an empty key, a control character, an unknown date format. The message
    /// never contains a value.
    pub fn read(object: &Value) -> Result<Self, String> {
        let text = |key: &str| match object.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|t| !t.is_empty())),
            Some(_) => Err(format!("{key} is not a string")),
        };
        let needed = |key: &str| text(key)?.ok_or_else(|| format!("{key} is missing"));
        Self {
            key: needed("AccessKeyId")?,
            secret: needed("SecretAccessKey")?,
            token: text("SessionToken")?,
            expiration: text("Expiration")?,
        }
        .checked()
    }

    /// Checks that a shell and a program accept every value.
    ///
    /// # Errors
    /// As [`Credentials::read`].
    pub fn checked(self) -> Result<Self, String> {
        for (name, value) in self.pairs() {
            if value.is_some_and(|v| v.is_empty() || v.chars().any(char::is_control)) {
                return Err(format!("{name} is empty or contains control characters"));
            }
        }
        match self.expiration.as_deref().map(time::parse) {
            Some(None) => Err("Expiration is not a date".to_owned()),
            _ => Ok(self),
        }
    }

    /// The expiry, if there is one.
    #[must_use]
    pub fn ends(&self) -> Option<Epoch> {
        let written = self.expiration.as_deref().and_then(time::parse);
        written.map(time::Written::or_utc)
    }

    /// The four variables that every AWS tool reads, and their values.
    #[must_use]
    pub fn pairs(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("AWS_ACCESS_KEY_ID", Some(&self.key)),
            ("AWS_SECRET_ACCESS_KEY", Some(&self.secret)),
            ("AWS_SESSION_TOKEN", self.token.as_deref()),
            ("AWS_CREDENTIAL_EXPIRATION", self.expiration.as_deref()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_read_is_whole_or_refused_without_a_secret_in_the_reason() {
        let whole = json!({"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "SECRET-CANARY",
            "SessionToken": "t", "Expiration": "2026-01-01T00:00:00+00:00"});
        let read = Credentials::read(&whole).unwrap();
        assert_eq!(read.ends(), Some(Epoch(1_767_225_600)));
        assert_eq!(format!("{read:?}"), "Credentials(…)");
        for (key, value, reason) in [
            ("AccessKeyId", json!(null), "AccessKeyId is missing"),
            ("SecretAccessKey", json!(""), "SecretAccessKey is missing"),
            (
                "SecretAccessKey",
                json!(7),
                "SecretAccessKey is not a string",
            ),
            (
                "SecretAccessKey",
                json!("SECRET-CANARY\n"),
                "AWS_SECRET_ACCESS_KEY is empty or contains control characters",
            ),
            ("Expiration", json!("soon"), "Expiration is not a date"),
        ] {
            let mut broken = whole.clone();
            broken[key] = value;
            assert_eq!(Credentials::read(&broken), Err(reason.to_owned()));
        }
    }

    #[test]
    fn token_and_end_may_be_missing() {
        let read = Credentials::read(&json!({"AccessKeyId": "A", "SecretAccessKey": "S"})).unwrap();
        assert_eq!((read.token.as_deref(), read.ends()), (None, None));
    }
}
