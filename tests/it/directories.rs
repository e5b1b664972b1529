//! Switches by directory, in real shells.

use crate::hook_stub::{Answer, Hook, export, remembers, shells, unset};
use crate::support::{Home, Shell, Term};

const MAP: &str = "\
[directory ~/src/acme]
profile = acme
[directory ~/src/acme/beta]
profile = beta
[directory ~/src/live]
profile = acme-prod
[directory ~/src/gone]
profile = nosuch
";

/// A home with the map, its directories and its profiles.
fn home() -> Home {
    let home = Home::new();
    let profile = |name: &str| {
        format!("[profile {name}]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    };
    home.config(
        &["base", "other", "acme", "beta", "acme-prod"]
            .map(profile)
            .concat(),
    );
    home.settings(MAP);
    for directory in ["acme/src", "acme/beta/src", "live", "gone", "free"] {
        std::fs::create_dir_all(home.path().join("src").join(directory)).unwrap();
    }
    home
}

fn open<'h>(home: &'h Home, shell: Shell, env: &[(&str, &str)], rc: &str) -> Term<'h> {
    let term = home.term(shell).size(200, 40);
    let term = env
        .iter()
        .fold(term, |term, (name, value)| term.env(name, value));
    term.open(&format!("{}{rc}\n", shell.rc("--prompt left")))
}

/// What stands between a line that was typed and the prompt after it, and that prompt.
#[track_caller]
fn shown(term: &Term<'_>, line: &str) -> (String, String) {
    term.type_line("clear");
    term.type_line(line);
    let screen = term.screen();
    let lines: Vec<&str> = screen.trim_end().lines().collect();
    let (prompt, above) = lines.split_last().unwrap();
    (
        above.get(1..).unwrap_or_default().join("\n"),
        prompt.trim_end_matches(" >").to_owned(),
    )
}

/// Types each line and compares what was said and the badge.
#[track_caller]
fn follow(term: &Term<'_>, shell: Shell, steps: &[(&str, &str, &str)]) {
    for (line, said, badge) in steps {
        let want = ((*said).to_owned(), (*badge).to_owned());
        assert_eq!(shown(term, line), want, "{shell}: {line}");
    }
}

const ACME: &str = "awsbadge: ~/src/acme: switched to 'acme'";
const BETA: &str = "awsbadge: ~/src/acme/beta: switched to 'beta'";

#[test]
fn the_first_prompt_in_a_directory_switches_and_the_first_outside_goes_back() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        follow(
            &term,
            shell,
            &[
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                ("cd src", "", "aws:acme keys"),
                ("true", "", "aws:acme keys"),
                ("cd ~", "awsbadge: outside ~/src/acme: profile cleared", ">"),
                ("asp base", "", "aws:base keys"),
                ("cd ~/src/free", "", "aws:base keys"),
                ("cd ~/src/acme/src", ACME, "aws:acme keys"),
                // The longest path counts, and each place goes back to the profile from before all of them.
                ("cd ../beta/src", BETA, "aws:beta keys"),
                ("cd ../..", ACME, "aws:acme keys"),
                ("cd ~/src/acme/beta", BETA, "aws:beta keys"),
                (
                    "cd /",
                    "awsbadge: outside ~/src/acme/beta: back to 'base'",
                    "aws:base keys",
                ),
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                (
                    "cd ~",
                    "awsbadge: outside ~/src/acme: back to 'base'",
                    "aws:base keys",
                ),
                ("asp -", "", "aws:acme keys"),
            ],
        );
        let variables = "$AWS_PROFILE,$AWS_DEFAULT_PROFILE,$AWS_EB_PROFILE";
        term.type_line("asp base");
        term.type_line("cd ~/src/acme");
        let (said, _) = shown(&term, &format!("sh -c 'echo {variables}'"));
        assert_eq!(said, "acme,acme,acme", "{shell}: programs see it too");
    }
}

#[test]
fn what_the_user_chose_stays() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        follow(
            &term,
            shell,
            &[
                ("asp base", "", "aws:base keys"),
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                ("asp other", "", "aws:other keys"),
                ("cd src", "", "aws:other keys"),
                ("cd ~", "", "aws:other keys"),
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                (&export(shell, "AWS_PROFILE", "base"), "", "aws:base keys"),
                ("cd ~", "", "aws:base keys"),
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                ("asp", "AWS profile cleared.", ">"),
                ("cd ~", "", ">"),
                // The profile of the directory is active already: nothing to switch, and nothing to go back to.
                ("asp acme", "", "aws:acme keys"),
                ("cd ~/src/acme", "", "aws:acme keys"),
                ("cd ~", "", "aws:acme keys"),
            ],
        );
    }
}

#[test]
fn a_shell_that_starts_there_counts_unless_it_inherited_a_profile() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "cd ~/src/acme");
        term.wait_for(ACME);
        assert_eq!(term.last_line(), "aws:acme keys >", "{shell}");
        follow(
            &term,
            shell,
            &[("cd ~", "awsbadge: outside ~/src/acme: profile cleared", ">")],
        );
        drop(term);

        for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
            let term = open(&home, shell, &[(variable, "base")], "cd ~/src/acme");
            let inherited =
                "awsbadge: ~/src/acme: not switched to 'acme': the shell inherited its profile";
            term.wait_for(inherited);
            assert_eq!(term.last_line(), "aws:base keys >", "{shell}");
            follow(
                &term,
                shell,
                &[
                    ("cd ~", "", "aws:base keys"),
                    (
                        "cd ~/src/acme/beta",
                        &inherited
                            .replace("acme: not", "acme/beta: not")
                            .replace("'acme'", "'beta'"),
                        "aws:base keys",
                    ),
                    ("cd ~", "", "aws:base keys"),
                    // A profile that was chosen here is not inherited any more, even if it is the same one.
                    ("asp base", "", "aws:base keys"),
                    ("cd ~/src/acme", ACME, "aws:acme keys"),
                    (
                        "cd ~",
                        "awsbadge: outside ~/src/acme: back to 'base'",
                        "aws:base keys",
                    ),
                ],
            );
        }

        // The inherited profile is the right one.
        let term = open(&home, shell, &[("AWS_PROFILE", "acme")], "cd ~/src/acme");
        assert_eq!(term.screen().trim_end(), "aws:acme keys >", "{shell}");
        follow(&term, shell, &[("cd ~", "", "aws:acme keys")]);
    }
}

#[test]
fn production_is_named_and_never_switched_to() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        let live = "awsbadge: ~/src/live: not switched to 'acme-prod': it is production (`asp acme-prod` switches)";
        follow(
            &term,
            shell,
            &[
                ("asp base", "", "aws:base keys"),
                ("cd ~/src/live", live, "aws:base keys"),
                ("asp acme-prod", "", "!aws:acme-prod keys"),
                // Nor is it gone back to, and nothing else stays in its place.
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                (
                    "cd ~",
                    "awsbadge: outside ~/src/acme: profile cleared; not back to 'acme-prod': it is production (`asp acme-prod` switches)",
                    ">",
                ),
                // From one place to another: the first one's profile does not stay.
                ("asp base", "", "aws:base keys"),
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                (
                    "cd ~/src/live",
                    "awsbadge: ~/src/live: not switched to 'acme-prod': it is production (`asp acme-prod` switches); back to 'base'",
                    "aws:base keys",
                ),
            ],
        );

        home.settings(&format!("{MAP}[switch]\nconfirm = always\n"));
        let (said, _) = shown(&term, "cd ~/src/acme");
        assert_eq!(
            said,
            "awsbadge: ~/src/acme: not switched to 'acme': every switch asks (`asp acme` switches)",
            "{shell}"
        );
        home.settings(&format!("{MAP}[class prod]\nmatch = \"acme\n"));
        let (said, _) = shown(&term, "cd ~/src/acme/beta");
        assert!(
            said.contains("not switched to 'beta': every switch asks (`asp beta` switches)"),
            "{shell}: {said}"
        );
    }
}

#[test]
fn a_missing_profile_is_named() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        follow(
            &term,
            shell,
            &[
                (
                    "cd ~/src/gone",
                    "awsbadge: ~/src/gone: not switched to 'nosuch': it was not found",
                    ">",
                ),
                ("cd ~/src/acme", ACME, "aws:acme keys"),
                (
                    "cd ~/src/gone",
                    "awsbadge: ~/src/gone: not switched to 'nosuch': it was not found; profile cleared",
                    ">",
                ),
            ],
        );
    }
}

#[test]
fn credentials_and_other_switchers_variables_are_not_replaced() {
    for shell in shells() {
        for variable in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SESSION_TOKEN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_VAULT",
            "AWSUME_PROFILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ] {
            let home = home();
            let term = open(&home, shell, &[], "");
            let profile =
                |what: &str| shown(&term, &format!("sh -c 'echo {what}${{AWS_PROFILE-none}}'")).0;
            term.type_line(&export(shell, variable, "x"));
            let (said, _) = shown(&term, "cd ~/src/acme");
            assert_eq!(
                said,
                format!("awsbadge: ~/src/acme: not switched to 'acme': {variable} is set"),
                "{shell}"
            );
            assert_eq!(profile("="), "=none", "{shell}: {variable}");
            // Set after the switch: it is not gone back either.
            term.type_line(&unset(shell, variable));
            term.type_line("cd ~");
            term.type_line("cd ~/src/acme");
            term.type_line(&export(shell, variable, "x"));
            let (said, _) = shown(&term, "cd ~");
            assert_eq!(
                said,
                format!(
                    "awsbadge: outside ~/src/acme: the profile stays, because {variable} is set"
                ),
                "{shell}"
            );
            assert_eq!(profile("="), "=acme", "{shell}: {variable}");
        }
    }
}

#[test]
fn the_line_is_dim_only_in_colour() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        term.type_line("cd ~/src/acme");
        assert!(dim(&term), "{shell}: {:?}", term.coloured_screen());
        drop(term);
        for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
            let term = open(&home, shell, &[], &export(shell, name, value));
            term.type_line("cd ~/src/acme");
            term.wait_for(ACME);
            assert!(!dim(&term), "{shell}, {name}: {:?}", term.coloured_screen());
        }
    }
}

/// Whether something on the screen is dim. tmux may write several attributes as one.
fn dim(term: &Term<'_>) -> bool {
    let screen = term.coloured_screen();
    ["\x1b[2m", ";2m", "[2;"]
        .iter()
        .any(|attribute| screen.contains(attribute))
}

#[test]
fn a_directory_counts_by_its_name_and_by_where_it_is() {
    for shell in shells() {
        let home = home();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(home.path().join(to), home.path().join(name)).unwrap();
        };
        std::fs::create_dir_all(home.path().join("disk/seven/src")).unwrap();
        link("disk/seven", "seven");
        link("src/acme/src", "short");
        home.settings(&format!("{MAP}[directory ~/seven]\nprofile = other\n"));
        let term = open(&home, shell, &[], "");
        let seven = "awsbadge: ~/seven: switched to 'other'";
        let cleared = "awsbadge: outside ~/seven: profile cleared";
        follow(
            &term,
            shell,
            &[
                ("cd ~/seven/src", seven, "aws:other keys"),
                ("cd ~", cleared, ">"),
                ("cd ~/disk/seven/src", seven, "aws:other keys"),
                ("cd ~/seven", "", "aws:other keys"),
                ("cd ~", cleared, ">"),
                ("cd ~/short", ACME, "aws:acme keys"),
            ],
        );
    }
}

#[test]
fn a_region_of_the_last_switch_goes_and_another_stays() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        term.type_line("asp base --region us-east-1");
        term.type_line("cd ~/src/acme");
        assert_eq!(shown(&term, "sh -c 'echo =$AWS_REGION'").0, "=", "{shell}");
        term.type_line("asr eu-west-1");
        term.type_line("cd ~");
        assert_eq!(
            shown(&term, "sh -c 'echo =$AWS_REGION'").0,
            "=eu-west-1",
            "{shell}"
        );
    }
}

#[test]
fn a_change_of_the_map_counts_at_the_next_prompt() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        let home = home();
        home.settings("[badge]\nshow = set\n");
        let term = open(&home, shell, &[], "cd ~/src/acme");
        assert_eq!(term.screen().trim_end(), ">", "{shell}");
        for (settings, said, badge) in [
            (MAP, ACME, "aws:acme keys >"),
            (
                &MAP.replace("profile = acme\n", "profile = other\n"),
                "awsbadge: ~/src/acme: switched to 'other'",
                "aws:other keys >",
            ),
            (
                "[badge]\nshow = set\n",
                "awsbadge: outside ~/src/acme: profile cleared",
                ">",
            ),
        ] {
            home.settings(settings);
            term.type_line("");
            term.wait_for(said);
            assert_eq!(term.last_line(), badge, "{shell}");
        }
    }
}

#[test]
fn nothing_is_read_from_the_directory() {
    for shell in shells() {
        let home = home();
        for name in [
            "config.ini",
            ".awsbadge",
            ".config/awsbadge/config.ini",
            ".aws/config",
        ] {
            home.file(
                &format!("src/free/{name}"),
                "[directory ~/src/free]\nprofile = other\n[directory .]\nprofile = other\n",
            );
        }
        let term = open(&home, shell, &[], "");
        follow(&term, shell, &[("cd ~/src/free", "", ">")]);
    }
}

/// What `__refresh` answers in `~/src/acme`.
fn answer(home: &Home, directory: Option<&str>) -> String {
    let words = ["__refresh", "--shell", "zsh", "--proto", "1"];
    let words = words
        .into_iter()
        .chain(directory.into_iter().flat_map(|d| ["--directory", d]));
    let here = home.path().join("src/acme");
    let output = home.run(words).env("PWD", here).output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    output.stdout
}

#[test]
fn hooks_that_do_not_ask_for_it_are_served_as_before_and_an_empty_map_changes_nothing() {
    let home = home();
    let nothing = "asp\n\n\n\n\n\n";
    let with_map = answer(&home, Some(nothing));
    assert!(with_map.contains("export AWS_PROFILE='acme'"), "{with_map}");
    assert!(with_map.contains("_awsbadge_x_env=('PWD')"), "{with_map}");
    let older = answer(&home, None);
    for word in ["AWS_PROFILE", "_awsbadge_dir", "_awsbadge_x_say"] {
        assert!(!older.contains(word), "{older}");
    }
    home.settings("[badge]\nshow = set\n");
    let lines = |answer: String| {
        let timeless = |line: &&str| !line.contains("_x_now") && !line.contains("_x_until");
        let kept: Vec<String> = answer.lines().filter(timeless).map(str::to_owned).collect();
        kept
    };
    let empty = lines(answer(&home, Some(nothing)));
    assert_eq!(empty, lines(answer(&home, None)));
    assert!(
        empty.contains(&"_awsbadge_x_env=()".to_owned()),
        "{empty:?}"
    );
}

#[test]
fn a_change_of_directory_asks_nobody_if_the_map_is_empty() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        let hook = Hook::new(shell, &Answer::new("aws"));
        let term = hook.open(&[]);
        term.type_line("cd /");
        assert_eq!(hook.asked(), 1, "{shell}");
        hook.answer(&Answer::new("aws").env("PWD"));
        term.type_line(&export(shell, "AWS_PROFILE", "x"));
        assert_eq!(hook.asked(), 2, "{shell}");
        term.type_line("cd /");
        assert_eq!(hook.asked(), 2, "{shell}");
        term.type_line("cd /tmp");
        assert_eq!(hook.asked(), 3, "{shell}");
    }
}

/// A switch between a line that was typed and the command would run it with another profile.
#[test]
fn a_refresh_before_a_command_switches_nothing_and_the_next_prompt_asks_again() {
    for shell in shells().into_iter().filter(|shell| *shell != Shell::Bash) {
        let hook = Hook::new(shell, &Answer::new("aws").env("PWD").lasts(-1));
        let term = hook.open(&[("warn", "true")]);
        let asked = || {
            let calls = hook.home.calls("awsbadge");
            hook.home.file("bin/awsbadge.calls", "");
            let switching = |call: &Vec<String>| call.contains(&"--directory".to_owned());
            calls.iter().map(switching).collect::<Vec<_>>()
        };
        asked();
        term.type_line("true");
        assert_eq!(asked(), [false, true], "{shell}");
        hook.answer(&Answer::new("aws").env("PWD").lasts(3600));
        term.type_line("true");
        assert_eq!(
            asked(),
            [false, true],
            "{shell}: after the refresh that switches nothing"
        );
    }
}

#[test]
fn a_profile_that_can_not_be_set_is_left_alone() {
    for shell in [Shell::Zsh, Shell::Bash] {
        if !shells().contains(&shell) || shell == Shell::Bash && shell.version() < 404 {
            continue;
        }
        let home = home();
        let term = open(&home, shell, &[], "");
        term.type_line("asp base");
        term.type_line("readonly AWS_PROFILE");
        follow(
            &term,
            shell,
            &[
                ("cd ~/src/acme", "", "aws:base keys"),
                ("cd ~", "", "aws:base keys"),
            ],
        );
    }
}

#[test]
fn a_profile_that_is_not_exported_is_left_alone() {
    for shell in shells() {
        let home = home();
        let term = open(&home, shell, &[], "");
        let set = if shell == Shell::Fish {
            "set -g AWS_PROFILE base"
        } else {
            "AWS_PROFILE=base"
        };
        follow(
            &term,
            shell,
            &[
                (set, "", "aws:base not exported"),
                ("cd ~/src/acme", "", "aws:base not exported"),
            ],
        );
    }
}
