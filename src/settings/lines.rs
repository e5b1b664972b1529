//! The line check: finds blank lines, comments, `[section]` and `key = value`, before a parser sees them.
//!
//! rust-ini reads a file as one stream: after an unclosed bracket or quote, a final backslash or a line without `=`, it
//! misreads the following lines, often without an error. This check never looks past the end of a line.

use super::keys::{guards_production, is_near_production, resembles_production};
use crate::diagnostic::Code;
use std::ops::Range;

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParseError {
    /// The line, counted from 1.
    pub(super) line: u32,
    /// The code of the problem.
    pub(super) code: Code,
    /// What is wrong.
    pub(super) message: &'static str,
    /// What to do about it.
    pub(super) fix: &'static str,
    /// Whether it may hide a rule about production.
    pub(super) hides_production: bool,
}

/// A valid header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header<'t> {
    /// The line, counted from 1.
    pub(super) line: u32,
    /// The text between the brackets, trimmed.
    pub(super) name: &'t str,
}

/// A valid `key = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair<'t> {
    /// The line, counted from 1.
    pub(super) line: u32,
    /// The section, as an index into [`Checked::headers`]; `None` before the first header.
    pub(super) section: Option<usize>,
    /// The key.
    pub(super) key: &'t str,
    /// The key's position in [`Checked::clean`], as rust-ini returns it.
    pub(super) clean_key: Range<usize>,
}

/// The result of the check.
#[derive(Debug, Default)]
pub(super) struct Checked<'t> {
    /// The text for rust-ini, with the same line numbers but without comments, broken lines, and lines below a broken
    /// header.
    pub(super) clean: String,
    /// The valid headers, in order.
    pub(super) headers: Vec<Header<'t>>,
    /// The valid pairs, in order.
    pub(super) pairs: Vec<Pair<'t>>,
    /// The errors, by line.
    pub(super) errors: Vec<ParseError>,
}

/// The section that the keys of a line belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Current {
    /// No header yet.
    None,
    /// This header.
    Header(usize),
    /// A broken header: the keys below it are ignored.
    Broken,
}

/// Checks `text` line by line. `damaged` says that bytes that were not UTF-8 were replaced by U+FFFD.
pub(super) fn check(text: &str, damaged: bool) -> Checked<'_> {
    let mut checked = Checked {
        clean: String::with_capacity(text.len() + 64),
        headers: Vec::with_capacity(8),
        pairs: Vec::with_capacity(32),
        errors: Vec::new(),
    };
    let mut current = Current::None;
    let suspects = Suspects {
        returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
        damaged,
    };
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for (number, end) in (1..).zip(ends) {
        let line = &text[start..end];
        start = end + 1;
        match sort(line.trim(), suspects) {
            Sort::Empty => {}
            Sort::Header(name) => {
                current = Current::Header(checked.headers.len());
                checked.headers.push(Header { line: number, name });
                checked.clean.push('[');
                checked.clean.push_str(name);
                // A backslash would escape the bracket, so add a space, which rust-ini trims.
                let end = if name.ends_with('\\') { " ]" } else { "]" };
                checked.clean.push_str(end);
            }
            Sort::Pair(key, value) => checked.pair(number, current, key, value),
            Sort::Broken(message, fix) => {
                checked.error(number, current, Code::SettingsBrokenLine, message, fix);
            }
            Sort::BrokenHeader(message, fix) => {
                current = Current::Broken;
                checked.error(number, current, Code::SettingsBrokenHeader, message, fix);
            }
        }
        checked.clean.push('\n');
    }
    checked
}

impl<'t> Checked<'t> {
    fn error(
        &mut self,
        line: u32,
        current: Current,
        code: Code,
        message: &'static str,
        fix: &'static str,
    ) {
        let hides_production = match current {
            Current::Header(at) => {
                let name = self.headers[at].name;
                guards_production(name) || resembles_production(name)
            }
            Current::None => false,
            Current::Broken => true,
        };
        self.errors.push(ParseError {
            line,
            code,
            message,
            fix,
            hides_production,
        });
    }

    fn pair(&mut self, line: u32, current: Current, key: &'t str, value: &'t str) {
        if value.ends_with('\\') {
            let message =
                "a backslash at the end of the line; values do not continue on the next line";
            let fix = "Write the whole value on one line, or leave the backslash out";
            self.error(line, current, Code::SettingsFinalBackslash, message, fix);
        }
        let section = match current {
            Current::None => None,
            Current::Header(at) => Some(at),
            Current::Broken => return,
        };
        let start = self.clean.len();
        // In rust-ini a colon ends a key too, unless a backslash precedes it. rust-ini keeps the backslash.
        if !key.contains(['\\', ':']) {
            self.clean.push_str(key)
        } else {
            for c in key.chars() {
                if matches!(c, '\\' | ':') {
                    self.clean.push('\\');
                }
                self.clean.push(c);
            }
        }
        let clean_key = start..self.clean.len();
        self.clean.push('=');
        self.clean.push_str(value);
        if value.ends_with('\\') {
            // A backslash would escape the newline, so add a space, which rust-ini trims.
            self.clean.push(' ');
        }
        self.pairs.push(Pair {
            line,
            section,
            key,
            clean_key,
        });
    }
}

/// The kinds of line.
enum Sort<'t> {
    /// Blank, or a comment.
    Empty,
    /// `[name]`.
    Header(&'t str),
    /// Possibly meant as a header: what is wrong with it, and the fix.
    BrokenHeader(&'static str, &'static str),
    /// `key = value`, the value without its quotes.
    Pair(&'t str, &'t str),
    /// Anything else: what is wrong with it, and the fix.
    Broken(&'static str, &'static str),
}

/// What may occur in the lines of a text, found once for the whole text.
#[derive(Clone, Copy)]
struct Suspects {
    /// Carriage returns.
    returns: bool,
    /// U+FFFD, for bytes that were not UTF-8.
    damaged: bool,
}

/// Sorts a trimmed line.
fn sort(line: &str, suspects: Suspects) -> Sort<'_> {
    if suspects.returns && line.contains('\r') {
        return Sort::BrokenHeader(
            "a carriage return inside a line; several lines may be joined",
            "End every line with a newline",
        );
    }
    match line.as_bytes().first() {
        None | Some(b'#' | b';') => return Sort::Empty,
        Some(b'[') => return header(line, suspects),
        Some(_) => {}
    }
    if suspects.damaged && line.contains('\u{fffd}') {
        return Sort::Broken("bytes that are not UTF-8", "Save the file as UTF-8");
    }
    let Some((key, value)) = line.split_once('=') else {
        // `class prod]` and `class prod` lack a bracket: the keys below must not count for the section above.
        let first = line
            .split(|c: char| !c.is_alphanumeric())
            .find(|w| !w.is_empty());
        return if line.contains(['[', ']']) || first.is_some_and(is_near_production) {
            Sort::BrokenHeader(
                "neither [section] nor key = value",
                "Write it as one of them",
            )
        } else {
            Sort::Broken("no key = value", "Add the =, or remove the line")
        };
    };
    match (key.trim_end(), unquoted(value.trim_start())) {
        ("", _) => Sort::Broken("no key before the =", "Add the key, or remove the line"),
        (_, None) => Sort::Broken(
            "quotes that do not enclose the whole value",
            "Close them at the end of the value, or remove them",
        ),
        (key, Some(value)) => Sort::Pair(key, value),
    }
}

/// Sorts a line that starts with a bracket.
fn header(line: &str, suspects: Suspects) -> Sort<'_> {
    let Some(inside) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) else {
        return if line.contains(']') {
            Sort::BrokenHeader(
                "text after the ] of a section",
                "Put it on a line of its own",
            )
        } else {
            Sort::BrokenHeader("a section without its ]", "Add the ]")
        };
    };
    let name = inside.trim();
    if name.is_empty() || name.contains(['[', ']']) {
        return Sort::BrokenHeader(
            "not the name of a section",
            "Write one name between one pair of brackets",
        );
    }
    if suspects.damaged && name.contains('\u{fffd}') {
        Sort::BrokenHeader(
            "a section with bytes that are not UTF-8",
            "Save the file as UTF-8",
        )
    } else {
        Sort::Header(name)
    }
}

/// The value without its quotes, trimmed; `None` if a quote is unclosed or closed before the end.
fn unquoted(value: &str) -> Option<&str> {
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Some(value);
    };
    let inside = value[1..].strip_suffix(quote)?;
    (!inside.contains(quote)).then(|| inside.trim())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Line, section and key of every pair.
    fn pairs(text: &str) -> Vec<(u32, &str, &str)> {
        let checked = check(text, text.contains('\u{fffd}'));
        let name = |at: usize| checked.headers[at].name;
        let pairs = checked.pairs.iter();
        pairs
            .map(|p| (p.line, p.section.map_or("", name), p.key))
            .collect()
    }

    /// Line and code of every fault, and whether it hides production.
    fn errors(text: &str) -> Vec<(u32, Code, bool)> {
        let errors = check(text, text.contains('\u{fffd}')).errors;
        errors
            .iter()
            .map(|f| (f.line, f.code, f.hides_production))
            .collect()
    }

    #[test]
    fn a_line_is_blank_a_comment_a_section_or_a_pair() {
        let text =
            "\n# c\n  ; c = d [x]\n\t\n[ a b ]\r\n x =  y \r\nx2=\n[c]\nk = v = w # no comment\n";
        assert_eq!(
            pairs(text),
            [(6, "a b", "x"), (7, "a b", "x2"), (9, "c", "k")]
        );
        assert_eq!(errors(text), []);
        let clean = check(text, false).clean;
        assert_eq!(
            clean,
            "\n\n\n\n[a b]\nx=y\nx2=\n[c]\nk=v = w # no comment\n\n"
        );
    }

    #[test]
    fn any_other_line_is_blanked_out_and_named() {
        for (line, code, in_badge, in_class) in [
            ("key", Code::SettingsBrokenLine, false, true),
            ("show: set", Code::SettingsBrokenLine, false, true),
            ("= value", Code::SettingsBrokenLine, false, true),
            ("key = \"value", Code::SettingsBrokenLine, false, true),
            ("key = 'value", Code::SettingsBrokenLine, false, true),
            ("key = \"", Code::SettingsBrokenLine, false, true),
            ("key = \"value\" x", Code::SettingsBrokenLine, false, true),
            ("key = \"a\" \"b\"", Code::SettingsBrokenLine, false, true),
            ("key = \u{fffd}", Code::SettingsBrokenLine, false, true),
            ("[", Code::SettingsBrokenHeader, true, true),
            ("[]", Code::SettingsBrokenHeader, true, true),
            ("[ ]", Code::SettingsBrokenHeader, true, true),
            ("[class prod", Code::SettingsBrokenHeader, true, true),
            ("[class prod = x", Code::SettingsBrokenHeader, true, true),
            (
                "[class prod] # mine",
                Code::SettingsBrokenHeader,
                true,
                true,
            ),
            ("[[class prod]]", Code::SettingsBrokenHeader, true, true),
            ("[\u{fffd}]", Code::SettingsBrokenHeader, true, true),
            ("class prod]", Code::SettingsBrokenHeader, true, true),
            ("class prod", Code::SettingsBrokenHeader, true, true),
            ("{Class prod}", Code::SettingsBrokenHeader, true, true),
            ("(swich)", Code::SettingsBrokenHeader, true, true),
            (
                "# comment\r[class prod]\rmatch = x",
                Code::SettingsBrokenHeader,
                true,
                true,
            ),
            (
                "show = set\rmax_width = 20",
                Code::SettingsBrokenHeader,
                true,
                true,
            ),
        ] {
            for (section, hides) in [
                ("badge", in_badge),
                ("class prod", in_class),
                ("switch", in_class),
            ] {
                let text = format!("[{section}]\na = 1\n{line}\nb = 2\n[alias]\nc = 3\n");
                assert_eq!(errors(&text), [(3, code, hides)], "[{section}] {line:?}");
                let mut want = vec![(2, section, "a")];
                if code == Code::SettingsBrokenLine {
                    want.push((4, section, "b"));
                }
                want.push((6, "alias", "c"));
                assert_eq!(pairs(&text), want, "[{section}] {line:?}");
            }
        }
    }

    #[test]
    fn every_broken_line_below_a_broken_header_may_hide_production() {
        let text = "[badge\nx\n[badge]\ny\n";
        assert_eq!(
            errors(text),
            [
                (1, Code::SettingsBrokenHeader, true),
                (2, Code::SettingsBrokenLine, true),
                (4, Code::SettingsBrokenLine, false)
            ]
        );
    }

    #[test]
    fn a_backslash_at_the_end_takes_nothing_with_it() {
        let text = "[a\\]\nk\\ = 1\nl = C:\\\nm:n\\ = \"q\\\"\n[class prod]\nmatch = a,\\\n";
        assert_eq!(
            pairs(text),
            [
                (2, "a\\", "k\\"),
                (3, "a\\", "l"),
                (4, "a\\", "m:n\\"),
                (6, "class prod", "match")
            ]
        );
        assert_eq!(
            errors(text),
            [
                (3, Code::SettingsFinalBackslash, false),
                (4, Code::SettingsFinalBackslash, false),
                (6, Code::SettingsFinalBackslash, true)
            ]
        );
    }

    #[test]
    fn quotes_around_a_whole_value_are_taken_off() {
        for (value, want) in [
            ("\"a b\"", Some("a b")),
            ("' a '", Some("a")),
            ("\"\"", Some("")),
            ("a\"b", Some("a\"b")),
            ("it's", Some("it's")),
            ("\"it's\"", Some("it's")),
            ("'", None),
            ("'a\"", None),
            ("'a'b'", None),
            ("'a' ", None),
        ] {
            assert_eq!(unquoted(value), want, "{value}");
        }
    }

    /// Text that often contains meaningful lines.
    pub(in super::super) fn texts() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            4 => "[ \\t]{0,2}(format|symbol|show|x|dev|match|a:b|k\\\\)[ ]{0,2}[=:]?[ ]{0,2}[\"'a-c,\\\\ #;=\\[\\]]{0,8}",
            3 => "[ ]?\\[?(badge|alias|class prod|Class Prod|switch|odd|a\\\\)\\]?[ #]{0,2}",
            1 => "[ ]?[#;].{0,10}",
            2 => "[\\[\\]=\"'\\\\:#; \\r\\ta-c\u{85}\u{2028}\u{fffd}\u{feff}]{0,10}",
            1 => any::<String>(),
        ];
        (
            prop::collection::vec(line, 0..12),
            prop_oneof!["\n", "\r\n"],
        )
            .prop_map(|(lines, end)| lines.join(&end))
    }

    proptest! {
        /// Each pair and header is on its line and in its section, and rust-ini reads exactly these from the clean
        /// text, in order.
        #[test]
        fn the_parser_reads_what_the_check_found(text in texts()) {
            let checked = check(&text, false);
            let lines: Vec<&str> = text.split('\n').collect();
            prop_assert_eq!(checked.clean.split('\n').count(), lines.len() + 1);
            for pair in &checked.pairs {
                let line = lines[pair.line as usize - 1].trim();
                let (key, _) = line.split_once('=').unwrap();
                prop_assert_eq!(key.trim(), pair.key);
                // The last line above that starts with a bracket is its header.
                let above = (1..).zip(&lines).take(pair.line as usize).filter(|(_, l)| l.trim().starts_with('[')).last();
                let header = pair.section.map(|at| checked.headers[at].line);
                prop_assert_eq!(above.map(|(number, _)| number), header);
            }
            for header in &checked.headers {
                let line = lines[header.line as usize - 1].trim();
                prop_assert_eq!(line.trim_start_matches('[').trim_end_matches(']').trim(), header.name);
            }
            for fault in &checked.errors {
                prop_assert!(!lines[fault.line as usize - 1].trim().is_empty());
            }
            let options = ini::ParseOption { enabled_escape: false, enabled_quote: false, ..Default::default() };
            let parsed = ini::Ini::load_from_str_opt(&checked.clean, options).unwrap();
            let read: Vec<_> = parsed.iter().flat_map(|(s, p)| p.iter().map(move |(k, v)| (s, k, v))).collect();
            prop_assert_eq!(read.len(), checked.pairs.len());
            for ((section, key, value), pair) in read.iter().zip(&checked.pairs) {
                prop_assert_eq!(*section, pair.section.map(|at| checked.headers[at].name));
                prop_assert_eq!(*key, &checked.clean[pair.clean_key.clone()]);
                let (_, written) = lines[pair.line as usize - 1].trim().split_once('=').unwrap();
                prop_assert_eq!(Some(*value), unquoted(written.trim()));
            }
        }
    }
}
