//! Pretend browsers: what a person's browser does with the address that `login` opens.

use super::http::{self, Answer};
use super::{Home, until};
use std::io::Write as _;
use std::net::TcpStream;

/// The stub that is `BROWSER` in the tests.
pub(crate) const BROWSER: &str = "pretend-browser";

/// Puts the stub into the home. It only notes the address.
pub(crate) fn install(home: &Home) {
    home.stub(BROWSER, "");
}

/// Waits until the program opened an address in the stub, and returns it.
#[track_caller]
pub(crate) fn opened(home: &Home) -> String {
    let call = until(|| home.calls(BROWSER).pop()).expect("no browser was started");
    assert_eq!(call.len(), 1, "{call:?}");
    call.into_iter().next().unwrap_or_default()
}

/// Where the service sends the browser from `url`.
#[track_caller]
pub(crate) fn sent_to(url: &str) -> String {
    let answer = http::get(url).unwrap();
    let to = answer.header("location").map(str::to_owned);
    to.unwrap_or_else(|| panic!("{url}: no redirect: {} {}", answer.status, answer.text()))
}

/// A good browser: it visits the address, follows the redirect, and returns the page on which it ends.
#[track_caller]
pub(crate) fn visit(url: &str) -> Answer {
    http::get(&sent_to(url)).unwrap()
}

/// The callback of a good `url`, without its query: `http://127.0.0.1:PORT/oauth/callback`.
#[track_caller]
pub(crate) fn callback(url: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    http::parameter(query, "redirect_uri").unwrap()
}

/// What else reaches a loopback port: requests of other pages, of scanners, of an attacker. None of them may end the
/// login. Returns the sockets that are still open, and how each request was answered.
#[track_caller]
pub(crate) fn annoy(url: &str) -> (Vec<TcpStream>, Vec<(String, u16)>) {
    let callback = callback(url);
    let (_, query) = url.split_once('?').unwrap();
    let state = http::parameter(query, "state").unwrap();
    let root = callback.strip_suffix("/oauth/callback").unwrap();
    let silent: Vec<TcpStream> = (0..20)
        .map(|_| TcpStream::connect(root.strip_prefix("http://").unwrap()).unwrap())
        .collect();
    // One that says a part of a line.
    (&silent[0]).write_all(b"GET /oauth/call").unwrap();
    let answers = [
        (
            "GET",
            format!("{callback}?code=forged&state=00000000-0000-4000-8000-000000000000"),
        ),
        ("GET", format!("{callback}?code=forged")),
        ("GET", format!("{callback}?error=access_denied")),
        ("GET", format!("{callback}?error=access_denied&state=wrong")),
        ("GET", format!("{root}/?code=forged&state={state}")),
        (
            "GET",
            format!("{root}/oauth/callback/more?code=forged&state={state}"),
        ),
        ("GET", format!("{root}/favicon.ico")),
        ("POST", format!("{callback}?code=forged&state={state}")),
        ("GET", callback.clone()),
    ]
    .map(|(method, url)| {
        let answer = http::send(method, &url, &[], "")
            .unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        (format!("{method} {url}"), answer.status)
    });
    (silent, answers.into())
}
