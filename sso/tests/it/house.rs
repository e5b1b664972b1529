//! The package itself: how much it is built from, and that the prompt's own package stays without a network.

use std::fs;
use std::path::Path;
use std::process::Command;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The packages of a lock file.
fn packages(lock: &str) -> Vec<&str> {
    let name =
        |part| str::split_once(part, "name = \"").and_then(|(_, rest)| rest.split('"').next());
    lock.split("[[package]]").skip(1).filter_map(name).collect()
}

#[test]
fn the_lock_file_stays_short() {
    let lock = read("Cargo.lock");
    let count = packages(&lock).len();
    assert!((50..=130).contains(&count), "{count} packages");
}

#[test]
fn little_is_built() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "-e",
            "normal,build",
            "--prefix",
            "none",
        ])
        .args(["--no-dedupe", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let text = String::from_utf8(tree.stdout).unwrap();
    let mut built: Vec<&str> = text
        .lines()
        .map(|line| line.split(" (").next().unwrap_or_default())
        .collect();
    built.sort_unstable();
    built.dedup();
    assert!(
        (20..=85).contains(&built.len()),
        "{}: {built:#?}",
        built.len()
    );
}

#[test]
fn the_prompts_lock_file_has_no_network() {
    let network = [
        "ureq",
        "rustls",
        "ring",
        "webpki-roots",
        "hyper",
        "reqwest",
        "tokio",
        "http",
    ];
    let (prompt, own) = (read("../Cargo.lock"), read("Cargo.lock"));
    let in_prompt: Vec<&str> = packages(&prompt)
        .into_iter()
        .filter(|name| network.contains(name))
        .collect();
    assert!(in_prompt.is_empty(), "{in_prompt:?}");
    assert!(
        packages(&own).contains(&"ureq"),
        "the names are compared with something that is there"
    );
}

#[test]
fn the_error_codes_are_documented_with_their_exit_codes() {
    let source = read("src/error.rs");
    let mut known: Vec<(&str, &str)> = source
        .lines()
        .filter_map(|line| {
            let (_, pair) = line.split_once("=> (\"")?;
            pair.strip_suffix("),")?.split_once("\", ")
        })
        .collect();
    known.sort_unstable();
    known.dedup();
    assert!(known.len() > 30, "{known:?}");
    let text = read("../docs/sign-in.md");
    let mut documented: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| ")?
                .strip_suffix(" |")?
                .split_once(" | ")
        })
        .filter(|(codes, _)| codes.starts_with(|c: char| c.is_ascii_digit()))
        .flat_map(|(codes, words)| {
            codes.split(", ").flat_map(move |code| {
                words
                    .split(", ")
                    .map(move |word| (word.trim_matches('`'), code))
            })
        })
        .collect();
    documented.sort_unstable();
    assert_eq!(documented, known);
}
