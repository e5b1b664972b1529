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
    [Shell::Zsh, Shell::Bash, Shell::Fish]
        .into_iter()
        .find(|shell| name == OsStr::new(shell.name()))
}

/// The start-up file of an interactive shell, which `setup` writes to.
#[must_use]
pub(crate) fn start_up_file(shell: Shell, home: &Path, env: &Env) -> PathBuf {
    match shell {
        Shell::Zsh => zsh_directory(home, env).join(".zshrc"),
        Shell::Bash => home.join(".bashrc"),
        Shell::Fish => fish_directory(home, env).join("config.fish"),
    }
}

/// Every file from which a shell may load awsbadge, [`start_up_file`] first.
#[must_use]
pub(crate) fn start_up_files(shell: Shell, home: &Path, env: &Env) -> Vec<PathBuf> {
    let mut files = vec![start_up_file(shell, home, env)];
    match shell {
        Shell::Zsh => files.push(zsh_directory(home, env).join(".zshenv")),
        Shell::Bash => files.extend(LOGIN_FILES.map(|name| home.join(name))),
        Shell::Fish => files.extend(fs::list(&fish_directory(home, env).join("conf.d"))),
    }
    files
}

/// A bash login shell reads the first of these that exists, instead of `~/.bashrc`.
pub(crate) const LOGIN_FILES: [&str; 3] = [".bash_profile", ".bash_login", ".profile"];

fn zsh_directory(home: &Path, env: &Env) -> PathBuf {
    absolute(env, &env_vars::ZDOTDIR).unwrap_or_else(|| home.to_owned())
}

fn fish_directory(home: &Path, env: &Env) -> PathBuf {
    absolute(env, &env_vars::XDG_CONFIG_HOME)
        .unwrap_or_else(|| home.join(".config"))
        .join("fish")
}

fn absolute(env: &Env, var: &'static EnvVar) -> Option<PathBuf> {
    env.raw(var).map(PathBuf::from).filter(|p| p.is_absolute())
}

/// Whether a line of a start-up file loads awsbadge: it runs `awsbadge init`, sources a file named after awsbadge, or
/// gives awsbadge to a plugin manager.
#[must_use]
pub(crate) fn loads_awsbadge(line: &str) -> bool {
    const MANAGERS: [&str; 8] = [
        "antibody", "antidote", "antigen", "fisher", "plug", "zgenom", "zinit", "zplug",
    ];
    let line = line.trim_start();
    if line.starts_with('#') || !line.contains("awsbadge") {
        return false;
    }
    let mut words = line.split(|c: char| c.is_whitespace() || ";&|(){}\"'`".contains(c));
    line.contains(" init ")
        || line.contains("plugins")
        || words.any(|word| matches!(word, "source" | ".") || MANAGERS.contains(&word))
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
            assert_eq!(loads_awsbadge(line), loads, "{line}");
        }
    }
}
