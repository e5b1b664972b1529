//! URLs of the access portal.

use super::regions;

/// The deep link that opens the console with an account and role, and there the page `destination`, if one is given:
/// `START_URL/#/console?account_id=A&role_name=R&destination=D`.
///
/// # Errors
/// Why the start URL is not safe to open in a browser: it comes from the config file, which is not trusted.
pub fn console(
    start_url: &str,
    account: &str,
    role: &str,
    destination: Option<&str>,
) -> Result<String, String> {
    let portal = portal(start_url)?;
    let destination = destination.map_or_else(String::new, |page| {
        format!("&destination={}", percent(page))
    });
    Ok(format!(
        "{portal}/#/console?account_id={}&role_name={}{destination}",
        percent(account),
        percent(role)
    ))
}

/// The console's page of a service in a region. Without a region the console takes its own default.
///
/// # Errors
/// Why there is none: the service is not a name, or the region is in a partition whose console has no known address.
pub fn service_page(service: &str, region: Option<&str>) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c);
    if service.is_empty() || !service.chars().all(plain) || service.starts_with(['-', '/']) {
        return Err(format!(
            "'{service}' is not the name of a service in the console's addresses"
        ));
    }
    let Some(region) = region else {
        return Ok(format!("https://console.aws.amazon.com/{service}/home"));
    };
    let domain = match regions::partition(region) {
        Some("aws") => "aws.amazon.com",
        Some("aws-cn") => "amazonaws.cn",
        Some("aws-us-gov") => "amazonaws-us-gov.com",
        Some("aws-eusc") => "amazonaws-eusc.eu",
        _ => return Err(format!("the console's address in '{region}' is not known")),
    };
    Ok(format!(
        "https://{region}.console.{domain}/{service}/home?region={region}"
    ))
}

/// Whether `url` can be a page of the console: https, in printable ASCII without blanks.
#[must_use]
pub fn is_page(url: &str) -> bool {
    url.strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()))
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
                console(start, "123456789012", "Admin", None).as_deref(),
                Ok(
                    "https://my.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin"
                ),
                "{start}"
            );
        }
        assert!(console("https://ssoins-1.portal.eu-west-1.app.aws", "1", "R", None).is_ok());
        assert!(console("https://portal.example.com:8443/x", "1", "R", None).is_ok());
    }

    #[test]
    fn account_and_role_can_add_nothing_to_the_address() {
        assert_eq!(
            console("https://a.b/start", "1&x=2#", "Ré ad/Only", None).as_deref(),
            Ok("https://a.b/start/#/console?account_id=1%26x%3D2%23&role_name=R%C3%A9%20ad%2FOnly")
        );
    }

    #[test]
    #[rustfmt::skip]
    fn a_service_has_a_page_in_each_partition_with_a_known_console() {
        for (service, region, want) in [
            ("s3",  None,                  Ok("https://console.aws.amazon.com/s3/home")),
            ("ec2", Some("eu-west-1"),     Ok("https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1")),
            ("ec2", Some("cn-north-1"),    Ok("https://cn-north-1.console.amazonaws.cn/ec2/home?region=cn-north-1")),
            ("ec2", Some("us-gov-west-1"), Ok("https://us-gov-west-1.console.amazonaws-us-gov.com/ec2/home?region=us-gov-west-1")),
            ("ec2", Some("eusc-de-east-1"), Ok("https://eusc-de-east-1.console.amazonaws-eusc.eu/ec2/home?region=eusc-de-east-1")),
            ("ec2", Some("us-iso-east-1"), Err("the console's address in 'us-iso-east-1' is not known")),
            ("ec2", Some("evil.example/"), Err("the console's address in 'evil.example/' is not known")),
            ("",    None,                  Err("'' is not the name of a service in the console's addresses")),
            ("a b", None,                  Err("'a b' is not the name of a service in the console's addresses")),
            ("../x", None,                 Err("'../x' is not the name of a service in the console's addresses")),
        ] {
            assert_eq!(service_page(service, region).as_deref().map_err(String::as_str), want);
        }
        assert_eq!(
            console("https://a.b/start", "1", "R", Some("https://c.d/e?f=g&h")).as_deref(),
            Ok("https://a.b/start/#/console?account_id=1&role_name=R&destination=https%3A%2F%2Fc.d%2Fe%3Ff%3Dg%26h")
        );
        for (url, good) in [
            ("https://eu-west-1.console.aws.amazon.com/s3/buckets/x?tab=objects#y", true),
            ("https://", false), ("http://a.b", false), ("javascript:alert(1)", false), ("https://a b", false), ("https://a\n", false),
        ] {
            assert_eq!(is_page(url), good, "{url:?}");
        }
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
            assert!(console(start, "1", "R", None).is_err(), "{start}");
        }
    }
}
