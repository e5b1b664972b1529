//! A bar with the time left, at standard error.

use super::terminal;
use crate::library::{Vars, width};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// What takes less than this shows nothing.
const SOON: Duration = Duration::from_millis(400);

/// A bar, or nothing if there is no terminal to draw it on.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    what: String,
    since: super::Moment,
    colour: bool,
    wanted: bool,
}

impl Bar {
    /// A bar for `what`, which is drawn once it takes a while.
    pub(crate) fn new(vars: &Vars, what: &str) -> Self {
        Self {
            bar: None,
            what: what.to_owned(),
            since: super::Moment::now(),
            colour: terminal::errors_want_colour(vars),
            wanted: terminal::can_redraw(vars),
        }
    }

    /// Shows how far it is.
    pub(crate) fn draw(&mut self, done: usize, of: usize) {
        if !self.wanted || self.since.elapsed() < SOON || !terminal::is_in_front() {
            return;
        }
        let room = self.room();
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            bar.set_style(style(self.colour, room));
            bar.set_message(self.what.clone());
            bar.reset_elapsed();
            bar
        });
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        bar.tick();
    }

    /// The columns of the bar itself. The line stays well below the terminal's width: the `^C` of a terminal comes
    /// after it, and what wraps can't be taken away.
    fn room(&self) -> usize {
        let columns = terminal::size().map_or(80, |(columns, _)| columns);
        let words = width(&self.what) + " [] 1000/1000 accounts, 55s left ^C".len();
        columns.saturating_sub(words + 2).clamp(4, 40)
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

fn style(colour: bool, columns: usize) -> ProgressStyle {
    let colours = if colour { ".cyan/dim" } else { "" };
    let bar = format!("{{bar:{columns}{colours}}}");
    ProgressStyle::with_template(&format!(
        "{{msg}} [{bar}] {{pos}}/{{len}} accounts, {{eta}} left"
    ))
    .unwrap_or_else(|_| ProgressStyle::default_bar())
    .progress_chars("=> ")
}
