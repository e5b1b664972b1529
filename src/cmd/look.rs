//! Looks at AWS's files for whoever asks: which identity, on what it stands, until when, and which paths that
//! answer depends on.

use crate::aws::env_vars;
use crate::aws::grammar::{self, Section, SectionKind};
use crate::aws::life::{Life, Manager, Puzzle};
use crate::aws::place::{Places, Reading};
use crate::aws::select::{self, Chosen, EnvKeys, Selection, Winner};
use crate::aws::source::{self, Base, Method, Origin, World};
use crate::aws::token::{self, NoToken, SsoToken};
use crate::aws::{Env, Epoch, cache};
use crate::badge::settings::{Complaint, Show, ShowRegion};
use crate::badge::{Class, Settings, Subject, What, Who};
use crate::host::files::{self, CACHE_CAP, CONFIG_CAP, Read};
use crate::host::watch::WatchList;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One of AWS's two files, as text.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Where it is looked for.
    pub(super) path: Option<PathBuf>,
    /// What stands in it; empty where it is absent or unusable. Bytes that are not UTF-8 are U+FFFD.
    pub(super) text: String,
    /// Why it can't be used, where it is there.
    pub(super) trouble: Option<String>,
}

impl Text {
    fn read(path: Option<&Path>, seen: &WatchList) -> Self {
        let Some(path) = path else {
            return Self::default();
        };
        let (text, trouble) = match seen.read(path, CONFIG_CAP) {
            Read::Bytes(bytes) => {
                let text = String::from_utf8(bytes)
                    .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
                (text, None)
            }
            Read::Absent => (String::new(), None),
            Read::Unusable(why) => (String::new(), Some(why)),
        };
        Self {
            path: Some(path.to_owned()),
            text,
            trouble,
        }
    }
}

/// An environment, its settings, and AWS's files as they were read.
#[derive(Debug)]
pub(super) struct Look<'a> {
    /// The environment.
    pub(super) vars: &'a Env,
    /// The moment of looking.
    pub(super) now: Epoch,
    /// Where the files lie.
    pub(super) places: Places,
    /// The config file.
    pub(super) config: Text,
    /// The credentials file.
    pub(super) credentials: Text,
    /// What was looked at.
    pub(super) seen: WatchList,
}

/// Reads the user's settings, and what in them can't be used.
pub(super) fn settings(vars: &Env, seen: &WatchList) -> (Settings, Vec<Complaint>) {
    let path = crate::host::config_folder(vars).map(|folder| folder.join("config.ini"));
    let text = match path.map(|path| seen.read(&path, CACHE_CAP)) {
        Some(Read::Bytes(bytes)) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        _ => None,
    };
    Settings::read(text.as_deref(), vars)
}

/// A profile with everything that its files say.
#[derive(Debug)]
pub(super) struct View {
    /// The merged section.
    pub(super) section: Section,
    /// Where its credentials come from.
    pub(super) origin: Origin,
    /// Until when.
    pub(super) life: Life,
    /// The token file that its login stands in, where it has one.
    pub(super) token_file: Option<PathBuf>,
}

impl<'a> Look<'a> {
    /// Reads AWS's two files.
    pub(super) fn new(vars: &'a Env, now: Epoch, seen: WatchList) -> Self {
        let places = Places::read_with(vars, Reading::BOTOCORE, &crate::host::home_of);
        for name in &places.depends_on {
            seen.var(name);
        }
        let config = Text::read(places.config.as_deref(), &seen);
        let credentials = Text::read(places.credentials.as_deref(), &seen);
        Self {
            vars,
            now,
            places,
            config,
            credentials,
            seen,
        }
    }

    /// One section of the two files, leniently read.
    pub(super) fn section(&self, kind: SectionKind, name: &str) -> Option<Section> {
        grammar::find(&self.config.text, &self.credentials.text, &[(kind, name)])
            .pop()
            .flatten()
    }

    /// Whether one of the two files is there and can't be used: then a profile that was not found may exist.
    pub(super) fn troubled(&self) -> bool {
        self.config.trouble.is_some() || self.credentials.trouble.is_some()
    }

    /// The view of a profile that was found.
    pub(super) fn whole(&self, section: Section) -> View {
        self.view(section, &|kind, name| self.section(kind, name))
    }

    /// Follows a profile to its base and reads the token there.
    pub(super) fn view(&self, section: Section, find: Find<'_>) -> View {
        let origin = source::origin(
            &section,
            &World {
                section: find,
                local: &|wall| self.local(wall),
            },
        );
        let (mut life, token_file) = self.life(&origin.base);
        // A file that can't be read may say otherwise; the AWS CLI stops at it.
        if self.troubled() {
            life = Life::Unknown(Puzzle::File);
        }
        View {
            section,
            origin,
            life,
            token_file,
        }
    }

    /// Reads the token of a base; its file too, where it has one.
    pub(super) fn life(&self, base: &Base) -> (Life, Option<PathBuf>) {
        let path = match base {
            Base::Known(life) => return (*life, None),
            Base::Sso(sso) => {
                let key = sso.token_key().unwrap_or_default();
                self.places
                    .home
                    .as_deref()
                    .map(|home| cache::sso_token(home, key))
            }
            Base::Login(session) => self
                .places
                .login_cache(self.vars)
                .map(|folder| cache::login_token(&folder, session)),
        };
        let Some(path) = path else {
            return (Life::Missing, None);
        };
        let life = match base {
            Base::Sso(sso) => self.token(&path, |json| {
                token::read_sso(json).map(|t: SsoToken| token::sso_life(&t, sso.session.is_some()))
            }),
            _ => self.token(&path, token::login_life),
        };
        (life, Some(path))
    }

    /// Reads a token file, a second time where it was caught half-written: most tools write it in place.
    fn token(&self, path: &Path, read: impl Fn(&[u8]) -> Result<Life, NoToken>) -> Life {
        for again in [false, true] {
            if again {
                crate::host::pause(Duration::from_millis(2));
            }
            let result = match self.seen.read(path, CACHE_CAP) {
                Read::Absent => return Life::Missing,
                Read::Unusable(_) => return Life::Unknown(Puzzle::File),
                Read::Bytes(bytes) => read(&bytes),
            };
            match result {
                Ok(life) => return life,
                Err(NoToken::NotALogin) => return Life::Missing,
                Err(NoToken::Broken { .. }) => {}
            }
        }
        match files::changed(path).is_some_and(|at| self.now.since(at).0.abs() <= 10) {
            true => Life::Unknown(Puzzle::HalfWritten),
            false => Life::Unknown(Puzzle::File),
        }
    }

    /// The life of keys in the environment.
    pub(super) fn env_keys(&self, keys: &EnvKeys) -> Life {
        match keys.partial {
            true => Life::Unknown(Puzzle::Config),
            false => source::keys_life(keys.ends.as_deref(), keys.temporary, &|wall| {
                self.local(wall)
            }),
        }
    }

    /// A wall clock of the local time zone, which the answer then depends on.
    fn local(&self, wall: Epoch) -> Epoch {
        self.seen.var(env_vars::TZ.name);
        crate::host::local(wall)
    }

    /// The identity in force; `None` where no variable names one and, with `always`, no default and no role of
    /// the machine stands in either. `find` finds sections.
    pub(super) fn identity(
        &self,
        selection: &Selection,
        always: bool,
        find: Find<'_>,
    ) -> Option<Identity> {
        match selection.winner() {
            Winner::Keys { keys, over } => {
                // The AWS CLI stops at a profile that is in no file, even where keys would win over it.
                if let Some(over) = over
                    .filter(|p| !self.troubled() && find(SectionKind::Profile, &p.value).is_none())
                {
                    return Some(self.named(over, find));
                }
                let who = Who::Keys {
                    owner: keys.owner.as_ref().map(|o| o.value.clone()),
                    over: over.map(|o| o.value.clone()),
                };
                let account = [
                    &env_vars::AWS_SSO_ACCOUNT_ID,
                    &env_vars::GRANTED_SSO_ACCOUNT_ID,
                ]
                .into_iter()
                .find_map(|v| self.vars.text(v));
                Some(Identity {
                    account_id: account.map(Into::into),
                    named: keys.owner.as_ref().or(over).cloned(),
                    shadowed_by: over.map(|_| "AWS_ACCESS_KEY_ID"),
                    ..Identity::new(who, self.env_keys(keys), Method::Env)
                })
            }
            Winner::Profile(chosen) => {
                let identity = self.named(chosen, find);
                // The environment's web identity comes before everything of the profile but a role that it assumes.
                if !selection.web_identity
                    || identity.what == What::NoSuchProfile
                    || identity.source == Method::AssumeRole
                {
                    return Some(identity);
                }
                let who = Who::Keys {
                    owner: Some("web identity".to_owned()),
                    over: Some(chosen.value.clone()),
                };
                Some(Identity {
                    named: Some(chosen.clone()),
                    shadowed_by: Some("AWS_WEB_IDENTITY_TOKEN_FILE"),
                    ..Identity::new(who, Life::Managed(Manager::Temporary), Method::WebIdentity)
                })
            }
            Winner::Switcher(chosen) => {
                let (life, source) = match selection.container {
                    true => (Life::Managed(Manager::Container), Method::Container),
                    false => (Life::Unknown(Puzzle::NoSource), Method::None),
                };
                let who = Who::Keys {
                    owner: Some(chosen.value.clone()),
                    over: None,
                };
                Some(Identity {
                    named: Some(chosen.clone()),
                    ..Identity::new(who, life, source)
                })
            }
            _ if !always => None,
            Winner::WebIdentity => {
                Some(Identity::machine(Manager::WebIdentity, Method::WebIdentity))
            }
            Winner::Container | Winner::Nobody => match find(SectionKind::Profile, "default") {
                Some(section) if source::has_source(&section) => {
                    let chosen = Chosen {
                        value: "default".to_owned(),
                        from: "default",
                    };
                    Some(Identity::of_profile(self.view(section, find), Some(chosen)))
                }
                _ => selection
                    .container
                    .then(|| Identity::machine(Manager::Container, Method::Container)),
            },
        }
    }

    /// The identity of a profile that is named, whether a file knows it or not.
    fn named(&self, chosen: &Chosen, find: Find<'_>) -> Identity {
        if let Some(section) = find(SectionKind::Profile, &chosen.value) {
            return Identity::of_profile(self.view(section, find), Some(chosen.clone()));
        }
        let unknown = Identity::new(
            Who::Profile(chosen.value.clone()),
            Life::Unknown(Puzzle::File),
            Method::None,
        );
        let what = if self.troubled() {
            unknown.what
        } else {
            What::NoSuchProfile
        };
        Identity {
            what,
            named: Some(chosen.clone()),
            ..unknown
        }
    }

    /// What the badge is drawn from.
    pub(super) fn subject(&self, identity: &Identity, settings: &Settings) -> Subject {
        let own = || {
            identity
                .view
                .as_ref()
                .and_then(|v| own_region(&v.section))
                .map(|r| r.value)
        };
        let of_environment = || select::region(self.vars).map(|r| r.value);
        let region = match settings.region {
            ShowRegion::Off => None,
            ShowRegion::On => of_environment().or_else(own),
            ShowRegion::Differs => {
                of_environment().filter(|env| own().is_some_and(|own| own != *env))
            }
        };
        Subject {
            who: identity.who.clone(),
            what: identity.what,
            account_id: identity.account_id.clone(),
            role_name: identity.role_name.clone(),
            region,
        }
    }
}

/// How sections are found: one by one in the text, or among all that were read.
pub(super) type Find<'f> = &'f dyn Fn(SectionKind, &str) -> Option<Section>;

/// Who one is, on what that stands, and until when.
#[derive(Debug)]
pub(super) struct Identity {
    /// As the badge names it.
    pub(super) who: Who,
    /// Until when, or why not at all.
    pub(super) what: What,
    /// Where the credentials come from.
    pub(super) source: Method,
    /// The profile, and the variable that named it.
    pub(super) named: Option<Chosen>,
    /// What the files say of the profile that is in force.
    pub(super) view: Option<View>,
    /// The variable that wins over the profile.
    pub(super) shadowed_by: Option<&'static str>,
    /// The account, as far as a file or a variable names it.
    pub(super) account_id: Option<String>,
    /// The role, likewise.
    pub(super) role_name: Option<String>,
}

impl Identity {
    fn new(who: Who, life: Life, source: Method) -> Self {
        let what = What::Life(life);
        Self {
            who,
            what,
            source,
            named: None,
            view: None,
            shadowed_by: None,
            account_id: None,
            role_name: None,
        }
    }

    /// Where there is no identity at all.
    pub(super) fn nobody() -> Self {
        Self::new(Who::Machine, Life::Missing, Method::None)
    }

    fn machine(manager: Manager, source: Method) -> Self {
        Self::new(Who::Machine, Life::Managed(manager), source)
    }

    /// The identity that a profile's files describe.
    pub(super) fn of_profile(view: View, named: Option<Chosen>) -> Self {
        let who = Who::Profile(view.section.name.clone());
        Self {
            named,
            account_id: view.origin.account_id().map(str::to_owned),
            role_name: view.origin.role_name().map(str::to_owned),
            ..Self::new(who, view.life, view.origin.method())
        }
        .standing_on(view)
    }

    fn standing_on(self, view: View) -> Self {
        Self {
            view: Some(view),
            ..self
        }
    }

    /// Until when; a profile that no file knows has no login.
    pub(super) fn life(&self) -> Life {
        match self.what {
            What::Life(life) => life,
            What::NoSuchProfile | What::NotExported => Life::Missing,
        }
    }
}

/// The region that a profile itself names.
pub(super) fn own_region(profile: &Section) -> Option<Chosen> {
    use crate::aws::grammar::FileKind;
    let value = profile.get("region").filter(|v| !v.text.is_empty())?;
    let from = match value.file {
        FileKind::Config => "config",
        FileKind::Credentials => "credentials",
    };
    Some(Chosen {
        value: value.text.clone(),
        from,
    })
}

/// The badge of an environment, and what it depends on. If nothing is shown, that is the settings file: it says whether
/// anything is.
pub(super) fn badge(
    vars: &Env,
    explicit: Option<&str>,
    unexported: Option<&str>,
) -> (Option<crate::badge::Badge>, Epoch, WatchList) {
    let now = crate::host::now();
    let seen = WatchList::default();
    let (settings, _) = settings(vars, &seen);
    if let Some(name) = unexported {
        let subject = Subject {
            who: Who::Profile(name.to_owned()),
            what: What::NotExported,
            account_id: None,
            role_name: None,
            region: None,
        };
        return (
            Some(crate::badge::draw(&subject, &settings, now)),
            now,
            seen,
        );
    }
    let selection = Selection::of(vars, explicit);
    let unnamed = matches!(
        selection.winner(),
        Winner::Nobody | Winner::Container | Winner::WebIdentity
    );
    if unnamed && settings.show != Show::Always {
        return (None, now, seen);
    }
    let look = Look::new(vars, now, seen);
    let identity = look.identity(&selection, settings.show == Show::Always, &|kind, name| {
        look.section(kind, name)
    });
    let badge = identity
        .map(|identity| crate::badge::draw(&look.subject(&identity, &settings), &settings, now));
    let badge = badge.filter(|b| settings.show != Show::Live || b.class != Class::Expired);
    (badge, now, look.seen)
}
