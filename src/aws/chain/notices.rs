//! Warnings about behaviour that differs from other tools or the documentation.

use super::files::Profiles;
use super::model::{Decision, Inputs, Provider};
use super::rules::{Empty, Off, Rules};
use super::select;
use crate::aws::config::Section;
use crate::aws::env_vars::{self, EnvVar};
use crate::diagnostic::{Code, Diagnostic, Location};

/// The warnings that do not come from a step of the chain.
pub(super) fn of(
    rules: &'static Rules,
    inputs: &Inputs<'_>,
    profiles: &dyn Profiles,
    decision: &Decision,
) -> Vec<Diagnostic> {
    let title = rules.title;
    let profile = &decision.profile;
    let from = decision.profile_from;
    let mut warnings = profiles.ignored_files().to_vec();
    let by_keys = decision
        .outcome
        .as_ref()
        .is_ok_and(|winner| winner.chain.len() == 1 && winner.provider() == Provider::Env);
    if by_keys && from != "default" {
        warnings.push(Diagnostic::new(
            Code::KeysOverrideProfile,
            format!(
                "keys in the environment override the profile '{profile}' ({from}); its region and settings still apply"
            ),
        ));
    }
    let has_keys = inputs.env.has(&env_vars::AWS_ACCESS_KEY_ID)
        && inputs.env.has(&env_vars::AWS_SECRET_ACCESS_KEY);
    if rules.env.off == Off::Named && has_keys && from != "default" {
        warnings.push(Diagnostic::new(
            Code::ProfileOverridesKeys,
            format!(
                "{title} ignores the keys in the environment because a profile is named ({from}); other tools use them"
            ),
        ));
    }
    let value = |var: &'static EnvVar| inputs.env.raw(var).map(|v| v.to_string_lossy());
    match (
        value(&env_vars::AWS_PROFILE),
        value(&env_vars::AWS_DEFAULT_PROFILE),
    ) {
        _ if from == "--profile" => {}
        (Some(profile), Some(default)) if profile != default => warnings.push(Diagnostic::new(
            Code::ConflictingProfiles,
            format!(
                "AWS_PROFILE ('{profile}') and AWS_DEFAULT_PROFILE ('{default}') differ; {title} uses {from}"
            ),
        )),
        (None, Some(default)) if from == "default" && !default.is_empty() => {
            warnings.push(Diagnostic::new(
                Code::VariableIgnored,
                format!("{title} ignores AWS_DEFAULT_PROFILE ('{default}')"),
            ));
        }
        _ => {}
    }
    for var in [&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE] {
        if value(var).is_some_and(|v| v.is_empty()) {
            let takes = match rules.empty_profile {
                Empty::Counts if from == var.name => "looks for a profile with an empty name",
                _ => "treats it as unset",
            };
            warnings.push(Diagnostic::new(
                Code::EmptyProfile,
                format!("{var} is set and empty: {title} {takes}"),
            ));
        }
    }
    for var in [&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION] {
        if inputs.env.has(var) && !rules.region_vars.contains(&var) {
            warnings.push(Diagnostic::new(
                Code::VariableIgnored,
                format!("{title} ignores {var}"),
            ));
        }
    }
    if let Some(region) = select::region(rules, inputs, profiles)
        && region.value.is_empty()
    {
        warnings.push(Diagnostic::new(
            Code::EmptyRegion,
            format!(
                "the region in {} is empty, and {title} uses it",
                region.from
            ),
        ));
    }
    if let Some(section) = profiles.profile(profile) {
        warnings.extend(several_sources(profiles, &section, title));
        warnings.extend(
            profiles
                .warnings()
                .iter()
                .filter(|w| {
                    let section_at = w.location.as_ref().and_then(|l| profiles.section_at(l));
                    section_at == Some((section.kind, section.name.as_str()))
                })
                .cloned(),
        );
    }
    warnings
}

/// Warns of a profile with several sources of credentials, because the tools use different ones.
fn several_sources(profiles: &dyn Profiles, profile: &Section, title: &str) -> Option<Diagnostic> {
    const KINDS: [(&str, &str); 5] = [
        ("role_arn", "a role"),
        ("sso_account_id", "SSO"),
        ("login_session", "an `aws login` session"),
        ("credential_process", "a credential_process"),
        ("aws_access_key_id", "static keys"),
    ];
    let sources: Vec<(&str, Location)> = KINDS
        .iter()
        .filter_map(|(key, called)| {
            let value = profile.get(key)?;
            Some((*called, profiles.location(value.file, value.line)))
        })
        .collect();
    // A role whose source is its own profile's keys is one source, not two.
    let own = profile.text("source_profile") == Some(profile.name.as_str());
    if sources.len() < 2 || own {
        return None;
    }
    let names: Vec<String> = sources
        .iter()
        .map(|(called, location)| format!("{called} ({location})"))
        .collect();
    Some(Diagnostic::new(
        Code::MultipleCredentialSources,
        format!(
            "the profile '{}' has {}; other tools may use a different one than {title}",
            profile.name,
            names.join(" and ")
        ),
    ))
}
