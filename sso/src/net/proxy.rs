//! Which proxy a request goes through, by the rules of Python's `urllib`, which the AWS CLI follows.

use crate::idc::address::Address;
use crate::library::Vars;
use std::ffi::OsStr;

/// A proxy, and the variable that names it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    /// The address to use, with user and password if there are any. Not for messages.
    pub(crate) url: String,
    /// Host and port, for messages.
    pub(crate) shown: String,
    /// The variable, as it is spelled.
    pub(crate) from: String,
}

/// What is wrong with a proxy's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    /// The variable.
    pub(crate) from: String,
    /// Why, for a message.
    pub(crate) why: &'static str,
}

/// The proxy for requests to `target`; `None` if they go there directly.
///
/// A request without TLS goes to this machine only, and never through a proxy: it carries tokens.
///
/// # Errors
/// A proxy is named, and can't be used.
pub(crate) fn choose(target: &Address, vars: &Vars) -> Result<Option<Proxy>, Unusable> {
    if !target.secure {
        return Ok(None);
    }
    let Some((from, value)) = variable("https", vars) else {
        return Ok(None);
    };
    if variable("no", vars).is_some_and(|(_, list)| bypassed(&target.authority(), &list)) {
        return Ok(None);
    }
    // As botocore completes it.
    let url = match value.as_str() {
        v if v.starts_with("http:") || v.starts_with("https:") => v.to_owned(),
        v if v.starts_with("//") => format!("http:{v}"),
        v if v.contains("://") => {
            return Err(Unusable {
                from,
                why: "only http:// and https:// proxies can be used",
            });
        }
        v => format!("http://{v}"),
    };
    let bare = without_user(&url);
    match Address::parse(&bare) {
        Some(address) => Ok(Some(Proxy {
            shown: address.authority(),
            url,
            from,
        })),
        None => Err(Unusable {
            from,
            why: "it is not an address",
        }),
    }
}

/// The address without `user:password@`.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// The value of `KIND_proxy`, whatever its case; the one in lower case wins, and if that is empty there is none.
/// (`urllib.request.getproxies_environment`)
fn variable(kind: &str, vars: &Vars) -> Option<(String, String)> {
    let named = |name: &OsStr| {
        let name = name.to_str()?;
        name.to_ascii_lowercase()
            .strip_suffix("_proxy")
            .is_some_and(|k| k == kind)
            .then(|| name.to_owned())
    };
    let mut found: Option<(String, String)> = None;
    let mut lower: Option<(String, String)> = None;
    for (name, value) in vars.iter() {
        let Some(name) = named(name) else { continue };
        let value = value.to_string_lossy().into_owned();
        if name.ends_with("_proxy") {
            lower = Some((name.clone(), value.clone()));
        }
        if !value.is_empty() {
            found = Some((name, value));
        }
    }
    match lower {
        Some(lower) => Some(lower).filter(|(_, value)| !value.is_empty()),
        None => found,
    }
}

/// Whether `no_proxy` excepts a host. (`urllib.request.proxy_bypass_environment`)
fn bypassed(authority: &str, list: &str) -> bool {
    if list == "*" {
        return true;
    }
    let host = authority.to_lowercase();
    let only = match host.rsplit_once(':') {
        Some((only, port)) if port.bytes().all(|b| b.is_ascii_digit()) => only,
        _ => host.as_str(),
    };
    list.split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .any(|name| {
            let name = name.trim_start_matches('.').to_lowercase();
            let suffix = format!(".{name}");
            only == name || host == name || only.ends_with(&suffix) || host.ends_with(&suffix)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(pairs: &[(&str, &str)], target: &str) -> String {
        let vars = Vars::from_iter(pairs.iter().copied());
        match choose(&Address::parse(target).unwrap(), &vars) {
            Ok(Some(proxy)) => format!("{} by {}", proxy.url, proxy.from),
            Ok(None) => "direct".to_owned(),
            Err(unusable) => format!("{}: {}", unusable.from, unusable.why),
        }
    }

    const OIDC: &str = "https://oidc.eu-west-1.amazonaws.com";

    #[test]
    fn the_proxy_is_the_one_that_urllib_takes() {
        for (vars, want) in [
            (&[][..], "direct"),
            (
                &[("HTTPS_PROXY", "http://p:1")],
                "http://p:1 by HTTPS_PROXY",
            ),
            (
                &[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "http://q:2")],
                "http://q:2 by https_proxy",
            ),
            (
                &[("https_proxy", "http://q:2"), ("HTTPS_PROXY", "http://p:1")],
                "http://q:2 by https_proxy",
            ),
            (
                &[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "")],
                "direct",
            ),
            (
                &[("https_proxy", ""), ("HTTPS_PROXY", "http://p:1")],
                "direct",
            ),
            (
                &[("Https_Proxy", "http://p:1")],
                "http://p:1 by Https_Proxy",
            ),
            (&[("HTTPS_PROXY", "")], "direct"),
            (&[("HTTP_PROXY", "http://p:1")], "direct"),
            (&[("ALL_PROXY", "http://p:1")], "direct"),
            (&[("HTTPS_PROXY", "p:1")], "http://p:1 by HTTPS_PROXY"),
            (&[("HTTPS_PROXY", "//p:1")], "http://p:1 by HTTPS_PROXY"),
            (
                &[("HTTPS_PROXY", "socks5://p:1")],
                "HTTPS_PROXY: only http:// and https:// proxies can be used",
            ),
            (
                &[("HTTPS_PROXY", "http://p:x")],
                "HTTPS_PROXY: it is not an address",
            ),
        ] {
            assert_eq!(chosen(vars, OIDC), want, "{vars:?}");
        }
    }

    #[test]
    fn plain_http_never_goes_through_a_proxy() {
        let vars = [("HTTP_PROXY", "http://p:1"), ("HTTPS_PROXY", "http://p:1")];
        assert_eq!(chosen(&vars, "http://127.0.0.1:4566"), "direct");
    }

    /// Each row was checked against `urllib.request.proxy_bypass` of Python 3.11.
    #[test]
    fn exceptions_are_those_of_urllib() {
        for (list, host, excepted) in [
            ("*", "a.example.com", true),
            (" *", "a.example.com", false),
            ("*,x", "a.example.com", false),
            ("example.com", "example.com", true),
            ("example.com", "a.example.com", true),
            (".example.com", "a.example.com", true),
            (".example.com", "example.com", true),
            ("..example.com", "example.com", true),
            ("example.com", "badexample.com", false),
            (" x , EXAMPLE.com ", "A.Example.Com", true),
            ("*.example.com", "a.example.com", false),
            ("example.com:8443", "example.com:8443", true),
            ("example.com:8443", "example.com", false),
            ("example.com", "example.com:8443", true),
            ("10.0.0.0/8", "10.0.0.1", false),
            ("::1", "[::1]:8443", false),
            ("[::1]", "[::1]:8443", true),
            (",", "a", false),
            ("", "a", false),
        ] {
            let vars = [("HTTPS_PROXY", "http://p:1"), ("no_proxy", list)];
            let direct = chosen(&vars, &format!("https://{host}")) == "direct";
            assert_eq!(direct, excepted, "{list} {host}");
        }
        let both = [
            ("HTTPS_PROXY", "http://p:1"),
            ("NO_PROXY", "amazonaws.com"),
            ("no_proxy", ""),
        ];
        assert_ne!(chosen(&both, OIDC), "direct", "the lower case one is empty");
    }

    #[test]
    fn user_and_password_are_used_and_not_shown() {
        let vars = Vars::from_iter([("HTTPS_PROXY", "http://user:p%40ss@proxy.example:3128/")]);
        let proxy = choose(&Address::parse(OIDC).unwrap(), &vars)
            .ok()
            .flatten()
            .unwrap();
        assert_eq!(proxy.shown, "proxy.example:3128");
        assert!(proxy.url.contains("user:p%40ss@"));
    }
}
