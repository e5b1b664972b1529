//! What a request that got no answer means: which part of the way failed, and what to do about it.

use super::proxy::Proxy;
use crate::error::{Failure, Remote, Word};
use crate::idc::endpoint::Endpoint;
use crate::library::Epoch;
use rustls::CertificateError;
use std::io;
use std::time::Duration;

/// How far a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Phase {
    /// Not begun.
    Start,
    /// A name is being looked up: the host's, or the proxy's if there is one.
    Resolving,
    /// A connection is being made, through TLS and all.
    Connecting,
    /// The proxy is connected and asked for the host.
    Proxied,
    /// TLS to the host is being made through the proxy, or the connection is open: the request may be sent.
    Open,
}

/// A request without an answer.
pub(crate) struct Trouble {
    /// What to tell.
    pub(crate) failure: Failure,
    /// Whether the service may have got the request.
    pub(crate) arrived: bool,
}

/// What a failure is made of.
pub(super) struct Scene<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) proxy: Option<&'a Proxy>,
    pub(super) phase: Phase,
    pub(super) limit: Duration,
    pub(super) now: Epoch,
    /// What names the certificate authorities, if not the system.
    pub(super) roots: Option<&'a str>,
}

/// 2026-01-01: a clock before this is wrong, for this program is younger.
const OLDEST: Epoch = Epoch(1_767_225_600);

impl Scene<'_> {
    fn host(&self) -> String {
        self.endpoint.address.authority()
    }

    /// The host as a message names it: with the proxy on the way, and with the setting that chose the host.
    fn place(&self) -> String {
        let host = self.host();
        match &self.endpoint.from {
            Some(from) => format!("{host} ({from})"),
            None => host,
        }
    }

    /// The proxy on the way, for the end of a message.
    fn through(&self) -> String {
        self.proxy.map_or(String::new(), |proxy| {
            format!(", through the proxy {} ({})", proxy.shown, proxy.from)
        })
    }

    fn failure(&self, word: Word, message: String, next: impl Into<String>) -> Failure {
        Failure::new(word, message, next).with(Remote {
            endpoint: Some(self.endpoint.address.origin()),
            ..Remote::default()
        })
    }

    /// The next step where the host can't be reached: the setting that chose the host first.
    fn next(&self, otherwise: &str) -> String {
        match &self.endpoint.from {
            Some(from) => format!(
                "{from} sends this to {}; is that right, and is it running?",
                self.endpoint.address.origin()
            ),
            None => otherwise.to_owned(),
        }
    }

    /// What an error of ureq means.
    pub(super) fn trouble(&self, error: ureq::Error) -> Trouble {
        let arrived = self.phase == Phase::Open;
        let failure = self.of(error);
        Trouble { failure, arrived }
    }

    fn of(&self, error: ureq::Error) -> Failure {
        use ureq::Error as E;
        match error {
            E::Timeout(_) => self.timeout(),
            E::ConnectProxyFailed(said) => self.proxy_refused(&said),
            E::HostNotFound => self.unresolved(),
            E::Rustls(error) => self.tls(&error),
            E::Io(error) => match rustls_error(&error) {
                Some(tls) => self.tls(tls),
                None if self.phase == Phase::Resolving => self.unresolved(),
                None => self.io(&error),
            },
            E::Protocol(_) | E::LargeResponseHeader(..) | E::BodyExceedsLimit(_) => {
                bad_answer(self.endpoint, "the answer is not HTTP, or too large")
            }
            E::InvalidProxyUrl | E::Tls(_) | E::BadUri(_) | E::Http(_) => self.failure(
                Word::BadConfig,
                format!("{} can't be called: {error}", self.place()),
                self.next("Look at the variables that name proxies and endpoints."),
            ),
            other => self.failure(
                Word::Unreachable,
                format!("{} can't be reached: {other}", self.place()),
                self.next("Try again."),
            ),
        }
    }

    fn unresolved(&self) -> Failure {
        if let Some(proxy) = self.proxy {
            return self.failure(
                Word::ProxyUnreachable,
                format!(
                    "the proxy {} can't be resolved by DNS ({})",
                    proxy.shown, proxy.from
                ),
                format!(
                    "Check {}, or unset it if there is no proxy here.",
                    proxy.from
                ),
            );
        }
        let next = match self.endpoint.doubtful_fips {
            true => "IAM Identity Center has no FIPS hosts in commercial regions: unset AWS_USE_FIPS_ENDPOINT \
                     and use_fips_endpoint."
                .to_owned(),
            false => self.next("Are you online? Is sso_region right?"),
        };
        self.failure(
            Word::Dns,
            format!("{} can't be resolved by DNS", self.place()),
            next,
        )
    }

    fn timeout(&self) -> Failure {
        let seconds = self.limit.as_secs_f64();
        match (self.phase, self.proxy) {
            (Phase::Resolving, None) => self.failure(
                Word::Dns,
                format!("{}: no answer from DNS within {seconds} s", self.place()),
                self.next("Are you online?"),
            ),
            (Phase::Start | Phase::Resolving | Phase::Connecting, Some(proxy)) => self.failure(
                Word::ProxyUnreachable,
                format!(
                    "the proxy {} did not answer within {seconds} s ({})",
                    proxy.shown, proxy.from
                ),
                format!(
                    "Check {}, or unset it if there is no proxy here.",
                    proxy.from
                ),
            ),
            (Phase::Open, _) => self.failure(
                Word::Unreachable,
                format!(
                    "{} did not answer within {seconds} s{}",
                    self.place(),
                    self.through()
                ),
                self.next("Try again, or allow more time with --endpoint-timeout."),
            ),
            _ => self.failure(
                Word::Unreachable,
                format!(
                    "no connection to {} within {seconds} s{}",
                    self.place(),
                    self.through()
                ),
                self.next("Is a firewall or a VPN in the way? Does this network need a proxy?"),
            ),
        }
    }

    fn proxy_refused(&self, said: &str) -> Failure {
        let Some(proxy) = self.proxy else {
            return bad_answer(self.endpoint, said);
        };
        let status = said
            .split(|c: char| !c.is_ascii_digit())
            .find(|part| part.len() == 3);
        match status {
            Some("407") => self.failure(
                Word::ProxyAuth,
                format!(
                    "the proxy {} requires a user name and password ({})",
                    proxy.shown, proxy.from
                ),
                format!("Write {} as http://USER:PASSWORD@HOST:PORT.", proxy.from),
            ),
            Some(status @ ("502" | "503" | "504")) => self.failure(
                Word::Unreachable,
                format!(
                    "the proxy {} can't reach {}: HTTP {status} ({})",
                    proxy.shown,
                    self.host(),
                    proxy.from
                ),
                "Try again, or ask who runs the proxy.",
            ),
            Some(status) => self.failure(
                Word::ProxyUnreachable,
                format!(
                    "the proxy {} refuses to connect to {}: HTTP {status} ({})",
                    proxy.shown,
                    self.host(),
                    proxy.from
                ),
                format!(
                    "Ask who runs the proxy, or bypass it with NO_PROXY={}.",
                    self.host()
                ),
            ),
            None => self.failure(
                Word::ProxyUnreachable,
                format!("the proxy {} does not answer ({})", proxy.shown, proxy.from),
                format!(
                    "Check {}, or unset it if there is no proxy here.",
                    proxy.from
                ),
            ),
        }
    }

    fn io(&self, error: &io::Error) -> Failure {
        let why = crate::library::reason(error);
        if let (Some(proxy), Phase::Start | Phase::Resolving | Phase::Connecting) =
            (self.proxy, self.phase)
        {
            return self.failure(
                Word::ProxyUnreachable,
                format!(
                    "the proxy {} can't be reached: {why} ({})",
                    proxy.shown, proxy.from
                ),
                format!(
                    "Check {}, or unset it if there is no proxy here.",
                    proxy.from
                ),
            );
        }
        let message = match self.phase {
            Phase::Open => format!(
                "the connection to {} broke: {why}{}",
                self.place(),
                self.through()
            ),
            _ => format!("{} can't be reached: {why}{}", self.place(), self.through()),
        };
        self.failure(
            Word::Unreachable,
            message,
            self.next(
                "Try again. Is a firewall or a VPN in the way? Does this network need a proxy?",
            ),
        )
    }

    fn tls(&self, error: &rustls::Error) -> Failure {
        use CertificateError as C;
        let (host, through) = (self.place(), self.through());
        let rustls::Error::InvalidCertificate(certificate) = error else {
            return match error {
                rustls::Error::InvalidMessage(_) => bad_answer(
                    self.endpoint,
                    "the answer is not TLS: a captive portal or a proxy may be in the way",
                ),
                _ => self.failure(
                    Word::Unreachable,
                    format!("no TLS connection to {host}{through}: {error}"),
                    self.next("Is a proxy or a firewall in the way?"),
                ),
            };
        };
        match certificate {
            C::NotValidForName | C::NotValidForNameContext { .. } => self.failure(
                Word::TlsName,
                format!("the certificate that {host} shows is for another name{through}"),
                "A captive portal or a proxy may be in the way: open a page in a browser to sign in to the network.",
            ),
            C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
                let early = matches!(certificate, C::NotValidYet | C::NotValidYetContext { .. });
                let now = self.now.iso();
                match self.now < OLDEST {
                    true => self.failure(
                        Word::Clock,
                        format!("the certificate of {host} is not valid at the time of this machine, {now}"),
                        "Set the clock of this machine.",
                    ),
                    false => self.failure(
                        Word::TlsDate,
                        format!(
                            "the certificate of {host} is {} (it is {now} here){through}",
                            if early { "not valid yet" } else { "expired" }
                        ),
                        "If the clock of this machine is right, the host or a proxy on the way has an old certificate.",
                    ),
                }
            }
            C::UnknownIssuer => self.failure(
                Word::TlsUntrusted,
                match self.roots {
                    Some(from) => format!(
                        "the certificate of {host} is signed by an authority that is not in the file named by {from}{through}"
                    ),
                    None => format!(
                        "the certificate of {host} is signed by an authority that this system does not trust{through}"
                    ),
                },
                "If your company inspects TLS, add its certificate authority to the system, or name a file that has it in AWS_CA_BUNDLE.",
            ),
            other => self.failure(
                Word::TlsUntrusted,
                format!("the certificate of {host} is not good{through}: {other}"),
                "Is a proxy or a captive portal in the way?",
            ),
        }
    }
}

fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref::<rustls::Error>()
}

/// An answer that is not the service's.
pub(super) fn bad_answer(endpoint: &Endpoint, why: &str) -> Failure {
    let host = endpoint.address.authority();
    let next = match &endpoint.from {
        Some(from) => format!("{from} names this host: is it right?"),
        None => "A captive portal or a proxy may be in the way: open a page in a browser to sign in to the \
                 network, and check HTTPS_PROXY."
            .to_owned(),
    };
    Failure::new(
        Word::BadAnswer,
        format!("{host} did not answer as AWS does: {why}"),
        next,
    )
    .with(Remote {
        endpoint: Some(endpoint.address.origin()),
        ..Remote::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idc::address::Address;

    const NOW: Epoch = Epoch(1_800_000_000);

    fn endpoint(from: Option<&str>) -> Endpoint {
        Endpoint {
            address: Address::parse("https://oidc.eu-west-1.amazonaws.com").unwrap(),
            from: from.map(str::to_owned),
            doubtful_fips: false,
        }
    }

    fn proxy() -> Proxy {
        Proxy {
            url: "http://user:secret@p.example:3128".into(),
            shown: "p.example:3128".into(),
            from: "HTTPS_PROXY".into(),
        }
    }

    fn told(error: ureq::Error, phase: Phase, through: bool, now: Epoch) -> (Word, bool, String) {
        let (endpoint, proxy) = (endpoint(None), proxy());
        let scene = Scene {
            endpoint: &endpoint,
            proxy: through.then_some(&proxy),
            phase,
            limit: Duration::from_secs(8),
            now,
            roots: None,
        };
        let trouble = scene.trouble(error);
        assert!(
            !trouble.failure.next.is_empty(),
            "every one has a next step"
        );
        assert!(!trouble.failure.message.contains("secret"));
        (
            trouble.failure.word,
            trouble.arrived,
            trouble.failure.message,
        )
    }

    fn io_error(kind: io::ErrorKind) -> ureq::Error {
        ureq::Error::Io(kind.into())
    }

    fn certificate(error: CertificateError) -> ureq::Error {
        ureq::Error::Io(io::Error::other(rustls::Error::InvalidCertificate(error)))
    }

    #[test]
    fn each_part_of_the_way_has_its_word() {
        use CertificateError as C;
        use Phase::{Connecting, Open, Resolving};
        let proxy_said = |text: &str| ureq::Error::ConnectProxyFailed(text.to_owned());
        let time = || ureq::Error::Timeout(ureq::Timeout::Global);
        for (error, phase, through, word, arrived) in [
            (
                ureq::Error::HostNotFound,
                Resolving,
                false,
                Word::Dns,
                false,
            ),
            (
                io_error(io::ErrorKind::Other),
                Resolving,
                false,
                Word::Dns,
                false,
            ),
            (time(), Resolving, false, Word::Dns, false),
            (
                io_error(io::ErrorKind::Other),
                Resolving,
                true,
                Word::ProxyUnreachable,
                false,
            ),
            (
                io_error(io::ErrorKind::ConnectionRefused),
                Connecting,
                false,
                Word::Unreachable,
                false,
            ),
            (
                io_error(io::ErrorKind::ConnectionRefused),
                Connecting,
                true,
                Word::ProxyUnreachable,
                false,
            ),
            (time(), Connecting, false, Word::Unreachable, false),
            (time(), Connecting, true, Word::ProxyUnreachable, false),
            (time(), Phase::Proxied, true, Word::Unreachable, false),
            (
                io_error(io::ErrorKind::ConnectionReset),
                Open,
                false,
                Word::Unreachable,
                true,
            ),
            (
                io_error(io::ErrorKind::ConnectionReset),
                Open,
                true,
                Word::Unreachable,
                true,
            ),
            (time(), Open, true, Word::Unreachable, true),
            (
                proxy_said("proxy server responded 407/407"),
                Connecting,
                true,
                Word::ProxyAuth,
                false,
            ),
            (
                proxy_said("proxy server responded 403/403"),
                Connecting,
                true,
                Word::ProxyUnreachable,
                false,
            ),
            (
                proxy_said("proxy server responded 503/503"),
                Connecting,
                true,
                Word::Unreachable,
                false,
            ),
            (
                proxy_said("proxy server did not respond"),
                Connecting,
                true,
                Word::ProxyUnreachable,
                false,
            ),
            (
                certificate(C::UnknownIssuer),
                Connecting,
                false,
                Word::TlsUntrusted,
                false,
            ),
            (
                certificate(C::BadSignature),
                Connecting,
                false,
                Word::TlsUntrusted,
                false,
            ),
            (
                certificate(C::NotValidForName),
                Connecting,
                false,
                Word::TlsName,
                false,
            ),
            (
                certificate(C::Expired),
                Connecting,
                false,
                Word::TlsDate,
                false,
            ),
            (
                certificate(C::NotValidYet),
                Connecting,
                false,
                Word::TlsDate,
                false,
            ),
            (
                ureq::Error::Rustls(rustls::Error::InvalidMessage(
                    rustls::InvalidMessage::InvalidContentType,
                )),
                Connecting,
                false,
                Word::BadAnswer,
                false,
            ),
            (
                ureq::Error::LargeResponseHeader(2, 1),
                Open,
                false,
                Word::BadAnswer,
                true,
            ),
            (
                ureq::Error::BodyExceedsLimit(1),
                Open,
                false,
                Word::BadAnswer,
                true,
            ),
        ] {
            let (got, sent, message) = told(error, phase, through, NOW);
            assert_eq!((got, sent), (word, arrived), "{message}");
            if through && word != Word::BadAnswer {
                assert!(
                    message.contains("p.example:3128") && message.contains("HTTPS_PROXY"),
                    "{message}"
                );
            }
        }
    }

    #[test]
    fn a_clock_of_last_century_is_the_clocks_fault() {
        let (word, ..) = told(
            certificate(CertificateError::NotValidYet),
            Phase::Connecting,
            false,
            Epoch(86_400),
        );
        assert_eq!(word, Word::Clock);
    }

    #[test]
    fn the_setting_that_named_the_host_is_named() {
        let endpoint = endpoint(Some("AWS_ENDPOINT_URL"));
        let scene = Scene {
            endpoint: &endpoint,
            proxy: None,
            phase: Phase::Connecting,
            limit: Duration::from_secs(8),
            now: NOW,
            roots: None,
        };
        let failure = scene
            .trouble(io_error(io::ErrorKind::ConnectionRefused))
            .failure;
        assert!(failure.message.contains("AWS_ENDPOINT_URL"), "{failure:?}");
        assert!(
            failure.next.contains("AWS_ENDPOINT_URL sends this to"),
            "{failure:?}"
        );
    }
}
