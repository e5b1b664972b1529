//! The program that shows an address to a person.

use crate::library::{Vars, find_program};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program, and its arguments with the place of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opener {
    program: PathBuf,
    arguments: Vec<String>,
}

/// The opener of this machine: what `named` (the setting) or `BROWSER` says, else the system's own if there is a
/// display. `None` if nothing could show a page.
pub(crate) fn opener(named: Option<&str>, vars: &Vars) -> Option<Opener> {
    let variable = vars.text("BROWSER");
    if let Some(named) = named.or(variable.as_deref()) {
        return candidates(named).into_iter().find_map(|mut words| {
            let program = words.remove(0);
            let program = match program.contains('/') {
                true => Some(PathBuf::from(program)),
                false => find_program(&program, vars),
            }?;
            Some(Opener {
                program,
                arguments: words,
            })
        });
    }
    let display = vars.has("DISPLAY") || vars.has("WAYLAND_DISPLAY");
    let windows = vars.has("WSL_DISTRO_NAME") || vars.has("WSL_INTEROP");
    let name = match () {
        () if cfg!(target_os = "macos") => "open",
        () if windows && find_program("wslview", vars).is_some() => "wslview",
        () if display => "xdg-open",
        () => return None,
    };
    Some(Opener {
        program: find_program(name, vars)?,
        arguments: Vec::new(),
    })
}

/// The commands in a value of `BROWSER`, as Python's `webbrowser` divides it: several may be named, with `:`
/// between them; `%s` is where the address goes; a `&` at the end says not to wait, which is never done.
fn candidates(named: &str) -> Vec<Vec<String>> {
    named
        .split(':')
        .map(|command| {
            let words = command.split_whitespace().map(str::to_owned);
            let mut words: Vec<String> = words.collect();
            if words.last().is_some_and(|word| word == "&") {
                words.pop();
            }
            words
        })
        .filter(|words| !words.is_empty())
        .collect()
}

impl Opener {
    fn words(&self, address: &str) -> Vec<String> {
        let replaced = |word: &String| word.replace("%s", address);
        let mut words: Vec<String> = self.arguments.iter().map(replaced).collect();
        if words == self.arguments {
            words.push(address.to_owned());
        }
        words
    }

    /// Starts it; it is never waited for, and may outlive this process.
    ///
    /// # Errors
    /// If it can't be started.
    pub(crate) fn open(&self, address: &str) -> io::Result<()> {
        Command::new(&self.program)
            .args(self.words(address))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A Ctrl-C in the terminal is not meant for it.
            .process_group(0)
            .spawn()
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_other_programs_read_the_variable() {
        for (named, address, want) in [
            ("firefox", "u", "firefox u"),
            ("/usr/bin/w3m -x", "u", "/usr/bin/w3m -x u"),
            ("curl -s %s &", "u", "curl -s u"),
            ("x --url=%s", "u", "x --url=u"),
            (":: chrome %s:other", "u", "chrome u"),
        ] {
            let mut words = candidates(named).swap_remove(0);
            let opener = Opener {
                program: words.remove(0).into(),
                arguments: words,
            };
            let line = opener.words(address).join(" ");
            assert_eq!(format!("{} {line}", opener.program.display()), want);
        }
        assert!(candidates(" : & :").is_empty());
    }

    #[test]
    fn without_a_display_only_a_named_browser_counts() {
        let vars = Vars::from_iter([("PATH", "/usr/bin:/bin")]);
        assert_eq!(opener(None, &vars), None);
        let named = vars.clone().with("BROWSER", "/x/y %s");
        assert_eq!(opener(None, &named).map(|o| o.program), Some("/x/y".into()));
        let both = opener(Some("/a/b"), &named);
        assert_eq!(both.map(|o| o.program), Some("/a/b".into()), "the setting");
    }
}
