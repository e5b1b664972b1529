//! The access portal itself: its real address, and the region that it is in.

use crate::context::Link;
use crate::error::{Failure, Remote, Word};
use crate::idc::address::{Address, is_portal, region_of_host, region_of_page};
use crate::idc::answer::Refusal;
use crate::idc::endpoint::Endpoint;
use crate::idc::request::page;
use crate::net::client::remote;

fn endpoint(address: &Address) -> Option<Endpoint> {
    Some(Endpoint {
        address: Address::parse(&address.origin())?,
        from: None,
        doubtful_fips: false,
    })
}

/// Path and query of an address, without its fragment.
fn target(address: &Address) -> String {
    let whole = address.text.split('#').next().unwrap_or_default();
    let after = whole.split_once("://").map_or("", |(_, rest)| rest);
    let path = after.find(['/', '?']).map_or("", |at| &after[at..]);
    match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("/{path}"),
    }
}

/// The start URL that the portal really has: a company's own name for it is asked once where it leads.
///
/// # Errors
/// `bad-start-url` if it leads to no portal; what the network says.
pub(crate) fn resolved(link: &Link) -> Result<String, Failure> {
    let address = link.session.start_address()?;
    if is_portal(&address.host) || address.is_loopback() {
        return Ok(link.session.start_url.clone());
    }
    let Some(own) = endpoint(&address) else {
        return Ok(link.session.start_url.clone());
    };
    let ask = |method| {
        let deadline = link.client.deadline();
        link.client
            .call(&own, &page(method, &target(&address)), deadline, |answer| {
                Ok((answer.status, answer.location.clone()))
            })
            .map_err(|failed| failed.into_failure(&own))
    };
    let mut answer = ask("HEAD")?;
    if matches!(answer.0, 405 | 501) {
        answer = ask("GET")?;
    }
    let led = answer
        .1
        .as_deref()
        .filter(|_| (300..400).contains(&answer.0))
        .and_then(Address::parse)
        .filter(|to| to.secure && is_portal(&to.host));
    match led {
        Some(to) => Ok(to.text),
        None => Err(Failure::new(
            Word::BadStartUrl,
            format!(
                "{} is not an access portal and does not redirect to one (HTTP {})",
                link.session.start_url, answer.0
            ),
            "Set sso_start_url to what the access portal shows, such as https://my-company.awsapps.com/start.",
        )
        .with(Remote {
            http: Some(answer.0),
            endpoint: Some(address.origin()),
            ..Remote::default()
        })),
    }
}

/// The region that the portal says it is in: by its host, else by its page.
pub(crate) fn region(link: &Link) -> Option<String> {
    let configured = link.session.start_address().ok()?;
    let start = match resolved(link) {
        Ok(text) => Address::parse(&text)?,
        Err(_) => configured,
    };
    if let Some(region) = region_of_host(&start.host) {
        return Some(region.to_owned());
    }
    let own = endpoint(&start)?;
    let request = page("GET", &target(&start));
    let deadline = link.client.deadline();
    let body = link
        .client
        .call_once(&own, &request, deadline, |answer| {
            Ok(String::from_utf8_lossy(&answer.body).into_owned())
        })
        .ok()?;
    region_of_page(&body).map(str::to_owned)
}

/// The failure of a portal that is in another region than the config file says.
pub(crate) fn wrong_region(link: &Link, really: &str) -> Failure {
    let session = &link.session;
    let place = match &session.name {
        Some(name) => format!("[sso-session {name}]"),
        None => "the profile".to_owned(),
    };
    Failure::new(
        Word::WrongRegion,
        format!(
            "the access portal of {} is in {really}, and sso_region says {}",
            session.label(),
            session.region
        ),
        format!("Set sso_region = {really} in {place}."),
    )
}

/// What a refusal means that a wrong region or a wrong start URL usually causes: the portal is asked.
pub(crate) fn explained(link: &Link, refusal: &Refusal, called: &Endpoint) -> Failure {
    let session = &link.session;
    let failure = match region(link) {
        Some(really) if really != session.region => wrong_region(link, &really),
        Some(_) => Failure::new(
            Word::BadStartUrl,
            format!(
                "{} does not know the start URL {}{}",
                called.address.authority(),
                session.start_url,
                words(refusal)
            ),
            "Copy the start URL from the access portal.",
        ),
        None => Failure::new(
            Word::WrongRegion,
            format!(
                "{} does not know the start URL {}{}",
                called.address.authority(),
                session.start_url,
                words(refusal)
            ),
            format!(
                "Check sso_region ({}): it is the region of the access portal; and sso_start_url.",
                session.region
            ),
        ),
    };
    failure.with(remote(refusal, called))
}

fn words(refusal: &Refusal) -> String {
    match (&refusal.name, refusal.words.as_str()) {
        (_, words) if !words.is_empty() => format!(" ({words})"),
        (Some(name), _) => format!(" ({name})"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_start_url_is_called_without_its_fragment() {
        for (text, want) in [
            ("https://my.awsapps.com/start", "/start"),
            ("https://my.awsapps.com/start/#/", "/start/"),
            ("https://my.awsapps.com", "/"),
            ("https://my.awsapps.com#x", "/"),
            ("https://my.awsapps.com?x=1", "/?x=1"),
        ] {
            assert_eq!(target(&Address::parse(text).unwrap()), want);
        }
    }
}
