//! The badge and `status` against botocore: for every combination of profile keys, for every kind of profile beside
//! every variable of the chain, and for the random cases of the chains' own test. Source and refusal have to be
//! botocore's; state, class and exit code follow from them.

use crate::chain::{answers_of_boto3, boto3, folder, lay};
use crate::support::library::cache;
use crate::support::{binary, expires_in, installed, unreachable};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One case in a home of its own.
struct Case {
    /// What tells it from the others.
    about: String,
    env: BTreeMap<String, String>,
    profile: Option<&'static str>,
    files: String,
}

/// The keys of which every subset of up to five is tried, as lines of the config or the credentials file.
const KEYS: [(&str, &str, &str); 12] = [
    ("start url", "sso_start_url = https://x.example/start\n", ""),
    ("sso region", "sso_region = eu-west-1\n", ""),
    ("account", "sso_account_id = 111111111111\n", ""),
    ("role name", "sso_role_name = Admin\n", ""),
    ("session", "sso_session = s\n", ""),
    ("role", "role_arn = arn:aws:iam::12:role/p\n", ""),
    ("source", "source_profile = base\n", ""),
    (
        "process",
        "credential_process = echo '{\"Version\":1,\"AccessKeyId\":\"P\",\"SecretAccessKey\":\"s\"}'\n",
        "",
    ),
    ("web identity", "web_identity_token_file = HOME/token\n", ""),
    ("login", "login_session = arn:aws:iam::12:user/live\n", ""),
    (
        "keys in credentials",
        "",
        "aws_access_key_id = AC\naws_secret_access_key = s\n",
    ),
    (
        "keys in config",
        "aws_access_key_id = AF\naws_secret_access_key = s\n",
        "",
    ),
];

const BESIDE: &str = "[profile base]\naws_access_key_id = AB\naws_secret_access_key = s\n\
                      [sso-session s]\nsso_start_url = https://x.example/start\nsso_region = eu-west-1\n";

/// The subsets of `0..count` with up to `most` members.
fn subsets(count: usize, most: u32) -> impl Iterator<Item = Vec<usize>> {
    (0..1u32 << count)
        .filter(move |bits| bits.count_ones() <= most)
        .map(move |bits| (0..count).filter(|i| bits & (1 << i) != 0).collect())
}

/// Lays a profile `p` of these keys into a home.
fn lay_profile(home: &Path, chosen: &[usize], vars: &[(&str, &str)]) -> Case {
    let home_text = home.to_str().unwrap();
    let text = |which: fn(&(&str, &str, &str)) -> String| -> String {
        let lines: String = chosen.iter().map(|&i| which(&KEYS[i])).collect();
        lines.replace("HOME", home_text)
    };
    let config = format!(
        "[profile p]\n{}{BESIDE}",
        text(|(_, config, _)| (*config).to_owned())
    );
    let keys = text(|(.., credentials)| (*credentials).to_owned());
    let credentials = match keys.as_str() {
        "" => String::new(),
        keys => format!("[p]\n{keys}"),
    };
    let expires = expires_in(3600);
    let token = json!({
        "startUrl": "https://x.example/start", "region": "eu-west-1", "accessToken": "t", "expiresAt": expires,
    })
    .to_string();
    let login = json!({
        "accessToken": {
            "accessKeyId": "L", "secretAccessKey": "s", "sessionToken": "t", "accountId": "12",
            "expiresAt": expires,
        },
        "tokenType": "aws_sigv4", "clientId": "c", "refreshToken": "r", "idToken": "i", "dpopKey": "k",
    })
    .to_string();
    let at = |path: PathBuf| path.to_str().unwrap().to_owned();
    let here = Path::new("");
    let files = [
        (".aws/config".to_owned(), config.as_str()),
        (".aws/credentials".to_owned(), credentials.as_str()),
        ("token".to_owned(), "web"),
        (at(cache::sso_token(here, "s")), &token),
        (
            at(cache::sso_token(here, "https://x.example/start")),
            &token,
        ),
        (
            at(cache::login_token(
                Path::new(".aws/login/cache"),
                "arn:aws:iam::12:user/live",
            )),
            &login,
        ),
    ];
    for (path, text) in &files {
        let path = home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut env: BTreeMap<String, String> = vars
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.replace("HOME", home_text)))
        .collect();
    env.insert("HOME".to_owned(), home_text.to_owned());
    env.insert("AWS_PROFILE".to_owned(), "p".to_owned());
    env.insert("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned());
    let names: Vec<&str> = chosen.iter().map(|&i| KEYS[i].0).collect();
    Case {
        about: format!("{} with {vars:?}", names.join(", ")),
        env,
        profile: None,
        files: format!("{config}\n--- credentials\n{credentials}"),
    }
}

/// What boto3 says of the cases, given the AWS CLI's order of the variables that name a profile.
fn ask_boto3(python: &Path, directory: &Path, cases: &[Case]) -> Vec<Value> {
    let given: Vec<Value> = cases
        .iter()
        .map(|case| {
            let mut env = case.env.clone();
            // boto3 looks at AWS_DEFAULT_PROFILE first, the AWS CLI at AWS_PROFILE.
            let (first, second) = (env.remove("AWS_PROFILE"), env.remove("AWS_DEFAULT_PROFILE"));
            env.extend(first.map(|value| ("AWS_DEFAULT_PROFILE".to_owned(), value)));
            env.extend(second.map(|value| ("AWS_PROFILE".to_owned(), value)));
            json!({ "env": env, "profile": case.profile })
        })
        .collect();
    let file = directory.join("cases.json");
    fs::write(&file, serde_json::to_string(&given).unwrap()).unwrap();
    serde_json::from_str(&answers_of_boto3(python, &file).unwrap()).unwrap()
}

/// `awsbadge status --json`, and its exit code.
fn status(case: &Case) -> (Value, i32) {
    let mut command = Command::new(binary());
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .envs(&case.env)
        .args(["status", "--json"]);
    // As `aws --profile`; a name in no file is an error of its own there.
    command.args(case.profile);
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (report, output.status.code().unwrap())
}

/// What `status` has to say where boto3 says this. `None` for what the order of providers does not decide.
struct Wanted {
    source: String,
    states: &'static [&'static str],
    code: Option<i32>,
}

fn wanted(boto3: &Value) -> Wanted {
    let refused = |states, code| Wanted {
        source: "none".to_owned(),
        states,
        code: Some(code),
    };
    if let Some(error) = boto3["error"].as_str() {
        return match error {
            "ProfileNotFound" => refused(&["no-such-profile"], 3),
            "LoginTokenLoadError" => Wanted {
                source: "login".to_owned(),
                states: &["no-login"],
                code: Some(5),
            },
            _ => refused(&["config-error"], 4),
        };
    }
    let chain = boto3["chain"].as_array().unwrap();
    let method = |link: Option<&Value>| link.map(|l| l[0].as_str().unwrap().to_owned());
    let (Some(base), Some(source)) = (method(chain.first()), method(chain.last())) else {
        return refused(&["no-credentials"], 1);
    };
    // The table of the design; a token may be missing, live, over, or absurdly far ahead.
    let states: &[&str] = match base.as_str() {
        "sso" => &["valid", "renewable", "no-login", "expired", "unknown"],
        "login" => &["valid", "unknown"],
        "custom-process" => &["process"],
        "container-role" => &["container"],
        "assume-role-with-web-identity" => &["web-identity", "no-login"],
        "env" | "shared-credentials-file" | "config-file" => {
            &["keys", "unknown", "expired", "valid", "mfa"]
        }
        other => panic!("{other}"),
    };
    Wanted {
        source,
        states,
        code: None,
    }
}

/// The class and the exit code that belong to a state.
fn class_and_code(state: &str, login: bool) -> (&'static str, i32) {
    match state {
        "valid" | "renewable" | "keys" | "process" | "container" | "web-identity" => ("ok", 0),
        "mfa" | "expiring" => ("warn", 0),
        "unknown" => ("unknown", 0),
        "config-error" => ("expired", 4),
        "no-such-profile" => ("expired", 3),
        "no-credentials" => ("expired", 1),
        "expired" | "no-login" if login => ("expired", 5),
        "expired" | "no-login" => ("expired", 1),
        other => panic!("{other}"),
    }
}

/// Compares all cases, and says how many were of each state.
fn compare(python: &Path, directory: &Path, cases: &[Case]) -> BTreeMap<String, usize> {
    let answers = ask_boto3(python, directory, cases);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (case, boto3) in cases.iter().zip(&answers) {
        let (report, code) = status(case);
        let want = wanted(boto3);
        // A profile that is named on the command line and is in no file is an error, not a report.
        if report.is_null() {
            let fine = code == 3 && want.code == Some(3) && case.profile.is_some();
            if !fine {
                wrong.push(format!("{}: no report, code {code}\n{boto3}", case.about));
            }
            continue;
        }
        let state = report["expiry"]["state"].as_str().unwrap();
        *seen.entry(state.to_owned()).or_default() += 1;
        let shadowed = !report["shadowed_by"].as_array().unwrap().is_empty();
        let (class, by_state) =
            class_and_code(state, !report["sso"].is_null() || want.source == "login");
        let class = match (class, shadowed) {
            ("ok", true) => "warn",
            (class, _) => class,
        };
        let agrees = report["source"] == want.source.as_str()
            && want.states.contains(&state)
            && want.code.is_none_or(|want| want == code)
            && code == by_state
            && report["class"] == class;
        if !agrees {
            wrong.push(format!(
                "{}: {:?}\nenvironment {:#?}\n{}\nboto3: {boto3}\nours, code {code}: {report:#}",
                case.about, case.profile, case.env, case.files
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases disagree, such as\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(3)].join("\n\n")
    );
    seen
}

/// Python with boto3, or a word on why there is none.
fn python() -> Option<PathBuf> {
    if !installed(&["python3"]) {
        return None;
    }
    boto3()
        .map_err(|why| unreachable(&format!("boto3 can't be installed: {why}")))
        .ok()
}

#[test]
fn every_combination_of_profile_keys_is_what_botocore_makes_of_it() {
    let Some(python) = python() else { return };
    let directory = folder("homes-subsets");
    let cases: Vec<Case> = subsets(KEYS.len(), 5)
        .enumerate()
        .map(|(number, chosen)| lay_profile(&directory.join(number.to_string()), &chosen, &[]))
        .collect();
    assert_eq!(cases.len(), 1586);
    let seen = compare(&python, &directory, &cases);
    for state in [
        "config-error",
        "no-credentials",
        "valid",
        "keys",
        "process",
        "web-identity",
    ] {
        assert!(seen.contains_key(state), "{state} never came: {seen:?}");
    }
}

#[test]
fn every_kind_of_profile_beside_every_variable_is_what_botocore_makes_of_it() {
    let Some(python) = python() else { return };
    let directory = folder("homes-pairs");
    let id = ("AWS_ACCESS_KEY_ID", "AE");
    let secret = ("AWS_SECRET_ACCESS_KEY", "s");
    let web = ("AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/token");
    let no_web = ("AWS_WEB_IDENTITY_TOKEN_FILE", "");
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::12:role/env");
    let full = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x");
    let relative = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    let variables: [&[(&str, &str)]; 16] = [
        &[],
        &[id, secret],
        &[id, secret, ("AWS_SESSION_TOKEN", "t")],
        &[id],
        &[secret],
        &[("AWS_ACCESS_KEY_ID", ""), secret],
        &[id, ("AWS_SECRET_ACCESS_KEY", "")],
        &[role],
        &[web],
        &[no_web],
        &[web, role],
        &[no_web, role],
        &[web, ("AWS_ROLE_ARN", "")],
        &[full],
        &[relative],
        &[full, web, role],
    ];
    let kinds: [&[usize]; 12] = [
        &[],
        &[0, 1, 2, 3],
        &[2, 3, 4],
        &[2, 4],
        &[4],
        &[5, 6],
        &[5],
        &[7],
        &[5, 8],
        &[8],
        &[9],
        &[10],
    ];
    let mut cases = Vec::new();
    for kind in kinds.into_iter().chain([&[11][..]]) {
        for vars in variables {
            let home = directory.join(cases.len().to_string());
            cases.push(lay_profile(&home, kind, vars));
        }
    }
    compare(&python, &directory, &cases);
}

#[test]
fn random_environments_and_files_are_what_botocore_makes_of_them() {
    let Some(python) = python() else { return };
    let directory = folder("homes-badge");
    let cases: Vec<Case> = lay(&directory)
        .into_iter()
        .enumerate()
        .map(|(number, laid)| {
            let (env, profile) = laid.environment();
            Case {
                about: format!("case {number}"),
                env: env.clone(),
                profile,
                files: laid.files(),
            }
        })
        .collect();
    compare(&python, &directory, &cases);
}
