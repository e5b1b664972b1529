//! What a file holds: configurations and tokens that are empty, cut short, contradictory or not what they seem.

use super::badge;
use crate::support::fixtures::{SESSION, SSO, VALID, logged_in};
use crate::support::{Home, expires_in, token, token_file};

#[test]
fn odd_configuration_is_read_as_far_as_it_goes() {
    let session = "[sso-session my-sso]\nsso_start_url = https://myorg.awsapps.com/start\n";
    #[rustfmt::skip]
    let cases = [
        ("empty", "".to_owned(), "aws:dev no such profile"),
        ("comments only", "# a\n\n; b\n".into(), "aws:dev no such profile"),
        ("no newline at the end", SSO.trim_end().into(), "aws:dev 47m"),
        ("CRLF", SSO.replace('\n', "\r\n"), "aws:dev 47m"),
        ("lone CR", SSO.replace('\n', "\r"), "aws:dev 47m"),
        ("byte order mark", format!("\u{feff}{SSO}"), "aws:dev config error"),
        ("NUL bytes", "\0".repeat(4096), "aws:dev config error"),
        ("an unclosed header", format!("[profile a\nx = y\n{SSO}"), "aws:dev config error"),
        ("junk headers", format!("[profile a] x\n[profile b]]\n[profile]\n[profile ]\n{SSO}"), "aws:dev 47m"),
        ("a section twice", format!("{SSO}[profile dev]\nregion = x\n"), "aws:dev config error"),
        ("a key twice", format!("{SSO}sso_session = gone\nsso_session = my-sso\n"), "aws:dev config error"),
        ("a key before any section", format!("x = y\n{SSO}"), "aws:dev config error"),
        ("a line without =", format!("{SSO}junk\n[profile other]\njunk\n"), "aws:dev config error"),
        ("sub-properties", format!("{SSO}s3 =\n  sso_session = gone\n"), "aws:dev 47m"),
        ("inline comments", SSO.replace("sso_session = my-sso", "sso_session = my-sso # home"), "aws:dev config error"),
        ("a circle", "[profile dev]\nrole_arn = r\nsource_profile = dev\n".into(), "aws:dev config error"),
        ("no such session", "[profile dev]\nsso_session = gone\nsso_account_id = 1\n".into(), "aws:dev config error"),
        (
            "contradicting values",
            format!(
                "{session}[profile dev]\nsso_session = my-sso\nsso_account_id = 1\nsso_start_url = https://x\n"
            ),
            "aws:dev config error",
        ),
        ("one long line", format!("{SSO}x = {}\n", "y".repeat(5_000_000)), "aws:dev 47m"),
    ];
    for (what, config, want) in cases {
        let home = logged_in();
        home.config(&config);
        assert_eq!(badge(&home, what), want, "{what}");
    }
    let home = logged_in();
    home.file(
        ".aws/config",
        [
            b"# \xff\xfe\n[profile other]\nregion = \xff\n".as_slice(),
            SSO.as_bytes(),
        ]
        .concat(),
    );
    assert_eq!(
        badge(&home, "invalid UTF-8 elsewhere"),
        "aws:dev config error"
    );
    let utf16: Vec<u8> = SSO.encode_utf16().flat_map(u16::to_le_bytes).collect();
    home.file(".aws/config", utf16);
    assert_eq!(badge(&home, "UTF-16"), "aws:dev config error");
    home.config("[profile dev]\nregion = a\0b\n");
    let output = home.run(["use", "--shell", "zsh", "dev"]).output();
    assert!(!output.stdout.contains('\0'), "a NUL byte reaches no shell");
}

#[test]
fn without_profiles_there_is_an_empty_list_and_a_hint() {
    for (what, config) in [
        ("no file", None),
        ("an empty file", Some("")),
        ("comments only", Some("# a\n; b\n\n")),
    ] {
        let home = Home::new();
        if let Some(config) = config {
            home.config(config);
        }
        assert_eq!(badge(&home, what), "aws:dev no such profile");
        let hint = "awsbadge: no profiles found in $HOME/.aws/config\nhint: run `cargo install --locked --path sso` in the source directory of awsbadge, then `awsbadge configure`\n";
        home.run(["list"]).stderr(hint).check();
        let output = home.run(["use", "--shell", "zsh", "dev"]).output();
        assert_eq!((output.code, output.stdout.as_str()), (3, ""), "{what}");
    }
}

#[test]
fn names_are_those_that_the_aws_cli_lists() {
    let home = Home::new();
    home.config(
        "  [profile indented]\n  region = a\n\t[profile tab]\nregion = a\n[profile c d]\nregion = x\n\
         [profile 'c d']\nregion = a\n[profile \"e]f\"]\nregion = a\n[profile default]\nregion = a\n\
         [default]\nregion = b\n[profile dev]\nregion = a\n[profile Dev]\nregion = b\n[profile dév]\nregion = c\n\
         [profile de\u{301}v]\nregion = d\n",
    );
    let listed = home.run(["list"]).output();
    let names: Vec<&str> = listed.stdout.lines().collect();
    let wanted = [
        "indented",
        "tab",
        "c d",
        "e]f",
        "default",
        "dev",
        "Dev",
        "dév",
        "de\u{301}v",
    ];
    assert_eq!(names, wanted, "{}", listed.stderr);
    // Names that look alike are four, and each gets its own region.
    for (name, region) in [
        ("dev", "a"),
        ("Dev", "b"),
        ("dév", "c"),
        ("de\u{301}v", "d"),
    ] {
        let status = home.run(["status", "--json", name]).output().stdout;
        assert!(
            status.contains(&format!("\"region\": \"{region}\"")),
            "{name}: {status}"
        );
    }
    // Without quotes it is no profile, and that is said.
    home.aws_stub();
    let report = home.run(["doctor"]).output().stdout;
    assert!(
        report.contains("config:5: the AWS CLI finds no profile in [profile c d]"),
        "{report}"
    );
}

#[test]
fn odd_numbers_and_regions_break_nothing() {
    let home = logged_in();
    for (key, value) in [
        ("region", ""),
        ("region", "x.evil.example/"),
        ("duration_seconds", "-1"),
        ("duration_seconds", "99999999999999999999"),
        ("duration_seconds", "1e3"),
    ] {
        home.config(&format!("{SSO}{key} = {value}\n"));
        assert_eq!(badge(&home, key), "aws:dev 47m", "{key} = {value}");
        let output = home.run(["export", "dev"]).env("PATH", "/nowhere").output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (1, ""),
            "{}",
            output.stderr
        );
    }
    // One that is typed has to look like one.
    let output = home
        .run(["region", "--shell", "zsh", "x.evil.example/"])
        .output();
    assert_eq!((output.code, output.stdout.as_str()), (1, ""));
}

#[test]
fn a_token_file_is_never_taken_for_what_it_is_not() {
    let token = |rest: &str| format!(r#"{{"accessToken":"t",{rest}}}"#);
    let at = |date: &str| token(&format!(r#""expiresAt":"{date}""#));
    let good = expires_in(VALID);
    let plain = good.trim_end_matches('Z');
    #[rustfmt::skip]
    let cases = [
        ("empty, as while botocore writes", String::new(), "aws:dev ?"),
        ("trailing bytes", format!("{}\"}}", at(&good)), "aws:dev ?"),
        ("byte order mark", format!("\u{feff}{}", at(&good)), "aws:dev 47m"),
        ("leading blanks", format!("\n\n  {}", at(&good)), "aws:dev 47m"),
        ("comments", format!("// x\n{}", at(&good)), "aws:dev ?"),
        ("an array", "[1]".into(), "aws:dev no login"),
        ("null", "null".into(), "aws:dev no login"),
        ("a key twice, the last counts", token(&format!(r#""expiresAt":"2020-01-01T00:00:00Z","expiresAt":"{good}""#)), "aws:dev 47m"),
        ("other case", at(&good).replace("accessToken", "AccessToken").replace("expiresAt", "ExpiresAt"), "aws:dev 47m"),
        ("deep nesting", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), "aws:dev ?"),
        ("two megabytes", format!(r#"{{"accessToken":"{}"}}"#, "t".repeat(2 << 20)), "aws:dev ?"),
        ("a lone surrogate", token(&format!(r#""x":"\ud800","expiresAt":"{good}""#)), "aws:dev ?"),
        ("a number for a date", token(r#""expiresAt":1900000000"#), "aws:dev ?"),
        ("null for a date", token(r#""expiresAt":null"#), "aws:dev ?"),
        ("no date", r#"{"accessToken":"t"}"#.into(), "aws:dev ?"),
        ("UTC in letters", at(&format!("{plain}UTC")), "aws:dev 47m"),
        ("an offset", at(&format!("{plain}+00:00")), "aws:dev 47m"),
        ("an impossible offset", at(&format!("{plain}+25:59")), "aws:dev ?"),
        ("no zone is UTC", at(plain), "aws:dev 47m"),
        ("a fraction", at(&format!("{plain}.123456789012Z")), "aws:dev 47m"),
        ("month 13", at("2026-13-01T00:00:00Z"), "aws:dev ?"),
        ("24 o'clock", at("2026-01-01T24:00:00Z"), "aws:dev ?"),
        ("year 9999", at("9999-12-31T23:59:59Z"), "aws:dev ?"),
        ("year 10000", at("10000-01-01T00:00:00Z"), "aws:dev ?"),
        ("overflow", token(r#""expiresAt":9223372036854775808"#), "aws:dev ?"),
        ("not a number at all", token(r#""expiresAt":1e400"#), "aws:dev ?"),
        ("1970", at("1970-01-01T00:00:00Z"), "aws:dev expired"),
        ("no access token", format!(r#"{{"expiresAt":"{good}"}}"#), "aws:dev no login"),
        ("an object for an access token", format!(r#"{{"accessToken":{{}},"expiresAt":"{good}"}}"#), "aws:dev no login"),
        (
            "registration over, token good",
            token(&format!(
                r#""expiresAt":"{good}","refreshToken":"r","clientId":"c","clientSecret":"s","registrationExpiresAt":"2020-01-01T00:00:00Z""#
            )),
            "aws:dev 47m",
        ),
        ("a client registration", format!(r#"{{"clientId":"c","clientSecret":"s","expiresAt":"{good}"}}"#), "aws:dev no login"),
        ("keys from the future", token(&format!(r#""expiresAt":"{good}","new":{{"a":[1,2]}}"#)), "aws:dev 47m"),
    ];
    for (what, json, want) in cases {
        let home = logged_in();
        home.token_json(SESSION, &json);
        assert_eq!(badge(&home, what), want, "{what}");
    }
}

#[test]
fn a_token_cut_anywhere_is_unknown_or_right() {
    let home = logged_in();
    let whole = home.read(&token_file(SESSION)).unwrap();
    // Every byte is tried in the unit tests; here each eighth goes through the real program.
    for cut in (0..whole.len()).step_by(8) {
        home.token_json(SESSION, &whole[..cut]);
        let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
        assert_eq!(output.stdout, "aws:dev ?\n", "{cut} bytes");
    }
}

#[test]
fn other_files_of_the_cache_do_not_count() {
    let home = logged_in();
    // None of them is looked at; the test of four files holds that no directory is listed.
    for n in 0..10_000 {
        let path = home.path().join(format!(".aws/sso/cache/{n:040x}.json"));
        let file = std::fs::File::create(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    assert_eq!(badge(&home, "many files"), "aws:dev 47m");
    // The name says whose it is; that the content is of another is for doctor to say.
    let json = token(&expires_in(VALID)).to_string();
    home.token_json(SESSION, json.replace("myorg", "other"));
    assert_eq!(badge(&home, "a token of another start URL"), "aws:dev 47m");
    home.aws_stub();
    let report = home.run(["doctor"]).output().stdout;
    assert!(
        report.contains("error token-start-url-mismatch: $HOME/.aws/sso/cache/"),
        "{report}"
    );
    // A session token without a date gives no time.
    let home = Home::new();
    home.credentials(
        "[dev]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n",
    );
    assert_eq!(badge(&home, "a session token without a date"), "aws:dev ?");
}
