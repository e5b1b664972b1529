//! The user's settings: `config.ini`, and `AWSBADGE_*` variables over it. Every key has a default, and a wrong
//! value is a warning, never a failure.

use super::class::Prod;
use super::{BadgeInput, IdentityLabel, safe};
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::RENEW_TRUST;
use crate::aws::{Env, Seconds};

/// When a badge is shown at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Where the environment names an identity.
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
    /// Always, where there is one.
    On,
    /// Where the environment's region is not the profile's.
    Differs,
}

/// All settings that matter to the badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The badge's form.
    pub format: Format,
    /// What stands before the name.
    pub symbol: String,
    /// When there is a badge.
    pub show: Show,
    /// When it has a region.
    pub region: ShowRegion,
    /// The widest that a badge may be, in columns.
    pub max_width: usize,
    /// ASCII only.
    pub ascii: bool,
    /// For how long after its end a renewable token is believed to be renewable.
    pub renew_trust: Seconds,
    /// Short names: profile, alias.
    pub aliases: Vec<(String, String)>,
    /// Which profiles are production.
    pub prod: Prod,
    /// Whether a switch to production asks first, on a terminal.
    pub confirm_prod: bool,
    /// Sessions whose login uses a device code instead of a browser here.
    pub device_code: Vec<String>,
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
            aliases: Vec::new(),
            prod: Prod::default(),
            confirm_prod: false,
            device_code: Vec::new(),
        }
    }
}

const DEFAULT_FORMAT: &str = "{symbol}{profile}{ region}{ left}";

/// One key of the settings, for `awsbadge settings` and for the starting file.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The section, without brackets.
    pub section: &'static str,
    /// The key.
    pub key: &'static str,
    /// The variable that overrides it, where there is one.
    pub var: Option<&'static EnvVar>,
    /// The default, as it would be written.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
}

/// Every key with a fixed name. `[alias]` takes profile names as keys.
pub static KEYS: [Key; 11] = [
    Key {
        section: "badge",
        key: "format",
        var: Some(&env_vars::AWSBADGE_FORMAT),
        default: DEFAULT_FORMAT,
        about: "The badge: symbol, profile, region, left, account, role in braces; a blank inside the brace goes with it",
    },
    Key {
        section: "badge",
        key: "symbol",
        var: Some(&env_vars::AWSBADGE_SYMBOL),
        default: "aws:",
        about: "What stands before the name",
    },
    Key {
        section: "badge",
        key: "show",
        var: Some(&env_vars::AWSBADGE_SHOW),
        default: "set",
        about: "set: where a variable names an identity; always: also for the default profile and container roles; live: only while it works",
    },
    Key {
        section: "badge",
        key: "region",
        var: Some(&env_vars::AWSBADGE_SHOW_REGION),
        default: "off",
        about: "off, on, or differs: where the environment's region is not the profile's",
    },
    Key {
        section: "badge",
        key: "max_width",
        var: Some(&env_vars::AWSBADGE_MAX_WIDTH),
        default: "40",
        about: "The widest badge, in columns (10 to 200)",
    },
    Key {
        section: "badge",
        key: "ascii",
        var: Some(&env_vars::AWSBADGE_ASCII),
        default: "auto",
        about: "on: ASCII only; off; auto: by the locale and the terminal",
    },
    Key {
        section: "badge",
        key: "renew_trust",
        var: Some(&env_vars::AWSBADGE_RENEW_TRUST),
        default: "8h",
        about: "For how long after its end a renewable token is believed to be renewable",
    },
    Key {
        section: "class prod",
        key: "match",
        var: None,
        default: "",
        about: "Patterns for names of production profiles, separated by commas; empty: prod, production, prd or live as a word",
    },
    Key {
        section: "class prod",
        key: "account",
        var: None,
        default: "",
        about: "Account ids of production, separated by commas; a known account decides alone",
    },
    Key {
        section: "switch",
        key: "confirm",
        var: None,
        default: "",
        about: "prod: ask before a switch to production, on a terminal",
    },
    Key {
        section: "login",
        key: "device_code",
        var: None,
        default: "",
        about: "Sessions that log in by device code, separated by commas; * for all",
    },
];

/// A setting that can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// `[section] key`, or the variable.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

/// Where a setting's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing else says anything.
    Default,
    /// `config.ini`.
    File,
    /// This variable.
    Variable(&'static str),
}

/// One setting as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The section, without brackets.
    pub section: &'static str,
    /// The key.
    pub key: String,
    /// The value, as it was written.
    pub value: String,
    /// Where it comes from.
    pub place: Place,
}

impl Settings {
    /// From the text of `config.ini`, where there is one, with the variables of `vars` over it. What can't be
    /// used is left at its default and complained of.
    #[must_use]
    pub fn read(ini: Option<&str>, vars: &Env) -> (Self, Vec<Complaint>) {
        let mut settings = Self {
            ascii: plain_terminal(vars),
            ..Self::default()
        };
        let mut complaints = Vec::new();
        if let Some(text) = ini {
            match load(text) {
                Ok(file) => {
                    for (section, properties) in &file {
                        for (key, value) in properties.iter() {
                            let section = section.unwrap_or("");
                            if let Err(message) = settings.set(section, key, value, vars) {
                                complaints.push(Complaint {
                                    place: format!("[{section}] {key}"),
                                    message,
                                });
                            }
                        }
                    }
                }
                Err(e) => complaints.push(Complaint {
                    place: format!("line {}", e.line),
                    message: e.msg.to_string(),
                }),
            }
        }
        for key in &KEYS {
            if let Some((var, value)) = key.var.and_then(|var| vars.text(var).map(|v| (var, v)))
                && let Err(message) = settings.set(key.section, key.key, &value, vars)
            {
                complaints.push(Complaint {
                    place: var.name.to_owned(),
                    message,
                });
            }
        }
        (settings, complaints)
    }

    fn set(&mut self, section: &str, key: &str, value: &str, vars: &Env) -> Result<(), String> {
        let value = value.trim();
        let list = || -> Vec<String> {
            let parts = value.split(',').map(str::trim);
            parts.filter(|v| !v.is_empty()).map(str::to_owned).collect()
        };
        match (section, key) {
            ("badge", "format") => self.format = Format::parse(value),
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
            ("badge", "max_width") => {
                let width = value.parse().ok().filter(|w| (10..=200).contains(w));
                self.max_width = width.ok_or("not a number from 10 to 200")?;
            }
            ("badge", "ascii") => {
                let known = [
                    ("on", Some(true)),
                    ("1", Some(true)),
                    ("off", Some(false)),
                    ("0", Some(false)),
                    ("auto", None),
                ];
                self.ascii = one_of(value, &known)?.unwrap_or_else(|| plain_terminal(vars));
            }
            ("badge", "renew_trust") => {
                self.renew_trust =
                    duration(value).ok_or("not a length of time such as 30m, 8h or 2d")?;
            }
            ("class prod", "match") => self.prod.patterns = Some(list()).filter(|l| !l.is_empty()),
            ("class prod", "account") => self.prod.accounts = list(),
            ("switch", "confirm") => {
                self.confirm_prod = one_of(value, &[("prod", true), ("", false)])?
            }
            ("login", "device_code") => self.device_code = list(),
            ("alias", profile) => self.aliases.push((profile.to_owned(), value.to_owned())),
            _ => return Err("no such setting".to_owned()),
        }
        Ok(())
    }

    /// Every setting with the value that counts, in the order of [`KEYS`], then the aliases.
    #[must_use]
    pub fn table(ini: Option<&str>, vars: &Env) -> Vec<Entry> {
        let (_, complaints) = Self::read(ini, vars);
        let refused = |place: &str| complaints.iter().any(|c| c.place == place);
        let file = ini.and_then(|text| load(text).ok());
        let mut entries: Vec<Entry> = Vec::new();
        for key in &KEYS {
            let of_variable = key.var.and_then(|var| {
                let value = vars.text(var).filter(|_| !refused(var.name))?;
                Some((value.into_owned(), Place::Variable(var.name)))
            });
            let of_file = || {
                let value = file.as_ref()?.get_from(Some(key.section), key.key)?;
                let place = format!("[{}] {}", key.section, key.key);
                (!refused(&place)).then(|| (value.trim().to_owned(), Place::File))
            };
            let (value, place) = of_variable
                .or_else(of_file)
                .unwrap_or_else(|| (key.default.to_owned(), Place::Default));
            entries.push(Entry {
                section: key.section,
                key: key.key.to_owned(),
                value,
                place,
            });
        }
        let aliases = file.as_ref().and_then(|f| f.section(Some("alias")));
        entries.extend(
            aliases
                .into_iter()
                .flat_map(|a| a.iter())
                .map(|(key, value)| Entry {
                    section: "alias",
                    key: key.to_owned(),
                    value: value.trim().to_owned(),
                    place: Place::File,
                }),
        );
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

/// The file as rust-ini reads it, without escapes: a backslash in a name is a backslash.
fn load(text: &str) -> Result<ini::Ini, ini::ParseError> {
    let options = ini::ParseOption {
        enabled_escape: false,
        ..Default::default()
    };
    ini::Ini::load_from_str_opt(text, options)
}

fn one_of<T: Copy>(value: &str, known: &[(&str, T)]) -> Result<T, String> {
    known
        .iter()
        .find(|(word, _)| *word == value)
        .map(|(_, v)| *v)
        .ok_or_else(|| {
            let words: Vec<_> = known
                .iter()
                .map(|(word, _)| *word)
                .filter(|w| !w.is_empty())
                .collect();
            format!("not one of {}", words.join(", "))
        })
}

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
    (seconds <= 366 * 86_400).then_some(Seconds(seconds))
}

/// Whether locale or terminal have no more than ASCII: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set
/// decides, as in setlocale(3).
fn plain_terminal(vars: &Env) -> bool {
    let locale = [&env_vars::LC_ALL, &env_vars::LC_CTYPE, &env_vars::LANG]
        .into_iter()
        .find_map(|v| vars.text(v));
    let utf8 = locale.is_some_and(|l| {
        let l = l.to_ascii_lowercase();
        l.contains("utf-8") || l.contains("utf8")
    });
    !utf8 || vars.text(&env_vars::TERM).is_some_and(|t| t == "dumb")
}

/// The badge's form: literal text, and fields in braces. A field that is empty takes what stands beside it
/// inside its braces with it: `{ left}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field {
        before: String,
        field: Field,
        after: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Symbol,
    Profile,
    Region,
    Left,
    Account,
    Role,
}

impl Format {
    /// Reads a form; what is no known field stays as text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, inside, after)) = rest
            .split_once('{')
            .and_then(|(b, r)| r.split_once('}').map(|(i, a)| (b, i, a)))
        {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces
                .push(Self::field(inside).unwrap_or_else(|| Piece::Text(format!("{{{inside}}}"))));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self(pieces)
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

    /// The text of a badge, at most `max_width` columns wide: what is too long is taken from the name.
    #[must_use]
    pub fn render(
        &self,
        subject: &BadgeInput,
        mark: &str,
        left: &str,
        settings: &Settings,
    ) -> String {
        let name = full_name(subject, left, settings);
        let whole = self.compose(subject, mark, left, &name, settings);
        let excess = safe::width(&whole).saturating_sub(settings.max_width);
        if excess == 0 {
            return whole;
        }
        let room = safe::width(&name).saturating_sub(excess).max(2);
        let short = safe::shorten(&name, room, settings.ascii);
        let whole = self.compose(subject, mark, left, &short, settings);
        safe::shorten(&whole, settings.max_width, settings.ascii)
    }

    fn compose(
        &self,
        subject: &BadgeInput,
        mark: &str,
        left: &str,
        name: &str,
        settings: &Settings,
    ) -> String {
        let show = |text: &str| safe::name(text, settings.ascii);
        // Blanks of the form and of the symbol are meant as blanks.
        let literal = |text: &str| {
            text.split(' ')
                .map(|word| {
                    if word.is_empty() {
                        String::new()
                    } else {
                        show(word)
                    }
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut out = mark.to_owned();
        for piece in &self.0 {
            let (before, value, after) = match piece {
                Piece::Text(text) => ("", literal(text), ""),
                Piece::Field {
                    before,
                    field,
                    after,
                } => {
                    let value = match field {
                        Field::Symbol => literal(&settings.symbol),
                        Field::Profile => name.to_owned(),
                        Field::Region => subject.region.as_deref().map(show).unwrap_or_default(),
                        Field::Left if matches!(subject.label, IdentityLabel::Machine) => {
                            String::new()
                        }
                        Field::Left => left.to_owned(),
                        Field::Account => {
                            subject.account_id.as_deref().map(show).unwrap_or_default()
                        }
                        Field::Role => subject.role_name.as_deref().map(show).unwrap_or_default(),
                    };
                    (before.as_str(), value, after.as_str())
                }
            };
            if !value.is_empty() {
                out.push_str(&literal(before));
                out.push_str(&value);
                out.push_str(&literal(after));
            }
        }
        out
    }
}

/// The name in the badge: a profile's alias, or what wins over which profile. The machine's own role is called
/// by its kind.
fn full_name(subject: &BadgeInput, left: &str, settings: &Settings) -> String {
    let shown = |name: &str| safe::name(settings.alias(name), settings.ascii);
    match &subject.label {
        IdentityLabel::Profile(name)
        | IdentityLabel::Keys {
            owner: Some(name),
            over: None,
        } => shown(name),
        IdentityLabel::Keys {
            owner: None,
            over: None,
        } => "env".to_owned(),
        IdentityLabel::Keys {
            owner: None,
            over: Some(over),
        } => format!("env over {}", shown(over)),
        IdentityLabel::Keys {
            owner: Some(owner),
            over: Some(over),
        } => format!("{} (env) over {}", shown(owner), shown(over)),
        IdentityLabel::Machine => left.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::expiry::{ExpiryState, State};

    fn utf8() -> Env {
        Env::from_iter([("LANG", "C.UTF-8")])
    }

    #[test]
    fn without_a_file_everything_has_its_default() {
        assert_eq!(Settings::read(None, &utf8()), (Settings::default(), vec![]));
    }

    #[test]
    fn a_file_sets_and_a_variable_overrides() {
        let ini = "[badge]\nsymbol = ☁\nshow=always\nregion = differs\nmax_width = 30\nrenew_trust = 90m\n[alias]\na\\b c = ab\n\
                   [class prod]\nmatch = *prd, main\naccount = 1, 2\n[switch]\nconfirm = prod\n[login]\ndevice_code = corp\n";
        let (s, complaints) = Settings::read(Some(ini), &utf8().with("AWSBADGE_SYMBOL", "A "));
        assert_eq!(complaints, []);
        assert_eq!(
            (s.symbol.as_str(), s.show, s.region, s.max_width),
            ("A", Show::Always, ShowRegion::Differs, 30)
        );
        assert_eq!(s.renew_trust, Seconds(5400));
        assert_eq!(s.alias("a\\b c"), "ab");
        assert_eq!(s.prod.patterns, Some(vec!["*prd".into(), "main".into()]));
        assert_eq!(s.prod.accounts, ["1", "2"]);
        assert!(s.confirm_prod);
        assert_eq!(s.device_code, ["corp"]);
    }

    #[test]
    fn wrong_values_are_complained_of_and_left_at_their_default() {
        let ini = "[badge]\nshow = maybe\nmax_width = 5\nrenew_trust = -1h\nascii = perhaps\nnope = 1\n[odd]\nx = y\n";
        let vars = utf8()
            .with("AWSBADGE_MAX_WIDTH", "NaN")
            .with("AWSBADGE_RENEW_TRUST", "99999999999999999999d");
        let (s, complaints) = Settings::read(Some(ini), &vars);
        assert_eq!(s, Settings::default());
        let places: Vec<_> = complaints.iter().map(|c| c.place.as_str()).collect();
        assert_eq!(
            places,
            [
                "[badge] show",
                "[badge] max_width",
                "[badge] renew_trust",
                "[badge] ascii",
                "[badge] nope",
                "[odd] x",
                "AWSBADGE_MAX_WIDTH",
                "AWSBADGE_RENEW_TRUST"
            ]
        );
        let (s, complaints) = Settings::read(Some("[badge\nx"), &utf8());
        assert_eq!((s, complaints.len()), (Settings::default(), 1));
    }

    #[test]
    fn a_complaint_names_the_words_that_would_do() {
        let ini = "[badge]\nshow = maybe\n[switch]\nconfirm = maybe\n";
        let (_, complaints) = Settings::read(Some(ini), &utf8());
        let messages: Vec<_> = complaints.iter().map(|c| c.message.as_str()).collect();
        assert_eq!(
            messages,
            ["not one of set, always, live", "not one of prod"]
        );
    }

    #[test]
    fn a_length_of_time_is_a_number_and_its_unit() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("30m", Some(1800)),
            ("8h", Some(28_800)),
            ("2d", Some(172_800)),
            ("0s", Some(0)),
            ("366d", Some(31_622_400)),
            ("31622401s", None),
            ("367d", None),
            ("99999999999999999999s", None),
            ("9223372036854775807d", None),
            ("", None),
            ("8", None),
            ("h", None),
            ("8 h", None),
            ("8H", None),
            ("8hours", None),
            ("1h30m", None),
            ("1.5h", None),
            ("-1h", None),
            ("+1h", None),
        ] {
            assert_eq!(duration(text), seconds.map(Seconds), "{text:?}");
        }
    }

    #[test]
    fn the_table_says_what_counts_and_where_it_stands() {
        let ini = "[badge]\nsymbol = F\nregion =  on \nshow = maybe\nmax_width = 30\nascii = perhaps\n\
                   [alias]\nb = x\na = y\n";
        let vars = utf8()
            .with("AWSBADGE_SYMBOL", "V")
            .with("AWSBADGE_MAX_WIDTH", "NaN")
            .with("AWSBADGE_ASCII", "on");
        let table = Settings::table(Some(ini), &vars);
        let keys: Vec<_> = table.iter().map(|e| (e.section, e.key.as_str())).collect();
        let mut expected: Vec<_> = KEYS.iter().map(|k| (k.section, k.key)).collect();
        expected.extend([("alias", "b"), ("alias", "a")]);
        assert_eq!(keys, expected);
        for (key, value, place) in [
            ("symbol", "V", Place::Variable("AWSBADGE_SYMBOL")),
            ("region", "on", Place::File),
            // What is complained of does not count.
            ("show", "set", Place::Default),
            ("max_width", "30", Place::File),
            ("ascii", "on", Place::Variable("AWSBADGE_ASCII")),
            ("renew_trust", "8h", Place::Default),
            ("b", "x", Place::File),
            ("a", "y", Place::File),
        ] {
            let entry = table.iter().find(|e| e.key == key);
            let found = entry.map(|e| (e.value.as_str(), e.place));
            assert_eq!(found, Some((value, place)), "{key}");
        }
    }

    #[test]
    fn the_defaults_in_the_table_are_the_defaults() {
        let mut settings = Settings {
            ascii: true,
            max_width: 11,
            ..Settings::default()
        };
        for key in &KEYS {
            assert_eq!(
                settings.set(key.section, key.key, key.default, &utf8()),
                Ok(()),
                "{}",
                key.key
            );
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn ascii_follows_the_locale_and_the_terminal() {
        for (vars, want) in [
            (vec![("LANG", "en_GB.UTF-8")], false),
            (vec![("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], true),
            (vec![("LC_ALL", ""), ("LC_CTYPE", "C.utf8")], false),
            (vec![], true),
            (vec![("LANG", "ja_JP.SJIS")], true),
            (vec![("LANG", "C.UTF-8"), ("TERM", "dumb")], true),
            (vec![("LANG", "C"), ("AWSBADGE_ASCII", "off")], false),
        ] {
            assert_eq!(
                Settings::read(None, &Env::from_iter(vars.clone())).0.ascii,
                want,
                "{vars:?}"
            );
        }
    }

    #[test]
    fn a_form_is_filled_in_and_kept_to_its_width() {
        let subject = BadgeInput {
            label: IdentityLabel::Profile("a-long-profile-name".into()),
            expiry: ExpiryState::fixed(State::NotExported),
            account_id: Some("123456789012".into()),
            role_name: Some("Admin".into()),
            region: None,
        };
        let render = |form: &str, width| {
            let settings = Settings {
                format: Format::parse(form),
                max_width: width,
                ..Settings::default()
            };
            settings.format.render(&subject, "", "47m", &settings)
        };
        assert_eq!(render(DEFAULT_FORMAT, 40), "aws:a-long-profile-name 47m");
        assert_eq!(render(DEFAULT_FORMAT, 16), "aws:a-long-… 47m");
        assert_eq!(
            render("[{profile}{|account}{ region}{ (left)}] {odd", 60),
            "[a-long-profile-name|123456789012 (47m)] {odd"
        );
        assert_eq!(render("{nope} {role}", 60), "{nope} Admin");
        assert_eq!(render("{left}\x1b[31m", 60), "47m?[31m");
        assert_eq!(
            safe::width(&render(
                "{symbol}{symbol}{symbol}{symbol}{account}{profile}",
                12
            )),
            12
        );
    }

    /// What it has in place of a name is what stands in place of the time left.
    #[test]
    fn the_machines_own_role_is_named_once() {
        let subject = BadgeInput {
            label: IdentityLabel::Machine,
            expiry: ExpiryState::fixed(State::NotExported),
            account_id: None,
            role_name: None,
            region: None,
        };
        let settings = Settings::default();
        let text = settings.format.render(&subject, "", "ec2", &settings);
        assert_eq!(text, "aws:ec2");
    }
}
