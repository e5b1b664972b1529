//! The shells' start-up files: where they are, and whether a line loads awsbadge.

use crate::aws::Env;
use crate::aws::env_vars::{self, EnvVar};
use crate::shells::Shell;
use crate::sys::fs;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The shell in `SHELL`: the login shell, which may differ from the one in use.
#[must_use]
pub(crate) fn login_shell(env: &Env) -> Option<Shell> {
    let path = PathBuf::from(env.raw(&env_vars::SHELL)?);
    let name = path.file_name()?;
    if name == "nu" {
        return Some(Shell::Nushell);
    }
    [Shell::Zsh, Shell::Bash, Shell::Fish, Shell::Elvish]
        .into_iter()
        .find(|shell| name == OsStr::new(shell.name()))
}

/// The start-up file of an interactive shell, which `setup` writes to.
#[must_use]
pub(crate) fn start_up_file(shell: Shell, home: &Path, env: &Env) -> PathBuf {
    match shell {
        Shell::Zsh => zsh_directory(home, env).join(".zshrc"),
        Shell::Bash | Shell::Plain => home.join(".bashrc"),
        Shell::Fish => config_directory(home, env).join("fish/config.fish"),
        Shell::Nushell => config_directory(home, env).join("nushell/config.nu"),
        Shell::Elvish => config_directory(home, env).join("elvish/rc.elv"),
    }
}

/// The line that loads awsbadge, without its newline. For Nushell, which sources files only, it writes one from which
/// every shell loads it.
#[must_use]
pub(crate) fn line(shell: Shell, options: &str) -> String {
    let name = shell.name();
    match shell {
        Shell::Zsh | Shell::Bash | Shell::Plain => {
            format!("eval \"$(awsbadge init {name}{options})\"")
        }
        Shell::Fish => format!("awsbadge init fish{options} | source"),
        Shell::Elvish => format!("eval (awsbadge init elvish{options} | slurp)"),
        Shell::Nushell => format!(
            "mkdir $nu.user-autoload-dirs.0; awsbadge init nushell{options} | save -f ($nu.user-autoload-dirs.0)/awsbadge.nu"
        ),
    }
}

/// Every file from which a shell may load awsbadge, [`start_up_file`] first.
#[must_use]
pub(crate) fn start_up_files(shell: Shell, home: &Path, env: &Env) -> Vec<PathBuf> {
    let mut files = vec![start_up_file(shell, home, env)];
    match shell {
        Shell::Zsh => files.push(zsh_directory(home, env).join(".zshenv")),
        Shell::Bash => files.extend(LOGIN_FILES.map(|name| home.join(name))),
        Shell::Fish | Shell::Nushell | Shell::Elvish | Shell::Plain => {}
    }
    files.extend(plugin_files(shell, home, env));
    files
}

/// The files other than [`start_up_file`] from which plugin managers load plugins: their lists of plugins (antidote,
/// sheldon, prezto), the links to bash-it's plugins, and what fish sources by itself.
#[must_use]
pub(crate) fn plugin_files(shell: Shell, home: &Path, env: &Env) -> Vec<PathBuf> {
    match shell {
        Shell::Zsh => {
            let zsh = zsh_directory(home, env);
            vec![
                zsh.join(".zsh_plugins.txt"),
                zsh.join(".zpreztorc"),
                config_directory(home, env).join("sheldon/plugins.toml"),
            ]
        }
        Shell::Bash => ["enabled", "custom"]
            .iter()
            .flat_map(|name| fs::list(&home.join(".bash_it").join(name)))
            .collect(),
        Shell::Fish => fs::list(&config_directory(home, env).join("fish/conf.d")),
        Shell::Nushell => fs::list(&config_directory(home, env).join("nushell/autoload")),
        Shell::Elvish | Shell::Plain => Vec::new(),
    }
}

/// A bash login shell reads the first of these that exists, instead of `~/.bashrc`.
pub(crate) const LOGIN_FILES: [&str; 3] = [".bash_profile", ".bash_login", ".profile"];

fn zsh_directory(home: &Path, env: &Env) -> PathBuf {
    absolute(env, &env_vars::ZDOTDIR).unwrap_or_else(|| home.to_owned())
}

fn config_directory(home: &Path, env: &Env) -> PathBuf {
    absolute(env, &env_vars::XDG_CONFIG_HOME).unwrap_or_else(|| home.join(".config"))
}

fn absolute(env: &Env, var: &'static EnvVar) -> Option<PathBuf> {
    env.raw(var).map(PathBuf::from).filter(|p| p.is_absolute())
}

/// The number of the first line that loads awsbadge, in the text of this file.
#[must_use]
pub(crate) fn loading(file: &Path, text: &str) -> Option<usize> {
    let mut loads = Loads::of(file);
    let line = text.lines().position(|line| loads.line(line))?;
    Some(line + 1)
}

/// Looks for awsbadge in the lines of a start-up file, or of a plugin manager's list, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Loads {
    /// Whether the last line belongs to a list of plugins.
    pub(crate) listed: bool,
    /// Whether the whole file is one.
    list: bool,
    /// What ends the list that the last line is in.
    end: String,
}

impl Loads {
    fn of(file: &Path) -> Self {
        let lists = [
            ".zsh_plugins.txt",
            ".zpreztorc",
            "plugins.toml",
            "awsbadge.nu",
        ];
        let list = lists.iter().any(|name| file.ends_with(name));
        Self {
            list,
            ..Self::default()
        }
    }

    /// Whether the next line loads awsbadge: it runs `awsbadge init`, sources a file named after awsbadge, or gives
    /// awsbadge to a plugin manager.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        const MANAGERS: [&str; 8] = [
            "antibody", "antidote", "antigen", "fisher", "plug", "zgenom", "zinit", "zplug",
        ];
        let line = line.trim_start();
        if line.starts_with('#') {
            return false;
        }
        self.listed = self.list || !self.end.is_empty();
        if line.contains("plugins") && line.contains('(') {
            ")".clone_into(&mut self.end);
        }
        if line.contains(&self.end) {
            self.end.clear();
        }
        // antigen takes a list as a here-document.
        if let Some((_, word)) = line.split_once("bundles <<") {
            word.trim_matches(['-', '\'', '"', ' '])
                .clone_into(&mut self.end);
        }
        if !line.contains("awsbadge") {
            return false;
        }
        let mut words = line.split(|c: char| c.is_whitespace() || ";&|(){}\"'`".contains(c));
        self.listed
            || line.contains(" init ")
            || line.contains("plugins")
            || words.any(|word| matches!(word, "source" | ".") || MANAGERS.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn lines_that_load_awsbadge() {
        for (line, loads) in [
            ("eval \"$(awsbadge init zsh --prompt left)\"",          true),
            ("  eval \"$('/opt/aws badge/awsbadge' init bash)\"",    true),
            ("awsbadge init fish | source",                          true),
            ("source ~/.awsbadge.zsh",                               true),
            (". \"$HOME/.awsbadge.bash\"",                           true),
            ("[[ -r ~/.awsbadge.zsh ]] && source ~/.awsbadge.zsh",   true),
            ("[ -r ~/.awsbadge.bash ]; . ~/.awsbadge.bash",          true),
            ("plugins=(git awsbadge)",                               true),
            ("zinit light someone/awsbadge",                         true),
            ("# eval \"$(awsbadge init zsh)\"",                      false),
            ("  # source ~/.awsbadge.zsh",                           false),
            ("alias badge=awsbadge",                                 false),
            ("RPROMPT='$AWSBADGE'",                                  false),
            ("export PATH=$PATH:/opt/awsbadge/bin",                  false),
            ("source ~/.aliases",                                    false),
            ("",                                                     false),
        ] {
            assert_eq!(Loads::default().line(line), loads, "{line}");
        }
    }

    #[test]
    fn lists_of_plugins_that_name_awsbadge() {
        for (file, text, found) in [
            (".zshrc", "plugins=(\n  git\n  awsbadge\n)\n", Some(3)),
            (".zshrc", "plugins=(git\n  # awsbadge\n)\n", None),
            (".zshrc", "plugins=(git)\nawsbadge list\n", None),
            (".zshrc", "plugins=(\n  git\n)\nawsbadge list\n", None),
            (".zshrc", "plugins+=(\n  awsbadge)\n", Some(2)),
            (
                ".zshrc",
                "antigen bundles <<'END'\n  me/awsbadge\nEND\n",
                Some(2),
            ),
            (
                ".zshrc",
                "antigen bundles <<-END\n  git\nEND\nawsbadge list\n",
                None,
            ),
            (".zshrc", "antigen bundle /opt/awsbadge\n", Some(1)),
            (".zshrc", "zplug \"/opt/awsbadge\", from:local\n", Some(1)),
            (".bashrc", "plugins=(\n  git\n  awsbadge\n)\n", Some(3)),
            (
                ".zsh_plugins.txt",
                "romkatv/zsh-bench\nme/awsbadge\n",
                Some(2),
            ),
            (".zsh_plugins.txt", "# me/awsbadge\n", None),
            (
                ".zpreztorc",
                "zstyle ':prezto:load' pmodule \\\n  'git' \\\n  'awsbadge'\n",
                Some(3),
            ),
            ("sheldon/plugins.toml", "[plugins.awsbadge]\n", Some(1)),
        ] {
            assert_eq!(loading(Path::new(file), text), found, "{file}: {text}");
        }
    }

    #[test]
    fn our_own_plugin_files_are_recognised() {
        for text in [
            include_str!("../conf.d/awsbadge.fish"),
            include_str!("../shell/plugins/awsbadge.plugin.bash"),
        ] {
            assert!(loading(Path::new("awsbadge"), text).is_some(), "{text}");
        }
    }
}
