//! The `awsbadge` library, as far as this program uses it. Nothing else here names it, so that a change of its
//! layout is a change of this file and its part only.

pub(crate) mod chain;

use awsbadge::aws::paths::{AwsPaths, Reading};
use awsbadge::aws::{Env, cache, config, regions, time};
use awsbadge::badge::{class, countdown};
use awsbadge::output::redact;
use awsbadge::output::sanitize::{self, Escaped};
use awsbadge::settings::{self, Source};
use awsbadge::sys::{self, fs};
use awsbadge::{cli, commands};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub(crate) use awsbadge::aws::config::{
    FileKind, Merged as Config, Part, Section, SectionKind, pieces,
};
pub(crate) use awsbadge::aws::expiry::RENEWED_WITH;
pub(crate) use awsbadge::aws::{Epoch, Seconds};
pub(crate) use awsbadge::picker::{Answer, line as ask_line, list as ask_list, settle};
pub(crate) use awsbadge::settings::Populate;
pub(crate) use awsbadge::sys::attributes;
pub(crate) use awsbadge::sys::fs::again;
pub(crate) use awsbadge::sys::tty::Tty as Terminal;

/// An environment. It answers for any name: the library's answers only for the variables that the hooks watch, and
/// nothing here is part of a prompt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vars(Env);

impl Vars {
    /// The raw value of a variable; an empty value is a value.
    pub(crate) fn raw(&self, name: &str) -> Option<&OsStr> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }

    /// The value of a variable if it is set and not empty, with bytes that are not UTF-8 shown as U+FFFD.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.raw(name)
            .filter(|value| !value.is_empty())
            .map(OsStr::to_string_lossy)
    }

    /// Whether a variable is set and not empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| !value.is_empty())
    }

    /// Every variable, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter()
    }

    /// The same environment with the variable `name` set to `value`.
    #[cfg(test)]
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        Self(self.0.with(name, value))
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Vars {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The environment of this process.
pub(crate) fn environment() -> Vars {
    Vars(sys::environment())
}

/// The wall clock.
pub(crate) fn now() -> Epoch {
    sys::clock::now()
}

/// `Tue 14:05`, in the local time zone; with the date if it is not within a week.
pub(crate) fn local_text(at: Epoch, now: Epoch) -> String {
    sys::clock::local_text(at, now)
}

/// `3h12m`, `<1m`.
pub(crate) fn left_text(left: Seconds) -> String {
    countdown::text(left)
}

/// A date in any of the forms that AWS's tools write; without a zone it is UTC.
pub(crate) fn parse_time(text: &str) -> Option<Epoch> {
    time::parse(text).map(time::Written::or_utc)
}

/// `90s`, `20m`, `8h`, `2d`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let seconds = settings::duration(text)?.0;
    u64::try_from(seconds).ok().map(Duration::from_secs)
}

/// Text from outside with its control characters made visible.
pub(crate) fn visible(text: &str) -> String {
    Escaped(text).to_string()
}

/// A name from a file, fit for a terminal.
pub(crate) fn safe_name(name: &str) -> String {
    sanitize::name(name, false)
}

/// Columns that `text` takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    sanitize::width(text)
}

/// `text` cut to at most `columns`, with `…` in place of what is gone.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    sanitize::shorten(text, columns, false)
}

/// Whether `text` matches `pattern`, with `*` and `?` in it; case is ignored.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    class::glob(pattern, text)
}

/// Whether `name` may become part of a host name as a region.
pub(crate) fn is_region(name: &str) -> bool {
    regions::is_region(name)
}

/// The partition of a region, such as `aws-cn`.
pub(crate) fn partition(region: &str) -> Option<&'static str> {
    regions::partition(region)
}

/// The token file of a session's name, or of a legacy start URL.
pub(crate) fn token_file(home: &Path, key: &str) -> PathBuf {
    cache::sso_token(home, key)
}

/// The AWS CLI's cache file of a role's credentials.
pub(crate) fn role_file(
    home: &Path,
    account: &str,
    role: &str,
    key: &str,
    legacy: bool,
) -> PathBuf {
    cache::sso_role(home, account, role, key, legacy)
}

/// `awsbadge-sso help` and `help COMMAND`: becomes `man` with the page, or returns the arguments that print the help.
/// `arguments` begin with the program's own name.
pub(crate) fn manual(arguments: &[OsString]) -> Option<Vec<OsString>> {
    let (page, instead) = cli::manual("awsbadge-sso", arguments.get(1..)?)?;
    commands::manual(&page, &sys::environment());
    Some(instead)
}

/// The home directory: `HOME`, else the password database.
pub(crate) fn home(vars: &Vars) -> Option<PathBuf> {
    sys::dirs::home(&vars.0)
}

/// The directory of state, which may not be there yet.
pub(crate) fn state_directory(vars: &Vars) -> Option<PathBuf> {
    sys::dirs::state_directory(&vars.0)
}

/// A program on an absolute part of the `PATH`.
pub(crate) fn find_program(name: &str, vars: &Vars) -> Option<PathBuf> {
    sys::process::find(name, &vars.0)
}

/// What reading a file gave.
pub(crate) enum Content {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// There is no such file.
    Absent,
    /// It is there, and can't be used: why.
    Unusable(String),
}

/// Reads a token or cache file: regular, at most 1 MiB.
pub(crate) fn read_cache(path: &Path) -> Content {
    content(fs::read(path, fs::CACHE_CAP))
}

/// Reads a file of certificates: regular, at most 16 MiB.
pub(crate) fn read_bundle(path: &Path) -> Content {
    content(fs::read(path, fs::CONFIG_CAP))
}

fn content(read: fs::Read) -> Content {
    match read {
        fs::Read::Bytes(bytes) => Content::Bytes(bytes),
        fs::Read::Absent => Content::Absent,
        fs::Read::Unusable(why) => Content::Unusable(why),
    }
}

/// An I/O error in words, without the number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    fs::reason(error)
}

/// Where AWS's two files are: config and credentials. `None` if a variable names none.
pub(crate) fn aws_places(vars: &Vars) -> (Option<PathBuf>, Option<PathBuf>) {
    let places = AwsPaths::read(&vars.0, Reading::BOTOCORE, &sys::dirs::home_of);
    (places.config, places.credentials)
}

/// Reads one of AWS's files: regular, at most 16 MiB.
pub(crate) fn read_aws_file(path: &Path) -> Content {
    content(fs::read(path, fs::CONFIG_CAP))
}

/// AWS's two files.
pub(crate) struct AwsFiles {
    /// Both files, leniently read.
    pub(crate) config: Config,
    /// The first file that is there and can't be used, and why.
    pub(crate) trouble: Option<(PathBuf, String)>,
}

/// The files' clock.
#[allow(
    clippy::disallowed_methods,
    reason = "only compared with the times of files"
)]
pub(crate) fn file_clock() -> SystemTime {
    SystemTime::now()
}

/// Whether the config file changed since `age` before `moment`: a program may have been writing it then.
pub(crate) fn config_changed(vars: &Vars, moment: SystemTime, age: Duration) -> bool {
    let changed = aws_places(vars)
        .0
        .and_then(|path| std::fs::metadata(path).ok()?.modified().ok());
    changed.is_some_and(|at| at + age > moment)
}

/// Reads AWS's two files.
pub(crate) fn aws_files(vars: &Vars) -> AwsFiles {
    let places = AwsPaths::read(&vars.0, Reading::BOTOCORE, &sys::dirs::home_of);
    let mut trouble = None;
    let mut text = |path: Option<&Path>| {
        let Some(path) = path else {
            return String::new();
        };
        match content(fs::read(path, fs::CONFIG_CAP)) {
            Content::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Content::Absent => String::new(),
            Content::Unusable(why) => {
                trouble.get_or_insert((path.to_owned(), why));
                String::new()
            }
        }
    };
    let config = text(places.config.as_deref());
    let credentials = text(places.credentials.as_deref());
    AwsFiles {
        config: config::read_leniently(&config, &credentials),
        trouble,
    }
}

/// Reads both files from their texts, leniently.
pub(crate) fn read_config(config: &str, credentials: &str) -> Config {
    config::read_leniently(config, credentials)
}

/// Reads a config file from its text.
#[cfg(test)]
pub(crate) fn config_of(text: &str) -> Config {
    config::read_leniently(text, "")
}

/// The value of a key as it may be shown: what may be a secret is masked.
pub(crate) fn masked(key: &str, value: &str) -> String {
    redact::shown(key, value)
}

/// The keys of `config.ini` that concern logins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Sessions that log in by device code; `*` for all.
    pub(crate) device_code: Vec<String>,
    /// `[login] redirect_port`.
    pub(crate) redirect_port: Option<u16>,
    /// `[login] browser`, in the form of the variable `BROWSER`.
    pub(crate) browser: Option<String>,
    /// `[network] timeout`: how long one call may take.
    pub(crate) timeout: Duration,
    /// `[populate SESSION]`.
    pub(crate) populate: Vec<Populate>,
}

/// Where `config.ini` is, which may not be there yet.
pub(crate) fn settings_file(vars: &Vars) -> Option<PathBuf> {
    sys::dirs::config_directory(&vars.0).map(|directory| directory.join("config.ini"))
}

/// Reads `config.ini`. What can't be used counts as absent: `awsbadge settings` complains of it.
pub(crate) fn settings(vars: &Vars) -> Settings {
    match settings_file(vars).map(|path| read_cache(&path)) {
        Some(Content::Bytes(bytes)) => settings_of(Source::Bytes(&bytes)),
        Some(Content::Absent | Content::Unusable(_)) | None => settings_of(Source::Absent),
    }
}

fn settings_of(source: Source<'_>) -> Settings {
    // Its variables are about the badge.
    let (settings, _) = settings::Settings::read(source, Path::new("config.ini"), &Env::default());
    Settings {
        device_code: settings.device_code,
        redirect_port: settings.login.redirect_port,
        browser: settings.login.browser,
        timeout: Duration::from_secs(settings.timeout.0.unsigned_abs()),
        populate: settings.populate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_logins_are_read_and_what_is_wrong_is_absent() {
        let text = "[login]\ndevice_code = a, b\nredirect_port = 8400\nbrowser = firefox %s\n[network]\ntimeout = 3s\n\
                    [populate my sso]\nname = {role}\nonly = a*, b/c\nnot = none\nprune = on\n";
        assert_eq!(
            settings_of(text.into()),
            Settings {
                device_code: vec!["a".into(), "b".into()],
                redirect_port: Some(8400),
                browser: Some("firefox %s".into()),
                timeout: Duration::from_secs(3),
                populate: vec![Populate {
                    session: "my sso".into(),
                    name: Some("{role}".into()),
                    only: vec!["a*".into(), "b/c".into()],
                    prune: true,
                    ..Populate::default()
                }],
            }
        );
        let defaults = settings_of(Source::Absent);
        assert_eq!(defaults.timeout, Duration::from_secs(8));
        for text in [
            "",
            "[login]\nredirect_port = 0\n[network]\ntimeout = 0s",
            "[login]\nredirect_port = auto\nbrowser = auto\n[network]\ntimeout = 3601s",
            "[login]\nredirect_port = 99999\ndevice_code =\n[network]\ntimeout = soon",
            "[network\ntimeout = 3s",
        ] {
            assert_eq!(settings_of(text.into()), defaults, "{text}");
        }
    }

    #[test]
    fn file_names_are_those_that_other_tools_use() {
        let home = Path::new("/h");
        for (path, want) in [
            (
                token_file(home, "my-sso"),
                "/h/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json",
            ),
            (
                role_file(home, "123456789012", "Admin", "my-sso", false),
                "/h/.aws/cli/cache/c30b99aca80d8f5b3178e353f05b2abcc9a4ccd3.json",
            ),
        ] {
            assert_eq!(path, Path::new(want));
        }
    }
}
