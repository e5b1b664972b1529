//! Colour and columns on a terminal.

use comfy_table::{Table, presets};

/// The text that `render` makes with `colored`; its colours are removed unless `colour`.
#[must_use]
pub fn styled(colour: bool, render: impl FnOnce() -> String) -> String {
    // `colored` reads a global switch. It is always on here; the caller decides.
    colored::control::set_override(true);
    let text = render();
    if colour { text } else { plain(&text) }
}

/// `text` without the sequences that `colored` writes. Text from outside has been sanitised and contains none.
fn plain(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| {
        let after = piece.split_once('m').map_or(piece, |(_, after)| after);
        out + after
    })
}

/// A table for a terminal; a column that would be empty is left out.
#[must_use]
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let used: Vec<usize> = (0..heads.len())
        .filter(|&i| rows.iter().any(|row| !row[i].is_empty()))
        .collect();
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(used.iter().map(|&i| heads[i]));
    for row in rows {
        table.add_row(used.iter().map(|&i| row[i].as_str()));
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
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
