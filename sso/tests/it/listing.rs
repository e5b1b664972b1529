//! `accounts` and `roles`: pages, one rate for all requests, tokens that end on the way, refusals.

use crate::support::{
    Account, CANARY, Call, Fault, Home, Knobs, Output, Pty, StandIn, binary, html, organisation,
};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

fn logged_in(knobs: Knobs) -> (StandIn, Home) {
    let (server, home) = (StandIn::start(knobs), Home::with_session());
    home.token("my-sso", &server.login(), 3000);
    (server, home)
}

fn with_accounts(accounts: Vec<Account>) -> (StandIn, Home) {
    logged_in(Knobs {
        accounts,
        ..Knobs::default()
    })
}

#[track_caller]
fn run(server: &StandIn, home: &Home, arguments: &[&str]) -> Output {
    home.run(arguments).at(server).output()
}

#[test]
fn accounts_and_roles_are_listed_by_name_for_programs() {
    let (server, home) = with_accounts(vec![
        Account::new("210987654321", "zeta", &["Admin", "Admin2"]),
        Account {
            id: "000000000003".into(),
            name: None,
            email: None,
            roles: vec!["ReadOnly".into()],
        },
        Account::new(
            "123456789012",
            "Alpha\u{1b}[31m team",
            &["ReadOnly", "Admin"],
        ),
    ]);
    home.run(["accounts"])
        .at(&server)
        .stdout(
            "000000000003\t\t\n\
             123456789012\tAlpha\\u{1b}[31m team\taws+123456789012@example.com\n\
             210987654321\tzeta\taws+210987654321@example.com\n",
        )
        .check();
    home.run(["roles"])
        .at(&server)
        .stdout(
            "000000000003\tReadOnly\n123456789012\tAdmin\n123456789012\tReadOnly\n\
             210987654321\tAdmin\n210987654321\tAdmin2\n",
        )
        .check();
    let accounts = run(&server, &home, &["accounts", "--json"]).exits(0).json();
    assert_eq!(
        accounts[0],
        json!({"account_id": "000000000003", "name": null, "email": null})
    );
    assert_eq!(accounts[2]["email"], "aws+210987654321@example.com");
    let roles = run(&server, &home, &["roles", "my-sso", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        roles[1],
        json!({"account_id": "123456789012", "account_name": "Alpha\u{1b}[31m team", "role": "Admin",
               "profile": "dev"}),
        "the profile of the config file"
    );
    assert_eq!(roles[2]["profile"], Value::Null);
    assert_eq!(roles.as_array().unwrap().len(), 5);
}

#[test]
fn accounts_are_chosen_by_id_name_or_pattern() {
    let (server, home) = with_accounts(vec![
        Account::new("123456789012", "Shop Prod", &["Admin"]),
        Account::new("210987654321", "Shop Dev", &["Admin"]),
        Account::new("333333333333", "Lab", &["Admin"]),
    ]);
    for (pattern, want) in [
        ("123456789012", 1),
        ("shop*", 2),
        ("Lab", 1),
        ("*", 3),
        ("?b", 0),
    ] {
        server.forget();
        let output = run(&server, &home, &["roles", "--account", pattern, "--json"]);
        if want == 0 {
            assert_eq!(
                (output.code, output.error_code().as_str()),
                (8, "no-access")
            );
        } else {
            let rows = output.exits(0).json();
            assert_eq!(rows.as_array().unwrap().len(), want, "{pattern}");
        }
        assert_eq!(server.count(Call::Roles), want, "only those are asked for");
    }
}

#[test]
fn every_page_is_fetched_and_none_is_larger_than_the_service_allows() {
    let (server, home) = with_accounts(organisation(250, &[]));
    let accounts = run(&server, &home, &["accounts", "--json"]).exits(0).json();
    assert_eq!(accounts.as_array().unwrap().len(), 250);
    let requests = server.calls(Call::Accounts);
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|r| r.parameter("max_result").as_deref() == Some("100"))
    );
    // An account with more roles than a page has.
    let names: Vec<String> = (0..230).map(|n| format!("Role{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (server, home) = with_accounts(vec![Account::new("123456789012", "A", &names)]);
    let roles = run(&server, &home, &["roles", "--json"]).exits(0).json();
    let listed: Vec<&str> = roles
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["role"].as_str().unwrap())
        .collect();
    assert_eq!(listed, names);
    assert_eq!(server.count(Call::Roles), 3);
}

#[test]
fn a_list_without_an_end_is_refused() {
    let (server, home) = with_accounts(organisation(30, &[]));
    server.always(
        Call::Accounts,
        Fault::Edit(|body| body["nextToken"] = "page=0".into()),
    );
    let output = run(&server, &home, &["accounts", "--json"]);
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (7, "bad-answer")
    );
    assert_eq!(output.stdout, "");
    assert!(
        server.count(Call::Accounts) < 20,
        "{}",
        server.count(Call::Accounts)
    );
}

#[test]
fn refusals_slow_down_and_nothing_is_left_out() {
    let (server, home) = with_accounts(organisation(24, &["Admin", "ReadOnly"]));
    // Several at once, one after another, and of the first list too.
    server
        .on(
            Call::Accounts,
            1..=1,
            Fault::Error(429, "TooManyRequestsException"),
        )
        .on(
            Call::Roles,
            3..=7,
            Fault::Error(429, "TooManyRequestsException"),
        )
        .on(
            Call::Roles,
            12..=12,
            Fault::Error(503, "ServiceUnavailable"),
        )
        .on(Call::Roles, 14..=14, Fault::Drop)
        .on(Call::Roles, 16..=16, html(200))
        .on(Call::Roles, 18..=18, Fault::WrongLength(5));
    let roles = run(&server, &home, &["roles", "--json"]).exits(0).json();
    assert_eq!(roles.as_array().unwrap().len(), 48);
    let asked = server.count(Call::Roles);
    assert!((24 + 9..24 + 12).contains(&asked), "{asked}");
}

#[test]
fn a_service_that_takes_few_calls_is_not_flooded() {
    let (server, home) = logged_in(Knobs {
        accounts: organisation(20, &["Admin"]),
        calls_per_second: Some(6),
        ..Knobs::default()
    });
    let roles = run(&server, &home, &["roles"]).exits(0);
    assert_eq!(roles.stdout.lines().count(), 20);
}

#[test]
fn a_dead_token_is_renewed_once() {
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    let login = server.login();
    home.token("my-sso", &login, 3000);
    server.expire(&login.access_token);
    run(&server, &home, &["roles"]).exits(0);
    assert_eq!(server.count(Call::Refresh), 1);
    // A session that is over needs a login, and says so once.
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    let login = server.login();
    home.token("my-sso", &login, 3000);
    server.revoke(&login.access_token);
    let output = run(&server, &home, &["accounts", "--json"]);
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (5, "login-needed")
    );
    assert_eq!(
        (server.count(Call::Refresh), output.stdout.as_str()),
        (1, "")
    );
    // Neither helps a token that the service never takes.
    let (server, home) = logged_in(Knobs::default());
    server.always(Call::Roles, Fault::Error(401, "UnauthorizedException"));
    let output = run(&server, &home, &["roles", "--json"]);
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (5, "login-needed")
    );
    assert_eq!(server.count(Call::Refresh), 1);
    assert_eq!(output.error()["http"], 401);
}

#[test]
fn a_token_that_ends_on_the_way_is_renewed_before_it_does() {
    let (server, home) = logged_in(Knobs {
        accounts: organisation(90, &["Admin"]),
        // Three seconds, and three more: the list takes five.
        access_ttl: 6,
        ..Knobs::default()
    });
    home.token("my-sso", &server.login(), 60);
    let output = run(&server, &home, &["roles"]).exits(0);
    assert_eq!(output.stdout.lines().count(), 90);
    assert!(
        server.count(Call::Refresh) >= 2,
        "{}",
        server.count(Call::Refresh)
    );
    let refused = server
        .log()
        .iter()
        .filter(|l| l.status == Some(401))
        .count();
    assert_eq!(refused, 0, "it was renewed in time");
}

#[test]
fn an_account_that_is_refused_fails_the_list_of_roles() {
    for (status, kind, code, word) in [
        (403, "ForbiddenException", 8, "no-access"),
        (404, "ResourceNotFoundException", 8, "no-access"),
    ] {
        let (server, home) = logged_in(Knobs {
            refused_accounts: vec![("210987654321".into(), status, kind)],
            ..Knobs::default()
        });
        let output = run(&server, &home, &["roles", "--json"]);
        assert_eq!((output.code, output.error_code().as_str()), (code, word));
        let message = output.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains("210987654321 (Sandbox)"), "{message}");
        assert_eq!(output.stdout, "");
        run(&server, &home, &["roles", "--account", "Production"]).exits(0);
        run(&server, &home, &["accounts"]).exits(0);
    }
}

#[test]
fn without_a_login_or_a_service_the_answer_comes_at_once() {
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    let output = run(&server, &home, &["accounts", "--json"]);
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (5, "login-needed")
    );
    assert_eq!(server.total(), 0);
    home.token("my-sso", &server.login(), 3000);
    let address = server.url();
    drop(server);
    let output = home
        .run(["roles", "--json"])
        .env("AWS_ENDPOINT_URL_SSO", address)
        .output();
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (7, "unreachable")
    );
    // A portal that has a fault from the first call on.
    let (server, home) = logged_in(Knobs::default());
    server.always(Call::Accounts, Fault::Error(500, "InternalServerException"));
    let output = run(&server, &home, &["accounts", "--json"]);
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (7, "server-error")
    );
    assert_eq!(server.count(Call::Accounts), 3);
}

#[test]
fn ctrl_c_ends_it_and_prints_nothing() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let (server, home) = logged_in(Knobs::default());
        server.hold(Call::Roles);
        let running = home.run(["roles"]).at(&server).start();
        server.wait_for_held(1);
        running.signal(signal);
        let output = running.wait().exits(code);
        assert_eq!(output.stdout, "");
        assert!(output.stderr.starts_with("error: "), "{}", output.stderr);
    }
}

#[test]
fn a_terminal_gets_a_table_that_fits_and_a_bar_meanwhile() {
    let (server, home) = with_accounts(organisation(20, &["AdministratorAccess-with-a-long-name"]));
    for (columns, no_color) in [(80, false), (40, true)] {
        let pty = Pty::new(columns, 24);
        let mut command = pty.command(&home, binary().to_str().unwrap());
        command
            .arg("roles")
            .envs(server.variables())
            .env("TERM", "xterm-256color");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let mut child = pty.spawn_whole(&mut command);
        assert!(child.wait().unwrap().success());
        let screen = pty.last_screen();
        assert!(
            screen.contains("] ") && screen.contains("/20 accounts, "),
            "no bar: {screen:?}"
        );
        assert_eq!(screen.contains("\u{1b}[1mACCOUNT"), !no_color, "{screen:?}");
        assert!(!no_color || !screen.contains("\u{1b}[3"), "{screen:?}");
        let table = &screen[screen.find("ACCOUNT").unwrap()..];
        for line in table.lines() {
            assert!(
                line.trim_end().chars().count() <= usize::from(columns) + 4,
                "{line:?}"
            );
        }
        assert!(!screen.contains(CANARY));
    }
}
