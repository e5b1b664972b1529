//! Questions on the terminal: a list to pick from, or a line to type. `__pick` and awsbadge-sso use it.

use crate::output::style::plain;
use crate::sys::tty::{Event, Key, Tty};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};
use std::io;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// An answer.
    Given(T),
    /// None: Esc, Ctrl-C, or the terminal was closed.
    Nothing,
    /// The number of a signal that ends the program.
    Signal(u8),
}

/// The number of rows on the screen if the terminal does not say how high it is.
const ROWS: usize = 10;

/// A row and its position in the list.
struct Place<'r>(usize, &'r str);

impl AsRef<str> for Place<'_> {
    fn as_ref(&self) -> &str {
        self.1
    }
}

/// The positions of the rows that match `query`, the best first.
#[must_use]
pub fn matching(rows: &[impl AsRef<str>], query: &str) -> Vec<usize> {
    let texts: Vec<String> = rows.iter().map(|row| plain(row.as_ref())).collect();
    let found = found(&texts, query, &mut Matcher::new(Config::DEFAULT));
    found.iter().map(|place| place.0).collect()
}

/// The rows that match `query`, the best first.
fn found<'r>(texts: &'r [String], query: &str, matcher: &mut Matcher) -> Vec<Place<'r>> {
    let all = texts.iter().enumerate().map(|(i, text)| Place(i, text));
    match query.trim() {
        "" => all.collect(),
        query => {
            let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
            let found = pattern.match_list(all, matcher);
            found.into_iter().map(|(row, _)| row).collect()
        }
    }
}

/// Lets the user pick one of `rows`, which must be sanitised and may have colours: arrows move, typing filters, best
/// match first. The list takes the height of the terminal. The answer is the row's position.
///
/// # Errors
/// As write(2).
pub fn list(
    terminal: &mut Tty,
    prompt: &str,
    rows: &[impl AsRef<str>],
    query: &str,
) -> io::Result<Answer<usize>> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let texts: Vec<String> = rows.iter().map(|row| plain(row.as_ref())).collect();
    let mut query = query.to_owned();
    let mut at = 0;
    loop {
        let matching = found(&texts, &query, &mut matcher);
        at = at.min(matching.len().saturating_sub(1));
        let typed = format!("{prompt}{query}");
        // One row is for what is typed.
        let height = terminal
            .size()
            .map_or(ROWS, |(_, rows)| rows.saturating_sub(1).max(1));
        let shown: Vec<(&str, &str)> = matching
            .iter()
            .map(|place| (place.1, rows[place.0].as_ref()))
            .collect();
        terminal.show(&screen(&shown, rows.len(), &typed, at, height))?;
        match terminal.wait() {
            Event::Key(Key::Enter) => {
                if let Some(row) = matching.get(at) {
                    return Ok(Answer::Given(row.0));
                }
            }
            Event::Key(Key::Cancel) | Event::Gone => return Ok(Answer::Nothing),
            Event::Signal(number) => return Ok(Answer::Signal(number)),
            Event::Key(Key::Up) => at = at.saturating_sub(1),
            Event::Key(Key::Down) => at += 1,
            event => {
                if edit(&mut query, &event) {
                    at = 0;
                }
            }
        }
    }
}

/// Edits `text` by a key. Returns whether a character was added.
fn edit(text: &mut String, event: &Event) -> bool {
    match event {
        Event::Char(c) => text.push(*c),
        Event::Key(Key::Back) => drop(text.pop()),
        Event::Key(Key::Word) => {
            let kept = text.trim_end().rfind(' ').map_or(0, |blank| blank + 1);
            text.truncate(kept);
        }
        Event::Key(Key::Line) => text.clear(),
        _ => {}
    }
    matches!(event, Event::Char(_))
}

/// The screen from the cursor's line downwards; the cursor ends after the typed text.
/// The rows are given plain and in colour; the chosen one is shown in reverse, without its colours.
fn screen(matching: &[(&str, &str)], all: usize, typed: &str, at: usize, height: usize) -> String {
    let first = (at + 1).saturating_sub(height);
    // Long lines are cut, not wrapped, because moving back up counts lines. The terminal overwrites the last column
    // with the excess; \x1b[K clears it.
    let mut out = format!(
        "\x1b[?7l\r\x1b[J{typed}   \x1b[2m{}/{all}\x1b[0m\x1b[K",
        matching.len()
    );
    let mut lines = 0;
    for (i, row) in matching.iter().enumerate().skip(first).take(height) {
        let (text, coloured) = row;
        out += &if i == at {
            format!("\r\n> \x1b[7m{text}\x1b[0m\x1b[K")
        } else {
            format!("\r\n  {coloured}\x1b[K")
        };
        lines += 1;
    }
    if lines > 0 {
        out += &format!("\x1b[{lines}A");
    }
    out + &format!("\r\x1b[{}C", typed.width())
}

/// Lets the user type a line that starts with `text`. If it is longer than the `columns` of the terminal, its end is
/// shown.
///
/// # Errors
/// As write(2).
pub fn line(
    terminal: &mut Tty,
    prompt: &str,
    text: &str,
    columns: usize,
) -> io::Result<Answer<String>> {
    let mut text = text.to_owned();
    loop {
        let room = columns.saturating_sub(prompt.width() + 1);
        terminal.show(&format!("\x1b[?7l\r\x1b[J{prompt}{}", end_of(&text, room)))?;
        match terminal.wait() {
            Event::Key(Key::Enter) => return Ok(Answer::Given(text)),
            Event::Key(Key::Cancel) | Event::Gone => return Ok(Answer::Nothing),
            Event::Signal(number) => return Ok(Answer::Signal(number)),
            event => drop(edit(&mut text, &event)),
        }
    }
}

/// The end of `text` that fits into `room` columns.
fn end_of(text: &str, room: usize) -> &str {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    let kept: usize = text
        .chars()
        .rev()
        .take_while(fits)
        .map(char::len_utf8)
        .sum();
    &text[text.len() - kept..]
}

/// Leaves a question and its answer on the screen.
///
/// # Errors
/// As write(2).
pub fn settle(terminal: &mut Tty, prompt: &str, answer: &str) -> io::Result<()> {
    terminal.show(&format!("\r\x1b[J\x1b[?7h{prompt}{answer}\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_line_is_shown() {
        for (text, room, want) in [
            ("abc", 5, "abc"),
            ("abcdef", 3, "def"),
            ("a東京", 3, "京"),
            ("abc", 0, ""),
            ("", 4, ""),
        ] {
            assert_eq!(end_of(text, room), want, "{text} {room}");
        }
    }

    #[test]
    fn keys_change_what_is_typed() {
        let mut text = "one two".to_owned();
        for (event, want, typed) in [
            (Event::Key(Key::Word), "one ", false),
            (Event::Char('é'), "one é", true),
            (Event::Key(Key::Back), "one ", false),
            (Event::Redraw, "one ", false),
            (Event::Key(Key::Line), "", false),
            (Event::Key(Key::Back), "", false),
        ] {
            assert_eq!(edit(&mut text, &event), typed);
            assert_eq!(text, want);
        }
    }
}
