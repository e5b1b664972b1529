//! Small limits on descriptors, memory, files, time and processes.

use crate::support::fixtures::logged_in;
use crate::support::{Shell, binary, installed};
use std::process::Command;

#[test]
fn small_limits_leave_the_prompt_whole() {
    if !installed(&["bash"]) {
        return;
    }
    let home = logged_in();
    for limit in ["-n 4", "-v 65536", "-s 64", "-s 16", "-f 0", "-t 1", "-u 1"] {
        let script = format!(
            "ulimit {limit}; exec {} prompt",
            Shell::Bash.quote(binary().to_str().unwrap())
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &script])
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "",
            "ulimit {limit}"
        );
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stdout).as_ref()
            ),
            (Some(0), "aws:dev 47m\n"),
            "ulimit {limit}"
        );
    }
    // Other commands work, or say why not.
    for limit in [
        "-n 3", "-n 4", "-v 65536", "-s 512", "-s 16", "-f 0", "-t 1", "-u 1",
    ] {
        for arguments in [
            "use --shell zsh dev",
            "list",
            "status",
            "setup --shell zsh --write",
        ] {
            let home = logged_in();
            let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
            let script = format!("(ulimit {limit}; exec {awsbadge} {arguments}); echo $? >&2");
            let run = home.script(Shell::Bash, &script).env("AWS_PROFILE", "dev");
            let output = run.output();
            let (said, code) = output
                .stderr
                .trim_end()
                .rsplit_once('\n')
                .unwrap_or(("", output.stderr.trim_end()));
            let right = code == "0" || said.contains("error: ") && output.stdout.is_empty();
            assert!(
                right && (0..=6).contains(&code.parse().unwrap()),
                "{limit}: {arguments}: {output:?}"
            );
        }
    }
}
