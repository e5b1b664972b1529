//! Decides when to renew the login of the active profile in the background.

use super::resolve;
use crate::aws::cache;
use crate::aws::chain;
use crate::aws::expiry::{Expiry, RENEWED_WITH};
use crate::aws::{Epoch, Seconds};
use crate::context::Context;
use crate::sys::{dirs, turns};

/// The wait after the first attempt, in seconds. It doubles after each attempt that changed nothing, up to
/// [`LONGEST_WAIT`].
const FIRST_WAIT: i64 = 300;

const LONGEST_WAIT: i64 = 3600;

/// The session to renew now, if any. The attempt is recorded in the state directory, so that for five minutes no other
/// process tries it; if it cannot be recorded, nothing is due. Call it after the answer to the hook is complete, so
/// that the files it reads are not watched.
#[must_use]
pub(crate) fn due(ctx: &Context<'_>) -> Option<String> {
    let identity = resolve::active(ctx, false)?;
    let login = identity.sso()?;
    let session = login.session.clone()?;
    let Expiry::At {
        at,
        renewable_until: Some(until),
    } = chain::login_expiry(&ctx.inputs(None), ctx.cli_files(), login)
    else {
        return None;
    };
    let (now, left) = (ctx.now, at.since(ctx.now));
    if until <= now || left >= RENEWED_WITH || left < Seconds(-ctx.settings.renew_trust.0) {
        return None;
    }
    // Named like the token file.
    let token = cache::sso_token(ctx.places.home.as_deref()?, &session);
    let name = format!("renewal-{}", token.file_stem()?.to_str()?);
    let path = dirs::state_directory(ctx.env)?.join(name);
    turns::take(&path, |before| {
        next_turn(before, at, now).map(|turn| turn.text())
    })
    .then_some(session)
}

/// A recorded attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    /// When it was made.
    made: Epoch,
    /// The expiry of the token before the attempt.
    of: Epoch,
    /// The number of attempts for that token, including this one.
    count: u32,
}

impl Turn {
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.lines().next()?.split(' ');
        let mut number = || numbers.next()?.parse::<i64>().ok();
        Some(Self {
            made: Epoch(number()?),
            of: Epoch(number()?),
            count: u32::try_from(number()?).ok()?,
        })
    }

    fn text(self) -> String {
        format!("{} {} {}\n", self.made.0, self.of.0, self.count)
    }

    fn wait(self) -> Seconds {
        let doubled = self.count.saturating_sub(1).min(10);
        Seconds((FIRST_WAIT << doubled).min(LONGEST_WAIT))
    }
}

/// The attempt to record now for a token that expires at `of`; `None` if the attempt recorded in `before` is too
/// recent. After a success there is another token, with another expiry.
fn next_turn(before: &str, of: Epoch, now: Epoch) -> Option<Turn> {
    let first = Turn {
        made: now,
        of,
        count: 1,
    };
    let Some(before) = Turn::read(before).filter(|turn| turn.made <= now) else {
        return Some(first);
    };
    // Wait even for a new token: a service may issue short-lived ones.
    let wait = if before.of == of {
        before.wait()
    } else {
        Seconds(FIRST_WAIT)
    };
    let count = if before.of == of {
        before.count.saturating_add(1)
    } else {
        1
    };
    (now.since(before.made) >= wait).then_some(Turn { count, ..first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_wait_five_minutes_and_twice_as_long_each_time_up_to_an_hour() {
        let of = Epoch(1_000_000);
        let mut now = Epoch(999_000);
        let mut text = String::new();
        for wait in [0, 300, 600, 1200, 2400, 3600, 3600, 3600] {
            now = now.plus(Seconds(wait));
            let early = Epoch(now.0 - 1);
            if wait > 0 {
                assert_eq!(next_turn(&text, of, early), None, "{wait}");
            }
            text = next_turn(&text, of, now).unwrap().text();
        }
        // Another token, so nothing has failed yet.
        let other = Epoch(1_100_000);
        assert_eq!(next_turn(&text, other, Epoch(now.0 + 299)), None);
        let turn = next_turn(&text, other, Epoch(now.0 + 300)).unwrap();
        assert_eq!(turn.count, 1);
    }

    #[test]
    fn a_note_that_says_nothing_is_no_reason_to_wait() {
        let (of, now) = (Epoch(5000), Epoch(4000));
        for note in [
            "",
            "x",
            "1 2",
            "1 2 -3",
            "99999999999999999999 1 1\n",
            // The clock was set back.
            "4001 5000 7\n",
        ] {
            let turn = next_turn(note, of, now).unwrap();
            assert_eq!((turn.made, turn.count), (now, 1), "{note}");
        }
        // The rest of a longer record.
        assert_eq!(next_turn("3990 5000 1\n000 4\n", of, now), None);
    }
}
