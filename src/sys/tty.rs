//! Reads the terminal key by key.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::sys::termios::{SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::Pid;
use std::fs::{File, OpenOptions};
use std::io::{self, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// An event from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A character that was typed.
    Char(char),
    /// A key without a character.
    Key(Key),
    /// The number of a signal that should end the program.
    Signal(u8),
    /// The display may be lost: the program was stopped, or the terminal's size changed.
    Redraw,
    /// The terminal is gone.
    Gone,
}

/// Keys that move, edit or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Enter.
    Enter,
    /// Esc alone, Ctrl-C, Ctrl-D, Ctrl-G.
    Cancel,
    /// Up, Ctrl-P, Ctrl-K.
    Up,
    /// Down, Ctrl-N.
    Down,
    /// Backspace.
    Back,
    /// Ctrl-W.
    Word,
    /// Ctrl-U.
    Line,
    /// Any other.
    Other,
}

/// The controlling terminal in raw mode. Its mode is restored on drop, and while the program is stopped. SIGINT,
/// SIGTERM, SIGHUP and SIGQUIT arrive as events, so it is dropped after them too.
#[derive(Debug)]
pub struct Tty {
    file: File,
    before: Termios,
    bytes: Receiver<Heard>,
    /// Bytes of an incomplete character.
    pending: Vec<u8>,
    signals: SigSet,
    /// Closing it ends the reading thread, so that the thread does not read what is typed later.
    _reads: PipeWriter,
}

#[derive(Debug)]
enum Heard {
    Bytes(Vec<u8>),
    Signal(Signal),
    Gone,
}

/// Clears the display from the cursor's line on, and turns line wrapping on again.
const LEAVE: &str = "\r\x1b[J\x1b[?7h";

/// After this time, an Esc is the Esc key and not the beginning of a sequence.
const LONE: Duration = Duration::from_millis(50);

/// Whether there is a controlling terminal, and standard error goes to one.
#[must_use]
pub fn there_is_one() -> bool {
    super::terminal::errors_are_terminal() && open().is_ok()
}

fn open() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// The columns of the controlling terminal, if it says how many.
#[must_use]
pub fn columns() -> Option<usize> {
    let (columns, _) = terminal_size::terminal_size_of(open().ok()?)?;
    (columns.0 > 0).then_some(columns.0.into())
}

impl Tty {
    /// Puts the terminal into raw mode.
    ///
    /// # Errors
    /// If there is none, or its mode can't be set.
    pub fn new() -> io::Result<Self> {
        let file = open()?;
        let before = tcgetattr(&file)?;
        let (tell, bytes) = mpsc::channel();
        // Block them before the threads start, so that all threads inherit this and only the waiting one gets the
        // signals.
        let signals = [
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            Signal::SIGQUIT,
            Signal::SIGTSTP,
            Signal::SIGCONT,
            Signal::SIGWINCH,
        ];
        let signals: SigSet = signals.into_iter().collect();
        signals.thread_block()?;
        let of_signals = tell.clone();
        std::thread::spawn(move || {
            while let Ok(signal) = signals.wait() {
                if of_signals.send(Heard::Signal(signal)).is_err() {
                    // With the terminal restored, the signal has its usual effect.
                    let _ = kill(Pid::this(), signal);
                    return;
                }
            }
        });
        let mut reader = file.try_clone()?;
        let (ended, reads) = io::pipe()?;
        std::thread::spawn(move || {
            let mut buffer = [0; 256];
            loop {
                let mut ready = [
                    PollFd::new(reader.as_fd(), PollFlags::POLLIN),
                    PollFd::new(ended.as_fd(), PollFlags::POLLIN),
                ];
                let polled = poll(&mut ready, PollTimeout::NONE);
                if polled.is_ok() && ready[1].any() == Some(true) {
                    return;
                }
                let heard = match reader.read(&mut buffer) {
                    Ok(0) => Heard::Gone,
                    Ok(n) => Heard::Bytes(buffer[..n].to_vec()),
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                    Err(_) => Heard::Gone,
                };
                let last = matches!(heard, Heard::Gone);
                if tell.send(heard).is_err() || last {
                    return;
                }
            }
        });
        let tty = Self {
            file,
            before,
            bytes,
            pending: Vec::new(),
            signals,
            _reads: reads,
        };
        tty.raw()?;
        Ok(tty)
    }

    fn raw(&self) -> io::Result<()> {
        let mut raw = self.before.clone();
        cfmakeraw(&mut raw);
        Ok(tcsetattr(&self.file, SetArg::TCSADRAIN, &raw)?)
    }

    /// Restores the terminal.
    fn leave(&mut self) {
        let _ = self.file.write_all(LEAVE.as_bytes());
        let _ = tcsetattr(&self.file, SetArg::TCSADRAIN, &self.before);
    }

    /// Stops the process as the signal does by default, until it is continued.
    fn stop(&mut self) {
        self.leave();
        let stop: SigSet = [Signal::SIGTSTP].into_iter().collect();
        let _ = stop.thread_unblock();
        let _ = raise(Signal::SIGTSTP);
        let _ = stop.thread_block();
    }

    /// Its columns and rows, if it says how many.
    #[must_use]
    pub fn size(&self) -> Option<(usize, usize)> {
        let (columns, rows) = terminal_size::terminal_size_of(&self.file)?;
        (columns.0 > 0 && rows.0 > 0).then_some((columns.0.into(), rows.0.into()))
    }

    /// Shows `text`, which may contain control sequences.
    ///
    /// # Errors
    /// As write(2).
    pub fn show(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    /// Waits for the next event.
    pub fn wait(&mut self) -> Event {
        loop {
            if let Some((event, used)) = decode(&self.pending, false) {
                self.pending.drain(..used);
                return event;
            }
            let heard = match self.pending.first() {
                Some(0x1b) => self.bytes.recv_timeout(LONE),
                _ => self
                    .bytes
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
            };
            match heard {
                Ok(Heard::Bytes(bytes)) => self.pending.extend(bytes),
                Ok(Heard::Signal(
                    signal @ (Signal::SIGTSTP | Signal::SIGCONT | Signal::SIGWINCH),
                )) => {
                    if signal == Signal::SIGTSTP {
                        self.stop();
                    }
                    // The shell has used the terminal in the meantime.
                    return match self.raw() {
                        Ok(()) => Event::Redraw,
                        Err(_) => Event::Gone,
                    };
                }
                Ok(Heard::Signal(signal)) => {
                    return Event::Signal(u8::try_from(signal as i32).unwrap_or(1));
                }
                Ok(Heard::Gone) | Err(RecvTimeoutError::Disconnected) => return Event::Gone,
                Err(RecvTimeoutError::Timeout) => {
                    let all = std::mem::take(&mut self.pending);
                    return decode(&all, true).map_or(Event::Key(Key::Other), |(event, _)| event);
                }
            }
        }
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.leave();
        let _ = self.signals.thread_unblock();
    }
}

/// The first event in `bytes` and its length; `None` if it is incomplete. `all` says that no more bytes will come.
fn decode(bytes: &[u8], all: bool) -> Option<(Event, usize)> {
    let key = |key, used| Some((Event::Key(key), used));
    match *bytes {
        [] => None,
        [0x1b] if all => key(Key::Cancel, 1),
        [0x1b] => None,
        [0x1b, b'[' | b'O', ref rest @ ..] => {
            // Parameters, then one final byte.
            match rest.iter().position(|b| (0x40..=0x7e).contains(b)) {
                Some(0) if rest[0] == b'A' => key(Key::Up, 3),
                Some(0) if rest[0] == b'B' => key(Key::Down, 3),
                Some(at) => key(Key::Other, at + 3),
                None if all => key(Key::Other, bytes.len()),
                None => None,
            }
        }
        // Alt and a character.
        [0x1b, _, ..] => key(Key::Other, 2),
        [b'\r' | b'\n', ..] => key(Key::Enter, 1),
        [0x03 | 0x04 | 0x07, ..] => key(Key::Cancel, 1),
        [0x10 | 0x0b, ..] => key(Key::Up, 1),
        [0x0e, ..] => key(Key::Down, 1),
        [0x7f | 0x08, ..] => key(Key::Back, 1),
        [0x17, ..] => key(Key::Word, 1),
        [0x15, ..] => key(Key::Line, 1),
        [0x00..=0x1f, ..] => key(Key::Other, 1),
        [first, ..] => {
            let length = match first {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            };
            let part = match bytes.get(..length) {
                Some(part) => part,
                None if all => bytes,
                None => return None,
            };
            match std::str::from_utf8(part)
                .ok()
                .and_then(|t| t.chars().next())
            {
                Some(c) if !c.is_control() => Some((Event::Char(c), length)),
                _ => key(Key::Other, 1),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_whole_or_not_at_all() {
        use Key::*;
        for (bytes, all, want) in [
            (&b"x"[..], false, Some((Event::Char('x'), 1))),
            ("é".as_bytes(), false, Some((Event::Char('é'), 2))),
            (&"é".as_bytes()[..1], false, None),
            ("😀x".as_bytes(), false, Some((Event::Char('😀'), 4))),
            (b"\xff", false, Some((Event::Key(Other), 1))),
            (b"\r", false, Some((Event::Key(Enter), 1))),
            (b"\x03", false, Some((Event::Key(Cancel), 1))),
            (b"\x1b", false, None),
            (b"\x1b", true, Some((Event::Key(Cancel), 1))),
            (b"\x1b[", false, None),
            (b"\x1b[A", false, Some((Event::Key(Up), 3))),
            (b"\x1bOB", false, Some((Event::Key(Down), 3))),
            (b"\x1b[1;5Ax", false, Some((Event::Key(Other), 6))),
            (b"\x1bx", false, Some((Event::Key(Other), 2))),
            (b"\x7f", false, Some((Event::Key(Back), 1))),
            ("\u{9b}".as_bytes(), false, Some((Event::Key(Other), 1))),
            (b"", true, None),
        ] {
            assert_eq!(decode(bytes, all), want, "{bytes:?} {all}");
        }
    }
}
