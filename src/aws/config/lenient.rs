//! The lenient reader, which never fails: it finds every section that any dialect accepts, with values as in the SDKs.
//!
//! [`Lines`] says what each line is, and needs to know only the current section. So a section can be read from its
//! header on, without the text before it: [`find`] does that, [`read_leniently`] reads all sections.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::sections::{Draft, Index};
use super::{
    FileKind, FileSections, Merged, Named, Section, SectionKind, Value, botocore, first_line, js,
    keep_last, merge, sdk,
};

/// Reads both files, whatever they contain.
///
/// A profile exists if any dialect accepts its header. Its name is the one in the SDKs, or else in the AWS CLI. Values
/// follow the SDKs' rules, and `[profile default]` replaces `[default]`. Lines may end in `\n`, `\r\n` or `\r`. A byte
/// order mark is ignored, and so are keys that the SDKs do not accept and values with a NUL byte. Anything that a tool
/// refuses or reads differently is a warning.
#[must_use]
pub fn read_leniently(config: &str, credentials: &str) -> Merged {
    merge(
        &read(config, FileKind::Config),
        &read(credentials, FileKind::Credentials),
    )
}

/// Reads one file.
fn read(text: &str, file: FileKind) -> FileSections {
    let mut sections = Index::<Section>::default();
    let mut lines = Lines::new(content(text), file);
    let mut header = block(&mut lines, |_| {});
    while let Some((line, named)) = header {
        header = match named.and_then(|named| sections.open(named, file, line)) {
            Some(section) => block(&mut lines, |entry| section.take(&entry)),
            None => block(&mut lines, |_| {}),
        };
    }
    sections.finish(Vec::new())
}

/// The sections of `wanted`, in its order: the same result as from [`read_leniently`], without reading the others.
///
/// Headers are searched for with `memchr`; a section that is not wanted costs one comparison of its name, and
/// no allocation.
#[must_use]
pub fn find(
    config: &str,
    credentials: &str,
    wanted: &[(SectionKind, &str)],
) -> Vec<Option<Section>> {
    let config = search(config, FileKind::Config, wanted);
    let credentials = search(credentials, FileKind::Credentials, wanted);
    let over = |(below, above): (Option<Section>, Option<Section>)| match (below, above) {
        (Some(mut below), Some(above)) => {
            below.keys.extend(above.keys);
            Some(finished(below))
        }
        (below, above) => below.or(above),
    };
    config.into_iter().zip(credentials).map(over).collect()
}

/// Looks for the wanted sections in one file.
fn search(text: &str, file: FileKind, wanted: &[(SectionKind, &str)]) -> Vec<Option<Section>> {
    let text = content(text);
    let mut drafts: Vec<Draft<Section>> = wanted.iter().map(|_| Draft::default()).collect();
    // The number of lines that end before a position.
    let (mut counted, mut ended) = (0, 0);
    for (start, bracket) in brackets(text) {
        if !wanted
            .iter()
            .any(|&wanted| may_be(&text.as_bytes()[bracket + 1..], file, wanted))
        {
            continue;
        }
        let Some((named, lines)) = Lines::new(&text[start..], file).header() else {
            continue;
        };
        for (draft, &(kind, name)) in drafts.iter_mut().zip(wanted) {
            if named.kind == kind && named.name == name {
                ended += line_ends(&text[counted..start]);
                counted = start;
                let mut lines = Lines {
                    number: ended + lines.number,
                    ..lines.clone()
                };
                if let Some(section) = draft.open(named.clone(), file, ended + 1) {
                    block(&mut lines, |entry| section.take(&entry));
                }
            }
        }
    }
    drafts
        .into_iter()
        .map(|draft| draft.body.map(finished))
        .collect()
}

/// Whether the header whose `[` is right before `tail` may be that of a wanted section. It is never wrongly false: the
/// characters of an identifier mean themselves in every dialect, so the first difference decides.
fn may_be(tail: &[u8], file: FileKind, (kind, name): (SectionKind, &str)) -> bool {
    let spelled = match file {
        FileKind::Credentials => tail,
        FileKind::Config => match tail.strip_prefix(b"profile ") {
            Some(_) if kind != SectionKind::Profile => return false,
            Some(spelled) => spelled,
            None => return true,
        },
    };
    for (at, &byte) in name.as_bytes().iter().enumerate() {
        match spelled.get(at) {
            _ if !sdk::is_identifier_byte(byte) => return true,
            Some(&found) if found != byte => {
                return found != b']' && !sdk::is_identifier_byte(found);
            }
            Some(_) => {}
            None => return true,
        }
    }
    spelled
        .get(name.len())
        .is_none_or(|&found| !sdk::is_identifier_byte(found))
}

impl Section {
    fn take(&mut self, entry: &Entry<'_>) {
        if sdk::is_identifier(entry.key)
            && let Some(text) = entry.value()
        {
            let value = Value {
                text: text.into_owned(),
                file: entry.file,
                line: entry.line,
            };
            self.keys.push((entry.key.to_ascii_lowercase(), value));
        }
    }
}

/// The section without duplicate keys.
fn finished(mut section: Section) -> Section {
    keep_last(&mut section.keys);
    section
}

/// A key, and all the lines of its value.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    file: FileKind,
    line: u32,
    pub(super) key: &'a str,
    /// The text after the delimiter on the key's own line.
    rest: &'a str,
    /// The lines that continue the value, trimmed.
    more: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    /// The first line of [`Entry::value`].
    pub(super) fn first_line(&self) -> Option<&'a str> {
        let whole = self
            .more
            .iter()
            .all(|piece| memchr(0, piece.as_bytes()).is_none());
        let first = sdk::without_comment(self.rest);
        (whole && memchr(0, first.as_bytes()).is_none()).then_some(first)
    }

    /// The value as in the SDKs; `None` if it contains a NUL byte, which an environment cannot contain.
    pub(super) fn value(&self) -> Option<Cow<'a, str>> {
        let first = sdk::without_comment(self.rest);
        let pieces = || [first].into_iter().chain(self.more.iter().copied());
        if pieces().any(|piece| memchr(0, piece.as_bytes()).is_some()) {
            return None;
        }
        if self.more.is_empty() {
            return Some(Cow::Borrowed(first));
        }
        let mut text = first.to_owned();
        // Lines below an empty value are sub-properties; any other line makes the SDKs and the AWS CLI refuse the file.
        for piece in self
            .more
            .iter()
            .filter(|piece| !first.is_empty() || is_sub_property(piece))
        {
            text.push('\n');
            text.push_str(piece);
        }
        Some(Cow::Owned(text))
    }
}

/// Whether a line has a name and an `=`.
fn is_sub_property(line: &str) -> bool {
    let line = sdk::without_comment(line);
    line.find('=')
        .is_some_and(|at| !sdk::trim(&line[..at]).is_empty())
}

/// Calls back for each entry up to the next header or the end, and returns that header with its line.
pub(super) fn block<'a>(
    lines: &mut Lines<'a>,
    mut take: impl FnMut(Entry<'a>),
) -> Option<(u32, Option<Named<'a>>)> {
    let mut last: Option<Entry<'a>> = None;
    let mut header = None;
    for line in lines.by_ref() {
        match line.what {
            What::Header(named) => {
                header = Some((line.number, named));
                break;
            }
            What::Key { key, rest } => {
                let entry = Entry {
                    file: line.file,
                    line: line.number,
                    key,
                    rest,
                    more: Vec::new(),
                };
                if let Some(whole) = last.replace(entry) {
                    take(whole);
                }
            }
            What::More(piece) => {
                if let Some(entry) = &mut last {
                    entry.more.push(piece);
                }
            }
            What::Blank | What::Comment | What::Junk => {}
        }
    }
    if let Some(whole) = last {
        take(whole);
    }
    header
}

/// The text to read in a file: without a byte order mark, and empty for UTF-16 or NUL bytes.
pub(super) fn content(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Decoded lossily, the byte order mark of UTF-16 is two replacement characters.
    let start = text.strip_prefix("\u{fffd}\u{fffd}").unwrap_or(text);
    if start.as_bytes().iter().take(2).any(|&byte| byte == 0) {
        ""
    } else {
        text
    }
}

/// The positions of possible headers in a text: the start of the line, and the bracket.
pub(super) fn brackets(text: &str) -> impl Iterator<Item = (usize, usize)> {
    memchr_iter(b'[', text.as_bytes())
        .filter_map(|bracket| line_start(text, bracket).map(|start| (start, bracket)))
}

/// The start of the line whose first non-blank byte is at `at`; `None` if another one comes before it.
fn line_start(text: &str, at: usize) -> Option<usize> {
    // Nearly always, it is the first byte of the line.
    if at > 0 && text.as_bytes()[at - 1] == b'\n' {
        return Some(at);
    }
    let before = text[..at].trim_end_matches(is_blank);
    (before.is_empty() || before.ends_with(['\n', '\r'])).then_some(before.len())
}

/// White space inside a line, in any dialect.
fn is_blank(c: char) -> bool {
    (botocore::is_space(c) || js::is_space(c)) && !matches!(c, '\n' | '\r')
}

/// The number of line ends in a text; `\r\n` is one.
fn line_ends(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = memchr_iter(b'\n', bytes).count();
    let lone = memchr_iter(b'\r', bytes)
        .filter(|&at| bytes.get(at + 1) != Some(&b'\n'))
        .count();
    u32::try_from(ends + lone).unwrap_or(u32::MAX)
}

/// The lines of a file, classified.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a> {
    /// The text not yet read.
    rest: &'a str,
    file: FileKind,
    /// The number of the next line.
    number: u32,
    /// The indentation of the current key. Lines with more indentation continue its value.
    indent: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Line<'a> {
    file: FileKind,
    number: u32,
    pub(super) what: What<'a>,
}

#[derive(Debug)]
pub(super) enum What<'a> {
    Blank,
    Comment,
    /// A section begins; `None` if it belongs to no profile or session.
    Header(Option<Named<'a>>),
    Key {
        key: &'a str,
        rest: &'a str,
    },
    /// A line that continues the value above.
    More(&'a str),
    /// Not a key.
    Junk,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, next) = first_line(self.rest);
        self.rest = &self.rest[next..];
        let number = self.number;
        self.number += 1;
        Some(Line {
            file: self.file,
            number,
            what: self.what(line),
        })
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str, file: FileKind) -> Self {
        Lines {
            rest: text,
            file,
            number: 1,
            indent: None,
        }
    }

    /// The header at the beginning of the text, and the lines after it; `None` if the text begins with something else,
    /// or with a header that belongs to no profile or session.
    pub(super) fn header(mut self) -> Option<(Named<'a>, Self)> {
        match self.next()?.what {
            What::Header(named) => Some((named?, self)),
            _ => None,
        }
    }

    /// The text not yet read.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    fn what(&mut self, line: &'a str) -> What<'a> {
        // The common case, known from the first byte: not blank, not indented, not a header or comment.
        if line
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_alphanumeric)
        {
            return match property(sdk::trim_end(line)) {
                Some((key, rest)) => {
                    self.indent = Some(0);
                    What::Key { key, rest }
                }
                None => What::Junk,
            };
        }
        let text = sdk::trim_start(line);
        let indent = line.len() - text.len();
        let text = sdk::trim_end(text);
        let Some(first) = text.chars().next() else {
            return What::Blank;
        };
        if (first == '[' || is_blank(first))
            && let Some(named) = header(line, self.file)
        {
            self.indent = None;
            return What::Header(named);
        }
        let comment = sdk::COMMENT.contains(&first);
        match self.indent {
            // If the key itself is indented, the SDKs refuse the file, and the other tools accept indented comments.
            Some(key) if indent > key && !(key > 0 && comment) => What::More(text),
            _ if comment => What::Comment,
            _ => match property(text) {
                Some((key, rest)) => {
                    self.indent = Some(indent);
                    What::Key { key, rest }
                }
                None => What::Junk,
            },
        }
    }
}

/// Splits a line at its `=`, or if it has none, at a `:` as only the AWS CLI does.
fn property(text: &str) -> Option<(&str, &str)> {
    let at = memchr(b'=', text.as_bytes()).or_else(|| memchr(b':', text.as_bytes()))?;
    let key = sdk::trim(&text[..at]);
    // A comment before the delimiter hides it.
    let whole = sdk::is_identifier(key) || sdk::without_comment(key) == key;
    (whole && !key.is_empty()).then(|| (key, &text[at + 1..]))
}

/// Whether the line is a header, and if so, what it names. An unclosed bracket at the start of a line also begins a
/// section (of no profile), because otherwise its keys would belong to the profile above.
fn header(line: &str, file: FileKind) -> Option<Option<Named<'_>>> {
    if let Some(name) = plain_header(line, file) {
        return Some(Some(Named::new(SectionKind::Profile, name)));
    }
    let whole = line.starts_with('[') && line.ends_with(']');
    let text = if whole {
        line
    } else {
        line.trim_matches(is_blank)
    };
    (text.starts_with('[') && (line.starts_with('[') || text.contains(']'))).then(|| {
        let named = sdk::header(text)
            .and_then(|inside| sdk::named(inside, file))
            .or_else(|| botocore::header(text).and_then(|inside| botocore::named(inside, file)))
            .or_else(|| js::header(js::trimmed(text)).and_then(|inside| js::named(inside, file)));
        named.filter(|named| !named.name.is_empty())
    })
}

/// The profile of a header in the usual form.
fn plain_header(line: &str, file: FileKind) -> Option<&str> {
    let begin = match file {
        FileKind::Config => "[profile ",
        FileKind::Credentials => "[",
    };
    let name = line.strip_prefix(begin)?.strip_suffix(']')?;
    (!name.is_empty() && sdk::is_identifier(name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header that may be wanted is read, so a wrong yes costs only time, and a wrong no would lose a section.
    #[test]
    fn a_header_is_passed_over_where_its_first_other_character_tells() {
        let (config, credentials) = (FileKind::Config, FileKind::Credentials);
        let (profile, session) = (SectionKind::Profile, SectionKind::SsoSession);
        for (tail, file, kind, name, may) in [
            ("profile ab]", config, profile, "ab", true),
            ("profile ac]", config, profile, "ab", false),
            ("profile a]", config, profile, "ab", false),
            ("profile abc]", config, profile, "ab", false),
            ("profile ab]", config, session, "ab", false),
            ("ab]", credentials, profile, "ab", true),
            ("ac]", credentials, profile, "ab", false),
            // Truncated, or with characters that cannot be part of a name.
            ("profile a", config, profile, "ab", true),
            ("profile ab", config, profile, "ab", true),
            ("profile ab ]", config, profile, "ab", true),
            ("profile a'b']", config, profile, "ab", true),
            ("profile \"ab\"]", config, profile, "ab", true),
            // Names with more than one spelling.
            ("profile 'a b']", config, profile, "a b", true),
            ("profile a\\ b]", config, profile, "a b", true),
            ("profile b c]", config, profile, "a b", false),
            ("profile \\é]", config, profile, "é", true),
            // A character with another spelling proves nothing, and neither does the text after it.
            ("profile a_c]", config, profile, "a b", true),
            // Any other prefix.
            ("sso-session ab]", config, session, "ab", true),
            ("profile\tab]", config, profile, "ab", true),
            ("default]", config, profile, "default", true),
        ] {
            let found = may_be(tail.as_bytes(), file, (kind, name));
            assert_eq!(found, may, "[{tail} {file:?} for {kind:?} {name}");
        }
    }

    #[test]
    fn a_value_goes_on_in_what_is_indented_further_than_its_key() {
        for (lines, value) in [
            ("k = v\n  w\n", "v\nw"),
            ("  k = v\n   w\n  j = x\n", "v\nw"),
            ("k = v\n\n  \n  w\n", "v\nw"),
            ("k = v\n  j = x\n", "v\nj = x"),
            // A comment between the lines is not part of the value; an indented one is, if the SDKs read it so.
            ("k = v\n# c\n  w\n", "v\nw"),
            ("k = v\n; c = d\n  w\n", "v\nw"),
            ("k = v\n  # c\n", "v\n# c"),
            ("  k = v\n    # c\n    w\n", "v\nw"),
            // A key that the SDKs do not accept still has its own lines; a line that is not a key has none.
            ("k = v\nx y = z\n  w\n", "v"),
            ("k = v\nj # = z\n  w\n", "v\nw"),
            ("k = v\n= z\n  w\n", "v\nw"),
            ("k = v\nj\n  w\n", "v\nw"),
        ] {
            let whole = read_leniently(&format!("[profile a]\n{lines}"), "");
            assert_eq!(whole.profiles[0].text("k"), Some(value), "{lines:?}");
        }
    }

    #[test]
    fn every_kind_of_line_end_is_counted_once() {
        for (text, ends) in [
            ("", 0),
            ("a", 0),
            ("a\nb", 1),
            ("a\rb", 1),
            ("a\r\nb", 1),
            ("\r", 1),
            ("\n\r", 2),
            ("a\nb\r\nc\rd\r\re\n\n", 7),
        ] {
            assert_eq!(line_ends(text), ends, "{text:?}");
        }
    }

    #[test]
    fn a_plain_header_is_known_at_once() {
        let (config, credentials) = (FileKind::Config, FileKind::Credentials);
        for (line, file, name) in [
            ("[profile a]", config, Some("a")),
            ("[a]", credentials, Some("a")),
            ("[profile a b]", config, None),
            ("[profile ]", config, None),
            ("[]", credentials, None),
            ("[profile a] # c", config, None),
            ("[default]", config, None),
            ("[profile a]", credentials, None),
        ] {
            assert_eq!(plain_header(line, file), name, "{line}");
        }
    }

    #[test]
    fn a_header_may_stand_behind_blanks_only() {
        for (text, starts) in [
            ("[", &[(0, 0)][..]),
            (" [", &[(0, 1)]),
            ("a\n[\r[\r\n[", &[(2, 2), (4, 4), (7, 7)]),
            ("\n \t[\n\u{a0}[\n\u{1f}[", &[(1, 3), (5, 7), (9, 10)]),
            ("a [\n[[\n;[\n= [", &[(4, 4)]),
        ] {
            assert_eq!(brackets(text).collect::<Vec<_>>(), starts, "{text:?}");
        }
    }
}
