//! Finds the login that a profile or a session needs.

use super::lookup;
use super::resolve::{self, Identity};
use crate::aws::chain::{self, Login, Provider, SsoLogin};
use crate::aws::config::{self, SectionKind};
use crate::aws::expiry::{EXPIRING, Expiry, RENEWED_WITH, State};
use crate::aws::{Epoch, env_vars};
use crate::context::Context;
use crate::error::Error;
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::output::uncapital;
use crate::sso_program;

/// A login that the user can perform.
#[derive(Debug, Clone)]
pub(crate) struct LoginTarget {
    /// The login.
    pub login: Login,
    /// The profile that configures it: the last one of a role chain. `None` if the user named a session.
    pub profile: Option<String>,
    /// When its token expires.
    pub expiry: Expiry,
}

impl LoginTarget {
    /// Finds the login of an sso-session.
    ///
    /// # Errors
    /// [`Error::General`] if the session does not exist; the message lists those that do.
    pub(crate) fn session(ctx: &Context<'_>, name: &str) -> Result<Self, Error> {
        let files = ctx.aws_files();
        if let Some(session) = files.any_section(SectionKind::SsoSession, name) {
            let sso = SsoLogin {
                session: Some(session.name.clone()),
                start_url: session.text("sso_start_url").map(str::to_owned),
                region: session.text("sso_region").map(str::to_owned),
                account_id: None,
                role_name: None,
            };
            return Ok(Self {
                expiry: chain::login_expiry(&ctx.inputs(None), ctx.cli_files(), &sso),
                profile: None,
                login: Login::Sso(sso),
            });
        }
        let merged = config::read_leniently(files.config.text(), files.credentials.text());
        let names: Vec<String> = merged
            .sso_sessions
            .iter()
            .map(|s| Escaped(&s.name).to_string())
            .collect();
        Err(Error::General {
            message: format!("unknown SSO session '{}'", Escaped(name)),
            hint: match names.as_slice() {
                [] => sso_program::configure(ctx.env, "to create one"),
                names => format!("use one of: {}", names.join(", ")),
            },
        })
    }

    /// Finds the login that an identity needs.
    ///
    /// # Errors
    /// [`Error::General`] if it needs no login, [`Error::BadFile`] if its configuration is invalid.
    pub(crate) fn of(identity: &Identity, ctx: &Context<'_>) -> Result<Self, Error> {
        let profile = identity.profile.as_deref().unwrap_or_default();
        let name = sanitize::name(profile, false);
        if let Some(winner) = &identity.winner
            && let Some(login) = &winner.login
        {
            let at_base = winner.chain.first().and_then(|link| link.profile.clone());
            return Ok(Self {
                login: login.clone(),
                profile: at_base,
                expiry: match login {
                    // Cached role credentials say nothing about the login.
                    Login::Sso(sso) => chain::login_expiry(&ctx.inputs(None), ctx.cli_files(), sso),
                    Login::Console(_) => winner.expiry,
                },
            });
        }
        if let Some(bearer) = &identity.bearer {
            return Ok(Self {
                login: Login::Sso(bearer.login.clone()),
                profile: Some(profile.to_owned()),
                expiry: bearer.expiry,
            });
        }
        Err(match (&identity.error, identity.provider()) {
            (Some(_), _) => refused(identity, ctx),
            (None, provider) => {
                let why = match provider {
                    Provider::Process => "its credentials come from a credential_process",
                    Provider::Container => "its credentials come from a container",
                    Provider::Instance => "its credentials come from the EC2 instance",
                    Provider::WebIdentity => "its credentials come from a web identity token",
                    Provider::AssumeRole => "its role chain does not start from a login",
                    _ => "it has static keys",
                };
                Error::General {
                    message: format!("the profile '{name}' needs no login: {why}"),
                    hint: String::new(),
                }
            }
        })
    }

    /// Its name in messages.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        let text = match &self.login {
            Login::Sso(sso) => sso.token_key(),
            Login::Console(_) => self.profile.as_deref(),
        };
        sanitize::name(text.unwrap_or_default(), false)
    }

    /// When its token expires, if it is valid long enough that no login is needed. `native` says that awsbadge-sso
    /// would log in; it renews earlier.
    #[must_use]
    pub(crate) fn good_until(&self, now: Epoch, native: bool) -> Option<Epoch> {
        let Expiry::At {
            at,
            renewable_until,
        } = self.expiry
        else {
            return None;
        };
        let left = at.since(now);
        let good = match renewable_until.filter(|until| native && *until > now) {
            Some(_) => left >= RENEWED_WITH,
            None => left > EXPIRING,
        };
        good.then_some(at)
    }
}

/// The error of a command that needs credentials if the identity has none.
#[must_use]
pub(crate) fn refused(identity: &Identity, ctx: &Context<'_>) -> Error {
    let profile = identity.profile.as_deref().unwrap_or_default();
    let name = sanitize::name(profile, false);
    let state = identity.at(ctx.now, ctx.settings.renew_trust).state;
    let Some(error) = &identity.error else {
        return Error::General {
            message: format!("the profile '{name}' has no credentials: {}", state.words()),
            hint: String::new(),
        };
    };
    let hint = uncapital(&error.fix);
    match (state, &error.location) {
        (State::NoSuchProfile, _) => {
            // If another tool finds the profile, the message is about the AWS CLI.
            match lookup::find_exact(ctx, profile) {
                Ok(_) => Error::General {
                    message: format!("the AWS CLI does not find the profile '{name}'"),
                    hint: "run `awsbadge doctor` to see why".to_owned(),
                },
                Err(unknown) => unknown,
            }
        }
        (State::NoCredentials, _) => Error::General {
            message: format!("the profile '{name}' has no source of credentials"),
            hint: sso_program::configure(ctx.env, "to set one up"),
        },
        (_, Some(location)) => Error::BadFile {
            path: location.path.clone(),
            line: location.line,
            message: Escaped(&error.message).to_string(),
            hint,
        },
        (_, None) => Error::General {
            message: Escaped(&error.message).to_string(),
            hint,
        },
    }
}

/// The identity of the profile given on the command line, else of the active one, else of `default`.
///
/// # Errors
/// As [`lookup::find`]; [`Error::Usage`] if there is none of these.
pub(crate) fn wanted(ctx: &Context<'_>, typed: Option<&str>) -> Result<Identity, Error> {
    let of_env = [&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE]
        .into_iter()
        .find_map(|var| Some((var.name, ctx.env.text(var)?.into_owned())));
    let (section, from) = match (typed, of_env) {
        (Some(name), _) => (lookup::find(ctx, name)?, Some("--profile")),
        (None, Some((var, name))) => (lookup::find_exact(ctx, &name)?, Some(var)),
        (None, None) => {
            let default = ctx.aws_files().any_section(SectionKind::Profile, "default");
            let section = default.ok_or_else(|| Error::Usage {
                message: "no profile is given or active".to_owned(),
                hint: "name a profile; `awsbadge list` shows them".to_owned(),
            })?;
            (section, Some("default"))
        }
    };
    Ok(resolve::of_profile(
        ctx,
        ctx.cli_files(),
        &section.name,
        from,
    ))
}
