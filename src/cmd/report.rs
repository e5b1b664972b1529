//! What `status` and `list` say about an identity: gathered once, shown as JSON or as words.

use super::look::{Look, View};
use crate::aws::grammar::{FileKind, Merged, Section, SectionKind, Warning};
use crate::aws::life::{Life, Standing, State};
use crate::aws::select::{Chosen, Selection, Winner};
use crate::aws::source::{Base, Method, Sso};
use crate::aws::token;
use crate::aws::{Epoch, cache};
use crate::badge::{Class, Settings, Subject, What, Who};
use crate::host::files::{self, CACHE_CAP, Read};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Everything about one identity.
#[derive(Debug)]
pub(super) struct Report {
    /// The profile, where one is named.
    pub(super) profile: Option<String>,
    /// What named it: a variable, `--profile`, `default`.
    pub(super) profile_from: Option<&'static str>,
    /// The region, and what gave it.
    pub(super) region: Option<Chosen>,
    /// The account, as far as a file names it.
    pub(super) account_id: Option<String>,
    /// The role, likewise.
    pub(super) role_name: Option<String>,
    /// The source of the credentials.
    pub(super) source: Method,
    /// From the base credentials to the last role assumed: method, profile, role.
    pub(super) chain: Vec<(Method, String, Option<String>)>,
    /// The SSO login.
    pub(super) sso: Option<Sso>,
    /// The file of the login's token.
    pub(super) token_file: Option<PathBuf>,
    /// Whether no file knows the profile.
    pub(super) missing: bool,
    /// Until when.
    pub(super) life: Life,
    /// The same at this moment.
    pub(super) standing: Standing,
    /// What ends then.
    pub(super) of: Option<&'static str>,
    /// Until when the AWS CLI goes on with role credentials that it has cached, whatever the token says.
    pub(super) cached_role_until: Option<Epoch>,
    /// Its class.
    pub(super) class: Class,
    /// The variables that win over the profile.
    pub(super) shadowed_by: Vec<&'static str>,
    /// What a user should know.
    pub(super) warnings: Vec<(Warning, Option<PathBuf>)>,
}

impl Report {
    fn new(life: Life, look: &Look<'_>, settings: &Settings) -> Self {
        Self {
            profile: None,
            profile_from: None,
            region: look.region(None),
            account_id: None,
            role_name: None,
            source: Method::None,
            chain: Vec::new(),
            sso: None,
            token_file: None,
            missing: false,
            life,
            standing: life.at(look.now, settings.renew_trust),
            of: None,
            cached_role_until: None,
            class: Class::Ok,
            shadowed_by: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The report on a profile that was looked up.
    pub(super) fn of_profile(
        view: View,
        from: Option<&'static str>,
        look: &Look<'_>,
        settings: &Settings,
    ) -> Self {
        let origin = view.origin;
        let mut report = Self::new(view.life, look, settings);
        report.profile_from = from;
        report.region = look.region(Some(&view.section));
        report.account_id = origin.account_id().map(str::to_owned);
        report.role_name = origin.role_name().map(str::to_owned);
        report.source = origin.method();
        report.chain = origin
            .links
            .iter()
            .rev()
            .map(|l| (l.method, l.profile.clone(), l.role_arn.clone()))
            .collect();
        report.of = match (&origin.base, view.life) {
            (Base::Sso(_), _) => Some("sso token"),
            (Base::Login(_), _) => Some("login session"),
            (_, Life::Until { .. } | Life::Forever) => Some("keys"),
            _ => None,
        };
        if let Base::Sso(sso) = origin.base {
            report.cached_role_until = cached_role(look, &sso);
            report.sso = Some(sso);
        }
        report.token_file = view.token_file;
        report.profile = Some(view.section.name);
        report.class = report.class(settings, look.now);
        report
    }

    /// The report on the identity that the environment, or `--profile`, names.
    pub(super) fn of_selection(
        selection: &Selection,
        look: &Look<'_>,
        settings: &Settings,
        merged: &Merged,
    ) -> Self {
        let named = |chosen: &Chosen| match merged.profiles.iter().find(|p| p.name == chosen.value)
        {
            Some(section) => Self::of_profile(
                view_of(look, section, merged),
                Some(chosen.from),
                look,
                settings,
            ),
            None => {
                let mut report = Self::new(Life::Missing, look, settings);
                report.profile = Some(chosen.value.clone());
                report.profile_from = Some(chosen.from);
                report.missing = !look.troubled();
                if look.troubled() {
                    report.life = Life::Unknown(crate::aws::life::Puzzle::File);
                    report.standing = report.life.at(look.now, settings.renew_trust);
                }
                report.class = report.class(settings, look.now);
                report
            }
        };
        let mut report = match selection.winner() {
            Winner::Keys { keys, over } => {
                let mut report = Self::new(Look::env_keys(keys), look, settings);
                let owner = keys.owner.as_ref().or(over);
                report.profile = owner.map(|o| o.value.clone());
                report.profile_from = owner.map(|o| o.from);
                report.source = Method::Env;
                report.of = Some("keys");
                report.account_id = ["AWS_SSO_ACCOUNT_ID", "GRANTED_SSO_ACCOUNT_ID"]
                    .iter()
                    .find_map(|v| look.vars.text(v).map(Into::into));
                report.shadowed_by = if over.is_some() {
                    vec!["AWS_ACCESS_KEY_ID"]
                } else {
                    Vec::new()
                };
                report.class = if over.is_some() {
                    Class::Warn
                } else {
                    report.class(settings, look.now)
                };
                report
            }
            Winner::Profile(chosen) => named(chosen),
            Winner::Switcher(chosen) => {
                let life = match selection.container {
                    true => Life::Managed(crate::aws::life::Manager::Container),
                    false => Life::Unknown(crate::aws::life::Puzzle::NoSource),
                };
                let mut report = Self::new(life, look, settings);
                report.profile = Some(chosen.value.clone());
                report.profile_from = Some(chosen.from);
                report.source = if selection.container {
                    Method::Container
                } else {
                    Method::None
                };
                report.class = report.class(settings, look.now);
                report
            }
            Winner::WebIdentity => {
                let mut report = Self::new(
                    Life::Managed(crate::aws::life::Manager::WebIdentity),
                    look,
                    settings,
                );
                report.source = Method::WebIdentity;
                report
            }
            Winner::Container | Winner::Nobody => {
                let default = Chosen {
                    value: "default".to_owned(),
                    from: "default",
                };
                let known = merged.profiles.iter().find(|p| p.name == "default");
                match known.filter(|p| crate::aws::source::has_source(p)) {
                    Some(_) => named(&default),
                    None if selection.container => {
                        let mut report = Self::new(
                            Life::Managed(crate::aws::life::Manager::Container),
                            look,
                            settings,
                        );
                        report.source = Method::Container;
                        report
                    }
                    None => Self::new(Life::Missing, look, settings),
                }
            }
        };
        let profile_in_play = matches!(selection.winner(), Winner::Profile(_));
        if profile_in_play && selection.web_identity && report.source != Method::AssumeRole {
            report.shadowed_by.push("AWS_WEB_IDENTITY_TOKEN_FILE");
            report.class = Class::Warn;
        }
        report
    }

    /// The class that the badge would have.
    fn class(&self, settings: &Settings, now: Epoch) -> Class {
        let what = if self.missing {
            What::NoSuchProfile
        } else {
            What::Life(self.life)
        };
        let who = self.profile.clone().map_or(Who::Machine, Who::Profile);
        let subject = Subject {
            who,
            what,
            account_id: self.account_id.clone(),
            role_name: None,
            region: None,
        };
        crate::badge::draw(&subject, settings, now).class
    }

    /// Whether only a login helps.
    pub(super) fn needs_login(&self) -> bool {
        !self.missing && self.standing.state.needs_login() && self.profile.is_some()
    }

    /// The object of `status --json`.
    pub(super) fn json(&self) -> Value {
        let standing = self.standing;
        let at = match self.life {
            Life::Until { at, .. } => Some(at.iso()),
            _ => None,
        };
        let seconds_left = match (self.life, standing.state) {
            (_, State::Expired) => Some(0),
            _ => standing.left.map(|l| l.0),
        };
        json!({
            "profile": self.profile,
            "profile_from": self.profile_from,
            "region": self.region.as_ref().map(|r| &r.value),
            "region_from": self.region.as_ref().map(|r| r.from),
            "account_id": self.account_id,
            "role_name": self.role_name,
            "source": self.source.name(),
            "chain": self.chain.iter().map(|(method, profile, role_arn)| json!({
                "provider": method.name(), "profile": profile, "role_arn": role_arn,
            })).collect::<Vec<_>>(),
            "sso": self.sso.as_ref().map(|sso| json!({
                "session": sso.session,
                "start_url": sso.start_url,
                "region": sso.region,
                "token_file": self.token_file.as_ref().map(|p| p.to_string_lossy()),
            })),
            "expiry": {
                "state": standing.state.name(),
                "of": self.of,
                "at": at,
                "seconds_left": seconds_left,
                "refreshable": standing.renews,
                "usable": if self.missing { Some(false) } else { standing.usable() },
            },
            "class": self.class.name(),
            "shadowed_by": self.shadowed_by,
            "warnings": self.warnings.iter().map(|(w, path)| json!({
                "code": w.code,
                "message": w.message,
                "file": path.as_ref().map(|p| p.to_string_lossy()),
                "line": w.line,
            })).collect::<Vec<_>>(),
        })
    }
}

/// The view of a section that was read with all others.
pub(super) fn view_of(look: &Look<'_>, section: &Section, merged: &Merged) -> View {
    let find = |kind: SectionKind, name: &str| {
        let list = match kind {
            SectionKind::Profile => &merged.profiles,
            SectionKind::SsoSession => &merged.sso_sessions,
            SectionKind::Services => &merged.services,
        };
        list.iter().find(|s| s.name == name).cloned()
    };
    look.view(section.clone(), &find)
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
