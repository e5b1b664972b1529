//! The tests' own tools do what the tests believe.

use crate::support::{Home, Run, Shell, installed, token_file};

#[test]
fn a_token_lies_where_the_aws_cli_looks_for_it() {
    // The name was taken from the AWS CLI, logged in to a session of that name.
    assert_eq!(
        token_file("my-sso"),
        ".aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json"
    );
}

#[test]
fn a_stub_notes_its_arguments_and_is_found_first() {
    let home = Home::new();
    home.stub("aws", "echo \"stub of aws in $HOME\"; exit 7");
    let run = home.script(Shell::Bash, "aws sso login --profile \"it's  me\"; aws ''");
    run.stdout("stub of aws in $HOME\nstub of aws in $HOME\n")
        .code(7)
        .check();
    assert_eq!(
        home.calls("aws"),
        [vec!["sso", "login", "--profile", "it's  me"], vec![""]]
    );
}

#[test]
fn a_run_sees_a_bare_environment() {
    let home = Home::new();
    home.script(Shell::Bash, "unset _ OLDPWD PWD SHLVG SHLVL; env -u LANG | sort; cat")
        .env("AWS_PROFILE", "dev")
        .stdin("from stdin\n")
        .stdout("AWS_PROFILE=dev\nHOME=$HOME\nPATH=$HOME/bin:/usr/local/bin:/usr/bin:/bin\n_=/usr/bin/env\nfrom stdin\n")
        .check();
}

#[test]
fn a_run_that_differs_in_one_stream_fails_the_test() {
    let home = Home::new();
    let run = || home.script(Shell::Bash, "echo out; echo err >&2; exit 3");
    let passes = |run: Run<'_>| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.check())).is_ok()
    };
    assert!(passes(run().stdout("out\n").stderr("err\n").code(3)));
    assert!(!passes(run().stdout("ou\n").stderr("err\n").code(3)));
    assert!(!passes(run().stdout("out\n").stderr("").code(3)));
    assert!(!passes(run().stdout("out\n").stderr("err\n").code(0)));
}

#[test]
fn a_quoted_word_comes_back_as_it_was() {
    let home = Home::new();
    let word = r#"it's `date` $(date) $HOME \' \\ "x" \"#;
    for shell in Shell::installed() {
        let print = format!("printf '%s|' {}", shell.quote(word));
        home.script(shell, &print)
            .stdout(format!("{word}|"))
            .check();
    }
}

#[test]
fn a_line_is_typed_run_and_waited_for() {
    let home = Home::new();
    for shell in Shell::installed().filter(|_| installed(&["tmux"])) {
        let term = home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .size(60, 12)
            .open("echo 'from the rc'\n");
        term.type_line("echo \"$AWS_PROFILE\"; sleep 0.3; echo slow;");
        let screen = term.screen();
        let lines: Vec<&str> = screen.trim_end().lines().collect();
        assert_eq!(
            lines,
            [
                "from the rc",
                "> echo \"$AWS_PROFILE\"; sleep 0.3; echo slow;",
                "dev",
                "slow",
                ">"
            ],
            "{shell}"
        );
        assert_eq!(
            (term.last_line().as_str(), term.cursor()),
            (">", (2, 4)),
            "{shell}"
        );

        // An empty line and the same line twice are prompts too.
        term.type_line("");
        term.type_line("true");
        term.type_line("true");

        term.type_text("exit 3");
        // Before its line editor reads, a shell may lose an interrupt with what was typed.
        term.wait_for("> exit 3");
        term.keys(&["C-c"]);
        term.wait_until("an abandoned line", |screen| {
            screen.trim_end().ends_with('>')
        });
        assert!(term.alive(), "{shell}");
        term.keys(&["Enter"]);
        term.type_text("exit 3");
        term.keys(&["Enter"]);
        term.wait_for_end();
    }
}
