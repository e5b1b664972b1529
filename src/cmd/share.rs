//! `share`: the sections that a colleague needs for a profile, of keys that are known to hold no secret.

use super::look::{self, Look, Trail};
use super::report::path_of;
use super::{Reply, switch};
use crate::aws::Vars;
use crate::aws::grammar::{Section, SectionKind};
use crate::cli::Share;
use crate::error::{Error, Visible};
use crate::host;

/// Keys that hold nothing to be kept, and mean the same on another machine. In this order they are printed.
const SAFE: [&str; 17] = [
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_registration_scopes",
    "sso_account_id",
    "sso_role_name",
    "role_arn",
    "source_profile",
    "credential_source",
    "role_session_name",
    "duration_seconds",
    "region",
    "output",
    "cli_pager",
    "retry_mode",
    "max_attempts",
    "sts_regional_endpoints",
];

/// Keys that are a secret, run a program, or stand for one person: a profile with one of them is not to be
/// handed on.
const PRIVATE: [(&str, &str); 11] = [
    ("aws_access_key_id", "a key"),
    ("aws_secret_access_key", "a secret"),
    ("aws_session_token", "a secret"),
    ("aws_security_token", "a secret"),
    (
        "credential_process",
        "a program to run, perhaps with a secret",
    ),
    ("login_session", "one person's login"),
    ("web_identity_token_file", "the path of a token"),
    ("external_id", "a shared secret"),
    ("mfa_serial", "one person's device"),
    ("x_principal_arn", "one person's identity"),
    ("x_security_token_expires", "the end of keys"),
];

pub(super) fn run(args: &Share, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let mut sections: Vec<Section> = Vec::new();
    for typed in &args.profiles {
        let mut next = Some(switch::named(&look, &settings, super::typed(typed)?)?);
        // A profile, and those that it stands on; a circle ends where it meets itself.
        while let Some(profile) = next {
            if sections.iter().any(|s| same(s, &profile)) {
                break;
            }
            refuse_private(&profile, &look)?;
            let session = profile.text("sso_session").map(str::to_owned);
            let source = profile.text("source_profile").map(str::to_owned);
            sections.push(profile);
            if let Some(name) = session {
                let found = look.section(SectionKind::SsoSession, &name);
                let session = found.ok_or_else(|| Error::General {
                    message: format!("there is no [sso-session {}]", Visible(&name)),
                    next: "`aws configure sso-session` writes one.".to_owned(),
                })?;
                if !sections.iter().any(|s| same(s, &session)) {
                    refuse_private(&session, &look)?;
                    sections.push(session);
                }
            }
            next = match source {
                Some(name) => Some(switch::known(&look, &name)?),
                None => None,
            };
        }
    }
    let mut left_out: Vec<&str> = Vec::new();
    let mut out = String::new();
    for section in &sections {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &header(section)?;
        for key in SAFE {
            if let Some(value) = section
                .text(key)
                .filter(|v| !v.chars().any(char::is_control))
            {
                out += &format!("{key} = {value}\n");
            }
        }
        let unknown = section.keys.iter().map(|(key, _)| key.as_str());
        left_out.extend(unknown.filter(|key| !SAFE.contains(key)));
    }
    left_out.sort_unstable();
    left_out.dedup();
    let mut stderr =
        "awsbadge: this names account ids, roles and your start URL: hand it to colleagues only\n"
            .to_owned();
    if !left_out.is_empty() {
        stderr += &format!("awsbadge: left out: {}\n", Visible(&left_out.join(", ")));
    }
    Ok(Reply {
        stderr,
        ..Reply::print(out)
    })
}

fn same(a: &Section, b: &Section) -> bool {
    a.kind == b.kind && a.name == b.name
}

fn refuse_private(section: &Section, look: &Look<'_>) -> Result<(), Error> {
    let Some((key, value, what)) = PRIVATE
        .iter()
        .find_map(|(key, what)| section.get(key).map(|value| (key, value, what)))
    else {
        return Ok(());
    };
    let path = path_of(look, value.file).unwrap_or_default();
    Err(Error::Refused {
        message: format!(
            "'{}' is not for sharing: {key} at {}:{} is {what}",
            Visible(&section.name),
            Visible(&path.to_string_lossy()),
            value.line,
        ),
        next: "Share a profile that logs in through SSO instead.".to_owned(),
    })
}

/// The section's first line, as every tool reads it.
fn header(section: &Section) -> Result<String, Error> {
    let name = &section.name;
    if name.contains([']', '"', '#', ';'])
        || name.trim() != name
        || name.chars().any(char::is_control)
    {
        return Err(Error::Refused {
            message: format!(
                "the name '{}' can't be written so that every tool reads it",
                Visible(name)
            ),
            next: "Give the profile another name first.".to_owned(),
        });
    }
    let quoted = match name.contains([' ', '\'']) {
        true => format!("\"{name}\""),
        false => name.clone(),
    };
    Ok(match section.kind {
        SectionKind::SsoSession => format!("[sso-session {quoted}]\n"),
        _ if name == "default" => "[default]\n".to_owned(),
        _ => format!("[profile {quoted}]\n"),
    })
}
