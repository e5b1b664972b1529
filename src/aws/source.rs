//! Where one profile's credentials come from, by the order in which the AWS CLI looks, leniently read.
//!
//! The order is botocore's: assume-role, web identity, SSO, keys in the credentials file, `aws login`,
//! `credential_process`, keys in the config file (`create_credential_resolver` in its `credentials.py`).

use super::grammar::{FileKind, Section, SectionKind};
use super::life::{Life, Manager, Puzzle};
use super::time::{self, Epoch, Written};

/// A source of credentials, under the name that `aws configure list` prints for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Keys in the environment.
    Env,
    /// `role_arn`, with `source_profile` or `credential_source`.
    AssumeRole,
    /// `web_identity_token_file`.
    WebIdentity,
    /// IAM Identity Center.
    Sso,
    /// Keys in the credentials file.
    SharedCredentialsFile,
    /// An `aws login` session.
    Login,
    /// `credential_process`.
    Process,
    /// Keys in the config file.
    ConfigFile,
    /// The file that `AWS_CREDENTIAL_FILE` names, of the EC2 tools that came before the AWS CLI.
    Ec2File,
    /// boto's own file, of the Python library that came before boto3.
    BotoConfig,
    /// A container's endpoint.
    Container,
    /// The instance's role.
    Instance,
    /// Nothing.
    None,
}

impl Method {
    /// botocore's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::AssumeRole => "assume-role",
            Self::WebIdentity => "assume-role-with-web-identity",
            Self::Sso => "sso",
            Self::SharedCredentialsFile => "shared-credentials-file",
            Self::Login => "login",
            Self::Process => "custom-process",
            Self::ConfigFile => "config-file",
            Self::Ec2File => "ec2-credentials-file",
            Self::BotoConfig => "boto-config",
            Self::Container => "container-role",
            Self::Instance => "iam-role",
            Self::None => "none",
        }
    }
}

/// The IAM Identity Center login that a profile uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sso {
    /// The `[sso-session]`'s name; `None` for a legacy profile.
    pub session: Option<String>,
    /// The portal.
    pub start_url: Option<String>,
    /// The region of the portal: never the region of the calls.
    pub region: Option<String>,
    /// `sso_account_id`.
    pub account_id: Option<String>,
    /// `sso_role_name`.
    pub role_name: Option<String>,
}

impl Sso {
    /// What the token file is named after: the session, or the legacy start URL as written.
    #[must_use]
    pub fn token_key(&self) -> Option<&str> {
        self.session.as_deref().or(self.start_url.as_deref())
    }
}

/// The last thing in a chain: what everything else is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// An SSO login; its token says how long.
    Sso(Sso),
    /// An `aws login` session, by the value of `login_session`.
    Login(String),
    /// Everything that needs no token file.
    Known(Life),
}

/// One profile on the way from the active one to the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The profile.
    pub profile: String,
    /// How it gets its credentials.
    pub method: Method,
    /// The role that it assumes.
    pub role_arn: Option<String>,
}

/// Where a profile's credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The profile itself first, the base last; never empty.
    pub links: Vec<Link>,
    /// What the last link stands on.
    pub base: Base,
}

impl Origin {
    /// How the profile itself gets its credentials.
    #[must_use]
    pub fn method(&self) -> Method {
        self.links.first().map_or(Method::None, |l| l.method)
    }

    /// The account of the profile, as far as its configuration names one: of its role, or of its SSO login.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        let role = self.links.first().and_then(|l| l.role_arn.as_deref());
        match (role, &self.base) {
            (Some(arn), _) => arn_account(arn),
            (None, Base::Sso(sso)) => sso.account_id.as_deref(),
            (None, Base::Login(arn)) => arn_account(arn),
            (None, Base::Known(_)) => None,
        }
    }

    /// The role's name, likewise.
    #[must_use]
    pub fn role_name(&self) -> Option<&str> {
        let role = self.links.first().and_then(|l| l.role_arn.as_deref());
        match (role, &self.base) {
            (Some(arn), _) => arn.rsplit_once('/').map(|(_, name)| name),
            (None, Base::Sso(sso)) => sso.role_name.as_deref(),
            (None, _) => None,
        }
    }
}

/// The account in an ARN: its fifth field.
fn arn_account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// A chain longer than this is a mistake: the badge does not follow it.
const LONGEST_CHAIN: usize = 32;

/// What a walk needs from outside.
pub struct World<'a> {
    /// Finds a section of the merged files.
    pub section: &'a dyn Fn(SectionKind, &str) -> Option<Section>,
    /// Turns a wall clock of the local zone (given as if it were UTC) into the moment that it means.
    pub local: &'a dyn Fn(Epoch) -> Epoch,
}

/// Follows `profile` to its base.
#[must_use]
pub fn origin(profile: &Section, world: &World<'_>) -> Origin {
    let mut links: Vec<Link> = Vec::new();
    let mut here = profile.clone();
    loop {
        let as_source = !links.is_empty();
        let (method, step) = step(&here, as_source, world);
        let role_arn = matches!(method, Method::AssumeRole | Method::WebIdentity)
            .then(|| here.text("role_arn").map(str::to_owned))
            .flatten();
        links.push(Link {
            profile: here.name.clone(),
            method,
            role_arn,
        });
        let source = match step {
            Step::Base(base) => return Origin { links, base },
            Step::Source(source) => source,
        };
        let puzzled = |links| Origin {
            links,
            base: Base::Known(Life::Unknown(Puzzle::Config)),
        };
        // A profile may name itself as its source only where it has a static key: that puts its role aside.
        let again = links.iter().any(|l| l.profile == source)
            && !(source == here.name && has_a_key(&here) && links.len() == 1);
        if again || links.len() >= LONGEST_CHAIN {
            return puzzled(links);
        }
        match (world.section)(SectionKind::Profile, &source) {
            Some(next) => here = next,
            None => return puzzled(links),
        }
    }
}

enum Step {
    Base(Base),
    Source(String),
}

fn step(p: &Section, as_source: bool, world: &World<'_>) -> (Method, Step) {
    let known = |life| Step::Base(Base::Known(life));
    let web_identity = p.text("web_identity_token_file").is_some();
    // Reached as somebody's source, a profile with any static key is asked for what it has beside its role.
    if p.text("role_arn").is_some() && !web_identity && !(as_source && has_a_key(p)) {
        let step = match (p.text("source_profile"), p.text("credential_source")) {
            (Some(source), None) => Step::Source(source.to_owned()),
            (None, Some("Environment")) => known(Life::Managed(Manager::Temporary)),
            (None, Some("Ec2InstanceMetadata")) => known(Life::Managed(Manager::Instance)),
            (None, Some("EcsContainer")) => known(Life::Managed(Manager::Container)),
            _ => known(Life::Unknown(Puzzle::Config)),
        };
        return (Method::AssumeRole, step);
    }
    if web_identity && p.text("role_arn").is_some() {
        return (
            Method::WebIdentity,
            known(Life::Managed(Manager::WebIdentity)),
        );
    }
    if p.text("sso_session").is_some()
        || p.text("sso_start_url").is_some()
        || p.text("sso_account_id").is_some()
    {
        return (Method::Sso, Step::Base(sso(p, world)));
    }
    let keys_in = |file| {
        p.get("aws_access_key_id")
            .is_some_and(|v| v.file == file && !v.text.is_empty())
    };
    if keys_in(FileKind::Credentials) {
        return (
            Method::SharedCredentialsFile,
            known(profile_keys_life(p, world)),
        );
    }
    if let Some(session) = p.text("login_session") {
        return (Method::Login, Step::Base(Base::Login(session.to_owned())));
    }
    if p.text("credential_process").is_some() {
        return (Method::Process, known(Life::Managed(Manager::Process)));
    }
    if keys_in(FileKind::Config) {
        return (Method::ConfigFile, known(profile_keys_life(p, world)));
    }
    (Method::None, known(Life::Unknown(Puzzle::NoSource)))
}

/// Whether a profile names any source of credentials.
#[must_use]
pub fn has_source(p: &Section) -> bool {
    let world = World {
        section: &|_, _| None,
        local: &|wall| wall,
    };
    step(p, false, &world).0 != Method::None
}

fn has_a_key(p: &Section) -> bool {
    p.text("aws_access_key_id").is_some() || p.text("aws_secret_access_key").is_some()
}

fn has_keys(p: &Section) -> bool {
    p.text("aws_access_key_id").is_some() && p.text("aws_secret_access_key").is_some()
}

fn sso(p: &Section, world: &World<'_>) -> Base {
    let own = |key: &str| p.text(key).map(str::to_owned);
    let mut sso = Sso {
        session: own("sso_session"),
        start_url: own("sso_start_url"),
        region: own("sso_region"),
        account_id: own("sso_account_id"),
        role_name: own("sso_role_name"),
    };
    if let Some(session) = &sso.session {
        let Some(found) = (world.section)(SectionKind::SsoSession, session) else {
            return Base::Known(Life::Unknown(Puzzle::Config));
        };
        let of_session = |key: &str| found.text(key).map(str::to_owned);
        let (start_url, region) = (of_session("sso_start_url"), of_session("sso_region"));
        // botocore stops at a profile that repeats the session's values differently.
        let contradicts =
            |own: &Option<String>, theirs: &Option<String>| own.is_some() && own != theirs;
        if contradicts(&sso.start_url, &start_url) || contradicts(&sso.region, &region) {
            return Base::Known(Life::Unknown(Puzzle::Config));
        }
        (sso.start_url, sso.region) = (start_url, region);
    }
    match sso.token_key() {
        Some(_) => Base::Sso(sso),
        None => Base::Known(Life::Unknown(Puzzle::Config)),
    }
}

/// Keys in a file: other tools leave their end beside them, saml2aws as `x_security_token_expires` (with its
/// zone), awsume as `expiration` (local, without one).
fn profile_keys_life(p: &Section, world: &World<'_>) -> Life {
    if !has_keys(p) {
        return Life::Unknown(Puzzle::Config);
    }
    let ends = p
        .text("x_security_token_expires")
        .or_else(|| p.text("expiration"));
    let temporary = p.text("aws_session_token").is_some() || p.text("aws_security_token").is_some();
    keys_life(ends, temporary, world.local)
}

/// The life of keys, wherever they stand. `ends` is the date that somebody left beside them.
#[must_use]
pub fn keys_life(ends: Option<&str>, temporary: bool, local: &dyn Fn(Epoch) -> Epoch) -> Life {
    match (ends.map(time::parse), temporary) {
        (Some(Some(Written::At(at))), _) => Life::Until {
            at,
            renewable_until: None,
        },
        (Some(Some(Written::NoZone(wall))), _) => Life::Until {
            at: local(wall),
            renewable_until: None,
        },
        (Some(None), _) => Life::Unknown(Puzzle::Date),
        (None, true) => Life::Managed(Manager::Temporary),
        (None, false) => Life::Forever,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::grammar::Value;

    fn profile(name: &str, keys: &[(&str, &str)]) -> Section {
        let value = |text: &str, file| Value {
            text: text.into(),
            file,
            line: 1,
        };
        Section {
            kind: SectionKind::Profile,
            name: name.into(),
            file: FileKind::Config,
            line: 1,
            keys: keys
                .iter()
                .map(|(k, v)| match k.strip_prefix("cred:") {
                    Some(k) => (k.to_owned(), value(v, FileKind::Credentials)),
                    None => ((*k).to_owned(), value(v, FileKind::Config)),
                })
                .collect(),
        }
    }

    fn walk(sections: &[Section], start: &str) -> Origin {
        let find = |kind, name: &str| {
            sections
                .iter()
                .find(|s| s.kind == kind && s.name == name)
                .cloned()
        };
        let start = find(SectionKind::Profile, start).unwrap();
        origin(
            &start,
            &World {
                section: &find,
                local: &|wall| Epoch(wall.0 - 3600),
            },
        )
    }

    const KEYS: [(&str, &str); 2] = [("aws_access_key_id", "A"), ("aws_secret_access_key", "S")];
    const CRED_KEYS: [(&str, &str); 2] = [
        ("cred:aws_access_key_id", "A"),
        ("cred:aws_secret_access_key", "S"),
    ];
    const SSO: [(&str, &str); 4] = [
        ("sso_start_url", "https://x"),
        ("sso_region", "eu-west-1"),
        ("sso_account_id", "1"),
        ("sso_role_name", "R"),
    ];

    #[test]
    fn one_profile_with_several_sources_uses_the_one_that_the_aws_cli_takes() {
        let role = [
            ("role_arn", "arn:aws:iam::12:role/X"),
            ("credential_source", "Environment"),
        ];
        let web = [
            ("role_arn", "arn:aws:iam::12:role/X"),
            ("web_identity_token_file", "/t"),
        ];
        let process = [("credential_process", "p")];
        let login = [("login_session", "arn:aws:iam::34:user/U")];
        let order: [(&[(&str, &str)], Method); 7] = [
            (&role, Method::AssumeRole),
            (&web, Method::WebIdentity),
            (&SSO, Method::Sso),
            (&CRED_KEYS, Method::SharedCredentialsFile),
            (&login, Method::Login),
            (&process, Method::Process),
            (&KEYS, Method::ConfigFile),
        ];
        for (i, (keys, method)) in order.iter().enumerate() {
            assert_eq!(walk(&[profile("p", keys)], "p").method(), *method, "alone");
            for (later, other) in &order[i + 1..] {
                if (*method, *other) == (Method::AssumeRole, Method::WebIdentity) {
                    continue; // A web identity file turns the role into a web identity role.
                }
                let both = [*later, *keys].concat();
                // The credentials file's keys win over the same keys of the config file.
                let both: Vec<_> = both
                    .into_iter()
                    .filter(|(k, _)| {
                        !(*method == Method::SharedCredentialsFile
                            && KEYS.iter().any(|(o, _)| o == k))
                    })
                    .collect();
                assert_eq!(
                    walk(&[profile("p", &both)], "p").method(),
                    *method,
                    "{method:?} before {other:?}"
                );
            }
        }
    }

    #[test]
    fn a_role_chain_ends_in_its_base() {
        let sections = [
            profile(
                "top",
                &[
                    ("role_arn", "arn:aws:iam::111:role/path/Top"),
                    ("source_profile", "mid"),
                ],
            ),
            profile(
                "mid",
                &[
                    ("role_arn", "arn:aws:iam::222:role/Mid"),
                    ("source_profile", "base"),
                ],
            ),
            profile("base", &SSO),
        ];
        let origin = walk(&sections, "top");
        let names: Vec<_> = origin
            .links
            .iter()
            .map(|l| (l.profile.as_str(), l.method))
            .collect();
        assert_eq!(
            names,
            [
                ("top", Method::AssumeRole),
                ("mid", Method::AssumeRole),
                ("base", Method::Sso)
            ]
        );
        assert!(matches!(&origin.base, Base::Sso(sso) if sso.token_key() == Some("https://x")));
        assert_eq!(
            (origin.account_id(), origin.role_name()),
            (Some("111"), Some("Top"))
        );
    }

    #[test]
    fn what_runs_in_a_circle_or_leads_nowhere_is_a_puzzle() {
        let role = |name: &str, source: &str| {
            profile(
                name,
                &[
                    ("role_arn", "arn:aws:iam::1:role/R"),
                    ("source_profile", source),
                ],
            )
        };
        let puzzle = Base::Known(Life::Unknown(Puzzle::Config));
        assert_eq!(
            walk(&[role("a", "a")], "a").base,
            puzzle,
            "itself, without keys"
        );
        assert_eq!(
            walk(&[role("a", "b"), role("b", "a")], "a").base,
            puzzle,
            "two in a circle"
        );
        assert_eq!(
            walk(&[role("a", "gone")], "a").base,
            puzzle,
            "a source that is not there"
        );
        let long: Vec<_> = (0..10_000)
            .map(|i| role(&i.to_string(), &(i + 1).to_string()))
            .collect();
        assert_eq!(walk(&long, "0").base, puzzle, "ten thousand links");
        assert_eq!(
            walk(&[profile("a", &[("role_arn", "r")])], "a").base,
            puzzle,
            "a role with no source"
        );
        let both = [
            ("role_arn", "r"),
            ("source_profile", "b"),
            ("credential_source", "Environment"),
        ];
        assert_eq!(
            walk(&[profile("a", &both)], "a").base,
            puzzle,
            "two sources"
        );
        assert_eq!(
            walk(
                &[profile(
                    "a",
                    &[("sso_session", "gone"), ("sso_account_id", "1")]
                )],
                "a"
            )
            .base,
            puzzle,
            "no such session"
        );
        assert_eq!(
            walk(&[profile("a", &[])], "a").base,
            Base::Known(Life::Unknown(Puzzle::NoSource))
        );
        assert_eq!(
            walk(&[profile("a", &KEYS[..1])], "a").base,
            puzzle,
            "half a pair of keys"
        );
    }

    #[test]
    fn a_profile_may_be_its_own_source_where_it_has_keys() {
        let keys = [
            KEYS.as_slice(),
            &[
                ("role_arn", "arn:aws:iam::1:role/R"),
                ("source_profile", "a"),
            ],
        ]
        .concat();
        let origin = walk(&[profile("a", &keys)], "a");
        assert_eq!(
            origin.links.iter().map(|l| l.method).collect::<Vec<_>>(),
            [Method::AssumeRole, Method::ConfigFile]
        );
        assert_eq!(origin.base, Base::Known(Life::Forever));
    }

    #[test]
    fn a_session_gives_its_values_and_may_not_be_contradicted() {
        let mut session = profile(
            "s",
            &[("sso_start_url", "https://s"), ("sso_region", "eu-west-1")],
        );
        session.kind = SectionKind::SsoSession;
        let with = |more: &[(&str, &str)]| {
            let keys = [
                &[
                    ("sso_session", "s"),
                    ("sso_account_id", "1"),
                    ("sso_role_name", "R"),
                ],
                more,
            ]
            .concat();
            walk(&[session.clone(), profile("p", &keys)], "p").base
        };
        for more in [&[] as &[_], &[("sso_region", "eu-west-1")]] {
            assert!(
                matches!(with(more), Base::Sso(sso) if sso.token_key() == Some("s") && sso.start_url.as_deref() == Some("https://s"))
            );
        }
        assert_eq!(
            with(&[("sso_region", "us-east-1")]),
            Base::Known(Life::Unknown(Puzzle::Config))
        );
    }

    #[test]
    fn keys_end_when_the_date_beside_them_says() {
        let local = |wall: Epoch| Epoch(wall.0 - 3600);
        let at = |s| Life::Until {
            at: Epoch(s),
            renewable_until: None,
        };
        for (ends, temporary, life) in [
            (None, false, Life::Forever),
            (None, true, Life::Managed(Manager::Temporary)),
            (Some("2026-01-01T00:00:00Z"), true, at(1_767_225_600)),
            (Some("2026-01-01 00:00:00"), true, at(1_767_225_600 - 3600)),
            (Some("soon"), true, Life::Unknown(Puzzle::Date)),
        ] {
            assert_eq!(keys_life(ends, temporary, &local), life, "{ends:?}");
        }
    }
}
