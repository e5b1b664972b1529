//! A table that fits the terminal, or lines with tabs for a pipe.

use crate::library::{safe_name, shorten, visible, width};
use crate::sys::terminal;

/// What a column may be cut to, at least.
const NARROWEST: usize = 8;

/// Blanks between two columns.
const GAP: usize = 2;

/// Rows of texts below their headings.
pub(super) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(headings: &[&'static str]) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The first `columns` columns with tabs between them, for a program. No heading.
    pub(super) fn piped(&self, columns: usize) -> String {
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().take(columns).map(|cell| visible(cell)).collect();
            cells.join("\t") + "\n"
        };
        self.rows.iter().map(line).collect()
    }

    /// For the terminal at standard output.
    pub(super) fn drawn(&self, colour: bool) -> String {
        self.fitted(terminal::output_width(), colour)
    }

    fn fitted(&self, columns: usize, colour: bool) -> String {
        let headings: Vec<String> = self.headings.iter().map(|h| (*h).to_owned()).collect();
        let rows: Vec<Vec<String>> = std::iter::once(headings)
            .chain(self.rows.iter().map(|row| {
                let safe = |cell: &String| safe_name(cell);
                row.iter().map(safe).collect()
            }))
            .collect();
        let mut widths: Vec<usize> = (0..self.headings.len())
            .map(|at| {
                let widths = rows.iter().filter_map(|row| row.get(at)).map(|c| width(c));
                widths.max().unwrap_or(0)
            })
            .collect();
        narrow(&mut widths, columns);
        let mut out = String::new();
        for (number, row) in rows.iter().enumerate() {
            let mut line = String::new();
            for (cell, &room) in row.iter().zip(&widths) {
                let cell = shorten(cell, room);
                let blanks = room - width(&cell) + GAP;
                line += &cell;
                line += &" ".repeat(blanks);
            }
            let line = line.trim_end();
            match number == 0 && colour {
                true => out += &format!("\x1b[1m{line}\x1b[0m\n"),
                false => out += &format!("{line}\n"),
            }
        }
        out
    }
}

/// Takes from the widest column until all of them fit. The first one, which is an id, keeps its width.
fn narrow(widths: &mut [usize], columns: usize) {
    let gaps = GAP * widths.len().saturating_sub(1);
    loop {
        let sum = widths.iter().sum::<usize>() + gaps;
        let widest = widths.iter_mut().skip(1).max();
        match widest {
            Some(widest) if sum > columns && *widest > NARROWEST => *widest -= 1,
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["ACCOUNT", "NAME", "EMAIL"]);
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        table.row(row([
            "123456789012",
            "Production",
            "aws+production@example.com",
        ]));
        table.row(row(["210987654321", "日本 \x1b[31m", ""]));
        table
    }

    #[test]
    fn a_table_fits_the_terminal() {
        assert_eq!(
            table().fitted(80, false),
            "ACCOUNT       NAME        EMAIL\n\
             123456789012  Production  aws+production@example.com\n\
             210987654321  日本 ?[31m\n"
        );
        for columns in [34, 40, 45] {
            let drawn = table().fitted(columns, false);
            assert!(drawn.lines().all(|line| width(line) <= columns), "{drawn}");
            assert!(drawn.contains("123456789012  Prod"), "{drawn}");
        }
        assert!(table().fitted(80, true).starts_with("\x1b[1mACCOUNT"));
    }

    #[test]
    fn a_pipe_gets_tabs_and_no_control_characters() {
        assert_eq!(
            table().piped(3),
            "123456789012\tProduction\taws+production@example.com\n210987654321\t日本 \\u{1b}[31m\t\n"
        );
        assert_eq!(table().piped(1), "123456789012\n210987654321\n");
    }
}
