//! The facts behind the chains, one per row: files, variables, and the result of each tool.

use super::*;
use crate::aws::cache::{self, RoleCall};
use crate::aws::expiry::{Expiry, RenewedBy, UnknownReason};
use crate::aws::{Epoch, Seconds};
use crate::diagnostic::Code;
use std::collections::HashMap;
use std::path::Path;

const NOW: Epoch = Epoch(1_800_000_000);

const KEYS: &str = "aws_access_key_id = A\naws_secret_access_key = S\n";
const SSO: &str = "sso_session = s\nsso_account_id = 1\nsso_role_name = R\n";
const SESSION: &str = "[sso-session s]\nsso_start_url = https://x\nsso_region = eu-west-1\n";
const PROCESS: &str = "credential_process = x\n";
const ROLE: &str = "role_arn = arn:aws:iam::1:role/X\n";

/// Config, credentials, variables, `--profile`.
struct Given<'a>(&'a str, &'a str, &'a [(&'a str, &'a str)], Option<&'a str>);

/// A machine that has only files.
struct Machine<'a> {
    given: &'a Given<'a>,
    files: &'a HashMap<&'a str, String>,
}

impl Host for Machine<'_> {
    fn home_of(&self, _user: Option<&str>) -> Option<PathBuf> {
        None
    }

    fn read(&self, path: &Path) -> FileContent {
        let text = |text: &str| {
            FileContent::Bytes(
                text.replace("$SSO", SSO)
                    .replace("$KEYS", KEYS)
                    .replace("$SESSION", SESSION)
                    .replace("$PROCESS", PROCESS)
                    .replace("$ROLE", ROLE)
                    .into_bytes(),
            )
        };
        match path.to_str().unwrap() {
            "/h/.aws/config" => text(self.given.0),
            "/h/.aws/credentials" => text(self.given.1),
            other => self.files.get(other).map_or(FileContent::Absent, |t| {
                FileContent::Bytes(t.clone().into_bytes())
            }),
        }
    }

    fn read_cache(&self, path: &Path, whole: &dyn Fn(&[u8]) -> bool) -> FileContent {
        match self.read(path) {
            FileContent::Bytes(bytes) if !whole(&bytes) => FileContent::Partial,
            content => content,
        }
    }

    fn has_program(&self, name: &str) -> bool {
        !name.contains("gone") && !name.starts_with(['~', '$'])
    }

    fn local_time(&self, wall: Epoch) -> Epoch {
        wall.minus(Seconds(3600))
    }

    fn is_ec2(&self) -> bool {
        self.files.contains_key("ec2")
    }
}

/// A tool's decision and region. Both ways of reading the files must agree.
fn tell(
    tool: Tool,
    given: &Given<'_>,
    files: &HashMap<&str, String>,
) -> (Decision, Option<Region>) {
    let mut env = Env::from_iter(given.2.iter().copied()).with("HOME", "/h");
    if !files.contains_key("ec2") {
        env = env.with("AWS_EC2_METADATA_DISABLED", "true");
    }
    let host = Machine { given, files };
    let inputs = Inputs {
        env: &env,
        profile: given.3,
        now: NOW,
        host: &host,
    };
    let whole = tool.read_files(&env, &host);
    let decision = tool.explain(&inputs, &whole);
    if tool == Tool::Cli {
        let lazy = cli_files(&env, &host);
        let short = tool.decide(&inputs, &lazy);
        assert_eq!(short.outcome, decision.outcome);
        assert_eq!(tool.region(&inputs, &lazy), tool.region(&inputs, &whole));
    }
    let region = tool.region(&inputs, &whole);
    (decision, region)
}

/// The chain in a word: `sso p > assume-role q`, or `!` and the code of the error.
fn word(decision: &Decision) -> String {
    match &decision.outcome {
        Ok(winner) => winner
            .chain
            .iter()
            .map(|link| {
                format!(
                    "{} {}",
                    link.provider.name(),
                    link.profile.as_deref().unwrap_or("-")
                )
            })
            .collect::<Vec<_>>()
            .join(" > "),
        Err(error) => format!("!{}", error.code),
    }
}

/// One row: the results of `cli boto3 rust js go java`; `=` is the same as the previous one.
fn check(about: &str, given: &Given<'_>, wanted: &str) {
    let mut last = String::new();
    let wanted: Vec<&str> = wanted.split('|').map(str::trim).collect();
    assert_eq!(wanted.len(), Tool::ALL.len(), "{about}");
    for (tool, wanted) in Tool::ALL.into_iter().zip(wanted) {
        let (decision, _) = tell(tool, given, &HashMap::new());
        if wanted != "=" {
            last = wanted.to_owned();
        }
        assert_eq!(
            word(&decision),
            last,
            "{about}: {}: {decision:#?}",
            tool.name()
        );
    }
}

const P: &[(&str, &str)] = &[("AWS_PROFILE", "p")];

#[test]
fn each_tool_takes_its_own_pick_of_a_profile_with_several_sources() {
    for (about, config, credentials, wanted) in [
        (
            "nothing",
            "[profile p]\nregion = x\n",
            "",
            "!no-credentials | = | = | = | = | =",
        ),
        (
            "SSO and keys",
            "[profile p]\n$SSO$KEYS$SESSION",
            "",
            "sso p | = | = | config-file p | = | !login-needed",
        ),
        (
            "a process and keys in config",
            "[profile p]\n$PROCESS$KEYS",
            "",
            "custom-process p | = | = | config-file p | = | custom-process p",
        ),
        (
            "a process, and keys in credentials",
            "[profile p]\n$PROCESS",
            "[p]\n$KEYS",
            "shared-credentials-file p | = | custom-process p | shared-credentials-file p | = | custom-process p",
        ),
        (
            "a role and keys",
            "[profile p]\n$ROLEsource_profile = q\n$KEYS[profile q]\n$KEYS",
            "",
            "config-file q > assume-role p | = | = | = | = | =",
        ),
        (
            "login and a process",
            "[profile p]\nlogin_session = l\n$PROCESS",
            "",
            "login p | = | = | custom-process p | = | =",
        ),
        (
            "SSO and a process",
            "[profile p]\n$SSO$PROCESS$SESSION",
            "",
            "sso p | = | = | custom-process p | sso p | !login-needed",
        ),
        (
            "web identity and SSO",
            "[profile p]\n$ROLEweb_identity_token_file = /t\n$SSO$SESSION",
            "",
            "assume-role-with-web-identity p | = | = | = | = | !token-file-missing",
        ),
        (
            "keys split over the files",
            "[profile p]\naws_secret_access_key = S",
            "[p]\naws_access_key_id = A",
            "!partial-credentials | = | shared-credentials-file p | = | = | =",
        ),
        (
            "an id alone",
            "[profile p]\naws_access_key_id = A",
            "",
            "!partial-credentials | = | = | !no-credentials | = | !partial-credentials",
        ),
        (
            "a secret alone",
            "[profile p]\naws_secret_access_key = S",
            "",
            "!no-credentials | = | !partial-credentials | !no-credentials | = | =",
        ),
        (
            "a role with keys and no source",
            "[profile p]\n$ROLE$KEYS",
            "",
            "!role-without-source | = | = | config-file p | config-file p > assume-role p | config-file p",
        ),
    ] {
        check(about, &Given(config, credentials, P, None), wanted);
    }
}

#[test]
fn sources_of_roles_are_followed_as_each_tool_does() {
    for (about, config, wanted) in [
        (
            "SSO as a source",
            "[profile p]\n$ROLEsource_profile = q\n[profile q]\n$SSO$SESSION",
            "sso q > assume-role p | = | = | = | = | =",
        ),
        (
            "a chain",
            "[profile p]\n$ROLEsource_profile = q\n[profile q]\n$ROLEsource_profile = r\n[profile r]\n$KEYS",
            "config-file r > assume-role q > assume-role p | = | = | = | = | =",
        ),
        (
            "keys of a source before its role",
            "[profile p]\n$ROLEsource_profile = q\n[profile q]\n$ROLE$KEYSsource_profile = r\n[profile r]\n$PROCESS",
            "config-file q > assume-role p | = | = | = | = | custom-process r > assume-role q > assume-role p",
        ),
        (
            "itself, with keys",
            "[profile p]\n$ROLE$KEYSsource_profile = p",
            "config-file p > assume-role p | = | = | = | = | !source-profile-loop",
        ),
        (
            "itself, with a process",
            "[profile p]\n$ROLE$PROCESSsource_profile = p",
            "!source-profile-loop | = | custom-process p > assume-role p | custom-process p | !multiple-sources | !source-profile-loop",
        ),
        (
            "a circle",
            "[profile p]\n$ROLEsource_profile = q\n[profile q]\n$ROLEsource_profile = p",
            "!source-profile-loop | = | = | = | !source-profile-without-credentials | !source-profile-loop",
        ),
        (
            "a circle to keys",
            "[profile p]\n$ROLE$KEYSsource_profile = q\n[profile q]\n$ROLEsource_profile = p",
            "!source-profile-loop | = | = | config-file p > assume-role q > assume-role p | = | !source-profile-loop",
        ),
        (
            "a source that is not there",
            "[profile p]\n$ROLEsource_profile = q",
            "!source-profile-not-found | = | = | = | = | =",
        ),
        (
            "a source without credentials",
            "[profile p]\n$ROLEsource_profile = q\n[profile q]\nregion = x",
            "!source-profile-without-credentials | = | = | = | = | =",
        ),
        (
            "no source",
            "[profile p]\n$ROLE",
            "!role-without-source | = | = | !no-credentials | = | =",
        ),
        (
            "both sources",
            "[profile p]\n$ROLEsource_profile = q\ncredential_source = Environment\n[profile q]\n$KEYS",
            "!role-with-both-sources | = | = | !no-credentials | !multiple-sources | !role-with-both-sources",
        ),
        (
            "mfa",
            "[profile p]\n$ROLEsource_profile = q\nmfa_serial = m\n[profile q]\n$KEYS",
            "config-file q > assume-role p | = | = | !mfa-needed | = | config-file q > assume-role p",
        ),
        (
            "a source in another case",
            "[profile p]\n$ROLEcredential_source = ECSCONTAINER",
            "!credential-source-unknown | = | !credential-source-empty | !credential-source-unknown | = | !credential-source-empty",
        ),
        (
            "a source that is empty",
            "[profile p]\n$ROLEcredential_source = Environment",
            "!credential-source-empty | = | = | = | = | =",
        ),
        (
            "a source without a role",
            "[profile p]\ncredential_source = Environment",
            "!no-credentials | = | !credential-source-empty | !no-credentials | !role-arn-missing | !no-credentials",
        ),
    ] {
        check(about, &Given(config, "", P, None), wanted);
    }
}

#[test]
fn sso_profiles_are_taken_apart_as_each_tool_does() {
    let legacy = "sso_account_id = 1\nsso_role_name = R\nsso_start_url = https://x\nsso_region = eu-west-1\n";
    for (about, config, wanted) in [
        (
            "legacy",
            format!("[profile p]\n{legacy}"),
            "sso p | = | = | = | = | !login-needed",
        ),
        (
            "a session alone",
            format!("[profile p]\nsso_session = s\n{SESSION}"),
            "!no-credentials | = | !sso-token-only | !sso-incomplete | sso p | !sso-incomplete",
        ),
        (
            "start URL and region alone",
            "[profile p]\nsso_start_url = https://x\nsso_region = r\n".into(),
            "!no-credentials | = | !sso-token-only | !sso-incomplete | = | =",
        ),
        (
            "account without role",
            format!("[profile p]\nsso_session = s\nsso_account_id = 1\n{SESSION}"),
            "!sso-incomplete | = | !sso-role-incomplete | !sso-incomplete | sso p | !sso-incomplete",
        ),
        (
            "no such session",
            format!("[profile p]\n{SSO}"),
            "!sso-session-not-found | = | = | = | = | =",
        ),
        (
            "the same value repeated",
            format!("[profile p]\n{SSO}sso_region = eu-west-1\n{SESSION}"),
            "sso p | = | !sso-redundant-keys | sso p | = | !login-needed",
        ),
        (
            "another value",
            format!("[profile p]\n{SSO}sso_region = us-east-1\n{SESSION}"),
            "!sso-inconsistent | = | !sso-redundant-keys | sso p | !sso-inconsistent | =",
        ),
        (
            "another case",
            format!("[profile p]\n{SSO}sso_start_url = HTTPS://X\n{SESSION}"),
            "!sso-inconsistent | = | !sso-redundant-keys | sso p | !sso-inconsistent | !login-needed",
        ),
        (
            "a session without a region",
            format!("[profile p]\n{SSO}[sso-session s]\nsso_start_url = https://x"),
            "!sso-incomplete | = | = | = | = | =",
        ),
    ] {
        check(about, &Given(&config, "", P, None), wanted);
    }
}

#[test]
fn keys_in_the_environment_and_a_profile() {
    let keys = [("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "S")];
    let with = |more: &[(&'static str, &'static str)]| [&keys, more].concat();
    let config = "[profile p]\n$PROCESS";
    for (about, vars, profile, wanted) in [
        ("keys alone", with(&[]), None, "env - | = | = | = | = | ="),
        (
            "a variable names a profile",
            with(P),
            None,
            "env - | = | = | custom-process p | env - | =",
        ),
        (
            "the tool is told a profile",
            with(&[]),
            Some("p"),
            "custom-process p | = | env - | custom-process p | = | env -",
        ),
        (
            "no such profile",
            with(&[("AWS_PROFILE", "x")]),
            None,
            "!profile-not-found | = | env - | !profile-not-found | = | env -",
        ),
        (
            "no such profile, by the other variable",
            with(&[("AWS_DEFAULT_PROFILE", "x")]),
            None,
            "!profile-not-found | = | env - | = | = | =",
        ),
        (
            "an id alone",
            vec![("AWS_ACCESS_KEY_ID", "E"), ("AWS_PROFILE", "p")],
            None,
            "!partial-credentials | = | custom-process p | = | = | =",
        ),
        (
            "a secret alone",
            vec![("AWS_SECRET_ACCESS_KEY", "S"), ("AWS_PROFILE", "p")],
            None,
            "custom-process p | = | = | = | = | =",
        ),
        (
            "blanks",
            vec![
                ("AWS_ACCESS_KEY_ID", " "),
                ("AWS_SECRET_ACCESS_KEY", " "),
                ("AWS_PROFILE", "p"),
            ],
            None,
            "env - | = | custom-process p | = | env - | custom-process p",
        ),
        (
            "Go's old names",
            vec![
                ("AWS_ACCESS_KEY", "E"),
                ("AWS_SECRET_KEY", "S"),
                ("AWS_PROFILE", "p"),
            ],
            None,
            "custom-process p | = | = | = | env - | custom-process p",
        ),
        (
            "Rust's other name",
            vec![("AWS_ACCESS_KEY_ID", "E"), ("SECRET_ACCESS_KEY", "S")],
            None,
            "!partial-credentials | = | env - | !no-credentials | = | =",
        ),
        (
            "a date that is none",
            with(&[("AWS_CREDENTIAL_EXPIRATION", "soon")]),
            None,
            "!invalid-expiry | = | env - | = | = | =",
        ),
    ] {
        check(about, &Given(config, "", &vars, profile), wanted);
    }
}

#[test]
fn web_identity_and_containers_of_the_environment() {
    let web = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"),
        ("AWS_ROLE_ARN", "r"),
        ("AWS_PROFILE", "p"),
    ];
    for (about, config, vars, wanted) in [
        (
            "over keys of the profile",
            "[profile p]\n$KEYS",
            &web[..],
            "assume-role-with-web-identity - | = | config-file p | = | assume-role-with-web-identity - | config-file p",
        ),
        (
            "after a role of the profile",
            "[profile p]\n$ROLEsource_profile = q\n[profile q]\n$KEYS",
            &web[..],
            "config-file q > assume-role p | = | = | = | assume-role-with-web-identity - | config-file q > assume-role p",
        ),
        (
            "without a role",
            "[profile p]\n$KEYS",
            &web[..1],
            "!web-identity-without-role | = | !no-credentials | = | !web-identity-without-role | !no-credentials",
        ),
        (
            "an empty file name puts the profile's aside",
            "[profile p]\n$ROLEweb_identity_token_file = /t",
            &[("AWS_WEB_IDENTITY_TOKEN_FILE", ""), ("AWS_PROFILE", "p")],
            "!no-credentials | = | assume-role-with-web-identity p | = | = | !token-file-missing",
        ),
        (
            "a container after the profile",
            "[profile p]\n$KEYS",
            &[
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x"),
                ("AWS_PROFILE", "p"),
            ],
            "config-file p | = | = | = | = | =",
        ),
        (
            "a container",
            "",
            &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")],
            "container-role - | = | = | = | = | =",
        ),
        (
            "an empty container",
            "",
            &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "")],
            "container-role - | = | = | !no-credentials | = | container-role -",
        ),
    ] {
        check(about, &Given(config, "", vars, None), wanted);
    }
}

#[test]
fn the_profile_is_selected_as_each_tool_does() {
    let config = "[default]\n$KEYS[profile a]\n$KEYS[profile b]\n$KEYS";
    for (vars, wanted) in [
        (&[][..], "default|default|default|default|default|default"),
        (&[("AWS_PROFILE", "a")], "a|a|a|a|a|a"),
        (
            &[("AWS_DEFAULT_PROFILE", "b")],
            "b|b|default|default|b|default",
        ),
        (
            &[("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")],
            "a|b|a|a|a|a",
        ),
        (&[("AWS_PROFILE", "")], "!|!|!|default|default|!"),
        (
            &[("AWS_PROFILE", ""), ("AWS_DEFAULT_PROFILE", "b")],
            "!|b|!|default|b|!",
        ),
    ] {
        for (tool, wanted) in Tool::ALL.into_iter().zip(wanted.split('|')) {
            let (decision, _) = tell(tool, &Given(config, "", vars, None), &HashMap::new());
            let found = match decision.outcome {
                Err(_) => "!".to_owned(),
                Ok(_) => decision.profile,
            };
            assert_eq!(found, wanted, "{}: {vars:?}", tool.name());
        }
    }
}

#[test]
fn the_region_is_selected_as_each_tool_does() {
    let config = "[profile p]\nrole_arn = x\nsource_profile = q\n[profile q]\n$KEYSregion = source\n[profile r]\n$KEYSregion = r\nsso_region = not-this\n[default]\nregion = not-that-either";
    let (region, default) = (("AWS_REGION", "one"), ("AWS_DEFAULT_REGION", "two"));
    let r = ("AWS_PROFILE", "r");
    for (vars, wanted) in [
        (&[r][..], "r|r|r|r|r|r"),
        (&[r, region], "one|r|one|one|one|one"),
        (&[r, default], "two|two|two|r|two|r"),
        (&[r, region, default], "one|two|one|one|one|one"),
        (&[r, ("AWS_REGION", "")], "|r|||r|"),
        (P, "-|-|source|-|-|-"),
    ] {
        for (tool, wanted) in Tool::ALL.into_iter().zip(wanted.split('|')) {
            let (_, region) = tell(tool, &Given(config, "", vars, None), &HashMap::new());
            let found = region.map_or("-".to_owned(), |r| r.value);
            assert_eq!(found, wanted, "{}: {vars:?}", tool.name());
        }
    }
}

#[test]
fn a_file_that_a_tool_refuses_is_its_error() {
    let twice = "[profile p]\n$KEYS[profile p]\nregion = x\n";
    let broken = "[profile p]\n$KEYSno delimiter\n";
    let keys = &[
        ("AWS_PROFILE", "p"),
        ("AWS_ACCESS_KEY_ID", "E"),
        ("AWS_SECRET_ACCESS_KEY", "S"),
    ][..];
    for (about, config, vars, wanted) in [
        (
            "a section twice",
            twice,
            P,
            "!config-parse | = | config-file p | = | = | =",
        ),
        (
            "a line without =",
            broken,
            P,
            "!config-parse | = | = | config-file p | !config-parse | =",
        ),
        (
            "the same, with keys in the environment",
            broken,
            keys,
            "!config-parse | = | env - | config-file p | !config-parse | env -",
        ),
    ] {
        check(about, &Given(config, "", vars, None), wanted);
    }
    let (decision, _) = tell(Tool::Cli, &Given(broken, "", P, None), &HashMap::new());
    let location = decision.outcome.unwrap_err().location.unwrap();
    assert_eq!(location.to_string(), "/h/.aws/config:4");
}

#[test]
fn a_login_that_is_over_is_warned_of_and_the_aws_clis_cache_makes_up_for_it() {
    let config = "[profile p]\n$SSO$SESSION";
    let given = Given(config, "", P, None);
    let path = |p: PathBuf| p.to_str().unwrap().to_owned();
    let token_path = path(cache::sso_token(Path::new("/h"), "s"));
    let role_path = path(cache::sso_role(Path::new("/h"), "1", "R", "s", false));
    let token = |at: &str| format!(r#"{{"accessToken":"t","expiresAt":"{at}"}}"#);
    let role = |at: &str| format!(r#"{{"Credentials":{{"AccessKeyId":"A","Expiration":"{at}"}}}}"#);
    let (past, soon, future) = (
        NOW.minus(Seconds(60)),
        NOW.plus(Seconds(60)),
        NOW.plus(Seconds(3600)),
    );
    for (about, token_end, role_end, cli, boto3) in [
        (
            "no token",
            None,
            None,
            Some(Code::LoginNeeded),
            Some(Code::LoginNeeded),
        ),
        ("a live token", Some(future), None, None, None),
        (
            "a dead token",
            Some(past),
            None,
            Some(Code::LoginNeeded),
            Some(Code::LoginNeeded),
        ),
        (
            "a dead token, a cached role",
            Some(past),
            Some(future),
            Some(Code::CachedRole),
            Some(Code::LoginNeeded),
        ),
        (
            "no token, a cached role",
            None,
            Some(future),
            Some(Code::CachedRole),
            Some(Code::LoginNeeded),
        ),
        (
            "a cached role near its end",
            None,
            Some(soon),
            Some(Code::LoginNeeded),
            Some(Code::LoginNeeded),
        ),
    ] {
        let mut files = HashMap::new();
        if let Some(end) = token_end {
            files.insert(token_path.as_str(), token(&end.iso()));
        }
        if let Some(end) = role_end {
            files.insert(role_path.as_str(), role(&end.iso()));
        }
        for (tool, wanted) in [(Tool::Cli, cli), (Tool::Boto3, boto3)] {
            let (decision, _) = tell(tool, &given, &files);
            let found = decision
                .warnings
                .iter()
                .map(|w| w.code)
                .find(|c| matches!(*c, Code::LoginNeeded | Code::CachedRole));
            assert_eq!(found, wanted, "{about}: {}", tool.name());
            assert_eq!(word(&decision), "sso p", "{about}");
        }
    }
}

#[test]
fn every_step_has_a_verdict_and_at_most_one_is_used() {
    for tool in Tool::ALL {
        let (decision, _) = tell(
            tool,
            &Given("[profile p]\n$KEYS$PROCESS", "", P, None),
            &HashMap::new(),
        );
        let used: Vec<_> = decision
            .steps
            .iter()
            .filter(|s| s.verdict == Verdict::Used)
            .collect();
        assert_eq!(used.len(), 1, "{}", tool.name());
        let after = decision
            .steps
            .iter()
            .skip_while(|s| s.verdict != Verdict::Used)
            .skip(1);
        assert!(
            after.clone().count() > 0 && after.clone().all(|s| s.verdict == Verdict::NotReached)
        );
        assert!(decision.steps.iter().all(|s| !s.reason.is_empty()));
    }
}

/// The expiry that the AWS CLI's chain finds.
fn expiry(given: &Given<'_>, files: &HashMap<&str, String>) -> Expiry {
    let (decision, _) = tell(Tool::Cli, given, files);
    decision.outcome.expect("credentials").expiry
}

fn at(moment: Epoch) -> Expiry {
    Expiry::At {
        at: moment,
        renewable_until: None,
    }
}

#[test]
fn keys_in_a_file_expire_only_with_a_session_token() {
    let token = "aws_session_token = t\n";
    let old_token = "aws_security_token = t\n";
    // 2027-01-15T08:00:00Z
    let utc = Epoch(1_800_000_000);
    for (about, keys, wanted) in [
        ("long-term", String::new(), Expiry::Never),
        (
            "long-term, with a date",
            "expiration = 2020-01-01 00:00:00\n".into(),
            Expiry::Never,
        ),
        (
            "no date",
            token.into(),
            Expiry::Unknown(UnknownReason::NoDate),
        ),
        (
            "aws-mfa: no zone is UTC",
            format!("{token}expiration = 2027-01-15 08:00:00\n"),
            at(utc),
        ),
        (
            "awsume: no zone is local time",
            format!("{token}manager = awsume\nexpiration = 2027-01-15 08:00:00\n"),
            at(utc.minus(Seconds(3600))),
        ),
        (
            "aws-google-auth",
            format!("{old_token}aws_session_expiration = 2027-01-15T08:00:00+0000\n"),
            at(utc),
        ),
        (
            "okta-awscli",
            format!("{token}aws_session_expiration = 2027-01-15 08:00:00+00:00\n"),
            at(utc),
        ),
        (
            "yawsso, which writes the offset twice",
            format!("{token}aws_session_expiration = 2027-01-15T08:00:00+00:00+0000\n"),
            at(utc),
        ),
        (
            "gsts",
            format!("{token}aws_session_expiration = 2027-01-15T08:00:00.000Z\n"),
            at(utc),
        ),
        (
            "aws-azure-login",
            format!("{token}aws_expiration = 2027-01-15T08:00:00.000Z\n"),
            at(utc),
        ),
        (
            "aws-azure-login, empty",
            format!("{token}aws_expiration =\n"),
            Expiry::Unknown(UnknownReason::NoDate),
        ),
        (
            "saml2aws",
            format!("{token}x_security_token_expires = 2027-01-15T09:00:00+01:00\n"),
            at(utc),
        ),
        (
            "asked for",
            format!("{token}aws_credential_expiration = 2027-01-15T08:00:00+00:00\n"),
            at(utc),
        ),
        (
            "not a date",
            format!("{token}expiration = soon\n"),
            Expiry::Unknown(UnknownReason::Date),
        ),
    ] {
        let section = format!("[p]\n{KEYS}{keys}");
        let given = Given("", &section, P, None);
        assert_eq!(expiry(&given, &HashMap::new()), wanted, "{about}");
    }
    // A token or a date in the other file does not belong to these keys.
    let given = Given(
        "[profile p]\naws_session_token = t\nexpiration = 2020-01-01 00:00:00\n",
        "[p]\n$KEYS",
        P,
        None,
    );
    assert_eq!(expiry(&given, &HashMap::new()), Expiry::Never);
}

#[test]
fn keys_in_the_environment_expire_by_the_variable_of_whoever_set_them() {
    let k = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "S")];
    let t = ("AWS_SESSION_TOKEN", "t");
    let past = "2020-01-01T00:00:00Z";
    let past_at = Epoch(1_577_836_800);
    let leftover = |var| Expiry::Unknown(UnknownReason::LeftoverDate(var));
    use crate::aws::env_vars::{AWS_SESSION_EXPIRATION, AWSUME_EXPIRATION};
    for (about, more, wanted) in [
        ("long-term", vec![], Expiry::Never),
        (
            "long-term, another tool's date",
            vec![("AWS_SESSION_EXPIRATION", past)],
            Expiry::Never,
        ),
        (
            "long-term, the date that the AWS CLI obeys",
            vec![("AWS_CREDENTIAL_EXPIRATION", past)],
            at(past_at),
        ),
        ("no date", vec![t], Expiry::Unknown(UnknownReason::NoDate)),
        (
            "the AWS CLI's date counts alone",
            vec![
                t,
                ("AWS_CREDENTIAL_EXPIRATION", "2027-01-15T08:00:00Z"),
                ("AWS_SESSION_EXPIRATION", past),
            ],
            at(NOW),
        ),
        (
            "aws-vault 6",
            vec![t, ("AWS_VAULT", "v"), ("AWS_SESSION_EXPIRATION", past)],
            at(past_at),
        ),
        (
            "granted",
            vec![
                t,
                ("GRANTED_SSO", "false"),
                ("AWS_SESSION_EXPIRATION", past),
            ],
            at(past_at),
        ),
        (
            "left over by aws-vault",
            vec![t, ("AWS_SESSION_EXPIRATION", past)],
            leftover(&AWS_SESSION_EXPIRATION),
        ),
        (
            "left over, and ahead",
            vec![t, ("AWS_SESSION_EXPIRATION", "2027-01-15T09:00:00Z")],
            at(NOW.plus(Seconds(3600))),
        ),
        (
            "awsume: local time",
            vec![
                t,
                ("AWSUME_PROFILE", "a"),
                ("AWSUME_EXPIRATION", "2027-01-15T09:00:00"),
            ],
            at(NOW),
        ),
        (
            "left over by awsume",
            vec![t, ("AWSUME_EXPIRATION", "2020-01-01T00:00:00")],
            leftover(&AWSUME_EXPIRATION),
        ),
        (
            "aws-sso-cli",
            vec![
                t,
                ("AWS_SSO_PROFILE", "s"),
                ("AWS_SSO_SESSION_EXPIRATION", "2027-01-15T08:00:00+00:00"),
            ],
            at(NOW),
        ),
        (
            "not a date",
            vec![t, ("AWS_VAULT", "v"), ("AWS_SESSION_EXPIRATION", "soon")],
            Expiry::Unknown(UnknownReason::Date),
        ),
    ] {
        let vars: Vec<_> = k.iter().copied().chain(more).collect();
        let given = Given("", "", &vars, None);
        assert_eq!(expiry(&given, &HashMap::new()), wanted, "{about}");
    }
}

#[test]
fn cached_role_credentials_count_as_the_aws_cli_counts_them() {
    let arn = "arn:aws:iam::1:role/X";
    let path = |call| {
        cache::assumed_role(Path::new("/h"), call)
            .to_str()
            .unwrap()
            .to_owned()
    };
    let plain = path(RoleCall {
        role_arn: arn,
        ..RoleCall::default()
    });
    let with_mfa = path(RoleCall {
        role_arn: arn,
        mfa_serial: Some("m"),
        ..RoleCall::default()
    });
    let token = cache::sso_token(Path::new("/h"), "s")
        .to_str()
        .unwrap()
        .to_owned();
    let role = |at: Epoch| {
        format!(
            r#"{{"Credentials":{{"AccessKeyId":"A","Expiration":"{}"}}}}"#,
            at.iso()
        )
    };
    let live = |at: Epoch| format!(r#"{{"accessToken":"t","expiresAt":"{}"}}"#, at.iso());
    let hours = |n: i64| NOW.plus(Seconds(n * 3600));
    // The AWS CLI uses them while at least 15 minutes are left, to the second.
    let cached = |at: Epoch| self::at(at.minus(Seconds(15 * 60 - 1)));
    let config = "[profile p]\n$ROLEsource_profile = q\n[profile q]\n$SSO$SESSION";
    let mfa = "[profile p]\n$ROLEsource_profile = q\nmfa_serial = m\n[profile q]\n$SSO$SESSION";
    let chain = "[profile p]\nrole_arn = arn:aws:iam::2:role/Top\nsource_profile = m\n[profile m]\n$ROLEsource_profile = q\n[profile q]\n$SSO$SESSION";
    for (about, config, files, wanted) in [
        (
            "a live login decides",
            config,
            vec![(&token, live(hours(1))), (&plain, role(hours(5)))],
            at(hours(1)),
        ),
        ("no login", config, vec![], Expiry::NoLogin),
        (
            "no login, a cached role",
            config,
            vec![(&plain, role(hours(5)))],
            cached(hours(5)),
        ),
        (
            "a dead login, a cached role",
            config,
            vec![(&token, live(hours(-1))), (&plain, role(hours(5)))],
            cached(hours(5)),
        ),
        (
            "a cached role that the AWS CLI no longer uses",
            config,
            vec![(&plain, role(NOW.plus(Seconds(899))))],
            Expiry::NoLogin,
        ),
        (
            "a cached role that it just still uses",
            config,
            vec![(&plain, role(NOW.plus(Seconds(900))))],
            at(NOW.plus(Seconds(1))),
        ),
        (
            "in the middle of a chain",
            chain,
            vec![(&plain, role(hours(5)))],
            cached(hours(5)),
        ),
        (
            "MFA, nothing cached",
            mfa,
            vec![(&token, live(hours(1)))],
            Expiry::Mfa,
        ),
        (
            "MFA, cached",
            mfa,
            vec![(&token, live(hours(1))), (&with_mfa, role(hours(5)))],
            cached(hours(5)),
        ),
        ("MFA, no login", mfa, vec![], Expiry::NoLogin),
        (
            "MFA, no login, cached",
            mfa,
            vec![(&with_mfa, role(hours(5)))],
            cached(hours(5)),
        ),
    ] {
        let files = files.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
        let given = Given(config, "", P, None);
        assert_eq!(expiry(&given, &files), wanted, "{about}");
    }
}

#[test]
#[rustfmt::skip]
fn what_the_aws_cli_refuses_is_refused() {
    let process = |text: &str| format!("[profile p]\ncredential_process = {text}\n");
    let named = |source: &str| format!("[profile p]\n{ROLE}credential_source = {source}\n");
    for (about, config, vars, wanted) in [
        ("a program that exists", process("/bin/x a 'b c'"), vec![], "custom-process p"),
        ("one that does not", process("/gone/x"), vec![], "!process-not-found"),
        ("a tilde", process("~/bin/x"), vec![], "!process-not-found"),
        ("a variable", process("$HOME/bin/x"), vec![], "!process-not-found"),
        ("an open quote", process("x 'y"), vec![], "!process-not-found"),
        ("nothing", process(""), vec![], "!process-not-found"),
        ("no keys", named("Environment"), vec![], "!credential-source-empty"),
        ("no container", named("EcsContainer"), vec![], "!credential-source-empty"),
        ("no metadata", named("Ec2InstanceMetadata"), vec![], "!credential-source-empty"),
        ("the wrong case", named("environment"), vec![], "!credential-source-unknown"),
        ("a container", named("EcsContainer"), vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", "u")],
            "container-role - > assume-role p"),
        ("keys", named("Environment"), vec![("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "S")],
            "env -"),
        ("a comment after the region",
            format!("[profile p]\n{SSO}[sso-session s]\nsso_start_url = https://x\nsso_region = eu-west-1 # home\n"),
            vec![], "!sso-region-invalid"),
        ("only a session", format!("[profile p]\nsso_session = s\n{SESSION}"), vec![], "!no-credentials"),
    ] {
        let vars: Vec<_> = P.iter().copied().chain(vars).collect();
        let (decision, _) = tell(Tool::Cli, &Given(&config, "", &vars, None), &HashMap::new());
        assert_eq!(word(&decision), wanted, "{about}");
    }
}

#[test]
fn an_ec2_instance_may_have_a_role_and_only_its_metadata_service_knows() {
    let files = HashMap::from([("ec2", String::new())]);
    let given = Given("[profile p]\nregion = x\n", "", P, None);
    assert_eq!(
        expiry(&given, &files),
        Expiry::Unknown(UnknownReason::InstanceRole)
    );
    let given = Given("[profile p]\n$PROCESS", "", P, None);
    assert_eq!(
        expiry(&given, &files),
        Expiry::RenewedBy(RenewedBy::Process)
    );
}

#[test]
fn a_long_chain_is_followed_without_recursion_and_refused_where_botocore_stops() {
    let chain = |n: usize| {
        let role = |i: usize| {
            format!(
                "[profile p{i}]\nrole_arn = arn:aws:iam::1:role/R{i}\nsource_profile = p{}\n",
                i + 1
            )
        };
        (0..n).map(role).collect::<String>() + &format!("[profile p{n}]\n{KEYS}")
    };
    let decision = |tool, n: usize| {
        let config = chain(n);
        tell(
            tool,
            &Given(&config, "", &[("AWS_PROFILE", "p0")], None),
            &HashMap::new(),
        )
        .0
    };
    let long = decision(Tool::Rust, 5_000).outcome.unwrap();
    assert_eq!(long.chain.len(), 5_001);
    assert_eq!(decision(Tool::Cli, 200).outcome.unwrap().chain.len(), 201);
    let refused = decision(Tool::Cli, 400).outcome.unwrap_err();
    assert_eq!(refused.code, Code::RoleChainTooLong);
}
