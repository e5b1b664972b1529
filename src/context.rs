//! What every command needs: the environment, the time, the settings and the AWS files, each read once.

use crate::aws::chain::{self, FileContent, Host, Inputs, LazyFiles};
use crate::aws::config::{self, FileKind, Section, SectionKind};
use crate::aws::paths::{AwsPaths, Reading};
use crate::aws::{Env, Epoch};
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::Error;
use crate::output::sanitize::Escaped;
use crate::settings::{Settings, Source};
use crate::sys::fs::{CACHE_CAP, CONFIG_CAP, Read};
use crate::sys::watch::WatchList;
use crate::sys::{self, fs, process};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// The context of one command.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The environment.
    pub env: &'a Env,
    /// The time at which the command started.
    pub now: Epoch,
    /// The user's settings.
    pub settings: Settings,
    /// The problems of the settings.
    pub problems: Vec<Diagnostic>,
    /// Every path and variable that was read.
    pub watch: WatchList,
    /// Where the AWS files are.
    pub places: AwsPaths,
    aws_files: OnceCell<AwsFiles>,
    cli_files: OnceCell<LazyFiles>,
}

/// The AWS files, each read once.
#[derive(Debug)]
pub(crate) struct AwsFiles {
    /// The config file.
    pub config: FileText,
    /// The credentials file.
    pub credentials: FileText,
}

/// One of the AWS files.
#[derive(Debug)]
pub(crate) struct FileText {
    /// Its path, if the environment defines one.
    pub path: Option<PathBuf>,
    content: Content,
}

/// What is at the path.
#[derive(Debug)]
enum Content {
    /// UTF-8.
    Text(Rc<String>),
    /// Bytes that are not UTF-8, and the text with U+FFFD in their place.
    Bytes(Vec<u8>, String),
    Absent,
    Unusable(String),
}

impl FileText {
    fn read(path: Option<&Path>, watch: &WatchList) -> Self {
        let content = match path.map_or(Read::Absent, |path| watch.read(path, CONFIG_CAP)) {
            Read::Bytes(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Content::Text(Rc::new(text)),
                Err(e) => {
                    let lossy = String::from_utf8_lossy(e.as_bytes()).into_owned();
                    Content::Bytes(e.into_bytes(), lossy)
                }
            },
            Read::Absent => Content::Absent,
            Read::Unusable(why) => Content::Unusable(why),
        };
        Self {
            path: path.map(Path::to_owned),
            content,
        }
    }

    /// Its text, empty if it is absent or unusable. Bytes that are not UTF-8 are replaced by U+FFFD.
    #[must_use]
    pub(crate) fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            Content::Bytes(_, lossy) => lossy,
            Content::Absent | Content::Unusable(_) => "",
        }
    }

    /// Why it cannot be used, if it exists but is unusable.
    #[must_use]
    pub(crate) fn problem(&self) -> Option<(&Path, &str)> {
        match (&self.path, &self.content) {
            (Some(path), Content::Unusable(why)) => Some((path, why)),
            _ => None,
        }
    }
}

impl AwsFiles {
    /// The file of a kind.
    #[must_use]
    pub(crate) fn file(&self, kind: FileKind) -> &FileText {
        match kind {
            FileKind::Config => &self.config,
            FileKind::Credentials => &self.credentials,
        }
    }

    /// The text of the one at that path, if it is UTF-8.
    #[must_use]
    pub(crate) fn text_at(&self, path: &Path) -> Option<&str> {
        match &self.at(path)?.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The file at `path`.
    fn at(&self, path: &Path) -> Option<&FileText> {
        [&self.config, &self.credentials]
            .into_iter()
            .find(|file| file.path.as_deref() == Some(path))
    }

    /// A file that exists and cannot be used, and why.
    #[must_use]
    pub(crate) fn problem(&self) -> Option<(&Path, &str)> {
        self.config.problem().or_else(|| self.credentials.problem())
    }

    /// A section that any tool can find: the lenient reading that `list` and `use` use.
    #[must_use]
    pub(crate) fn any_section(&self, kind: SectionKind, name: &str) -> Option<Section> {
        // It replaces bytes that are not UTF-8, and the original bytes are lost, so no section can be found by this
        // name.
        if name.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        config::find(self.config.text(), self.credentials.text(), &[(kind, name)])
            .pop()
            .flatten()
    }
}

impl<'a> Context<'a> {
    /// Reads the settings. The AWS files are read on first use.
    #[must_use]
    pub(crate) fn new(env: &'a Env) -> Self {
        let watch = WatchList::default();
        let path = settings_path(env);
        let read = path.as_ref().map_or(Read::Absent, |path| {
            or_dangling(watch.read(path, CACHE_CAP), path)
        });
        let places = AwsPaths::read(env, Reading::BOTOCORE, &sys::dirs::home_of);
        for name in &places.depends_on {
            watch.var(name);
        }
        let path = path.unwrap_or_default();
        let (settings, problems) = Settings::read(settings_source(&read), &path, env);
        Self {
            env,
            now: sys::clock::now(),
            settings,
            problems,
            watch,
            places,
            aws_files: OnceCell::new(),
            cli_files: OnceCell::new(),
        }
    }

    /// The problems of the settings that may hide production.
    pub(crate) fn doubts(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
    }

    /// The first of these problems on one line, and the number of the others.
    #[must_use]
    pub(crate) fn settings_doubt(&self) -> Option<String> {
        let mut doubts = self.doubts();
        let first = doubts.next()?.with_fix();
        let first = Escaped(&first);
        Some(match doubts.count() {
            0 => first.to_string(),
            more => format!("{first} (and {more} more: `awsbadge settings`)"),
        })
    }

    /// The AWS files.
    #[must_use]
    pub(crate) fn aws_files(&self) -> &AwsFiles {
        self.aws_files.get_or_init(|| AwsFiles {
            config: FileText::read(self.places.config.as_deref(), &self.watch),
            credentials: FileText::read(self.places.credentials.as_deref(), &self.watch),
        })
    }

    /// The AWS files, if both can be used.
    ///
    /// # Errors
    /// [`Error::BadFile`] if one exists but cannot be read.
    pub(crate) fn usable_aws_files(&self) -> Result<&AwsFiles, Error> {
        let files = self.aws_files();
        match files.problem() {
            None => Ok(files),
            Some((path, why)) => Err(Error::BadFile {
                path: path.to_owned(),
                line: None,
                message: why.to_owned(),
                hint: "make it readable; AWS's tools need it too".to_owned(),
            }),
        }
    }

    /// The two files as the AWS CLI reads them.
    #[must_use]
    pub(crate) fn cli_files(&self) -> &LazyFiles {
        self.cli_files
            .get_or_init(|| chain::cli_files(self.env, self))
    }

    /// The inputs of a credential chain. `profile` is a profile selected explicitly, as with `aws --profile`.
    #[must_use]
    pub(crate) fn inputs<'i>(&'i self, profile: Option<&'i str>) -> Inputs<'i> {
        Inputs {
            env: self.env,
            profile,
            now: self.now,
            host: self,
        }
    }
}

/// The settings file, whether it exists or not.
#[must_use]
pub(crate) fn settings_path(env: &Env) -> Option<PathBuf> {
    sys::dirs::config_directory(env).map(|directory| directory.join("config.ini"))
}

/// A dangling symlink is not the same as no file: its settings are missing.
#[must_use]
pub(crate) fn or_dangling(read: Read, path: &Path) -> Read {
    match read {
        Read::Absent if fs::exists(path).is_ok_and(|exists| exists) => {
            Read::Unusable("a symlink to a file that does not exist".to_owned())
        }
        read => read,
    }
}

/// Converts what was read to a source of settings.
#[must_use]
pub(crate) fn settings_source(read: &Read) -> Source<'_> {
    match read {
        Read::Absent => Source::Absent,
        Read::Bytes(bytes) => Source::Bytes(bytes),
        Read::Unusable(why) => Source::Unusable(why),
    }
}

impl Host for Context<'_> {
    fn read(&self, path: &Path) -> FileContent {
        match self.aws_files().at(path).map(|file| &file.content) {
            Some(Content::Text(text)) => FileContent::Bytes(text.as_bytes().to_vec()),
            Some(Content::Bytes(bytes, _)) => FileContent::Bytes(bytes.clone()),
            Some(Content::Absent) => FileContent::Absent,
            Some(Content::Unusable(why)) => FileContent::Unusable(why.clone()),
            None => content(self.watch.read(path, CONFIG_CAP)),
        }
    }

    fn shared_text(&self, path: &Path) -> Option<Rc<String>> {
        match &self.aws_files().at(path)?.content {
            Content::Text(text) => Some(Rc::clone(text)),
            _ => None,
        }
    }

    fn read_cache(&self, path: &Path, whole: &dyn Fn(&[u8]) -> bool) -> FileContent {
        read_cache(path, whole, self.now, |path| {
            self.watch.read(path, CACHE_CAP)
        })
    }

    fn has_program(&self, name: &str) -> bool {
        if name.contains('/') {
            if !name.starts_with('/') {
                self.watch.var("PWD");
            }
            return self.watch.is_program(Path::new(name));
        }
        self.watch.var("PATH");
        process::find_for_exec(name, self.env).is_some_and(|path| self.watch.is_program(&path))
    }

    fn home_of(&self, user: Option<&str>) -> Option<PathBuf> {
        sys::dirs::home_of(user)
    }

    fn local_time(&self, wall: Epoch) -> Epoch {
        self.watch.var("TZ");
        sys::clock::local(wall)
    }

    fn is_ec2(&self) -> bool {
        sys::is_ec2()
    }
}

fn content(read: Read) -> FileContent {
    match read {
        Read::Bytes(bytes) => FileContent::Bytes(bytes),
        Read::Absent => FileContent::Absent,
        Read::Unusable(why) => FileContent::Unusable(why),
    }
}

/// Reads a JSON cache. If it is incomplete and was written just now, reads it a second time: most tools write it in
/// place and finish within milliseconds. It does not wait for a file that has been broken for longer, because there may
/// be thousands.
fn read_cache(
    path: &Path,
    whole: &dyn Fn(&[u8]) -> bool,
    now: Epoch,
    read: impl Fn(&Path) -> Read,
) -> FileContent {
    for again in [false, true] {
        match read(path) {
            Read::Bytes(bytes) if whole(&bytes) => return FileContent::Bytes(bytes),
            Read::Bytes(bytes) => {
                let new = fs::changed(path).is_some_and(|at| now.since(at).0.abs() <= 10);
                match (new, again) {
                    (false, _) => return FileContent::Bytes(bytes),
                    (true, true) => return FileContent::Partial,
                    (true, false) => sys::clock::pause(Duration::from_millis(2)),
                }
            }
            other => return content(other),
        }
    }
    FileContent::Absent
}
