//! A throwaway home directory with AWS's files in it.

use super::run::{Run, binary};
use super::shell::Shell;
use super::stand_in::Login;
use super::term::TermBuilder;
use super::{expires_in, tools};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The start URL of `my-sso`. It is never contacted directly.
pub(crate) const START_URL: &str = "https://my.awsapps.com/start";

/// The account of the profile `dev`.
pub(crate) const ACCOUNT: &str = "123456789012";

/// How long the registration in a token file is good.
pub(crate) const REGISTRATION_SECONDS: i64 = 60 * 86_400;

/// What [`Home::with_session`] has in `~/.aws/config`.
const CONFIG: &str = "\
[sso-session my-sso]
sso_start_url = https://my.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Admin
region = eu-west-1
";

/// A home directory of its own, removed on drop. Its path holds a space and a quote, as a home may.
pub(crate) struct Home {
    path: PathBuf,
}

impl Home {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "it's home {}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(path.join("bin")).unwrap();
        Self { path }
    }

    /// With the session `my-sso` and the profile `dev` that uses it.
    pub(crate) fn with_session() -> Self {
        let home = Self::new();
        home.config(CONFIG);
        home
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `~/.aws/config`.
    pub(crate) fn config(&self, text: &str) -> &Self {
        self.file(".aws/config", text)
    }

    /// Appends to `~/.aws/config`.
    pub(crate) fn more_config(&self, text: &str) -> &Self {
        let before = String::from_utf8(self.read(".aws/config").unwrap_or_default()).unwrap();
        self.config(&(before + text))
    }

    /// Logs in to a session by its name: a token whose access token has `seconds` left (negative: is past), and that
    /// is refreshable, as the AWS CLI writes it.
    pub(crate) fn token(&self, session: &str, login: &Login, seconds: i64) -> &Self {
        self.token_json(session, &token(login, seconds))
    }

    /// Writes any JSON where the token for `key` (a session's name, or a start URL) belongs, in one line, 0600.
    pub(crate) fn token_json(&self, key: &str, token: &Value) -> &Self {
        self.file(&token_file(key), token.to_string())
    }

    /// The token for `key`; null if there is none or it is not JSON.
    pub(crate) fn read_token(&self, key: &str) -> Value {
        self.read(&token_file(key))
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default()
    }

    /// Role credentials in the AWS CLI's cache, for `my-sso`.
    pub(crate) fn role(&self, account: &str, role: &str, seconds: i64) -> &Self {
        let cached = json!({"ProviderType": "sso", "Credentials": {
            "AccessKeyId": "ASIACACHED", "SecretAccessKey": "SECRET-CANARY-cached-role",
            "SessionToken": "SECRET-CANARY-cached-session", "Expiration": expires_in(seconds), "AccountId": account}});
        self.file(&role_file(account, role, "my-sso"), cached.to_string())
    }

    /// Writes any file, its path relative to the home, 0600; directories are made as needed. It appears whole, by a
    /// rename.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let target = self.path.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let fresh = self
            .path
            .join(format!(".fresh-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        fs::write(&fresh, content).unwrap();
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o600)).unwrap();
        fs::rename(&fresh, &target).unwrap();
        self
    }

    /// Removes a file, its path relative to the home.
    pub(crate) fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.path.join(path)).unwrap();
        self
    }

    /// The content of a file, its path relative to the home; `None` if there is none.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.path.join(path)).ok()
    }

    /// Permission bits of a file.
    #[track_caller]
    pub(crate) fn mode(&self, path: &str) -> u32 {
        fs::metadata(self.path.join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777
    }

    /// The names in a directory, sorted; empty if there is no directory.
    pub(crate) fn names(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path.join(directory)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Every file below the home, as `relative path: content`, for a search.
    pub(crate) fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        let mut directories = vec![self.path.clone()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.is_symlink() {
                    directories.push(path);
                } else if let Ok(content) = fs::read(&path) {
                    let name = path.strip_prefix(&self.path).unwrap();
                    found.push((name.to_string_lossy().into_owned(), content));
                }
            }
        }
        found.sort();
        found
    }

    /// Puts a program into the home's own `bin`, which comes first on every `PATH`: an `sh` script that notes its
    /// arguments for [`Home::calls`], then does `body`.
    pub(crate) fn stub(&self, name: &str, body: &str) -> &Self {
        let script = format!(
            "#!/bin/sh\ncall=\nfor word do call=\"$call$word$(printf '\\037')\"; done\n\
             printf '%s\\036' \"$call\" >> \"$0.calls\"\n{body}\n"
        );
        // Another process writes it: a file that this one has open for writing while a thread beside us forks can't
        // be executed until that child has closed its copy ("text file busy").
        let mut writer = Command::new("/bin/sh")
            .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
            .arg(self.path.join("bin").join(name))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        writer
            .stdin
            .take()
            .unwrap()
            .write_all(script.as_bytes())
            .unwrap();
        assert!(writer.wait().unwrap().success());
        self
    }

    /// The calls of the stub `name` so far, each with its arguments.
    pub(crate) fn calls(&self, name: &str) -> Vec<Vec<String>> {
        let noted = self.read(&format!("bin/{name}.calls")).unwrap_or_default();
        let noted = String::from_utf8(noted).unwrap();
        let words = |call: &str| call.split_terminator('\x1f').map(str::to_owned).collect();
        noted.split_terminator('\x1e').map(words).collect()
    }

    /// `awsbadge-sso` with `arguments`.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run<'_> {
        Run::new(self, binary()).args(arguments)
    }

    /// Any program, by its path or by its name in the system's directories.
    pub(crate) fn program(&self, program: &str) -> Run<'_> {
        let path = match program.contains('/') {
            true => PathBuf::from(program),
            false => tools::find(program).unwrap_or_else(|| panic!("{program} is not installed")),
        };
        Run::new(self, &path)
    }

    /// An interactive shell in a terminal.
    pub(crate) fn term(&self, shell: Shell) -> TermBuilder<'_> {
        TermBuilder::new(self, shell)
    }

    /// The environment that everything in this home starts from.
    pub(super) fn environment(&self) -> Vec<(&'static str, std::ffi::OsString)> {
        let mut path = self.path.join("bin").into_os_string();
        path.push(":");
        path.push(tools::PATH);
        vec![
            ("HOME", self.path.clone().into()),
            ("PATH", path),
            ("LANG", "C.UTF-8".into()),
        ]
    }

    /// `text` with the home's path written as `$HOME`.
    pub(super) fn blur(&self, text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text).into_owned();
        text.replace(
            &*String::from_utf8_lossy(self.path.as_os_str().as_bytes()),
            "$HOME",
        )
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A process that was just ended may still be leaving: what it leaves is in the build's own directory.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A token as the AWS CLI writes it: its keys, their order, its form of a time.
pub(crate) fn token(login: &Login, seconds: i64) -> Value {
    json!({
        "startUrl": START_URL,
        "region": "eu-west-1",
        "accessToken": login.access_token,
        "expiresAt": expires_in(seconds),
        "clientId": login.client_id,
        "clientSecret": login.client_secret,
        "registrationExpiresAt": expires_in(REGISTRATION_SECONDS),
        "refreshToken": login.refresh_token,
    })
}

/// Where AWS's tools keep the token for `key`, relative to the home: named after its SHA-1.
pub(crate) fn token_file(key: &str) -> String {
    format!(
        ".aws/sso/cache/{}.json",
        sha1_smol::Sha1::from(key).digest()
    )
}

/// Where the AWS CLI keeps the credentials of a role, relative to the home.
pub(crate) fn role_file(account: &str, role: &str, session: &str) -> String {
    let key =
        format!(r#"{{"accountId":"{account}","roleName":"{role}","sessionName":"{session}"}}"#);
    format!(
        ".aws/cli/cache/{}.json",
        sha1_smol::Sha1::from(key).digest()
    )
}

#[test]
fn files_are_named_as_the_aws_cli_names_them() {
    // Both names were taken from the AWS CLI.
    assert_eq!(
        token_file("my-sso"),
        ".aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json"
    );
    assert_eq!(
        role_file("123456789012", "Admin", "my-sso"),
        ".aws/cli/cache/c30b99aca80d8f5b3178e353f05b2abcc9a4ccd3.json"
    );
}
