//! Credentials that a container's endpoint or an instance's metadata service gives: who is asked, and what they
//! answer. As botocore 1.44 does it (`ContainerMetadataFetcher` and `IMDSFetcher` in its `utils.py`).

use super::address::{Address, encode_path};
use super::answer::{Answer, Kind, Refusal, object};
use super::endpoint::Endpoint;
use super::request::Request;
use super::sigv4::Keys;
use crate::error::{Failure, Word};
use crate::library::{Epoch, parse_time};
use crate::secret::Secret;
use serde_json::Value;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The address of the agent of ECS.
const ECS: &str = "http://169.254.170.2";

/// Hosts to which a container's full address may lead without TLS, besides this machine: the agents of ECS and EKS.
const AGENTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

/// A container's endpoint and the path that is asked for there.
#[derive(Debug)]
pub(crate) struct Place {
    /// Scheme, host and port.
    pub(crate) endpoint: Endpoint,
    /// Path and query.
    pub(crate) target: String,
}

fn endpoint(origin: &str, from: Option<&str>) -> Option<Endpoint> {
    Some(Endpoint {
        address: Address::parse(origin)?,
        from: from.map(str::to_owned),
        doubtful_fips: false,
    })
}

/// Where a container's credentials are, by the two variables: `relative` has precedence.
///
/// # Errors
/// An address that is none, or that would get a secret without TLS.
pub(crate) fn container(relative: Option<&str>, full: Option<&str>) -> Result<Place, Failure> {
    let (url, from) = match (relative, full) {
        (Some(path), _) => (
            format!("{ECS}{path}"),
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        ),
        (None, full) => (
            full.unwrap_or_default().to_owned(),
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ),
    };
    let bad = |word, what: String| Failure::new(word, what, format!("Correct or unset {from}."));
    let Some(address) =
        Address::parse(&url).filter(|a| relative.is_none() || ECS.ends_with(&a.host))
    else {
        return Err(bad(
            Word::BadConfig,
            format!("{from} does not lead to an address"),
        ));
    };
    if !address.is_safe() && !AGENTS.contains(&address.host.as_str()) {
        return Err(bad(
            Word::UnsafeAddress,
            format!(
                "{from} leads to {} without TLS, which only this machine and the agents of ECS and EKS may have",
                address.origin()
            ),
        ));
    }
    let after = url.split_once("://").map_or("", |(_, rest)| rest);
    let target = after.find(['/', '?']).map_or("/", |at| &after[at..]);
    let target = match target.starts_with('/') {
        true => target.to_owned(),
        false => format!("/{target}"),
    };
    endpoint(&address.origin(), Some(from))
        .map(|endpoint| Place { endpoint, target })
        .ok_or_else(|| bad(Word::BadConfig, format!("{from} is not an address")))
}

/// The question to a container's endpoint. `authorization` is sent as it is.
pub(crate) fn container_request(target: &str, authorization: Option<Secret>) -> Request {
    Request {
        headers: authorization
            .map(|value| ("authorization", value))
            .into_iter()
            .collect(),
        direct: true,
        ..Request::bare("GET", target.to_owned(), None)
    }
}

/// Where the instance's metadata service is: an address of one's own, else by the mode of addresses.
///
/// # Errors
/// An address that is none, or that leads away from this machine and its link without TLS.
pub(crate) fn instance(own: Option<(&str, &str)>, mode: Option<&str>) -> Result<Endpoint, Failure> {
    let six = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6"));
    let rule = match six {
        true => "http://[fd00:ec2::254]",
        false => "http://169.254.169.254",
    };
    let (url, from) = own.unwrap_or((rule, ""));
    let hint = || format!("Correct or remove {from}.");
    let bad = || Failure::new(Word::BadConfig, format!("{from} is not an address"), hint());
    let endpoint = endpoint(url.trim().trim_end_matches('/'), own.map(|_| from)).ok_or_else(bad)?;
    match endpoint.address.is_safe() || is_link_local(&endpoint.address.host) {
        true => Ok(endpoint),
        false => Err(Failure::new(
            Word::UnsafeAddress,
            format!(
                "{from} leads to {} without TLS, away from this machine",
                endpoint.address.origin()
            ),
            hint(),
        )),
    }
}

/// Whether nothing but this machine's own network can answer there.
fn is_link_local(host: &str) -> bool {
    let six = host.trim_start_matches('[').trim_end_matches(']');
    host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_link_local())
        || six
            .parse::<Ipv6Addr>()
            .is_ok_and(|ip| ip.is_unicast_link_local() || ip.segments()[..2] == [0xfd00, 0x0ec2])
}

fn asked_directly(method: &'static str, target: &str, header: (&'static str, Secret)) -> Request {
    Request {
        headers: vec![header],
        direct: true,
        ..Request::bare(method, target.to_owned(), None)
    }
}

/// Asks the metadata service for a token of its own (version 2).
pub(crate) fn instance_token() -> Request {
    let ttl = Secret::new("21600");
    asked_directly(
        "PUT",
        "/latest/api/token",
        ("x-aws-ec2-metadata-token-ttl-seconds", ttl),
    )
}

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// Asks for the name of the instance's role, or with `role` for its credentials.
pub(crate) fn instance_role(token: &Secret, role: &str) -> Request {
    let target = format!("{ROLES}{}", encode_path(role));
    asked_directly("GET", &target, ("x-aws-ec2-metadata-token", token.clone()))
}

/// The text of an answer.
///
/// # Errors
/// The refusal.
pub(crate) fn text(answer: &Answer) -> Result<Secret, Refusal> {
    let text = String::from_utf8_lossy(&answer.body);
    let text = text.trim();
    match answer.status {
        200 if !text.is_empty() && !text.starts_with('<') => Ok(Secret::new(text)),
        status => Err(Refusal {
            status,
            kind: match status {
                404 => Kind::NotFound,
                403 => Kind::Forbidden,
                500..=599 => Kind::Server,
                _ => Kind::Foreign,
            },
            name: None,
            words: String::new(),
            request_id: None,
            retry_after: None,
        }),
    }
}

/// What a container's endpoint, a metadata service or a `credential_process` gives.
pub(crate) struct Given {
    /// The credentials.
    pub(crate) keys: Keys,
    /// When they expire.
    pub(crate) expires: Option<Epoch>,
}

/// Reads an answer with credentials.
///
/// # Errors
/// The refusal.
pub(crate) fn credentials(answer: &Answer) -> Result<Result<Given, &'static str>, Refusal> {
    object(answer).map(|body| {
        // The metadata service answers 200 even if there is no credential.
        match body.get("Code").and_then(Value::as_str) {
            Some(code) if code != "Success" => Err("Code"),
            _ => given(&body, "Token"),
        }
    })
}

/// The credentials in an object; a session's token is under `token`.
///
/// # Errors
/// The key that is missing.
pub(crate) fn given(body: &Value, token: &str) -> Result<Given, &'static str> {
    let text = |key: &str| {
        body.get(key)
            .and_then(Value::as_str)
            .filter(|t| !t.is_empty())
    };
    Ok(Given {
        keys: Keys {
            id: text("AccessKeyId").ok_or("AccessKeyId")?.to_owned(),
            secret: Secret::new(text("SecretAccessKey").ok_or("SecretAccessKey")?),
            token: text(token).map(Secret::new),
        },
        expires: text("Expiration").and_then(parse_time),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn word(result: Result<String, Failure>) -> Result<String, Word> {
        result.map_err(|f| f.word)
    }

    #[test]
    fn a_container_is_asked_where_botocore_asks() {
        let asked = |relative, full| {
            word(
                container(relative, full)
                    .map(|p| format!("{} {}", p.endpoint.address.text, p.target)),
            )
        };
        for (relative, full, want) in [
            (
                Some("/v2/x?id=1"),
                None,
                Ok("http://169.254.170.2 /v2/x?id=1"),
            ),
            (
                Some("/v2/x"),
                Some("http://localhost/y"),
                Ok("http://169.254.170.2 /v2/x"),
            ),
            (Some("@evil.example/"), None, Err(Word::BadConfig)),
            (Some(".evil.example/"), None, Err(Word::BadConfig)),
            (
                None,
                Some("http://169.254.170.23/v1/credentials"),
                Ok("http://169.254.170.23 /v1/credentials"),
            ),
            (
                None,
                Some("http://[fd00:ec2::23]/v1"),
                Ok("http://[fd00:ec2::23] /v1"),
            ),
            (
                None,
                Some("http://127.0.0.1:80/c"),
                Ok("http://127.0.0.1:80 /c"),
            ),
            (
                None,
                Some("https://any.example"),
                Ok("https://any.example /"),
            ),
            (None, Some("http://any.example/c"), Err(Word::UnsafeAddress)),
            (
                None,
                Some("http://169.254.170.3/c"),
                Err(Word::UnsafeAddress),
            ),
            (None, Some("nothing"), Err(Word::BadConfig)),
            (None, None, Err(Word::BadConfig)),
        ] {
            let want = want.map(str::to_owned);
            assert_eq!(asked(relative, full), want, "{relative:?} {full:?}");
        }
    }

    #[test]
    fn the_metadata_service_is_on_this_machines_link() {
        for (own, mode, want) in [
            (None, None, Ok("http://169.254.169.254")),
            (None, Some("IPv4"), Ok("http://169.254.169.254")),
            (None, Some("ipv6"), Ok("http://[fd00:ec2::254]")),
            (
                Some(("http://127.0.0.1:1338/", "V")),
                Some("IPv6"),
                Ok("http://127.0.0.1:1338"),
            ),
            (
                Some(("http://169.254.169.254:80", "V")),
                None,
                Ok("http://169.254.169.254:80"),
            ),
            (
                Some(("http://[fe80::1]", "V")),
                None,
                Ok("http://[fe80::1]"),
            ),
            (
                Some(("http://imds.example", "V")),
                None,
                Err(Word::UnsafeAddress),
            ),
            (Some(("imds", "V")), None, Err(Word::BadConfig)),
        ] {
            let got = word(instance(own, mode).map(|e| e.address.text));
            assert_eq!(got, want.map(str::to_owned), "{own:?} {mode:?}");
        }
    }

    #[test]
    fn credentials_are_read_or_the_missing_key_is_named() {
        let read = |body: Value, status| {
            credentials(&Answer {
                status,
                error_type: None,
                request_id: None,
                location: None,
                retry_after: None,
                body: zeroize::Zeroizing::new(body.to_string().into_bytes()),
            })
            .map_err(|refusal| refusal.kind)
            .map(|given| given.map(|g| (g.keys.id, g.keys.token.is_some(), g.expires)))
        };
        let mut body = json!({"Code": "Success", "AccessKeyId": "A", "SecretAccessKey": "S", "Token": "T",
            "Expiration": "2026-01-01T00:00:00Z"});
        let at = Some(Epoch(1_767_225_600));
        assert_eq!(read(body.clone(), 200), Ok(Ok(("A".into(), true, at))));
        body["SecretAccessKey"] = json!("");
        assert_eq!(read(body.clone(), 200), Ok(Err("SecretAccessKey")));
        body["Code"] = json!("AssumeRoleUnauthorizedAccess");
        assert_eq!(read(body, 200), Ok(Err("Code")));
        assert_eq!(read(json!({}), 403), Err(Kind::Forbidden));
    }
}
