//! What `status` and `list` say about an identity, as JSON or text.

use super::resolve::{self, Identity, Named};
use crate::aws::chain::Expires;
use crate::aws::chain::Tool;
use crate::aws::config::{self, Section};
use crate::aws::env_identity;
use crate::aws::expiry::{Expiry, ExpiryState, State};
use crate::badge::{self, Badge, Class};
use crate::context::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::output::{json, redact};
use crate::settings::Settings;
use colored::{ColoredString, Colorize as _};
use serde_json::{Value, json};

/// Warnings that only repeat the state.
const SAID_BY_STATE: [Code; 3] = [Code::LoginNeeded, Code::KeysExpired, Code::MfaPrompt];

/// Everything about one identity at one time.
#[derive(Debug)]
pub(crate) struct Report {
    /// The identity.
    pub identity: Identity,
    /// Its badge.
    pub badge: Badge,
    /// Its state at this moment.
    pub state: ExpiryState,
    /// The region, and where it comes from.
    pub region: Option<Named>,
    /// The set of config files, if it is not the usual one.
    pub config: Option<String>,
    /// Warnings for the user.
    pub warnings: Vec<Diagnostic>,
}

impl Report {
    /// A report on each profile, in the order of the files. The active profile's report says what selected it.
    #[must_use]
    pub(crate) fn of_every_profile(ctx: &Context<'_>) -> Vec<Self> {
        let files = ctx.aws_files();
        let merged = config::read_leniently(files.config.text(), files.credentials.text());
        let profiles = Tool::Cli.read_files(ctx.env, ctx);
        let (selected, from) = Tool::Cli.select(&ctx.inputs(None));
        let report = |section: &Section| {
            let active = from != "default" && section.name == selected;
            let from = active.then_some(from);
            let identity = resolve::of_profile(ctx, &profiles, &section.name, from);
            // The region of the environment counts only for the active profile.
            Self::new(identity, active, ctx)
        };
        merged.profiles.iter().map(report).collect()
    }

    /// Whether it is about the active profile.
    #[must_use]
    pub(crate) fn is_active(&self) -> bool {
        self.identity.profile_from.is_some()
    }

    /// The state, or the time left.
    #[must_use]
    pub(crate) fn state_text(&self, ascii: bool) -> String {
        let settings = Settings {
            ascii,
            ..Settings::default()
        };
        badge::time_left(self.state, &settings)
    }

    /// The same, in the colour of its class.
    #[must_use]
    pub(crate) fn coloured_state(&self, ascii: bool) -> ColoredString {
        let text = self.state_text(ascii);
        match self.badge.class {
            Class::Ok => text.green(),
            Class::Warn => text.black().on_yellow(),
            Class::Expired if self.state.state == State::NoCredentials => text.dimmed(),
            Class::Expired => text.red(),
            Class::Prod => text.bright_white().on_red(),
            Class::Unknown => text.magenta(),
        }
    }

    /// The report on `identity`. If it is `active`, the environment's region overrides the profile's.
    #[must_use]
    pub(crate) fn new(identity: Identity, active: bool, ctx: &Context<'_>) -> Self {
        let input = resolve::badge_input(ctx, &identity);
        let of_env = env_identity::region(ctx.env).map(|(var, value)| Named {
            value,
            from: var.name,
        });
        Self {
            badge: badge::draw(&input, &ctx.settings, ctx.now),
            state: input.expiry,
            config: input.config,
            region: of_env
                .filter(|_| active)
                .or_else(|| identity.own_region.clone()),
            warnings: identity
                .warnings
                .iter()
                .filter(|w| !SAID_BY_STATE.contains(&w.code))
                .cloned()
                .collect(),
            identity,
        }
    }

    /// Whether a login is needed and helps.
    #[must_use]
    pub(crate) fn needs_login(&self) -> bool {
        self.identity.needs_login(self.state.state)
    }

    /// What expires: a token or credentials.
    fn expires(&self) -> Option<&'static str> {
        self.identity
            .winner
            .as_ref()
            .map_or(Expires::Nothing, |winner| winner.expires)
            .name()
    }

    /// The object of `status --json`.
    #[must_use]
    pub(crate) fn json(&self) -> Value {
        let identity = &self.identity;
        let chain = identity.winner.iter().flat_map(|winner| &winner.chain);
        json!({
            "profile": identity.profile,
            "profile_from": identity.profile_from,
            "config": self.config,
            "region": self.region.as_ref().map(|r| &r.value),
            "region_from": self.region.as_ref().map(|r| r.from),
            "account_id": identity.account_id,
            "role_name": identity.role_name,
            "source": identity.provider().name(),
            "chain": chain.map(|link| json!({
                "provider": link.provider.name(),
                "profile": link.profile,
                "role_arn": link.role_arn,
            })).collect::<Vec<_>>(),
            "sso": identity.sso().map(|sso| json!({
                "session": sso.session,
                "start_url": sso.start_url.as_deref().map(redact::without_user),
                "region": sso.region,
                "token_file": identity.token_file().map(|p| p.to_string_lossy()),
            })),
            "expiry": expiry_json(self.state, identity.expiry(), self.expires()),
            "class": self.badge.class.name(),
            "error": identity.error.as_ref().map(|error| {
                let mut object = json::diagnostic(error);
                object["fix"] = (*error.fix).into();
                object
            }),
            "shadowed_by": identity.shadowed_by,
            "warnings": self.warnings.iter().map(json::diagnostic).collect::<Vec<_>>(),
        })
    }
}

/// The object `expiry` in JSON.
#[must_use]
pub(crate) fn expiry_json(state: ExpiryState, expiry: Option<Expiry>, of: Option<&str>) -> Value {
    let at = match expiry {
        Some(Expiry::At { at, .. }) => Some(at.iso()),
        _ => None,
    };
    let seconds_left = match state.state {
        State::Expired => Some(0),
        _ => state.left.map(|l| l.0),
    };
    json!({
        "state": state.state.name(),
        "of": of,
        "at": at,
        "seconds_left": seconds_left,
        "refreshable": state.renews,
        "usable": state.state.usable(),
    })
}
