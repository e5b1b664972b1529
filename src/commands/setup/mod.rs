//! `setup`: finds the shell's start-up file and the prompt theme, and says which lines show the badge there;
//! with `--write` puts those of the start-up file in, between two marks, and with `--remove` takes them out.
//!
//! Only the start-up file is ever written. A theme's own file is somebody's work, often in a language of its
//! own: its lines are printed.

use super::Output;
use crate::aws::Env;
use crate::aws::env_vars::{self, EnvVar};
use crate::cli::Setup;
use crate::error::Error;
use crate::output::sanitize::Visible;
use crate::shells::{self, Shell};
use crate::sys::{self, atomic_write, fs, process};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The lines around ours.
const BEGIN: &str = "# >>> awsbadge >>>";
const END: &str = "# <<< awsbadge <<<";

/// What every refusal ends with.
const BY_HAND: &str =
    "Nothing was changed. `awsbadge setup` prints the lines, to be put in by hand.";

pub(super) fn run(args: &Setup, vars: &Env) -> Result<Output, Error> {
    let home = sys::dirs::home(vars).ok_or_else(|| Error::General {
        message: "there is no home folder: HOME is not set".to_owned(),
        hint: String::new(),
    })?;
    let shell = match args.shell {
        Some(name) => name.into(),
        None => login_shell(vars)?,
    };
    let rc = Rc::read(start_up_file(shell, &home, vars), &home)?;
    match (args.write, args.remove) {
        (_, true) => rc.remove(),
        (write, _) => {
            let theme = Theme::find(
                shell,
                &rc.text,
                fs::about(&home.join(".p10k.zsh")).is_some(),
            );
            let plan = Plan::new(shell, theme, &rc, &home, vars);
            if write {
                rc.write(&plan)
            } else {
                Ok(plan.advice(&rc))
            }
        }
    }
}

/// The shell that `SHELL` names: the login shell, not always the one in use, hence only a default.
fn login_shell(vars: &Env) -> Result<Shell, Error> {
    let path = PathBuf::from(vars.raw(&env_vars::SHELL).unwrap_or_default());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [Shell::Zsh, Shell::Bash, Shell::Fish]
        .into_iter()
        .find(|shell| shell.name() == name)
        .ok_or_else(|| Error::Usage {
            message: format!(
                "SHELL names no shell that awsbadge knows: '{}'",
                Visible(&name)
            ),
            hint: "Say which: --shell zsh, --shell bash or --shell fish.".to_owned(),
        })
}

/// The file that an interactive shell reads at its start.
fn start_up_file(shell: Shell, home: &Path, vars: &Env) -> PathBuf {
    let named = |var: &'static EnvVar| vars.raw(var).map(PathBuf::from).filter(|p| p.is_absolute());
    match shell {
        Shell::Zsh => named(&env_vars::ZDOTDIR)
            .unwrap_or_else(|| home.to_owned())
            .join(".zshrc"),
        Shell::Bash => home.join(".bashrc"),
        Shell::Fish => named(&env_vars::XDG_CONFIG_HOME)
            .unwrap_or_else(|| home.join(".config"))
            .join("fish/config.fish"),
    }
}

/// A start-up file as it stands.
struct Rc {
    path: PathBuf,
    /// The path as people write it.
    shown: String,
    /// Its text; empty where there is no file.
    text: String,
    /// Its number of names, and its permission bits; `None` where there is no file.
    about: Option<(u64, u32)>,
    /// Where our block stands in the text, its marks and its newline included.
    block: Option<Range<usize>>,
}

impl Rc {
    fn read(path: PathBuf, home: &Path) -> Result<Self, Error> {
        let bad = |line, message| Error::BadFile {
            path: path.clone(),
            line,
            message,
            hint: BY_HAND.to_owned(),
        };
        let (bytes, about) = match fs::read(&path, fs::CONFIG_CAP) {
            fs::Read::Bytes(bytes) => {
                let about = fs::links_and_mode(&path);
                (bytes, about.map_err(|e| bad(None, fs::reason(&e)))?)
            }
            fs::Read::Absent => (Vec::new(), None),
            fs::Read::Unusable(why) => return Err(bad(None, why)),
        };
        let text = String::from_utf8(bytes).map_err(|e| {
            let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            bad(Some(lines_in(before) + 1), "not UTF-8".to_owned())
        })?;
        let block =
            find_block(&text).map_err(|(line, message)| bad(Some(line), message.to_owned()))?;
        Ok(Self {
            shown: tilde(&path, home),
            about,
            text,
            block,
            path,
        })
    }

    /// The text outside our block, as lines with their numbers, comments left out.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let ours = self.block.clone().unwrap_or_default();
        let mut at = 0;
        let lines = self
            .text
            .split_inclusive('\n')
            .enumerate()
            .map(move |(n, line)| {
                at += line.len();
                (n + 1, at, line.trim())
            });
        lines
            .filter(move |(_, end, line)| {
                !(line.starts_with('#') || ours.start < *end && *end <= ours.end)
            })
            .map(|(number, _, line)| (number, line))
    }

    /// Puts the block in, where it is not there yet.
    fn write(&self, plan: &Plan) -> Result<Output, Error> {
        let mut reply = Output::print(plan.by_hand());
        if let Some(line) = plan.already {
            reply.stderr = format!(
                "awsbadge: {}:{line} calls it already; nothing was changed\n",
                self.shown
            );
            return Ok(reply);
        }
        let text = with_block(&self.text, self.block.clone(), &plan.block());
        if text == self.text {
            reply.stderr = format!(
                "awsbadge: {} is up to date; nothing was changed\n",
                self.shown
            );
            return Ok(reply);
        }
        if self.block.is_none() && self.text.trim_end_matches(['\r', '\n']).ends_with('\\') {
            return Err(self.refusal("its last line is continued by a backslash".to_owned()));
        }
        let mut kept = String::new();
        if let (Some((_, mode)), None) = (self.about, &self.block) {
            let mut backup = self.path.clone().into_os_string();
            backup.push(".awsbadge-backup");
            let backup = PathBuf::from(backup);
            if !fs::exists(&backup).map_err(|e| self.unwritten(&e))? {
                self.replace(&backup, &self.text, mode)?;
                kept = format!("; {}.awsbadge-backup is how it was", self.shown);
            }
        }
        self.replace(&self.path, &text, 0o644)?;
        let old = self.block.clone().map_or("", |range| &self.text[range]);
        let diff = self.diff(old, &plan.block());
        reply.stdout = [diff.as_bytes(), &reply.stdout].concat();
        let shell = plan.shell.name();
        reply.stderr = format!(
            "awsbadge: wrote {}{kept}. The next {shell} has it; to have it here: exec {shell}\n",
            self.shown
        );
        Ok(reply)
    }

    /// Takes the block out.
    fn remove(&self) -> Result<Output, Error> {
        let mut reply = Output::default();
        let Some(range) = self.block.clone() else {
            reply.stderr = format!(
                "awsbadge: {} has no lines of `awsbadge setup`; nothing was changed\n",
                self.shown
            );
            return Ok(reply);
        };
        self.replace(&self.path, &without_block(&self.text, range.clone()), 0o644)?;
        reply.stdout = self.diff(&self.text[range], "").into_bytes();
        reply.stderr = format!("awsbadge: wrote {}, without its lines\n", self.shown);
        Ok(reply)
    }

    /// The lines that go and the lines that come, as diff writes them.
    fn diff(&self, old: &str, new: &str) -> String {
        let marked = |text: &str, mark| -> String {
            text.lines().map(|line| format!("{mark}{line}\n")).collect()
        };
        format!("{}\n{}{}", self.shown, marked(old, '-'), marked(new, '+'))
    }

    fn replace(&self, path: &Path, text: &str, mode: u32) -> Result<(), Error> {
        // A file without write permission is somebody's wish, or made by a program that would make it again.
        if self.about.is_some_and(|(_, mode)| mode & 0o200 == 0) {
            return Err(self.refusal("it is read-only".to_owned()));
        }
        // A new file would take only this name, and the others would go on with the old lines.
        if self.about.is_some_and(|(links, _)| links > 1) {
            return Err(self.refusal("it has other names too (hard links)".to_owned()));
        }
        path.parent()
            .map_or(Ok(()), atomic_write::make_directory)
            .and_then(|()| atomic_write::replace(path, text.as_bytes(), mode))
            .map_err(|e| self.unwritten(&e))
    }

    fn unwritten(&self, e: &std::io::Error) -> Error {
        self.refusal(format!("can't be written: {}", fs::reason(e)))
    }

    fn refusal(&self, message: String) -> Error {
        Error::BadFile {
            path: self.path.clone(),
            line: None,
            message,
            hint: BY_HAND.to_owned(),
        }
    }
}

/// Where the block stands, or the line that is wrong with it.
fn find_block(text: &str) -> Result<Option<Range<usize>>, (u32, &'static str)> {
    let (mut begin, mut found) = (None, None);
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        match line.trim() {
            BEGIN if begin.is_some() || found.is_some() => {
                return Err((number, "awsbadge's lines begin a second time"));
            }
            BEGIN => begin = Some((at, number)),
            END => match begin.take() {
                Some((start, _)) => found = Some(start..at + line.len()),
                None => return Err((number, "awsbadge's lines end and did not begin")),
            },
            _ => {}
        }
        at += line.len();
    }
    match begin {
        Some((_, number)) => Err((number, "awsbadge's lines begin and do not end")),
        None => Ok(found),
    }
}

/// The text with `block`, in the place of the old one or at the end. A file whose last line has no end is left
/// so, which is how [`without_block`] knows that it was.
fn with_block(text: &str, old: Option<Range<usize>>, block: &str) -> String {
    let line = block.trim_end_matches('\n');
    match old {
        Some(old) => {
            let end = if text[old.clone()].ends_with('\n') {
                "\n"
            } else {
                ""
            };
            format!("{}{line}{end}{}", &text[..old.start], &text[old.end..])
        }
        None if text.is_empty() || text.ends_with('\n') => format!("{text}{line}\n"),
        None => format!("{text}\n{line}"),
    }
}

/// The text as it was before [`with_block`].
fn without_block(text: &str, block: Range<usize>) -> String {
    let mut before = &text[..block.start];
    if !text[block.clone()].ends_with('\n') {
        before = before.strip_suffix('\n').unwrap_or(before);
    }
    format!("{before}{}", &text[block.end..])
}

fn lines_in(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|b| **b == b'\n').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A path as people write it.
fn tilde(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(rest) => format!("~/{}", Visible(&rest.to_string_lossy())),
        Err(_) => Visible(&path.to_string_lossy()).to_string(),
    }
}

/// What draws the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    Plain,
    OhMyZsh,
    Powerlevel10k,
    Pure,
    Spaceship,
    Starship,
    OhMyPosh,
}

impl Theme {
    /// By the start-up file. The programs that take the whole prompt over come first, then what a framework can
    /// hold, then the framework. `p10k` says that its file is in the home.
    fn find(shell: Shell, rc: &str, p10k: bool) -> Self {
        let code: Vec<&str> = rc
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
            .collect();
        let any = |words: &[&str]| {
            code.iter()
                .any(|line| words.iter().all(|word| line.contains(word)))
        };
        let of_zsh = || match () {
            () if any(&["powerlevel10k"]) || any(&["p10k"]) => Self::Powerlevel10k,
            () if any(&["spaceship"]) => Self::Spaceship,
            () if any(&["prompt pure"]) || any(&["sindresorhus/pure"]) => Self::Pure,
            () if any(&["oh-my-zsh"]) || any(&["ZSH_THEME="]) => Self::OhMyZsh,
            () if p10k => Self::Powerlevel10k,
            () => Self::Plain,
        };
        match shell {
            _ if any(&["starship", "init"]) => Self::Starship,
            _ if any(&["oh-my-posh", "init"]) => Self::OhMyPosh,
            Shell::Zsh => of_zsh(),
            Shell::Bash | Shell::Fish => Self::Plain,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "no theme",
            Self::OhMyZsh => "oh-my-zsh",
            Self::Powerlevel10k => "powerlevel10k",
            Self::Pure => "pure",
            Self::Spaceship => "spaceship",
            Self::Starship => "starship",
            Self::OhMyPosh => "oh-my-posh",
        }
    }

    /// The recipe whose lines belong into the start-up file.
    fn recipe(self, shell: Shell) -> Option<&'static str> {
        match self {
            Self::Starship if shell == Shell::Bash => {
                Some(include_str!("../../../shell/themes/starship.bash"))
            }
            Self::OhMyZsh => Some(include_str!("../../../shell/themes/oh-my-zsh.zsh")),
            Self::Pure => Some(include_str!("../../../shell/themes/pure.zsh")),
            Self::Spaceship => Some(include_str!("../../../shell/themes/spaceship.zsh")),
            Self::Plain | Self::Powerlevel10k | Self::Starship | Self::OhMyPosh => None,
        }
    }
}

/// A recipe without the comment at its head.
fn body(recipe: &str) -> &str {
    recipe.split_once("\n\n").map_or(recipe, |(_, body)| body)
}

/// What there is to do.
struct Plan {
    shell: Shell,
    theme: Theme,
    /// The lines for the start-up file, without the marks.
    lines: String,
    /// Lines for other files: what is to be done, and the lines.
    by_hand: Vec<(String, String)>,
    /// The line of the start-up file that calls `awsbadge init` outside our block.
    already: Option<usize>,
}

impl Plan {
    fn new(shell: Shell, theme: Theme, rc: &Rc, home: &Path, vars: &Env) -> Self {
        let mut by_hand = Vec::new();
        // Whether a file of the user's speaks of us already; `None` where there is none.
        let mentions = |path: &Path| match fs::read(path, fs::CONFIG_CAP) {
            fs::Read::Bytes(text) => {
                Some(memchr::memmem::find(&text.to_ascii_lowercase(), b"awsbadge").is_some())
            }
            _ => None,
        };

        let tmux = [".tmux.conf", ".config/tmux/tmux.conf"]
            .map(|name| home.join(name))
            .into_iter()
            .find_map(|path| mentions(&path).map(|mentioned| (path, mentioned)));
        let for_tmux = matches!(tmux, Some((_, true)));

        let mut lines = match theme.recipe(shell) {
            Some(recipe) => body(recipe).to_owned(),
            None => {
                let options = match theme {
                    Theme::Starship | Theme::OhMyPosh => " --export",
                    Theme::Plain => " --prompt left",
                    _ => "",
                };
                match shell {
                    Shell::Zsh | Shell::Bash => {
                        format!("eval \"$(awsbadge init {}{options})\"\n", shell.name())
                    }
                    Shell::Fish => format!("awsbadge init fish{options} | source\n"),
                }
            }
        };
        // Pure has one such function, and it may be the user's.
        let mut own = rc
            .lines()
            .filter(|(_, line)| line.contains("prompt_pure_precustom"));
        if let (Theme::Pure, Some((line, _))) = (theme, own.next()) {
            let (init, rest) = lines.split_once('\n').unwrap_or_default();
            let what = format!(
                "{}:{line} has a prompt_pure_precustom of its own. Put into it what is in this one",
                rc.shown
            );
            by_hand.push((what, rest.to_owned()));
            lines = format!("{init}\n");
        }
        if for_tmux && !lines.contains("--export") {
            lines = lines.replacen(
                &format!("awsbadge init {}", shell.name()),
                &format!("awsbadge init {} --export", shell.name()),
                1,
            );
        }
        if process::find("awsbadge", vars).is_none() {
            let path = shells::quote(shell, sys::program(vars).as_os_str().as_bytes());
            lines = lines.replacen(
                "awsbadge init",
                &format!("{} init", String::from_utf8_lossy(&path)),
                1,
            );
        }

        match theme {
            Theme::Starship => {
                let path = vars.raw(&env_vars::STARSHIP_CONFIG).filter(|p| !p.is_empty()).map_or_else(|| home.join(".config/starship.toml"), PathBuf::from);
                if mentions(&path) != Some(true) {
                    let what = format!("In {}; if it has a `format` of its own, put `$env_var` into that", tilde(&path, home));
                    by_hand.push((what, body(include_str!("../../../shell/themes/starship.toml")).to_owned()));
                }
            }
            Theme::OhMyPosh => by_hand.push((
                "In your oh-my-posh theme, as one of the `segments`".to_owned(),
                body(include_str!("../../../shell/themes/oh-my-posh.jsonc")).to_owned(),
            )),
            Theme::Powerlevel10k if mentions(&home.join(".p10k.zsh")) != Some(true) => by_hand.push((
                "In ~/.p10k.zsh, before its last line; and write `awsbadge` into POWERLEVEL9K_LEFT_PROMPT_ELEMENTS or \
                 POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS there, in the place of `aws`"
                    .to_owned(),
                body(include_str!("../../../shell/themes/powerlevel10k.zsh")).to_owned(),
            )),
            _ => {}
        }
        if shell == Shell::Zsh && has_aws_plugin(rc.lines()) {
            let what = format!(
                "In {}, take `aws` out of plugins=(…): asp, asr, agp, agr and acp come from awsbadge now",
                rc.shown
            );
            by_hand.push((what, String::new()));
        }
        if let Some((path, false)) = tmux {
            let what = format!(
                "If you want it in tmux's status line too: these lines in {}, then `awsbadge setup` again",
                tilde(&path, home)
            );
            by_hand.push((
                what,
                body(include_str!("../../../shell/themes/tmux.conf")).to_owned(),
            ));
        }
        if shell == Shell::Bash {
            by_hand.extend(login_shells_note(home));
        }

        let already = rc
            .lines()
            .find(|(_, line)| line.contains("awsbadge") && line.contains(" init "));
        // Every framework starts it; nobody does in a file that has none.
        if (shell, theme) == (Shell::Zsh, Theme::Plain)
            && rc.block.is_none()
            && already.is_none()
            && !rc.lines().any(|(_, line)| line.contains("compinit"))
        {
            let what = format!(
                "For TAB, zsh's completion system has to run; if nothing else starts it, in {}",
                rc.shown
            );
            by_hand.push((what, "autoload -Uz compinit && compinit\n".to_owned()));
        }
        Self {
            shell,
            theme,
            lines,
            by_hand,
            already: already.map(|(number, _)| number),
        }
    }

    /// The lines for the start-up file between their marks.
    fn block(&self) -> String {
        format!("{BEGIN}\n{}{END}\n", self.lines)
    }

    /// What `setup` prints where it may not write.
    fn advice(&self, rc: &Rc) -> Output {
        let mut out = format!("{} with {}\n", self.shell.name(), self.theme.name());
        match self.already {
            Some(line) => out += &format!("\n{}:{line} calls awsbadge already.\n", rc.shown),
            None if with_block(&rc.text, rc.block.clone(), &self.block()) == rc.text => {
                out += &format!("\n{} is up to date.\n", rc.shown);
            }
            None => {
                let place = if rc.block.is_some() {
                    "In the place of the old ones in"
                } else {
                    "At the end of"
                };
                out += &format!(
                    "\n{place} {} (`awsbadge setup --write` puts them there):\n\n",
                    rc.shown
                );
                out += &indented(&self.block());
            }
        }
        Output::print(out + &self.by_hand())
    }

    fn by_hand(&self) -> String {
        let parts = self
            .by_hand
            .iter()
            .map(|(what, lines)| match lines.is_empty() {
                true => format!("\n{what}.\n"),
                false => format!("\n{what}:\n\n{}", indented(lines)),
            });
        parts.collect()
    }
}

fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// Whether the lines of a `.zshrc` enable oh-my-zsh's aws plugin, in a list over one line or more.
fn has_aws_plugin<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> bool {
    let text: Vec<&str> = lines.map(|(_, line)| line).collect();
    let text = text.join(" ");
    let lists = text
        .split("plugins=(")
        .skip(1)
        .chain(text.split("plugins+=(").skip(1));
    lists
        .filter_map(|rest| rest.split(')').next())
        .any(|list| list.split_whitespace().any(|name| name == "aws"))
}

/// A login shell of bash reads one of these files instead of ~/.bashrc; most of them source that.
fn login_shells_note(home: &Path) -> Option<(String, String)> {
    let (name, text) = [".bash_profile", ".bash_login", ".profile"]
        .into_iter()
        .find_map(|name| match fs::read(&home.join(name), fs::CONFIG_CAP) {
            fs::Read::Bytes(text) => Some((name, text)),
            _ => None,
        })?;
    let sources = memchr::memmem::find(&text, b"bashrc").is_some();
    let what =
        format!("Login shells read ~/{name} instead, which does not source ~/.bashrc. In ~/{name}");
    (!sources).then(|| (what, "case $- in *i*) . ~/.bashrc ;; esac\n".to_owned()))
}
