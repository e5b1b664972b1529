//! STS: three requests, and what it answers.

use super::address::encode;
use super::answer::{Answer, Kind, Refusal, RoleCredentials};
use super::request::Request;
use crate::library::{Epoch, parse_time};
use crate::secret::Secret;
use zeroize::Zeroizing;

/// A form that does no harm twice.
fn form(action: &str, pairs: &[(&str, &str)]) -> Request {
    let mut body = Zeroizing::new(Vec::with_capacity(16 << 10));
    body.extend_from_slice(format!("Action={action}&Version=2011-06-15").as_bytes());
    for (name, value) in pairs {
        // The encoded value may be a token.
        let value = Zeroizing::new(encode(value));
        for part in ["&", name, "=", &value] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    Request {
        content: "application/x-www-form-urlencoded; charset=utf-8",
        ..Request::bare("POST", "/".to_owned(), Some(body))
    }
}

/// GetCallerIdentity.
pub(crate) fn caller_identity() -> Request {
    form("GetCallerIdentity", &[])
}

/// A role to be assumed.
#[derive(Clone, Copy)]
pub(crate) struct Assume<'a> {
    /// The role.
    pub(crate) role: &'a str,
    /// The name of the session.
    pub(crate) session: &'a str,
    /// How long the credentials are to last, in seconds.
    pub(crate) seconds: Option<i64>,
    /// `external_id`.
    pub(crate) external_id: Option<&'a str>,
    /// The MFA device, and the code that it shows.
    pub(crate) mfa: Option<(&'a str, &'a Secret)>,
}

/// AssumeRole.
pub(crate) fn assume_role(call: Assume<'_>) -> Request {
    let seconds = call.seconds.map(|s| s.to_string());
    let mut pairs = vec![("RoleArn", call.role), ("RoleSessionName", call.session)];
    if let Some(seconds) = &seconds {
        pairs.push(("DurationSeconds", seconds));
    }
    pairs.extend(call.external_id.map(|id| ("ExternalId", id)));
    if let Some((device, code)) = call.mfa {
        pairs.extend([("SerialNumber", device), ("TokenCode", code.reveal())]);
    }
    let mut request = form("AssumeRole", &pairs);
    // A code counts once: the second request would be refused.
    request.repeatable = call.mfa.is_none();
    request
}

/// AssumeRoleWithWebIdentity, which is not signed.
pub(crate) fn assume_with_token(role: &str, session: &str, token: &Secret) -> Request {
    let pairs = [
        ("RoleArn", role),
        ("RoleSessionName", session),
        ("WebIdentityToken", token.reveal()),
    ];
    form("AssumeRoleWithWebIdentity", &pairs)
}

/// An answer in XML.
pub(crate) struct Xml(Zeroizing<String>);

/// Reads an answer.
///
/// # Errors
/// The refusal. What is not STS's XML is one too.
pub(crate) fn read(answer: &Answer) -> Result<Xml, Refusal> {
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    let ours = text.contains("Response>") || text.contains("Response ");
    let xml = Xml(Zeroizing::new(text.to_owned()));
    if ours && (200..=299).contains(&answer.status) {
        return Ok(xml);
    }
    let code = xml.text("Code").filter(|_| ours);
    let kind = match (answer.status, code.as_deref()) {
        (429, _) | (_, Some("Throttling" | "ThrottlingException" | "RequestLimitExceeded")) => {
            Kind::Throttled
        }
        (511, _) => Kind::Foreign,
        (500..=599, _) => Kind::Server,
        (_, None) => Kind::Foreign,
        (_, Some("ExpiredToken" | "ExpiredTokenException" | "InvalidClientTokenId")) => {
            Kind::Unauthorized
        }
        (403, Some(_)) => Kind::Forbidden,
        (_, Some(_)) => Kind::Other,
    };
    Err(Refusal {
        status: answer.status,
        kind,
        name: code,
        words: xml.text("Message").unwrap_or_default(),
        request_id: answer.request_id.clone(),
        retry_after: answer.retry_after,
    })
}

impl Xml {
    /// The text of the first element of that name.
    fn raw(&self, name: &str) -> Option<&str> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let from = self.0.find(&open)? + open.len();
        let length = self.0[from..].find(&close)?;
        Some(self.0[from..from + length].trim()).filter(|text| !text.is_empty())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(plain)
    }

    fn needed(&self, name: &'static str) -> Result<String, &'static str> {
        self.text(name).ok_or(name)
    }
}

/// XML's five entities as what they mean.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for (entity, meaning) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        // Most texts have none, and a copy of a secret is one too many.
        if text.contains(entity) {
            text = text.replace(entity, meaning);
        }
    }
    text
}

/// Who STS says the caller is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// `Arn`.
    pub(crate) arn: String,
    /// `Account`.
    pub(crate) account: String,
    /// `UserId`.
    pub(crate) user: String,
}

/// GetCallerIdentity's answer.
///
/// # Errors
/// The element that is missing.
pub(crate) fn caller(xml: &Xml) -> Result<Caller, &'static str> {
    Ok(Caller {
        arn: xml.needed("Arn")?,
        account: xml.needed("Account")?,
        user: xml.needed("UserId")?,
    })
}

/// The answer of both ways to assume a role.
///
/// # Errors
/// The element that is missing or can't be believed.
pub(crate) fn assumed(xml: &Xml, now: Epoch) -> Result<RoleCredentials, &'static str> {
    let ends = xml.text("Expiration").and_then(|text| parse_time(&text));
    Ok(RoleCredentials {
        key: xml.needed("AccessKeyId")?,
        secret: Secret::new(xml.needed("SecretAccessKey")?),
        token: Secret::new(xml.needed("SessionToken")?),
        // Much less than the server's clock may be off would be believed too: it is not used for long.
        expires: ends
            .filter(|at| at.0 > now.0 - 86_400 && *at <= Epoch::NEVER)
            .ok_or("Expiration")?,
    })
}

/// The parts of a caller's ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal<'a> {
    /// Such as `aws-cn`.
    pub(crate) partition: &'a str,
    /// `assumed-role`, `user`, `federated-user` or `root`.
    pub(crate) kind: &'a str,
    /// The role's name.
    pub(crate) role: Option<&'a str>,
    /// The name of the role's session.
    pub(crate) session: Option<&'a str>,
}

impl<'a> Principal<'a> {
    /// Takes an ARN apart.
    pub(crate) fn of(arn: &'a str) -> Self {
        let mut parts = arn.splitn(6, ':');
        let partition = parts.nth(1).unwrap_or_default();
        let resource = parts.nth(3).unwrap_or_default();
        let (kind, rest) = resource.split_once('/').unwrap_or((resource, ""));
        let of_role = (kind == "assumed-role").then(|| rest.split_once('/').unwrap_or((rest, "")));
        Self {
            partition,
            kind,
            role: of_role.map(|(role, _)| role).filter(|r| !r.is_empty()),
            session: of_role.map(|(_, name)| name).filter(|s| !s.is_empty()),
        }
    }

    /// The role as the access portal names it: `AWSReservedSSO_Admin_0123456789abcdef` is the permission set `Admin`.
    pub(crate) fn permission_set(&self) -> Option<&'a str> {
        let (name, mark) = self
            .role?
            .strip_prefix("AWSReservedSSO_")?
            .rsplit_once('_')?;
        let is_mark = mark.len() == 16 && mark.bytes().all(|b| b.is_ascii_hexdigit());
        is_mark.then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            error_type: None,
            request_id: None,
            location: None,
            retry_after: None,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    fn body(request: &Request) -> String {
        String::from_utf8(request.body.as_ref().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn forms_have_what_botocore_sends() {
        assert_eq!(
            body(&caller_identity()),
            "Action=GetCallerIdentity&Version=2011-06-15"
        );
        let mut call = Assume {
            role: "arn:aws:iam::1:role/a b",
            session: "me@x",
            seconds: None,
            external_id: None,
            mfa: None,
        };
        let plain = assume_role(call);
        assert_eq!(
            body(&plain),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&RoleSessionName=me%40x"
        );
        let code = Secret::new("123456");
        call.seconds = Some(900);
        call.external_id = Some("e&x");
        call.mfa = Some(("arn:mfa", &code));
        let full = assume_role(call);
        assert!(body(&full).ends_with(
            "&DurationSeconds=900&ExternalId=e%26x&SerialNumber=arn%3Amfa&TokenCode=123456"
        ));
        assert_eq!((plain.repeatable, full.repeatable), (true, false));
        assert!(
            body(&assume_with_token("r", "s", &Secret::new("t+/=")))
                .ends_with("&RoleArn=r&RoleSessionName=s&WebIdentityToken=t%2B%2F%3D")
        );
    }

    #[test]
    fn refusals_are_told_apart_by_their_code() {
        let error = |code: &str| {
            format!(
                "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>{code}</Code><Message>a &lt;b&gt; &amp;lt;</Message></Error></ErrorResponse>"
            )
        };
        for (status, code, kind) in [
            (403, "ExpiredToken", Kind::Unauthorized),
            (403, "InvalidClientTokenId", Kind::Unauthorized),
            (400, "ExpiredTokenException", Kind::Unauthorized),
            (403, "SignatureDoesNotMatch", Kind::Forbidden),
            (403, "AccessDenied", Kind::Forbidden),
            (400, "ValidationError", Kind::Other),
            (400, "Throttling", Kind::Throttled),
            (503, "ServiceUnavailable", Kind::Server),
        ] {
            let refusal = read(&answer(status, &error(code))).err().unwrap();
            assert_eq!((refusal.kind, refusal.name.as_deref()), (kind, Some(code)));
            assert_eq!(refusal.words, "a <b> &lt;");
        }
        for (status, body) in [(200, "<html></html>"), (403, "<html></html>"), (302, "")] {
            assert_eq!(
                read(&answer(status, body)).err().unwrap().kind,
                Kind::Foreign
            );
        }
    }

    #[test]
    fn answers_are_read_or_the_missing_element_is_named() {
        let xml = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n <GetCallerIdentityResult>\n  <Arn>arn:aws:sts::1:assumed-role/R/a&amp;b</Arn>\n <UserId>U</UserId> <Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
        let got = caller(&read(&answer(200, xml)).ok().unwrap()).unwrap();
        assert_eq!(got.arn, "arn:aws:sts::1:assumed-role/R/a&b");
        let xml = xml.replace("Account>", "Other>");
        let got = caller(&read(&answer(200, &xml)).ok().unwrap());
        assert_eq!(got, Err("Account"));

        let xml = "<AssumeRoleResponse xmlns=\"x\"><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2026-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        let read = |now| assumed(&read(&answer(200, xml)).ok().unwrap(), Epoch(now));
        let got = read(1_767_225_000).ok().unwrap();
        assert_eq!((got.key.as_str(), got.expires.0), ("A", 1_767_225_600));
        assert_eq!(got.token.reveal(), "T");
        assert_eq!(read(1_767_425_000).err(), Some("Expiration"), "long past");
    }

    #[test]
    fn arns_are_taken_apart() {
        for (arn, kind, role, session, set) in [
            (
                "arn:aws:sts::1:assumed-role/AWSReservedSSO_My_Set_0123456789abcdef/me@x",
                "assumed-role",
                Some("AWSReservedSSO_My_Set_0123456789abcdef"),
                Some("me@x"),
                Some("My_Set"),
            ),
            (
                "arn:aws:sts::1:assumed-role/R/s/t",
                "assumed-role",
                Some("R"),
                Some("s/t"),
                None,
            ),
            ("arn:aws:iam::1:user/path/me", "user", None, None, None),
            ("arn:aws:iam::1:root", "root", None, None, None),
            (
                "arn:aws:sts::1:federated-user/me",
                "federated-user",
                None,
                None,
                None,
            ),
            ("", "", None, None, None),
        ] {
            let got = Principal::of(arn);
            assert_eq!((got.kind, got.role, got.session), (kind, role, session));
            assert_eq!(got.permission_set(), set, "{arn}");
        }
        assert_eq!(Principal::of("arn:aws-cn:sts::1:x/y").partition, "aws-cn");
    }
}
