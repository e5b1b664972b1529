//! Role credentials in the AWS CLI's cache, `~/.aws/cli/cache`, and the list of those that were written here.

use super::file::{names_in, remove, replace, unwritable};
use super::lock::{Locks, Over};
use crate::error::Failure;
use crate::idc::answer::RoleCredentials;
use crate::library::{Content, Epoch, Seconds, parse_time, read_cache};
use crate::secret::{Object, Secret, Style, Wiped};
use crate::sys::Moment;
use serde_json::Value;
use sha1_smol::Sha1;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use zeroize::Zeroizing;

/// Cached credentials with less left than this are fetched anew, as in the AWS CLI.
pub(crate) const ENOUGH: Seconds = Seconds(15 * 60);

/// The cached credentials in a file; `None` if there are none that can be used.
pub(crate) fn load(path: &Path) -> Option<RoleCredentials> {
    let Content::Bytes(bytes) = read_cache(path) else {
        return None;
    };
    let bytes = Zeroizing::new(bytes);
    let body = Wiped(serde_json::from_slice(&bytes).ok()?);
    let credentials = body.get("Credentials")?;
    let text = |key: &str| credentials.get(key)?.as_str().filter(|t| !t.is_empty());
    Some(RoleCredentials {
        key: text("AccessKeyId")?.to_owned(),
        secret: Secret::new(text("SecretAccessKey")?),
        token: Secret::new(text("SessionToken")?),
        expires: text("Expiration").and_then(parse_time)?,
    })
}

/// Writes credentials in the AWS CLI's form.
///
/// # Errors
/// `cache-unwritable`.
pub(crate) fn save(path: &Path, found: &RoleCredentials, account: &str) -> Result<(), Failure> {
    write(path, "{\"ProviderType\": \"sso\", ", found, account)
}

/// The same for a role that STS gave: no logout removes it.
///
/// # Errors
/// `cache-unwritable`.
pub(crate) fn save_assumed(
    path: &Path,
    found: &RoleCredentials,
    account: &str,
) -> Result<(), Failure> {
    write(path, "{", found, account)
}

fn write(path: &Path, start: &str, found: &RoleCredentials, account: &str) -> Result<(), Failure> {
    let inner = Object::new(Style::Python)
        .text("AccessKeyId", &found.key)
        .text("SecretAccessKey", found.secret.reveal())
        .text("SessionToken", found.token.reveal())
        .text("Expiration", &found.expires.iso())
        .text("AccountId", account)
        .finish();
    let mut bytes = Zeroizing::new(Vec::with_capacity(inner.len() + 64));
    bytes.extend_from_slice(start.as_bytes());
    bytes.extend_from_slice(b"\"Credentials\": ");
    bytes.extend_from_slice(&inner);
    bytes.push(b'}');
    replace(path, &bytes).map_err(|e| unwritable(path, &e))
}

/// What a `credential_process` prints.
pub(crate) fn printed(found: &RoleCredentials, account: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Object::new(Style::Compact)
        .value("Version", &Value::from(1))
        .text("AccessKeyId", &found.key)
        .text("SecretAccessKey", found.secret.reveal())
        .text("SessionToken", found.token.reveal())
        .text("Expiration", &found.expires.iso())
        .text("AccountId", account)
        .finish();
    bytes.push(b'\n');
    bytes
}

/// The list of role files that were written here, each with the session that it belongs to: a role that no
/// profile names can be found again by it.
pub(crate) struct Index<'a> {
    path: Option<PathBuf>,
    locks: &'a Locks,
}

impl<'a> Index<'a> {
    /// The list in a state directory.
    pub(crate) fn new(state: Option<&Path>, locks: &'a Locks) -> Self {
        Self {
            path: state.map(|state| state.join("role-cache-index")),
            locks,
        }
    }

    /// One line: the session's SHA-1, and the file's name.
    fn line(session: &str, file: &Path) -> Option<String> {
        let name = file.file_name()?.to_str()?;
        Some(format!("{} {name}\n", Sha1::from(session).digest()))
    }

    fn text(&self) -> Option<String> {
        match read_cache(self.path.as_ref()?) {
            Content::Bytes(bytes) => String::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// Notes a file. A list that can't be written is not worth a failure.
    pub(crate) fn note(&self, session: &str, file: &Path) {
        let (Some(path), Some(line)) = (&self.path, Self::line(session, file)) else {
            return;
        };
        if self.text().is_some_and(|text| text.contains(&line)) {
            return;
        }
        let opened = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path);
        let _ = opened.and_then(|mut list| list.write_all(line.as_bytes()));
    }

    /// Takes the names of a session's files from the list.
    pub(crate) fn take(&self, session: &str) -> Vec<String> {
        let Some(path) = &self.path else {
            return Vec::new();
        };
        let end = Moment::after(Duration::from_secs(2));
        let _lock = self.locks.wait(Over::Index, "", end, || None::<()>);
        let text = self.text().unwrap_or_default();
        let prefix = format!("{} ", Sha1::from(session).digest());
        let (ours, others): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with(&prefix));
        if !ours.is_empty() {
            let mut rest = others.join("\n");
            if !rest.is_empty() {
                rest.push('\n');
            }
            let _ = replace(path, rest.as_bytes());
        }
        let name = |line: &str| line.strip_prefix(&prefix).map(str::to_owned);
        let plain = |name: &String| !name.contains('/') && name.ends_with(".json");
        ours.into_iter().filter_map(name).filter(plain).collect()
    }
}

/// Removes files; those that are not there are no error. How many went, and the first that did not.
pub(crate) fn remove_all(paths: impl IntoIterator<Item = PathBuf>) -> (usize, Option<Failure>) {
    let (mut gone, mut failure) = (0, None);
    for path in paths {
        match remove(&path) {
            Ok(was_there) => gone += usize::from(was_there),
            Err(e) => {
                failure.get_or_insert_with(|| unwritable(&path, &e));
            }
        }
    }
    (gone, failure)
}

/// The files of SSO role credentials in the cache, whoever wrote them.
pub(crate) fn all_of_sso(directory: &Path) -> Vec<PathBuf> {
    let is_sso = |path: &PathBuf| {
        let mut bytes = Zeroizing::new(Vec::new());
        let opened = OpenOptions::new().read(true).open(path);
        let read = opened.and_then(|file| file.take(1 << 20).read_to_end(&mut bytes));
        let body = read.ok().and_then(|_| serde_json::from_slice(&bytes).ok());
        body.map(Wiped)
            .is_some_and(|body| body.get("ProviderType").and_then(Value::as_str) == Some("sso"))
    };
    names_in(directory).into_iter().filter(is_sso).collect()
}

/// Whether the credentials have at least `enough` left.
pub(crate) fn lasts(found: &RoleCredentials, now: Epoch, enough: Seconds) -> bool {
    found.expires.since(now) >= enough
}

#[cfg(test)]
mod tests {
    use super::super::file::tests::Scratch;
    use super::*;

    fn credentials() -> RoleCredentials {
        RoleCredentials {
            key: "AKIA".into(),
            secret: Secret::new("s/+"),
            token: Secret::new("t"),
            expires: Epoch(1_800_000_000),
        }
    }

    #[test]
    fn credentials_are_cached_as_the_aws_cli_does_and_printed_for_any_tool() {
        let scratch = Scratch::new();
        let path = scratch.0.join("cli/cache/x.json");
        save(&path, &credentials(), "123456789012").unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "{\"ProviderType\": \"sso\", \"Credentials\": {\"AccessKeyId\": \"AKIA\", \"SecretAccessKey\": \"s/+\", \
             \"SessionToken\": \"t\", \"Expiration\": \"2027-01-15T08:00:00Z\", \"AccountId\": \"123456789012\"}}"
        );
        let read = load(&path).unwrap();
        assert_eq!(read.expires, credentials().expires);
        assert!(lasts(&read, Epoch(1_800_000_000 - 900), ENOUGH));
        assert!(!lasts(&read, Epoch(1_800_000_000 - 899), ENOUGH));
        assert_eq!(
            String::from_utf8(printed(&read, "123456789012").to_vec()).unwrap(),
            "{\"Version\":1,\"AccessKeyId\":\"AKIA\",\"SecretAccessKey\":\"s/+\",\"SessionToken\":\"t\",\
             \"Expiration\":\"2027-01-15T08:00:00Z\",\"AccountId\":\"123456789012\"}\n"
        );
    }

    #[test]
    fn what_can_not_be_used_is_no_cache() {
        let scratch = Scratch::new();
        let path = scratch.0.join("x.json");
        for text in ["", "{}", "{\"Credentials\": {\"AccessKeyId\": \"A\"}}"] {
            std::fs::write(&path, text).unwrap();
            assert!(load(&path).is_none(), "{text}");
        }
    }

    #[test]
    fn the_list_gives_a_sessions_files_once_and_keeps_the_others() {
        let scratch = Scratch::new();
        let locks = Locks::new(Some(&scratch.0));
        let index = Index::new(Some(&scratch.0), &locks);
        for (session, file) in [
            ("a", "/c/1.json"),
            ("b", "/c/2.json"),
            ("a", "/c/3.json"),
            ("a", "/c/1.json"),
        ] {
            index.note(session, Path::new(file));
        }
        assert_eq!(index.take("a"), ["1.json", "3.json"]);
        assert!(index.take("a").is_empty());
        assert_eq!(index.take("b"), ["2.json"]);
    }

    #[test]
    fn only_sso_credentials_are_found_in_the_cache() {
        let scratch = Scratch::new();
        for (name, text) in [
            ("a.json", "{\"ProviderType\": \"sso\"}"),
            ("b.json", "{\"ProviderType\": \"assume-role\"}"),
            ("c.json", "{\"Credentials\": {}}"),
            ("d.db", "{\"ProviderType\": \"sso\"}"),
        ] {
            std::fs::write(scratch.0.join(name), text).unwrap();
        }
        assert_eq!(all_of_sso(&scratch.0), [scratch.0.join("a.json")]);
        let (gone, failure) = remove_all(
            all_of_sso(&scratch.0)
                .into_iter()
                .chain([scratch.0.join("none")]),
        );
        assert_eq!((gone, failure), (1, None));
    }
}
