//! A quoted value is one word that means the value, by a model of each shell's own rules.
#![no_main]

use awsbadge::shells::{self, Shell};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    assert_eq!(posix(&shells::quote(Shell::Zsh, value)).as_deref(), Some(value));
    assert_eq!(posix(&shells::quote(Shell::Bash, value)).as_deref(), Some(value));
    assert_eq!(fish(&shells::quote(Shell::Fish, value)).as_deref(), Some(value));
});

/// The value of one word made of single-quoted parts and of `\'` between them; `None` where anything else acts.
fn posix(word: &[u8]) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix(b"\\'") {
            value.push(b'\'');
            rest = tail;
            continue;
        }
        let inside = rest.strip_prefix(b"'")?;
        let end = inside.iter().position(|b| *b == b'\'')?;
        value.extend_from_slice(&inside[..end]);
        rest = &inside[end + 1..];
    }
    Some(value)
}

/// The value of one word in fish's single quotes, where `\\` and `\'` are escapes and nothing else is.
fn fish(word: &[u8]) -> Option<Vec<u8>> {
    let inside = word.strip_prefix(b"'")?.strip_suffix(b"'")?;
    let mut value = Vec::new();
    let mut bytes = inside.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\'' => return None,
            b'\\' => match bytes.next() {
                Some(&escaped @ (b'\\' | b'\'')) => value.push(escaped),
                _ => return None,
            },
            _ => value.push(byte),
        }
    }
    Some(value)
}
