//! Properties of any text, and the pieces of unusual files.

use crate::diagnostic::Diagnostic;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::path::Path;

use super::{
    Dialect, FileKind, FileSections, Section, SectionKind, find, merge, names, read_file,
    read_leniently,
};

/// Lines that a reader may get wrong. Together they combine every state with every kind of line.
fn lines() -> Vec<String> {
    serde_json::from_str(include_str!("../../../tests/fixtures/config/lines.json")).unwrap()
}

/// Text of such lines, with every kind of line end, sometimes a byte order mark, and some characters removed.
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

fn read(dialect: Dialect, kind: FileKind, text: &str) -> FileSections {
    read_file(dialect, kind, Path::new("file"), text).unwrap()
}

#[test]
fn the_credentials_file_wins_key_by_key() {
    for dialect in [Dialect::Sdk, Dialect::Botocore, Dialect::Js] {
        let config = "[profile a]\nregion = r1\noutput = json\n[profile b]\nregion = r2\n\
                      [sso-session s]\nsso_region = r3\n[sso-session t]\nsso_region = r4\n[services v]\n";
        let credentials = "[c]\nregion = r5\n[a]\nregion = r6\naws_access_key_id = k\n";
        let merged = merge(
            &read(dialect, FileKind::Config, config),
            &read(dialect, FileKind::Credentials, credentials),
        );
        let names: Vec<&str> = merged.profiles.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(
            names,
            ["a", "b", "c"],
            "{dialect:?}: the config's come first"
        );
        let text = |name, key| merged.profile(name).and_then(|s| s.text(key));
        assert_eq!(text("a", "region"), Some("r6"), "{dialect:?}");
        assert_eq!(text("a", "output"), Some("json"), "{dialect:?}");
        assert_eq!(text("a", "aws_access_key_id"), Some("k"), "{dialect:?}");
        assert_eq!(text("b", "region"), Some("r2"), "{dialect:?}");
        assert_eq!(text("c", "region"), Some("r5"), "{dialect:?}");
        let keys: Vec<&str> = merged.profiles[0]
            .keys
            .iter()
            .map(|(k, _)| k.as_str())
            .collect();
        assert_eq!(
            keys,
            ["region", "output", "aws_access_key_id"],
            "{dialect:?}: each once"
        );
        let session = |name| merged.sso_session(name).and_then(|s| s.text("sso_region"));
        assert_eq!(
            (session("s"), session("t")),
            (Some("r3"), Some("r4")),
            "{dialect:?}"
        );
        assert!(merged.profile("d").is_none() && merged.sso_session("a").is_none());
    }
}

#[test]
fn an_empty_value_counts_as_absent() {
    let file = read(
        Dialect::Sdk,
        FileKind::Config,
        "[profile a]\nregion =\noutput = json\n",
    );
    let section = &file.sections[0];
    assert!(section.get("region").is_some());
    assert_eq!(
        (section.text("region"), section.text("output")),
        (None, Some("json"))
    );
    assert_eq!(section.text("nothing"), None);
}

/// Files that the dialects read differently or refuse.
const ODD_FILES: [&str; 14] = [
    "[profile a]\nregion = r # c\n\n[ profile  b ]\nRegion=x;y\n[profile 'c d']\n[b2]\nk = v\n[default]\nz=1\n\
     [profile default]\ny=2\n[sso-session s]\nq=1\n[services w]\n",
    "[profile a]\ns3 =\n  x = 1\n  y=2\nafter = 3\n  more\n# c\n  ; d\n",
    "[profile a\nk = v\n",
    "[profile a]\nno equals\n",
    "k = v\n[profile a]\n",
    "[profile a]\nk = 1\nk = 2\n[profile a]\nj = 3\n",
    "\u{feff}[profile a]\r\nk : v\r\n= x\r\n",
    "[profile a] # c\n  k = v\n[profile \"q\"] x\n",
    "[profile]\nk=1\n[profile a b]\nk=2\n[]\n",
    "# c\n\n[profile a]\rk = v;w ;x\r  \r  more # c\r\rj=\r",
    "[profile a]\nk = v\n  # c\n  d = e\n j\n[profile a-B_9./%@:+]\nx y = z\n",
    "[profile a\\ b]\n[profile \"c\\\"d\\\\e\\f\"]\n[profile 'g\\h']\n[profile i''j]\n[profile \"k]\n[profile l\\]\n\
     [profile m n]\n[profile DEFAULT]\n[DEFAULT]\n[profiles o]\n[default ]\n\n# c\n",
    "[DEFAULT]\nk = 1\nj = 2\n[profile a]\nk = 3\n[DEFAULT]\nl = 4\n[profile 'g\\'] \nm = 5\n",
    "[profile a]\ns3 =\n  x = 1\u{b}y = 2\u{2028}\n\n  x = 3\n",
];

fn summary(section: &Section) -> String {
    let keys = section
        .keys
        .iter()
        .map(|(key, value)| format!(" {key}={:?}", value.text));
    let keys: String = keys.collect();
    format!(
        "    {:?} {:?}, line {}:{keys}\n",
        section.kind, section.name, section.line
    )
}

/// The fixture has the results of our readers. tests/differential/config.rs checks them against the real readers; this
/// test is quick.
#[test]
fn each_dialect_reads_odd_files_in_its_own_way() {
    let mut all = String::new();
    for text in ODD_FILES {
        all += &format!("{text:?}\n");
        for kind in [FileKind::Config, FileKind::Credentials] {
            for dialect in [Dialect::Botocore, Dialect::Sdk, Dialect::Js] {
                all += &format!("  {dialect:?}, {kind:?}\n");
                match read_file(dialect, kind, Path::new("file"), text) {
                    Ok(file) => {
                        all.extend(file.sections.iter().map(summary));
                        let line =
                            |w: &Diagnostic| w.location.as_ref().and_then(|l| l.line).unwrap();
                        let warned = |w: &Diagnostic| format!("    {}, line {}\n", w.code, line(w));
                        all.extend(file.warnings.iter().map(warned));
                    }
                    Err(fault) => all += &format!("    line {}: {}\n", fault.line, fault.message),
                }
            }
        }
        for (name, whole) in [
            ("Config", read_leniently(text, "")),
            ("Credentials", read_leniently("", text)),
        ] {
            all += &format!("  leniently, {name}\n");
            let sections = whole
                .profiles
                .iter()
                .chain(&whole.sso_sessions)
                .chain(&whole.services);
            all.extend(sections.map(summary));
        }
    }
    assert_eq!(
        all,
        include_str!("../../../tests/fixtures/config/dialects.txt")
    );
}

#[test]
fn a_section_is_found_under_an_indented_header_and_none_inside_a_line() {
    let config = "x [profile a]\nk = 1\n \t[profile a]\nk = 2\n";
    for (name, found) in [("a", Some("2")), ("b", None)] {
        let sections = find(config, "", &[(SectionKind::Profile, name)]);
        let text = sections[0].as_ref().and_then(|s| s.text("k"));
        assert_eq!(text, found, "{name}");
    }
}

#[test]
fn what_is_no_sub_property_is_left_out_of_one() {
    let whole = read_leniently("[profile a]\ns3 =\n  x\n  = y\n  # c\n  z = 1\nk =\n", "");
    assert_eq!(whole.profiles[0].text("s3"), Some("\nz = 1"));
}

/// Not even after a blank that is not white space in the SDKs.
#[test]
fn a_bracket_inside_a_line_makes_no_header_of_it() {
    let whole = read_leniently("[profile a]\nj = [x]\n\u{a0}k ] = 2\nl = 3\n", "");
    assert_eq!(whole.profiles[0].text("j"), Some("[x]"));
    assert_eq!(whole.profiles[0].text("l"), Some("3"));
}

/// `find` returns the same sections as the complete reading, and no others.
fn finds_what_is_read(config: &str, credentials: &str) {
    let whole = read_leniently(config, credentials);
    let sections: Vec<&Section> = whole
        .profiles
        .iter()
        .chain(&whole.sso_sessions)
        .chain(&whole.services)
        .collect();
    let mut wanted: Vec<(SectionKind, &str)> =
        sections.iter().map(|s| (s.kind, s.name.as_str())).collect();
    let mut expected: Vec<Option<Section>> = sections.into_iter().cloned().map(Some).collect();
    for kind in [
        SectionKind::Profile,
        SectionKind::SsoSession,
        SectionKind::Services,
    ] {
        for name in ["default", "a", "b", "c d", "foo", "", "\"a b\"", "]"] {
            if !wanted.contains(&(kind, name)) {
                wanted.push((kind, name));
                expected.push(None);
            }
        }
    }
    assert_eq!(find(config, credentials, &wanted), expected.clone());
    for (&one, expected) in wanted.iter().zip(expected) {
        assert_eq!(find(config, credentials, &[one]), vec![expected]);
    }
}

#[test]
fn sections_of_odd_files_are_found_as_they_are_read() {
    for config in ODD_FILES {
        for credentials in ODD_FILES {
            finds_what_is_read(config, credentials);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn find_gives_what_the_whole_reading_gives(config in any_text(), credentials in any_text()) {
        finds_what_is_read(&config, &credentials);
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
