//! Which accounts and roles are meant.

use crate::idc::listing::Account;
use crate::library::glob;

/// Patterns with `*` and `?`; case is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// One has to match, if there are any.
    pub(crate) only: Vec<String>,
    /// None may match.
    pub(crate) not: Vec<String>,
    /// One has to match the account's id or name, if there are any.
    pub(crate) accounts: Vec<String>,
    /// One has to match the role, if there are any.
    pub(crate) roles: Vec<String>,
}

impl Filter {
    /// Whether the account may have roles that are meant.
    pub(crate) fn may_have(&self, account: &Account) -> bool {
        any(&self.accounts, |pattern| {
            is_account(pattern, &account.id, account.name.as_deref())
        })
    }

    /// Whether a role in an account is meant. Of an account that is no longer there nobody knows the name.
    pub(crate) fn takes(&self, id: &str, name: Option<&str>, role: &str) -> bool {
        let one = |pattern: &String| matches(pattern, id, name, role);
        any(&self.accounts, |pattern| is_account(pattern, id, name))
            && any(&self.roles, |pattern| glob(pattern, role))
            && any(&self.only, one)
            && !self.not.iter().any(one)
    }
}

fn any(patterns: &[String], matches: impl Fn(&String) -> bool) -> bool {
    patterns.is_empty() || patterns.iter().any(matches)
}

fn is_account(pattern: &str, id: &str, name: Option<&str>) -> bool {
    glob(pattern, id) || name.is_some_and(|name| glob(pattern, name))
}

/// Without a `/`, a pattern is about the account's name, its id or the role; with one, about `ACCOUNT/ROLE`.
fn matches(pattern: &str, id: &str, name: Option<&str>, role: &str) -> bool {
    if !pattern.contains('/') {
        return is_account(pattern, id, name) || glob(pattern, role);
    }
    glob(pattern, &format!("{id}/{role}"))
        || name.is_some_and(|name| glob(pattern, &format!("{name}/{role}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_about_account_role_or_both() {
        let filter = |only: &[&str], not: &[&str], accounts: &[&str], roles: &[&str]| {
            let list = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
            Filter {
                only: list(only),
                not: list(not),
                accounts: list(accounts),
                roles: list(roles),
            }
        };
        let id = "123456789012";
        for (filter, name, want) in [
            (filter(&[], &[], &[], &[]), Some("Shop Prod"), true),
            (filter(&["shop*"], &[], &[], &[]), Some("Shop Prod"), true),
            (filter(&["lab", "Admin"], &[], &[], &[]), Some("Shop"), true),
            (filter(&["1234*"], &[], &[], &[]), None, true),
            (
                filter(&["*prod/Admin"], &[], &[], &[]),
                Some("Shop Prod"),
                true,
            ),
            (
                filter(&["*prod/Read*"], &[], &[], &[]),
                Some("Shop Prod"),
                false,
            ),
            (filter(&["123456789012/*"], &[], &[], &[]), None, true),
            (filter(&["*"], &["admin"], &[], &[]), Some("x"), false),
            (filter(&[], &["*/admin"], &[], &[]), None, false),
            (filter(&[], &["x/y"], &[], &[]), Some("x"), true),
            (filter(&[], &[], &["x"], &[]), Some("X"), true),
            (filter(&[], &[], &["x"], &[]), None, false),
            (filter(&[], &[], &[id], &["Read*", "Ad*"]), None, true),
            (filter(&[], &[], &[id], &["Read*"]), None, false),
        ] {
            assert_eq!(filter.takes(id, name, "Admin"), want, "{filter:?} {name:?}");
        }
    }
}
