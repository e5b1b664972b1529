//! Times, durations, and every date format of the AWS tools.

/// A time: seconds since 1970-01-01T00:00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub i64);

/// A duration in seconds; negative for the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub i64);

impl Epoch {
    /// 9999-12-31T23:59:59Z: the last time that can be written, and "never" in the exchange with the hooks.
    pub const NEVER: Self = Self(253_402_300_799);

    /// The duration from `earlier` to this time.
    #[must_use]
    pub fn since(self, earlier: Self) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0))
    }

    /// This time plus `by`.
    #[must_use]
    pub fn plus(self, by: Seconds) -> Self {
        Self(self.0.saturating_add(by.0).min(Self::NEVER.0))
    }

    /// This time minus `by`.
    #[must_use]
    pub fn minus(self, by: Seconds) -> Self {
        Self(self.0.saturating_sub(by.0))
    }

    /// This time as the AWS CLI writes it: `2026-01-01T00:00:00Z`.
    #[must_use]
    pub fn iso(self) -> String {
        let (days, second) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

/// A parsed date: a time, or a wall clock time without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The text has a zone.
    At(Epoch),
    /// The text has no zone; the time is as if in UTC.
    NoZone(Epoch),
}

impl Written {
    /// A date from AWS's own caches, where a missing zone means UTC.
    #[must_use]
    pub fn or_utc(self) -> Epoch {
        match self {
            Self::At(at) | Self::NoZone(at) => at,
        }
    }
}

/// Parses a date in any format that the AWS tools write: RFC 3339 (`Z`, `+02:00`, a fraction of any length), `UTC` from
/// the old AWS CLI, offsets without a colon, a space instead of `T`, no zone.
///
/// The result has whole seconds: a fraction is cut off, and a leap second becomes the second before it. `None` for any
/// other text.
#[must_use]
pub fn parse(text: &str) -> Option<Written> {
    let mut rest = Digits(text.trim_matches([' ', '\t', '\r', '\n']).as_bytes());
    let year = rest.number(4)?;
    rest.expect(b"-")?;
    let month = rest.number(2)?;
    rest.expect(b"-")?;
    let day = rest.number(2)?;
    rest.expect(b"Tt ")?;
    let hour = rest.number(2)?;
    rest.expect(b":")?;
    let minute = rest.number(2)?;
    rest.expect(b":")?;
    let second = rest.number(2)?;
    if rest.expect(b".,").is_some() {
        let digits = rest.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        rest.0 = &rest.0[digits..];
    }
    if year == 0
        || day == 0
        || day > days_in(year, month)?
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let wall =
        days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second.min(59);
    match rest.0 {
        [] => Some(Written::NoZone(Epoch(wall))),
        // yawsso writes the offset twice and means UTC.
        [b'Z' | b'z'] | b"UTC" | b" UTC" | b" Z" | b"+00:00+0000" => Some(Written::At(Epoch(wall))),
        _ => Some(Written::At(Epoch(wall - rest.offset()?))),
    }
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// Reads exactly `count` digits.
    fn number(&mut self, count: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        head.iter().try_fold(0, |n, b| {
            b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0'))
        })
    }

    /// Reads one byte of `set`.
    fn expect(&mut self, set: &[u8]) -> Option<u8> {
        let (&first, tail) = self.0.split_first()?;
        set.contains(&first).then(|| {
            self.0 = tail;
            first
        })
    }

    /// Reads `+hh:mm`, `+hhmm` or `+hh`, to the end of the text, in seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = if self.expect(b"+-")? == b'-' { -1 } else { 1 };
        let hour = self.number(2)?;
        let minute = if self.0.is_empty() {
            0
        } else {
            self.expect(b":");
            self.number(2)?
        };
        (hour < 24 && minute < 60 && self.0.is_empty())
            .then_some(sign * (hour * 3600 + minute * 60))
    }
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. Years begin in March in this calculation, so that the leap
/// day is the last day of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NEW_YEAR_2026: i64 = 1_767_225_600;

    #[test]
    fn every_form_that_a_tool_writes_is_read() {
        for (text, offset, who) in [
            ("2026-01-01T00:00:00Z", 0, "the AWS CLI"),
            (
                "2026-01-01T00:00:00UTC",
                0,
                "the AWS CLI before the end of 2020",
            ),
            ("2026-01-01T00:00:00.000Z", 0, "JavaScript"),
            ("2026-01-01T00:00:00.123456789Z", 0, "Rust"),
            (
                "2026-01-01T00:00:00.1234567890123Z",
                0,
                "a longer fraction is cut",
            ),
            ("2026-01-01T00:00:00,5Z", 0, "a comma before the fraction"),
            (
                "2026-01-01T02:00:00+02:00",
                0,
                "granted, saml2aws: local offset",
            ),
            ("2026-01-01T05:30:00+0530", 0, "an offset without colon"),
            ("2025-12-31T19:00:00-05", 0, "an offset of hours"),
            ("2026-01-01T00:00:00-00:00", 0, "the unknown local offset"),
            ("2026-01-01 00:00:00Z", 0, "a space for T"),
            ("2026-01-01t00:00:00z", 0, "small letters"),
            ("2026-01-01T00:00:00+00:00", 0, "export-credentials"),
            (" 2026-01-01T00:00:00Z\n", 0, "blanks around it"),
            ("2025-12-31T23:59:60Z", -1, "a leap second"),
        ] {
            assert_eq!(
                parse(text),
                Some(Written::At(Epoch(NEW_YEAR_2026 + offset))),
                "{who}: {text}"
            );
        }
    }

    #[test]
    fn a_date_without_zone_says_so() {
        for text in [
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00",
            "2026-01-01T00:00:00.5",
        ] {
            assert_eq!(
                parse(text),
                Some(Written::NoZone(Epoch(NEW_YEAR_2026))),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_not_guessed_at() {
        for text in [
            "",
            "never",
            "1767225600",
            "2026-01-01",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+25:59",
            "2026-01-01T00:00:00+05:60",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Zx",
            "10000-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z",
            "2026-01-01T00:00:00 CET",
            "２０２６-01-01T00:00:00Z",
            "2026-01-01T00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_far_ends_are_read() {
        assert_eq!(
            parse("9999-12-31T23:59:59Z"),
            Some(Written::At(Epoch::NEVER))
        );
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(Written::At(Epoch(0))));
        assert_eq!(
            parse("2024-02-29T12:00:00Z"),
            Some(Written::At(Epoch(1_709_208_000)))
        );
        assert!(matches!(
            parse("0001-01-01T00:00:00Z"),
            Some(Written::At(_))
        ));
    }

    #[test]
    fn a_moment_is_written_as_the_aws_cli_writes_it() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (1_709_212_496, "2024-02-29T13:14:56Z"),
            (Epoch::NEVER.0, "9999-12-31T23:59:59Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(Epoch(at).iso(), text);
            assert_eq!(parse(text), Some(Written::At(Epoch(at))));
        }
    }

    /// The calendar repeats after 400 years.
    #[test]
    fn each_day_of_400_years_agrees_with_chrono() {
        use chrono::{Datelike, NaiveDate};
        let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for (days, date) in (0..146_097).zip(first.iter_days()) {
            let (year, month) = (i64::from(date.year()), i64::from(date.month()));
            let day = i64::from(date.day());
            assert_eq!(civil_from_days(days), (year, month, day), "{date}");
            assert_eq!(days_from_civil(year, month, day), days, "{date}");
            let last = date.succ_opt().unwrap().day() == 1;
            assert_eq!(days_in(year, month) == Some(day), last, "{date}");
        }
    }

    proptest! {
        #[test]
        fn what_iso_writes_parse_reads(at in -62_135_596_800i64..=Epoch::NEVER.0) {
            prop_assert_eq!(parse(&Epoch(at).iso()), Some(Written::At(Epoch(at))));
        }

        #[test]
        fn dates_agree_with_chrono(at in -62_135_596_800i64..=Epoch::NEVER.0) {
            let expected = chrono::DateTime::from_timestamp(at, 0).unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string();
            prop_assert_eq!(Epoch(at).iso(), expected);
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC*") {
            let _ = parse(&text);
        }

        #[test]
        fn a_date_cut_short_is_never_another_moment(at in 0i64..4_000_000_000, cut in 0usize..20) {
            let whole = Epoch(at).iso();
            if let Some(Written::At(other)) = parse(&whole[..cut.min(whole.len())]) {
                prop_assert_eq!(other, Epoch(at));
            }
        }
    }
}
