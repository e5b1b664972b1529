//! `asp --config`: named sets of the AWS files.

use crate::support::{Home, Shell, Term, installed};

/// Three sets: one with a file, one with both files, one whose file is missing.
const SETTINGS: &str = "\
[config client7]
config_file = ~/client 7/config
[config client8]
config_file = ~/client8/config
credentials_file = ~/client8/credentials
[config empty]
config_file = ~/nothing/config
[switch]
confirm = prod
";

fn home() -> Home {
    let home = Home::new();
    let keys = "aws_access_key_id = AKIA\naws_secret_access_key = s\n";
    home.config(&format!("[profile dev]\n{keys}"))
        .file(
            "client 7/config",
            format!("[profile seven]\n{keys}[profile prod]\n{keys}"),
        )
        .file("client8/config", "[profile eight]\nregion = eu-west-1\n")
        .file("client8/credentials", format!("[eight]\n{keys}"))
        .settings(SETTINGS);
    home
}

/// A terminal of each shell with the badge.
fn terms(test: impl Fn(Shell, &Home, &Term<'_>)) {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        test(shell, &home, &term);
    }
}

/// The two file variables of the shell, with `unset` for one that is not set, as programs see them.
fn files(term: &Term<'_>, home: &Home) -> String {
    term.type_line(
        "sh -c 'printf %s \"${AWS_CONFIG_FILE-unset}|${AWS_SHARED_CREDENTIALS_FILE-unset}\" > ~/files'",
    );
    let files = String::from_utf8(home.read("files").unwrap()).unwrap();
    files.replace(home.path().to_str().unwrap(), "~")
}

#[test]
fn a_set_and_a_profile_in_it_are_switched_to_together_and_back() {
    terms(|shell, home, term| {
        term.type_line("asp dev");
        assert_eq!(term.last_line(), "aws:dev keys >", "{shell}");

        // Without a name the profile of the other files is cleared.
        term.type_line("asp --config client7");
        assert_eq!(term.last_line(), ">", "{shell}");
        term.wait_for("awsbadge: config client7, no profile");
        term.type_line("agp; asp dev");
        term.wait_for("error: Profile 'dev' not found in '");

        term.type_line("asp seven");
        assert_eq!(term.last_line(), "aws:client7/seven keys >", "{shell}");
        assert_eq!(files(term, home), "~/client 7/config|unset", "{shell}");

        term.type_line("asp eight --config client8");
        assert_eq!(term.last_line(), "aws:client8/eight keys >", "{shell}");
        assert_eq!(
            files(term, home),
            "~/client8/config|~/client8/credentials",
            "{shell}"
        );

        term.type_line("asp --config=default dev");
        assert_eq!(term.last_line(), "aws:dev keys >", "{shell}");
        assert_eq!(files(term, home), "unset|unset", "{shell}");

        term.type_line("asp --config client8 eight");
        term.type_line("asp --config default");
        assert_eq!(term.last_line(), ">", "{shell}");
        assert_eq!(files(term, home), "unset|unset", "{shell}");
    });
}

#[test]
fn what_is_refused_changes_nothing() {
    terms(|shell, home, term| {
        term.type_line("asp --config client7 seven");
        for (line, said) in [
            (
                "asp --config client9",
                "write client7, client8, empty or default",
            ),
            ("asp --config client9 seven", "no section [config client9]"),
            ("asp --config", "no section [config ]"),
            ("asp --config client8 seven", "Profile 'seven' not found"),
        ] {
            term.type_line("clear");
            term.type_line(line);
            term.wait_for(said);
            assert_eq!(
                term.last_line(),
                "aws:client7/seven keys >",
                "{shell}: {line}"
            );
        }
        assert_eq!(files(term, home), "~/client 7/config|unset", "{shell}");

        // Production asks in a set too.
        term.type_text("asp --config client7 prod");
        term.keys(&["Enter"]);
        term.wait_for("Switch to production, 'prod'? [y/N]");
        term.type_line("n");
        assert_eq!(term.last_line(), "aws:client7/seven keys >", "{shell}");
        term.type_line("asp --config client7 prod --yes");
        assert_eq!(term.last_line(), "!aws:client7/prod keys >", "{shell}");
    });
}

#[test]
fn login_and_the_list_use_the_files_of_the_set() {
    terms(|shell, home, term| {
        home.file(
            "client8/config",
            "[sso-session eight]\nsso_start_url = https://eight.awsapps.com/start\nsso_region = eu-west-1\n\
             [profile eight]\nsso_session = eight\nsso_account_id = 111111111111\nsso_role_name = R\n",
        );
        home.remove("client8/credentials");
        home.stub("aws", "echo \"$AWS_CONFIG_FILE\" > \"$HOME/config-of-aws\"");
        home.settings(&format!("{SETTINGS}[login]\nwith = aws\n"));
        term.type_line("asp --config client8 eight login");
        home.wait_for_call("aws");
        assert_eq!(
            String::from_utf8(home.read("config-of-aws").unwrap()).unwrap(),
            format!("{}/client8/config\n", home.path().display()),
            "{shell}"
        );
        home.stub("fzf", "read -r line; printf '%s\\n' \"$line\"");
        term.type_line("asp --config client7 --pick sev");
        assert_eq!(term.last_line(), "aws:client7/seven keys >", "{shell}");
    });
}

#[test]
fn the_exit_code_is_that_of_a_missing_profile() {
    let home = home();
    home.run(["use", "--shell", "zsh", "--config", "client9"])
        .code(3)
        .stderr(
            "error: the settings have no section [config client9]\n\
             hint: write client7, client8, empty or default\n",
        )
        .check();
    let bare = Home::new();
    bare.run(["use", "--shell", "zsh", "--config", "x", "dev"])
        .code(3)
        .stderr(
            "error: the settings have no section [config x]\n\
             hint: add it, with config_file = PATH (`awsbadge settings` names the file)\n",
        )
        .check();
    // The usual files need no section.
    bare.config("[profile dev]\n");
    let output = bare
        .run(["use", "--shell", "zsh", "--config", "default", "dev"])
        .output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let output = home
        .run(["use", "--shell", "zsh", "--config", "empty"])
        .output();
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (
            0,
            "awsbadge: $HOME/nothing/config does not exist\nawsbadge: config empty, no profile\n"
        )
    );
}

#[test]
fn status_and_the_format_name_the_set_by_its_files() {
    let home = home();
    let seven = format!("{}/client 7/config", home.path().display());
    let run = |words: &[&str], credentials: Option<&str>| {
        let run = home
            .run(words)
            .env("AWS_CONFIG_FILE", &seven)
            .env("AWS_PROFILE", "seven");
        match credentials {
            Some(file) => run.env("AWS_SHARED_CREDENTIALS_FILE", file),
            None => run,
        }
        .output()
        .stdout
    };
    assert!(run(&["status"], None).contains("\nconfig   client7\n"));
    assert!(run(&["status", "--json"], None).contains("\"config\": \"client7\""));
    assert_eq!(run(&["prompt"], None), "aws:client7/seven keys\n");
    // Another credentials file: this is no set any more.
    assert!(!run(&["status"], Some("/nowhere")).contains("\nconfig "));
    assert_eq!(run(&["prompt"], Some("/nowhere")), "aws:seven keys\n");
    home.settings(&format!(
        "{SETTINGS}[badge]\nformat = {{profile}}{{@config}}\n"
    ));
    assert_eq!(run(&["prompt"], None), "seven@client7\n");
    let output = home.run(["status"]).env("AWS_CONFIG_FILE", &seven).output();
    assert!(
        output.stdout.contains("config   client7\n"),
        "{}",
        output.stdout
    );
}

#[test]
fn a_path_of_the_settings_depends_on_no_working_directory() {
    let home = Home::new();
    home.settings("[config a]\nconfig_file = x/config\n[config default]\nconfig_file = /x\n");
    let output = home.run(["settings"]).output();
    assert_eq!(
        output.stderr,
        "awsbadge: $HOME/.config/awsbadge/config.ini:2: [config a] config_file: 'x/config' depends on the working \
         directory. Begin the path with / or ~/\n\
         awsbadge: $HOME/.config/awsbadge/config.ini:4: [config default] config_file: 'default' means the usual \
         files. Choose another name for the section\n"
    );
}
