//! How long a large organisation takes, beside clients that list as other tools do. Started by `tests/bench listing`:
//! it takes minutes.

use crate::support::{Call, Home, Knobs, StandIn, binary, http, organisation};
use serde_json::Value;
use std::collections::VecDeque;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A client that sends what it has to send, and repeats what was refused.
struct Other {
    name: &'static str,
    threads: usize,
    /// Calls a second, in a bucket that holds as many; `None` for no limit.
    rate: Option<f64>,
    /// How often a request is sent at most, and the longest wait between two tries.
    tries: u32,
    longest: Duration,
    /// After so many tries it waits for the longest time, and begins with short waits again.
    round: u32,
}

/// aws-sso-cli 2.3: five threads without a limit; the SDK for Go tries ten times with up to 5 s between, and all that
/// eleven times with 5 s between.
const UNPACED: Other = Other {
    name: "without a limit, 5 threads, 110 tries",
    threads: 5,
    rate: None,
    tries: 110,
    longest: Duration::from_secs(5),
    round: 10,
};

/// The same with as many threads as awsbadge-sso has, and the three tries that the SDKs have by themselves.
const EAGER: Other = Other {
    name: "without a limit, 8 threads, 3 tries",
    threads: 8,
    rate: None,
    tries: 3,
    longest: Duration::from_secs(20),
    round: 3,
};

/// granted: a bucket of the very rate that the service takes, and fifty tries.
const AT_THE_LIMIT: Other = Other {
    name: "20 calls/s, 8 threads, 50 tries",
    threads: 8,
    rate: Some(20.0),
    tries: 50,
    longest: Duration::from_secs(20),
    round: 50,
};

fn server(accounts: usize) -> StandIn {
    StandIn::start(Knobs {
        accounts: organisation(accounts, &["AdministratorAccess", "ReadOnly"]),
        calls_per_second: Some(20),
        ..Knobs::default()
    })
}

/// A number from 0 to 1, which need not be good.
fn random() -> f64 {
    static STATE: AtomicUsize = AtomicUsize::new(88_172_645);
    let mut x = STATE.load(Ordering::Relaxed) as u64 ^ 0x9e37_79b9_7f4a_7c15;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    STATE.store(x as usize, Ordering::Relaxed);
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

impl Other {
    /// The calls that failed for good.
    fn list(&self, server: &StandIn) -> usize {
        let token = server.login().access_token;
        let bucket = Mutex::new((self.rate.unwrap_or_default(), Instant::now()));
        let get = |target: &str| -> Option<Value> {
            for attempt in 0..self.tries {
                self.take(&bucket);
                let headers = [("x-amz-sso_bearer_token", token.as_str())];
                let url = format!("{}{target}", server.url());
                let answer = http::send("GET", &url, &headers, "").unwrap();
                if answer.status == 200 {
                    return serde_json::from_slice(&answer.body).ok();
                }
                // As the SDK for Go: any part of a time that doubles.
                let most = Duration::from_secs(1 << (attempt % self.round).min(6));
                let wait = match (attempt + 1) % self.round {
                    0 => self.longest,
                    _ => most.min(self.longest).mul_f64(random()),
                };
                std::thread::sleep(wait);
            }
            None
        };
        let (mut ids, mut next) = (VecDeque::new(), String::new());
        loop {
            let page = get(&format!("/assignment/accounts?max_result=100{next}")).unwrap();
            let list = page["accountList"].as_array().unwrap().iter();
            ids.extend(list.map(|account| account["accountId"].as_str().unwrap().to_owned()));
            match page["nextToken"].as_str() {
                Some(token) => next = format!("&next_token={token}"),
                None => break,
            }
        }
        let (ids, failed) = (Mutex::new(ids), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    loop {
                        let Some(id) = ids.lock().unwrap().pop_front() else {
                            return;
                        };
                        let target = format!("/assignment/roles?account_id={id}&max_result=100");
                        if get(&target).is_none() {
                            failed.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        failed.into_inner()
    }

    fn take(&self, bucket: &Mutex<(f64, Instant)>) {
        let Some(rate) = self.rate else { return };
        loop {
            let wait = {
                let mut bucket = bucket.lock().unwrap();
                let now = Instant::now();
                bucket.0 = (bucket.0 + now.duration_since(bucket.1).as_secs_f64() * rate).min(rate);
                bucket.1 = now;
                if bucket.0 >= 1.0 {
                    bucket.0 -= 1.0;
                    return;
                }
                (1.0 - bucket.0) / rate
            };
            std::thread::sleep(Duration::from_secs_f64(wait));
        }
    }
}

fn tell(name: &str, accounts: usize, server: &StandIn, took: Duration, failed: usize) {
    let log = server.log();
    let refused = log
        .iter()
        .filter(|logged| logged.status == Some(429))
        .count();
    println!(
        "figure\t{name}\t{accounts}\t{:.1}\t{}\t{refused}\t{failed}",
        took.as_secs_f64(),
        log.len()
    );
}

/// Ours: the time of the whole command.
fn ours(accounts: usize) {
    let (server, home) = (server(accounts), Home::with_session());
    home.token("my-sso", &server.login(), 3000);
    let since = Instant::now();
    let output = Command::new(binary())
        .args(["roles", "my-sso"])
        .env_clear()
        .env("HOME", home.path())
        .envs(server.variables())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let took = since.elapsed();
    let lines = String::from_utf8(output.stdout).unwrap().lines().count();
    assert!(output.status.success() && lines == 2 * accounts, "{lines}");
    assert!(server.count(Call::Roles) >= accounts);
    tell("awsbadge-sso roles", accounts, &server, took, 0);
}

#[test]
#[ignore = "takes minutes: tests/bench listing"]
fn a_large_organisation_beside_other_clients() {
    // All at once, each with a service of its own: they mostly wait.
    for accounts in [200, 1000] {
        std::thread::scope(|scope| {
            scope.spawn(|| ours(accounts));
            for other in [UNPACED, EAGER, AT_THE_LIMIT] {
                scope.spawn(move || {
                    let server = server(accounts);
                    let since = Instant::now();
                    let failed = other.list(&server);
                    tell(other.name, accounts, &server, since.elapsed(), failed);
                });
            }
        });
    }
}
