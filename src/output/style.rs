//! Colour on a terminal.

/// The text that `render` makes with `colored`; its colours are removed unless `colour`.
#[must_use]
pub fn styled(colour: bool, render: impl FnOnce() -> String) -> String {
    // `colored` reads a global switch. It is always on here; the caller decides.
    colored::control::set_override(true);
    let text = render();
    if colour { text } else { plain(&text) }
}

/// `text` without the sequences that `colored` writes. Text from outside has been sanitised and contains none.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| {
        let after = piece.split_once('m').map_or(piece, |(_, after)| after);
        out + after
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use colored::Colorize as _;

    #[test]
    fn colours_come_out_only_if_they_are_wanted() {
        let render = || format!("{} is {}, {}", "m".bold().red(), "[1m".green(), "plain");
        assert_eq!(styled(false, render), "m is [1m, plain");
        assert!(styled(true, render).contains("\x1b[32m"));
    }
}
