//! The token of a session: `~/.aws/sso/cache/<sha1>.json`, which every tool reads and some write in place.

use super::file::{Beside, Exchange, replace, unwritable};
use crate::error::{Failure, Word};
use crate::idc::answer::Granted;
use crate::idc::request::Client;
use crate::library::{Content, Epoch, Seconds, parse_time, read_cache};
use crate::secret::{Object, Secret, Style, Wiped, bytes_of};
use crate::sys::{self, Moment};
use serde_json::{Map, Value};
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// A token file.
pub(crate) struct Token {
    /// The whole object, with keys that only other tools know.
    body: Wiped,
    /// `accessToken`.
    pub(crate) access: Secret,
    /// `expiresAt`; `None` if it can't be read.
    pub(crate) expires: Option<Epoch>,
    /// What a renewal needs; `None` if a part is missing.
    pub(crate) renewal: Option<Renewal>,
}

/// What a renewal needs.
pub(crate) struct Renewal {
    /// The client that the token was made for.
    pub(crate) client: Client,
    /// `refreshToken`.
    pub(crate) refresh: Secret,
    /// `registrationExpiresAt`: after that the client is unknown.
    pub(crate) until: Epoch,
}

impl Token {
    /// How long the access token is good at `now`; nothing if that is not known.
    pub(crate) fn left(&self, now: Epoch) -> Seconds {
        self.expires.map_or(Seconds(0), |at| at.since(now))
    }

    /// What a renewal needs, if it can work at `now`.
    pub(crate) fn renewal(&self, now: Epoch) -> Option<&Renewal> {
        self.renewal.as_ref().filter(|r| r.until > now)
    }

    fn refresh(&self) -> Option<&Secret> {
        self.renewal.as_ref().map(|r| &r.refresh)
    }
}

/// What is at the path of a token.
pub(crate) enum Found {
    /// A token.
    Token(Box<Token>),
    /// Nothing, or a file that is not a login.
    Absent,
    /// A file that can't be used: why.
    Unusable(String),
}

/// How often a file that is just being written is looked at again, every 20 ms.
const LOOKS: u32 = 10;

/// Reads a token. A file that ends too early is being written in place: it is read again, for a fifth of a second.
pub(crate) fn read(path: &Path) -> Found {
    for look in 0..LOOKS {
        if look > 0 {
            sys::pause(Duration::from_millis(20));
        }
        match read_cache(path) {
            Content::Absent => return Found::Absent,
            Content::Unusable(why) => return Found::Unusable(why),
            Content::Bytes(bytes) => match parse(&Zeroizing::new(bytes)) {
                Ok(Some(token)) => return Found::Token(Box::new(token)),
                Ok(None) => return Found::Absent,
                Err(()) => {}
            },
        }
    }
    Found::Unusable("it is not JSON".to_owned())
}

/// Reads a token, or tells why there is none.
///
/// # Errors
/// `cache-unreadable`.
pub(crate) fn load(path: &Path) -> Result<Option<Box<Token>>, Failure> {
    match read(path) {
        Found::Token(token) => Ok(Some(token)),
        Found::Absent => Ok(None),
        Found::Unusable(why) => Err(Failure::new(
            Word::CacheUnreadable,
            format!("{} can't be read: {why}", path.display()),
            "Log in again with --force, or remove the file.",
        )),
    }
}

/// The token in `json`: `None` if it is not a login, an error if it is not JSON.
fn parse(json: &[u8]) -> Result<Option<Token>, ()> {
    let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
    let body = Wiped(serde_json::from_slice(json).map_err(|_| ())?);
    let Value::Object(object) = &body.0 else {
        return Ok(None);
    };
    let text = |key: &str| {
        let value = &object[find(object, key)?];
        value.as_str().filter(|t| !t.is_empty())
    };
    let date = |key: &str| text(key).and_then(parse_time);
    let Some(access) = text("accessToken").map(Secret::new) else {
        return Ok(None);
    };
    let renewal = || {
        Some(Renewal {
            client: Client {
                id: text("clientId")?.to_owned(),
                secret: Secret::new(text("clientSecret")?),
            },
            refresh: Secret::new(text("refreshToken")?),
            until: date("registrationExpiresAt")?,
        })
    };
    let (expires, renewal) = (date("expiresAt"), renewal());
    Ok(Some(Token {
        access,
        expires,
        renewal,
        body,
    }))
}

/// The spelling of `key` in an object: exact, else in any case, as the Rust SDK reads it.
fn find<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    let keys = || object.keys().map(String::as_str);
    keys()
        .find(|k| *k == key)
        .or_else(|| keys().find(|k| k.eq_ignore_ascii_case(key)))
}

/// A login that was just made.
pub(crate) struct Fresh<'a> {
    pub(crate) start_url: &'a str,
    pub(crate) region: &'a str,
    pub(crate) client: &'a Client,
    pub(crate) registration_expires: Epoch,
    pub(crate) granted: &'a Granted,
}

impl Fresh<'_> {
    /// The file, as the AWS CLI writes it.
    fn bytes(&self, now: Epoch) -> Zeroizing<Vec<u8>> {
        let mut object = Object::new(Style::Python)
            .text("startUrl", self.start_url)
            .text("region", self.region)
            .text("accessToken", self.granted.access.reveal())
            .text("expiresAt", &now.plus(self.granted.lasts).iso())
            .text("clientId", &self.client.id)
            .text("clientSecret", self.client.secret.reveal())
            .text("registrationExpiresAt", &self.registration_expires.iso());
        if let Some(refresh) = &self.granted.refresh {
            object = object.text("refreshToken", refresh.reveal());
        }
        object.finish()
    }
}

/// Writes the token of a new login, over whatever is there.
///
/// # Errors
/// `cache-unwritable`.
pub(crate) fn write(path: &Path, fresh: &Fresh<'_>, now: Epoch) -> Result<(), Failure> {
    replace(path, &fresh.bytes(now)).map_err(|e| unwritable(path, &e))
}

/// What became of a renewed token.
pub(crate) enum Stored {
    /// It is in the file.
    Ours,
    /// Another program put a later one there meanwhile.
    Theirs(Box<Token>),
    /// The file was removed meanwhile: a logout, which stays one.
    Gone,
}

/// Puts a renewed token into the file of `sent`, the token whose refresh token was used.
///
/// # Errors
/// `cache-unwritable`; the new token is then in memory only.
pub(crate) fn update(
    path: &Path,
    sent: &Token,
    granted: &Granted,
    session: (&str, &str),
    now: Epoch,
) -> Result<Stored, Failure> {
    update_with(path, sent, granted, session, now, &mut |_| {}).map_err(|e| unwritable(path, &e))
}

/// The points at which a test can step in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The new file is beside the old one, and the old one was not looked at again.
    Written,
    /// It was looked at, and the files are about to change places.
    Checked,
    /// They did.
    Swapped,
}

fn update_with(
    path: &Path,
    sent: &Token,
    granted: &Granted,
    session: (&str, &str),
    now: Epoch,
    step: &mut dyn FnMut(Step),
) -> std::io::Result<Stored> {
    let ends = now.plus(granted.lasts);
    let raw = || match read_cache(path) {
        Content::Bytes(bytes) => Some(Zeroizing::new(bytes)),
        _ => None,
    };
    let Some(mut base) = raw() else {
        return Ok(Stored::Gone);
    };
    // While the service was asked, another program may have renewed too, or logged in anew.
    if let Found::Token(theirs) = read(path)
        && wins(&theirs, sent, ends, now)
    {
        return Ok(Stored::Theirs(theirs));
    }
    let mut beside = Beside::new(path)?;
    // In-place writers may come between; each time what they left is what the new file is made of.
    for _ in 0..5 {
        beside.fill(&merged(&base, sent, granted, session, ends))?;
        step(Step::Written);
        let Some(there) = raw() else {
            return Ok(Stored::Gone);
        };
        if there == base {
            break;
        }
        if let Found::Token(theirs) = read(path)
            && wins(&theirs, sent, ends, now)
        {
            return Ok(Stored::Theirs(theirs));
        }
        base = there;
    }
    step(Step::Checked);
    match beside.exchange()? {
        Exchange::Gone => return Ok(Stored::Gone),
        Exchange::Unsupported => {
            beside.rename()?;
            return Ok(Stored::Ours);
        }
        Exchange::Done => {}
    }
    step(Step::Swapped);
    // A program that had the old file open wrote to it while the files changed places.
    let end = Moment::after(Duration::from_millis(200));
    sys::pause(Duration::from_millis(5));
    while let Some(old) = beside.old().filter(|old| *old != base) {
        match parse(&old) {
            Ok(Some(theirs)) if wins(&theirs, sent, ends, now) => {
                return match beside.exchange()? {
                    Exchange::Done => Ok(Stored::Theirs(Box::new(theirs))),
                    _ => Ok(Stored::Gone),
                };
            }
            Err(()) if !end.is_over() => sys::pause(Duration::from_millis(5)),
            _ => break,
        }
    }
    Ok(Stored::Ours)
}

/// Whether another program's token takes the place of ours: it comes from a new login, by another client, or
/// from another renewal and is good for longer.
fn wins(theirs: &Token, sent: &Token, ends: Epoch, now: Epoch) -> bool {
    fn client(token: &Token) -> Option<&str> {
        token.body.get("clientId").and_then(Value::as_str)
    }
    if theirs.access == sent.access {
        return false;
    }
    let new_login = client(theirs) != client(sent) && theirs.left(now) >= Seconds(60);
    let later = theirs.refresh() != sent.refresh() && theirs.expires.is_some_and(|at| at > ends);
    new_login || later
}

/// The new file: what is in the old one, with the new token and the client that it was given to. A refresh token
/// that did not come stays: the one that was sent, not one of another client.
fn merged(
    base: &[u8],
    sent: &Token,
    granted: &Granted,
    (start_url, region): (&str, &str),
    ends: Epoch,
) -> Zeroizing<Vec<u8>> {
    // Half a file has nothing to keep: then what was read before has.
    let parsed = parse(base).ok().flatten();
    let mut body = Wiped(parsed.as_ref().unwrap_or(sent).body.0.clone());
    if let Value::Object(object) = &mut body.0 {
        let mut set = |key: &str, value: &str| {
            let name = find(object, key).unwrap_or(key).to_owned();
            object.insert(name, Value::String(value.to_owned()));
        };
        set("startUrl", start_url);
        set("region", region);
        set("accessToken", granted.access.reveal());
        set("expiresAt", &ends.iso());
        if let Some(renewal) = &sent.renewal {
            set("clientId", &renewal.client.id);
            set("clientSecret", renewal.client.secret.reveal());
            let refresh = granted.refresh.as_ref().unwrap_or(&renewal.refresh);
            set("refreshToken", refresh.reveal());
            // Its form is kept if it says the same: tools write dates in several.
            let theirs = parsed.as_ref().and_then(|p| p.renewal.as_ref());
            if theirs.is_none_or(|theirs| theirs.until != renewal.until) {
                set("registrationExpiresAt", &renewal.until.iso());
            }
        }
    }
    bytes_of(&body, Style::Python)
}

#[cfg(test)]
mod tests {
    use super::super::file::tests::Scratch;
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    const NOW: Epoch = Epoch(1_800_000_000);

    const FILE: &str = r#"{"startUrl": "https://my.awsapps.com/start", "region": "eu-west-1", "accessToken": "old", "expiresAt": "2026-01-01T00:00:00Z", "clientId": "c", "clientSecret": "s", "registrationExpiresAt": "2027-03-01T00:00:00Z", "refreshToken": "r1", "extra": {"kept": [1, null]}}"#;

    fn granted(refresh: Option<&str>) -> Granted {
        Granted {
            access: Secret::new("new"),
            refresh: refresh.map(Secret::new),
            lasts: Seconds(3600),
        }
    }

    fn file() -> (Scratch, PathBuf) {
        let scratch = Scratch::new();
        let path = scratch.0.join("t.json");
        fs::write(&path, FILE).unwrap();
        (scratch, path)
    }

    fn token(path: &Path) -> Box<Token> {
        load(path).unwrap().unwrap()
    }

    const SESSION: (&str, &str) = ("https://my.awsapps.com/start", "eu-west-1");

    #[test]
    fn a_token_is_read_with_all_that_a_renewal_needs() {
        let (_scratch, path) = file();
        let read = token(&path);
        assert_eq!(read.access.reveal(), "old");
        assert_eq!(read.expires, Some(Epoch(1_767_225_600)));
        assert!(read.renewal(NOW).is_some());
        assert!(
            read.renewal(Epoch(1_900_000_000)).is_none(),
            "registration over"
        );
        for key in [
            "refreshToken",
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
        ] {
            fs::write(&path, FILE.replace(key, "other")).unwrap();
            assert!(token(&path).renewal.is_none(), "without {key}");
        }
        fs::write(&path, FILE.replace("accessToken", "AccessToken")).unwrap();
        assert_eq!(token(&path).access.reveal(), "old", "keys in any case");
    }

    #[test]
    fn what_is_no_token_is_told_apart() {
        let scratch = Scratch::new();
        let path = scratch.0.join("t.json");
        assert!(matches!(read(&path), Found::Absent));
        for text in ["{}", "[]", "{\"clientId\": \"c\"}", "{\"accessToken\": {}}"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(read(&path), Found::Absent), "{text}");
        }
        for text in ["", "{\"accessToken\": \"t", "\0\0\0"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(read(&path), Found::Unusable(_)), "{text:?}");
        }
        fs::create_dir(scratch.0.join("d")).unwrap();
        assert!(matches!(read(&scratch.0.join("d")), Found::Unusable(_)));
    }

    #[test]
    fn a_file_that_is_being_written_is_read_when_it_is_whole() {
        let (_scratch, path) = file();
        fs::write(&path, &FILE[..40]).unwrap();
        let writer = {
            let path = path.clone();
            std::thread::spawn(move || fs::write(path, FILE).unwrap())
        };
        assert!(matches!(read(&path), Found::Token(_)));
        writer.join().unwrap();
    }

    #[test]
    fn a_new_login_is_written_as_the_aws_cli_writes_it() {
        let scratch = Scratch::new();
        let path = scratch.0.join("sso/cache/t.json");
        let client = Client {
            id: "c".into(),
            secret: Secret::new("s"),
        };
        for (refresh, end) in [(Some("r"), ", \"refreshToken\": \"r\"}"), (None, "}")] {
            let fresh = Fresh {
                start_url: "https://my.awsapps.com/start",
                region: "eu-west-1",
                client: &client,
                registration_expires: Epoch(1_807_000_000),
                granted: &granted(refresh),
            };
            write(&path, &fresh, NOW).unwrap();
            assert_eq!(
                fs::read_to_string(&path).unwrap(),
                "{\"startUrl\": \"https://my.awsapps.com/start\", \"region\": \"eu-west-1\", \
                 \"accessToken\": \"new\", \"expiresAt\": \"2027-01-15T09:00:00Z\", \"clientId\": \"c\", \
                 \"clientSecret\": \"s\", \"registrationExpiresAt\": \"2027-04-06T08:26:40Z\""
                    .to_owned()
                    + end
            );
        }
    }

    fn renewed(refresh: &str) -> String {
        FILE.replace("\"old\"", "\"new\"")
            .replace("2026-01-01T00:00:00Z", "2027-01-15T09:00:00Z")
            .replace("\"r1\"", &format!("\"{refresh}\""))
    }

    #[test]
    fn a_renewal_keeps_unknown_keys_their_order_and_a_refresh_token_that_did_not_come() {
        for (refresh, want) in [(Some("r2"), "r2"), (None, "r1")] {
            let (scratch, path) = file();
            let sent = token(&path);
            let stored = update(&path, &sent, &granted(refresh), SESSION, NOW).unwrap();
            assert!(matches!(stored, Stored::Ours));
            assert_eq!(fs::read_to_string(&path).unwrap(), renewed(want));
            assert!(scratch.leftovers().is_empty());
        }
    }

    /// Runs a renewal with `act` at `step`; what is in the file then, and what the renewal says.
    fn meddled(step: Step, act: impl Fn(&Path)) -> (Option<String>, &'static str) {
        let (scratch, path) = file();
        let sent = token(&path);
        let mut done = false;
        let mut meddle = |at| {
            if at == step && !std::mem::replace(&mut done, true) {
                act(&path);
            }
        };
        let granted = granted(Some("r2"));
        let stored = update_with(&path, &sent, &granted, SESSION, NOW, &mut meddle).unwrap();
        assert!(done, "the step was reached");
        assert!(scratch.leftovers().is_empty(), "nothing is left behind");
        let word = match stored {
            Stored::Ours => "ours",
            Stored::Theirs(theirs) => {
                assert_eq!(theirs.access.reveal(), "cli");
                "theirs"
            }
            Stored::Gone => "gone",
        };
        (fs::read_to_string(&path).ok(), word)
    }

    #[test]
    fn a_logout_at_any_moment_stays_a_logout() {
        for step in [Step::Written, Step::Checked] {
            let (file, word) = meddled(step, |path| fs::remove_file(path).unwrap());
            assert_eq!((file, word), (None, "gone"), "{step:?}");
        }
        // After the swap the renewal was first; the logout takes the new file.
        let (file, _) = meddled(Step::Swapped, |path| fs::remove_file(path).unwrap());
        assert_eq!(file, None);
    }

    /// What the AWS CLI would leave: its own token, no unknown keys.
    fn foreign(date: &str) -> String {
        renewed("r9")
            .replace("\"new\"", "\"cli\"")
            .replace("2027-01-15T09:00:00Z", date)
            .replace(", \"extra\": {\"kept\": [1, null]}", "")
    }

    #[test]
    fn a_later_token_of_another_program_stays() {
        let later = foreign("2027-01-15T09:00:05Z");
        let (file, word) = meddled(Step::Written, |path| fs::write(path, &later).unwrap());
        assert_eq!((file, word), (Some(later), "theirs"));
    }

    #[test]
    fn an_earlier_token_of_another_program_goes() {
        let earlier = foreign("2027-01-15T08:59:00Z");
        let (file, word) = meddled(Step::Written, |path| fs::write(path, &earlier).unwrap());
        let want = foreign("2027-01-15T09:00:00Z")
            .replace("\"cli\"", "\"new\"")
            .replace("r9", "r2");
        assert_eq!((file, word), (Some(want), "ours"));
    }

    #[test]
    fn a_new_login_by_another_program_stays_whenever_it_ends() {
        for (date, want) in [
            ("2027-01-15T08:10:00Z", "theirs"),
            ("2027-01-15T08:00:30Z", "ours"),
        ] {
            let login = foreign(date)
                .replace("\"c\"", "\"c9\"")
                .replace("\"s\"", "\"s9\"");
            // Before the new token is even written, and after.
            let (scratch, path) = file();
            let sent = token(&path);
            fs::write(&path, &login).unwrap();
            let stored = update(&path, &sent, &granted(Some("r2")), SESSION, NOW).unwrap();
            let (file, word) = meddled(Step::Written, |path| fs::write(path, &login).unwrap());
            assert_eq!(word, want);
            assert_eq!(matches!(stored, Stored::Theirs(_)), want == "theirs");
            let file = file.unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), file);
            match want {
                "theirs" => assert_eq!(file, login),
                // Nearly over: ours, with the client that our refresh token belongs to.
                _ => assert_eq!(
                    file,
                    renewed("r2").replace(", \"extra\": {\"kept\": [1, null]}", "")
                ),
            }
            drop(scratch);
        }
    }

    #[test]
    fn a_writer_that_has_the_old_file_open_is_not_lost() {
        let later = foreign("2027-01-15T09:00:05Z");
        let (scratch, path) = file();
        let sent = token(&path);
        let granted = granted(Some("r2"));
        let mut open = None;
        let stored = update_with(&path, &sent, &granted, SESSION, NOW, &mut |at| match at {
            Step::Checked => open = fs::OpenOptions::new().write(true).open(&path).ok(),
            Step::Swapped => {
                use std::io::Write as _;
                let mut file = open.take().unwrap();
                file.set_len(0).unwrap();
                file.write_all(later.as_bytes()).unwrap();
            }
            Step::Written => {}
        });
        assert!(matches!(stored, Ok(Stored::Theirs(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), later);
        assert!(scratch.leftovers().is_empty());
    }

    #[test]
    fn a_directory_that_can_not_be_written_is_told_and_the_file_stays() {
        let sent = token(&file().1);
        let path = Path::new("/dev/null/x/t.json");
        let stored = update(path, &sent, &granted(None), SESSION, NOW);
        assert!(matches!(stored, Ok(Stored::Gone)), "no file, no renewal");
        let client = Client {
            id: "c".into(),
            secret: Secret::new("s"),
        };
        let fresh = Fresh {
            start_url: "u",
            region: "r",
            client: &client,
            registration_expires: NOW,
            granted: &granted(None),
        };
        let failure = write(path, &fresh, NOW).unwrap_err();
        assert_eq!(failure.word, Word::CacheUnwritable);
        assert!(failure.message.contains("/dev/null/x/t.json"));
    }
}
