//! The values of settings.

use super::{AUTO, NONE};
use crate::aws::Seconds;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// A value that can't be used.
pub(super) fn unusable(message: impl Into<String>, fix: &'static str) -> Diagnostic {
    Diagnostic::new(Code::SettingsValue, message).fix(fix)
}

pub(super) const ON_OR_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];

pub(super) fn one_of<T: Copy>(value: &str, known: &[(&str, T)]) -> Result<T, Diagnostic> {
    let found = known.iter().find(|(word, _)| *word == value);
    found.map(|(_, v)| *v).ok_or_else(|| {
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        unusable(
            format!("'{value}' is not one of {}", words.join(", ")),
            "Write one of them, or remove the line",
        )
    })
}

/// A whole number from `least` to `most`.
pub(super) fn number<T>(value: &str, least: T, most: T) -> Result<T, Diagnostic>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    let parsed = value.parse().ok().filter(|n| (&least..=&most).contains(&n));
    parsed.ok_or_else(|| {
        unusable(
            format!("'{value}' is not a number from {least} to {most}"),
            "Write such a number, or remove the line",
        )
    })
}

/// A length of time of `least` to `most` seconds.
pub(super) fn time(value: &str, least: i64, most: i64) -> Result<Seconds, Diagnostic> {
    let parsed = duration(value).filter(|s| (least..=most).contains(&s.0));
    parsed.ok_or_else(|| {
        let length = |seconds: i64| match seconds {
            s if s >= 86_400 => format!("{}d", s / 86_400),
            s if s >= 3600 => format!("{}h", s / 3600),
            s => format!("{s}s"),
        };
        unusable(
            format!(
                "'{value}' is not a length of time from {} to {}",
                length(least),
                length(most)
            ),
            "Write a number and s, m, h or d, such as 30m",
        )
    })
}

/// A comma-separated list; [`NONE`] is an empty one.
pub(super) fn list(value: &str) -> Result<Vec<String>, Diagnostic> {
    let parts = value.split(',').map(str::trim).filter(|v| !v.is_empty());
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    match parts.as_slice() {
        [] => Err(unusable(
            "the value is empty",
            "Write a value, or remove the line",
        )),
        [none] if none == NONE => Ok(Vec::new()),
        _ => Ok(parts),
    }
}

pub(super) fn text(value: &str) -> Result<&str, Diagnostic> {
    match value {
        "" => Err(unusable(
            "the value is empty",
            "Write a value, or remove the line",
        )),
        value => Ok(value),
    }
}

/// A path that does not depend on the working directory: absolute, or with `~` for the home directory.
pub(super) fn path(value: &str) -> Result<&str, Diagnostic> {
    match text(value)? {
        path if path == "~" || path.starts_with("~/") || path.starts_with('/') => Ok(path),
        path => Err(unusable(
            format!("'{path}' depends on the working directory"),
            "Begin the path with / or ~/",
        )),
    }
}

/// A command, or `None` for [`AUTO`].
pub(super) fn command(value: &str) -> Result<Option<String>, Diagnostic> {
    Ok(Some(text(value)?.to_owned()).filter(|c| c != AUTO))
}

/// An account id: 12 digits, after removing dashes and spaces.
pub(super) fn account_id(
    written: &str,
    notes: &mut Vec<Diagnostic>,
    guards: bool,
) -> Option<String> {
    let separates =
        |c: char| c == '-' || c.is_whitespace() || ('\u{2010}'..='\u{2015}').contains(&c);
    let id: String = written.chars().filter(|c| !separates(*c)).collect();
    if id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()) {
        let note = Diagnostic::new(
            Code::SettingsAccountId,
            format!("'{written}' is not an account id and is ignored"),
        );
        notes.push(if guards {
            note.severity(Severity::Error)
        } else {
            note
        });
        return None;
    }
    if id != written {
        let message = format!("'{written}' is read as {id}");
        notes.push(Diagnostic::new(Code::SettingsAccountId, message).fix(format!("Write {id}")));
    }
    Some(id)
}

/// The longest time that a setting can have, in seconds.
pub(super) const YEAR: i64 = 366 * 86_400;

/// Parses a length of time such as `30m`, `8h`, `2d` or `90s`; at most a year.
#[must_use]
pub fn duration(text: &str) -> Option<Seconds> {
    let (mut total, mut rest, mut largest) = (0_i64, text, i64::MAX);
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let unit = match after.chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        // Each unit once, the largest first.
        if unit >= largest {
            return None;
        }
        largest = unit;
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = &after[1..];
    }
    (largest < i64::MAX && total <= YEAR).then_some(Seconds(total))
}
