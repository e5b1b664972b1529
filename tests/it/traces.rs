//! Credentials do not come into a trace: whatever a person has turned on to see what the shell does.

use crate::support::{Home, Shell};

/// What `aws` prints in these tests.
const CREDENTIALS: &str = r#"{"Version": 1, "AccessKeyId": "ASIATRACE", "SecretAccessKey": "SECRET-CANARY-key",
"SessionToken": "SECRET-CANARY-token", "Expiration": "2999-01-01T00:00:00Z"}"#;

/// A way to watch a shell: its name, what turns it on, what has to be seen if it works, and what turns it off.
struct Trace {
    name: &'static str,
    on: &'static str,
    seen: &'static str,
    off: &'static str,
}

/// What has to be traced, to show that something is.
const OWN: &str = "own_function";

fn traces(shell: Shell) -> Vec<Trace> {
    let trace = |name, on, seen, off| Trace {
        name,
        on,
        seen,
        off,
    };
    match shell {
        Shell::Zsh => vec![
            trace("set -x", "set -x", "own_argument", "set +x"),
            trace("set -v", "set -v", "own_argument", "set +v"),
            trace("set -xv", "set -xv", "own_argument", "set +xv"),
            trace(
                "functions -t asp acp",
                "functions -t asp acp own_function",
                "own_argument",
                "functions +t asp acp own_function",
            ),
            trace(
                "functions -T acp",
                "functions -T asp acp own_function",
                "own_argument",
                "functions +T asp acp own_function",
            ),
            trace(
                "functions -t, all of them",
                "functions -t ${(k)functions}",
                "own_argument",
                "functions +t ${(k)functions}",
            ),
            trace(
                "a DEBUG trap",
                "trap 'print -r -- \"$ZSH_DEBUG_CMD\" >> debug' DEBUG",
                "own_argument",
                "trap - DEBUG",
            ),
            trace(
                "TRAPDEBUG",
                "TRAPDEBUG() { print -r -- \"$ZSH_DEBUG_CMD\" >> debug; }",
                "own_argument",
                "unfunction TRAPDEBUG",
            ),
        ],
        Shell::Bash => vec![
            trace("set -x", "set -x", "own_argument", "set +x"),
            trace("set -v", "set -v", "own_argument", "set +v"),
            trace("set -xv", "set -xv", "own_argument", "set +xv"),
            trace(
                "set -x into a file",
                "exec 9>> debug; BASH_XTRACEFD=9; set -x",
                "own_argument",
                "set +x",
            ),
            trace(
                "set -T and a DEBUG trap",
                "set -o functrace; trap 'printf \"%s\\n\" \"$BASH_COMMAND\" >> debug' DEBUG",
                "own_argument",
                "trap - DEBUG; set +o functrace",
            ),
            trace(
                "extdebug and a DEBUG trap",
                "shopt -s extdebug; trap 'printf \"%s\\n\" \"$BASH_COMMAND\" >> debug' DEBUG",
                "own_argument",
                "trap - DEBUG; shopt -u extdebug",
            ),
            trace(
                "declare -ft and a DEBUG trap",
                "declare -ft acp asp own_function _awsbadge_acp _awsbadge_eval; \
                 trap 'printf \"%s\\n\" \"$BASH_COMMAND\" >> debug' DEBUG",
                "own_argument",
                "trap - DEBUG",
            ),
        ],
        Shell::Fish => vec![
            trace(
                "fish_trace",
                "set -g fish_trace 1",
                "own_argument",
                "set -e fish_trace",
            ),
            trace(
                "fish_trace, exported",
                "set -gx fish_trace all",
                "own_argument",
                "set -e fish_trace",
            ),
        ],
    }
}

/// Prompts go by, the profile changes, the keys go away: all while the shell is watched.
fn watched(shell: Shell, trace: &Trace) -> (String, String) {
    let home = Home::new();
    home.config(
        "[profile keys]\ncredential_process = /bin/true\n[profile other]\nregion = eu-west-1\n",
    );
    home.file("credentials.json", CREDENTIALS);
    home.stub("aws", "cat \"${0%/bin/aws}/credentials.json\"");
    let own = match shell {
        Shell::Zsh | Shell::Bash => format!("{OWN}() {{ : \"$1\"; }}"),
        Shell::Fish => format!("function {OWN}; : $argv[1]; end"),
    };
    let (length, token) = match shell {
        Shell::Zsh | Shell::Bash => ("${#AWS_SECRET_ACCESS_KEY}", "${#AWS_SESSION_TOKEN}"),
        Shell::Fish => (
            "(string length \"$AWS_SECRET_ACCESS_KEY\")",
            "(string length \"$AWS_SESSION_TOKEN\")",
        ),
    };
    // The lengths are asked for with the trace off: to look at a secret under `set -x` is the asker's own doing.
    let lengths = |label: &str| format!("{}\necho {label} {length} {token}\n", trace.off);
    let lines = format!(
        "{own}\n{on}\n{OWN} own_argument\nacp keys\n:\n:\n{first}{on}\n:\nasp other\n:\n{second}\
         {on}\nacp keys\nacp\n:\n{third}{on}\nacp keys\nasp\n:\n{off}\n",
        on = trace.on,
        off = trace.off,
        first = lengths("first"),
        second = lengths("second"),
        third = lengths("third"),
    );
    let output = home
        .tool(&shell.to_string())
        .args(shell.bare())
        .args(["-i"])
        .env("fish_greeting", "")
        .stdin(format!("{}{lines}", shell.rc("--prompt left")))
        .output();
    let noted = home.read("debug").unwrap_or_default();
    let all = format!(
        "{}{}{}",
        output.stdout,
        output.stderr,
        String::from_utf8_lossy(&noted)
    );
    (output.stdout, all)
}

#[test]
fn no_credential_comes_into_a_trace() {
    let mut leaks = Vec::new();
    for shell in Shell::installed() {
        for trace in traces(shell) {
            let what = format!("{shell}, {}", trace.name);
            let (stdout, all) = watched(shell, &trace);
            for said in ["first 17 19", "second 0 0", "third 0 0"] {
                assert!(stdout.contains(said), "{what}: no {said:?}: {all}");
            }
            assert!(all.contains(trace.seen), "{what}: nothing is traced: {all}");
            let leaked: Vec<&str> = all.lines().filter(|l| l.contains("CANARY")).collect();
            if !leaked.is_empty() {
                leaks.push(format!(
                    "{what}: {} lines, the first: {}",
                    leaked.len(),
                    leaked[0]
                ));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}
