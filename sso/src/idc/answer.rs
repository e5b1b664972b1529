//! What the service answers: values, or a refusal with its meaning.

use crate::library::{Epoch, Seconds};
use crate::secret::{Secret, Wiped};
use serde_json::Value;
use zeroize::Zeroizing;

/// An HTTP answer, as far as it matters.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// `x-amzn-ErrorType`.
    pub(crate) error_type: Option<String>,
    /// `x-amzn-RequestId`, or `x-amz-request-id`.
    pub(crate) request_id: Option<String>,
    /// `Location`.
    pub(crate) location: Option<String>,
    /// `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u64>,
    /// The body.
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nobody has approved yet.
    Pending,
    /// Too many questions: wait longer between them.
    SlowDown,
    /// The device code is over.
    CodeExpired,
    /// A user or an administrator said no.
    Denied,
    /// The grant is not good: a dead refresh token, a code of another region.
    InvalidGrant,
    /// Malformed, or a start URL that is not known in this region.
    InvalidRequest,
    /// The client's registration is dead or of the other flow.
    InvalidClient,
    /// What was registered is not allowed: scopes, redirect, grant types.
    Settings,
    /// The access token is dead.
    Unauthorized,
    /// No such assignment.
    Forbidden,
    /// No such account or role.
    NotFound,
    /// Too many calls.
    Throttled,
    /// The service is ill.
    Server,
    /// Anything else in the 400s.
    Other,
    /// No answer of this service: a page, a redirect, garbage.
    Foreign,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The status.
    pub(crate) status: u16,
    /// What it means.
    pub(crate) kind: Kind,
    /// The type as the service names it, such as `InvalidGrantException`.
    pub(crate) name: Option<String>,
    /// The service's words.
    pub(crate) words: String,
    /// AWS's id of the request.
    pub(crate) request_id: Option<String>,
    /// `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u64>,
}

/// Reads an answer that should be a JSON object.
///
/// # Errors
/// The refusal.
pub(crate) fn object(answer: &Answer) -> Result<Wiped, Refusal> {
    let body = serde_json::from_slice::<Value>(&answer.body)
        .ok()
        .filter(Value::is_object)
        .map(Wiped);
    match (answer.status, body) {
        (200..=299, Some(body)) => Ok(body),
        (_, body) => Err(refusal(answer, body.as_deref())),
    }
}

/// Reads an answer whose body does not matter.
///
/// # Errors
/// The refusal. A web page is one too.
pub(crate) fn nothing(answer: &Answer) -> Result<(), Refusal> {
    let empty = answer.body.iter().all(u8::is_ascii_whitespace);
    match (answer.status, empty) {
        (200..=299, true) => Ok(()),
        _ => object(answer).map(drop),
    }
}

fn refusal(answer: &Answer, body: Option<&Value>) -> Refusal {
    let text = |key: &str| {
        body.and_then(|b| b.get(key))
            .and_then(Value::as_str)
            .filter(|t| !t.is_empty())
    };
    let name = answer
        .error_type
        .as_deref()
        .or_else(|| text("code"))
        .or_else(|| text("Code"))
        .or_else(|| text("__type"))
        .map(short)
        .filter(|name| !name.is_empty());
    let oauth = text("error");
    let words = ["error_description", "message", "Message", "reason"]
        .into_iter()
        .find_map(text);
    let known = name
        .or(oauth)
        .map_or(Kind::Other, |name| kind(&name.to_ascii_lowercase()));
    let kind = match (answer.status, known) {
        (429, _) => Kind::Throttled,
        // Network Authentication Required: only a captive portal says so (RFC 6585).
        (511, _) => Kind::Foreign,
        (500..=599, _) => Kind::Server,
        (200..=399, _) => Kind::Foreign,
        (_, Kind::Other) if body.is_none() && name.is_none() => Kind::Foreign,
        (401, Kind::Other) => Kind::Unauthorized,
        (403, Kind::Other) => Kind::Forbidden,
        (404, Kind::Other) => Kind::NotFound,
        (_, known) => known,
    };
    Refusal {
        status: answer.status,
        kind,
        name: name.or(oauth).map(str::to_owned),
        words: words.unwrap_or_default().to_owned(),
        request_id: answer.request_id.clone(),
        retry_after: answer.retry_after,
    }
}

/// The type's name: cut at the first `:`, then what is behind the last `#`.
fn short(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or_default();
    name.rsplit('#').next().unwrap_or_default().trim()
}

/// By the type's name, or by OAuth's word for it, in lower case.
fn kind(name: &str) -> Kind {
    let name = name
        .strip_suffix("exception")
        .unwrap_or(name)
        .replace('_', "");
    match name.as_str() {
        "authorizationpending" => Kind::Pending,
        "slowdown" => Kind::SlowDown,
        "expiredtoken" => Kind::CodeExpired,
        "accessdenied" => Kind::Denied,
        "invalidgrant" => Kind::InvalidGrant,
        "invalidrequest" => Kind::InvalidRequest,
        "invalidclient" | "unauthorizedclient" => Kind::InvalidClient,
        "invalidscope"
        | "invalidclientmetadata"
        | "invalidredirecturi"
        | "unsupportedgranttype" => Kind::Settings,
        "unauthorized" => Kind::Unauthorized,
        "forbidden" => Kind::Forbidden,
        "resourcenotfound" => Kind::NotFound,
        "toomanyrequests" | "throttling" => Kind::Throttled,
        "internalserver" | "servererror" | "temporarilyunavailable" => Kind::Server,
        _ => Kind::Other,
    }
}

/// A text that must be there.
fn text(body: &Value, key: &'static str) -> Result<String, &'static str> {
    body.get(key)
        .and_then(Value::as_str)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
        .ok_or(key)
}

/// A whole number; services write one as `1.0` too.
fn number(body: &Value, key: &str) -> Option<i64> {
    let value = body.get(key)?;
    value.as_i64().or_else(|| {
        let float = value.as_f64().filter(|f| f.fract() == 0.0)?;
        #[allow(clippy::cast_possible_truncation, reason = "checked by the bounds")]
        (float.abs() < 9e15).then_some(float as i64)
    })
}

/// A length of time that can be believed: from a second to 400 days.
fn lasting(body: &Value, key: &'static str) -> Result<Seconds, &'static str> {
    number(body, key)
        .filter(|s| (1..=400 * 86_400).contains(s))
        .map(Seconds)
        .ok_or(key)
}

/// A registered client.
pub(crate) struct Registered {
    /// `clientId`.
    pub(crate) id: String,
    /// `clientSecret`.
    pub(crate) secret: Secret,
    /// `clientSecretExpiresAt`.
    pub(crate) expires: Epoch,
}

/// RegisterClient's answer.
///
/// # Errors
/// The key that is missing or can't be believed.
pub(crate) fn registered(body: &Value, now: Epoch) -> Result<Registered, &'static str> {
    let ends = "clientSecretExpiresAt";
    Ok(Registered {
        id: text(body, "clientId")?,
        secret: Secret::new(text(body, "clientSecret")?),
        expires: number(body, ends)
            .map(Epoch)
            .filter(|at| *at > now && *at <= Epoch::NEVER)
            .ok_or(ends)?,
    })
}

/// A device authorization.
pub(crate) struct Device {
    /// `deviceCode`.
    pub(crate) device_code: Secret,
    /// `userCode`.
    pub(crate) user_code: String,
    /// `verificationUri`.
    pub(crate) page: String,
    /// `verificationUriComplete`, else the page itself.
    pub(crate) complete: String,
    /// `expiresIn`.
    pub(crate) lasts: Seconds,
    /// `interval`: seconds between two questions.
    pub(crate) interval: u64,
}

/// StartDeviceAuthorization's answer.
///
/// # Errors
/// The key that is missing or can't be believed.
pub(crate) fn device(body: &Value) -> Result<Device, &'static str> {
    let page = text(body, "verificationUri")?;
    Ok(Device {
        device_code: Secret::new(text(body, "deviceCode")?),
        user_code: text(body, "userCode")?,
        complete: text(body, "verificationUriComplete").unwrap_or_else(|_| page.clone()),
        page,
        lasts: lasting(body, "expiresIn")?,
        interval: number(body, "interval")
            .and_then(|s| u64::try_from(s).ok())
            .map_or(5, |s| s.clamp(1, 60)),
    })
}

/// A new access token.
pub(crate) struct Granted {
    /// `accessToken`.
    pub(crate) access: Secret,
    /// `refreshToken`.
    pub(crate) refresh: Option<Secret>,
    /// `expiresIn`.
    pub(crate) lasts: Seconds,
}

/// CreateToken's answer.
///
/// # Errors
/// The key that is missing or can't be believed.
pub(crate) fn granted(body: &Value) -> Result<Granted, &'static str> {
    Ok(Granted {
        access: Secret::new(text(body, "accessToken")?),
        refresh: text(body, "refreshToken").ok().map(Secret::new),
        lasts: lasting(body, "expiresIn")?,
    })
}

/// Credentials of a role.
pub(crate) struct RoleCredentials {
    /// `accessKeyId`.
    pub(crate) key: String,
    /// `secretAccessKey`.
    pub(crate) secret: Secret,
    /// `sessionToken`.
    pub(crate) token: Secret,
    /// `expiration`.
    pub(crate) expires: Epoch,
}

/// GetRoleCredentials' answer; its date is in milliseconds.
///
/// # Errors
/// The key that is missing or can't be believed.
pub(crate) fn role_credentials(body: &Value, now: Epoch) -> Result<RoleCredentials, &'static str> {
    let body = body.get("roleCredentials").ok_or("roleCredentials")?;
    Ok(RoleCredentials {
        key: text(body, "accessKeyId")?,
        secret: Secret::new(text(body, "secretAccessKey")?),
        token: Secret::new(text(body, "sessionToken")?),
        expires: number(body, "expiration")
            .map(|ms| Epoch(ms.div_euclid(1000)))
            .filter(|at| *at > now && *at <= Epoch::NEVER)
            .ok_or("expiration")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, header: Option<&str>, body: &str) -> Answer {
        Answer {
            status,
            error_type: header.map(str::to_owned),
            request_id: None,
            location: None,
            retry_after: None,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    #[test]
    fn refusals_are_told_apart_by_header_then_code_then_type_then_oauths_word() {
        for (status, header, body, kind, name) in [
            (
                400,
                Some("AuthorizationPendingException"),
                "{\"error\":\"slow_down\"}",
                Kind::Pending,
                "AuthorizationPendingException",
            ),
            (
                400,
                Some(
                    "InvalidRequestException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/",
                ),
                "{}",
                Kind::InvalidRequest,
                "InvalidRequestException",
            ),
            (
                400,
                None,
                "{\"code\":\"SlowDownException\",\"error\":\"authorization_pending\"}",
                Kind::SlowDown,
                "SlowDownException",
            ),
            (
                401,
                None,
                "{\"message\":\"Session token not found or invalid\",\"__type\":\"com.amazonaws.switchboard.portal#UnauthorizedException\"}",
                Kind::Unauthorized,
                "UnauthorizedException",
            ),
            (
                400,
                None,
                "{\"error\":\"authorization_pending\"}",
                Kind::Pending,
                "authorization_pending",
            ),
            (
                400,
                None,
                "{\"error\":\"slow_down\"}",
                Kind::SlowDown,
                "slow_down",
            ),
            (
                400,
                None,
                "{\"error\":\"expired_token\"}",
                Kind::CodeExpired,
                "expired_token",
            ),
            (
                400,
                None,
                "{\"error\":\"access_denied\"}",
                Kind::Denied,
                "access_denied",
            ),
            (
                400,
                None,
                "{\"error\":\"invalid_grant\"}",
                Kind::InvalidGrant,
                "invalid_grant",
            ),
            (
                401,
                None,
                "{\"error\":\"invalid_client\"}",
                Kind::InvalidClient,
                "invalid_client",
            ),
            (
                400,
                None,
                "{\"error\":\"unauthorized_client\"}",
                Kind::InvalidClient,
                "unauthorized_client",
            ),
            (
                400,
                Some("InvalidScopeException"),
                "{}",
                Kind::Settings,
                "InvalidScopeException",
            ),
            (
                403,
                Some("ForbiddenException"),
                "{\"message\":\"No access\"}",
                Kind::Forbidden,
                "ForbiddenException",
            ),
            (
                403,
                None,
                "{\"message\":\"No access\"}",
                Kind::Forbidden,
                "",
            ),
            (
                404,
                Some("ResourceNotFoundException"),
                "",
                Kind::NotFound,
                "ResourceNotFoundException",
            ),
            (429, None, "HTTP 429 Unknown Code", Kind::Throttled, ""),
            (
                500,
                Some("InternalServerException"),
                "{}",
                Kind::Server,
                "InternalServerException",
            ),
            (503, None, "<html>", Kind::Server, ""),
            (511, None, "<html>", Kind::Foreign, ""),
            (200, None, "<html>", Kind::Foreign, ""),
            (200, None, "[]", Kind::Foreign, ""),
            (302, None, "", Kind::Foreign, ""),
            (403, None, "<html>blocked</html>", Kind::Foreign, ""),
            (
                400,
                Some("Odd#NewException:x"),
                "{}",
                Kind::Other,
                "NewException",
            ),
            (400, None, "{}", Kind::Other, ""),
        ] {
            let got = object(&answer(status, header, body)).err().unwrap();
            let name = Some(name.to_owned()).filter(|n| !n.is_empty());
            assert_eq!((got.kind, got.name), (kind, name), "{status} {body}");
        }
    }

    #[test]
    fn an_empty_answer_is_well_if_nothing_was_asked_for() {
        assert!(nothing(&answer(200, None, "")).is_ok());
        assert!(nothing(&answer(204, None, " \n")).is_ok());
        assert!(nothing(&answer(200, None, "{}")).is_ok());
        assert!(nothing(&answer(200, None, "<html>")).is_err());
        assert!(nothing(&answer(401, None, "")).is_err());
        assert!(object(&answer(200, None, "")).is_err());
    }

    #[test]
    fn values_are_read_or_the_missing_key_is_named() {
        let now = Epoch(1000);
        let body = json!({"clientId": "c", "clientSecret": "s", "clientSecretExpiresAt": 2000});
        assert_eq!(
            registered(&body, now).ok().map(|r| r.expires),
            Some(Epoch(2000))
        );
        let late = registered(&body, Epoch(3000)).err();
        assert_eq!(late, Some("clientSecretExpiresAt"), "already over");
        assert_eq!(
            registered(&json!({"clientId": ""}), now).err(),
            Some("clientId")
        );

        let body =
            json!({"deviceCode": "d", "userCode": "u", "verificationUri": "p", "expiresIn": 600.0});
        let got = device(&body).ok().unwrap();
        assert_eq!(
            (got.interval, got.complete.as_str(), got.lasts),
            (5, "p", Seconds(600))
        );
        for (interval, want) in [
            (json!(1), 1),
            (json!(0), 1),
            (json!(9999), 60),
            (json!(-1), 5),
            (json!(null), 5),
        ] {
            let mut body = body.clone();
            body["interval"] = interval;
            assert_eq!(device(&body).ok().unwrap().interval, want);
        }

        for (lasts, want) in [
            (json!(3600), Ok(3600)),
            (json!(1), Ok(1)),
            (json!(0), Err("expiresIn")),
            (json!(-5), Err("expiresIn")),
            (json!(400 * 86_400 + 1), Err("expiresIn")),
            (json!("3600"), Err("expiresIn")),
            (json!(1e300), Err("expiresIn")),
            (json!(null), Err("expiresIn")),
        ] {
            let body = json!({"accessToken": "t", "expiresIn": lasts});
            assert_eq!(granted(&body).map(|g| g.lasts.0), want, "{body}");
        }
        let body = json!({"accessToken": "t", "expiresIn": 5, "refreshToken": null});
        assert!(granted(&body).ok().unwrap().refresh.is_none());

        let role = |ms: i64| json!({"roleCredentials": {"accessKeyId": "a", "secretAccessKey": "s", "sessionToken": "t", "expiration": ms}});
        let ends = |ms| role_credentials(&role(ms), now).map(|r| r.expires);
        assert_eq!(ends(2_000_999), Ok(Epoch(2000)));
        assert_eq!(ends(999_000), Err("expiration"), "in the past");
        assert_eq!(
            role_credentials(&json!({}), now).err(),
            Some("roleCredentials")
        );
    }
}
