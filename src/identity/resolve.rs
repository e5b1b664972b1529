//! Resolves an environment or a profile to an identity.

use super::config_sets;
use crate::aws::chain::{Link, Login, Profiles, Provider, SsoLogin, Tool, Winner};
use crate::aws::config::FileKind;
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::{Expiry, ExpiryState, State, UnknownReason};
use crate::aws::{Env, Epoch, Seconds, chain, env_identity};
use crate::badge::{Badge, BadgeInput, Class, IdentityLabel};
use crate::context::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::settings::{Show, ShowRegion};
use std::path::PathBuf;

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The value.
    pub value: String,
    /// A variable, `--profile`, or a file.
    pub from: &'static str,
}

/// The status of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It has credentials, or may have.
    Credentials {
        /// When they expire.
        expiry: Expiry,
        /// When the answer may change without a file changing.
        recheck: Epoch,
    },
    /// A state that does not change with time.
    Fixed(State),
}

/// The bearer token of a profile without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BearerToken {
    /// The login.
    pub login: SsoLogin,
    /// When it expires.
    pub expiry: Expiry,
    /// Its file.
    pub file: Option<PathBuf>,
}

/// An identity: what it is, where it comes from, and when it expires.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The label for the badge.
    pub label: IdentityLabel,
    /// The status.
    pub status: Status,
    /// The profile, if there is one.
    pub profile: Option<String>,
    /// What selected it: a variable, `--profile`, or `default`; `None` for a profile of a list.
    pub profile_from: Option<&'static str>,
    /// The credentials that the AWS CLI uses.
    pub winner: Option<Winner>,
    /// Why there are none.
    pub error: Option<Diagnostic>,
    /// Warnings for the user.
    pub warnings: Vec<Diagnostic>,
    /// The variables that override the profile.
    pub shadowed_by: Vec<&'static str>,
    /// The account, if a file or a variable names it.
    pub account_id: Option<String>,
    /// The role, if a file or a variable names it.
    pub role_name: Option<String>,
    /// The region in the profile itself, and the file.
    pub own_region: Option<Named>,
    /// The token of a profile without credentials.
    pub bearer: Option<BearerToken>,
}

impl Identity {
    /// The state at a time.
    #[must_use]
    pub(crate) fn at(&self, now: Epoch, renew_trust: Seconds) -> ExpiryState {
        match self.status {
            Status::Fixed(state) => ExpiryState::fixed(state),
            Status::Credentials { expiry, recheck } => {
                let state = expiry.at(now, renew_trust);
                ExpiryState {
                    changes: state.changes.min(recheck),
                    ..state
                }
            }
        }
    }

    /// When the credentials expire; `None` if there are none.
    #[must_use]
    pub(crate) fn expiry(&self) -> Option<Expiry> {
        match self.status {
            Status::Credentials { expiry, .. } => Some(expiry),
            Status::Fixed(_) => None,
        }
    }

    /// The provider of the credentials.
    #[must_use]
    pub(crate) fn provider(&self) -> Provider {
        self.winner
            .as_ref()
            .map_or(Provider::None, Winner::provider)
    }

    /// The login of the credentials or the bearer token.
    #[must_use]
    pub(crate) fn sso(&self) -> Option<&SsoLogin> {
        match self.winner.as_ref().and_then(|w| w.login.as_ref()) {
            Some(Login::Sso(sso)) => Some(sso),
            Some(Login::Console(_)) => None,
            None => self.bearer.as_ref().map(|bearer| &bearer.login),
        }
    }

    /// The token file of that login.
    #[must_use]
    pub(crate) fn token_file(&self) -> Option<&PathBuf> {
        let of_winner = self.winner.as_ref().and_then(|w| w.token_file.as_ref());
        of_winner.or_else(|| self.bearer.as_ref()?.file.as_ref())
    }

    /// Whether a login would help.
    #[must_use]
    pub(crate) fn login_helps(&self) -> bool {
        self.winner.as_ref().is_some_and(|w| w.login.is_some())
    }

    /// Whether a login is needed in this state, and would help.
    #[must_use]
    pub(crate) fn needs_login(&self, state: State) -> bool {
        matches!(state, State::Expired | State::NoLogin) && self.login_helps()
    }

    /// Sets the profile, as selected by a variable.
    fn named(self, named: &Named) -> Self {
        Self {
            profile: Some(named.value.clone()),
            profile_from: Some(named.from),
            ..self
        }
    }

    /// No identity at all.
    #[must_use]
    pub(crate) fn none() -> Self {
        Self::new(IdentityLabel::Machine, Status::Fixed(State::NoCredentials))
    }

    fn new(label: IdentityLabel, status: Status) -> Self {
        Self {
            label,
            status,
            profile: None,
            profile_from: None,
            winner: None,
            error: None,
            warnings: Vec::new(),
            shadowed_by: Vec::new(),
            account_id: None,
            role_name: None,
            own_region: None,
            bearer: None,
        }
    }
}

/// The identities that variables name, before any file is read.
struct EnvNames {
    /// `AWS_PROFILE`, else `AWS_DEFAULT_PROFILE`. An empty value counts, as in the AWS CLI v2.
    profile: Option<Named>,
    /// Whether there is an access key.
    keys: bool,
    /// The profile that another switcher's variable names.
    switcher: Option<Named>,
}

impl EnvNames {
    fn of(env: &Env) -> Self {
        let profile = [&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE]
            .into_iter()
            .find_map(|var| {
                let value = env.raw(var)?.to_string_lossy().into_owned();
                Some(Named {
                    value,
                    from: var.name,
                })
            });
        Self {
            profile,
            keys: env.has(&env_vars::AWS_ACCESS_KEY_ID),
            switcher: env_identity::switcher(env).map(|(var, value)| Named {
                value,
                from: var.name,
            }),
        }
    }

    fn nothing(&self) -> bool {
        self.profile.is_none() && !self.keys && self.switcher.is_none()
    }
}

/// The identity of a profile selected explicitly. Keys in the environment are ignored, as with `aws --profile NAME`.
/// `from` is what selected it.
#[must_use]
pub(crate) fn of_profile(
    ctx: &Context<'_>,
    profiles: &dyn Profiles,
    name: &str,
    from: Option<&'static str>,
) -> Identity {
    // The AWS CLI ignores an empty --profile; awsbadge looks for a profile with that name.
    if name.is_empty() {
        let error = Diagnostic::new(
            Code::ProfileNotFound,
            "no file has a profile with an empty name",
        );
        return of_decision(ctx, profiles, name, from, Err(error), Vec::new());
    }
    let decision = Tool::Cli.decide(&ctx.inputs(Some(name)), profiles);
    of_decision(
        ctx,
        profiles,
        name,
        from,
        decision.outcome,
        decision.warnings,
    )
}

/// The identity of a profile, from the result of the chain.
fn of_decision(
    ctx: &Context<'_>,
    profiles: &dyn Profiles,
    name: &str,
    from: Option<&'static str>,
    outcome: Result<Winner, Diagnostic>,
    warnings: Vec<Diagnostic>,
) -> Identity {
    let mut identity = Identity::new(
        IdentityLabel::Profile(name.to_owned()),
        Status::Fixed(State::NoCredentials),
    );
    identity.warnings = warnings;
    identity.profile = Some(name.to_owned());
    identity.profile_from = from;
    identity.own_region = own_region(profiles, name);
    match outcome {
        Ok(winner) => {
            identity.status = Status::Credentials {
                expiry: winner.expiry,
                recheck: winner.recheck,
            };
            identity.account_id = winner.account_id().map(str::to_owned);
            identity.role_name = winner.role_name().map(str::to_owned);
            identity.winner = Some(winner);
        }
        Err(error) => {
            identity.status = Status::Fixed(state_of(&error));
            if error.code == Code::NoCredentials {
                let token = chain::bearer_token(&ctx.inputs(None), profiles, name);
                identity.bearer = token.map(|(login, expiry, file)| BearerToken {
                    login,
                    expiry,
                    file,
                });
            }
            identity.error = Some(error);
        }
    }
    // The AWS CLI treats an unreadable file as empty, but its content is unknown.
    if ctx.aws_files().problem().is_some() {
        identity.status = Status::Credentials {
            expiry: Expiry::Unknown(UnknownReason::File),
            recheck: Epoch::NEVER,
        };
    }
    identity
}

/// The state for an error of the chain.
fn state_of(error: &Diagnostic) -> State {
    match error.code {
        Code::ProfileNotFound => State::NoSuchProfile,
        Code::NoCredentials => State::NoCredentials,
        _ => State::ConfigError,
    }
}

fn own_region(profiles: &dyn Profiles, name: &str) -> Option<Named> {
    if profiles.refusal().is_some() {
        return None;
    }
    let profile = profiles.profile(name)?;
    let value = profile.get("region").filter(|v| !v.text.is_empty())?;
    let from = match value.file {
        FileKind::Config => "config",
        FileKind::Credentials => "credentials",
    };
    Some(Named {
        value: value.text.clone(),
        from,
    })
}

/// The identity of the environment. `None` if no variable names one; with `always`, only if the default profile and the
/// machine have no credentials either.
#[must_use]
pub(crate) fn active(ctx: &Context<'_>, always: bool) -> Option<Identity> {
    let names = EnvNames::of(ctx.env);
    if names.nothing() && !always {
        return None;
    }
    let profiles: &dyn Profiles = ctx.cli_files();
    let decision = Tool::Cli.decide(&ctx.inputs(None), profiles);
    let selected = decision.profile.as_str();
    let of_selected = |outcome, warnings| {
        let from = names.profile.as_ref().map_or("default", |p| p.from);
        of_decision(ctx, profiles, selected, Some(from), outcome, warnings)
    };
    match decision.outcome {
        Ok(winner) if winner.provider() == Provider::Env => {
            let expiry = winner.expiry;
            let mut identity = keys_label(ctx, profiles, &names);
            identity.status = Status::Credentials {
                expiry,
                recheck: winner.recheck,
            };
            identity.winner = Some(winner);
            identity.warnings = decision.warnings;
            Some(identity)
        }
        Ok(winner) => match winner.last() {
            // The provider does not belong to a profile: a web identity in the environment, or the machine.
            Some(Link { profile: None, .. }) => Some(of_machine(
                &names,
                of_selected(Ok(winner), decision.warnings),
            )),
            _ => Some(of_selected(Ok(winner), decision.warnings)),
        },
        Err(error) if state_of(&error) == State::ConfigError && names.keys => {
            let mut identity = keys_label(ctx, profiles, &names);
            identity.status = Status::Fixed(State::ConfigError);
            identity.error = Some(error);
            identity.warnings = decision.warnings;
            Some(identity)
        }
        Err(error) => {
            let nothing_at_all = state_of(&error) == State::NoCredentials
                && names.nothing()
                && ctx.aws_files().problem().is_none();
            let mut identity = of_selected(Err(error), decision.warnings);
            if names.profile.is_none() {
                // A switcher's variable is set, but its credentials are not.
                if let Some(switcher) = names.switcher {
                    identity.label = IdentityLabel::Keys {
                        owner: Some(switcher.value.clone()),
                        over: None,
                    };
                    identity = identity.named(&switcher);
                }
            }
            (!nothing_at_all).then_some(identity)
        }
    }
}

/// Credentials that do not come from a profile: the machine's own, or ones that override the selected profile.
fn of_machine(names: &EnvNames, identity: Identity) -> Identity {
    let provider = identity.provider();
    let web_identity = provider == Provider::WebIdentity;
    let over = names.profile.as_ref().map(|p| p.value.clone());
    let mut identity = match names.profile.as_ref().or(names.switcher.as_ref()) {
        Some(named) => identity.named(named),
        None => Identity {
            profile: None,
            profile_from: None,
            ..identity
        },
    };
    match (&names.switcher, web_identity) {
        (Some(switcher), false) => {
            // aws-vault and others serve credentials through a container endpoint.
            let over = over.filter(|over| *over != switcher.value);
            identity.shadowed_by = match over {
                Some(_) => vec![switcher.from],
                None => Vec::new(),
            };
            identity.label = IdentityLabel::Keys {
                owner: Some(switcher.value.clone()),
                over,
            };
        }
        (_, true) if over.is_some() => {
            identity.shadowed_by = vec![env_vars::AWS_WEB_IDENTITY_TOKEN_FILE.name];
            identity.label = IdentityLabel::Keys {
                owner: Some("web identity".to_owned()),
                over,
            };
        }
        // The profile has no credentials, and the tools continue with the machine's.
        _ if over.is_some() => {}
        _ => identity.label = IdentityLabel::Machine,
    }
    identity
}

/// The label for keys in the environment, and the profile that they override.
fn keys_label(ctx: &Context<'_>, profiles: &dyn Profiles, names: &EnvNames) -> Identity {
    let env = ctx.env;
    let owner = env_identity::acp_owner(env)
        .map(|value| Named {
            value,
            from: env_vars::AWSBADGE_ACP.name,
        })
        .or_else(|| names.switcher.clone())
        // granted has no variable of its own: it sets AWS_PROFILE and the keys of that profile.
        .or_else(|| {
            names
                .profile
                .clone()
                .filter(|_| env.has(&env_vars::GRANTED_SSO))
        });
    let over = names
        .profile
        .clone()
        .filter(|p| owner.as_ref().is_none_or(|owner| owner.value != p.value));
    let mut identity = Identity::new(
        IdentityLabel::Keys {
            owner: owner.as_ref().map(|o| o.value.clone()),
            over: over.as_ref().map(|o| o.value.clone()),
        },
        Status::Fixed(State::NoCredentials),
    );
    // The account of the owner's profile decides about production, as it would without the switcher.
    if let Some(owner) = &owner
        && profiles.refusal().is_none()
    {
        let of_owner = Tool::Cli.decide(&ctx.inputs(Some(&owner.value)), profiles);
        if let Ok(winner) = of_owner.outcome {
            identity.account_id = winner.account_id().map(str::to_owned);
            identity.role_name = winner.role_name().map(str::to_owned);
        }
    }
    let first = |vars: [&'static EnvVar; 2]| vars.into_iter().find_map(|var| env.text(var));
    let account = first([
        &env_vars::AWS_SSO_ACCOUNT_ID,
        &env_vars::GRANTED_SSO_ACCOUNT_ID,
    ]);
    let role = first([
        &env_vars::AWS_SSO_ROLE_NAME,
        &env_vars::GRANTED_SSO_ROLE_NAME,
    ]);
    identity.account_id = account.map(Into::into).or(identity.account_id);
    identity.role_name = role.map(Into::into).or(identity.role_name);
    if over.is_some() {
        identity.shadowed_by = vec![env_vars::AWS_ACCESS_KEY_ID.name];
    }
    match owner.or(over) {
        Some(named) => identity.named(&named),
        None => identity,
    }
}

/// The input for the badge.
#[must_use]
pub(crate) fn badge_input(ctx: &Context<'_>, identity: &Identity) -> BadgeInput {
    let own = || identity.own_region.as_ref().map(|r| r.value.clone());
    let of_environment = || env_identity::region(ctx.env).map(|(_, region)| region);
    let region = match ctx.settings.region {
        ShowRegion::Off => None,
        ShowRegion::On => of_environment().or_else(own),
        ShowRegion::Differs => of_environment().filter(|env| own().is_some_and(|own| own != *env)),
    };
    BadgeInput {
        label: identity.label.clone(),
        expiry: identity.at(ctx.now, ctx.settings.renew_trust),
        account_id: identity.account_id.clone(),
        role_name: identity.role_name.clone(),
        session: identity.sso().and_then(|sso| sso.session.clone()),
        region,
        config: config_sets::active(ctx).map(str::to_owned),
    }
}

/// The badge of an environment, if one is shown. `explicit` is a profile named on the command line; `unexported` is one
/// that the shell has not exported; it is reported only if programs see no other identity.
#[must_use]
pub(crate) fn badge(
    ctx: &Context<'_>,
    explicit: Option<&str>,
    unexported: Option<&str>,
) -> Option<Badge> {
    let settings = &ctx.settings;
    if let Some(name) = unexported
        && active(ctx, false).is_none()
    {
        let input = BadgeInput {
            label: IdentityLabel::Profile(name.to_owned()),
            expiry: ExpiryState::fixed(State::NotExported),
            account_id: None,
            role_name: None,
            session: None,
            region: None,
            config: config_sets::active(ctx).map(str::to_owned),
        };
        return Some(crate::badge::draw(&input, settings, ctx.now));
    }
    let always = settings.show == Show::Always;
    let identity = match explicit {
        Some(name) => Some(of_profile(ctx, ctx.cli_files(), name, Some("--profile"))),
        None => active(ctx, always),
    }?;
    let badge = crate::badge::draw(&badge_input(ctx, &identity), settings, ctx.now);
    (settings.show != Show::Live || badge.class != Class::Expired).then_some(badge)
}

/// Whether the settings count the identity's profile as production.
#[must_use]
pub(crate) fn is_production(ctx: &Context<'_>, identity: &Identity) -> bool {
    crate::badge::is_prod(&badge_input(ctx, identity), &ctx.settings)
}
