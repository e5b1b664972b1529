//! The login by a browser that comes back to this machine, or whose last address is pasted here.

use super::portal;
use super::wait::{Desk, Event};
use super::{Attempt, Login, event};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Granted, Kind};
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::pkce::{self, Returned};
use crate::idc::request::{self, Client, Flow};
use crate::library::{Epoch, Seconds, now, reason};
use crate::net::Failed;
use crate::net::callback::Listener;
use crate::secret::Secret;
use crate::sys::browser::Opener;
use crate::sys::{self, terminal};
use serde_json::json;
use std::sync::Arc;

impl Login<'_> {
    /// One login by a browser.
    pub(super) fn by_browser(&self, opener: Option<&Opener>) -> Result<Attempt, Failure> {
        let (listener, port) = self.listener()?;
        let scopes = self.link.session.scopes_or_default();
        let endpoint = self.link.endpoint(Service::Oidc)?;
        let purpose = self.purpose(Flow::Pkce, &scopes);
        let issuer = portal::resolved(self.link)?;
        let registered = self.registered(&purpose, &endpoint, &issuer)?;
        let client = registered.client();
        let verifier = pkce::verifier(&random()?);
        let state = pkce::uuid(random()?);
        let url = pkce::authorize(
            &endpoint.address.text,
            &client.id,
            port,
            &state,
            &scopes,
            &pkce::challenge(&verifier),
        );
        self.annotate(Some(&url));
        self.show_browser(opener, &endpoint, &url, port);
        let mut desk = Desk::new(self.cx, self.options.events, true, self.end);
        if desk.takes_lines() {
            desk.say(
                self.cx,
                &format!(
                    "No browser here? Open that address anywhere, then paste here where it ended up (http://127.0.0.1:{port}/…):"
                ),
            );
        }
        listener.serve(state.clone(), desk.returns());
        loop {
            let found = match desk.wait(self.end)? {
                Event::Time => return Err(self.timed_out()),
                Event::Returned(found) => found,
                Event::Line(line) => match pkce::pasted(&line).map(|q| pkce::returned(q, &state)) {
                    Some(found) => found,
                    None if line.trim().is_empty() => continue,
                    None => Returned::Other("it is not the address that the browser ended at"),
                },
            };
            let code = match found {
                Returned::Code(code) => code,
                Returned::Error(error, words) => return Err(self.denied(&error, &words)),
                Returned::Other(why) => {
                    desk.say(
                        self.cx,
                        &format!(
                            "That does not belong to this login: {why}. Paste the whole address, from http://127.0.0.1:{port}/ to its end."
                        ),
                    );
                    continue;
                }
            };
            return match self.exchange(&mut desk, &endpoint, &client, port, &verifier, &code)? {
                Ok(granted) => Ok(Attempt::Granted(granted, registered)),
                Err(Failed::Refused(refusal)) if refusal.kind == Kind::InvalidClient => {
                    purpose.forget(&self.cx.home);
                    Ok(Attempt::Again)
                }
                Err(Failed::Refused(refusal))
                    if matches!(refusal.kind, Kind::InvalidGrant | Kind::InvalidRequest) =>
                {
                    Err(portal::explained(self.link, &refusal, &endpoint))
                }
                Err(failed) => Err(failed.into_failure(&endpoint)),
            };
        }
    }

    fn listener(&self) -> Result<(Listener, u16), Failure> {
        let wanted = self
            .options
            .redirect_port
            .or(self.cx.settings.redirect_port);
        let bound = Listener::bind(wanted).and_then(|listener| {
            let port = listener.port()?;
            Ok((listener, port))
        });
        bound.map_err(|e| {
            let place = wanted.map_or_else(|| "any port".to_owned(), |port| format!("port {port}"));
            Failure::new(
                Word::PortTaken,
                format!("can't listen at {place} of 127.0.0.1: {}", reason(&e)),
                "Name another one with --redirect-port, or use --device.",
            )
        })
    }

    fn show_browser(&self, opener: Option<&Opener>, endpoint: &Endpoint, url: &str, port: u16) {
        if self.options.events {
            event(&json!({
                "event": "open",
                "flow": "pkce",
                "url": url,
                "code": null,
                "expires_at": self.expiry().iso(),
            }));
        }
        // Opened before it is shown: what is shown says whether it was.
        let opened = opener.map(|opener| opener.open(url));
        let host = endpoint.address.authority();
        let label = self.link.session.label();
        let comes_back = format!("It comes back to 127.0.0.1:{port}.");
        let text = match opened {
            Some(Ok(())) => format!("{label}: opening your browser at {host}. {comes_back}"),
            Some(Err(e)) => format!(
                "{label}: the browser can't be started ({}). Open this address at {host}. {comes_back}",
                reason(&e)
            ),
            None => format!("{label}: open this address at {host}. {comes_back}"),
        };
        self.cx.say(&text);
        if !self.cx.json {
            terminal::complain(&format!("  {url}\n"));
        }
        if self.options.qr {
            self.show_qr(url);
        }
    }

    pub(super) fn show_qr(&self, url: &str) {
        if self.cx.json {
            return;
        }
        match super::qr::picture(url, terminal::size()) {
            Some(picture) => terminal::complain(&format!("{picture}\n")),
            None => self
                .cx
                .say("(the QR code of this address does not fit this terminal)"),
        }
    }

    fn expiry(&self) -> Epoch {
        let left = i64::try_from(self.end.left().as_secs()).unwrap_or(i64::MAX);
        now().plus(Seconds(left))
    }

    fn exchange(
        &self,
        desk: &mut Desk,
        endpoint: &Endpoint,
        client: &Client,
        port: u16,
        verifier: &Secret,
        code: &Secret,
    ) -> Result<Result<Granted, Failed>, Failure> {
        let request = request::code_token(client, port, verifier, code);
        let (net, called) = (Arc::clone(&self.link.client), endpoint.clone());
        desk.run(move || {
            let body = net.call(&called, &request, net.deadline(), answer::object)?;
            answer::granted(&body).map_err(|key| Failed::unbelievable(&called, key))
        })
    }

    fn denied(&self, error: &str, words: &str) -> Failure {
        let said = if words.is_empty() { error } else { words };
        Failure::new(
            Word::Denied,
            format!(
                "{}: the login was refused: {said}",
                self.link.session.label()
            ),
            format!(
                "Run `{}` again and allow it, or ask who administers IAM Identity Center.",
                self.link.session.login_command()
            ),
        )
    }
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    sys::random::<N>().map_err(|e| {
        Failure::new(
            Word::Unreachable,
            format!("the system gives no random numbers: {}", reason(&e)),
            "",
        )
    })
}
