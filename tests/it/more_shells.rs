//! Nushell and elvish, in real terminals: the badge, the functions, Tab, and what happens without the program.

use crate::names::NAMES;
use crate::support::fixtures::{SESSION, VALID, logged_in, sso};
use crate::support::library::shells::{self, Shell as Spoken, Statement};
use crate::support::{Home, Shell, Term, binary, expires_in, find, installed, until};
use std::fmt;
use std::os::unix::fs::symlink;
use std::process::Command;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Other {
    Nushell,
    Elvish,
}
use Other::{Elvish, Nushell};

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Nushell => "nushell",
            Elvish => "elvish",
        })
    }
}

impl Other {
    #[track_caller]
    fn installed() -> Vec<Self> {
        let all = [Nushell, Elvish].into_iter();
        all.filter(|shell| installed(&["tmux", shell.program()]))
            .collect()
    }

    fn program(self) -> &'static str {
        match self {
            Nushell => "nu",
            Elvish => "elvish",
        }
    }

    /// `text` as one word.
    fn quote(self, text: &str) -> String {
        match self {
            Nushell => serde_json::to_string(text).unwrap(),
            Elvish => format!("'{}'", text.replace('\'', "''")),
        }
    }

    /// A line that sets a variable.
    fn set(self, name: &str, value: &str) -> String {
        match self {
            Nushell => format!("$env.{name} = {}", self.quote(value)),
            Elvish => format!("set-env {name} {}", self.quote(value)),
        }
    }

    /// The start-up files, with the prompt `me> `, and awsbadge in the home's own `bin`.
    fn set_up(self, home: &Home, options: &[&str], after: &str) {
        let awsbadge = home.path().join("bin/awsbadge");
        if !awsbadge.exists() {
            symlink(binary(), &awsbadge).unwrap();
        }
        let init = Command::new(awsbadge)
            .arg("init")
            .arg(self.to_string())
            .args(options)
            .output()
            .unwrap();
        assert!(init.status.success() && init.stderr.is_empty(), "{init:?}");
        match self {
            Nushell => home
                .file(
                    ".config/nushell/config.nu",
                    "$env.config.show_banner = false\n$env.PROMPT_COMMAND = {|| 'me' }\n\
                     $env.PROMPT_COMMAND_RIGHT = {|| '' }\n$env.PROMPT_INDICATOR = '> '\n",
                )
                .file(".config/nushell/autoload/awsbadge.nu", init.stdout)
                .file(".config/nushell/autoload/later.nu", after),
            Elvish => home.file(".config/elvish/awsbadge.elv", init.stdout).file(
                ".config/elvish/rc.elv",
                format!(
                    "set edit:prompt = {{ put 'me> ' }}\nset edit:rprompt = {{ }}\n\
                     eval (slurp < ~/.config/elvish/awsbadge.elv)\n{after}"
                ),
            ),
        };
    }

    fn start(self, home: &Home) -> Term<'_> {
        home.term(Shell::Bash)
            .env("AWS_PROFILE", "dev")
            .start(&find(self.program()).unwrap(), &[])
    }

    /// A terminal with the badge on the left, at its first prompt.
    fn open<'h>(self, home: &'h Home, options: &[&str]) -> Term<'h> {
        self.set_up(home, &[&["--prompt", "left"], options].concat(), "");
        let term = self.start(home);
        term.wait_for("aws:dev 47m me>");
        term
    }
}

/// [`logged_in`], with a profile of production and one whose name has to be quoted.
fn home() -> Home {
    let home = logged_in();
    home.config(concat!(
        sso!(),
        "[profile my-prod]\nsso_session = my-sso\nsso_account_id = 210987654321\nsso_role_name = Admin\n\
         [profile \"it's $(touch canary)\"]\nregion = eu-west-1\n"
    ));
    home
}

#[test]
fn the_functions_switch_and_the_badge_follows() {
    for shell in Other::installed() {
        let home = home();
        home.stub("aws", "");
        let term = shell.open(&home, &[]);
        term.type_until("asp my-prod", "!aws:my-prod 47m me>");
        term.type_until("asp -", "aws:dev 47m me>");
        let hostile = format!("asp {}", shell.quote("it's $(touch canary)"));
        term.type_until(&hostile, "aws:it's $(touch canary) no credentials me>");
        term.type_until("asp  -", "aws:dev 47m me>");
        term.type_until("agp", "aws:dev 47m me>");
        term.wait_for("agp\ndev\n");
        term.type_until("asr us-east-2", "aws:dev 47m me>");
        term.type_until("agr", "aws:dev 47m me>");
        term.wait_for("agr\nus-east-2\n");
        term.type_until("asr", "aws:dev 47m me>");
        term.wait_for("asr\nAWS region cleared.\n");
        term.type_until("asp nope", "aws:dev 47m me>");
        term.wait_for("error: Profile 'nope' not found");
        term.type_until("asp", "me>");
        term.wait_for("asp\nAWS profile cleared.\n");
        // Logged in already, so nothing but the switch is left to do.
        term.type_until("asp dev login", "aws:dev 47m me>");
        assert!(home.calls("aws").is_empty(), "{shell}");
        term.type_until("asp --help", "aws:dev 47m me>");
        term.wait_for("Switch this terminal to an AWS profile");
        assert!(home.read("canary").is_none(), "{shell}: a name was run");
        assert!(term.alive());
    }
}

#[test]
fn a_switch_removes_what_would_override_the_profile_and_acp_sets_it() {
    for shell in Other::installed() {
        let home = home();
        home.credentials(
            "[keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a+b/c\n",
        );
        home.stub(
            "identity",
            "for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_PROFILE AWSBADGE_ACP; do printenv $name; done > out\n\
             mv out done",
        );
        let term = shell.open(&home, &[]);
        let set = shell.set("AWS_SECRET_ACCESS_KEY", "old");
        for (command, wanted) in [
            (
                "acp keys",
                "AKIAIOSFODNN7EXAMPLE\na+b/c\nkeys\nAKIAIOSFODNN7EXAMPLE keys\n",
            ),
            ("asp dev", "dev\n"),
            (&set, "old\ndev\n"),
            ("asp my-prod", "my-prod\n"),
            (
                "acp  keys",
                "AKIAIOSFODNN7EXAMPLE\na+b/c\nkeys\nAKIAIOSFODNN7EXAMPLE keys\n",
            ),
            ("acp", ""),
        ] {
            term.type_text(&format!("{command}; identity"));
            term.keys(&["Enter"]);
            let done = until(|| home.read("done")).unwrap_or_else(|| panic!("{}", term.screen()));
            home.remove("done");
            let done = String::from_utf8(done).unwrap();
            assert_eq!(done, wanted, "{shell}: {command}: {}", term.screen());
        }
    }
}

#[test]
fn what_changes_elsewhere_shows_at_the_next_prompt() {
    for shell in Other::installed() {
        let home = home();
        let term = shell.open(&home, &[]);
        home.no_token(SESSION);
        term.type_until("echo logout", "aws:dev no login me>");
        home.token(SESSION, &expires_in(90));
        term.type_until("echo login", "aws:dev 1m me>");
        // The badge changes when its time has come, though no file did.
        home.token(SESSION, &expires_in(2));
        term.type_until("echo soon", "aws:dev <1m me>");
        let mut count = 0;
        let passed = until(|| {
            count += 1;
            term.type_text(&format!("echo {count}"));
            term.keys(&["Enter"]);
            term.wait_until("the next prompt", |screen| {
                let after = screen.split(&format!("echo {count}\n{count}\n")).nth(1);
                after.is_some_and(|after| after.trim_end().ends_with("me>"))
            });
            (term.last_line() == "aws:dev expired me>").then_some(())
        });
        assert!(passed.is_some(), "{shell}: {}", term.screen());
        home.token(SESSION, &expires_in(VALID));
        term.type_until("echo again", "aws:dev 47m me>");
        // A file that did not exist before.
        home.settings("[badge]\nsymbol = 'cloud:'\n");
        term.type_until("echo settings", "cloud:dev 47m me>");
        term.type_until(&shell.set("AWSBADGE_SYMBOL", "aws-"), "aws-dev 47m me>");
        term.type_until(&shell.set("AWS_SECRET_ACCESS_KEY", "x"), "aws-dev 47m me>");
        term.type_until(
            &shell.set("AWS_ACCESS_KEY_ID", "x"),
            "aws-env over dev keys me>",
        );
    }
}

#[test]
fn nushell_runs_nothing_while_nothing_changes() {
    if !Other::installed().contains(&Nushell) {
        return;
    }
    let home = home();
    Nushell.set_up(&home, &["--prompt", "left"], "");
    home.remove("bin/awsbadge");
    home.stub("awsbadge", &format!("exec '{}' \"$@\"", binary().display()));
    let term = Nushell.start(&home);
    term.wait_for("aws:dev 47m me>");
    // The files are so new that they could change unseen, until the clock has gone on a little.
    let settled = until(|| {
        let before = home.calls("awsbadge").len();
        term.type_until(
            &format!("echo {before}-{}", home.calls("awsbadge").len()),
            "aws:dev 47m me>",
        );
        (home.calls("awsbadge").len() == before).then_some(before)
    });
    let before = settled.unwrap_or_else(|| panic!("{}", term.screen()));
    for word in ["a", "b", "c", "d"] {
        term.type_until(&format!("echo same-{word}"), "aws:dev 47m me>");
    }
    assert_eq!(home.calls("awsbadge").len(), before);
    term.type_until("$env.AWS_REGION = 'x'", "aws:dev 47m me>");
    assert_eq!(home.calls("awsbadge").len(), before + 1);
    // The same words and the same time, but another file.
    let config = home.path().join(".aws/config");
    let time = config.metadata().unwrap().modified().unwrap();
    let text = std::fs::read_to_string(&config).unwrap();
    home.config(&text.replace("[profile dev]", "[profile ved]"));
    let file = std::fs::File::options().append(true).open(&config).unwrap();
    file.set_modified(time).unwrap();
    term.type_until("echo moved", "aws:dev no such profile me>");
}

#[test]
fn every_name_is_switched_to_as_it_is_and_nothing_runs() {
    for shell in Other::installed() {
        let home = home();
        let sections = NAMES
            .map(|name| format!("[{name}]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"));
        home.credentials(&sections.concat());
        let term = shell.open(&home, &[]);
        let mut wanted = String::new();
        for name in NAMES {
            let asp = format!("asp -- {}", shell.quote(name));
            term.type_text(&match shell {
                Nushell => format!("{asp}; ^printenv AWS_PROFILE o>> out"),
                Elvish => format!("{asp}; printenv AWS_PROFILE >> out"),
            });
            term.keys(&["Enter"]);
            wanted += &format!("{name}\n");
            let done = until(|| home.read("out").filter(|out| out == wanted.as_bytes()));
            assert!(done.is_some(), "{shell}: {name}: {}", term.screen());
        }
        assert!(home.read("canary").is_none(), "{shell}: a name was run");
    }
}

#[test]
fn tab_offers_profiles_with_descriptions_and_inserts_them_quoted() {
    for shell in Other::installed() {
        let home = home();
        let term = shell.open(&home, &[]);
        term.type_text("asp ");
        term.keys(&["Tab"]);
        let screen = term.wait_for("123456789012 Admin 47m");
        assert!(
            screen.contains("my-prod") && screen.contains("210987654321 Admin 47m"),
            "{screen}"
        );
        for (typed, prompt) in [
            ("asp it", "aws:it's $(touch canary) no credentials me>"),
            ("asp my", "!aws:my-prod 47m me>"),
        ] {
            let term = shell.start(&home);
            term.wait_for("aws:dev 47m me>");
            term.type_text(typed);
            term.wait_for(typed);
            term.keys(&["Tab"]);
            term.wait_until(typed, |screen| !screen.trim_end().ends_with(typed));
            // The first may only accept what elvish offers.
            let run = until(|| {
                term.keys(&["Enter"]);
                term.screen().trim_end().ends_with(prompt).then_some(())
            });
            assert!(run.is_some(), "{shell}: {typed}: {}", term.screen());
        }
        for (typed, offered) in [
            ("asr eu-w", "eu-west-1"),
            ("asp dev lo", "logout"),
            ("awsbadge l", "Log in, if needed"),
            ("awsbadge prompt --shell ", "tcsh"),
            ("acp d", "acp dev"),
        ] {
            let term = shell.start(&home);
            term.wait_for("aws:dev 47m me>");
            term.type_text(typed);
            term.keys(&["Tab"]);
            // elvish first inserts what all candidates have in common.
            term.wait_until(offered, |screen| {
                if shell == Elvish && !screen.contains(offered) {
                    term.keys(&["Tab"]);
                }
                screen.contains(offered)
            });
        }
        assert!(home.read("canary").is_none(), "{shell}: a name was run");
    }
}

#[test]
fn without_the_program_the_prompt_shows_no_error() {
    for shell in Other::installed() {
        let home = home();
        let term = shell.open(&home, &[]);
        let awsbadge = home.path().join("bin/awsbadge");
        home.remove("bin/awsbadge");
        term.type_until(&shell.set("AWS_REGION", "x"), "aws:dev ? me>");
        term.wait_for("bin/awsbadge is missing; until it is back");
        let hostile = "a b$(touch canary)";
        term.type_until(
            &shell.set("AWS_PROFILE", hostile),
            "aws:a?b??touch?canary? ? me>",
        );
        term.type_until("asp dev", "aws:a?b??touch?canary? ? me>");
        assert_eq!(
            term.screen().matches("until it is back").count(),
            1,
            "{shell}"
        );
        symlink(binary(), awsbadge).unwrap();
        term.type_until("asp  dev", "aws:dev 47m me>");

        // Gone before the shell starts.
        home.remove("bin/awsbadge");
        let term = shell.start(&home);
        term.wait_for("aws:dev ? me>");
        let first = term.screen();
        assert_eq!(first.trim_end(), "aws:dev ? me>", "{shell}");
    }
}

#[test]
fn the_badge_has_the_colour_of_its_class() {
    for shell in Other::installed() {
        let home = home();
        let term = shell.open(&home, &[]);
        let shows = |sgr: &str| {
            let screen = term.coloured_screen();
            assert!(screen.contains(sgr), "{shell}: {sgr:?}: {screen:?}");
        };
        shows("\x1b[32maws:dev 47m\x1b[39m");
        term.type_until("asp my-prod", "!aws:my-prod 47m me>");
        shows("\x1b[97m\x1b[41m!aws:my-prod 47m\x1b[39m\x1b[49m");
        home.no_token(SESSION);
        term.type_until("asp dev", "aws:dev no login me>");
        shows("\x1b[31maws:dev no login\x1b[39m");
        term.type_until(&shell.set("NO_COLOR", "1"), "aws:dev no login me>");
        let last = term.coloured_screen();
        let last = last.trim_end().lines().last().unwrap();
        assert!(last.contains("aws:dev no login me>"), "{shell}: {last:?}");
    }
}

#[test]
fn on_the_right_the_badge_comes_after_what_is_there() {
    for shell in Other::installed() {
        let home = home();
        shell.set_up(&home, &["--prompt", "right"], "");
        let term = shell.start(&home);
        let screen = term.wait_for("aws:dev 47m");
        let line = screen
            .lines()
            .find(|line| line.contains("aws:dev"))
            .unwrap();
        assert!(
            line.starts_with("me> ") && line.ends_with("  aws:dev 47m"),
            "{line:?}"
        );
    }
}

#[test]
fn exported_variables_are_set_or_unset_and_others_are_not_exported() {
    for shell in Other::installed() {
        for export in [false, true] {
            let home = home();
            let options: &[&str] = if export { &["--export"] } else { &[] };
            let term = shell.open(&home, options);
            let shown = |after: &str, prompt: &str| {
                term.type_until(after, prompt);
                let list = "sh -c 'env | grep -E \"^(POSH_|_)?(AWSBADGE|awsbadge)\" | sort > out; mv out done'";
                term.type_until(
                    &format!(
                        "{}{list} # {after}",
                        if shell == Nushell { "^" } else { "" }
                    ),
                    prompt,
                );
                let found = until(|| home.read("done")).unwrap();
                home.remove("done");
                String::from_utf8(found).unwrap()
            };
            let wanted = "AWSBADGE=!aws:my-prod 47m\nAWSBADGE_CLASS=prod\nAWSBADGE_PROD=!aws:my-prod 47m\n\
                          POSH_AWSBADGE=!aws:my-prod 47m\nPOSH_AWSBADGE_CLASS=prod\nPOSH_AWSBADGE_PROD=!aws:my-prod 47m\n";
            let found = shown("asp my-prod", "!aws:my-prod 47m me>");
            assert_eq!(found, if export { wanted } else { "" }, "{shell}");
            assert_eq!(shown("asp", "me>"), "", "{shell}");
        }
    }
}

#[test]
fn a_theme_that_comes_later_keeps_the_badge_and_the_exit_code_is_the_users() {
    for shell in Other::installed() {
        let home = home();
        let theme = match shell {
            Nushell => "$env.PROMPT_COMMAND = {|| $'theme($env.LAST_EXIT_CODE)' }\n",
            Elvish => "set edit:prompt = { put 'theme> ' }\n",
        };
        shell.set_up(&home, &["--prompt", "left"], theme);
        let term = shell.start(&home);
        match shell {
            Nushell => {
                term.wait_for("aws:dev 47m theme0>");
                term.type_until("^sh -c 'exit 7'", "aws:dev 47m theme7>");
                // A refresh does not change it.
                home.no_token(SESSION);
                term.type_until("^sh -c 'exit  9'", "aws:dev no login theme9>");
                // Sourcing the file again adds nothing a second time.
                home.token(SESSION, &expires_in(VALID));
                let again = "source ~/.config/nushell/autoload/awsbadge.nu";
                term.type_until(again, "aws:dev 47m theme0>");
                term.type_until(
                    "$env.config.hooks.pre_prompt | length",
                    "aws:dev 47m theme0>",
                );
                term.wait_for("length\n1\n");
            }
            Elvish => {
                term.wait_for("aws:dev 47m theme>");
                term.type_until("echo 1", "aws:dev 47m theme>");
            }
        }
    }
}

#[test]
fn another_name_for_asp_names_the_other_functions_too() {
    for shell in Other::installed() {
        let home = home();
        let term = shell.open(&home, &["--cmd", "aws_to"]);
        term.type_until("aws_to my-prod", "!aws:my-prod 47m me>");
        term.type_until("aws_togp", "!aws:my-prod 47m me>");
        term.wait_for("aws_togp\nmy-prod\n");
        term.type_until("aws_tor eu-west-1", "!aws:my-prod 47m me>");
        term.type_until("aws_togr", "!aws:my-prod 47m me>");
        term.wait_for("aws_togr\neu-west-1\n");
    }
}

/// A file that `source` reads in Nushell is read when the line is parsed: it cannot come from a program.
#[test]
fn data_for_a_shell_comes_back_as_it_was_and_a_truncated_object_is_none() {
    let values: Vec<String> = NAMES
        .map(str::to_owned)
        .into_iter()
        .chain(
            (1..=0xff_u32)
                .filter_map(char::from_u32)
                .map(|c| format!("{c}\\\"'{c}")),
        )
        .collect();
    let names: Vec<&'static str> = (0..values.len())
        .map(|number| &*Box::leak(format!("VALUE_{number:03}").into_boxed_str()))
        .collect();
    let mut statements = vec![Statement::Unset("GONE")];
    statements.extend(
        names
            .iter()
            .zip(&values)
            .map(|(name, value)| Statement::Export(name, value.clone().into_bytes())),
    );
    for shell in Other::installed() {
        let spoken = match shell {
            Nushell => Spoken::Nushell,
            Elvish => Spoken::Elvish,
        };
        let block = shells::block(spoken, &statements).unwrap();
        let home = Home::new();
        home.file("block", &block);
        home.file("cut", &block[..block.len() - 2]);
        home.file(
            "script",
            match shell {
                Nushell => {
                    "print (try { open --raw cut | from json; 'read' } catch { 'refused' })\n\
                     for row in (open --raw block | from json | get env | transpose name value) {\n\
                     if $row.value == null { hide-env -i $row.name } else { load-env {$row.name: $row.value} } }\n\
                     ^env -0 o> out\n"
                }
                Elvish => {
                    "try { nop (from-json < cut); echo read } catch e { echo refused }\n\
                     var answer = (from-json < block)\n\
                     for name [(keys $answer[env])] { if (eq $answer[env][$name] $nil) { unset-env $name } else { set-env $name $answer[env][$name] } }\n\
                     env -0 > out\n"
                }
            },
        );
        home.tool(shell.program())
            .args(if shell == Nushell {
                vec!["-n", "script"]
            } else {
                vec!["-norc", "script"]
            })
            .env("GONE", "x")
            .stdout("refused\n")
            .check();
        let out = String::from_utf8(home.read("out").unwrap()).unwrap();
        let found: Vec<&str> = out.split('\0').collect();
        for (name, value) in names.iter().zip(&values) {
            assert!(
                found.contains(&format!("{name}={value}").as_str()),
                "{shell}: {name} {value:?}"
            );
        }
        assert!(!out.contains("GONE="), "{shell}");
    }
    let bytes = [Statement::Export("AWS_CONFIG_FILE", b"/h\xff".to_vec())];
    assert_eq!(
        shells::block(Spoken::Nushell, &bytes),
        Err("AWS_CONFIG_FILE")
    );
}

#[test]
fn setup_writes_the_line_of_elvish_and_prints_that_of_nushell() {
    for shell in Other::installed() {
        let home = home();
        let setup = |words: &[&str]| {
            let program = format!("/usr/bin/{}", shell.program());
            home.run([&["setup"], words].concat())
                .env("SHELL", program)
                .output()
        };
        let doctor = || {
            let program = format!("/usr/bin/{}", shell.program());
            let found = home.run(["doctor"]).env("SHELL", program).output().stdout;
            found.contains("start-up files loads the badge")
        };
        assert!(doctor(), "{shell}");
        if shell == Nushell {
            let printed = setup(&[]);
            assert!(
                printed
                    .stdout
                    .contains("init nushell --prompt left | save -f"),
                "{printed:?}"
            );
            assert_eq!(
                (setup(&["--write"]).code, setup(&["--remove"]).code),
                (2, 2)
            );
            // The command that is printed works as it is.
            symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
            let line = printed
                .stdout
                .lines()
                .find(|line| line.contains("save"))
                .unwrap();
            home.tool("nu").args(["-n", "-c", line]).check();
        } else {
            let written = setup(&["--write"]);
            assert_eq!(written.code, 0, "{written:?}");
        }
        assert!(!doctor(), "{shell}");
        shell.start(&home).wait_for("aws:dev 47m");
        if shell == Elvish {
            let removed = setup(&["--remove"]);
            assert_eq!(removed.code, 0, "{removed:?}");
            assert_eq!(home.read(".config/elvish/rc.elv").unwrap(), b"");
        }
    }
}

#[test]
fn init_refuses_what_these_shells_do_not_have() {
    let home = Home::new();
    for shell in ["nushell", "elvish"] {
        for option in ["--warn", "--live", "--omz"] {
            let refused = home.run(["init", shell, option]).output();
            assert_eq!(
                (refused.stdout.as_str(), refused.code),
                ("", 2),
                "{shell} {option}"
            );
            assert!(
                refused.stderr.contains("does nothing in this shell"),
                "{refused:?}"
            );
        }
    }
    assert_eq!(home.run(["init", "plain"]).output().code, 2);
}
