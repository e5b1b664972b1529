//! The AWS files as one tool reads them.

use super::model::{FileContent, Host};
use super::rules::{Bytes, Rules};
use crate::aws::Env;
use crate::aws::config::{
    self, Dialect, FileKind, FileSections, Merged, Outline, Section, SectionKind, Value,
};
use crate::aws::paths::AwsPaths;
use crate::diagnostic::{Code, Diagnostic, Location};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How a chain looks up sections. The prompt reads single sections of a big file; `explain` reads all of them.
pub trait Profiles {
    /// A profile of the merged files.
    fn profile(&self, name: &str) -> Option<Cow<'_, Section>>;

    /// A profile in one file, without merging.
    fn profile_in(&self, file: FileKind, name: &str) -> Option<Cow<'_, Section>>;

    /// An sso-session.
    fn sso_session(&self, name: &str) -> Option<Cow<'_, Section>>;

    /// Why the tool refuses one of the files, and therefore both.
    fn refusal(&self) -> Option<&Diagnostic>;

    /// The path of a file.
    fn path(&self, file: FileKind) -> Option<&Path>;

    /// The location of a line of a file.
    fn location(&self, file: FileKind, line: u32) -> Location {
        Location::line(self.path(file).unwrap_or(Path::new("")), line)
    }

    /// Files that exist but count as empty.
    fn ignored_files(&self) -> &[Diagnostic];

    /// What the tool ignores inside the files; empty if it was not collected.
    fn warnings(&self) -> &[Diagnostic];

    /// The profile or session to which a line belongs: the section whose header is the last one before it.
    fn section_at(&self, location: &Location) -> Option<(SectionKind, &str)>;
}

/// The paths and texts of the two files.
#[derive(Debug, Clone, Default)]
struct Texts {
    paths: [Option<PathBuf>; 2],
    texts: [Rc<String>; 2],
    ignored: Vec<Diagnostic>,
    refusal: Option<Diagnostic>,
}

const KINDS: [FileKind; 2] = [FileKind::Config, FileKind::Credentials];

fn index(file: FileKind) -> usize {
    match file {
        FileKind::Config => 0,
        FileKind::Credentials => 1,
    }
}

impl Texts {
    fn read(rules: &Rules, env: &Env, host: &dyn Host) -> Self {
        let places = AwsPaths::read(env, rules.places, &|user| host.home_of(user));
        let mut texts = Self {
            paths: [places.config, places.credentials],
            ..Self::default()
        };
        for file in KINDS {
            let Some(path) = texts.paths[index(file)].clone() else {
                continue;
            };
            // `decode` handles a byte order mark or NUL.
            let plain = |text: &Rc<String>| !text.starts_with(['\u{feff}', '\0']);
            if let Some(text) = host.shared_text(&path).filter(plain) {
                texts.texts[index(file)] = text;
                continue;
            }
            match decode(rules, &path, host.read(&path)) {
                Ok((text, ignored)) => {
                    texts.texts[index(file)] = text;
                    texts.ignored.extend(ignored);
                }
                Err(refusal) => {
                    texts.refusal.get_or_insert(refusal);
                }
            }
        }
        texts
    }

    fn path(&self, file: FileKind) -> Option<&Path> {
        self.paths[index(file)].as_deref()
    }

    fn text(&self, file: FileKind) -> &str {
        &self.texts[index(file)]
    }
}

/// The text of a file as a tool decodes it, or a warning if it counts as empty.
///
/// # Errors
/// Why the tool refuses it.
fn decode(
    rules: &Rules,
    path: &Path,
    content: FileContent,
) -> Result<(Rc<String>, Option<Diagnostic>), Diagnostic> {
    let ignored = |why: &str| {
        let message = format!("{} treats this file as empty: {why}", rules.title);
        let warning = Diagnostic::new(Code::IgnoredFile, message).at(Location::file(path));
        Ok((Rc::default(), Some(warning)))
    };
    let bytes = match content {
        FileContent::Bytes(bytes) => bytes,
        FileContent::Absent | FileContent::Partial => return Ok((Rc::default(), None)),
        // No tool fails because of a file that it cannot open.
        FileContent::Unusable(why) => return ignored(&why),
    };
    let refuse = |message: &str, line: Option<usize>| {
        let location = Location {
            path: path.to_owned(),
            line: line.and_then(|line| u32::try_from(line).ok()),
        };
        Err(Diagnostic::new(Code::ConfigParse, message).at(location))
    };
    if rules.bytes == Bytes::Refused {
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return refuse("the file is UTF-16; save it as UTF-8", None);
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            let message = "the file begins with a byte order mark, which no editor shows; save it as UTF-8 without one";
            return refuse(message, Some(1));
        }
        if !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0) {
            let message = format!("the file has only NUL bytes, {} of them", bytes.len());
            return refuse(&message, Some(1));
        }
    }
    match (String::from_utf8(bytes), rules.bytes) {
        (Ok(text), _) => Ok((Rc::new(text), None)),
        (Err(e), Bytes::Lossy) => {
            let text = String::from_utf8_lossy(e.as_bytes()).into_owned();
            Ok((Rc::new(text), None))
        }
        (Err(_), Bytes::Empty) => ignored("it is not UTF-8"),
        (Err(e), Bytes::Refused) => {
            let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            refuse("the line is not UTF-8", Some(line))
        }
    }
}

/// Both files, read completely: separately and merged.
#[derive(Debug, Clone, Default)]
pub struct Files {
    texts: Texts,
    /// The config file alone.
    pub config: FileSections,
    /// The credentials file alone.
    pub credentials: FileSections,
    /// Merged key by key; the credentials file takes precedence.
    pub merged: Merged,
    /// The position of each profile, so that a loop over all profiles does not search for each.
    places: HashMap<String, ProfilePlaces>,
}

/// The positions of one profile in the lists.
#[derive(Debug, Clone, Copy, Default)]
struct ProfilePlaces {
    merged: Option<usize>,
    config: Option<usize>,
    credentials: Option<usize>,
}

impl Files {
    /// Reads both files by the rules of a tool.
    pub(super) fn read(rules: &Rules, env: &Env, host: &dyn Host) -> Self {
        let mut files = Self {
            texts: Texts::read(rules, env, host),
            ..Self::default()
        };
        if files.texts.refusal.is_some() {
            return files;
        }
        let mut sections = [FileSections::default(), FileSections::default()];
        for file in KINDS {
            let path = files.texts.path(file).unwrap_or(Path::new(""));
            match config::read_file(rules.dialect, file, path, files.texts.text(file)) {
                Ok(read) => sections[index(file)] = read,
                Err(fault) => {
                    let refusal = Diagnostic::new(Code::ConfigParse, fault.message);
                    files.texts.refusal = Some(refusal.at(files.location(file, fault.line)));
                    return files;
                }
            }
        }
        [files.config, files.credentials] = sections;
        files.merged = config::merge(&files.config, &files.credentials);
        files.index();
        files
    }

    fn index(&mut self) {
        type Place = fn(&mut ProfilePlaces) -> &mut Option<usize>;
        let lists: [(&[Section], Place); 3] = [
            (&self.merged.profiles, |s| &mut s.merged),
            (&self.config.sections, |s| &mut s.config),
            (&self.credentials.sections, |s| &mut s.credentials),
        ];
        for (sections, place) in lists {
            for (number, section) in sections.iter().enumerate() {
                if section.kind == SectionKind::Profile {
                    let places = self.places.entry(section.name.clone()).or_default();
                    place(places).get_or_insert(number);
                }
            }
        }
    }

    fn sections(&self, file: FileKind) -> &[Section] {
        match file {
            FileKind::Config => &self.config.sections,
            FileKind::Credentials => &self.credentials.sections,
        }
    }

    /// A profile of the merged files.
    #[must_use]
    pub fn merged_profile(&self, name: &str) -> Option<&Section> {
        self.merged.profiles.get(self.places.get(name)?.merged?)
    }

    /// The location of a value.
    #[must_use]
    pub fn at(&self, value: &Value) -> Location {
        self.location(value.file, value.line)
    }
}

impl Profiles for Files {
    fn profile(&self, name: &str) -> Option<Cow<'_, Section>> {
        self.merged_profile(name).map(Cow::Borrowed)
    }

    fn profile_in(&self, file: FileKind, name: &str) -> Option<Cow<'_, Section>> {
        let places = self.places.get(name)?;
        let place = match file {
            FileKind::Config => places.config?,
            FileKind::Credentials => places.credentials?,
        };
        self.sections(file).get(place).map(Cow::Borrowed)
    }

    fn sso_session(&self, name: &str) -> Option<Cow<'_, Section>> {
        self.merged.sso_session(name).map(Cow::Borrowed)
    }

    fn refusal(&self) -> Option<&Diagnostic> {
        self.texts.refusal.as_ref()
    }

    fn path(&self, file: FileKind) -> Option<&Path> {
        self.texts.path(file)
    }

    fn ignored_files(&self) -> &[Diagnostic] {
        &self.texts.ignored
    }

    fn warnings(&self) -> &[Diagnostic] {
        &self.merged.warnings
    }

    fn section_at(&self, location: &Location) -> Option<(SectionKind, &str)> {
        let file = KINDS
            .into_iter()
            .find(|file| self.path(*file) == Some(&location.path))?;
        self.sections(file)
            .iter()
            .filter(|s| Some(s.line) <= location.line)
            .max_by_key(|s| s.line)
            .map(|s| (s.kind, s.name.as_str()))
    }
}

/// Both files, with sections read on request. Only for botocore's rules.
#[derive(Debug)]
pub struct LazyFiles {
    texts: Texts,
    outlines: [Outline; 2],
}

impl LazyFiles {
    /// Reads both files by the rules of a tool that uses botocore's reader.
    pub(super) fn read(rules: &Rules, env: &Env, host: &dyn Host) -> Self {
        debug_assert_eq!(rules.dialect, Dialect::Botocore);
        let mut texts = Texts::read(rules, env, host);
        let mut outlines = [Outline::default(), Outline::default()];
        if texts.refusal.is_none() {
            for file in KINDS {
                match Outline::of(texts.text(file), file) {
                    Ok(outline) => outlines[index(file)] = outline,
                    Err(fault) => {
                        let path = texts.path(file).unwrap_or(Path::new(""));
                        let refusal = Diagnostic::new(Code::ConfigParse, fault.message)
                            .at(Location::line(path, fault.line));
                        texts.refusal.get_or_insert(refusal);
                    }
                }
            }
        }
        Self { texts, outlines }
    }

    fn section(&self, file: FileKind, kind: SectionKind, name: &str) -> Option<Section> {
        self.outlines[index(file)].section(self.texts.text(file), kind, name)
    }

    /// Whether one of the files exists and cannot be read.
    #[must_use]
    pub fn has_unusable_file(&self) -> bool {
        !self.texts.ignored.is_empty()
    }
}

impl Profiles for LazyFiles {
    fn profile(&self, name: &str) -> Option<Cow<'_, Section>> {
        let config = self.section(FileKind::Config, SectionKind::Profile, name);
        let credentials = self.section(FileKind::Credentials, SectionKind::Profile, name);
        let merged = match (config, credentials) {
            (Some(mut below), Some(above)) => {
                config::merge_keys(&mut below, above);
                Some(below)
            }
            (below, above) => below.or(above),
        };
        merged.map(Cow::Owned)
    }

    fn profile_in(&self, file: FileKind, name: &str) -> Option<Cow<'_, Section>> {
        self.section(file, SectionKind::Profile, name)
            .map(Cow::Owned)
    }

    fn sso_session(&self, name: &str) -> Option<Cow<'_, Section>> {
        self.section(FileKind::Config, SectionKind::SsoSession, name)
            .map(Cow::Owned)
    }

    fn refusal(&self) -> Option<&Diagnostic> {
        self.texts.refusal.as_ref()
    }

    fn path(&self, file: FileKind) -> Option<&Path> {
        self.texts.path(file)
    }

    fn ignored_files(&self) -> &[Diagnostic] {
        &self.texts.ignored
    }

    fn warnings(&self) -> &[Diagnostic] {
        &[]
    }

    fn section_at(&self, _: &Location) -> Option<(SectionKind, &str)> {
        None
    }
}
