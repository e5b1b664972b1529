//! Clients that the service knows: files of our own beside the tokens, one for each flow, so that neither the
//! AWS CLI's registration nor that of the other flow is overwritten.

use super::file::{remove, replace, unwritable};
use crate::error::Failure;
use crate::idc::answer::Registered;
use crate::idc::request::{Client, Flow};
use crate::library::{Content, Epoch, Seconds, parse_time, read_cache, token_file};
use crate::secret::{Object, Secret, Style, Wiped, bytes_of};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A registration with less left than this is made anew: after its end no renewal works.
const ENOUGH: Seconds = Seconds(7 * 86_400);

/// What a registration is for.
pub(crate) struct For<'a> {
    pub(crate) flow: Flow,
    pub(crate) region: &'a str,
    pub(crate) scopes: &'a [String],
    /// The session's name; `None` for a legacy start URL.
    pub(crate) session: Option<&'a str>,
    pub(crate) start_url: &'a str,
}

impl For<'_> {
    /// Named after the AWS CLI's scheme, with our own tool name and the flow.
    fn path(&self, home: &Path) -> PathBuf {
        let scopes = match self.scopes {
            [] => Value::Null,
            scopes => json!(scopes),
        };
        let key = json!({
            "flow": self.flow.name(),
            "region": self.region,
            "scopes": scopes,
            "session_name": self.session,
            "startUrl": self.start_url,
            "tool": "awsbadge",
        });
        let text = bytes_of(&key, Style::Python);
        token_file(home, &String::from_utf8_lossy(&text))
    }

    /// The stored registration, if it lasts long enough.
    pub(crate) fn load(&self, home: &Path, now: Epoch) -> Option<Registered> {
        self.stored(home)
            .filter(|found| found.expires.since(now) >= ENOUGH)
    }

    /// The stored registration, however long it lasts.
    pub(crate) fn stored(&self, home: &Path) -> Option<Registered> {
        let Content::Bytes(bytes) = read_cache(&self.path(home)) else {
            return None;
        };
        let bytes = Zeroizing::new(bytes);
        let body = Wiped(serde_json::from_slice(&bytes).ok()?);
        let text = |key: &str| body.get(key)?.as_str().filter(|t| !t.is_empty());
        Some(Registered {
            id: text("clientId")?.to_owned(),
            secret: Secret::new(text("clientSecret")?),
            expires: text("expiresAt").and_then(parse_time)?,
        })
    }

    /// Stores a registration.
    ///
    /// # Errors
    /// `cache-unwritable`.
    pub(crate) fn save(&self, home: &Path, registered: &Registered) -> Result<(), Failure> {
        let mut object = Object::new(Style::Python)
            .text("clientId", &registered.id)
            .text("clientSecret", registered.secret.reveal())
            .text("expiresAt", &registered.expires.iso());
        if !self.scopes.is_empty() {
            object = object.value("scopes", &json!(self.scopes));
        }
        if self.flow == Flow::Pkce {
            let grants = json!(["authorization_code", "refresh_token"]);
            object = object.value("grantTypes", &grants);
        }
        let path = self.path(home);
        replace(&path, &object.finish()).map_err(|e| unwritable(&path, &e))
    }

    /// Forgets a registration that the service does not know any more.
    pub(crate) fn forget(&self, home: &Path) {
        let _ = remove(&self.path(home));
    }
}

impl Registered {
    /// The client to send.
    pub(crate) fn client(&self) -> Client {
        Client {
            id: self.id.clone(),
            secret: self.secret.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::tests::Scratch;
    use super::*;

    fn purpose(flow: Flow) -> For<'static> {
        For {
            flow,
            region: "us-west-2",
            scopes: &[],
            session: Some("my-sso"),
            start_url: "https://my.awsapps.com/start",
        }
    }

    #[test]
    fn a_registration_is_kept_by_flow_and_used_while_a_week_is_left() {
        let scratch = Scratch::new();
        let now = Epoch(1_800_000_000);
        let registered = Registered {
            id: "c".into(),
            secret: Secret::new("s"),
            expires: now.plus(ENOUGH),
        };
        let pkce = purpose(Flow::Pkce);
        pkce.save(&scratch.0, &registered).unwrap();
        assert_eq!(
            std::fs::read_to_string(pkce.path(&scratch.0)).unwrap(),
            "{\"clientId\": \"c\", \"clientSecret\": \"s\", \"expiresAt\": \"2027-01-22T08:00:00Z\", \
             \"grantTypes\": [\"authorization_code\", \"refresh_token\"]}"
        );
        assert!(pkce.load(&scratch.0, now).is_some());
        assert!(pkce.load(&scratch.0, now.plus(Seconds(1))).is_none());
        assert!(purpose(Flow::Device).load(&scratch.0, now).is_none());
        pkce.forget(&scratch.0);
        assert!(pkce.stored(&scratch.0).is_none());
    }

    #[test]
    fn the_file_is_not_the_aws_clis() {
        let name = |flow| purpose(flow).path(Path::new("/h"));
        assert_ne!(name(Flow::Pkce), name(Flow::Device));
        // SHA-1 of the key as Python's json.dumps(…, sort_keys=True) writes it.
        assert_eq!(
            name(Flow::Device),
            token_file(
                Path::new("/h"),
                "{\"flow\": \"device\", \"region\": \"us-west-2\", \"scopes\": null, \"session_name\": \"my-sso\", \
                 \"startUrl\": \"https://my.awsapps.com/start\", \"tool\": \"awsbadge\"}"
            )
        );
    }
}
