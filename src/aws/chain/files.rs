//! AWS's two files as one tool reads them.

use super::rules::Bytes;
use super::{Content, Notice, Tool};
use crate::aws::Env;
use crate::aws::grammar::{
    self, FileKind, FileSections, Merged, Section, SectionKind, Value, Warning,
};
use crate::aws::place::Places;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Both files, apart and laid over one another.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Where the config file is looked for.
    pub config_path: Option<PathBuf>,
    /// Where the credentials file is looked for.
    pub credentials_path: Option<PathBuf>,
    /// The config file alone.
    pub config: FileSections,
    /// The credentials file alone.
    pub credentials: FileSections,
    /// Key by key, the credentials file over the config file.
    pub merged: Merged,
    /// A file that is there and is passed over as a whole.
    pub notices: Vec<Notice>,
    /// Where each profile stands: whoever asks for every profile in turn must not search for each.
    places: HashMap<String, Standing>,
}

/// The places of one profile in the lists.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    merged: Option<usize>,
    config: Option<usize>,
    credentials: Option<usize>,
}

/// A file that makes a tool refuse to work at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub path: PathBuf,
    /// Its line, counted from 1, where one is to blame.
    pub line: Option<u32>,
    /// One sentence.
    pub message: String,
}

impl Files {
    /// A profile of the merged files.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.merged.profiles.get(self.places.get(name)?.merged?)
    }

    /// A profile as one file alone has it.
    #[must_use]
    pub fn profile_in(&self, file: FileKind, name: &str) -> Option<&Section> {
        let places = self.places.get(name)?;
        match file {
            FileKind::Config => self.config.sections.get(places.config?),
            FileKind::Credentials => self.credentials.sections.get(places.credentials?),
        }
    }

    /// The path of one of the two.
    #[must_use]
    pub fn path(&self, file: FileKind) -> Option<&Path> {
        match file {
            FileKind::Config => self.config_path.as_deref(),
            FileKind::Credentials => self.credentials_path.as_deref(),
        }
    }

    /// `file:line` of a place in one of them.
    #[must_use]
    pub fn place(&self, file: FileKind, line: u32) -> String {
        let path = self
            .path(file)
            .map(|p| p.to_string_lossy().into_owned())
            .unwrap_or_default();
        format!("{path}:{line}")
    }

    /// `file:line` of a value.
    #[must_use]
    pub fn at(&self, value: &Value) -> String {
        self.place(value.file, value.line)
    }

    /// A warning of the grammar, with the path that it is about.
    #[must_use]
    pub fn notice(&self, warning: &Warning) -> Notice {
        Notice {
            code: warning.code,
            message: warning.message.clone(),
            place: self
                .path(warning.file)
                .map(|p| (p.to_owned(), Some(warning.line))),
        }
    }
}

/// Reads both files as `tool` does.
///
/// # Errors
/// A [`Refusal`] where a file stops the tool before anything else.
pub fn read_files(
    tool: Tool,
    vars: &Env,
    read: &dyn Fn(&Path) -> Content,
) -> Result<Files, Refusal> {
    let rules = tool.rules();
    let places = Places::read_by(vars, rules.places);
    let mut files = Files {
        config_path: places.config,
        credentials_path: places.credentials,
        ..Files::default()
    };
    files.config = one(tool, FileKind::Config, &mut files, read)?;
    files.credentials = one(tool, FileKind::Credentials, &mut files, read)?;
    files.merged = grammar::merge(&files.config, &files.credentials);
    files.places = places_of(&files);
    Ok(files)
}

fn places_of(files: &Files) -> HashMap<String, Standing> {
    let mut places: HashMap<String, Standing> = HashMap::new();
    type Place = fn(&mut Standing) -> &mut Option<usize>;
    let lists: [(&[Section], Place); 3] = [
        (&files.merged.profiles, |s| &mut s.merged),
        (&files.config.sections, |s| &mut s.config),
        (&files.credentials.sections, |s| &mut s.credentials),
    ];
    for (sections, place) in lists {
        for (number, section) in sections.iter().enumerate() {
            if section.kind == SectionKind::Profile {
                let standing = places.entry(section.name.clone()).or_default();
                place(standing).get_or_insert(number);
            }
        }
    }
    places
}

fn one(
    tool: Tool,
    kind: FileKind,
    files: &mut Files,
    read: &dyn Fn(&Path) -> Content,
) -> Result<FileSections, Refusal> {
    let rules = tool.rules();
    let Some(path) = files.path(kind).map(Path::to_owned) else {
        return Ok(FileSections::default());
    };
    let passed_over = |why: &str| Notice {
        code: "file-passed-over",
        message: format!("{} takes this file for empty: {why}", tool.title()),
        place: Some((path.clone(), None)),
    };
    let bytes = match read(&path) {
        Content::Bytes(bytes) => bytes,
        Content::Absent => return Ok(FileSections::default()),
        // No tool stops at a file that it can't open.
        Content::Unusable(why) => {
            files.notices.push(passed_over(&why));
            return Ok(FileSections::default());
        }
    };
    let text = match (String::from_utf8(bytes), rules.bytes) {
        (Ok(text), _) => text,
        (Err(e), Bytes::Lossy) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        (Err(_), Bytes::Empty) => {
            files.notices.push(passed_over("it is not UTF-8"));
            return Ok(FileSections::default());
        }
        (Err(e), Bytes::Refused) => {
            let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            return Err(Refusal {
                path,
                line: u32::try_from(line).ok(),
                message: "this line is not UTF-8".to_owned(),
            });
        }
    };
    grammar::read_file(rules.dialect, kind, &text).map_err(|fault| Refusal {
        path,
        line: Some(fault.line),
        message: fault.message,
    })
}
