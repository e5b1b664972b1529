//! Any text is read without a panic, and a section that is looked up alone is the one that reading all gives.
#![no_main]

use awsbadge::aws::grammar::{self, SectionKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (config, credentials) = text.split_once('\u{1}').unwrap_or((&text, ""));
    let all = grammar::read_leniently(config, credentials);
    for (kind, sections) in [(SectionKind::Profile, &all.profiles), (SectionKind::SsoSession, &all.sso_sessions)] {
        for section in sections {
            let found = grammar::find(config, credentials, &[(kind, &section.name)]);
            assert_eq!(found[0].as_ref(), Some(section));
        }
    }
    let names: Vec<_> = grammar::names(config, credentials).into_iter().map(|n| n.name.into_owned()).collect();
    let profiles: Vec<_> = all.profiles.iter().map(|p| p.name.clone()).collect();
    assert_eq!(names, profiles);
});
