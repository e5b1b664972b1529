//! fish: its quoting is its own. In its single quotes `\\` and `\'` are escapes, so POSIX quoting would let code
//! through.

use super::Statement;

/// Single quotes, with `\` and `'` escaped by a backslash; runs of bytes of 0x80 and above outside of them, as
/// `\XHH`.
///
/// fish reads its scripts by the locale. In GBK, BIG5, GB18030 and Shift-JIS, `\` (0x5C) can be the second byte of a
/// character: a byte of 0x80 or above before an escape would swallow its backslash, and the quote that it escapes
/// would end the word. In the form `\XHH` fish puts the bytes together itself, the same in every locale.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'\'');
    let mut inside = true;
    for &byte in value {
        let plain = byte.is_ascii();
        if plain != inside {
            out.push(b'\'');
            inside = plain;
        }
        match byte {
            b'\\' | b'\'' => out.extend_from_slice(&[b'\\', byte]),
            _ if plain => out.push(byte),
            _ => out.extend_from_slice(format!("\\X{byte:02x}").as_bytes()),
        }
    }
    if inside {
        out.push(b'\'');
    }
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
