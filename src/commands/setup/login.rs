//! bash's login shells, which read another file than `~/.bashrc`. On macOS every terminal window starts one, so there
//! `setup --write` makes that file source `~/.bashrc`.

use super::block::{BEGIN, END, with_block};
use super::plan::indented;
use super::rc_file::Rc;
use crate::shell_rc;
use crate::sys::fs;
use std::path::Path;

/// The file that a login shell reads, if that neither sources `~/.bashrc` nor loads awsbadge itself; whether it exists.
fn file(home: &Path) -> Option<(&'static str, bool)> {
    let found = shell_rc::LOGIN_FILES.into_iter().find_map(|name| {
        match fs::read(&home.join(name), fs::CONFIG_CAP) {
            fs::Read::Bytes(text) => Some((name, text)),
            _ => None,
        }
    });
    let mentions = |text: &[u8], word: &[u8]| memchr::memmem::find(text, word).is_some();
    match found {
        Some((_, text)) if mentions(&text, b"bashrc") || mentions(&text, b"awsbadge") => None,
        Some((name, _)) => Some((name, true)),
        None => Some((".bash_profile", false)),
    }
}

/// The line for it. Other shells read `~/.profile` too.
fn line(name: &str) -> &'static str {
    match name {
        ".profile" => "case ${BASH_VERSION:+$-} in *i*) . ~/.bashrc ;; esac\n",
        _ => "case $- in *i*) . ~/.bashrc ;; esac\n",
    }
}

/// What the user has to do, after an empty line; empty if nothing.
pub(super) fn note(home: &Path) -> String {
    let Some((name, exists)) = file(home) else {
        return String::new();
    };
    let what = if exists {
        format!("Login shells read ~/{name} instead, which does not source ~/.bashrc. In ~/{name}")
    } else {
        format!(
            "Login shells, as on macOS and over ssh, do not read ~/.bashrc. In a new file ~/{name}"
        )
    };
    format!("\n{what}:\n\n{}", indented(line(name)))
}

/// Does it: the difference, and a line about it. `None` if it is for the user to do.
pub(super) fn write(home: &Path) -> Option<(String, String)> {
    let (name, _) = file(home)?;
    let rc = Rc::read(home.join(name), home).ok()?;
    let block = format!("{BEGIN}\n{}{END}\n", line(name));
    let text = with_block(&rc.text, rc.block.clone(), &block);
    let (diff, kept) = rc.put(&text, &block).ok()?;
    let said = format!(
        "awsbadge: updated {}{kept}, which login shells read instead\n",
        rc.shown
    );
    Some((diff, said))
}

/// Takes the lines out again.
pub(super) fn remove(home: &Path) -> Option<(String, String)> {
    let files = shell_rc::LOGIN_FILES.into_iter();
    let mut read = files.filter_map(|name| Rc::read(home.join(name), home).ok());
    let reply = read.find(|rc| rc.block.is_some())?.remove().ok()?;
    Some((String::from_utf8(reply.stdout).ok()?, reply.stderr))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::throwaway::Throwaway;

    fn text(home: &Throwaway, name: &str) -> Option<String> {
        match fs::read(&home.path().join(name), fs::CONFIG_CAP) {
            fs::Read::Bytes(bytes) => Some(String::from_utf8(bytes).unwrap()),
            _ => None,
        }
    }

    #[test]
    fn the_file_that_login_shells_read_sources_bashrc_after_and_is_as_before_at_the_end() {
        let line = line(".bash_profile");
        let portable = super::line(".profile");
        for (files, written, added) in [
            (&[][..], Some(".bash_profile"), line),
            (&[(".bash_profile", "a=b\n")], Some(".bash_profile"), line),
            (&[(".bash_login", "a=b")], Some(".bash_login"), line),
            (&[(".profile", "a=b\n")], Some(".profile"), portable),
            (
                &[(".profile", ". ~/.bashrc\n"), (".bash_login", "a=b\n")],
                Some(".bash_login"),
                line,
            ),
            (&[(".profile", ". ~/.bashrc\n")], None, ""),
            (
                &[(".bash_profile", "eval \"$(awsbadge init bash)\"\n")],
                None,
                "",
            ),
            (
                &[
                    (".bash_profile", "[ -r ~/.bashrc ] && . ~/.bashrc\n"),
                    (".profile", ""),
                ],
                None,
                "",
            ),
        ] {
            let home = Throwaway::new().unwrap();
            for (name, text) in files {
                home.put(name, text).unwrap();
            }
            let said = write(home.path());
            assert_eq!(said.is_some(), written.is_some(), "{files:?}");
            assert_eq!(write(home.path()), None, "once is enough");
            if let Some(name) = written {
                let after = text(&home, name).unwrap();
                assert!(after.contains(&format!("{BEGIN}\n{added}{END}")), "{after}");
                assert!(remove(home.path()).is_some());
            }
            assert!(remove(home.path()).is_none());
            for (name, before) in files {
                assert_eq!(text(&home, name).as_deref(), Some(*before), "{name}");
            }
            assert_eq!(note(home.path()).is_empty(), written.is_none(), "{files:?}");
        }
    }
}
