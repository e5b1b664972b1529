//! Writes one manual page. Everything outside ASCII is an escape, so no reader has to guess the encoding.

use clap::{Arg, Command};
use clap_mangen::Man;

pub(super) struct Page(String);

impl Page {
    /// `name` such as `awsbadge-list`, `date` as in `2026-01-31`.
    pub(super) fn new(name: &str, date: &str) -> Self {
        let title = escape(&name.to_uppercase());
        let version = env!("CARGO_PKG_VERSION");
        let header = ".\\\" Generated: AWSBADGE_UPDATE=1 cargo test --test it man\n";
        Self(format!(
            "{header}.TH \"{title}\" \"1\" \"{date}\" \"awsbadge {version}\" \"awsbadge manual\"\n.nh\n.ad l\n"
        ))
    }

    pub(super) fn text(self) -> String {
        self.0
    }

    fn line(&mut self, line: &str) {
        self.0 += line;
        self.0.push('\n');
    }

    pub(super) fn section(&mut self, name: &str) {
        self.line(&format!(".SH {name}"));
    }

    pub(super) fn subsection(&mut self, name: &str) {
        self.line(&format!(".SS {name}"));
    }

    pub(super) fn name(&mut self, name: &str, about: &str) {
        self.section("NAME");
        self.line(&format!("{} \\- {}", escape(name), inline(about)));
    }

    /// How a command is called, with all its options.
    pub(super) fn synopsis(&mut self, called: &str, command: &Command) {
        self.section("SYNOPSIS");
        let mut words = vec![bold(called)];
        let shown = || command.get_arguments().filter(|arg| !arg.is_hide_set());
        let standard = |arg: &Arg| matches!(arg.get_id().as_str(), "help" | "version");
        for arg in shown().filter(|arg| !arg.is_positional() && !standard(arg)) {
            let value = value_name(arg).map(|name| italic(&name));
            let value = match (value, arg.is_require_equals_set()) {
                (None, _) => String::new(),
                (Some(value), false) => format!("\\ {value}"),
                (Some(value), true) => format!("[={value}]"),
            };
            let option = bold(&format!("--{}", arg.get_long().unwrap()));
            words.push(bracketed(
                &format!("{option}{value}"),
                !arg.is_required_set(),
            ));
        }
        for arg in shown().filter(|arg| arg.is_positional()) {
            let many = matches!(arg.get_num_args(), Some(n) if n.max_values() > 1);
            let name = italic(&value_name(arg).unwrap());
            let place = bracketed(&name, !arg.is_required_set());
            words.push(format!("{place}{}", if many { "..." } else { "" }));
        }
        if command.has_subcommands() {
            words.push(italic("COMMAND"));
            words.push(bracketed(&italic("ARGUMENTS"), true) + "...");
        }
        self.line(&words.join("\n"));
    }

    /// Paragraphs with empty lines between them; lines that begin with two spaces stay as they are.
    pub(super) fn paragraphs(&mut self, text: &str) {
        for paragraph in text.split("\n\n") {
            if paragraph.starts_with("  ") {
                self.example(paragraph);
            } else {
                if !self.begins() {
                    self.line(".PP");
                }
                self.line(&inline(paragraph));
            }
        }
    }

    /// Whether the last line is a heading.
    fn begins(&self) -> bool {
        let last = self.0.lines().last().unwrap();
        last.starts_with(".SH ") || last.starts_with(".SS ")
    }

    /// Lines as they are, indented.
    pub(super) fn example(&mut self, lines: &str) {
        self.line(".PP\n.RS 4\n.nf");
        for line in lines.lines() {
            let line = escape(line.strip_prefix("  ").unwrap_or(line));
            self.line(&bold_line(&line));
        }
        self.line(".fi\n.RE");
    }

    /// A term, which may have marks, and what it means.
    pub(super) fn item(&mut self, term: &str, meaning: &str) {
        self.line(".TP");
        self.line(&inline(term));
        self.line(&inline(meaning));
    }

    /// The section OPTIONS, as clap_mangen has it.
    pub(super) fn options(&mut self, command: &Command) {
        let mut bytes = Vec::new();
        Man::new(command.clone())
            .render_options_section(&mut bytes)
            .unwrap();
        let text = String::from_utf8(bytes).unwrap();
        // What every page would begin with, and marks that clap_mangen leaves in the texts.
        let lines = text.lines().filter(|line| {
            !line.starts_with(".ie ") && !line.starts_with(".el ") && !line.is_empty()
        });
        let mut lines = lines.peekable();
        while let Some(line) = lines.next() {
            if line != ".br" {
                let line = line.replace(r"\*(Aq", r"\(aq").replace(['<', '>'], "");
                self.line(&marked(&ascii(&line)));
                continue;
            }
            // The possible values: an empty line, a title, a list that is far to the right.
            let list = lines.by_ref().skip_while(|line| *line != ".RS 14").skip(1);
            let values: Vec<&str> = list
                .take_while(|line| *line != ".RE")
                .filter(|line| !line.starts_with(".IP"))
                .collect();
            self.line(".RS");
            if values.iter().any(|value| value.contains(": ")) {
                for value in values {
                    let (value, meaning) = value.split_once(": ").unwrap();
                    self.line(&format!(".TP 10\n\\fB{value}\\fR"));
                    self.line(&marked(&ascii(&meaning.replace(r"\*(Aq", r"\(aq"))));
                }
            } else {
                let values: Vec<String> = values.iter().map(|v| format!("\\fB{v}\\fR")).collect();
                let (last, first) = values.split_last().unwrap();
                self.line(&format!("One of {} or {last}", first.join(", ")));
            }
            self.line(".RE");
        }
    }

    /// References to other pages.
    pub(super) fn see_also(&mut self, pages: &[String]) {
        self.section("SEE ALSO");
        let pages: Vec<String> = pages.iter().map(|page| bold(page) + "(1)").collect();
        self.line(&pages.join(",\n"));
    }
}

/// The name of an option's or a place's value; `None` if it takes none.
fn value_name(arg: &Arg) -> Option<String> {
    let takes = arg.is_positional() || arg.get_action().takes_values();
    let names = arg.get_value_names()?;
    takes.then(|| names.join(" "))
}

fn bracketed(text: &str, optional: bool) -> String {
    if optional {
        format!("[{text}]")
    } else {
        text.to_owned()
    }
}

pub(super) fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escape(text))
}

fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escape(text))
}

/// A line of an example: a comment is plain.
fn bold_line(line: &str) -> String {
    match line.split_once("  #") {
        Some((command, comment)) => format!("\\fB{command}\\fR  #{comment}"),
        None if line.is_empty() => "\\&".to_owned(),
        None => format!("\\fB{line}\\fR"),
    }
}

/// Text with its `code` in bold and its references to pages, `name(1)`, too.
pub(super) fn inline(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    marked(&escape(&lines.join("\n")))
}

/// Escaped text with marks.
fn marked(text: &str) -> String {
    let mut out = String::new();
    for (number, part) in text.split("\\(ga").enumerate() {
        match number % 2 {
            0 => out += part,
            _ => out += &format!("\\fB{part}\\fR"),
        }
    }
    out
}

fn escape(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq");
    let lines: Vec<String> = ascii(&escaped)
        .lines()
        .map(|line| {
            if line.starts_with('.') {
                format!("\\&{line}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    lines.join("\n")
}

/// What a reader would show as something else, or not at all.
fn ascii(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '`' => out += "\\(ga",
            '^' => out += "\\(ha",
            '~' => out += "\\(ti",
            c if c.is_ascii() => out.push(c),
            c => out += &format!("\\[u{:04X}]", u32::from(c)),
        }
    }
    out
}
