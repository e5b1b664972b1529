//! What the tests of `awsbadge-sso` are built on: a stand-in for IAM Identity Center ([`StandIn`]), throwaway home
//! directories ([`Home`]), the program run in them ([`Run`]), pretend browsers ([`browser`]), a proxy and a
//! certificate authority of their own, terminals ([`Pty`]), and faults at system calls ([`strace`]).
//!
//! ```ignore
//! let server = StandIn::start(Knobs::default());
//! let home = Home::with_session();
//! home.token("my-sso", &server.login(), 5 * 60);
//! home.run(["refresh", "my-sso"]).at(&server).stderr("my-sso: …\n").check();
//! assert_eq!(server.count(Call::Refresh), 1);
//! ```

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(unused_imports, reason = "each test binary uses a part of it")]
#![allow(
    unreachable_pub,
    reason = "shared by path with the tests of the main program"
)]

pub(crate) mod browser;
pub(crate) mod certificates;
mod configs;
mod home;
pub(crate) mod http;
mod proxy;
#[path = "../../../tests/it/support/pty.rs"]
mod pty;
mod run;
#[path = "../../../tests/it/support/shell.rs"]
mod shell;
mod small;
mod stand_in;
mod stand_in_tests;
pub(crate) mod strace;
mod sts;
#[path = "../../../tests/it/support/term.rs"]
mod term;
#[path = "../../../tests/it/support/tools.rs"]
mod tools;

pub(crate) use configs::{Config, configs};
pub(crate) use home::{
    ACCOUNT, Home, REGISTRATION_SECONDS, START_URL, role_file, token, token_file,
};
pub(crate) use proxy::Proxy;
pub(crate) use pty::Pty;
pub(crate) use run::{Output, Run, Running, binary};
pub(crate) use shell::Shell;
pub(crate) use small::Small;
pub(crate) use stand_in::{
    Account, Approval, CANARY, Call, Fault, Knobs, Logged, Login, StandIn, html, organisation,
    redirect,
};
pub(crate) use sts::{Keys, Trust};
pub(crate) use term::Term;
pub(crate) use tools::{given, installed, skip, unreachable};

use std::time::{Duration, Instant, SystemTime};

/// How long a condition may take to come true on a loaded machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until `look` finds something; `None` when patience runs out.
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() > deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// The UTC time `seconds` from now (negative: ago), as the AWS CLI writes it: `2026-01-01T00:00:00Z`.
pub(crate) fn expires_in(seconds: i64) -> String {
    utc(now() + seconds)
}

/// A time in seconds since 1970, as the AWS CLI writes it.
pub(crate) fn utc(seconds: i64) -> String {
    let (year, month, day, time) = civil(seconds);
    format!("{year:04}-{month:02}-{day:02}T{time}Z")
}

/// Reads back what [`utc`] writes.
pub(crate) fn seconds(text: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    // Days from civil: https://howardhinnant.github.io/date_algorithms.html
    let year_from_march = year - i64::from(month <= 2);
    let era = year_from_march.div_euclid(400);
    let year_of_era = year_from_march.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468;
    days * 86_400 + number(11..13) * 3600 + number(14..16) * 60 + number(17..19)
}

/// Year, month (from 1), day and `HH:MM:SS` in UTC.
pub(crate) fn civil(seconds: i64) -> (i64, usize, i64, String) {
    let (mut days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let mut year = 1970;
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while days >= 365 + i64::from(leap(year)) {
        days -= 365 + i64::from(leap(year));
        year += 1;
    }
    let february = 28 + i64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let time = format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    );
    (year, month, days + 1, time)
}

#[test]
fn dates_are_right() {
    for (second, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_767_225_599, "2025-12-31T23:59:59Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"),
    ] {
        assert_eq!(utc(second), text);
        assert_eq!(seconds(text), second);
    }
}
