//! ksh93, mksh, dash, busybox and tcsh: the recipes of docs/shells.md, in real terminals.

use crate::names::NAMES;
use crate::quoting::values;
use crate::support::fixtures::logged_in;
use crate::support::library::shells::{self, Shell as Spoken, Statement};
use crate::support::{Home, Shell, Term, binary, find, installed};
use std::os::unix::fs::symlink;

/// A POSIX shell: its program, the words before the script's name, and what `prompt --shell` is called there.
const SHELLS: [(&str, &[&str], &str); 4] = [
    ("ksh93", &[], "ksh"),
    ("mksh", &[], "plain"),
    ("dash", &[], "plain"),
    ("busybox", &["ash"], "plain"),
];

/// The first block of code of this kind in docs/shells.md.
fn recipe(kind: &str) -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/shells.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, block) = page.split_once(&format!("```{kind}\n")).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// A home with all names, `dev` among them, and awsbadge on its `PATH`.
fn home() -> Home {
    let home = logged_in();
    let sections = NAMES
        .map(|name| format!("[{name}]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"));
    home.credentials(&sections.concat());
    symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
    home
}

/// An interactive shell with `rc`.
fn open<'h>(home: &'h Home, program: &str, rc: &str, columns: u16) -> Term<'h> {
    let path = find(program).unwrap();
    home.file(".rc", rc).file(".tcshrc", rc);
    let words: &[&str] = match program {
        "busybox" => &["ash", "-i"],
        "tcsh" => &[],
        "ksh93" | "mksh" => &["-o", "emacs", "-i"],
        _ => &["-i"],
    };
    home.term(Shell::Bash)
        .env("AWS_PROFILE", "dev")
        .env("HISTFILE", "/dev/null")
        .env("ENV", "./.rc")
        .size(columns, 40)
        .start(&path, words)
}

#[test]
fn the_recipe_switches_back_and_clears() {
    for (program, _, prompt) in SHELLS {
        if !installed(&["tmux", program]) {
            continue;
        }
        let home = home();
        let rc = recipe("sh").replace("--shell plain) $ ", &format!("--shell {prompt}) $ "));
        let term = open(&home, program, &rc, 120);
        term.wait_for("aws:dev 47m $");
        term.type_until("asp plain", "aws:plain keys $");
        term.type_until("asp -", "aws:dev 47m $");
        term.type_until("asp  -", "aws:plain keys $");
        term.type_until("asp nope", "aws:plain keys $");
        term.wait_for("error: Profile 'nope' not found");
        term.type_until("asp --region us-east-2 dev", "aws:dev 47m $");
        term.type_until("echo $AWS_REGION", "aws:dev 47m $");
        term.wait_for("AWS_REGION\nus-east-2\n");
        term.type_until("asp  plain; echo ${AWS_REGION-none}", "aws:plain keys $");
        term.wait_for("none}\nnone\n");
        // It is longer than the screen.
        term.type_text("asp --help");
        term.keys(&["Enter"]);
        term.wait_for("Print help (see a summary with '-h')\naws:plain keys $");
        term.type_until("asp '$(touch canary)'", "aws:$(touch canary) keys $");
        term.type_until("asp", " $");
        assert!(home.read("canary").is_none(), "{program}: a name was run");
    }
}

#[test]
fn every_name_stands_in_the_prompt_as_it_is() {
    let shells = SHELLS.map(|(program, _, prompt)| (program, prompt));
    for (program, prompt) in shells.into_iter().chain([("tcsh", "tcsh")]) {
        if !installed(&["tmux", program]) {
            continue;
        }
        let home = home();
        let (rc, next) = match program {
            "tcsh" => (
                recipe("tcsh").replace("%~ %# ", "> "),
                "setenv AWS_PROFILE \"`cat name`\"",
            ),
            _ => (
                format!("PS1='$(awsbadge prompt --shell {prompt}) > '\n"),
                "AWS_PROFILE=$(cat name)",
            ),
        };
        let term = open(&home, program, &rc, 200);
        term.wait_for("aws:dev 47m >");
        for (number, name) in NAMES.into_iter().enumerate() {
            // busybox expands `\w` in all of its prompt, as docs/shells.md says.
            if program == "busybox" && name.contains('\\') {
                continue;
            }
            home.file("name", name);
            let badge = home.run(["prompt"]).env("AWS_PROFILE", name).output();
            let wanted = format!("{} >", badge.stdout.trim_end_matches('\n'));
            term.type_until(&format!("{next}; : {number}"), &wanted);
        }
        assert!(home.read("canary").is_none(), "{program}: a name was run");
    }
}

#[test]
fn a_line_longer_than_the_terminal_is_edited_in_the_right_place() {
    for (program, prompt, sgr) in [
        ("ksh93", "ksh", "\x1b[32maws:dev 47m"),
        ("tcsh", "tcsh", "\x1b[32maws:dev 47m"),
    ] {
        if !installed(&["tmux", program]) {
            continue;
        }
        let home = home();
        let rc = match program {
            "tcsh" => recipe("tcsh").replace("%~ %# ", "> "),
            _ => format!("PS1='$(awsbadge prompt --shell {prompt}) > '\n"),
        };
        let term = open(&home, program, &rc, 40);
        term.wait_for("aws:dev 47m >");
        assert!(
            term.coloured_screen().contains(sgr),
            "{program}: {:?}",
            term.coloured_screen()
        );
        // "aws:dev 47m > " and 40 letters: the second line has 14.
        term.type_text("echo abcdefghijklmnopqrstuvwxyz 123456789");
        term.wait_for_column(14 + 40 + 1 - 40, "after a wrapped line");
        term.keys(&["C-a"]);
        term.wait_for_column(14, "at the line's start");
    }
}

#[test]
fn every_value_comes_back_byte_for_byte_from_plain_statements() {
    let values = values();
    let names: Vec<&'static str> = (0..values.len())
        .map(|number| &*Box::leak(format!("VALUE_{number}").into_boxed_str()))
        .collect();
    let mut statements = vec![Statement::Unset("GONE")];
    let exports = names.iter().zip(&values);
    statements.extend(exports.map(|(name, value)| Statement::Export(name, value.clone())));
    for (program, words, _) in SHELLS {
        if !installed(&[program]) {
            continue;
        }
        let home = Home::new();
        home.file("block", shells::block(Spoken::Plain, &statements).unwrap());
        // What a user may have done to the words before.
        let script = "alias export='touch canary; true' unset='touch canary; true'\n\
                      eval \"$(cat block)\"\nenv -0 > out\n";
        home.file("script", script);
        home.tool(program)
            .args(words)
            .args(["script"])
            .env("GONE", "x")
            .check();
        assert!(home.read("canary").is_none(), "{program}: a value was run");
        let out = home.read("out").unwrap();
        let found: Vec<&[u8]> = out.split(|byte| *byte == 0).collect();
        for (name, value) in names.iter().zip(&values) {
            let wanted = [name.as_bytes(), b"=", value].concat();
            assert!(
                found.contains(&wanted.as_slice()),
                "{program}: {}",
                value.escape_ascii()
            );
        }
        assert!(!found.contains(&b"GONE=x".as_slice()), "{program}");
    }
}

#[test]
fn a_truncated_block_runs_nothing() {
    for (program, words, _) in SHELLS {
        if !installed(&[program]) {
            continue;
        }
        let home = home();
        let block = home
            .run(["use", "--shell", "plain", "it's"])
            .output()
            .stdout;
        home.file("block", &block);
        // Each in a shell of its own, which a syntax error ends; the trap says whether anything was done.
        let script = format!(
            "export AWS_ACCESS_KEY_ID=x AWS_PROFILE=old\ni=0\nwhile [ $i -le {} ]; do\n\
             (trap '[ \"$AWS_ACCESS_KEY_ID$AWS_PROFILE\" = xold ] || echo \"ran $i\"' EXIT\n\
             eval \"$(head -c $i block)\") 2>/dev/null\ni=$((i + 1))\ndone\n",
            block.len()
        );
        home.file("script", script);
        let ran = home
            .tool(program)
            .args(words)
            .args(["script"])
            .output()
            .stdout;
        // The substitution takes the last line end away, so the last but one is whole too.
        let whole = format!("ran {}\nran {}\n", block.len() - 1, block.len());
        assert_eq!(ran, whole, "{program}");
    }
}
