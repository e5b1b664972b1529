//! `__refresh`: what the hooks ask. ARCHITECTURE.md describes the answer.

use super::Output;
use crate::aws::{Env, Epoch};
use crate::cli::Refresh;
use crate::context::Context;
use crate::identity::{directories, env_changes, renewal, resolve};
use crate::shells::{self, Shell, Statement};
use crate::sso_program;
use crate::sys::stamps::Stamps;
use crate::sys::watch::{self, Stat, State, Time, WatchList, Watched};
use chrono::{Datelike as _, Timelike as _};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Within this time after a change, a file may change again and keep its time: clocks of file systems tick up to
/// 100 times a second.
const TICK: i128 = 20_000_000;

/// The same on file systems that keep whole seconds, or even ones (FAT).
const WHOLE_TICK: i128 = 2_000_000_000;

pub(super) fn run(args: &Refresh, vars: &Env) -> Output {
    let shell = Shell::from(args.shell);
    let began = crate::sys::clock::now_exactly();
    let unexported = args.unexported.as_ref().map(|name| name.to_string_lossy());
    let mut ctx = Context::new(vars);
    let mut changes = Vec::new();
    let switched;
    // A profile that is not exported is the user's affair.
    if let (Some(remembered), None) = (&args.directory, &unexported) {
        changes = directories::changes(&ctx, &remembered.to_string_lossy());
        if !changes.is_empty() {
            switched = env_changes::applied(vars, changes.iter().cloned());
            ctx = Context::new(&switched);
        }
    }
    if !ctx.settings.directories.is_empty() {
        ctx.watch.var("PWD");
    }
    let badge = resolve::badge(&ctx, None, unexported.as_deref());
    let (now, seen) = (ctx.now, &ctx.watch);
    let (text, class, state, next) = match badge {
        Some(b) => (b.text, b.class.name(), b.state.name(), b.until),
        None => (String::new(), "", "", Epoch::NEVER),
    };
    let paths = seen.paths();
    renew(&ctx);
    let stamped = args.stamps.as_ref().map(|id| {
        let stamps = Stamps::of_shell(vars, &id.to_string_lossy());
        Stamped::write(&paths, vars, stamps)
    });
    let unsure = stamped.as_ref().is_some_and(|stamped| stamped.moved);
    let until = until(
        next.min(now.plus(ctx.settings.max_age)),
        now,
        began,
        unsure,
        times(&paths, stamped.is_some()),
        stamped.is_some(),
    );

    let mut statements = changes;
    statements.extend([
        Statement::Set("_awsbadge_x_text", text.into_bytes()),
        Statement::Set("_awsbadge_x_class", class.into()),
        Statement::Set("_awsbadge_x_state", state.into()),
        Statement::Set("_awsbadge_x_now", number(now.0)),
        Statement::Set("_awsbadge_x_until", number(until.0)),
        Statement::List("_awsbadge_x_env", names(seen)),
        Statement::List("_awsbadge_x_absent", absent(&paths)),
    ]);
    statements.extend(match &stamped {
        Some(stamped) => stamped.statements(),
        None => signatures(&paths, shell),
    });
    statements.push(Statement::Set("_awsbadge_x_done", b"1".to_vec()));
    // Every exported value of an answer is UTF-8.
    Output::print(shells::block(shell, &statements).unwrap_or_default())
}

/// Starts awsbadge-sso if the login is to be renewed in the background. The answer to the hook does not wait for it,
/// and does not depend on it: the token file is watched.
fn renew(ctx: &Context<'_>) {
    let login = &ctx.settings.login;
    if !login.renew {
        return;
    }
    if let Ok(Some(program)) = sso_program::preferred(login.with, ctx.env)
        && let Some(session) = renewal::due(ctx)
    {
        let words = ["refresh", "--quiet", "--", &session].map(str::to_owned);
        sso_program::start(&program, &words, &env_changes::without_secrets(ctx.env));
    }
}

fn number(number: impl std::fmt::Display) -> Vec<u8> {
    number.to_string().into_bytes()
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

/// The variables that this answer depends on besides those that the hooks always compare.
fn names(seen: &WatchList) -> Vec<Vec<u8>> {
    seen.vars().into_iter().map(String::into_bytes).collect()
}

fn absent(paths: &[Watched]) -> Vec<Vec<u8>> {
    let absent = paths.iter().filter(|w| w.state == State::Absent);
    absent.map(|w| bytes(&w.path)).collect()
}

/// The paths where something is.
fn present(paths: &[Watched]) -> impl Iterator<Item = (&Path, Stat)> {
    paths.iter().filter_map(|watched| match watched.state {
        State::Absent => None,
        State::Unreadable(stat) | State::Opened(stat) => Some((watched.path.as_path(), stat)),
    })
}

/// The times that a shell compares: those of modification by stamps, else those of any change.
fn times(paths: &[Watched], stamped: bool) -> impl Iterator<Item = Time> {
    present(paths).map(move |(_, stat)| if stamped { stat.modified } else { stat.changed })
}

/// When the next prompt has to ask again: at `next`, or earlier if a file with one of these times, as it was after
/// `began`, could still change without showing it. A time in the future says nothing: `next` bounds that.
fn until(
    next: Epoch,
    now: Epoch,
    began: Time,
    moved: bool,
    times: impl Iterator<Item = Time>,
    coarse: bool,
) -> Epoch {
    let mut until = if moved { now } else { next };
    for time in times {
        let age = began.since(time);
        let tick = if time.nanos == 0 { WHOLE_TICK } else { TICK };
        if (-WHOLE_TICK..tick).contains(&age) {
            until = until.min(now);
        } else if coarse && (0..WHOLE_TICK).contains(&age) {
            // bash 3.2 compares whole seconds only: once more when these have passed.
            until = until.min(Epoch(time.seconds + 3));
        }
    }
    until
}

/// What zsh compares, with times as zstat writes them with the format `%j%T%9.`. Nushell has no change time: it compares
/// the time of modification, in nanoseconds.
fn signatures(paths: &[Watched], shell: Shell) -> Vec<Statement> {
    let list = |each: &dyn Fn(&Path, Stat) -> Vec<u8>| {
        present(paths)
            .map(|(path, stat)| each(path, stat))
            .collect::<Vec<_>>()
    };
    vec![
        Statement::List("_awsbadge_x_watch", list(&|path, _| bytes(path))),
        Statement::List(
            "_awsbadge_x_times",
            list(&|_, stat| match shell {
                Shell::Nushell => {
                    let time = stat.modified;
                    format!("{}{:09}", time.seconds, time.nanos).into_bytes()
                }
                _ => zstat(stat.changed),
            }),
        ),
        Statement::List("_awsbadge_x_inodes", list(&|_, stat| number(stat.id.1))),
        Statement::List("_awsbadge_x_sizes", list(&|_, stat| number(stat.size))),
    ]
}

/// A time in UTC: day of the year, time of the day, nanoseconds. The year would cost, and tells nothing beside these.
fn zstat(time: Time) -> Vec<u8> {
    let date = chrono::DateTime::from_timestamp(time.seconds, 0).unwrap_or_default();
    let (day, hour, minute, second) = (date.ordinal(), date.hour(), date.minute(), date.second());
    format!("{day:03}{hour:02}:{minute:02}:{second:02}{:09}", time.nanos).into_bytes()
}

/// What shells without stat(2) compare.
struct Stamped {
    /// The paths where something is, with the stamp, where the path leads to if it contains symlinks, and whether the
    /// file could be opened.
    files: Vec<(PathBuf, Option<PathBuf>, Option<PathBuf>, bool)>,
    /// The directories above them, in which a file or a directory can be moved over another, with their stamps.
    directories: Vec<(PathBuf, PathBuf)>,
    /// Whether one of the paths already leads to another file than the one that was read.
    moved: bool,
}

impl Stamped {
    fn write(paths: &[Watched], vars: &Env, stamps: Option<Stamps>) -> Self {
        let mut stamps = stamps;
        let mut write = |time: Time| stamps.as_mut().and_then(|stamps| stamps.write(time));
        let top = vars.raw(&crate::aws::env_vars::HOME).map(PathBuf::from);
        let top = top.map(|home| watch::leads_to(&home).unwrap_or(home));
        let mut stamped = Self {
            files: Vec::new(),
            directories: Vec::new(),
            moved: false,
        };
        let mut above: Vec<(PathBuf, Time)> = Vec::new();
        for (path, stat) in present(paths) {
            let real = watch::leads_to(path);
            for found in watch::directories_above(real.as_deref().unwrap_or(path), top.as_deref()) {
                if !above.iter().any(|(known, _)| *known == found.0) {
                    above.push(found);
                }
            }
            let opened = paths
                .iter()
                .any(|w| w.path == path && matches!(w.state, State::Opened(_)));
            stamped
                .files
                .push((path.to_owned(), write(stat.modified), real, opened));
        }
        for (directory, time) in above {
            if let Some(stamp) = write(time) {
                stamped.directories.push((directory, stamp));
            }
        }
        // From here on the directories' stamps show it.
        stamped.moved = present(paths)
            .any(|(path, stat)| watch::stat(path).map_or(true, |found| found.id != stat.id));
        stamped
    }

    fn statements(&self) -> Vec<Statement> {
        let optional = |path: &Option<PathBuf>| path.as_deref().map_or_else(Vec::new, bytes);
        vec![
            Statement::List(
                "_awsbadge_x_watch",
                self.files.iter().map(|(path, ..)| bytes(path)).collect(),
            ),
            Statement::List(
                "_awsbadge_x_stamps",
                self.files
                    .iter()
                    .map(|(_, stamp, ..)| optional(stamp))
                    .collect(),
            ),
            Statement::List(
                "_awsbadge_x_real",
                self.files
                    .iter()
                    .map(|(_, _, real, _)| optional(real))
                    .collect(),
            ),
            Statement::List(
                "_awsbadge_x_unreadable",
                self.files
                    .iter()
                    .filter(|(.., opened)| !opened)
                    .map(|(path, ..)| bytes(path))
                    .collect(),
            ),
            Statement::List(
                "_awsbadge_x_directories",
                self.directories
                    .iter()
                    .map(|(path, _)| bytes(path))
                    .collect(),
            ),
            Statement::List(
                "_awsbadge_x_directory_stamps",
                self.directories
                    .iter()
                    .map(|(_, stamp)| bytes(stamp))
                    .collect(),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_zstat_writes_them() {
        for (seconds, nanos, want) in [
            (0, 0, "00100:00:00000000000"),
            (1_767_225_599, 123_456_789, "36523:59:59123456789"),
            (1_767_225_600, 5, "00100:00:00000000005"),
            (1_709_251_199, 0, "06023:59:59000000000"),
            (1_709_251_200, 0, "06100:00:00000000000"),
            (1_735_603_200, 0, "36600:00:00000000000"),
            (951_782_400, 0, "06000:00:00000000000"),
        ] {
            let text = zstat(Time { seconds, nanos });
            assert_eq!(String::from_utf8(text).unwrap(), want);
        }
    }

    #[test]
    fn a_file_that_could_change_unseen_is_looked_at_again() {
        let at = |millis: i64| Time {
            seconds: millis.div_euclid(1000),
            nanos: millis.rem_euclid(1000) * 1_000_000,
        };
        let (now, next) = (Epoch(1000), Epoch(1060));
        for (changed, coarse, want) in [
            (at(900_500), true, 1060),
            (at(997_000), true, 1060),
            // Within a tick of the file system's clock.
            (at(1_000_490), false, 1000),
            (at(1_000_499), false, 1000),
            (at(1_000_470), false, 1060),
            // Whole seconds.
            (at(999_000), false, 1000),
            (at(1_000_000), false, 1000),
            (at(998_000), false, 1060),
            // bash may see whole seconds where there are more.
            (at(999_700), true, 1002),
            (at(998_600), true, 1001),
            // From another machine, whose clock is ahead.
            (at(1_001_900), false, 1000),
            (at(1_100_000), false, 1060),
            (at(1_100_500), true, 1060),
        ] {
            let began = at(1_000_500);
            let found = until(next, now, began, false, std::iter::once(changed), coarse);
            assert_eq!(found, Epoch(want), "{changed:?} {coarse}");
        }
        let moved = until(next, now, at(1_000_500), true, std::iter::empty(), true);
        assert_eq!(moved, now);
    }
}
