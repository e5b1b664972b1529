//! The user's settings: `config.ini`, and `AWSBADGE_*` variables over it. Every key has a default. An error costs
//! its line, never the file; one that may lose a rule about production puts all of production in doubt.

mod lines;

use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::RENEW_TRUST;
use crate::aws::{Env, Seconds};
use std::borrow::Cow;

/// When a badge is shown at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// If the environment names an identity.
    Set,
    /// Also for the default profile and the roles of containers.
    Always,
    /// Only while the identity works or could.
    Live,
}

/// When the region is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowRegion {
    /// Never.
    Off,
    /// Always, if there is one.
    On,
    /// If the environment's region is not the profile's.
    Differs,
}

/// Which switches ask first, on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// None.
    Never,
    /// Those to production.
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
    /// Account ids, 12 digits each. If there are any, the account of a profile alone decides, as far as it is known.
    pub accounts: Vec<String>,
}

/// The word for a default that depends on something: the production rule, the locale, what is installed.
pub const AUTO: &str = "auto";

/// The word for an empty list.
const NONE: &str = "none";

/// How to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// What does it.
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

/// The flags that `populate` was saved with, of one `[sso-session]`.
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
    /// Patterns, of which one has to match.
    pub only: Vec<String>,
    /// Patterns, of which none may match.
    pub not: Vec<String>,
    /// Whether profiles that the server no longer offers are removed.
    pub prune: bool,
}

/// A named set of AWS's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigSet {
    /// Its name.
    pub name: String,
    /// For `AWS_CONFIG_FILE`.
    pub config_file: Option<String>,
    /// For `AWS_SHARED_CREDENTIALS_FILE`.
    pub credentials_file: Option<String>,
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
    /// When it has a region.
    pub region: ShowRegion,
    /// The widest that a badge may be, in columns.
    pub max_width: usize,
    /// ASCII only.
    pub ascii: bool,
    /// How long after its end a renewable token is believed to be renewable.
    pub renew_trust: Seconds,
    /// How long a badge may be shown without a refresh.
    pub max_age: Seconds,
    /// Short names: profile, alias.
    pub aliases: Vec<(String, String)>,
    /// Which profiles are production.
    pub prod: Prod,
    /// Which switches ask first, on a terminal.
    pub confirm: Confirm,
    /// Sessions whose login uses a device code instead of a browser here.
    pub device_code: Vec<String>,
    /// How to log in.
    pub login: Login,
    /// Saved flags of `populate`, by session.
    pub populate: Vec<Populate>,
    /// How long a call over the network may take.
    pub timeout: Seconds,
    /// Names of accounts: id, name.
    pub account_names: Vec<(String, String)>,
    /// Profiles of directories: path, profile.
    pub directories: Vec<(String, String)>,
    /// Named sets of AWS's files.
    pub config_sets: Vec<ConfigSet>,
    /// The command that opens the console, with `{url}` in it; `None` for the system's own.
    pub console: Option<String>,
    /// Whether an error may have lost a rule about production: then every switch asks, and the badge says so.
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

/// The format of a badge if the settings have none.
pub const DEFAULT_FORMAT: &str = "{symbol}{profile}{ region}{ left}";

/// One key of the settings, for `awsbadge settings` and for the first file.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The section, without brackets.
    pub section: &'static str,
    /// The key.
    pub key: &'static str,
    /// The variable that overrides it, if there is one.
    pub var: Option<&'static EnvVar>,
    /// The default, as it would be written.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Whether anything in this version goes by it. If not, it is read and checked, with a warning.
    pub used: bool,
}

impl Key {
    const fn new(
        section: &'static str,
        key: &'static str,
        default: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            section,
            key,
            var: None,
            default,
            about,
            used: true,
        }
    }

    const fn var(self, var: &'static EnvVar) -> Self {
        Self {
            var: Some(var),
            ..self
        }
    }

    const fn unused(self) -> Self {
        Self {
            used: false,
            ..self
        }
    }
}

/// Every key with a fixed name in a section with a fixed name.
pub const KEYS: &[Key] = &[
    Key::new(
        "badge",
        "format",
        DEFAULT_FORMAT,
        "The badge: symbol, profile, region, left, account, role in braces; a space inside the braces goes with it",
    )
    .var(&env_vars::AWSBADGE_FORMAT),
    Key::new("badge", "symbol", "aws:", "What comes before the name").var(&env_vars::AWSBADGE_SYMBOL),
    Key::new(
        "badge",
        "show",
        "set",
        "set: if a variable names an identity; always: also for the default profile and container roles; live: only while it works",
    )
    .var(&env_vars::AWSBADGE_SHOW),
    Key::new(
        "badge",
        "region",
        "off",
        "off, on, or differs: if the environment's region is not the profile's",
    )
    .var(&env_vars::AWSBADGE_SHOW_REGION),
    Key::new(
        "badge",
        "max_width",
        "40",
        "The widest badge, in columns (10 to 200)",
    )
    .var(&env_vars::AWSBADGE_MAX_WIDTH),
    Key::new(
        "badge",
        "ascii",
        AUTO,
        "on: ASCII only; off; auto: by the locale and the terminal",
    )
    .var(&env_vars::AWSBADGE_ASCII),
    Key::new(
        "badge",
        "renew_trust",
        "8h",
        "How long after its end a renewable token is believed to be renewable",
    )
    .var(&env_vars::AWSBADGE_RENEW_TRUST),
    Key::new(
        "badge",
        "max_age",
        "60s",
        "How long a badge may be shown without a refresh, whatever the hook saw (1s to 1h)",
    )
    .var(&env_vars::AWSBADGE_MAX_AGE),
    Key::new(
        "class prod",
        "match",
        AUTO,
        "Patterns for names of production profiles, separated by commas; auto: prod, production, prd or live as a word",
    ),
    Key::new(
        "class prod",
        "account",
        NONE,
        "Account ids of production, separated by commas; a known account decides alone",
    ),
    Key::new(
        "switch",
        "confirm",
        "never",
        "Which switches ask first, on a terminal: never, prod or always",
    ),
    Key::new(
        "login",
        "device_code",
        NONE,
        "Sessions that log in by device code, separated by commas; * for all",
    ),
    Key::new(
        "login",
        "with",
        AUTO,
        "What logs in: aws, native, or auto: native if it is installed",
    )
    .unused(),
    Key::new(
        "login",
        "renew",
        "off",
        "Whether a renewable token is renewed in the background",
    )
    .unused(),
    Key::new(
        "login",
        "offer",
        "off",
        "Whether a switch offers a login that would help",
    )
    .unused(),
    Key::new(
        "login",
        "redirect_port",
        AUTO,
        "The port that the browser comes back to; auto: any free one",
    )
    .unused(),
    Key::new(
        "login",
        "browser",
        AUTO,
        "The command that opens a browser; auto: the system's own",
    )
    .unused(),
    Key::new(
        "network",
        "timeout",
        "8s",
        "How long a call over the network may take",
    )
    .unused(),
    Key::new(
        "console",
        "open",
        AUTO,
        "The command that opens the console, with {url} in it; auto: the system's own",
    )
    .unused(),
];

/// A section whose name or keys are the user's own.
struct Open {
    /// Its name, or with `named` the word before the name.
    word: &'static str,
    /// Whether a name follows: `[populate NAME]`.
    named: bool,
    /// Its keys; empty if they are the user's own.
    keys: &'static [&'static str],
}

const OPEN: &[Open] = &[
    Open {
        word: "alias",
        named: false,
        keys: &[],
    },
    Open {
        word: "account",
        named: false,
        keys: &[],
    },
    Open {
        word: "populate",
        named: true,
        keys: &["name", "region", "output", "only", "not", "prune"],
    },
    Open {
        word: "directory",
        named: true,
        keys: &["profile"],
    },
    Open {
        word: "config",
        named: true,
        keys: &["config_file", "credentials_file"],
    },
];

/// The codes of problems: stable, since `doctor --json` and `status --json` have them.
pub mod code {
    /// The file is there and can't be read.
    pub const UNREADABLE: &str = "settings-unreadable";
    /// The file is not UTF-8 text.
    pub const ENCODING: &str = "settings-encoding";
    /// A line is nothing that a settings file has.
    pub const BROKEN_LINE: &str = "settings-broken-line";
    /// A section's header can't be read, so its keys do not count.
    pub const BROKEN_HEADER: &str = "settings-broken-header";
    /// A value ends in a backslash.
    pub const FINAL_BACKSLASH: &str = "settings-final-backslash";
    /// The parser did not find what the line check found.
    pub const PARSER: &str = "settings-parser";
    /// There is no such section.
    pub const UNKNOWN_SECTION: &str = "settings-unknown-section";
    /// A section is there twice.
    pub const DUPLICATE_SECTION: &str = "settings-duplicate-section";
    /// There is no such key in its section.
    pub const UNKNOWN_KEY: &str = "settings-unknown-key";
    /// A key is there twice.
    pub const DUPLICATE_KEY: &str = "settings-duplicate-key";
    /// A value can't be used.
    pub const VALUE: &str = "settings-value";
    /// An account id has not 12 digits, or more than digits.
    pub const ACCOUNT_ID: &str = "settings-account-id";
    /// The format has a field that does not exist.
    pub const FORMAT_FIELD: &str = "settings-format-field";
    /// This version knows the setting, and does not go by it.
    pub const UNUSED: &str = "settings-unused";
}

/// What a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The settings file as a whole.
    File,
    /// This line of it, counted from 1.
    Line(u32),
    /// This variable.
    Variable(&'static str),
}

/// Something in the settings that can't be used, or is not what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// One of [`code`].
    pub code: &'static str,
    /// What it is about.
    pub place: Place,
    /// What is wrong, without the place.
    pub message: String,
    /// What to do about it.
    pub fix: String,
    /// Whether a rule about production may be lost by it.
    pub hides_production: bool,
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

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The section, without brackets.
    pub section: String,
    /// The key.
    pub key: String,
    /// The value, as it was written.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// The settings file, as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// There is none.
    Absent,
    /// Its bytes.
    Bytes(&'a [u8]),
    /// It is there and can't be read: why, in words.
    Unusable(&'a str),
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        Self::Bytes(text.as_bytes())
    }
}

impl Settings {
    /// From `config.ini`, with the variables of `vars` over it. What can't be used is left at its default and is
    /// a problem: those of the file come first, by line.
    #[must_use]
    pub fn read(source: Source<'_>, vars: &Env) -> (Self, Vec<Problem>) {
        let (settings, problems, _) = Reading::all(source, vars, None);
        (settings, problems)
    }

    /// Every setting with the value in force: those of [`KEYS`] in their order, then the user's own sections in the
    /// order of the file. A key that this version does not go by is left out unless the file sets it.
    #[must_use]
    pub fn table(source: Source<'_>, vars: &Env) -> Vec<Entry> {
        let (_, _, set) = Reading::all(source, vars, Some(Vec::new()));
        let mut set = set.unwrap_or_default();
        let mut entries = Vec::new();
        for key in KEYS {
            let of_key = |e: &Entry| e.section == key.section && e.key == key.key;
            // The last one is in force.
            let last = set.iter().rev().find(|e| of_key(e)).cloned();
            set.retain(|e| !of_key(e));
            entries.extend(last.or_else(|| {
                key.used.then(|| Entry {
                    section: key.section.to_owned(),
                    key: key.key.to_owned(),
                    value: key.default.to_owned(),
                    origin: Origin::Default,
                })
            }));
        }
        entries.append(&mut set);
        entries
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

/// Settings while they are read.
struct Reading<'v> {
    settings: Settings,
    vars: &'v Env,
    problems: Vec<Problem>,
    /// What was set, in order; only for [`Settings::table`].
    set: Option<Vec<Entry>>,
}

impl<'v> Reading<'v> {
    fn all(
        source: Source<'_>,
        vars: &'v Env,
        set: Option<Vec<Entry>>,
    ) -> (Settings, Vec<Problem>, Option<Vec<Entry>>) {
        let mut reading = Self {
            settings: Settings {
                ascii: plain_terminal(vars),
                ..Settings::default()
            },
            vars,
            problems: Vec::new(),
            set,
        };
        match source {
            Source::Absent => {}
            Source::Unusable(why) => {
                let message = format!("the settings can't be read: {why}");
                reading.lost(code::UNREADABLE, message, "Make it a readable file");
            }
            Source::Bytes(bytes) => reading.file(bytes),
        }
        reading.problems.sort_by_key(|p| match p.place {
            Place::Line(line) => line,
            Place::File | Place::Variable(_) => 0,
        });
        for key in KEYS {
            if let Some((var, value)) = key.var.and_then(|var| vars.text(var).map(|v| (var, v))) {
                reading.setting(
                    key.section,
                    key.key,
                    value.trim(),
                    Origin::Variable(var.name),
                );
            }
        }
        reading.settings.production_in_doubt = reading.problems.iter().any(|p| p.hides_production);
        (reading.settings, reading.problems, reading.set)
    }

    /// A problem with the file as a whole.
    fn lost(&mut self, code: &'static str, message: String, fix: &str) {
        self.problems.push(Problem {
            code,
            place: Place::File,
            message,
            fix: fix.to_owned(),
            hides_production: true,
        });
    }

    fn file(&mut self, bytes: &[u8]) {
        // Some editors mark UTF-8 so; the mark is not part of the first line.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        if utf16 || memchr::memchr(0, bytes).is_some() {
            let message =
                "the settings are not UTF-8 text, but UTF-16 or no text at all".to_owned();
            return self.lost(code::ENCODING, message, "Save the file as UTF-8");
        }
        // The fast way for what is mostly ASCII.
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let checked = lines::check(&text, matches!(text, Cow::Owned(_)));
        for fault in &checked.faults {
            self.problems.push(Problem {
                code: fault.code,
                place: Place::Line(fault.line),
                message: fault.message.to_owned(),
                fix: fault.fix.to_owned(),
                hides_production: fault.hides_production,
            });
        }
        if checked.headers.is_empty() && checked.pairs.is_empty() {
            return;
        }
        let superseded = self.duplicates(&checked);
        for (at, header) in checked.headers.iter().enumerate() {
            if !is_section(header.name) {
                self.unknown_section(&checked, at, header);
            }
        }
        let options = ini::ParseOption {
            enabled_escape: false,
            enabled_quote: false,
            ..Default::default()
        };
        let parsed = ini::Ini::load_from_str_opt(&checked.clean, options);
        let parsed = parsed.unwrap_or_default();
        let mut rows = parsed
            .iter()
            .flat_map(|(section, keys)| keys.iter().map(move |(key, value)| (section, key, value)));
        for pair in &checked.pairs {
            let section = pair.section.map(|at| checked.headers[at].name);
            // What rust-ini reads is used only as far as it is what the line check read.
            let row = rows.next();
            let Some((.., value)) = row.filter(|(of, key, _)| {
                *of == section && *key == &checked.clean[pair.clean_key.clone()]
            }) else {
                let message = format!("the settings can't be parsed from line {}", pair.line);
                return self.lost(
                    code::PARSER,
                    message,
                    "Remove what is unusual about that line",
                );
            };
            match section {
                Some(_) if superseded.binary_search(&pair.line).is_ok() => {}
                Some(name) if is_section(name) => {
                    self.setting(name, pair.key, value, Origin::Line(pair.line));
                }
                Some(_) => {}
                None => self.problems.push(Problem {
                    code: code::UNKNOWN_KEY,
                    place: Place::Line(pair.line),
                    message: format!("{} is before the first [section]", pair.key),
                    fix: "Put it into the section that it belongs to".to_owned(),
                    hides_production: is_production_key(pair.key),
                }),
            }
        }
    }

    fn unknown_section(
        &mut self,
        checked: &lines::Checked<'_>,
        at: usize,
        header: &lines::Header<'_>,
    ) {
        // The pairs are in the order of their sections.
        let first = checked.pairs.partition_point(|p| p.section < Some(at));
        let keys = &checked.pairs[first..];
        let mut keys = keys.iter().take_while(|p| p.section == Some(at));
        let hides_production =
            resembles_production(header.name) || keys.any(|p| is_production_key(p.key));
        let fix = match nearest(header.name, section_names()) {
            Some(near) => format!("Write [{near}], or remove the section"),
            None => "Remove it; `awsbadge settings` shows the sections that there are".to_owned(),
        };
        self.problems.push(Problem {
            code: code::UNKNOWN_SECTION,
            place: Place::Line(header.line),
            message: format!(
                "[{}]: there is no such section; its keys do not count",
                header.name
            ),
            fix,
            hides_production,
        });
    }

    /// Finds sections and keys that are there twice. Gives the lines of keys that a later line sets, in order.
    fn duplicates(&mut self, checked: &lines::Checked<'_>) -> Vec<u32> {
        let mut superseded = Vec::new();
        let headers = checked.headers.iter().map(|h| (h.name, "", h.line));
        let pairs = checked.pairs.iter().filter_map(|p| {
            let section = checked.headers[p.section?].name;
            Some((section, p.key, p.line))
        });
        // By length first: that tells most of them apart in one step.
        let mut all: Vec<(usize, &str, &str, u32)> =
            Vec::with_capacity(checked.headers.len() + checked.pairs.len());
        all.extend(headers.chain(pairs).map(|(section, key, line)| {
            let length = section.len() << 16 | key.len();
            (length, section, key, line)
        }));
        all.sort_unstable();
        for two in all.windows(2) {
            let &[(_, section, key, first), (_, other, again, line)] = two else {
                continue;
            };
            if (section, key) != (other, again) {
                continue;
            }
            if !key.is_empty() {
                superseded.push(first);
            }
            self.problems.push(match key {
                "" => Problem {
                    code: code::DUPLICATE_SECTION,
                    place: Place::Line(line),
                    message: format!("[{section}] is there already, on line {first}"),
                    fix: "Put the keys of both into one".to_owned(),
                    hides_production: false,
                },
                key => Problem {
                    code: code::DUPLICATE_KEY,
                    place: Place::Line(line),
                    message: format!(
                        "[{section}] {key} is set already, on line {first}; this line counts"
                    ),
                    fix: "Remove one of them".to_owned(),
                    hides_production: guards_production(section),
                },
            });
        }
        superseded.sort_unstable();
        superseded
    }

    /// Sets one key, if its value can be used.
    fn setting(&mut self, section: &str, key: &str, value: &str, origin: Origin) {
        let place = match origin {
            Origin::Line(line) => Place::Line(line),
            Origin::Variable(var) => Place::Variable(var),
            Origin::Default => Place::File,
        };
        let subject = || match origin {
            Origin::Variable(var) => var.to_owned(),
            _ => format!("[{section}] {key}"),
        };
        let mut notes = Vec::new();
        let refused = self
            .settings
            .set(section, key, value, self.vars, &mut notes)
            .err();
        let in_force = refused.is_none();
        if let Some(mut note) = refused {
            note.hides_production |= guards_production(section);
            notes.push(note);
        }
        self.problems.extend(notes.into_iter().map(|note| Problem {
            code: note.code,
            place,
            message: format!("{}: {}", subject(), note.message),
            fix: note.fix,
            hides_production: note.hides_production,
        }));
        if let Some(set) = self.set.as_mut().filter(|_| in_force) {
            set.push(Entry {
                section: section.to_owned(),
                key: key.to_owned(),
                value: value.to_owned(),
                origin,
            });
        }
    }
}

/// What is wrong with the value of a key.
#[derive(Debug, PartialEq, Eq)]
struct Note {
    code: &'static str,
    message: String,
    fix: String,
    hides_production: bool,
}

impl Note {
    fn new(code: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fix: fix.into(),
            hides_production: false,
        }
    }

    fn value(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(code::VALUE, message, fix)
    }

    fn hides_production(self) -> Self {
        Self {
            hides_production: true,
            ..self
        }
    }
}

impl Settings {
    /// Sets one key. An error leaves it as it is; what else is to be said of the value goes to `notes`.
    fn set(
        &mut self,
        section: &str,
        key: &str,
        value: &str,
        vars: &Env,
        notes: &mut Vec<Note>,
    ) -> Result<(), Note> {
        match (section, key) {
            ("badge", "format") => {
                let mut unknown = Vec::new();
                self.format = Format::noting(value, &mut unknown);
                notes.extend(unknown.into_iter().map(|field| {
                    Note::new(
                        code::FORMAT_FIELD,
                        format!("{field} is not a field, and is shown as it is written"),
                        "The fields are {symbol}, {profile}, {region}, {left}, {account} and {role}",
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
            ("alias", profile) => {
                let alias = text(value)?.to_owned();
                self.aliases.push((profile.to_owned(), alias));
            }
            _ => {
                self.set_unused(section, key, value, notes)?;
                notes.push(Note::new(
                    code::UNUSED,
                    "this version does not go by it",
                    "Remove it, or install a newer version",
                ));
            }
        }
        Ok(())
    }

    /// Sets one key that this version only knows.
    fn set_unused(
        &mut self,
        section: &str,
        key: &str,
        value: &str,
        notes: &mut Vec<Note>,
    ) -> Result<(), Note> {
        match (section, key) {
            ("login", "with") => {
                let known = [
                    (AUTO, LoginWith::Auto),
                    ("aws", LoginWith::Aws),
                    ("native", LoginWith::Native),
                ];
                self.login.with = one_of(value, &known)?;
            }
            ("login", "renew") => self.login.renew = one_of(value, &ON_OR_OFF)?,
            ("login", "offer") => self.login.offer = one_of(value, &ON_OR_OFF)?,
            ("login", "redirect_port") => {
                self.login.redirect_port = match value {
                    AUTO => None,
                    port => Some(number(port, 1, u16::MAX)?),
                };
            }
            ("login", "browser") => self.login.browser = command(value)?,
            ("network", "timeout") => self.timeout = time(value, 1, 3600)?,
            ("console", "open") => self.console = command(value)?,
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
    fn set_named(&mut self, section: &str, key: &str, value: &str) -> Result<(), Note> {
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
                let profile = text(value)?.to_owned();
                self.directories.push((name.to_owned(), profile));
            }
            ("config", "config_file" | "credentials_file") => {
                let path = Some(text(value)?.to_owned());
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

fn unknown_key(section: &str, key: &str) -> Note {
    let of_open = open(section).map_or(&[] as &[&str], |open| open.keys);
    let fixed = KEYS.iter().filter(|k| k.section == section).map(|k| k.key);
    let keys: Vec<&str> = fixed.chain(of_open.iter().copied()).collect();
    let fix = match nearest(key, keys.iter().copied()) {
        Some(near) => format!("Write {near}, or remove the line"),
        None => format!("The keys of [{section}] are: {}", keys.join(", ")),
    };
    let note = Note::new(code::UNKNOWN_KEY, "there is no such key", fix);
    match is_production_key(key) {
        true => note.hides_production(),
        false => note,
    }
}

/// The section with a name or keys of the user's own that `section` is.
fn open(section: &str) -> Option<&'static Open> {
    OPEN.iter().find(|open| match open.named {
        false => section == open.word,
        true => section
            .strip_prefix(open.word)
            .is_some_and(|rest| rest.starts_with(' ')),
    })
}

/// Whether there is such a section. A list of its own, since every prompt asks; a test compares it with [`KEYS`].
fn is_section(name: &str) -> bool {
    let fixed = [
        "badge",
        "class prod",
        "switch",
        "login",
        "network",
        "console",
    ];
    fixed.contains(&name) || open(name).is_some()
}

/// The names of sections, for suggestions.
fn section_names() -> impl Iterator<Item = &'static str> {
    let fixed = KEYS.iter().map(|key| key.section);
    fixed.chain(OPEN.iter().filter(|open| !open.named).map(|open| open.word))
}

/// Whether a section has rules about production.
fn guards_production(section: &str) -> bool {
    matches!(section, "class prod" | "switch")
}

/// Whether a section that does not exist may have been meant to have rules about production: `[Class Prod]`,
/// `[prod]`, `[swich]`.
fn resembles_production(name: &str) -> bool {
    words(name).any(|word| {
        let word = word.to_lowercase();
        is_near_production(&word)
            || ["class", "switch", "confirm", "prod", "prd", "live"]
                .iter()
                .any(|part| word.contains(part))
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty())
}

/// Whether a word is `class` or `switch`, or nearly so.
fn is_near_production(word: &str) -> bool {
    let word = word.to_lowercase();
    let near = |known: &str, most: usize| strsim::damerau_levenshtein(&word, known) <= most;
    near("class", 1) || near("switch", 2)
}

/// Whether a key that does not exist may have been meant as a rule about production.
fn is_production_key(key: &str) -> bool {
    let key = key.to_lowercase();
    words(&key).any(|word| {
        // Not `watch`, which is one letter away.
        let near = |known: &str| {
            word.starts_with(&known[..1]) && strsim::damerau_levenshtein(word, known) <= 1
        };
        [
            "match", "matches", "account", "accounts", "confirm", "class", "switch",
        ]
        .into_iter()
        .any(near)
    })
}

/// The one of `names` that looks most like `name`.
fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_lowercase();
    let few = (name.chars().count() / 3).max(1);
    let distance = |known: &&str| strsim::damerau_levenshtein(&name, known);
    let best = names.min_by_key(distance)?;
    (distance(&best) <= few).then_some(best)
}

const ON_OR_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];

fn one_of<T: Copy>(value: &str, known: &[(&str, T)]) -> Result<T, Note> {
    let found = known.iter().find(|(word, _)| *word == value);
    found.map(|(_, v)| *v).ok_or_else(|| {
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        Note::value(
            format!("'{value}' is not one of {}", words.join(", ")),
            "Write one of them, or remove the line",
        )
    })
}

/// A whole number from `least` to `most`.
fn number<T>(value: &str, least: T, most: T) -> Result<T, Note>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    let parsed = value.parse().ok().filter(|n| (&least..=&most).contains(&n));
    parsed.ok_or_else(|| {
        Note::value(
            format!("'{value}' is not a number from {least} to {most}"),
            "Write such a number, or remove the line",
        )
    })
}

/// A length of time of `least` to `most` seconds.
fn time(value: &str, least: i64, most: i64) -> Result<Seconds, Note> {
    let parsed = duration(value).filter(|s| (least..=most).contains(&s.0));
    parsed.ok_or_else(|| {
        let length = |seconds: i64| match seconds {
            s if s >= 86_400 => format!("{}d", s / 86_400),
            s if s >= 3600 => format!("{}h", s / 3600),
            s => format!("{s}s"),
        };
        Note::value(
            format!(
                "'{value}' is not a length of time from {} to {}",
                length(least),
                length(most)
            ),
            "Write a number and s, m, h or d, such as 30m",
        )
    })
}

/// Parts that commas separate; [`NONE`] for no part.
fn list(value: &str) -> Result<Vec<String>, Note> {
    let parts = value.split(',').map(str::trim).filter(|v| !v.is_empty());
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    match parts.as_slice() {
        [] => Err(Note::value(
            "the value is empty",
            "Write a value, or remove the line",
        )),
        [none] if none == NONE => Ok(Vec::new()),
        _ => Ok(parts),
    }
}

fn text(value: &str) -> Result<&str, Note> {
    match value {
        "" => Err(Note::value(
            "the value is empty",
            "Write a value, or remove the line",
        )),
        value => Ok(value),
    }
}

/// A command, or `None` for [`AUTO`].
fn command(value: &str) -> Result<Option<String>, Note> {
    Ok(Some(text(value)?.to_owned()).filter(|c| c != AUTO))
}

/// An account id: 12 digits, without the dashes and spaces that people read it in.
fn account_id(written: &str, notes: &mut Vec<Note>, guards: bool) -> Option<String> {
    let separates =
        |c: char| c == '-' || c.is_whitespace() || ('\u{2010}'..='\u{2015}').contains(&c);
    let id: String = written.chars().filter(|c| !separates(*c)).collect();
    if id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()) {
        let note = Note::new(
            code::ACCOUNT_ID,
            format!("'{written}' is not an account id, and does not count"),
            "Write all 12 digits",
        );
        notes.push(if guards {
            note.hides_production()
        } else {
            note
        });
        return None;
    }
    if id != written {
        notes.push(Note::new(
            code::ACCOUNT_ID,
            format!("'{written}' is read as {id}"),
            format!("Write {id}"),
        ));
    }
    Some(id)
}

/// The one that `is` finds, added if there is none.
fn entry<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let at = list.iter().position(is).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    });
    &mut list[at]
}

/// The longest time that a setting can have, in seconds.
const YEAR: i64 = 366 * 86_400;

/// `30m`, `8h`, `2d`, `90s`; a year at most.
#[must_use]
pub fn duration(text: &str) -> Option<Seconds> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    let seconds = number.parse::<i64>().ok()?.checked_mul(unit)?;
    (seconds <= YEAR).then_some(Seconds(seconds))
}

/// Whether locale or terminal have no more than ASCII: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set
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

/// A template for the badge: literal text, and fields in braces. A field that is empty takes what is beside it
/// inside its braces with it: `{ left}`. `badge::format` fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`Format`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// A field, and the text beside it inside its braces.
    Field {
        /// Before the field.
        before: String,
        /// The field.
        field: Field,
        /// After it.
        after: String,
    },
}

/// What a field of a [`Format`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The symbol of the settings.
    Symbol,
    /// The profile, or what overrides which profile.
    Profile,
    /// The region.
    Region,
    /// The time left, or the state.
    Left,
    /// The account id.
    Account,
    /// The role.
    Role,
}

impl Format {
    /// Reads a template; what is not a field stays as text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::noting(text, &mut Vec::new())
    }

    /// The same; what looks like a field and is none goes to `unknown` too, with its braces.
    fn noting(text: &str, unknown: &mut Vec<String>) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, inside, after)) = rest
            .split_once('{')
            .and_then(|(b, r)| r.split_once('}').map(|(i, a)| (b, i, a)))
        {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Self::field(inside).unwrap_or_else(|| {
                unknown.push(format!("{{{inside}}}"));
                Piece::Text(format!("{{{inside}}}"))
            }));
            rest = after;
        }
        if let Some(open) = rest.find('{') {
            unknown.push(rest[open..].to_owned());
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self { pieces }
    }

    fn field(inside: &str) -> Option<Piece> {
        let start = inside.find(|c: char| c.is_ascii_alphabetic())?;
        let tail = &inside[start..];
        let end = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let field = match &tail[..end] {
            "symbol" => Field::Symbol,
            "profile" => Field::Profile,
            "region" => Field::Region,
            "left" => Field::Left,
            "account" => Field::Account,
            "role" => Field::Role,
            _ => return None,
        };
        Some(Piece::Field {
            before: inside[..start].to_owned(),
            field,
            after: tail[end..].to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
