//! zsh and bash: one set of rules serves both, but for a newline.

use super::{Shell, Statement};

/// Single quotes, inside which nothing is special; a quote itself leaves them: `'\''`. That holds in every locale:
/// no character set of a locale has 0x27 as a later byte of a character, and no backslash is inside the quotes.
///
/// It holds under every option of zsh but `csh_junkie_quotes`, which takes a newline inside quotes for an error: zsh
/// gets one as `$'\n'`, which the other shells of the family do not all know.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8], shell: Shell) {
    out.push(b'\'');
    for &byte in value {
        match byte {
            b'\'' => out.extend_from_slice(br"'\''"),
            b'\n' if shell == Shell::Zsh => out.extend_from_slice(br"'$'\n''"),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
}

/// `\builtin` is neither an alias nor a function of the user's.
pub(super) fn statement(out: &mut Vec<u8>, statement: &Statement, shell: Shell) {
    match statement {
        Statement::Unset(name) => {
            out.extend_from_slice(format!("\\builtin unset {name}").as_bytes())
        }
        Statement::Export(name, value) => {
            out.extend_from_slice(format!("\\builtin export {name}=").as_bytes());
            quote(out, value, shell);
        }
        Statement::Set(name, value) => {
            out.extend_from_slice(format!("{name}=").as_bytes());
            quote(out, value, shell);
        }
        Statement::List(name, values) => {
            out.extend_from_slice(format!("{name}=(").as_bytes());
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                quote(out, value, shell);
            }
            out.push(b')');
        }
    }
}
