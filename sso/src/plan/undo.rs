//! The record of a write, and what takes the write back.

use super::document::Document;
use super::edits::{Edit, Edits};
use crate::library::SectionKind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac_sha256::Hash;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a write did to a config file: only what it changed, since the rest may have secrets in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// The config file.
    pub(crate) path: String,
    /// The SHA-256 of the file before and after.
    before: String,
    after: String,
    /// What makes the file before of the file after.
    back: Edits,
    /// The sections that are not the same before and after.
    sections: Vec<Part>,
}

/// A section that was added, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    kind: SectionKind,
    name: String,
    before: Option<String>,
    after: Option<String>,
}

/// What a record can do for a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Undo {
    /// The write never took place, or was taken back.
    NotThere,
    /// The file is as the write left it: it becomes what it was, to the byte.
    Whole(Edits),
    /// The file was changed since: section by section.
    Parts {
        edits: Edits,
        /// Sections that were changed since, and stay as they are.
        left: Vec<String>,
    },
}

const KINDS: [(&str, SectionKind); 3] = [
    ("profile", SectionKind::Profile),
    ("sso-session", SectionKind::SsoSession),
    ("services", SectionKind::Services),
];

impl Record {
    /// The record of a write.
    pub(crate) fn of(path: &str, before: &str, edits: &Edits, after: &str) -> Self {
        Self {
            path: path.to_owned(),
            before: digest(before.as_bytes()),
            after: digest(after.as_bytes()),
            back: edits.inverse(before.as_bytes()),
            sections: parts(before, after),
        }
    }

    /// As it is kept.
    pub(crate) fn json(&self) -> Value {
        let back = self.back.iter().map(|edit| {
            json!({"at": edit.at.start, "length": edit.at.len(), "with": BASE64.encode(&edit.with)})
        });
        let text = |text: &Option<String>| text.as_ref().map(|text| BASE64.encode(text));
        let sections = self.sections.iter().map(|part| {
            let kind = KINDS.iter().find(|(_, kind)| *kind == part.kind).map(|(word, _)| word);
            json!({"kind": kind, "name": part.name, "before": text(&part.before), "after": text(&part.after)})
        });
        let mut record = Map::new();
        record.insert("version".into(), json!(1));
        record.insert("path".into(), json!(self.path));
        record.insert("before".into(), json!(self.before));
        record.insert("after".into(), json!(self.after));
        record.insert("back".into(), back.collect());
        record.insert("sections".into(), sections.collect());
        Value::Object(record)
    }

    /// Reads what [`Record::json`] gave; `None` if it is something else.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(text).ok()?;
        let field = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let bytes = |value: &Value| BASE64.decode(value.as_str()?).ok();
        let back = value.get("back")?.as_array()?.iter().map(|edit| {
            let number = |key: &str| usize::try_from(edit.get(key)?.as_u64()?).ok();
            let at = number("at")?;
            Some(Edit {
                at: at..at.checked_add(number("length")?)?,
                with: bytes(edit.get("with")?)?,
            })
        });
        let sections = value.get("sections")?.as_array()?.iter().map(|part| {
            let word = part.get("kind")?.as_str()?;
            let text = |key: &str| match part.get(key)? {
                Value::Null => Some(None),
                text => Some(Some(String::from_utf8(bytes(text)?).ok()?)),
            };
            Some(Part {
                kind: KINDS.iter().find(|(known, _)| *known == word)?.1,
                name: part.get("name")?.as_str()?.to_owned(),
                before: text("before")?,
                after: text("after")?,
            })
        });
        (value.get("version")?.as_u64()? == 1).then_some(())?;
        Some(Self {
            path: field("path")?,
            before: field("before")?,
            after: field("after")?,
            back: back.collect::<Option<_>>()?,
            sections: sections.collect::<Option<_>>()?,
        })
    }

    /// What takes the write back in a file as it is now.
    pub(crate) fn undo(&self, text: &str) -> Undo {
        let now = digest(text.as_bytes());
        if now == self.before {
            return Undo::NotThere;
        }
        let whole = self.back.apply(text.as_bytes()).map(|bytes| digest(&bytes));
        if now == self.after && whole.as_ref() == Some(&self.before) {
            return Undo::Whole(self.back.clone());
        }
        self.parts(text)
    }

    fn parts(&self, text: &str) -> Undo {
        let document = Document::of(text);
        let mut edits = Edits::default();
        let mut left = Vec::new();
        let mut back = Vec::new();
        let mut any = false;
        for part in &self.sections {
            let blocks: Vec<_> = document.named(part.kind, &part.name).collect();
            let is = |wanted: &str| matches!(blocks[..], [block] if document.slice(block.range()) == wanted);
            match (&part.before, &part.after, blocks.first()) {
                (None, Some(after), Some(block)) if is(after) => document.remove(&mut edits, block),
                (Some(before), Some(after), Some(block)) if is(after) => {
                    edits.push(block.range(), before.as_str());
                }
                (Some(before), None, None) => {
                    if !back.is_empty() {
                        back.push(String::new());
                    }
                    back.extend(before.lines().map(str::to_owned));
                }
                // As it was before already.
                (None, _, None) => continue,
                (Some(before), _, _) if is(before) => continue,
                _ => {
                    left.push(part.name.clone());
                    continue;
                }
            }
            any = true;
        }
        if !back.is_empty() {
            document.insert(&mut edits, None, &back);
        }
        match any || !left.is_empty() {
            true => Undo::Parts { edits, left },
            false => Undo::NotThere,
        }
    }
}

/// The sections whose lines are not the same in both texts. What there is several times under one name is no part:
/// nobody could tell which was meant.
fn parts(before: &str, after: &str) -> Vec<Part> {
    let (before, after) = (sections(before), sections(after));
    let names = before
        .keys()
        .chain(after.keys().filter(|key| !before.contains_key(*key)));
    names
        .filter_map(|key| {
            let alone = |texts: Option<&Vec<String>>| match texts.map(Vec::as_slice) {
                None => Some(None),
                Some([text]) => Some(Some(text.clone())),
                Some(_) => None,
            };
            let part = Part {
                kind: KINDS.get(key.0)?.1,
                name: key.1.clone(),
                before: alone(before.get(key))?,
                after: alone(after.get(key))?,
            };
            (part.before != part.after).then_some(part)
        })
        .collect()
}

/// The lines of each section, by the place of its kind in [`KINDS`] and its name.
fn sections(text: &str) -> BTreeMap<(usize, String), Vec<String>> {
    let document = Document::of(text);
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for block in &document.sections {
        if let Some((kind, name)) = &block.of
            && let Some(at) = KINDS.iter().position(|(_, known)| known == kind)
        {
            let lines = document.slice(block.range()).to_owned();
            found.entry((at, name.clone())).or_default().push(lines);
        }
    }
    found
}

fn digest(bytes: &[u8]) -> String {
    Hash::hash(bytes)
        .iter()
        .fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "[profile a]\nx = 1\n\n[profile gone]\ny = 1\n\n[profile other]\naws_secret_access_key = SECRET\n";
    const AFTER: &str = "[profile a]\nx = 2\n\n[profile other]\naws_secret_access_key = SECRET\n\n[profile new]\nk = v\n";

    fn record() -> Record {
        let mut edits = Edits::default();
        edits.push(16..17, *b"2");
        edits.push(19..41, *b"");
        edits.push(BEFORE.len()..BEFORE.len(), *b"\n[profile new]\nk = v\n");
        assert_eq!(edits.apply(BEFORE.as_bytes()).unwrap(), AFTER.as_bytes());
        Record::of("/c", BEFORE, &edits, AFTER)
    }

    fn after(undo: Undo, text: &str) -> (String, Vec<String>) {
        let (edits, left) = match undo {
            Undo::Whole(edits) => (edits, Vec::new()),
            Undo::Parts { edits, left } => (edits, left),
            Undo::NotThere => panic!("nothing to undo"),
        };
        let bytes = edits.apply(text.as_bytes()).unwrap();
        (String::from_utf8(bytes).unwrap(), left)
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_has_no_secret_of_the_file() {
        let text = record().json().to_string();
        assert_eq!(Record::parse(text.as_bytes()), Some(record()));
        assert!(!text.contains("SECRET") && !text.contains(&BASE64.encode("SECRET")));
        for broken in [
            &text[1..],
            "{}",
            "[]",
            &text.replace("\"version\":1", "\"version\":2"),
        ] {
            assert_eq!(Record::parse(broken.as_bytes()), None, "{broken}");
        }
    }

    #[test]
    fn a_file_that_nobody_changed_becomes_what_it_was() {
        let undo = record().undo(AFTER);
        assert!(matches!(undo, Undo::Whole(_)));
        assert_eq!(after(undo, AFTER), (BEFORE.to_owned(), vec![]));
        assert_eq!(record().undo(BEFORE), Undo::NotThere);
    }

    #[test]
    fn a_file_that_was_changed_is_taken_back_section_by_section() {
        let more = format!("# mine\n{AFTER}[profile mine]\nz = 1\n");
        let (text, left) = after(record().undo(&more), &more);
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(
            text,
            "# mine\n[profile a]\nx = 1\n\n[profile other]\naws_secret_access_key = SECRET\n\n\
             [profile mine]\nz = 1\n\n[profile gone]\ny = 1\n"
        );
        let edited = AFTER.replace("k = v", "k = mine").replace("x = 2", "x = 3");
        let (text, left) = after(record().undo(&edited), &edited);
        assert_eq!(left, ["a", "new"]);
        assert_eq!(text, format!("{edited}\n[profile gone]\ny = 1\n"));
    }
}
