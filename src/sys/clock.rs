//! The wall clock and the local time zone.

use super::{fs, watch};
use crate::aws::Epoch;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tz::{TimeZone, timezone::TimeZoneSettings};

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
    in_zone(&zone(), wall)
}

fn in_zone(zone: &TimeZone, wall: Epoch) -> Epoch {
    let types = zone.as_ref().local_time_types().iter();
    let times = types.map(|kind| wall.0.saturating_sub(kind.ut_offset().into()));
    let fits = |at: &i64| at.saturating_add(offset(zone, *at)) == wall.0;
    times.filter(fits).min().map_or(wall, Epoch)
}

/// A time in the local time zone: `Tue 14:05`, or with the date if it is not within a week.
#[must_use]
pub fn local_text(at: Epoch, now: Epoch) -> String {
    text_in_zone(&zone(), at, now)
}

fn text_in_zone(zone: &TimeZone, at: Epoch, now: Epoch) -> String {
    use chrono::{DateTime, Datelike as _, Timelike as _};
    let Some(time) = DateTime::from_timestamp(at.0.saturating_add(offset(zone, at.0)), 0) else {
        return at.iso();
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

/// The local time zone: of `TZ`, else of the system; UTC if it can't be read.
fn zone() -> TimeZone {
    named(&std::env::var("TZ").unwrap_or_else(|_| "localtime".to_owned()))
}

/// A time zone by a value of `TZ`. chrono's own would link CoreFoundation on macOS, to each start of the program, and
/// would wait for a FIFO that `TZ` names.
fn named(name: &str) -> TimeZone {
    let read = |path: &str| match fs::read(Path::new(path), fs::CACHE_CAP) {
        fs::Read::Bytes(bytes) => Ok(bytes),
        _ => Err("unusable".into()),
    };
    let settings = TimeZoneSettings::new(TimeZoneSettings::DEFAULT_DIRECTORIES, read);
    let zone = settings.parse_posix_tz(name);
    zone.unwrap_or_else(|_| TimeZone::utc())
}

/// What is added to UTC at a time, in seconds.
fn offset(zone: &TimeZone, at: i64) -> i64 {
    let kind = zone.find_local_time_type(at);
    kind.map_or(0, |kind| kind.ut_offset().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    const ZONES: [&str; 9] = [
        "UTC",
        "",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        ":Africa/Casablanca",
        "CET-1CEST,M3.5.0,M10.5.0/3",
    ];

    /// Times around changes of the clock, and every third day of many years.
    fn times() -> impl Iterator<Item = i64> {
        let days = (0..5000).map(|n| n * 3 * 86_400 + 4_321);
        let hours = (1_774_700_000..1_774_900_000).step_by(1_800);
        let autumn = (1_792_800_000..1_793_000_000).step_by(1_800);
        days.chain(hours).chain(autumn)
    }

    #[test]
    fn local_times_are_those_of_the_c_library() {
        for name in ZONES {
            let child = Command::new("date")
                .args(["-f", "-", "+%Y-%m-%d %H:%M"])
                .env("TZ", name)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn();
            let mut child = child.unwrap();
            let lines: String = times().map(|at| format!("@{at}\n")).collect();
            let mut stdin = child.stdin.take().unwrap();
            let writer = std::thread::spawn(move || drop(stdin.write_all(lines.as_bytes())));
            let output = child.wait_with_output().unwrap();
            writer.join().unwrap();
            if !output.status.success() {
                let _ = writeln!(std::io::stderr(), "skipped: clock: date is not GNU's");
                return;
            }
            let wanted = String::from_utf8(output.stdout).unwrap();
            let zone = named(name);
            let distant = Epoch(i64::MAX / 2);
            let text = times().map(|at| text_in_zone(&zone, Epoch(at), distant) + "\n");
            assert!(text.collect::<String>() == wanted, "{name}");
        }
    }

    #[test]
    fn a_wall_clock_time_is_the_earlier_of_two_and_utc_if_there_is_none() {
        for name in ZONES {
            let zone = named(name);
            for at in times() {
                let found = in_zone(&zone, Epoch(at + offset(&zone, at))).0;
                let again = found + offset(&zone, found) == at + offset(&zone, at);
                assert!(found <= at && again, "{name} {at} {found}");
            }
        }
        let berlin = named("Europe/Berlin");
        for (wall, utc) in [
            ("2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
            ("2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z"),
            ("2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"),
        ] {
            let wall = crate::aws::time::parse(wall).unwrap().or_utc();
            assert_eq!(in_zone(&berlin, wall).iso(), utc);
        }
    }

    #[test]
    fn a_time_zone_that_cannot_be_read_is_utc() {
        for name in [
            "Nowhere/Here",
            "/",
            ":/dev/zero",
            "../../../dev/zero",
            "\u{0}",
            ":",
        ] {
            assert_eq!(offset(&named(name), 1_782_900_000), 0, "{name}");
        }
    }
}
