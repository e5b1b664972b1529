//! Any text is read without a panic, and a section that is looked up alone is the one that reading all gives; so is
//! what a list of names tells of it.
#![no_main]

use awsbadge::aws::config::{self, SectionKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (config, credentials) = text.split_once('\u{1}').unwrap_or((&text, ""));
    let all = config::read_leniently(config, credentials);
    for (kind, sections) in [(SectionKind::Profile, &all.profiles), (SectionKind::SsoSession, &all.sso_sessions)] {
        for section in sections {
            let found = config::find(config, credentials, &[(kind, &section.name)]);
            assert_eq!(found[0].as_ref(), Some(section));
        }
    }
    let listed = config::names(config, credentials);
    assert_eq!(listed.len(), all.profiles.len());
    for (listed, profile) in listed.iter().zip(&all.profiles) {
        let text = |key| profile.get(key).map(|value| value.text.split('\n').next().unwrap_or_default());
        let about = listed.about();
        assert_eq!(listed.name, profile.name);
        assert_eq!((about.account_id, about.role_name), (text("sso_account_id"), text("sso_role_name")));
        let alone = about.account_id.and(about.role_name).is_some() && text("role_arn").is_none();
        assert_eq!(about.login, text("sso_session").or(text("sso_start_url")).filter(|_| alone));
    }
});
