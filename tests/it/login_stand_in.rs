//! The real AWS CLI logs in, at a stand-in for IAM Identity Center on this machine.

use crate::support::{Home, Run, Shell, Term, expires_in, installed, skip, token_file};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the next calls of CreateToken are answered; the last answer holds for all that follow. The AWS CLI asks
/// once before it shows a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Pending,
    Token,
    Expired,
    Denied,
}

/// The OIDC service and the access portal, as far as a login by device code, role credentials and a logout need
/// them. It ends when it is dropped, after two minutes, or after 200 requests.
struct StandIn {
    address: String,
    /// `METHOD /path`, in order.
    seen: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl StandIn {
    fn start(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop));
            let mut answers: VecDeque<Answer> = answers.iter().copied().collect();
            move || {
                let deadline = Instant::now() + Duration::from_secs(120);
                let mut requests = 0;
                while !stop.load(Ordering::Relaxed) && requests < 200 && Instant::now() < deadline {
                    match listener.accept() {
                        Ok((stream, _)) => {
                            requests += 1;
                            // A client that goes away in the middle is its own affair.
                            let _ = serve(&stream, &mut answers, &seen);
                        }
                        Err(_) => std::thread::sleep(Duration::from_millis(5)),
                    }
                }
            }
        });
        Self {
            address,
            seen,
            stop,
            thread: Some(thread),
        }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Leads the AWS CLI of `home` here. New ones take it from variables; old ones take a model of the service
    /// that is newer than their own, from the home.
    fn lead(&self, home: &Home) {
        for service in ["sso", "sso-oidc"] {
            let own = PathBuf::from("/usr/lib/python3/dist-packages/awscli/botocore/data")
                .join(service)
                .join("2019-06-10");
            let rules = json!({
                "version": "1.0",
                "parameters": {"Region": {"builtIn": "AWS::Region", "required": false, "documentation": "", "type": "String"}},
                "rules": [{"conditions": [], "endpoint": {"url": self.address, "properties": {}, "headers": {}}, "type": "endpoint"}],
            });
            let folder = format!(".aws/models/{service}/2019-06-11");
            home.file(
                &format!("{folder}/endpoint-rule-set-1.json"),
                rules.to_string(),
            );
            for file in ["service-2.json", "paginators-1.json"] {
                if let Ok(text) = std::fs::read(own.join(file)) {
                    home.file(&format!("{folder}/{file}"), text);
                }
            }
        }
    }

    /// The variables that the AWS CLI needs here.
    fn variables(&self) -> [(&'static str, &str); 4] {
        [
            ("AWS_ENDPOINT_URL_SSO", &self.address),
            ("AWS_ENDPOINT_URL_SSO_OIDC", &self.address),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_MAX_ATTEMPTS", "1"),
        ]
    }

    fn given<'h>(&self, run: Run<'h>) -> Run<'h> {
        let variables = self.variables();
        variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value))
    }

    fn term<'h>(&self, home: &'h Home, shell: Shell) -> Term<'h> {
        let term = home.term(shell);
        let variables = self.variables();
        let term = variables
            .iter()
            .fold(term, |term, (name, value)| term.env(name, value));
        term.open(&shell.rc("--prompt left"))
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads one request, 64 KiB at most, and answers it.
fn serve(
    stream: &TcpStream,
    answers: &mut VecDeque<Answer>,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.take(64 << 10));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split_whitespace();
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    seen.lock().unwrap().push(format!("{method} {path}"));

    let now = chrono::Utc::now().timestamp();
    let (status, kind, body) = match (method, path.as_str()) {
        ("POST", "/client/register") => (
            200,
            "",
            json!({"clientId": "client", "clientSecret": "SECRET-CANARY-client", "clientIdIssuedAt": now,
                   "clientSecretExpiresAt": now + 90 * 86_400}),
        ),
        ("POST", "/device_authorization") => (
            200,
            "",
            json!({"deviceCode": "SECRET-CANARY-device", "userCode": "ABCD-EFGH", "expiresIn": 600, "interval": 1,
                   "verificationUri": "https://device.sso.example/", "verificationUriComplete": "https://device.sso.example/?user_code=ABCD-EFGH"}),
        ),
        ("POST", "/token") => {
            let answer = match answers.len() {
                0 | 1 => answers.front().copied().unwrap_or(Answer::Denied),
                _ => answers.pop_front().unwrap_or(Answer::Denied),
            };
            match answer {
                Answer::Token => (
                    200,
                    "",
                    json!({"accessToken": "SECRET-CANARY-access", "tokenType": "Bearer", "expiresIn": 28_830,
                           "refreshToken": "SECRET-CANARY-refresh"}),
                ),
                Answer::Pending => (
                    400,
                    "AuthorizationPendingException",
                    json!({"error": "authorization_pending"}),
                ),
                Answer::Expired => (
                    400,
                    "ExpiredTokenException",
                    json!({"error": "expired_token"}),
                ),
                Answer::Denied => (
                    400,
                    "AccessDeniedException",
                    json!({"error": "access_denied"}),
                ),
            }
        }
        ("GET", "/federation/credentials") => (
            200,
            "",
            json!({"roleCredentials": {"accessKeyId": "ASIASTANDIN", "secretAccessKey": "SECRET-CANARY-role",
                   "sessionToken": "SECRET-CANARY-session", "expiration": (now + 3600) * 1000}}),
        ),
        ("POST", "/logout") => (200, "", json!({})),
        _ => (
            404,
            "ResourceNotFoundException",
            json!({"message": "not here"}),
        ),
    };
    let body: Value = body;
    let body = body.to_string();
    let kind = match kind {
        "" => String::new(),
        kind => format!("x-amzn-ErrorType: {kind}\r\n"),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{kind}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

const CONFIG: &str = "\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Admin
region = eu-west-1

[profile chained]
role_arn = arn:aws:iam::333333333333:role/Auditor
source_profile = dev

[profile old]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Admin
";

/// A home whose AWS CLI, version 2, speaks to the stand-in.
fn home(stand_in: &StandIn) -> Option<Home> {
    if !installed(&["aws"]) {
        return None;
    }
    let home = Home::new();
    if !home
        .tool("aws")
        .args(["--version"])
        .output()
        .stdout
        .starts_with("aws-cli/2")
    {
        skip("aws is not version 2");
        return None;
    }
    home.config(CONFIG);
    stand_in.lead(&home);
    Some(home)
}

fn kept_out_of_sight(text: &str) {
    assert!(!text.contains("CANARY"), "a secret is seen:\n{text}");
}

#[test]
fn a_login_in_one_terminal_turns_the_badge_in_another() {
    for (shell, other) in [(Shell::Zsh, Shell::Bash), (Shell::Fish, Shell::Zsh)] {
        let stand_in = StandIn::start(&[Answer::Pending, Answer::Token]);
        let Some(home) = home(&stand_in).filter(|_| installed(&["tmux"])) else {
            return;
        };
        if !installed(&[&shell.to_string(), &other.to_string()]) {
            continue;
        }
        let (first, second) = (stand_in.term(&home, shell), stand_in.term(&home, other));
        second.type_line("asp dev");
        second.wait_for("aws:dev no login");
        // The chain's base is what logs in; its address and code are shown.
        first.type_line("asp chained login");
        let screen = first.wait_for("aws:chained 8h0m");
        assert!(screen.contains("ABCD-EFGH"), "{screen}");
        assert!(
            screen.contains("awsbadge: corp: logged in until "),
            "{screen}"
        );
        kept_out_of_sight(&screen);
        second.type_line("");
        second.wait_until("the badge of the login", |s| {
            s.trim_end()
                .lines()
                .last()
                .unwrap_or_default()
                .starts_with("aws:dev 8h0m")
        });
        // And the way back.
        second.type_line("asp dev logout");
        second.wait_for("logged out of all SSO sessions");
        first.type_line("");
        first.wait_until("the badge of the logout", |s| {
            s.trim_end()
                .lines()
                .last()
                .unwrap_or_default()
                .starts_with("aws:chained no login")
        });
        assert_eq!(stand_in.seen().last().unwrap(), "POST /logout");
    }
}

#[test]
fn what_the_aws_cli_fetched_is_exported_and_not_fetched_again() {
    let stand_in = StandIn::start(&[Answer::Token]);
    let Some(home) = home(&stand_in) else {
        return;
    };
    let login = stand_in.given(home.run(["login", "dev"])).output();
    assert_eq!(
        (login.code, login.stdout.as_str()),
        (0, ""),
        "{}",
        login.stderr
    );
    kept_out_of_sight(&login.stderr);
    let again = stand_in.given(home.run(["login", "dev"])).output();
    assert_eq!(again.code, 0);
    assert!(
        again.stderr.contains("; --force logs in anew"),
        "{}",
        again.stderr
    );

    for _ in 0..2 {
        let exported = stand_in
            .given(home.run(["export", "dev", "--format", "json"]))
            .output();
        assert_eq!((exported.code, exported.stderr.as_str()), (0, ""));
        let json: Value = serde_json::from_str(&exported.stdout).unwrap();
        assert_eq!(json["AccessKeyId"], "ASIASTANDIN");
        assert_eq!(json["SecretAccessKey"], "SECRET-CANARY-role");
        let fetched = |line: &&String| *line == "GET /federation/credentials";
        assert_eq!(stand_in.seen().iter().filter(fetched).count(), 1);
    }
}

#[test]
fn a_legacy_profile_logs_in_by_its_start_url() {
    let stand_in = StandIn::start(&[Answer::Token]);
    let Some(home) = home(&stand_in) else {
        return;
    };
    let login = stand_in.given(home.run(["login", "old"])).output();
    assert_eq!(login.code, 0, "{}", login.stderr);
    assert!(
        home.read(&token_file("https://old.awsapps.com/start"))
            .is_some()
    );
    home.run(["prompt", "--profile", "old"])
        .stdout("aws:old 8h0m\n")
        .check();
}

#[test]
fn a_login_that_the_service_ends_names_the_aws_clis_code_and_keeps_its_words() {
    for answers in [&[Answer::Pending, Answer::Expired][..], &[Answer::Denied]] {
        let stand_in = StandIn::start(answers);
        let Some(home) = home(&stand_in) else {
            return;
        };
        home.token("corp", &expires_in(600));
        let before = home.read(&token_file("corp"));
        let login = stand_in.given(home.run(["login", "dev"])).output();
        assert_eq!(
            (login.code, login.stdout.as_str()),
            (1, ""),
            "{}",
            login.stderr
        );
        let last = login.stderr.lines().last().unwrap();
        let code = last.strip_prefix("awsbadge: corp: not logged in, `aws` ended with code ");
        let code: i32 = code.and_then(|code| code.parse().ok()).unwrap_or(0);
        assert!((252..=255).contains(&code), "{}", login.stderr);
        kept_out_of_sight(&login.stderr);
        assert_eq!(
            home.read(&token_file("corp")),
            before,
            "the old token is still there"
        );
        // A switch that was to follow the login does not happen.
        if !installed(&["tmux"]) {
            continue;
        }
        let term = stand_in.term(&home, Shell::Bash);
        term.type_line("asp dev login; echo \"code $? <$AWS_PROFILE>\"");
        term.wait_for("code 1 <>");
    }
}

#[test]
fn ctrl_c_while_the_service_waits_ends_the_login_and_nothing_else() {
    let stand_in = StandIn::start(&[Answer::Pending]);
    let Some(home) = home(&stand_in).filter(|_| installed(&["tmux"])) else {
        return;
    };
    let term = stand_in.term(&home, Shell::Bash);
    term.type_text("asp dev login");
    term.keys(&["Enter"]);
    term.wait_for("ABCD-EFGH");
    term.keys(&["C-c"]);
    term.wait_until("a prompt", |s| s.trim_end().ends_with('>'));
    term.type_line("echo \"code $? <$AWS_PROFILE>\"");
    term.wait_for("code 130 <>");
    assert!(home.read(&token_file("corp")).is_none());
}

#[test]
fn a_browser_that_is_there_gets_the_address() {
    let stand_in = StandIn::start(&[Answer::Pending, Answer::Token]);
    let Some(home) = home(&stand_in) else {
        return;
    };
    home.stub("firefox", "");
    let version = home.tool("aws").args(["--version"]).output().stdout;
    // From 2.22 on the browser comes back to the AWS CLI itself, which needs a real one.
    if !version.starts_with("aws-cli/2.9.") {
        return skip("only an AWS CLI that logs in by device code opens that address");
    }
    let login = stand_in
        .given(home.run(["login", "dev"]))
        .env("BROWSER", "firefox")
        .output();
    assert_eq!(login.code, 0, "{}", login.stderr);
    home.wait_for_call("firefox");
    assert_eq!(
        home.calls("firefox"),
        [["https://device.sso.example/?user_code=ABCD-EFGH"]]
    );
}
