//! Where AWS's tools look for their files.

use super::Env;
use super::env_vars::{self, EnvVar};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The paths that one environment gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The home folder, `None` where `HOME` is unset or empty: then no default path exists.
    pub home: Option<PathBuf>,
    /// The config file.
    pub config: Option<PathBuf>,
    /// The credentials file.
    pub credentials: Option<PathBuf>,
}

/// How a tool takes the value of a variable that moves a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Whether `$NAME` and `${NAME}` in it are replaced.
    pub variables: bool,
    /// Whether `~` and `~/…` are the home folder.
    pub tilde: bool,
    /// Whether an empty value counts, and so names no file.
    pub empty: bool,
}

impl Reading {
    /// botocore's, which is the most lenient, and the badge's.
    pub const BOTOCORE: Self = Self {
        variables: true,
        tilde: true,
        empty: true,
    };
}

impl Places {
    /// By `HOME`, `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, read as botocore does.
    #[must_use]
    pub fn of(vars: &Env) -> Self {
        Self::read_by(vars, Reading::BOTOCORE)
    }

    /// By the same variables, as a tool reads them.
    #[must_use]
    pub fn read_by(vars: &Env, reading: Reading) -> Self {
        let home = vars
            .raw(&env_vars::HOME)
            .filter(|h| !h.is_empty())
            .map(PathBuf::from);
        let file = |var: &'static EnvVar, default: &str| match vars.raw(var) {
            Some(path) if path.is_empty() && reading.empty => None,
            Some(path) if !path.is_empty() => Some(expand(path, vars, home.as_deref(), reading)),
            _ => home.as_ref().map(|h| h.join(default)),
        };
        Self {
            config: file(&env_vars::AWS_CONFIG_FILE, ".aws/config"),
            credentials: file(&env_vars::AWS_SHARED_CREDENTIALS_FILE, ".aws/credentials"),
            home,
        }
    }

    /// The folder of `aws login` tokens: `AWS_LOGIN_CACHE_DIRECTORY`, or `~/.aws/login/cache`.
    #[must_use]
    pub fn login_cache(&self, vars: &Env) -> Option<PathBuf> {
        match vars
            .raw(&env_vars::AWS_LOGIN_CACHE_DIRECTORY)
            .filter(|v| !v.is_empty())
        {
            Some(path) => Some(expand(path, vars, self.home.as_deref(), Reading::BOTOCORE)),
            None => self.home.as_ref().map(|h| h.join(".aws/login/cache")),
        }
    }
}

/// `~` and `~/…` by every tool's rule, `$NAME` and `${NAME}` by botocore's (`os.path.expandvars`: a name that
/// is not set stays as it is).
fn expand(path: &OsStr, vars: &Env, home: Option<&Path>, reading: Reading) -> PathBuf {
    let path = match path.to_str() {
        Some(text) if reading.variables && text.contains('$') => expand_vars(text, vars).into(),
        _ => path.to_os_string(),
    };
    let path = Path::new(&path);
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) if reading.tilde => home.join(rest),
        _ => path.to_path_buf(),
    }
}

fn expand_vars(text: &str, vars: &Env) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let braced = after.strip_prefix('{').and_then(|a| a.split_once('}'));
        let plain = after
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(after.len());
        let (name, tail) = braced.unwrap_or_else(|| after.split_at(plain));
        match vars.in_path(name).filter(|_| !name.is_empty()) {
            Some(value) => out.push_str(&value.to_string_lossy()),
            None => out.push_str(&rest[at..rest.len() - tail.len()]),
        }
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_tilde_and_variables_are_followed() {
        for (value, want) in [
            (None, Some("/h/.aws/config")),
            (Some(""), None),
            (Some("/etc/aws"), Some("/etc/aws")),
            (Some("~/x"), Some("/h/x")),
            (Some("~"), Some("/h")),
            (Some("~bob/x"), Some("~bob/x")),
            (Some("$HOME/y"), Some("/h/y")),
            (Some("${HOME}/y"), Some("/h/y")),
            (Some("${NOPE}/$NOPE/$"), Some("${NOPE}/$NOPE/$")),
            (Some("rel/config"), Some("rel/config")),
        ] {
            let vars = Env::from_iter([("HOME", "/h")]);
            let vars = value.iter().fold(vars, |v, x| v.with("AWS_CONFIG_FILE", x));
            assert_eq!(
                Places::of(&vars).config,
                want.map(PathBuf::from),
                "{value:?}"
            );
        }
    }

    #[test]
    fn a_tool_that_expands_nothing_takes_the_path_as_it_stands() {
        let raw = Reading {
            variables: false,
            tilde: false,
            empty: false,
        };
        for (value, want) in [
            ("~/x", "~/x"),
            ("$HOME/y", "$HOME/y"),
            ("/z", "/z"),
            ("", "/h/.aws/config"),
        ] {
            let vars = Env::from_iter([("HOME", "/h"), ("AWS_CONFIG_FILE", value)]);
            let found = Places::read_by(&vars, raw).config;
            assert_eq!(found, Some(PathBuf::from(want)), "{value:?}");
        }
    }

    #[test]
    fn without_a_home_there_is_no_default_file() {
        for vars in [Env::default(), Env::from_iter([("HOME", "")])] {
            assert_eq!(
                Places::of(&vars),
                Places {
                    home: None,
                    config: None,
                    credentials: None
                }
            );
        }
    }
}
