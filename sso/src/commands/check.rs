//! `check`: tries what a login needs, part by part, and says what to do about the first that fails.

use super::login::portal;
use super::print;
use crate::cli::Check;
use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Registered};
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::request::{self, Flow, page};
use crate::library::{Epoch, now};
use crate::net::Failed;
use crate::store::registration::For;
use serde_json::{Value, json};

/// One part, and how it is.
struct Line {
    check: &'static str,
    result: Result<String, Failure>,
}

impl Line {
    fn good(check: &'static str, message: impl Into<String>) -> Self {
        Self {
            check,
            result: Ok(message.into()),
        }
    }

    fn bad(check: &'static str, failure: Failure) -> Self {
        Self {
            check,
            result: Err(failure),
        }
    }

    fn object(&self) -> Value {
        match &self.result {
            Ok(message) => {
                json!({"check": self.check, "ok": true, "message": message, "next": ""})
            }
            Err(failure) => {
                json!({"check": self.check, "ok": false, "message": failure.message, "next": failure.next})
            }
        }
    }

    fn text(&self) -> String {
        use crate::library::visible;
        match &self.result {
            Ok(message) => format!("{:<12}  ok    {}\n", self.check, visible(message)),
            Err(failure) => {
                let next = match failure.next.is_empty() {
                    true => String::new(),
                    false => format!("{:<12}        hint: {}\n", "", visible(&failure.next)),
                };
                let message = visible(&failure.message);
                format!("{:<12}  FAIL  {message}\n{next}", self.check)
            }
        }
    }
}

pub(crate) fn run(cx: &Context, args: &Check) -> Result<u8, Failure> {
    let link = cx.chosen(args.session.as_deref(), args.profile.as_deref())?;
    let lines = lines(cx, &link);
    let text = match cx.json {
        true => {
            let array: Vec<Value> = lines.iter().map(Line::object).collect();
            format!("{}\n", Value::Array(array))
        }
        false => lines.iter().map(Line::text).collect(),
    };
    let code = lines.iter().find_map(|line| {
        line.result
            .as_ref()
            .err()
            .map(|failure| failure.word.exit())
    });
    match print(text.as_bytes()) {
        0 => Ok(code.unwrap_or(0)),
        failed => Ok(failed),
    }
}

fn lines(cx: &Context, link: &Link) -> Vec<Line> {
    let mut lines = vec![settings(link), locks(cx)];
    if lines
        .iter()
        .any(|line| line.check == "config" && line.result.is_err())
    {
        return lines;
    }
    let endpoint = match link.endpoint(Service::Oidc) {
        Ok(endpoint) => endpoint,
        Err(failure) => {
            lines.push(Line::bad("config", failure));
            return lines;
        }
    };
    let reached = way(link, &endpoint, &mut lines);
    if !reached {
        return lines;
    }
    lines.push(region(link));
    lines.push(registration(cx, link, &endpoint));
    lines.push(clock(link));
    lines
}

fn settings(link: &Link) -> Line {
    let session = &link.session;
    match session.start_address() {
        Err(failure) => Line::bad("config", failure),
        Ok(_) if session.scopes.is_empty() && !session.is_legacy() => Line::good(
            "config",
            format!(
                "{} in {}; without sso_registration_scopes = sso:account:access a device login can't renew itself",
                session.start_url, session.region
            ),
        ),
        Ok(_) => Line::good(
            "config",
            format!("{} in {}", session.start_url, session.region),
        ),
    }
}

fn locks(cx: &Context) -> Line {
    match cx.locks.work() {
        true => Line::good("locks", "processes can wait for each other"),
        // Not a failure: the rules of reading again still hold.
        false => Line::good(
            "locks",
            "there is no state directory, or its file system has no locks: several processes at once may each renew",
        ),
    }
}

/// The way to the service: name, proxy, TLS, by one request that needs nothing.
fn way(link: &Link, endpoint: &Endpoint, lines: &mut Vec<Line>) -> bool {
    let host = endpoint.address.authority();
    let proxy = match link.client.proxy(endpoint) {
        Ok(proxy) => proxy,
        Err(failure) => {
            lines.push(Line::bad("proxy", failure));
            return false;
        }
    };
    let result = link
        .client
        .call(endpoint, &page("GET", "/"), link.client.deadline(), |_| {
            Ok(())
        });
    let named = match &endpoint.from {
        Some(from) => format!("{host} ({from})"),
        None => host,
    };
    let through = match &proxy {
        Some(proxy) => format!("through {} ({})", proxy.shown, proxy.from),
        None => "none".to_owned(),
    };
    let tls = match endpoint.address.secure {
        true => "the certificate is good",
        false => "not used: the endpoint is on this machine",
    };
    let order = [
        ("dns", named.clone()),
        ("proxy", through),
        ("connection", named),
        ("tls", tls.to_owned()),
    ];
    let (fails, failure) = match result {
        Ok(()) => (None, None),
        Err(failed) => {
            let failure = failed.into_failure(endpoint);
            let part = match failure.word {
                Word::Dns => "dns",
                Word::ProxyUnreachable | Word::ProxyAuth => "proxy",
                Word::TlsUntrusted | Word::TlsName | Word::TlsDate | Word::Clock => "tls",
                _ => "connection",
            };
            (Some(part), Some(failure))
        }
    };
    for (check, message) in order {
        // Through a proxy, the proxy looks the name up.
        if check == "dns" && proxy.is_some() {
            continue;
        }
        if fails == Some(check) {
            if let Some(failure) = failure {
                lines.push(Line::bad(check, failure));
            }
            return false;
        }
        lines.push(Line::good(check, message));
    }
    true
}

fn region(link: &Link) -> Line {
    let session = &link.session;
    match portal::region(link) {
        Some(really) if really != session.region => {
            Line::bad("region", portal::wrong_region(link, &really))
        }
        Some(really) => Line::good("region", format!("the portal reports {really} too")),
        None => Line::good(
            "region",
            format!("{}; the portal does not report its region", session.region),
        ),
    }
}

/// Registers a client if there is none, and asks for a device code: the only question that the service answers
/// without a login and that needs the right region and start URL.
fn registration(cx: &Context, link: &Link, endpoint: &Endpoint) -> Line {
    match try_registration(cx, link, endpoint) {
        Ok(until) => Line::good("registration", format!("good until {}", cx.at(until))),
        Err(failure) => Line::bad("registration", failure),
    }
}

fn try_registration(cx: &Context, link: &Link, endpoint: &Endpoint) -> Result<Epoch, Failure> {
    let session = &link.session;
    let start_url = portal::resolved(link)?;
    let purpose = For {
        flow: Flow::Device,
        region: &session.region,
        scopes: &session.scopes,
        session: session.name.as_deref(),
        start_url: &session.start_url,
    };
    let stored = purpose.load(&cx.home, now());
    let found = match stored {
        Some(stored) => stored,
        None => register(link, endpoint, &purpose, &start_url)?,
    };
    let request = request::start_device(&found.client(), &start_url);
    let deadline = link.client.deadline();
    match link
        .client
        .call(endpoint, &request, deadline, answer::object)
    {
        Ok(_) => {
            purpose.save(&cx.home, &found)?;
            Ok(found.expires)
        }
        Err(Failed::Refused(refusal)) => {
            if refusal.kind == answer::Kind::InvalidClient {
                purpose.forget(&cx.home);
            }
            match refusal.kind {
                answer::Kind::InvalidRequest | answer::Kind::InvalidGrant => {
                    Err(portal::explained(link, &refusal, endpoint))
                }
                _ => Err(Failed::Refused(refusal).into_failure(endpoint)),
            }
        }
        Err(failed) => Err(failed.into_failure(endpoint)),
    }
}

fn register(
    link: &Link,
    endpoint: &Endpoint,
    purpose: &For<'_>,
    issuer: &str,
) -> Result<Registered, Failure> {
    let request = request::register(purpose.flow, purpose.scopes, issuer);
    let deadline = link.client.deadline();
    link.client
        .call(endpoint, &request, deadline, answer::object)
        .and_then(|body| {
            answer::registered(&body, now()).map_err(|key| Failed::unbelievable(endpoint, key))
        })
        .map_err(|failed| failed.into_failure(endpoint))
}

fn clock(link: &Link) -> Line {
    match (link.clock_warning(), link.client.skew()) {
        (Some(warning), _) => Line::bad(
            "clock",
            Failure::new(Word::Clock, warning, "Set the clock of this machine."),
        ),
        (None, Some(skew)) => Line::good("clock", format!("{skew} s from the service's clock")),
        (None, None) => Line::good("clock", "the service did not send its time"),
    }
}
