//! The repository itself: which modules of `src` use which, and what every file promises.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module, and those that it may use. `error`, `diagnostic` and `tool` are open to everyone; a module may always use
/// itself.
const ARROWS: [(&str, &[&str]); 21] = [
    ("lib", &[]),
    ("main", &["cli", "commands", "sys", "output"]),
    ("cli", &["output"]),
    (
        "commands",
        &[
            "cli",
            "aws",
            "aws_cli",
            "badge",
            "shells",
            "sso_program",
            "sys",
            "context",
            "hook",
            "identity",
            "settings",
            "nearest",
            "output",
            "picker",
            "shell_rc",
        ],
    ),
    ("hook", &["cli", "aws", "shells"]),
    ("context", &["aws", "sys", "settings", "output"]),
    (
        "identity",
        &[
            "aws",
            "badge",
            "shells",
            "sys",
            "context",
            "settings",
            "output",
            "nearest",
            "sso_program",
        ],
    ),
    ("aws_cli", &["aws", "identity", "sys"]),
    ("sso_program", &["aws", "settings", "sys"]),
    ("shell_rc", &["aws", "shells", "sys"]),
    ("diagnostic", &[]),
    ("nearest", &[]),
    ("tool", &[]),
    ("output", &[]),
    ("badge", &["aws", "settings", "output"]),
    ("settings", &["aws", "nearest", "output"]),
    ("aws", &[]),
    ("picker", &["output", "sys"]),
    ("shells", &["output"]),
    ("sys", &["aws"]),
    ("error", &["output"]),
];

/// The modules that get files, environment, clock and processes as values.
const PURE: [&str; 8] = [
    "aws", "badge", "cli", "hook", "nearest", "output", "settings", "shells",
];

/// What a pure module cannot reach in the standard library.
const WORLD: [&str; 6] = ["env", "fs", "net", "process", "thread", "time"];

#[test]
fn arrows_go_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module(&path);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!(
                "{}: no arrow is known for the module {module}",
                path.display()
            ));
            continue;
        };
        for used in modules_used(&text) {
            if used != module
                && !["error", "diagnostic", "tool"].contains(&used.as_str())
                && !allowed.contains(&used.as_str())
            {
                wrong.push(format!("{}: {module} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_modules_get_the_world_as_values() {
    let mut wrong = Vec::new();
    for (path, text) in sources().filter(|(path, _)| PURE.contains(&module(path).as_str())) {
        for used in names_after("std::", &text).intersection(&WORLD.map(str::to_owned).into()) {
            wrong.push(format!("{}: std::{used}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Commands share what is in the modules below them, so that each can be read by itself.
#[test]
fn no_command_uses_another() {
    let mut wrong = Vec::new();
    let commands = children("src/commands");
    for (path, text) in sources().filter(|(path, _)| path.starts_with("src/commands")) {
        let own = child(&path, "src/commands");
        for other in siblings_used(&path, &text, "src/commands") {
            if own != "mod" && own != other && commands.contains(&other) {
                wrong.push(format!("{}: {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Inside each directory, the modules can be read one after the other.
#[test]
fn no_modules_of_a_directory_use_each_other_in_a_circle() {
    for directory in [
        "src/aws",
        "src/aws/chain",
        "src/aws/config",
        "src/badge",
        "src/identity",
        "src/output",
        "src/sys",
    ] {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, text) in sources().filter(|(path, _)| path.starts_with(directory)) {
            let own = child(&path, directory);
            // Tests may use everything.
            let code = text.split("#[cfg(test)]").next().unwrap();
            if own != "mod" && own != "tests" {
                let known = children(directory);
                let others = siblings_used(&path, code, directory)
                    .into_iter()
                    .filter(|other| *other != own && known.contains(other));
                uses.entry(own.clone()).or_default().extend(others);
            }
        }
        // Take away what uses nothing that is left, until nothing is left.
        loop {
            let free: Vec<String> = uses
                .iter()
                .filter(|(_, others)| !others.iter().any(|other| uses.contains_key(other)))
                .map(|(own, _)| own.clone())
                .collect();
            if free.is_empty() {
                break;
            }
            free.iter().for_each(|own| drop(uses.remove(own)));
        }
        assert!(uses.is_empty(), "{directory}: {uses:#?}");
    }
}

#[test]
fn source_files_are_short() {
    let long: Vec<String> = sources()
        .filter(|(path, _)| !path.ends_with("tests.rs"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(path, lines)| *lines > 700 && !path.ends_with("config/botocore.rs"))
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
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
            "use crate::{\n    sys,\n    shells::Shell,\n};",
            &["sys", "shells"],
        ),
        ("fn f(x: &crate::sys::Files) {}", &["sys"]),
        ("use awsbadge::commands;", &["commands"]),
        ("use super::super::sys;", &["sys"]),
        ("let x = y\ncrate::aws::z();", &["aws"]),
        ("/// See [`crate::sys`].\n// use crate::sys;", &[]),
        ("use super::config; let crate_ = mycrate::sys();", &[]),
    ];
    for (text, wanted) in cases {
        assert_eq!(
            modules_used(text),
            wanted.iter().map(|&module| module.to_owned()).collect(),
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
fn architecture_names_every_module() {
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
fn only_sys_and_the_tests_lift_the_ban_on_input_and_output() {
    let lifting: Vec<PathBuf> = sources()
        .filter(|(path, text)| module(path) != "sys" && text.contains("clippy::disallowed"))
        .map(|(path, _)| path)
        .collect();
    assert!(lifting.is_empty(), "{lifting:#?}");
}

/// The packages that are built into the program, with their versions; what only the tests use is not counted.
fn built(more: &[&str]) -> BTreeSet<String> {
    let tree = std::process::Command::new(env!("CARGO"))
        .args(["tree", "-e", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--locked", "--offline"])
        .args(more)
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    let said = String::from_utf8_lossy(&tree.stderr);
    let packages: BTreeSet<String> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect();
    assert!(
        packages.iter().any(|p| p.starts_with("awsbadge ")),
        "{text}{said}"
    );
    packages
}

#[test]
fn the_program_is_built_of_few_packages() {
    let packages = built(&[]);
    assert!(packages.len() <= 60, "{packages:#?}");
}

/// On macOS a framework would be loaded at every prompt.
#[test]
fn no_framework_of_macos_is_linked() {
    let packages = built(&["--target", "aarch64-apple-darwin"]);
    let frameworks: Vec<&String> = packages
        .iter()
        .filter(|p| p.contains("-sys ") && !p.starts_with("dirs-sys "))
        .chain(packages.iter().filter(|p| p.contains("framework")))
        .collect();
    assert!(frameworks.is_empty(), "{frameworks:#?}");
}

/// A guarantee is worth what verifies it.
#[test]
fn the_tests_that_security_names_exist() {
    let text = read(Path::new("SECURITY.md"));
    let tests: Vec<String> = ["tests", "src", "sso/tests", "sso/src"]
        .into_iter()
        .flat_map(files)
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

/// Every file below `directory`, by its path from the root; without what git and cargo keep there.
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

/// The modules in a directory: its files and its directories.
fn children(directory: &str) -> BTreeSet<String> {
    fs::read_dir(root().join(directory))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .filter(|name| name != "mod")
        .collect()
}

/// The child of `directory` that a file is or belongs to.
fn child(path: &Path, directory: &str) -> String {
    let rest = path.strip_prefix(directory).unwrap();
    let first = rest.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// What `text`, in the file `path`, names in `directory`: by `crate::…` or by `super::…`.
fn siblings_used(path: &Path, text: &str, directory: &str) -> BTreeSet<String> {
    let inside = directory.trim_start_matches("src/").replace('/', "::");
    let depth = path.strip_prefix(directory).unwrap().iter().count()
        - usize::from(path.ends_with("mod.rs"));
    let mut used = names_after(&format!("crate::{inside}::"), text);
    used.extend(names_after(&"super::".repeat(depth.max(1)), text));
    used
}

/// The module that a file of `src` belongs to: `src/aws/config/mod.rs` to `aws`, `src/main.rs` to `main`.
fn module(path: &Path) -> String {
    let first = path.iter().nth(1).unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that `text` names, by any path that leads to one.
fn modules_used(text: &str) -> BTreeSet<String> {
    let modules = ARROWS.map(|(module, _)| module);
    ["crate::", "awsbadge::", "super::"]
        .iter()
        .flat_map(|prefix| names_after(prefix, text))
        .filter(|name| modules.contains(&name.as_str()))
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
