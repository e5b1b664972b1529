//! Any text is a date, or not, without a panic; a date in UTC is written back as what it means.
#![no_main]

use awsbadge::aws::time::{self, Written};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(Written::At(at)) = time::parse(text)
        && at.0 >= -62_135_596_800
        && at <= awsbadge::aws::Epoch::NEVER
    {
        assert_eq!(time::parse(&at.iso()), Some(Written::At(at)));
    }
});
