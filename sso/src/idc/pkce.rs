//! The proof that the code which came back belongs to the login that asked for it (RFC 7636), and the address on
//! which a browser begins.

use super::address::encode;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The path that the browser comes back to. The service knows it from the registration, without the port.
pub(crate) const CALLBACK: &str = "/oauth/callback";

/// The redirect address of the registration.
pub(crate) const REGISTERED: &str = "http://127.0.0.1/oauth/callback";

/// A verifier of 64 characters, of 48 random bytes.
pub(crate) fn verifier(random: &[u8; 48]) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random))
}

/// The challenge of a verifier: base64url of its SHA-256.
pub(crate) fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(hmac_sha256::Hash::hash(verifier.reveal().as_bytes()))
}

/// A random UUID of version 4.
pub(crate) fn uuid(mut random: [u8; 16]) -> String {
    random[6] = (random[6] & 0x0f) | 0x40;
    random[8] = (random[8] & 0x3f) | 0x80;
    let hex: String = random.iter().map(|b| format!("{b:02x}")).collect();
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

/// The redirect address with the port.
pub(crate) fn redirect(port: u16) -> String {
    format!("http://127.0.0.1:{port}{CALLBACK}")
}

/// The address on which a browser begins, with the AWS CLI's parameters in its order.
pub(crate) fn authorize(
    oidc: &str,
    client_id: &str,
    port: u16,
    state: &str,
    scopes: &[String],
    challenge: &str,
) -> String {
    let pairs = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", &redirect(port)),
        ("state", state),
        ("code_challenge_method", "S256"),
        ("scopes", &scopes.join(" ")),
        ("code_challenge", challenge),
    ];
    let query: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={}", encode(value)))
        .collect();
    format!("{oidc}/authorize?{}", query.join("&"))
}

/// What came back with the browser.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Returned {
    /// The code, for our state.
    Code(Secret),
    /// An error for our state: its name, and the service's words.
    Error(String, String),
    /// Nothing that belongs to this login: why.
    Other(&'static str),
}

/// Reads the query that the browser came back with. What does not carry our `state` is not ours, an error no
/// less than a code.
pub(crate) fn returned(query: &str, state: &str) -> Returned {
    let pairs = super::address::decode_query(query);
    let get = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    };
    match get("state") {
        None => return Returned::Other("it has no state"),
        Some(given) if given != state => return Returned::Other("its state is of another login"),
        Some(_) => {}
    }
    match (get("error"), get("code")) {
        (Some(error), _) => {
            let words = get("error_description").unwrap_or_default();
            Returned::Error(error.to_owned(), words.to_owned())
        }
        (None, Some(code)) => Returned::Code(Secret::new(code)),
        (None, None) => Returned::Other("it has no code"),
    }
}

/// The query in a line that a person pasted: a whole address, or just the query.
pub(crate) fn pasted(line: &str) -> Option<&str> {
    // Terminals and chats break long lines and wrap them in quotes.
    let line = line.trim().trim_matches(['"', '\'', '<', '>']);
    let query = match line.split_once('?') {
        Some((before, query)) if before.contains(CALLBACK) || before.is_empty() => query,
        Some(_) => return None,
        None => line,
    };
    let query = query.split('#').next().unwrap_or_default();
    query.contains("state=").then_some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_verifier_has_64_characters_of_the_alphabet() {
        let verifier = verifier(&[0xfb; 48]);
        assert_eq!(verifier.reveal().len(), 64);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(verifier.reveal().chars().all(plain));
    }

    #[test]
    fn a_state_is_a_uuid_of_version_4() {
        assert_eq!(uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn the_address_has_the_aws_clis_parameters() {
        assert_eq!(
            authorize(
                "https://oidc.eu-west-1.amazonaws.com",
                "c id",
                41233,
                "s",
                &["sso:account:access".into(), "x:y".into()],
                "ch"
            ),
            "https://oidc.eu-west-1.amazonaws.com/authorize?response_type=code&client_id=c%20id\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A41233%2Foauth%2Fcallback&state=s\
             &code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess%20x%3Ay&code_challenge=ch"
        );
    }

    #[test]
    fn only_what_carries_our_state_counts() {
        let told = |query: &str| match returned(query, "S") {
            Returned::Code(code) => format!("code {}", code.reveal()),
            Returned::Error(error, words) => format!("error {error}: {words}"),
            Returned::Other(why) => why.to_owned(),
        };
        for (query, want) in [
            ("code=c%2F1&state=S", "code c/1"),
            ("state=S&code=c", "code c"),
            ("code=c", "it has no state"),
            ("code=c&state=", "it has no state"),
            ("code=c&state=T", "its state is of another login"),
            ("error=access_denied", "it has no state"),
            ("error=x&state=T", "its state is of another login"),
            (
                "error=access_denied&error_description=no+way&state=S",
                "error access_denied: no way",
            ),
            ("error=e&code=c&state=S", "error e: "),
            ("state=S", "it has no code"),
            ("", "it has no state"),
        ] {
            assert_eq!(told(query), want, "{query}");
        }
    }

    #[test]
    fn a_pasted_line_may_be_an_address_or_its_query() {
        for (line, want) in [
            (
                "http://127.0.0.1:1/oauth/callback?code=c&state=s",
                Some("code=c&state=s"),
            ),
            (
                "  \"http://127.0.0.1:1/oauth/callback?code=c&state=s#x\" ",
                Some("code=c&state=s"),
            ),
            ("code=c&state=s", Some("code=c&state=s")),
            ("?code=c&state=s", Some("code=c&state=s")),
            (
                "https://oidc.eu-west-1.amazonaws.com/authorize?state=s",
                None,
            ),
            ("y", None),
            ("", None),
        ] {
            assert_eq!(pasted(line), want, "{line}");
        }
    }
}
