//! The library's credential chain: which credentials the AWS CLI would use, by the files alone.

use super::{Section, Vars};
use awsbadge::aws::chain::{self, FileContent, Host, Inputs, LazyFiles, Profiles as _, Tool};
use awsbadge::aws::config::FileKind;
use awsbadge::aws::{Epoch, cache};
use awsbadge::sys::{self, fs, process};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use awsbadge::aws::cache::RoleCall;
use awsbadge::aws::chain::Expires;
pub(crate) use awsbadge::aws::chain::{Link, Login, Provider, Region, Winner};
use awsbadge::aws::expiry::Expiry;
pub(crate) use awsbadge::aws::shlex::split as words;
pub(crate) use awsbadge::diagnostic::{Code, Diagnostic};
pub(crate) use awsbadge::sys::process::Ended;

fn content(read: fs::Read) -> FileContent {
    match read {
        fs::Read::Bytes(bytes) => FileContent::Bytes(bytes),
        fs::Read::Absent => FileContent::Absent,
        fs::Read::Unusable(why) => FileContent::Unusable(why),
    }
}

/// This machine, as the chain asks it.
struct Machine<'a>(&'a Vars);

impl Host for Machine<'_> {
    fn read(&self, path: &Path) -> FileContent {
        content(fs::read(path, fs::CONFIG_CAP))
    }

    fn read_cache(&self, path: &Path, whole: &dyn Fn(&[u8]) -> bool) -> FileContent {
        match content(fs::read(path, fs::CACHE_CAP)) {
            // Somebody may just be writing it.
            FileContent::Bytes(bytes) if !whole(&bytes) => {
                sys::clock::pause(Duration::from_millis(2));
                content(fs::read(path, fs::CACHE_CAP))
            }
            read => read,
        }
    }

    fn has_program(&self, name: &str) -> bool {
        match name.contains('/') {
            true => fs::about(Path::new(name)).is_some(),
            false => process::find_for_exec(name, &self.0.0).is_some(),
        }
    }

    fn home_of(&self, user: Option<&str>) -> Option<PathBuf> {
        sys::dirs::home_of(user)
    }

    fn local_time(&self, wall: Epoch) -> Epoch {
        sys::clock::local(wall)
    }

    /// Here the metadata service itself can be asked, as the AWS CLI does wherever it runs.
    fn is_ec2(&self) -> bool {
        true
    }
}

/// What the files and the environment say.
pub(crate) struct Offline {
    /// The profile that is selected.
    pub(crate) profile: String,
    /// What named it: a variable, `--profile`, or `default`.
    pub(crate) profile_from: &'static str,
    /// The credentials, or why there are none.
    pub(crate) outcome: Result<Winner, Diagnostic>,
    /// The region of the calls.
    pub(crate) region: Option<Region>,
    files: LazyFiles,
    home: Option<PathBuf>,
}

/// What the AWS CLI would use. `profile` is one that is named.
pub(crate) fn offline(vars: &Vars, profile: Option<&str>, now: Epoch) -> Offline {
    let host = Machine(vars);
    let inputs = Inputs {
        env: &vars.0,
        profile,
        now,
        host: &host,
    };
    let files = chain::cli_files(&vars.0, &host);
    let decision = Tool::Cli.decide(&inputs, &files);
    Offline {
        region: Tool::Cli.region(&inputs, &files),
        profile: decision.profile,
        profile_from: decision.profile_from,
        outcome: decision.outcome,
        files,
        home: sys::dirs::home(&vars.0),
    }
}

/// When the keys expire, as far as a file or a variable says it.
pub(crate) fn expires_at(winner: &Winner) -> Option<Epoch> {
    match (winner.expires, winner.expiry) {
        (Expires::Keys, Expiry::At { at, .. }) => Some(at),
        _ => None,
    }
}

impl Offline {
    /// A profile of both files together.
    pub(crate) fn section(&self, name: &str) -> Option<Section> {
        self.files.profile(name).map(std::borrow::Cow::into_owned)
    }

    /// A profile as it is in the file that `provider` reads.
    pub(crate) fn section_of(&self, provider: Provider, name: &str) -> Option<Section> {
        let file = match provider {
            Provider::ConfigFile => FileKind::Config,
            _ => FileKind::Credentials,
        };
        self.files
            .profile_in(file, name)
            .map(std::borrow::Cow::into_owned)
    }

    /// The AWS CLI's cache file of an assumed role.
    pub(crate) fn cached_role(&self, call: RoleCall<'_>) -> Option<PathBuf> {
        Some(cache::assumed_role(self.home.as_deref()?, call))
    }
}

/// Runs a program that may ask questions on this terminal, and collects what it prints.
///
/// # Errors
/// If there is no such program, or it can't be started.
pub(crate) fn run_program(words: &[String], vars: &Vars) -> io::Result<Ended> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no such program");
    let (program, arguments) = words.split_first().ok_or_else(missing)?;
    let path = match program.contains('/') {
        true => PathBuf::from(program),
        false => process::find(program, &vars.0).ok_or_else(missing)?,
    };
    process::capture(&path, arguments, &vars.0)
}
