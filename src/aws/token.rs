//! The token files of SSO sessions and of `aws login`.

use super::expiry::{Expiry, UnknownReason};
use super::time::{self, Epoch};
use serde_json::Value;

/// What an SSO token file says about the login. It never contains the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsoToken {
    /// When the access token expires; `None` if the file's date can't be read.
    pub expires: Option<Epoch>,
    /// The time until which the access token can be renewed without a browser: the expiry of the client registration,
    /// if refresh token, client id and secret are all present.
    pub renewable_until: Option<Epoch>,
    /// `startUrl`, if the file has one.
    pub start_url: Option<String>,
    /// `region` of the session, if the file has one.
    pub region: Option<String>,
}

/// Why a file is not a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoToken {
    /// Not JSON, or incomplete JSON, which another program may be writing.
    Broken {
        /// One sentence.
        message: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON without an `accessToken`: a client registration, or another tool's file.
    NotALogin,
}

/// Reads `~/.aws/sso/cache/<sha1>.json`. Keys match in any case, as in the Rust SDK; the last of several equal keys
/// counts; unknown keys are ignored.
///
/// # Errors
/// [`NoToken`] says whether the file is unreadable (read it again) or not a login.
pub fn read_sso(json: &[u8]) -> Result<SsoToken, NoToken> {
    let object = object(json)?;
    let text = |key: &str| {
        field(&object, key)
            .and_then(Value::as_str)
            .filter(|t| !t.is_empty())
    };
    text("accessToken").ok_or(NoToken::NotALogin)?;
    let date = |key: &str| text(key).and_then(time::parse).map(time::Written::or_utc);
    // botocore and the Rust SDK require all four for a refresh.
    let renewable = ["refreshToken", "clientId", "clientSecret"]
        .iter()
        .all(|key| text(key).is_some());
    Ok(SsoToken {
        expires: date("expiresAt"),
        renewable_until: date("registrationExpiresAt").filter(|_| renewable),
        start_url: text("startUrl").map(str::to_owned),
        region: text("region").map(str::to_owned),
    })
}

/// Whether a file is complete JSON. If not, it may be half-written.
#[must_use]
pub fn is_whole(json: &[u8]) -> bool {
    !matches!(object(json), Err(NoToken::Broken { .. }))
}

/// The expiry of a login whose file contains no token.
#[must_use]
pub fn expiry_without_token(why: &NoToken) -> Expiry {
    match why {
        NoToken::NotALogin => Expiry::NoLogin,
        NoToken::Broken { .. } => Expiry::Unknown(UnknownReason::File),
    }
}

/// The expiry of an SSO login. `refreshes` is whether the tools would renew it: they do for `sso-session` profiles
/// only, never for a legacy profile, whatever the file contains.
#[must_use]
pub fn sso_expiry(token: &SsoToken, refreshes: bool) -> Expiry {
    match token.expires {
        Some(at) => Expiry::At {
            at,
            renewable_until: token.renewable_until.filter(|_| refreshes),
        },
        None => Expiry::Unknown(UnknownReason::Date),
    }
}

/// The expiry of an `aws login` session: its access token lasts 15 minutes, and every tool renews it. The file does not
/// say when the refresh token expires.
///
/// # Errors
/// As [`read_sso`].
pub fn login_expiry(json: &[u8]) -> Result<Expiry, NoToken> {
    let object = object(json)?;
    let token = field(&object, "accessToken")
        .and_then(Value::as_object)
        .ok_or(NoToken::NotALogin)?;
    let text = |key: &str| {
        field(&object, key)
            .and_then(Value::as_str)
            .filter(|t| !t.is_empty())
    };
    let whole = ["refreshToken", "clientId", "dpopKey"]
        .iter()
        .all(|key| text(key).is_some());
    let at = field(token, "expiresAt")
        .and_then(Value::as_str)
        .and_then(time::parse)
        .map(time::Written::or_utc);
    Ok(match at {
        Some(at) => Expiry::At {
            at,
            renewable_until: whole.then_some(Epoch::NEVER),
        },
        None => Expiry::Unknown(UnknownReason::Date),
    })
}

/// When the role credentials of a file in `~/.aws/cli/cache` expire: `Credentials.Expiration`.
#[must_use]
pub fn role_expiry(json: &[u8]) -> Option<Epoch> {
    let object = object(json).ok()?;
    let credentials = object.get("Credentials")?.as_object()?;
    credentials.get("AccessKeyId")?.as_str()?;
    credentials
        .get("Expiration")?
        .as_str()
        .and_then(time::parse)
        .map(time::Written::or_utc)
}

type Object = serde_json::Map<String, Value>;

fn object(json: &[u8]) -> Result<Object, NoToken> {
    let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
    match serde_json::from_slice::<Value>(json) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(NoToken::NotALogin),
        Err(e) => Err(NoToken::Broken {
            message: if e.is_eof() {
                "the file ends too early".into()
            } else {
                "this is not JSON".into()
            },
            line: e.line(),
            column: e.column(),
        }),
    }
}

/// The last value of `key`; an exact match takes precedence.
fn field<'a>(object: &'a Object, key: &str) -> Option<&'a Value> {
    object.get(key).or_else(|| {
        object
            .iter()
            .rev()
            .find(|(k, _)| k.eq_ignore_ascii_case(key))
            .map(|(_, v)| v)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"{"startUrl": "https://my.awsapps.com/start", "region": "eu-west-1", "accessToken": "t",
        "expiresAt": "2026-01-01T00:00:00Z", "clientId": "c", "clientSecret": "s",
        "registrationExpiresAt": "2026-03-01T00:00:00Z", "refreshToken": "r"}"#;
    const NEW_YEAR: Epoch = Epoch(1_767_225_600);
    const MARCH: Epoch = Epoch(1_772_323_200);

    #[test]
    fn a_full_token_is_renewable_until_its_registration_ends() {
        let token = read_sso(FULL.as_bytes()).unwrap();
        assert_eq!(token.expires, Some(NEW_YEAR));
        assert_eq!(token.renewable_until, Some(MARCH));
        assert_eq!(
            token.start_url.as_deref(),
            Some("https://my.awsapps.com/start")
        );
        assert_eq!(
            sso_expiry(&token, true),
            Expiry::At {
                at: NEW_YEAR,
                renewable_until: Some(MARCH)
            }
        );
        assert_eq!(
            sso_expiry(&token, false),
            Expiry::At {
                at: NEW_YEAR,
                renewable_until: None
            },
            "legacy: no tool renews"
        );
    }

    #[test]
    fn a_token_lacking_any_part_of_the_refresh_does_not_renew() {
        for key in [
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
            "refreshToken",
        ] {
            let token = read_sso(FULL.replace(key, "other").as_bytes()).unwrap();
            assert_eq!(token.renewable_until, None, "without {key}");
            let token = read_sso(
                FULL.replace(
                    &format!("\"{key}\": \""),
                    &format!("\"{key}\": \"\", \"x\": \""),
                )
                .as_bytes(),
            );
            assert_eq!(token.unwrap().renewable_until, None, "{key} empty");
        }
    }

    #[test]
    fn odd_files_are_told_apart() {
        let at = |json: &str| read_sso(json.as_bytes()).map(|t| t.expires);
        let broken = |json: &str| matches!(at(json), Err(NoToken::Broken { .. }));
        assert!(broken(""), "a file that is just being written is empty");
        assert!(broken("\0\0\0\0"), "zeros after a power cut");
        assert!(
            broken(&format!("{FULL}\"}}")),
            "trailing bytes of a longer writer"
        );
        assert!(broken("// c\n{}"));
        assert!(broken(&"[".repeat(100_000)), "deep nesting");
        for json in [
            "[]",
            "1",
            "null",
            "true",
            "\"x\"",
            "{}",
            r#"{"clientId":"c","clientSecret":"s","expiresAt":"2026-01-01T00:00:00Z"}"#,
            r#"{"accessToken":"","expiresAt":"2026-01-01T00:00:00Z"}"#,
            r#"{"accessToken":{},"expiresAt":"x"}"#,
        ] {
            assert_eq!(at(json), Err(NoToken::NotALogin), "{json}");
        }
        for date in [
            "1767225600",
            "1767225600000",
            "1.5",
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "\"soon\"",
            "9223372036854775808",
            "1e400000",
        ] {
            let json = format!(r#"{{"accessToken":"t","expiresAt":{date}}}"#);
            assert!(
                matches!(at(&json), Ok(None) | Err(NoToken::Broken { .. })),
                "{date}: known to be unknown"
            );
        }
        assert_eq!(at(r#"{"accessToken":"t"}"#), Ok(None));
        assert_eq!(
            at(&format!("\u{feff}{FULL}")),
            Ok(Some(NEW_YEAR)),
            "a byte order mark"
        );
        assert_eq!(
            at(r#"{"AccessToken":"t","ExpiresAt":"2026-01-01T00:00:00Z"}"#),
            Ok(Some(NEW_YEAR)),
            "any case"
        );
        assert_eq!(
            at(
                r#"{"accessToken":"t","expiresAt":"2020-01-01T00:00:00Z","expiresAt":"2026-01-01T00:00:00Z"}"#
            ),
            Ok(Some(NEW_YEAR)),
            "the last counts"
        );
        assert_eq!(
            at(
                r#"{"accessToken":"t","expiresAt":"2026-01-01T00:00:00Z","x":"\ud83d\ude00","new":{"a":[1]}}"#
            ),
            Ok(Some(NEW_YEAR))
        );
    }

    #[test]
    fn a_token_cut_at_any_byte_is_never_read_as_something_else() {
        for cut in 0..FULL.len() {
            assert!(
                matches!(
                    read_sso(&FULL.as_bytes()[..cut]),
                    Err(NoToken::Broken { .. })
                ),
                "{cut} bytes"
            );
        }
    }

    #[test]
    fn a_login_session_renews_and_its_own_15_minutes_do_not_end_it() {
        let json = r#"{"accessToken":{"accessKeyId":"A","secretAccessKey":"S","sessionToken":"T","accountId":"1","expiresAt":"2026-01-01T00:00:00Z"},
            "tokenType":"aws_sigv4","clientId":"arn:aws:signin:::devtools/same-device","refreshToken":"r","idToken":"i","dpopKey":"k"}"#;
        assert_eq!(
            login_expiry(json.as_bytes()),
            Ok(Expiry::At {
                at: NEW_YEAR,
                renewable_until: Some(Epoch::NEVER)
            })
        );
        assert_eq!(
            login_expiry(FULL.as_bytes()),
            Err(NoToken::NotALogin),
            "an SSO token is no login session"
        );
    }

    #[test]
    fn role_credentials_name_their_end() {
        let json = r#"{"ProviderType":"sso","Credentials":{"AccessKeyId":"A","Expiration":"2026-01-01T00:00:00Z"}}"#;
        assert_eq!(role_expiry(json.as_bytes()), Some(NEW_YEAR));
        assert_eq!(role_expiry(b"{}"), None);
    }
}
