//! What every command needs: the environment, the config file, the caches and the locks.

use crate::cli::Cli;
use crate::error::{Failure, Word};
use crate::idc::endpoint::{Endpoint, Rules, Service};
use crate::library::{self, AwsFiles, Config, Settings, Vars};
use crate::net::Client;
use crate::session::{self, Session};
use crate::store::config::ConfigFile;
use crate::store::lock::Locks;
use crate::store::undo::Records;
use crate::sys::{self, terminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The surroundings of one run.
pub(crate) struct Context {
    pub(crate) vars: Vars,
    pub(crate) config: Config,
    pub(crate) settings: Settings,
    pub(crate) home: PathBuf,
    pub(crate) state: Option<PathBuf>,
    pub(crate) locks: Locks,
    /// How long one call may take, all its phases and repeats together.
    pub(crate) limit: Duration,
    pub(crate) json: bool,
}

impl Context {
    /// Reads it all.
    ///
    /// # Errors
    /// A config file that is there and can't be read; no home directory.
    pub(crate) fn load(cli: &Cli) -> Result<Self, Failure> {
        let vars = library::environment();
        let AwsFiles { config, trouble } = settled(&vars);
        if let Some((path, why)) = trouble {
            return Err(Failure::new(
                Word::BadConfig,
                format!("{} can't be read: {why}", path.display()),
                "Fix it, or check its permissions.",
            ));
        }
        let home = library::home(&vars).ok_or_else(|| {
            Failure::new(
                Word::CacheUnreadable,
                "there is no home directory",
                "Set HOME.",
            )
        })?;
        let settings = library::settings(&vars);
        let state = library::state_directory(&vars);
        let locks = Locks::new(state.as_deref());
        Ok(Self {
            limit: cli.endpoint_timeout.unwrap_or(settings.timeout),
            json: cli.json,
            vars,
            config,
            settings,
            home,
            state,
            locks,
        })
    }

    /// A session together with the way to its service. `profile` is the one that was named.
    pub(crate) fn link(&self, session: Session, profile: Option<&str>) -> Link {
        let calling = session::calling_profile(&self.config, &self.vars, profile);
        Link {
            rules: session::rules(&self.config, &self.vars, profile),
            client: Arc::new(Client::new(&self.vars, calling, self.limit)),
            token_file: library::token_file(&self.home, &session.key),
            session,
        }
    }

    /// The session that a command means, with the way to its service.
    ///
    /// # Errors
    /// As [`session::chosen`].
    pub(crate) fn chosen(
        &self,
        named: Option<&str>,
        profile: Option<&str>,
    ) -> Result<Link, Failure> {
        let session = session::chosen(&self.config, &self.vars, named, profile)?;
        Ok(self.link(session, profile))
    }

    /// The config file, to be changed. With `recorded`, so that it can be undone.
    ///
    /// # Errors
    /// A variable that names no file.
    pub(crate) fn config_file(&self, recorded: bool) -> Result<ConfigFile<'_>, Failure> {
        let path = library::aws_places(&self.vars).0.ok_or_else(|| {
            Failure::new(
                Word::BadConfig,
                "AWS_CONFIG_FILE names no file",
                "Unset it, or set it to a path.",
            )
        })?;
        Ok(ConfigFile::new(
            path,
            &self.locks,
            self.records().filter(|_| recorded),
        ))
    }

    /// A path as a person reads it, with `~` for the home directory.
    pub(crate) fn path(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) => library::safe_name(&format!("~/{}", rest.display())),
            Err(_) => library::safe_name(&path.display().to_string()),
        }
    }

    /// The records of writes to the config file.
    pub(crate) fn records(&self) -> Option<Records> {
        self.state.as_deref().map(Records::new)
    }

    /// Says something to a person. On a terminal, lines end between words.
    pub(crate) fn say(&self, text: &str) {
        if !self.json {
            let text = library::visible(text);
            let columns = terminal::size().map_or(usize::MAX, |(columns, _)| columns);
            terminal::complain(&format!("{}\n", wrapped(&text, columns)));
        }
    }

    /// Says what a person should know even from a command that says nothing else.
    pub(crate) fn warn(&self, text: &str) {
        terminal::complain(&format!("warning: {}\n", library::visible(text)));
    }

    /// `Sat 18:05`.
    pub(crate) fn at(&self, at: library::Epoch) -> String {
        library::local_text(at, library::now())
    }

    /// `Sat 18:05, 1h0m`.
    pub(crate) fn until(&self, at: library::Epoch) -> String {
        let now = library::now();
        let left = library::left_text(at.since(now));
        format!("{}, {left}", self.at(at))
    }
}

/// AWS's files. A config file that changed just now is read until it is the same twice: the AWS CLI writes it in place,
/// and half a file has other sessions than the whole one.
fn settled(vars: &Vars) -> AwsFiles {
    let mut before = library::file_clock();
    let mut files = library::aws_files(vars);
    for _ in 0..10 {
        if !library::config_changed(vars, before, Duration::from_millis(100)) {
            break;
        }
        before = library::file_clock();
        sys::pause(Duration::from_millis(20));
        let again = library::aws_files(vars);
        let empty = again.config.profiles.is_empty() && again.config.sso_sessions.is_empty();
        let same = again.config == files.config;
        files = again;
        if same && !empty {
            break;
        }
    }
    files
}

/// A session and the way to its service.
pub(crate) struct Link {
    pub(crate) session: Session,
    pub(crate) rules: Rules,
    pub(crate) client: Arc<Client>,
    pub(crate) token_file: PathBuf,
}

impl Link {
    /// The endpoint of a service.
    ///
    /// # Errors
    /// As [`Rules::endpoint`].
    pub(crate) fn endpoint(&self, service: Service) -> Result<Endpoint, Failure> {
        self.rules.endpoint(service, &self.session.region)
    }

    /// A warning, if this machine's clock is more than five minutes off by what the service said.
    pub(crate) fn clock_warning(&self) -> Option<String> {
        clock_warning(self.client.skew()?)
    }
}

/// A warning, if this machine's clock is more than five minutes off. `skew`: the service's less this one, in seconds.
pub(crate) fn clock_warning(skew: i64) -> Option<String> {
    if skew.abs() <= 300 {
        return None;
    }
    let minutes = skew.abs() / 60;
    let way = if skew > 0 { "behind" } else { "ahead of" };
    Some(format!(
        "the clock of this machine is {minutes} minutes {way} the service's; times of expiry are off by as much"
    ))
}

/// `text` in lines of at most `columns` characters. What is in backticks is for copying, and stays on one line; so does
/// a word that is longer: a terminal that breaks it joins it again when it is copied.
fn wrapped(text: &str, columns: usize) -> String {
    let (mut out, mut column, mut quoted) = (String::new(), 0, false);
    let mut start = 0;
    let mut end_word = |word: &str| {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > columns {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    };
    for (at, c) in text.char_indices() {
        match c {
            '`' => quoted = !quoted,
            ' ' if !quoted => {
                end_word(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    end_word(&text[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_end_between_words_and_what_is_for_copying_stays_whole() {
        for (text, columns, want) in [
            ("one two three", 80, "one two three"),
            ("one two three", 13, "one two three"),
            ("one two three", 12, "one two\nthree"),
            ("one two three", 1, "one\ntwo\nthree"),
            ("Run `a b c` now", 8, "Run\n`a b c`\nnow"),
            ("é東 x", 4, "é東 x"),
            ("é東 x", 3, "é東\nx"),
            ("a lone ` quote b", 6, "a lone\n` quote b"),
            ("", 10, ""),
        ] {
            assert_eq!(wrapped(text, columns), want, "{text} {columns}");
        }
    }
}
