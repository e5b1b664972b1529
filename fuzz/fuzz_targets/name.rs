//! No name, alias or form gets anything past the badge that acts on a terminal, or makes it too wide.
#![no_main]

use awsbadge::aws::expiry::{ExpiryState, State};
use awsbadge::aws::{Env, Epoch};
use awsbadge::badge::{self, BadgeInput, IdentityLabel};
use awsbadge::output::sanitize;
use awsbadge::settings::{Settings, Source};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|parts: (String, String, String, bool)| {
    let (name, form, symbol, ascii) = parts;
    let vars: Env = [("AWSBADGE_FORMAT", form), ("AWSBADGE_SYMBOL", symbol), ("AWSBADGE_ASCII", if ascii { "on" } else { "off" }.to_owned())]
        .into_iter()
        .collect();
    let (settings, _) = Settings::read(Source::Absent, Path::new(""), &vars);
    let input = BadgeInput {
        label: IdentityLabel::Profile(name),
        expiry: ExpiryState::fixed(State::NotExported),
        account_id: None,
        role_name: None,
        session: None,
        region: None,
        config: None,
    };
    let text = badge::draw(&input, &settings, Epoch(0)).text;
    assert!(!text.chars().any(|c| c.is_control()), "{text:?}");
    assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{feff}', '\u{2028}']), "{text:?}");
    assert!(!ascii || text.is_ascii(), "{text:?}");
    assert!(sanitize::width(&text) <= settings.max_width, "{text:?}");
});
