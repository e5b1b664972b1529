//! Classes, their colours, and which profiles are production.

/// How a badge is coloured. Where several fit, the first of: expired, prod, unknown, warn, ok.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// All is well.
    Ok,
    /// Soon over, or not what one might think.
    Warn,
    /// A login is needed, or there is no such profile.
    Expired,
    /// Production.
    Prod,
    /// It can't be told.
    Unknown,
}

impl Class {
    /// Its name in `AWSBADGE_CLASS` and `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Expired => "expired",
            Self::Prod => "prod",
            Self::Unknown => "unknown",
        }
    }

    /// The parameters of its colour (ECMA-48 SGR), out of the 16 that every terminal has. Warn and prod set both
    /// colours, since yellow alone vanishes on white and prod must be seen anywhere.
    #[must_use]
    pub fn sgr(self) -> &'static str {
        match self {
            Self::Ok => "32",
            Self::Warn => "30;43",
            Self::Expired => "31",
            Self::Prod => "97;41",
            Self::Unknown => "35",
        }
    }
}

/// Which profiles are production.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prod {
    /// Patterns for names, with `*` and `?`; `None` for the default rule.
    pub patterns: Option<Vec<String>>,
    /// Account ids. Where there are any, the account of a profile alone decides, as far as it is known.
    pub accounts: Vec<String>,
}

impl Prod {
    /// Whether a profile of that name and account is production.
    #[must_use]
    pub fn covers(&self, name: Option<&str>, account: Option<&str>) -> bool {
        match account {
            Some(account) if !self.accounts.is_empty() => {
                self.accounts.iter().any(|a| a == account)
            }
            _ => name.is_some_and(|name| match &self.patterns {
                Some(patterns) => patterns.iter().any(|p| glob(p, name)),
                None => says_production(name),
            }),
        }
    }
}

/// The default rule: one of the words, whole, in any case, and not right after `non` or `pre`. So
/// `acme-prod-admin` is production, `nonprod`, `non-prod`, `preprod` and `product` are not.
fn says_production(name: &str) -> bool {
    let mut before = "";
    for word in name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        let is = |list: &[&str], word: &str| list.iter().any(|w| w.eq_ignore_ascii_case(word));
        if is(&["prod", "production", "prd", "live"], word) && !is(&["non", "pre"], before) {
            return true;
        }
        before = word;
    }
    false
}

/// Whether `text` matches `pattern`, where `*` is any run of characters and `?` any one; case is ignored.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let lower = |s: &str| s.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (pattern, text) = (lower(pattern), lower(text));
    let (mut p, mut t) = (0, 0);
    // Where to go on after a mismatch: behind the last star, one character further in the text.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    retry = Some((after, from + 1));
                    (p, t) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_colours_are_those_that_themes_were_told() {
        for (class, name, sgr) in [
            (Class::Ok, "ok", "32"),
            (Class::Warn, "warn", "30;43"),
            (Class::Expired, "expired", "31"),
            (Class::Prod, "prod", "97;41"),
            (Class::Unknown, "unknown", "35"),
        ] {
            assert_eq!((class.name(), class.sgr()), (name, sgr));
        }
    }

    #[test]
    fn production_is_a_whole_word() {
        for name in [
            "prod",
            "PROD",
            "acme-prod-admin",
            "prod.eu",
            "a/production",
            "x_prd",
            "live",
            "eu:live:ro",
            "prod1-prod",
        ] {
            assert!(Prod::default().covers(Some(name), None), "{name}");
        }
        for name in [
            "nonprod",
            "non-prod",
            "preprod",
            "pre_prod",
            "product",
            "reproduce",
            "delivery",
            "alive",
            "",
            "prod1",
            "NON-PROD",
        ] {
            assert!(!Prod::default().covers(Some(name), None), "{name}");
        }
    }

    #[test]
    fn a_known_account_beats_the_name() {
        let prod = Prod {
            patterns: None,
            accounts: vec!["111".into()],
        };
        assert!(prod.covers(Some("dev"), Some("111")));
        assert!(!prod.covers(Some("prod"), Some("222")));
        assert!(
            prod.covers(Some("prod"), None),
            "an unknown account leaves the name to decide"
        );
        assert!(!Prod::default().covers(None, Some("111")));
        assert!(
            Prod::default().covers(Some("prod"), Some("111")),
            "where no account is listed, the name decides"
        );
    }

    #[test]
    fn patterns_replace_the_rule() {
        let prod = Prod {
            patterns: Some(vec!["*-p".into(), "main?".into()]),
            accounts: vec![],
        };
        for (name, want) in [
            ("acme-P", true),
            ("main1", true),
            ("main", false),
            ("prod", false),
            ("main12", false),
        ] {
            assert_eq!(prod.covers(Some(name), None), want, "{name}");
        }
    }

    #[test]
    fn globs_match_as_a_shell_would() {
        for (pattern, text, want) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "aXXbYYc", true),
            ("a*b*c", "aXXbYY", false),
            ("*aab", "aaaaab", true),
            ("?", "é", true),
            ("**x", "x", true),
            ("a?", "a", false),
        ] {
            assert_eq!(glob(pattern, text), want, "{pattern} {text}");
        }
        assert!(
            !glob(&"a*".repeat(30), &"a".repeat(29)),
            "many stars stay quick"
        );
    }
}
