//! fish: its quoting is its own. In its single quotes `\\` and `\'` are escapes, so POSIX quoting would let code
//! through.

use super::Statement;

/// Single quotes, with `\` and `'` escaped by a backslash.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'\'');
    for &byte in value {
        if matches!(byte, b'\\' | b'\'') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'\'');
}

/// `builtin` passes by a function of the user's. Erasing what is not set is no error that anyone sees.
pub(super) fn statement(out: &mut Vec<u8>, statement: &Statement) {
    let (command, values): (String, &[Vec<u8>]) = match statement {
        Statement::Unset(name) => (format!("builtin set -e {name}"), &[]),
        Statement::Export(name, value) => (
            format!("builtin set -gx {name}"),
            std::slice::from_ref(value),
        ),
        Statement::Set(name, value) => (
            format!("builtin set -g {name}"),
            std::slice::from_ref(value),
        ),
        Statement::List(name, values) => (format!("builtin set -g {name}"), values),
    };
    out.extend_from_slice(command.as_bytes());
    for value in values {
        out.push(b' ');
        quote(out, value);
    }
}
