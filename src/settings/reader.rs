//! Reads the settings line by line and collects the problems.

use super::keys::{
    KEYS, guards_production, is_production_key, is_section, resembles_production, section_names,
};
use super::{Entry, Origin, Settings, Source, lines, plain_terminal};
use crate::aws::Env;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::nearest::nearest;
use std::borrow::Cow;
use std::path::Path;

/// The settings during reading.
pub(super) struct Reading<'v> {
    pub(super) settings: Settings,
    pub(super) env: &'v Env,
    /// The file, for locations.
    path: &'v Path,
    pub(super) problems: Vec<Diagnostic>,
    /// What was set, in order; only for [`Settings::table`].
    pub(super) set: Option<Vec<Entry>>,
}

impl<'v> Reading<'v> {
    pub(super) fn all(
        source: Source<'_>,
        path: &'v Path,
        env: &'v Env,
        set: Option<Vec<Entry>>,
    ) -> (Settings, Vec<Diagnostic>, Option<Vec<Entry>>) {
        let mut reading = Self {
            settings: Settings {
                ascii: plain_terminal(env),
                ..Settings::default()
            },
            env,
            path,
            problems: Vec::new(),
            set,
        };
        match source {
            Source::Absent => {}
            Source::Unusable(why) => {
                let message = format!("the settings can't be read: {why}");
                reading.lost(Code::SettingsUnreadable, message);
            }
            Source::Bytes(bytes) => reading.file(bytes),
        }
        let line = |p: &Diagnostic| p.location.as_ref().and_then(|l| l.line);
        reading.problems.sort_by_key(line);
        for key in KEYS {
            if let Some((var, value)) = key.var.and_then(|var| env.text(var).map(|v| (var, v))) {
                reading.setting(
                    key.section,
                    key.key,
                    value.trim(),
                    Origin::Variable(var.name),
                );
            }
        }
        let hides_production = |p: &Diagnostic| p.severity == Severity::Error;
        reading.settings.production_in_doubt = reading.problems.iter().any(hides_production);
        (reading.settings, reading.problems, reading.set)
    }

    /// A problem with the file as a whole.
    fn lost(&mut self, code: Code, message: String) {
        let problem = Diagnostic::new(code, message).at(Location::file(self.path));
        self.problems.push(problem);
    }

    /// A problem with a line; it may hide a rule about production.
    fn problem(&mut self, line: u32, hides_production: bool, problem: Diagnostic) {
        let problem = problem.at(Location::line(self.path, line));
        self.problems.push(if hides_production {
            problem.severity(Severity::Error)
        } else {
            problem
        });
    }

    pub(super) fn file(&mut self, bytes: &[u8]) {
        // Some editors write a byte order mark; it is not part of the first line.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        if utf16 || memchr::memchr(0, bytes).is_some() {
            let message =
                "the settings file is not UTF-8 text (perhaps UTF-16, or not text)".to_owned();
            return self.lost(Code::SettingsEncoding, message);
        }
        // The fast path: the file is usually ASCII.
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let checked = lines::check(&text, matches!(text, Cow::Owned(_)));
        for error in &checked.errors {
            let problem = Diagnostic::new(error.code, error.message).fix(error.fix);
            self.problem(error.line, error.hides_production, problem);
        }
        if checked.headers.is_empty() && checked.pairs.is_empty() {
            return;
        }
        let superseded = self.duplicates(&checked);
        for (at, header) in checked.headers.iter().enumerate() {
            if !is_section(header.name) {
                self.unknown_section(&checked, at, header);
            }
        }
        let options = ini::ParseOption {
            enabled_escape: false,
            enabled_quote: false,
            ..Default::default()
        };
        let parsed = ini::Ini::load_from_str_opt(&checked.clean, options);
        let parsed = parsed.unwrap_or_default();
        let mut rows = parsed
            .iter()
            .flat_map(|(section, keys)| keys.iter().map(move |(key, value)| (section, key, value)));
        for pair in &checked.pairs {
            let section = pair.section.map(|at| checked.headers[at].name);
            // Values from rust-ini are used only while they match what the line check found.
            let row = rows.next();
            let Some((.., value)) = row.filter(|(of, key, _)| {
                *of == section && *key == &checked.clean[pair.clean_key.clone()]
            }) else {
                let message = format!("the settings can't be parsed from line {}", pair.line);
                return self.lost(Code::SettingsParser, message);
            };
            match section {
                Some(_) if superseded.binary_search(&pair.line).is_ok() => {}
                Some(name) if is_section(name) => {
                    self.setting(name, pair.key, value, Origin::Line(pair.line));
                }
                Some(_) => {}
                None => {
                    let message = format!("{} is before the first [section]", pair.key);
                    let problem = Diagnostic::new(Code::SettingsUnknownKey, message)
                        .fix("Move it into the section that it belongs to");
                    self.problem(pair.line, is_production_key(pair.key), problem);
                }
            }
        }
    }

    pub(super) fn unknown_section(
        &mut self,
        checked: &lines::Checked<'_>,
        at: usize,
        header: &lines::Header<'_>,
    ) {
        // The pairs are in the order of their sections.
        let first = checked.pairs.partition_point(|p| p.section < Some(at));
        let keys = &checked.pairs[first..];
        let mut keys = keys.iter().take_while(|p| p.section == Some(at));
        let hides_production =
            resembles_production(header.name) || keys.any(|p| is_production_key(p.key));
        let fix = match nearest(header.name, section_names()).first() {
            Some(near) => format!("Write [{near}], or remove the section"),
            None => "Remove it; `awsbadge settings` lists the sections".to_owned(),
        };
        let message = format!(
            "[{}]: there is no such section; its keys do not count",
            header.name
        );
        let problem = Diagnostic::new(Code::SettingsUnknownSection, message).fix(fix);
        self.problem(header.line, hides_production, problem);
    }

    /// Finds duplicate sections and keys. Returns the lines of keys that a later line sets again, in order.
    pub(super) fn duplicates(&mut self, checked: &lines::Checked<'_>) -> Vec<u32> {
        let mut superseded = Vec::new();
        let headers = checked.headers.iter().map(|h| (h.name, "", h.line));
        let pairs = checked.pairs.iter().filter_map(|p| {
            let section = checked.headers[p.section?].name;
            Some((section, p.key, p.line))
        });
        // Compare lengths first, which differ for most keys.
        let mut all: Vec<(usize, &str, &str, u32)> =
            Vec::with_capacity(checked.headers.len() + checked.pairs.len());
        all.extend(headers.chain(pairs).map(|(section, key, line)| {
            let length = section.len() << 16 | key.len();
            (length, section, key, line)
        }));
        all.sort_unstable();
        for two in all.windows(2) {
            let &[(_, section, key, first), (_, other, again, line)] = two else {
                continue;
            };
            if (section, key) != (other, again) {
                continue;
            }
            if !key.is_empty() {
                superseded.push(first);
            }
            let (hides_production, problem) = if key.is_empty() {
                let message = format!("[{section}] is there already, on line {first}");
                (
                    false,
                    Diagnostic::new(Code::SettingsDuplicateSection, message),
                )
            } else {
                let message =
                    format!("[{section}] {key} is set already, on line {first}; this line counts");
                let problem = Diagnostic::new(Code::SettingsDuplicateKey, message);
                (guards_production(section), problem)
            };
            self.problem(line, hides_production, problem);
        }
        superseded.sort_unstable();
        superseded
    }

    /// Sets one key, if its value can be used.
    pub(super) fn setting(&mut self, section: &str, key: &str, value: &str, origin: Origin) {
        // The message names the variable.
        let location = match origin {
            Origin::Line(line) => Some(Location::line(self.path, line)),
            Origin::Default | Origin::Variable(_) => None,
        };
        let subject = || match origin {
            Origin::Variable(var) => var.to_owned(),
            _ => format!("[{section}] {key}"),
        };
        let mut notes = Vec::new();
        let refused = self
            .settings
            .set(section, key, value, self.env, &mut notes)
            .err();
        let in_force = refused.is_none();
        if let Some(note) = refused {
            notes.push(if guards_production(section) {
                note.severity(Severity::Error)
            } else {
                note
            });
        }
        self.problems
            .extend(notes.into_iter().map(|note| Diagnostic {
                location: location.clone(),
                message: format!("{}: {}", subject(), note.message),
                ..note
            }));
        if let Some(set) = self.set.as_mut().filter(|_| in_force) {
            set.push(Entry {
                section: section.to_owned(),
                key: key.to_owned(),
                value: value.to_owned(),
                origin,
            });
        }
    }
}
