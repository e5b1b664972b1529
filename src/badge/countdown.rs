//! The time left as a short text, always rounded down.

use crate::aws::{Epoch, Seconds};

/// `2d4h`, `3h12m`, `47m`, `<1m`.
#[must_use]
pub fn text(left: Seconds) -> String {
    let minutes = left.0.div_euclid(60);
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        _ if minutes < 1 => "<1m".to_owned(),
        (0, 0, m) => format!("{m}m"),
        (0, h, m) => format!("{h}h{m}m"),
        (d, h, _) => format!("{d}d{h}h"),
    }
}

/// The next time at which [`text`] changes. With `<1m`, the expiry itself.
#[must_use]
pub fn next_tick(now: Epoch, left: Seconds) -> Epoch {
    let unit = if left.0 >= 86_400 { 3600 } else { 60 };
    let past_the_last_unit = left.0.rem_euclid(unit);
    if left.0 < 60 {
        now.plus(left)
    } else {
        now.plus(Seconds(past_the_last_unit + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_rounded_down() {
        for (seconds, want) in [
            (0, "<1m"),
            (59, "<1m"),
            (60, "1m"),
            (119, "1m"),
            (47 * 60, "47m"),
            (3599, "59m"),
            (3600, "1h0m"),
            (3 * 3600 + 12 * 60 + 59, "3h12m"),
            (86_399, "23h59m"),
            (86_400, "1d0h"),
            (2 * 86_400 + 4 * 3600, "2d4h"),
            (400 * 86_400, "400d0h"),
            (-5, "<1m"),
        ] {
            assert_eq!(text(Seconds(seconds)), want, "{seconds} s");
        }
    }

    #[test]
    fn the_tick_is_the_first_second_with_another_text() {
        for left in (60..90_000).chain(172_000..180_000) {
            let tick = next_tick(Epoch(0), Seconds(left)).0;
            assert_eq!(
                text(Seconds(left - tick + 1)),
                text(Seconds(left)),
                "{left}"
            );
            assert_ne!(text(Seconds(left - tick)), text(Seconds(left)), "{left}");
        }
    }
}
