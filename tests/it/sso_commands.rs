//! The commands that awsbadge-sso has, which a stub stands in for; `sessions`, and `status --online`.

use crate::support::{Home, Pty, expires_in};
use serde_json::{Value, json};

const NAMES: [&str; 5] = ["whoami", "configure", "populate", "accounts", "roles"];

const INSTALL: &str = "run `cargo install --locked --path sso` in the source directory of awsbadge";

fn home() -> Home {
    let home = Home::new();
    home.config(
        "[sso-session my-sso]\nsso_start_url = https://user@my.awsapps.com/start\nsso_region = eu-west-1\n\
         [sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n\
         [sso-session third]\nsso_start_url = https://third.awsapps.com/start\nsso_region = us-east-1\n\
         [profile dev]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-west-1\n\
         [profile ops]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = Ops\n\
         [profile far]\nsso_session = other\nsso_account_id = 123456789012\nsso_role_name = Ops\n",
    );
    home
}

#[test]
fn each_becomes_awsbadge_sso_with_all_that_was_typed() {
    let home = home();
    home.stub(
        "awsbadge-sso",
        "echo \"out $AWS_PROFILE\"; cat; echo err >&2; exit 7",
    );
    for name in NAMES {
        let words = [name, "--account", "a b", "-x", "it's", "", "--json"];
        home.run(words)
            .env("AWS_PROFILE", "dev")
            .stdin("typed\n")
            .stdout("out dev\ntyped\n")
            .stderr("err\n")
            .code(7)
            .check();
        assert_eq!(home.calls("awsbadge-sso").pop().unwrap(), words);
        // Its help is that of the program that does it.
        home.run([name, "--help"]).output();
        assert_eq!(home.calls("awsbadge-sso").pop().unwrap(), [name, "--help"]);
    }
}

#[test]
fn without_awsbadge_sso_each_says_how_to_install_it() {
    let home = home();
    for name in NAMES {
        home.run([name, "--json"])
            .stderr(format!(
                "error: this needs awsbadge-sso, which is not installed\nhint: {INSTALL}\n"
            ))
            .code(1)
            .check();
        for flag in ["--help", "-h"] {
            let help = home.run([name, flag]).output();
            assert_eq!((help.code, help.stderr.as_str()), (0, ""));
            assert!(
                help.stdout.contains("awsbadge-sso")
                    && help.stdout.contains(&format!("Usage: awsbadge {name}")),
                "{}",
                help.stdout
            );
        }
    }
    home.run(["status", "dev", "--online"])
        .stderr(format!(
            "error: this needs awsbadge-sso, which is not installed\nhint: {INSTALL}\n"
        ))
        .code(1)
        .check();
}

#[test]
fn tab_completes_the_names_and_what_follows_them() {
    let home = home();
    let next = |words: &[&str]| -> Vec<String> {
        let output = home.run(["__names", "words", "--"]).args(words).output();
        let first = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
        output.stdout.lines().map(first).collect()
    };
    let commands = next(&[""]);
    for name in NAMES.iter().chain(&["sessions"]) {
        assert!(commands.iter().any(|c| c == name), "{name}: {commands:?}");
    }
    assert_eq!(next(&["whoami", ""]), ["dev", "ops", "far"]);
    for name in ["populate", "accounts", "roles"] {
        assert_eq!(next(&[name, ""]), ["my-sso", "other", "third"], "{name}");
    }
    assert!(next(&["status", "--o"]).contains(&"--online".to_owned()));
}

#[test]
fn sessions_have_their_expiry_and_their_profiles() {
    let home = home();
    home.token("my-sso", &expires_in(47 * 60 + 30));
    home.renewing_token("other", &expires_in(-60), &expires_in(86_400));
    home.run(["sessions"])
        .stdout("my-sso\nother\nthird\n")
        .check();
    let output = home.run(["sessions", "--json"]).output();
    let mut got: Value = serde_json::from_str(&output.stdout).unwrap();
    let status = home.run(["status", "dev", "--json"]).output();
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    // A second may have passed.
    let mut expiry = got[0]["expiry"].clone();
    let left = |value: &Value| value["seconds_left"].as_i64().unwrap();
    assert!(
        (left(&expiry) - left(&status["expiry"])).abs() <= 2,
        "{got}"
    );
    expiry["seconds_left"] = status["expiry"]["seconds_left"].clone();
    assert_eq!(expiry, status["expiry"]);
    assert_eq!(got[1]["expiry"]["state"], "renewable");
    assert_eq!(got[2]["expiry"]["state"], "no-login");
    for session in got.as_array_mut().unwrap() {
        session["expiry"] = Value::Null;
    }
    assert_eq!(
        got,
        json!([
            {"session": "my-sso", "start_url": "https://***@my.awsapps.com/start", "region": "eu-west-1", "expiry": null, "profiles": 2},
            {"session": "other", "start_url": "https://other.awsapps.com/start", "region": "us-east-1", "expiry": null, "profiles": 1},
            {"session": "third", "start_url": "https://third.awsapps.com/start", "region": "us-east-1", "expiry": null, "profiles": 0},
        ])
    );
    let pty = Pty::new(80, 24);
    let mut command = pty.command(&home, env!("CARGO_BIN_EXE_awsbadge"));
    command.args(["sessions"]);
    assert!(pty.spawn_whole(&mut command).wait().unwrap().success());
    let screen = pty.last_screen();
    let rows: Vec<Vec<&str>> = screen
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows[0],
        ["SESSION", "EXPIRES", "RENEWS", "PROFILES"],
        "{screen}"
    );
    assert!(
        rows[1].first() == Some(&"my-sso") && rows[1].ends_with(&["in", "47m", "no", "2"]),
        "{screen}"
    );
    assert!(rows[2].ends_with(&["past", "yes", "1"]), "{screen}");
    assert_eq!(rows[3], ["third", "no", "login", "no", "0"], "{screen}");
}

#[test]
fn without_a_session_the_way_to_the_first_is_told() {
    let home = Home::new();
    home.run(["sessions", "--json"]).stdout("[]\n").check();
    home.run(["sessions"])
        .stderr(format!(
            "awsbadge: no SSO session found\nhint: {INSTALL}, then `awsbadge configure`\n"
        ))
        .check();
    home.stub("awsbadge-sso", "");
    home.run(["sessions"])
        .stderr("awsbadge: no SSO session found\nhint: run `awsbadge configure` to create one\n")
        .check();
}

#[test]
fn every_message_about_missing_profiles_names_configure() {
    let home = Home::new();
    for installed in [false, true] {
        if installed {
            home.stub("awsbadge-sso", "");
        }
        let hint = if installed {
            "run `awsbadge configure` to create the first profile".to_owned()
        } else {
            format!("{INSTALL}, then `awsbadge configure`")
        };
        for words in [
            vec!["list"],
            vec!["config"],
            vec!["use", "--shell", "zsh", "--", "dev"],
            vec!["setup", "--shell", "zsh"],
            vec!["setup", "--shell", "zsh", "--write"],
        ] {
            let output = home.run(&words).output();
            assert!(
                output.stderr.ends_with(&format!("\nhint: {hint}\n")),
                "{words:?}: {}",
                output.stderr
            );
        }
        let output = home.run(["setup", "--shell", "zsh", "--remove"]).output();
        assert!(!output.stderr.contains("configure"), "{}", output.stderr);
    }
    home.config("[profile dev]\nregion = eu-west-1\n");
    let output = home.run(["setup", "--shell", "zsh"]).output();
    assert!(!output.stderr.contains("configure"), "{}", output.stderr);
}

#[test]
fn status_asks_online_and_exits_with_what_it_learns() {
    let home = home();
    // Long-term keys: their report does not change with the time.
    home.credentials(
        "[keys]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = SECRET-CANARY\n",
    );
    let said = json!({"arn": "arn:aws:sts::1:assumed-role/R/x", "clock_skew": -720,
        "differs": [{"what": "role", "offline": "Admin", "online": "R"}]});
    let error =
        |code: &str| json!({"error": {"code": code, "message": "it failed", "next": "Do that."}});
    let plain = home.run(["status", "keys"]).output().stdout;
    for (answer, code, want, text) in [
        (
            said,
            0,
            0,
            "online   arn:aws:sts::1:assumed-role/R/x\n\
             differs  role R online, Admin in the configuration\n\
             clock    this machine's is 12 minutes fast\n",
        ),
        (error("dns"), 7, 7, "online   it failed\nhint     do that\n"),
        (
            error("no-access"),
            8,
            8,
            "online   it failed\nhint     do that\n",
        ),
        (
            error("login-needed"),
            5,
            5,
            "online   it failed\nhint     do that\n",
        ),
    ] {
        home.file("answer", answer.to_string());
        home.stub(
            "awsbadge-sso",
            &format!("if [ {code} = 0 ]; then cat answer; else cat answer >&2; exit {code}; fi"),
        );
        home.run(["status", "keys", "--online"])
            .stdout(format!("{plain}{text}"))
            .code(want)
            .check();
        let output = home.run(["status", "keys", "--online", "--json"]).output();
        let object: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!((output.code, &object["online"]), (want, &answer));
        assert_eq!(
            home.calls("awsbadge-sso").pop().unwrap(),
            ["whoami", "--json", "--", "keys"]
        );
        home.run(["status", "keys", "--online", "--quiet"])
            .code(want)
            .check();
    }
    // Without a name the environment decides, there as here; and what status knows comes first.
    home.stub("awsbadge-sso", "cat answer >&2; exit 8");
    home.run(["status", "--online", "--quiet"])
        .env("AWS_PROFILE", "far")
        .code(5)
        .check();
    assert_eq!(
        home.calls("awsbadge-sso").pop().unwrap(),
        ["whoami", "--json"]
    );
    home.stub("awsbadge-sso", "echo nonsense; exit 1");
    let output = home.run(["status", "keys", "--online", "--json"]).output();
    let object: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(output.code, 1);
    assert_eq!(
        object["online"]["error"]["message"],
        "`awsbadge-sso` ended with code 1"
    );
    // Without the option, nothing is asked.
    let before = home.calls("awsbadge-sso").len();
    home.run(["status", "keys"]).stdout(plain).check();
    assert_eq!(home.calls("awsbadge-sso").len(), before);
}
