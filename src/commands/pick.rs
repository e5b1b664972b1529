//! `__pick`: the user picks a profile, in fzf if it is installed, otherwise in the built-in list.

use super::Output;
use crate::aws::Env;
use crate::cli::Pick;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{Report, env_changes};
use crate::output::sanitize;
use crate::output::style::styled;
use crate::output::table::{self, Column, Fit};
use crate::picker::{self, Answer};
use crate::sso_program;
use crate::sys::fs::{self, CACHE_CAP, Read};
use crate::sys::tty::{self, Tty};
use crate::sys::{self, atomic_write, process, terminal};
use std::io;
use std::path::{Path, PathBuf};

/// One profile to pick.
#[derive(Debug)]
struct Row {
    /// Its name, byte for byte.
    name: String,
    /// The name and its description, sanitised for a terminal.
    text: String,
}

impl AsRef<str> for Row {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// How a pick ended.
enum Picked<'r> {
    Row(&'r Row),
    Nothing,
    Signal(u8),
}

pub(super) fn run(args: &Pick, vars: &Env) -> Result<Output, Error> {
    if !tty::there_is_one() {
        return Err(Error::Usage {
            message: "picking a profile needs a terminal".to_owned(),
            hint: "run `awsbadge list` to print the names".to_owned(),
        });
    }
    let ctx = Context::new(vars);
    let mut reports = Report::of_every_profile(&ctx);
    reports.retain(|r| {
        r.identity
            .profile
            .as_deref()
            .is_some_and(|n| !n.chars().any(char::is_control))
    });
    if reports.is_empty() {
        return Err(Error::General {
            message: "there is no profile to pick".to_owned(),
            hint: sso_program::configure(vars, "to create the first profile"),
        });
    }
    let recent = Recent::read(vars);
    reports.sort_by_key(|r| recent.rank(r.identity.profile.as_deref().unwrap_or_default()));
    // Before a row there are its mark, and in fzf a margin.
    let room = tty::columns().map_or(usize::MAX, |columns| columns.saturating_sub(4));
    let colour = terminal::colour(vars, true);
    let rows = rows(&reports, ctx.settings.ascii, room, colour);
    let typed = args.query.join(" ");
    let query: String = typed.chars().filter(|c| !c.is_control()).collect();
    if let (false, [only]) = (
        query.trim().is_empty(),
        picker::matching(&rows, &query).as_slice(),
    ) {
        let row = &rows[*only];
        recent.note(&row.name);
        return Ok(Output::print(format!("{}\n", row.name)));
    }
    let picked = match process::find("fzf", vars) {
        Some(fzf) => by_fzf(&fzf, &rows, &query, vars),
        None => by_hand(&rows, &query),
    };
    match picked.map_err(|e| Error::General {
        message: format!("the terminal can't be used: {}", fs::reason(&e)),
        hint: "run `awsbadge list` to print the names".to_owned(),
    })? {
        Picked::Row(row) => {
            recent.note(&row.name);
            Ok(Output::print(format!("{}\n", row.name)))
        }
        Picked::Nothing => Ok(Output {
            code: crate::error::code::INTERRUPTED,
            ..Output::default()
        }),
        Picked::Signal(number) => Ok(Output {
            code: 128 + number,
            ..Output::default()
        }),
    }
}

const COLUMNS: [Column; 5] = [
    Column::new("", Fit::Squeeze),
    Column::new("", Fit::Drop(1)),
    Column::new("", Fit::Shorten),
    Column::new("", Fit::Drop(0)),
    Column::new("", Fit::Keep),
];

/// The rows: mark of the active one, name, account, role, region, state, in columns that fit into `room`.
fn rows(reports: &[Report], ascii: bool, room: usize, colour: bool) -> Vec<Row> {
    let shown = |text: Option<&str>| text.map(|t| sanitize::name(t, ascii)).unwrap_or_default();
    let cells = |r: &Report| {
        let mark = if r.is_active() { "*" } else { " " };
        vec![
            format!("{mark} {}", shown(r.identity.profile.as_deref())),
            shown(r.identity.account_id.as_deref()),
            shown(r.identity.role_name.as_deref()),
            shown(r.region.as_ref().map(|r| r.value.as_str())),
            r.coloured_state(ascii).to_string(),
        ]
    };
    let lines = styled(colour, || {
        let cells: Vec<Vec<String>> = reports.iter().map(cells).collect();
        table::lines(&COLUMNS, &cells, false, room, ascii).join("\n")
    });
    let lines = lines.split('\n').map(str::to_owned);
    let names = reports
        .iter()
        .map(|r| r.identity.profile.clone().unwrap_or_default());
    let rows = names.zip(lines);
    rows.map(|(name, text)| Row { name, text }).collect()
}

/// fzf gets numbers before the rows, and gives them back: so no name has to survive the way.
fn by_fzf<'r>(fzf: &Path, rows: &'r [Row], query: &str, vars: &Env) -> io::Result<Picked<'r>> {
    let lines = rows.iter().enumerate();
    let lines: String = lines
        .map(|(i, row)| format!("{i}\t{}\n", row.text))
        .collect();
    let arguments = [
        "--delimiter=\t",
        "--with-nth=2..",
        "--ansi",
        "--no-multi",
        // A match far to the right would push the name out of sight.
        "--no-hscroll",
        "--layout=reverse",
        "--height=~40%",
        "--prompt=aws profile> ",
        &format!("--query={query}"),
    ];
    let (stdout, code) = process::run_filter(
        fzf,
        &arguments,
        &env_changes::without_secrets(vars),
        lines.as_bytes(),
    )?;
    let text = String::from_utf8_lossy(&stdout);
    let number = text.lines().last().and_then(|line| line.split('\t').next());
    let row = number.and_then(|n| rows.get(n.parse::<usize>().ok()?));
    match (code, row) {
        (0, Some(row)) => Ok(Picked::Row(row)),
        // 1: nothing matched; 130: Esc or Ctrl-C.
        (0 | 1 | 130, _) => Ok(Picked::Nothing),
        (code @ 129..=192, _) => Ok(Picked::Signal(u8::try_from(code - 128).unwrap_or(1))),
        (code, _) => Err(io::Error::other(format!("fzf ended with code {code}"))),
    }
}

/// The built-in list: what matches, best first, below a line to type in.
fn by_hand<'r>(rows: &'r [Row], query: &str) -> io::Result<Picked<'r>> {
    let mut terminal = Tty::new()?;
    Ok(
        match picker::list(&mut terminal, "aws profile> ", rows, query)? {
            Answer::Given(place) => rows.get(place).map_or(Picked::Nothing, Picked::Row),
            Answer::Nothing => Picked::Nothing,
            Answer::Signal(number) => Picked::Signal(number),
        },
    )
}

/// The profiles picked last, the newest first: `recent` in the state directory.
struct Recent {
    /// Where they are to be remembered.
    path: Option<PathBuf>,
    names: Vec<String>,
}

impl Recent {
    /// The number of names to keep.
    const KEPT: usize = 50;

    fn read(vars: &Env) -> Self {
        let path = sys::dirs::state_directory(vars).map(|folder| folder.join("recent"));
        let (path, names) = match path.as_deref().map(|path| fs::read(path, CACHE_CAP)) {
            Some(Read::Bytes(bytes)) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                (path, text.lines().map(str::to_owned).collect())
            }
            // What can't be read is not written over either.
            Some(Read::Unusable(_)) => (None, Vec::new()),
            _ => (path, Vec::new()),
        };
        Self { path, names }
    }

    /// The place of a name: smaller for the more recent, the same for all that were never picked.
    fn rank(&self, name: &str) -> usize {
        let at = self.names.iter().position(|n| n == name);
        at.unwrap_or(usize::MAX)
    }

    /// Remembers a name; a write error is ignored, because only the order is lost.
    fn note(&self, name: &str) {
        let Some((path, folder)) = self.path.as_deref().and_then(|p| Some((p, p.parent()?))) else {
            return;
        };
        let others = self.names.iter().map(String::as_str).filter(|n| *n != name);
        let names = std::iter::once(name).chain(others).take(Self::KEPT);
        let text: String = names.map(|n| format!("{n}\n")).collect();
        let _ = atomic_write::make_directory(folder)
            .and_then(|()| atomic_write::replace(path, text.as_bytes(), 0o600));
    }
}
