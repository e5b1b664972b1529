//! The repository itself: the arrows between the rooms of `src`, and what every file promises.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms it may use. `error` and `diagnostic` are open to everyone; a room may always use itself.
const ARROWS: [(&str, &[&str]); 14] = [
    ("lib", &[]),
    ("main", &["cli", "cmd", "host"]),
    // The command line is converted into what the rooms below call things; never the other way round.
    ("cli", &["aws", "badge", "shells"]),
    (
        "cmd",
        &[
            "cli", "aws", "badge", "shells", "host", "context", "identity", "settings", "output",
        ],
    ),
    ("context", &["aws", "host", "settings"]),
    (
        "identity",
        &[
            "aws", "badge", "shells", "host", "context", "settings", "output",
        ],
    ),
    ("diagnostic", &[]),
    ("output", &[]),
    ("badge", &["aws", "settings"]),
    ("settings", &["aws"]),
    ("aws", &[]),
    ("shells", &[]),
    ("host", &["aws"]),
    ("error", &[]),
];

/// The rooms that get files, environment, clock and processes as values.
const PURE: [&str; 4] = ["aws", "badge", "settings", "shells"];

/// What a pure room can't reach in the standard library.
const WORLD: [&str; 6] = ["env", "fs", "net", "process", "thread", "time"];

#[test]
fn arrows_go_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let room = room(&path);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!(
                "{}: no arrow is known for the room {room}",
                path.display()
            ));
            continue;
        };
        for used in rooms_used(&text) {
            if used != room
                && !["error", "diagnostic"].contains(&used.as_str())
                && !allowed.contains(&used.as_str())
            {
                wrong.push(format!("{}: {room} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_rooms_get_the_world_as_values() {
    let mut wrong = Vec::new();
    for (path, text) in sources().filter(|(path, _)| PURE.contains(&room(path).as_str())) {
        for used in names_after("std::", &text).intersection(&WORLD.map(str::to_owned).into()) {
            wrong.push(format!("{}: std::{used}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn arrows_are_seen_however_they_are_written() {
    let cases: [(&str, &[&str]); 9] = [
        ("use crate::aws::Profile;", &["aws"]),
        (
            "use crate::{aws::{Profile, Vars}, badge, error::{self, Error}};",
            &["aws", "badge", "error"],
        ),
        (
            "use crate::{\n    host,\n    shells::Shell,\n};",
            &["host", "shells"],
        ),
        ("fn f(x: &crate::sys::Files) {}", &["host"]),
        ("use awsbadge::commands;", &["cmd"]),
        ("use super::super::host;", &["host"]),
        ("let x = y\ncrate::aws::z();", &["aws"]),
        ("/// See [`crate::sys`].\n// use crate::sys;", &[]),
        ("use super::grammar; let crate_ = mycrate::host();", &[]),
    ];
    for (text, wanted) in cases {
        assert_eq!(
            rooms_used(text),
            wanted.iter().map(|&room| room.to_owned()).collect(),
            "{text}"
        );
    }
    assert_eq!(
        names_after("std::", "use std::{fmt, fs::File};"),
        ["fmt", "fs"].map(str::to_owned).into()
    );
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent: Vec<PathBuf> = files("src")
        .chain(files("tests"))
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .filter(|path| !read(path).starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn architecture_names_every_room() {
    let text = read(Path::new("ARCHITECTURE.md"));
    let unnamed: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() {
                format!("{name}/")
            } else {
                name
            }
        })
        .filter(|name| {
            name != "lib.rs"
                && !text
                    .lines()
                    .any(|line| line.starts_with(&format!("  {name} ")))
        })
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

#[test]
fn no_file_speaks_of_the_place_it_was_made_at() {
    // Written in two halves: this file is searched too.
    let words = [("/wo", "rk/"), ("/ro", "ot/"), ("TO", "DO"), ("FIX", "ME")]
        .map(|(a, b)| format!("{a}{b}"));
    let mut found = Vec::new();
    for path in files(".") {
        let text = String::from_utf8_lossy(&fs::read(root().join(&path)).unwrap()).into_owned();
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_host_and_the_tests_lift_the_ban_on_input_and_output() {
    let lifting: Vec<PathBuf> = sources()
        .filter(|(path, text)| room(path) != "host" && text.contains("clippy::disallowed"))
        .map(|(path, _)| path)
        .collect();
    assert!(lifting.is_empty(), "{lifting:#?}");
}

/// What is built into the program; what only the tests use is not counted.
#[test]
fn the_program_is_built_of_few_packages() {
    let tree = std::process::Command::new(env!("CARGO"))
        .args(["tree", "-e", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    let said = String::from_utf8_lossy(&tree.stderr);
    let packages: BTreeSet<&str> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .collect();
    assert!(
        packages.iter().any(|p| p.starts_with("awsbadge ")),
        "{text}{said}"
    );
    assert!(packages.len() <= 60, "{packages:#?}");
}

/// A guarantee is worth what verifies it.
#[test]
fn the_tests_that_security_names_exist() {
    let text = read(Path::new("SECURITY.md"));
    let tests: Vec<String> = files("tests")
        .chain(files("src"))
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .map(|path| read(&path))
        .collect();
    let named: Vec<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains("::") && !name.contains(['/', ' ', '(', '$']))
        .collect();
    assert!(named.len() > 40, "{named:#?}");
    let missing: Vec<&str> = named
        .into_iter()
        .filter(|name| {
            let last = name.rsplit("::").next().unwrap();
            let start = match last.strip_suffix('*') {
                Some(start) => format!("fn {start}"),
                None => format!("fn {last}("),
            };
            // A whole module of unit tests may be named, too.
            let module = format!("{}.rs", name.replace("::", "/"));
            !tests.iter().any(|text| text.contains(&start))
                && !root().join("src").join(module).exists()
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn scripts_can_be_run() {
    use std::os::unix::fs::PermissionsExt as _;
    for path in files(".").filter(|path| fs::read(root().join(path)).unwrap().starts_with(b"#!")) {
        let mode = fs::metadata(root().join(&path))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(
            mode & 0o111,
            0o111,
            "{} begins with #! and can't be run",
            path.display()
        );
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Every file below `folder`, by its path from the root; without what git and cargo keep there.
fn files(folder: &str) -> impl Iterator<Item = PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let kept_out = path.ends_with("target") || path.ends_with(".git");
            if path.is_dir() && !kept_out {
                folders.push(path);
            } else if path.is_file() && !kept_out {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found.sort();
    found.into_iter()
}

/// The files of `src`, with their text.
fn sources() -> impl Iterator<Item = (PathBuf, String)> {
    files("src")
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .map(|path| {
            let text = read(&path);
            (path, text)
        })
}

/// The room that a file of `src` belongs to: `src/aws/grammar/mod.rs` to `aws`, `src/main.rs` to `main`.
fn room(path: &Path) -> String {
    let first = path.iter().nth(1).unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that `text` names, by any path that leads to one.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let rooms = ARROWS.map(|(room, _)| room);
    ["crate::", "awsbadge::", "super::"]
        .iter()
        .flat_map(|prefix| names_after(prefix, text))
        .filter(|name| rooms.contains(&name.as_str()))
        .collect()
}

/// The names that follow `prefix` in code: `b` and `c` for `a::` in `use a::{b::x, c};`.
fn names_after(prefix: &str, text: &str) -> BTreeSet<String> {
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let mut depth = 0;
        let mut wanted = true;
        for (start, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => wanted = true,
                _ if wanted && c.is_alphanumeric() => {
                    names.insert(
                        rest[start..]
                            .chars()
                            .take_while(|c| c.is_alphanumeric() || *c == '_')
                            .collect(),
                    );
                    wanted = false;
                }
                _ => {}
            }
            if depth <= 0 && !wanted {
                break;
            }
        }
    }
    names
}
