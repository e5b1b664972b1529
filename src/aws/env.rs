//! An environment as a value.

use super::env_vars::EnvVar;
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

/// The variables of one environment, in the system's order. Only the entries of [`env_vars`](super::env_vars) can be
/// read.
#[derive(Debug, Clone, Default)]
pub struct Env(Vec<(OsString, OsString)>);

impl Env {
    /// The raw value of `var`; an empty value is a value.
    #[must_use]
    pub fn raw(&self, var: &'static EnvVar) -> Option<&OsStr> {
        self.find(var.name)
    }

    /// The value of `var` if it is set and not empty, with bytes that are not UTF-8 replaced by U+FFFD.
    #[must_use]
    pub fn text(&self, var: &'static EnvVar) -> Option<Cow<'_, str>> {
        self.raw(var)
            .filter(|v| !v.is_empty())
            .map(OsStr::to_string_lossy)
    }

    /// Whether `var` is set and not empty.
    #[must_use]
    pub fn has(&self, var: &'static EnvVar) -> bool {
        self.raw(var).is_some_and(|v| !v.is_empty())
    }

    /// The value of a variable in a path, as in `AWS_CONFIG_FILE=$WORK/config`: the only read outside the table. The
    /// caller must report the name to the hooks.
    #[must_use]
    pub(crate) fn in_path(&self, name: &str) -> Option<&OsStr> {
        self.find(name)
    }

    fn find(&self, name: &str) -> Option<&OsStr> {
        self.0
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_os_str())
    }

    /// Every variable, in order, for starting a program.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter().map(|(k, v)| (k.as_os_str(), v.as_os_str()))
    }

    /// The same environment with the variable `name` set to `value`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.0.retain(|(k, _)| k != name);
        self.0.push((name.into(), value.into()));
        self
    }

    /// The same environment without the variable `name`.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(k, _)| k != name);
        self
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Env {
    /// If a name is given twice, the first counts, as in C's `getenv`.
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
    use crate::aws::env_vars::{AWS_PROFILE, AWS_REGION, HOME};

    #[test]
    fn unset_differs_from_empty_and_the_first_of_two_counts() {
        let env = Env::from_iter([("AWS_PROFILE", ""), ("HOME", "1"), ("HOME", "2")]);
        assert_eq!(env.raw(&AWS_PROFILE), Some(OsStr::new("")));
        assert_eq!(env.text(&AWS_PROFILE), None);
        assert_eq!(env.text(&HOME).as_deref(), Some("1"));
        assert_eq!(env.raw(&AWS_REGION), None);
    }
}
