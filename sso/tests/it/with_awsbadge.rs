//! Both programs together, in real shells: `awsbadge` uses the `awsbadge-sso` of this build, at the stand-in.

use crate::support::{
    Approval, Call, Fault, Home, Knobs, Run, Shell, StandIn, Term, binary, browser, http,
    installed, until,
};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The `awsbadge` of this source, built if it is not yet.
fn awsbadge() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--locked", "--bin", "awsbadge"])
            .arg("--message-format=json")
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            // Its own directory, not that of awsbadge-sso.
            .env_remove("CARGO_TARGET_DIR")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&built.stdout);
        let messages = said
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let mut programs =
            messages.filter_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
        let why = || String::from_utf8_lossy(&built.stderr).into_owned();
        programs.next_back().unwrap_or_else(|| panic!("{}", why()))
    })
}

fn furnished(knobs: Knobs) -> (StandIn, Home) {
    let (server, home) = (StandIn::start(knobs), Home::with_session());
    browser::install(&home);
    std::os::unix::fs::symlink(binary(), home.path().join("bin/awsbadge-sso")).unwrap();
    // Nothing here may need it.
    home.stub("aws", "exit 99");
    (server, home)
}

/// `awsbadge` with arguments, and no browser: a login is by device code.
fn run<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> Run<'h> {
    home.program(awsbadge().to_str().unwrap())
        .args(arguments)
        .at(server)
}

/// A shell with the hook, and a browser.
fn open<'h>(server: &StandIn, home: &'h Home, shell: Shell) -> Term<'h> {
    let init = format!(
        "{} init {shell} --prompt left",
        shell.quote(awsbadge().to_str().unwrap())
    );
    let rc = match shell {
        Shell::Zsh | Shell::Bash => format!("eval \"$({init})\"\n"),
        Shell::Fish => format!("{init} | source\n"),
    };
    let term = home.term(shell);
    let term = server
        .variables()
        .iter()
        .fold(term, |term, (name, value)| term.env(name, value));
    // tmux takes DISPLAY away.
    term.env("BROWSER", browser::BROWSER)
        .open(&format!("export DISPLAY=:0\n{rc}"))
}

/// Waits until the prompt has one of two badges: the minute may just have passed.
#[track_caller]
fn wait_for_either(term: &Term<'_>, badges: [&str; 2]) {
    term.wait_until(&badges.join(" or "), |screen| {
        let last = screen.lines().rfind(|line| !line.is_empty());
        badges
            .iter()
            .any(|badge| last.is_some_and(|line| line.contains(badge)))
    });
}

/// A person at the browser. In a container the address is that of a device code, else it leads back to the program.
fn approve(url: &str) {
    if let Some(back) = http::get(url).unwrap().header("location") {
        http::get(back).unwrap();
    }
}

#[test]
fn the_badge_is_right_at_the_next_prompt_after_login_refresh_and_logout() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let (server, home) = furnished(Knobs::default());
        let term = open(&server, &home, shell);
        term.type_line("asp dev");
        term.wait_for("aws:dev no login");
        // A login by a browser, typed here.
        term.type_text("asp dev login");
        term.keys(&["Enter"]);
        approve(&browser::opened(&home));
        wait_for_either(&term, ["aws:dev 1h0m↻", "aws:dev 59m↻"]);
        // A refresh that is typed here, and one from elsewhere.
        server.set(|knobs| knobs.access_ttl = 2 * 3600);
        term.type_line("awsbadge-sso refresh --min 90m my-sso");
        wait_for_either(&term, ["aws:dev 2h0m↻", "aws:dev 1h59m↻"]);
        server.set(|knobs| knobs.access_ttl = 3 * 3600);
        home.run(["refresh", "my-sso", "--min", "150m", "--quiet"])
            .at(&server)
            .check();
        term.type_line("");
        wait_for_either(&term, ["aws:dev 3h0m↻", "aws:dev 2h59m↻"]);
        assert_eq!(server.count(Call::Refresh), 2, "{shell}");
        // A logout that is typed here, and one from elsewhere after a login from elsewhere.
        term.type_line("asp dev logout");
        term.wait_for("my-sso: logged out");
        wait_for_either(&term, ["aws:dev no login"; 2]);
        run(&server, &home, &["login", "dev"]).output().exits(0);
        term.type_line("");
        wait_for_either(&term, ["aws:dev 3h0m↻", "aws:dev 2h59m↻"]);
        home.run(["logout", "my-sso"]).at(&server).output().exits(0);
        term.type_line("");
        wait_for_either(&term, ["aws:dev no login"; 2]);
        assert_eq!(server.count(Call::Logout), 2, "{shell}");
        assert!(home.calls("aws").is_empty());
    }
}

#[test]
fn acp_has_credentials_without_the_aws_cli() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let (server, home) = furnished(Knobs::default());
        home.token("my-sso", &server.login(), 3000);
        let term = open(&server, &home, shell);
        term.type_line("acp dev; env > seen");
        let seen = String::from_utf8(home.read("seen").unwrap()).unwrap();
        for variable in [
            "AWS_ACCESS_KEY_ID=ASIA",
            "AWSBADGE_ACP=ASIA",
            "AWS_PROFILE=dev",
        ] {
            assert!(
                seen.contains(&format!("\n{variable}")),
                "{shell} {variable}"
            );
        }
        assert_eq!(server.count(Call::Credentials), 1, "{shell}");
        assert!(home.calls("aws").is_empty());
    }
}

#[test]
fn renewal_in_the_background_keeps_the_badge_from_lapsing() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let (server, home) = furnished(Knobs::default());
        home.file(".config/awsbadge/config.ini", "[login]\nrenew = on\n");
        home.token("my-sso", &server.login(), 10 * 60);
        let before = home.read_token("my-sso");
        let term = open(&server, &home, shell);
        term.type_line("asp dev");
        until(|| (home.read_token("my-sso") != before).then_some(())).expect("a new token");
        term.type_line("");
        wait_for_either(&term, ["aws:dev 1h0m↻", "aws:dev 59m↻"]);
        for _ in 0..3 {
            term.type_line("");
        }
        assert_eq!(server.count(Call::Refresh), 1, "{shell}");
    }
}

#[test]
fn a_renewal_that_fails_is_not_tried_at_each_prompt() {
    let (server, home) = furnished(Knobs::default());
    home.file(".config/awsbadge/config.ini", "[login]\nrenew = on\n");
    home.token("my-sso", &server.login(), 10 * 60);
    server.always(Call::Refresh, Fault::Error(400, "InvalidGrantException"));
    for _ in 0..4 {
        let refresh = ["__refresh", "--shell", "bash", "--proto", "1"];
        let output = run(&server, &home, &refresh)
            .env("AWS_PROFILE", "dev")
            .output()
            .exits(0);
        assert_eq!(output.stderr, "");
        assert!(output.stdout.contains("state='valid'"), "{}", output.stdout);
        server.wait_for(Call::Refresh, 1);
    }
    assert_eq!(server.count(Call::Refresh), 1);
}

#[test]
fn a_login_says_what_it_always_said_and_renews_before_it_asks_anybody() {
    let (server, home) = furnished(Knobs::default());
    let output = run(&server, &home, &["login", "dev"]).output().exits(0);
    assert_eq!(output.stdout, "");
    let last = output.stderr.lines().last().unwrap();
    assert!(
        last.starts_with("awsbadge: my-sso: logged in until ") && last.ends_with(" left"),
        "{}",
        output.show()
    );
    assert_eq!(
        output.stderr.matches("logged in until").count(),
        1,
        "{}",
        output.show()
    );
    // Nothing to do.
    let output = run(&server, &home, &["login", "dev"]).output().exits(0);
    assert!(
        output
            .stderr
            .starts_with("awsbadge: my-sso: logged in until ")
            && output.stderr.ends_with(" left; --force logs in anew\n"),
        "{}",
        output.show()
    );
    assert_eq!(server.count(Call::Device), 1);
    // Renewed.
    let token = home.read_token("my-sso");
    server.forget();
    let mut near = token.clone();
    near["expiresAt"] = crate::support::expires_in(1190).into();
    home.token_json("my-sso", &near);
    let output = run(&server, &home, &["login", "dev"]).output().exits(0);
    assert!(
        output
            .stderr
            .starts_with("awsbadge: my-sso: logged in until ")
            && output.stderr.lines().count() == 1,
        "{}",
        output.show()
    );
    assert_eq!(
        (server.count(Call::Refresh), server.count(Call::Device)),
        (1, 0)
    );
    // --force asks a person.
    run(&server, &home, &["login", "dev", "--force"])
        .output()
        .exits(0);
    assert_eq!(server.count(Call::Device), 1);
}

#[test]
fn exit_codes_of_the_service_pass_through() {
    // The service is not reached: 7.
    let (server, home) = furnished(Knobs::default());
    home.token("my-sso", &server.login(), 3000);
    let nowhere = |arguments: &[&str]| {
        let run = home.program(awsbadge().to_str().unwrap()).args(arguments);
        let output = run
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
            .output()
            .exits(7);
        assert_eq!(output.stdout, "");
        assert!(
            output.stderr.starts_with("error: ") && output.stderr.contains("\nhint: "),
            "{}",
            output.show()
        );
    };
    nowhere(&["login", "dev", "--force"]);
    nowhere(&["export", "dev"]);
    nowhere(&["logout", "dev"]);
    assert_eq!(
        home.read(&crate::support::token_file("my-sso")),
        None,
        "logged out here all the same"
    );

    // No access: 8.
    let (server, home) = furnished(Knobs {
        approval: Approval::Deny,
        accounts: Vec::new(),
        ..Knobs::default()
    });
    run(&server, &home, &["login", "dev"]).output().exits(8);
    home.token("my-sso", &server.login(), 3000);
    for format in ["zsh", "env", "json"] {
        let output = run(&server, &home, &["export", "dev", "--format", format])
            .output()
            .exits(8);
        assert_eq!(output.stdout, "");
    }

    // A login is needed: 5, with the command of awsbadge.
    let (server, home) = furnished(Knobs::default());
    run(&server, &home, &["export", "dev"])
        .stderr("error: the profile 'dev' needs a login\nhint: run `awsbadge login dev`\n")
        .code(5)
        .check();
}
