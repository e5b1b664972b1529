//! Nushell and elvish can't evaluate text from a program. They get data instead: one JSON object, on one line.
//!
//! A truncated object is not JSON, so a shell uses nothing of it.

use super::Statement;

/// `{"awsbadge": 1, "env": {NAME: value or null}, "own": {name: text or array}}`: what to set and unset in the
/// environment, and what the hook keeps for itself, without the prefix `_awsbadge_`.
///
/// # Errors
/// The name of an exported variable whose value is not UTF-8: a changed value would name another file. In the hook's own
/// values, U+FFFD replaces what is not UTF-8: a path with it does not exist, so the hook asks again.
pub(super) fn object(statements: &[Statement]) -> Result<Vec<u8>, &'static str> {
    let mut env = String::new();
    let mut own = String::new();
    for (i, statement) in statements.iter().enumerate() {
        match statement {
            // The last one counts.
            Statement::Unset(name) | Statement::Export(name, _)
                if statements[i + 1..].iter().any(|later| {
                    matches!(later, Statement::Unset(n) | Statement::Export(n, _) if n == name)
                }) => {}
            Statement::Unset(name) => {
                key(&mut env, name);
                env.push_str("null");
            }
            Statement::Export(name, value) => {
                key(&mut env, name);
                string(&mut env, std::str::from_utf8(value).map_err(|_| *name)?);
            }
            Statement::Set(name, value) => {
                key(&mut own, name);
                string(&mut own, &String::from_utf8_lossy(value));
            }
            Statement::List(name, values) => {
                key(&mut own, name);
                own.push('[');
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        own.push(',');
                    }
                    string(&mut own, &String::from_utf8_lossy(value));
                }
                own.push(']');
            }
        }
    }
    Ok([
        r#"{"awsbadge":1,"env":{"#,
        &env,
        r#"},"own":{"#,
        &own,
        "}}\n",
    ]
    .concat()
    .into_bytes())
}

fn key(out: &mut String, name: &str) {
    if !out.is_empty() {
        out.push(',');
    }
    string(out, name.trim_start_matches("_awsbadge_"));
    out.push(':');
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\x1f' => {
                // Two digits are enough.
                let digit = |n: u8| char::from(b"0123456789abcdef"[usize::from(n & 15)]);
                let byte = c as u8;
                out.push_str("\\u00");
                out.extend([digit(byte >> 4), digit(byte)]);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// One word of Nushell, in double quotes, or of elvish, in single quotes. Text of Nushell is UTF-8.
pub(super) fn quote(out: &mut Vec<u8>, value: &[u8], nushell: bool) {
    let quote = if nushell { b'"' } else { b'\'' };
    out.push(quote);
    for &byte in value {
        match byte {
            b'"' | b'\\' if nushell => out.push(b'\\'),
            b'\'' if !nushell => out.push(byte),
            _ => {}
        }
        out.push(byte);
    }
    out.push(quote);
}

/// An assignment of the hook, at the top level of its file.
pub(super) fn assignment(out: &mut Vec<u8>, statement: &Statement, nushell: bool) {
    let (name, values, list): (_, &[Vec<u8>], _) = match statement {
        Statement::Unset(name) => (name, &[], false),
        Statement::Export(name, value) | Statement::Set(name, value) => {
            (name, std::slice::from_ref(value), false)
        }
        Statement::List(name, values) => (name, values, true),
    };
    out.extend_from_slice(if nushell { b"const " } else { b"var " });
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(if list { b" = [" } else { b" = " });
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        quote(out, value, nushell);
    }
    if list {
        out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_statement_about_a_variable_counts_and_text_is_escaped() {
        let statements = [
            Statement::Unset("AWS_REGION"),
            Statement::Unset("GONE"),
            Statement::Export("AWS_REGION", b"a\"b\\c\n\x1f\x7f\xc3\xa9".to_vec()),
            Statement::Unset("GONE"),
            Statement::Set("_awsbadge_region", b"\xff".to_vec()),
            Statement::List("_awsbadge_x_watch", vec![b"/a".to_vec(), Vec::new()]),
        ];
        let found = object(&statements).unwrap();
        let wanted = "{\"awsbadge\":1,\"env\":{\"AWS_REGION\":\"a\\\"b\\\\c\\u000a\\u001f\x7fé\",\"GONE\":null},\
                      \"own\":{\"region\":\"\u{fffd}\",\"x_watch\":[\"/a\",\"\"]}}\n";
        assert_eq!(String::from_utf8(found).unwrap(), wanted);
        assert_eq!(
            object(&[]).unwrap(),
            b"{\"awsbadge\":1,\"env\":{},\"own\":{}}\n"
        );
    }
}
