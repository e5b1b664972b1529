//! Files that change while they are read, and many readers at once.

use crate::support::fixtures::{SESSION, VALID, logged_in};
use crate::support::{expires_in, token, token_file, until};
use std::collections::BTreeMap;
use std::process::Command;

#[test]
fn a_file_that_grows_is_read_to_the_end_that_it_had() {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    let home = logged_in();
    let path = home.path().join(".aws/config");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
            // Below what is too large.
            for _ in 0..100_000 {
                file.write_all(b"# and another line\n").unwrap();
                if done.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        for _ in 0..50 {
            let run = home.run(["prompt"]).env("AWS_PROFILE", "dev");
            run.stdout("aws:dev 47m\n").check();
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// What 150 prompts say while `write` changes the token file over and over, handed the two versions in turn; on a loaded
/// machine more of them, until they have seen `enough`.
fn while_writing(
    write: impl Fn(&std::path::Path, &str) + Sync,
    enough: impl Fn(&BTreeMap<String, u32>) -> bool,
) -> BTreeMap<String, u32> {
    use std::sync::atomic::{AtomicBool, Ordering};
    let home = logged_in();
    let path = home.path().join(token_file(SESSION));
    // Of two lengths: what is left of the longer one would garble the shorter.
    let versions = [VALID, 7 * 3600 + 50].map(|left| token(&expires_in(left)));
    let [short, mut long] = versions;
    long["extra"] = "x".repeat(2000).into();
    let versions = [short, long].map(|version| version.to_string());
    let done = AtomicBool::new(false);
    let mut seen = BTreeMap::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                versions.iter().for_each(|version| write(&path, version));
            }
        });
        let mut prompt = || {
            let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
            assert_eq!((output.code, output.stderr.as_str()), (0, ""));
            *seen.entry(output.stdout).or_insert(0) += 1;
            enough(&seen)
        };
        for _ in 0..150 {
            prompt();
        }
        // What is missing then, the test says.
        let _ = until(|| prompt().then_some(()));
        done.store(true, Ordering::Relaxed);
    });
    seen
}

/// A prompt between two writes says how long the login is valid.
fn more_than_unknown(seen: &BTreeMap<String, u32>) -> bool {
    seen.keys().any(|text| text != "aws:dev ?\n")
}

fn write_in_place(path: &std::path::Path, text: &str) {
    use std::io::Write;
    // As botocore opens and then truncates it.
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .unwrap();
    file.set_len(0).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Writers in place, as the AWS CLI is one, and by a new file, against prompts: both versions are valid, so no
/// prompt may ever say otherwise.
#[test]
fn a_token_that_is_being_rewritten_is_never_called_expired() {
    let in_place = while_writing(write_in_place, more_than_unknown);
    let atomic = while_writing(
        |path, text| {
            std::fs::write(path.with_extension("new"), text).unwrap();
            std::fs::rename(path.with_extension("new"), path).unwrap();
        },
        |_| true,
    );
    for text in in_place.keys() {
        let right = ["aws:dev 47m\n", "aws:dev 7h0m\n", "aws:dev ?\n"];
        assert!(right.contains(&text.as_str()), "{in_place:?}");
    }
    assert!(more_than_unknown(&in_place), "{in_place:?}");
    // Whoever renames leaves nothing to guess.
    for text in atomic.keys() {
        let right = ["aws:dev 47m\n", "aws:dev 7h0m\n"];
        assert!(right.contains(&text.as_str()), "{atomic:?}");
    }
}

/// Logging out removes the file, logging in writes it: a prompt in between says one or the other.
#[test]
fn a_token_that_comes_and_goes_is_there_or_not() {
    let seen = while_writing(
        |path, text| {
            write_in_place(path, text);
            std::fs::remove_file(path).unwrap();
        },
        |seen| seen.contains_key("aws:dev no login\n"),
    );
    for text in seen.keys() {
        let right = [
            "aws:dev 47m\n",
            "aws:dev 7h0m\n",
            "aws:dev no login\n",
            "aws:dev ?\n",
        ];
        assert!(right.contains(&text.as_str()), "{seen:?}");
    }
    assert!(seen.contains_key("aws:dev no login\n"), "{seen:?}");
}

/// What is looked at is what was opened: a FIFO that takes the name in between is not waited for.
#[test]
fn a_file_that_turns_into_a_fifo_is_not_waited_for() {
    let seen = while_writing(
        |path, text| {
            let fifo = path.with_extension("fifo");
            if !fifo.exists() {
                let made = Command::new("mkfifo").arg(&fifo).status();
                assert!(made.unwrap().success());
            }
            std::fs::write(path.with_extension("new"), text).unwrap();
            std::fs::rename(path.with_extension("new"), path).unwrap();
            std::fs::hard_link(fifo, path.with_extension("new")).unwrap();
            std::fs::rename(path.with_extension("new"), path).unwrap();
        },
        |seen| seen.len() > 1,
    );
    for text in seen.keys() {
        let right = ["aws:dev 47m\n", "aws:dev 7h0m\n", "aws:dev ?\n"];
        assert!(right.contains(&text.as_str()), "{seen:?}");
    }
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn many_prompts_at_once_say_the_same() {
    let home = logged_in();
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                let run = home.run(["prompt"]).env("AWS_PROFILE", "dev");
                run.stdout("aws:dev 47m\n").check();
            });
        }
    });
}
