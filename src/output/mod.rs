//! Shows results: JSON, masked secrets, sanitised text, colour.

pub mod json;
pub mod redact;
pub mod sanitize;
pub mod style;
pub mod table;

/// The text with its first letter in upper case.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The text with its first letter in lower case, as after `hint: `.
#[must_use]
pub fn uncapital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// The names as alternatives: `a`, `a or b`, `a, b or c`.
#[must_use]
pub fn one_of<T: AsRef<str>>(names: &[T]) -> String {
    joined(names, "or")
}

/// The names as a list: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn all_of<T: AsRef<str>>(names: &[T]) -> String {
    joined(names, "and")
}

fn joined<T: AsRef<str>>(names: &[T], word: &str) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} {word} {last}", first.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_has_its_or_before_the_last_name() {
        for (names, want) in [
            (&[][..], ""),
            (&["a"], "a"),
            (&["a", "b"], "a or b"),
            (&["a", "b", "c"], "a, b or c"),
        ] {
            assert_eq!(one_of(names), want);
        }
    }
}
