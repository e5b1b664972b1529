//! A real browser, Chromium without a window, makes a login by PKCE.

use crate::support::{Call, Fault, Home, Knobs, StandIn, browser, http, installed, token_file};
use serde_json::Value;
use std::collections::BTreeSet;

/// No network but ours, no profile, no first-run pages.
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--window-size=800,600",
];

/// Opens `url` in Chromium, and returns the page on which it ends and the addresses that it asked for.
fn open(home: &Home, url: &str, more: &[&str]) -> (String, BTreeSet<String>) {
    let log = home.path().join("net.json");
    let output = home
        .program("chromium")
        .args(FLAGS)
        .args([
            format!("--user-data-dir={}", home.path().join("browser").display()),
            format!("--log-net-log={}", log.display()),
            "--net-log-capture-mode=Everything".to_owned(),
        ])
        .args(more)
        .args(["--dump-dom", url])
        .may_print_secrets()
        .output();
    assert_eq!(output.code, 0, "{}", output.show());
    (
        output.stdout,
        requests(&std::fs::read_to_string(log).unwrap()),
    )
}

/// The addresses of the requests in a log of Chromium's network stack: those on this machine, and those that a page
/// caused. What Chromium asks on its own account, such as for updates of itself, has no origin.
fn requests(log: &str) -> BTreeSet<String> {
    // It may lack its end.
    let whole = serde_json::from_str::<Value>(log)
        .or_else(|_| serde_json::from_str(&format!("{}]}}", log.trim_end().trim_end_matches(','))));
    let log = whole.expect("the log is JSON");
    let start = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    assert!(start.is_number());
    let url = |event: &Value| {
        let about = &event["params"];
        let url = about["url"].as_str().filter(|_| event["type"] == *start)?;
        let of_a_page = about["initiator"] != "not an origin";
        (of_a_page || url.starts_with("http://127.0.0.1:")).then(|| url.to_owned())
    };
    log["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(url)
        .collect()
}

#[test]
fn what_a_page_loads_from_elsewhere_is_seen() {
    if !installed(&["chromium"]) {
        return;
    }
    let (server, elsewhere) = (
        StandIn::start(Knobs::default()),
        StandIn::start(Knobs::default()),
    );
    let picture = format!("{}/picture.png", elsewhere.url());
    // One on this machine, and one that leads nowhere.
    let foreign = "http://elsewhere.example/picture.png";
    let page =
        format!("<html><body>here <img src=\"{picture}\"><img src=\"{foreign}\"></body></html>");
    server.always(
        Call::Portal,
        Fault::Instead(http::Answer::new(200, "text/html", page)),
    );
    let (page, asked) = open(&Home::new(), &format!("{}/start", server.url()), &[]);
    assert_eq!(visible(&page).trim(), "here");
    assert!(
        asked.contains(&picture) && asked.contains(foreign),
        "{asked:?}"
    );
}

#[test]
fn it_completes_a_login_and_ends_on_a_page_that_reveals_nothing() {
    if !installed(&["chromium"]) {
        return;
    }
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    browser::install(&home);
    let running = home
        .run(["login", "my-sso", "--pkce"])
        .at(&server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .start();
    let url = browser::opened(&home);
    let picture = format!("--screenshot={}", home.path().join("page.png").display());
    let (page, asked) = open(&home, &url, &[&picture]);
    running.wait().exits(0);
    let token = home.read_token("my-sso");
    assert!(
        server.is_valid(token["accessToken"].as_str().unwrap()),
        "{}",
        token_file("my-sso")
    );

    // The text that a person sees.
    let text = visible(&page);
    assert!(
        text.contains("awsbadge") && text.contains("close"),
        "{page}"
    );
    assert!(
        text.split_whitespace().count() >= 4,
        "too little to read: {text:?}"
    );
    // Nothing of the query, in the text or elsewhere in the page.
    let (_, query) = url.split_once('?').unwrap();
    for secret in [
        "SECRET-CANARY",
        &http::parameter(query, "state").unwrap(),
        "code=",
        "state=",
    ] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
    // Nothing from elsewhere.
    let callback = browser::callback(&url);
    let (service, own) = (
        server.url(),
        callback.strip_suffix("/oauth/callback").unwrap().to_owned(),
    );
    assert!(
        asked.iter().any(|address| address.starts_with(&callback)),
        "{asked:?}"
    );
    for address in &asked {
        assert!(
            address.starts_with(&service) || address.starts_with(&own),
            "{address}"
        );
    }
    // For who wants to look at it.
    if let Some(to) = std::env::var_os("AWSBADGE_PICTURES").filter(|to| !to.is_empty()) {
        std::fs::copy(
            home.path().join("page.png"),
            std::path::Path::new(&to).join("login-page.png"),
        )
        .unwrap();
    }
}

#[test]
fn a_refusal_ends_on_a_page_that_reveals_nothing() {
    if !installed(&["chromium"]) {
        return;
    }
    let server = StandIn::start(Knobs {
        consent: Err("access_denied"),
        ..Knobs::default()
    });
    let home = Home::with_session();
    browser::install(&home);
    let running = home
        .run(["login", "my-sso", "--pkce"])
        .at(&server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .start();
    let url = browser::opened(&home);
    let (page, _) = open(&home, &url, &[]);
    running.wait().exits(8);
    let text = visible(&page);
    assert!(
        text.split_whitespace().count() >= 4,
        "too little to read: {page:?}"
    );
    assert!(
        !page.contains("access_denied") && !page.contains("state="),
        "{page}"
    );
}

/// The text of a page without its tags, its style and its title.
fn visible(page: &str) -> String {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    let mut text = String::new();
    for part in body.split('<') {
        text += part.split_once('>').map_or("", |(_, text)| text);
        text.push(' ');
    }
    text
}
