//! Classes, their colours, and which profiles are production.

use crate::settings::{AUTO, Prod};

/// The class of a badge, which sets its colour. If several apply, the first of: expired, prod, unknown, warn, ok.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Nothing to do.
    Ok,
    /// Expires soon, or something is unexpected.
    Warn,
    /// A login is needed, or the profile does not exist.
    Expired,
    /// Production.
    Prod,
    /// The state is unknown.
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

    /// The parameters of its colour (ECMA-48 SGR), from the 16 that every terminal has. Warn and prod set foreground
    /// and background, because yellow is invisible on white and prod must always be visible.
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

impl Prod {
    /// Whether a profile with this name and account is production.
    #[must_use]
    pub fn covers(&self, name: Option<&str>, account: Option<&str>) -> bool {
        match account {
            Some(account) if !self.accounts.is_empty() => {
                self.accounts.iter().any(|a| a == account)
            }
            _ => name.is_some_and(|name| match &self.patterns {
                Some(patterns) => patterns.iter().any(|pattern| match pattern.as_str() {
                    AUTO => says_production(name),
                    pattern => glob(pattern, name),
                }),
                None => says_production(name),
            }),
        }
    }
}

/// Words that mean production.
const WORDS: [&str; 4] = ["prod", "production", "prd", "live"];

/// Words that mean the opposite right before one of those.
const DENIALS: [&str; 4] = ["non", "not", "no", "pre"];

/// The default rule: one of the words, whole, in any case, with or without digits after it, and not right after a
/// denial. So `acme-prod-admin`, `AcmeProdAdmin` and `prod1` are production; `nonprod`, `not-prod`, `PreProd` and
/// `product` are not.
fn says_production(name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    (0..name.len())
        .filter(|&start| is_border(&name, start))
        .any(|start| {
            WORDS.iter().any(|word| {
                let Some(end) = after(&name, start, word) else {
                    return false;
                };
                let digits = name[end..]
                    .iter()
                    .take_while(|c| c.is_ascii_digit())
                    .count();
                // The word ends after its digits in `prod-2` and `prod2`, but not in `prod2x`.
                is_border(&name, end + digits) && !is_denied(&name[..start])
            })
        })
}

/// The end of `word` in `text` if it starts at `start`, in any case.
fn after(text: &[char], start: usize, word: &str) -> Option<usize> {
    let end = start + word.len();
    let found = text.get(start..end)?;
    let same = found
        .iter()
        .zip(word.chars())
        .all(|(a, b)| a.eq_ignore_ascii_case(&b));
    same.then_some(end)
}

/// Whether the last word of `text` is a denial; separators after it do not count.
fn is_denied(text: &[char]) -> bool {
    let end = text
        .iter()
        .rposition(|c| c.is_alphanumeric())
        .map_or(0, |at| at + 1);
    DENIALS.iter().any(|word| {
        end.checked_sub(word.len()).is_some_and(|start| {
            after(&text[..end], start, word).is_some() && is_border(text, start)
        })
    })
}

/// Whether a word can start or end right before `at`: at either end, beside a separator, or where camel case changes.
/// In a run of capitals before lower case, the last capital may belong to either side: `AWSProd`, `EUprod`.
fn is_border(text: &[char], at: usize) -> bool {
    let (Some(&before), Some(&here)) = (
        at.checked_sub(1).and_then(|before| text.get(before)),
        text.get(at),
    ) else {
        return true;
    };
    if !before.is_alphanumeric() || !here.is_alphanumeric() {
        return true;
    }
    let is_upper = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_some_and(|c| c.is_uppercase())
    };
    let is_lower = |at: usize| text.get(at).is_some_and(|c| c.is_lowercase());
    match (before.is_uppercase(), here.is_uppercase()) {
        (false, true) => true,
        (true, true) => is_lower(at + 1),
        (true, false) => here.is_lowercase() && is_upper(at.checked_sub(2)),
        (false, false) => false,
    }
}

/// Whether `text` matches `pattern`, where `*` is any run of characters and `?` any one; case is ignored.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let lower = |s: &str| s.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (pattern, text) = (lower(pattern), lower(text));
    let (mut p, mut t) = (0, 0);
    // The position to continue from after a mismatch: after the last star, one character further in the text.
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
            // Between separators, in any case.
            "prod",
            "PROD",
            "acme-prod-admin",
            "prod.eu",
            "a/production",
            "x_prd",
            "live",
            "eu:live:ro",
            "my prod",
            "caf\u{e9}-prod",
            "--prod--",
            // With digits.
            "prod1",
            "prod01",
            "acme-prod-2",
            "prod_2_admin",
            "PRD3",
            "live2.eu",
            "prod1-prod",
            // At the borders of camel case.
            "AcmeProdAdmin",
            "acmeProd",
            "ProdAdmin",
            "Prod1Admin",
            "acme2Prod",
            "AWSProd",
            "AWSProdAdmin",
            "EUprod",
            "PRODAdmin",
            "acmePROD",
            "AcmePROD1",
            "ACMEProduction",
            "productionEU",
            "GoLive",
            // The denial is not right before it, or is only the end of a word.
            "casino-prod",
            "non-acme-prod",
            "prod-non",
            "pre2-prod",
            "piano_live",
            "nonprod-prod",
        ] {
            assert!(Prod::default().covers(Some(name), None), "{name}");
        }
        for name in [
            "",
            "-",
            "dev",
            // Part of another word.
            "product",
            "products",
            "reproduce",
            "delivery",
            "alive",
            "liveness",
            "Product",
            "PRODUCT",
            "AcmeProductAdmin",
            "Delivery",
            "prodeu",
            "1prod",
            "prod1a",
            "prd1x-dev",
            // Denied.
            "nonprod",
            "non-prod",
            "not-prod",
            "no-prod",
            "NON-PROD",
            "preprod",
            "pre_prod",
            "pre-prod1",
            "acme-non-prod-admin",
            "no_live",
            "non--prod",
            "NonProd",
            "NotProd",
            "NoProd",
            "PreProd",
            "preProduction",
            "AcmeNonProdAdmin",
            "NONPROD",
            "NONProd",
            "NOprod",
            "PREprod",
            "acmeNOprod",
            "nonProd2",
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
            "if no account is listed, the name decides"
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
        let prod = Prod {
            patterns: Some(vec![AUTO.into(), "main?".into()]),
            accounts: vec![],
        };
        for (name, want) in [
            ("main1", true),
            ("prod", true),
            ("auto", false),
            ("dev", false),
        ] {
            assert_eq!(prod.covers(Some(name), None), want, "auto and {name}");
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
