//! Addresses that are called or shown: what they may be, and what they say about a region.

use crate::library::is_region;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use ureq::http::Uri;

/// RFC 3986's unreserved characters stay as they are.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `text` as a part of a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// `text` as a path: its slashes stay.
pub(crate) fn encode_path(text: &str) -> String {
    encode(text).replace("%2F", "/")
}

/// The values of `query`, decoded; `+` is a blank, as in a form.
pub(crate) fn decode_query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// An absolute `http` or `https` address without user and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// The whole text as it was given.
    pub(crate) text: String,
    /// Whether it begins with `https`.
    pub(crate) secure: bool,
    /// The host in lower case; IPv6 in brackets.
    pub(crate) host: String,
    /// The port, if one is written.
    pub(crate) port: Option<u16>,
}

impl Address {
    /// Takes an address apart. `None` if it is not such an address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // A fragment is the browser's own affair; start URLs are written with one.
        let called = text.split('#').next().unwrap_or_default();
        let uri: Uri = called.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return None;
        }
        let written = authority.as_str().rsplit_once(':').map(|(_, port)| port);
        if authority.port().is_none() && written.is_some_and(|port| !port.ends_with(']')) {
            return None;
        }
        let port = authority.port_u16();
        if port == Some(0) || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return None;
        }
        Some(Self {
            text: text.to_owned(),
            secure,
            host: authority.host().to_ascii_lowercase(),
            port,
        })
    }

    /// Host, and the port if one is written.
    pub(crate) fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Scheme, host and port: what a message shows of an address.
    pub(crate) fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority())
    }

    /// Whether it leads to this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host == "[::1]"
            || self
                .host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether secrets may be sent there: by TLS, or not leaving this machine.
    pub(crate) fn is_safe(&self) -> bool {
        self.secure || self.is_loopback()
    }
}

/// What hosts of access portals end in, by the AWS CLI 2.36 (`customizations/sso/resolve.py`).
const PORTAL_ENDINGS: [&str; 8] = [
    ".awsapps.com",
    ".awsapps.cn",
    ".app.aws",
    ".portal.amazonaws.com",
    ".portal.amazonaws.com.cn",
    ".portal.amazonaws.eu",
    ".app.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
];

/// Whole hosts of access portals, from the same list.
const PORTAL_HOSTS: [&str; 4] = [
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
];

/// Whether `host` is one of AWS's access portals. Any other host in a start URL is a company's own name for one.
pub(crate) fn is_portal(host: &str) -> bool {
    PORTAL_HOSTS.contains(&host) || PORTAL_ENDINGS.iter().any(|end| host.ends_with(end))
}

/// The region that a portal's host names: `ID.portal.REGION.app.aws`, `ID.REGION.portal.amazonaws.com`.
pub(crate) fn region_of_host(host: &str) -> Option<&str> {
    let labels: Vec<&str> = host.split('.').collect();
    let at = labels.iter().position(|label| *label == "portal")?;
    let beside = [at.checked_add(1), at.checked_sub(1)];
    beside
        .into_iter()
        .flatten()
        .filter_map(|i| labels.get(i).copied())
        .find(|label| is_region(label))
}

/// Whether the portal is the kind whose device page belongs to the dual-stack OIDC host: the page's domain
/// follows the host that was called, and only that of the start URL knows the user's session.
pub(crate) fn wants_dual_stack(host: &str) -> bool {
    region_of_host(host).is_some() && host.contains(".portal.") && host.ends_with(".app.aws")
}

/// The region in the page of a portal: `<meta name="region" content="eu-west-1"/>`.
pub(crate) fn region_of_page(page: &str) -> Option<&str> {
    let mut rest = page;
    while let Some(at) = rest.find("<meta") {
        let tag = &rest[at..];
        let end = tag.find('>')?;
        let tag_text = &tag[..end];
        if attribute(tag_text, "name") == Some("region")
            && let Some(region) = attribute(tag_text, "content").filter(|r| is_region(r))
        {
            return Some(region);
        }
        rest = &tag[end..];
    }
    None
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    ['"', '\''].iter().find_map(|quote| {
        let start = format!(" {name}={quote}");
        let at = tag.find(&start)? + start.len();
        tag[at..].split(*quote).next()
    })
}

/// Whether the address on which a device code is approved may be shown: on a portal, on the service's own device
/// page, or on the host that the user's own configuration names as the endpoint (`overridden`).
pub(crate) fn device_page_is_safe(page: &Address, overridden: Option<&Address>) -> bool {
    if overridden.is_some_and(|named| named.host == page.host && (page.secure || !named.secure)) {
        return page.is_safe();
    }
    let device = |host: &str| {
        let region = host
            .strip_prefix("device.sso.")
            .and_then(|rest| rest.split('.').next());
        region.is_some_and(|region| {
            is_region(region)
                && super::endpoint::dns_suffixes(region)
                    .iter()
                    .any(|suffix| host == format!("device.sso.{region}.{suffix}"))
        })
    };
    page.secure
        && page.port.is_none_or(|p| p == 443)
        && (is_portal(&page.host) || device(&page.host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart_or_refused() {
        for (text, want) in [
            (
                "https://my.awsapps.com/start",
                Some("https://my.awsapps.com"),
            ),
            (
                "https://MY.awsapps.com/start#/",
                Some("https://my.awsapps.com"),
            ),
            ("http://127.0.0.1:8080/x?y", Some("http://127.0.0.1:8080")),
            ("http://[::1]:1", Some("http://[::1]:1")),
            ("https://[::1]/", Some("https://[::1]")),
            ("ftp://a.b", None),
            ("my.awsapps.com/start", None),
            ("https://user@a.b/", None),
            ("https://user:p@a.b/", None),
            ("https://a.b:0/", None),
            ("https://a.b:99999/", None),
            ("https://a.b:x/", None),
            ("https:///start", None),
            ("https://a b/", None),
            ("https://a.b/\u{1b}", None),
            ("https://a.b\\@c/", None),
            ("", None),
        ] {
            let origin = Address::parse(text).map(|a| a.origin());
            assert_eq!(origin.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn plain_http_is_safe_on_this_machine_only() {
        for (text, safe) in [
            ("https://x.example", true),
            ("http://localhost:4566", true),
            ("http://127.0.0.1", true),
            ("http://127.9.9.9:1", true),
            ("http://[::1]:1", true),
            ("http://x.example", false),
            ("http://localhost.evil.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(Address::parse(text).unwrap().is_safe(), safe, "{text}");
        }
    }

    #[test]
    fn portals_are_told_from_other_hosts() {
        for host in [
            "my.awsapps.com",
            "start.us-gov-home.awsapps.com",
            "start.home.awsapps.cn",
            "ssoins-1.portal.eu-west-1.app.aws",
            "ssoins-1.eu-west-1.portal.amazonaws.com",
            "ssoins-1.cn-north-1.portal.amazonaws.com.cn",
            "identitycenter.amazonaws.com",
        ] {
            assert!(is_portal(host), "{host}");
        }
        for host in [
            "awsapps.com",
            "evilawsapps.com",
            "my.awsapps.com.evil.example",
            "x.identitycenter.amazonaws.com",
            "sso.example.com",
            "amazonaws.com",
        ] {
            assert!(!is_portal(host), "{host}");
        }
    }

    #[test]
    fn a_portal_may_name_its_region() {
        for (host, want) in [
            ("ssoins-1.portal.eu-west-1.app.aws", Some("eu-west-1")),
            ("ssoins-1.eu-west-2.portal.amazonaws.com", Some("eu-west-2")),
            ("my.awsapps.com", None),
            ("portal.example.com", None),
        ] {
            assert_eq!(region_of_host(host), want, "{host}");
        }
        for (page, want) in [
            (
                "<html><meta charset=\"utf-8\"><meta name=\"region\" content=\"eu-west-1\"/>",
                Some("eu-west-1"),
            ),
            (
                "<meta content='us-east-2' name='region'>",
                Some("us-east-2"),
            ),
            ("<meta name=\"region\" content=\"evil\"/>", None),
            ("<meta name=\"region\"", None),
            ("<html></html>", None),
        ] {
            assert_eq!(region_of_page(page), want, "{page}");
        }
        assert!(wants_dual_stack("x.portal.eu-west-1.app.aws"));
        assert!(!wants_dual_stack("x.eu-west-1.portal.amazonaws.com"));
        assert!(!wants_dual_stack("my.awsapps.com"));
    }

    #[test]
    fn a_device_page_is_on_a_known_host_or_refused() {
        let safe = |text: &str, named: Option<&str>| {
            let named = named.map(|n| Address::parse(n).unwrap());
            Address::parse(text).is_some_and(|page| device_page_is_safe(&page, named.as_ref()))
        };
        for text in [
            "https://device.sso.eu-west-1.amazonaws.com/",
            "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH",
            "https://device.sso.cn-north-1.amazonaws.com.cn/",
            "https://my.awsapps.com/start/#/device?user_code=A",
            "https://x.portal.eu-west-1.app.aws/#/device",
        ] {
            assert!(safe(text, None), "{text}");
        }
        for text in [
            "http://device.sso.eu-west-1.amazonaws.com/",
            "https://device.sso.eu-west-1.amazonaws.com.evil.example/",
            "https://device.sso.evil.amazonaws.com/",
            "https://device.sso.eu-west-1.amazonaws.com:8443/",
            "https://my.awsapps.com@evil.example/",
            "https://evil.example/",
            "http://127.0.0.1:1/",
            "javascript:alert(1)",
        ] {
            assert!(!safe(text, None), "{text}");
        }
        let local = Some("http://127.0.0.1:4566");
        assert!(safe("http://127.0.0.1:9/device", local));
        assert!(!safe("http://192.168.0.1/device", local));
        let tls = Some("https://idc.example:8443");
        assert!(safe("https://idc.example/device", tls));
        assert!(!safe("http://idc.example/device", tls));
    }

    #[test]
    fn queries_are_read_and_written() {
        assert_eq!(
            encode("sso:account:access a/b~é"),
            "sso%3Aaccount%3Aaccess%20a%2Fb~%C3%A9"
        );
        assert_eq!(
            decode_query("code=a%2Bb+c&state=&x&&error=%ff"),
            [
                ("code".to_owned(), "a+b c".to_owned()),
                ("state".to_owned(), String::new()),
                ("x".to_owned(), String::new()),
                ("error".to_owned(), "\u{fffd}".to_owned()),
            ]
        );
    }
}
