//! zsh, bash and other POSIX shells, which differ in bytes beyond ASCII and in a newline.

use super::{Shell, Statement};

/// Single quotes, in which nothing is special; a quote itself is written as `'\''`.
///
/// - zsh reads scripts byte by byte, so this works in every locale. The only option that matters is
///   `csh_junkie_quotes`, with which a newline inside quotes is an error: it is written as `$'\n'`.
/// - bash decodes scripts in the locale's encoding. In GB18030 a digit can be the second of four bytes, and bash treats
///   the quote after such an incomplete character as part of it. So bytes of 0x80 and above are written as `$'\xHH'`.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8], shell: Shell) {
    // Whether the open quote is `$'`.
    let mut escaped = false;
    out.push(b'\'');
    for &byte in value {
        let escape = match shell {
            Shell::Zsh => byte == b'\n',
            Shell::Plain => false,
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

/// `\builtin` ignores user aliases and functions. POSIX has no such command, but `unset` and `export` come before functions
/// there.
pub(super) fn statement(out: &mut Vec<u8>, statement: &Statement, shell: Shell) {
    let builtin: &[u8] = match shell {
        Shell::Plain => b"\\",
        _ => b"\\builtin ",
    };
    match statement {
        Statement::Unset(name) => {
            out.extend_from_slice(builtin);
            out.extend_from_slice(b"unset ");
            out.extend_from_slice(name.as_bytes());
        }
        Statement::Export(name, value) => {
            out.extend_from_slice(builtin);
            out.extend_from_slice(b"export ");
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
