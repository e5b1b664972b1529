//! What comes into the config file: a session if it is new, and a profile.

use crate::error::{Failure, Word};
use crate::library::{Config, Section, SectionKind, read_config, safe_name};
use crate::plan::document::{Block, Document};
use crate::plan::edits::Edits;
use crate::session::Session;

/// What is to be in the file.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) session: Session,
    pub(super) profile: Option<Profile>,
}

/// A profile.
#[derive(Clone)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) role: String,
    pub(super) region: Option<String>,
    pub(super) output: Option<String>,
}

impl Wanted {
    fn session_name(&self) -> &str {
        self.session.name.as_deref().unwrap_or_default()
    }

    /// The sections, for a message.
    pub(super) fn shown(&self) -> String {
        let session = format!("[sso-session {}]", safe_name(self.session_name()));
        match &self.profile {
            Some(profile) => format!("{session}, [profile {}]", safe_name(&profile.name)),
            None => session,
        }
    }
}

/// The profile that is that role already.
pub(super) fn profile_of(
    config: &Config,
    session: &Session,
    account: &str,
    role: &str,
) -> Option<String> {
    let found = config.profiles.iter().find(|section| {
        section.text("sso_session") == session.name.as_deref()
            && section.text("sso_account_id") == Some(account)
            && section.text("sso_role_name") == Some(role)
    });
    found.map(|section| section.name.clone())
}

/// Keys that make a profile one that gets its credentials in a way of its own.
const SOURCES: [&str; 10] = [
    "sso_session",
    "sso_start_url",
    "sso_account_id",
    "sso_role_name",
    "role_arn",
    "source_profile",
    "credential_source",
    "credential_process",
    "aws_access_key_id",
    "login_session",
];

/// Whether the profile may have its name: nobody has it, or one that is the same or has no credentials yet.
///
/// # Errors
/// Why it may not.
pub(super) fn usable(config: &Config, wanted: &Wanted) -> Result<(), String> {
    let Some(profile) = &wanted.profile else {
        return Ok(());
    };
    let Some(section) = config.profile(&profile.name) else {
        return Ok(());
    };
    let same = |key: &str, value: &str| section.text(key) == Some(value);
    let is_it = same("sso_session", wanted.session_name())
        && same("sso_account_id", &profile.account)
        && same("sso_role_name", &profile.role);
    match is_it || is_free(section) {
        true => Ok(()),
        false => Err("exists, with other credentials".to_owned()),
    }
}

fn is_free(section: &Section) -> bool {
    SOURCES.iter().all(|key| section.text(key).is_none())
}

/// Makes the plan for a config file.
///
/// # Errors
/// `usage`: the session or the profile has come to be another one.
pub(super) fn plan(text: &str, wanted: &Wanted) -> Result<Edits, Failure> {
    let config = read_config(text, "");
    let changed = |what: String| {
        Failure::new(
            Word::Usage,
            format!("{what} was changed meanwhile"),
            "Run it again.",
        )
    };
    let session = wanted.session_name();
    if let Some(section) = config.sso_session(session)
        && section.text("sso_start_url") != Some(wanted.session.start_url.as_str())
    {
        return Err(changed(format!("[sso-session {}]", safe_name(session))));
    }
    usable(&config, wanted).map_err(|_| changed(wanted.shown()))?;
    let document = Document::of(text);
    let mut edits = Edits::default();
    let known = document.named(SectionKind::SsoSession, session).last();
    let mut lines = Vec::new();
    if known.is_none() {
        lines = session_lines(&document, &wanted.session);
    }
    let Some(profile) = &wanted.profile else {
        if !lines.is_empty() {
            document.insert(&mut edits, None, &lines);
        }
        return Ok(edits);
    };
    match document.named(SectionKind::Profile, &profile.name).last() {
        Some(block) => {
            // A new session comes where there is room for it.
            if !lines.is_empty() {
                document.insert(&mut edits, None, &lines);
            }
            complete(&document, &mut edits, block, profile, session);
        }
        None => {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(profile_lines(&document, profile, session));
            let after = known.map(|block| last_of(&document, &config, session).unwrap_or(block));
            document.insert(&mut edits, after, &lines);
        }
    }
    Ok(edits)
}

fn session_lines(document: &Document<'_>, session: &Session) -> Vec<String> {
    let name = session.name.as_deref().unwrap_or_default();
    let mut lines = vec![
        document.header(SectionKind::SsoSession, name),
        format!("sso_start_url = {}", session.start_url),
        format!("sso_region = {}", session.region),
    ];
    if !session.scopes.is_empty() {
        let scopes = session.scopes.join(",");
        lines.push(format!("sso_registration_scopes = {scopes}"));
    }
    lines
}

fn keys<'p>(profile: &'p Profile, session: &'p str) -> Vec<(&'static str, &'p str)> {
    let mut keys = vec![
        ("sso_session", session),
        ("sso_account_id", profile.account.as_str()),
        ("sso_role_name", profile.role.as_str()),
    ];
    keys.extend(profile.region.as_deref().map(|region| ("region", region)));
    keys.extend(profile.output.as_deref().map(|output| ("output", output)));
    keys
}

fn profile_lines(document: &Document<'_>, profile: &Profile, session: &str) -> Vec<String> {
    let header = document.header(SectionKind::Profile, &profile.name);
    let keys = keys(profile, session);
    std::iter::once(header)
        .chain(keys.iter().map(|(key, value)| format!("{key} = {value}")))
        .collect()
}

/// Sets the keys of a profile that is there, as far as they differ.
fn complete(
    document: &Document<'_>,
    edits: &mut Edits,
    block: &Block,
    profile: &Profile,
    session: &str,
) {
    for (key, value) in keys(profile, session) {
        let same = block
            .key(key)
            .is_some_and(|found| document.value(found) == value);
        if !same {
            document.set(edits, block, key, value);
        }
    }
}

/// The last profile of a session.
fn last_of<'d>(document: &'d Document<'_>, config: &Config, session: &str) -> Option<&'d Block> {
    let of_session = |block: &&Block| {
        let name = block.name_as(SectionKind::Profile);
        let section = name.and_then(|name| config.profile(name));
        section.is_some_and(|section| section.text("sso_session") == Some(session))
    };
    document.sections.iter().rfind(of_session)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(name: &str) -> Wanted {
        Wanted {
            session: Session {
                key: "s".into(),
                name: Some("s".into()),
                start_url: "https://s.awsapps.com/start".into(),
                region: "eu-west-1".into(),
                scopes: vec!["sso:account:access".into()],
            },
            profile: Some(Profile {
                name: name.into(),
                account: "1".into(),
                role: "R".into(),
                region: Some("eu-west-1".into()),
                output: None,
            }),
        }
    }

    fn after(text: &str, wanted: &Wanted) -> String {
        let edits = plan(text, wanted).unwrap();
        String::from_utf8(edits.apply(text.as_bytes()).unwrap()).unwrap()
    }

    const SESSION: &str = "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n";
    const PROFILE: &str =
        "[profile p]\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\nregion = eu-west-1\n";

    #[test]
    fn a_file_gets_what_it_does_not_have() {
        assert_eq!(after("", &wanted("p")), format!("{SESSION}\n{PROFILE}"));
        let both = format!("{SESSION}\n{PROFILE}");
        assert!(plan(&both, &wanted("p")).unwrap().is_empty());
        // After the session's last profile, in the file's own line ends.
        let text = format!("{SESSION}\n[profile a]\nsso_session = s\n# end\n[default]\nx = 1")
            .replace('\n', "\r\n");
        let got = after(&text, &wanted("p"));
        let want = format!(
            "{SESSION}\n[profile a]\nsso_session = s\n\n{PROFILE}\n# end\n[default]\nx = 1"
        )
        .replace('\n', "\r\n");
        assert_eq!(got, want);
        let mut alone = wanted("p");
        alone.profile = None;
        assert_eq!(
            after("[default]\nx = 1", &alone),
            format!("[default]\nx = 1\n\n{SESSION}")
        );
        assert!(plan(SESSION, &alone).unwrap().is_empty());
    }

    #[test]
    fn a_profile_without_credentials_is_completed_and_another_one_is_not_touched() {
        let got = after(
            &format!("{SESSION}[default]\nregion=us-east-1 \n"),
            &wanted("default"),
        );
        assert_eq!(
            got,
            format!(
                "{SESSION}[default]\nregion=eu-west-1\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\n"
            )
        );
        for other in [
            "[profile p]\naws_access_key_id = A\n",
            "[profile p]\nsso_session = s\nsso_account_id = 2\nsso_role_name = R\n",
            "[profile p]\nrole_arn = x\n",
            "[sso-session s]\nsso_start_url = https://other.awsapps.com/start\n",
        ] {
            let failure = plan(other, &wanted("p")).unwrap_err();
            assert_eq!(failure.word, Word::Usage, "{other}");
        }
    }
}
