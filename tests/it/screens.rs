//! What commands show fits the terminal: at 60, 80 and 120 columns, and in ASCII.

use crate::support::{Home, Shell, Term, binary, expires_in, installed};

/// Profiles with names and roles of ordinary length.
fn home() -> Home {
    let mut config = String::from(
        "[sso-session corporate]\nsso_start_url = https://c.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    for (name, account, role) in [
        ("platform-dev-admin", "111111111111", "AdministratorAccess"),
        ("platform-prod-admin", "222222222222", "AdministratorAccess"),
        (
            "payments-staging-readonly",
            "333333333333",
            "ViewOnlyAccess",
        ),
    ] {
        config += &format!(
            "[profile {name}]\nsso_session = corporate\nsso_account_id = {account}\nsso_role_name = {role}\nregion = eu-central-1\n"
        );
    }
    let home = Home::new();
    home.config(&config)
        .token("corporate", &expires_in(47 * 60 + 50));
    home
}

/// The rows of a command's output on a terminal of this width.
fn rows(home: &Home, columns: u16, command: &str) -> Vec<String> {
    let term = home
        .term(Shell::Bash)
        .env("AWS_PROFILE", "platform-dev-admin")
        .size(columns, 100)
        .open("");
    let program = Shell::Bash.quote(binary().to_str().unwrap());
    term.type_line(&format!("clear; {program} {command}"));
    let screen = term.screen();
    let lines = screen
        .trim_end()
        .lines()
        .map(|line| line.trim_end().to_owned());
    let mut lines: Vec<String> = lines.collect();
    // The next prompt.
    lines.pop();
    lines
}

#[test]
fn a_list_keeps_names_and_states_at_every_width() {
    if !installed(&["tmux", "bash"]) {
        return;
    }
    let home = home();
    for (columns, heads) in [
        (
            120,
            "   PROFILE                    ACCOUNT       ROLE                 REGION        SESSION    STATE",
        ),
        (
            80,
            "   PROFILE                    ACCOUNT       ROLE                 STATE",
        ),
        (
            60,
            "   PROFILE                    ROLE                 STATE",
        ),
        (45, "   PROFILE                    ROLE      STATE"),
        (38, "   PROFILE                    STATE"),
    ] {
        let rows = rows(&home, columns, "list");
        assert_eq!(rows[0], heads, "{columns}: {rows:#?}");
        // A row that is too long would be two.
        assert_eq!(rows.len(), 4, "{columns}: {rows:#?}");
        for (row, name) in rows[1..].iter().zip([
            "platform-dev-admin",
            "platform-prod-admin",
            "payments-staging-readonly",
        ]) {
            assert!(
                row[3..].starts_with(name) && row.ends_with("47m"),
                "{columns}: {row}"
            );
        }
    }
}

#[test]
fn help_is_wrapped_between_words_and_lists_everyday_commands_first() {
    if !installed(&["tmux", "bash"]) {
        return;
    }
    let home = home();
    for columns in [60, 80, 120] {
        let rows = rows(&home, columns, "exec --help");
        let text = rows
            .join(" ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(
            text.contains(
                "Remove AWS_REGION and AWS_DEFAULT_REGION, so that the profile's region applies"
            ),
            "{columns}: {rows:#?}"
        );
    }
    let rows = rows(&home, 80, "-h");
    let place = |wanted: &str| rows.iter().position(|row| row.starts_with(wanted)).unwrap();
    assert!(
        place("Every day:") < place("  login ")
            && place("  login ") < place("For shells and scripts:")
    );
    assert!(
        place("For shells and scripts:") < place("  init ")
            && place("  init ") < place("Examples:")
    );
}

/// The built-in list, opened.
fn picking<'h>(home: &'h Home, columns: u16, rows: u16, rc: &str) -> Term<'h> {
    let term = home.term(Shell::Bash).size(columns, rows).open(rc);
    let program = Shell::Bash.quote(binary().to_str().unwrap());
    term.type_text(&format!("clear; PATH=/nowhere {program} __pick >picked"));
    term.keys(&["Enter"]);
    term.wait_for("aws profile> ");
    term
}

#[test]
fn the_built_in_list_takes_the_height_keeps_states_and_has_colours() {
    if !installed(&["tmux", "bash"]) {
        return;
    }
    let home = home();
    for columns in [60, 80, 120] {
        let term = picking(&home, columns, 20, "");
        let screen = term.wait_until("all rows", |s| s.matches("47m").count() == 3);
        let row = screen
            .lines()
            .find(|l| l.contains("payments-staging-readonly"))
            .unwrap();
        assert!(row.trim_end().ends_with("47m"), "{screen}");
        // Production is white on red, and so is its state.
        let coloured = term.coloured_screen();
        let row = coloured
            .lines()
            .find(|l| l.contains("platform-prod-admin"))
            .unwrap();
        assert!(
            row.contains("41m47m") || row.contains("41;97m47m") || row.contains("97;41m47m"),
            "{row:?}"
        );
        term.keys(&["Escape"]);
    }
    let many = Home::new();
    let config: String = (0..100)
        .map(|n| format!("[profile team-{n:03}]\nregion = eu-west-1\n"))
        .collect();
    many.config(&config);
    for rows in [8, 30] {
        let term = picking(&many, 80, rows, "");
        let full = usize::from(rows) - 1;
        term.wait_until("a full screen", |s| s.matches("team-").count() == full);
        term.keys(&["Escape"]);
    }
}

#[test]
fn in_ascii_every_command_is_ascii() {
    let home = Home::new();
    home.config(
        "[profile büro]\nrole_arn = arn:aws:iam::111111111111:role/R\nsource_profile = basé\n\
         [profile basé]\nregion = eu-west-1\nsso_start_url = https://c.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 111111111111\nsso_role_name = Ré\n",
    );
    for command in [
        &["status", "büro"][..],
        &["list", "--json"],
        &["explain", "--profile", "büro"],
        &["config"],
    ] {
        let plain = home.run(command).output().stdout;
        assert!(!plain.is_ascii(), "{command:?}: {plain}");
        if command.contains(&"--json") {
            continue;
        }
        let ascii = home.run(command).env("AWSBADGE_ASCII", "1").output().stdout;
        assert!(ascii.is_ascii(), "{command:?}: {ascii}");
    }
}

#[test]
fn an_unknown_name_among_many_shows_those_that_look_like_it() {
    let home = Home::new();
    let config: String = (0..2000)
        .map(|n| format!("[profile team-{n:04}-admin]\nregion = eu-west-1\n"))
        .collect();
    home.config(&config);
    home.run(["use", "--shell", "zsh", "team-0815-admni"])
        .stderr(
            "error: Profile 'team-0815-admni' not found in '$HOME/.aws/config'\n\
             Available profiles: team-0815-admin, team-0015-admin, team-0115-admin, and 1997 more (awsbadge list)\n\
             hint: did you mean team-0815-admin, team-0015-admin or team-0115-admin?\n",
        )
        .code(3)
        .check();
}
