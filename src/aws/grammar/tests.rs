//! Promises that hold for any text, and the pieces from which odd files are made.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Section, SectionKind, find, names, read_leniently};

/// Lines of which each is an occasion for a reader to go wrong; together they make every state meet every line.
fn lines() -> Vec<String> {
    serde_json::from_str(include_str!("../../../tests/fixtures/grammar/lines.json")).unwrap()
}

/// Text of such lines, with every kind of line end, a byte order mark now and then, and some characters struck.
pub(super) fn odd_text() -> impl Strategy<Value = String> {
    let line = (
        select(lines()),
        select(&["\n", "\n", "\n", "\r\n", "\r"][..]),
    );
    let mark = select(&["", "", "", "", "\u{feff}"][..]);
    let strike = proptest::option::weighted(
        0.3,
        (
            any::<prop::sample::Index>(),
            select(&['[', ']', '\n', '"', ' ', 'x'][..]),
        ),
    );
    (mark, vec(line, 0..24), strike).prop_map(|(mark, lines, strike)| {
        let mut text = mark.to_owned();
        for (line, end) in lines {
            text.push_str(&line);
            text.push_str(end);
        }
        let Some((index, by)) = strike.filter(|_| !text.is_empty()) else {
            return text;
        };
        let mut chars: Vec<char> = text.chars().collect();
        let at = index.index(chars.len());
        chars[at] = by;
        chars.into_iter().collect()
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => odd_text(),
        1 => vec(any::<u8>(), 0..200).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        1 => vec(select(&b"[]ap \t\r\n=#;'\"\\\0\xc3\xa9"[..]), 0..60)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn find_gives_what_the_whole_reading_gives(config in any_text(), credentials in any_text()) {
        let whole = read_leniently(&config, &credentials);
        let sections: Vec<&Section> =
            whole.profiles.iter().chain(&whole.sso_sessions).chain(&whole.services).collect();
        let mut wanted: Vec<(SectionKind, &str)> = sections.iter().map(|s| (s.kind, s.name.as_str())).collect();
        let mut expected: Vec<Option<Section>> = sections.into_iter().cloned().map(Some).collect();
        for kind in [SectionKind::Profile, SectionKind::SsoSession, SectionKind::Services] {
            for name in ["default", "a", "b", "c d", "foo", "", "\"a b\"", "]"] {
                if !wanted.contains(&(kind, name)) {
                    wanted.push((kind, name));
                    expected.push(None);
                }
            }
        }
        prop_assert_eq!(find(&config, &credentials, &wanted), expected.clone());
        for (&one, expected) in wanted.iter().zip(expected) {
            prop_assert_eq!(find(&config, &credentials, &[one]), vec![expected]);
        }
    }

    #[test]
    fn names_are_those_of_the_whole_reading(config in any_text(), credentials in any_text()) {
        let whole = read_leniently(&config, &credentials);
        let expected: Vec<_> = whole
            .profiles
            .iter()
            .map(|p| {
                let text = |key| p.get(key).map(|value| value.text.split('\n').next().unwrap_or_default());
                let (account, role) = (text("sso_account_id"), text("sso_role_name"));
                let alone = account.is_some() && role.is_some() && text("role_arn").is_none();
                let login = text("sso_session").or(text("sso_start_url")).filter(|_| alone);
                (p.name.as_str(), account, role, login)
            })
            .collect();
        let listed = names(&config, &credentials);
        let listed: Vec<_> =
            listed.iter().map(|p| (&*p.name, p.about().account_id, p.about().role_name, p.about().login)).collect();
        prop_assert_eq!(listed, expected);
    }
}
