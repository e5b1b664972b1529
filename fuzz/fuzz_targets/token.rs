//! Any bytes are read as a token, or not, without a panic; what is read has an end that a date gave.
#![no_main]

use awsbadge::aws::{token, Epoch};
use awsbadge::aws::life::RENEW_TRUST;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(read) = token::read_sso(data) {
        for refreshes in [false, true] {
            let life = token::sso_life(&read, refreshes);
            for now in [i64::MIN, 0, 1_800_000_000, i64::MAX] {
                let standing = life.at(Epoch(now), RENEW_TRUST);
                assert!(standing.changes > Epoch(now) || standing.changes == Epoch::NEVER);
            }
        }
    }
    let _ = token::login_life(data);
    let _ = token::role_expiry(data);
});
