//! A real terminal with an interactive shell in it, by tmux.

use super::{Home, Shell, until};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A terminal to be opened.
#[must_use = "a terminal is there after `open`"]
pub(crate) struct TermBuilder<'h> {
    home: &'h Home,
    shell: Shell,
    environment: Vec<(String, String)>,
    columns: u16,
    rows: u16,
}

/// An interactive shell in a terminal of its own: a tmux server on a private socket, ended on drop.
///
/// Its prompt is `> `. Every prompt ends by setting the terminal's title to `ready` and something that is
/// new at each prompt: that is how [`Term::type_line`] knows that the shell has taken the line, run it, and
/// drawn its prompt again. A test that sets a prompt of its own puts `$_term_mark` (in fish, a call of
/// `_term_mark`) at its end.
pub(crate) struct Term<'h> {
    home: &'h Home,
    socket: String,
    /// The shell's process.
    process: String,
}

impl<'h> TermBuilder<'h> {
    pub(super) fn new(home: &'h Home, shell: Shell) -> Self {
        Self {
            home,
            shell,
            environment: Vec::new(),
            columns: 120,
            rows: 40,
        }
    }

    /// A variable for the shell, exported.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Another size than 120 x 40.
    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// Writes `rc` into the shell's own start-up file in the home, starts the shell, and waits for its first
    /// prompt.
    #[track_caller]
    pub(crate) fn open(self, rc: &str) -> Term<'h> {
        let (file, preamble, options): (_, _, &[&str]) = match self.shell {
            // -d: without the system's start-up files.
            Shell::Zsh => (".zshrc", ZSH, &["-d", "-i"]),
            Shell::Bash => (".bashrc", BASH, &["--noprofile", "-i"]),
            Shell::Fish => (".config/fish/config.fish", FISH, &["-i"]),
        };
        self.home.file(file, format!("{preamble}{rc}"));
        // Without this directory fish's first start reads every manual page there is; newer ones keep it as a cache.
        for directory in [".local/share", ".cache"] {
            let directory = self.home.path().join(directory);
            std::fs::create_dir_all(directory.join("fish/generated_completions")).unwrap();
        }
        let program = self.shell.program();
        let term = self.start(&program, options);
        term.wait("the first prompt", |term| {
            term.mark().starts_with("ready").then_some(())
        });
        term
    }

    /// Starts any program. Only shells that `open` starts tell when they are ready.
    #[track_caller]
    pub(crate) fn start(self, program: &Path, options: &[&str]) -> Term<'h> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let socket = format!("awsbadge-{}-{count}", std::process::id());

        let mut term = Term {
            home: self.home,
            socket,
            process: String::new(),
        };
        let (columns, rows) = (self.columns.to_string(), self.rows.to_string());
        let mut tmux = term.tmux();
        tmux.args(["start-server", ";", "set", "-g", "status", "off", ";"])
            .args([
                "set",
                "-g",
                "default-terminal",
                "screen-256color",
                ";",
                "set",
                "-sg",
                "escape-time",
                "0",
                ";",
            ])
            // A shell that ended has its last words on the screen still.
            .args([
                "set",
                "-g",
                "remain-on-exit",
                "on",
                ";",
                "new-session",
                "-d",
                "-x",
                &columns,
                "-y",
                &rows,
            ]);
        for (name, value) in &self.environment {
            tmux.arg("-e").arg(format!("{name}={value}"));
        }
        tmux.arg("--").arg(program).args(options);
        let started = tmux.output().unwrap();
        assert!(
            started.status.success(),
            "tmux: {}",
            String::from_utf8_lossy(&started.stderr)
        );

        term.process = term.ask("#{pane_pid}");
        term
    }
}

impl Term<'_> {
    /// Types `text` and Enter, and waits until the shell has run it and shows its prompt again.
    #[track_caller]
    pub(crate) fn type_line(&self, text: &str) {
        let before = self.mark();
        self.type_text(text);
        self.keys(&["Enter"]);
        self.wait(&format!("the prompt after {text:?}"), |term| {
            (term.mark() != before).then_some(())
        });
    }

    /// Types `text` as it is, without Enter.
    #[track_caller]
    pub(crate) fn type_text(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        // tmux takes a semicolon at the end of an argument for its own.
        let text = text
            .strip_suffix(';')
            .map_or(text.to_owned(), |rest| format!("{rest}\\;"));
        self.tell(&["send-keys", "-l", "--", &text]);
    }

    /// Types `text` and Enter into a program that [`TermBuilder::start`] started, and waits until `prompt` is the last
    /// line, below what was typed. Every `text` has to be typed once only.
    #[track_caller]
    pub(crate) fn type_until(&self, text: &str, prompt: &str) {
        self.type_text(text);
        self.keys(&["Enter"]);
        self.wait(&format!("{prompt:?} after {text:?}"), |term| {
            let screen = term.screen();
            let lines: Vec<&str> = screen.lines().filter(|line| !line.is_empty()).collect();
            let (last, before) = lines.split_last()?;
            let typed = before.iter().any(|line| line.ends_with(text));
            (*last == prompt && typed).then_some(())
        });
    }

    /// Presses keys by tmux's names: `Enter`, `Tab`, `Up`, `C-c`, `M-b`, `Escape`.
    #[track_caller]
    pub(crate) fn keys(&self, keys: &[&str]) {
        self.tell(&[&["send-keys"], keys].concat());
    }

    /// What the terminal shows, a line each, without the spaces at the ends of lines.
    #[track_caller]
    pub(crate) fn screen(&self) -> String {
        self.tell(&["capture-pane", "-p"])
    }

    /// What the terminal shows, with the SGR sequences of its colours.
    #[track_caller]
    pub(crate) fn coloured_screen(&self) -> String {
        self.tell(&["capture-pane", "-p", "-e"])
    }

    /// Where the cursor stands: column and row, from 0.
    #[track_caller]
    pub(crate) fn cursor(&self) -> (u16, u16) {
        let (column, row) = self
            .ask("#{cursor_x} #{cursor_y}")
            .split_once(' ')
            .map(owned)
            .unwrap();
        (column.parse().unwrap(), row.parse().unwrap())
    }

    /// Waits until the cursor stands in `column`, from 0. `what` names the wish.
    #[track_caller]
    pub(crate) fn wait_for_column(&self, column: u16, what: &str) {
        self.wait(&format!("the cursor in column {column}, {what}"), |term| {
            (term.cursor().0 == column).then_some(())
        });
    }

    /// Whether the shell still runs.
    #[track_caller]
    pub(crate) fn alive(&self) -> bool {
        self.ask("#{pane_dead}") == "0"
    }

    /// Waits until the shell has ended.
    #[track_caller]
    pub(crate) fn wait_for_end(&self) {
        self.wait("the shell's end", |term| (!term.alive()).then_some(()));
    }

    /// Waits until `text` stands on the screen, and hands over the screen.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait(&format!("{text:?} on the screen"), |term| {
            Some(term.screen()).filter(|s| s.contains(text))
        })
    }

    /// Waits until the screen is as `wanted` wants it, and hands it over. `what` names the wish.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.wait(what, |term| {
            Some(term.screen()).filter(|screen| wanted(screen))
        })
    }

    /// The last line on the screen that is not blank: the prompt, where nothing was typed yet.
    #[track_caller]
    pub(crate) fn last_line(&self) -> String {
        self.screen()
            .lines()
            .rev()
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_owned()
    }

    /// What the shell's last prompt set the title to.
    fn mark(&self) -> String {
        self.ask("#{pane_title}")
    }

    #[track_caller]
    fn wait<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        until(|| look(self)).unwrap_or_else(|| {
            let (screen, cursor) = (self.screen(), self.cursor());
            panic!(
                "waited in vain for {what}; cursor at {cursor:?}; the screen:\n{}",
                screen.trim_end()
            )
        })
    }

    #[track_caller]
    fn ask(&self, format: &str) -> String {
        self.tell(&["display-message", "-p", format])
            .trim_end_matches('\n')
            .to_owned()
    }

    #[track_caller]
    fn tell(&self, arguments: &[&str]) -> String {
        let output = self.tmux().args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "tmux {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn tmux(&self) -> Command {
        let mut tmux = Command::new(super::tools::find("tmux").expect("tmux is installed"));
        tmux.env_clear()
            .envs(self.home.environment())
            .current_dir(self.home.path());
        tmux.args(["-L", &self.socket, "-f", "/dev/null"]);
        tmux
    }
}

impl Drop for Term<'_> {
    fn drop(&mut self) {
        let socket = self
            .tmux()
            .args([
                "display-message",
                "-p",
                "#{socket_path}",
                ";",
                "kill-server",
            ])
            .output();
        // The shell may write into the home until it is gone, or a zombie: that has no program any more.
        let program = format!("/proc/{}/exe", self.process);
        let _ = until(|| std::fs::read_link(&program).is_err().then_some(()));
        // tmux leaves its socket behind.
        if let Ok(socket) = socket {
            let _ = std::fs::remove_file(String::from_utf8_lossy(&socket.stdout).trim_end());
        }
    }
}

fn owned((left, right): (&str, &str)) -> (String, String) {
    (left.to_owned(), right.to_owned())
}

/// `%D{%s.%6.}`, the time in microseconds, needs no option of the user's to be expanded.
const ZSH: &str = r"
unset HISTFILE
_term_mark=$'%{\e]2;ready %D{%s.%6.}\a%}'
PROMPT='> '$_term_mark
";

/// `\#` counts commands, and still does without `promptvars`; the sum counts empty lines too.
const BASH: &str = r"
unset HISTFILE
_term_count=0
_term_mark='\[\e]2;ready \#.$((_term_count+=1))\a\]'
PS1='> '$_term_mark
";

/// fish sets a title of its own before each prompt and each command, unless `fish_title` prints nothing.
const FISH: &str = r"
set -g fish_greeting
set -g fish_history ''
set -g fish_autosuggestion_enabled 0
function fish_title; end
set -g _term_count 0
function _term_mark
    set -g _term_count (math $_term_count + 1)
    printf '\e]2;ready %s\a' $_term_count
end
function fish_prompt
    printf '> '
    _term_mark
end
";
