//! The credential providers. Each one answers for one source by the rules of a tool; [`walk`](super::walk) asks them in
//! order and follows their sources.

pub(super) mod assume_role;
pub(super) mod container;
pub(super) mod environment;
pub(super) mod instance;
pub(super) mod legacy;
pub(super) mod login;
pub(super) mod process;
pub(super) mod sso;
pub(super) mod static_keys;
pub(super) mod web_identity;

use super::files::Profiles;
use super::model::{Expires, FileContent, Inputs, Link, Login, Provider, Winner};
use super::rules::Rules;
use crate::aws::config::{Section, Value};
use crate::aws::env_vars::EnvVar;
use crate::aws::expiry::{EXPIRING, Expiry};
use crate::aws::paths::{self, AwsPaths};
use crate::aws::token::{self, NoToken};
use crate::aws::{Epoch, Seconds};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use std::borrow::Cow;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// The inputs of a provider.
pub(super) struct Context<'a> {
    pub(super) rules: &'static Rules,
    pub(super) inputs: &'a Inputs<'a>,
    pub(super) profiles: &'a dyn Profiles,
    /// The selected profile.
    pub(super) profile: &'a str,
    /// What selected it.
    pub(super) profile_from: &'static str,
    /// Warnings collected so far.
    pub(super) warnings: RefCell<Vec<Diagnostic>>,
}

/// How a profile was reached.
pub(super) struct Position<'w> {
    /// The profiles so far.
    pub(super) seen: &'w [String],
    /// Whether it is a source profile.
    pub(super) as_source: bool,
    /// Whether its role is ignored.
    pub(super) role_cleared: bool,
}

/// The answer of a provider.
pub(super) enum Answer {
    /// It has no credentials, with the reason.
    Skip(String),
    /// These credentials.
    Found(Found),
    /// It fails.
    Fail(Diagnostic),
    /// It assumes a role with the credentials of this `source_profile`.
    NeedsSource(Value),
}

/// Credentials, and where they come from.
pub(super) struct Found {
    pub(super) winner: Winner,
    /// Why, naming the variable or the file and line.
    pub(super) reason: String,
}

impl Found {
    /// Credentials of one provider, with unknown expiry.
    pub(super) fn new(
        provider: Provider,
        profile: Option<&str>,
        expiry: Expiry,
        reason: String,
    ) -> Self {
        Self {
            winner: Winner {
                chain: vec![Link {
                    provider,
                    profile: profile.map(str::to_owned),
                    role_arn: None,
                }],
                expiry,
                expires: Expires::Nothing,
                recheck: Epoch::NEVER,
                login: None,
                token_file: None,
            },
            reason,
        }
    }

    /// Sets the role.
    pub(super) fn role(mut self, role_arn: &str) -> Self {
        if let Some(link) = self.winner.chain.last_mut() {
            link.role_arn = Some(role_arn.to_owned());
        }
        self
    }

    /// Sets what expires.
    pub(super) fn expires(mut self, expires: Expires) -> Self {
        self.winner.expires = expires;
        self
    }

    /// Sets the login.
    pub(super) fn login(mut self, login: Login, token_file: Option<PathBuf>) -> Self {
        self.winner.login = Some(login);
        self.winner.token_file = token_file;
        self
    }
}

impl From<Found> for Answer {
    fn from(found: Found) -> Self {
        Self::Found(found)
    }
}

impl Answer {
    pub(super) fn fail(code: Code, message: impl Into<String>) -> Self {
        Self::Fail(Diagnostic::new(code, message))
    }

    pub(super) fn fail_at(code: Code, message: impl Into<String>, at: Location) -> Self {
        Self::Fail(Diagnostic::new(code, message).at(at))
    }
}

impl Context<'_> {
    /// The value of a key that counts as present.
    pub(super) fn key<'s>(&self, section: &'s Section, name: &str) -> Option<&'s Value> {
        self.rules.key(section, name)
    }

    /// The text of such a value.
    pub(super) fn text<'s>(&self, section: &'s Section, name: &str) -> Option<&'s str> {
        self.key(section, name).map(|value| value.text.as_str())
    }

    /// The location of a value.
    pub(super) fn location(&self, value: &Value) -> Location {
        self.profiles.location(value.file, value.line)
    }

    /// A failure caused by a value.
    pub(super) fn blame(
        &self,
        value: &Value,
        code: Code,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, message).at(self.location(value))
    }

    /// Adds a warning.
    pub(super) fn warn(&self, warning: Diagnostic) {
        let warning = warning.severity(Severity::Warning);
        self.warnings.borrow_mut().push(warning);
    }

    /// Runs without keeping the warnings.
    pub(super) fn quietly<T>(&self, run: impl FnOnce() -> T) -> T {
        let kept = self.warnings.borrow().len();
        let result = run();
        self.warnings.borrow_mut().truncate(kept);
        result
    }

    /// The value of a variable; an empty value is a value.
    pub(super) fn var(&self, var: &'static EnvVar) -> Option<Cow<'_, str>> {
        self.inputs.env.raw(var).map(|v| v.to_string_lossy())
    }

    /// Whether a web identity or container variable counts as set.
    pub(super) fn is_set(&self, var: &'static EnvVar) -> bool {
        match self.rules.env.empty {
            super::rules::Empty::Counts => self.inputs.env.raw(var).is_some(),
            super::rules::Empty::Absent => self.inputs.env.has(var),
        }
    }

    /// The paths of the tool's files.
    pub(super) fn places(&self) -> AwsPaths {
        let homes = |user: Option<&str>| self.inputs.host.home_of(user);
        AwsPaths::read(self.inputs.env, self.rules.places, &homes)
    }

    pub(super) fn home(&self) -> Option<PathBuf> {
        let homes = |user: Option<&str>| self.inputs.host.home_of(user);
        paths::home(self.inputs.env, &homes)
    }

    /// Reads a JSON cache.
    pub(super) fn read_cache(&self, path: &Path) -> FileContent {
        self.inputs.host.read_cache(path, &token::is_whole)
    }

    /// How long the AWS CLI uses the role credentials in the cache file `path`: until 15 minutes before they expire.
    /// `None` if it does not use them.
    pub(super) fn cached_until(&self, path: &Path) -> Option<Epoch> {
        let FileContent::Bytes(json) = self.read_cache(path) else {
            return None;
        };
        let until = token::role_expiry(&json)?.minus(EXPIRING);
        // It uses them while at least 15 minutes are left, to the second.
        (until.since(self.inputs.now) >= Seconds(0)).then_some(until)
    }

    /// Warns that a login is needed.
    pub(super) fn warn_of_login(&self, why: String, token_file: &Path) {
        self.warn(Diagnostic::new(Code::LoginNeeded, why).at(Location::file(token_file)));
    }

    /// Warns that cached role credentials are used.
    pub(super) fn warn_of_cache(&self, path: &Path) {
        let message = format!(
            "{} uses role credentials that it cached from an earlier call",
            self.rules.title
        );
        self.warn(Diagnostic::new(Code::CachedRole, message).at(Location::file(path)));
    }
}

/// Uses the expiry of cached role credentials if the source credentials have expired, or if `mfa` would be asked for.
pub(super) fn with_cached_role(
    winner: &mut Winner,
    cached_until: Option<Epoch>,
    mfa: bool,
    now: Epoch,
) {
    let base = winner.expiry;
    let over = base.is_over(now);
    winner.recheck = winner.recheck.min(base.over_from(now));
    if let Some(until) = cached_until {
        winner.recheck = winner.recheck.min(until.plus(Seconds(1)));
        if over || mfa {
            winner.expiry = Expiry::At {
                // The last second still counts.
                at: until.plus(Seconds(1)),
                renewable_until: None,
            };
            winner.expires = Expires::RoleCredentials;
            return;
        }
    }
    if mfa && !over {
        winner.expiry = Expiry::Mfa;
        winner.expires = Expires::Nothing;
    }
}

/// The reason why a token file has no token.
pub(super) fn no_token(why: NoToken) -> String {
    match why {
        NoToken::NotALogin => "its token file contains no token".to_owned(),
        NoToken::Broken { message, line, .. } => {
            format!("its token file is broken at line {line}: {message}")
        }
    }
}
