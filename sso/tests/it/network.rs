//! What goes wrong on the way to the service: each kind has its own word, one sentence, the next step, and exit
//! code 7. Rows 109 to 118 of the table of bad inputs; 113 is in `refresh`, 114 and 115 in `refresh` and `login`,
//! 117 and 118 in `login`.

use crate::support::certificates::{Authority, now_and};
use crate::support::{
    Call, Fault, Home, Knobs, Login, Output, Proxy, Run, StandIn, html, installed, redirect,
    token_file,
};
use serde_json::Value;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

fn logged_in(server: &StandIn) -> (Home, Login) {
    let home = Home::with_session();
    let login = server.login();
    home.token("my-sso", &login, 60);
    (home, login)
}

/// A refresh with `--json`, led nowhere yet.
fn refresh(home: &Home) -> Run<'_> {
    home.run(["refresh", "my-sso", "--json"])
}

/// `error` of the one element that `refresh --json` prints.
#[track_caller]
fn error(output: &Output) -> Value {
    let error = output.json()[0]["error"].clone();
    for key in [
        "code",
        "message",
        "next",
        "http",
        "type",
        "request_id",
        "endpoint",
    ] {
        assert!(error.get(key).is_some(), "{key}: {}", output.show());
    }
    for key in ["code", "message", "next"] {
        assert!(
            !error[key].as_str().unwrap_or_default().is_empty(),
            "{key}: {}",
            output.show()
        );
    }
    error
}

/// Asserts that a refresh ended with one of these words and exit code 7, and left the token alone.
#[track_caller]
fn fails(home: &Home, run: Run<'_>, words: &[&str], what: &str) -> Value {
    let before = home.read(&token_file("my-sso"));
    let output = run.output();
    let error = error(&output);
    assert!(
        words.contains(&error["code"].as_str().unwrap_or_default()),
        "{what}: not {words:?}: {}",
        output.show()
    );
    assert_eq!(output.code, 7, "{what}: {}", output.show());
    assert_eq!(home.read(&token_file("my-sso")), before, "{what}");
    error
}

#[test]
fn row_109_certificates() {
    let authority = Authority::new("good authority");
    let names = ["localhost", "127.0.0.1"];
    let day = 86_400;
    let cases = [
        ("good", authority.server(&names), true, None),
        (
            "unknown issuer",
            authority.server(&names),
            false,
            Some("tls-untrusted"),
        ),
        (
            "another authority",
            Authority::new("good authority").server(&names),
            true,
            Some("tls-untrusted"),
        ),
        (
            "wrong name",
            authority.server(&["other.example"]),
            true,
            Some("tls-name"),
        ),
        (
            "expired",
            authority.server_between(&names, &(now_and(-9 * day)..now_and(-day))),
            true,
            Some("tls-date"),
        ),
        (
            "not yet good",
            authority.server_between(&names, &(now_and(day)..now_and(9 * day))),
            true,
            Some("tls-date"),
        ),
    ];
    for (what, config, trusted, word) in cases {
        let server = StandIn::start_tls(Knobs::default(), config);
        let (home, _) = logged_in(&server);
        home.file("ca.pem", authority.pem());
        let mut run = refresh(&home).at(&server);
        if trusted {
            run = run.env("AWS_CA_BUNDLE", home.path().join("ca.pem"));
        }
        match word {
            None => assert_eq!(
                run.output().exits(0).json()[0]["state"],
                "renewed",
                "{what}"
            ),
            Some(word) => {
                let error = fails(&home, run, &[word], what);
                assert!(
                    error["message"].as_str().unwrap().contains("127.0.0.1"),
                    "{what}: {error}"
                );
                assert_eq!(server.total(), 0, "{what}: no secret was sent");
            }
        }
    }
}

#[test]
fn the_authorities_of_the_configuration_are_taken_in_the_aws_clis_order() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let server = StandIn::start_tls(Knobs::default(), ours.server(&["127.0.0.1"]));
    // Variables, `ca_bundle` of the profile, and whether our server is trusted.
    for (number, (variables, setting, good)) in [
        (vec![("AWS_CA_BUNDLE", "ours.pem")], None, true),
        (
            vec![
                ("AWS_CA_BUNDLE", "other.pem"),
                ("REQUESTS_CA_BUNDLE", "ours.pem"),
            ],
            Some("ours.pem"),
            false,
        ),
        (vec![("REQUESTS_CA_BUNDLE", "ours.pem")], None, true),
        (
            vec![("REQUESTS_CA_BUNDLE", "other.pem")],
            Some("ours.pem"),
            true,
        ),
        (
            vec![("REQUESTS_CA_BUNDLE", "ours.pem")],
            Some("other.pem"),
            false,
        ),
        (vec![("SSL_CERT_FILE", "ours.pem")], None, true),
        (
            vec![
                ("SSL_CERT_FILE", "ours.pem"),
                ("AWS_CA_BUNDLE", "other.pem"),
            ],
            None,
            false,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let (home, _) = logged_in(&server);
        home.file("ours.pem", ours.pem())
            .file("other.pem", other.pem());
        let path = |file: &str| home.path().join(file).to_str().unwrap().to_owned();
        if let Some(setting) = setting {
            home.more_config(&format!("ca_bundle = {}\n", path(setting)));
        }
        let run = variables
            .iter()
            .fold(refresh(&home).at(&server), |run, (name, file)| {
                run.env(name, path(file))
            });
        let output = run.env("AWS_PROFILE", "dev").output();
        assert_eq!(output.code == 0, good, "case {number}: {}", output.show());
    }
    // A bundle that is not there, or holds no certificate, is named.
    for content in [None, Some("nothing in it")] {
        let (home, _) = logged_in(&server);
        if let Some(content) = content {
            home.file("bundle.pem", content);
        }
        let output = refresh(&home)
            .at(&server)
            .env("AWS_CA_BUNDLE", home.path().join("bundle.pem"))
            .output();
        assert_ne!(output.code, 0);
        let message = error(&output)["message"].as_str().unwrap().to_owned();
        assert!(message.contains("bundle.pem"), "{message}");
    }
}

#[test]
fn row_110_a_redirect_is_never_followed() {
    let (server, elsewhere) = (
        StandIn::start(Knobs::default()),
        StandIn::start(Knobs::default()),
    );
    let (home, _) = logged_in(&server);
    for status in [301, 302, 303, 307, 308] {
        let mut fault = redirect(&format!("{}/token", elsewhere.url()));
        if let Fault::Instead(answer) = &mut fault {
            answer.status = status;
        }
        server.always(Call::Refresh, fault);
        let error = fails(
            &home,
            refresh(&home).at(&server),
            &["bad-answer"],
            "redirect",
        );
        assert_eq!(error["http"], status);
    }
    assert_eq!(elsewhere.total(), 0);
}

#[test]
fn row_111_a_captive_portal_is_a_bad_answer() {
    for status in [200, 400, 403, 511] {
        let server = StandIn::start(Knobs::default());
        let (home, _) = logged_in(&server);
        server.always(Call::Refresh, html(status));
        fails(
            &home,
            refresh(&home).at(&server),
            &["bad-answer"],
            &status.to_string(),
        );
    }
}

#[test]
fn row_112_an_answer_without_end_ends() {
    for (what, fault) in [
        ("endless body", Fault::Endless),
        ("endless headers", Fault::EndlessHeaders),
        ("slow drip", Fault::Drip(Duration::from_secs(1))),
        ("body cut short", Fault::WrongLength(-10)),
        ("longer than it says", Fault::WrongLength(10)),
        ("closed at once", Fault::Drop),
        ("silence", Fault::Silence),
    ] {
        let server = StandIn::start(Knobs {
            rotate: false,
            ..Knobs::default()
        });
        let (home, _) = logged_in(&server);
        server.always(Call::Refresh, fault);
        // In 400 MB of address space: a body without end must not be kept.
        let run = home
            .program("bash")
            .args(["-c", "ulimit -v 400000; exec \"$0\" \"$@\""])
            .arg_binary()
            .args(["refresh", "my-sso", "--json", "--endpoint-timeout", "2s"])
            .at(&server);
        fails(&home, run, &["bad-answer", "unreachable"], what);
    }
}

#[test]
fn what_the_service_answers_has_its_own_word() {
    for (status, kind, word) in [
        (500, "InternalServerException", "server-error"),
        (502, "BadGateway", "server-error"),
        (503, "ServiceUnavailableException", "server-error"),
        (429, "TooManyRequestsException", "throttled"),
        (400, "SlowDownException", "throttled"),
    ] {
        for header in [true, false] {
            let server = StandIn::start(Knobs {
                error_header: header,
                ..Knobs::default()
            });
            let (home, _) = logged_in(&server);
            server.always(Call::Refresh, Fault::Error(status, kind));
            let error = fails(&home, refresh(&home).at(&server), &[word], kind);
            assert_eq!(
                (&error["http"], &error["type"]),
                (&status.into(), &kind.into())
            );
            assert_eq!(error["request_id"], "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
            assert!(
                error["endpoint"]
                    .as_str()
                    .unwrap()
                    .starts_with(&server.url()),
                "{error}"
            );
            assert!(
                server.count(Call::Refresh) <= 3,
                "{kind}: {} calls",
                server.count(Call::Refresh)
            );
        }
    }
}

#[test]
fn row_116_a_host_that_cannot_be_reached() {
    let server = StandIn::start(Knobs::default());
    let (home, _) = logged_in(&server);
    // A port that was free a moment ago.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for (address, words) in [
        ("https://oidc.nowhere.invalid".to_owned(), ["dns", "dns"]),
        (
            format!("http://127.0.0.1:{port}"),
            ["unreachable", "unreachable"],
        ),
        (
            format!("https://127.0.0.1:{port}"),
            ["unreachable", "unreachable"],
        ),
        // It answers, but not in TLS.
        (
            server.url().replace("http:", "https:"),
            ["bad-answer", "unreachable"],
        ),
    ] {
        let run = refresh(&home).env("AWS_ENDPOINT_URL_SSO_OIDC", &address);
        let error = fails(&home, run, &words, &address);
        let host = address
            .split("//")
            .nth(1)
            .unwrap()
            .split(':')
            .next()
            .unwrap();
        assert!(error["message"].as_str().unwrap().contains(host), "{error}");
    }
    assert_eq!(server.total(), 0);
}

#[test]
fn plain_http_is_for_loopback_only() {
    let server = StandIn::start(Knobs::default());
    let (home, _) = logged_in(&server);
    for address in [
        "http://192.0.2.1:8080",
        "http://oidc.eu-west-1.amazonaws.com",
        "http://localhost.evil.example",
    ] {
        let output = refresh(&home)
            .env("AWS_ENDPOINT_URL_SSO_OIDC", address)
            .output();
        assert_eq!(
            (output.code, error(&output)["code"].as_str()),
            (6, Some("unsafe-address")),
            "{address}: {}",
            output.show()
        );
    }
    let url = server.url().replace("127.0.0.1", "localhost");
    refresh(&home)
        .env("AWS_ENDPOINT_URL_SSO_OIDC", url)
        .output()
        .exits(0);
}

#[test]
fn an_endpoint_that_a_variable_names_is_named() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = StandIn::start(Knobs::default());
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO_OIDC"] {
        let (home, _) = logged_in(&server);
        let address = format!("http://127.0.0.1:{port}");
        let output = refresh(&home).env(variable, &address).output().exits(7);
        let error = error(&output);
        let text = format!("{} {}", error["message"], error["next"]);
        assert!(text.contains(variable) && text.contains(&address), "{text}");
    }
}

/// Names of the service that the stand-in's certificate is for.
const NAMES: [&str; 12] = [
    "oidc.eu-west-1.amazonaws.com",
    "oidc.eu-west-1.api.aws",
    "oidc-fips.us-gov-west-1.amazonaws.com",
    "oidc.us-gov-west-1.amazonaws.com",
    "oidc.cn-north-1.amazonaws.com.cn",
    "oidc.cn-north-1.api.amazonwebservices.com.cn",
    "oidc.eusc-de-east-1.amazonaws.eu",
    "oidc-fips.us-east-1.amazonaws.com",
    "oidc-fips.us-east-1.api.aws",
    "portal.sso.eu-west-1.amazonaws.com",
    "my.awsapps.com",
    "localhost",
];

/// A stand-in for the real names, an authority for it, and a proxy to it.
fn behind_a_proxy(home: &Home) -> (StandIn, Proxy) {
    let authority = Authority::new("proxied");
    home.file("ca.pem", authority.pem());
    let server = StandIn::start_tls(Knobs::default(), authority.server(&NAMES));
    let proxy = Proxy::to(server.address());
    (server, proxy)
}

#[test]
fn the_real_names_of_the_service_are_called() {
    let home = Home::with_session();
    let (server, proxy) = behind_a_proxy(&home);
    let none: &[(&str, &str)] = &[];
    let fips = [("AWS_USE_FIPS_ENDPOINT", "true")];
    let dual = [("AWS_USE_DUALSTACK_ENDPOINT", "true")];
    let both = [fips[0], dual[0]];
    for (region, variables, host) in [
        ("eu-west-1", none, "oidc.eu-west-1.amazonaws.com"),
        ("eu-west-1", &dual, "oidc.eu-west-1.api.aws"),
        ("us-east-1", &fips, "oidc-fips.us-east-1.amazonaws.com"),
        ("us-east-1", &both, "oidc-fips.us-east-1.api.aws"),
        ("us-gov-west-1", none, "oidc.us-gov-west-1.amazonaws.com"),
        ("us-gov-west-1", &fips, "oidc.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", none, "oidc.cn-north-1.amazonaws.com.cn"),
        (
            "cn-north-1",
            &dual,
            "oidc.cn-north-1.api.amazonwebservices.com.cn",
        ),
        ("eusc-de-east-1", none, "oidc.eusc-de-east-1.amazonaws.eu"),
    ] {
        home.config(&format!(
            "[sso-session my-sso]\nsso_start_url = https://my.awsapps.com/start\nsso_region = {region}\n\
             sso_registration_scopes = sso:account:access\n"
        ));
        home.token("my-sso", &server.login(), 60);
        let run = refresh(&home)
            .env("HTTPS_PROXY", proxy.url())
            .env("AWS_CA_BUNDLE", home.path().join("ca.pem"));
        let run = variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value));
        run.output().exits(0);
        assert_eq!(
            proxy.hosts().last(),
            Some(&format!("{host}:443")),
            "{region} {variables:?}"
        );
    }
}

#[test]
fn a_proxy_that_fails_is_told_from_a_service_that_fails() {
    let home = Home::with_session();
    let (server, _) = behind_a_proxy(&home);
    home.token("my-sso", &server.login(), 60);
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let closed = format!("http://127.0.0.1:{port}");
    let (refusing, locked) = (
        Proxy::refusing(),
        Proxy::with_password(server.address(), "me:SECRET-CANARY-proxy"),
    );
    let with = |url: &str, who: &str| url.replace("://", &format!("://{who}@"));
    for (proxy, word, address) in [
        (closed.clone(), "proxy-unreachable", closed.as_str()),
        (refusing.url(), "proxy-unreachable", &refusing.url()),
        (locked.url(), "proxy-auth", &locked.url()),
        (
            with(&locked.url(), "me:SECRET-CANARY-wrong"),
            "proxy-auth",
            &locked.url(),
        ),
    ] {
        for variable in ["HTTPS_PROXY", "https_proxy"] {
            let run = refresh(&home)
                .env(variable, &proxy)
                .env("AWS_CA_BUNDLE", home.path().join("ca.pem"));
            let error = fails(&home, run, &[word], &proxy);
            let text = format!("{} {}", error["message"], error["next"]);
            let host = address.strip_prefix("http://").unwrap();
            assert!(text.contains(host) && text.contains(variable), "{text}");
        }
    }
    let proxy = with(&locked.url(), "me:SECRET-CANARY-proxy");
    let run = refresh(&home)
        .env("HTTPS_PROXY", proxy)
        .env("AWS_CA_BUNDLE", home.path().join("ca.pem"));
    run.output().exits(0);
}

#[test]
fn proxies_are_chosen_as_python_chooses_them() {
    if !installed(&["python3"]) {
        return;
    }
    let home = Home::with_session();
    let (server, proxy) = behind_a_proxy(&home);
    let local = server.url().replace("127.0.0.1", "localhost");
    let (on, off) = (proxy.url(), "http://127.0.0.1:9".to_owned());
    let states: [&[(&str, &str)]; 11] = [
        &[("HTTPS_PROXY", &on)],
        &[("https_proxy", &on)],
        &[("https_proxy", &on), ("HTTPS_PROXY", &off)],
        &[("HTTP_PROXY", &on)],
        &[("https_proxy", &on), ("no_proxy", "localhost")],
        &[("https_proxy", &on), ("no_proxy", " localhost , other")],
        &[
            ("https_proxy", &on),
            ("no_proxy", ".amazonaws.com,.localhost"),
        ],
        &[("https_proxy", &on), ("no_proxy", "*")],
        &[("https_proxy", &on), ("no_proxy", "ocalhost,host")],
        &[("https_proxy", &on), ("NO_PROXY", "localhost")],
        &[("https_proxy", &on), ("no_proxy", "127.0.0.0/8")],
    ];
    let oracle = "import sys, urllib.request as u\nhost = sys.argv[1]\n\
                  print('https' in u.getproxies() and not u.proxy_bypass(host))";
    for variables in states {
        let run = home
            .program("python3")
            .args(["-c", oracle, local.split("//").nth(1).unwrap()]);
        let run = variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value));
        let proxied = run.output().exits(0).stdout.trim() == "True";
        let before = proxy.hosts().len();
        home.token("my-sso", &server.login(), 60);
        let run = refresh(&home)
            .env("AWS_ENDPOINT_URL_SSO_OIDC", &local)
            .env("AWS_CA_BUNDLE", home.path().join("ca.pem"));
        let run = variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value));
        run.output().exits(0);
        assert_eq!(proxy.hosts().len() > before, proxied, "{variables:?}");
    }
}

#[test]
fn a_clock_that_is_off_is_reported() {
    for (skew, reported) in [(0, false), (60, false), (-3600, true), (3600, true)] {
        let server = StandIn::start(Knobs {
            skew,
            ..Knobs::default()
        });
        let (home, _) = logged_in(&server);
        let output = home
            .run(["refresh", "my-sso"])
            .at(&server)
            .output()
            .exits(0);
        assert_eq!(
            output.stderr.contains("clock"),
            reported,
            "{skew}: {}",
            output.show()
        );
    }
}

#[test]
fn a_wrong_region_is_found_by_asking_the_portal() {
    for (what, call, fault) in [
        (
            "device",
            Call::Device,
            Fault::Error(400, "InvalidRequestException"),
        ),
        (
            "code",
            Call::TokenByDevice,
            Fault::Error(400, "InvalidGrantException"),
        ),
    ] {
        let home = Home::with_session();
        let (server, proxy) = behind_a_proxy(&home);
        server.set(|knobs| knobs.region = "us-east-1".to_owned());
        server.set(|knobs| {
            knobs.verification_uri = Some("https://my.awsapps.com/start/#/device".to_owned())
        });
        server.always(call, fault);
        let output = home
            .run(["login", "my-sso", "--device", "--no-browser", "--json"])
            .env("HTTPS_PROXY", proxy.url())
            .env("AWS_CA_BUNDLE", home.path().join("ca.pem"))
            .output();
        assert_eq!(
            (output.code, output.error_code().as_str()),
            (4, "wrong-region"),
            "{what}: {}",
            output.show()
        );
        assert!(
            output.stderr.contains("us-east-1") && output.stderr.contains("eu-west-1"),
            "{what}: {}",
            output.show()
        );
        assert!(
            proxy.hosts().contains(&"my.awsapps.com:443".to_owned()),
            "{:?}",
            proxy.hosts()
        );
    }
}

#[test]
fn row_116_a_service_that_has_ipv6_only() {
    let Some(server) = StandIn::start_v6(Knobs::default()) else {
        return crate::support::unreachable("this machine has no IPv6");
    };
    let (home, _) = logged_in(&server);
    refresh(&home).at(&server).output().exits(0);
    assert_eq!(server.count(Call::Refresh), 1);
}

#[test]
fn a_wrong_region_is_found_after_a_login_by_pkce_too() {
    let home = Home::with_session();
    let (server, proxy) = behind_a_proxy(&home);
    server.set(|knobs| knobs.region = "us-east-1".to_owned());
    crate::support::browser::install(&home);
    let running = home
        .run(["login", "my-sso", "--pkce", "--json"])
        .env("HTTPS_PROXY", proxy.url())
        .env("AWS_CA_BUNDLE", home.path().join("ca.pem"))
        .env("DISPLAY", ":0")
        .env("BROWSER", crate::support::browser::BROWSER)
        .start();
    let url = crate::support::browser::opened(&home);
    assert!(
        url.starts_with("https://oidc.eu-west-1.amazonaws.com/authorize?"),
        "{url}"
    );
    // The service of another region sends a code that this one does not know.
    let (_, query) = url.split_once('?').unwrap();
    let state = crate::support::http::parameter(query, "state").unwrap();
    let callback = crate::support::browser::callback(&url);
    crate::support::http::get(&format!("{callback}?code=elsewhere&state={state}")).unwrap();
    let output = running.wait();
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (4, "wrong-region"),
        "{}",
        output.show()
    );
    assert!(output.stderr.contains("us-east-1"), "{}", output.show());
}

#[test]
fn row_117_the_page_of_an_endpoint_that_a_variable_names_has_to_be_encrypted_too() {
    for (scheme, refused) in [("http", true), ("https", false)] {
        let home = Home::with_session();
        let (server, proxy) = behind_a_proxy(&home);
        let host = "oidc.eu-west-1.api.aws";
        server.set(|knobs| knobs.verification_uri = Some(format!("{scheme}://{host}/device")));
        let output = home
            .run(["login", "my-sso", "--device", "--no-browser", "--json"])
            .env("AWS_ENDPOINT_URL_SSO_OIDC", format!("https://{host}"))
            .env("HTTPS_PROXY", proxy.url())
            .env("AWS_CA_BUNDLE", home.path().join("ca.pem"))
            .output();
        if refused {
            assert_eq!(output.exits(6).error_code(), "unsafe-address");
        } else {
            output.exits(0);
        }
    }
}
