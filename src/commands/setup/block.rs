//! The lines between the two marks.

use std::ops::Range;

/// The lines around ours.
pub(super) const BEGIN: &str = "# >>> awsbadge >>>";

pub(super) const END: &str = "# <<< awsbadge <<<";

/// Where the block stands, or the line that is wrong with it.
pub(super) fn find_block(text: &str) -> Result<Option<Range<usize>>, (u32, &'static str)> {
    let (mut begin, mut found) = (None, None);
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        match line.trim() {
            BEGIN if begin.is_some() || found.is_some() => {
                return Err((number, "awsbadge's lines begin a second time"));
            }
            BEGIN => begin = Some((at, number)),
            END => match begin.take() {
                Some((start, _)) => found = Some(start..at + line.len()),
                None => return Err((number, "awsbadge's lines end and did not begin")),
            },
            _ => {}
        }
        at += line.len();
    }
    match begin {
        Some((_, number)) => Err((number, "awsbadge's lines begin and do not end")),
        None => Ok(found),
    }
}

/// The text with `block`, in the place of the old one or at the end. A file whose last line has no end is left
/// so, which is how [`without_block`] knows that it was.
pub(super) fn with_block(text: &str, old: Option<Range<usize>>, block: &str) -> String {
    let line = block.trim_end_matches('\n');
    match old {
        Some(old) => {
            let end = if text[old.clone()].ends_with('\n') {
                "\n"
            } else {
                ""
            };
            format!("{}{line}{end}{}", &text[..old.start], &text[old.end..])
        }
        None if text.is_empty() || text.ends_with('\n') => format!("{text}{line}\n"),
        None => format!("{text}\n{line}"),
    }
}

/// The text as it was before [`with_block`].
pub(super) fn without_block(text: &str, block: Range<usize>) -> String {
    let mut before = &text[..block.start];
    if !text[block.clone()].ends_with('\n') {
        before = before.strip_suffix('\n').unwrap_or(before);
    }
    format!("{before}{}", &text[block.end..])
}
