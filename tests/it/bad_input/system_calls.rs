//! What the prompt asks of the system.

use crate::support::fixtures::logged_in;
use crate::support::installed;
use crate::support::strace::Strace;
use std::process::Stdio;

const CALLS: &str = "execve,fork,vfork,clone,clone3,openat,open,socket,connect,getdents64,write,unlink,rename,mkdir";

/// The prompt path: one process, no directory listed, nothing opened for writing, four files at most.
#[test]
fn the_prompt_opens_four_files_and_starts_nothing() {
    if !installed(&["strace"]) {
        return;
    }
    let home = logged_in();
    home.credentials("[x]\n").settings("[badge]\nshow = set\n");
    home.file("plant/aws", "#!/bin/sh\ntouch canary\n");
    for arguments in [
        vec!["prompt", "--shell", "zsh"],
        vec!["__refresh", "--shell", "bash", "--proto", "1"],
        vec!["use", "--shell", "zsh", "dev"],
    ] {
        let strace = Strace::new(&home, CALLS);
        let status = strace
            .command()
            .args(&arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("PATH", ".::plant")
            .env("AWS_PROFILE", "dev")
            .current_dir(home.path().join("plant"))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        let trace = strace.trace();
        let calls = |name: &str| trace.count(name);
        let trace = &trace.0;
        assert_eq!(calls("execve"), 1, "{trace}");
        for none in [
            "fork",
            "vfork",
            "clone",
            "clone3",
            "socket",
            "connect",
            "getdents64",
            "unlink",
            "rename",
            "mkdir",
        ] {
            assert_eq!(calls(none), 0, "{none}\n{trace}");
        }
        assert!(
            !trace.contains("O_WRONLY") && !trace.contains("O_RDWR") && !trace.contains("O_CREAT"),
            "{trace}"
        );
        let own = trace
            .lines()
            .filter(|l| l.contains("openat(") && l.contains(home.path().to_str().unwrap()))
            .count();
        assert!(own <= 4, "{own} files\n{trace}");
        assert_eq!(calls("write"), 1, "the block is one write\n{trace}");
    }
}
