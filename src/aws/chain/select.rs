//! The profile and the region that a tool selects.

use super::files::Profiles;
use super::model::{Inputs, Region};
use super::rules::{Empty, Rules};
use crate::aws::env_vars::EnvVar;

/// The profile that a tool selects, and what selects it: a variable, `--profile`, or `default`.
pub(super) fn select(rules: &Rules, inputs: &Inputs<'_>) -> (String, &'static str) {
    if let Some(name) = inputs.profile.filter(|name| !name.is_empty()) {
        return (name.to_owned(), "--profile");
    }
    rules
        .profile_vars
        .iter()
        .find_map(|&var| {
            let value = inputs.env.raw(var)?;
            (rules.empty_profile == Empty::Counts || !value.is_empty())
                .then(|| (value.to_string_lossy().into_owned(), var.name))
        })
        .unwrap_or_else(|| ("default".to_owned(), "default"))
}

/// The region of the calls.
pub(super) fn region(
    rules: &'static Rules,
    inputs: &Inputs<'_>,
    profiles: &dyn Profiles,
) -> Option<Region> {
    let counts = |value: &str| rules.empty_region == Empty::Counts || !value.is_empty();
    let of_var = |var: &&'static EnvVar| {
        let value = inputs.env.raw(var)?.to_string_lossy().into_owned();
        counts(&value).then(|| Region {
            value,
            from: var.name.to_owned(),
        })
    };
    if let Some(region) = rules.region_vars.iter().find_map(of_var) {
        return Some(region);
    }
    if profiles.refusal().is_some() {
        return None;
    }
    let (mut name, _) = select(rules, inputs);
    let mut seen: Vec<String> = Vec::new();
    loop {
        let profile = profiles.profile(&name)?;
        if let Some(value) = rules.key(&profile, "region") {
            return Some(Region {
                value: value.text.clone(),
                from: profiles.location(value.file, value.line).to_string(),
            });
        }
        let source = rules.key(&profile, "source_profile")?.text.clone();
        seen.push(name);
        if !rules.region_of_source || seen.contains(&source) {
            return None;
        }
        name = source;
    }
}
