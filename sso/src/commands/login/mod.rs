//! `login`: renewed if that is enough, else approved by a person, once for all terminals.

mod browser;
mod device;
mod flow;
pub(super) mod portal;
mod qr;
mod wait;

use super::forget_roles;
use super::renew::{EARLY, Lacking, State, Want, ensure};
use crate::cli;
use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Granted, Kind, Registered};
use crate::idc::endpoint::Endpoint;
use crate::idc::request::{self, Flow};
use crate::library::{Epoch, Seconds, left_text, local_text, now, parse_time};
use crate::net::Failed;
use crate::secret::Secret;
use crate::session::Session;
use crate::store::lock::{Lock, Over, Waited};
use crate::store::registration::For;
use crate::store::token::{self, Found, Fresh, Token, load, read};
use crate::sys::browser::Opener;
use crate::sys::{self, Moment, terminal};
use flow::Surroundings;
use serde_json::{Value, json};
use std::time::Duration;

/// How long an approval is waited for.
const TIMEOUT: Duration = Duration::from_secs(600);

/// A login that can't be renewed is as good as over with less than this left, as for the AWS CLI.
const LATE: Seconds = Seconds(15 * 60);

/// How a login is to be made.
pub(crate) struct Options {
    /// Whatever login there is.
    force: bool,
    /// Not waiting for a login in another terminal.
    beside: bool,
    fresh: bool,
    flow: Option<Flow>,
    no_browser: bool,
    redirect_port: Option<u16>,
    qr: bool,
    timeout: Duration,
    /// When it has to be over, with the wait for another terminal.
    limit: Option<Moment>,
    /// Whether events go to standard output.
    events: bool,
}

impl Options {
    fn of(cx: &Context, args: &cli::Login) -> Self {
        let flow = match (args.pkce, args.device) {
            (true, _) => Some(Flow::Pkce),
            (_, true) => Some(Flow::Device),
            _ => None,
        };
        Self {
            force: args.force || args.fresh,
            beside: args.force || args.fresh,
            fresh: args.fresh,
            flow,
            no_browser: args.no_browser,
            redirect_port: args.redirect_port,
            qr: args.qr,
            timeout: args.timeout.unwrap_or(TIMEOUT),
            limit: None,
            events: cx.json,
        }
    }

    /// For `configure`: as a login by itself, with nothing on standard output.
    pub(super) fn of_configure() -> Self {
        Self {
            force: false,
            beside: false,
            fresh: false,
            flow: None,
            no_browser: false,
            redirect_port: None,
            qr: false,
            timeout: TIMEOUT,
            limit: None,
            events: false,
        }
    }

    /// For `process --login`: standard output belongs to the credentials.
    pub(super) fn of_process(end: Moment) -> Self {
        Self {
            force: true,
            beside: false,
            fresh: false,
            flow: None,
            no_browser: false,
            redirect_port: None,
            qr: false,
            timeout: end.left(),
            limit: Some(end),
            events: false,
        }
    }
}

/// How a login came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// There was a good one, or another terminal made it.
    There,
    /// It was renewed.
    Renewed,
    /// A person approved it.
    Approved(Flow),
}

/// A login that is good.
pub(super) struct Done {
    way: Way,
    expires: Option<Epoch>,
    renews: bool,
}

pub(crate) fn run(cx: &Context, args: &cli::Login) -> Result<u8, Failure> {
    let link = cx.chosen(args.session.as_deref(), args.profile.as_deref())?;
    let options = Options::of(cx, args);
    let done = login(cx, &link, &options)?;
    if let Some(warning) = link.clock_warning().filter(|_| !cx.json) {
        cx.warn(&warning);
    }
    done.tell(cx, &link, args.quiet);
    Ok(0)
}

impl Done {
    fn tell(&self, cx: &Context, link: &Link, quiet: bool) {
        let session = &link.session;
        let flow = match self.way {
            Way::There => None,
            Way::Renewed => Some("refresh"),
            Way::Approved(flow) => Some(flow.name()),
        };
        if cx.json {
            event(&json!({
                "event": "done",
                "session": session.key,
                "expires_at": self.expires.map(Epoch::iso),
                "refreshable": self.renews,
                "flow": flow,
                "token_file": link.token_file.to_string_lossy(),
            }));
            return;
        }
        let until = self
            .expires
            .map_or_else(|| "an unknown time".to_owned(), |at| cx.until(at));
        let label = session.label();
        let end = match (self.renews, self.way) {
            (true, Way::There) => "; renews itself; --force logs in anew",
            (false, Way::There) => "; --force logs in anew",
            (true, _) => "; renews itself",
            (false, _) => "",
        };
        if !quiet {
            cx.say(&format!("{label}: logged in until {until}{end}"));
        }
        if !self.renews && !session.is_legacy() && session.scopes.is_empty() {
            cx.say(&format!(
                "hint: add `sso_registration_scopes = sso:account:access` to [sso-session {label}] for a login that renews itself"
            ));
        }
    }
}

/// One JSON event on standard output.
fn event(event: &Value) {
    let _ = terminal::print(format!("{event}\n").as_bytes());
}

/// Logs in, if there is no good login.
///
/// # Errors
/// Why there is none now.
pub(super) fn login(cx: &Context, link: &Link, options: &Options) -> Result<Done, Failure> {
    link.session.start_address()?;
    if options.flow == Some(Flow::Pkce) && link.session.is_legacy() {
        return Err(Failure::new(
            Word::Usage,
            "a start URL in a profile can't log in by --pkce",
            "Use --device, or move it to an [sso-session].",
        ));
    }
    if !options.force
        && let Some(done) = there_or_renewed(cx, link)?
    {
        return Ok(done);
    }
    let before = load(&link.token_file).map(|token| token.map(|token| token.access));
    // The time for the approval begins when it is this terminal's turn.
    let end = || {
        let end = Moment::after(options.timeout);
        options.limit.map_or(end, |limit| limit.min(end))
    };
    let lock = match take_lock(cx, link, options, before.ok(), end())? {
        Taken::Lock(lock) => lock,
        Taken::Token(token) => return Ok(done_by_others(link, &token)),
    };
    let login = Login {
        cx,
        link,
        options,
        lock,
        end: end(),
    };
    login.annotate(None);
    login.run()
}

fn renews(session: &Session, token: &Token) -> bool {
    !session.is_legacy() && token.renewal(now()).is_some()
}

fn done_by_others(link: &Link, token: &Token) -> Done {
    Done {
        way: Way::There,
        expires: token.expires,
        renews: renews(&link.session, token),
    }
}

/// A login that is good for long enough, or that a renewal makes so.
fn there_or_renewed(cx: &Context, link: &Link) -> Result<Option<Done>, Failure> {
    // A file that can't be read is in the way of no login: it is written anew.
    let Found::Token(token) = read(&link.token_file) else {
        return Ok(None);
    };
    if !renews(&link.session, &token) {
        let good = token.left(now()) > LATE;
        return Ok(good.then(|| done_by_others(link, &token)));
    }
    let want = Want {
        min: EARLY,
        rejected: None,
        end: None,
    };
    match ensure(cx, link, &want) {
        Ok(good) => {
            if let Some(failure) = good.unsaved {
                return Err(failure);
            }
            Ok(Some(Done {
                way: match good.state {
                    State::Renewed => Way::Renewed,
                    State::Fresh | State::NotRenewable => Way::There,
                },
                expires: good.expires,
                renews: good.renews,
            }))
        }
        Err(Lacking::Failed(failure)) => Err(failure),
        Err(Lacking::Missing(_) | Lacking::Login(_)) => Ok(None),
    }
}

enum Taken {
    Lock(Option<Lock>),
    Token(Box<Token>),
}

/// Waits until no other terminal is logging in to this session. A login that one of them makes is taken: one
/// that is not `before`, the access token that was there, if any. If that could not be read, nothing tells an old
/// login from a new one, and none is taken.
fn take_lock(
    cx: &Context,
    link: &Link,
    options: &Options,
    before: Option<Option<Secret>>,
    end: Moment,
) -> Result<Taken, Failure> {
    let key = &link.session.key;
    let look = || {
        let before = before.as_ref()?;
        let token = load(&link.token_file).ok().flatten()?;
        let new = before.as_ref() != Some(&token.access);
        (new && token.left(now()) >= Seconds(60)).then_some(token)
    };
    let taken = |waited| match waited {
        Waited::Locked(lock) => Some(match look() {
            Some(token) => Taken::Token(token),
            None => Taken::Lock(Some(lock)),
        }),
        Waited::Found(token) => Some(Taken::Token(token)),
        Waited::TimedOut => None,
    };
    if let Some(taken) = taken(cx.locks.wait(Over::Login, key, Moment::now(), look)) {
        return Ok(taken);
    }
    if options.beside {
        return Ok(Taken::Lock(None));
    }
    cx.say(&waiting_text(cx, link));
    taken(cx.locks.wait(Over::Login, key, end, look)).ok_or_else(|| {
        Failure::new(
            Word::Busy,
            format!(
                "a login of {} runs in another terminal",
                link.session.label()
            ),
            "End that one, or start another with --force.",
        )
    })
}

fn waiting_text(cx: &Context, link: &Link) -> String {
    let note = cx.locks.note(Over::Login, &link.session.key);
    let note: Value = note
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let tty = note["tty"].as_str().filter(|tty| !tty.is_empty());
    let place = tty.map_or_else(
        || "another process".to_owned(),
        |tty| format!("another terminal, {tty},"),
    );
    let since = note["since"].as_str().and_then(parse_time);
    let since = since.map_or_else(String::new, |at| {
        format!(" since {}", local_text(at, now()))
    });
    format!(
        "a login of {} runs in {place}{since}; waiting, Ctrl-C stops, --force starts another",
        link.session.label()
    )
}

/// A login in progress.
struct Login<'a> {
    cx: &'a Context,
    link: &'a Link,
    options: &'a Options,
    lock: Option<Lock>,
    end: Moment,
}

/// What an approval came to.
enum Attempt {
    /// A token, by this registration.
    Granted(Granted, Registered),
    /// The service does not know the registration any more: once more, with a new one.
    Again,
}

impl Login<'_> {
    fn run(self) -> Result<Done, Failure> {
        let settings = &self.cx.settings.device_code;
        let key = &self.link.session.key;
        let opener = sys::browser::opener(self.cx.settings.browser.as_deref(), &self.cx.vars);
        let around = Surroundings {
            vars: &self.cx.vars,
            container: sys::in_container(),
            opener: opener.is_some(),
            x11: !cfg!(target_os = "macos"),
            named_browser: self.cx.settings.browser.is_some() || self.cx.vars.has("BROWSER"),
        };
        let flow = flow::choose(
            self.options.flow,
            settings.iter().any(|name| name == "*" || name == key),
            self.link.session.is_legacy(),
            &around,
        );
        let opener = opener.filter(|_| !self.options.no_browser && !around.is_remote());
        if self.options.fresh {
            self.sign_out_first(opener.as_ref());
        }
        for _ in 0..2 {
            let attempt = match flow {
                Flow::Pkce => self.by_browser(opener.as_ref())?,
                Flow::Device => self.by_device(opener.as_ref())?,
            };
            if let Attempt::Granted(granted, registered) = attempt {
                return self.finish(flow, &granted, &registered);
            }
        }
        Err(self
            .link
            .session
            .login_needed("the service rejects the client that it has just registered"))
    }

    /// Has the portal's page opened, so that the browser's own session there ends: an old one does not know
    /// assignments that are newer.
    fn sign_out_first(&self, opener: Option<&Opener>) {
        let address = &self.link.session.start_url;
        let opened = opener.is_some_and(|opener| opener.open(address).is_ok());
        let what = if opened { "opening" } else { "open" };
        self.cx.say(&format!(
            "{}: {what} the access portal; sign out there first\n  {address}",
            self.link.session.label()
        ));
        if terminal::input_is_ours() && !self.cx.json {
            terminal::complain("Press Enter when you are signed out: ");
            sys::keyboard::line();
        }
    }

    fn purpose<'a>(&'a self, flow: Flow, scopes: &'a [String]) -> For<'a> {
        let session = &self.link.session;
        For {
            flow,
            region: &session.region,
            scopes,
            session: session.name.as_deref(),
            start_url: &session.start_url,
        }
    }

    /// The stored registration, or a new one.
    fn registered(
        &self,
        purpose: &For<'_>,
        endpoint: &Endpoint,
        issuer: &str,
    ) -> Result<Registered, Failure> {
        if let Some(stored) = purpose.load(&self.cx.home, now()) {
            return Ok(stored);
        }
        let client = &self.link.client;
        let request = request::register(purpose.flow, purpose.scopes, issuer);
        let result = client
            .call(endpoint, &request, client.deadline(), answer::object)
            .and_then(|body| {
                answer::registered(&body, now()).map_err(|key| Failed::unbelievable(endpoint, key))
            });
        match result {
            Ok(registered) => {
                purpose.save(&self.cx.home, &registered)?;
                Ok(registered)
            }
            Err(Failed::Refused(refusal)) if refusal.kind == Kind::InvalidRequest => {
                Err(portal::explained(self.link, &refusal, endpoint))
            }
            Err(failed) => Err(failed.into_failure(endpoint)),
        }
    }

    /// Tells those who wait for the lock; the address once there is one.
    fn annotate(&self, url: Option<&str>) {
        if let Some(lock) = &self.lock {
            let note = json!({
                "pid": std::process::id(),
                "tty": terminal::name(),
                "url": url,
                "since": now().iso(),
            });
            lock.annotate(&note.to_string());
        }
    }

    fn finish(
        &self,
        flow: Flow,
        granted: &Granted,
        registered: &Registered,
    ) -> Result<Done, Failure> {
        let session = &self.link.session;
        // A renewal of the old login that is under way must not overwrite the new one.
        let end = Moment::after(Duration::from_secs(10));
        let _lock = self
            .cx
            .locks
            .wait(Over::Token, &session.key, end, || None::<()>);
        let at = now();
        let fresh = Fresh {
            start_url: &session.start_url,
            region: &session.region,
            client: &registered.client(),
            registration_expires: registered.expires,
            granted,
        };
        token::write(&self.link.token_file, &fresh, at)?;
        // A new login is new everywhere.
        forget_roles(self.cx, self.link);
        Ok(Done {
            way: Way::Approved(flow),
            expires: Some(at.plus(granted.lasts)),
            renews: granted.refresh.is_some() && !session.is_legacy(),
        })
    }

    /// The failure of a login that was not approved in time.
    fn timed_out(&self) -> Failure {
        let seconds = i64::try_from(self.options.timeout.as_secs()).unwrap_or(i64::MAX);
        Failure::new(
            Word::TimedOut,
            format!(
                "{}: the login was not approved within {}",
                self.link.session.label(),
                left_text(Seconds(seconds))
            ),
            format!("Run `{}` again.", self.link.session.login_command()),
        )
    }
}
