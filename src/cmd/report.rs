//! What `status` and `list` say about an identity: gathered once, shown as JSON or as words.

use super::look::{self, Identity, Look};
use crate::aws::grammar::{FileKind, Merged, Section, SectionKind, Warning};
use crate::aws::life::{Life, Standing, State};
use crate::aws::select::Chosen;
use crate::aws::source::{Base, Sso};
use crate::aws::token;
use crate::aws::{Epoch, cache};
use crate::badge::{Badge, Settings, What};
use crate::host::files::{self, CACHE_CAP, Read};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;

/// Everything about one identity, at one moment.
#[derive(Debug)]
pub(super) struct Report {
    /// The identity.
    pub(super) identity: Identity,
    /// Its badge.
    pub(super) badge: Badge,
    /// Until when, at this moment.
    pub(super) standing: Standing,
    /// The region, and what gave it.
    pub(super) region: Option<Chosen>,
    /// Until when the AWS CLI goes on with role credentials that it has cached, whatever the token says.
    pub(super) cached_role_until: Option<Epoch>,
    /// What a user should know, with the file that each is about.
    pub(super) warnings: Vec<(Warning, Option<PathBuf>)>,
}

impl Report {
    /// The report on `identity`. Its region is the environment's first where it is `active`.
    pub(super) fn new(
        identity: Identity,
        active: bool,
        look: &Look<'_>,
        settings: &Settings,
    ) -> Self {
        let own = identity
            .view
            .as_ref()
            .and_then(|v| look::own_region(&v.section));
        Self {
            badge: crate::badge::draw(&look.subject(&identity, settings), settings, look.now),
            standing: identity.life().at(look.now, settings.renew_trust),
            region: crate::aws::select::region(look.vars)
                .filter(|_| active)
                .or(own),
            cached_role_until: identity
                .view
                .as_ref()
                .and_then(|v| cached_role(look, sso_of(v)?)),
            warnings: Vec::new(),
            identity,
        }
    }

    /// The profile's name, where one is named.
    pub(super) fn profile(&self) -> Option<&str> {
        let of_files = self.identity.view.as_ref().map(|v| v.section.name.as_str());
        of_files.or(self.identity.named.as_ref().map(|n| n.value.as_str()))
    }

    /// What named it.
    pub(super) fn profile_from(&self) -> Option<&'static str> {
        self.identity.named.as_ref().map(|n| n.from)
    }

    /// The SSO login that it stands on.
    pub(super) fn sso(&self) -> Option<&Sso> {
        self.identity.view.as_ref().and_then(sso_of)
    }

    /// The file of the login's token.
    pub(super) fn token_file(&self) -> Option<&PathBuf> {
        self.identity
            .view
            .as_ref()
            .and_then(|v| v.token_file.as_ref())
    }

    /// Whether no file knows the profile.
    pub(super) fn missing(&self) -> bool {
        self.identity.what == What::NoSuchProfile
    }

    /// Whether only a login helps.
    pub(super) fn needs_login(&self) -> bool {
        !self.missing() && self.standing.state.needs_login() && self.profile().is_some()
    }

    /// What ends.
    fn of(&self) -> Option<&'static str> {
        match (
            self.identity.view.as_ref().map(|v| &v.origin.base),
            self.identity.life(),
        ) {
            (Some(Base::Sso(_)), _) => Some("sso token"),
            (Some(Base::Login(_)), _) => Some("login session"),
            (_, Life::Until { .. } | Life::Forever) => Some("keys"),
            _ => None,
        }
    }

    /// From the base credentials to the last role assumed.
    fn chain(&self) -> Vec<Value> {
        let links = self
            .identity
            .view
            .iter()
            .flat_map(|v| v.origin.links.iter().rev());
        links.map(|l| json!({ "provider": l.method.name(), "profile": l.profile, "role_arn": l.role_arn })).collect()
    }

    /// The object of `status --json`.
    pub(super) fn json(&self) -> Value {
        let standing = self.standing;
        let at = match self.identity.life() {
            Life::Until { at, .. } => Some(at.iso()),
            _ => None,
        };
        let seconds_left = match (self.identity.life(), standing.state) {
            (_, State::Expired) => Some(0),
            _ => standing.left.map(|l| l.0),
        };
        json!({
            "profile": self.profile(),
            "profile_from": self.profile_from(),
            "region": self.region.as_ref().map(|r| &r.value),
            "region_from": self.region.as_ref().map(|r| r.from),
            "account_id": self.identity.account_id,
            "role_name": self.identity.role_name,
            "source": self.identity.source.name(),
            "chain": self.chain(),
            "sso": self.sso().map(|sso| json!({
                "session": sso.session,
                "start_url": sso.start_url,
                "region": sso.region,
                "token_file": self.token_file().map(|p| p.to_string_lossy()),
            })),
            "expiry": {
                "state": standing.state.name(),
                "of": self.of(),
                "at": at,
                "seconds_left": seconds_left,
                "refreshable": standing.renews,
                "usable": if self.missing() { Some(false) } else { standing.usable() },
            },
            "class": self.badge.class.name(),
            "shadowed_by": self.identity.shadowed_by.iter().collect::<Vec<_>>(),
            "warnings": self.warnings.iter().map(|(w, path)| json!({
                "code": w.code,
                "message": w.message,
                "file": path.as_ref().map(|p| p.to_string_lossy()),
                "line": w.line,
            })).collect::<Vec<_>>(),
        })
    }
}

fn sso_of(view: &look::View) -> Option<&Sso> {
    match &view.origin.base {
        Base::Sso(sso) => Some(sso),
        _ => None,
    }
}

/// How sections are found among all that were read.
pub(super) fn among(merged: &Merged) -> impl Fn(SectionKind, &str) -> Option<Section> + '_ {
    let by_name = |list: &'_ [Section]| -> HashMap<String, usize> {
        list.iter()
            .enumerate()
            .map(|(i, s)| (s.name.clone(), i))
            .collect()
    };
    let (profiles, sessions) = (by_name(&merged.profiles), by_name(&merged.sso_sessions));
    move |kind, name| {
        let (places, list) = match kind {
            SectionKind::Profile => (&profiles, &merged.profiles),
            SectionKind::SsoSession => (&sessions, &merged.sso_sessions),
            SectionKind::Services => {
                return merged.services.iter().find(|s| s.name == name).cloned();
            }
        };
        list.get(*places.get(name)?).cloned()
    }
}

/// When the AWS CLI's cached credentials of an SSO role end.
fn cached_role(look: &Look<'_>, sso: &Sso) -> Option<Epoch> {
    let (account, role, key) = (
        sso.account_id.as_deref()?,
        sso.role_name.as_deref()?,
        sso.token_key()?,
    );
    let path = cache::sso_role(
        look.places.home.as_deref()?,
        account,
        role,
        key,
        sso.session.is_none(),
    );
    match files::read(&path, CACHE_CAP) {
        Read::Bytes(json) => token::role_expiry(&json).filter(|at| *at > look.now),
        _ => None,
    }
}

/// The warnings that concern one profile, with the path of the file that each is about.
pub(super) fn warnings_of(
    name: Option<&str>,
    merged: &Merged,
    look: &Look<'_>,
) -> Vec<(Warning, Option<PathBuf>)> {
    let about = |w: &&Warning| {
        name.is_none_or(|name| {
            merged.profiles.iter().any(|p| {
                p.name == name
                    && p.file == w.file
                    && p.line <= w.line
                    && !merged
                        .profiles
                        .iter()
                        .any(|q| q.file == p.file && q.line > p.line && q.line <= w.line)
            })
        })
    };
    merged
        .warnings
        .iter()
        .filter(about)
        .map(|w| (w.clone(), path_of(look, w.file)))
        .collect()
}

/// The path of one of AWS's two files.
pub(super) fn path_of(look: &Look<'_>, file: FileKind) -> Option<PathBuf> {
    match file {
        FileKind::Config => look.config.path.clone(),
        FileKind::Credentials => look.credentials.path.clone(),
    }
}
