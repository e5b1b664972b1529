//! As much HTTP/1.1 as the stand-in and the pretend browsers need, on plain `std`.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The longest head or body that is read.
const LIMIT: u64 = 1 << 20;

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    /// As sent, without the question mark.
    pub(crate) query: String,
    /// Names in lower case, in the order they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer to be sent, or one that was received.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads one request; `None` if the peer sent none or only a part.
    pub(crate) fn read(stream: &mut impl Read) -> Option<Self> {
        let mut reader = BufReader::new(stream.take(LIMIT));
        let (first, headers) = head(&mut reader)?;
        let mut words = first.split_whitespace();
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let mut request = Self {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: Vec::new(),
        };
        let length = request
            .header("content-length")
            .unwrap_or("0")
            .parse()
            .ok()?;
        request.body.resize(length, 0);
        reader.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// A parameter of the query, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.query, name)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null if it is none.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Answer {
    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), kind.to_owned())],
            body: body.into(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Everything up to the body, with `length` as its length.
    pub(crate) fn head(&self, length: usize) -> String {
        let mut head = format!("HTTP/1.1 {} Stand-in\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + &format!("Content-Length: {length}\r\nConnection: close\r\n\r\n")
    }

    /// Sends it whole.
    pub(crate) fn write(&self, stream: &mut impl Write) -> std::io::Result<()> {
        let mut bytes = self.head(self.body.len()).into_bytes();
        bytes.extend(&self.body);
        stream.write_all(&bytes)?;
        stream.flush()
    }
}

/// Sends a request to `http://HOST:PORT/…` and reads the answer. It follows no redirect.
pub(crate) fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<Answer> {
    let rest = url.strip_prefix("http://").expect("a plain http address");
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut text = format!(
        "{method} {} HTTP/1.1\r\nHost: {host}\r\n",
        if target.is_empty() { "/" } else { target }
    );
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes())?;
    read_answer(&mut stream)
}

/// `GET`.
pub(crate) fn get(url: &str) -> std::io::Result<Answer> {
    send("GET", url, &[], "")
}

/// Reads an answer to its end.
pub(crate) fn read_answer(stream: &mut impl Read) -> std::io::Result<Answer> {
    let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let mut reader = BufReader::new(stream.take(LIMIT));
    let (first, headers) = head(&mut reader).ok_or_else(broken)?;
    let status = first
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok());
    let mut body = Vec::new();
    match find(&headers, "content-length").and_then(|length| length.parse().ok()) {
        Some(length) => {
            body.resize(length, 0);
            reader.read_exact(&mut body)?;
        }
        None => {
            reader.read_to_end(&mut body)?;
        }
    }
    Ok(Answer {
        status: status.ok_or_else(broken)?,
        headers,
        body,
    })
}

/// The first line and the headers.
fn head(reader: &mut impl std::io::BufRead) -> Option<(String, Vec<(String, String)>)> {
    let mut line = || {
        let mut line = String::new();
        let count = reader.read_line(&mut line).ok()?;
        (count > 0 && line.ends_with('\n')).then(|| line.trim_end().to_owned())
    };
    let first = line()?;
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        if line.is_empty() {
            return Some((first, headers));
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// A parameter of a query, decoded.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(own, _)| *own == name)
        .map(|(_, value)| decode(value))
}

/// The fields of a form, decoded, in order.
pub(crate) fn decode_form(form: &str) -> Vec<(String, String)> {
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Undoes percent encoding, and `+` for a space.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        match bytes[at] {
            b'+' => decoded.push(b' '),
            b'%' if hex().is_some() => {
                decoded.extend(hex());
                at += 2;
            }
            byte => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Percent-encodes everything but the unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(byte.into())
            }
            byte => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

#[test]
fn queries_are_decoded() {
    let query =
        "a=1&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Foauth%2Fcallback&scopes=x+y%20z&bad=%zz";
    assert_eq!(
        parameter(query, "redirect_uri").as_deref(),
        Some("http://127.0.0.1:9/oauth/callback")
    );
    assert_eq!(parameter(query, "scopes").as_deref(), Some("x y z"));
    assert_eq!(parameter(query, "bad").as_deref(), Some("%zz"));
    assert_eq!(parameter(query, "b"), None);
    assert_eq!(decode(&encode("é &=/?%")), "é &=/?%");
}
