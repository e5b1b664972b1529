//! Variables, arguments, home and working directory of any kind.

use crate::support::fixtures::{SSO, logged_in};
use crate::support::{Home, Shell, binary, installed};

#[test]
fn without_a_usable_home_nothing_breaks() {
    let home = logged_in();
    for value in ["", "relative", "/nonexistent", "/", "/a\nb"] {
        let output = home
            .run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("HOME", value)
            .output();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{value:?}");
        assert_eq!(output.stdout, "aws:dev no such profile\n", "{value:?}");
    }
    let long = "/x".repeat(40_000);
    for (name, value) in [("HOME", long.as_str()), ("AWS_CONFIG_FILE", long.as_str())] {
        let output = home
            .run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env(name, value)
            .output();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{name}");
    }
    let output = home
        .run(["prompt"])
        .env("AWS_PROFILE", "dev")
        .without("HOME")
        .output();
    assert_eq!(
        (output.code, output.stdout.as_str(), output.stderr.as_str()),
        (0, "aws:dev no such profile\n", "")
    );
}

#[test]
fn variables_are_only_values() {
    let home = logged_in();
    let run = |name: &str, value: &str| {
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env(name, value)
            .output()
    };
    for (name, value, want) in [
        ("AWS_PROFILE", "", "aws: no such profile\n"),
        ("AWS_PROFILE", "   ", "aws:␣␣␣ no such profile\n"),
        ("AWS_PROFILE", "-rf", "aws:-rf no such profile\n"),
        ("AWS_PROFILE", "--help", "aws:--help no such profile\n"),
        ("AWS_PROFILE", "a\nb", "aws:a?b no such profile\n"),
        ("AWS_DEFAULT_PROFILE", "other", "aws:dev 47m\n"),
        ("TZ", "garbage/../../etc/passwd", "aws:dev 47m\n"),
        ("TZ", ":/dev/zero", "aws:dev 47m\n"),
        ("LC_ALL", "tr_TR.UTF-8", "aws:dev 47m\n"),
        ("LC_ALL", "ja_JP.SJIS", "aws:dev 47m\n"),
        ("COLUMNS", "-1", "aws:dev 47m\n"),
        ("AWSBADGE_MAX_WIDTH", "-5", "aws:dev 47m\n"),
        (
            "AWSBADGE_MAX_WIDTH",
            "99999999999999999999",
            "aws:dev 47m\n",
        ),
        ("AWSBADGE_RENEW_TRUST", "NaN", "aws:dev 47m\n"),
        ("RUST_BACKTRACE", "full", "aws:dev 47m\n"),
        ("RUST_LOG", "trace", "aws:dev 47m\n"),
    ] {
        let output = run(name, value);
        assert_eq!(
            (output.code, output.stdout.as_str(), output.stderr.as_str()),
            (0, want, ""),
            "{name}={value:?}"
        );
    }
    let long = run("AWS_PROFILE", &"x".repeat(100_000));
    assert_eq!(
        long.stdout.trim_end().chars().count(),
        40,
        "a badge is 40 columns wide at most"
    );
    use std::os::unix::ffi::OsStringExt;
    let bytes = std::ffi::OsString::from_vec(b"a\xff\xfeb".to_vec());
    let output = home.run(["prompt"]).env("AWS_PROFILE", bytes).output();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (0, "aws:a\u{fffd}\u{fffd}b no such profile\n"),
        "not UTF-8"
    );
}

#[test]
fn paths_are_expanded_as_aws_tools_do() {
    let home = logged_in();
    home.file("other", SSO);
    for value in ["~/other", "$HOME/other", "${HOME}/other"] {
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_CONFIG_FILE", value)
            .stdout("aws:dev 47m\n")
            .check();
    }
    for value in ["", "other ", "~nobody/other"] {
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_CONFIG_FILE", value)
            .stdout("aws:dev no such profile\n")
            .check();
    }
}

#[test]
fn a_removed_working_directory_and_relative_paths_break_nothing() {
    if !installed(&["bash"]) {
        return;
    }
    let home = logged_in();
    let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
    let script = format!(
        "export AWS_PROFILE=dev\nmkdir gone && cd gone && rmdir ../gone\n{awsbadge} prompt\n\
         {awsbadge} use --shell bash dev >/dev/null && {awsbadge} list && cd ..\n\
         AWS_CONFIG_FILE=.aws/config {awsbadge} prompt\nAWS_CONFIG_FILE=nowhere/config {awsbadge} prompt\n"
    );
    home.script(Shell::Bash, &script)
        .stdout("aws:dev 47m\ndev\naws:dev 47m\naws:dev no such profile\n")
        .check();
}

/// What `env` and a shell can't hand over: arguments and an environment as they are given to execve(2).
fn execve(home: &Home, arguments: &[&str], environment: &[&str]) -> (i32, String, String) {
    let list = |words: &[&str]| {
        let words: Vec<String> = words
            .iter()
            .map(|word| format!("{word:?}.encode()"))
            .collect();
        format!("array([{}])", words.join(", "))
    };
    let script = format!(
        "import ctypes\n\
         def array(words): return (ctypes.c_char_p * (len(words) + 1))(*words, None)\n\
         ctypes.CDLL(None).execve({:?}.encode(), {}, {})\n",
        binary().to_str().unwrap(),
        list(arguments),
        list(environment),
    );
    let output = home.tool("python3").args(["-c", &script]).output();
    (output.code, output.stdout, output.stderr)
}

#[test]
fn doubled_variables_and_odd_arguments_break_nothing() {
    if !installed(&["python3"]) {
        return;
    }
    let home = logged_in();
    let path = format!("HOME={}", home.path().display());
    let prompt = |environment: &[&str]| {
        let environment = [&[path.as_str()], environment].concat();
        execve(&home, &["awsbadge", "prompt"], &environment)
    };
    let says = |text: &str| (0, text.to_owned(), String::new());
    // AWS_PROFILE comes first, and of the regions AWS_REGION.
    assert_eq!(
        prompt(&["AWS_DEFAULT_PROFILE=other", "AWS_PROFILE=dev"]),
        says("aws:dev 47m\n")
    );
    let region = [
        "AWS_PROFILE=dev",
        "AWSBADGE_SHOW_REGION=on",
        "AWS_DEFAULT_REGION=b",
        "AWS_REGION=a",
    ];
    assert_eq!(prompt(&region), says("aws:dev a 47m\n"));
    // Keys win over the profile, and that is said.
    let keys = [
        "AWS_PROFILE=dev",
        "AWS_ACCESS_KEY_ID=A",
        "AWS_SECRET_ACCESS_KEY=s",
    ];
    assert_eq!(prompt(&keys), says("aws:env over dev keys\n"));
    // The first of two counts; what is no variable is none.
    assert_eq!(
        prompt(&["AWS_PROFILE=dev", "AWS_PROFILE=other"]),
        says("aws:dev 47m\n")
    );
    assert_eq!(
        prompt(&["AWS_PROFILE", "", "=", "=x", "AWS_PROFILE=dev"]),
        says("aws:dev 47m\n")
    );
    // No arguments at all, very many, a very long one, `--`, one that is not known.
    for arguments in [
        &[][..],
        &["awsbadge"],
        &["awsbadge", "--nope"],
        &["awsbadge", "prompt", "--nope"],
    ] {
        let (code, stdout, stderr) = execve(&home, arguments, &[&path]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(
            stderr.contains("Usage: awsbadge"),
            "{arguments:?}: {stderr}"
        );
    }
    let output = home.run(vec!["x"; 10_000]).output();
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    let long = "x".repeat(128 * 1024 - 1);
    let output = home.run(["use", "--shell", "zsh", "--", &long]).output();
    assert_eq!((output.code, output.stdout.as_str()), (3, ""));
    // The shells that there are.
    for shell in ["", "tcsh", "/bin/zsh", "zsh\n"] {
        let output = home.run(["init", shell]).output();
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{shell:?}");
        assert!(
            output.stderr.contains("zsh, bash, fish"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn any_terminal_and_locale_will_do() {
    let home = logged_in();
    home.aws_stub();
    for (name, value) in [
        ("TERM", ""),
        ("TERM", "dumb"),
        ("COLUMNS", "0"),
        ("COLUMNS", "-1"),
        ("COLUMNS", "1000000000"),
        ("NO_COLOR", "1"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LC_ALL", "C"),
    ] {
        for command in ["prompt", "list", "status", "explain", "doctor", "settings"] {
            let run = home
                .run([command])
                .env("AWS_PROFILE", "dev")
                .env(name, value);
            let output = run.output();
            assert!(
                (0..=1).contains(&output.code),
                "{name}={value} {command}: {}",
                output.stderr
            );
            let ascii = output.stdout.is_ascii() || name != "LC_ALL" || value != "C";
            assert!(ascii || command != "prompt", "{}", output.stdout);
        }
    }
}

#[test]
fn a_time_zone_that_is_a_fifo_is_not_waited_for() {
    if !installed(&["mkfifo"]) {
        return;
    }
    let home = logged_in();
    home.tool("mkfifo").args(["zone"]).check();
    let zone = home.path().join("zone").to_str().unwrap().to_owned();
    for zone in [format!(":{zone}"), zone] {
        let status = |zone: &str| {
            home.run(["status"])
                .env("AWS_PROFILE", "dev")
                .env("TZ", zone)
                .output()
        };
        let (with, utc) = (status(&zone), status("UTC"));
        assert_eq!(
            (with.code, with.stdout),
            (0, utc.stdout),
            "{zone}: {}",
            with.stderr
        );
    }
}
