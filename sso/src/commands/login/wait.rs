//! Waiting for a person: for the browser to come back, for a pasted line, for a signal, with a line that counts
//! down.

use crate::context::Context;
use crate::error::{Failure, Word};
use crate::idc::pkce::Returned;
use crate::sys::keyboard::{self, Keyboard, Typed};
use crate::sys::{Moment, signals, terminal};
use nix::sys::signal::Signal;
use serde_json::json;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;
use zeroize::Zeroizing;

/// How often events say that the login waits.
const EVENTS: Duration = Duration::from_secs(10);

enum Heard {
    Returned(Returned),
    Typed(Typed),
    Signal(Signal),
}

/// What ended a wait.
pub(super) enum Event {
    /// A request with our state came back.
    Returned(Returned),
    /// A line was typed or pasted.
    Line(Zeroizing<String>),
    /// The time that was given.
    Time,
}

/// The place where a login waits.
pub(super) struct Desk {
    heard: Receiver<Heard>,
    tell: Sender<Heard>,
    keyboard: Option<Keyboard>,
    /// Whether a line may be drawn over.
    redraw: bool,
    events: bool,
    drawn: bool,
    typed: usize,
    /// When the login is over, for the countdown.
    end: Moment,
    next_event: Moment,
}

impl Desk {
    /// From now on signals are events, and with `paste` so are lines from the terminal. To be made after
    /// programs were started: they would inherit the blocked signals.
    pub(super) fn new(cx: &Context, events: bool, paste: bool, end: Moment) -> Self {
        let (tell, heard) = mpsc::channel();
        let of_signals = tell.clone();
        signals::watch(move |signal| of_signals.send(Heard::Signal(signal)).is_ok());
        let mut keyboard = None;
        if paste && !cx.json && terminal::input_is_ours() {
            keyboard = Keyboard::take().ok();
        }
        if keyboard.is_some() {
            let of_keyboard = tell.clone();
            keyboard::listen(move |typed| of_keyboard.send(Heard::Typed(typed)).is_ok());
        }
        Self {
            heard,
            tell,
            keyboard,
            redraw: !cx.json && terminal::can_redraw(&cx.vars),
            events,
            drawn: false,
            typed: 0,
            end,
            next_event: Moment::now(),
        }
    }

    /// Whether lines can be pasted here.
    pub(super) fn takes_lines(&self) -> bool {
        self.keyboard.is_some()
    }

    /// How the callback tells what it got.
    pub(super) fn returns(&self) -> impl Fn(Returned) + Send + Sync + use<> {
        let tell = std::sync::Mutex::new(self.tell.clone());
        move |found| {
            if let Ok(tell) = tell.lock() {
                let _ = tell.send(Heard::Returned(found));
            }
        }
    }

    /// Waits until `until` for an event.
    ///
    /// # Errors
    /// `interrupted`.
    pub(super) fn wait(&mut self, until: Moment) -> Result<Event, Failure> {
        loop {
            self.draw();
            // Up to the next change of the line.
            let turn = Duration::from_millis(1000).min(until.left());
            match self.heard.recv_timeout(turn) {
                Ok(Heard::Returned(found)) => return Ok(Event::Returned(found)),
                Ok(Heard::Typed(Typed::Line(line))) => {
                    self.typed = 0;
                    return Ok(Event::Line(line));
                }
                Ok(Heard::Typed(Typed::Part(count))) => self.typed = count,
                Ok(Heard::Signal(signal)) => self.signal(signal)?,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    if until.is_over() {
                        return Ok(Event::Time);
                    }
                }
            }
        }
    }

    /// Runs `job` in another thread, so that a signal is heard at once meanwhile.
    ///
    /// # Errors
    /// `interrupted`.
    pub(super) fn run<T: Send + 'static>(
        &mut self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (tell, result) = mpsc::channel();
        std::thread::spawn(move || tell.send(job()));
        let mut late = Vec::new();
        let value = loop {
            match result.recv_timeout(Duration::from_millis(50)) {
                Ok(value) => break Ok(value),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    break Err(Failure::new(
                        Word::Unreachable,
                        "the request was lost",
                        "Try again.",
                    ));
                }
            }
            self.draw();
            while let Ok(heard) = self.heard.try_recv() {
                match heard {
                    Heard::Signal(signal) => self.signal(signal)?,
                    other => late.push(other),
                }
            }
        };
        for heard in late {
            let _ = self.tell.send(heard);
        }
        value
    }

    fn signal(&mut self, signal: Signal) -> Result<(), Failure> {
        match signal {
            Signal::SIGTSTP => {
                self.clear();
                if let Some(keyboard) = &self.keyboard {
                    keyboard.restore();
                }
                signals::stop();
                if let Some(keyboard) = &self.keyboard {
                    keyboard.quiet();
                }
                Ok(())
            }
            Signal::SIGCONT => {
                if let Some(keyboard) = &self.keyboard {
                    keyboard.quiet();
                }
                Ok(())
            }
            Signal::SIGINT => Err(Failure::new(Word::Interrupted, "interrupted", "")),
            _ => Err(Failure::new(Word::Terminated, "ended by a signal", "")),
        }
    }

    /// Says something above the line that counts down.
    pub(super) fn say(&mut self, cx: &Context, text: &str) {
        self.clear();
        cx.say(text);
    }

    fn draw(&mut self) {
        let left = self.end.left();
        if self.events && self.next_event.is_over() {
            super::event(&json!({"event": "waiting", "left": left.as_secs()}));
            self.next_event = Moment::after(EVENTS);
        }
        if self.redraw && terminal::is_in_front() {
            terminal::complain(&format!("\r{}\x1b[K", line(left, self.typed)));
            self.drawn = true;
        }
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            terminal::complain("\r\x1b[K");
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.clear();
        // The terminal first: a signal that waits may end the process.
        self.keyboard = None;
        signals::release();
    }
}

/// The line that counts down. Fits a terminal of 40 columns.
fn line(left: Duration, typed: usize) -> String {
    match typed {
        0 => {
            let left = left.as_secs();
            format!(
                "  waiting, {}:{:02} left; Ctrl-C stops",
                left / 60,
                left % 60
            )
        }
        count => format!("  {count} characters; Enter sends them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_down_and_fits_a_narrow_terminal() {
        assert_eq!(
            line(Duration::from_secs(588), 0),
            "  waiting, 9:48 left; Ctrl-C stops"
        );
        assert_eq!(
            line(Duration::from_secs(9), 153),
            "  153 characters; Enter sends them"
        );
        assert!(line(Duration::from_secs(35_999), 0).len() < 40);
        assert!(line(Duration::ZERO, 16384).len() < 40);
    }
}
