//! A quoted value is one word that means the value, by a model of each shell's own rules.
#![no_main]

use awsbadge::shells::{self, Shell};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    assert_eq!(posix(&shells::quote(Shell::Zsh, value)).as_deref(), Some(value));
    assert_eq!(posix(&shells::quote(Shell::Bash, value)).as_deref(), Some(value));
    assert_eq!(fish(&shells::quote(Shell::Fish, value)).as_deref(), Some(value));
});

/// The value of one word made of parts in `'` and `$'`, and of `\'` between them; `None` where anything else acts.
fn posix(word: &[u8]) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix(b"\\'") {
            value.push(b'\'');
            rest = tail;
            continue;
        }
        let (inside, escapes) = match rest.strip_prefix(b"$'") {
            Some(inside) => (inside, true),
            None => (rest.strip_prefix(b"'")?, false),
        };
        let end = inside.iter().position(|b| *b == b'\'')?;
        match escapes {
            true => value.extend(escaped(&inside[..end], b'x')?),
            false => value.extend_from_slice(&inside[..end]),
        }
        rest = &inside[end + 1..];
    }
    Some(value)
}

/// The value of one word of fish: parts in single quotes, where `\\` and `\'` are escapes and nothing else is, and
/// `\XHH` between them.
fn fish(word: &[u8]) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    let mut rest = word;
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'\'' {
            let end = rest.iter().position(|b| *b == b'\'').unwrap_or(rest.len());
            value.extend(escaped(&rest[..end], b'X')?);
            rest = &rest[end..];
            continue;
        }
        let mut bytes = tail.iter();
        loop {
            match bytes.next()? {
                b'\'' => break,
                b'\\' => match bytes.next() {
                    Some(&escaped @ (b'\\' | b'\'')) => value.push(escaped),
                    _ => return None,
                },
                &byte => value.push(byte),
            }
        }
        rest = bytes.as_slice();
    }
    Some(value)
}

/// What a run of `\n` and of `\` with `letter` and two digits stands for; `None` where it holds anything else.
fn escaped(mut run: &[u8], letter: u8) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    while !run.is_empty() {
        if let Some(tail) = run.strip_prefix(b"\\n") {
            value.push(b'\n');
            run = tail;
            continue;
        }
        let digits = run.strip_prefix(&[b'\\', letter])?.get(..2)?;
        value.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        run = &run[4..];
    }
    Some(value)
}
