//! `share`: the config sections that a colleague needs for a profile, with only those keys that are known to be neither
//! secret nor personal.

use super::Output;
use crate::aws::Env;
use crate::aws::config::{self, Dialect, FileKind, Section, SectionKind};
use crate::cli::Share;
use crate::context::Context;
use crate::error::Error;
use crate::identity::lookup;
use crate::output::redact::without_user;
use crate::output::sanitize::{Escaped, acts};
use crate::sso_program;
use std::collections::BTreeMap;
use std::path::Path;

/// Keys that are not secret and mean the same on another machine, in the order in which they are printed.
const SAFE: [&str; 16] = [
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_registration_scopes",
    "sso_account_id",
    "sso_role_name",
    "role_arn",
    "source_profile",
    "credential_source",
    "duration_seconds",
    "region",
    "output",
    "cli_pager",
    "retry_mode",
    "max_attempts",
    "sts_regional_endpoints",
];

/// Keys that are secret, run a program, or belong to one person. A profile with one of them cannot be shared.
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
    ("x_security_token_expires", "the expiry of keys"),
];

pub(super) fn run(args: &Share, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let mut sections: Vec<Section> = Vec::new();
    for typed in &args.profiles {
        let mut next = Some(lookup::find(&ctx, super::typed(typed)?)?);
        // The profile and its source profiles; a loop ends at a profile that was seen before.
        while let Some(profile) = next {
            if sections.iter().any(|s| same(s, &profile)) {
                break;
            }
            refuse_private(&profile, &ctx)?;
            let session = profile.text("sso_session").map(str::to_owned);
            let source = profile.text("source_profile").map(str::to_owned);
            sections.push(profile);
            if let Some(name) = session {
                let found = ctx.aws_files().any_section(SectionKind::SsoSession, &name);
                let session = found.ok_or_else(|| Error::General {
                    message: format!("there is no [sso-session {}]", Escaped(&name)),
                    hint: sso_program::configure(ctx.env, "to create one"),
                })?;
                if !sections.iter().any(|s| same(s, &session)) {
                    refuse_private(&session, &ctx)?;
                    sections.push(session);
                }
            }
            next = match source {
                Some(name) => Some(lookup::find_exact(&ctx, &name)?),
                None => None,
            };
        }
    }
    let (stdout, left_out) = text(&sections)?;
    let mut stderr =
        "awsbadge: this contains account ids, roles and your start URL; give it only to colleagues\n"
            .to_owned();
    if !left_out.is_empty() {
        stderr += &format!("awsbadge: omitted: {}\n", Escaped(&left_out.join(", ")));
    }
    Ok(Output {
        stderr,
        ..Output::print(stdout)
    })
}

/// The sections as a config file, and the omitted keys.
fn text(sections: &[Section]) -> Result<(String, Vec<&str>), Error> {
    let mut out = String::new();
    let mut left_out: Vec<&str> = Vec::new();
    for section in sections {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &header(section)?;
        for (key, value) in shared(section) {
            out += &format!("{key} = {value}\n");
        }
        let printed = |key: &str| shared(section).any(|(shared, _)| shared == key);
        let keys = section.keys.iter().filter(|(key, _)| !printed(key));
        left_out.extend(keys.map(|(key, _)| key.as_str()));
    }
    // Only `populate` on this machine reads it.
    left_out.retain(|key| *key != "awsbadge_populated");
    left_out.sort_unstable();
    left_out.dedup();
    for section in sections {
        if !reads_back(&out, section) {
            return Err(unwritable(section, "one of its values"));
        }
    }
    Ok((out, left_out))
}

/// The keys of a section to print, without values of several lines or values that act on a terminal.
fn shared(section: &Section) -> impl Iterator<Item = (&'static str, &str)> {
    SAFE.into_iter().filter_map(|key| {
        let value = section.text(key)?;
        (!value.chars().any(acts)).then_some((key, value))
    })
}

/// Whether every reader finds exactly the shared keys and values of `section` in `text`. The SDKs and JavaScript do not
/// accept every name; if they do, the values must be the same.
fn reads_back(text: &str, section: &Section) -> bool {
    let of_section = |s: &&Section| s.kind == section.kind && s.name == section.name;
    let whole = |found: &Section| {
        let keys: BTreeMap<&str, &str> = found
            .keys
            .iter()
            .map(|(key, value)| (key.as_str(), value.text.as_str()))
            .collect();
        found.keys.len() == keys.len() && keys == shared(section).collect()
    };
    let leniently = config::find(text, "", &[(section.kind, &section.name)]);
    if !leniently
        .first()
        .is_some_and(|found| found.as_ref().is_some_and(whole))
    {
        return false;
    }
    [Dialect::Botocore, Dialect::Sdk, Dialect::Js]
        .into_iter()
        .all(|dialect| {
            let Ok(file) = config::read_file(dialect, FileKind::Config, Path::new(""), text) else {
                return false;
            };
            let mut found = file.sections.iter().filter(of_section);
            match (found.next(), found.next()) {
                (Some(only), None) => whole(only),
                (None, _) => dialect != Dialect::Botocore,
                _ => false,
            }
        })
}

fn same(a: &Section, b: &Section) -> bool {
    a.kind == b.kind && a.name == b.name
}

fn refuse_private(section: &Section, ctx: &Context<'_>) -> Result<(), Error> {
    let private = PRIVATE
        .iter()
        .find_map(|(key, what)| Some((*key, section.get(key)?, *what)));
    let with_user = || {
        let mut of_urls = SAFE
            .iter()
            .filter_map(|key| Some((*key, section.get(key)?)));
        let (key, value) = of_urls.find(|(_, v)| without_user(&v.text) != v.text)?;
        Some((key, value, "a URL with a user in it"))
    };
    let Some((key, value, what)) = private.or_else(with_user) else {
        return Ok(());
    };
    let path = ctx
        .aws_files()
        .file(value.file)
        .path
        .clone()
        .unwrap_or_default();
    Err(Error::Refused {
        message: format!(
            "{}:{}: '{}' can't be shared: {key} is {what}",
            Escaped(&path.to_string_lossy()),
            value.line,
            Escaped(&section.name),
        ),
        hint: "share a profile that logs in through SSO instead".to_owned(),
    })
}

/// The section's header, with the name unquoted if possible, else with quotes that the readers accept.
fn header(section: &Section) -> Result<String, Error> {
    let name = &section.name;
    let kind = match section.kind {
        SectionKind::Profile if name == "default" => return Ok("[default]\n".to_owned()),
        SectionKind::Profile => "profile",
        SectionKind::SsoSession => "sso-session",
        SectionKind::Services => "services",
    };
    let bare = Section {
        keys: Vec::new(),
        ..section.clone()
    };
    ["", "\"", "'"]
        .map(|quote| format!("[{kind} {quote}{name}{quote}]\n"))
        .into_iter()
        .find(|line| !name.chars().any(acts) && reads_back(line, &bare))
        .ok_or_else(|| unwritable(section, "its name"))
}

fn unwritable(section: &Section, what: &str) -> Error {
    let name = Escaped(&section.name);
    Error::Refused {
        message: format!(
            "'{name}' can't be shared: {what} cannot be written so that every tool reads it"
        ),
        hint: "change the name or the value first".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sections(config: &str) -> Vec<Section> {
        let merged = config::read_leniently(config, "");
        [merged.profiles, merged.sso_sessions].concat()
    }

    /// A section as it must be read back: kind, name, and the shared keys.
    type Shared = (SectionKind, String, Vec<(String, String)>);

    fn expected(sections: &[Section]) -> Vec<Shared> {
        let pair = |(key, value): (&'static str, &str)| (key.to_owned(), value.to_owned());
        let mut all: Vec<_> = sections
            .iter()
            .map(|s| (s.kind, s.name.clone(), shared(s).map(pair).collect()))
            .collect();
        all.sort_by_key(|(kind, name, _)| (*kind as u8, name.clone()));
        all
    }

    #[test]
    fn names_are_written_so_that_they_are_read_again() {
        for (written, line) in [
            ("[default]", "[default]"),
            ("[profile dev]", "[profile dev]"),
            ("[profile a.b/c@d]", "[profile a.b/c@d]"),
            ("[profile \"a b\"]", "[profile \"a b\"]"),
            ("[profile 'a b']", "[profile \"a b\"]"),
            ("[profile \"it's\"]", "[profile \"it's\"]"),
            ("[profile 'say \"hi\"']", "[profile 'say \"hi\"']"),
            ("[profile Zürich]", "[profile Zürich]"),
            ("[profile \"東京 1\"]", "[profile \"東京 1\"]"),
            ("[sso-session \"a b\"]", "[sso-session \"a b\"]"),
        ] {
            let sections = sections(&format!("{written}\r\nregion = eu-west-1 # here\r\n"));
            let (text, left_out) = text(&sections).unwrap();
            assert_eq!(text, format!("{line}\nregion = eu-west-1\n"));
            assert!(left_out.is_empty());
        }
    }

    #[test]
    fn what_is_of_one_person_or_not_known_is_left_out_and_named() {
        let config = "[profile a]\nrole_arn = arn\nrole_session_name = me@a.b\npwd = x\nregion =\n  a = b\noutput = j\u{200b}\n";
        let sections = sections(config);
        let (text, left_out) = text(&sections).unwrap();
        assert_eq!(text, "[profile a]\nrole_arn = arn\n");
        assert_eq!(left_out, ["output", "pwd", "region", "role_session_name"]);
    }

    #[test]
    fn what_the_tools_read_differently_is_refused() {
        // The AWS CLI trims the space at the end; U+2028 never gets into the text.
        let sections = sections("[profile a]\nregion = x\u{2003}\n");
        assert!(matches!(text(&sections), Err(Error::Refused { .. })));
    }

    /// Pieces of names and values that readers may get wrong.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a", "B", "dev", "1", " ", "  ", "'", "\"", "\\", "#", ";", " #", "\t;", "]", "[", "=",
            ":", "é", "東", "\u{a0}", "\u{2003}", "\u{200b}", "\u{2028}", "\u{feff}", "%", "$(x)",
            "-", "/", "@",
        ]);
        prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
    }

    fn section() -> impl Strategy<Value = String> {
        let header = (
            prop::sample::select(vec![
                "profile ",
                "sso-session ",
                "profile\t",
                " profile ",
                "",
            ]),
            prop::sample::select(vec!["", "\"", "'"]),
            pieces(),
        )
            .prop_map(|(kind, quote, name)| format!("[{kind}{quote}{name}{quote}]"));
        let keys = [
            "region",
            "role_arn",
            "source_profile",
            "sso_session",
            "sso_start_url",
            "output",
            "s3",
            "pwd",
            "aws_secret_access_key",
            "role_session_name",
            "Region",
        ];
        let line = (prop::sample::select(keys.to_vec()), pieces(), 0..6u8).prop_map(
            |(key, value, form)| match form {
                0 => format!("{key} =\n  {value} = SECRET{value}"),
                1 => format!("{key} = {value} # comment"),
                2 => format!("{key}={value}\n  SECRET"),
                3 => format!("  {key} = {value}"),
                _ => format!("{key} = {value}"),
            },
        );
        (header, prop::collection::vec(line, 0..5))
            .prop_map(|(header, lines)| format!("{header}\n{}\n", lines.join("\n")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_printed_reads_back_unchanged(
            parts in prop::collection::vec(section(), 1..4),
            crlf: bool,
        ) {
            let config = parts.concat();
            let config = if crlf { config.replace('\n', "\r\n") } else { config };
            for section in sections(&config) {
                let chosen = [section];
                if let Ok((text, _)) = text(&chosen) {
                    prop_assert_eq!(expected(&sections(&text)), expected(&chosen), "{}", text);
                    prop_assert!(!text.contains("SECRET"), "{}", text);
                    prop_assert!(!text.contains(|c| acts(c) && c != '\n'), "{}", text);
                }
            }
        }

        #[test]
        fn plain_names_and_values_are_never_refused(
            name in "[A-Za-z0-9_./:@+%-]{1,12}|[A-Za-z]{1,4} [A-Za-z']{1,6}|[a-zé東]{1,6}",
            value in "[A-Za-z0-9_./:@+,=%-]{1,20}",
        ) {
            let config = format!("[profile \"{name}\"]\nrole_arn = {value}\npwd = x\n");
            let sections = sections(&config);
            prop_assert_eq!(sections.len(), 1);
            let (text, left_out) = text(&sections).unwrap();
            prop_assert!(text.ends_with(&format!("]\nrole_arn = {value}\n")), "{}", text);
            prop_assert_eq!(left_out, ["pwd"]);
        }
    }
}
