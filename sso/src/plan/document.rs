//! The config file as sections with their places. Nothing is normalised: what is not edited keeps its bytes.

use super::edits::Edits;
use crate::library::{Part, SectionKind, pieces};
use std::collections::HashMap;
use std::ops::Range;

/// A config file.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    /// Its sections, in order; of one name there may be several.
    pub(crate) sections: Vec<Block>,
    /// The places in `sections` of a kind and name.
    named: HashMap<(SectionKind, String), Vec<usize>>,
    /// What its lines end in.
    ending: &'static str,
}

/// A section, from its header to the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// What it is, and its name; `None` where no tool knows it.
    pub(crate) of: Option<(SectionKind, String)>,
    /// Its header's line, with the end of the line.
    pub(crate) header: Range<usize>,
    /// Its keys, in order.
    pub(crate) keys: Vec<Key>,
    /// Whether a comment is directly above the header or directly below the last key.
    pub(crate) has_comment: bool,
    /// The end of its last key, or of the header if it has none.
    pub(crate) end: usize,
    /// The end of the comments directly below that: what is added goes there.
    pub(crate) tail: usize,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// In lower case.
    pub(crate) name: String,
    /// All its lines, with the end of the last one.
    pub(crate) lines: Range<usize>,
    /// What follows the delimiter, on the key's own line.
    pub(crate) value: Range<usize>,
}

impl Block {
    /// The lines from the header to the last key.
    pub(crate) fn range(&self) -> Range<usize> {
        self.header.start..self.end
    }

    /// The name, if it is a section of that kind.
    pub(crate) fn name_as(&self, kind: SectionKind) -> Option<&str> {
        let (of, name) = self.of.as_ref()?;
        (*of == kind).then_some(name.as_str())
    }

    /// The last key of that name.
    pub(crate) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().rev().find(|key| key.name == name)
    }
}

impl<'a> Document<'a> {
    /// Finds the sections of a text.
    pub(crate) fn of(text: &'a str) -> Self {
        let mut sections: Vec<Block> = Vec::new();
        // Comments with nothing between them and the next line, and whether such lines end at a key.
        let mut comment = false;
        let mut below = false;
        for piece in pieces(text) {
            let Range { start, end } = piece.range;
            match piece.part {
                Part::Blank => (comment, below) = (false, false),
                Part::Comment => {
                    comment = true;
                    if let Some(block) = sections.last_mut().filter(|_| below) {
                        block.tail = end;
                    }
                }
                Part::Header(of) => {
                    // Comments between a key and a header belong to the header.
                    if let Some(block) = sections.last_mut().filter(|_| below) {
                        block.tail = block.end;
                    }
                    sections.push(Block {
                        of: of.map(|(kind, name)| (kind, name.into_owned())),
                        header: piece.range,
                        keys: Vec::new(),
                        has_comment: comment,
                        end,
                        tail: end,
                    });
                    (comment, below) = (false, true);
                }
                Part::Key { key, value } => {
                    if let Some(block) = sections.last_mut() {
                        block.keys.push(Key {
                            name: key.to_ascii_lowercase(),
                            lines: start..end,
                            value,
                        });
                        (block.end, block.tail) = (end, end);
                    }
                    (comment, below) = (false, true);
                }
                Part::More | Part::Junk => {
                    if let Some(block) = sections.last_mut() {
                        if let (Some(key), Part::More) = (block.keys.last_mut(), &piece.part) {
                            key.lines.end = end;
                        }
                        (block.end, block.tail) = (end, end);
                    }
                    (comment, below) = (false, true);
                }
            }
        }
        for block in &mut sections {
            block.has_comment |= block.tail > block.end;
        }
        let mut named: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, block) in sections.iter().enumerate() {
            if let Some(of) = &block.of {
                named.entry(of.clone()).or_default().push(at);
            }
        }
        Self {
            text,
            sections,
            named,
            ending: ending(text),
        }
    }

    /// What its lines end in: as the first one does.
    pub(crate) fn ending(&self) -> &'static str {
        self.ending
    }

    /// The sections of that kind and name, in order.
    pub(crate) fn named(&self, kind: SectionKind, name: &str) -> impl Iterator<Item = &Block> {
        let places = self.places(kind, name).iter();
        places.filter_map(|at| self.sections.get(*at))
    }

    /// Where those are among the sections.
    pub(crate) fn places(&self, kind: SectionKind, name: &str) -> &[usize] {
        let places = self.named.get(&(kind, name.to_owned()));
        places.map(Vec::as_slice).unwrap_or_default()
    }

    /// A part of it.
    pub(crate) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// A key's value, without blanks around it.
    pub(crate) fn value(&self, key: &Key) -> &'a str {
        self.slice(key.value.clone()).trim_matches([' ', '\t'])
    }

    /// The header that a section of that kind and name gets here.
    pub(crate) fn header(&self, kind: SectionKind, name: &str) -> String {
        let quoted = || match name.contains([' ', '\t']) {
            true => format!("'{name}'"),
            false => name.to_owned(),
        };
        match kind {
            SectionKind::Profile if name == "default" => "[default]".to_owned(),
            SectionKind::Profile => format!("[profile {}]", quoted()),
            SectionKind::SsoSession => format!("[sso-session {}]", quoted()),
            SectionKind::Services => format!("[services {}]", quoted()),
        }
    }

    /// New lines below a section, or at the end of the file without one, with a blank line around them.
    pub(crate) fn insert(&self, edits: &mut Edits, after: Option<&Block>, lines: &[String]) {
        let at = match after {
            Some(block) => block.tail,
            None => self.text.len(),
        };
        let before = self.text.get(..at).unwrap_or_default();
        let mut new = String::new();
        if !before.trim_start_matches('\u{feff}').is_empty() {
            if !before.ends_with(['\n', '\r']) {
                new += self.ending;
            }
            if !ends_in_blank(before) {
                new += self.ending;
            }
        }
        for line in lines {
            new += line;
            new += self.ending;
        }
        let rest = self.text.get(at..).unwrap_or_default();
        if !rest.is_empty() && blank_line(rest).is_none() {
            new += self.ending;
        }
        edits.push(at..at, new);
    }

    /// Sets a key of a section: in place if it is there, else below the last key.
    pub(crate) fn set(&self, edits: &mut Edits, block: &Block, key: &str, value: &str) {
        match block.key(key) {
            Some(found) => {
                // A value over several lines goes whole, with its comments.
                let end = found.lines.end - line_end(self.slice(found.lines.clone())).len();
                let spaced = self.slice(found.value.clone()).starts_with([' ', '\t']);
                let blank = if spaced || found.value.is_empty() {
                    " "
                } else {
                    ""
                };
                edits.push(found.value.start..end, format!("{blank}{value}"));
            }
            None => {
                let missing = match self.slice(block.range()).ends_with(['\n', '\r']) {
                    true => "",
                    false => self.ending,
                };
                let end = match missing {
                    "" => self.ending,
                    _ => "",
                };
                edits.push(
                    block.end..block.end,
                    format!("{missing}{key} = {value}{end}"),
                );
            }
        }
    }

    /// Takes a section away, from its header to its last key, with one blank line.
    pub(crate) fn remove(&self, edits: &mut Edits, block: &Block) {
        let Range { mut start, mut end } = block.range();
        let rest = self.slice(end..self.text.len());
        let before = self.slice(0..start);
        let first = before.trim_start_matches('\u{feff}').is_empty();
        let empty_above = before
            .strip_suffix(line_end(before))
            .is_some_and(|above| above.len() < before.len() && above.ends_with(['\n', '\r']));
        if rest.is_empty() && empty_above {
            start -= line_end(before).len();
        } else if rest.starts_with(['\n', '\r']) && (first || ends_in_blank(before)) {
            // There is one above it too, or nothing.
            end += blank_line(rest).unwrap_or_default();
        }
        edits.push(start..end, *b"");
    }
}

/// What the first line ends in.
fn ending(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// The end of the last line, if it has one.
pub(super) fn line_end(text: &str) -> &str {
    let end = ["\r\n", "\n", "\r"]
        .into_iter()
        .find(|end| text.ends_with(end));
    end.unwrap_or_default()
}

/// Whether the last line is blank.
fn ends_in_blank(text: &str) -> bool {
    let Some(above) = text
        .strip_suffix(line_end(text))
        .filter(|above| above.len() < text.len())
    else {
        return false;
    };
    let last = above.rsplit(['\n', '\r']).next().unwrap_or_default();
    last.trim_matches([' ', '\t', '\u{feff}']).is_empty()
}

/// The length of the first line, if it is blank.
fn blank_line(text: &str) -> Option<usize> {
    let end = text.find(['\n', '\r'])?;
    let blank = text[..end].trim_matches([' ', '\t']).is_empty();
    let width = if text[end..].starts_with("\r\n") {
        2
    } else {
        1
    };
    blank.then_some(end + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let document = Document::of(text);
        let show = |block: &Block| {
            let name = block.of.as_ref().map_or("-", |(_, name)| name);
            let keys: Vec<&str> = block.keys.iter().map(|key| key.name.as_str()).collect();
            format!(
                "{name} {} {}{} {:?}",
                keys.join(","),
                document.slice(block.range()).lines().count(),
                if block.has_comment { " comment" } else { "" },
                document.slice(block.end..block.tail)
            )
        };
        document.sections.iter().map(show).collect()
    }

    #[test]
    fn sections_reach_from_their_header_to_their_last_key() {
        assert_eq!(
            shown(
                "# first\n\n# of a\n[profile a]\nx = 1\n# inside\ny = 2\n  more\n# below\n\n# free\n\n\
                 [profile b]\nz = 1\n# of c\n[c]\n[sso-session 's t']\nk = v"
            ),
            [
                "a x,y 5 comment \"# below\\n\"",
                "b z 2 \"\"",
                "-  1 comment \"\"",
                "s t k 2 \"\"",
            ]
        );
    }

    fn inserted(text: &str, after: Option<&str>) -> String {
        let document = Document::of(text);
        let mut edits = Edits::default();
        let block = after.and_then(|name| document.named(SectionKind::Profile, name).last());
        let lines = ["[profile new]".to_owned(), "k = v".to_owned()];
        document.insert(&mut edits, block, &lines);
        String::from_utf8(edits.apply(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn new_lines_have_a_blank_line_around_them_and_the_files_ending() {
        for (text, after, want) in [
            ("", None, "[profile new]\nk = v\n"),
            ("\u{feff}", None, "\u{feff}[profile new]\nk = v\n"),
            ("\n", None, "\n[profile new]\nk = v\n"),
            ("[a]", None, "[a]\n\n[profile new]\nk = v\n"),
            ("[a]\n", None, "[a]\n\n[profile new]\nk = v\n"),
            ("[a]\n \n", None, "[a]\n \n[profile new]\nk = v\n"),
            (
                "[a]\r\nx=1",
                None,
                "[a]\r\nx=1\r\n\r\n[profile new]\r\nk = v\r\n",
            ),
            (
                "[profile a]\nx = 1\n\n[profile b]\n",
                Some("a"),
                "[profile a]\nx = 1\n\n[profile new]\nk = v\n\n[profile b]\n",
            ),
            (
                "[profile a]\nx = 1\n[profile b]\n",
                Some("a"),
                "[profile a]\nx = 1\n\n[profile new]\nk = v\n\n[profile b]\n",
            ),
            (
                "[profile a]\nx = 1\n# y = 2\n\n# b's\n[profile b]\n",
                Some("a"),
                "[profile a]\nx = 1\n# y = 2\n\n[profile new]\nk = v\n\n# b's\n[profile b]\n",
            ),
            (
                "[profile a]\nx = 1\n# b's\n[profile b]\n",
                Some("a"),
                "[profile a]\nx = 1\n\n[profile new]\nk = v\n\n# b's\n[profile b]\n",
            ),
        ] {
            assert_eq!(inserted(text, after), want, "{text:?}");
        }
    }

    #[test]
    fn a_removed_section_takes_one_blank_line_with_it() {
        for (text, want) in [
            ("[profile a]\nx = 1\n\n[b]\n", "[b]\n"),
            ("[b]\n\n[profile a]\nx = 1\n", "[b]\n"),
            ("[b]\r\n\r\n[profile a]\r\nx = 1\r\n", "[b]\r\n"),
            ("[b]\n\n[profile a]\nx = 1\n\n[c]\n", "[b]\n\n[c]\n"),
            ("[b]\n[profile a]\nx = 1\n[c]\n", "[b]\n[c]\n"),
            ("[b]\n[profile a]\nx = 1\n\n[c]\n", "[b]\n\n[c]\n"),
            ("[b]\n \n[profile a]\nx = 1\n", "[b]\n \n"),
            ("[profile a]\nx = 1", ""),
        ] {
            let document = Document::of(text);
            let mut edits = Edits::default();
            let block = document.named(SectionKind::Profile, "a").next().unwrap();
            document.remove(&mut edits, block);
            let after = edits.apply(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(after).unwrap(), want, "{text:?}");
        }
    }

    #[test]
    fn a_key_is_set_in_its_place_or_below_the_last_one() {
        for (text, want) in [
            (
                "[profile a]\nk = old\nx = 1\n",
                "[profile a]\nk = new\nx = 1\n",
            ),
            ("[profile a]\nk=old # c\r\n", "[profile a]\nk=new\r\n"),
            (
                "[profile a]\nk =\n  more\n\n  more\nx = 1",
                "[profile a]\nk = new\nx = 1",
            ),
            (
                "[profile a]\nk = 1\nK = 2\n",
                "[profile a]\nk = 1\nK = new\n",
            ),
            (
                "[profile a]\nx = 1\n\n[b]",
                "[profile a]\nx = 1\nk = new\n\n[b]",
            ),
            ("[profile a]", "[profile a]\nk = new"),
            (
                "[b]\r\n[profile a]\r\n",
                "[b]\r\n[profile a]\r\nk = new\r\n",
            ),
        ] {
            let document = Document::of(text);
            let mut edits = Edits::default();
            let block = document.named(SectionKind::Profile, "a").next().unwrap();
            document.set(&mut edits, block, "k", "new");
            let after = edits.apply(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(after).unwrap(), want, "{text:?}");
        }
    }
}
