//! The chains against the tools that they describe: boto3, the SDKs for JavaScript and Rust, the AWS CLI.
//!
//! A seeded generator makes configurations, environments and caches; boto3 and the two SDKs, installed below the
//! target directory by the test itself, say which credentials and which region they settle on. Every
//! difference is a failure, or stands in [`KNOWN`] with its reason.

use crate::support::library::{
    Decision, Diagnostic, Env, Epoch, FileContent, Host, Inputs, Link, Provider, Region, Tool,
    Winner, cache,
};
use crate::support::{Home, installed, unreachable};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/chain");

/// How many cases are made.
const CASES: usize = 800;

/// A difference that is meant.
struct Known {
    tool: Tool,
    holds: fn(&Answer, &Value) -> bool,
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        tool: Tool::Js,
        holds: |result, real| {
            real["message"] == "Region is missing"
                && result
                    .decision
                    .warnings
                    .iter()
                    .any(|w| w.code.name() == "empty-region")
        },
        why: "with an empty AWS_REGION the call for a role fails for want of a region: the chain is the same, and \
              the empty region is warned of",
    },
    Known {
        tool: Tool::Rust,
        holds: |result, real| {
            let over = |w: &Diagnostic| {
                w.code.name() == "login-needed" && w.message.contains("expired at")
            };
            result.decision.warnings.iter().any(over)
                && real["id"].as_str().is_some_and(|id| id.ends_with("SSO"))
        },
        why: "the token of a profile without a session is sent whatever its date, and only a real server refuses it",
    },
];

/// What a case consists of.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    config: String,
    credentials: String,
    /// Files relative to the home.
    files: BTreeMap<String, String>,
    env: BTreeMap<String, String>,
    profile: Option<&'static str>,
}

/// The dice.
struct Dice(TestRng);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }

    /// Whether a thing that happens so many times in a hundred happens.
    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

const PROFILES: [&str; 4] = ["default", "p", "q", "r"];

/// Writes what one profile may have into the two files.
fn profile(name: &str, dice: &mut Dice, case: &mut Case) {
    let mut config = String::new();
    let mut credentials = String::new();
    let mut put = |text: &str, in_credentials: bool| {
        let file = if in_credentials {
            &mut credentials
        } else {
            &mut config
        };
        writeln!(file, "{text}").unwrap();
    };
    // Most profiles have one source of credentials, some two or three, a few none.
    for _ in 0..dice.pick(&[0, 1, 1, 1, 1, 1, 2, 2, 3]) {
        match dice.below(8) {
            0 | 1 => {
                let both_in_credentials = dice.percent(60);
                let id_there = dice.percent(92);
                let secret_there = dice.percent(88);
                let split = dice.percent(8);
                if id_there {
                    put(
                        &format!("aws_access_key_id = AK{name}{}", dice.below(2)),
                        both_in_credentials,
                    );
                }
                if secret_there {
                    put("aws_secret_access_key = s", both_in_credentials != split);
                }
                if dice.percent(25) {
                    put("aws_session_token = t", both_in_credentials);
                }
            }
            2 | 3 => {
                put(&format!("role_arn = arn:aws:iam::12:role/{name}"), false);
                let source = dice.percent(75);
                if source {
                    let of = dice.pick(&["default", "p", "q", "r", "r", "gone", name]);
                    put(&format!("source_profile = {of}"), false);
                }
                if dice.percent(if source { 6 } else { 80 }) {
                    let named = dice.pick(&[
                        "Environment",
                        "Ec2InstanceMetadata",
                        "EcsContainer",
                        "environment",
                        "Nothing",
                    ]);
                    put(&format!("credential_source = {named}"), false);
                }
                if dice.percent(7) {
                    put("mfa_serial = arn:aws:iam::12:mfa/me", false);
                }
            }
            4 => {
                if dice.percent(80) {
                    put(&format!("role_arn = arn:aws:iam::12:role/{name}"), false);
                }
                let there = dice.pick(&["/token", "/token", "/gone"]);
                put(&format!("web_identity_token_file = HOME{there}"), false);
            }
            5 | 6 => {
                for (key, value, chance) in [
                    ("sso_account_id", "111111111111", 90),
                    ("sso_role_name", "Admin", 90),
                ] {
                    if dice.percent(chance) {
                        put(&format!("{key} = {value}"), false);
                    }
                }
                let session = dice.percent(60);
                if session {
                    let of = dice.pick(&["live", "live", "live", "dead", "short", "gone"]);
                    put(&format!("sso_session = {of}"), false);
                }
                let chance = if session { 12 } else { 85 };
                let url = dice.pick(&["live", "live", "dead", "other"]);
                if dice.percent(chance) {
                    put(
                        &format!("sso_start_url = https://{url}.example/start"),
                        false,
                    );
                }
                if dice.percent(chance) {
                    let region = dice.pick(&["eu-west-1", "eu-west-1", "us-east-1"]);
                    put(&format!("sso_region = {region}"), false);
                }
            }
            _ => match dice.below(3) {
                0 => put("login_session = arn:aws:iam::12:user/live", false),
                1 => put("login_session = arn:aws:iam::12:user/gone", false),
                _ => put(
                    r#"credential_process = echo '{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"s"}'"#,
                    dice.percent(20),
                ),
            },
        }
    }
    if dice.percent(40) {
        let region = dice.pick(&["eu-central-1", "ap-south-1", "us-west-2 # home"]);
        put(&format!("region = {region}"), dice.percent(15));
    }
    // A key that is there twice makes botocore refuse the file: that is the grammar's business, so the last one
    // stays alone but for a few cases.
    let (config, credentials) = if dice.percent(2) {
        (config, credentials)
    } else {
        (once(&config), once(&credentials))
    };
    if !config.is_empty() || dice.percent(50) {
        let header = match name {
            "default" => "[default]".to_owned(),
            name => format!("[profile {name}]"),
        };
        writeln!(case.config, "{header}\n{config}").unwrap();
    }
    if !credentials.is_empty() || dice.percent(5) {
        writeln!(case.credentials, "[{name}]\n{credentials}").unwrap();
    }
}

/// The lines with each key once.
fn once(lines: &str) -> String {
    let mut seen = Vec::new();
    lines
        .lines()
        .filter(|line| {
            let key = line.split(" = ").next().unwrap();
            let new = !seen.contains(&key);
            seen.push(key);
            new
        })
        .fold(String::new(), |all, line| all + line + "\n")
}

fn token(expires: &str, refresh: bool) -> String {
    let mut token = json!({
        "startUrl": "https://live.example/start", "region": "eu-west-1", "accessToken": "t", "expiresAt": expires,
    });
    if refresh {
        token["clientId"] = "c".into();
        token["clientSecret"] = "s".into();
        token["refreshToken"] = "r".into();
        token["registrationExpiresAt"] = "2099-01-01T00:00:00Z".into();
    }
    token.to_string()
}

fn case(dice: &mut Dice) -> Case {
    let mut case = Case {
        config: String::new(),
        credentials: String::new(),
        files: BTreeMap::new(),
        env: BTreeMap::new(),
        profile: None,
    };
    for name in PROFILES {
        if dice.percent(if name == "default" { 60 } else { 90 }) {
            profile(name, dice, &mut case);
        }
    }
    for (name, extra) in [
        ("live", "sso_region = eu-west-1\n"),
        ("dead", "sso_region = eu-west-1\n"),
        ("short", ""),
    ] {
        writeln!(
            case.config,
            "[sso-session {name}]\nsso_start_url = https://{name}.example/start\n{extra}"
        )
        .unwrap();
    }
    case.files.insert("token".into(), "web".into());
    let folder = Path::new("");
    let mut file = |path: PathBuf, text: String| {
        case.files.insert(path.to_str().unwrap().to_owned(), text);
    };
    for name in ["live", "dead"] {
        let ends = match name {
            "live" => "2098-01-01T00:00:00Z",
            _ => "2020-01-01T00:00:00Z",
        };
        file(cache::sso_token(folder, name), token(ends, false));
        let url = format!("https://{name}.example/start");
        file(cache::sso_token(folder, &url), token(ends, false));
    }
    file(
        cache::login_token(Path::new(".aws/login/cache"), "arn:aws:iam::12:user/live"),
        json!({
            "accessToken": {
                "accessKeyId": "LOGIN", "secretAccessKey": "s", "sessionToken": "t", "accountId": "12",
                "expiresAt": "2098-01-01T00:00:00Z",
            },
            "tokenType": "aws_sigv4", "clientId": "c", "refreshToken": "r", "idToken": "i", "dpopKey": "k",
        })
        .to_string(),
    );

    let mut set = |name: &str, value: &str| {
        case.env.insert(name.to_owned(), value.to_owned());
    };
    set("AWS_EC2_METADATA_DISABLED", "true");
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        if dice.percent(if name == "AWS_PROFILE" { 70 } else { 15 }) {
            set(
                name,
                dice.pick(&["p", "p", "p", "q", "q", "r", "default", "nope", ""]),
            );
        }
    }
    if dice.percent(30) {
        let (id, secret) = dice.pick(&[
            ("AKENV", "s"),
            ("AKENV", "s"),
            ("AKENV", "s"),
            ("AKENV", ""),
            ("", "s"),
            (" ", " "),
        ]);
        set("AWS_ACCESS_KEY_ID", id);
        set("AWS_SECRET_ACCESS_KEY", secret);
        if dice.percent(30) {
            set("AWS_SESSION_TOKEN", "t");
        }
        if dice.percent(30) {
            set(
                "AWS_CREDENTIAL_EXPIRATION",
                dice.pick(&["2098-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "soon", ""]),
            );
        }
    }
    if dice.percent(15) {
        set(
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            dice.pick(&["HOME/token", "HOME/token", ""]),
        );
        if dice.percent(80) {
            set("AWS_ROLE_ARN", "arn:aws:iam::12:role/env");
        }
    }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if dice.percent(25) {
            set(name, dice.pick(&["sa-east-1", "ca-central-1", ""]));
        }
    }
    if dice.percent(15) {
        set(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://127.0.0.1:PORT/x",
        );
    }
    if dice.percent(15) {
        case.profile = Some(dice.pick(&["p", "q", "r", "nope"]));
    }
    case
}

/// A case in its home directory.
pub(crate) struct Laid {
    case: Case,
    /// As the tools get it.
    given: Value,
    vars: Env,
}

impl Laid {
    /// The environment of the case, and the profile that is given by `--profile`.
    pub(crate) fn environment(&self) -> (&BTreeMap<String, String>, Option<&'static str>) {
        (&self.case.env, self.case.profile)
    }

    /// The two files.
    pub(crate) fn files(&self) -> String {
        format!(
            "{}\n--- credentials\n{}",
            self.case.config, self.case.credentials
        )
    }
}

/// Lays the cases into homes below `directory`.
pub(crate) fn lay(folder: &Path) -> Vec<Laid> {
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]));
    let lay = |number: usize| {
        let mut case = case(&mut dice);
        let home = folder.join(number.to_string());
        let home_text = home.to_str().unwrap().to_owned();
        case.config = case.config.replace("HOME", &home_text);
        for value in case.env.values_mut() {
            *value = value.replace("HOME", &home_text);
        }
        case.env.insert("HOME".into(), home_text);
        let texts = [
            (".aws/config", &case.config),
            (".aws/credentials", &case.credentials),
        ];
        let files = case.files.iter().map(|(path, text)| (path.as_str(), text));
        for (path, text) in texts.into_iter().chain(files) {
            let path = home.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let given = json!({ "env": case.env, "profile": case.profile });
        let vars = case.env.iter().collect();
        Laid { case, given, vars }
    };
    (0..CASES).map(lay).collect()
}

/// What a tool decides, and its region.
struct Answer {
    decision: Decision,
    region: Option<Region>,
}

impl Answer {
    fn winner(&self) -> Option<&Winner> {
        self.decision.outcome.as_ref().ok()
    }

    fn error(&self) -> Option<&Diagnostic> {
        self.decision.outcome.as_ref().err()
    }
}

/// The disk, and a machine on which every program exists.
struct Disk;

impl Host for Disk {
    fn home_of(&self, user: Option<&str>) -> Option<PathBuf> {
        awsbadge::sys::dirs::home_of(user)
    }

    fn read(&self, path: &Path) -> FileContent {
        fs::read(path).map_or(FileContent::Absent, FileContent::Bytes)
    }

    fn read_cache(&self, path: &Path, _: &dyn Fn(&[u8]) -> bool) -> FileContent {
        self.read(path)
    }

    fn has_program(&self, _: &str) -> bool {
        true
    }

    fn local_time(&self, wall: Epoch) -> Epoch {
        wall
    }

    fn is_ec2(&self) -> bool {
        false
    }
}

fn ask(tool: Tool, laid: &Laid) -> Answer {
    decide(tool, &laid.vars, laid.case.profile)
}

fn decide(tool: Tool, env: &Env, profile: Option<&str>) -> Answer {
    let inputs = Inputs {
        env,
        profile,
        now: Epoch(chrono::Utc::now().timestamp()),
        host: &Disk,
    };
    let files = tool.read_files(env, &Disk);
    Answer {
        decision: tool.explain(&inputs, &files),
        region: tool.region(&inputs, &files),
    }
}

/// Where a tool is installed.
pub(crate) fn folder(tool: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("differential-chain")
        .join(tool);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Installs what `wanted` lists, unless that very list was installed before.
fn once_installed(
    folder: &Path,
    wanted: &Path,
    install: impl FnOnce() -> Result<String, String>,
) -> Result<(), String> {
    let wanted = fs::read_to_string(wanted).unwrap();
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, wanted).map_err(|e| e.to_string())
}

/// What a program prints; an error where it can't be run, or fails.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "{command:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// Compares all cases; `same` says what differs.
fn compare(
    tool: Tool,
    installed: Result<(), String>,
    answers: impl FnOnce(&Path) -> Result<String, String>,
    differ: fn(&Answer, &Laid, &Value) -> Option<String>,
) {
    if let Err(why) = installed {
        return unreachable(&format!("{} can't be installed: {why}", tool.title()));
    }
    let homes = folder(&format!("homes-{}", tool.name()));
    let laid = lay(&homes);
    let file = homes.join("cases.json");
    let given: Vec<&Value> = laid.iter().map(|l| &l.given).collect();
    fs::write(&file, serde_json::to_string(&given).unwrap()).unwrap();
    let answers: Vec<Value> = serde_json::from_str(&answers(&file).unwrap()).unwrap();
    assert_eq!(answers.len(), laid.len());
    let mut differences = Vec::new();
    let mut won: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, (laid, real)) in laid.iter().zip(&answers).enumerate() {
        let result = ask(tool, laid);
        if let Some(used) = result.winner().and_then(Winner::last) {
            *won.entry(used.provider.name()).or_default() += 1;
        }
        if let Some(error) = result.error() {
            *failed.entry(error.code.name()).or_default() += 1;
        }
        let Some(what) = differ(&result, laid, real) else {
            continue;
        };
        if !KNOWN
            .iter()
            .any(|k| k.tool == tool && (k.holds)(&result, real))
        {
            differences.push(format!(
                "case {number}: {what}\nprofile {:?}, {:#?}\n{}\n--- credentials\n{}\nawsbadge: {:#?}\nthe tool: {real}",
                laid.case.profile, laid.case.env, laid.case.config, laid.case.credentials, result.decision
            ));
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences in {} cases, such as\n{}",
        differences.len(),
        laid.len(),
        differences[..differences.len().min(3)].join("\n\n")
    );
    // Else the cases would say little.
    assert!(won.len() >= 7, "winners: {won:?}");
    assert!(failed.len() >= 7, "errors: {failed:?}");
}

/// What a tool that looks at once, rather than at the first call, would trip over.
fn stumbles(result: &Answer, over: &[&str]) -> bool {
    result
        .decision
        .warnings
        .iter()
        .any(|w| over.contains(&w.code.name()))
}

/// Python with boto3, installed if it is not there yet.
pub(crate) fn boto3() -> Result<PathBuf, String> {
    // Several tests need it, at once.
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PYTHON.get_or_init(install_boto3).clone()
}

fn install_boto3() -> Result<PathBuf, String> {
    let folder = folder("boto3");
    let python = folder.join("venv/bin/python");
    let requirements = Path::new(HERE).join("requirements.txt");
    once_installed(&folder, &requirements, || {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(folder.join("venv")))?;
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&requirements))
    })?;
    Ok(python)
}

/// What boto3 settles on in each case of a file.
pub(crate) fn answers_of_boto3(python: &Path, cases: &Path) -> Result<String, String> {
    run(Command::new(python)
        .env("PYTHONUTF8", "1")
        .arg(Path::new(HERE).join("ask.py"))
        .arg(cases))
}

#[test]
fn boto3_settles_on_the_same_credentials() {
    if !installed(&["python3"]) {
        return;
    }
    let python = boto3();
    compare(
        Tool::Boto3,
        python.as_ref().map(drop).map_err(Clone::clone),
        |cases| answers_of_boto3(python.as_ref().unwrap(), cases),
        |result, _, real| {
            let expected = match result.error() {
                Some(error) if error.code.name() == "no-credentials" => json!({ "chain": [] }),
                Some(error) => json!({ "error": exception(error.code.name()) }),
                // The login's token is read at once, an SSO token at the first call.
                None if result
                    .winner()
                    .is_some_and(|w| w.chain[0].provider == Provider::Login)
                    && stumbles(result, &["login-needed"]) =>
                {
                    json!({ "error": "LoginTokenLoadError" })
                }
                None => json!({ "chain": result.winner().iter().flat_map(|w| &w.chain).map(|used| {
                    json!([used.provider.name(), used.role_arn])
                }).collect::<Vec<_>>() }),
            };
            let mut wrong = String::new();
            for (key, value) in expected.as_object().unwrap() {
                if real[key] != *value {
                    write!(wrong, "{key} should be {value}; ").unwrap();
                }
            }
            let region = json!(result.region.as_ref().map(|r| &r.value));
            if real.get("error").is_none() && real["region"] != region {
                write!(wrong, "region should be {region}").unwrap();
            }
            (!wrong.is_empty()).then_some(wrong)
        },
    );
}

/// botocore's exception for a mistake.
fn exception(code: &str) -> &'static str {
    match code {
        "profile-not-found" => "ProfileNotFound",
        "config-parse" => "ConfigParseError",
        "partial-credentials" | "role-without-source" => "PartialCredentialsError",
        "source-profile-loop" => "InfiniteLoopConfigError",
        "credential-source-empty" => "CredentialRetrievalError",
        "invalid-expiry" => "ParserError",
        "role-chain-too-long" => "RecursionError",
        _ => "InvalidConfigError",
    }
}

#[test]
fn the_sdk_for_javascript_settles_on_the_same_credentials() {
    if !installed(&["node", "npm"]) {
        return;
    }
    let folder = folder("js");
    let package = Path::new(HERE).join("package.json");
    let ready = once_installed(&folder, &package, || {
        fs::copy(&package, folder.join("package.json")).map_err(|e| e.to_string())?;
        run(Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund"])
            .current_dir(&folder))
    });
    compare(
        Tool::Js,
        ready,
        |cases| {
            run(Command::new("node")
                .arg(Path::new(HERE).join("ask.mjs"))
                .arg(cases)
                .arg(&folder))
        },
        |result, laid, real| by_id(result, laid, real, Tool::Js),
    );
}

#[test]
fn the_sdk_for_rust_settles_on_the_same_credentials() {
    let project = Path::new(HERE).join("rust");
    let target = folder("rust");
    let cargo = |verb: &str| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args([verb, "--quiet", "--locked", "--manifest-path"])
            .arg(project.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target);
        cargo
    };
    let ready = run(&mut cargo("build")).map(drop);
    compare(
        Tool::Rust,
        ready,
        |cases| run(cargo("run").arg("--").arg(cases)),
        |result, laid, real| by_id(result, laid, real, Tool::Rust),
    );
}

/// Compares with the answer of a tool that went all the way, to the servers that the test plays.
fn by_id(result: &Answer, laid: &Laid, real: &Value, tool: Tool) -> Option<String> {
    let mut wrong = String::new();
    // It looks at once.
    let stumbles = stumbles(result, &["login-needed", "token-file-missing"]);
    match (result.winner(), real["id"].as_str()) {
        (Some(winner), Some(id)) if !stumbles => {
            let expected = id_of(winner, laid, tool);
            if id != expected {
                write!(wrong, "the id should be {expected}; ").unwrap();
            }
        }
        (Some(_), None) if stumbles => {}
        (None, None) => {}
        _ => write!(wrong, "one of the two fails; ").unwrap(),
    }
    let region = json!(result.region.as_ref().map(|r| &r.value));
    if real["region"] != region {
        write!(wrong, "region should be {region}").unwrap();
    }
    (!wrong.is_empty()).then_some(wrong)
}

/// The access key id that the servers which the test plays would end with.
fn id_of(winner: &Winner, laid: &Laid, tool: Tool) -> String {
    let role = |used: &Link| {
        let arn = used.role_arn.as_deref().unwrap_or_default();
        arn.rsplit('/').next().unwrap_or_default().to_owned()
    };
    winner
        .chain
        .iter()
        .fold(String::new(), |before, used| match used.provider {
            Provider::Env => laid.case.env["AWS_ACCESS_KEY_ID"].clone(),
            Provider::AssumeRole => format!("ROLE-{}-{before}", role(used)),
            Provider::WebIdentity => format!("WEB-{}", role(used)),
            Provider::Sso => "SSO".into(),
            Provider::Login => "LOGIN".into(),
            Provider::Process => "PROCESS".into(),
            Provider::Container => "CONTAINER".into(),
            _ => {
                let files = tool.read_files(&laid.vars, &Disk);
                let profile = files
                    .merged
                    .profile(used.profile.as_deref().unwrap())
                    .unwrap();
                profile.text("aws_access_key_id").unwrap().to_owned()
            }
        })
}

#[test]
fn the_aws_cli_settles_on_the_same_credentials() {
    if !installed(&["aws"]) {
        return;
    }
    let keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n";
    let process = r#"credential_process = echo '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7PROCESS","SecretAccessKey":"s"}'"#;
    // Each call takes most of a second, so they are few.
    type Env<'a> = &'a [(&'a str, &'a str)];
    #[rustfmt::skip]
    let cases: [(&str, &str, &str, Env<'_>); 9] = [
        ("keys of the profile", &format!("[profile p]\n{keys}"), "", &[("AWS_PROFILE", "p")]),
        ("the credentials file", &format!("[profile p]\n{process}"), &format!("[p]\n{keys}"), &[("AWS_PROFILE", "p")]),
        ("a process over keys beside it", &format!("[profile p]\n{keys}{process}"), "", &[("AWS_PROFILE", "p")]),
        (
            "AWS_PROFILE over AWS_DEFAULT_PROFILE",
            &format!("[profile p]\n{keys}\n[profile q]\n{process}"),
            "",
            &[("AWS_PROFILE", "p"), ("AWS_DEFAULT_PROFILE", "q")],
        ),
        (
            "keys in the environment",
            &format!("[profile p]\n{process}\nregion = eu-west-1"),
            "",
            &[
                ("AWS_PROFILE", "p"),
                ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7ENVIRON"),
                ("AWS_SECRET_ACCESS_KEY", "s"),
            ],
        ),
        (
            "AWS_REGION over AWS_DEFAULT_REGION",
            &format!("[default]\n{keys}region = eu-west-1"),
            "",
            &[
                ("AWS_REGION", "sa-east-1"),
                ("AWS_DEFAULT_REGION", "us-east-1"),
            ],
        ),
        ("an empty AWS_PROFILE", &format!("[default]\n{keys}"), "", &[("AWS_PROFILE", "")]),
        ("no such profile", &format!("[default]\n{keys}"), "", &[("AWS_PROFILE", "nope")]),
        ("a duplicate section", "[profile p]\n[profile p]\n", "", &[("AWS_PROFILE", "p")]),
    ];
    for (about, config, credentials, env) in cases {
        let home = Home::new();
        home.config(config).credentials(credentials);
        let mut vars: crate::support::library::Env = env.iter().copied().collect();
        vars = vars
            .with("HOME", home.path().as_os_str())
            .with("AWS_EC2_METADATA_DISABLED", "true");
        let mut aws = home.tool("aws").args(["configure", "list"]);
        for (name, value) in env
            .iter()
            .copied()
            .chain([("AWS_EC2_METADATA_DISABLED", "true")])
        {
            aws = aws.env(name, value);
        }
        let real = aws.output();
        let result = decide(Tool::Cli, &vars, None);
        assert_eq!(
            result.error().is_some(),
            real.code != 0,
            "{about}: {:#?}\n{}{}",
            result.decision,
            real.stdout,
            real.stderr
        );
        let row = |name: &str| {
            let line = real
                .stdout
                .lines()
                .find(|l| l.trim_start().starts_with(name));
            line.map(|l| l.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        };
        if let Some(used) = result.winner().and_then(Winner::last) {
            let row = row("access_key").expect(about);
            assert!(
                row.contains(&used.provider.name().to_owned()),
                "{about}: {row:?}"
            );
            let region = row_value(&real.stdout, "region");
            assert_eq!(result.region.map(|r| r.value), region, "{about}");
        }
    }
}

/// The value in a line of `aws configure list`.
fn row_value(table: &str, name: &str) -> Option<String> {
    let line = table.lines().find(|l| l.trim_start().starts_with(name))?;
    let value = line.split_whitespace().nth(1)?;
    (value != "<not").then(|| value.to_owned())
}
