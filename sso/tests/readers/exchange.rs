//! What every SDK has to do with our files, and we with theirs.

use crate::support::{Call, Home, Knobs, Output, StandIn, binary, expires_in};

/// Writes, reads and refreshes in turns. `read` runs the SDK for a profile; it prints
/// `{"key": …, "account": …}`, or fails with the error's text on stderr.
#[track_caller]
pub(crate) fn exchange(what: &str, read: impl Fn(&StandIn, &Home, &str) -> Output) {
    let server = StandIn::start(Knobs::default());
    let home = Home::with_session();
    let ours = |arguments: &[&str]| home.run(arguments).at(&server).output();
    let age = |seconds: i64| {
        let mut token = home.read_token("my-sso");
        token["expiresAt"] = expires_in(seconds).into();
        home.token_json("my-sso", &token);
    };
    // It reads the token that our login wrote.
    ours(&["login", "my-sso", "--device", "--no-browser"]).exits(0);
    server.forget();
    let key = read(&server, &home, "dev").exits(0).json()["key"].clone();
    assert!(
        key.as_str().unwrap_or_default().starts_with("ASIASTANDIN"),
        "{what}: {key}"
    );
    assert_eq!(
        (server.count(Call::Credentials), server.count(Call::Refresh)),
        (1, 0),
        "{what}"
    );
    // After a refresh of ours it makes none.
    age(60);
    ours(&["refresh", "my-sso"]).exits(0);
    read(&server, &home, "dev").exits(0);
    assert_eq!(server.count(Call::Refresh), 1, "{what}");
    // It refreshes a token of ours that is past its time, and we read and refresh what it left.
    age(-60);
    read(&server, &home, "dev").exits(0);
    assert_eq!(server.count(Call::Refresh), 2, "{what}");
    let output = ours(&["refresh", "my-sso", "--json"]).exits(0);
    assert_eq!(
        output.json()[0]["state"],
        "fresh",
        "{what}: {}",
        home.read_token("my-sso")
    );
    age(60);
    ours(&["refresh", "my-sso"]).exits(0);
    assert_eq!(server.count(Call::Refresh), 3, "{what}");
    read(&server, &home, "dev").exits(0);
    assert_eq!(server.count(Call::Refresh), 3, "{what}");
    // Our process serves it, and what we say on failure reaches the person.
    let program = binary().display();
    home.more_config(&format!(
        "\n[profile via]\nregion = eu-west-1\ncredential_process = \"{program}\" process --profile dev\n"
    ));
    read(&server, &home, "via").exits(0);
    home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    let output = read(&server, &home, "via");
    assert_ne!(output.code, 0, "{what}: {}", output.show());
    assert!(output.stderr.contains("login"), "{what}: {}", output.show());
}
