//! What will surprise somebody who knows another tool, or the documentation.

use super::rules::{Empty, Off, Rules};
use super::{Explanation, Files, Notice, World};
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::grammar::Section;
use crate::aws::source::Method;

/// The warnings that do not come from a step of the chain.
pub(super) fn of(
    rules: &Rules,
    world: &World<'_>,
    files: &Files,
    told: &Explanation,
) -> Vec<Notice> {
    let plain = |code, message: String| Notice {
        code,
        message,
        place: None,
    };
    let title = told.tool.title();
    let mut notices = files.notices.clone();
    let base = told.winner.as_ref().and_then(|w| w.chain.first());
    let by_keys = told
        .winner
        .as_ref()
        .is_some_and(|w| w.chain.len() == 1 && base.is_some_and(|u| u.provider == Method::Env));
    if by_keys && told.profile_from != "default" {
        notices.push(plain(
            "keys-over-profile",
            format!(
                "keys in the environment win over the profile '{}' ({}); its region and settings still count",
                told.profile, told.profile_from
            ),
        ));
    }
    let has_keys = world.vars.has(&env_vars::AWS_ACCESS_KEY_ID)
        && world.vars.has(&env_vars::AWS_SECRET_ACCESS_KEY);
    if rules.env.off == Off::Named && has_keys && told.profile_from != "default" {
        notices.push(plain(
            "profile-over-keys",
            format!(
                "{title} passes over the keys in the environment since a profile is named ({}); other tools use them",
                told.profile_from
            ),
        ));
    }
    let value = |name: &'static EnvVar| world.vars.raw(name).map(|v| v.to_string_lossy());
    match (value(&env_vars::AWS_PROFILE), value(&env_vars::AWS_DEFAULT_PROFILE)) {
        _ if told.profile_from == "--profile" => {}
        (Some(profile), Some(default)) if profile != default => notices.push(plain(
            "two-profiles",
            format!(
                "AWS_PROFILE ('{profile}') and AWS_DEFAULT_PROFILE ('{default}') differ; {title} goes by {}",
                told.profile_from
            ),
        )),
        (None, Some(default)) if told.profile_from == "default" && !default.is_empty() => {
            notices.push(plain(
                "variable-ignored",
                format!("{title} does not know AWS_DEFAULT_PROFILE ('{default}')"),
            ));
        }
        _ => {}
    }
    for name in [&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE] {
        if value(name).is_some_and(|v| v.is_empty()) {
            let takes = match rules.empty_profile {
                Empty::Counts if told.profile_from == name.name => {
                    "looks for a profile without a name"
                }
                _ => "takes it for unset",
            };
            notices.push(plain(
                "empty-profile",
                format!("{name} is set and empty: {title} {takes}; unset it"),
            ));
        }
    }
    for name in [&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION] {
        let set = world.vars.has(name);
        if set && !rules.region_vars.contains(&name) {
            notices.push(plain(
                "variable-ignored",
                format!("{title} does not know {name}"),
            ));
        }
    }
    if told.region.as_ref().is_some_and(|r| r.value.is_empty()) {
        let from = told.region.as_ref().map_or("", |r| &r.from);
        notices.push(plain(
            "empty-region",
            format!("{from} gives an empty region, and {title} takes it for one"),
        ));
    }
    let section = files.profile(&told.profile);
    notices.extend(section.and_then(|section| several(files, section, told)));
    notices.extend(section.into_iter().flat_map(|section| {
        files
            .merged
            .warnings
            .iter()
            .filter(|w| within(files, section, w.file, w.line))
            .map(|w| files.notice(w))
    }));
    notices
}

/// Whether a line belongs to a profile: after its header, and no other header between.
fn within(
    files: &Files,
    profile: &Section,
    file: crate::aws::grammar::FileKind,
    line: u32,
) -> bool {
    let sections = match file {
        crate::aws::grammar::FileKind::Config => &files.config.sections,
        crate::aws::grammar::FileKind::Credentials => &files.credentials.sections,
    };
    sections
        .iter()
        .filter(|s| s.line <= line)
        .max_by_key(|s| s.line)
        .is_some_and(|s| s.kind == profile.kind && s.name == profile.name)
}

/// A profile with several sources of credentials: the tools do not agree on which one counts.
fn several(files: &Files, profile: &Section, told: &Explanation) -> Option<Notice> {
    let kinds = [
        ("role_arn", "a role"),
        ("sso_account_id", "SSO"),
        ("login_session", "an aws login session"),
        ("credential_process", "a credential_process"),
        ("aws_access_key_id", "static keys"),
    ];
    let there: Vec<_> = kinds
        .iter()
        .filter_map(|(key, called)| Some((profile.get(key)?, *called)))
        .collect();
    // A role with keys of its own is one source, not two.
    let own = profile.text("source_profile") == Some(profile.name.as_str());
    if there.len() < 2 || own {
        return None;
    }
    let names: Vec<String> = there
        .iter()
        .map(|(value, called)| format!("{called} ({})", files.at(value)))
        .collect();
    Some(Notice {
        code: "several-sources",
        message: format!(
            "the profile '{}' has {}; other tools may take another one than {}",
            told.profile,
            names.join(" and "),
            told.tool.title()
        ),
        place: None,
    })
}
