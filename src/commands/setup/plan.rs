//! What goes into the start-up file, and what the user has to do.

use super::Output;
use super::block::{BEGIN, END, with_block};
use super::rc_file::{Rc, tilde};
use super::reach::Parser;
use super::theme::{Theme, body};
use crate::aws::Env;
use crate::aws::env_vars;
use crate::shell_rc;
use crate::shells::{self, Shell};
use crate::sys::{self, fs, process};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What there is to do.
pub(super) struct Plan {
    pub(super) shell: Shell,
    pub(super) theme: Theme,
    /// The lines for the start-up file, without the marks.
    pub(super) lines: String,
    /// Lines for other files: what is to be done, and the lines.
    pub(super) by_hand: Vec<(String, String)>,
    /// What loads awsbadge other than our block: a file, and the line in it.
    pub(super) already: Option<String>,
    /// Why the shell would not reach the lines.
    pub(super) problem: Option<String>,
}

impl Plan {
    pub(super) fn new(shell: Shell, theme: Theme, rc: &Rc, home: &Path, vars: &Env) -> Self {
        let mut by_hand = Vec::new();
        // Whether a file of the user's speaks of us already; `None` if there is no such file.
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
                shell_rc::line(shell, options) + "\n"
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
        let parser = Parser::find(shell, vars);
        let is_text = |number: usize| {
            let before: String = rc.text.split_inclusive('\n').take(number - 1).collect();
            parser
                .as_ref()
                .is_some_and(|parser| parser.is_text(&before))
        };
        let mut loads = shell_rc::Loads::default();
        let already = rc
            .lines()
            .find(|(number, line)| loads.line(line) && (loads.listed || !is_text(*number)))
            .map(|(number, _)| format!("{}:{number}", rc.shown))
            .or_else(|| {
                let mut files = shell_rc::plugin_files(shell, home, vars).into_iter();
                files.find_map(|path| Some(format!("{}:{}", tilde(&path, home), loading(&path)?)))
            });
        let problem = match &already {
            None => parser.as_ref().and_then(|parser| parser.problem(rc)),
            Some(_) => None,
        };
        // Every framework starts it. A file without a framework may not.
        if (shell, theme) == (Shell::Zsh, Theme::Plain)
            && rc.block.is_none()
            && already.is_none()
            && !rc.lines().any(|(_, line)| line.contains("compinit"))
        {
            let what = format!(
                "For Tab, zsh's completion system has to run; if nothing else starts it, in {}",
                rc.shown
            );
            by_hand.push((what, "autoload -Uz compinit && compinit\n".to_owned()));
        }
        Self {
            shell,
            theme,
            lines,
            by_hand,
            already,
            problem,
        }
    }

    /// The lines for the start-up file between their marks.
    pub(super) fn block(&self) -> String {
        format!("{BEGIN}\n{}{END}\n", self.lines)
    }

    /// What `setup` prints where it may not write.
    pub(super) fn advice(&self, rc: &Rc) -> Output {
        let mut out = format!("{} with {}\n", self.shell.name(), self.theme.name());
        match &self.already {
            Some(place) => out += &format!("\n{place} loads awsbadge already.\n"),
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
                if let Some(problem) = &self.problem {
                    out += &format!("\nBut first change {}: {problem}.\n", rc.shown);
                }
            }
        }
        Output::print(out + &self.by_hand())
    }

    pub(super) fn by_hand(&self) -> String {
        let parts = self.by_hand.iter().map(|(what, lines)| {
            if lines.is_empty() {
                format!("\n{what}.\n")
            } else {
                format!("\n{what}:\n\n{}", indented(lines))
            }
        });
        parts.collect()
    }
}

/// The line of a file that loads awsbadge.
fn loading(path: &Path) -> Option<usize> {
    let fs::Read::Bytes(text) = fs::read(path, fs::CONFIG_CAP) else {
        return None;
    };
    shell_rc::loading(path, &String::from_utf8_lossy(&text))
}

pub(super) fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// Whether the lines of a `.zshrc` enable oh-my-zsh's aws plugin, in a list over one line or more.
pub(super) fn has_aws_plugin<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> bool {
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
