//! Reads the settings, line by line, and notes what is wrong with them.

use super::*;
use crate::aws::Env;
use std::borrow::Cow;

/// Settings while they are read.
pub(super) struct Reading<'v> {
    pub(super) settings: Settings,
    pub(super) vars: &'v Env,
    pub(super) problems: Vec<Problem>,
    /// What was set, in order; only for [`Settings::table`].
    pub(super) set: Option<Vec<Entry>>,
}

impl<'v> Reading<'v> {
    pub(super) fn all(
        source: Source<'_>,
        vars: &'v Env,
        set: Option<Vec<Entry>>,
    ) -> (Settings, Vec<Problem>, Option<Vec<Entry>>) {
        let mut reading = Self {
            settings: Settings {
                ascii: plain_terminal(vars),
                ..Settings::default()
            },
            vars,
            problems: Vec::new(),
            set,
        };
        match source {
            Source::Absent => {}
            Source::Unusable(why) => {
                let message = format!("the settings can't be read: {why}");
                reading.lost(code::UNREADABLE, message, "Make it a readable file");
            }
            Source::Bytes(bytes) => reading.file(bytes),
        }
        reading.problems.sort_by_key(|p| match p.place {
            Place::Line(line) => line,
            Place::File | Place::Variable(_) => 0,
        });
        for key in KEYS {
            if let Some((var, value)) = key.var.and_then(|var| vars.text(var).map(|v| (var, v))) {
                reading.setting(
                    key.section,
                    key.key,
                    value.trim(),
                    Origin::Variable(var.name),
                );
            }
        }
        reading.settings.production_in_doubt = reading.problems.iter().any(|p| p.hides_production);
        (reading.settings, reading.problems, reading.set)
    }

    /// A problem with the file as a whole.
    pub(super) fn lost(&mut self, code: &'static str, message: String, fix: &str) {
        self.problems.push(Problem {
            code,
            place: Place::File,
            message,
            fix: fix.to_owned(),
            hides_production: true,
        });
    }

    pub(super) fn file(&mut self, bytes: &[u8]) {
        // Some editors mark UTF-8 so; the mark is not part of the first line.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        if utf16 || memchr::memchr(0, bytes).is_some() {
            let message =
                "the settings are not UTF-8 text, but UTF-16 or no text at all".to_owned();
            return self.lost(code::ENCODING, message, "Save the file as UTF-8");
        }
        // The fast way for what is mostly ASCII.
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let checked = lines::check(&text, matches!(text, Cow::Owned(_)));
        for fault in &checked.faults {
            self.problems.push(Problem {
                code: fault.code,
                place: Place::Line(fault.line),
                message: fault.message.to_owned(),
                fix: fault.fix.to_owned(),
                hides_production: fault.hides_production,
            });
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
            // What rust-ini reads is used only as far as it is what the line check read.
            let row = rows.next();
            let Some((.., value)) = row.filter(|(of, key, _)| {
                *of == section && *key == &checked.clean[pair.clean_key.clone()]
            }) else {
                let message = format!("the settings can't be parsed from line {}", pair.line);
                return self.lost(
                    code::PARSER,
                    message,
                    "Remove what is unusual about that line",
                );
            };
            match section {
                Some(_) if superseded.binary_search(&pair.line).is_ok() => {}
                Some(name) if is_section(name) => {
                    self.setting(name, pair.key, value, Origin::Line(pair.line));
                }
                Some(_) => {}
                None => self.problems.push(Problem {
                    code: code::UNKNOWN_KEY,
                    place: Place::Line(pair.line),
                    message: format!("{} is before the first [section]", pair.key),
                    fix: "Put it into the section that it belongs to".to_owned(),
                    hides_production: is_production_key(pair.key),
                }),
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
        let fix = match nearest(header.name, section_names()) {
            Some(near) => format!("Write [{near}], or remove the section"),
            None => "Remove it; `awsbadge settings` shows the sections that there are".to_owned(),
        };
        self.problems.push(Problem {
            code: code::UNKNOWN_SECTION,
            place: Place::Line(header.line),
            message: format!(
                "[{}]: there is no such section; its keys do not count",
                header.name
            ),
            fix,
            hides_production,
        });
    }

    /// Finds sections and keys that are there twice. Gives the lines of keys that a later line sets, in order.
    pub(super) fn duplicates(&mut self, checked: &lines::Checked<'_>) -> Vec<u32> {
        let mut superseded = Vec::new();
        let headers = checked.headers.iter().map(|h| (h.name, "", h.line));
        let pairs = checked.pairs.iter().filter_map(|p| {
            let section = checked.headers[p.section?].name;
            Some((section, p.key, p.line))
        });
        // By length first: that tells most of them apart in one step.
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
            self.problems.push(match key {
                "" => Problem {
                    code: code::DUPLICATE_SECTION,
                    place: Place::Line(line),
                    message: format!("[{section}] is there already, on line {first}"),
                    fix: "Put the keys of both into one".to_owned(),
                    hides_production: false,
                },
                key => Problem {
                    code: code::DUPLICATE_KEY,
                    place: Place::Line(line),
                    message: format!(
                        "[{section}] {key} is set already, on line {first}; this line counts"
                    ),
                    fix: "Remove one of them".to_owned(),
                    hides_production: guards_production(section),
                },
            });
        }
        superseded.sort_unstable();
        superseded
    }

    /// Sets one key, if its value can be used.
    pub(super) fn setting(&mut self, section: &str, key: &str, value: &str, origin: Origin) {
        let place = match origin {
            Origin::Line(line) => Place::Line(line),
            Origin::Variable(var) => Place::Variable(var),
            Origin::Default => Place::File,
        };
        let subject = || match origin {
            Origin::Variable(var) => var.to_owned(),
            _ => format!("[{section}] {key}"),
        };
        let mut notes = Vec::new();
        let refused = self
            .settings
            .set(section, key, value, self.vars, &mut notes)
            .err();
        let in_force = refused.is_none();
        if let Some(mut note) = refused {
            note.hides_production |= guards_production(section);
            notes.push(note);
        }
        self.problems.extend(notes.into_iter().map(|note| Problem {
            code: note.code,
            place,
            message: format!("{}: {}", subject(), note.message),
            fix: note.fix,
            hides_production: note.hides_production,
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

/// What is wrong with the value of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) fix: String,
    pub(super) hides_production: bool,
}

impl Note {
    pub(super) fn new(
        code: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            fix: fix.into(),
            hides_production: false,
        }
    }

    pub(super) fn value(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(code::VALUE, message, fix)
    }

    pub(super) fn hides_production(self) -> Self {
        Self {
            hides_production: true,
            ..self
        }
    }
}
