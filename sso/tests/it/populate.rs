//! `populate`: what becomes of profiles, by identity and never by name; what is asked, reported and taken back.

use crate::support::{
    Account, Call, Fault, Home, Knobs, Output, Pty, StandIn, binary, organisation,
};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

const CONFIG: &str = ".aws/config";

fn furnished(accounts: Vec<Account>) -> (StandIn, Home) {
    let server = StandIn::start(Knobs {
        accounts,
        ..Knobs::default()
    });
    let home = Home::with_session();
    home.token("my-sso", &server.login(), 3000);
    (server, home)
}

/// The stand-in's own two accounts.
fn usual() -> (StandIn, Home) {
    furnished(Knobs::default().accounts)
}

#[track_caller]
fn run(server: &StandIn, home: &Home, arguments: &[&str]) -> Output {
    home.run(["populate"]).args(arguments).at(server).output()
}

/// Writes without a question; the report.
#[track_caller]
fn write(server: &StandIn, home: &Home, arguments: &[&str]) -> Value {
    let output = home
        .run(["populate", "--yes", "--json"])
        .args(arguments)
        .at(server)
        .output();
    output.exits(0).json()
}

fn config(home: &Home) -> String {
    String::from_utf8(home.read(CONFIG).unwrap()).unwrap()
}

/// Changes the file as `sed` would.
#[track_caller]
fn edit(home: &Home, from: &str, to: &str) {
    let text = config(home);
    assert!(text.contains(from), "{text}");
    home.config(&text.replace(from, to));
}

/// The names in a list of the report.
fn names(report: &Value, list: &str) -> Vec<String> {
    let profile = |entry: &Value| entry["profile"].as_str().unwrap().to_owned();
    report[list]
        .as_array()
        .unwrap()
        .iter()
        .map(profile)
        .collect()
}

fn kept(report: &Value) -> Vec<(String, String)> {
    let pair = |entry: &Value| {
        (
            entry["profile"].as_str().unwrap().to_owned(),
            entry["why"].as_str().unwrap().to_owned(),
        )
    };
    report["kept"]
        .as_array()
        .unwrap()
        .iter()
        .map(pair)
        .collect()
}

#[test]
fn profiles_are_written_below_those_of_the_session_and_reported() {
    let (server, home) = usual();
    home.more_config(
        "\n# not mine\n[profile other]\naws_secret_access_key = SECRET-CANARY-other\n",
    );
    let before = config(&home);
    let report = write(
        &server,
        &home,
        &[
            "my-sso",
            "--region",
            "eu-west-1",
            "--set",
            "cli_pager=less -R",
        ],
    );
    let undo = report["undo"].as_str().unwrap().to_owned();
    assert!(undo.ends_with("Z-config"), "{undo}");
    assert_eq!(
        report,
        json!({
            "session": "my-sso",
            "config": "$HOME/.aws/config",
            "added": [
                {"profile": "Production-ReadOnly", "account_id": "123456789012", "role": "ReadOnly"},
                {"profile": "Sandbox-Admin", "account_id": "210987654321", "role": "Admin"},
            ],
            "changed": [],
            "removed": [],
            "kept": [{"profile": "dev", "why": "hand-written"}],
            "collisions": [],
            "failed": [],
            "complete": true,
            "written": true,
            "undo": undo,
        })
    );
    let new = "\n[profile Production-ReadOnly]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = ReadOnly\n\
               region = eu-west-1\ncli_pager = less -R\nawsbadge_populated = my-sso HASH\n\n[profile Sandbox-Admin]\n\
               sso_session = my-sso\nsso_account_id = 210987654321\nsso_role_name = Admin\nregion = eu-west-1\n\
               cli_pager = less -R\nawsbadge_populated = my-sso HASH\n";
    let blurred = |line: &str| match line.strip_prefix("awsbadge_populated = my-sso ") {
        Some(hash) if hash.len() == 8 => "awsbadge_populated = my-sso HASH\n".to_owned(),
        _ => format!("{line}\n"),
    };
    let after: String = config(&home).lines().map(blurred).collect();
    let at = before.find("\n# not mine").unwrap();
    assert_eq!(after, format!("{}{new}{}", &before[..at], &before[at..]));
    assert_eq!(home.mode(CONFIG), 0o600);
    let record = undo.strip_prefix("$HOME/").unwrap();
    assert_eq!(home.mode(record), 0o600);
    let record = String::from_utf8(home.read(record).unwrap()).unwrap();
    assert!(!record.contains("CANARY"));
}

#[test]
fn the_diff_comes_first_and_without_secrets() {
    let (server, home) = usual();
    home.more_config("aws_session_token = SECRET-CANARY-token\n");
    let before = config(&home);
    let output = run(&server, &home, &["--dry-run"]).exits(0);
    assert!(
        output
            .stdout
            .starts_with("--- ~/.aws/config\n+++ ~/.aws/config\n@@ "),
        "{}",
        output.show()
    );
    assert!(
        output.stdout.contains("\n+[profile Sandbox-Admin]\n"),
        "{}",
        output.show()
    );
    assert!(
        output.stdout.contains(" aws_session_token = "),
        "{}",
        output.show()
    );
    assert_eq!(output.stderr, "my-sso: 2 profiles to add\n");
    assert_eq!(config(&home), before);
    let output = run(&server, &home, &["--yes"]).exits(0);
    assert_eq!(
        output.stderr,
        "my-sso: 2 profiles to add\nmy-sso: written to ~/.aws/config; `awsbadge-sso populate --undo` takes it back\n"
    );
    home.run(["populate"])
        .at(&server)
        .stderr("my-sso: nothing to change\n")
        .check();
}

#[test]
fn check_tells_a_script_whether_anything_would_change() {
    let (server, home) = usual();
    let before = config(&home);
    assert_eq!(run(&server, &home, &["--check"]).code, 1);
    assert_eq!(
        run(&server, &home, &["--check", "--json"]).exits(1).json()["written"],
        false
    );
    assert_eq!(config(&home), before);
    write(&server, &home, &[]);
    let output = run(&server, &home, &["--check"]).exits(0);
    assert_eq!(output.stdout, "");
    // Errors are 2 or above.
    server.always(Call::Accounts, Fault::Error(403, "ForbiddenException"));
    assert_eq!(run(&server, &home, &["--check"]).code, 8);
    assert_eq!(run(&server, &home, &["--check", "no-such-session"]).code, 3);
    assert_eq!(
        run(&server, &home, &["--check", "--name", "{nothing}"]).code,
        2
    );
}

#[test]
fn names_that_are_taken_get_the_accounts_id() {
    let (server, home) = furnished(vec![
        Account::new("111111111111", "Team A", &["Admin", "ReadOnly"]),
        Account::new("222222222222", "Team (A)", &["Admin"]),
        Account::new("333333333333", "Lab", &["Admin"]),
    ]);
    home.more_config("\n[profile Lab-Admin]\nregion = x\n");
    home.file(
        ".aws/credentials",
        "[Team-A-ReadOnly]\naws_access_key_id = AKIA\n",
    );
    let report = write(&server, &home, &[]);
    assert_eq!(
        names(&report, "added"),
        [
            "Lab-Admin-333333333333",
            "Team-A-Admin-222222222222",
            "Team-A-Admin-111111111111",
            "Team-A-ReadOnly-111111111111"
        ]
    );
    assert_eq!(
        report["collisions"][0],
        json!({"name": "Lab-Admin", "used": "Lab-Admin-333333333333"})
    );
    assert_eq!(report["collisions"].as_array().unwrap().len(), 4);
    assert_eq!(write(&server, &home, &[])["written"], false);
    // A template that does not tell roles apart: nothing is written.
    let (server, home) = furnished(vec![Account::new(
        "111111111111",
        "A",
        &["Admin", "ReadOnly"],
    )]);
    let before = config(&home);
    let output = run(&server, &home, &["--yes", "--json", "--name", "{account}"]);
    assert_eq!(
        (
            output.code,
            output.error_code().as_str(),
            output.stdout.as_str()
        ),
        (1, "collision", "")
    );
    assert_eq!(config(&home), before);
    write(
        &server,
        &home,
        &["--name", "{account:lower}/{role}", "--role", "admin"],
    );
    assert!(config(&home).contains("[profile a/Admin]"));
}

#[test]
fn filters_choose_accounts_and_roles() {
    let accounts = || {
        vec![
            Account::new("111111111111", "shop-prod", &["Admin", "ReadOnly"]),
            Account::new("222222222222", "shop-dev", &["Admin", "ReadOnly"]),
            Account::new("333333333333", "lab", &["Admin"]),
        ]
    };
    for (arguments, want) in [
        (&["--only", "shop-*"][..], 4),
        (&["--only", "lab", "--only", "*/ReadOnly"], 3),
        (&["--not", "*prod*", "--not", "lab/*"], 2),
        (&["--only", "111111111111/Admin"], 1),
        (&["--account", "lab", "--account", "222222222222"], 3),
        (&["--account", "shop-*", "--role", "Read*"], 2),
        (&["--role", "admin"], 3),
        (&["--only", "nothing"], 0),
    ] {
        let (server, home) = furnished(accounts());
        let report = write(&server, &home, arguments);
        assert_eq!(
            names(&report, "added").len(),
            want,
            "{arguments:?}: {report}"
        );
    }
}

#[test]
fn new_keys_reach_what_populate_wrote_and_nobody_changed() {
    let (server, home) = usual();
    write(&server, &home, &["--region", "eu-west-1"]);
    edit(
        &home,
        "[profile Sandbox-Admin]\n",
        "[profile Sandbox-Admin]\noutput = text\n",
    );
    let before = config(&home);
    let report = write(
        &server,
        &home,
        &["--region", "us-east-1", "--output", "json"],
    );
    assert_eq!(
        report["changed"],
        json!([
            {"profile": "Production-ReadOnly", "key": "region", "from": "eu-west-1", "to": "us-east-1"},
            {"profile": "Production-ReadOnly", "key": "output", "from": null, "to": "json"},
        ])
    );
    assert_eq!(
        kept(&report),
        [
            ("dev".into(), "hand-written".into()),
            ("Sandbox-Admin".into(), "edited".into())
        ]
    );
    let after = config(&home);
    let changed: Vec<(&str, &str)> = before
        .lines()
        .zip(after.lines())
        .filter(|(a, b)| a != b)
        .collect();
    assert_eq!(changed[0], ("region = eu-west-1", "region = us-east-1"));
    assert_eq!(after.lines().count(), before.lines().count() + 1);
    assert_eq!(
        write(
            &server,
            &home,
            &["--region", "us-east-1", "--output", "json"]
        )["written"],
        false
    );
    // Without the flags nothing goes back.
    assert_eq!(write(&server, &home, &[])["written"], false);
}

#[test]
fn only_what_is_ours_untouched_and_no_longer_offered_is_pruned() {
    let offered = |roles: &[&str]| {
        vec![
            Account::new("111111111111", "a", roles),
            Account::new("222222222222", "b", roles),
        ]
    };
    let all = ["R1", "R2", "R3", "R4", "R5", "R6"];
    let (server, home) = furnished(offered(&all));
    home.more_config("\n[profile mine]\nsso_session = my-sso\nsso_account_id = 111111111111\nsso_role_name = Gone\n");
    write(&server, &home, &[]);
    edit(&home, "[profile a-R2]", "# a note\n[profile a-R2]");
    edit(&home, "[profile a-R3]\n", "[profile a-R3]\nregion = x\n");
    home.more_config(
        "\n[profile chain]\nsource_profile = a-R4\nrole_arn = arn:aws:iam::1:role/x\n",
    );
    // Nothing is offered but R1; and the roles of b can't be listed.
    server.set(|knobs| {
        knobs.accounts = offered(&["R1"]);
        knobs.refused_accounts = vec![("222222222222".into(), 403, "ForbiddenException")];
    });
    let before = config(&home);
    let report = write(&server, &home, &[]);
    assert_eq!(
        (&report["written"], &report["complete"]),
        (&false.into(), &false.into())
    );
    assert_eq!(
        report["failed"],
        json!([{"account_id": "222222222222", "code": "no-access"}])
    );
    assert_eq!(config(&home), before, "without --prune");
    let output = run(&server, &home, &["--prune", "--dry-run"]).exits(0);
    assert!(
        output
            .stderr
            .contains("warning: the roles in account 222222222222 (b) can't be listed: "),
        "{}",
        output.show()
    );
    // A filter leaves the others alone.
    let report = write(
        &server,
        &home,
        &["--prune", "--not", "R5", "--account", "a"],
    );
    assert_eq!(names(&report, "removed"), ["a-R6"]);
    let report = write(&server, &home, &["--prune"]);
    assert_eq!(names(&report, "removed"), ["a-R5"]);
    let mut reasons = kept(&report);
    reasons.sort();
    let pair = |name: &str, why: &str| (name.to_owned(), why.to_owned());
    assert_eq!(
        reasons,
        [
            pair("a-R2", "edited"),
            pair("a-R3", "edited"),
            pair("a-R4", "in-use"),
            pair("b-R1", "listing-failed"),
            pair("b-R2", "listing-failed"),
            pair("b-R3", "listing-failed"),
            pair("b-R4", "listing-failed"),
            pair("b-R5", "listing-failed"),
            pair("b-R6", "listing-failed"),
        ]
    );
    let text = config(&home);
    for profile in ["mine", "a-R1", "a-R2", "a-R3", "a-R4", "chain", "b-R6"] {
        assert!(text.contains(&format!("[profile {profile}]")), "{profile}");
    }
    // No account at all is no reason to remove everything.
    server.set(|knobs| knobs.accounts.clear());
    let output = run(&server, &home, &["--prune", "--yes"]).exits(0);
    assert!(
        output.stderr.contains("nothing is pruned"),
        "{}",
        output.show()
    );
    assert_eq!(config(&home), text);
    // An account that is gone takes its profiles with it.
    server.set(|knobs| {
        knobs.accounts = vec![Account::new("111111111111", "a", &["R1"])];
        knobs.refused_accounts.clear();
    });
    let report = write(&server, &home, &["--prune"]);
    assert_eq!(
        names(&report, "removed"),
        ["b-R1", "b-R2", "b-R3", "b-R4", "b-R5", "b-R6"]
    );
}

#[test]
fn profiles_are_renamed_only_if_that_is_wanted_and_they_are_ours() {
    let (server, home) = usual();
    write(&server, &home, &[]);
    edit(
        &home,
        "[profile Sandbox-Admin]\n",
        "[profile Sandbox-Admin]\nregion = x\n",
    );
    let template = ["--name", "{role}.{account:lower}"];
    assert_eq!(
        write(&server, &home, &template)["written"],
        false,
        "they have a name"
    );
    let report = write(&server, &home, &[&template[..], &["--rename"]].concat());
    assert_eq!(
        report["changed"],
        json!([{"profile": "Production-ReadOnly", "key": "name", "from": "Production-ReadOnly", "to": "ReadOnly.production"}])
    );
    let text = config(&home);
    assert!(
        text.contains("[profile ReadOnly.production]\n")
            && text.contains("[profile Sandbox-Admin]\n")
    );
    assert!(text.contains("[profile dev]\n"));
    assert_eq!(
        write(&server, &home, &[&template[..], &["--rename"]].concat())["written"],
        false
    );
    // It is still untouched.
    let report = write(&server, &home, &["--region", "eu-west-1"]);
    assert_eq!(names(&report, "changed"), ["ReadOnly.production"]);
}

#[test]
fn undo_restores_the_bytes_and_then_the_write_before() {
    let (server, home) = usual();
    let first = config(&home);
    write(&server, &home, &["--role", "Admin"]);
    let second = config(&home);
    write(&server, &home, &["--region", "eu-west-1"]);
    let third = config(&home);
    let output = home
        .run(["populate", "--undo", "--dry-run"])
        .output()
        .exits(0);
    assert!(
        output.stdout.contains("\n-[profile Production-ReadOnly]\n"),
        "{}",
        output.show()
    );
    assert_eq!(home.run(["populate", "--undo", "--check"]).output().code, 1);
    let output = home.run(["populate", "--undo", "--json"]).output();
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (5, "no-terminal")
    );
    assert_eq!(config(&home), third);
    for (want, left) in [(&second, 1), (&first, 0)] {
        home.run(["populate", "--undo", "--yes"]).output().exits(0);
        assert_eq!(&config(&home), want);
        assert_eq!(home.names(".local/state/awsbadge/undo").len(), left);
    }
    home.run(["populate", "--undo", "--yes"])
        .stderr("there is nothing to undo\n")
        .check();
    assert_eq!(config(&home), first);
}

#[test]
fn undo_in_a_file_that_was_changed_since_takes_back_what_is_unchanged() {
    let (server, home) = usual();
    write(&server, &home, &[]);
    edit(
        &home,
        "[profile Sandbox-Admin]\n",
        "[profile Sandbox-Admin]\nregion = mine\n",
    );
    home.more_config("\n[profile later]\nregion = x\n");
    let output = home.run(["populate", "--undo", "--yes"]).output().exits(0);
    assert!(
        output
            .stderr
            .contains("Sandbox-Admin was changed since, so it is left alone\n"),
        "{}",
        output.show()
    );
    let text = config(&home);
    assert!(
        !text.contains("Production-ReadOnly")
            && text.contains("region = mine")
            && text.contains("[profile later]")
    );
    // The record of a write that never took place is passed by.
    let (server, home) = usual();
    let before = config(&home);
    write(&server, &home, &["--role", "Admin"]);
    let one = config(&home);
    write(&server, &home, &[]);
    home.config(&one);
    home.run(["populate", "--undo", "--yes"]).output().exits(0);
    assert_eq!(config(&home), before);
}

#[test]
fn options_are_kept_in_the_settings_if_that_is_wanted() {
    let (server, home) = usual();
    home.file(
        ".config/awsbadge/config.ini",
        "# mine\n[badge]\nsymbol = x\n",
    );
    let options = [
        "--name",
        "{role}@{account}",
        "--region",
        "eu-west-1",
        "--not",
        "*/Admin",
        "--prune",
        "--save",
    ];
    write(&server, &home, &options);
    let settings = || String::from_utf8(home.read(".config/awsbadge/config.ini").unwrap()).unwrap();
    assert_eq!(
        settings(),
        "# mine\n[badge]\nsymbol = x\n\n[populate my-sso]\nname = {role}@{account}\nregion = eu-west-1\nnot = */Admin\nprune = on\n"
    );
    assert!(config(&home).contains("[profile ReadOnly@Production]\n"));
    // From now on without options; and a flag has precedence.
    assert_eq!(write(&server, &home, &[])["written"], false);
    let report = write(&server, &home, &["--not", "nothing", "--save"]);
    assert_eq!(names(&report, "added"), ["Admin@Sandbox"]);
    assert!(settings().contains("\nnot = nothing\n") && settings().contains("symbol = x"));
    server.set(|knobs| knobs.accounts.truncate(1));
    assert_eq!(
        names(&write(&server, &home, &[]), "removed"),
        ["Admin@Sandbox"],
        "prune = on"
    );
    let output = run(
        &server,
        &home,
        &["--only", "a,b", "--save", "--yes", "--json"],
    );
    assert_eq!((output.code, output.error_code().as_str()), (2, "usage"));
}

#[test]
fn without_a_terminal_nothing_is_written_unless_that_was_said() {
    let (server, home) = usual();
    let before = config(&home);
    let output = run(&server, &home, &["--json"]);
    assert_eq!(
        (
            output.code,
            output.error_code().as_str(),
            output.stdout.as_str()
        ),
        (5, "no-terminal", "")
    );
    let output = run(&server, &home, &[]).exits(5);
    assert_eq!(output.stdout, "");
    assert!(output.stderr.ends_with(
        "hint: Add --yes to write without a question, or --dry-run to write nothing.\n"
    ));
    assert_eq!(config(&home), before);
}

#[test]
fn a_person_sees_the_diff_and_is_asked() {
    for (typed, no_color, written, code) in [
        ("y\n", false, true, 0),
        ("yes\n", true, true, 0),
        ("\n", false, false, 1),
        ("n\n", false, false, 1),
        ("\x04", false, false, 1),
        ("\x03", false, false, 130),
    ] {
        let (server, home) = usual();
        let before = config(&home);
        let pty = Pty::new(80, 24);
        let mut command = pty.command(&home, binary().to_str().unwrap());
        command
            .arg("populate")
            .envs(server.variables())
            .env("TERM", "xterm-256color");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let mut child = pty.spawn_whole(&mut command);
        pty.wait_for("Write this to ~/.aws/config? [y/N] ", 1);
        pty.type_bytes(typed.as_bytes());
        let status = child.wait().unwrap();
        use std::os::unix::process::ExitStatusExt as _;
        let ended = status
            .code()
            .unwrap_or_else(|| 128 + status.signal().unwrap());
        let screen = pty.last_screen();
        assert_eq!(ended, code, "{typed:?}: {screen}");
        assert_eq!(
            screen.contains("\x1b[32m+[profile Sandbox-Admin]\x1b[0m"),
            !no_color,
            "{screen:?}"
        );
        assert_eq!(config(&home) != before, written, "{typed:?}: {screen}");
        assert_eq!(
            screen.contains("nothing was written"),
            !written && code == 1,
            "{screen:?}"
        );
    }
}

#[test]
fn what_changes_while_a_person_thinks_is_asked_about_again() {
    for (theirs, code) in [
        // Something else: what was agreed to is still what happens.
        ("\n[profile theirs]\nregion = x\n", 0),
        // The same role: other profiles would be written than those shown.
        ("\n[profile Sandbox-Admin]\nregion = x\n", 1),
    ] {
        let (server, home) = usual();
        let pty = Pty::new(80, 24);
        let mut command = pty.command(&home, binary().to_str().unwrap());
        command.arg("populate").envs(server.variables());
        let mut child = pty.spawn_whole(&mut command);
        pty.wait_for("[y/N] ", 1);
        home.more_config(theirs);
        let changed = config(&home);
        pty.type_bytes(b"y\n");
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(code), "{}", pty.last_screen());
        let text = config(&home);
        assert!(text.contains(theirs));
        assert_eq!(text != changed, code == 0);
        assert_eq!(text.contains("[profile Production-ReadOnly]"), code == 0);
    }
}

#[test]
fn ctrl_c_while_the_list_is_fetched_writes_nothing() {
    let (server, home) = furnished(organisation(30, &["Admin"]));
    let before = config(&home);
    server.hold(Call::Roles);
    let running = home.run(["populate", "--yes"]).at(&server).start();
    server.wait_for_held(3);
    running.signal(Signal::SIGINT);
    let output = running.wait().exits(130);
    assert_eq!((output.stdout.as_str(), config(&home)), ("", before));
    assert_eq!(home.names(".local/state/awsbadge/undo"), [""; 0]);
}

#[test]
fn values_that_some_tool_would_read_otherwise_are_refused() {
    let (server, home) = usual();
    for arguments in [
        ["--region", "eu-west-1.evil.example"],
        ["--region", "x\ny"],
        ["--output", "json # x"],
        ["--set", "a=b\nc=d"],
        ["--set", "a b=c"],
        ["--set", "sso_region=x"],
        ["--set", "aws_secret_access_key=x"],
        ["--name", "fixed"],
    ] {
        let output = run(
            &server,
            &home,
            &[&arguments[..], &["--yes", "--json"]].concat(),
        );
        assert_eq!(
            (output.code, output.error_code().as_str()),
            (2, "usage"),
            "{arguments:?}"
        );
    }
    assert_eq!(server.total(), 0);
    // A start URL in a profile is not a session.
    home.config(
        "[profile old]\nsso_start_url = https://my.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    let output = run(&server, &home, &["--profile", "old", "--json"]);
    assert_eq!((output.code, output.error_code().as_str()), (2, "not-sso"));
    // A file that nobody can read as it is.
    home.file(CONFIG, b"\xff\xfe");
    assert_eq!(run(&server, &home, &["--undo", "--yes"]).code, 4);
}

#[test]
fn a_kill_at_some_calls_leaves_the_old_file_or_the_new_one() {
    crate::faults::kill_populate_at_some_calls();
}
