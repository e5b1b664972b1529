//! Requests, to the byte. Keys, their order and their values are the AWS CLI's, except the client's name.

use super::address::encode;
use super::pkce;
use crate::secret::{Object, Secret, Style};
use serde_json::json;
use zeroize::Zeroizing;

/// The client's name, which the consent page shows.
const CLIENT_NAME: &str = "awsbadge";

/// What an `sso-session` without scopes asks for in a browser login, as the AWS CLI does.
pub(crate) const DEFAULT_SCOPE: &str = "sso:account:access";

/// A request, without its host.
pub(crate) struct Request {
    /// `GET`, `POST`, `PUT` or `HEAD`.
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) target: String,
    /// The access token for the header `x-amz-sso_bearer_token`.
    pub(crate) bearer: Option<Secret>,
    /// The body.
    pub(crate) body: Option<Zeroizing<Vec<u8>>>,
    /// What the body is, if there is one.
    pub(crate) content: &'static str,
    /// Further headers.
    pub(crate) headers: Vec<(&'static str, Secret)>,
    /// Whether it goes past every proxy: what answers is on this machine or on its link.
    pub(crate) direct: bool,
    /// Whether the same request may be sent twice without harm.
    pub(crate) repeatable: bool,
}

impl Request {
    /// A request with nothing but a body, which may be sent twice.
    pub(super) fn bare(
        method: &'static str,
        target: String,
        body: Option<Zeroizing<Vec<u8>>>,
    ) -> Self {
        Self {
            method,
            target,
            bearer: None,
            body,
            content: "application/json",
            headers: Vec::new(),
            direct: false,
            repeatable: true,
        }
    }

    fn post(target: &str, body: Object, repeatable: bool) -> Self {
        Self {
            repeatable,
            ..Self::bare("POST", target.to_owned(), Some(body.finish()))
        }
    }
}

/// How a person approves a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// A browser that comes back to this machine.
    Pkce,
    /// A code that is approved in a browser anywhere.
    Device,
}

impl Flow {
    /// The word in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pkce => "pkce",
            Self::Device => "device",
        }
    }
}

/// A client, as the service knows it.
#[derive(Clone)]
pub(crate) struct Client {
    /// `clientId`.
    pub(crate) id: String,
    /// `clientSecret`.
    pub(crate) secret: Secret,
}

/// RegisterClient. `issuer` is the start URL that the portal really has.
pub(crate) fn register(flow: Flow, scopes: &[String], issuer: &str) -> Request {
    let mut body = Object::new(Style::Compact)
        .text("clientName", CLIENT_NAME)
        .text("clientType", "public");
    if flow == Flow::Pkce {
        let grants = json!(["authorization_code", "refresh_token"]);
        body = body
            .value("grantTypes", &grants)
            .value("redirectUris", &json!([pkce::REGISTERED]))
            .text("issuerUrl", issuer);
    }
    if !scopes.is_empty() {
        body = body.value("scopes", &json!(scopes));
    }
    Request::post("/client/register", body, true)
}

/// StartDeviceAuthorization.
pub(crate) fn start_device(client: &Client, start_url: &str) -> Request {
    let body = Object::new(Style::Compact)
        .text("clientId", &client.id)
        .text("clientSecret", client.secret.reveal())
        .text("startUrl", start_url);
    Request::post("/device_authorization", body, true)
}

fn token(grant: &str, client: &Client) -> Object {
    Object::new(Style::Compact)
        .text("grantType", grant)
        .text("clientId", &client.id)
        .text("clientSecret", client.secret.reveal())
}

/// CreateToken with a device code.
pub(crate) fn device_token(client: &Client, device_code: &Secret) -> Request {
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let body = token(grant, client).text("deviceCode", device_code.reveal());
    Request::post("/token", body, false)
}

/// CreateToken with the code that came back to `port`.
pub(crate) fn code_token(client: &Client, port: u16, verifier: &Secret, code: &Secret) -> Request {
    let body = token("authorization_code", client)
        .text("redirectUri", &pkce::redirect(port))
        .text("codeVerifier", verifier.reveal())
        .text("code", code.reveal());
    Request::post("/token", body, false)
}

/// CreateToken with a refresh token.
pub(crate) fn refresh_token(client: &Client, refresh: &Secret) -> Request {
    let body = token("refresh_token", client).text("refreshToken", refresh.reveal());
    Request::post("/token", body, false)
}

/// GetRoleCredentials.
pub(crate) fn role_credentials(access: &Secret, account: &str, role: &str) -> Request {
    let target = format!(
        "/federation/credentials?role_name={}&account_id={}",
        encode(role),
        encode(account)
    );
    Request {
        bearer: Some(access.clone()),
        ..Request::bare("GET", target, None)
    }
}

/// Logout.
pub(crate) fn logout(access: &Secret) -> Request {
    Request {
        bearer: Some(access.clone()),
        ..Request::bare("POST", "/logout".to_owned(), None)
    }
}

/// A page that is asked for without any secret: the portal, or a company's own address of it.
pub(crate) fn page(method: &'static str, target: &str) -> Request {
    Request::bare(method, target.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(request: &Request) -> String {
        let body = request
            .body
            .as_ref()
            .map_or("", |b| std::str::from_utf8(b).unwrap());
        let bearer = request.bearer.as_ref().map_or("", Secret::reveal);
        format!("{} {} {bearer}|{body}", request.method, request.target)
    }

    /// The bodies that AWS CLI 2.36 sends, with our client's name.
    #[test]
    fn requests_are_those_of_the_aws_cli() {
        let client = Client {
            id: "id".into(),
            secret: Secret::new("se\"cret"),
        };
        let scopes = ["sso:account:access".to_owned()];
        let secret = |text: &str| Secret::new(text);
        for (request, want) in [
            (
                register(Flow::Device, &scopes, "u"),
                "POST /client/register |{\"clientName\":\"awsbadge\",\"clientType\":\"public\",\"scopes\":[\"sso:account:access\"]}",
            ),
            (
                register(Flow::Device, &[], "u"),
                "POST /client/register |{\"clientName\":\"awsbadge\",\"clientType\":\"public\"}",
            ),
            (
                register(Flow::Pkce, &scopes, "https://my.awsapps.com/start"),
                "POST /client/register |{\"clientName\":\"awsbadge\",\"clientType\":\"public\",\"grantTypes\":[\"authorization_code\",\"refresh_token\"],\"redirectUris\":[\"http://127.0.0.1/oauth/callback\"],\"issuerUrl\":\"https://my.awsapps.com/start\",\"scopes\":[\"sso:account:access\"]}",
            ),
            (
                start_device(&client, "https://my.awsapps.com/start"),
                "POST /device_authorization |{\"clientId\":\"id\",\"clientSecret\":\"se\\\"cret\",\"startUrl\":\"https://my.awsapps.com/start\"}",
            ),
            (
                device_token(&client, &secret("d")),
                "POST /token |{\"grantType\":\"urn:ietf:params:oauth:grant-type:device_code\",\"clientId\":\"id\",\"clientSecret\":\"se\\\"cret\",\"deviceCode\":\"d\"}",
            ),
            (
                code_token(&client, 41233, &secret("v"), &secret("c")),
                "POST /token |{\"grantType\":\"authorization_code\",\"clientId\":\"id\",\"clientSecret\":\"se\\\"cret\",\"redirectUri\":\"http://127.0.0.1:41233/oauth/callback\",\"codeVerifier\":\"v\",\"code\":\"c\"}",
            ),
            (
                refresh_token(&client, &secret("r")),
                "POST /token |{\"grantType\":\"refresh_token\",\"clientId\":\"id\",\"clientSecret\":\"se\\\"cret\",\"refreshToken\":\"r\"}",
            ),
            (
                role_credentials(&secret("t"), "123456789012", "A/B c&d"),
                "GET /federation/credentials?role_name=A%2FB%20c%26d&account_id=123456789012 t|",
            ),
            (logout(&secret("t")), "POST /logout t|"),
        ] {
            assert_eq!(shown(&request), want);
        }
    }
}
