//! Which login is meant, and what the config file says about it. Pure.

use crate::error::{Failure, Word};
use crate::idc::address::Address;
use crate::idc::endpoint::Rules;
use crate::idc::request::DEFAULT_SCOPE;
use crate::library::{Config, Section, Vars, is_region, safe_name};

/// A login at an access portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// What its token file is named after: the session's name, or the start URL as it is written.
    pub(crate) key: String,
    /// The name of the `[sso-session]`; `None` for a profile with a start URL of its own.
    pub(crate) name: Option<String>,
    /// `sso_start_url`.
    pub(crate) start_url: String,
    /// `sso_region`.
    pub(crate) region: String,
    /// `sso_registration_scopes`.
    pub(crate) scopes: Vec<String>,
}

impl Session {
    /// Whether it is a profile's own start URL: no tool renews its token.
    pub(crate) fn is_legacy(&self) -> bool {
        self.name.is_none()
    }

    /// What it is called in messages.
    pub(crate) fn label(&self) -> String {
        safe_name(&self.key)
    }

    /// The command that logs in to it.
    pub(crate) fn login_command(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        match !name.is_empty() && name.chars().all(plain) && !name.starts_with('-') {
            true => format!("awsbadge-sso login {name}"),
            false => "awsbadge-sso login".to_owned(),
        }
    }

    /// The failure of whatever needs a login first.
    pub(crate) fn login_needed(&self, why: &str) -> Failure {
        Failure::new(
            Word::LoginNeeded,
            format!("{}: {why}", self.label()),
            format!("Run `{}`.", self.login_command()),
        )
    }

    /// The start URL, fit to be called.
    ///
    /// # Errors
    /// `bad-start-url`.
    pub(crate) fn start_address(&self) -> Result<Address, Failure> {
        let bad = |why: &str| {
            Failure::new(
                Word::BadStartUrl,
                format!(
                    "the start URL of {} {why}: {}",
                    self.label(),
                    self.start_url
                ),
                "Write it as the access portal shows it, such as https://my-company.awsapps.com/start.",
            )
        };
        let address = Address::parse(&self.start_url).ok_or_else(|| bad("is not an address"))?;
        match address.is_safe() {
            true => Ok(address),
            false => Err(bad("does not begin with https://")),
        }
    }

    /// The scopes that a browser login asks for.
    pub(crate) fn scopes_or_default(&self) -> Vec<String> {
        match self.scopes.is_empty() {
            true => vec![DEFAULT_SCOPE.to_owned()],
            false => self.scopes.clone(),
        }
    }

    fn new(
        name: Option<&str>,
        start_url: Option<&str>,
        region: Option<&str>,
        scopes: Option<&str>,
        place: &str,
    ) -> Result<Self, Failure> {
        let missing = |key: &str| {
            Failure::new(
                Word::BadConfig,
                format!("{place} has no {key}"),
                format!("Add {key} to it in the config file."),
            )
        };
        let start_url = start_url
            .ok_or_else(|| missing("sso_start_url"))?
            .to_owned();
        let region = region.ok_or_else(|| missing("sso_region"))?.to_owned();
        if !is_region(&region) {
            return Err(Failure::new(
                Word::BadRegion,
                format!("sso_region of {place} is not a region: {region}"),
                "Set it to the region of the access portal, such as eu-west-1.",
            ));
        }
        let scopes = scopes.unwrap_or_default().split(',').map(str::trim);
        Ok(Self {
            key: name.unwrap_or(&start_url).to_owned(),
            name: name.map(str::to_owned),
            start_url,
            region,
            scopes: scopes
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// An account's role, as a profile names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Role {
    /// The account's id.
    pub(crate) account: String,
    /// The role's name.
    pub(crate) role: String,
}

fn list(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(8);
    names.truncate(8);
    let end = if more > 0 {
        format!(", and {more} more")
    } else {
        String::new()
    };
    names.join(", ") + &end
}

fn sessions_hint(config: &Config) -> String {
    match config.sso_sessions.is_empty() {
        true => "`awsbadge configure` writes one.".to_owned(),
        false => format!(
            "Sessions: {}.",
            list(config.sso_sessions.iter().map(|s| safe_name(&s.name)))
        ),
    }
}

/// The session of that name.
///
/// # Errors
/// `no-such-session`, or what is wrong with its section.
pub(crate) fn by_name(config: &Config, name: &str) -> Result<Session, Failure> {
    let Some(section) = config.sso_session(name) else {
        return Err(Failure::new(
            Word::NoSuchSession,
            format!("there is no sso-session '{}'", safe_name(name)),
            sessions_hint(config),
        ));
    };
    Session::new(
        Some(&section.name),
        section.text("sso_start_url"),
        section.text("sso_region"),
        section.text("sso_registration_scopes"),
        &format!("[sso-session {}]", safe_name(name)),
    )
}

fn profile<'a>(config: &'a Config, name: &str) -> Result<&'a Section, Failure> {
    config.profile(name).ok_or_else(|| {
        let names = config.profiles.iter().map(|p| safe_name(&p.name));
        Failure::new(
            Word::NoSuchProfile,
            format!("there is no profile '{}'", safe_name(name)),
            match config.profiles.is_empty() {
                true => "`awsbadge configure` writes one.".to_owned(),
                false => format!("Profiles: {}.", list(names)),
            },
        )
    })
}

/// The login of one profile, if it has one itself.
fn own_login(config: &Config, section: &Section) -> Option<Result<Session, Failure>> {
    let name = safe_name(&section.name);
    if let Some(session) = section.text("sso_session") {
        let found = by_name(config, session).map_err(|mut failure| {
            failure.message = format!("the profile {name}: {}", failure.message);
            failure
        });
        let contradicts =
            |key: &str, value: &str| section.text(key).is_some_and(|own| own != value);
        return Some(found.and_then(|session| {
            for (key, value) in [
                ("sso_start_url", &session.start_url),
                ("sso_region", &session.region),
            ] {
                if contradicts(key, value) {
                    return Err(Failure::new(
                        Word::BadConfig,
                        format!("{key} of the profile {name} is not that of its sso-session"),
                        format!("Remove {key} from the profile: the session has it."),
                    ));
                }
            }
            Ok(session)
        }));
    }
    section.text("sso_start_url").map(|start_url| {
        Session::new(
            None,
            Some(start_url),
            section.text("sso_region"),
            None,
            &format!("the profile {name}"),
        )
    })
}

/// The login that a profile rests on: its own, or that of the profile whose credentials it uses.
///
/// # Errors
/// `no-such-profile`, `not-sso`, or what is wrong with the sections.
pub(crate) fn by_profile(config: &Config, name: &str) -> Result<Session, Failure> {
    let mut section = profile(config, name)?;
    let mut seen = vec![section.name.as_str()];
    loop {
        if let Some(login) = own_login(config, section) {
            return login;
        }
        let source = section
            .text("source_profile")
            .map(|source| profile(config, source));
        match source {
            Some(source) if !seen.contains(&source.as_ref().map_or("", |s| s.name.as_str())) => {
                section = source?;
                seen.push(&section.name);
            }
            _ => {
                return Err(Failure::new(
                    Word::NotSso,
                    format!(
                        "the profile '{}' does not use IAM Identity Center",
                        safe_name(name)
                    ),
                    sessions_hint(config),
                ));
            }
        }
    }
}

/// The login, account and role of a profile.
///
/// # Errors
/// As [`by_profile`]; a profile that only uses another one's login has no role of its own at the portal.
pub(crate) fn role_of(config: &Config, name: &str) -> Result<(Session, Role), Failure> {
    let section = profile(config, name)?;
    let shown = safe_name(name);
    let Some(login) = own_login(config, section) else {
        return Err(Failure::new(
            Word::NotSso,
            format!("the profile '{shown}' has no sso_session and no sso_start_url"),
            "Name a profile that has one.",
        ));
    };
    let text = |key: &str| {
        section.text(key).map(str::to_owned).ok_or_else(|| {
            Failure::new(
                Word::BadConfig,
                format!("the profile {shown} has no {key}"),
                format!("Add {key} to it in the config file."),
            )
        })
    };
    let (account, role) = (text("sso_account_id")?, text("sso_role_name")?);
    Ok((login?, Role { account, role }))
}

/// The session that a command means: the one that is named, by itself or by a profile; else that of the active
/// profile; else the only one there is.
///
/// # Errors
/// As [`by_name`] and [`by_profile`]; `ambiguous-session` if nothing decides.
pub(crate) fn chosen(
    config: &Config,
    vars: &Vars,
    named: Option<&str>,
    profile_named: Option<&str>,
) -> Result<Session, Failure> {
    if let Some(name) = profile_named {
        return by_profile(config, name);
    }
    if let Some(name) = named {
        let is_profile = config.sso_session(name).is_none() && config.profile(name).is_some();
        return match is_profile {
            true => by_profile(config, name),
            false => by_name(config, name),
        };
    }
    let of_active = active(vars).map(|name| by_profile(config, &name));
    match of_active {
        Some(Err(failure)) if failure.word != Word::NotSso => return Err(failure),
        Some(Ok(session)) => return Ok(session),
        _ => {}
    }
    let mut all = all(config);
    match (all.len(), all.pop()) {
        (1, Some((_, session))) => session,
        (0, _) | (_, None) => Err(Failure::new(
            Word::NoSuchSession,
            "there is no sso-session in the config file",
            "`awsbadge configure` writes one.",
        )),
        (_, Some(last)) => {
            all.push(last);
            Err(Failure::new(
                Word::AmbiguousSession,
                "there are several sessions, and none was named",
                format!(
                    "Name one: {}.",
                    list(all.into_iter().map(|(name, _)| safe_name(&name)))
                ),
            ))
        }
    }
}

/// The active profile of an environment.
pub(crate) fn active(vars: &Vars) -> Option<String> {
    let named = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
        .into_iter()
        .find_map(|variable| vars.text(variable));
    named.map(std::borrow::Cow::into_owned)
}

/// Every session of the config file, and every start URL that a profile has of its own, with the key of each.
pub(crate) fn all(config: &Config) -> Vec<(String, Result<Session, Failure>)> {
    let mut found: Vec<(String, Result<Session, Failure>)> = config
        .sso_sessions
        .iter()
        .map(|section| (section.name.clone(), by_name(config, &section.name)))
        .collect();
    for section in &config.profiles {
        if section.text("sso_session").is_none()
            && let Some(url) = section.text("sso_start_url")
            && !found.iter().any(|(key, _)| key == url)
            && let Some(session) = own_login(config, section)
        {
            found.push((url.to_owned(), session));
        }
    }
    found
}

/// The roles that the profiles of a session name.
pub(crate) fn roles_of(config: &Config, session: &Session) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for section in &config.profiles {
        let key = section
            .text("sso_session")
            .or_else(|| section.text("sso_start_url"));
        let role = || {
            Some(Role {
                account: section.text("sso_account_id")?.to_owned(),
                role: section.text("sso_role_name")?.to_owned(),
            })
        };
        if key == Some(session.key.as_str())
            && let Some(role) = role()
            && !roles.contains(&role)
        {
            roles.push(role);
        }
    }
    roles
}

/// The first profile that is this role of a session's.
pub(crate) fn profile_of<'a>(
    config: &'a Config,
    session: &Session,
    account: &str,
    role: &str,
) -> Option<&'a str> {
    let found = config.profiles.iter().find(|section| {
        is_of(section, session)
            && section.text("sso_account_id") == Some(account)
            && section.text("sso_role_name") == Some(role)
    });
    found.map(|section| section.name.as_str())
}

/// Whether a profile logs in to the session: by its name, or by the start URL in the older form.
pub(crate) fn is_of(section: &Section, session: &Session) -> bool {
    match section.text("sso_session") {
        Some(name) => Some(name) == session.name.as_deref(),
        None => section.text("sso_start_url") == Some(session.start_url.as_str()),
    }
}

/// The profile whose keys say how services are called: the one that is named, else the active one, else
/// `default`. The AWS CLI uses it even if a session is named.
pub(crate) fn calling_profile<'a>(
    config: &'a Config,
    vars: &Vars,
    named: Option<&str>,
) -> Option<&'a Section> {
    let name = named.map(str::to_owned).or_else(|| active(vars));
    config.profile(name.as_deref().unwrap_or("default"))
}

/// The rules of endpoints for a command.
pub(crate) fn rules(config: &Config, vars: &Vars, named: Option<&str>) -> Rules {
    Rules::read(vars, config, calling_profile(config, vars, named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::config_of;

    const CONFIG: &str = "\
[sso-session a]
sso_start_url = https://a.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access, x ,
[sso-session b]
sso_start_url = https://b.awsapps.com/start
sso_region = us-east-1
[sso-session norg]
sso_start_url = https://n.awsapps.com/start
[sso-session bad]
sso_start_url = https://n.awsapps.com/start
sso_region = eu-west-1.evil.example
[profile dev]
sso_session = a
sso_account_id = 1
sso_role_name = R
[profile dev2]
sso_session = a
sso_account_id = 1
sso_role_name = R
[profile old]
sso_start_url = https://old.awsapps.com/start#/
sso_region = eu-west-1
sso_account_id = 2
sso_role_name = S
[profile chain]
role_arn = arn:aws:iam::1:role/x
source_profile = dev
[profile loop]
role_arn = arn:aws:iam::1:role/x
source_profile = loop
[profile keys]
aws_access_key_id = A
[profile lost]
sso_session = gone
[profile contra]
sso_session = a
sso_region = us-east-1
[profile norole]
sso_session = a
sso_account_id = 1
";

    fn said(result: Result<Session, Failure>) -> String {
        match result {
            Ok(session) => session.key,
            Err(failure) => failure.word.name().to_owned(),
        }
    }

    #[test]
    fn a_profile_leads_to_its_login() {
        let config = config_of(CONFIG);
        for (name, want) in [
            ("dev", "a"),
            ("old", "https://old.awsapps.com/start#/"),
            ("chain", "a"),
            ("loop", "not-sso"),
            ("keys", "not-sso"),
            ("lost", "no-such-session"),
            ("contra", "bad-config"),
            ("nobody", "no-such-profile"),
        ] {
            assert_eq!(said(by_profile(&config, name)), want, "{name}");
        }
    }

    #[test]
    fn a_session_has_all_its_values_or_says_what_is_missing() {
        let config = config_of(CONFIG);
        let session = by_name(&config, "a").unwrap();
        assert_eq!(session.scopes, ["sso:account:access", "x"]);
        assert_eq!(session.region, "eu-west-1");
        let plain = by_name(&config, "b").unwrap();
        assert_eq!(plain.scopes_or_default(), ["sso:account:access"]);
        for (name, want) in [
            ("norg", "bad-config"),
            ("bad", "bad-region"),
            ("c", "no-such-session"),
        ] {
            assert_eq!(said(by_name(&config, name)), want, "{name}");
        }
    }

    #[test]
    fn the_session_is_the_named_one_else_the_active_profiles_else_the_only_one() {
        let config = config_of(CONFIG);
        let one = config_of(
            "[sso-session x]\nsso_start_url = https://x.awsapps.com\nsso_region = eu-west-1\n[profile keys]\naws_access_key_id = A",
        );
        let none = config_of("");
        for (config, active, named, profile, want) in [
            (&config, None, Some("b"), None, "b"),
            (&config, None, Some("dev"), None, "a"),
            (&config, None, Some("nobody"), None, "no-such-session"),
            (
                &config,
                None,
                None,
                Some("old"),
                "https://old.awsapps.com/start#/",
            ),
            (&config, Some("chain"), None, None, "a"),
            (&config, Some("chain"), Some("b"), None, "b"),
            (&config, Some("nobody"), None, None, "no-such-profile"),
            (&config, Some("keys"), None, None, "ambiguous-session"),
            (&config, None, None, None, "ambiguous-session"),
            (&one, None, None, None, "x"),
            (&one, Some("keys"), None, None, "x"),
            (&none, None, None, None, "no-such-session"),
        ] {
            let vars = Vars::from_iter(active.map(|name| ("AWS_PROFILE", name)));
            assert_eq!(said(chosen(config, &vars, named, profile)), want);
        }
    }

    #[test]
    fn all_sessions_are_listed_once() {
        let config = config_of(CONFIG);
        let keys: Vec<String> = all(&config).into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            ["a", "b", "norg", "bad", "https://old.awsapps.com/start#/"]
        );
    }

    #[test]
    fn roles_are_those_of_the_sessions_profiles() {
        let config = config_of(CONFIG);
        let session = by_name(&config, "a").unwrap();
        let role = Role {
            account: "1".into(),
            role: "R".into(),
        };
        assert_eq!(roles_of(&config, &session), std::slice::from_ref(&role));
        assert_eq!(role_of(&config, "dev").unwrap().1, role);
        let word = |name: &str| role_of(&config, name).unwrap_err().word;
        assert_eq!(word("chain"), Word::NotSso);
        assert_eq!(word("norole"), Word::BadConfig);
    }

    #[test]
    fn a_start_url_is_called_only_if_it_is_safe() {
        let mut session = by_name(&config_of(CONFIG), "a").unwrap();
        for (url, good) in [
            ("https://a.awsapps.com/start#/", true),
            ("http://127.0.0.1:1/start", true),
            ("http://a.awsapps.com/start", false),
            ("a.awsapps.com/start", false),
            ("javascript:alert(1)", false),
        ] {
            session.start_url = url.into();
            let word = session.start_address().map_err(|f| f.word);
            assert_eq!(word.is_ok(), good, "{url}");
            assert!(word.is_ok() || word == Err(Word::BadStartUrl));
        }
    }
}
