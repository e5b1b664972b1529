//! What a prompt costs at which nothing has changed: no process, no file written, and no look at a file where
//! nothing is to be shown.

use crate::hook_stub::{Answer, Hook, age, remembers, shells};
use crate::support::{Shell, installed};

/// Types `lines` into a shell that was at its prompt before, and hands over what the shell asked of the system
/// meanwhile, as strace tells it.
fn trace(hook: &Hook, settings: &[(&str, &str)], profile: &str, prompts: usize) -> Vec<String> {
    let shell = hook.shell;
    // The start-up file puts the shell under strace, which reads the same file again.
    let strace = "exec strace -f -s 200 -o trace";
    let once = match shell {
        Shell::Zsh => {
            format!("if [[ -z ${{TRACED-}} ]]; then export TRACED=1; {strace} zsh -d -i; fi\n")
        }
        Shell::Bash => {
            format!(
                "if [[ -z ${{TRACED-}} ]]; then export TRACED=1; {strace} bash --noprofile -i; fi\n"
            )
        }
        Shell::Fish => format!("if not set -q TRACED; set -gx TRACED 1; {strace} fish -i; end\n"),
    };
    let mut builder = hook.home.term(shell);
    if !profile.is_empty() {
        builder = builder.env("AWS_PROFILE", profile);
    }
    let term = builder.open(&format!("{once}{}", hook.rc(settings)));
    // The first prompts settle what is done once.
    for _ in 0..3 {
        term.type_line("");
    }
    let asked = hook.asked();
    // The quotes keep the words off the screen until they are said.
    term.type_line("echo BEG''UN");
    term.keys(&vec!["Enter"; prompts]);
    term.type_text("echo EN''DED");
    term.keys(&["Enter"]);
    term.wait_for("ENDED");
    assert_eq!(hook.asked(), asked, "{shell}: nothing has changed");

    let trace = hook.home.read("trace").unwrap();
    let trace = String::from_utf8_lossy(&trace).into_owned();
    let lines: Vec<&str> = trace.lines().collect();
    let said = |word: &str| {
        let says = |line: &&str| line.contains("write(") && line.contains(word);
        lines
            .iter()
            .position(says)
            .unwrap_or_else(|| panic!("{shell}: no {word}"))
    };
    let between = said("BEGUN") + 1..said("ENDED");
    lines[between]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}

/// The lines with one of these calls; strace puts the process's number before it.
fn calls<'t>(trace: &'t [String], names: &[&str]) -> Vec<&'t String> {
    let is = |line: &&String| {
        let call = line.split_once(' ').unwrap_or_default().1.trim_start();
        names.iter().any(|name| {
            call.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('('))
        })
    };
    trace.iter().filter(is).collect()
}

#[test]
fn two_hundred_prompts_start_nothing_and_write_nothing() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        if !installed(&["strace"]) {
            return;
        }
        let hook = Hook::new(shell, &Answer::new(""));
        let mut answer = Answer::new("aws:dev 5h").lasts(3600);
        for name in ["w/config", "w/token"] {
            hook.home.file(name, "");
            age(&hook.path(name), 1);
            answer = answer.watch(hook.path(name));
        }
        age(&hook.path("w"), 1);
        hook.answer(
            &answer
                .watch(hook.path("w"))
                .absent(hook.path("credentials")),
        );
        let trace = trace(&hook, &[("prompt", "left"), ("export", "1")], "dev", 200);

        // A thread of fish's own is no process.
        let mut started = calls(&trace, &["fork", "vfork", "clone", "clone3", "execve"]);
        started.retain(|line| !line.contains("CLONE_THREAD"));
        assert_eq!(started, [""; 0], "{shell}");
        let mut opened = calls(&trace, &["open", "openat", "creat"]);
        opened.retain(|line| {
            ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"]
                .iter()
                .any(|flag| line.contains(flag))
        });
        assert_eq!(opened, [""; 0], "{shell}");
        let changed = calls(
            &trace,
            &[
                "mkdir",
                "mkdirat",
                "unlink",
                "unlinkat",
                "rename",
                "utimensat",
            ],
        );
        assert_eq!(changed, [""; 0], "{shell}");
        // The hook was there all the time.
        let looks = trace.iter().filter(|line| line.contains("w/token")).count();
        assert!(looks >= 200, "{shell}: {looks} looks at the token");
    }
}

#[test]
fn where_nothing_is_set_no_file_is_looked_at() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        if !installed(&["strace"]) {
            return;
        }
        let hook = Hook::new(shell, &Answer::new(""));
        let trace = trace(&hook, &[("prompt", "left")], "", 20);
        let started = calls(&trace, &["fork", "vfork", "execve"]);
        assert_eq!(started, [""; 0], "{shell}");
        let mut looks = calls(
            &trace,
            &[
                "stat",
                "lstat",
                "newfstatat",
                "statx",
                "access",
                "faccessat",
                "faccessat2",
                "open",
                "openat",
            ],
        );
        // The shells' own: the terminal, the clock of the test's prompt, and fish's directories.
        looks.retain(|line| !line.contains("AT_EMPTY_PATH") && !line.contains("/etc/localtime"));
        looks.retain(|line| shell != Shell::Fish || line.contains("aws"));
        assert_eq!(looks, [""; 0], "{shell}");
        assert!(
            hook.home.read(".local/state/awsbadge").is_none()
                && !hook.path(".local/state/awsbadge").exists()
        );
    }
}
