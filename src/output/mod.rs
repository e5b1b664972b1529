//! How results are shown: JSON, and what of them may be seen.

pub mod json;
pub mod redact;
pub mod sanitize;
pub mod style;

/// The text with a capital letter at its beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
