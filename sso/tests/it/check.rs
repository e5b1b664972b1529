//! `check`: each step on the way to the service, one line each, and the remedy of the first that fails.

use crate::support::certificates::Authority;
use crate::support::{Home, Knobs, Output, Proxy, StandIn};
use serde_json::Value;

const NAMES: [&str; 3] = [
    "oidc.eu-west-1.amazonaws.com",
    "portal.sso.eu-west-1.amazonaws.com",
    "my.awsapps.com",
];

/// A stand-in under the real names, behind a proxy.
fn furnished() -> (Home, StandIn, Proxy) {
    let home = Home::with_session();
    let authority = Authority::new("check");
    home.file("ca.pem", authority.pem());
    let server = StandIn::start_tls(Knobs::default(), authority.server(&NAMES));
    let proxy = Proxy::to(server.address());
    (home, server, proxy)
}

fn check(home: &Home, proxy: &str, trusted: bool) -> Output {
    let mut run = home
        .run(["check", "my-sso", "--json"])
        .env("HTTPS_PROXY", proxy);
    if trusted {
        run = run.env("AWS_CA_BUNDLE", home.path().join("ca.pem"));
    }
    run.output()
}

/// The checks of the array: name and outcome.
fn outcomes(output: &Output) -> Vec<(String, bool)> {
    let array = output.json();
    let outcome = |line: &Value| {
        assert!(
            !line["message"].as_str().unwrap_or_default().is_empty(),
            "{line}"
        );
        let ok = line["ok"].as_bool().unwrap();
        assert!(
            ok || !line["next"].as_str().unwrap_or_default().is_empty(),
            "a failure has a remedy: {line}"
        );
        (line["check"].as_str().unwrap().to_owned(), ok)
    };
    array.as_array().unwrap().iter().map(outcome).collect()
}

#[test]
fn all_is_well() {
    let (home, server, proxy) = furnished();
    let output = check(&home, &proxy.url(), true).exits(0);
    let outcomes = outcomes(&output);
    assert!(outcomes.iter().all(|(_, ok)| *ok), "{outcomes:?}");
    for name in ["proxy", "tls", "region", "registration", "clock"] {
        assert!(
            outcomes.iter().any(|(check, _)| check == name),
            "{name}: {outcomes:?}"
        );
    }
    let text = home
        .run(["check"])
        .env("HTTPS_PROXY", proxy.url())
        .env("AWS_CA_BUNDLE", home.path().join("ca.pem"))
        .output()
        .exits(0);
    assert_eq!(
        text.stdout.lines().count(),
        outcomes.len(),
        "{}",
        text.show()
    );
    assert!(server.total() > 0);
    // It leaves nothing behind: no token, no role.
    assert!(home.names(".aws/cli/cache").is_empty());
    assert!(home.read(&crate::support::token_file("my-sso")).is_none());
}

#[test]
fn the_first_failure_gives_the_exit_code() {
    let (home, server, proxy) = furnished();
    // Not trusted.
    let output = check(&home, &proxy.url(), false).exits(7);
    assert!(
        outcomes(&output).contains(&("tls".to_owned(), false)),
        "{}",
        output.show()
    );
    // The proxy is not there.
    let output = check(&home, "http://127.0.0.1:9", true).exits(7);
    assert!(
        outcomes(&output).contains(&("proxy".to_owned(), false)),
        "{}",
        output.show()
    );
    // Another region.
    server.set(|knobs| knobs.region = "us-east-1".to_owned());
    let output = check(&home, &proxy.url(), true).exits(4);
    assert!(
        outcomes(&output).contains(&("region".to_owned(), false)),
        "{}",
        output.show()
    );
    assert!(output.stdout.contains("us-east-1"), "{}", output.show());
    server.set(|knobs| knobs.region = "eu-west-1".to_owned());
    // A clock that is an hour off.
    server.set(|knobs| knobs.skew = 3600);
    let output = check(&home, &proxy.url(), true).exits(7);
    assert!(
        outcomes(&output).contains(&("clock".to_owned(), false)),
        "{}",
        output.show()
    );
    server.set(|knobs| knobs.skew = 0);
    check(&home, &proxy.url(), true).exits(0);
}

#[test]
fn a_name_that_does_not_resolve() {
    let home = Home::with_session();
    let output = home
        .run(["check", "my-sso", "--json"])
        .env("AWS_ENDPOINT_URL", "https://nowhere.invalid")
        .output()
        .exits(7);
    assert!(
        outcomes(&output).contains(&("dns".to_owned(), false)),
        "{}",
        output.show()
    );
}
