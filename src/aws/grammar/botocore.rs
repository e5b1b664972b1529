//! botocore: Python's `configparser.RawConfigParser`, and `shlex` for the names.

use std::borrow::Cow;
use std::collections::HashSet;

use super::gather::Index;
use super::{
    Fault, FileKind, FileSections, Named, Section, SectionKind, Value, Warning, first_line,
    keep_last,
};

/// Reads one file.
///
/// Refused are: a section or a key that is there twice, a line without `=` or `:`, a key before any section, a
/// sub-property without `=`. The keys of `[DEFAULT]` go to every section. Of two sections that name the same
/// thing, as `[default]` and `[profile default]` do, only the last is left.
pub(super) fn read(text: &str, file: FileKind) -> Result<FileSections, Fault> {
    let mut blocks = parse(text, file)?;
    let magic = blocks
        .iter()
        .position(|block| block.header == MAGIC)
        .map(|at| blocks.remove(at));
    let magic = magic.map(|block| block.keys).unwrap_or_default();
    let mut sections = Index::<Section>::default();
    let mut warnings = Vec::new();
    for block in blocks {
        let own: HashSet<&str> = block.keys.iter().map(|raw| raw.key.as_str()).collect();
        let leaked = magic.iter().filter(|raw| !own.contains(raw.key.as_str()));
        let keys = block
            .keys
            .iter()
            .chain(leaked)
            .map(|raw| Ok((raw.key.clone(), raw.value(file)?)))
            .collect::<Result<Vec<_>, Fault>>()?;
        let mut warn = |code, message| {
            warnings.push(Warning {
                code,
                message,
                file,
                line: block.line,
            })
        };
        let inside = block.header;
        match named(inside, file).and_then(|named| sections.replace(named, file, block.line)) {
            Some((again, section)) => {
                section.keys = keys;
                if again {
                    warn(
                        "replaced-section",
                        format!("[{inside}] takes the place of a section of that name"),
                    );
                }
            }
            None => warn(
                "ignored-section",
                format!("the AWS CLI finds no profile in [{inside}]"),
            ),
        }
    }
    Ok(sections.finish(warnings))
}

/// A section as configparser sees it.
struct Block<'a> {
    header: &'a str,
    line: u32,
    keys: Vec<Raw<'a>>,
}

/// A key and the lines of its value.
struct Raw<'a> {
    key: String,
    line: u32,
    pieces: Vec<(u32, &'a str)>,
}

impl Raw<'_> {
    /// The value; sub-properties where its own line is empty and more follow.
    fn value(&self, file: FileKind) -> Result<Value, Fault> {
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
                for part in piece
                    .split(is_line_end)
                    .map(|part| part.trim_matches(is_space))
                {
                    if part.is_empty() {
                        continue;
                    }
                    let Some((name, value)) = part.split_once('=') else {
                        let message = format!("a line below `{}` has no `=`", self.key);
                        return Err(Fault {
                            message,
                            file,
                            line,
                        });
                    };
                    let text = value.trim_start_matches(is_space).to_owned();
                    nested.push((
                        name.trim_end_matches(is_space).to_owned(),
                        Value { text, file, line },
                    ));
                }
            }
            keep_last(&mut nested);
            text = nested
                .iter()
                .map(|(name, value)| format!("\n{name} = {}", value.text))
                .collect();
        }
        Ok(Value {
            text,
            file,
            line: self.line,
        })
    }
}

/// `RawConfigParser`'s reading: the blocks of the file, `[DEFAULT]` once, wherever it stands.
fn parse(text: &str, file: FileKind) -> Result<Vec<Block<'_>>, Fault> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut headers: HashSet<&str> = HashSet::new();
    // The keys of the current section, and those of `[DEFAULT]`, which may come again.
    let (mut keys, mut magic_keys) = (HashSet::new(), HashSet::new());
    let (mut current, mut magic): (Option<usize>, Option<usize>) = (None, None);
    let mut continues = false;
    let mut level = 0;
    // A line that can't be read refuses the file only at its end: what is there twice does so first.
    let mut refused = None;
    let mut rest = text;
    let mut number = 0;
    while !rest.is_empty() {
        let (line, next) = first_line(rest);
        rest = &rest[next..];
        number += 1;
        let fault = |message: String| Fault {
            message,
            file,
            line: number,
        };
        let trimmed = line.trim_matches(is_space);
        let indent = line.chars().take_while(|&c| is_space(c)).count();
        if trimmed.starts_with(['#', ';']) {
            continue;
        }
        let block = current.and_then(|at| blocks.get_mut(at));
        if trimmed.is_empty() || (continues && indent > level) {
            let value = block
                .filter(|_| continues)
                .and_then(|block| block.keys.last_mut());
            if let Some(raw) = value {
                raw.pieces.push((number, trimmed));
            }
            continue;
        }
        level = indent;
        if let Some(inside) = header(trimmed) {
            let known = if inside == MAGIC {
                magic
            } else if headers.insert(inside) {
                None
            } else {
                return Err(fault(format!("[{inside}] is there twice")));
            };
            current = known.or(Some(blocks.len()));
            if inside == MAGIC {
                magic = current;
            }
            if known.is_none() {
                blocks.push(Block {
                    header: inside,
                    line: number,
                    keys: Vec::new(),
                });
            }
            keys.clear();
            continues = false;
            continue;
        }
        let Some(block) = block else {
            return Err(fault("a line stands before any section".to_owned()));
        };
        let Some(at) = trimmed.find(['=', ':']) else {
            refused.get_or_insert(fault("a line has neither `=` nor `:`".to_owned()));
            continue;
        };
        let key = trimmed[..at].trim_end_matches(is_space).to_lowercase();
        if key.is_empty() {
            refused.get_or_insert(fault("a line has no key before its delimiter".to_owned()));
        }
        let seen = if block.header == MAGIC {
            &mut magic_keys
        } else {
            &mut keys
        };
        if !seen.insert(key.clone()) {
            return Err(fault(format!(
                "`{key}` is there twice in [{}]",
                block.header
            )));
        }
        continues = !key.is_empty();
        let value = trimmed[at + 1..].trim_start_matches(is_space);
        block.keys.push(Raw {
            key,
            line: number,
            pieces: vec![(number, value)],
        });
    }
    refused.map_or(Ok(blocks), Err)
}

/// Where `str.splitlines` breaks what universal newlines left in one piece.
fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The section whose keys Python's configparser hands to all the others.
pub(super) const MAGIC: &str = "DEFAULT";

/// What `str.strip` takes away.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// What stands between the brackets of a header line: everything up to the last `]`, whatever follows it.
pub(super) fn header(line: &str) -> Option<&str> {
    let inside = line.trim_matches(is_space).strip_prefix('[')?;
    inside
        .rfind(']')
        .filter(|&at| at > 0)
        .map(|at| &inside[..at])
}

/// What the text between the brackets names; `None` where botocore makes nothing of the section.
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
    // The prefix is only looked at, not compared: `[profiles a]` is profile `a` too.
    let kind = ["profile", "sso-session", "services"]
        .into_iter()
        .find(|&prefix| inside.starts_with(prefix))
        .and_then(SectionKind::of_prefix)?;
    second_of_two(inside).map(|name| Named::new(kind, name))
}

/// The second word, where `shlex.split` finds exactly two.
fn second_of_two(text: &str) -> Option<Cow<'_, str>> {
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    if !text.contains(['\'', '"', '\\']) {
        let mut words = text.split(SPACE).filter(|word| !word.is_empty()).skip(1);
        return words
            .next()
            .filter(|_| words.next().is_none())
            .map(Cow::Borrowed);
    }
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            _ if SPACE.contains(&c) => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => match chars.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    let [_, name] = <[String; 2]>::try_from(words).ok()?;
    Some(Cow::Owned(name))
}
