//! The stand-in's STS: it knows its own keys, checks every signature and its time, and gives roles to whom they
//! trust.

use super::http::{Answer, Request, decode_form};
use super::stand_in::CANARY;
use super::{seconds, utc};
use hmac_sha256::{HMAC, Hash};
use std::collections::BTreeMap;

/// Keys that are good here.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// Who may assume a role.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trust {
    /// Only with this external id.
    pub(crate) external_id: Option<&'static str>,
    /// Only with this device and code.
    pub(crate) mfa: Option<(&'static str, &'static str)>,
    /// With this web identity token, and not with keys.
    pub(crate) web_token: Option<&'static str>,
}

struct Known {
    secret: String,
    token: Option<String>,
    /// Account and resource, such as `123456789012:user/me`.
    arn: String,
    expired: bool,
}

/// The service.
#[derive(Default)]
pub(super) struct Sts {
    count: u64,
    keys: BTreeMap<String, Known>,
    trusts: BTreeMap<String, Trust>,
}

type Refusal = (u16, &'static str, String);

impl Sts {
    pub(super) fn make(&mut self, arn: &str, temporary: bool) -> Keys {
        self.count += 1;
        let kind = if temporary { "ASIA" } else { "AKIA" };
        let keys = Keys {
            id: format!("{kind}STANDIN{:09}", self.count),
            secret: format!("{CANARY}key-{}", self.count),
            token: temporary.then(|| format!("{CANARY}session+/{}==", self.count)),
        };
        self.know(&keys, arn);
        keys
    }

    pub(super) fn know(&mut self, keys: &Keys, arn: &str) {
        let known = Known {
            secret: keys.secret.clone(),
            token: keys.token.clone(),
            arn: arn.to_owned(),
            expired: false,
        };
        self.keys.insert(keys.id.clone(), known);
    }

    pub(super) fn expire(&mut self, id: &str) {
        if let Some(known) = self.keys.get_mut(id) {
            known.expired = true;
        }
    }

    pub(super) fn trust(&mut self, role: &str, trust: Trust) {
        self.trusts.insert(role.to_owned(), trust);
    }

    pub(super) fn answer(&mut self, request: &Request, now: i64) -> Answer {
        let form = decode_form(&request.text());
        let field = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, v)| &v[..]);
        let done = match field("Action") {
            Some("GetCallerIdentity") => self.signer(request, now).map(|arn| {
                let account = arn.split(':').next().unwrap_or_default();
                let service = if arn.contains(":user/") { "iam" } else { "sts" };
                format!(
                    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
                     <GetCallerIdentityResult>\n    <Arn>arn:aws:{service}::{}</Arn>\n    \
                     <UserId>AROASTANDIN:me</UserId>\n    <Account>{account}</Account>\n  \
                     </GetCallerIdentityResult>\n</GetCallerIdentityResponse>\n",
                    arn.replace('&', "&amp;")
                )
            }),
            Some(action @ "AssumeRole") => self
                .signer(request, now)
                .and_then(|_| self.assume(action, &field, now)),
            Some(action @ "AssumeRoleWithWebIdentity") => self.assume(action, &field, now),
            _ => Err((400, "InvalidAction", "no such action".to_owned())),
        };
        match done {
            Ok(body) => Answer::new(200, "text/xml", body),
            Err((status, code, message)) => Answer::new(
                status,
                "text/xml",
                format!(
                    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    \
                     <Type>Sender</Type>\n    <Code>{code}</Code>\n    <Message>{message}</Message>\n  \
                     </Error>\n  <RequestId>r</RequestId>\n</ErrorResponse>\n"
                ),
            ),
        }
    }

    /// Whose signature a request has.
    fn signer(&self, request: &Request, now: i64) -> Result<String, Refusal> {
        let unknown = |code, words: &str| Err((403, code, words.to_owned()));
        let header = request.header("authorization").unwrap_or_default();
        let part = |name: &str| {
            let (_, rest) = header.split_once(name)?;
            rest[1..].split(',').next()
        };
        let (Some(credential), Some(names), Some(signature)) =
            (part("Credential"), part("SignedHeaders"), part("Signature"))
        else {
            return unknown("MissingAuthenticationToken", "Missing Authentication Token");
        };
        let scope: Vec<&str> = credential.split('/').collect();
        let Some(known) = self.keys.get(scope[0]) else {
            let words = "The security token included in the request is invalid.";
            return unknown("InvalidClientTokenId", words);
        };
        if request.header("x-amz-security-token") != known.token.as_deref() {
            let words = "The security token included in the request is invalid.";
            return unknown("InvalidClientTokenId", words);
        }
        for needed in ["host", "x-amz-date"] {
            if !names.split(';').any(|name| name == needed) {
                return unknown("SignatureDoesNotMatch", "a header is not signed");
            }
        }
        let date = request.header("x-amz-date").unwrap_or_default();
        let day = &date[..8.min(date.len())];
        let wanted = sign(request, names, &known.secret, date, &scope[1..]);
        if scope[1] != day || wanted != signature {
            let words =
                "The request signature we calculated does not match the signature you provided.";
            return unknown("SignatureDoesNotMatch", words);
        }
        let dashed = format!(
            "{}-{}-{}T{}:{}:{}Z",
            &date[..4],
            &date[4..6],
            &date[6..8],
            &date[9..11],
            &date[11..13],
            &date[13..15]
        );
        if (seconds(&dashed) - now).abs() > 300 {
            return unknown(
                "SignatureDoesNotMatch",
                "Signature expired: too far from the present",
            );
        }
        if known.expired {
            let words = "The security token included in the request is expired";
            return unknown("ExpiredToken", words);
        }
        Ok(known.arn.clone())
    }

    fn assume<'f>(
        &mut self,
        action: &str,
        field: &impl Fn(&str) -> Option<&'f str>,
        now: i64,
    ) -> Result<String, Refusal> {
        let role = field("RoleArn").unwrap_or_default();
        let session = field("RoleSessionName").unwrap_or_default();
        let denied = || {
            (
                403,
                "AccessDenied",
                format!("not authorized to perform: sts:{action} on resource: {role}"),
            )
        };
        let trust = self.trusts.get(role).ok_or_else(denied)?;
        let mfa = field("SerialNumber").zip(field("TokenCode"));
        if trust.external_id != field("ExternalId")
            || trust.mfa != mfa
            || trust.web_token != field("WebIdentityToken")
        {
            return Err(denied());
        }
        let name = role.rsplit('/').next().unwrap_or_default();
        let account = role.split(':').nth(4).unwrap_or_default();
        let arn = format!("{account}:assumed-role/{name}/{session}");
        let lasts: i64 = field("DurationSeconds").map_or(3600, |text| text.parse().unwrap());
        let keys = self.make(&arn, true);
        Ok(format!(
            "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <{action}Result>\n    \
             <AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId><Arn>arn:aws:sts::{arn}</Arn></AssumedRoleUser>\n    \
             <Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey>\
             <SessionToken>{}</SessionToken><Expiration>{}</Expiration></Credentials>\n  \
             </{action}Result>\n</{action}Response>\n",
            keys.id,
            keys.secret,
            keys.token.unwrap_or_default(),
            utc(now + lasts)
        ))
    }
}

/// The signature that a request has to have, from what arrived.
fn sign(request: &Request, names: &str, secret: &str, date: &str, scope: &[&str]) -> String {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|b| format!("{b:02x}")).collect() };
    let headers: String = names
        .split(';')
        .map(|name| format!("{name}:{}\n", request.header(name).unwrap_or_default()))
        .collect();
    let canonical = [
        &request.method,
        &request.path,
        &request.query,
        &headers,
        names,
        &hex(&Hash::hash(&request.body)),
    ]
    .join("\n");
    let text = [
        "AWS4-HMAC-SHA256",
        date,
        &scope.join("/"),
        &hex(&Hash::hash(canonical.as_bytes())),
    ]
    .join("\n");
    let mut key = HMAC::mac(scope[0], format!("AWS4{secret}"));
    for part in &scope[1..] {
        key = HMAC::mac(part, key);
    }
    hex(&HMAC::mac(text, key))
}
