//! Files, variables and streams as bad as they come. The prompt then exits 0, prints one line at most and
//! nothing on standard error, and claims nothing that it can't know; other commands say what is wrong, where,
//! and what to do, and print nothing that a shell would evaluate. The numbers are those of the list in
//! SECURITY.md.

use crate::support::{
    Home, Pty, Shell, binary, expires_in, installed, token, token_file, unreachable,
};
use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

const CONFIG: &str = "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n\
                      [profile dev]\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\n";

fn logged_in() -> Home {
    let home = Home::new();
    home.config(CONFIG).token("s", &expires_in(47 * 60 + 50));
    home
}

/// The badge of `dev`, after the promises that hold for every prompt are held.
#[track_caller]
fn badge(home: &Home, row: &str) -> String {
    let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{row}");
    assert!(
        output.stdout.lines().count() <= 1,
        "{row}: {}",
        output.stdout
    );
    for shell in ["zsh", "bash", "fish"] {
        let answer = home
            .run(["__refresh", "--shell", shell, "--proto", "1"])
            .env("AWS_PROFILE", "dev")
            .output();
        assert_eq!(
            (answer.code, answer.stderr.as_str()),
            (0, ""),
            "{row} in {shell}"
        );
        assert!(
            answer.stdout.contains("_awsbadge_x_done"),
            "{row} in {shell}"
        );
    }
    output.stdout.trim_end().to_owned()
}

#[test]
fn odd_configuration_is_read_as_far_as_it_goes() {
    let session = "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\n";
    for (row, config, want) in [
        ("2: empty", "".to_owned(), "aws:dev no such profile"),
        (
            "3: comments only",
            "# a\n\n; b\n".into(),
            "aws:dev no such profile",
        ),
        (
            "4: no newline at the end",
            CONFIG.trim_end().into(),
            "aws:dev 47m",
        ),
        ("5: CRLF", CONFIG.replace('\n', "\r\n"), "aws:dev 47m"),
        ("6: lone CR", CONFIG.replace('\n', "\r"), "aws:dev 47m"),
        (
            "7: byte order mark",
            format!("\u{feff}{CONFIG}"),
            "aws:dev config error",
        ),
        ("11: NUL bytes", "\0".repeat(4096), "aws:dev config error"),
        (
            "12: an unclosed header",
            format!("[profile a\nx = y\n{CONFIG}"),
            "aws:dev config error",
        ),
        (
            "13: junk headers",
            format!("[profile a] x\n[profile b]]\n[profile]\n[profile ]\n{CONFIG}"),
            "aws:dev 47m",
        ),
        (
            "14: a section twice",
            format!("{CONFIG}[profile dev]\nregion = x\n"),
            "aws:dev config error",
        ),
        (
            "15: a key twice",
            format!("{CONFIG}sso_session = gone\nsso_session = s\n"),
            "aws:dev config error",
        ),
        (
            "16: a key before any section",
            format!("x = y\n{CONFIG}"),
            "aws:dev config error",
        ),
        (
            "17: a line without =",
            format!("{CONFIG}junk\n[profile other]\njunk\n"),
            "aws:dev config error",
        ),
        (
            "18: sub-properties",
            format!("{CONFIG}s3 =\n  sso_session = gone\n"),
            "aws:dev 47m",
        ),
        (
            "20: inline comments",
            CONFIG.replace("sso_session = s", "sso_session = s # home"),
            "aws:dev config error",
        ),
        (
            "24: a circle",
            "[profile dev]\nrole_arn = r\nsource_profile = dev\n".into(),
            "aws:dev config error",
        ),
        (
            "25: no such session",
            "[profile dev]\nsso_session = gone\nsso_account_id = 1\n".into(),
            "aws:dev config error",
        ),
        (
            "26: contradicting values",
            format!(
                "{session}[profile dev]\nsso_session = s\nsso_account_id = 1\nsso_start_url = https://x\n"
            ),
            "aws:dev config error",
        ),
        (
            "30: one long line",
            format!("{CONFIG}x = {}\n", "y".repeat(5_000_000)),
            "aws:dev 47m",
        ),
    ] {
        let home = logged_in();
        home.config(&config);
        assert_eq!(badge(&home, row), want, "{row}");
    }
    let home = logged_in();
    home.file(
        ".aws/config",
        [
            b"# \xff\xfe\n[profile other]\nregion = \xff\n".as_slice(),
            CONFIG.as_bytes(),
        ]
        .concat(),
    );
    assert_eq!(
        badge(&home, "9: invalid UTF-8 elsewhere"),
        "aws:dev config error"
    );
    let utf16: Vec<u8> = CONFIG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    home.file(".aws/config", utf16);
    assert_eq!(badge(&home, "8: UTF-16"), "aws:dev config error");
    home.config("[profile dev]\nregion = a\0b\n");
    let output = home.run(["use", "--shell", "zsh", "dev"]).output();
    assert!(
        !output.stdout.contains('\0'),
        "10: a NUL byte reaches no shell"
    );
}

#[test]
fn a_token_file_is_never_taken_for_what_it_is_not() {
    let token = |rest: &str| format!(r#"{{"accessToken":"t",{rest}}}"#);
    let at = |date: &str| token(&format!(r#""expiresAt":"{date}""#));
    let good = expires_in(47 * 60 + 50);
    let plain = good.trim_end_matches('Z');
    for (row, json, want) in [
        (
            "33: empty, as while botocore writes",
            String::new(),
            "aws:dev ?",
        ),
        (
            "35: trailing bytes",
            format!("{}\"}}", at(&good)),
            "aws:dev ?",
        ),
        (
            "36: byte order mark",
            format!("\u{feff}{}", at(&good)),
            "aws:dev 47m",
        ),
        (
            "36: leading blanks",
            format!("\n\n  {}", at(&good)),
            "aws:dev 47m",
        ),
        ("36: comments", format!("// x\n{}", at(&good)), "aws:dev ?"),
        ("37: an array", "[1]".into(), "aws:dev no login"),
        ("37: null", "null".into(), "aws:dev no login"),
        (
            "38: a key twice, the last counts",
            token(&format!(
                r#""expiresAt":"2020-01-01T00:00:00Z","expiresAt":"{good}""#
            )),
            "aws:dev 47m",
        ),
        (
            "39: other case",
            at(&good)
                .replace("accessToken", "AccessToken")
                .replace("expiresAt", "ExpiresAt"),
            "aws:dev 47m",
        ),
        (
            "40: deep nesting",
            format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            "aws:dev ?",
        ),
        (
            "41: two megabytes",
            format!(r#"{{"accessToken":"{}"}}"#, "t".repeat(2 << 20)),
            "aws:dev ?",
        ),
        (
            "42: a lone surrogate",
            token(&format!(r#""x":"\ud800","expiresAt":"{good}""#)),
            "aws:dev ?",
        ),
        (
            "43: a number for a date",
            token(r#""expiresAt":1900000000"#),
            "aws:dev ?",
        ),
        (
            "43: null for a date",
            token(r#""expiresAt":null"#),
            "aws:dev ?",
        ),
        ("43: no date", r#"{"accessToken":"t"}"#.into(), "aws:dev ?"),
        (
            "44: UTC in letters",
            at(&format!("{plain}UTC")),
            "aws:dev 47m",
        ),
        (
            "45: an offset",
            at(&format!("{plain}+00:00")),
            "aws:dev 47m",
        ),
        (
            "45: an impossible offset",
            at(&format!("{plain}+25:59")),
            "aws:dev ?",
        ),
        ("46: no zone is UTC", at(plain), "aws:dev 47m"),
        (
            "47: a fraction",
            at(&format!("{plain}.123456789012Z")),
            "aws:dev 47m",
        ),
        ("48: month 13", at("2026-13-01T00:00:00Z"), "aws:dev ?"),
        ("48: 24 o'clock", at("2026-01-01T24:00:00Z"), "aws:dev ?"),
        ("49: year 9999", at("9999-12-31T23:59:59Z"), "aws:dev ?"),
        ("49: year 10000", at("10000-01-01T00:00:00Z"), "aws:dev ?"),
        (
            "50: overflow",
            token(r#""expiresAt":9223372036854775808"#),
            "aws:dev ?",
        ),
        (
            "50: not a number at all",
            token(r#""expiresAt":1e400"#),
            "aws:dev ?",
        ),
        ("51: 1970", at("1970-01-01T00:00:00Z"), "aws:dev expired"),
        (
            "52: no access token",
            format!(r#"{{"expiresAt":"{good}"}}"#),
            "aws:dev no login",
        ),
        (
            "52: an object for an access token",
            format!(r#"{{"accessToken":{{}},"expiresAt":"{good}"}}"#),
            "aws:dev no login",
        ),
        (
            "53: registration over, token good",
            token(&format!(
                r#""expiresAt":"{good}","refreshToken":"r","clientId":"c","clientSecret":"s","registrationExpiresAt":"2020-01-01T00:00:00Z""#
            )),
            "aws:dev 47m",
        ),
        (
            "54: a client registration",
            format!(r#"{{"clientId":"c","clientSecret":"s","expiresAt":"{good}"}}"#),
            "aws:dev no login",
        ),
        (
            "55: keys from the future",
            token(&format!(r#""expiresAt":"{good}","new":{{"a":[1,2]}}"#)),
            "aws:dev 47m",
        ),
    ] {
        let home = logged_in();
        home.token_json("s", &json);
        assert_eq!(badge(&home, row), want, "{row}");
    }
}

#[test]
fn row_34_a_token_cut_anywhere_is_unknown_or_right() {
    let home = logged_in();
    let whole = home.read(&token_file("s")).unwrap();
    // Every byte is tried in the unit tests; here each eighth goes through the real program.
    for cut in (0..whole.len()).step_by(8) {
        home.token_json("s", &whole[..cut]);
        let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
        assert_eq!(output.stdout, "aws:dev ?\n", "{cut} bytes");
    }
}

#[test]
fn what_is_no_regular_file_is_not_waited_for() {
    let fifo = |path: &std::path::Path| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success())
    };
    let token = token_file("s");
    for (row, file, want) in [
        ("59: config", ".aws/config", "aws:dev ?"),
        ("59: credentials", ".aws/credentials", "aws:dev ?"),
        ("59: token", token.as_str(), "aws:dev ?"),
    ] {
        let home = logged_in();
        if home.read(file).is_some() {
            home.remove(file);
        }
        fifo(&home.path().join(file));
        assert_eq!(badge(&home, row), want, "{row}, a FIFO");
        let home = logged_in();
        if home.read(file).is_some() {
            home.remove(file);
        }
        std::fs::create_dir_all(home.path().join(file)).unwrap();
        assert_eq!(badge(&home, row), want, "60: {file}, a folder");
        let home = logged_in();
        if home.read(file).is_some() {
            home.remove(file);
        }
        symlink(home.path().join(file), home.path().join(file)).unwrap();
        assert_eq!(badge(&home, row), want, "64: {file}, a link to itself");
    }
    for (device, want) in [
        ("/dev/zero", "aws:dev ?"),
        ("/dev/tty", "aws:dev ?"),
        ("/dev/full", "aws:dev ?"),
        ("/dev/null", "aws:dev no such profile"),
    ] {
        let home = logged_in();
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_CONFIG_FILE", device)
            .stdout(format!("{want}\n"))
            .check();
    }
    let home = logged_in();
    symlink(home.path().join(".aws/config"), home.path().join("link")).unwrap();
    home.run(["prompt"])
        .env("AWS_PROFILE", "dev")
        .env("AWS_CONFIG_FILE", home.path().join("link"))
        .stdout("aws:dev 47m\n")
        .check();
}

#[test]
fn row_29_a_file_that_is_too_large_is_not_read() {
    let home = logged_in();
    let file = std::fs::File::create(home.path().join(".aws/config")).unwrap();
    file.set_len(10 << 30).unwrap();
    assert_eq!(badge(&home, "29: ten sparse gigabytes"), "aws:dev ?");
    home.run(["use", "--shell", "zsh", "dev"])
        .stderr("error: $HOME/.aws/config: too large (10737418240 bytes, 16777216 at most)\nMake it readable; AWS's tools need it too.\n")
        .code(4)
        .check();
}

/// As root every file can be read, so this runs as nobody where it may.
#[test]
fn row_67_what_may_not_be_read_is_unknown_and_is_said_by_name() {
    if !installed(&["setpriv"]) || !is_root() {
        return;
    }
    let home = logged_in();
    let open = |path: &str, mode| {
        std::fs::set_permissions(
            home.path().join(path),
            std::fs::Permissions::from_mode(mode),
        )
        .unwrap()
    };
    for folder in ["", ".aws", ".aws/sso", ".aws/sso/cache"] {
        open(folder, 0o755);
    }
    open(&token_file("s"), 0o644);
    let program = home.path().join("awsbadge");
    std::fs::copy(binary(), &program).unwrap();
    let as_nobody = |arguments: &[&str]| {
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
            .arg(&program)
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .current_dir("/")
            .output()
            .unwrap();
        (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
            output.status.code().unwrap(),
        )
    };
    open(".aws/config", 0o644);
    assert_eq!(
        as_nobody(&["prompt"]),
        ("aws:dev 47m\n".into(), String::new(), 0),
        "first all is readable"
    );
    open(&token_file("s"), 0o600);
    assert_eq!(
        as_nobody(&["prompt"]),
        ("aws:dev ?\n".into(), String::new(), 0)
    );
    open(".aws/config", 0o600);
    assert_eq!(
        as_nobody(&["prompt"]),
        ("aws:dev ?\n".into(), String::new(), 0)
    );
    let (stdout, stderr, code) = as_nobody(&["use", "--shell", "zsh", "dev"]);
    assert_eq!((stdout.as_str(), code), ("", 4));
    assert!(
        stderr.contains("/.aws/config: permission denied"),
        "{stderr}"
    );
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

#[test]
fn row_72_without_a_usable_home_nothing_breaks() {
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
fn rows_79_to_94_variables_are_only_values() {
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
        "82: a badge is 40 columns wide at most"
    );
    use std::os::unix::ffi::OsStringExt;
    let bytes = std::ffi::OsString::from_vec(b"a\xff\xfeb".to_vec());
    let output = home.run(["prompt"]).env("AWS_PROFILE", bytes).output();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (0, "aws:a\u{fffd}\u{fffd}b no such profile\n"),
        "81: not UTF-8"
    );
}

#[test]
fn rows_95_to_99_streams_may_be_gone() {
    if !installed(&["bash"]) {
        return;
    }
    let home = logged_in();
    let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
    let bash = |script: &str| {
        let script = script.replace("AWSBADGE", &awsbadge);
        let output = Command::new("bash")
            .args(["--norc", "--noprofile", "-c", &script])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(
        bash("AWSBADGE prompt >&-; echo $?"),
        "0\n",
        "95: stdout closed"
    );
    assert_eq!(
        bash("AWSBADGE prompt >/dev/full; echo $?"),
        "0\n",
        "96: a full disk under the prompt"
    );
    let full = bash("AWSBADGE list >/dev/full; echo $?");
    assert_eq!(
        full, "1\nerror: standard output can't be written: no space left on device\n",
        "96: and under a command"
    );
    assert_eq!(
        bash("AWSBADGE __names regions | head -c1; echo; echo ${PIPESTATUS[0]}")
            .lines()
            .last(),
        Some("0"),
        "97: the reader is gone"
    );
    assert_eq!(
        bash("AWSBADGE prompt <&-; echo $?"),
        "aws:dev 47m\n0\n",
        "98: stdin closed"
    );
    assert_eq!(
        bash("AWSBADGE use --shell zsh nope 2>&-; echo $?"),
        "3\n",
        "99: stderr closed"
    );
    assert_eq!(
        bash("AWSBADGE prompt <&- >&- 2>&-; echo $?"),
        "0\n",
        "99: all closed"
    );
}

#[test]
fn row_101_small_limits_leave_the_prompt_whole() {
    if !installed(&["bash"]) {
        return;
    }
    let home = logged_in();
    for limit in ["-n 4", "-v 65536", "-s 64", "-f 0", "-t 1", "-u 1"] {
        let script = format!(
            "ulimit {limit}; exec {} prompt",
            Shell::Bash.quote(binary().to_str().unwrap())
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &script])
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "",
            "ulimit {limit}"
        );
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stdout).as_ref()
            ),
            (Some(0), "aws:dev 47m\n"),
            "ulimit {limit}"
        );
    }
    // Other commands work, or say why not.
    for limit in ["-n 3", "-n 4", "-v 65536", "-s 512", "-f 0", "-t 1", "-u 1"] {
        for arguments in [
            "use --shell zsh dev",
            "list",
            "status",
            "setup --shell zsh --write",
        ] {
            let home = logged_in();
            let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
            let script = format!("(ulimit {limit}; exec {awsbadge} {arguments}); echo $? >&2");
            let run = home.script(Shell::Bash, &script).env("AWS_PROFILE", "dev");
            let output = run.output();
            let (said, code) = output
                .stderr
                .trim_end()
                .rsplit_once('\n')
                .unwrap_or(("", output.stderr.trim_end()));
            let right = code == "0" || said.contains("error: ") && output.stdout.is_empty();
            assert!(
                right && (0..=6).contains(&code.parse().unwrap()),
                "{limit}: {arguments}: {output:?}"
            );
        }
    }
}

#[test]
fn row_73_paths_are_followed_as_aws_tools_do() {
    let home = logged_in();
    home.file("other", CONFIG);
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
fn rows_1_to_3_without_profiles_there_is_an_empty_list_and_a_hint() {
    for (row, config) in [("1", None), ("2", Some("")), ("3", Some("# a\n; b\n\n"))] {
        let home = Home::new();
        if let Some(config) = config {
            home.config(config);
        }
        assert_eq!(badge(&home, row), "aws:dev no such profile");
        let hint = "awsbadge: no profiles found; `aws configure sso` writes the first one into $HOME/.aws/config\n";
        home.run(["list"]).stderr(hint).check();
        let output = home.run(["use", "--shell", "zsh", "dev"]).output();
        assert_eq!((output.code, output.stdout.as_str()), (3, ""), "{row}");
    }
}

#[test]
fn rows_19_to_23_names_are_those_that_the_aws_cli_lists() {
    let home = Home::new();
    home.config(
        "  [profile indented]\n  region = a\n\t[profile tab]\nregion = a\n[profile c d]\nregion = x\n\
         [profile 'c d']\nregion = a\n[profile \"e]f\"]\nregion = a\n[profile default]\nregion = a\n\
         [default]\nregion = b\n[profile dev]\nregion = a\n[profile Dev]\nregion = b\n[profile dév]\nregion = c\n\
         [profile de\u{301}v]\nregion = d\n",
    );
    let listed = home.run(["list"]).output();
    let names: Vec<&str> = listed.stdout.lines().collect();
    let wanted = [
        "indented",
        "tab",
        "c d",
        "e]f",
        "default",
        "dev",
        "Dev",
        "dév",
        "de\u{301}v",
    ];
    assert_eq!(names, wanted, "{}", listed.stderr);
    // 23: names that look alike are four, and each gets its own region.
    for (name, region) in [
        ("dev", "a"),
        ("Dev", "b"),
        ("dév", "c"),
        ("de\u{301}v", "d"),
    ] {
        let status = home.run(["status", "--json", name]).output().stdout;
        assert!(
            status.contains(&format!("\"region\": \"{region}\"")),
            "{name}: {status}"
        );
    }
    // 22: without quotes it is no profile, and that is said.
    let told = home.run(["doctor"]).output().stdout;
    assert!(
        told.contains("config:5: the AWS CLI finds no profile in [profile c d]"),
        "{told}"
    );
}

#[test]
fn rows_27_and_28_odd_numbers_and_regions_end_nothing() {
    let home = logged_in();
    for (key, value) in [
        ("region", ""),
        ("region", "x.evil.example/"),
        ("duration_seconds", "-1"),
        ("duration_seconds", "99999999999999999999"),
        ("duration_seconds", "1e3"),
    ] {
        home.config(&format!("{CONFIG}{key} = {value}\n"));
        assert_eq!(badge(&home, key), "aws:dev 47m", "{key} = {value}");
        let output = home.run(["export", "dev"]).env("PATH", "/nowhere").output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (1, ""),
            "{}",
            output.stderr
        );
    }
    // 27: one that is typed has to look like one.
    let output = home
        .run(["region", "--shell", "zsh", "x.evil.example/"])
        .output();
    assert_eq!((output.code, output.stdout.as_str()), (1, ""));
}

#[test]
fn row_32_a_file_that_grows_is_read_to_the_end_that_it_had() {
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

#[test]
fn rows_56_to_58_other_files_of_the_cache_do_not_count() {
    let home = logged_in();
    // 56: none of them is looked at; the test of four files holds that no folder is listed.
    for n in 0..10_000 {
        let path = home.path().join(format!(".aws/sso/cache/{n:040x}.json"));
        let file = std::fs::File::create(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    assert_eq!(badge(&home, "56"), "aws:dev 47m");
    // 57: the name says whose it is; that the content is of another is for doctor to say.
    let json = token(&expires_in(47 * 60 + 50)).to_string();
    home.token_json("s", json.replace("myorg", "other"));
    assert_eq!(badge(&home, "57"), "aws:dev 47m");
    let told = home.run(["doctor"]).output().stdout;
    assert!(
        told.contains("error token-of-another: $HOME/.aws/sso/cache/"),
        "{told}"
    );
    // 58: a session token without a date gives no time.
    let home = Home::new();
    home.credentials(
        "[dev]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n",
    );
    assert_eq!(badge(&home, "58"), "aws:dev ?");
}

#[test]
fn rows_62_and_63_sockets_block_devices_and_descriptors_are_no_files() {
    let home = logged_in();
    let socket = home.path().join("socket");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    if is_root() {
        home.tool("mknod").args(["block", "b", "7", "200"]).check();
    }
    home.file("script", format!("{CONFIG}[profile x]\nregion = y\n"));
    for path in ["socket", "block"] {
        let path = home.path().join(path);
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_CONFIG_FILE", &path)
            .stdout(match path.exists() {
                true => "aws:dev ?\n",
                false => "aws:dev no such profile\n",
            })
            .check();
    }
    if installed(&["bash"]) {
        let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
        let script = format!(
            "export AWS_PROFILE=dev\nAWS_CONFIG_FILE=<(cat script) {awsbadge} prompt\n\
             AWS_CONFIG_FILE=/dev/fd/9 {awsbadge} use --shell bash dev 9< <(cat script) || echo code $?\n"
        );
        home.script(Shell::Bash, &script)
            .stdout("aws:dev no such profile\ncode 4\n".replace("no such profile", "?"))
            .stderr("error: /dev/fd/9: not a regular file\nMake it readable; AWS's tools need it too.\n")
            .check();
    }
}

#[test]
fn rows_72_and_73_no_folder_to_work_in_and_a_path_from_there() {
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
fn rows_86_to_89_odd_environments_and_arguments() {
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
    // 86: AWS_PROFILE comes first, and of the regions AWS_REGION.
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
    // 87: keys win over the profile, and that is said.
    let keys = [
        "AWS_PROFILE=dev",
        "AWS_ACCESS_KEY_ID=A",
        "AWS_SECRET_ACCESS_KEY=s",
    ];
    assert_eq!(prompt(&keys), says("aws:env over dev keys\n"));
    // 88: the first of two counts; what is no variable is none.
    assert_eq!(
        prompt(&["AWS_PROFILE=dev", "AWS_PROFILE=other"]),
        says("aws:dev 47m\n")
    );
    assert_eq!(
        prompt(&["AWS_PROFILE", "", "=", "=x", "AWS_PROFILE=dev"]),
        says("aws:dev 47m\n")
    );
    // 89: no arguments at all, very many, a very long one, `--`, one that is not known.
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
    // 92: the shells that there are.
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
fn row_90_terminals_and_languages_of_any_kind() {
    let home = logged_in();
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

/// What 150 prompts say while `write` changes the token file over and over, handed the two versions in turn.
fn while_writing(write: impl Fn(&std::path::Path, &str) + Sync) -> BTreeMap<String, u32> {
    use std::sync::atomic::{AtomicBool, Ordering};
    let home = logged_in();
    let path = home.path().join(token_file("s"));
    // Of two lengths: what is left of the longer one would garble the shorter.
    let versions = [47 * 60 + 50, 7 * 3600 + 50].map(|left| token(&expires_in(left)));
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
        for _ in 0..150 {
            let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
            assert_eq!((output.code, output.stderr.as_str()), (0, ""));
            *seen.entry(output.stdout).or_insert(0) += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
    seen
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
    let in_place = while_writing(write_in_place);
    let atomic = while_writing(|path, text| {
        std::fs::write(path.with_extension("new"), text).unwrap();
        std::fs::rename(path.with_extension("new"), path).unwrap();
    });
    for text in in_place.keys() {
        let right = ["aws:dev 47m\n", "aws:dev 7h0m\n", "aws:dev ?\n"];
        assert!(right.contains(&text.as_str()), "{in_place:?}");
    }
    assert!(in_place.keys().any(|t| t != "aws:dev ?\n"), "{in_place:?}");
    // Whoever renames leaves nothing to guess.
    for text in atomic.keys() {
        let right = ["aws:dev 47m\n", "aws:dev 7h0m\n"];
        assert!(right.contains(&text.as_str()), "{atomic:?}");
    }
}

/// Logging out removes the file, logging in writes it: a prompt in between says one or the other.
#[test]
fn a_token_that_comes_and_goes_is_there_or_not() {
    let seen = while_writing(|path, text| {
        write_in_place(path, text);
        std::fs::remove_file(path).unwrap();
    });
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
    let seen = while_writing(|path, text| {
        let fifo = path.with_extension("fifo");
        if !fifo.exists() {
            let made = Command::new("mkfifo").arg(&fifo).status();
            assert!(made.unwrap().success());
        }
        std::fs::write(path.with_extension("new"), text).unwrap();
        std::fs::rename(path.with_extension("new"), path).unwrap();
        std::fs::hard_link(fifo, path.with_extension("new")).unwrap();
        std::fs::rename(path.with_extension("new"), path).unwrap();
    });
    for text in seen.keys() {
        let right = ["aws:dev 47m\n", "aws:dev 7h0m\n", "aws:dev ?\n"];
        assert!(right.contains(&text.as_str()), "{seen:?}");
    }
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn row_107_many_prompts_at_once_say_the_same() {
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

/// A home with a secret in every file that AWS's tools write and in every variable that holds one, and programs
/// that note their arguments and their environment.
fn planted(broken: bool) -> Home {
    let home = Home::new();
    home.config(&format!(
        "{CONFIG}[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = {CANARY}/config\n\
         [profile login]\nlogin_session = arn:aws:iam::5:user/A\n\
         [profile process]\ncredential_process = tool --password {CANARY}-process\n\
         [profile role]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n\
         [profile odd]\nexternal_id = {CANARY}\napi_key = {CANARY}\npwd = {CANARY}\ncookie = {CANARY}\n\
         endpoint_url = https://me:{CANARY}@h.test\nregion = eu-west-1\n{}",
        // The AWS CLI refuses the whole file.
        if broken { format!("[profile {CANARY}\nregion = x\n") } else { String::new() }
    ))
    .credentials(&format!(
        "[cred]\naws_access_key_id = AKIA\naws_secret_access_key = {CANARY}\naws_session_token = {CANARY}-t\n\
         my_password = {CANARY}-password\n{}",
        if broken { format!("not a line {CANARY}\n") } else { String::new() }
    ))
    .renewing_token("s", &expires_in(3000), &expires_in(80 * 86_400))
    .file(
        ".aws/sso/cache/botocore-client-id-eu-west-1.json",
        format!(r#"{{"clientId":"c","clientSecret":"{CANARY}","expiresAt":"2020-01-01T00:00:00Z"}}"#),
    )
    .file(
        ".aws/sso/cache/broken.json",
        format!(r#"{{"accessToken":"{CANARY}","refreshToken":"{CANARY}"}}"}}"#),
    )
    .settings(&format!("[badge]\nshow = set\ntoken = {CANARY}-setting\n[alias]\nx = y\n"))
    .file(".zshrc", format!("export AWS_SECRET_ACCESS_KEY={CANARY}-rc\n"));
    let credentials = format!(
        r#"{{"Credentials":{{"AccessKeyId":"A","SecretAccessKey":"{CANARY}","SessionToken":"{CANARY}","Expiration":"{}"}}}}"#,
        expires_in(60)
    );
    home.file(".aws/cli/cache/0000.json", &credentials)
        .file(".aws/boto/cache/0000.json", &credentials);
    let name = hmac_sha256::Hash::hash(b"arn:aws:iam::5:user/A");
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    home.file(
        &format!(".aws/login/cache/{name}.json"),
        format!(r#"{{"accessToken":{{"accessKeyId":"A","secretAccessKey":"{CANARY}","sessionToken":"{CANARY}","accountId":"5","expiresAt":"{}"}},"refreshToken":"{CANARY}","dpopKey":"{CANARY}","clientId":"c"}}"#, expires_in(900)),
    );
    for program in ["aws", "fzf", "firefox", "tool"] {
        home.stub(
            program,
            "{ env; printf '%s\\n' \"$@\"; } >>\"$0.seen\"; cat >>\"$0.seen\"; exit 3",
        );
    }
    home
}

const CANARY: &str = "SECRET-CANARY";

/// The variables that hold a secret.
const SECRETS: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
];

/// The files below a home in which a secret stands.
fn secret_files(home: &Home) -> Vec<String> {
    let found = home.tool("grep").args(["-rlF", CANARY, "."]).output();
    let mut files: Vec<String> = found.stdout.lines().map(str::to_owned).collect();
    files.sort();
    files
}

#[test]
fn planted_secrets_come_out_nowhere() {
    for broken in [false, true] {
        planted_secrets_come_out_of_no_command(broken);
    }
}

fn planted_secrets_come_out_of_no_command(broken: bool) {
    let home = planted(broken);
    let planted = secret_files(&home);
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["prompt"],
        vec!["prompt", "--shell", "zsh"],
        vec!["list"],
        vec!["list", "--json"],
        vec!["status"],
        vec!["status", "--json"],
        vec!["use", "--shell", "zsh", "cred"],
        vec!["use", "--shell", "fish", "nope"],
        vec!["clear", "--shell", "bash"],
        vec!["region", "--shell", "bash", "eu-west-1"],
        vec!["__refresh", "--shell", "zsh", "--proto", "1"],
        vec!["__names", "profiles"],
        vec!["__names", "regions"],
        vec!["init", "zsh", "--prompt", "left"],
        vec!["doctor"],
        vec!["doctor", "--json"],
        vec!["settings"],
        vec!["setup", "--shell", "zsh"],
        vec!["login", "dev", "--force"],
        vec!["logout", "dev"],
        vec!["logout", "login"],
        vec!["console", "dev"],
        vec!["console", "dev", "--print"],
        vec!["share", "dev"],
        vec!["share", "cred"],
        vec!["share", "process"],
        vec!["exec", "dev", "--", "tool"],
        vec!["export", "role"],
        vec!["export", "process"],
        vec!["completions", "zsh"],
        vec!["demo"],
        vec!["--version"],
        vec!["status", "--nonsense"],
    ];
    for profile in ["keys", "cred", "login", "process", "role", "odd"] {
        commands.push(vec!["status", profile]);
        commands.push(vec!["status", profile, "--json"]);
        commands.push(vec!["explain", "--profile", profile]);
    }
    for tool in ["cli", "boto3", "rust", "js", "go", "java"] {
        commands.push(vec!["explain", "--tool", tool, "--json"]);
        commands.push(vec!["config", "--tool", tool, "--json"]);
        commands.push(vec!["config", "--tool", tool]);
    }
    for command in commands {
        let run = home
            .run(command.clone())
            .env("AWS_PROFILE", "dev")
            .env("BROWSER", "firefox")
            .env("RUST_BACKTRACE", "full")
            .env("RUST_LOG", "trace");
        let run = match command[0] {
            // What the AWS CLI is asked for may need the container's; the rest goes by the profile.
            "export" | "login" | "logout" | "exec" => SECRETS[..4].iter(),
            _ => SECRETS.iter(),
        }
        .fold(run, |run, name| run.env(name, CANARY));
        let output = run.output();
        for text in [&output.stdout, &output.stderr] {
            assert!(!text.contains(CANARY), "{command:?}: {text}");
        }
    }
    if installed(&["setsid"]) {
        for path in ["/nowhere", "bin"] {
            let pty = Pty::new(80, 24);
            pty.type_bytes(b"keys\r");
            let mut command = pty.command(&home, binary().to_str().unwrap());
            command.arg("__pick");
            if path == "/nowhere" {
                command.env("PATH", path);
            }
            for name in SECRETS {
                command.env(name, CANARY);
            }
            let output = pty.spawn(&mut command).wait_with_output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap() + &pty.last_screen();
            assert!(!said.contains(CANARY), "{said}");
        }
    }
    for program in ["aws", "fzf", "firefox", "tool"] {
        let seen = home.read(&format!("bin/{program}.seen"));
        // A configuration that is refused keeps most commands from starting anything.
        assert!(
            broken || seen.is_some(),
            "{program} was started and noted nothing"
        );
    }
    // The `credential_process` was run by nobody, and `exec` ran what it was told to.
    assert_eq!(home.calls("tool"), [[""; 0]]);
    // No program was told, and nothing was written down.
    assert_eq!(secret_files(&home), planted);
    // One command hands them out, on standard output alone.
    let output = home.run(["export", "keys"]).output();
    assert!(output.stdout.contains(CANARY) != broken && !output.stderr.contains(CANARY));
}

/// Whoever crashes writes its memory down, where that is allowed; ours holds secrets.
#[test]
fn a_crash_leaves_no_dump_of_the_memory() {
    use std::os::unix::process::ExitStatusExt;
    if !installed(&["bash", "strace"]) {
        return;
    }
    let home = planted(true);
    let crash = |script: String| {
        let mut command = Command::new("/bin/bash");
        command
            .args(["--norc", "-c", &format!("ulimit -c unlimited; {script}")])
            .arg(binary())
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_PROFILE", "dev")
            .current_dir(home.path());
        command.output().unwrap()
    };
    // That another program leaves one is the test of this test.
    let dumps = crash("exec bash -c 'kill -ABRT $$'".to_owned())
        .status
        .core_dumped();
    let before = secret_files(&home);
    // At the end of reading a file, and where all is printed. The runtime looks at a first SIGSEGV.
    for (call, signal, when) in [
        ("close", "SIGABRT", "2"),
        ("close", "SIGSEGV", "2+"),
        ("write", "SIGABRT", "1"),
        ("write", "SIGILL", "1"),
    ] {
        let fault = format!("{call}:signal={signal}:when={when}");
        for arguments in ["prompt", "export keys", "list"] {
            let output = crash(format!(
                "exec strace -o trace -e trace=all -e inject={fault} \"$0\" {arguments}"
            ));
            let trace = home.read("trace").unwrap();
            home.remove("trace");
            let end = String::from_utf8_lossy(&trace)
                .lines()
                .last()
                .unwrap()
                .to_owned();
            assert_eq!(
                end,
                format!("+++ killed by {signal} +++"),
                "{arguments} {fault}"
            );
            let said = [output.stdout, output.stderr].concat();
            // What it was printing when it was hit is what was asked of it.
            let meant = arguments.starts_with("export") && fault.starts_with("write");
            assert!(
                meant || !String::from_utf8_lossy(&said).contains(CANARY),
                "{arguments} {fault}"
            );
        }
    }
    assert_eq!(secret_files(&home), before);
    if !dumps {
        unreachable("a crash leaves no dump here, whoever crashes");
    }
}

/// The prompt path: one process, no folder listed, nothing opened for writing, four files at most.
#[test]
fn the_prompt_opens_four_files_and_starts_nothing() {
    if !installed(&["strace"]) {
        return;
    }
    let home = logged_in();
    home.credentials("[x]\n").settings("[badge]\nshow = set\n");
    home.file("plant/aws", "#!/bin/sh\ntouch canary\n");
    for arguments in [
        vec!["prompt", "--shell", "zsh"],
        vec!["__refresh", "--shell", "bash", "--proto", "1"],
        vec!["use", "--shell", "zsh", "dev"],
    ] {
        let trace = home.path().join("trace");
        let status = Command::new("/usr/bin/strace")
            .args(["-f", "-o"])
            .arg(&trace)
            .args(["-e", "trace=execve,fork,vfork,clone,clone3,openat,open,socket,connect,getdents64,write,unlink,rename,mkdir"])
            .arg(binary())
            .args(&arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("PATH", ".::plant")
            .env("AWS_PROFILE", "dev")
            .current_dir(home.path().join("plant"))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        let trace = std::fs::read_to_string(trace).unwrap();
        let calls = |name: &str| {
            trace
                .lines()
                .filter(|l| {
                    l.split_whitespace()
                        .nth(1)
                        .is_some_and(|c| c.starts_with(&format!("{name}(")))
                })
                .count()
        };
        assert_eq!(calls("execve"), 1, "{trace}");
        for none in [
            "fork",
            "vfork",
            "clone",
            "clone3",
            "socket",
            "connect",
            "getdents64",
            "unlink",
            "rename",
            "mkdir",
        ] {
            assert_eq!(calls(none), 0, "{none}\n{trace}");
        }
        assert!(
            !trace.contains("O_WRONLY") && !trace.contains("O_RDWR") && !trace.contains("O_CREAT"),
            "{trace}"
        );
        let own = trace
            .lines()
            .filter(|l| l.contains("openat(") && l.contains(home.path().to_str().unwrap()))
            .count();
        assert!(own <= 4, "{own} files\n{trace}");
        assert_eq!(calls("write"), 1, "the block is one write\n{trace}");
    }
}
