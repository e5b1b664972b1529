//! Profiles for what the service offers, merged into the config file.
//!
//! A profile is what its session, account and role are, never its name. What awsbadge wrote has a key with a hash of
//! its section: what a person changed since is theirs, as is what they wrote themselves.

use super::document::{Block, Document, line_end};
use super::edits::Edits;
use super::filter::Filter;
use super::mark::{self, MARK};
use super::names::{Template, Values, is_usable};
use crate::error::{Failure, Word};
use crate::idc::listing::Account;
use crate::library::{Config, FileKind, SectionKind, partition, read_config};
use crate::session::{self, Session};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The keys that say which role a profile is.
const IDENTITY: [&str; 3] = ["sso_session", "sso_account_id", "sso_role_name"];

/// What is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The session, which has a name.
    pub(crate) session: Session,
    /// Every account that the login may use.
    pub(crate) accounts: Vec<Account>,
    /// The roles of an account by its id; none if they were not asked for or could not be listed.
    pub(crate) roles: HashMap<String, Vec<String>>,
    /// The ids of accounts whose roles could not be listed.
    pub(crate) failed: HashSet<String>,
    pub(crate) filter: Filter,
    pub(crate) template: Template,
    /// Keys for every profile, `region` and `output` first.
    pub(crate) keys: Vec<(String, String)>,
    pub(crate) prune: bool,
    pub(crate) rename: bool,
}

/// A new or a removed profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) profile: String,
    pub(crate) account: String,
    pub(crate) role: String,
}

/// One changed key; `name` is the profile's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) profile: String,
    pub(crate) key: String,
    pub(crate) from: Option<String>,
    pub(crate) to: String,
}

/// Why a profile is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// awsbadge wrote it, and somebody changed it.
    Edited,
    /// Somebody else wrote it.
    HandWritten,
    /// Nobody knows whether its role is still offered.
    ListingFailed,
    /// Another profile names it.
    InUse,
}

impl Why {
    /// The word in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::HandWritten => "hand-written",
            Self::ListingFailed => "listing-failed",
            Self::InUse => "in-use",
        }
    }
}

/// A name that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Collision {
    pub(crate) name: String,
    pub(crate) used: String,
}

/// What is to be done, and what is not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) edits: Edits,
    pub(crate) added: Vec<Named>,
    pub(crate) changed: Vec<Changed>,
    pub(crate) removed: Vec<Named>,
    pub(crate) kept: Vec<(String, Why)>,
    pub(crate) collisions: Vec<Collision>,
    /// Profiles that nothing is offered for any more, and that stay because nobody asked to prune.
    pub(crate) stale: usize,
}

impl Plan {
    /// Whether all that it does was in another plan too, wherever it is in the file.
    pub(crate) fn is_part_of(&self, other: &Self) -> bool {
        self.added.iter().all(|one| other.added.contains(one))
            && self.changed.iter().all(|one| other.changed.contains(one))
            && self.removed.iter().all(|one| other.removed.contains(one))
    }
}

/// A profile of the session that is there.
struct There {
    name: String,
    account: String,
    role: String,
    /// Whether it logs in to the session.
    of_session: bool,
    /// The place of its section in the document, if awsbadge wrote it.
    own: Option<usize>,
    /// Whether somebody changed it since.
    edited: bool,
}

/// Makes the plan for a config file.
///
/// # Errors
/// The session is no longer in the file; two profiles would get one name.
pub(crate) fn plan(text: &str, credentials: &str, wanted: &Wanted) -> Result<Plan, Failure> {
    let config = read_config(text, credentials);
    let session = wanted.session.name.as_deref().unwrap_or_default();
    session::by_name(&config, session)?;
    let document = Document::of(text);
    let merge = Merge {
        there: there(&config, &document, &wanted.session),
        used: used(&config),
        taken: config.profiles.iter().map(|p| p.name.clone()).collect(),
        kept: HashSet::new(),
        document: &document,
        wanted,
        session,
        plan: Plan::default(),
    };
    merge.run()
}

/// The profiles of a session: those that are a role of it, and those that awsbadge wrote for it.
fn there(config: &Config, document: &Document<'_>, session: &Session) -> Vec<There> {
    let mut there = Vec::new();
    for section in &config.profiles {
        let own = mark::find(document, session, &section.name);
        let text = |key: &str| section.text(key).unwrap_or_default().to_owned();
        let of_session = session::is_of(section, session);
        if own.is_none() && !of_session {
            continue;
        }
        let blocks = document.places(SectionKind::Profile, &section.name).len();
        let alone = blocks == 1 && section.keys.iter().all(|(_, v)| v.file == FileKind::Config);
        there.push(There {
            name: section.name.clone(),
            account: text("sso_account_id"),
            role: text("sso_role_name"),
            of_session,
            edited: !(alone && own.is_some_and(|(_, untouched)| untouched)),
            own: own.map(|(at, _)| at),
        });
    }
    there
}

/// The names of profiles that another profile names as its source.
fn used(config: &Config) -> HashSet<String> {
    let sources = config.profiles.iter().filter_map(|profile| {
        let source = profile.text("source_profile")?;
        (source != profile.name).then(|| source.to_owned())
    });
    sources.collect()
}

/// A role that is to have a profile of that name.
struct Naming<'a> {
    account: &'a Account,
    role: &'a str,
    /// The place in [`Merge::there`] of the profile that is renamed; `None` for a new one.
    there: Option<usize>,
    name: String,
}

struct Merge<'a> {
    document: &'a Document<'a>,
    wanted: &'a Wanted,
    session: &'a str,
    there: Vec<There>,
    used: HashSet<String>,
    taken: HashSet<String>,
    kept: HashSet<String>,
    plan: Plan,
}

impl<'a> Merge<'a> {
    fn run(mut self) -> Result<Plan, Failure> {
        let gone = self.prune();
        let mut namings: Vec<Naming<'a>> = Vec::new();
        let mut offered: Vec<usize> = Vec::new();
        let by_identity = self.by_identity();
        let wanted = self.wanted;
        for account in &wanted.accounts {
            for role in wanted.roles.get(&account.id).into_iter().flatten() {
                if !wanted
                    .filter
                    .takes(&account.id, account.name.as_deref(), role)
                {
                    continue;
                }
                let new = |there| Naming {
                    account,
                    role,
                    there,
                    name: wanted.template.name(&self.values(account, role)),
                };
                match by_identity.get(&(account.id.as_str(), role.as_str())) {
                    None => namings.push(new(None)),
                    Some(places) => {
                        offered.extend(places);
                        if wanted.rename {
                            let renamable = places.iter().filter(|&&at| self.is_ours(at));
                            namings.extend(renamable.map(|&at| new(Some(at))));
                        }
                    }
                }
            }
        }
        self.keep(&offered);
        let names = self.names(namings)?;
        let renamed: BTreeMap<usize, String> = names
            .iter()
            .filter_map(|naming| Some((naming.there?, naming.name.clone())))
            .collect();
        self.change(&offered, &renamed);
        self.add(
            names.into_iter().filter(|naming| naming.there.is_none()),
            &gone,
        );
        Ok(self.plan)
    }

    fn values(&self, account: &'a Account, role: &'a str) -> Values<'a> {
        Values {
            account: account.name.as_deref(),
            account_id: &account.id,
            role,
            session: self.session,
            email: account.email.as_deref(),
            partition: partition(&self.wanted.session.region),
        }
    }

    /// The places in [`Merge::there`] by account and role.
    fn by_identity(&self) -> HashMap<(&'a str, &'a str), Vec<usize>> {
        let mut places: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        let mut known: HashMap<(&str, &str), (&'a str, &'a str)> = HashMap::new();
        for account in &self.wanted.accounts {
            for role in self.wanted.roles.get(&account.id).into_iter().flatten() {
                let identity = (account.id.as_str(), role.as_str());
                known.insert(identity, identity);
            }
        }
        for (at, there) in self.there.iter().enumerate() {
            let identity = known.get(&(there.account.as_str(), there.role.as_str()));
            if let (Some(identity), true) = (identity, there.of_session) {
                places.entry(*identity).or_default().push(at);
            }
        }
        places
    }

    /// Whether awsbadge wrote it, and nobody changed it since.
    fn is_ours(&self, at: usize) -> bool {
        self.there
            .get(at)
            .is_some_and(|there| there.own.is_some() && !there.edited)
    }

    fn keep_one(&mut self, name: &str, why: Why) {
        if self.kept.insert(name.to_owned()) {
            self.plan.kept.push((name.to_owned(), why));
        }
    }

    /// Says which of the profiles that stand for an offered role are not awsbadge's to change.
    fn keep(&mut self, offered: &[usize]) {
        for &at in offered {
            let Some(there) = self.there.get(at) else {
                continue;
            };
            let why = match (there.own, there.edited) {
                (None, _) => Why::HandWritten,
                (Some(_), true) => Why::Edited,
                (Some(_), false) => continue,
            };
            let name = there.name.clone();
            self.keep_one(&name, why);
        }
    }

    /// Takes away what awsbadge wrote, nobody changed, and the service no longer offers. The places of the sections.
    fn prune(&mut self) -> HashSet<usize> {
        let mut gone = HashSet::new();
        let wanted = self.wanted;
        let accounts: HashMap<&str, &Account> = wanted
            .accounts
            .iter()
            .map(|account| (account.id.as_str(), account))
            .collect();
        for at in 0..self.there.len() {
            let There {
                name,
                account,
                role,
                own,
                edited,
                ..
            } = &self.there[at];
            let Some(own) = *own else { continue };
            let (name, edited) = (name.clone(), *edited);
            let there = Named {
                profile: name.clone(),
                account: account.clone(),
                role: role.clone(),
            };
            if wanted.failed.contains(account) {
                self.keep_one(&name, Why::ListingFailed);
                continue;
            }
            let known = accounts.get(account.as_str());
            let offered = match (known, wanted.roles.get(account)) {
                (Some(_), Some(roles)) => roles.contains(role),
                // Its roles were not asked for.
                (Some(_), None) => true,
                (None, _) => false,
            };
            let filtered =
                !wanted
                    .filter
                    .takes(account, known.and_then(|a| a.name.as_deref()), role);
            // No account at all is more likely a mistake than the end of all assignments.
            if offered || filtered || wanted.accounts.is_empty() {
                continue;
            }
            match () {
                () if edited => self.keep_one(&name, Why::Edited),
                () if self.used.contains(&name) => self.keep_one(&name, Why::InUse),
                () if !wanted.prune => self.plan.stale += 1,
                () => {
                    if let Some(block) = self.document.sections.get(own) {
                        self.document.remove(&mut self.plan.edits, block);
                        self.plan.removed.push(there);
                        self.taken.remove(&name);
                        gone.insert(own);
                    }
                }
            }
        }
        gone
    }

    /// Settles the names: what is taken or not usable, and what several would get, has the account's id behind it.
    fn names(&mut self, namings: Vec<Naming<'a>>) -> Result<Vec<Naming<'a>>, Failure> {
        // Who has the right name keeps it.
        let (_, mut namings): (Vec<_>, Vec<_>) = namings.into_iter().partition(|naming| {
            naming
                .there
                .is_some_and(|at| self.there[at].name == naming.name)
        });
        let mut in_use = Vec::new();
        namings.retain(|naming| {
            let name = naming.there.map(|at| self.there[at].name.clone());
            let used = name.filter(|name| self.used.contains(name));
            in_use.extend(used.clone());
            used.is_none()
        });
        for name in in_use {
            self.keep_one(&name, Why::InUse);
        }
        let mut wishes: HashMap<String, usize> = HashMap::new();
        for naming in &namings {
            *wishes.entry(naming.name.clone()).or_default() += 1;
        }
        let mut given: HashSet<String> = HashSet::new();
        let mut settled = Vec::with_capacity(namings.len());
        for mut naming in namings {
            let wish = naming.name.clone();
            let alone = wishes.get(&wish) == Some(&1);
            let old = naming.there.map(|at| self.there[at].name.clone());
            if !alone || self.taken.contains(&wish) || !is_usable(&wish) {
                naming.name = self
                    .wanted
                    .template
                    .with_id(&self.values(naming.account, naming.role));
                if old.as_ref() == Some(&naming.name) {
                    given.insert(naming.name);
                    continue;
                }
                let taken = self.taken.contains(&naming.name) || given.contains(&naming.name);
                if taken || wishes.get(&naming.name).is_some_and(|n| *n > 0) {
                    return Err(collision(&naming, &wish));
                }
                self.plan.collisions.push(Collision {
                    name: wish,
                    used: naming.name.clone(),
                });
            }
            if !given.insert(naming.name.clone()) {
                return Err(collision(&naming, &naming.name));
            }
            settled.push(naming);
        }
        Ok(settled)
    }

    /// Brings awsbadge's own untouched profiles to the wanted keys and names.
    fn change(&mut self, offered: &[usize], renamed: &BTreeMap<usize, String>) {
        for &at in offered {
            if !self.is_ours(at) {
                continue;
            }
            let There { name, own, .. } = &self.there[at];
            let Some(block) = own.and_then(|own| self.document.sections.get(own)) else {
                continue;
            };
            let name = name.clone();
            let mut text = self.document.slice(block.range()).to_owned();
            let mut changed = Vec::new();
            for (key, to) in &self.wanted.keys {
                let from = block.key(key).map(|found| self.document.value(found));
                if from != Some(to.as_str()) {
                    changed.push(Changed {
                        profile: name.clone(),
                        key: key.clone(),
                        from: from.map(str::to_owned),
                        to: to.clone(),
                    });
                    text = mark::with_key(&text, key, to);
                }
            }
            if let Some(new) = renamed.get(&at) {
                let header = self.document.slice(block.header.clone());
                let new_header = self.document.header(SectionKind::Profile, new);
                text.replace_range(..header.len() - line_end(header).len(), &new_header);
                changed.push(Changed {
                    profile: name.clone(),
                    key: "name".to_owned(),
                    from: Some(name.clone()),
                    to: new.clone(),
                });
            }
            if changed.is_empty() {
                continue;
            }
            let text = mark::marked(&text, self.session);
            self.plan.changed.extend(changed);
            self.plan.edits.push(block.range(), text);
        }
    }

    /// New sections, below the session's last profile.
    fn add(&mut self, new: impl Iterator<Item = Naming<'a>>, gone: &HashSet<usize>) {
        let mut lines = Vec::new();
        for naming in new {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(self.section(&naming));
            self.plan.added.push(Named {
                profile: naming.name,
                account: naming.account.id.clone(),
                role: naming.role.to_owned(),
            });
        }
        if !lines.is_empty() {
            let after = self.last_of_session(gone);
            self.document.insert(&mut self.plan.edits, after, &lines);
        }
    }

    fn section(&self, naming: &Naming<'_>) -> Vec<String> {
        let identity = [self.session, &naming.account.id, naming.role];
        let mut lines = vec![self.document.header(SectionKind::Profile, &naming.name)];
        let identity = IDENTITY.into_iter().zip(identity);
        let others = self
            .wanted
            .keys
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        lines.extend(
            identity
                .chain(others)
                .map(|(key, value)| format!("{key} = {value}")),
        );
        let hash = mark::hash(&(lines.join("\n") + "\n"));
        lines.push(format!("{MARK} = {} {hash}", self.session));
        lines
    }

    /// The last profile of the session that stays, else the session itself.
    fn last_of_session(&self, gone: &HashSet<usize>) -> Option<&'a Block> {
        let document = self.document;
        let sections = document.sections.iter().enumerate();
        let last = sections
            .filter(|(at, _)| !gone.contains(at))
            .map(|(_, block)| block)
            .rfind(|block| {
                let session = block.key("sso_session").map(|key| document.value(key));
                block.name_as(SectionKind::Profile).is_some() && session == Some(self.session)
            });
        last.or_else(|| document.named(SectionKind::SsoSession, self.session).last())
    }
}

fn collision(naming: &Naming<'_>, name: &str) -> Failure {
    Failure::new(
        Word::Collision,
        format!(
            "the role {} in account {} would get the name '{name}', which is taken, even with the account's ID",
            naming.role, naming.account.id
        ),
        "Name the profiles by --name with more fields, such as '{account}-{role}-{session}'.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str =
        "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n";

    fn wanted(offered: &[(&str, &str, &[&str])]) -> Wanted {
        let config = crate::library::config_of(SESSION);
        let account = |(id, name, _): &(&str, &str, &[&str])| Account {
            id: (*id).to_owned(),
            name: Some((*name).to_owned()),
            email: None,
        };
        let roles = |(id, _, roles): &(&str, &str, &[&str])| {
            (
                (*id).to_owned(),
                roles.iter().map(|&role| role.to_owned()).collect(),
            )
        };
        Wanted {
            session: session::by_name(&config, "s").unwrap(),
            accounts: offered.iter().map(account).collect(),
            roles: offered.iter().map(roles).collect(),
            failed: HashSet::new(),
            filter: Filter::default(),
            template: Template::parse("{account}-{role}").unwrap(),
            keys: Vec::new(),
            prune: false,
            rename: false,
        }
    }

    fn after(text: &str, plan: &Plan) -> String {
        String::from_utf8(plan.edits.apply(text.as_bytes()).unwrap()).unwrap()
    }

    fn names(list: &[Named]) -> Vec<&str> {
        list.iter().map(|one| one.profile.as_str()).collect()
    }

    #[test]
    fn what_was_written_is_known_again_whatever_its_line_ends() {
        let mut wanted = wanted(&[("1", "a", &["R", "S"])]);
        wanted.keys = vec![("region".into(), "r1".into())];
        let text = after(SESSION, &plan(SESSION, "", &wanted).unwrap());
        for text in [
            text.clone(),
            text.replace('\n', "\r\n"),
            text.trim_end().to_owned(),
        ] {
            assert!(
                plan(&text, "", &wanted).unwrap().edits.is_empty(),
                "{text:?}"
            );
            wanted.keys = vec![("region".into(), "r2".into())];
            let new = plan(&text, "", &wanted).unwrap();
            assert_eq!(new.changed.len(), 2);
            let new = after(&text, &new);
            assert!(plan(&new, "", &wanted).unwrap().edits.is_empty(), "{new:?}");
            assert_eq!(new.contains("\r\n"), text.contains("\r\n"));
            wanted.keys = vec![("region".into(), "r1".into())];
        }
    }

    #[test]
    fn a_profile_that_is_there_twice_or_in_the_credentials_too_is_a_persons() {
        let mut wanted = wanted(&[("1", "a", &["R"])]);
        let text = after(SESSION, &plan(SESSION, "", &wanted).unwrap());
        wanted.keys = vec![("region".into(), "r".into())];
        let twice = format!("{text}\n[profile a-R]\noutput = json\n");
        let tab = text.replace("R\nawsbadge", "R\n\nawsbadge");
        for (text, credentials) in [
            (&twice, ""),
            (&text, "[a-R]\naws_access_key_id = A\n"),
            (&format!("{text}# mine\n"), ""),
            (&text.replace("sso_role_name", "sso_role_name "), ""),
            (&tab, ""),
        ] {
            let plan = plan(text, credentials, &wanted).unwrap();
            assert!(plan.edits.is_empty(), "{text}");
            assert_eq!(plan.kept, [("a-R".to_owned(), Why::Edited)], "{text}");
        }
        assert_eq!(plan(&text, "[other]\n", &wanted).unwrap().changed.len(), 1);
    }

    #[test]
    fn a_name_that_a_pruned_profile_had_is_free() {
        let first = wanted(&[("1", "a", &["R"])]);
        let text = after(SESSION, &plan(SESSION, "", &first).unwrap());
        let mut second = wanted(&[("2", "a", &["R"])]);
        let kept = plan(&text, "", &second).unwrap();
        assert_eq!((names(&kept.added), kept.stale), (vec!["a-R-2"], 1));
        second.prune = true;
        let pruned = plan(&text, "", &second).unwrap();
        assert_eq!(
            (names(&pruned.added), names(&pruned.removed)),
            (vec!["a-R"], vec!["a-R"])
        );
        let text = after(&text, &pruned);
        assert_eq!(text.matches("[profile a-R]").count(), 1, "{text}");
        assert!(plan(&text, "", &second).unwrap().edits.is_empty(), "{text}");
    }

    #[test]
    fn a_rename_keeps_the_right_names_and_frees_none_that_is_needed() {
        let mut wanted = wanted(&[("1", "a", &["R"]), ("2", "a", &["R"])]);
        let text = after(SESSION, &plan(SESSION, "", &wanted).unwrap());
        wanted.rename = true;
        assert!(
            plan(&text, "", &wanted).unwrap().edits.is_empty(),
            "both have their id"
        );
        // One account is called otherwise now: the other one no longer needs its id.
        wanted.accounts[1].name = Some("b".into());
        let renamed = plan(&text, "", &wanted).unwrap();
        let to: Vec<&str> = renamed.changed.iter().map(|one| one.to.as_str()).collect();
        assert_eq!(to, ["a-R", "b-R"]);
        let text = after(&text, &renamed);
        assert!(plan(&text, "", &wanted).unwrap().edits.is_empty(), "{text}");
        // What another profile names as its source keeps its name.
        wanted.template = Template::parse("{role}-{account}").unwrap();
        let chained = format!("{text}\n[profile c]\nsource_profile = a-R\nrole_arn = x\n");
        let plan = plan(&chained, "", &wanted).unwrap();
        assert_eq!(plan.kept, [("a-R".to_owned(), Why::InUse)]);
        assert_eq!(plan.changed.len(), 1);
    }

    /// Whatever a file ends in, and whatever is in it: once is enough, and it can be taken back.
    #[test]
    fn a_file_cut_anywhere_is_populated_once_and_restored() {
        let whole = format!(
            "\u{feff}# é\r\n[DEFAULT]\n{SESSION}# c\n\n[profile 'x y'] ; c\nsso_session=s\n  more\n\n[profile d]\n\
             sso_session : s\nsso_account_id = 1 # c\nsso_role_name = R\ns3 =\n  a = b\n\n  c = d\n# e\n[open\nq\n \r\n"
        );
        let mut wanted = wanted(&[("1", "a", &["R", "S"])]);
        wanted.keys = vec![("region".into(), "r".into())];
        let mut count = 0;
        for (end, _) in whole.char_indices() {
            let text = &whole[..end];
            let Ok(first) = plan(text, "", &wanted) else {
                continue;
            };
            count += 1;
            let new = after(text, &first);
            let back = first.edits.inverse(text.as_bytes()).apply(new.as_bytes());
            assert_eq!(back.as_deref(), Some(text.as_bytes()), "{text:?}");
            let again = plan(&new, "", &wanted).unwrap();
            assert!(again.edits.is_empty(), "{text:?} {new:?} {again:?}");
        }
        assert!(count > 150, "{count}");
    }

    #[test]
    fn a_session_that_is_gone_is_an_error() {
        let wanted = wanted(&[("1", "a", &["R"])]);
        for text in ["", "[profile s]\n", "[sso-session t]\n"] {
            assert!(plan(text, "", &wanted).is_err(), "{text}");
        }
    }
}
