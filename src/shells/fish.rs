//! fish has its own quoting rules: `\\` and `\'` are escapes in single quotes, so POSIX quoting would let code through.

use super::Statement;

/// Single quotes, with a backslash before `\` and `'`; bytes of 0x80 and above are outside the quotes, as `\XHH`.
///
/// fish decodes scripts in the locale's encoding. In GBK, BIG5, GB18030 and Shift-JIS, `\` (0x5C) can be the second
/// byte of a character: a byte of 0x80 or above before an escape would swallow the backslash, and the escaped quote
/// would end the word. fish joins bytes written as `\XHH` itself, identically in every locale.
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

/// `builtin` ignores user functions. Erasing an unset variable prints nothing.
pub(super) fn statement(out: &mut Vec<u8>, statement: &Statement) {
    let (command, values): (String, &[Vec<u8>]) = match statement {
        // Twice: a variable may be global and universal.
        Statement::Unset(name) => (format!("builtin set -e {name} {name}"), &[]),
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
