//! The wall clock and the local time zone.

use super::watch;
use crate::aws::Epoch;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The wall clock: tokens expire by it, and it continues while a machine sleeps. A clock before 1970 reads as 1970.
#[must_use]
pub fn now() -> Epoch {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Epoch(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The wall clock in nanoseconds, like the times of files.
#[must_use]
pub fn now_exactly() -> watch::Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    watch::Time {
        seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        nanos: since.subsec_nanos().into(),
    }
}

/// Waits, for a file that is being written.
pub fn pause(length: Duration) {
    std::thread::sleep(length);
}

/// Converts a wall clock time of the local time zone, given as if it were UTC. If it is ambiguous, the earlier time; if
/// the clock skips it, the same time in UTC.
#[must_use]
pub fn local(wall: Epoch) -> Epoch {
    use chrono::{DateTime, Local, TimeZone};
    if !has_zone() {
        return wall;
    }
    DateTime::from_timestamp(wall.0, 0)
        .and_then(|utc| Local.from_local_datetime(&utc.naive_utc()).earliest())
        .map_or(wall, |local| Epoch(local.timestamp()))
}

/// A time in the local time zone: `Tue 14:05`, or with the date if it is not within a week.
#[must_use]
pub fn local_text(at: Epoch, now: Epoch) -> String {
    use chrono::{DateTime, Datelike as _, Local, Timelike as _};
    let Some(time) = DateTime::from_timestamp(at.0, 0) else {
        return at.iso();
    };
    let time = if has_zone() {
        time.with_timezone(&Local).naive_local()
    } else {
        time.naive_utc()
    };
    // Not with chrono's format strings, which are 20 KB.
    let clock = format!("{:02}:{:02}", time.hour(), time.minute());
    if at.since(now).0.abs() < 6 * 86_400 {
        format!("{} {clock}", time.weekday())
    } else {
        format!(
            "{}-{:02}-{:02} {clock}",
            time.year(),
            time.month(),
            time.day()
        )
    }
}

/// Whether the local time zone can be read: opening a FIFO that `TZ` names would block.
fn has_zone() -> bool {
    let zone = std::env::var_os("TZ").unwrap_or_default();
    let zone = zone.as_bytes();
    let path = Path::new(OsStr::from_bytes(zone.strip_prefix(b":").unwrap_or(zone)));
    let other = std::fs::metadata(path).is_ok_and(|about| !about.is_file());
    !(path.is_absolute() && other)
}
