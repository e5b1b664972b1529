//! Standard streams that are closed, full, or without a reader.

use crate::support::fixtures::logged_in;
use crate::support::{Shell, binary, installed};
use std::process::{Command, Stdio};

#[test]
fn closed_and_full_streams_break_nothing() {
    if !installed(&["bash", "/dev/full"]) {
        return;
    }
    let home = logged_in();
    let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
    let bash = |script: &str| {
        let script = script.replace("AWSBADGE", &awsbadge);
        let output = Command::new("bash")
            .args(["--norc", "--noprofile", "-c", &script])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(bash("AWSBADGE prompt >&-; echo $?"), "0\n", "stdout closed");
    assert_eq!(
        bash("AWSBADGE prompt >/dev/full; echo $?"),
        "0\n",
        "a full disk under the prompt"
    );
    let full = bash("AWSBADGE list >/dev/full; echo $?");
    assert_eq!(
        full, "1\nerror: can't write to standard output: no space left on device\n",
        "and under a command"
    );
    assert_eq!(
        bash("AWSBADGE __names regions | head -c1; echo; echo ${PIPESTATUS[0]}")
            .lines()
            .last(),
        Some("0"),
        "the reader is gone"
    );
    assert_eq!(
        bash("AWSBADGE prompt <&-; echo $?"),
        "aws:dev 47m\n0\n",
        "stdin closed"
    );
    assert_eq!(
        bash("AWSBADGE use --shell zsh nope 2>&-; echo $?"),
        "3\n",
        "stderr closed"
    );
    assert_eq!(
        bash("AWSBADGE prompt <&- >&- 2>&-; echo $?"),
        "0\n",
        "all closed"
    );
}
