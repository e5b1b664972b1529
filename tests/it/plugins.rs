//! The files for plugin managers: sourced as the managers do it, and in the real managers where their paths are given.

use crate::support::{Home, Shell, Term, binary, given, installed};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const CONFIG: &str = "[profile dev]\n[profile other]\n";
const KEYS: &str = "[dev]\naws_access_key_id = A\naws_secret_access_key = S\n\
                    [other]\naws_access_key_id = A\naws_secret_access_key = S\n";

/// A home with two profiles, the repository's files for plugin managers in `plugin`, and the program in `place`.
fn home(place: &str) -> Home {
    let home = Home::new();
    home.config(CONFIG).credentials(KEYS);
    if !place.is_empty() {
        home.file(&format!("{place}/.keep"), "");
        symlink(binary(), home.path().join(place).join("awsbadge")).unwrap();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in [
        "awsbadge.plugin.zsh",
        "_asp",
        "conf.d/awsbadge.fish",
        "completions/_awsbadge",
        "completions/awsbadge.bash",
        "completions/awsbadge.fish",
        "shell/awsbadge.zsh",
        "shell/awsbadge.bash",
        "shell/awsbadge.fish",
        "shell/plugins/awsbadge.plugin.bash",
        "shell/plugins/awsbadge.plugin.sh",
    ] {
        home.file(
            &format!("plugin/{file}"),
            std::fs::read(root.join(file)).unwrap(),
        );
    }
    home
}

/// Loads the plugin as the managers for this shell do it; fisher copies its files. The lines for the start-up file.
fn load(home: &Home, shell: Shell) -> &'static str {
    match shell {
        Shell::Zsh => {
            "fpath+=(~/plugin); autoload -Uz compinit; compinit -u; source ~/plugin/awsbadge.plugin.zsh\n"
        }
        Shell::Bash => "source ~/plugin/shell/plugins/awsbadge.plugin.bash\n",
        Shell::Fish => {
            for file in [
                "conf.d/awsbadge.fish",
                "completions/awsbadge.fish",
                "completions/awsbadge.bash",
                "completions/_awsbadge",
            ] {
                let text = home.read(&format!("plugin/{file}")).unwrap();
                home.file(&format!(".config/fish/{file}"), text);
            }
            ""
        }
    }
}

fn shells() -> Vec<Shell> {
    if !installed(&["tmux"]) {
        return Vec::new();
    }
    Shell::installed().collect()
}

/// Tab after `asp` completes a profile's name at the first prompt and at later ones, and the badge follows.
fn works(term: &Term<'_>, what: &str) {
    for (start, badge) in [("asp de", "aws:dev keys"), ("asp ot", "aws:other keys")] {
        term.type_text(start);
        term.wait_for(&format!("> {start}"));
        term.keys(&["Tab"]);
        let whole = &badge[4..badge.len() - 5];
        term.wait_until(what, |screen| screen.contains(&format!("asp {whole}")));
        term.type_line("");
        term.wait_until(&format!("{what}: {badge}"), |screen| screen.contains(badge));
        let screen = term.screen();
        assert!(
            !screen.contains("not found") && !screen.contains("error"),
            "{what}: {screen}"
        );
    }
    term.type_text("awsbadge expl");
    term.keys(&["Tab"]);
    term.wait_until(what, |screen| screen.contains("awsbadge explain"));
    term.type_line("");
    term.type_line("asp; clear");
}

#[test]
fn a_plugin_shows_the_badge_and_completes_wherever_the_program_is() {
    for shell in shells() {
        for place in ["bin", ".cargo/bin", ".local/bin"] {
            let home = home(place);
            let term = home.term(shell).open(load(&home, shell));
            let screen = term.screen();
            assert_eq!(screen.trim(), ">", "{shell}, {place}");
            works(&term, &format!("{shell}, {place}"));
        }
    }
}

#[test]
fn without_the_program_one_line_says_what_to_do() {
    for shell in shells() {
        let home = home("");
        let term = home.term(shell).open(load(&home, shell));
        let screen = term.screen();
        let lines: Vec<&str> = screen.trim_end().lines().collect();
        // The terminal may be too narrow for the path of this home.
        let said = lines[..lines.len() - 1].concat();
        assert!(
            said.starts_with("awsbadge: the program is missing; "),
            "{shell}: {screen}"
        );
        assert_eq!(said.matches("awsbadge:").count(), 1, "{shell}: {screen}");
        assert!(said.contains(&format!("exec {shell}")), "{shell}: {screen}");
        assert_eq!(
            said.contains("cargo install --locked --path"),
            shell == Shell::Zsh,
            "{screen}"
        );
        term.type_line("clear");
        assert_eq!(term.screen().trim(), ">", "{shell}: no second line");
    }
}

#[test]
fn a_shell_that_is_not_interactive_hears_nothing() {
    for shell in shells() {
        for place in ["", ".cargo/bin"] {
            let home = home(place);
            let lines = load(&home, shell);
            // fish reads conf.d in every shell; the others are asked to.
            let lines = match shell {
                Shell::Fish => "source ~/.config/fish/conf.d/awsbadge.fish\n",
                Shell::Zsh => &lines[lines.find("source").unwrap()..],
                Shell::Bash => lines,
            };
            let script = format!("{lines}echo end\n");
            let out = home.script(shell, &script).output();
            assert_eq!(
                (out.stdout.as_str(), out.stderr.as_str()),
                ("end\n", ""),
                "{shell}"
            );
        }
    }
}

#[test]
fn loading_it_twice_does_no_harm() {
    for shell in shells() {
        let home = home("bin");
        let lines = load(&home, shell);
        let again = match shell {
            Shell::Zsh => "source ~/plugin/awsbadge.plugin.zsh\n",
            Shell::Bash => "source ~/plugin/shell/plugins/awsbadge.plugin.sh\n",
            Shell::Fish => "source ~/.config/fish/conf.d/awsbadge.fish\n",
        };
        let term = home.term(shell).open(&format!("{lines}{again}"));
        works(&term, &shell.to_string());
        term.type_line(again.trim());
        term.type_line("asp dev");
        term.type_line("clear");
        let screen = term.wait_for("aws:dev keys");
        assert_eq!(
            screen.matches("aws:dev keys").count(),
            1,
            "{shell}: {screen}"
        );
        let (count, wanted) = match shell {
            Shell::Zsh => (
                "echo $#precmd_functions:${#${(M)fpath:#$HOME/plugin}}:$#preexec_functions",
                "2:1:0",
            ),
            Shell::Bash => (
                "echo ${#PROMPT_COMMAND[@]}:${PROMPT_COMMAND[*]}",
                "1:_awsbadge_precmd",
            ),
            Shell::Fish => ("functions -q _awsbadge_plugin; or echo gone", "gone"),
        };
        if shell == Shell::Bash && shell.version() < 501 {
            continue;
        }
        term.type_line(count);
        let screen = term.screen();
        assert!(
            screen.lines().any(|line| line == wanted),
            "{shell}: {screen}"
        );
    }
}

#[test]
fn options_are_a_string_or_a_list() {
    for shell in shells() {
        let none: &[&str] = match shell {
            Shell::Zsh => &["AWSBADGE_INIT_OPTIONS=", "AWSBADGE_INIT_OPTIONS=()"],
            Shell::Bash => &["AWSBADGE_INIT_OPTIONS="],
            Shell::Fish => &[
                "set -g AWSBADGE_INIT_OPTIONS",
                "set -g AWSBADGE_INIT_OPTIONS ''",
            ],
        };
        let some: &[&str] = match shell {
            Shell::Zsh | Shell::Bash => &[
                "AWSBADGE_INIT_OPTIONS='--cmd awsp --prompt left'",
                "AWSBADGE_INIT_OPTIONS=(--cmd awsp --prompt left)",
                "export AWSBADGE_INIT_OPTIONS='--cmd awsp --prompt left'; IFS=:; setopt ksharrays 2>/dev/null || set -u",
            ],
            Shell::Fish => &[
                "set -g AWSBADGE_INIT_OPTIONS '--cmd awsp --prompt left'",
                "set -g AWSBADGE_INIT_OPTIONS --cmd awsp --prompt left",
            ],
        };
        let side = if shell == Shell::Bash {
            "left"
        } else {
            "right"
        };
        let cases = none.iter().map(|line| (*line, "asp", ""));
        let cases = cases.chain(some.iter().map(|line| (*line, "awsp", "left")));
        for (line, command, prompt) in cases.chain([("", "asp", side)]) {
            let home = home("bin");
            let lines = load(&home, shell);
            if shell == Shell::Fish {
                home.file(".config/fish/conf.d/a.fish", line);
            }
            let line = if shell == Shell::Fish { "" } else { line };
            let term = home.term(shell).open(&format!("{line}\n{lines}"));
            term.type_line("echo \"<$_awsbadge_cmd $_awsbadge_prompt>\"");
            let screen = term.screen();
            let wanted = format!("<{command} {prompt}>");
            assert!(
                screen.lines().any(|l| l == wanted),
                "{shell}, {line}: {screen}"
            );
        }
    }
}

#[test]
fn the_start_up_file_of_fish_may_find_the_program_later() {
    if !shells().contains(&Shell::Fish) {
        return;
    }
    let home = home("opt/bin");
    load(&home, Shell::Fish);
    let term = home
        .term(Shell::Fish)
        .env("AWS_PROFILE", "dev")
        .open("set -gx PATH ~/opt/bin $PATH\n");
    term.wait_for("aws:dev keys");
    term.type_line("asp");
    works(&term, "found later");
}

/// compinit finds `_asp` by itself, so no prompt has to come in between.
#[test]
fn tab_works_at_once_after_a_late_compinit() {
    if !shells().contains(&Shell::Zsh) {
        return;
    }
    for (what, lines) in [
        (
            "a hook of the first prompt, as antigen's",
            "autoload -Uz compinit; compinit -u\nsource ~/plugin/awsbadge.plugin.zsh\n\
             late() { compinit -u; precmd_functions=(${precmd_functions:#late}); }; precmd_functions+=(late)\n",
        ),
        (
            "the first Tab",
            "autoload -Uz compinit; source ~/plugin/awsbadge.plugin.zsh\n\
             first() { zle -D first; bindkey '^I' expand-or-complete; compinit -u; zle expand-or-complete; }\n\
             zle -N first; bindkey '^I' first\n",
        ),
        (
            "after the plugin in the start-up file",
            "source ~/plugin/awsbadge.plugin.zsh\nautoload -Uz compinit; compinit -u\n",
        ),
        (
            "the plugin comes while the line editor waits, as with zinit's wait",
            "autoload -Uz compinit; compinit -u\n\
             late() { source ~/plugin/awsbadge.plugin.zsh; zle -F $1; exec {fd}<&-; print -n LOADED; }\n\
             exec {fd}</dev/null; zle -F $fd late\n",
        ),
    ] {
        let home = home(".cargo/bin");
        let term = home.term(Shell::Zsh).open(lines);
        if lines.contains("LOADED") {
            term.wait_for("LOADED");
            term.keys(&["C-l"]);
        }
        works(&term, what);
    }
}

#[test]
fn without_awsbadge_the_completion_of_asp_is_the_usual_one() {
    if !shells().contains(&Shell::Zsh) {
        return;
    }
    let home = home("");
    home.stub("asp", "").file("some-file", "");
    let term = home
        .term(Shell::Zsh)
        .open("fpath+=(~/plugin); autoload -Uz compinit; compinit -u\n");
    term.type_text("asp some");
    term.keys(&["Tab"]);
    term.wait_for("asp some-file");
}

/// A real manager: the shell, the variable with its path (`{}` in the lines), files in the home, and the lines.
type Manager = (
    Shell,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const MANAGERS: [Manager; 12] = [
    (
        Shell::Zsh,
        "AWSBADGE_ANTIDOTE",
        &[],
        "source {}; print -r -- ~/plugin > ~/.zsh_plugins.txt; antidote load; autoload -Uz compinit; compinit -u\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_ZINIT",
        &[],
        "source {}; autoload -Uz compinit; compinit -u; zinit light ~/plugin\n",
    ),
    // Turbo mode: after the first prompt.
    (
        Shell::Zsh,
        "AWSBADGE_ZINIT",
        &[],
        "source {}; zinit ice wait lucid atload'zicompinit; zicdreplay; print -n LOADED'; zinit light ~/plugin\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_ZINIT",
        &[],
        "source {}; autoload -Uz compinit; compinit -u; zinit ice wait lucid atload'print -n LOADED'; zinit light ~/plugin\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_OMZ",
        &[("custom/plugins/awsbadge/.keep", "")],
        "ZSH={/} ZSH_CUSTOM=~/custom ZSH_DISABLE_COMPFIX=true DISABLE_AUTO_UPDATE=true ZSH_CACHE_DIR=~/cache\n\
         cp -R ~/plugin/. ~/custom/plugins/awsbadge; plugins=(git awsbadge); source {}\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_PREZTO",
        &[
            (
                ".zpreztorc",
                "zstyle ':prezto:load' pmodule-dirs ~/modules\n\
                 zstyle ':prezto:load' pmodule 'environment' 'completion' 'awsbadge'\n",
            ),
            ("modules/.keep", ""),
        ],
        "ln -s ~/plugin ~/modules/awsbadge; source {}\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_ZPLUG",
        &[],
        "ZPLUG_HOME=~/.zplug; source {}; zplug ~/plugin, from:local; zplug load\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_ANTIGEN",
        &[],
        "source {}; antigen bundle ~/plugin --no-local-clone; antigen apply\n",
    ),
    (
        Shell::Zsh,
        "AWSBADGE_SHELDON",
        &[(
            ".config/sheldon/plugins.toml",
            "shell = \"zsh\"\n[plugins.awsbadge]\nlocal = \"~/plugin\"\n",
        )],
        "eval \"$({} --quiet source)\"; autoload -Uz compinit; compinit -u\n",
    ),
    (
        Shell::Fish,
        "AWSBADGE_FISHER",
        &[],
        // fisher starts further fishes.
        "status is-interactive; or exit; source {}; test -e ~/.config/fish/conf.d/awsbadge.fish; or fisher install ~/plugin >/dev/null\n",
    ),
    (
        Shell::Bash,
        "AWSBADGE_BASH_IT",
        &[("custom/.keep", "")],
        "BASH_IT={/} BASH_IT_CUSTOM=~/custom BASH_IT_THEME=; ln -sf ~/plugin/shell/plugins/awsbadge.plugin.bash ~/custom\nsource {}\n",
    ),
    (
        Shell::Bash,
        "AWSBADGE_OH_MY_BASH",
        &[("custom/plugins/awsbadge/.keep", "")],
        "OSH={/} OSH_CUSTOM=~/custom DISABLE_AUTO_UPDATE=true OSH_THEME=; plugins=(awsbadge)\n\
         ln -sf ~/plugin/shell/plugins/awsbadge.plugin.sh ~/custom/plugins/awsbadge\nsource {}\nPS1='> '$_term_mark\n",
    ),
];

/// A home moved to a path without a quote and a space; its old path is a link.
struct Plain(PathBuf);

impl Plain {
    fn of(home: &Home) -> Self {
        let name = home.path().file_name().unwrap().to_str().unwrap();
        let plain = Self(home.path().with_file_name(name.replace(['\'', ' '], "-")));
        std::fs::rename(home.path(), &plain.0).unwrap();
        symlink(&plain.0, home.path()).unwrap();
        plain
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// In each real manager, twice: the second shell finds what the first has cached.
#[test]
fn the_real_managers_load_it() {
    for (shell, variable, files, lines) in MANAGERS {
        let Some(manager) = given(variable) else {
            continue;
        };
        if !installed(&["tmux", &shell.to_string()]) {
            return;
        }
        let home = home(".cargo/bin");
        // Not every manager can deal with the quote and the space in the path of this home.
        let plain = Plain::of(&home);
        for (file, text) in files {
            home.file(file, text);
        }
        let word = |path: &Path| shell.quote(path.to_str().unwrap());
        let directory = manager.parent().unwrap();
        let rc = lines
            .replace("{/}", &word(directory))
            .replace("{}", &word(&manager));
        for start in ["first", "second"] {
            let what = format!("{variable}, {start} start: {lines}");
            println!("{what}");
            let path = plain.0.to_str().unwrap();
            let term = home.term(shell).env("HOME", path).open(&rc);
            if lines.contains("LOADED") {
                term.wait_for("LOADED");
                term.keys(&["C-l"]);
            }
            term.type_line("clear");
            works(&term, &what);
        }
    }
}
