//! How fast a list is fetched: one rate for all requests together, which backs off when the service says so.
//!
//! The portal takes 20 calls a second. Times come in as values.

use std::time::Duration;

/// Calls a second, at most.
pub(crate) const RATE: f64 = 18.0;

/// Calls a second, at least: however often the service refuses, the list goes on.
const SLOWEST: f64 = 0.5;

/// What is left of the rate after a refusal.
const BACK: f64 = 0.7;

/// Calls a second that come back in each second without a refusal.
const FORTH: f64 = 0.5;

/// The longest wait before a call is repeated, and the wait that the first repetition is below.
const LONGEST: Duration = Duration::from_secs(20);
const FIRST: Duration = Duration::from_millis(500);

/// Without any answer of use for this long, the list has failed.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The rate. All times are of one clock.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: f64,
    /// When the next call may be sent.
    next: Duration,
    /// When the rate last changed.
    changed: Duration,
    /// When an answer last was of use.
    progress: Duration,
}

impl Pace {
    /// The full rate.
    pub(crate) fn new(now: Duration) -> Self {
        Self {
            rate: RATE,
            next: now,
            changed: now,
            progress: now,
        }
    }

    /// How long the next call has to wait; nothing if it may be sent.
    pub(crate) fn wait(&self, now: Duration) -> Duration {
        self.next.saturating_sub(now)
    }

    /// A call is sent.
    pub(crate) fn sent(&mut self, now: Duration) {
        let second = now.saturating_sub(self.changed).as_secs_f64();
        if self.rate < RATE && second >= 1.0 {
            self.rate = (self.rate + FORTH * second).min(RATE);
            self.changed = now;
        }
        // Never two at once: what was not used before is not made up for.
        self.next = self.next.max(now) + Duration::from_secs_f64(1.0 / self.rate);
    }

    /// A call that was sent at `sent` was refused as one too many.
    pub(crate) fn refused(&mut self, sent: Duration, now: Duration, after: Option<Duration>) {
        // What was under way when the rate fell says nothing of the lower rate.
        if sent >= self.changed || self.rate >= RATE {
            self.rate = (self.rate * BACK).max(SLOWEST);
            self.changed = now;
        }
        if let Some(after) = after {
            self.next = self.next.max(now + after.min(PATIENCE));
        }
    }

    /// An answer was of use.
    pub(crate) fn progressed(&mut self, now: Duration) {
        self.progress = now;
    }

    /// Whether nothing was of use for too long.
    pub(crate) fn is_stuck(&self, now: Duration) -> bool {
        now.saturating_sub(self.progress) >= PATIENCE
    }
}

/// How long a call waits before its repetition number `attempt`, counted from 1: any time up to a limit that
/// doubles each time. `random` is any number.
pub(crate) fn backoff(attempt: u32, random: u32) -> Duration {
    let most = FIRST
        .saturating_mul(1 << attempt.saturating_sub(1).min(10))
        .min(LONGEST);
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// How many calls are sent in a time, if there is always one to send.
    fn sent(pace: &mut Pace, from: f64, to: f64) -> usize {
        let mut now = at(from);
        let mut count = 0;
        loop {
            now += pace.wait(now);
            if now >= at(to) {
                return count;
            }
            pace.sent(now);
            count += 1;
        }
    }

    #[test]
    fn no_second_has_more_calls_than_the_rate() {
        let mut pace = Pace::new(at(7.0));
        assert_eq!(sent(&mut pace, 7.0, 8.0), 18);
        assert_eq!(sent(&mut pace, 8.0, 18.0), 180);
        // A pause is not made up for.
        assert_eq!(sent(&mut pace, 30.0, 31.0), 18);
    }

    #[test]
    fn a_refusal_slows_down_and_the_rate_comes_back() {
        let mut pace = Pace::new(at(0.0));
        pace.refused(at(0.9), at(1.0), None);
        assert!((pace.rate - 12.6).abs() < 0.01);
        // Those that were under way count as one.
        pace.refused(at(0.95), at(1.1), None);
        assert!((pace.rate - 12.6).abs() < 0.01);
        pace.refused(at(1.2), at(1.3), None);
        assert!((pace.rate - 8.82).abs() < 0.01);
        sent(&mut pace, 1.3, 30.0);
        assert!((pace.rate - 18.0).abs() < 0.01, "{}", pace.rate);
        for n in 0..50 {
            pace.refused(at(40.0 + f64::from(n)), at(40.5 + f64::from(n)), None);
        }
        assert!(pace.rate >= SLOWEST);
    }

    #[test]
    fn the_service_says_how_long_to_wait() {
        let mut pace = Pace::new(at(0.0));
        pace.refused(at(0.0), at(1.0), Some(at(9.0)));
        assert_eq!(pace.wait(at(1.0)), at(9.0));
        pace.refused(at(0.0), at(1.0), Some(at(1e9)));
        assert_eq!(pace.wait(at(1.0)), PATIENCE, "but not for ever");
    }

    #[test]
    fn five_minutes_without_progress_are_the_end() {
        let mut pace = Pace::new(at(10.0));
        assert!(!pace.is_stuck(at(309.0)));
        pace.progressed(at(309.0));
        assert!(!pace.is_stuck(at(608.0)));
        assert!(pace.is_stuck(at(609.0)));
    }

    #[test]
    fn a_repetition_waits_any_time_up_to_its_limit() {
        for (attempt, most) in [(1, 0.5), (2, 1.0), (5, 8.0), (7, 20.0), (99, 20.0)] {
            assert_eq!(backoff(attempt, u32::MAX), at(most));
            assert_eq!(backoff(attempt, 0), Duration::ZERO);
            let half = backoff(attempt, u32::MAX / 2);
            assert!(half < at(most) && half > at(most * 0.49));
        }
    }
}
