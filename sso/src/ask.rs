//! Questions to the person at the terminal.

use crate::error::{Failure, Word};
use crate::library::{Answer, Terminal, Vars, reason};
use crate::sys::terminal;

/// The terminal, while questions are asked on it. It goes back to how it was when this is dropped.
pub(crate) struct Form {
    terminal: Terminal,
    columns: usize,
}

impl Form {
    /// Takes the terminal over; `None` if there is none that can be used.
    pub(crate) fn open(vars: &Vars) -> Option<Self> {
        if !terminal::can_redraw(vars) {
            return None;
        }
        let terminal = Terminal::new().ok()?;
        Some(Self {
            terminal,
            columns: terminal::size().map_or(80, |(columns, _)| columns),
        })
    }

    /// How wide the terminal is.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Has a line typed; `text` is typed already.
    ///
    /// # Errors
    /// `interrupted`.
    pub(crate) fn line(&mut self, prompt: &str, text: &str) -> Result<String, Failure> {
        let asked = crate::library::ask_line(&mut self.terminal, prompt, text, self.columns);
        let line = given(asked)?;
        self.settle(prompt, &line)?;
        Ok(line)
    }

    /// Has one of `rows` picked. Its place.
    ///
    /// # Errors
    /// `interrupted`.
    pub(crate) fn pick(&mut self, prompt: &str, rows: &[String]) -> Result<usize, Failure> {
        let asked = crate::library::ask_list(&mut self.terminal, prompt, rows, "");
        let place = given(asked)?;
        // Its columns are for the list.
        let row = rows.get(place).map_or("", String::as_str);
        let row: Vec<&str> = row.split_whitespace().collect();
        self.settle(prompt, &row.join(" "))?;
        Ok(place)
    }

    /// Shows a line between questions.
    ///
    /// # Errors
    /// `no-terminal`.
    pub(crate) fn settle(&mut self, prompt: &str, answer: &str) -> Result<(), Failure> {
        crate::library::settle(&mut self.terminal, prompt, answer).map_err(|e| gone(&e))
    }
}

fn gone(error: &std::io::Error) -> Failure {
    Failure::new(
        Word::NoTerminal,
        format!("the terminal can't be used: {}", reason(error)),
        "",
    )
}

fn given<T>(asked: std::io::Result<Answer<T>>) -> Result<T, Failure> {
    match asked.map_err(|e| gone(&e))? {
        Answer::Given(answer) => Ok(answer),
        Answer::Signal(15) => Err(Failure::new(Word::Terminated, "ended by a signal", "")),
        Answer::Nothing | Answer::Signal(_) => {
            Err(Failure::new(Word::Interrupted, "interrupted", ""))
        }
    }
}
