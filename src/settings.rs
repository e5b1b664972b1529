//! The user's settings: `config.ini`, and `AWSBADGE_*` variables over it. Every key has a default. An error makes
//! awsbadge ignore that line, never the file. If the error may have removed a rule about production, every profile is
//! treated as possibly production.

mod format;
mod keys;
mod lines;
mod reader;
#[cfg(test)]
mod tests;
mod values;

use crate::aws::env_vars::{self};
use crate::aws::expiry::RENEW_TRUST;
use crate::aws::{Env, Seconds};
use crate::diagnostic::{Code, Diagnostic};
pub use format::{DEFAULT_FORMAT, Field, Format, Piece};
use keys::unknown_key;
pub use keys::{KEYS, Key};
use reader::Reading;
use std::path::Path;
pub use values::duration;
use values::{ON_OR_OFF, YEAR, account_id, command, list, number, one_of, path, text, time};

/// When a badge is shown at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// If the environment names an identity.
    Set,
    /// Also for the default profile and for container roles.
    Always,
    /// Only while the credentials work, or may work.
    Live,
}

/// When the region is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowRegion {
    /// Never.
    Off,
    /// Always, if there is one.
    On,
    /// If the environment's region differs from the profile's.
    Differs,
}

/// Which switches ask first, on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// None.
    Never,
    /// Switches to production.
    Prod,
    /// All.
    Always,
}

/// What logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginWith {
    /// `awsbadge-sso` if it is installed, else `aws`.
    Auto,
    /// The AWS CLI.
    Aws,
    /// `awsbadge-sso`.
    Native,
}

/// Which profiles are production; `badge::class` applies it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prod {
    /// Patterns for names, with `*` and `?`, or [`AUTO`] for the default rule; `None` for that rule alone.
    pub patterns: Option<Vec<String>>,
    /// Account ids, 12 digits each. If there are any and a profile's account is known, only the account decides.
    pub accounts: Vec<String>,
}

/// The value for a default that depends on other things: the production rule, the locale, what is installed.
pub const AUTO: &str = "auto";

/// The value for an empty list.
const NONE: &str = "none";

/// How to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Which program logs in.
    pub with: LoginWith,
    /// Whether a renewable token is renewed in the background.
    pub renew: bool,
    /// Whether a switch offers a login that would help.
    pub offer: bool,
    /// The port that the browser comes back to; `None` for any free one.
    pub redirect_port: Option<u16>,
    /// The command that opens a browser; `None` for the system's own.
    pub browser: Option<String>,
}

/// The saved flags of `populate` for one `[sso-session]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Populate {
    /// The session.
    pub session: String,
    /// The template of the profiles' names.
    pub name: Option<String>,
    /// The region of each profile.
    pub region: Option<String>,
    /// The output format of each profile.
    pub output: Option<String>,
    /// Patterns; at least one must match.
    pub only: Vec<String>,
    /// Patterns; none may match.
    pub not: Vec<String>,
    /// Whether profiles that the server no longer offers are removed.
    pub prune: bool,
}

/// A named set of the AWS files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigSet {
    /// Its name.
    pub name: String,
    /// For `AWS_CONFIG_FILE`: absolute, or with `~` for the home directory.
    pub config_file: Option<String>,
    /// For `AWS_SHARED_CREDENTIALS_FILE`, likewise.
    pub credentials_file: Option<String>,
}

impl ConfigSet {
    /// The name for the files that the AWS tools use without variables.
    pub const DEFAULT: &str = "default";
}

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The badge's text, as a template.
    pub format: Format,
    /// What comes before the name.
    pub symbol: String,
    /// When there is a badge.
    pub show: Show,
    /// When the badge shows the region.
    pub region: ShowRegion,
    /// The maximum width of the badge, in columns.
    pub max_width: usize,
    /// Whether the badge uses ASCII only.
    pub ascii: bool,
    /// How long after its expiry a renewable token counts as still renewable.
    pub renew_trust: Seconds,
    /// How long a badge may be shown without a refresh.
    pub max_age: Seconds,
    /// Short names: profile, alias.
    pub aliases: Vec<(String, String)>,
    /// Which profiles are production.
    pub prod: Prod,
    /// Which switches ask first, on a terminal.
    pub confirm: Confirm,
    /// Sessions that log in with a device code instead of a browser on this machine.
    pub device_code: Vec<String>,
    /// How to log in.
    pub login: Login,
    /// Saved flags of `populate`, by session.
    pub populate: Vec<Populate>,
    /// How long a call over the network may take.
    pub timeout: Seconds,
    /// Account names: id, name.
    pub account_names: Vec<(String, String)>,
    /// Profiles by directory: path (absolute, or with `~` for the home directory), profile.
    pub directories: Vec<(String, String)>,
    /// Named sets of the AWS files.
    pub config_sets: Vec<ConfigSet>,
    /// The command that opens the console, with `{url}` in it; `None` for the system's own.
    pub console: Option<String>,
    /// Whether an error may have removed a rule about production. Then every switch asks first, and the badge shows it.
    pub production_in_doubt: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::parse(DEFAULT_FORMAT),
            symbol: "aws:".to_owned(),
            show: Show::Set,
            region: ShowRegion::Off,
            max_width: 40,
            ascii: false,
            renew_trust: RENEW_TRUST,
            max_age: Seconds(60),
            aliases: Vec::new(),
            prod: Prod::default(),
            confirm: Confirm::Never,
            device_code: Vec::new(),
            login: Login {
                with: LoginWith::Auto,
                renew: false,
                offer: false,
                redirect_port: None,
                browser: None,
            },
            populate: Vec::new(),
            timeout: Seconds(8),
            account_names: Vec::new(),
            directories: Vec::new(),
            config_sets: Vec::new(),
            console: None,
            production_in_doubt: false,
        }
    }
}

/// Where a setting's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nothing sets it.
    Default,
    /// This line of `config.ini`, counted from 1.
    Line(u32),
    /// This variable.
    Variable(&'static str),
}

/// A setting with its current value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The section, without brackets.
    pub section: String,
    /// The key.
    pub key: String,
    /// The value, as in the file or the variable.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// The settings file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// There is none.
    Absent,
    /// Its bytes.
    Bytes(&'a [u8]),
    /// It exists but can't be read, with the reason.
    Unusable(&'a str),
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        Self::Bytes(text.as_bytes())
    }
}

impl Settings {
    /// Reads `config.ini` and the variables in `vars`, which override it. A value that can't be used is reported and
    /// its key keeps the default. Problems of the file at `path` come first, by line. A problem that may hide
    /// production is an error.
    #[must_use]
    pub fn read(source: Source<'_>, path: &Path, vars: &Env) -> (Self, Vec<Diagnostic>) {
        let (settings, problems, _) = Reading::all(source, path, vars, None);
        (settings, problems)
    }

    /// Every setting with its current value: [`KEYS`] in order, then the user's own sections in file order.
    #[must_use]
    pub fn table(source: Source<'_>, vars: &Env) -> Vec<Entry> {
        let (_, _, set) = Reading::all(source, Path::new(""), vars, Some(Vec::new()));
        let mut set = set.unwrap_or_default();
        let mut entries = Vec::new();
        for key in KEYS {
            let of_key = |e: &Entry| e.section == key.section && e.key == key.key;
            // The last one counts.
            let last = set.iter().rev().find(|e| of_key(e)).cloned();
            set.retain(|e| !of_key(e));
            entries.push(last.unwrap_or_else(|| Entry {
                section: key.section.to_owned(),
                key: key.key.to_owned(),
                value: key.default.to_owned(),
                origin: Origin::Default,
            }));
        }
        entries.append(&mut set);
        entries
    }

    /// The name of the account with this id, or the id.
    #[must_use]
    pub fn account<'a>(&'a self, id: &'a str) -> &'a str {
        let named = self.account_names.iter().rev().find(|(of, _)| of == id);
        named.map_or(id, |(_, name)| name)
    }

    /// The short name of `profile`, or itself.
    #[must_use]
    pub fn alias<'a>(&'a self, profile: &'a str) -> &'a str {
        self.aliases
            .iter()
            .find(|(p, _)| p == profile)
            .map_or(profile, |(_, alias)| alias)
    }
}

impl Settings {
    /// Sets one key. On an error the key keeps its value. Warnings about the value go to `notes`.
    fn set(
        &mut self,
        section: &str,
        key: &str,
        value: &str,
        vars: &Env,
        notes: &mut Vec<Diagnostic>,
    ) -> Result<(), Diagnostic> {
        match (section, key) {
            ("badge", "format") => {
                let mut unknown = Vec::new();
                self.format = Format::noting(value, &mut unknown);
                notes.extend(unknown.into_iter().map(|field| {
                    Diagnostic::new(
                        Code::SettingsFormatField,
                        format!("{field} is not a field; the badge shows it literally"),
                    )
                }));
            }
            ("badge", "symbol") => self.symbol = value.to_owned(),
            ("badge", "show") => {
                let known = [
                    ("set", Show::Set),
                    ("always", Show::Always),
                    ("live", Show::Live),
                ];
                self.show = one_of(value, &known)?;
            }
            ("badge", "region") => {
                let known = [
                    ("off", ShowRegion::Off),
                    ("on", ShowRegion::On),
                    ("differs", ShowRegion::Differs),
                ];
                self.region = one_of(value, &known)?;
            }
            ("badge", "max_width") => self.max_width = number(value, 10, 200)?,
            ("badge", "ascii") => {
                let known = [
                    ("on", Some(true)),
                    ("1", Some(true)),
                    ("off", Some(false)),
                    ("0", Some(false)),
                    (AUTO, None),
                ];
                self.ascii = one_of(value, &known)?.unwrap_or_else(|| plain_terminal(vars));
            }
            ("badge", "renew_trust") => self.renew_trust = time(value, 0, YEAR)?,
            ("badge", "max_age") => self.max_age = time(value, 1, 3600)?,
            ("class prod", "match") => {
                let patterns = list(value)?;
                self.prod.patterns = Some(patterns).filter(|p| p != &[AUTO]);
            }
            ("class prod", "account") => {
                self.prod.accounts = list(value)?
                    .iter()
                    .filter_map(|written| account_id(written, notes, true))
                    .collect();
            }
            ("switch", "confirm") => {
                let known = [
                    ("never", Confirm::Never),
                    ("prod", Confirm::Prod),
                    ("always", Confirm::Always),
                ];
                self.confirm = one_of(value, &known)?;
            }
            ("login", "device_code") => self.device_code = list(value)?,
            ("login", "with") => {
                let known = [
                    (AUTO, LoginWith::Auto),
                    ("aws", LoginWith::Aws),
                    ("native", LoginWith::Native),
                ];
                self.login.with = one_of(value, &known)?;
            }
            ("login", "renew") => self.login.renew = one_of(value, &ON_OR_OFF)?,
            // The next three are for awsbadge-sso.
            ("login", "redirect_port") => {
                self.login.redirect_port = match value {
                    AUTO => None,
                    port => Some(number(port, 1, u16::MAX)?),
                };
            }
            ("login", "browser") => self.login.browser = command(value)?,
            ("login", "offer") => self.login.offer = one_of(value, &ON_OR_OFF)?,
            ("console", "open") => self.console = command(value)?,
            ("network", "timeout") => self.timeout = time(value, 1, 3600)?,
            ("alias", profile) => {
                let alias = text(value)?.to_owned();
                self.aliases.push((profile.to_owned(), alias));
            }
            ("account", id) => {
                if let Some(id) = account_id(id, notes, false) {
                    self.account_names.push((id, text(value)?.to_owned()));
                }
            }
            _ => self.set_named(section, key, value)?,
        }
        Ok(())
    }

    /// Sets one key of a section that the user named.
    fn set_named(&mut self, section: &str, key: &str, value: &str) -> Result<(), Diagnostic> {
        let (word, name) = section.split_once(' ').unwrap_or((section, ""));
        let name = name.trim_start();
        match (word, key) {
            ("populate", "name" | "region" | "output" | "only" | "not" | "prune") => {
                let populate = entry(
                    &mut self.populate,
                    |p| p.session == name,
                    || Populate {
                        session: name.to_owned(),
                        ..Populate::default()
                    },
                );
                match key {
                    "name" => populate.name = Some(text(value)?.to_owned()),
                    "region" => populate.region = Some(text(value)?.to_owned()),
                    "output" => populate.output = Some(text(value)?.to_owned()),
                    "only" => populate.only = list(value)?,
                    "not" => populate.not = list(value)?,
                    _ => populate.prune = one_of(value, &ON_OR_OFF)?,
                }
            }
            ("directory", "profile") => {
                let directory = path(name)?.to_owned();
                self.directories.push((directory, text(value)?.to_owned()));
            }
            ("config", "config_file" | "credentials_file") => {
                if name == ConfigSet::DEFAULT {
                    return Err(values::unusable(
                        "'default' means the usual files",
                        "Choose another name for the section",
                    ));
                }
                let path = Some(path(value)?.to_owned());
                let set = entry(
                    &mut self.config_sets,
                    |c| c.name == name,
                    || ConfigSet {
                        name: name.to_owned(),
                        ..ConfigSet::default()
                    },
                );
                match key {
                    "config_file" => set.config_file = path,
                    _ => set.credentials_file = path,
                }
            }
            (_, key) => return Err(unknown_key(section, key)),
        }
        Ok(())
    }
}

/// Returns the entry that `is` finds, or adds one.
fn entry<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let at = list.iter().position(is).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    });
    &mut list[at]
}

/// Whether the locale or the terminal supports only ASCII: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set
/// decides, as in setlocale(3).
fn plain_terminal(vars: &Env) -> bool {
    let locale = [&env_vars::LC_ALL, &env_vars::LC_CTYPE, &env_vars::LANG]
        .iter()
        .find_map(|v| vars.text(v));
    let utf8 = locale.is_some_and(|l| {
        let l = l.to_ascii_lowercase();
        l.contains("utf-8") || l.contains("utf8")
    });
    !utf8 || vars.text(&env_vars::TERM).is_some_and(|t| t == "dumb")
}
