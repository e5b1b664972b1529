//! A bar with the time left, at standard error.

use super::terminal;
use crate::library::Vars;
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
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            bar.set_style(style(self.colour));
            bar.set_message(self.what.clone());
            bar.reset_elapsed();
            bar
        });
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
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

/// Fits 40 columns with a short name.
fn style(colour: bool) -> ProgressStyle {
    let bar = if colour {
        "{wide_bar:.cyan/dim}"
    } else {
        "{wide_bar}"
    };
    ProgressStyle::with_template(&format!("{{msg}} [{bar}] {{pos}}/{{len}}, {{eta}} left"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
