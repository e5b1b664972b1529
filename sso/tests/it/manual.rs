//! `awsbadge-sso help`: the manual page, or the text of `--help`.

use crate::support::{Home, Pty, binary, installed, until};

/// What `help login` writes to a terminal.
fn screen(home: &Home) -> String {
    let pty = Pty::new(80, 60);
    let mut command = pty.command(home, binary().to_str().unwrap());
    command.args(["help", "login"]).env("MANPAGER", "cat");
    let manpath = home.path().join("share/man");
    let mut child = pty.spawn_whole(command.env("MANPATH", manpath));
    let status = until(|| child.try_wait().unwrap()).expect("it ends");
    let screen = pty.last_screen();
    assert!(status.success(), "{status}: {screen}");
    screen
}

#[test]
fn help_opens_the_page_or_prints_the_help() {
    if !installed(&["man", "setsid"]) {
        return;
    }
    let home = Home::new();
    let shown = screen(&home);
    assert!(shown.contains("Usage: awsbadge-sso login"), "{shown}");
    let page = include_str!("../../../man/awsbadge-sso-login.1");
    home.file("share/man/man1/awsbadge-sso-login.1", page);
    let shown = screen(&home);
    assert!(shown.contains("AWSBADGE-SSO-LOGIN(1)"), "{shown}");
    assert!(!shown.contains("Usage:"), "{shown}");
    // To a pipe it is what the option prints.
    let option = home.run(["login", "--help"]).output();
    home.run(["help", "login"]).stdout(option.stdout).check();
}
