//! A small HTTP server on a random loopback port that does what a test says.

use super::http::{Answer, Request};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The server. It ends when this is dropped.
pub(crate) struct Small {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    stop: Arc<Mutex<bool>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Small {
    /// Answers each request with what `answer` makes of it.
    pub(crate) fn start(answer: impl Fn(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (log, stop) = (
            Arc::<Mutex<Vec<Request>>>::default(),
            Arc::new(Mutex::new(false)),
        );
        let (kept, over) = (Arc::clone(&log), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if *over.lock().unwrap() {
                    return;
                }
                let Ok(mut stream) = stream else { continue };
                let limit = Some(Duration::from_secs(60));
                let _ = stream.set_read_timeout(limit);
                if let Some(request) = Request::read(&mut stream) {
                    kept.lock().unwrap().push(request.clone());
                    let _ = answer(&request).write(&mut stream);
                }
            }
        });
        Self {
            address,
            log,
            stop,
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub(crate) fn log(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        *self.stop.lock().unwrap() = true;
        // Wakes the listener.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
