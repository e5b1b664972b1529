//! The listener that a browser comes back to: on 127.0.0.1 only, one path, and nothing but our state counts.

use crate::idc::pkce::{CALLBACK, Returned, returned};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The longest request that is read, in bytes.
const LONGEST: usize = 64 << 10;

/// The longest first line of a request, in bytes.
const LINE: usize = 8 << 10;

/// How long one connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections are served at once. One more makes the oldest go.
const AT_ONCE: usize = 16;

/// A bound listener.
pub(crate) struct Listener(TcpListener);

impl Listener {
    /// Listens on `port`, or on any free one.
    ///
    /// # Errors
    /// As bind(2): the port is taken.
    pub(crate) fn bind(port: Option<u16>) -> io::Result<Self> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).map(Self)
    }

    /// The port.
    ///
    /// # Errors
    /// As getsockname(2).
    pub(crate) fn port(&self) -> io::Result<u16> {
        self.0.local_addr().map(|address| address.port())
    }

    /// Serves in threads of its own, and tells each time when a request carried `state`.
    pub(crate) fn serve(self, state: String, tell: impl Fn(Returned) + Send + Sync + 'static) {
        let shared = Arc::new((state, tell));
        let open: Arc<Mutex<VecDeque<(u64, TcpStream)>>> = Arc::default();
        std::thread::spawn(move || {
            for (number, connection) in (0_u64..).zip(self.0.incoming()) {
                let Ok(connection) = connection else {
                    // Out of descriptors, perhaps: those that are open will go.
                    std::thread::sleep(Duration::from_millis(20));
                    continue;
                };
                if let Ok(copy) = connection.try_clone() {
                    let mut all = open.lock().unwrap_or_else(PoisonError::into_inner);
                    all.push_back((number, copy));
                    if all.len() > AT_ONCE
                        && let Some((_, oldest)) = all.pop_front()
                    {
                        let _ = oldest.shutdown(Shutdown::Both);
                    }
                }
                let (shared, open) = (Arc::clone(&shared), Arc::clone(&open));
                std::thread::spawn(move || {
                    if let Some(found) = answer(&connection, &shared.0) {
                        (shared.1)(found);
                    }
                    let mut all = open.lock().unwrap_or_else(PoisonError::into_inner);
                    all.retain(|(n, _)| *n != number);
                });
            }
        });
    }
}

/// Reads one request, answers it, and gives what belongs to this login.
fn answer(mut connection: &TcpStream, state: &str) -> Option<Returned> {
    let end = std::time::Instant::now() + PATIENCE;
    let request = read(connection, end)?;
    let line = request.lines().next().unwrap_or_default();
    let (status, found) = match target(line) {
        Err(status) => (status, None),
        Ok(query) => match returned(query, state) {
            Returned::Other(_) => ("400 Bad Request", None),
            found => ("200 OK", Some(found)),
        },
    };
    let left = end.saturating_duration_since(std::time::Instant::now());
    let _ = connection.set_write_timeout(Some(left.max(Duration::from_millis(1))));
    let _ = connection.write_all(page(status, found.as_ref()).as_bytes());
    let _ = connection.shutdown(Shutdown::Write);
    found
}

/// A request's head, as far as it comes within the time. What is left unread would make the system reset the
/// connection before the browser has read the answer.
fn read(mut connection: &TcpStream, end: std::time::Instant) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let left = end.saturating_duration_since(std::time::Instant::now());
        if left.is_zero() || connection.set_read_timeout(Some(left)).is_err() {
            return None;
        }
        match connection.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        }
        let whole =
            bytes.windows(4).any(|w| w == b"\r\n\r\n") || bytes.windows(2).any(|w| w == b"\n\n");
        if whole || bytes.len() > LONGEST {
            break;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The query of a request line that comes back from the login, else the status to answer.
fn target(line: &str) -> Result<&str, &'static str> {
    let mut words = line.split(' ');
    let (method, target) = (words.next(), words.next());
    let version = words.next().is_some_and(|v| v.starts_with("HTTP/1."));
    let (Some(method), Some(target), true, None) = (method, target, version, words.next()) else {
        return Err("400 Bad Request");
    };
    if line.len() > LINE {
        return Err("414 URI Too Long");
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != CALLBACK {
        return Err("404 Not Found");
    }
    if method != "GET" {
        return Err("405 Method Not Allowed");
    }
    Ok(query)
}

/// The whole answer. Nothing of the request is in it, and it loads nothing.
fn page(status: &str, found: Option<&Returned>) -> String {
    let (title, text) = match found {
        Some(Returned::Code(_)) => (
            "Back at the terminal",
            "The sign-in came back to awsbadge. You can close this page; the terminal says how it ended.",
        ),
        Some(_) => (
            "Not signed in",
            "The sign-in was refused. You can close this page; the terminal says why.",
        ),
        None => (
            "Nothing here",
            "This address belongs to a login of awsbadge, and this request does not.",
        ),
    };
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn only_the_callback_is_served() {
        for (line, want) in [
            (
                "GET /oauth/callback?code=c&state=s HTTP/1.1",
                Ok("code=c&state=s"),
            ),
            ("GET /oauth/callback HTTP/1.1", Ok("")),
            ("GET / HTTP/1.1", Err("404 Not Found")),
            ("GET /favicon.ico HTTP/1.1", Err("404 Not Found")),
            (
                "GET /oauth/callback/x?state=s HTTP/1.1",
                Err("404 Not Found"),
            ),
            (
                "GET http://127.0.0.1/oauth/callback HTTP/1.1",
                Err("404 Not Found"),
            ),
            (
                "POST /oauth/callback?state=s HTTP/1.1",
                Err("405 Method Not Allowed"),
            ),
            ("GET /oauth/callback", Err("400 Bad Request")),
            ("GET /oauth/callback SMTP", Err("400 Bad Request")),
            ("", Err("400 Bad Request")),
            ("\u{fffd}\u{fffd}", Err("400 Bad Request")),
        ] {
            assert_eq!(target(line), want, "{line}");
        }
        let long = format!("GET /oauth/callback?{} HTTP/1.1", "x".repeat(LINE));
        assert_eq!(target(&long), Err("414 URI Too Long"));
    }

    fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn strangers_and_silence_do_not_end_the_wait() {
        let listener = Listener::bind(None).unwrap();
        let port = listener.port().unwrap();
        let (tell, told) = mpsc::channel();
        listener.serve("S".into(), move |found| tell.send(found).unwrap());
        // Held open to the end of the test, more than are served at once.
        let silent: Vec<_> = (0..AT_ONCE + 4)
            .map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap())
            .collect();
        for (query, status) in [
            ("/other?code=c&state=S", "404"),
            ("/oauth/callback?code=c&state=wrong", "400"),
            ("/oauth/callback?error=access_denied", "400"),
        ] {
            let answer = ask(port, &format!("GET {query} HTTP/1.1\r\nHost: x\r\n\r\n"));
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{answer}"
            );
        }
        let answer = ask(
            port,
            "GET /oauth/callback?code=s3cret&state=S HTTP/1.1\r\nHost: x\r\n\r\n",
        );
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("Content-Security-Policy: default-src 'none'"));
        assert!(!answer.contains("s3cret") && !answer.contains("href"));
        let found = told.recv_timeout(Duration::from_secs(10));
        let Ok(Returned::Code(code)) = found else {
            panic!("no code came through");
        };
        assert_eq!(code.reveal(), "s3cret");
        drop(silent);
    }

    #[test]
    fn a_taken_port_is_an_error() {
        let first = Listener::bind(None).unwrap();
        assert!(Listener::bind(first.port().ok()).is_err());
    }
}
