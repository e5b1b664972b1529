//! The screen of `configure`, for docs/configure.svg: `tests/picture` draws it.

use crate::support::{Account, Home, Knobs, StandIn, binary, browser, given, until};
use std::process::Command;

const ACCOUNTS: [(&str, &str); 9] = [
    ("Billing", "130245096117"),
    ("Data Platform", "248119075033"),
    ("Development", "305512880764"),
    ("Log Archive", "411903326208"),
    ("Production", "527740118945"),
    ("Sandbox", "610338257192"),
    ("Security Audit", "736091554820"),
    ("Web Shop", "842265903317"),
    ("Web Shop Staging", "958871430026"),
];

/// Runs `tmux` on a server of its own, and returns what it prints.
fn tmux(home: &Home, arguments: &[&str]) -> String {
    let socket = home.path().join("tmux");
    let output = Command::new("tmux")
        .arg("-S")
        .arg(socket)
        .args(["-f", "/dev/null"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "draws a picture for the documentation"]
fn a_person_picks_an_account() {
    let target = given("AWSBADGE_SCREEN").expect("AWSBADGE_SCREEN names a file");
    let server = StandIn::start(Knobs {
        accounts: ACCOUNTS
            .iter()
            .map(|(name, id)| Account::new(id, name, &["Admin", "ReadOnly"]))
            .collect(),
        verification_uri: Some("https://device.sso.eu-west-1.amazonaws.com/".to_owned()),
        ..Knobs::default()
    });
    let home = Home::new();
    browser::install(&home);
    home.stub("awsbadge", &format!("exec '{}' \"$@\"", binary().display()));
    let variables: String = server
        .variables()
        .into_iter()
        .map(|(name, value)| format!("{name}={value} "))
        .collect();
    let shell = format!(
        "env -i {variables} HOME=\"$PWD\" PATH=\"$PWD/bin:/usr/bin:/bin\" TERM=screen-256color LANG=C.UTF-8 DISPLAY=:0 \
         BROWSER={} PS1='$ ' bash --norc",
        browser::BROWSER
    );
    let directory = home.path().to_str().unwrap();
    tmux(
        &home,
        &[
            "new-session",
            "-d",
            "-x",
            "80",
            "-y",
            "24",
            "-c",
            directory,
            &shell,
        ],
    );
    let screen = || tmux(&home, &["capture-pane", "-p"]);
    let wait_for = |text: &str| {
        until(|| screen().contains(text).then_some(()))
            .unwrap_or_else(|| panic!("no {text}:\n{}", screen()));
    };
    let keys = |keys: &[&str]| drop(tmux(&home, &[&["send-keys"], keys].concat()));
    wait_for("$");
    keys(&["awsbadge configure", "Enter"]);
    wait_for("start URL:");
    keys(&[&format!("{}/start", server.url()), "Enter"]);
    wait_for("name of the session: my-sso");
    keys(&["C-u", "my-company", "Enter"]);
    wait_for("9/9");
    keys(&["Down", "Down"]);
    wait_for("> Development");
    let picture = tmux(&home, &["capture-pane", "-ep"]);
    tmux(&home, &["kill-server"]);
    let picture = picture.replace(&server.url(), "https://my-company.awsapps.com");
    std::fs::write(target, picture.trim_end().to_owned() + "\n").unwrap();
}
