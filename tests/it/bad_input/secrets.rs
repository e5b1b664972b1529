//! Secrets in every file and variable come out nowhere but in what `export` prints.

use crate::support::fixtures::{SESSION, SSO};
use crate::support::strace::Strace;
use crate::support::{Home, Pty, binary, expires_in, installed, unreachable};
use std::ffi::OsString;
use std::process::Command;

/// A home with a secret in every file that the AWS tools write and in every variable that holds one, and programs
/// that note their arguments and their environment.
fn planted(broken: bool) -> Home {
    let home = Home::new();
    home.config(&format!(
        "{SSO}[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = {CANARY}/config\n\
         [profile login]\nlogin_session = arn:aws:iam::5:user/A\n\
         [profile process]\ncredential_process = tool --password {CANARY}-process\n\
         [profile role]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n\
         [profile odd]\nexternal_id = {CANARY}\napi_key = {CANARY}\npwd = {CANARY}\ncookie = {CANARY}\n\
         endpoint_url = https://me:{CANARY}@h.test\nregion = eu-west-1\n{}",
        // The AWS CLI refuses the whole file.
        if broken { format!("[profile {CANARY}\nregion = x\n") } else { String::new() }
    ))
    .credentials(&format!(
        "[cred]\naws_access_key_id = AKIA\naws_secret_access_key = {CANARY}\naws_session_token = {CANARY}-t\n\
         my_password = {CANARY}-password\n{}",
        if broken { format!("not a line {CANARY}\n") } else { String::new() }
    ))
    .renewing_token(SESSION, &expires_in(3000), &expires_in(80 * 86_400))
    .file(
        ".aws/sso/cache/botocore-client-id-eu-west-1.json",
        format!(r#"{{"clientId":"c","clientSecret":"{CANARY}","expiresAt":"2020-01-01T00:00:00Z"}}"#),
    )
    .file(
        ".aws/sso/cache/broken.json",
        format!(r#"{{"accessToken":"{CANARY}","refreshToken":"{CANARY}"}}"}}"#),
    )
    .settings(&format!("[badge]\nshow = set\ntoken = {CANARY}-setting\n[alias]\nx = y\n"))
    .file(".zshrc", format!("export AWS_SECRET_ACCESS_KEY={CANARY}-rc\n"));
    let credentials = format!(
        r#"{{"Credentials":{{"AccessKeyId":"A","SecretAccessKey":"{CANARY}","SessionToken":"{CANARY}","Expiration":"{}"}}}}"#,
        expires_in(60)
    );
    home.file(".aws/cli/cache/0000.json", &credentials)
        .file(".aws/boto/cache/0000.json", &credentials);
    let name = hmac_sha256::Hash::hash(b"arn:aws:iam::5:user/A");
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    home.file(
        &format!(".aws/login/cache/{name}.json"),
        format!(r#"{{"accessToken":{{"accessKeyId":"A","secretAccessKey":"{CANARY}","sessionToken":"{CANARY}","accountId":"5","expiresAt":"{}"}},"refreshToken":"{CANARY}","dpopKey":"{CANARY}","clientId":"c"}}"#, expires_in(900)),
    );
    for program in ["aws", "fzf", "firefox", "tool"] {
        home.stub(
            program,
            "{ env; printf '%s\\n' \"$@\"; } >>\"$0.seen\"; cat >>\"$0.seen\"; exit 3",
        );
    }
    home
}

const CANARY: &str = "SECRET-CANARY";

/// The variables that hold a secret.
const SECRETS: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
];

/// The files below a home in which a secret stands.
fn secret_files(home: &Home) -> Vec<String> {
    let found = home.tool("grep").args(["-rlF", CANARY, "."]).output();
    let mut files: Vec<String> = found.stdout.lines().map(str::to_owned).collect();
    files.sort();
    files
}

#[test]
fn planted_secrets_come_out_nowhere() {
    for broken in [false, true] {
        planted_secrets_come_out_of_no_command(broken);
    }
}

fn planted_secrets_come_out_of_no_command(broken: bool) {
    let home = planted(broken);
    let planted = secret_files(&home);
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["prompt"],
        vec!["prompt", "--shell", "zsh"],
        vec!["list"],
        vec!["list", "--json"],
        vec!["status"],
        vec!["status", "--json"],
        vec!["use", "--shell", "zsh", "cred"],
        vec!["use", "--shell", "fish", "nope"],
        vec!["clear", "--shell", "bash"],
        vec!["region", "--shell", "bash", "eu-west-1"],
        vec!["__refresh", "--shell", "zsh", "--proto", "1"],
        vec!["__names", "profiles"],
        vec!["__names", "regions"],
        vec!["init", "zsh", "--prompt", "left"],
        vec!["doctor"],
        vec!["doctor", "--json"],
        vec!["settings"],
        vec!["setup", "--shell", "zsh"],
        vec!["login", "dev", "--force"],
        vec!["logout", "dev"],
        vec!["logout", "login"],
        vec!["console", "dev"],
        vec!["console", "dev", "--print"],
        vec!["share", "dev"],
        vec!["share", "cred"],
        vec!["share", "process"],
        vec!["exec", "dev", "--", "tool"],
        vec!["export", "role"],
        vec!["export", "process"],
        vec!["completions", "zsh"],
        vec!["demo"],
        vec!["--version"],
        vec!["status", "--nonsense"],
    ];
    for profile in ["keys", "cred", "login", "process", "role", "odd"] {
        commands.push(vec!["status", profile]);
        commands.push(vec!["status", profile, "--json"]);
        commands.push(vec!["explain", "--profile", profile]);
    }
    for tool in ["cli", "boto3", "rust", "js", "go", "java"] {
        commands.push(vec!["explain", "--tool", tool, "--json"]);
        commands.push(vec!["config", "--tool", tool, "--json"]);
        commands.push(vec!["config", "--tool", tool]);
    }
    for command in commands {
        let run = home
            .run(command.clone())
            .env("AWS_PROFILE", "dev")
            .env("BROWSER", "firefox")
            .env("RUST_BACKTRACE", "full")
            .env("RUST_LOG", "trace");
        let run = match command[0] {
            // What the AWS CLI is asked for may need the container's; the rest goes by the profile.
            "export" | "login" | "logout" | "exec" => SECRETS[..4].iter(),
            _ => SECRETS.iter(),
        }
        .fold(run, |run, name| run.env(name, CANARY));
        let output = run.output();
        for text in [&output.stdout, &output.stderr] {
            assert!(!text.contains(CANARY), "{command:?}: {text}");
        }
    }
    if installed(&["setsid"]) {
        for path in ["/nowhere", "bin"] {
            let pty = Pty::new(80, 24);
            pty.type_bytes(b"keys\r");
            let mut command = pty.command(&home, binary().to_str().unwrap());
            command.arg("__pick");
            if path == "/nowhere" {
                command.env("PATH", path);
            }
            for name in SECRETS {
                command.env(name, CANARY);
            }
            let output = pty.spawn(&mut command).wait_with_output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap() + &pty.last_screen();
            assert!(!said.contains(CANARY), "{said}");
        }
    }
    for program in ["aws", "fzf", "firefox", "tool"] {
        let seen = home.read(&format!("bin/{program}.seen"));
        // A configuration that is refused keeps most commands from starting anything.
        assert!(
            broken || seen.is_some(),
            "{program} was started and noted nothing"
        );
    }
    // The `credential_process` was run by nobody, and `exec` ran what it was told to.
    assert_eq!(home.calls("tool"), [[""; 0]]);
    // No program was told, and nothing was written down.
    assert_eq!(secret_files(&home), planted);
    // One command hands them out, on standard output alone.
    let output = home.run(["export", "keys"]).output();
    assert!(output.stdout.contains(CANARY) != broken && !output.stderr.contains(CANARY));
}

/// Whoever crashes writes its memory down, where that is allowed; ours holds secrets.
#[test]
fn a_crash_leaves_no_dump_of_the_memory() {
    use std::os::unix::process::ExitStatusExt;
    if !installed(&["bash", "strace"]) {
        return;
    }
    let home = planted(true);
    let crash = |program: &[OsString]| {
        let mut command = Command::new("/bin/bash");
        command
            .args(["--norc", "-c", "ulimit -c unlimited; exec \"$@\"", "-"])
            .args(program)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_PROFILE", "dev")
            .current_dir(home.path());
        command.output().unwrap()
    };
    // That another program leaves one is the test of this test.
    let aborting = ["bash", "-c", "kill -ABRT $$"].map(OsString::from);
    let dumps = crash(&aborting).status.core_dumped();
    let before = secret_files(&home);
    // At the end of reading a file, and where all is printed. The runtime looks at a first SIGSEGV.
    for (call, signal, when) in [
        ("close", "SIGABRT", "2"),
        ("close", "SIGSEGV", "2+"),
        ("write", "SIGABRT", "1"),
        ("write", "SIGILL", "1"),
    ] {
        let fault = format!("{call}:signal={signal}:when={when}");
        for arguments in ["prompt", "export keys", "list"] {
            let strace = Strace::new(&home, "all").inject(&fault);
            let mut program = vec![Strace::PROGRAM.into()];
            program.extend(strace.words());
            program.extend(arguments.split(' ').map(OsString::from));
            let output = crash(&program);
            let trace = strace.trace();
            let end = trace.lines().last().unwrap();
            assert_eq!(
                end,
                format!("+++ killed by {signal} +++"),
                "{arguments} {fault}"
            );
            let said = [output.stdout, output.stderr].concat();
            // What it was printing when it was hit is what was asked of it.
            let meant = arguments.starts_with("export") && fault.starts_with("write");
            assert!(
                meant || !String::from_utf8_lossy(&said).contains(CANARY),
                "{arguments} {fault}"
            );
        }
    }
    assert_eq!(secret_files(&home), before);
    if !dumps {
        unreachable("a crash leaves no dump here, whoever crashes");
    }
}
