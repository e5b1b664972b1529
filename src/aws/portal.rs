//! URLs of the access portal.

/// The deep link that opens the console with an account and role:
/// `START_URL/#/console?account_id=A&role_name=R`.
///
/// # Errors Why the start URL is not safe to open in a browser: it comes from the config file, which is not trusted.
pub fn console(start_url: &str, account: &str, role: &str) -> Result<String, String> {
    let portal = portal(start_url)?;
    Ok(format!(
        "{portal}/#/console?account_id={}&role_name={}",
        percent(account),
        percent(role)
    ))
}

/// The start URL without the final slashes and empty fragment that many have.
fn portal(start_url: &str) -> Result<&str, String> {
    let rest = start_url
        .strip_prefix("https://")
        .ok_or("sso_start_url does not begin with https://")?;
    let base = start_url.split('#').next().unwrap_or_default();
    let host = rest.split(['/', '#', '?']).next().unwrap_or_default();
    let fragment = rest.split_once('#').map_or("", |(_, f)| f);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let well_formed = name.split('.').count() > 1
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.chars().all(plain)
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
        && port.parse::<u16>().is_ok_and(|p| p > 0);
    let path = &base["https://".len() + host.len()..];
    let path_plain = path
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/-._~".contains(c));
    if well_formed && path_plain && matches!(fragment, "" | "/") {
        Ok(base.trim_end_matches('/'))
    } else {
        Err("sso_start_url is not a plain https address".to_owned())
    }
}

/// Percent-encodes everything except RFC 3986's unreserved characters.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte as char);
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_url_in_any_of_its_usual_forms_leads_to_the_same_place() {
        for start in [
            "https://my.awsapps.com/start",
            "https://my.awsapps.com/start/",
            "https://my.awsapps.com/start#",
            "https://my.awsapps.com/start/#/",
        ] {
            assert_eq!(
                console(start, "123456789012", "Admin").as_deref(),
                Ok(
                    "https://my.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin"
                ),
                "{start}"
            );
        }
        assert!(console("https://ssoins-1.portal.eu-west-1.app.aws", "1", "R").is_ok());
        assert!(console("https://portal.example.com:8443/x", "1", "R").is_ok());
    }

    #[test]
    fn account_and_role_can_add_nothing_to_the_address() {
        assert_eq!(
            console("https://a.b/start", "1&x=2#", "Ré ad/Only").as_deref(),
            Ok("https://a.b/start/#/console?account_id=1%26x%3D2%23&role_name=R%C3%A9%20ad%2FOnly")
        );
    }

    #[test]
    fn what_is_no_plain_https_address_is_refused() {
        for start in [
            "",
            "http://my.awsapps.com/start",
            "HTTPS://my.awsapps.com/start",
            "-https://my.awsapps.com/start",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https:///start",
            "https://localhost/start",
            "https://user@my.awsapps.com/start",
            "https://my.awsapps.com@evil.example/",
            "https://my.awsapps.com\\@evil.example/",
            "https://my.awsapps.com/start?next=//evil.example",
            "https://my.awsapps.com/start#/x",
            "https://my.awsapps.com/a b",
            "https://my.awsapps.com/a\nb",
            "https://my..com/start",
            "https://-my.com/start",
            "https://my.com:0/start",
            "https://my.com:x/start",
            "https://mÿ.com/start",
        ] {
            assert!(console(start, "1", "R").is_err(), "{start}");
        }
    }
}
