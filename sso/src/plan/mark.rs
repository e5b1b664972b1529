//! The key by which a profile is known as awsbadge's, and as unchanged since.

use super::document::{Block, Document};
use super::edits::Edits;
use crate::library::SectionKind;
use crate::session::Session;
use hmac_sha256::Hash;
use std::fmt::Write as _;

/// The key that marks a profile as awsbadge's: the session, a blank, and the hash of the section.
pub(crate) const MARK: &str = "awsbadge_populated";

/// The section of that name which has awsbadge's key for this session, and whether its hash is right.
pub(super) fn find(
    document: &Document<'_>,
    session: &Session,
    name: &str,
) -> Option<(usize, bool)> {
    let places = document.places(SectionKind::Profile, name).iter();
    places.copied().find_map(|at| {
        let block = document.sections.get(at)?;
        let value = document.value(block.key(MARK)?);
        let (of, hash) = value.rsplit_once(' ')?;
        if Some(of.trim_end()) != session.name.as_deref() {
            return None;
        }
        let untouched = !block.has_comment && hash == hash_of(document, block);
        Some((at, untouched))
    })
}

/// The hash of a section: its lines from the header to the last key, without the one that has the hash.
fn hash_of(document: &Document<'_>, block: &Block) -> String {
    let range = block.range();
    let text = match block.key(MARK) {
        Some(mark) => {
            let before = document.slice(range.start..mark.lines.start);
            before.to_owned() + document.slice(mark.lines.end..range.end)
        }
        None => document.slice(range).to_owned(),
    };
    hash(&text)
}

/// Eight hexadecimal digits. Line ends do not count.
pub(super) fn hash(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let digest = Hash::hash(text.as_bytes());
    digest[..4].iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A section's text with a key set, above awsbadge's own.
pub(super) fn with_key(text: &str, key: &str, value: &str) -> String {
    let document = Document::of(text);
    let Some(block) = document.sections.first() else {
        return text.to_owned();
    };
    let mut edits = Edits::default();
    match (block.key(key), block.key(MARK)) {
        (None, Some(mark)) => {
            let line = format!("{key} = {value}{}", document.ending());
            edits.push(mark.lines.start..mark.lines.start, line);
        }
        _ => document.set(&mut edits, block, key, value),
    }
    applied(&edits, text)
}

/// A section's text with the right hash.
pub(super) fn marked(text: &str, session: &str) -> String {
    let document = Document::of(text);
    let Some(block) = document.sections.first() else {
        return text.to_owned();
    };
    let hash = hash_of(&document, block);
    let mut edits = Edits::default();
    document.set(&mut edits, block, MARK, &format!("{session} {hash}"));
    applied(&edits, text)
}

fn applied(edits: &Edits, text: &str) -> String {
    let bytes = edits.apply(text.as_bytes()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
