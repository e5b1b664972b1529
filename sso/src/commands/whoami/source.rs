//! Credentials of every kind, as the AWS CLI gets them: the chain of the library says which, and here they are
//! fetched.

use super::metadata;
use crate::ask::Form;
use crate::commands::role_credentials::Job;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::idc::answer::RoleCredentials;
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::metadata::{Given, given};
use crate::idc::request::Request;
use crate::idc::sigv4::{Keys, sign};
use crate::idc::sts::{self, Assume, Xml};
use crate::library::chain::{self, Link, Login, Offline, Provider, RoleCall, Winner};
use crate::library::{Content, Epoch, Seconds, now, read_cache, reason, safe_name, visible};
use crate::net::client::{refused, remote};
use crate::net::{Client, Failed};
use crate::secret::{Secret, Wiped};
use crate::session;
use crate::store::roles::{self, ENOUGH, lasts};
use crate::sys::Moment;
use serde_json::Value;
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long fetching the credentials of a role at the access portal may take.
const LIMIT: Duration = Duration::from_secs(12);

/// Credentials, and how long they last.
pub(super) struct Held {
    pub(super) keys: Keys,
    pub(super) expires: Option<Epoch>,
    /// Whether they are from a cache, and new ones can be had.
    pub(super) cached: bool,
}

impl Held {
    fn of_role(found: RoleCredentials, cached: bool) -> Self {
        Self {
            keys: Keys {
                id: found.key,
                secret: found.secret,
                token: Some(found.token),
            },
            expires: Some(found.expires),
            cached,
        }
    }
}

impl From<Given> for Held {
    fn from(given: Given) -> Self {
        Self {
            keys: given.keys,
            expires: given.expires,
            cached: false,
        }
    }
}

/// Where credentials are fetched, and STS is asked.
pub(super) struct Source<'a> {
    pub(super) cx: &'a Context,
    pub(super) offline: &'a Offline,
    pub(super) winner: &'a Winner,
    /// Whether the profile was named on the command line, and so overrides variables.
    pub(super) named: bool,
    pub(super) client: Arc<Client>,
    pub(super) endpoint: Endpoint,
    pub(super) region: String,
    /// Whether the server's time was used to sign.
    pub(super) by_its_clock: Cell<bool>,
}

impl Source<'_> {
    /// The credentials that the chain ends in. With `no_cache`, none that are kept are used.
    pub(super) fn credentials(&self, no_cache: bool) -> Result<Held, Failure> {
        let chain = &self.winner.chain;
        // What is kept for the last role makes all before it unimportant.
        let kept = chain.iter().enumerate().rev().find_map(|(i, link)| {
            let found = self.kept(link).filter(|_| !no_cache)?;
            Some((i, Held::of_role(found, true)))
        });
        let (at, mut held) = match (kept, chain.first()) {
            (Some(kept), _) => kept,
            (None, Some(base)) => (0, self.base(base, no_cache)?),
            (None, None) => return Err(none("the chain of credentials is empty")),
        };
        for link in &chain[at + 1..] {
            held = self.assume(link, &held)?;
        }
        Ok(held)
    }

    fn var(&self, name: &str) -> Option<String> {
        self.cx.vars.text(name).map(std::borrow::Cow::into_owned)
    }

    /// The value of a key of the profile of a link.
    fn key(&self, link: &Link, name: &str) -> Option<String> {
        let section = self.offline.section(link.profile.as_deref()?)?;
        section.text(name).map(str::to_owned)
    }

    /// What the AWS CLI's cache has for a role that is assumed.
    fn kept(&self, link: &Link) -> Option<RoleCredentials> {
        let path = self.cache_file(link)?;
        roles::load(&path).filter(|found| lasts(found, now(), ENOUGH))
    }

    fn cache_file(&self, link: &Link) -> Option<std::path::PathBuf> {
        let role_arn = link.role_arn.as_deref()?;
        let key = |name: &str| self.key(link, name);
        let (external_id, mfa_serial) = (key("external_id"), key("mfa_serial"));
        let session_name = self.configured_session(link);
        let of_web = link.provider == Provider::WebIdentity;
        self.offline.cached_role(RoleCall {
            role_arn,
            duration_seconds: seconds(key("duration_seconds")).filter(|_| !of_web),
            external_id: external_id.as_deref().filter(|_| !of_web),
            session_name: session_name.as_deref(),
            mfa_serial: mfa_serial.as_deref().filter(|_| !of_web),
        })
    }

    fn configured_session(&self, link: &Link) -> Option<String> {
        let of_env = self
            .var("AWS_ROLE_SESSION_NAME")
            .filter(|_| link.provider == Provider::WebIdentity && !self.named);
        of_env.or_else(|| self.key(link, "role_session_name"))
    }

    fn session_name(&self, link: &Link) -> String {
        self.configured_session(link)
            .unwrap_or_else(|| format!("awsbadge-{}", now().0))
    }

    fn base(&self, link: &Link, no_cache: bool) -> Result<Held, Failure> {
        match link.provider {
            Provider::Env => self.of_environment(),
            Provider::SharedCredentialsFile | Provider::ConfigFile => self.in_file(link),
            Provider::Sso => self.of_portal(link, no_cache),
            Provider::Login => self.of_login(link),
            Provider::Process => self.of_process(link),
            Provider::WebIdentity => self.of_web_identity(link),
            Provider::Container => metadata::of_container(self.cx, &self.client).map(Held::from),
            Provider::Instance => {
                let section = self.offline.section(&self.offline.profile);
                metadata::of_instance(self.cx, &self.client, section.as_ref()).map(Held::from)
            }
            other => Err(none(&format!("{} gives no credentials here", other.name()))),
        }
    }

    fn of_environment(&self) -> Result<Held, Failure> {
        let needed = |name: &str| {
            self.var(name)
                .ok_or_else(|| none(&format!("{name} is not set")))
        };
        let token = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"]
            .into_iter()
            .find_map(|name| self.var(name));
        Ok(Held {
            keys: Keys {
                id: needed("AWS_ACCESS_KEY_ID")?,
                secret: Secret::new(needed("AWS_SECRET_ACCESS_KEY")?),
                token: token.map(Secret::new),
            },
            expires: self.known_expiry(),
            cached: false,
        })
    }

    /// When the chain says that the credentials expire.
    fn known_expiry(&self) -> Option<Epoch> {
        chain::expires_at(self.winner)
    }

    fn in_file(&self, link: &Link) -> Result<Held, Failure> {
        let name = link.profile.as_deref().unwrap_or_default();
        let keys = ["aws_access_key_id", "aws_secret_access_key"];
        // A source profile's keys may be in one file each.
        let section = self
            .offline
            .section_of(link.provider, name)
            .filter(|section| keys.iter().all(|key| section.text(key).is_some()))
            .or_else(|| self.offline.section(name));
        let text = |key: &str| section.as_ref()?.text(key).map(str::to_owned);
        let needed = |key: &str| {
            text(key).ok_or_else(|| none(&format!("the profile {} has no {key}", safe_name(name))))
        };
        let token = text("aws_security_token").or_else(|| text("aws_session_token"));
        Ok(Held {
            keys: Keys {
                id: needed(keys[0])?,
                secret: Secret::new(needed(keys[1])?),
                token: token.map(Secret::new),
            },
            expires: self.known_expiry(),
            cached: false,
        })
    }

    fn of_portal(&self, link: &Link, no_cache: bool) -> Result<Held, Failure> {
        let profile = link.profile.as_deref().unwrap_or_default();
        let (session, role) = session::role_of(&self.cx.config, profile)?;
        let link = self.cx.link(session, Some(profile));
        let job = Job::new(self.cx, link, role, Moment::after(LIMIT));
        if let Some(found) = job.cached().filter(|_| !no_cache) {
            return Ok(Held::of_role(found, true));
        }
        Ok(Held::of_role(job.fetch(no_cache)?, false))
    }

    /// `aws login`: while its access token lasts it is in the file; the AWS CLI renews it.
    fn of_login(&self, link: &Link) -> Result<Held, Failure> {
        let name = link.profile.as_deref().unwrap_or_default();
        let file = self.winner.token_file.as_deref();
        if let Some(Content::Bytes(bytes)) = file.map(read_cache)
            && let Ok(body) = serde_json::from_slice(&Zeroizing::new(bytes)).map(Wiped)
            && let Some(held) = in_login_file(&body)
            && held
                .expires
                .is_some_and(|at| at.since(now()) >= Seconds(60))
        {
            return Ok(held);
        }
        let login = || {
            Failure::new(
                Word::LoginNeeded,
                format!("the profile {} needs `aws login`", safe_name(name)),
                format!("Run `aws login --profile {}`.", safe_name(name)),
            )
        };
        let words = ["aws", "configure", "export-credentials", "--profile", name];
        let words = words.map(str::to_owned);
        self.run(&words, "`aws`").map_err(|_| login())
    }

    fn of_process(&self, link: &Link) -> Result<Held, Failure> {
        let command = self.key(link, "credential_process").unwrap_or_default();
        let words = chain::words(&command)
            .ok_or_else(|| none("credential_process has a quote that is not closed"))?;
        self.run(&words, "credential_process")
    }

    /// Runs what prints credentials as a `credential_process` does.
    fn run(&self, words: &[String], what: &str) -> Result<Held, Failure> {
        let ended = chain::run_program(words, &self.cx.vars)
            .map_err(|e| none(&format!("{what} can't be started: {}", reason(&e))))?;
        let stdout = Zeroizing::new(ended.stdout);
        if ended.code != 0 {
            let said = String::from_utf8_lossy(&ended.stderr);
            let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
            let last = last.map_or_else(String::new, |line| format!(": {}", visible(line)));
            return Err(none(&format!(
                "{what} ended with code {}{last}",
                ended.code
            )));
        }
        let body = serde_json::from_slice(&stdout).map(Wiped);
        let body = body.map_err(|_| none(&format!("what {what} printed is not JSON")))?;
        if body.get("Version").and_then(Value::as_i64) != Some(1) {
            return Err(none(&format!("what {what} printed has no Version 1")));
        }
        given(&body, "SessionToken")
            .map(Held::from)
            .map_err(|key| none(&format!("what {what} printed has no {key}")))
    }

    fn of_web_identity(&self, link: &Link) -> Result<Held, Failure> {
        let variable = self
            .var("AWS_WEB_IDENTITY_TOKEN_FILE")
            .filter(|_| !self.named);
        let path = variable.or_else(|| {
            let section = self.offline.section(&self.offline.profile);
            let of_profile = section.as_ref()?.text("web_identity_token_file");
            of_profile.map(str::to_owned)
        });
        let path = path.unwrap_or_default();
        let token = match read_cache(path.as_ref()) {
            Content::Bytes(bytes) => {
                let bytes = Zeroizing::new(bytes);
                Secret::new(String::from_utf8_lossy(&bytes).trim())
            }
            Content::Absent => return Err(none(&format!("there is no token file {path}"))),
            Content::Unusable(why) => {
                return Err(none(&format!("the token file {path} can't be read: {why}")));
            }
        };
        let role = link.role_arn.as_deref().unwrap_or_default();
        let request = sts::assume_with_token(role, &self.session_name(link), &token);
        let deadline = self.client.deadline();
        let result = self
            .client
            .call(&self.endpoint, &request, deadline, sts::read);
        self.assumed(link, result)
    }

    /// The role of a link, with the credentials before it.
    fn assume(&self, link: &Link, with: &Held) -> Result<Held, Failure> {
        let role = link.role_arn.as_deref().unwrap_or_default();
        let (external_id, serial) = (self.key(link, "external_id"), self.key(link, "mfa_serial"));
        let code = serial.as_deref().map(|serial| self.code(serial));
        let code = code.transpose()?;
        let request = sts::assume_role(Assume {
            role,
            session: &self.session_name(link),
            seconds: seconds(self.key(link, "duration_seconds")),
            external_id: external_id.as_deref(),
            mfa: serial.as_deref().zip(code.as_ref()),
        });
        let result = self.signed(request, &with.keys);
        self.assumed(link, result)
    }

    /// The code of an MFA device, from the person at the terminal.
    fn code(&self, serial: &str) -> Result<Secret, Failure> {
        let mut form = Form::open(&self.cx.vars).ok_or_else(|| {
            Failure::new(
                Word::NoTerminal,
                format!(
                    "the role needs a code of {}, and there is no terminal to ask on",
                    safe_name(serial)
                ),
                "Run it in a terminal.",
            )
        })?;
        let answer = form.line(&format!("MFA code of {}: ", safe_name(serial)), "")?;
        Ok(Secret::new(answer.trim()))
    }

    fn assumed(&self, link: &Link, result: Result<Xml, Failed>) -> Result<Held, Failure> {
        let role = safe_name(link.role_arn.as_deref().unwrap_or_default());
        let result = result.and_then(|xml| {
            sts::assumed(&xml, now()).map_err(|key| Failed::unbelievable(&self.endpoint, key))
        });
        match result {
            Ok(found) => {
                self.keep(link, &found);
                Ok(Held::of_role(found, false))
            }
            Err(Failed::Refused(refusal)) => {
                Err(self.refused(&refusal, format!("{role} can't be assumed")))
            }
            Err(failed) => Err(failed.into_failure(&self.endpoint)),
        }
    }

    /// Keeps what was assumed where the AWS CLI keeps it: a code counts once.
    fn keep(&self, link: &Link, found: &RoleCredentials) {
        let account = link
            .role_arn
            .as_deref()
            .and_then(|arn| arn.split(':').nth(4));
        if let Some(path) = self.cache_file(link)
            && let Err(failure) = roles::save_assumed(&path, found, account.unwrap_or_default())
        {
            self.cx.warn(&failure.message);
        }
    }

    /// Signs a request and sends it; once more by the server's time, if this machine's is to blame.
    pub(super) fn signed(&self, mut request: Request, keys: &Keys) -> Result<Xml, Failed> {
        let mut at = now();
        loop {
            sign(&mut request, &self.endpoint, keys, &self.region, at);
            let deadline = self.client.deadline();
            let result = self
                .client
                .call(&self.endpoint, &request, deadline, sts::read);
            if let Err(Failed::Refused(refusal)) = &result
                && matches!(
                    refusal.name.as_deref(),
                    Some("RequestExpired" | "SignatureDoesNotMatch")
                )
                && let Some(skew) = self.client.skew().filter(|skew| *skew != 0)
                && !self.by_its_clock.replace(true)
            {
                at = now().plus(Seconds(skew));
                continue;
            }
            return result;
        }
    }

    /// The failure of a call that STS refused: `what` is the sentence's beginning.
    pub(super) fn refused(&self, refusal: &crate::idc::answer::Refusal, what: String) -> Failure {
        use crate::idc::answer::Kind;
        let said = match (&refusal.name, refusal.words.as_str()) {
            (Some(name), "") => name.clone(),
            (Some(name), words) => format!("{name}: {words}"),
            (None, _) => refusal.status.to_string(),
        };
        let message = format!("{what}: {said}");
        let failure = match (refusal.kind, self.winner.login.as_ref()) {
            (Kind::Unauthorized, Some(login)) => {
                Failure::new(Word::LoginNeeded, message, self.login_hint(login))
            }
            (Kind::Unauthorized | Kind::Forbidden | Kind::Other, _) => {
                let next = match refusal.name.as_deref() {
                    Some("SignatureDoesNotMatch") => {
                        "Check that the secret key belongs to the access key's id."
                    }
                    Some("ExpiredToken" | "ExpiredTokenException") => {
                        "Get new credentials where these came from."
                    }
                    Some("InvalidClientTokenId") => {
                        "Check the access key's id, and that the key has not been deleted."
                    }
                    Some("RegionDisabledException") => {
                        "Name a region that the account has enabled with --region."
                    }
                    _ => "",
                };
                Failure::new(Word::NoAccess, message, next)
            }
            (Kind::Foreign, _) => Failure::new(
                Word::BadAnswer,
                format!(
                    "what {} answered is not from STS (HTTP {})",
                    self.endpoint.address.authority(),
                    refusal.status
                ),
                "Check the proxy, and sign in to the network if it asks for that.",
            ),
            _ => return refused(refusal, &self.endpoint),
        };
        failure.with(remote(refusal, &self.endpoint))
    }

    fn login_hint(&self, login: &Login) -> String {
        let base = self.winner.chain.first();
        let profile = base.and_then(|link| link.profile.as_deref());
        match (login, profile) {
            (Login::Sso(_), Some(profile)) => session::by_profile(&self.cx.config, profile)
                .map_or_else(
                    |_| "Log in again.".to_owned(),
                    |session| format!("Run `{} --force`.", session.login_command()),
                ),
            (_, Some(profile)) => format!("Run `aws login --profile {}`.", safe_name(profile)),
            (_, None) => "Log in again.".to_owned(),
        }
    }

    /// The endpoint of STS.
    ///
    /// # Errors
    /// As `Rules::endpoint`.
    pub(super) fn endpoint(
        cx: &Context,
        named: Option<&str>,
        region: &str,
    ) -> Result<Endpoint, Failure> {
        session::rules(&cx.config, &cx.vars, named).endpoint(Service::Sts, region)
    }
}

fn seconds(text: Option<String>) -> Option<i64> {
    text.and_then(|text| text.trim().parse().ok())
}

/// `accessToken` of an `aws login` session.
fn in_login_file(body: &Value) -> Option<Held> {
    let token = body.get("accessToken")?;
    let text = |key: &str| token.get(key)?.as_str().filter(|t| !t.is_empty());
    Some(Held {
        keys: Keys {
            id: text("accessKeyId")?.to_owned(),
            secret: Secret::new(text("secretAccessKey")?),
            token: text("sessionToken").map(Secret::new),
        },
        expires: text("expiresAt").and_then(crate::library::parse_time),
        cached: false,
    })
}

/// There are no credentials, and no login gives some.
pub(super) fn none(why: &str) -> Failure {
    Failure::new(Word::NoCredentials, why, "")
}
