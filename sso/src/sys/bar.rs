//! A bar with the time left, at standard error.

use super::{Moment, terminal};
use crate::library::{Vars, width};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use std::io;
use std::time::Duration;

/// What takes less than this shows nothing.
const SOON: Duration = Duration::from_millis(400);

/// Columns that stay free behind the bar: a terminal writes `^C` there, and what wraps can't be taken away.
const FREE: usize = 4;

/// A bar, or nothing if there is no terminal to draw it on.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    what: String,
    since: Moment,
    colour: bool,
    wanted: bool,
}

impl Bar {
    /// A bar for `what`, which is drawn once it takes a while.
    pub(crate) fn new(vars: &Vars, what: &str) -> Self {
        Self {
            bar: None,
            what: what.to_owned(),
            since: Moment::now(),
            colour: terminal::errors_want_colour(vars),
            wanted: terminal::can_redraw(vars),
        }
    }

    /// Shows how far it is. `rate`: how many are done in a second, before any is.
    pub(crate) fn draw(&mut self, done: usize, of: usize, rate: f64) {
        let since = self.since.elapsed();
        if !self.wanted || since < SOON || !terminal::is_in_front() {
            return;
        }
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let colour = self.colour;
        let what = &self.what;
        let bar = self.bar.get_or_insert_with(|| {
            let target = ProgressDrawTarget::term_like_with_hz(Box::new(Screen), 10);
            let bar = ProgressBar::with_draw_target(Some(count(of)), target);
            bar.set_style(style(colour, room(what)));
            bar.with_message(what.clone())
        });
        bar.set_prefix(left(done, of, since, rate));
        bar.set_length(count(of));
        bar.set_position(count(done));
        bar.tick();
    }

    /// Takes it away, for something else to be said or for good.
    pub(crate) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `1m5s`, by how long what is done took.
fn left(done: usize, of: usize, since: Duration, rate: f64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "a guess")]
    let (done, more) = (done as f64, of.saturating_sub(done) as f64);
    let rate = if done < 1.0 {
        rate
    } else {
        done / since.as_secs_f64()
    };
    let seconds = Duration::try_from_secs_f64(more / rate)
        .unwrap_or(Duration::MAX)
        .as_secs();
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{}s", seconds.max(1)),
        (minutes, seconds) => format!("{minutes}m{seconds}s"),
    }
}

/// The columns of the bar itself.
fn room(what: &str) -> usize {
    let words = width(what) + " [] 1000/1000 accounts, 1m55s left".len();
    usize::from(Screen.width())
        .saturating_sub(words)
        .clamp(4, 40)
}

fn style(colour: bool, columns: usize) -> ProgressStyle {
    let colours = if colour { ".cyan/dim" } else { "" };
    let bar = format!("{{bar:{columns}{colours}}}");
    ProgressStyle::with_template(&format!(
        "{{msg}} [{bar}] {{pos}}/{{len}} accounts, {{prefix}} left"
    ))
    .unwrap_or_else(|_| ProgressStyle::default_bar())
    .progress_chars("=> ")
}

/// The terminal at standard error, a little narrower than it is.
#[derive(Debug)]
struct Screen;

impl Screen {
    fn write(text: &str) -> io::Result<()> {
        terminal::complain(text);
        Ok(())
    }

    fn moved(count: usize, direction: char) -> io::Result<()> {
        match count {
            0 => Ok(()),
            count => Self::write(&format!("\x1b[{count}{direction}")),
        }
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        let columns = terminal::size().map_or(80, |(columns, _)| columns);
        u16::try_from(columns.saturating_sub(FREE).max(1)).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        Self::moved(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        Self::moved(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        Self::moved(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        Self::moved(n, 'D')
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        Self::write(&format!("{s}\n"))
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        Self::write(s)
    }

    fn clear_line(&self) -> io::Result<()> {
        Self::write("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_by_what_is_done_or_by_the_rate() {
        let seconds = Duration::from_secs_f64;
        for (done, of, since, want) in [
            (0, 1000, 0.5, "55s"),
            (0, 2000, 0.5, "1m51s"),
            (100, 1000, 10.0, "1m30s"),
            (999, 1000, 60.0, "1s"),
            (0, 0, 1.0, "1s"),
        ] {
            assert_eq!(left(done, of, seconds(since), 18.0), want);
        }
    }
}
