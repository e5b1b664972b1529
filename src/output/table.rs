//! Columns on a terminal, fitted to its width.

use super::sanitize;
use super::style::plain;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub head: &'static str,
    /// What happens to it if the table is too wide.
    pub fit: Fit,
}

/// What happens to a column if the table is too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It stays as it is.
    Keep,
    /// It is left out; the one with the smallest number first.
    Drop(u8),
    /// It is shortened once what can be dropped is gone, to [`SHORTEST`] columns at least, and dropped if that is not
    /// enough.
    Shorten,
    /// It is shortened last, and never dropped.
    Squeeze,
}

impl Column {
    /// A column.
    #[must_use]
    pub const fn new(head: &'static str, fit: Fit) -> Self {
        Self { head, fit }
    }
}

/// The width to which a cell is shortened at least, in columns.
const SHORTEST: usize = 6;

/// Between two columns.
const GAP: usize = 2;

/// The rows as lines of at most `room` columns, as far as the columns that stay allow it. Cells may have colours. A
/// column that is empty in every row is left out. With `heads`, the first line has the headings.
#[must_use]
pub fn lines(
    columns: &[Column],
    rows: &[Vec<String>],
    heads: bool,
    room: usize,
    ascii: bool,
) -> Vec<String> {
    let width = |cell: &str| sanitize::width(&plain(cell));
    let width_of = |i: usize| {
        let widest = rows.iter().map(|row| width(&row[i])).max().unwrap_or(0);
        match widest {
            0 => 0,
            _ if heads => widest.max(sanitize::width(columns[i].head)),
            _ => widest,
        }
    };
    let mut widths: Vec<usize> = (0..columns.len()).map(width_of).collect();
    fit(columns, &mut widths, room);
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut out = String::new();
        let mut due = 0;
        for (cell, &width_of) in cells.zip(&widths).filter(|(_, width)| **width > 0) {
            let short = if width(cell) > width_of {
                sanitize::shorten(&plain(cell), width_of, ascii)
            } else {
                cell.to_owned()
            };
            out.extend(std::iter::repeat_n(' ', due));
            out += &short;
            due = width_of - width(&short) + GAP;
        }
        out.trim_end().to_owned()
    };
    let head = heads.then(|| line(&mut columns.iter().map(|column| column.head)));
    let rows = rows
        .iter()
        .map(|row| line(&mut row.iter().map(String::as_str)));
    head.into_iter().chain(rows).collect()
}

/// Takes width from columns until the table fits. A width of 0 is a column that is left out.
fn fit(columns: &[Column], widths: &mut [usize], room: usize) {
    let excess = |widths: &[usize]| {
        let used = widths.iter().filter(|width| **width > 0);
        let gaps = used.clone().count().saturating_sub(1) * GAP;
        (used.sum::<usize>() + gaps).saturating_sub(room)
    };
    let mut dropping: Vec<usize> = (0..columns.len())
        .filter(|&i| matches!(columns[i].fit, Fit::Drop(_)))
        .collect();
    dropping.sort_by_key(|&i| columns[i].fit);
    for i in dropping {
        if excess(widths) == 0 {
            return;
        }
        widths[i] = 0;
    }
    for i in (0..columns.len()).filter(|&i| columns[i].fit == Fit::Shorten) {
        let too_much = excess(widths);
        let left = widths[i].saturating_sub(too_much);
        widths[i] = match too_much {
            0 => return,
            _ if left >= SHORTEST => left,
            _ => 0,
        };
    }
    for i in (0..columns.len()).filter(|&i| columns[i].fit == Fit::Squeeze) {
        let most = widths[i].saturating_sub(SHORTEST);
        widths[i] -= excess(widths).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::new("", Fit::Keep),
        Column::new("NAME", Fit::Keep),
        Column::new("ROLE", Fit::Shorten),
        Column::new("REGION", Fit::Drop(1)),
        Column::new("SESSION", Fit::Drop(0)),
    ];

    #[test]
    fn what_is_least_needed_goes_first_and_names_stay() {
        let row = |mark: &str, name: &str, role: &str| {
            [mark, name, role, "eu-west-1", "corp"]
                .map(str::to_owned)
                .to_vec()
        };
        let rows = [
            row("*", "dev", "AdministratorAccess"),
            row("", "\x1b[31mdév-2\x1b[0m", "R"),
        ];
        let at = |room| lines(&COLUMNS, &rows, true, room, false).join("\n");
        assert_eq!(
            at(80),
            "   NAME   ROLE                 REGION     SESSION\n\
             *  dev    AdministratorAccess  eu-west-1  corp\n   \x1b[31mdév-2\x1b[0m  R                    eu-west-1  corp"
        );
        for (room, want) in [
            (49, "*  dev    AdministratorAccess  eu-west-1  corp"),
            (48, "*  dev    AdministratorAccess  eu-west-1"),
            (40, "*  dev    AdministratorAccess  eu-west-1"),
            (39, "*  dev    AdministratorAccess"),
            (29, "*  dev    AdministratorAccess"),
            (28, "*  dev    AdministratorAcce…"),
            (16, "*  dev    Admin…"),
            (15, "*  dev"),
            (3, "*  dev"),
        ] {
            assert_eq!(lines(&COLUMNS, &rows[..1], false, room, false).len(), 1);
            assert_eq!(at(room).lines().nth(1).unwrap(), want, "{room}");
        }
        assert_eq!(
            lines(&COLUMNS, &rows, true, 16, true)[1],
            "*  dev    Admi.."
        );
    }

    #[test]
    fn a_column_without_text_is_left_out() {
        let rows = [["", "a", "", "", "s"].map(str::to_owned).to_vec()];
        assert_eq!(
            lines(&COLUMNS, &rows, true, 80, false),
            ["NAME  SESSION", "a     s"]
        );
        assert_eq!(lines(&COLUMNS, &rows, false, 80, false), ["a  s"]);
    }
}
