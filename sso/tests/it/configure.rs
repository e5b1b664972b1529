//! `configure`: from an empty home to a profile that works, in a real terminal and without one.

use crate::support::{ACCOUNT, Account, Call, Home, Knobs, Pty, Run, StandIn, binary};
use std::process::Child;

fn start_url(server: &StandIn) -> String {
    format!("{}/start", server.url())
}

fn config(home: &Home) -> String {
    String::from_utf8(home.read(".aws/config").unwrap_or_default()).unwrap()
}

/// What a session of the stand-in looks like.
fn session(server: &StandIn, name: &str) -> String {
    format!(
        "[sso-session {name}]\nsso_start_url = {}\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n",
        start_url(server)
    )
}

fn profile(name: &str, session: &str, account: &str, role: &str, more: &str) -> String {
    format!(
        "[profile {name}]\nsso_session = {session}\nsso_account_id = {account}\nsso_role_name = {role}\n{more}"
    )
}

fn configure<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> Run<'h> {
    // A device code is approved by the stand-in itself.
    home.run(["configure"]).args(arguments).at(server)
}

/// `configure` in a terminal.
fn typed(server: &StandIn, home: &Home, pty: &Pty, arguments: &[&str]) -> Child {
    let mut command = pty.command(home, binary().to_str().unwrap());
    command
        .args(["configure"])
        .args(arguments)
        .envs(server.variables())
        .env("TERM", "xterm");
    pty.spawn(&mut command)
}

#[track_caller]
fn ended(child: Child, pty: &Pty) -> i32 {
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty(), "{:?}", output.stdout);
    output
        .status
        .code()
        .unwrap_or_else(|| panic!("{:?}: {}", output.status, pty.screen()))
}

#[test]
fn a_newcomer_with_a_start_url_has_a_profile_that_works() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let pty = Pty::new(80, 24);
    let before = pty.modes();
    let child = typed(&server, &home, &pty, &[]);
    pty.wait_for("start URL: ", 1);
    pty.type_bytes(format!("{}/#/\r", start_url(&server)).as_bytes());
    pty.wait_for("name of the session: my-sso", 1);
    pty.type_bytes(b"\x15acme\r");
    // The portal names its region, and the login asks for nothing.
    pty.wait_for("account> ", 1);
    pty.wait_for("2/2", 1);
    // Arrows.
    pty.type_bytes(b"\x1b[B\r");
    pty.wait_for("role> Admin", 1);
    pty.wait_for("region of the profile: eu-west-1", 1);
    pty.type_bytes(b"\r");
    pty.wait_for("output format, or Enter for the default: ", 1);
    pty.type_bytes(b"xml\r");
    pty.wait_for(
        "'xml' is not one of json, text, table, yaml, yaml-stream",
        1,
    );
    pty.type_bytes(b"\x15json\r");
    pty.wait_for("name of the profile: Sandbox-Admin", 1);
    pty.type_bytes(b"\r");
    assert_eq!(ended(child, &pty), 0, "{}", pty.screen());
    assert_eq!(pty.modes(), before);
    assert_eq!(
        config(&home),
        format!(
            "{}\n{}",
            session(&server, "acme"),
            profile(
                "Sandbox-Admin",
                "acme",
                "210987654321",
                "Admin",
                "region = eu-west-1\noutput = json\n"
            )
        )
    );
    assert_eq!(home.mode(".aws/config"), 0o600);
    for said in [
        "written to ~/.aws/config: [sso-session acme], [profile Sandbox-Admin]",
        "hint: run `asp Sandbox-Admin` to switch to it",
        "hint: run `awsbadge setup` to show it in your prompt",
    ] {
        pty.wait_for(said, 1);
    }
    let output = home
        .run(["whoami", "Sandbox-Admin"])
        .at(&server)
        .output()
        .exits(0);
    assert!(
        output
            .stdout
            .starts_with("arn:aws:sts::210987654321:assumed-role/Admin/me\n")
    );
}

#[test]
fn typing_narrows_the_lists() {
    let server = StandIn::start(Knobs::default());
    let many: Vec<Account> = (0..40)
        .map(|i| {
            Account::new(
                &format!("{:012}", 100 + i),
                &format!("Team {i}"),
                &["Admin", "ReadOnly"],
            )
        })
        .collect();
    server.set(|k| k.accounts = many);
    let home = Home::new();
    home.config(&session(&server, "my-sso"));
    let pty = Pty::new(80, 24);
    let child = typed(&server, &home, &pty, &["--yes", "--session", "my-sso"]);
    pty.wait_for("40/40", 1);
    pty.type_bytes(b"team 37");
    pty.wait_for("> \x1b[7mTeam 37", 1);
    pty.type_bytes(b"\r");
    pty.wait_for(
        "account> Team 37 000000000137 aws+000000000137@example.com",
        1,
    );
    pty.wait_for("2/2", 1);
    pty.type_bytes(b"read\r");
    assert_eq!(ended(child, &pty), 0, "{}", pty.screen());
    assert_eq!(
        config(&home),
        session(&server, "my-sso")
            + "\n"
            + &profile(
                "Team-37-ReadOnly",
                "my-sso",
                "000000000137",
                "ReadOnly",
                "region = eu-west-1\n"
            )
    );
}

#[test]
fn with_an_option_for_every_question_none_is_asked() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let url = start_url(&server);
    let all = [
        "--session",
        "s",
        "--start-url",
        &url,
        "--sso-region",
        "eu-west-1",
        "--scopes",
        "sso:account:access,x",
        "--account",
        "Production",
        "--role",
        "ReadOnly",
        "--region",
        "us-east-1",
        "--output",
        "yaml",
        "--profile",
        "p",
    ];
    let output = configure(&server, &home, &all).output().exits(0);
    assert_eq!(output.stdout, "");
    let want = session(&server, "s").replace("access\n", "access,x\n")
        + "\n"
        + &profile(
            "p",
            "s",
            ACCOUNT,
            "ReadOnly",
            "region = us-east-1\noutput = yaml\n",
        );
    assert_eq!(config(&home), want);
    // The portal was not asked for what was said.
    assert_eq!(server.count(Call::Portal), 0);
    // Once more: the same, byte for byte, and no login.
    server.forget();
    let output = configure(&server, &home, &all).output().exits(0);
    assert!(
        output
            .stderr
            .contains("~/.aws/config has all of it already"),
        "{}",
        output.stderr
    );
    assert_eq!((config(&home), server.count(Call::Device)), (want, 0));
    // What is suggested is taken with --yes, and a profile that is the role already is that profile.
    let some = [
        "--session",
        "s",
        "--account",
        ACCOUNT,
        "--role",
        "ReadOnly",
        "--output",
        "json",
        "--yes",
    ];
    configure(&server, &home, &some).output().exits(0);
    assert!(
        config(&home).ends_with("region = us-east-1\noutput = json\n"),
        "{}",
        config(&home)
    );
}

#[test]
fn without_a_terminal_the_missing_option_is_named() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let url = start_url(&server);
    let mut given: Vec<&str> = Vec::new();
    for (flag, value) in [
        ("--start-url", url.as_str()),
        ("--session", "s"),
        ("--account", ACCOUNT),
        ("--role", "Admin"),
        ("--region", "eu-west-1"),
        ("--output", "json"),
        ("--profile", "p"),
    ] {
        let output = configure(&server, &home, &given)
            .args(["--json"])
            .output()
            .exits(5);
        let error = output.error();
        assert_eq!(error["code"], "no-terminal", "{error}");
        assert_eq!(
            error["next"],
            format!("Add {flag}, or run it in a terminal.")
        );
        assert_eq!(config(&home), "", "nothing is written before the end");
        given.extend([flag, value]);
    }
    configure(&server, &home, &given).output().exits(0);
    // With --yes only what nothing suggests is missing.
    let home = Home::new();
    let output = configure(&server, &home, &["--start-url", &url, "--yes", "--json"])
        .output()
        .exits(5);
    assert_eq!(
        output.error()["next"],
        "Add --account, or run it in a terminal."
    );
    configure(
        &server,
        &home,
        &["--start-url", &url, "--yes", "--account", "Sandbox"],
    )
    .output()
    .exits(0);
    assert_eq!(
        config(&home),
        session(&server, "my-sso")
            + "\n"
            + &profile(
                "Sandbox-Admin",
                "my-sso",
                "210987654321",
                "Admin",
                "region = eu-west-1\n"
            )
    );
}

#[test]
fn what_is_there_already_is_never_changed_to_something_else() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let text = format!(
        "# mine\n{}\n[profile taken]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = x\n[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n",
        session(&server, "s")
    );
    home.config(&text);
    let url = start_url(&server);
    for (arguments, code, word) in [
        (vec!["--session", "other", "--start-url", &url], 2, "usage"),
        (
            vec!["--session", "s", "--sso-region", "us-east-1"],
            2,
            "usage",
        ),
        (
            vec![
                "--session",
                "s",
                "--account",
                ACCOUNT,
                "--role",
                "Admin",
                "--region",
                "eu-west-1",
                "--output",
                "json",
                "--profile",
                "taken",
            ],
            2,
            "usage",
        ),
        (vec!["--session", "s", "--region", "nowhere"], 2, "usage"),
        (vec!["--session", "s", "--output", "xml"], 2, "usage"),
        (vec!["--session", "a b"], 2, "usage"),
        (
            vec![
                "--session",
                "new",
                "--start-url",
                "http://portal.example/start",
            ],
            4,
            "bad-start-url",
        ),
        (
            vec!["--session", "s", "--account", "Nowhere"],
            8,
            "no-access",
        ),
        (
            vec![
                "--session",
                "s",
                "--account",
                "Sandbox",
                "--role",
                "Missing",
            ],
            8,
            "no-access",
        ),
    ] {
        let output = configure(&server, &home, &arguments)
            .args(["--json"])
            .output();
        assert_eq!(
            (output.code, output.error_code().as_str()),
            (code, word),
            "{arguments:?}: {}",
            output.show()
        );
        assert_eq!(config(&home), text, "{arguments:?}");
    }
    let output = configure(&server, &home, &["--session", "other", "--start-url", &url]).output();
    assert_eq!(
        output.stderr,
        "error: the sso-session other has another start URL: https://other.awsapps.com/start\n\
         hint: Name another session with --session, or change this one in the config file.\n"
    );
    // A start URL that a session has already is that session.
    configure(
        &server,
        &home,
        &["--start-url", &url, "--account", "Sandbox", "--yes"],
    )
    .output()
    .exits(0);
    let got = config(&home);
    let new = profile(
        "Sandbox-Admin",
        "s",
        "210987654321",
        "Admin",
        "region = eu-west-1\n",
    );
    let (before, after) = text.split_once("\n[profile taken]").unwrap();
    assert_eq!(got, format!("{before}\n{new}\n[profile taken]{after}"));
}

#[test]
fn a_portal_that_does_not_name_its_region_is_asked_about() {
    let server = StandIn::start(Knobs {
        region: String::new(),
        ..Knobs::default()
    });
    let home = Home::new();
    let url = start_url(&server);
    let pty = Pty::new(80, 24);
    let child = typed(
        &server,
        &home,
        &pty,
        &[
            "--start-url",
            &url,
            "--session",
            "s",
            "--account",
            "Sandbox",
            "--yes",
        ],
    );
    pty.wait_for("region of the access portal: ", 1);
    pty.type_bytes(b"here\r");
    pty.wait_for("'here' is not a region, such as eu-west-1", 1);
    pty.type_bytes(b"\x15eu-west-1\r");
    assert_eq!(ended(child, &pty), 0, "{}", pty.screen());
    assert!(config(&home).starts_with(&session(&server, "s")));
}

#[test]
fn ctrl_c_and_signals_at_any_question_restore_the_terminal_and_write_nothing() {
    let server = StandIn::start(Knobs::default());
    let steps: [(&str, &[u8]); 6] = [
        ("start URL: ", b""),
        ("name of the session: ", b"\r"),
        ("account> ", b"sand\r"),
        ("region of the profile: ", b"\r"),
        ("output format", b"\r"),
        ("name of the profile: ", b""),
    ];
    for last in 0..steps.len() {
        for by_signal in [false, true] {
            let home = Home::new();
            home.config("# mine\n");
            let pty = Pty::new(80, 24);
            let before = pty.modes();
            let child = typed(&server, &home, &pty, &[]);
            for (prompt, answer) in &steps[..last] {
                pty.wait_for(prompt, 1);
                match answer.is_empty() {
                    true => pty.type_bytes(format!("{}\r", start_url(&server)).as_bytes()),
                    false => pty.type_bytes(answer),
                }
            }
            pty.wait_for(steps[last].0, 1);
            let code = match by_signal {
                false => {
                    pty.type_bytes(b"\x03");
                    130
                }
                true => {
                    let id = i32::try_from(child.id()).unwrap();
                    let id = nix::unistd::Pid::from_raw(id);
                    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM).unwrap();
                    143
                }
            };
            assert_eq!(ended(child, &pty), code, "{last}: {}", pty.screen());
            assert_eq!(pty.modes(), before, "{last}");
            assert_eq!(config(&home), "# mine\n", "{last}");
        }
    }
}

#[test]
fn ctrl_c_during_the_login_writes_nothing_either() {
    let server = StandIn::start(Knobs {
        approval: crate::support::Approval::Visit,
        ..Knobs::default()
    });
    let home = Home::new();
    let pty = Pty::new(80, 24);
    let before = pty.modes();
    let child = typed(&server, &home, &pty, &["--session", "s"]);
    pty.wait_for("start URL: ", 1);
    pty.type_bytes(format!("{}\r", start_url(&server)).as_bytes());
    server.wait_for(Call::TokenByDevice, 1);
    pty.type_bytes(b"\x03");
    assert_eq!(ended(child, &pty), 130, "{}", pty.screen());
    assert_eq!((pty.modes(), config(&home)), (before, String::new()));
}

#[test]
fn all_ends_in_populate() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let url = start_url(&server);
    let output = configure(
        &server,
        &home,
        &[
            "--start-url",
            &url,
            "--all",
            "--yes",
            "--region",
            "us-east-1",
        ],
    )
    .output()
    .exits(0);
    let got = config(&home);
    assert!(got.starts_with(&session(&server, "my-sso")), "{got}");
    for name in ["Production-Admin", "Production-ReadOnly", "Sandbox-Admin"] {
        assert!(
            got.contains(&format!("\n[profile {name}]\nsso_session = my-sso\n")),
            "{got}"
        );
    }
    assert_eq!(got.matches("region = us-east-1\n").count(), 3);
    assert!(
        output.stderr.contains("3 profiles to add"),
        "{}",
        output.stderr
    );
    // Again: nothing to do.
    configure(
        &server,
        &home,
        &[
            "--session",
            "my-sso",
            "--all",
            "--yes",
            "--region",
            "us-east-1",
        ],
    )
    .output()
    .exits(0);
    assert_eq!(config(&home), got);
}
