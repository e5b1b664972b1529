//! The paths of the AWS tools' files.

use super::Env;
use super::env_vars::{self, EnvVar, Watch};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The paths for one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsPaths {
    /// The home directory; `None` if unknown, and then there are no default paths.
    pub home: Option<PathBuf>,
    /// The config file.
    pub config: Option<PathBuf>,
    /// The credentials file.
    pub credentials: Option<PathBuf>,
    /// The directory of `aws login` tokens: `AWS_LOGIN_CACHE_DIRECTORY`, or `~/.aws/login/cache`.
    pub logins: Option<PathBuf>,
    /// Variables that the paths depend on besides those of [`env_vars`](super::env_vars): names that they use, and
    /// `PWD` if a path is relative. Only names that are valid in a shell, and none of a secret.
    pub depends_on: Vec<String>,
}

/// How a tool reads the value of a variable for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Whether `$NAME` and `${NAME}` in it are replaced.
    pub variables: bool,
    /// Whether `~`, `~/…` and `~USER/…` are home directories.
    pub tilde: bool,
    /// Whether an empty value counts, so that there is no file.
    pub empty: bool,
}

impl Reading {
    /// botocore's rules, which are the most lenient. The badge uses them.
    pub const BOTOCORE: Self = Self {
        variables: true,
        tilde: true,
        empty: true,
    };
}

/// Returns the home directory of a user (`None`: the current user) from the password database.
pub type Homes<'h> = &'h dyn Fn(Option<&str>) -> Option<PathBuf>;

/// The home directory: `HOME`, or if that is unset, the one in the password database. An empty `HOME` means no home
/// directory.
#[must_use]
pub fn home(vars: &Env, homes: Homes<'_>) -> Option<PathBuf> {
    match vars.raw(&env_vars::HOME) {
        Some(home) => Some(PathBuf::from(home)).filter(|h| !h.as_os_str().is_empty()),
        None => homes(None),
    }
}

/// The path that a value of the settings names: `~` at its beginning is the home directory.
#[must_use]
pub fn below_home(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(path),
    }
}

impl AwsPaths {
    /// The paths from `HOME`, `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE` and `AWS_LOGIN_CACHE_DIRECTORY`, as a
    /// tool reads them. `homes` is called for `~USER`, and for the current user if `HOME` is unset.
    #[must_use]
    pub fn read(vars: &Env, reading: Reading, homes: Homes<'_>) -> Self {
        let home = home(vars, homes);
        let mut expander = Expander {
            vars,
            home: home.as_deref(),
            homes,
            reading,
            depends_on: Vec::new(),
        };
        let mut file = |var: &'static EnvVar, default: &str| match vars.raw(var) {
            Some(path) if path.is_empty() && reading.empty => None,
            Some(path) if !path.is_empty() => Some(expander.path(path)),
            _ => home.as_ref().map(|h| h.join(default)),
        };
        let config = file(&env_vars::AWS_CONFIG_FILE, ".aws/config");
        let credentials = file(&env_vars::AWS_SHARED_CREDENTIALS_FILE, ".aws/credentials");
        // Every tool that supports this variable expands it as botocore does.
        expander.reading = Reading::BOTOCORE;
        let logins = match vars
            .raw(&env_vars::AWS_LOGIN_CACHE_DIRECTORY)
            .filter(|v| !v.is_empty())
        {
            Some(path) => Some(expander.path(path)),
            None => home.as_ref().map(|h| h.join(".aws/login/cache")),
        };
        let relative = [&home, &config, &credentials, &logins]
            .into_iter()
            .flatten()
            .any(|path| path.is_relative());
        if relative {
            expander.depend_on("PWD");
        }
        let depends_on = expander.depends_on;
        Self {
            home,
            config,
            credentials,
            logins,
            depends_on,
        }
    }
}

/// Expands the values of one environment, and records which variables they use.
struct Expander<'e> {
    vars: &'e Env,
    home: Option<&'e Path>,
    homes: Homes<'e>,
    reading: Reading,
    depends_on: Vec<String>,
}

impl Expander<'_> {
    /// Expands `~` by the common rule, and `$NAME` and `${NAME}` by botocore's: variables first, then `~` (Python's
    /// `os.path.expandvars` and `os.path.expanduser`; unknown names are not changed).
    fn path(&mut self, path: &OsStr) -> PathBuf {
        let path = match path.to_str() {
            Some(text) if self.reading.variables && text.contains('$') => {
                self.variables(text).into()
            }
            _ => path.to_os_string(),
        };
        let path = PathBuf::from(path);
        if !self.reading.tilde {
            return path;
        }
        let Some(Component::Normal(first)) = path.components().next() else {
            return path;
        };
        let home = match first.to_str().and_then(|first| first.strip_prefix('~')) {
            Some("") => self.home.map(Path::to_owned),
            Some(user) => (self.homes)(Some(user)),
            None => None,
        };
        match (home, path.strip_prefix(first)) {
            (Some(home), Ok(rest)) => home.join(rest),
            _ => path,
        }
    }

    fn variables(&mut self, text: &str) -> String {
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
            self.depend_on(name);
            match self.vars.in_path(name).filter(|_| !name.is_empty()) {
                Some(value) => out.push_str(&value.to_string_lossy()),
                None => out.push_str(&rest[at..rest.len() - tail.len()]),
            }
            rest = tail;
        }
        out + rest
    }

    /// Only safe names, because the hooks put them into code and copy the values.
    fn depend_on(&mut self, name: &str) {
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && name.bytes().next().is_some_and(|b| !b.is_ascii_digit());
        let watched = env_vars::named(name)
            .is_some_and(|var| var.secret || matches!(var.watch, Watch::Value));
        if is_name && !watched && !self.depends_on.iter().any(|known| known == name) {
            self.depends_on.push(name.to_owned());
        }
    }
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
                AwsPaths::read(&vars, Reading::BOTOCORE, &|_| None).config,
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
            let found = AwsPaths::read(&vars, raw, &|_| None).config;
            assert_eq!(found, Some(PathBuf::from(want)), "{value:?}");
        }
    }

    #[test]
    fn without_a_home_there_is_no_default_file() {
        for vars in [Env::default(), Env::from_iter([("HOME", "")])] {
            assert_eq!(
                AwsPaths::read(&vars, Reading::BOTOCORE, &|_| None),
                AwsPaths {
                    home: None,
                    config: None,
                    credentials: None,
                    logins: None,
                    depends_on: Vec::new(),
                }
            );
        }
    }

    #[test]
    fn a_password_database_knows_other_homes() {
        let homes = |name: Option<&str>| match name {
            None => Some(PathBuf::from("/home/me")),
            Some("bob") => Some(PathBuf::from("/home/bob")),
            Some(_) => None,
        };
        for (home, value, want) in [
            (Some("/h"), "~bob/x", "/home/bob/x"),
            (Some("/h"), "~bob", "/home/bob"),
            (Some("/h"), "~ann/x", "~ann/x"),
            (Some("/h"), "~/x", "/h/x"),
            (Some("/h"), "/~bob/x", "/~bob/x"),
            (Some("/h"), "x/~bob", "x/~bob"),
            (None, "~/x", "/home/me/x"),
            (None, "$WHO/x", "/home/bob/x"),
        ] {
            let vars = Env::from_iter([("AWS_CONFIG_FILE", value), ("WHO", "~bob")]);
            let vars = home.iter().fold(vars, |vars, home| vars.with("HOME", home));
            let found = AwsPaths::read(&vars, Reading::BOTOCORE, &homes).config;
            assert_eq!(found, Some(PathBuf::from(want)), "{home:?} {value}");
        }
        let found = AwsPaths::read(&Env::default(), Reading::BOTOCORE, &homes);
        assert_eq!(found.config, Some("/home/me/.aws/config".into()));
    }

    #[test]
    fn a_tilde_in_the_settings_is_the_home_directory() {
        let home = Some(Path::new("/h"));
        for (path, home, want) in [
            ("~", home, "/h"),
            ("~/", home, "/h/"),
            ("~/a b", home, "/h/a b"),
            ("~//a", home, "/h/a"),
            ("/a/~", home, "/a/~"),
            ("~bob/a", home, "~bob/a"),
            ("~/a", None, "~/a"),
        ] {
            assert_eq!(below_home(path, home), PathBuf::from(want), "{path}");
        }
    }

    #[test]
    fn the_variables_that_the_paths_depend_on_are_known() {
        for (config, logins, want) in [
            ("/x", "", vec![]),
            ("$HOME/x", "$AWS_PROFILE", vec!["PWD"]),
            ("$WORK/x", "", vec!["WORK", "PWD"]),
            ("/$WORK/x", "/${A_1}$WORK", vec!["WORK", "A_1"]),
            ("x", "", vec!["PWD"]),
            ("/${a[0]}$1$-${}$PATH", "", vec!["PATH"]),
            (
                "/$AWS_SECRET_ACCESS_KEY$AWS_BEARER_TOKEN_BEDROCK",
                "",
                vec![],
            ),
        ] {
            let vars = Env::from_iter([
                ("HOME", "/h"),
                ("AWS_CONFIG_FILE", config),
                ("AWS_LOGIN_CACHE_DIRECTORY", logins),
            ]);
            assert_eq!(
                AwsPaths::read(&vars, Reading::BOTOCORE, &|_| None).depends_on,
                want,
                "{config} {logins}"
            );
        }
    }
}
