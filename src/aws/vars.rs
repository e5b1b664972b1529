//! An environment as a value.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

/// The variables of one environment, in the order in which the system gave them.
#[derive(Debug, Clone, Default)]
pub struct Vars(Vec<(OsString, OsString)>);

impl Vars {
    /// The raw value of `name`; an empty value is a value.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&OsStr> {
        self.0
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_os_str())
    }

    /// The value of `name` where it is set and not empty, bytes that are not UTF-8 shown as U+FFFD.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.raw(name)
            .filter(|v| !v.is_empty())
            .map(OsStr::to_string_lossy)
    }

    /// Whether `name` is set and not empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|v| !v.is_empty())
    }

    /// Every variable, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter().map(|(k, v)| (k.as_os_str(), v.as_os_str()))
    }

    /// The same environment with `name` set to `value`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.0.retain(|(k, _)| k != name);
        self.0.push((name.into(), value.into()));
        self
    }

    /// The same environment without `name`.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(k, _)| k != name);
        self
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Vars {
    /// Of a name that is given twice, the first counts, as in C's `getenv`.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_is_told_from_empty_and_the_first_of_two_counts() {
        let vars = Vars::from_iter([("A", ""), ("B", "1"), ("B", "2")]);
        assert_eq!(vars.raw("A"), Some(OsStr::new("")));
        assert_eq!(vars.text("A"), None);
        assert_eq!(vars.text("B").as_deref(), Some("1"));
        assert_eq!(vars.raw("C"), None);
    }
}
