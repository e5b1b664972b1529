//! Which credentials a tool would use, and why: its credential provider chain, followed step by step.
//!
//! [`rules`] describes what tools differ in, and [`tools`] has one file of such rules for each; [`providers`] answer by
//! them, one source of credentials each; [`walk`] asks the providers in order and follows a role to its source profile.
//! All of it works without the network and runs nothing: a `credential_process` is named and not started, the roles of
//! containers and instances are known by their variables alone, and how long a login lasts is read from token files.

mod files;
mod model;
mod notices;
mod providers;
mod rules;
mod select;
#[cfg(test)]
mod tests;
mod tools;
mod walk;

use crate::aws::Env;
use crate::aws::expiry::Expiry;
use std::path::PathBuf;

pub use crate::tool::Tool;
pub use files::{Files, LazyFiles, Profiles};
pub use model::{
    Decision, Expires, FileContent, Host, Inputs, Link, Login, Provider, Region, SsoLogin, Step,
    Verdict, Winner,
};

impl Tool {
    /// Its name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.rules().title
    }

    fn rules(self) -> &'static rules::Rules {
        match self {
            Self::Cli => &tools::cli::RULES,
            Self::Boto3 => &tools::boto3::RULES,
            Self::Rust => &tools::rust::RULES,
            Self::Js => &tools::js::RULES,
            Self::Go => &tools::go::RULES,
            Self::Java => &tools::java::RULES,
        }
    }

    /// the AWS files as the tool reads them, whole.
    #[must_use]
    pub fn read_files(self, env: &Env, host: &dyn Host) -> Files {
        Files::read(self.rules(), env, host)
    }

    /// The profile that the tool selects, and what names it: a variable, `--profile`, or `default`.
    #[must_use]
    pub fn select(self, inputs: &Inputs<'_>) -> (String, &'static str) {
        select::select(self.rules(), inputs)
    }

    /// Which credentials the tool uses.
    #[must_use]
    pub fn decide(self, inputs: &Inputs<'_>, profiles: &dyn Profiles) -> Decision {
        walk::decide(self.rules(), inputs, profiles, walk::Detail::Outcome)
    }

    /// The same, with what the providers that are not reached would answer, and with everything that will surprise.
    #[must_use]
    pub fn explain(self, inputs: &Inputs<'_>, profiles: &dyn Profiles) -> Decision {
        walk::decide(self.rules(), inputs, profiles, walk::Detail::Everything)
    }

    /// The region of the tool's calls.
    #[must_use]
    pub fn region(self, inputs: &Inputs<'_>, profiles: &dyn Profiles) -> Option<Region> {
        select::region(self.rules(), inputs, profiles)
    }
}

/// the AWS files as the AWS CLI reads them, section by section.
#[must_use]
pub fn cli_files(env: &Env, host: &dyn Host) -> LazyFiles {
    LazyFiles::read(&tools::cli::RULES, env, host)
}

/// The bearer token of a profile that has an `sso_session` but no account and role: its login, its expiry, and the
/// token file. Such a profile gives no credentials, but tools that call services by token use it.
#[must_use]
pub fn bearer_token(
    inputs: &Inputs<'_>,
    profiles: &dyn Profiles,
    profile: &str,
) -> Option<(SsoLogin, Expiry, Option<PathBuf>)> {
    let section = profiles.profile(profile)?;
    providers::sso::bearer(&cli_context(inputs, profiles, profile), &section)
}

/// When the token of an SSO login expires, whatever credentials may be cached.
#[must_use]
pub fn login_expiry(inputs: &Inputs<'_>, profiles: &dyn Profiles, login: &SsoLogin) -> Expiry {
    providers::sso::token(&cli_context(inputs, profiles, ""), login).0
}

fn cli_context<'a>(
    inputs: &'a Inputs<'a>,
    profiles: &'a dyn Profiles,
    profile: &'a str,
) -> providers::Context<'a> {
    providers::Context {
        rules: &tools::cli::RULES,
        inputs,
        profiles,
        profile,
        profile_from: "--profile",
        warnings: std::cell::RefCell::default(),
    }
}
