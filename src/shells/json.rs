//! Nushell and elvish can't evaluate text from a program. They get data instead: one JSON object, on one line.
//!
//! A truncated object is not JSON, so a shell uses nothing of it.

use super::Statement;
use serde_json::{Map, Value, json};

/// `{"awsbadge": 1, "env": {NAME: value or null}, "own": {name: text or array}}`: what to set and unset in the
/// environment, and what the hook keeps for itself, without the prefix `_awsbadge_`.
///
/// # Errors
/// The name of an exported variable whose value is not UTF-8: a changed value would name another file. In the hook's own
/// values, U+FFFD replaces what is not UTF-8: a path with it does not exist, so the hook asks again.
pub(super) fn object(statements: &[Statement]) -> Result<Vec<u8>, &'static str> {
    let (mut env, mut own) = (Map::new(), Map::new());
    let lossy = |value: &Vec<u8>| Value::from(String::from_utf8_lossy(value));
    let mut keep = |name: &str, value| {
        own.insert(name.trim_start_matches("_awsbadge_").to_owned(), value);
    };
    for statement in statements {
        match statement {
            Statement::Unset(name) => {
                env.insert((*name).to_owned(), Value::Null);
            }
            Statement::Export(name, value) => {
                let value = std::str::from_utf8(value).map_err(|_| *name)?;
                env.insert((*name).to_owned(), value.into());
            }
            Statement::Set(name, value) => keep(name, lossy(value)),
            Statement::List(name, values) => {
                keep(name, values.iter().map(lossy).collect::<Value>());
            }
        }
    }
    let object = json!({ "awsbadge": 1, "env": env, "own": own });
    Ok((object.to_string() + "\n").into_bytes())
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
