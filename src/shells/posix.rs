//! zsh and bash: one set of rules serves both.

use super::Statement;

/// Single quotes, inside which nothing is special; a quote itself leaves them: `'\''`. Holds under every
/// option of zsh but `csh_junkie_quotes`, and there only for a newline.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'\'');
    for &byte in value {
        match byte {
            b'\'' => out.extend_from_slice(b"'\\''"),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
}

/// `\builtin` is neither an alias nor a function of the user's.
pub(super) fn statement(out: &mut Vec<u8>, statement: &Statement) {
    match statement {
        Statement::Unset(name) => {
            out.extend_from_slice(format!("\\builtin unset {name}").as_bytes())
        }
        Statement::Export(name, value) => {
            out.extend_from_slice(format!("\\builtin export {name}=").as_bytes());
            quote(out, value);
        }
        Statement::Set(name, value) => {
            out.extend_from_slice(format!("{name}=").as_bytes());
            quote(out, value);
        }
        Statement::List(name, values) => {
            out.extend_from_slice(format!("{name}=(").as_bytes());
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                quote(out, value);
            }
            out.push(b')');
        }
    }
}
