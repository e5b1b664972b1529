//! The settings: each value with its origin, what can't be used, the first file, and what an error that may hide
//! production does to the badge, `status`, `doctor` and a switch.

use crate::support::{Home, Pty, binary, installed, until};
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};

const FILE: &str = ".config/awsbadge/config.ini";

#[test]
fn every_key_is_shown_with_where_its_value_comes_from() {
    let home = Home::new();
    home.settings(
        "[badge]\nsymbol = ☁\nshow = live\n[class prod]\nmatch = *-prd\n[alias]\nmyorg-dev = dev\n",
    );
    let output = home
        .run(["settings"])
        .env("AWSBADGE_SHOW", "always")
        .output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let squeezed: Vec<String> = output
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "# $HOME/.config/awsbadge/config.ini",
        "[badge]",
        "symbol = ☁ # line 2",
        "show = always # AWSBADGE_SHOW",
        "region = off # default",
        "max_width = 40 # default",
        "max_age = 60s # default",
        "match = *-prd # line 5",
        "account = none # default",
        "confirm = never # default",
        "[alias]",
        "myorg-dev = dev # line 7",
    ] {
        assert!(
            squeezed.iter().any(|l| l == line),
            "{line}\n{}",
            output.stdout
        );
    }
}

#[test]
fn what_can_not_be_used_is_named_and_its_default_counts() {
    let home = Home::new();
    home.settings("[badge]\nshow = sometimes\nmax_width = 9\n[bagde]\nx = 1\n");
    let output = home
        .run(["settings"])
        .env("AWSBADGE_ASCII", "perhaps")
        .output();
    assert_eq!(output.code, 0);
    assert_eq!(
        output.stderr,
        "awsbadge: $HOME/.config/awsbadge/config.ini:2: [badge] show: 'sometimes' is not one of set, always, live. \
         Write one of them, or remove the line\n\
         awsbadge: $HOME/.config/awsbadge/config.ini:3: [badge] max_width: '9' is not a number from 10 to 200. \
         Write such a number, or remove the line\n\
         awsbadge: $HOME/.config/awsbadge/config.ini:4: [bagde]: there is no such section; its keys do not count. \
         Write [badge], or remove the section\n\
         awsbadge: AWSBADGE_ASCII: 'perhaps' is not one of on, 1, off, 0, auto. \
         Write one of them, or remove the line\n"
    );
    for line in ["show", "max_width", "ascii"] {
        let row = output.stdout.lines().find(|l| l.starts_with(line)).unwrap();
        assert!(row.ends_with("# default"), "{row}");
    }
}

#[test]
fn the_first_file_is_written_once_and_for_its_owner_alone() {
    let home = Home::new();
    home.run(["settings", "--init"])
        .stderr("awsbadge: wrote $HOME/.config/awsbadge/config.ini\n")
        .check();
    let mode = |path: &str| {
        let about = std::fs::metadata(home.path().join(path)).unwrap();
        about.permissions().mode() & 0o777
    };
    assert_eq!((mode(FILE), mode(".config/awsbadge")), (0o600, 0o700));
    let written = home.read(FILE);
    let again = home.run(["settings", "--init"]).output();
    assert_eq!(again.code, 6);
    assert_eq!(home.read(FILE), written);
    assert_eq!(home.run(["settings"]).output().stderr, "");

    // A link that leads nowhere is something too.
    let other = Home::new();
    let folder = other.path().join(".config/awsbadge");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("/nowhere", folder.join("config.ini")).unwrap();
    assert_eq!(other.run(["settings", "--init"]).output().code, 6);
}

#[test]
fn without_a_home_there_is_no_place_for_settings() {
    let home = Home::new();
    let output = home.run(["settings"]).without("HOME").output();
    assert_eq!(output.code, 1);
    assert!(
        output
            .stderr
            .starts_with("error: no directory for settings"),
        "{}",
        output.stderr
    );
}

/// Errors that may hide production: the settings, and the line to fix.
const DOUBTS: [(&str, u32); 8] = [
    ("[class prod\nmatch = dev\n", 1),
    ("[Class Prod]\nmatch = dev\n", 1),
    ("[class prod]\nmatch = \"dev\n", 2),
    ("[class prod]\naccount = 1234\n", 2),
    ("[class prod]\nmach = dev\n", 2),
    ("[switch]\nconfirm = yes\n", 2),
    ("[badge]\nshow = set\nclass prod]\nmatch = dev\n", 3),
    ("# one line\n\n[badge\n", 3),
];

fn dev() -> Home {
    let home = Home::new();
    home.config(
        "[profile dev]\ncredential_process = true\n[profile live]\ncredential_process = true\n",
    );
    home
}

#[test]
fn an_error_that_may_hide_production_shows_in_the_badge_and_status_explains_it() {
    for (text, line) in DOUBTS {
        let home = dev();
        home.settings(text);
        let run =
            |args: &[&str], profile: &str| home.run(args).env("AWS_PROFILE", profile).output();
        assert_eq!(
            run(&["prompt"], "dev").stdout,
            "aws:dev process settings error\n",
            "{text}"
        );
        assert_eq!(
            run(&["prompt"], "live").stdout,
            "!aws:live process settings error\n",
            "{text}"
        );
        let place = format!("$HOME/.config/awsbadge/config.ini:{line}: ");
        let status = run(&["status"], "dev");
        let said = status
            .stdout
            .lines()
            .find(|l| l.starts_with("settings error: "))
            .unwrap();
        assert!(said.contains(&place), "{text}: {said}");
        assert_eq!(status.code, 0);
        for (profile, class) in [("dev", "warn"), ("live", "prod"), ("none", "expired")] {
            let json: serde_json::Value =
                serde_json::from_str(&run(&["status", "--json"], profile).stdout).unwrap();
            assert_eq!(json["class"], class, "{text}");
            let warning = json["warnings"].as_array().unwrap().last().unwrap();
            assert_eq!(warning["line"], line, "{text}");
            assert!(warning["code"].as_str().unwrap().starts_with("settings-"));
        }
        home.aws_stub();
        let doctor = run(&["doctor"], "dev");
        let found = doctor
            .stdout
            .lines()
            .find(|l| l.starts_with("error settings-"))
            .unwrap();
        assert!(found.contains(&place), "{text}: {found}");
        assert_eq!(doctor.code, 1);
        let settings = home.run(["settings"]).output();
        assert!(
            settings.stderr.starts_with(&format!("awsbadge: {place}")),
            "{}",
            settings.stderr
        );
        assert!(
            settings
                .stderr
                .ends_with("every switch asks first until this is fixed\n")
        );
    }
}

#[test]
fn an_error_that_hides_nothing_leaves_the_badge_alone() {
    for text in [
        "[badge]\nshow = sometimes\n",
        "[bagde]\nshow = set\n",
        "[badge]\nformat = {symbol}{profile}{ left}{nope\n",
        "[badge]\nx\n[class prod]\nmatch = x\n",
        "[class prod]\naccount = 1111-1111-1111\n",
    ] {
        let home = dev();
        home.settings(text);
        let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
        assert!(output.stdout.starts_with("aws:dev process"), "{text}");
        assert!(!output.stdout.contains("error"), "{text}");
        let status = home.run(["status"]).env("AWS_PROFILE", "dev").output();
        assert!(!status.stdout.contains("settings"), "{text}");
        let switched = home.run(["use", "--shell", "bash", "dev"]).output();
        assert_eq!((switched.code, switched.stderr.as_str()), (0, ""), "{text}");
        assert_ne!(home.run(["settings"]).output().stderr, "", "{text}");
        home.aws_stub();
        let doctor = home.run(["doctor"]).output();
        assert!(
            doctor.stdout.contains("warning settings-"),
            "{text}: {}",
            doctor.stdout
        );
    }
}

#[test]
fn what_is_there_and_can_not_be_read_is_not_taken_for_no_settings() {
    let text = "[class prod]\nmatch = dev\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".to_vec(), utf16.clone()].concat();
    type Put<'a> = &'a dyn Fn(&std::path::Path);
    #[rustfmt::skip]
    let cases: [(&str, Put<'_>, bool, &str); 6] = [
        ("a byte order mark", &|path| std::fs::write(path, format!("\u{feff}{text}")).unwrap(), false, "!aws:dev process\n"),
        ("a directory", &|path| std::fs::create_dir(path).unwrap(), true, "aws:dev process settings error\n"),
        ("a FIFO", &|path| { assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()) }, true, "aws:dev process settings error\n"),
        ("a dangling link", &|path| symlink("nowhere", path).unwrap(), true, "aws:dev process settings error\n"),
        ("UTF-16", &|path| std::fs::write(path, &marked).unwrap(), true, "aws:dev process settings error\n"),
        ("UTF-16 without a mark", &|path| std::fs::write(path, &utf16).unwrap(), true, "aws:dev process settings error\n"),
    ];
    for (name, put, wrong, badge) in cases {
        let home = dev();
        let path = home.path().join(FILE);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        put(&path);
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .stdout(badge)
            .check();
        home.aws_stub();
        let doctor = home.run(["doctor"]).output();
        let named = [
            "error settings-unreadable: $HOME/.config",
            "error settings-encoding: $HOME/.config",
        ];
        assert_eq!(
            named.iter().any(|n| doctor.stdout.contains(n)),
            wrong,
            "{name}: {}",
            doctor.stdout
        );
        let settings = home.run(["settings"]).output();
        assert_eq!(
            settings
                .stderr
                .starts_with("awsbadge: $HOME/.config/awsbadge/config.ini: the settings "),
            wrong,
            "{name}"
        );
    }
}

#[test]
fn the_suffix_is_whole_in_a_narrow_badge() {
    let home = dev();
    home.settings("[badge]\nmax_width = 10\n[switch\n");
    home.run(["prompt"])
        .env("AWS_PROFILE", "dev")
        .stdout("aws:d… pr… settings error\n")
        .check();
}

#[test]
fn without_a_terminal_a_switch_goes_on_and_says_so() {
    let home = dev();
    home.settings("[Class Prod]\n[switch]\nconfirm = yes\n");
    let output = home.run(["use", "--shell", "bash", "dev"]).output();
    assert_eq!(output.code, 0);
    assert!(
        output.stdout.contains("AWS_PROFILE='dev'"),
        "{}",
        output.stdout
    );
    assert_eq!(
        output.stderr,
        "awsbadge: $HOME/.config/awsbadge/config.ini:1: [Class Prod]: there is no such section; its keys do not count. \
         Write [class prod], or remove the section (and 1 more: `awsbadge settings`)\n\
         awsbadge: production may not be recognised; switched without asking, because there is no terminal\n"
    );
    // Who says --yes has answered.
    let output = home
        .run(["use", "--shell", "bash", "--yes", "dev"])
        .output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
}

/// Switches to `profile` on a terminal, types `answer` if there is a question, and gives the exit code, standard
/// output and the screen.
fn switch(home: &Home, profile: &str, answer: Option<&str>) -> (Option<i32>, String, String) {
    let pty = Pty::new(200, 24);
    let mut command = pty.command(home, binary().to_str().unwrap());
    let mut child = pty.spawn(command.args(["use", "--shell", "bash", "--", profile]));
    if let Some(answer) = answer {
        pty.wait_for("? [y/N] ", 1);
        pty.type_bytes(answer.as_bytes());
        pty.type_bytes(b"\n");
    }
    let status = until(|| child.try_wait().unwrap()).expect("it ends");
    let mut stdout = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut stdout)
        .unwrap();
    (status.code(), stdout, pty.last_screen())
}

#[test]
fn on_a_terminal_every_switch_asks_while_production_is_in_doubt() {
    if !installed(&["setsid"]) {
        return;
    }
    for (text, line) in DOUBTS {
        let home = dev();
        home.settings(text);
        let (code, stdout, screen) = switch(&home, "dev", Some(""));
        assert_eq!((code, stdout.as_str()), (Some(6), ""), "{text}: {screen}");
        for said in [
            format!("/.config/awsbadge/config.ini:{line}: "),
            "every switch asks first until this is fixed".to_owned(),
            "Switch to 'dev'? [y/N]".to_owned(),
            "not switched to 'dev'".to_owned(),
        ] {
            assert!(screen.contains(&said), "{text}: {said}: {screen}");
        }
        let (code, stdout, _) = switch(&home, "dev", Some("y"));
        assert_eq!(code, Some(0));
        assert!(stdout.contains("AWS_PROFILE='dev'"), "{stdout}");
    }
    // What would be offered by a part of its name may be production.
    let home = dev();
    home.settings("[switch\n");
    assert_eq!(switch(&home, "de", None).0, Some(3));
}

#[test]
fn confirm_has_three_words() {
    if !installed(&["setsid"]) {
        return;
    }
    for (word, dev_asks, live_asks) in [
        ("never", false, false),
        ("prod", false, true),
        ("always", true, true),
        ("on", true, true),
    ] {
        let home = dev();
        home.settings(&format!("[switch]\nconfirm = {word}\n"));
        for (profile, asks) in [("dev", dev_asks), ("live", live_asks)] {
            let (code, _, screen) = switch(&home, profile, asks.then_some("n"));
            assert_eq!(
                code,
                Some(if asks { 6 } else { 0 }),
                "{word} {profile}: {screen}"
            );
            let to_production = screen.contains("Switch to production, 'live'?");
            assert_eq!(to_production, asks && profile == "live", "{word}: {screen}");
        }
    }
}
