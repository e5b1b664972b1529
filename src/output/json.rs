//! JSON that is safe to print on a terminal.

use crate::diagnostic::Diagnostic;
use crate::output::sanitize::acts;
use serde_json::{Value, json};

/// A diagnostic as a member of another object: code, message, and where.
#[must_use]
pub fn diagnostic(diagnostic: &Diagnostic) -> Value {
    let location = diagnostic.location.as_ref();
    json!({
        "code": diagnostic.code.name(),
        "message": diagnostic.message,
        "file": location.map(|l| l.path.to_string_lossy()),
        "line": location.and_then(|l| l.line),
    })
}

/// `value` as `--json` prints it. JSON requires escapes only for C0 characters; this also escapes every other character
/// that acts on a terminal, as `\uXXXX` (two of them beyond U+FFFF).
#[must_use]
pub fn pretty(value: &Value) -> String {
    let text = format!("{value:#}\n");
    let acting = |c: char| acts(c) && c != '\n' && c != char::REPLACEMENT_CHARACTER;
    if !text.contains(acting) {
        return text;
    }
    // The only such characters outside strings are line ends; inside strings, serde_json wrote them as `\n`.
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acting(c) {
            out.extend(
                c.encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}")),
            )
        } else {
            out.push(c)
        }
    }
    out
}
