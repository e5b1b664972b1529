//! The line check: what is a blank, a comment, a `[section]` or a `key = value`, before a parser sees any of it.
//!
//! rust-ini reads a file as one stream: an unclosed bracket or quote, a final backslash or a line without `=` takes
//! the lines after it with it, often without an error. Here a line ends where it ends.

use super::{code, guards_production, is_near_production, resembles_production};
use std::ops::Range;

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The line, counted from 1.
    pub(super) line: u32,
    /// The code of the problem.
    pub(super) code: &'static str,
    /// What is wrong.
    pub(super) message: &'static str,
    /// What to do about it.
    pub(super) fix: &'static str,
    /// Whether a rule about production may be lost by it.
    pub(super) hides_production: bool,
}

/// A good header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header<'t> {
    /// The line, counted from 1.
    pub(super) line: u32,
    /// What is between the brackets, without blanks around it.
    pub(super) name: &'t str,
}

/// A good `key = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair<'t> {
    /// The line, counted from 1.
    pub(super) line: u32,
    /// The section, as an index into [`Checked::headers`]; `None` before the first header.
    pub(super) section: Option<usize>,
    /// The key.
    pub(super) key: &'t str,
    /// Where the key is in [`Checked::clean`], as rust-ini gives it back.
    pub(super) clean_key: Range<usize>,
}

/// A text that was checked.
#[derive(Debug, Default)]
pub(super) struct Checked<'t> {
    /// The text for rust-ini: line by line the same, without comments and without the lines that are broken or
    /// belong to no section that could be read.
    pub(super) clean: String,
    /// The good headers, in order.
    pub(super) headers: Vec<Header<'t>>,
    /// The pairs that count, in order.
    pub(super) pairs: Vec<Pair<'t>>,
    /// The rest.
    pub(super) faults: Vec<Fault>,
}

/// The section that the keys of a line belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Current {
    /// No header yet.
    None,
    /// This header.
    Header(usize),
    /// A broken header: its keys belong to nothing.
    Broken,
}

/// Checks `text` line by line. With `damaged`, bytes that were not UTF-8 are U+FFFD in it.
pub(super) fn check(text: &str, damaged: bool) -> Checked<'_> {
    let mut checked = Checked {
        clean: String::with_capacity(text.len() + 64),
        ..Checked::default()
    };
    let mut current = Current::None;
    let suspects = Suspects {
        returns: text.contains('\r'),
        damaged,
    };
    for (number, line) in (1..).zip(text.split('\n')) {
        match sort(line.trim(), suspects) {
            Sort::Empty => {}
            Sort::Header(name) => {
                current = Current::Header(checked.headers.len());
                checked.headers.push(Header { line: number, name });
                checked.clean.push('[');
                checked.clean.push_str(name);
                // A backslash would take the bracket with it; rust-ini drops the blank.
                let end = if name.ends_with('\\') { " ]" } else { "]" };
                checked.clean.push_str(end);
            }
            Sort::Pair(key, value) => checked.pair(number, current, key, value),
            Sort::Broken(message, fix) => {
                checked.fault(number, current, code::BROKEN_LINE, message, fix);
            }
            Sort::BrokenHeader(message, fix) => {
                current = Current::Broken;
                checked.fault(number, current, code::BROKEN_HEADER, message, fix);
            }
        }
        checked.clean.push('\n');
    }
    checked
}

impl<'t> Checked<'t> {
    fn fault(
        &mut self,
        line: u32,
        current: Current,
        code: &'static str,
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
        self.faults.push(Fault {
            line,
            code,
            message,
            fix,
            hides_production,
        });
    }

    fn pair(&mut self, line: u32, current: Current, key: &'t str, value: &'t str) {
        if value.ends_with('\\') {
            let message = "a backslash at the end; the value does not go on in the next line";
            let fix = "Write the whole value on one line, or leave the backslash out";
            self.fault(line, current, code::FINAL_BACKSLASH, message, fix);
        }
        let section = match current {
            Current::None => None,
            Current::Header(at) => Some(at),
            Current::Broken => return,
        };
        let start = self.clean.len();
        // To rust-ini, a colon ends a key too, unless there is a backslash before it. It keeps the backslash.
        match key.contains(['\\', ':']) {
            false => self.clean.push_str(key),
            true => {
                for c in key.chars() {
                    if matches!(c, '\\' | ':') {
                        self.clean.push('\\');
                    }
                    self.clean.push(c);
                }
            }
        }
        let clean_key = start..self.clean.len();
        self.clean.push_str(" = ");
        self.clean.push_str(value);
        if value.ends_with('\\') {
            // A backslash would take the end of the line with it; rust-ini drops the blank.
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

/// What a line is.
enum Sort<'t> {
    /// Blank, or a comment.
    Empty,
    /// `[name]`.
    Header(&'t str),
    /// Something that was meant as a header, or may have been: what is wrong with it, and the fix.
    BrokenHeader(&'static str, &'static str),
    /// `key = value`, the value without its quotes.
    Pair(&'t str, &'t str),
    /// Anything else, likewise.
    Broken(&'static str, &'static str),
}

/// What there may be in any line of a text, found out once for all of it.
#[derive(Clone, Copy)]
struct Suspects {
    /// Carriage returns.
    returns: bool,
    /// U+FFFD, for bytes that were not UTF-8.
    damaged: bool,
}

/// Sorts a line without blanks around it.
fn sort(line: &str, suspects: Suspects) -> Sort<'_> {
    if suspects.returns && line.contains('\r') {
        return Sort::BrokenHeader(
            "a carriage return inside a line: what follows it may be lines of its own",
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
        // `class prod]` and `class prod` have lost their brackets: the keys below must not go to the section above.
        let first = line.split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty());
        return match line.contains(['[', ']']) || first.is_some_and(is_near_production) {
            true => Sort::BrokenHeader("neither [section] nor key = value", "Write it as one of them"),
            false => Sort::Broken("no key = value", "Add the =, or remove the line"),
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
        return match line.contains(']') {
            true => Sort::BrokenHeader(
                "text after the ] of a section",
                "Put it on a line of its own",
            ),
            false => Sort::BrokenHeader("a section without its ]", "Add the ]"),
        };
    };
    let name = inside.trim();
    if name.is_empty() || name.contains(['[', ']']) {
        return Sort::BrokenHeader(
            "not the name of a section",
            "Write one name between one pair of brackets",
        );
    }
    match suspects.damaged && name.contains('\u{fffd}') {
        true => Sort::BrokenHeader(
            "a section with bytes that are not UTF-8",
            "Save the file as UTF-8",
        ),
        false => Sort::Header(name),
    }
}

/// A value without the quotes around it, and without the blanks inside them; `None` for quotes that are not closed,
/// or are closed before the end.
fn unquoted(value: &str) -> Option<&str> {
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Some(value);
    };
    let inside = value[1..].strip_suffix(quote)?;
    (!inside.contains(quote)).then(|| inside.trim())
}

