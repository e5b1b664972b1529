//! AWS's signature, version 4, of a form that is posted to STS.

use super::endpoint::Endpoint;
use super::request::Request;
use crate::library::Epoch;
use crate::secret::Secret;
use hmac_sha256::{HMAC, Hash};
use zeroize::Zeroizing;

/// Credentials that requests are signed with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Keys {
    /// The access key's id.
    pub(crate) id: String,
    /// The secret key.
    pub(crate) secret: Secret,
    /// The session token of temporary credentials.
    pub(crate) token: Option<Secret>,
}

/// Signs a request to STS for `region` as of `at`. A signature that it already has is replaced.
pub(crate) fn sign(
    request: &mut Request,
    endpoint: &Endpoint,
    keys: &Keys,
    region: &str,
    at: Epoch,
) {
    let date = compact(at);
    let host = endpoint.address.authority();
    let path = path(&endpoint.address.text, &request.target);
    let body = request.body.as_ref().map_or(&[][..], |body| body);
    let mut headers = vec![
        ("content-type", request.content),
        ("host", &host),
        ("x-amz-date", &date),
    ];
    if let Some(token) = &keys.token {
        headers.push(("x-amz-security-token", token.reveal()));
    }
    let authorization = Signing {
        method: request.method,
        path: &path,
        headers: &headers,
        body,
        scope: [&date[..8], region, "sts"],
        date: &date,
    }
    .authorization(keys);
    let mut signed = vec![
        ("host", Secret::new(host)),
        ("x-amz-date", Secret::new(date)),
        ("authorization", Secret::new(authorization)),
    ];
    signed.extend(keys.token.clone().map(|t| ("x-amz-security-token", t)));
    request.headers = signed;
}

/// `20150830T123600Z`.
fn compact(at: Epoch) -> String {
    at.iso().replace(['-', ':'], "")
}

/// The path that is called, below an endpoint that may have one itself.
fn path(endpoint: &str, target: &str) -> String {
    let after = endpoint.split_once("://").map_or("", |(_, rest)| rest);
    let prefix = after.find('/').map_or("", |at| &after[at..]);
    format!("{prefix}{target}")
}

/// What is signed.
struct Signing<'a> {
    method: &'a str,
    path: &'a str,
    /// In lower case, in order.
    headers: &'a [(&'a str, &'a str)],
    body: &'a [u8],
    /// Day, region, service.
    scope: [&'a str; 3],
    date: &'a str,
}

impl Signing<'_> {
    fn authorization(&self, keys: &Keys) -> String {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let scope = format!("{}/aws4_request", self.scope.join("/"));
        let mut canonical = Zeroizing::new(String::with_capacity(8 << 10));
        // All services but S3 encode the path once more.
        for part in [self.method, "\n", &self.path.replace('%', "%25"), "\n\n"] {
            canonical.push_str(part);
        }
        for (name, value) in self.headers {
            for part in [name, ":", value, "\n"] {
                canonical.push_str(part);
            }
        }
        for part in ["\n", &names, "\n", &hex(&Hash::hash(self.body))] {
            canonical.push_str(part);
        }
        let digest = hex(&Hash::hash(canonical.as_bytes()));
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{digest}", self.date);
        let secret = Zeroizing::new(format!("AWS4{}", keys.secret.reveal()));
        let mut key = Zeroizing::new(HMAC::mac(self.scope[0], secret.as_bytes()));
        for part in [self.scope[1], self.scope[2], "aws4_request"] {
            key = Zeroizing::new(HMAC::mac(part, *key));
        }
        let signature = hex(&HMAC::mac(text, *key));
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            keys.id
        )
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idc::address::Address;
    use crate::idc::sts;

    fn keys(token: Option<&str>) -> Keys {
        Keys {
            id: "AKIDEXAMPLE".into(),
            secret: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            token: token.map(Secret::new),
        }
    }

    const SESSION: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGd";

    /// Cases of AWS's published test suite (`aws-sig-v4-test-suite`), as far as they are requests of this kind.
    #[test]
    fn aws_published_cases() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let host = ("host", "example.amazonaws.com");
        let date = ("x-amz-date", "20150830T123600Z");
        for (case, method, headers, body, want) in [
            (
                "get-vanilla",
                "GET",
                vec![host, date],
                "",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "post-vanilla",
                "POST",
                vec![host, date],
                "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "post-x-www-form-urlencoded",
                "POST",
                vec![form, host, date],
                "Param1=value1",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
        ] {
            let signing = Signing {
                method,
                path: "/",
                headers: &headers,
                body: body.as_bytes(),
                scope: ["20150830", "us-east-1", "service"],
                date: date.1,
            };
            let got = signing.authorization(&keys(None));
            let signature = got.rsplit_once("Signature=").unwrap().1;
            assert_eq!(signature, want, "{case}: {got}");
        }
    }

    /// What botocore 1.43 signs for the same request.
    #[test]
    fn signatures_are_those_of_botocore() {
        let names = "content-type;host;x-amz-date";
        for (url, token, region, at, scope, want) in [
            (
                "https://sts.us-east-1.amazonaws.com",
                None,
                "us-east-1",
                1_440_938_160,
                "20150830/us-east-1",
                "52a8540fea00e731072179f763577cbe2a45eac2c5d32fb4d785f3eefac88165",
            ),
            (
                "https://sts.eu-west-1.amazonaws.com",
                Some(SESSION),
                "eu-west-1",
                1_795_860_000,
                "20261128/eu-west-1",
                "f4d8f2ba7c16eba905b918939cc68d2b41890f17355397ea23dacdabcd01f1e1",
            ),
            (
                "http://127.0.0.1:4566",
                Some("t"),
                "cn-north-1",
                1_798_761_599,
                "20261231/cn-north-1",
                "37e045dffd02e02e1fb71338cdeebb218b2d01fcd3d3bfd14829ca6377ddf0eb",
            ),
            (
                "http://localhost/a%20b/c",
                None,
                "us-east-1",
                1_709_164_800,
                "20240229/us-east-1",
                "9d576bf3de821e1d7143d999beaf2397c7d5ea80b1da84da194dd82a51b9ad9e",
            ),
        ] {
            let endpoint = Endpoint {
                address: Address::parse(url).unwrap(),
                from: None,
                doubtful_fips: false,
            };
            let mut request = sts::caller_identity();
            sign(&mut request, &endpoint, &keys(token), region, Epoch(at));
            let header = |name: &str| {
                let found = request.headers.iter().find(|(n, _)| *n == name);
                found.map(|(_, value)| value.reveal().to_owned())
            };
            let more = if token.is_some() {
                ";x-amz-security-token"
            } else {
                ""
            };
            assert_eq!(
                header("authorization").unwrap(),
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}/sts/aws4_request, SignedHeaders={names}{more}, Signature={want}"
                )
            );
            assert_eq!(header("x-amz-security-token").as_deref(), token);
            assert_eq!(header("host").unwrap(), endpoint.address.authority());
        }
    }
}
