//! Files, variables and streams as bad as they come. The prompt then exits 0, prints one line at most and
//! nothing on standard error, and claims nothing that it can't know; other commands say what is wrong, where,
//! and what to do, and print nothing that a shell would evaluate. The numbers are those of the list in
//! SECURITY.md.

use crate::support::{Home, Pty, Shell, binary, expires_in, installed, token_file, unreachable};
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
            "aws:dev 47m",
        ),
        (
            "11: NUL bytes",
            "\0".repeat(4096),
            "aws:dev no such profile",
        ),
        (
            "12: an unclosed header",
            format!("[profile a\nx = y\n{CONFIG}"),
            "aws:dev 47m",
        ),
        (
            "13: junk headers",
            format!("[profile a] x\n[profile b]]\n[]\n[profile]\n[profile ]\n{CONFIG}"),
            "aws:dev 47m",
        ),
        (
            "14: a section twice",
            format!("{CONFIG}[profile dev]\nregion = x\n"),
            "aws:dev 47m",
        ),
        (
            "15: a key twice",
            format!("{CONFIG}sso_session = gone\nsso_session = s\n"),
            "aws:dev 47m",
        ),
        (
            "16: a key before any section",
            format!("x = y\n{CONFIG}"),
            "aws:dev 47m",
        ),
        (
            "17: a line without =",
            format!("{CONFIG}junk\n[profile other]\njunk\n"),
            "aws:dev 47m",
        ),
        (
            "18: sub-properties",
            format!("{CONFIG}s3 =\n  sso_session = gone\n"),
            "aws:dev 47m",
        ),
        (
            "20: inline comments",
            CONFIG.replace("sso_session = s", "sso_session = s # home"),
            "aws:dev 47m",
        ),
        (
            "24: a circle",
            "[profile dev]\nrole_arn = r\nsource_profile = dev\n".into(),
            "aws:dev ?",
        ),
        (
            "25: no such session",
            "[profile dev]\nsso_session = gone\nsso_account_id = 1\n".into(),
            "aws:dev ?",
        ),
        (
            "26: contradicting values",
            format!(
                "{session}[profile dev]\nsso_session = s\nsso_account_id = 1\nsso_start_url = https://x\n"
            ),
            "aws:dev ?",
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
    assert_eq!(badge(&home, "9: invalid UTF-8 elsewhere"), "aws:dev 47m");
    let utf16: Vec<u8> = CONFIG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    home.file(".aws/config", utf16);
    assert_eq!(badge(&home, "8: UTF-16"), "aws:dev no such profile");
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
        ("AWS_PROFILE", "", ""),
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

/// A writer that truncates and writes in place, as the AWS CLI does, against prompts: both of its versions are
/// valid, so no prompt may ever say otherwise.
#[test]
fn a_token_that_is_being_rewritten_is_never_called_expired() {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    let home = logged_in();
    let path = home.path().join(token_file("s"));
    let versions = [47 * 60 + 50, 7 * 3600 + 50]
        .map(|left| crate::support::token(&expires_in(left)).to_string());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for version in &versions {
                    let mut file = std::fs::OpenOptions::new()
                        .write(true)
                        .truncate(true)
                        .open(&path)
                        .unwrap();
                    file.write_all(version.as_bytes()).unwrap();
                }
            }
        });
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..300 {
            let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
            assert_eq!((output.code, output.stderr.as_str()), (0, ""));
            *seen.entry(output.stdout).or_insert(0) += 1;
        }
        done.store(true, Ordering::Relaxed);
        for text in seen.keys() {
            assert!(
                ["aws:dev 47m\n", "aws:dev 7h0m\n", "aws:dev ?\n"].contains(&text.as_str()),
                "{seen:?}"
            );
        }
        assert!(seen.keys().any(|t| t != "aws:dev ?\n"), "{seen:?}");
    });
}

/// A home with a secret in every file that AWS's tools write and in every variable that holds one, and programs
/// that note their arguments and their environment.
fn planted() -> Home {
    let home = Home::new();
    home.config(&format!(
        "{CONFIG}[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = {CANARY}/config\n\
         [profile login]\nlogin_session = arn:aws:iam::5:user/A\n\
         [profile process]\ncredential_process = tool --password {CANARY}-process\n\
         [profile role]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n[profile {CANARY}\nregion = x\n"
    ))
    .credentials(&format!(
        "[cred]\naws_access_key_id = AKIA\naws_secret_access_key = {CANARY}\naws_session_token = {CANARY}-t\n\
         my_password = {CANARY}-password\nnot a line {CANARY}\n"
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
    let home = planted();
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
    for profile in ["keys", "cred", "login", "process", "role"] {
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
        assert!(seen.is_some(), "{program} was started and noted nothing");
    }
    // No program was told, and nothing was written down.
    assert_eq!(secret_files(&home), planted);
    // One command hands them out, on standard output alone.
    let output = home.run(["export", "keys"]).output();
    assert!(output.stdout.contains(CANARY) && !output.stderr.contains(CANARY));
}

/// Whoever crashes writes its memory down, where that is allowed; ours holds secrets.
#[test]
fn a_crash_leaves_no_dump_of_the_memory() {
    use std::os::unix::process::ExitStatusExt;
    if !installed(&["bash", "strace"]) {
        return;
    }
    let home = planted();
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
