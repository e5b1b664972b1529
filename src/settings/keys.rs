//! Which sections and keys the settings have.

use super::format::DEFAULT_FORMAT;
use super::{AUTO, NONE};
use crate::aws::env_vars::{self, EnvVar};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::nearest::nearest;

/// One key of the settings, for `awsbadge settings` and `settings --init`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The section, without brackets.
    pub section: &'static str,
    /// The key.
    pub key: &'static str,
    /// The variable that overrides it, if there is one.
    pub var: Option<&'static EnvVar>,
    /// The default, as written in the file.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
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
        }
    }

    const fn var(self, var: &'static EnvVar) -> Self {
        Self {
            var: Some(var),
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
        "The badge's fields in braces: symbol, profile, region, left, account, role, session, config; an empty field omits its whole brace",
    )
    .var(&env_vars::AWSBADGE_FORMAT),
    Key::new("badge", "symbol", "aws:", "Text before the profile's name").var(&env_vars::AWSBADGE_SYMBOL),
    Key::new(
        "badge",
        "show",
        "set",
        "set: if a variable selects an identity; always: also for the default profile and container roles; live: only while it works",
    )
    .var(&env_vars::AWSBADGE_SHOW),
    Key::new(
        "badge",
        "region",
        "off",
        "off, on, or differs: if the environment's region differs from the profile's",
    )
    .var(&env_vars::AWSBADGE_SHOW_REGION),
    Key::new(
        "badge",
        "max_width",
        "40",
        "Maximum width in columns (10 to 200)",
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
        "How long after its expiry a renewable token counts as still renewable",
    )
    .var(&env_vars::AWSBADGE_RENEW_TRUST),
    Key::new(
        "badge",
        "max_age",
        "60s",
        "Refresh the badge at least this often, even if no change was seen (1s to 1h)",
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
        "Account ids of production, separated by commas; if a profile's account is known, only that decides",
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
        "Sessions that log in with a device code, separated by commas; * for all",
    ),
    Key::new(
        "login",
        "with",
        AUTO,
        "What logs in to SSO sessions: aws, native (awsbadge-sso), or auto (native if installed)",
    )
    .var(&env_vars::AWSBADGE_LOGIN_WITH),
    Key::new(
        "login",
        "renew",
        "off",
        "on: awsbadge-sso renews the active profile's login in the background, before it expires",
    ),
    Key::new(
        "login",
        "offer",
        "off",
        "on: after a switch to a profile that needs a login, ask whether to log in",
    ),
    Key::new(
        "login",
        "redirect_port",
        AUTO,
        "awsbadge-sso: the port for the browser's redirect; auto: any free port",
    ),
    Key::new(
        "login",
        "browser",
        AUTO,
        "awsbadge-sso: the command that opens a browser; auto: the system's own",
    ),
    Key::new(
        "network",
        "timeout",
        "8s",
        "awsbadge-sso: how long a call over the network may take",
    ),
    Key::new(
        "console",
        "open",
        AUTO,
        "The command that opens the console, with {url} in it; auto: the system's own",
    ),
];

/// A section whose name or keys the user chooses.
pub(super) struct Open {
    /// Its name, or with `named` the word before the name.
    pub(super) word: &'static str,
    /// Whether a name follows: `[populate NAME]`.
    pub(super) named: bool,
    /// Its keys; empty if the user chooses them.
    pub(super) keys: &'static [&'static str],
}

pub(super) const OPEN: &[Open] = &[
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

pub(super) fn unknown_key(section: &str, key: &str) -> Diagnostic {
    let of_open = open(section).map_or(&[] as &[&str], |open| open.keys);
    let fixed = KEYS.iter().filter(|k| k.section == section).map(|k| k.key);
    let keys: Vec<&str> = fixed.chain(of_open.iter().copied()).collect();
    let fix = match nearest(key, keys.iter().copied()).first() {
        Some(near) => format!("Write {near}, or remove the line"),
        None => format!("The keys of [{section}] are: {}", keys.join(", ")),
    };
    let note = Diagnostic::new(Code::SettingsUnknownKey, "unknown key").fix(fix);
    if is_production_key(key) {
        note.severity(Severity::Error)
    } else {
        note
    }
}

/// Finds the open section that `section` belongs to.
pub(super) fn open(section: &str) -> Option<&'static Open> {
    OPEN.iter().find(|open| {
        if !open.named {
            section == open.word
        } else {
            section
                .strip_prefix(open.word)
                .is_some_and(|rest| rest.starts_with(' '))
        }
    })
}

/// Whether the section exists. It has its own list because every prompt calls it; a test compares it with [`KEYS`].
pub(super) fn is_section(name: &str) -> bool {
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
pub(super) fn section_names() -> impl Iterator<Item = &'static str> {
    let fixed = KEYS.iter().map(|key| key.section);
    fixed.chain(OPEN.iter().filter(|open| !open.named).map(|open| open.word))
}

/// Whether a section has rules about production.
pub(super) fn guards_production(section: &str) -> bool {
    matches!(section, "class prod" | "switch")
}

/// Whether an unknown section may have been meant for rules about production: `[Class Prod]`, `[prod]`, `[swich]`.
pub(super) fn resembles_production(name: &str) -> bool {
    words(name).any(|word| {
        let word = word.to_lowercase();
        is_near_production(&word)
            || ["class", "switch", "confirm", "prod", "prd", "live"]
                .iter()
                .any(|part| word.contains(part))
    })
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty())
}

/// Whether a word is `class` or `switch`, or close to it.
pub(super) fn is_near_production(word: &str) -> bool {
    let word = word.to_lowercase();
    let near = |known: &str, most: usize| strsim::damerau_levenshtein(&word, known) <= most;
    near("class", 1) || near("switch", 2)
}

/// Whether an unknown key may have been meant as a rule about production.
pub(super) fn is_production_key(key: &str) -> bool {
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
