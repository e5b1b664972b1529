//! botocore: Python's `configparser.RawConfigParser`, and `shlex` for the names.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use memchr::{memchr, memchr_iter, memchr2};

use super::sections::Index;
use super::{
    FileKind, FileSections, Named, ParseError, Section, SectionKind, Value, first_line, keep_last,
};
use crate::aws::shlex;
use crate::diagnostic::{Code, Diagnostic, Location};
use std::path::Path;

/// Reads one file.
///
/// It refuses duplicate sections and keys, a line without `=` or `:`, a key before the first section, and a
/// sub-property without `=`. Every section inherits the keys of `[DEFAULT]`. Of two sections with the same meaning,
/// such as `[default]` and `[profile default]`, only the last counts.
pub(super) fn read(text: &str, file: FileKind, path: &Path) -> Result<FileSections, ParseError> {
    let outline = Outline::of(text, file)?;
    let magic = outline.magic(text);
    let mut sections = Index::<Section>::default();
    let mut warnings = Vec::new();
    for block in outline.blocks.iter().filter(|block| !block.is_magic(text)) {
        let inside = block.header(text);
        let mut warn = |warning: Diagnostic| {
            warnings.push(warning.at(Location::line(path, block.line)));
        };
        match named(inside, file).and_then(|named| sections.replace(named, file, block.line)) {
            Some((again, section)) => {
                section.keys = block.keys(text, file, &magic);
                if again {
                    let message = format!("[{inside}] replaces an earlier section of that name");
                    warn(Diagnostic::new(Code::ReplacedSection, message));
                }
            }
            None => {
                let message = format!("the AWS CLI finds no profile in [{inside}]");
                let fix = match inside.strip_prefix("profile ").map(str::trim) {
                    Some(name) if !name.contains('"') => format!(
                        "Write [profile \"{name}\"], or use a plain name, because the SDKs accept only those"
                    ),
                    _ => String::new(),
                };
                warn(Diagnostic::new(Code::IgnoredSection, message).fix(fix));
            }
        }
    }
    Ok(sections.finish(warnings))
}

/// The positions of the sections in a file that botocore accepts. The sections themselves are read on request.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    blocks: Vec<Block>,
    file: Option<FileKind>,
    /// Whether the file has a `[DEFAULT]` section.
    has_magic: bool,
}

/// One section: from its header to the next one.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// The text between the brackets.
    header: Range,
    /// Everything below the header line.
    body: Range,
    /// The line of the header, counted from 1.
    line: u32,
    /// The indentation of the header, in characters.
    indent: u32,
}

/// A part of the text, in bytes. In 32 bits, because there are thousands, and larger files are not read.
#[derive(Debug, Clone, Copy)]
struct Range {
    from: u32,
    to: u32,
}

impl Range {
    fn new(from: usize, to: usize) -> Self {
        Self {
            from: narrow(from),
            to: narrow(to),
        }
    }

    fn of(self, text: &str) -> &str {
        text.get(self.from as usize..self.to as usize)
            .unwrap_or_default()
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Outline {
    /// Checks a whole file as configparser and botocore do.
    ///
    /// # Errors
    /// The error for which botocore refuses the file, in Python's order: duplicates first, then lines that are
    /// neither header nor key, then the lines below a key.
    pub fn of(text: &str, file: FileKind) -> Result<Self, ParseError> {
        let mut check = Check::new(text, file);
        if let Err(mut error) = check.run() {
            // A header without its `]` is the usual cause of duplicate keys below it.
            if let Some(earlier) = check.refused {
                error.message += &format!(
                    "; before that, on line {}: {}",
                    earlier.line, earlier.message
                );
            }
            return Err(error);
        }
        Ok(Self {
            has_magic: check.has_magic,
            blocks: check.blocks,
            file: Some(file),
        })
    }

    /// The section of this kind and name. The last one, because it replaces the others.
    #[must_use]
    pub fn section(&self, text: &str, kind: SectionKind, name: &str) -> Option<Section> {
        let file = self.file?;
        let found = self.blocks.iter().rev().find(|block| {
            let inside = block.header(text);
            // Most headers end in the plain name.
            (inside.ends_with(name) || !plain_end(inside))
                && !block.is_magic(text)
                && named(inside, file).is_some_and(|n| n.kind == kind && n.name == name)
        })?;
        Some(Section {
            kind,
            name: name.to_owned(),
            file,
            line: found.line,
            keys: found.keys(text, file, &self.magic(text)),
        })
    }

    /// The keys of `[DEFAULT]`, which every section inherits.
    fn magic(&self, text: &str) -> Vec<(String, Value)> {
        let Some(file) = self.file.filter(|_| self.has_magic) else {
            return Vec::new();
        };
        self.blocks
            .iter()
            .filter(|block| block.is_magic(text))
            .flat_map(|block| block.keys(text, file, &[]))
            .collect()
    }
}

/// Whether a header ends in a character that quoting and trimming do not change.
fn plain_end(inside: &str) -> bool {
    inside
        .bytes()
        .next_back()
        .is_some_and(|last| last.is_ascii_alphanumeric() || matches!(last, b'-' | b'_' | b'.'))
}

impl Block {
    fn header<'a>(&self, text: &'a str) -> &'a str {
        self.header.of(text)
    }

    fn is_magic(&self, text: &str) -> bool {
        self.header(text) == MAGIC
    }

    /// The section's keys, then those of `[DEFAULT]` that it does not override.
    fn keys(&self, text: &str, file: FileKind, magic: &[(String, Value)]) -> Vec<(String, Value)> {
        let body = self.body.of(text);
        let mut keys: Vec<(String, Value)> = Vec::new();
        let mut last: Option<Raw<'_>> = None;
        for line in Lines::new(body, self.line, self.indent as usize) {
            match line.what {
                LineKind::Key { key, value } => {
                    let raw = Raw {
                        key: key.to_lowercase(),
                        line: line.number,
                        pieces: vec![(line.number, value)],
                    };
                    keys.extend(last.replace(raw).map(|raw| raw.value(file)));
                }
                LineKind::More(piece) => {
                    if let Some(raw) = &mut last {
                        raw.pieces.push((line.number, piece));
                    }
                }
                LineKind::Nothing | LineKind::Header(_) | LineKind::NoKey | LineKind::Junk(_) => {}
            }
        }
        keys.extend(last.map(|raw| raw.value(file)));
        for (key, value) in magic {
            if !keys.iter().any(|(known, _)| known == key) {
                keys.push((key.clone(), value.clone()));
            }
        }
        keys
    }
}

/// A key and the lines of its value.
struct Raw<'a> {
    key: String,
    line: u32,
    pieces: Vec<(u32, &'a str)>,
}

impl Raw<'_> {
    /// The key and its value; sub-properties if the key's own line has no value and more lines follow.
    fn value(self, file: FileKind) -> (String, Value) {
        // Nearly every value is one line.
        if let [(_, piece)] = self.pieces[..] {
            let text = piece.trim_end_matches(is_space).to_owned();
            let line = self.line;
            return (self.key, Value { text, file, line });
        }
        let joined = self
            .pieces
            .iter()
            .map(|&(_, piece)| piece)
            .collect::<Vec<_>>()
            .join("\n");
        let mut text = joined.trim_end_matches(is_space).to_owned();
        if text.starts_with('\n') {
            let mut nested: Vec<(String, Value)> = Vec::new();
            for &(line, piece) in &self.pieces {
                for (name, value) in sub_lines(piece).filter_map(|part| part.split_once('=')) {
                    let text = value.trim_start_matches(is_space).to_owned();
                    let name = name.trim_end_matches(is_space).to_owned();
                    nested.push((name, Value { text, file, line }));
                }
            }
            keep_last(&mut nested);
            text = nested
                .iter()
                .map(|(name, value)| match value.text.as_str() {
                    // As in the SDKs, without a final space.
                    "" => format!("\n{name} ="),
                    text => format!("\n{name} = {text}"),
                })
                .collect();
        }
        let line = self.line;
        (self.key, Value { text, file, line })
    }
}

/// The lines of a piece of a value, as `str.splitlines` splits it.
fn sub_lines(piece: &str) -> impl Iterator<Item = &str> {
    piece
        .split(is_line_end)
        .map(|part| part.trim_matches(is_space))
        .filter(|part| !part.is_empty())
}

/// The check of a whole file.
struct Check<'a> {
    text: &'a str,
    file: FileKind,
    blocks: Vec<Block>,
    has_magic: bool,
    headers: HashSet<&'a str, BuildHasherDefault<Fnv>>,
    /// The keys of the current section.
    keys: Keys<'a>,
    /// The keys of `[DEFAULT]`, which may occur several times.
    magic_keys: Keys<'a>,
    in_magic: bool,
    /// An error for an unrecognised line, reported at the end of the file, because a duplicate takes precedence.
    refused: Option<ParseError>,
    /// An error for a line without `=` below a key with an empty value, reported last of all.
    refused_below: Option<ParseError>,
    /// The current key, while its value is still empty.
    open: Option<&'a str>,
}

impl<'a> Check<'a> {
    fn new(text: &'a str, file: FileKind) -> Self {
        Self {
            text,
            file,
            // A profile has at least a hundred bytes.
            blocks: Vec::with_capacity(text.len() / 100),
            has_magic: false,
            headers: HashSet::with_capacity_and_hasher(
                text.len() / 100,
                BuildHasherDefault::default(),
            ),
            keys: Keys::default(),
            magic_keys: Keys::default(),
            in_magic: false,
            refused: None,
            refused_below: None,
            open: None,
        }
    }

    fn fault(&self, line: u32, message: impl Into<String>) -> ParseError {
        ParseError {
            message: message.into(),
            file: self.file,
            line,
        }
    }

    fn run(&mut self) -> Result<(), ParseError> {
        let mut lines = Lines::new(self.text, 0, 0);
        // Lines that do not end in `\n` are rare and take the slow path.
        let quick = memchr(b'\r', self.text.as_bytes()).is_none();
        let mut newlines = memchr_iter(b'\n', self.text.as_bytes());
        while lines.at < self.text.len() {
            let end = newlines.next().unwrap_or(self.text.len());
            if quick && self.plain_line(&mut lines, end)? {
                continue;
            }
            let Some(line) = lines.next() else { break };
            match line.what {
                LineKind::Nothing => {}
                LineKind::Header(inside) => {
                    self.header(line.number, line.start, line.indent, inside, lines.at)?
                }
                LineKind::More(piece) => self.more(line.number, piece),
                LineKind::Key { key, value } => {
                    self.key(line.number, key)?;
                    self.open = value.is_empty().then_some(key);
                }
                LineKind::NoKey => self.no_key(line.number)?,
                LineKind::Junk(message) => {
                    if self.blocks.is_empty() {
                        return Err(self.fault(line.number, BEFORE_SECTION));
                    }
                    let fault = self.fault(line.number, message);
                    self.refused.get_or_insert(fault);
                }
            }
        }
        if let Some(block) = self.blocks.last_mut() {
            block.body.to = narrow(self.text.len());
        }
        match self.refused.take().or(self.refused_below.take()) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// Handles the next line, which ends at `end`, if it is a common one: blank, a comment, a header or a key in the
    /// first column, in ASCII. The result is the same as from [`Lines`], in a tenth of the time.
    fn plain_line(&mut self, lines: &mut Lines<'a>, end: usize) -> Result<bool, ParseError> {
        let start = lines.at;
        let bytes = self.text.as_bytes();
        let line = &bytes[start..end];
        let number = lines.number + 1;
        match line.first() {
            None | Some(b'#' | b';') => {}
            Some(b'[') => {
                let closing = line.iter().rposition(|&byte| byte == b']');
                let Some(closing) = closing.filter(|&at| at > 1) else {
                    return Ok(false);
                };
                let inside = &self.text[start + 1..start + closing];
                (lines.level, lines.continues) = (0, false);
                self.header(number, start, 0, inside, (end + 1).min(bytes.len()))?;
            }
            Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_') => {
                // Most sections have the same keys as the previous one, in the same order.
                let repeated = if self.in_magic {
                    None
                } else {
                    self.keys.repeated(line)
                };
                let (key, delimiter) = match repeated {
                    Some(known) => known,
                    None => {
                        let Some((length, delimiter)) = plain_key(line) else {
                            return Ok(false);
                        };
                        let key = &self.text[start..start + length];
                        self.key(number, key)?;
                        (key, delimiter)
                    }
                };
                self.open = None;
                (lines.level, lines.continues) = (0, true);
                // Whether the value is empty matters only if the next line continues it.
                let goes_on = matches!(
                    bytes.get(end + 1),
                    Some(b' ' | b'#' | b';' | ..=0x1f | 128..)
                );
                if goes_on && !line[delimiter + 1..].iter().any(u8::is_ascii_graphic) {
                    let value = &self.text[start + delimiter + 1..end];
                    self.open = value.trim_matches(is_space).is_empty().then_some(key);
                }
            }
            _ => return Ok(false),
        }
        lines.at = (end + 1).min(bytes.len());
        lines.number = number;
        Ok(true)
    }

    fn header(
        &mut self,
        line: u32,
        start: usize,
        indent: usize,
        inside: &'a str,
        body: usize,
    ) -> Result<(), ParseError> {
        self.in_magic = inside == MAGIC;
        self.has_magic |= self.in_magic;
        if !self.in_magic && !self.headers.insert(inside) {
            return Err(self.fault(line, format!("[{inside}] is there twice")));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.body.to = narrow(start);
        }
        // Both are slices of the same text.
        let header = inside.as_ptr() as usize - self.text.as_ptr() as usize;
        self.blocks.push(Block {
            header: Range::new(header, header + inside.len()),
            body: Range::new(body, body),
            line,
            indent: narrow(indent),
        });
        self.keys.next_section();
        self.open = None;
        Ok(())
    }

    fn key(&mut self, line: u32, key: &'a str) -> Result<(), ParseError> {
        let Some(block) = self.blocks.last() else {
            return Err(self.fault(line, BEFORE_SECTION));
        };
        let keys = if self.in_magic {
            &mut self.magic_keys
        } else {
            &mut self.keys
        };
        if !keys.insert(key) {
            let inside = block.header(self.text);
            return Err(self.fault(
                line,
                format!("`{}` is there twice in [{inside}]", key.to_lowercase()),
            ));
        }
        self.open = None;
        Ok(())
    }

    /// An empty key is an error at the end of the file, but two of them are a duplicate key.
    fn no_key(&mut self, line: u32) -> Result<(), ParseError> {
        self.key(line, "")?;
        let fault = self.fault(line, "the line has no key before its delimiter");
        self.refused.get_or_insert(fault);
        Ok(())
    }

    fn more(&mut self, line: u32, piece: &str) {
        let Some(key) = self.open else { return };
        // The first line that is not empty makes it sub-properties, whether or not it has an `=`.
        for part in sub_lines(piece) {
            if !part.contains('=') && self.refused_below.is_none() {
                let message = format!("a line below `{}` has no `=`", key.to_lowercase());
                self.refused_below = Some(self.fault(line, message));
            }
        }
    }
}

const BEFORE_SECTION: &str = "a line before the first section";

/// The length of the key at the beginning of a line, and the position of its delimiter; `None` if it is not plain
/// ASCII.
fn plain_key(line: &[u8]) -> Option<(usize, usize)> {
    let delimiter = line.iter().position(|&byte| !IN_KEY[usize::from(byte)])?;
    if !matches!(line[delimiter], b'=' | b':') {
        return None;
    }
    let length = line[..delimiter].trim_ascii_end().len();
    Some((length, delimiter))
}

/// The characters of an ASCII key: visible characters and the space, except delimiters.
static IN_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        table[byte as usize] = byte != b'=' && byte != b':';
        byte += 1;
    }
    table
};

/// The keys of one section, compared in lower case as by `str.lower`.
#[derive(Default)]
struct Keys<'a> {
    few: Vec<&'a str>,
    many: BTreeSet<String>,
    /// The keys of the previous section.
    before: Vec<&'a str>,
    /// Whether this section's keys so far are the first keys of the previous section.
    repeats: bool,
}

impl<'a> Keys<'a> {
    /// Up to this many keys are compared one by one.
    const FEW: usize = 24;

    fn next_section(&mut self) {
        // Keys in `many` are not in order.
        self.repeats = self.many.is_empty();
        std::mem::swap(&mut self.few, &mut self.before);
        self.few.clear();
        self.many.clear();
    }

    /// If a line begins with the next key of the previous section, the key is new: adds it, and returns it with the
    /// position of its delimiter.
    fn repeated(&mut self, line: &[u8]) -> Option<(&'a str, usize)> {
        if !self.repeats {
            return None;
        }
        let key = *self.before.get(self.few.len())?;
        let delimiter = match line.strip_prefix(key.as_bytes())? {
            [b'=' | b':', ..] => key.len(),
            [b' ', b'=' | b':', ..] => key.len() + 1,
            _ => return None,
        };
        self.few.push(key);
        Some((key, delimiter))
    }

    /// Whether the key is new.
    fn insert(&mut self, key: &'a str) -> bool {
        self.repeats = false;
        if self.few.len() < Self::FEW && self.many.is_empty() && key.is_ascii() {
            for known in &self.few {
                if known.len() == key.len() && known.eq_ignore_ascii_case(key) {
                    return false;
                }
            }
            self.few.push(key);
            return true;
        }
        // Beyond ASCII, changing case may change the length.
        if self.many.is_empty() {
            self.many
                .extend(self.few.iter().map(|key| key.to_lowercase()));
        }
        self.many.insert(key.to_lowercase())
    }
}

/// FNV-1a: section names are short, and users do not attack a table of their own sections.
#[derive(Debug)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = rest.len() as u64;
        for byte in rest {
            last = last << 8 | u64::from(*byte);
        }
        self.mix(last);
    }

    /// Required, because hashing a string ends with it.
    fn write_u8(&mut self, _: u8) {}
}

impl Fnv {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 ^= self.0 >> 29;
    }
}

/// The lines of a text, as configparser reads them.
struct Lines<'a> {
    text: &'a str,
    /// Where the next line begins.
    at: usize,
    number: u32,
    /// The indentation of the current key or header.
    level: usize,
    /// Whether the next line may continue a value.
    continues: bool,
}

struct Line<'a> {
    what: LineKind<'a>,
    /// Counted from 1.
    number: u32,
    /// Where it begins.
    start: usize,
    /// The number of white-space characters at its beginning.
    indent: usize,
}

enum LineKind<'a> {
    /// A comment, or a blank line that belongs to no value.
    Nothing,
    /// A section: the text between the brackets.
    Header(&'a str),
    Key {
        /// The key as written.
        key: &'a str,
        value: &'a str,
    },
    /// A line that continues the value above, perhaps an empty one.
    More(&'a str),
    /// A delimiter without a key before it.
    NoKey,
    /// Not a key, with the reason.
    Junk(&'static str),
}

impl<'a> Lines<'a> {
    /// The lines after line `number`, below a header with the indentation `level`.
    fn new(text: &'a str, number: u32, level: usize) -> Self {
        Self {
            text,
            at: 0,
            number,
            level,
            continues: false,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let (line, next) = first_line(rest);
        let start = self.at;
        self.at += next;
        self.number += 1;
        // Most lines begin with a letter.
        let indent = match line.as_bytes().first() {
            Some(first) if first.is_ascii_graphic() => 0,
            _ => line.chars().take_while(|&c| is_space(c)).count(),
        };
        let trimmed = line.trim_matches(is_space);
        Some(Line {
            what: self.what(trimmed, indent),
            number: self.number,
            start,
            indent,
        })
    }
}

impl<'a> Lines<'a> {
    fn what(&mut self, trimmed: &'a str, indent: usize) -> LineKind<'a> {
        if matches!(trimmed.as_bytes().first(), Some(b'#' | b';')) {
            return LineKind::Nothing;
        }
        if trimmed.is_empty() || (self.continues && indent > self.level) {
            return if self.continues {
                LineKind::More(trimmed)
            } else {
                LineKind::Nothing
            };
        }
        self.level = indent;
        if let Some(inside) = header(trimmed) {
            self.continues = false;
            return LineKind::Header(inside);
        }
        let Some(at) = memchr2(b'=', b':', trimmed.as_bytes()) else {
            // It does not end a value: lines with more indentation still belong to the key above.
            return LineKind::Junk("the line has neither `=` nor `:`");
        };
        let key = trimmed[..at].trim_end_matches(is_space);
        self.continues = !key.is_empty();
        if key.is_empty() {
            return LineKind::NoKey;
        }
        LineKind::Key {
            key,
            value: trimmed[at + 1..].trim_start_matches(is_space),
        }
    }
}

/// The characters that `str.splitlines` treats as line ends in addition to universal newlines.
fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The section whose keys all others inherit in Python's configparser.
pub(super) const MAGIC: &str = "DEFAULT";

/// The white space of `str.strip`.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// The text between the brackets of a header line: everything up to the last `]`.
pub(super) fn header(line: &str) -> Option<&str> {
    let inside = line.trim_matches(is_space).strip_prefix('[')?;
    inside
        .rfind(']')
        .filter(|&at| at > 0)
        .map(|at| &inside[..at])
}

/// The meaning of the text between the brackets; `None` if botocore ignores the section.
pub(super) fn named(inside: &str, file: FileKind) -> Option<Named<'_>> {
    if inside == MAGIC {
        return None;
    }
    if file == FileKind::Credentials {
        return Some(Named::new(SectionKind::Profile, inside));
    }
    if inside == "default" {
        return Some(Named::bare_default());
    }
    // botocore only tests the prefix with `startswith`, so `[profiles a]` is profile `a` too.
    let kind = ["profile", "sso-session", "services"]
        .into_iter()
        .find(|&prefix| inside.starts_with(prefix))
        .and_then(SectionKind::of_prefix)?;
    second_of_two(inside).map(|name| Named::new(kind, name))
}

/// The second word, if `shlex.split` finds exactly two.
fn second_of_two(text: &str) -> Option<Cow<'_, str>> {
    if !shlex::is_quoted(text) {
        let mut words = shlex::plain_words(text).skip(1);
        return words
            .next()
            .filter(|_| words.next().is_none())
            .map(Cow::Borrowed);
    }
    let [_, name] = <[String; 2]>::try_from(shlex::split(text)?).ok()?;
    Some(Cow::Owned(name))
}
