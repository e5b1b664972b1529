//! An HTTP proxy that knows `CONNECT` only, and leads every host to one server.

use super::http::{Answer, Request};
use std::io::{Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The proxy. It ends when this is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    stop: Arc<Mutex<bool>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Proxy {
    /// Leads every host to `server`.
    pub(crate) fn to(server: SocketAddr) -> Self {
        Self::start(Some(server), None)
    }

    /// Leads every host to `server` for who has this user and password.
    pub(crate) fn with_password(server: SocketAddr, user_and_password: &str) -> Self {
        use base64::Engine as _;
        let wanted = base64::engine::general_purpose::STANDARD.encode(user_and_password);
        Self::start(Some(server), Some(format!("Basic {wanted}")))
    }

    /// Refuses every host.
    pub(crate) fn refusing() -> Self {
        Self::start(None, None)
    }

    fn start(server: Option<SocketAddr>, wanted: Option<String>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Request>>>::default();
        let stop = Arc::<Mutex<bool>>::default();
        let thread = std::thread::spawn({
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop));
            move || {
                for stream in listener.incoming() {
                    if *stop.lock().unwrap() {
                        return;
                    }
                    let (seen, wanted) = (Arc::clone(&seen), wanted.clone());
                    if let Ok(stream) = stream {
                        std::thread::spawn(move || serve(stream, server, wanted.as_deref(), &seen));
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

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The hosts that were asked for, with their ports, in order.
    pub(crate) fn hosts(&self) -> Vec<String> {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .map(|request| request.path.clone())
            .collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        *self.stop.lock().unwrap() = true;
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(
    mut stream: TcpStream,
    server: Option<SocketAddr>,
    wanted: Option<&str>,
    seen: &Mutex<Vec<Request>>,
) {
    // Byte by byte: what follows the head belongs to the server.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 1 << 16 {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let Some(request) = Request::read(&mut head.as_slice()) else {
        return;
    };
    let allowed = wanted.is_none_or(|wanted| request.header("proxy-authorization") == Some(wanted));
    let connects = request.method == "CONNECT";
    seen.lock().unwrap().push(request);
    let refusal = match server {
        _ if !allowed => Answer::new(407, "text/plain", "who are you?")
            .with("Proxy-Authenticate", "Basic realm=\"it\""),
        Some(server) if connects => {
            if let Ok(to) = TcpStream::connect(server)
                && stream
                    .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    .is_ok()
            {
                pass(stream, to);
            }
            return;
        }
        _ => Answer::new(403, "text/html", "<html><body>not from here</body></html>"),
    };
    let _ = refusal.write(&mut stream);
}

/// Passes bytes on in both directions until both have ended.
fn pass(client: TcpStream, server: TcpStream) {
    let (Ok(mut from_client), Ok(mut to_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let there = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let _ = std::io::copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Write);
    let _ = there.join();
}
