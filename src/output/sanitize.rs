//! Sanitises names for a terminal. They come from files and variables, whose content is not trusted.

use std::fmt;
use std::str::Utf8Chunk;
use unicode_width::UnicodeWidthChar;

/// The maximum number of combining marks that are kept on one character.
const MARKS: usize = 2;

/// Replaces everything in `text` that could move the cursor, hide or reorder text, or look like other text.
///
/// Control and format characters, unusual spaces and unassigned characters become `?`; spaces at either end become `␣`
/// (`_` with `ascii`). With `ascii`, everything beyond ASCII becomes `?`. A name that mixes Latin letters with similar
/// Greek or Cyrillic letters gets a final `*`.
#[must_use]
pub fn name(text: &str, ascii: bool) -> String {
    let trimmed = text.trim_matches(' ');
    if trimmed.len() == text.len() && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut marks, mut latin, mut other) = (0, false, false);
    for c in text.chars() {
        let replacement = match c {
            ' '..='~' => Some(c),
            _ if ascii => Some('?'),
            // Variation selectors only choose between two forms of the previous character, and terminals disagree on
            // the width.
            '\u{fe00}'..='\u{fe0f}' => None,
            _ if hidden(c) => Some('?'),
            _ if c.width() == Some(0) => {
                marks += 1;
                (marks <= MARKS && !out.is_empty()).then_some(c)
            }
            _ => Some(c),
        };
        if c.width() != Some(0) {
            marks = 0;
        }
        latin |= c.is_ascii_alphabetic();
        other |= matches!(c, '\u{370}'..='\u{52f}') && c.is_alphabetic();
        out.extend(replacement);
    }
    // Last, because a space may now be at either end.
    let inner = out.trim_matches(' ');
    let start = out.len() - out.trim_start_matches(' ').len();
    let end = if inner.is_empty() {
        0
    } else {
        out.len() - start - inner.len()
    };
    let blank = if ascii { "_" } else { "␣" };
    let mut out = blank.repeat(start) + inner + &blank.repeat(end);
    if latin && other && !ascii {
        out.push('*');
    }
    out
}

/// Characters without a visible form: those that act on the terminal, Zs except the space, fillers, and noncharacters
/// of Unicode 16. U+FFFD is visible, and shows that bytes were replaced.
fn hidden(c: char) -> bool {
    (acts(c) && c != char::REPLACEMENT_CHARACTER)
        || matches!(c,
            '\u{a0}' | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}' | '\u{2000}'..='\u{200a}'
            | '\u{202f}' | '\u{205f}' | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{ffa0}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// The width of `text` on a terminal, in columns.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().filter_map(UnicodeWidthChar::width).sum()
    }
}

/// `text` cut to at most `columns`, with `…` (`..` with `ascii`) for the omitted part.
#[must_use]
pub fn shorten(text: &str, columns: usize, ascii: bool) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let dots = if ascii { ".." } else { "…" };
    let room = columns.saturating_sub(width(dots));
    let mut taken = 0;
    let kept = text.chars().take_while(|c| {
        taken += c.width().unwrap_or(0);
        taken <= room
    });
    kept.chain(dots.chars()).collect()
}

/// A whole text for a terminal; with `ascii`, arrows and dots are written in ASCII, and what else is beyond ASCII is `?`.
#[must_use]
pub fn text(text: String, ascii: bool) -> String {
    if !ascii || text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '→' => out.push_str("->"),
            '…' => out.push_str(".."),
            '↻' => out.push('~'),
            c if c.is_ascii() => out.push(c),
            _ => out.push('?'),
        }
    }
    out
}

/// Whether `c` acts on a terminal instead of being shown: it moves the cursor, starts an escape sequence, or reorders
/// or hides text. These are Unicode 16's categories Cc, Cf, Zl and Zp, the tags and other characters reserved as
/// "default ignorable"; and U+FFFD, which replaces bytes that are not UTF-8.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffd}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Displays text from outside safely: characters that [act](acts) on a terminal as `\n` or `\u{9b}`, others unchanged.
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if acts(c) {
                write!(f, "{}", c.escape_default())?
            } else {
                write!(f, "{c}")?
            }
        }
        Ok(())
    }
}

/// Bytes from outside, safe to show: as [`Escaped`], with bytes that are not UTF-8 as `\xff`.
#[must_use]
pub fn visible_bytes(bytes: &[u8]) -> String {
    let chunk = |chunk: Utf8Chunk<'_>| {
        let invalid: String = chunk
            .invalid()
            .iter()
            .map(|byte| format!("\\x{byte:02x}"))
            .collect();
        Escaped(chunk.valid()).to_string() + &invalid
    };
    bytes.utf8_chunks().map(chunk).collect()
}

/// A message of several lines, safe to show: each line is [`Escaped`].
#[must_use]
pub fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|l| Escaped(l).to_string()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_shown_as_they_are_where_that_is_safe() {
        for text in [
            "dev",
            "myorg-dev-admin",
            "",
            "a b",
            "$(touch x)`id`%n\\",
            "日本",
            "é",
            "e\u{301}",
            "😀",
        ] {
            assert_eq!(name(text, false), text);
        }
    }

    #[test]
    fn what_could_deceive_is_replaced() {
        for (text, want) in [
            ("dev\rprod", "dev?prod"),
            ("a\x1b[31mb", "a?[31mb"),
            ("a\u{9b}31mb", "a?31mb"),
            ("a\x07\x08\x7fb", "a???b"),
            ("a\nb\0", "a?b?"),
            ("prod ", "prod␣"),
            ("  x", "␣␣x"),
            (" ", "␣"),
            ("prod\u{a0}", "prod?"),
            ("p\u{200b}rod", "p?rod"),
            ("\u{202e}dorp", "?dorp"),
            ("x\u{e0041}", "x?"),
            ("\u{3164}", "?"),
            ("pr\u{43e}d", "pr\u{43e}d*"),
            (
                "\u{43f}\u{440}\u{43e}\u{434}",
                "\u{43f}\u{440}\u{43e}\u{434}",
            ),
            ("a\u{301}\u{301}\u{301}\u{301}b", "a\u{301}\u{301}b"),
            ("\u{301}x", "x"),
            ("❤\u{fe0f}", "❤"),
            ("x\u{fffe}", "x?"),
            ("\u{d4d} x", "␣x"),
            ("x \u{fe0f}", "x␣"),
        ] {
            assert_eq!(name(text, false), want, "{text:?}");
        }
        assert_eq!(name("é 😀 ", true), "? ?_");
    }

    #[test]
    fn a_name_is_shortened_by_columns() {
        assert_eq!(shorten("abcdef", 6, false), "abcdef");
        assert_eq!(shorten("abcdefg", 6, false), "abcde…");
        assert_eq!(shorten("abcdefg", 6, true), "abcd..");
        assert_eq!(shorten("日本日本", 5, false), "日本…");
        assert_eq!(shorten("abc", 0, false), "…");
    }

    proptest! {
        #[test]
        fn nothing_that_acts_on_a_terminal_comes_through(text in any::<String>(), ascii: bool) {
            let result = name(&text, ascii);
            for c in result.chars() {
                prop_assert!(!hidden(c), "{:?}", c);
                prop_assert!(!ascii || c.is_ascii());
            }
            let again = name(&result, ascii);
            prop_assert_eq!(again.trim_end_matches('*'), result.trim_end_matches('*'));
        }

        #[test]
        fn a_short_name_fits(text in any::<String>(), columns in 2usize..60, ascii: bool) {
            prop_assert!(width(&shorten(&name(&text, ascii), columns, ascii)) <= columns);
        }
    }

    #[test]
    fn what_acts_on_a_terminal_is_shown_by_its_number() {
        for (text, want) in [
            ("plain é 東京 🚀", "plain é 東京 🚀"),
            ("a\x1b[31m\x07\x7f\t\r\n", r"a\u{1b}[31m\u{7}\u{7f}\t\r\n"),
            ("c1 \u{80}\u{9b}\u{9f}", r"c1 \u{80}\u{9b}\u{9f}"),
            (
                "bidi \u{202e}\u{2066}\u{200f}",
                r"bidi \u{202e}\u{2066}\u{200f}",
            ),
            (
                "zero \u{200b}\u{200d}\u{2060}\u{feff}\u{ad}",
                r"zero \u{200b}\u{200d}\u{2060}\u{feff}\u{ad}",
            ),
            (
                "tags \u{e0001}\u{e0041}\u{e007f}",
                r"tags \u{e0001}\u{e0041}\u{e007f}",
            ),
            ("lines \u{2028}\u{2029}", r"lines \u{2028}\u{2029}"),
            ("lost \u{fffd}", r"lost \u{fffd}"),
        ] {
            assert_eq!(Escaped(text).to_string(), want);
            assert_eq!(visible_bytes(text.as_bytes()), want);
        }
        assert_eq!(visible_bytes(b"a\xff\xc3(\xe4\xb8"), r"a\xff\xc3(\xe4\xb8");
        assert_eq!(visible_lines("a\x1b\nb\u{9b}\n"), "a\\u{1b}\nb\\u{9b}\n");
    }
}
