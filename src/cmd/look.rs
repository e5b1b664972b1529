//! Looks at AWS's files for whoever asks: which identity, on what it stands, until when, and which paths that
//! answer depends on.

use crate::aws::grammar::{self, Section, SectionKind};
use crate::aws::life::{Life, Manager, Puzzle};
use crate::aws::place::Places;
use crate::aws::select::{self, Chosen, EnvKeys, Selection, Winner};
use crate::aws::source::{self, Base, Method, Origin, World};
use crate::aws::token::{self, NoToken, SsoToken};
use crate::aws::{Epoch, Vars, cache};
use crate::badge::settings::{Complaint, Show, ShowRegion};
use crate::badge::{Class, Settings, Subject, What, Who};
use crate::host::files::{self, CACHE_CAP, CONFIG_CAP, Read};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The paths that an answer depends on.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Those that are there.
    pub(super) watch: Vec<PathBuf>,
    /// Those that are not.
    pub(super) absent: Vec<PathBuf>,
}

impl Trail {
    fn read(&mut self, path: &Path, cap: u64) -> Read {
        let read = files::read(path, cap);
        let list = if read == Read::Absent {
            &mut self.absent
        } else {
            &mut self.watch
        };
        if !list.iter().any(|p| p == path) {
            list.push(path.to_owned());
        }
        read
    }
}

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
    fn read(path: Option<&Path>, trail: &mut Trail) -> Self {
        let Some(path) = path else {
            return Self::default();
        };
        let (text, trouble) = match trail.read(path, CONFIG_CAP) {
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
    pub(super) vars: &'a Vars,
    /// The moment of looking.
    pub(super) now: Epoch,
    /// Where the files lie.
    pub(super) places: Places,
    /// The config file.
    pub(super) config: Text,
    /// The credentials file.
    pub(super) credentials: Text,
    /// What was looked at.
    pub(super) trail: RefCell<Trail>,
}

/// Reads the user's settings, and what in them can't be used.
pub(super) fn settings(vars: &Vars, trail: &mut Trail) -> (Settings, Vec<Complaint>) {
    let path = crate::host::config_folder(vars).map(|folder| folder.join("config.ini"));
    let text = match path.map(|path| trail.read(&path, CACHE_CAP)) {
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
    pub(super) fn new(vars: &'a Vars, now: Epoch, mut trail: Trail) -> Self {
        let places = Places::of(vars);
        let config = Text::read(places.config.as_deref(), &mut trail);
        let credentials = Text::read(places.credentials.as_deref(), &mut trail);
        Self {
            vars,
            now,
            places,
            config,
            credentials,
            trail: RefCell::new(trail),
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

    /// Looks a profile up.
    pub(super) fn profile(&self, name: &str) -> Option<View> {
        let section = self.section(SectionKind::Profile, name)?;
        Some(self.view(section, &|kind, name| self.section(kind, name)))
    }

    /// Follows a profile to its base and reads the token there.
    pub(super) fn view(
        &self,
        section: Section,
        find: &dyn Fn(SectionKind, &str) -> Option<Section>,
    ) -> View {
        let origin = source::origin(
            &section,
            &World {
                section: find,
                local: &crate::host::local,
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

    fn life(&self, base: &Base) -> (Life, Option<PathBuf>) {
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
            let result = match self.trail.borrow_mut().read(path, CACHE_CAP) {
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
    pub(super) fn env_keys(keys: &EnvKeys) -> Life {
        match keys.partial {
            true => Life::Unknown(Puzzle::Config),
            false => source::keys_life(keys.ends.as_deref(), keys.temporary, &crate::host::local),
        }
    }

    /// The region of a profile: the environment's, else its own; with where it comes from.
    pub(super) fn region(&self, profile: Option<&Section>) -> Option<Chosen> {
        select::region(self.vars).or_else(|| own_region(profile?))
    }

    /// Whose badge is to be drawn; `None` where there is nothing to show.
    pub(super) fn subject(&self, selection: &Selection, settings: &Settings) -> Option<Subject> {
        let subject = self.bare_subject(selection, settings)?;
        Some(match settings.region {
            ShowRegion::Off => subject,
            wanted => Subject {
                region: self.shown_region(&subject, wanted),
                ..subject
            },
        })
    }

    fn shown_region(&self, subject: &Subject, wanted: ShowRegion) -> Option<String> {
        let own = match &subject.who {
            Who::Profile(name) => self
                .section(SectionKind::Profile, name)
                .and_then(|s| own_region(&s)),
            _ => None,
        };
        let of_environment = select::region(self.vars);
        match (of_environment, own) {
            (Some(env), own)
                if wanted == ShowRegion::On
                    || own.as_ref().is_some_and(|o| o.value != env.value) =>
            {
                Some(env.value)
            }
            (None, own) if wanted == ShowRegion::On => own.map(|o| o.value),
            _ => None,
        }
    }

    fn bare_subject(&self, selection: &Selection, settings: &Settings) -> Option<Subject> {
        let of = |who, what| Subject {
            who,
            what,
            account_id: None,
            role_name: None,
            region: None,
        };
        let machine = |manager| of(Who::Machine, What::Life(Life::Managed(manager)));
        match selection.winner() {
            Winner::Keys { keys, over } => {
                // The AWS CLI stops at a profile that is in no file, even where keys would win over it.
                if let Some(over) = over.filter(|p| {
                    !self.troubled() && self.section(SectionKind::Profile, &p.value).is_none()
                }) {
                    return Some(of(Who::Profile(over.value.clone()), What::NoSuchProfile));
                }
                let who = Who::Keys {
                    owner: keys.owner.as_ref().map(|o| o.value.clone()),
                    over: over.map(|o| o.value.clone()),
                };
                let account_id = ["AWS_SSO_ACCOUNT_ID", "GRANTED_SSO_ACCOUNT_ID"]
                    .iter()
                    .find_map(|v| self.vars.text(v));
                let subject = of(who, What::Life(Self::env_keys(keys)));
                Some(Subject {
                    account_id: account_id.map(Into::into),
                    ..subject
                })
            }
            Winner::Profile(chosen) => {
                Some(self.profile_subject(&chosen.value, selection.web_identity))
            }
            Winner::Switcher(chosen) => {
                let life = match selection.container {
                    true => Life::Managed(Manager::Container),
                    false => Life::Unknown(Puzzle::NoSource),
                };
                Some(of(
                    Who::Keys {
                        owner: Some(chosen.value.clone()),
                        over: None,
                    },
                    What::Life(life),
                ))
            }
            _ if settings.show != Show::Always => None,
            Winner::WebIdentity => Some(machine(Manager::WebIdentity)),
            Winner::Container | Winner::Nobody => {
                match self.section(SectionKind::Profile, "default") {
                    Some(section) if source::has_source(&section) => {
                        Some(self.profile_subject("default", false))
                    }
                    _ => selection.container.then(|| machine(Manager::Container)),
                }
            }
        }
    }

    fn profile_subject(&self, name: &str, web_identity: bool) -> Subject {
        let of = |who, what| Subject {
            who,
            what,
            account_id: None,
            role_name: None,
            region: None,
        };
        let who = Who::Profile(name.to_owned());
        let Some(view) = self.profile(name) else {
            return of(
                who,
                if self.troubled() {
                    What::Life(Life::Unknown(Puzzle::File))
                } else {
                    What::NoSuchProfile
                },
            );
        };
        // The environment's web identity comes before everything of the profile but a role that it assumes.
        if web_identity && view.origin.method() != Method::AssumeRole {
            let who = Who::Keys {
                owner: Some("web identity".to_owned()),
                over: Some(name.to_owned()),
            };
            return of(who, What::Life(Life::Managed(Manager::Temporary)));
        }
        Subject {
            account_id: view.origin.account_id().map(str::to_owned),
            role_name: view.origin.role_name().map(str::to_owned),
            ..of(who, What::Life(view.life))
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

/// The badge of an environment, and the paths that it depends on. Where nothing is shown, nothing need be
/// watched: only a variable could change that.
pub(super) fn badge(
    vars: &Vars,
    explicit: Option<&str>,
    unexported: Option<&str>,
) -> (Option<crate::badge::Badge>, Epoch, Trail) {
    let now = crate::host::now();
    let mut trail = Trail::default();
    let (settings, _) = settings(vars, &mut trail);
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
            trail,
        );
    }
    let selection = Selection::of(vars, explicit);
    let unnamed = matches!(
        selection.winner(),
        Winner::Nobody | Winner::Container | Winner::WebIdentity
    );
    if unnamed && settings.show != Show::Always {
        return (None, now, Trail::default());
    }
    let look = Look::new(vars, now, trail);
    let badge = look
        .subject(&selection, &settings)
        .map(|subject| crate::badge::draw(&subject, &settings, now));
    let badge = badge.filter(|b| settings.show != Show::Live || b.class != Class::Expired);
    (badge, now, look.trail.into_inner())
}
