//! `awsbadge help`: the manual page in a real terminal with a real man; else the text of `--help`.

use crate::support::{Home, Pty, binary, installed, until};
use std::path::Path;
use std::process::Command;

/// A home with a page of one line for each name in `share/man`.
fn with_pages(names: &[&str]) -> Home {
    let home = Home::new();
    for name in names {
        let page = format!(".TH X 1 2026-01-01\n.SH NAME\n{name} \\- THE PAGE OF {name}\n");
        home.file(&format!("share/man/man1/{name}.1"), page);
    }
    home
}

/// What `program` with `arguments` writes to a terminal; it succeeds.
#[track_caller]
fn screen(home: &Home, program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let pty = Pty::new(100, 200);
    let mut command = pty.command(home, program.to_str().unwrap());
    command.args(arguments).env("MANPAGER", "cat");
    command.envs(variables.iter().copied());
    let mut child = pty.spawn_whole(&mut command);
    let status = until(|| child.try_wait().unwrap()).expect("it ends");
    let screen = pty.last_screen();
    assert!(status.success(), "{arguments:?}: {status}\n{screen}");
    screen
}

/// The program as it is installed: in a directory beside `share`.
fn installed_in(home: &Home) -> std::path::PathBuf {
    let program = home.path().join("bin/awsbadge");
    // By another process, because this one must not have the file open for writing.
    let copied = Command::new("cp").arg(binary()).arg(&program).status();
    assert!(copied.unwrap().success());
    program
}

#[test]
fn help_opens_the_page_that_is_installed_with_the_program() {
    if !installed(&["man", "setsid"]) {
        return;
    }
    let home = with_pages(&["awsbadge", "awsbadge-list"]);
    let program = installed_in(&home);
    for (arguments, page) in [
        (&["help"][..], "awsbadge"),
        (&["help", "list"], "awsbadge-list"),
    ] {
        for manpath in [&[][..], &[("MANPATH", "/nowhere")], &[("MANPATH", "")]] {
            let shown = screen(&home, &program, arguments, manpath);
            assert!(shown.contains(&format!("THE PAGE OF {page}")), "{shown}");
            assert!(!shown.contains("Usage:"), "{shown}");
        }
    }
    // The option always prints.
    let shown = screen(&home, &program, &["list", "--help"], &[]);
    assert!(shown.contains("Usage: awsbadge list"), "{shown}");
    assert!(!shown.contains("THE PAGE"), "{shown}");
}

#[test]
fn help_opens_a_page_that_only_man_knows_the_place_of() {
    if !installed(&["man", "setsid"]) {
        return;
    }
    let home = with_pages(&["awsbadge-whoami"]);
    let places = home.path().join("share/man");
    let manpath = [("MANPATH", places.to_str().unwrap())];
    let shown = screen(&home, binary(), &["help", "whoami"], &manpath);
    assert!(shown.contains("THE PAGE OF awsbadge-whoami"), "{shown}");
}

#[test]
fn without_a_page_help_prints_the_help() {
    if !installed(&["setsid"]) {
        return;
    }
    let real = with_pages(&[]);
    // What Ubuntu's minimal images have for a man.
    let minimal = Home::new();
    minimal.stub(
        "man",
        "echo This system has been minimized by removing packages.",
    );
    let nowhere = [("MANPATH", "/nowhere")];
    for (home, variables) in [
        (&real, &nowhere[..]),
        (&real, &[("PATH", "/nowhere")]),
        (&minimal, &[]),
    ] {
        let shown = screen(home, binary(), &["help", "list"], variables);
        assert!(shown.contains("Usage: awsbadge list"), "{shown}");
        assert!(!shown.contains("No manual entry"), "{shown}");
        assert!(!shown.contains("minimized"), "{shown}");
        let shown = screen(home, binary(), &["help"], variables);
        assert!(shown.contains("Every day:"), "{shown}");
    }
}

/// `help COMMAND` is `COMMAND --help` there, to the byte.
#[test]
fn to_a_pipe_help_prints_the_help_and_starts_nothing() {
    let home = with_pages(&["awsbadge", "awsbadge-list"]);
    home.stub("man", "echo /x");
    for (help, option) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "list"], &["list", "--help"]),
        (&["help", "whoami"], &["whoami", "--help"]),
    ] {
        let wanted = home.run(option).output();
        assert!(
            wanted.stdout.contains("Usage: awsbadge"),
            "{}",
            wanted.stdout
        );
        home.run(help).stdout(wanted.stdout).check();
    }
    let output = home.run(["help", "lst"]).output();
    assert_eq!((output.stdout.as_str(), output.code), ("", 2));
    assert!(
        output
            .stderr
            .contains("hint: a similar subcommand exists: 'list'"),
        "{}",
        output.stderr
    );
    assert!(home.calls("man").is_empty());
}

#[test]
fn man_gets_no_secrets() {
    if !installed(&["setsid"]) {
        return;
    }
    let home = Home::new();
    home.stub("man", "echo \"/x\"; env");
    let secrets = [
        ("AWS_SECRET_ACCESS_KEY", "SECRET-CANARY"),
        ("AWS_SESSION_TOKEN", "SECRET-CANARY"),
        ("AWS_REGION", "eu-west-1"),
    ];
    let shown = screen(&home, binary(), &["help", "list"], &secrets);
    assert!(shown.contains("AWS_REGION=eu-west-1"), "{shown}");
    assert!(!shown.contains("SECRET-CANARY"), "{shown}");
    assert_eq!(
        home.calls("man"),
        [vec!["-w", "awsbadge-list"], vec!["awsbadge-list"]]
    );
}
