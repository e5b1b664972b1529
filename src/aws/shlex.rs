//! Python's `shlex.split`, which botocore uses for section names and for `credential_process`.

/// The characters between words.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The words of `text`; `None` if a quote or an escape is not finished.
#[must_use]
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            _ if SPACE.contains(&c) => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => match chars.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

/// The words of a text that has no quotes and no backslashes, without copying them.
pub fn plain_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(SPACE).filter(|word| !word.is_empty())
}

/// Whether [`split`] would find anything but plain words.
#[must_use]
pub fn is_quoted(text: &str) -> bool {
    text.contains(['\'', '"', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn words_are_those_of_pythons_shlex() {
        // Each row was compared with `shlex.split` of Python 3.11.
        for (text, want) in [
            ("", Some(vec![])),
            ("a b", Some(vec!["a", "b"])),
            (" a\tb\r\n", Some(vec!["a", "b"])),
            ("'a b' \"c d\"", Some(vec!["a b", "c d"])),
            ("a'b'\"c\"", Some(vec!["abc"])),
            ("''", Some(vec![""])),
            (r"a\ b", Some(vec!["a b"])),
            (r#""a\"b\\c\d""#, Some(vec![r#"a"b\c\d"#])),
            (r"'a\'", Some(vec![r"a\"])),
            ("~/x $HOME | y #z", Some(vec!["~/x", "$HOME", "|", "y", "#z"])),
            ("'a", None),
            ("\"a", None),
            ("a\\", None),
        ] {
            let want = want.map(|w| w.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(split(text), want, "{text}");
            if !is_quoted(text) {
                assert_eq!(Some(plain_words(text).map(str::to_owned).collect()), want, "{text}");
            }
        }
    }
}
