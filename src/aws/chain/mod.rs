//! Which credentials a tool would use, and why: follows its provider chain step by step.
//!
//! [`rules`] describes how tools differ, and [`tools`] has one file of rules per tool. [`providers`] answer by these
//! rules, each for one source of credentials. [`walk`] asks the providers in order and follows a role to its source
//! profile. Nothing uses the network or runs a program: a `credential_process` is reported but not started, container
//! and instance roles are known only from their variables, and the expiry of a login comes from its token file.

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

    /// The AWS files as the tool reads them, completely.
    #[must_use]
    pub fn read_files(self, env: &Env, host: &dyn Host) -> Files {
        Files::read(self.rules(), env, host)
    }

    /// The profile that the tool selects, and what selects it: a variable, `--profile`, or `default`.
    #[must_use]
    pub fn select(self, inputs: &Inputs<'_>) -> (String, &'static str) {
        select::select(self.rules(), inputs)
    }

    /// Which credentials the tool uses.
    #[must_use]
    pub fn decide(self, inputs: &Inputs<'_>, profiles: &dyn Profiles) -> Decision {
        walk::decide(self.rules(), inputs, profiles, walk::Detail::Outcome)
    }

    /// As [`Self::decide`], plus the answers of providers that are not reached, and all warnings.
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

/// The AWS files as the AWS CLI reads them, section by section.
#[must_use]
pub fn cli_files(env: &Env, host: &dyn Host) -> LazyFiles {
    LazyFiles::read(&tools::cli::RULES, env, host)
}

/// The bearer token of a profile that has an `sso_session` but no account and role: its login, its expiry, and the
/// token file. Such a profile has no credentials; tools that call services with a token use it.
#[must_use]
pub fn bearer_token(
    inputs: &Inputs<'_>,
    profiles: &dyn Profiles,
    profile: &str,
) -> Option<(SsoLogin, Expiry, Option<PathBuf>)> {
    let section = profiles.profile(profile)?;
    providers::sso::bearer(&cli_context(inputs, profiles, profile), &section)
}

/// When the token of an SSO login expires, regardless of cached credentials.
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
