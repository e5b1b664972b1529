//! A stand-in for IAM Identity Center and STS: one server on a random loopback port, all of whose tokens, clients
//! and codes are its own. It checks what the service checks (client secrets, PKCE, redirects, paging limits, bearer
//! tokens), keeps every request, and misbehaves as told: per call and per call number ([`StandIn::on`]), or by
//! [`Knobs`].
//!
//! Where the real service's behaviour is not known, it takes the stricter one: refresh tokens rotate, and using an
//! old one again ends the whole session.

use super::http::{Answer, Request, encode};
use super::sts::{Keys, Sts, Trust};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::ops::RangeInclusive;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// What all secrets that the stand-in gives out begin with: they are to be found only where they belong.
pub(crate) const CANARY: &str = "SECRET-CANARY-";

/// The calls that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Call {
    Register,
    Device,
    /// The page on which a person approves a user code.
    Approve,
    Authorize,
    TokenByDevice,
    TokenByCode,
    Refresh,
    Credentials,
    Accounts,
    Roles,
    Logout,
    /// GetCallerIdentity.
    Identity,
    AssumeRole,
    AssumeRoleWithWebIdentity,
    Portal,
    Other,
}

impl Call {
    fn of(request: &Request) -> Self {
        let body = request.json();
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/client/register") => Self::Register,
            ("POST", "/device_authorization") => Self::Device,
            ("GET", "/device") => Self::Approve,
            ("GET", "/authorize") => Self::Authorize,
            ("POST", "/token") => match body["grantType"].as_str() {
                Some("authorization_code") => Self::TokenByCode,
                Some("refresh_token") => Self::Refresh,
                _ => Self::TokenByDevice,
            },
            ("GET", "/federation/credentials") => Self::Credentials,
            ("GET", "/assignment/accounts") => Self::Accounts,
            ("GET", "/assignment/roles") => Self::Roles,
            ("POST", "/logout") => Self::Logout,
            ("POST", "/") => match request.text().split('&').next() {
                Some("Action=AssumeRole") => Self::AssumeRole,
                Some("Action=AssumeRoleWithWebIdentity") => Self::AssumeRoleWithWebIdentity,
                _ => Self::Identity,
            },
            ("GET" | "HEAD", "/" | "/start" | "/start/") => Self::Portal,
            _ => Self::Other,
        }
    }
}

/// A fault in place of, or on top of, an answer.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// An error of the service, by its type, such as `InvalidGrantException`. Nothing is processed.
    Error(u16, &'static str),
    /// Any answer. Nothing is processed.
    Instead(Answer),
    /// The request is processed, then the connection is closed without an answer.
    LoseAnswer,
    /// The connection is closed at once, before anything is processed.
    Drop,
    /// The request is processed, and the answer comes after this time.
    Delay(Duration),
    /// Nothing is processed or answered; the connection stays open.
    Silence,
    /// The answer comes a byte at a time, this far apart.
    Drip(Duration),
    /// A body that never ends, after a good head.
    Endless,
    /// Headers that never end.
    EndlessHeaders,
    /// A body that is longer than its `Content-Length` says (positive) or shorter, and then the connection closes.
    WrongLength(i64),
    /// The answer is processed, and then changed.
    Edit(fn(&mut Value)),
}

/// The page of a captive portal.
pub(crate) fn html(status: u16) -> Fault {
    let page = "<html><head><title>Hotel Wi-Fi</title></head><body>Please sign in</body></html>";
    Fault::Instead(Answer::new(status, "text/html", page))
}

/// A redirect to `to`.
pub(crate) fn redirect(to: &str) -> Fault {
    Fault::Instead(Answer::new(302, "text/html", "").with("Location", to))
}

/// When the person at the browser approves a device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Approval {
    /// When the page of the code is visited, or by [`StandIn::approve`].
    Visit,
    /// After this many polls that are answered with "pending".
    AfterPolls(usize),
    Deny,
}

/// An account and the roles that may be used in it.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    /// `accountName`, left out if there is none.
    pub(crate) name: Option<String>,
    /// `emailAddress`, left out if there is none.
    pub(crate) email: Option<String>,
    pub(crate) roles: Vec<String>,
}

impl Account {
    pub(crate) fn new(id: &str, name: &str, roles: &[&str]) -> Self {
        Self {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            email: Some(format!("aws+{id}@example.com")),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
        }
    }
}

/// An organisation: so many accounts of 12 digits, with the same roles in each.
pub(crate) fn organisation(count: usize, roles: &[&str]) -> Vec<Account> {
    (1..=count)
        .map(|n| Account::new(&format!("{n:012}"), &format!("account-{n:04}"), roles))
        .collect()
}

/// What can be set while the server runs. Times are in seconds.
#[derive(Debug, Clone)]
pub(crate) struct Knobs {
    /// Each refresh gives a new refresh token, and the old one is good no more.
    pub(crate) rotate: bool,
    /// Using an old refresh token again ends the session.
    pub(crate) revoke_on_reuse: bool,
    /// Whether a refresh answers with a refresh token.
    pub(crate) give_refresh_token: bool,
    pub(crate) access_ttl: i64,
    pub(crate) client_ttl: i64,
    pub(crate) role_ttl: i64,
    pub(crate) device_ttl: i64,
    /// `interval` of a device code, left out if there is none (clients then take 5 s).
    pub(crate) interval: Option<u64>,
    pub(crate) approval: Approval,
    /// What the person at `/authorize` decides: to allow, or an OAuth error such as `access_denied`.
    pub(crate) consent: Result<(), &'static str>,
    /// Authorization codes are made at least this long.
    pub(crate) code_length: usize,
    /// Calls above this number in a second get 429.
    pub(crate) calls_per_second: Option<usize>,
    pub(crate) accounts: Vec<Account>,
    /// Accounts whose roles are refused: id, status, type.
    pub(crate) refused_accounts: Vec<(String, u16, &'static str)>,
    /// Server time minus local time, in `Date` and in every date that it gives out.
    pub(crate) skew: i64,
    pub(crate) user_code: String,
    /// In place of the stand-in's own page.
    pub(crate) verification_uri: Option<String>,
    /// The region that the portal page names.
    pub(crate) region: String,
    /// The role that STS names for credentials of the portal, if not the portal's own name of it.
    pub(crate) sts_role: Option<String>,
    /// Errors are named by the header (`true`), or only by `__type` in the body.
    pub(crate) error_header: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            rotate: true,
            revoke_on_reuse: true,
            give_refresh_token: true,
            access_ttl: 3600,
            client_ttl: 90 * 86_400,
            role_ttl: 3600,
            device_ttl: 600,
            interval: Some(1),
            approval: Approval::AfterPolls(1),
            consent: Ok(()),
            code_length: 0,
            calls_per_second: None,
            accounts: vec![
                Account::new("123456789012", "Production", &["Admin", "ReadOnly"]),
                Account::new("210987654321", "Sandbox", &["Admin"]),
            ],
            refused_accounts: Vec::new(),
            skew: 0,
            user_code: "ABCD-EFGH".to_owned(),
            verification_uri: None,
            region: "eu-west-1".to_owned(),
            sts_role: None,
            error_header: true,
        }
    }
}

/// A request that was received.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) call: Call,
    pub(crate) request: Request,
    /// The status that was decided, whether the answer got through or not; `None` if it was never decided.
    pub(crate) status: Option<u16>,
}

/// What a token file needs to be refreshable at the stand-in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

#[derive(Debug, Clone)]
struct Client {
    secret: String,
    /// The redirect addresses of a client for PKCE.
    redirects: Vec<String>,
    scopes: bool,
    ends: i64,
}

#[derive(Debug, Default)]
struct State {
    count: u64,
    clients: BTreeMap<String, Client>,
    /// Device code to client, user code, polls so far, approved, end.
    devices: BTreeMap<String, (String, String, usize, bool, i64)>,
    /// Authorization code to client, redirect, challenge.
    codes: BTreeMap<String, (String, String, String)>,
    /// Access token to session and end.
    access: BTreeMap<String, (u64, i64)>,
    /// Refresh token to session and client, and whether it was replaced.
    refresh: BTreeMap<String, (u64, String, bool)>,
    /// Sessions that were ended.
    ended: Vec<u64>,
    log: Vec<Logged>,
    calls: BTreeMap<Call, usize>,
    faults: Vec<(Call, RangeInclusive<usize>, Fault)>,
    held: Vec<Call>,
    /// Requests that wait for their call to be released.
    waiting: usize,
    recent: Vec<Instant>,
    stop: bool,
}

struct Shared {
    knobs: Mutex<Knobs>,
    state: Mutex<State>,
    sts: Mutex<Sts>,
    changed: Condvar,
    address: SocketAddr,
    tls: Option<Arc<rustls::ServerConfig>>,
}

/// The server. It ends when this is dropped.
pub(crate) struct StandIn {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl StandIn {
    /// Over plain HTTP.
    pub(crate) fn start(knobs: Knobs) -> Self {
        Self::serve(knobs, None)
    }

    /// Over TLS.
    pub(crate) fn start_tls(knobs: Knobs, tls: Arc<rustls::ServerConfig>) -> Self {
        Self::serve(knobs, Some(tls))
    }

    /// Over plain HTTP, and IPv6 only; `None` if this machine has no IPv6.
    pub(crate) fn start_v6(knobs: Knobs) -> Option<Self> {
        let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).ok()?;
        Some(Self::serve_at(listener, knobs, None))
    }

    fn serve(knobs: Knobs, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self::serve_at(listener, knobs, tls)
    }

    fn serve_at(
        listener: TcpListener,
        knobs: Knobs,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Self {
        let shared = Arc::new(Shared {
            knobs: Mutex::new(knobs),
            state: Mutex::default(),
            sts: Mutex::default(),
            changed: Condvar::new(),
            address: listener.local_addr().unwrap(),
            tls,
        });
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for stream in listener.incoming() {
                    if shared.state().stop {
                        return;
                    }
                    let shared = Arc::clone(&shared);
                    if let Ok(stream) = stream {
                        // A client that goes away in the middle is not the server's fault.
                        std::thread::spawn(move || shared.accept(stream));
                    }
                }
            }
        });
        Self {
            shared,
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:PORT`, or `https`.
    pub(crate) fn url(&self) -> String {
        self.shared.url()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// The variables that lead every AWS tool here.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        [
            "AWS_ENDPOINT_URL_SSO_OIDC",
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_STS",
        ]
        .map(|name| (name, self.url()))
    }

    /// Changes what it does from now on.
    pub(crate) fn set(&self, change: impl FnOnce(&mut Knobs)) -> &Self {
        change(&mut self.shared.knobs.lock().unwrap());
        self
    }

    /// Misbehaves at calls of this kind, counted from 1 since the start: `1..=1` is the first, `3..=usize::MAX` all
    /// from the third on. What was said last has precedence.
    pub(crate) fn on(&self, call: Call, numbers: RangeInclusive<usize>, fault: Fault) -> &Self {
        self.shared.state().faults.push((call, numbers, fault));
        self
    }

    /// Misbehaves at every call of this kind from now on.
    pub(crate) fn always(&self, call: Call, fault: Fault) -> &Self {
        self.on(call, 1..=usize::MAX, fault)
    }

    /// No more faults.
    pub(crate) fn behave(&self) -> &Self {
        self.shared.state().faults.clear();
        self
    }

    /// From now on requests of this kind are received, and wait for [`StandIn::release`] before they are processed.
    pub(crate) fn hold(&self, call: Call) -> &Self {
        self.shared.state().held.push(call);
        self
    }

    /// Waits until `count` requests are held at once.
    #[track_caller]
    pub(crate) fn wait_for_held(&self, count: usize) {
        super::until(|| (self.shared.state().waiting >= count).then_some(()))
            .unwrap_or_else(|| panic!("{count} requests never came: {:?}", self.log()));
    }

    /// Processes what is held, and holds nothing any more.
    pub(crate) fn release(&self) {
        self.shared.state().held.clear();
        self.shared.changed.notify_all();
    }

    /// Every request so far.
    pub(crate) fn log(&self) -> Vec<Logged> {
        self.shared.state().log.clone()
    }

    /// The requests of one kind so far.
    pub(crate) fn calls(&self, call: Call) -> Vec<Request> {
        let of_kind = |logged: &Logged| (logged.call == call).then(|| logged.request.clone());
        self.shared.state().log.iter().filter_map(of_kind).collect()
    }

    /// How many requests of one kind there were.
    pub(crate) fn count(&self, call: Call) -> usize {
        self.shared.state().calls.get(&call).copied().unwrap_or(0)
    }

    /// How many requests there were.
    pub(crate) fn total(&self) -> usize {
        self.shared.state().log.len()
    }

    /// Waits until there were `count` requests of this kind.
    #[track_caller]
    pub(crate) fn wait_for(&self, call: Call, count: usize) {
        super::until(|| (self.count(call) >= count).then_some(()))
            .unwrap_or_else(|| panic!("{call:?} did not come {count} times: {:?}", self.log()));
    }

    /// Forgets the requests so far, and counts anew.
    pub(crate) fn forget(&self) -> &Self {
        let mut state = self.shared.state();
        state.log.clear();
        state.calls.clear();
        drop(state);
        self
    }

    /// Logs in beside every flow: a session whose tokens are good here.
    pub(crate) fn login(&self) -> Login {
        let knobs = self.shared.knobs();
        let now = self.shared.now();
        let mut state = self.shared.state();
        let client_id = state.client(Vec::new(), true, now + knobs.client_ttl);
        let client_secret = state.clients[&client_id].secret.clone();
        let session = state.next();
        let (access_token, refresh_token) =
            state.tokens(session, &client_id, now + knobs.access_ttl);
        Login {
            access_token,
            refresh_token,
            client_id,
            client_secret,
        }
    }

    /// Approves a user code, as a person does on the page.
    pub(crate) fn approve(&self) {
        for device in self.shared.state().devices.values_mut() {
            device.3 = true;
        }
    }

    /// Whether this refresh token would give a token now.
    pub(crate) fn is_refreshable(&self, refresh_token: &str) -> bool {
        let state = self.shared.state();
        let rotate = self.shared.knobs().rotate;
        state
            .refresh
            .get(refresh_token)
            .is_some_and(|(session, _, old)| {
                let replaced = *old && rotate;
                !replaced && !state.ended.contains(session)
            })
    }

    /// Whether the service takes this access token now.
    pub(crate) fn is_valid(&self, access_token: &str) -> bool {
        let now = self.shared.now();
        self.shared.state().session(access_token, now).is_some()
    }

    /// Ends the session of this access token, as an administrator does.
    pub(crate) fn revoke(&self, access_token: &str) {
        let mut state = self.shared.state();
        if let Some((session, _)) = state.access.get(access_token).copied() {
            state.ended.push(session);
        }
    }

    /// Keys that STS knows as `arn`, such as `123456789012:user/me`.
    pub(crate) fn keys(&self, arn: &str, temporary: bool) -> Keys {
        self.shared.sts.lock().unwrap().make(arn, temporary)
    }

    /// Makes STS refuse these keys as expired.
    pub(crate) fn expire_keys(&self, id: &str) {
        self.shared.sts.lock().unwrap().expire(id);
    }

    /// A role that can be assumed.
    pub(crate) fn trust(&self, role: &str, trust: Trust) -> &Self {
        self.shared.sts.lock().unwrap().trust(role, trust);
        self
    }

    /// Makes the service refuse this access token, while the session goes on.
    pub(crate) fn expire(&self, access_token: &str) {
        self.shared.state().access.remove(access_token);
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.shared.state().stop = true;
        self.shared.changed.notify_all();
        // Wakes the listener.
        drop(TcpStream::connect(self.shared.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn secret(&mut self, kind: &str) -> String {
        format!("{CANARY}{kind}-{}", self.next())
    }

    fn client(&mut self, redirects: Vec<String>, scopes: bool, ends: i64) -> String {
        let id = format!("client-{}", self.next());
        let secret = self.secret("client");
        let client = Client {
            secret,
            redirects,
            scopes,
            ends,
        };
        self.clients.insert(id.clone(), client);
        id
    }

    fn tokens(&mut self, session: u64, client: &str, ends: i64) -> (String, String) {
        let access = self.secret("access");
        self.access.insert(access.clone(), (session, ends));
        let refresh = self.secret("refresh");
        self.refresh
            .insert(refresh.clone(), (session, client.to_owned(), false));
        (access, refresh)
    }

    /// The session of a good access token.
    fn session(&self, access_token: &str, now: i64) -> Option<u64> {
        let (session, ends) = *self.access.get(access_token)?;
        (ends > now && !self.ended.contains(&session)).then_some(session)
    }
}

/// An error of the service: status, type, OAuth's word for it or a message.
type Refusal = (u16, &'static str, &'static str);

impl Shared {
    fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that failed while it held the lock says what is wrong itself.
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn knobs(&self) -> Knobs {
        self.knobs.lock().unwrap().clone()
    }

    /// The server's own time, in seconds.
    fn now(&self) -> i64 {
        super::now() + self.knobs().skew
    }

    fn accept(&self, stream: TcpStream) {
        // Nothing that a client does may keep a thread for ever.
        let limit = Some(Duration::from_secs(60));
        if stream.set_read_timeout(limit).is_err() || stream.set_write_timeout(limit).is_err() {
            return;
        }
        let mut stream = stream;
        match &self.tls {
            None => self.answer(&mut stream),
            Some(config) => {
                let Ok(connection) = rustls::ServerConnection::new(Arc::clone(config)) else {
                    return;
                };
                let mut tls = rustls::StreamOwned::new(connection, stream);
                self.answer(&mut tls);
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    }

    fn answer(&self, stream: &mut (impl Read + Write)) {
        let Some(request) = Request::read(stream) else {
            return;
        };
        let call = Call::of(&request);
        let (at, fault) = {
            let mut state = self.state();
            let number = state.calls.entry(call).or_default();
            *number += 1;
            let number = *number;
            state.log.push(Logged {
                call,
                request: request.clone(),
                status: None,
            });
            let fault = state
                .faults
                .iter()
                .rev()
                .find(|(of, numbers, _)| *of == call && numbers.contains(&number));
            (
                state.log.len() - 1,
                fault.map(|(_, _, fault)| fault.clone()),
            )
        };
        self.wait_while_held(call);
        let refused = match &fault {
            Some(Fault::Error(status, kind)) => Some(self.refuse((*status, kind, "told to"))),
            Some(Fault::Instead(answer)) => Some(answer.clone()),
            Some(Fault::Drop) => return,
            Some(Fault::Silence) => return self.pause(Duration::from_secs(60)),
            _ => None,
        };
        let mut answer = refused.unwrap_or_else(|| self.process(call, &request));
        if let Some(Fault::Edit(edit)) = &fault {
            let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            edit(&mut body);
            answer.body = body.to_string().into_bytes();
        }
        let answer = answer
            .with("Date", http_date(self.now()))
            .with("x-amzn-RequestId", "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
        if let Some(logged) = self.state().log.get_mut(at) {
            logged.status = Some(answer.status);
        }
        // A client that has gone away needs no answer.
        let _ = self.send(stream, &answer, fault.as_ref());
    }

    fn send(
        &self,
        stream: &mut impl Write,
        answer: &Answer,
        fault: Option<&Fault>,
    ) -> std::io::Result<()> {
        match fault {
            Some(Fault::LoseAnswer) => Ok(()),
            Some(Fault::Delay(time)) => {
                self.pause(*time);
                answer.write(stream)
            }
            Some(Fault::Drip(time)) => {
                let mut bytes = answer.head(answer.body.len()).into_bytes();
                bytes.extend(&answer.body);
                for byte in bytes {
                    stream.write_all(&[byte])?;
                    stream.flush()?;
                    self.pause(*time);
                    if self.state().stop {
                        break;
                    }
                }
                Ok(())
            }
            Some(Fault::Endless) => {
                stream.write_all(answer.head(1 << 40).as_bytes())?;
                self.forever(stream, &[b' '; 1 << 16])
            }
            Some(Fault::EndlessHeaders) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
                self.forever(
                    stream,
                    format!("x-more: {}\r\n", "m".repeat(1000)).as_bytes(),
                )
            }
            Some(Fault::WrongLength(more)) => {
                let length = i64::try_from(answer.body.len()).unwrap_or(0) - more;
                stream.write_all(answer.head(usize::try_from(length).unwrap_or(0)).as_bytes())?;
                stream.write_all(&answer.body)?;
                stream.flush()
            }
            _ => answer.write(stream),
        }
    }

    /// 2 GiB, which is more than any client should take.
    fn forever(&self, stream: &mut impl Write, piece: &[u8]) -> std::io::Result<()> {
        let mut sent = 0;
        while sent < 2_usize << 30 && !self.state().stop {
            stream.write_all(piece)?;
            sent += piece.len();
        }
        Ok(())
    }

    /// Waits, but not past the end of the server.
    fn pause(&self, time: Duration) {
        let state = self.state();
        drop(
            self.changed
                .wait_timeout_while(state, time, |state| !state.stop),
        );
    }

    fn wait_while_held(&self, call: Call) {
        let mut state = self.state();
        if !state.held.contains(&call) {
            return;
        }
        state.waiting += 1;
        let limit = Duration::from_secs(60);
        let held = |state: &mut State| state.held.contains(&call) && !state.stop;
        if let Ok((mut state, _)) = self.changed.wait_timeout_while(state, limit, held) {
            state.waiting -= 1;
        }
    }

    fn refuse(&self, (status, kind, message): Refusal) -> Answer {
        let mut body = json!({"message": message, "error": message, "error_description": message});
        if self.knobs().error_header {
            let of = format!("{kind}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/");
            return Answer::new(status, "application/json", body.to_string())
                .with("x-amzn-ErrorType", of);
        }
        body["__type"] = format!("com.amazonaws.switchboard.portal#{kind}").into();
        Answer::new(status, "application/json", body.to_string())
    }

    fn process(&self, call: Call, request: &Request) -> Answer {
        let knobs = self.knobs();
        if let Some(limit) = knobs.calls_per_second {
            let mut state = self.state();
            state
                .recent
                .retain(|at| at.elapsed() < Duration::from_secs(1));
            if state.recent.len() >= limit {
                drop(state);
                return self.refuse((429, "TooManyRequestsException", "HTTP 429 Unknown Code"));
            }
            state.recent.push(Instant::now());
        }
        let done = match call {
            Call::Register => self.register(request, &knobs),
            Call::Device => self.device(request, &knobs),
            Call::Approve => return self.approve_page(request),
            Call::Authorize => return self.authorize(request, &knobs),
            Call::TokenByDevice => self.token_by_device(request, &knobs),
            Call::TokenByCode => self.token_by_code(request, &knobs),
            Call::Refresh => self.refresh(request, &knobs),
            Call::Credentials => self.credentials(request, &knobs),
            Call::Accounts => self.accounts(request, &knobs),
            Call::Roles => self.roles(request, &knobs),
            Call::Logout => return self.logout(request),
            Call::Identity | Call::AssumeRole | Call::AssumeRoleWithWebIdentity => {
                return self.sts.lock().unwrap().answer(request, self.now());
            }
            Call::Portal => {
                let page = format!(
                    "<!DOCTYPE html><html><head><meta name=\"region\" content=\"{}\"/></head><body></body></html>",
                    knobs.region
                );
                return Answer::new(200, "text/html", page);
            }
            Call::Other => Err((404, "ResourceNotFoundException", "not here")),
        };
        match done {
            Ok(body) => Answer::new(200, "application/json", body.to_string()),
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn register(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        let body = request.json();
        if body["clientType"] != "public" || !body["clientName"].is_string() {
            return Err((
                400,
                "InvalidClientMetadataException",
                "invalid_client_metadata",
            ));
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let redirects: Vec<String> = body["redirectUris"]
            .as_array()
            .map(|all| all.iter().filter_map(text).collect())
            .unwrap_or_default();
        let by_code = body["grantTypes"]
            .as_array()
            .is_some_and(|all| all.iter().any(|g| g == "authorization_code"));
        if by_code && (redirects.is_empty() || !body["issuerUrl"].is_string()) {
            return Err((400, "InvalidRedirectUriException", "invalid_redirect_uri"));
        }
        let now = self.now();
        let ends = now + knobs.client_ttl;
        let mut state = self.state();
        let id = state.client(redirects, body["scopes"].is_array(), ends);
        Ok(
            json!({"clientId": id, "clientSecret": state.clients[&id].secret, "clientIdIssuedAt": now,
                  "clientSecretExpiresAt": ends}),
        )
    }

    /// The client that the body names, if its secret is right.
    fn client(&self, body: &Value) -> Result<(String, Client), Refusal> {
        let unknown = (401, "InvalidClientException", "invalid_client");
        let id = body["clientId"].as_str().ok_or(unknown)?;
        let client = self.state().clients.get(id).cloned().ok_or(unknown)?;
        if body["clientSecret"] != client.secret.as_str() || client.ends <= self.now() {
            return Err(unknown);
        }
        Ok((id.to_owned(), client))
    }

    fn device(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        let body = request.json();
        let (client, about) = self.client(&body)?;
        if !about.redirects.is_empty() {
            return Err((400, "UnauthorizedClientException", "unauthorized_client"));
        }
        if !body["startUrl"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://") || url.starts_with(&self.url()))
        {
            return Err((400, "InvalidRequestException", "invalid_request"));
        }
        let ends = self.now() + knobs.device_ttl;
        let mut state = self.state();
        let code = state.secret("device");
        state.devices.insert(
            code.clone(),
            (client, knobs.user_code.clone(), 0, false, ends),
        );
        let page = knobs
            .verification_uri
            .clone()
            .unwrap_or_else(|| format!("{}/device", self.url()));
        let mut answer = json!({"deviceCode": code, "userCode": knobs.user_code, "verificationUri": page,
                                "verificationUriComplete": format!("{page}?user_code={}", encode(&knobs.user_code)),
                                "expiresIn": knobs.device_ttl});
        if let Some(interval) = knobs.interval {
            answer["interval"] = interval.into();
        }
        Ok(answer)
    }

    fn approve_page(&self, request: &Request) -> Answer {
        let wanted = request.parameter("user_code").unwrap_or_default();
        let mut state = self.state();
        let mut known = false;
        for device in state
            .devices
            .values_mut()
            .filter(|device| device.1 == wanted)
        {
            device.3 = true;
            known = true;
        }
        Answer::new(
            if known { 200 } else { 404 },
            "text/html",
            "<html><body>approved</body></html>",
        )
    }

    fn authorize(&self, request: &Request, knobs: &Knobs) -> Answer {
        let refuse =
            |why: &str| Answer::new(400, "text/html", format!("<html><body>{why}</body></html>"));
        let parameter = |name: &str| request.parameter(name).unwrap_or_default();
        let (client, redirect) = (parameter("client_id"), parameter("redirect_uri"));
        let Some(about) = self.state().clients.get(&client).cloned() else {
            return refuse("associate_token: unknown client");
        };
        // A registered loopback address has no port, and the one that is used has one (RFC 8252, section 7.3).
        let without_port = redirect
            .strip_prefix("http://127.0.0.1:")
            .and_then(|rest| rest.split_once('/'))
            .filter(|(port, _)| port.parse::<u16>().is_ok())
            .map(|(_, path)| format!("http://127.0.0.1/{path}"));
        if !without_port.is_some_and(|address| about.redirects.contains(&address)) {
            return refuse("redirect_uri");
        }
        let state_word = parameter("state");
        let challenge = parameter("code_challenge");
        let scopes = request
            .parameter("scopes")
            .or_else(|| request.parameter("scope"))
            .unwrap_or_default();
        if parameter("response_type") != "code"
            || parameter("code_challenge_method") != "S256"
            || challenge.len() != 43
            || state_word.len() < 16
            || scopes.is_empty()
        {
            return refuse("parameters");
        }
        let to = match knobs.consent {
            Ok(()) => {
                let mut state = self.state();
                let mut code = state.secret("code");
                code += &"x".repeat(knobs.code_length.saturating_sub(code.len()));
                state
                    .codes
                    .insert(code.clone(), (client, redirect.clone(), challenge));
                format!(
                    "{redirect}?code={}&state={}",
                    encode(&code),
                    encode(&state_word)
                )
            }
            Err(error) => format!(
                "{redirect}?error={error}&error_description=no&state={}",
                encode(&state_word)
            ),
        };
        Answer::new(302, "text/html", "").with("Location", to)
    }

    fn token_by_device(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        let body = request.json();
        if body["grantType"] != "urn:ietf:params:oauth:grant-type:device_code" {
            return Err((
                400,
                "UnsupportedGrantTypeException",
                "unsupported_grant_type",
            ));
        }
        let (client, about) = self.client(&body)?;
        let now = self.now();
        let mut state = self.state();
        let code = body["deviceCode"].as_str().unwrap_or_default().to_owned();
        let device = state
            .devices
            .get_mut(&code)
            .filter(|device| device.0 == client)
            .ok_or((400, "InvalidGrantException", "invalid_grant"))?;
        if device.4 <= now {
            return Err((400, "ExpiredTokenException", "expired_token"));
        }
        device.2 += 1;
        let approved = match knobs.approval {
            Approval::Deny => return Err((400, "AccessDeniedException", "access_denied")),
            Approval::AfterPolls(count) => device.2 > count,
            Approval::Visit => device.3,
        };
        if !approved {
            return Err((
                400,
                "AuthorizationPendingException",
                "authorization_pending",
            ));
        }
        state.devices.remove(&code);
        Ok(state.session_for(&client, about.scopes, now, knobs))
    }

    fn token_by_code(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        let body = request.json();
        let (client, about) = self.client(&body)?;
        let invalid = (400, "InvalidGrantException", "invalid_grant");
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let now = self.now();
        let mut state = self.state();
        // A code is good once, whether or not the rest is right.
        let (of, redirect, challenge) = state.codes.remove(text("code")).ok_or(invalid)?;
        if of != client
            || redirect != text("redirectUri")
            || !verifies(text("codeVerifier"), &challenge)
        {
            return Err(invalid);
        }
        Ok(state.session_for(&client, about.scopes, now, knobs))
    }

    fn refresh(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        let body = request.json();
        let (client, _) = self.client(&body)?;
        let invalid = (400, "InvalidGrantException", "invalid_grant");
        let sent = body["refreshToken"].as_str().unwrap_or_default().to_owned();
        let now = self.now();
        let mut state = self.state();
        let (session, of, old) = state.refresh.get(&sent).cloned().ok_or(invalid)?;
        if of != client || state.ended.contains(&session) {
            return Err(invalid);
        }
        if old && knobs.rotate {
            if knobs.revoke_on_reuse {
                state.ended.push(session);
            }
            return Err(invalid);
        }
        let (access, fresh) = state.tokens(session, &client, now + knobs.access_ttl);
        let given = match knobs.rotate {
            true => {
                if let Some(entry) = state.refresh.get_mut(&sent) {
                    entry.2 = true;
                }
                fresh
            }
            false => {
                state.refresh.remove(&fresh);
                sent
            }
        };
        let mut answer =
            json!({"accessToken": access, "tokenType": "Bearer", "expiresIn": knobs.access_ttl});
        if knobs.give_refresh_token {
            answer["refreshToken"] = given.into();
        } else if knobs.rotate {
            // Without a new one the old one has to stay good.
            if let Some(entry) = state
                .refresh
                .get_mut(body["refreshToken"].as_str().unwrap_or_default())
            {
                entry.2 = false;
            }
        }
        Ok(answer)
    }

    /// The session of the bearer token.
    fn bearer(&self, request: &Request) -> Result<u64, Refusal> {
        let token = request.header("x-amz-sso_bearer_token").unwrap_or_default();
        let now = self.now();
        let session = self.state().session(token, now);
        session.ok_or((
            401,
            "UnauthorizedException",
            "Session token not found or invalid",
        ))
    }

    fn credentials(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        self.bearer(request)?;
        let parameter = |name: &str| request.parameter(name).unwrap_or_default();
        let (account, role) = (parameter("account_id"), parameter("role_name"));
        let assigned = knobs
            .accounts
            .iter()
            .any(|a| a.id == account && a.roles.contains(&role));
        if !assigned {
            return Err((403, "ForbiddenException", "No access"));
        }
        let ends = self.now() + knobs.role_ttl;
        let mut state = self.state();
        let key = format!("ASIASTANDIN{:09}", state.next());
        let (secret, session) = (state.secret("role"), state.secret("session"));
        drop(state);
        let keys = Keys {
            id: key.clone(),
            secret: secret.clone(),
            token: Some(session.clone()),
        };
        let role = knobs.sts_role.as_ref().unwrap_or(&role);
        let arn = format!("{account}:assumed-role/{role}/me");
        self.sts.lock().unwrap().know(&keys, &arn);
        Ok(
            json!({"roleCredentials": {"accessKeyId": key, "secretAccessKey": secret, "sessionToken": session,
                                      "expiration": ends * 1000}}),
        )
    }

    /// One page of `all`: its items, and the token of the next page (null on the last one).
    fn page(request: &Request, all: Vec<Value>) -> Result<(Vec<Value>, Value), Refusal> {
        let size: usize = request
            .parameter("max_result")
            .map_or(Ok(20), |size| size.parse())
            .unwrap_or(0);
        if !(1..=100).contains(&size) {
            let message = "ResultSize parameter must be within the valid limits of: 1-100";
            return Err((400, "InvalidRequestException", message));
        }
        let start: usize = match request.parameter("next_token") {
            None => 0,
            Some(token) => token
                .strip_prefix("page=")
                .and_then(|at| at.parse().ok())
                .ok_or((400, "InvalidRequestException", "next_token"))?,
        };
        let next = (start + size < all.len()).then(|| format!("page={}", start + size));
        Ok((
            all.into_iter().skip(start).take(size).collect(),
            next.into(),
        ))
    }

    fn accounts(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        self.bearer(request)?;
        let all = knobs.accounts.iter().map(|account| {
            let mut entry = json!({"accountId": account.id});
            if let Some(name) = &account.name {
                entry["accountName"] = name.as_str().into();
            }
            if let Some(email) = &account.email {
                entry["emailAddress"] = email.as_str().into();
            }
            entry
        });
        let (list, next) = Self::page(request, all.collect())?;
        Ok(json!({"accountList": list, "nextToken": next}))
    }

    fn roles(&self, request: &Request, knobs: &Knobs) -> Result<Value, Refusal> {
        self.bearer(request)?;
        let id = request.parameter("account_id").unwrap_or_default();
        if let Some((_, status, kind)) = knobs.refused_accounts.iter().find(|(of, ..)| *of == id) {
            return Err((*status, kind, "told to"));
        }
        let account = knobs
            .accounts
            .iter()
            .find(|account| account.id == id)
            .ok_or((404, "ResourceNotFoundException", "no such account"))?;
        let all = account
            .roles
            .iter()
            .map(|role| json!({"roleName": role, "accountId": id}));
        let (list, next) = Self::page(request, all.collect())?;
        Ok(json!({"roleList": list, "nextToken": next}))
    }

    fn logout(&self, request: &Request) -> Answer {
        match self.bearer(request) {
            Ok(session) => {
                self.state().ended.push(session);
                Answer::new(200, "application/json", "")
            }
            Err(refusal) => self.refuse(refusal),
        }
    }
}

impl State {
    /// A new session for `client`. Only a client with scopes gets a refresh token.
    fn session_for(&mut self, client: &str, scopes: bool, now: i64, knobs: &Knobs) -> Value {
        let session = self.next();
        let (access, refresh) = self.tokens(session, client, now + knobs.access_ttl);
        let mut answer =
            json!({"accessToken": access, "tokenType": "Bearer", "expiresIn": knobs.access_ttl});
        if scopes {
            answer["refreshToken"] = refresh.into();
        } else {
            self.refresh.remove(&refresh);
        }
        answer
    }
}

/// Whether a verifier is one by RFC 7636 (43 to 128 unreserved characters) and the challenge is its hash.
fn verifies(verifier: &str, challenge: &str) -> bool {
    use base64::Engine as _;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let hash = hmac_sha256::Hash::hash(verifier.as_bytes());
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(allowed)
        && base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash) == challenge
}

/// A time as HTTP writes it.
fn http_date(seconds: i64) -> String {
    let (year, month, day, time) = super::civil(seconds);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        [usize::try_from(seconds.div_euclid(86_400) % 7).unwrap_or(0)];
    let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][month - 1];
    format!("{weekday}, {day:02} {month} {year} {time} GMT")
}
