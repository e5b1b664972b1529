//! Reads only the names and descriptions of the profiles in a big file.

use std::borrow::Cow;

use memchr::{arch, memchr2};

use super::lenient::{Lines, block, brackets, content};
use super::sections::{Gather, Index};
use super::{FileKind, Named, SectionKind, sdk};

/// A profile in a list of names.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    /// The profile's name.
    pub name: Cow<'a, str>,
    /// Its first block, from after the header to the end of the file.
    first: &'a str,
    /// Its other blocks, which few profiles have.
    more: Vec<&'a str>,
}

/// The keys that describe a profile. No two begin with the same six letters, except `credential_source` and
/// `credential_process`.
const KEYS: [&str; 11] = [
    "sso_account_id",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "aws_access_key_id",
    "credential_process",
    "login_session",
];

/// The values of [`KEYS`]; the first line of a value with several lines.
type Values<'a> = [Option<&'a str>; KEYS.len()];

/// The description of a profile in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About<'a> {
    /// `sso_account_id`, if the profile has one.
    pub account_id: Option<&'a str>,
    /// `sso_role_name`, if the profile has one.
    pub role_name: Option<&'a str>,
    /// The profile's login, if it uses only IAM Identity Center: the name of its `sso_session`, or a legacy profile's
    /// `sso_start_url`. `None` if it assumes a role, which would take precedence.
    pub login: Option<&'a str>,
    /// Where its credentials come from, if not from IAM Identity Center.
    pub from: Option<Source<'a>>,
}

/// Another source of credentials than IAM Identity Center, in the AWS CLI's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// A role (its ARN), and what assumes it: the name of a profile or of a source. `None` if the profile does not say.
    Role(&'a str, Option<&'a str>),
    /// Access keys in the file.
    Keys,
    /// The AWS CLI's own login.
    CliLogin,
    /// A `credential_process`.
    Process,
}

impl<'a> Listed<'a> {
    /// Reads its blocks.
    #[must_use]
    pub fn about(&self) -> About<'a> {
        let mut values = Values::default();
        for &block in [self.first].iter().chain(&self.more) {
            let found = at_a_glance(block).unwrap_or_else(|| read(block));
            for (value, found) in values.iter_mut().zip(found) {
                *value = found.or(*value);
            }
        }
        let [
            account_id,
            role_name,
            session,
            start_url,
            role_arn,
            source_profile,
            credential_source,
            token_file,
            key,
            process,
            cli_login,
        ] = values;
        let alone = account_id.is_some() && role_name.is_some() && role_arn.is_none();
        let login = session.or(start_url).filter(|_| alone);
        let from = match role_arn {
            Some(role) => Some(Source::Role(
                role,
                token_file
                    .map(|_| "a web identity")
                    .or(source_profile)
                    .or(credential_source),
            )),
            None if login.is_some() => None,
            None => [
                (key, Source::Keys),
                (cli_login, Source::CliLogin),
                (process, Source::Process),
            ]
            .into_iter()
            .find_map(|(value, from)| value.map(|_| from)),
        };
        About {
            account_id,
            role_name,
            login,
            from,
        }
    }
}

impl<'a> Gather<'a> for Listed<'a> {
    const ONLY: Option<SectionKind> = Some(SectionKind::Profile);

    fn new(named: Named<'a>, _: FileKind, _: u32) -> Self {
        Listed {
            name: named.name,
            first: "",
            more: Vec::new(),
        }
    }

    fn is(&self, _: SectionKind, name: &str) -> bool {
        self.name == name
    }
}

/// The profiles of both files, in the order of [`super::read_leniently`]. Only headers are read.
#[must_use]
pub fn names<'a>(config: &'a str, credentials: &'a str) -> Vec<Listed<'a>> {
    // A profile has at least a hundred bytes, so this is room for all of them.
    let mut profiles = Index::<Listed>::with_room(config.len() / 100);
    for (text, file) in [
        (content(config), FileKind::Config),
        (content(credentials), FileKind::Credentials),
    ] {
        for (start, _) in brackets(text) {
            if let Some((named, lines)) = Lines::new(&text[start..], file).header()
                && let Some(profile) = profiles.open(named, file, 0)
            {
                match profile.first {
                    "" => profile.first = lines.rest(),
                    _ => profile.more.push(lines.rest()),
                }
            }
        }
    }
    profiles.bodies().collect()
}

/// The values of a block of plain lines. All begin in the first column, so no value continues in another line, and the
/// wanted keys have a `=` right after them. Such lines need no parsing. `None` if the block has any other line.
fn at_a_glance(text: &str) -> Option<Values<'_>> {
    // Lines are short: choosing the fastest search at run time would take longer than this search.
    let line_end = arch::all::memchr::One::new(b'\n');
    let bytes = text.as_bytes();
    let mut values = Values::default();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        match first {
            b'[' => break,
            b'\n' | b'#' | b';' => {}
            _ if sdk::is_identifier_byte(first) => {}
            _ => return None,
        }
        let line = &bytes[at..];
        let line = line_end.find(line).map_or(line, |end| &line[..end]);
        if let Some(slot) = key_of(line) {
            let behind = sdk::trim_start(&text[at + KEYS[slot].len()..at + line.len()]);
            if behind.as_bytes().first() != Some(&b'=') {
                return None;
            }
            values[slot] = Some(&behind[1..]);
        }
        at += line.len() + 1;
    }
    let block = &bytes[..at.min(bytes.len())];
    // A line with another line end, or a value that is ignored.
    if memchr2(b'\r', b'\0', block).is_some() {
        return None;
    }
    let trim = match memchr2(b'#', b';', block) {
        None => sdk::trim,
        Some(_) => sdk::without_comment,
    };
    Some(values.map(|value| value.map(trim)))
}

/// The values of any block.
fn read(text: &str) -> Values<'_> {
    let mut values = Values::default();
    // For finding headers, it does not matter which of the two files it is.
    block(&mut Lines::new(text, FileKind::Config), |entry| {
        if let Some(slot) = KEYS
            .iter()
            .position(|key| key.eq_ignore_ascii_case(entry.key))
            && let Some(value) = entry.first_line()
        {
            values[slot] = Some(value);
        }
    });
    values
}

/// The key that a line begins with, in any case.
fn key_of(line: &[u8]) -> Option<usize> {
    let [first, second, _, _, _, sixth, ..] = line else {
        return None;
    };
    let letters = [*first, *second, *sixth];
    let slot = match &letters.map(|letter| letter.to_ascii_lowercase()) {
        b"ssc" => 0,
        b"sso" => 1,
        b"sse" => 2,
        b"sst" => 3,
        b"roa" => 4,
        b"soe" => 5,
        // Both begin with `credential_`.
        b"crn" if line.get(11).is_some_and(|b| b.eq_ignore_ascii_case(&b's')) => 6,
        b"crn" => 9,
        b"wed" => 7,
        b"awc" => 8,
        b"lo_" => 10,
        _ => return None,
    };
    let key = KEYS[slot].as_bytes();
    let written = line.get(..key.len())?;
    (written == key || written.eq_ignore_ascii_case(key)).then_some(slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of plain lines, and their values, each with its place in [`KEYS`].
    type Block = (&'static str, &'static [(usize, &'static str)]);

    const PLAIN: [Block; 10] = [
        ("", &[]),
        (
            "sso_account_id = 1\nsso_role_name = R\nsso_session = s\nsso_start_url = u\nrole_arn = a\n",
            &[(0, "1"), (1, "R"), (2, "s"), (3, "u"), (4, "a")],
        ),
        (
            "source_profile = p\ncredential_source = c\nweb_identity_token_file = f\naws_access_key_id = k\n\
             credential_process = x\nLogin_Session = l\naws_secret_access_key = n\n",
            &[(5, "p"), (6, "c"), (7, "f"), (8, "k"), (9, "x"), (10, "l")],
        ),
        (
            "SSO_Account_ID=1\nSso_Role_Name\t=\tR\t\nsso_session =\nSSO_START_URL=u\nRole_Arn=a",
            &[(0, "1"), (1, "R"), (2, ""), (3, "u"), (4, "a")],
        ),
        // A header ends the block, a blank line or a comment does not.
        (
            "\n# c\n; c\nsso_session = s\n[profile b]\nsso_session = t\n  x\n",
            &[(2, "s")],
        ),
        // The last one counts.
        ("role_arn = a\nrole_arn = b\n", &[(4, "b")]),
        (
            "sso_session = s # c\nsso_start_url = u#f\nrole_arn = a ;c\n",
            &[(2, "s"), (3, "u#f"), (4, "a")],
        ),
        ("sso_session = a = b\n", &[(2, "a = b")]),
        // Nearly a key.
        (
            "sso_account_ic = 1\nsso_rule_name = R\nsso_ses\nssoXsession = s\nrole_a\nsource = t\nregion = r\n\
             credential_ = c\ncredential = c\nlogin_ = l\n",
            &[],
        ),
        ("zso_session = s\n", &[]),
    ];

    #[test]
    fn plain_lines_are_read_at_a_glance() {
        for (text, expected) in PLAIN {
            let mut values = Values::default();
            for (slot, value) in expected {
                values[*slot] = Some(value);
            }
            assert_eq!(at_a_glance(text), Some(values), "{text:?}");
            assert_eq!(read(text), values, "{text:?}");
        }
    }

    #[test]
    fn other_lines_are_read_one_by_one() {
        for (text, session) in [
            (" sso_session = s\n", Some("s")),
            ("k = v\n sso_session = s\n", None),
            ("sso_session = s\n more\n", Some("s")),
            ("sso_session = s\r\nk = v\r\n", Some("s")),
            ("k = v\rsso_session = s\r", Some("s")),
            ("sso_session = s\nsso_session = \0\n", Some("s")),
            ("sso_session = s\n \0\n", None),
            ("sso_session : s\n", Some("s")),
            ("sso_session s = t\n", None),
            ("sso_sessions = s\n", None),
            ("sso_session\n", None),
            ("sso_session = s\né = e\n", Some("s")),
        ] {
            assert_eq!(at_a_glance(text), None, "{text:?}");
            assert_eq!(read(text)[2], session, "{text:?}");
        }
    }

    #[test]
    fn a_profile_has_the_login_of_its_own_role_alone() {
        const ACCOUNT: &str = "sso_account_id = 1\n";
        const ROLE: &str = "sso_role_name = R\n";
        for (lines, login) in [
            ([ACCOUNT, ROLE, "sso_session = s\n"], Some("s")),
            ([ACCOUNT, ROLE, "sso_start_url = u\n"], Some("u")),
            (
                [ACCOUNT, ROLE, "sso_start_url = u\nsso_session = s\n"],
                Some("s"),
            ),
            ([ACCOUNT, ROLE, "sso_session = s\nrole_arn = a\n"], None),
            ([ACCOUNT, "", "sso_session = s\n"], None),
            (["", ROLE, "sso_session = s\n"], None),
            ([ACCOUNT, ROLE, ""], None),
        ] {
            let config = format!("[profile a]\n{}", lines.concat());
            let expected = About {
                account_id: lines.contains(&ACCOUNT).then_some("1"),
                role_name: lines.contains(&ROLE).then_some("R"),
                login,
                from: lines[2]
                    .contains("role_arn")
                    .then_some(Source::Role("a", None)),
            };
            assert_eq!(names(&config, "")[0].about(), expected, "{config:?}");
        }
    }

    #[test]
    fn other_profiles_say_where_their_credentials_come_from() {
        const KEY: &str = "aws_access_key_id = k\n";
        for (lines, from) in [
            ("region = r\n", None),
            (KEY, Some(Source::Keys)),
            ("credential_process = p\n", Some(Source::Process)),
            ("login_session = l\n", Some(Source::CliLogin)),
            (
                "role_arn = a\nsource_profile = b\n",
                Some(Source::Role("a", Some("b"))),
            ),
            (
                "role_arn = a\ncredential_source = Environment\n",
                Some(Source::Role("a", Some("Environment"))),
            ),
            (
                "role_arn = a\nweb_identity_token_file = f\nsource_profile = b\n",
                Some(Source::Role("a", Some("a web identity"))),
            ),
        ] {
            let config = format!("[profile a]\n{lines}");
            assert_eq!(names(&config, "")[0].about().from, from, "{config:?}");
            let config = format!("[profile a]\n{lines}credential_process = p\n");
            let from = from.or(Some(Source::Process));
            assert_eq!(names(&config, "")[0].about().from, from, "{config:?}");
        }
        let both = "sso_account_id = 1\nsso_role_name = R\nsso_session = s\n";
        let config = format!("[profile a]\n{both}{KEY}");
        assert_eq!(names(&config, "")[0].about().from, None);
        assert_eq!(
            names("", "[a]\naws_access_key_id = k\n")[0].about().from,
            Some(Source::Keys)
        );
    }

    #[test]
    fn profiles_are_listed_once_in_the_order_of_both_files() {
        let config = "[default]\n[profile b]\nsso_account_id = 1\n[sso-session b]\nsso_account_id = 2\n\
                      [nobody]\nsso_account_id = 3\n[profile a]\n[profile b]\nsso_role_name = R\n";
        let credentials = "[c]\n[b]\nsso_account_id = 4\n";
        let listed = names(config, credentials);
        let listed: Vec<_> = listed
            .iter()
            .map(|p| (&*p.name, p.about().account_id, p.about().role_name))
            .collect();
        assert_eq!(
            listed,
            [
                ("default", None, None),
                ("b", Some("4"), Some("R")),
                ("a", None, None),
                ("c", None, None)
            ]
        );
    }

    /// Otherwise, two names with the same hash would be one profile.
    #[test]
    fn a_profile_is_that_of_its_name() {
        let listed = names("[profile a]\n", "");
        assert!(listed[0].is(SectionKind::Profile, "a"));
        assert!(!listed[0].is(SectionKind::Profile, "b"));
    }
}
