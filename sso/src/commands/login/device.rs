//! The login by a code that is approved in a browser anywhere.

use super::portal;
use super::wait::{Desk, Event};
use super::{Attempt, Login, event};
use crate::error::{Failure, Word};
use crate::idc::address::{Address, device_page_is_safe, wants_dual_stack};
use crate::idc::answer::{self, Device, Granted, Kind, Registered};
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::request::{self, Flow};
use crate::library::{now, safe_name};
use crate::net::Failed;
use crate::net::client::remote;
use crate::sys::browser::Opener;
use crate::sys::{Moment, terminal};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

impl Login<'_> {
    /// One login by a device code.
    pub(super) fn by_device(&self, opener: Option<&Opener>) -> Result<Attempt, Failure> {
        let start_url = portal::resolved(self.link)?;
        let (endpoint, registered, device) = self.begin(&start_url)?;
        let page = self.safe_page(&endpoint, &device)?;
        let lasts = u64::try_from(device.lasts.0).unwrap_or(0);
        let end = Moment::after(Duration::from_secs(lasts)).min(self.end);
        self.annotate(Some(&page));
        self.show_device(opener, &device, &page);
        let mut desk = Desk::new(self.cx, self.options.events, false, end);
        match self.poll(&mut desk, &endpoint, &registered, &device, end)? {
            Some(granted) => Ok(Attempt::Granted(granted, registered)),
            None => {
                self.purpose(Flow::Device, &self.link.session.scopes)
                    .forget(&self.cx.home);
                Ok(Attempt::Again)
            }
        }
    }

    /// Registers if need be and asks for a code: at the dual-stack host if only its page knows the user's
    /// session at this portal, else, or if that host can't be reached, at the usual one.
    fn begin(&self, start_url: &str) -> Result<(Endpoint, Registered, Device), Failure> {
        let usual = self.link.endpoint(Service::Oidc)?;
        let host = Address::parse(start_url).map(|address| address.host);
        if host.is_some_and(|host| wants_dual_stack(&host))
            && let Some(dual) = self.link.rules.dual_stack_oidc(&self.link.session.region)?
        {
            match self.begin_at(&dual, start_url) {
                Err(failure) if matches!(failure.word, Word::Dns | Word::Unreachable) => {}
                result => return result.map(|(registered, device)| (dual, registered, device)),
            }
        }
        let (registered, device) = self.begin_at(&usual, start_url)?;
        Ok((usual, registered, device))
    }

    fn begin_at(
        &self,
        endpoint: &Endpoint,
        start_url: &str,
    ) -> Result<(Registered, Device), Failure> {
        let purpose = self.purpose(Flow::Device, &self.link.session.scopes);
        let net = &self.link.client;
        let mut again = true;
        loop {
            let registered = self.registered(&purpose, endpoint, start_url)?;
            let request = request::start_device(&registered.client(), start_url);
            let result = net.call(endpoint, &request, net.deadline(), answer::object);
            return match result {
                Ok(body) => answer::device(&body)
                    .map(|device| (registered, device))
                    .map_err(|key| Failed::unbelievable(endpoint, key).into_failure(endpoint)),
                Err(Failed::Refused(refusal)) => match refusal.kind {
                    Kind::InvalidClient if std::mem::take(&mut again) => {
                        purpose.forget(&self.cx.home);
                        continue;
                    }
                    Kind::InvalidRequest | Kind::InvalidGrant => {
                        Err(portal::explained(self.link, &refusal, endpoint))
                    }
                    _ => Err(Failed::Refused(refusal).into_failure(endpoint)),
                },
                Err(failed) => Err(failed.into_failure(endpoint)),
            };
        }
    }

    /// The address to open, if it may be shown.
    fn safe_page(&self, endpoint: &Endpoint, device: &Device) -> Result<String, Failure> {
        let own = endpoint.from.as_ref().map(|_| &endpoint.address);
        for text in [&device.page, &device.complete] {
            let safe = Address::parse(text).is_some_and(|page| device_page_is_safe(&page, own));
            if !safe {
                return Err(Failure::new(
                    Word::UnsafeAddress,
                    format!(
                        "{} asks to approve the login at an address that is not AWS's: {text}",
                        endpoint.address.authority()
                    ),
                    "Do not open it. Check sso_region and the variables that name endpoints.",
                ));
            }
        }
        Ok(device.complete.clone())
    }

    fn show_device(&self, opener: Option<&Opener>, device: &Device, page: &str) {
        let code = safe_name(&device.user_code);
        if self.options.events {
            event(&json!({
                "event": "open",
                "flow": "device",
                "url": page,
                "code": device.user_code,
                "expires_at": now().plus(device.lasts).iso(),
            }));
        }
        let opened = opener.is_some_and(|opener| opener.open(page).is_ok());
        let host = Address::parse(&device.page).map_or_else(String::new, |a| a.authority());
        let label = self.link.session.label();
        self.cx.say(&match opened {
            true => format!("{label}: opening your browser at {host}."),
            false => {
                format!("{label}: open this address in a browser, here or on another machine.")
            }
        });
        if self.cx.json {
            return;
        }
        // Alone on its line: some terminals take what follows along.
        terminal::complain(&format!("  {page}\n"));
        self.cx
            .say(&format!("Approve only if the page shows {code}"));
        let roomy = terminal::size().is_some_and(|(columns, rows)| columns >= 45 && rows >= 24);
        let display = ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| self.cx.vars.has(name));
        if self.options.qr || (!display && !opened && roomy && terminal::errors_are_terminal()) {
            self.show_qr(page);
        }
    }

    /// Asks until the code is approved or over. `None`: the service does not know the client any more.
    fn poll(
        &self,
        desk: &mut Desk,
        endpoint: &Endpoint,
        registered: &Registered,
        device: &Device,
        end: Moment,
    ) -> Result<Option<Granted>, Failure> {
        let mut interval = Duration::from_secs(device.interval);
        let mut told = false;
        let mut passing = None;
        loop {
            let turn = Moment::after(interval).min(end);
            while !matches!(desk.wait(turn)?, Event::Time) {}
            if end.is_over() {
                // With a service that could not be reached to the end, that is what to tell.
                return Err(passing.unwrap_or_else(|| self.code_over()));
            }
            let request = request::device_token(&registered.client(), &device.device_code);
            let (net, called) = (Arc::clone(&self.link.client), endpoint.clone());
            let result = desk.run(move || {
                let body = net.call_once(&called, &request, net.deadline(), answer::object)?;
                answer::granted(&body).map_err(|key| Failed::unbelievable(&called, key))
            })?;
            let failed = match result {
                Ok(granted) => return Ok(Some(granted)),
                Err(failed) => failed,
            };
            if let Failed::Refused(refusal) = &failed {
                match refusal.kind {
                    Kind::Pending => {
                        passing = None;
                        continue;
                    }
                    Kind::SlowDown | Kind::Throttled => {
                        interval += Duration::from_secs(5);
                        continue;
                    }
                    Kind::CodeExpired => {
                        return Err(self.code_over().with(remote(refusal, endpoint)));
                    }
                    Kind::InvalidClient => return Ok(None),
                    Kind::InvalidGrant => {
                        return Err(portal::explained(self.link, refusal, endpoint));
                    }
                    _ => {}
                }
            }
            let fleeting = failed.is_passing();
            let failure = failed.into_failure(endpoint);
            if !fleeting {
                return Err(failure);
            }
            if !std::mem::replace(&mut told, true) {
                desk.say(self.cx, &format!("{}; still trying", failure.message));
            }
            passing = Some(failure);
        }
    }

    fn code_over(&self) -> Failure {
        if self.end.is_over() {
            return self.timed_out();
        }
        Failure::new(
            Word::CodeExpired,
            format!(
                "{}: the code expired before the login was approved",
                self.link.session.label()
            ),
            format!("Run `{}` again.", self.link.session.login_command()),
        )
    }
}
