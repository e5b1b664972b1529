//! Every failure that a user can see: a fixed word for scripts, a sentence, and the next step.

use crate::library::visible;
use serde_json::{Map, Value, json};

/// What went wrong, in one word. The words and the exit codes are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    PortTaken,
    Busy,
    NoCredentials,
    ConfigChanged,
    Collision,
    Usage,
    NotSso,
    AmbiguousSession,
    NoSuchSession,
    NoSuchProfile,
    BadConfig,
    BadRegion,
    BadStartUrl,
    WrongRegion,
    CacheUnreadable,
    CacheUnwritable,
    LoginNeeded,
    LoggedOutMeanwhile,
    CodeExpired,
    TimedOut,
    NoTerminal,
    UnsafeAddress,
    Throttled,
    Dns,
    Unreachable,
    TlsUntrusted,
    TlsName,
    TlsDate,
    ProxyUnreachable,
    ProxyAuth,
    BadAnswer,
    ServerError,
    Clock,
    Denied,
    NoAccess,
    Interrupted,
    Terminated,
}

impl Word {
    /// The word as `--json` has it, and the exit code.
    fn parts(self) -> (&'static str, u8) {
        match self {
            Self::PortTaken => ("port-taken", 1),
            Self::Busy => ("busy", 1),
            Self::NoCredentials => ("no-credentials", 1),
            Self::ConfigChanged => ("config-changed", 1),
            Self::Collision => ("collision", 1),
            Self::Usage => ("usage", 2),
            Self::NotSso => ("not-sso", 2),
            Self::AmbiguousSession => ("ambiguous-session", 2),
            Self::NoSuchSession => ("no-such-session", 3),
            Self::NoSuchProfile => ("no-such-profile", 3),
            Self::BadConfig => ("bad-config", 4),
            Self::BadRegion => ("bad-region", 4),
            Self::BadStartUrl => ("bad-start-url", 4),
            Self::WrongRegion => ("wrong-region", 4),
            Self::CacheUnreadable => ("cache-unreadable", 4),
            Self::CacheUnwritable => ("cache-unwritable", 4),
            Self::LoginNeeded => ("login-needed", 5),
            Self::LoggedOutMeanwhile => ("logged-out-meanwhile", 5),
            Self::CodeExpired => ("code-expired", 5),
            Self::TimedOut => ("timed-out", 5),
            Self::NoTerminal => ("no-terminal", 5),
            Self::UnsafeAddress => ("unsafe-address", 6),
            Self::Throttled => ("throttled", 7),
            Self::Dns => ("dns", 7),
            Self::Unreachable => ("unreachable", 7),
            Self::TlsUntrusted => ("tls-untrusted", 7),
            Self::TlsName => ("tls-name", 7),
            Self::TlsDate => ("tls-date", 7),
            Self::ProxyUnreachable => ("proxy-unreachable", 7),
            Self::ProxyAuth => ("proxy-auth", 7),
            Self::BadAnswer => ("bad-answer", 7),
            Self::ServerError => ("server-error", 7),
            Self::Clock => ("clock", 7),
            Self::Denied => ("denied", 8),
            Self::NoAccess => ("no-access", 8),
            Self::Interrupted => ("interrupted", 130),
            Self::Terminated => ("interrupted", 143),
        }
    }

    /// The word that `--json` has under `error.code`.
    pub(crate) fn name(self) -> &'static str {
        self.parts().0
    }

    /// The exit code.
    pub(crate) fn exit(self) -> u8 {
        self.parts().1
    }
}

/// What a server said about the failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remote {
    /// The HTTP status.
    pub(crate) http: Option<u16>,
    /// The error type, such as `InvalidGrantException`.
    pub(crate) kind: Option<String>,
    /// AWS's id of the request.
    pub(crate) request_id: Option<String>,
    /// The address that was called, without path and query.
    pub(crate) endpoint: Option<String>,
}

/// A failure, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What it is.
    pub(crate) word: Word,
    /// One sentence, without a full stop.
    pub(crate) message: String,
    /// What to do next; empty if nothing can be said.
    pub(crate) next: String,
    /// What a server said.
    pub(crate) remote: Option<Box<Remote>>,
}

impl Failure {
    /// A failure that no server had a part in.
    pub(crate) fn new(word: Word, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            word,
            message: message.into(),
            next: next.into(),
            remote: None,
        }
    }

    /// The same, with what the server said.
    pub(crate) fn with(mut self, remote: Remote) -> Self {
        self.remote = Some(Box::new(remote));
        self
    }

    /// The text for a person, with a newline at its end. Control characters in it are made visible.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("error: {}\n", visible(&self.message));
        if !self.next.is_empty() {
            text += &format!("hint: {}\n", visible(&self.next));
        }
        text
    }

    /// The fields of the object under `error`.
    pub(crate) fn object(&self) -> Value {
        let none = Remote::default();
        let remote = self.remote.as_deref().unwrap_or(&none);
        let mut object = Map::new();
        object.insert("code".into(), json!(self.word.name()));
        object.insert("message".into(), json!(self.message));
        object.insert("next".into(), json!(self.next));
        object.insert("http".into(), json!(remote.http));
        object.insert("type".into(), json!(remote.kind));
        object.insert("request_id".into(), json!(remote.request_id));
        object.insert("endpoint".into(), json!(remote.endpoint));
        Value::Object(object)
    }

    /// The line that takes the place of the text with `--json`.
    pub(crate) fn line(&self) -> String {
        format!("{}\n", json!({ "error": self.object() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_the_message_and_the_next_step() {
        let failure = Failure::new(Word::Busy, "a\x1b[31mb", "wait");
        assert_eq!(failure.text(), "error: a\\u{1b}[31mb\nhint: wait\n");
        assert_eq!(
            Failure::new(Word::Busy, "x", "").text(),
            "error: x\n",
            "no next step, no second line"
        );
    }

    #[test]
    fn the_object_has_every_key_whether_or_not_a_server_answered() {
        assert_eq!(
            Failure::new(Word::LoginNeeded, "m", "n").line(),
            "{\"error\":{\"code\":\"login-needed\",\"message\":\"m\",\"next\":\"n\",\"http\":null,\"type\":null,\"request_id\":null,\"endpoint\":null}}\n"
        );
        let remote = Remote {
            http: Some(403),
            kind: Some("ForbiddenException".into()),
            request_id: Some("r".into()),
            endpoint: Some("https://portal.sso.eu-west-1.amazonaws.com".into()),
        };
        assert_eq!(
            Failure::new(Word::NoAccess, "m", "").with(remote).line(),
            "{\"error\":{\"code\":\"no-access\",\"message\":\"m\",\"next\":\"\",\"http\":403,\"type\":\"ForbiddenException\",\"request_id\":\"r\",\"endpoint\":\"https://portal.sso.eu-west-1.amazonaws.com\"}}\n"
        );
    }

    #[test]
    fn words_and_exit_codes_are_those_of_the_contract() {
        for (word, name, exit) in [
            (Word::PortTaken, "port-taken", 1),
            (Word::ConfigChanged, "config-changed", 1),
            (Word::Collision, "collision", 1),
            (Word::NoTerminal, "no-terminal", 5),
            (Word::NotSso, "not-sso", 2),
            (Word::NoSuchSession, "no-such-session", 3),
            (Word::WrongRegion, "wrong-region", 4),
            (Word::LoggedOutMeanwhile, "logged-out-meanwhile", 5),
            (Word::UnsafeAddress, "unsafe-address", 6),
            (Word::ProxyAuth, "proxy-auth", 7),
            (Word::Denied, "denied", 8),
            (Word::Interrupted, "interrupted", 130),
            (Word::Terminated, "interrupted", 143),
        ] {
            assert_eq!((word.name(), word.exit()), (name, exit));
        }
    }
}
