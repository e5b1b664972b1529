//! The lines of a config file with their positions, for a program that changes some lines and keeps the others.

use std::borrow::Cow;
use std::ops::Range;

use super::lenient::{Lines, What, content};
use super::{FileKind, SectionKind};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its bytes, including the line end.
    pub range: Range<usize>,
    /// What it is.
    pub part: Part<'a>,
}

/// The kind of a line for the lenient reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// White space only.
    Blank,
    /// A comment.
    Comment,
    /// A section begins: its kind and name, or `None` if it belongs to no profile or session.
    Header(Option<(SectionKind, Cow<'a, str>)>),
    /// A key as written, and the bytes after its delimiter, without the line end.
    Key {
        /// The key as written.
        key: &'a str,
        /// The bytes after the delimiter.
        value: Range<usize>,
    },
    /// A line that continues the value above.
    More,
    /// Not a key.
    Junk,
}

/// The lines of a config file, all of them and in order. A byte order mark is before the first one.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut lines = Lines::new(content(text), FileKind::Config);
    let place = |rest: &str| text.len() - rest.len();
    let mut start = place(lines.rest());
    while let Some(line) = lines.next() {
        let end = place(lines.rest());
        let part = match line.what {
            What::Blank => Part::Blank,
            What::Comment => Part::Comment,
            What::Header(named) => Part::Header(named.map(|named| (named.kind, named.name))),
            What::Key { key, rest } => {
                // Both are slices of the same text.
                let from = rest.as_ptr() as usize - text.as_ptr() as usize;
                let value = from..from + rest.len();
                Part::Key { key, value }
            }
            What::More(_) => Part::More,
            What::Junk => Part::Junk,
        };
        pieces.push(Piece {
            range: start..end,
            part,
        });
        start = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |piece: Piece<'_>| {
            let what = match piece.part {
                Part::Blank => "blank".to_owned(),
                Part::Comment => "comment".to_owned(),
                Part::Header(None) => "nobody's".to_owned(),
                Part::Header(Some((kind, name))) => format!("{kind:?} {name}"),
                Part::Key { key, value } => format!("{key}={}", &text[value]),
                Part::More => "more".to_owned(),
                Part::Junk => "junk".to_owned(),
            };
            format!("{what}|{}", text[piece.range].escape_debug())
        };
        pieces(text).into_iter().map(show).collect()
    }

    #[test]
    fn every_byte_is_in_one_line() {
        let text = "\u{feff}# c\r\n\r\n[profile 'a b'] ; x\r\nKey = v # c\r\n  more\r\ns3 =\r[foo]\njunk\n[sso-session s]\nk:v";
        assert_eq!(
            shown(text),
            [
                "comment|# c\\r\\n",
                "blank|\\r\\n",
                "Profile a b|[profile \\'a b\\'] ; x\\r\\n",
                "Key= v # c|Key = v # c\\r\\n",
                "more|  more\\r\\n",
                "s3=|s3 =\\r",
                "nobody's|[foo]\\n",
                "junk|junk\\n",
                "SsoSession s|[sso-session s]\\n",
                "k=v|k:v",
            ]
        );
        let ranges: Vec<_> = pieces(text).into_iter().map(|p| p.range).collect();
        assert_eq!(ranges[0].start, 3, "after the byte order mark");
        assert!(ranges.windows(2).all(|two| two[0].end == two[1].start));
        assert_eq!(ranges.last().unwrap().end, text.len());
        assert!(pieces("").is_empty());
    }
}
