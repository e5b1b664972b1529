//! A throwaway home directory.

use super::run::Run;
use super::shell::Shell;
use super::term::TermBuilder;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A home directory of its own, removed on drop. Its path holds a space and a quote, as a home may.
///
/// Every method that writes may be called at any time, before or while something runs in the home; what it
/// writes appears whole, by a rename.
pub(crate) struct Home {
    path: PathBuf,
}

/// The UTC time `seconds` from now (negative: ago), as the AWS CLI writes it into a token: `…T…Z`.
/// A time that is shown in minutes wants half a minute to spare: `expires_in(47 * 60 + 30)` is `47m`.
pub(crate) fn expires_in(seconds: i64) -> String {
    let at = chrono::Utc::now() + chrono::TimeDelta::seconds(seconds);
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
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
        for (shell, variable) in super::tools::SHELLS {
            if let Some(program) = super::tools::given(variable) {
                symlink(program, path.join("bin").join(shell)).unwrap();
            }
        }
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `~/.aws/config`.
    pub(crate) fn config(&self, text: &str) -> &Self {
        self.file(".aws/config", text)
    }

    /// Writes `~/.aws/credentials`.
    pub(crate) fn credentials(&self, text: &str) -> &Self {
        self.file(".aws/credentials", text)
    }

    /// Writes awsbadge's own settings.
    pub(crate) fn settings(&self, text: &str) -> &Self {
        self.file(".config/awsbadge/config.ini", text)
    }

    /// Logs in: a token for `key` (the name of an sso-session, or the start URL of a profile that has none)
    /// that ends at `expires_at` and does not renew itself.
    pub(crate) fn token(&self, key: &str, expires_at: &str) -> &Self {
        self.token_json(key, token(expires_at).to_string())
    }

    /// Logs in with a token that renews itself until `registration_expires_at`.
    pub(crate) fn renewing_token(
        &self,
        key: &str,
        expires_at: &str,
        registration_expires_at: &str,
    ) -> &Self {
        let mut token = token(expires_at);
        token["clientId"] = "client".into();
        token["clientSecret"] = "SECRET-CANARY-client".into();
        token["registrationExpiresAt"] = registration_expires_at.into();
        token["refreshToken"] = "SECRET-CANARY-refresh".into();
        self.token_json(key, token.to_string())
    }

    /// Writes `json`, whatever it is, where the token for `key` belongs.
    pub(crate) fn token_json(&self, key: &str, json: impl AsRef<[u8]>) -> &Self {
        self.file(&token_file(key), json)
    }

    /// Logs out: removes the token for `key`.
    pub(crate) fn no_token(&self, key: &str) -> &Self {
        self.remove(&token_file(key))
    }

    /// Writes any file, its path relative to the home; directories are made as needed.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let target = self.path.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let fresh = self.path.join(".fresh");
        fs::write(&fresh, content).unwrap();
        fs::rename(&fresh, &target).unwrap();
        self
    }

    /// Removes a file, its path relative to the home.
    pub(crate) fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.path.join(path)).unwrap();
        self
    }

    /// What stands in a file, its path relative to the home; `None` where there is none.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.path.join(path)).ok()
    }

    /// Puts a program into the home's own `bin`, which comes first on every `PATH`: an `sh` script that
    /// notes its arguments for [`Home::calls`], then does `body`.
    pub(crate) fn stub(&self, name: &str, body: &str) -> &Self {
        let script = format!(
            "#!/bin/sh\ncall=\nfor word do call=\"$call$word$(printf '\\037')\"; done\n\
             printf '%s\\036' \"$call\" >> \"$0.calls\"\n{body}\n"
        );
        // Written by another process: a file that this one holds open for writing while a thread beside us
        // forks can't be executed until that child has closed its copy ("text file busy").
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

    /// An `aws` for commands that only ask for its version, as `doctor` does: the real one takes most of a second.
    pub(crate) fn aws_stub(&self) -> &Self {
        self.stub("aws", "echo aws-cli/2.30.1 Python/3.13")
    }

    /// Lets only the owner read what lies below `path`, relative to the home, whatever the umask is.
    pub(crate) fn private(&self, path: &str) -> &Self {
        fn close(path: &Path) {
            let directory = path.is_dir();
            let mode = if directory { 0o700 } else { 0o600 };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            if directory {
                let entries = fs::read_dir(path).unwrap();
                entries.for_each(|entry| close(&entry.unwrap().path()));
            }
        }
        close(&self.path.join(path));
        self
    }

    /// The calls of the stub `name` so far, each with its arguments.
    pub(crate) fn calls(&self, name: &str) -> Vec<Vec<String>> {
        let noted = self.read(&format!("bin/{name}.calls")).unwrap_or_default();
        let noted = String::from_utf8(noted).unwrap();
        let words = |call: &str| call.split_terminator('\x1f').map(str::to_owned).collect();
        noted.split_terminator('\x1e').map(words).collect()
    }

    /// Waits until the stub `name` was called.
    #[track_caller]
    pub(crate) fn wait_for_call(&self, name: &str) {
        super::until(|| (!self.calls(name).is_empty()).then_some(()))
            .unwrap_or_else(|| panic!("{name} was never called"));
    }

    /// `awsbadge` with `arguments`.
    pub(crate) fn run<A: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Run<'_> {
        Run::of(self, super::binary()).args(arguments)
    }

    /// An installed program.
    pub(crate) fn tool(&self, program: &str) -> Run<'_> {
        let path =
            super::tools::find(program).unwrap_or_else(|| panic!("{program} is not installed"));
        Run::of(self, &path)
    }

    /// A script in a bare, non-interactive shell.
    pub(crate) fn script(&self, shell: Shell, script: &str) -> Run<'_> {
        let path = format!(".script-{shell}");
        self.file(&path, script);
        Run::of(self, &shell.program())
            .args(shell.bare())
            .args([self.path.join(path)])
    }

    /// An interactive shell in a terminal.
    pub(crate) fn term(&self, shell: Shell) -> TermBuilder<'_> {
        TermBuilder::new(self, shell)
    }

    /// The environment that everything in this home starts from.
    pub(super) fn environment(&self) -> Vec<(&'static str, std::ffi::OsString)> {
        let mut path = self.path.join("bin").into_os_string();
        path.push(":");
        path.push(super::tools::PATH);
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
        // A shell that was just ended may still be leaving: what it leaves behind is the next run's.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Where the AWS tools keep the token for `key`, relative to the home: named after its SHA-1.
pub(crate) fn token_file(key: &str) -> String {
    format!(
        ".aws/sso/cache/{}.json",
        sha1_smol::Sha1::from(key).digest()
    )
}

/// A token as the AWS CLI writes it; its secrets are to be found nowhere else.
pub(crate) fn token(expires_at: &str) -> serde_json::Value {
    serde_json::json!({
        "startUrl": "https://myorg.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "SECRET-CANARY-access",
        "expiresAt": expires_at,
    })
}
