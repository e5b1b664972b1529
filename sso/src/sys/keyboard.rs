//! Lines that are typed or pasted while a login waits for its browser.
//!
//! Line editing by the terminal driver is off meanwhile: it cuts a line at 4095 bytes on Linux and at 1024 on
//! macOS, and an address with a code in it may be longer.

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use std::io::{self, Read};
use zeroize::Zeroizing;

/// The longest line that is kept.
const LONGEST: usize = 16 << 10;

/// The terminal at standard input, without echo and line editing. Goes back to how it was when it is dropped.
pub(crate) struct Keyboard(Termios);

impl Keyboard {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// If standard input is not a terminal, or can't be set.
    pub(crate) fn take() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let keyboard = Self(before);
        keyboard.quiet();
        Ok(keyboard)
    }

    /// Turns echo and line editing off; after a stop the shell may have turned them on. In the background the
    /// terminal is the shell's and is left alone.
    pub(crate) fn quiet(&self) {
        if !super::terminal::input_is_ours() {
            return;
        }
        let mut quiet = self.0.clone();
        quiet
            .local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO);
        let _ = tcsetattr(io::stdin(), SetArg::TCSADRAIN, &quiet);
    }

    /// Gives the terminal back.
    pub(crate) fn restore(&self) {
        if !super::terminal::input_is_ours() {
            return;
        }
        let _ = tcsetattr(io::stdin(), SetArg::TCSADRAIN, &self.0);
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Waits for Enter, with the terminal as it is.
pub(crate) fn line() {
    let mut text = String::new();
    let _ = io::stdin().read_line(&mut text);
}

/// What a person typed.
pub(crate) enum Typed {
    /// A whole line, without its end.
    Line(Zeroizing<String>),
    /// So many bytes of a line that is not ended yet.
    Part(usize),
}

/// Reads standard input in a thread of its own until it ends or `tell` does not want more.
pub(crate) fn listen(tell: impl Fn(Typed) -> bool + Send + 'static) {
    std::thread::spawn(move || {
        let mut line = Line::default();
        let mut buffer = Zeroizing::new([0_u8; 4096]);
        loop {
            let count = match io::stdin().lock().read(&mut *buffer) {
                Ok(0) => return,
                Ok(count) => count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return,
            };
            for typed in line.take(&buffer[..count]) {
                if !tell(typed) {
                    return;
                }
            }
        }
    });
}

/// A line that is being typed.
#[derive(Default)]
struct Line(Zeroizing<Vec<u8>>);

impl Line {
    fn take(&mut self, bytes: &[u8]) -> Vec<Typed> {
        let mut out = Vec::new();
        for byte in bytes {
            match byte {
                b'\r' | b'\n' => {
                    let line = std::mem::take(&mut self.0);
                    let text = String::from_utf8_lossy(&line).into_owned();
                    out.push(Typed::Line(Zeroizing::new(text)));
                }
                0x7f | 0x08 => {
                    self.0.pop();
                }
                // Ctrl-U.
                0x15 => self.0 = Zeroizing::default(),
                _ if self.0.len() < LONGEST => self.0.push(*byte),
                _ => {}
            }
        }
        out.push(Typed::Part(self.0.len()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(parts: &[&[u8]]) -> Vec<String> {
        let mut line = Line::default();
        parts
            .iter()
            .flat_map(|part| line.take(part))
            .map(|typed| match typed {
                Typed::Line(text) => format!("line {}", text.as_str()),
                Typed::Part(count) => format!("part {count}"),
            })
            .collect()
    }

    #[test]
    fn lines_are_put_together_from_what_the_terminal_gives() {
        assert_eq!(told(&[b"ab", b"c\n"]), ["part 2", "line abc", "part 0"]);
        assert_eq!(told(&[b"a\rb"]), ["line a", "part 1"]);
        assert_eq!(told(&[b"abx\x7fc\n"]), ["line abc", "part 0"]);
        assert_eq!(told(&[b"wrong\x15right\n"]), ["line right", "part 0"]);
        let long = vec![b'x'; LONGEST + 9];
        assert_eq!(told(&[&long]), [format!("part {LONGEST}")]);
    }
}
