//! The manual pages in `man/`: current, complete, and clean for the programs that read them.

mod help;
/// What awsbadge-sso's command line uses of its own `library`.
pub(crate) mod library {
    pub(crate) fn duration(text: &str) -> Option<std::time::Duration> {
        let seconds = awsbadge::settings::duration(text)?.0;
        u64::try_from(seconds)
            .ok()
            .map(std::time::Duration::from_secs)
    }
}
mod pages;
mod roff;
/// The command line of awsbadge-sso, which this package is not built with.
#[allow(
    dead_code,
    unreachable_pub,
    reason = "only clap's side of it is needed"
)]
#[path = "../../../sso/src/cli.rs"]
mod sso;

use crate::support::{Home, binary, installed, skip};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

/// To bring them up to date: `AWSBADGE_UPDATE=1 cargo test --test it man`.
#[test]
fn the_committed_pages_are_those_of_the_command_lines() {
    let pages = pages::all();
    if std::env::var_os("AWSBADGE_UPDATE").is_some() {
        std::fs::create_dir_all(directory()).unwrap();
        for entry in std::fs::read_dir(directory()).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (name, text) in &pages {
            std::fs::write(directory().join(name), text).unwrap();
        }
    }
    let committed: BTreeMap<String, String> = std::fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    let update = "AWSBADGE_UPDATE=1 cargo test --test it man";
    assert!(
        committed.keys().eq(pages.keys()),
        "man/ has other pages than there are commands: {update}"
    );
    for (name, text) in &pages {
        assert!(
            committed[name] == *text,
            "man/{name} is out of date: {update}"
        );
    }
}

#[test]
fn the_pages_are_clean_for_mandoc() {
    let home = written();
    if installed(&["mandoc"]) {
        let lint = home.tool("mandoc").args(["-T", "lint", "-W", "warning"]);
        lint.args(pages::all().into_keys()).check();
    }
}

#[test]
fn the_pages_are_clean_for_man() {
    let home = written();
    if !installed(&["man"]) {
        return;
    }
    // Another man does not know the option.
    if !home
        .tool("man")
        .args(["--version"])
        .output()
        .stdout
        .starts_with("man 2.")
    {
        return skip("man is not man-db");
    }
    for name in pages::all().into_keys() {
        let page = home
            .tool("man")
            .args(["--warnings", "-E", "UTF-8", "-l", &name]);
        let output = page.output();
        assert_eq!((output.stderr.as_str(), output.code), ("", 0), "{name}");
        assert!(
            output.stdout.contains("EXAMPLES"),
            "{name}: {}",
            output.stdout
        );
    }
}

/// The pages as files of a home.
fn written() -> Home {
    let home = Home::new();
    for (name, text) in pages::all() {
        home.file(&name, text);
    }
    home
}

#[test]
fn the_pages_name_only_pages_that_exist() {
    let pages = pages::all();
    for (name, text) in &pages {
        let plain = text
            .replace("\\-", "-")
            .replace("\\fR", "")
            .replace("\\fB", "");
        for (end, _) in plain.match_indices("(1)") {
            let start = plain[..end].rfind(|c: char| c.is_whitespace() || c == '(');
            let page = &plain[start.map_or(0, |at| at + 1)..end];
            let known = pages.contains_key(&format!("{page}.1")) || pages::FOREIGN.contains(&page);
            assert!(known, "{name} names {page}(1)");
        }
    }
}

/// What `awsbadge __help FUNCTION` prints.
fn function_help(function: &str) -> String {
    let output = Command::new(binary()).args(["__help", function]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}
