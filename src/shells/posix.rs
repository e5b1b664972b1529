//! zsh and bash: one set of rules serves both, but for a newline.

use super::{Shell, Statement};

/// Single quotes, inside which nothing is special; a quote itself leaves them: `'\''`.
///
/// - zsh reads its scripts byte for byte, so that holds in every locale. It holds under every option but
///   `csh_junkie_quotes`, which takes a newline inside quotes for an error: it goes out as `$'\n'`.
/// - bash reads characters of the locale: in GB18030 a digit can be the second of four bytes, and bash takes the
///   quote after a character that is cut off there as a part of it. So bytes of 0x80 and above go out as `$'\xHH'`.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8], shell: Shell) {
    // Whether the quotes that are open are `$'`.
    let mut escaped = false;
    out.push(b'\'');
    for &byte in value {
        let escape = match shell {
            Shell::Zsh => byte == b'\n',
            _ => !byte.is_ascii(),
        };
        if escape != escaped {
            out.extend_from_slice(if escape { b"'$'" } else { b"''" });
            escaped = escape;
        }
        match byte {
            b'\n' if escape => out.extend_from_slice(br"\n"),
            _ if escape => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
            b'\'' => out.extend_from_slice(br"'\''"),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
}

/// `\builtin` is neither an alias nor a function of the user's.
pub(super) fn statement(out: &mut Vec<u8>, statement: &Statement, shell: Shell) {
    match statement {
        Statement::Unset(name) => {
            out.extend_from_slice(b"\\builtin unset ");
            out.extend_from_slice(name.as_bytes());
        }
        Statement::Export(name, value) => {
            out.extend_from_slice(b"\\builtin export ");
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            quote(out, value, shell);
        }
        Statement::Set(name, value) => {
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            quote(out, value, shell);
        }
        Statement::List(name, values) => {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"=(");
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
