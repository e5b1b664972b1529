//! Any bytes are read as a token, or not, without a panic; what is read has an end that a date gave.
#![no_main]

use awsbadge::aws::{Epoch, Seconds, token};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(read) = token::read_sso(data) {
        for refreshes in [false, true] {
            let expiry = token::sso_expiry(&read, refreshes);
            for now in [i64::MIN, 0, 1_800_000_000, i64::MAX] {
                let state = expiry.at(Epoch(now), Seconds(8 * 3600));
                assert!(state.changes > Epoch(now) || state.changes == Epoch::NEVER);
            }
        }
    }
    let _ = token::login_expiry(data);
    let _ = token::role_expiry(data);
});
