//! The settings as they are read from a file and from variables, with what is wrong in them.

use super::keys::*;
use super::values::*;
use super::*;
use crate::diagnostic::Severity;
use proptest::prelude::*;

fn utf8() -> Env {
    Env::from_iter([("LANG", "C.UTF-8")])
}

fn path() -> &'static Path {
    Path::new("config.ini")
}

fn read(text: &str) -> (Settings, Vec<Diagnostic>) {
    Settings::read(text.into(), path(), &utf8())
}

/// The line of a problem; 0 if it is not about one.
fn line(problem: &Diagnostic) -> u32 {
    let location = problem.location.as_ref();
    location.and_then(|l| l.line).unwrap_or(0)
}

/// Line, code, and whether production is in doubt by it.
fn problems(source: Source<'_>) -> Vec<(u32, Code, bool)> {
    let (settings, problems) = Settings::read(source, path(), &utf8());
    let hides = |p: &Diagnostic| p.severity == Severity::Error;
    let doubt = problems.iter().any(hides);
    assert_eq!(settings.production_in_doubt, doubt);
    for problem in &problems {
        assert!(!problem.message.is_empty() && !problem.fix.is_empty());
    }
    problems
        .iter()
        .map(|p| (line(p), p.code, hides(p)))
        .collect()
}

#[test]
fn without_a_file_everything_has_its_default() {
    let read = Settings::read(Source::Absent, path(), &utf8());
    assert_eq!(read, (Settings::default(), vec![]));
}

#[test]
fn a_file_sets_and_a_variable_overrides() {
    let text = "[badge]\nsymbol = ☁\nshow=always\nregion = differs\nmax_width = 30\nrenew_trust = 90m\nmax_age = 5s\n\
                [alias]\na\\b c = ab\neu:dev = \"e\"\n\
                [class prod]\nmatch = *prd, main\naccount = 111111111111, 222222222222\n\
                [switch]\nconfirm = prod\n[login]\ndevice_code = corp\n";
    let vars = utf8()
        .with("AWSBADGE_SYMBOL", "A ")
        .with("AWSBADGE_MAX_AGE", "9s");
    let (s, problems) = Settings::read(text.into(), path(), &vars);
    assert_eq!(problems, []);
    assert_eq!(
        (s.symbol.as_str(), s.show, s.region, s.max_width),
        ("A", Show::Always, ShowRegion::Differs, 30)
    );
    assert_eq!((s.renew_trust, s.max_age), (Seconds(5400), Seconds(9)));
    assert_eq!(
        (s.alias("a\\b c"), s.alias("eu:dev"), s.alias("x")),
        ("ab", "e", "x")
    );
    assert_eq!(s.prod.patterns, Some(vec!["*prd".into(), "main".into()]));
    assert_eq!(s.prod.accounts, ["111111111111", "222222222222"]);
    assert_eq!(s.confirm, Confirm::Prod);
    assert_eq!(s.device_code, ["corp"]);
    assert!(!s.production_in_doubt);
}

#[test]
fn every_section_is_read() {
    let text = "[login]\nwith = native\nrenew = on\noffer = on\nredirect_port = 8400\nbrowser = firefox -P work\n\
                [network]\ntimeout = 3s\n[console]\nopen = firefox {url}\n[account]\n1111-1111-1111 = acme\n\
                [directory ~/src/acme]\nprofile = dev\n[config client7]\nconfig_file = /a\ncredentials_file = ~/b\n\
                [populate corp]\nname = x\nregion = r\noutput = json\nonly = a, b\nnot = c\nprune = on\n";
    let (s, found) = read(text);
    let login = Login {
        with: LoginWith::Native,
        renew: true,
        offer: true,
        redirect_port: Some(8400),
        browser: Some("firefox -P work".into()),
    };
    assert_eq!((s.login, s.timeout), (login, Seconds(3)));
    assert_eq!(s.console.as_deref(), Some("firefox {url}"));
    assert_eq!(s.account_names, [("111111111111".into(), "acme".into())]);
    assert_eq!(s.directories, [("~/src/acme".into(), "dev".into())]);
    let set = ConfigSet {
        name: "client7".into(),
        config_file: Some("/a".into()),
        credentials_file: Some("~/b".into()),
    };
    assert_eq!(s.config_sets, [set]);
    let populate = Populate {
        session: "corp".into(),
        name: Some("x".into()),
        region: Some("r".into()),
        output: Some("json".into()),
        only: vec!["a".into(), "b".into()],
        not: vec!["c".into()],
        prune: true,
    };
    assert_eq!(s.populate, [populate]);
    // The account's id is written with dashes.
    assert_eq!(
        problems(text.into()),
        [(12, Code::SettingsAccountId, false)]
    );
    assert_eq!(found.len(), 1);
}

#[test]
fn each_error_costs_its_line_and_says_so() {
    for (text, want) in [
        // Values.
        (
            "[badge]\nshow = maybe\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[badge]\nmax_width = 5\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[badge]\nrenew_trust = -1h\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[badge]\nmax_age = 0s\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[badge]\nmax_age = 61m\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[badge]\nmax_age = 60\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        ("[badge]\nascii =\n", vec![(2, Code::SettingsValue, false)]),
        ("[alias]\ndev =\n", vec![(2, Code::SettingsValue, false)]),
        (
            "[login]\nredirect_port = 0\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[login]\nredirect_port = 65536\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[login]\nrenew = yes\n",
            vec![(2, Code::SettingsValue, false)],
        ),
        (
            "[switch]\nconfirm = yes\n",
            vec![(2, Code::SettingsValue, true)],
        ),
        (
            "[switch]\nconfirm = Prod\n",
            vec![(2, Code::SettingsValue, true)],
        ),
        (
            "[switch]\nconfirm =\n",
            vec![(2, Code::SettingsValue, true)],
        ),
        (
            "[class prod]\nmatch =\n",
            vec![(2, Code::SettingsValue, true)],
        ),
        (
            "[class prod]\naccount = ,\n",
            vec![(2, Code::SettingsValue, true)],
        ),
        // Fields of the format.
        (
            "[badge]\nformat = {profil} {left\n",
            vec![(2, Code::SettingsFormatField, false); 2],
        ),
        (
            "[badge]\nformat = {}{ }\n",
            vec![(2, Code::SettingsFormatField, false); 2],
        ),
        // Unknown keys: of production where they may be meant so.
        (
            "[badge]\nnope = 1\n",
            vec![(2, Code::SettingsUnknownKey, false)],
        ),
        (
            "[badge]\nwatch = 0\n",
            vec![(2, Code::SettingsUnknownKey, false)],
        ),
        (
            "[badge]\nmatch = x\n",
            vec![(2, Code::SettingsUnknownKey, true)],
        ),
        (
            "[badge]\nConfirm = prod\n",
            vec![(2, Code::SettingsUnknownKey, true)],
        ),
        (
            "[badge]\nclass prod = x\n",
            vec![(2, Code::SettingsUnknownKey, true)],
        ),
        (
            "[class prod]\nacount = 111111111111\n",
            vec![(2, Code::SettingsUnknownKey, true)],
        ),
        (
            "[class prod]\nnope = 1\n",
            vec![(2, Code::SettingsUnknownKey, true)],
        ),
        (
            "[switch]\nask = prod\n",
            vec![(2, Code::SettingsUnknownKey, true)],
        ),
        (
            "[populate corp]\nnope = 1\n",
            vec![(2, Code::SettingsUnknownKey, false)],
        ),
        (
            "[config x]\nconfig = 1\n",
            vec![(2, Code::SettingsUnknownKey, false)],
        ),
        ("show = set\n", vec![(1, Code::SettingsUnknownKey, false)]),
        (
            "match = x\n[badge]\n",
            vec![(1, Code::SettingsUnknownKey, true)],
        ),
        // Unknown sections, likewise; their keys are not named again.
        (
            "[bagde]\nshow = set\n",
            vec![(1, Code::SettingsUnknownSection, false)],
        ),
        ("[Badge]\n", vec![(1, Code::SettingsUnknownSection, false)]),
        (
            "[theme]\nx = 1\n",
            vec![(1, Code::SettingsUnknownSection, false)],
        ),
        (
            "[populate]\nname = 1\n",
            vec![(1, Code::SettingsUnknownSection, false)],
        ),
        (
            "[Class Prod]\nmatch = x\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        (
            "[class  prod]\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        ("[class]\n", vec![(1, Code::SettingsUnknownSection, true)]),
        (
            "[class production]\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        (
            "[class staging]\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        (
            "[calss prod]\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        ("[prod]\n", vec![(1, Code::SettingsUnknownSection, true)]),
        (
            "[\u{441}lass prod]\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        ("[swich]\n", vec![(1, Code::SettingsUnknownSection, true)]),
        ("[SWITCH]\n", vec![(1, Code::SettingsUnknownSection, true)]),
        (
            "[important]\nmatch = x\n",
            vec![(1, Code::SettingsUnknownSection, true)],
        ),
        (
            "[class.prod]\nx\n",
            vec![
                (1, Code::SettingsUnknownSection, true),
                (2, Code::SettingsBrokenLine, true),
            ],
        ),
        // Twice.
        (
            "[badge]\nshow = set\nshow = live\n",
            vec![(3, Code::SettingsDuplicateKey, false)],
        ),
        (
            "[alias]\na = b\nc = d\na = e\n",
            vec![(4, Code::SettingsDuplicateKey, false)],
        ),
        (
            "[class prod]\nmatch = x\nmatch = y\n",
            vec![(3, Code::SettingsDuplicateKey, true)],
        ),
        (
            "[badge]\n[alias]\n[badge]\n[badge]\n",
            vec![
                (3, Code::SettingsDuplicateSection, false),
                (4, Code::SettingsDuplicateSection, false),
            ],
        ),
        (
            "[class prod]\nmatch = x\n[badge]\n[class prod]\naccount = none\n",
            vec![(4, Code::SettingsDuplicateSection, false)],
        ),
        (
            "[switch]\nconfirm = prod\n[switch]\nconfirm = never\n",
            vec![
                (3, Code::SettingsDuplicateSection, false),
                (4, Code::SettingsDuplicateKey, true),
            ],
        ),
        // Account ids.
        (
            "[class prod]\naccount = 1111-1111-1111\n",
            vec![(2, Code::SettingsAccountId, false)],
        ),
        (
            "[class prod]\naccount = 1111 1111 1111, 2222\u{2011}2222\u{2011}2222\n",
            vec![(2, Code::SettingsAccountId, false); 2],
        ),
        (
            "[class prod]\naccount = 11111111111\n",
            vec![(2, Code::SettingsAccountId, true)],
        ),
        (
            "[class prod]\naccount = 1111111111111\n",
            vec![(2, Code::SettingsAccountId, true)],
        ),
        (
            "[class prod]\naccount = 111111111111 222222222222\n",
            vec![(2, Code::SettingsAccountId, true)],
        ),
        (
            "[class prod]\naccount = acme\n",
            vec![(2, Code::SettingsAccountId, true)],
        ),
        (
            "[class prod]\naccount = 11111111111\u{661}\n",
            vec![(2, Code::SettingsAccountId, true)],
        ),
        (
            "[account]\nacme = 111111111111\n",
            vec![(2, Code::SettingsAccountId, false)],
        ),
        // Broken lines, in the order of lines with the rest.
        (
            "[badge]\nx\n[class prod]\ny\nz = 1\n",
            vec![
                (2, Code::SettingsBrokenLine, false),
                (4, Code::SettingsBrokenLine, true),
                (5, Code::SettingsUnknownKey, true),
            ],
        ),
        (
            "[class prod\nmatch = x\n",
            vec![(1, Code::SettingsBrokenHeader, true)],
        ),
        // Fine.
        ("", vec![]),
        ("\u{feff}[badge]\nshow = set\n", vec![]),
        (
            "[class prod]\nmatch = auto, main-*\naccount = none\n[switch]\nconfirm = always\n",
            vec![],
        ),
    ] {
        assert_eq!(problems(text.into()), want, "{text:?}");
    }
}

#[test]
fn what_is_wrong_does_not_count() {
    let text = "[badge]\nshow = maybe\nmax_width = 5\nrenew_trust = -1h\nascii = perhaps\nnope = 1\n[odd]\nx = y\n";
    let vars = utf8()
        .with("AWSBADGE_MAX_WIDTH", "NaN")
        .with("AWSBADGE_RENEW_TRUST", "99999999999999999999d");
    let (s, problems) = Settings::read(text.into(), path(), &vars);
    assert_eq!(s, Settings::default());
    let lines: Vec<_> = problems.iter().map(line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 0, 0]);
    for (problem, var) in problems[6..]
        .iter()
        .zip(["AWSBADGE_MAX_WIDTH", "AWSBADGE_RENEW_TRUST"])
    {
        assert!(problem.message.starts_with(var), "{problem}");
    }

    // Not for the section above either.
    let (s, _) = read("[badge]\nsymbol = a\n[badge \nsymbol = b\nshow = live\n");
    assert_eq!((s.symbol.as_str(), s.show), ("a", Show::Set));
    // The last of two counts, even if it can't be used.
    for (second, want) in [("35", 35), ("9", 40)] {
        let (s, _) = read(&format!(
            "[badge]\nmax_width = 30\n[badge]\nmax_width = {second}\n"
        ));
        assert_eq!(s.max_width, want);
    }
    let (s, _) = read("[alias]\ndev = a\ndev = b\n");
    assert_eq!(s.aliases, [("dev".to_owned(), "b".to_owned())]);
    // Of several accounts, those that can be read.
    let (s, _) = read("[class prod]\naccount = 1111-1111-1111, 22, 3333 3333 3333\n");
    assert_eq!(s.prod.accounts, ["111111111111", "333333333333"]);
}

#[test]
fn a_file_that_is_no_text_is_an_error() {
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        let text = "[class prod]\nmatch = x\n".encode_utf16().flat_map(bytes);
        mark.iter().copied().chain(text).collect::<Vec<u8>>()
    };
    for bytes in [
        utf16(b"\xff\xfe", u16::to_le_bytes),
        utf16(b"\xfe\xff", u16::to_be_bytes),
        utf16(b"", u16::to_le_bytes),
        utf16(b"", u16::to_be_bytes),
        b"# x\0\n[badge]\n".to_vec(),
    ] {
        let want = [(0, Code::SettingsEncoding, true)];
        assert_eq!(problems(Source::Bytes(&bytes)), want, "{bytes:?}");
    }
    let unusable = problems(Source::Unusable("not a regular file"));
    assert_eq!(unusable, [(0, Code::SettingsUnreadable, true)]);
    // Bytes that are not UTF-8 cost their line, and nothing in a comment.
    for (bytes, want) in [
        (&b"# \xfc\n[badge]\n"[..], vec![]),
        (
            b"[badge]\nsymbol = \xfc\nshow = live\n",
            vec![(2, Code::SettingsBrokenLine, false)],
        ),
        (
            b"[class prod]\nmatch = \xfc\n",
            vec![(2, Code::SettingsBrokenLine, true)],
        ),
        (
            b"[cl\xe4ss prod]\nmatch = x\n",
            vec![(1, Code::SettingsBrokenHeader, true)],
        ),
    ] {
        assert_eq!(problems(Source::Bytes(bytes)), want, "{bytes:?}");
    }
}

#[test]
fn a_problem_names_what_would_do() {
    for (text, message, fix) in [
        (
            "[badge]\nshow = maybe\n",
            "[badge] show: 'maybe' is not one of set, always, live",
            "Write one of them, or remove the line",
        ),
        (
            "[switch]\nconfirm = yes\n",
            "[switch] confirm: 'yes' is not one of never, prod, always",
            "Write one of them, or remove the line",
        ),
        (
            "[badge]\nmax_age = 2h\n",
            "[badge] max_age: '2h' is not a length of time from 1s to 1h",
            "Write a number and s, m, h or d, such as 30m",
        ),
        (
            "[badge]\nshwo = set\n",
            "[badge] shwo: unknown key",
            "Write show, or remove the line",
        ),
        (
            "[class prod]\nnope = set\n",
            "[class prod] nope: unknown key",
            "The keys of [class prod] are: match, account",
        ),
        (
            "[Class Prod]\n",
            "[Class Prod]: there is no such section; its keys do not count",
            "Write [class prod], or remove the section",
        ),
        (
            "[class prod]\naccount = 1111-1111-1111\n",
            "[class prod] account: '1111-1111-1111' is read as 111111111111",
            "Write 111111111111",
        ),
    ] {
        let (_, problems) = read(text);
        let said = problems.first().map(|p| (p.message.as_str(), &*p.fix));
        assert_eq!((said, problems.len()), (Some((message, fix)), 1), "{text}");
    }
}

#[test]
fn a_length_of_time_is_a_number_and_its_unit() {
    for (text, seconds) in [
        ("90s", Some(90)),
        ("30m", Some(1800)),
        ("8h", Some(28_800)),
        ("2d", Some(172_800)),
        ("0s", Some(0)),
        ("366d", Some(31_622_400)),
        ("31622401s", None),
        ("367d", None),
        ("99999999999999999999s", None),
        ("9223372036854775807d", None),
        ("", None),
        ("8", None),
        ("h", None),
        ("8 h", None),
        ("8H", None),
        ("8hours", None),
        ("1h30m", Some(5400)),
        ("1d2h3m4s", Some(93_784)),
        ("30m1h", None),
        ("1h1h", None),
        ("1h30", None),
        ("h30m", None),
        ("1.5h", None),
        ("-1h", None),
        ("+1h", None),
    ] {
        assert_eq!(duration(text), seconds.map(Seconds), "{text:?}");
    }
}

#[test]
fn the_table_has_what_counts_and_where_it_is() {
    let text = "[badge]\nsymbol = F\nregion =  on \nshow = maybe\nmax_width = 30\nascii = perhaps\n\
                [alias]\nb = x\na = y\nb = z\n[login]\nrenew = on\n[directory /x]\nprofile = p\n";
    let vars = utf8()
        .with("AWSBADGE_SYMBOL", "V")
        .with("AWSBADGE_MAX_WIDTH", "NaN")
        .with("AWSBADGE_ASCII", "on");
    let table = Settings::table(text.into(), &vars);
    let keys: Vec<_> = table
        .iter()
        .map(|e| (e.section.as_str(), e.key.as_str()))
        .collect();
    let fixed = KEYS.iter();
    let mut expected: Vec<_> = fixed.map(|k| (k.section, k.key)).collect();
    expected.extend([("alias", "a"), ("alias", "b"), ("directory /x", "profile")]);
    assert_eq!(keys, expected);
    for (key, value, origin) in [
        ("symbol", "V", Origin::Variable("AWSBADGE_SYMBOL")),
        ("region", "on", Origin::Line(3)),
        // What can't be used does not count.
        ("show", "set", Origin::Default),
        ("max_width", "30", Origin::Line(5)),
        ("ascii", "on", Origin::Variable("AWSBADGE_ASCII")),
        ("renew_trust", "8h", Origin::Default),
        ("match", "auto", Origin::Default),
        ("account", "none", Origin::Default),
        ("confirm", "never", Origin::Default),
        ("a", "y", Origin::Line(9)),
        ("b", "z", Origin::Line(10)),
        ("profile", "p", Origin::Line(14)),
    ] {
        let entry = table.iter().find(|e| e.key == key);
        let found = entry.map(|e| (e.value.as_str(), e.origin));
        assert_eq!(found, Some((value, origin)), "{key}");
    }
}

#[test]
fn the_defaults_in_the_table_are_the_defaults() {
    let mut settings = Settings {
        ascii: true,
        max_width: 11,
        ..Settings::default()
    };
    for key in KEYS {
        assert!(!key.default.is_empty() && is_section(key.section));
        let mut notes = Vec::new();
        let set = settings.set(key.section, key.key, key.default, &utf8(), &mut notes);
        assert_eq!(set, Ok(()), "{}", key.key);
        let codes: Vec<_> = notes.iter().map(|n| n.code).collect();
        assert_eq!(codes, [], "{}", key.key);
    }
    assert_eq!(settings, Settings::default());
}

#[test]
fn every_section_with_names_of_the_users_own_takes_its_keys() {
    for open in OPEN {
        let section = if open.named {
            format!("{} /x", open.word)
        } else {
            open.word.to_owned()
        };
        assert!(is_section(&section) && is_section(open.word) != open.named);
        let own = if open.word == "account" {
            "111111111111"
        } else {
            "x"
        };
        for key in open
            .keys
            .iter()
            .chain([&own].into_iter().filter(|_| open.keys.is_empty()))
        {
            let value = if open.word == "config" { "~/on" } else { "on" };
            let (_, problems) = read(&format!("[{section}]\n{key} = {value}\n"));
            assert_eq!(problems, [], "{section} {key}");
        }
    }
}

#[test]
fn ascii_follows_the_locale_and_the_terminal() {
    for (vars, want) in [
        (vec![("LANG", "en_GB.UTF-8")], false),
        (vec![("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], true),
        (vec![("LC_ALL", ""), ("LC_CTYPE", "C.utf8")], false),
        (vec![], true),
        (vec![("LANG", "ja_JP.SJIS")], true),
        (vec![("LANG", "C.UTF-8"), ("TERM", "dumb")], true),
        (vec![("LANG", "C"), ("AWSBADGE_ASCII", "off")], false),
    ] {
        let read = Settings::read(Source::Absent, path(), &Env::from_iter(vars.clone()));
        assert_eq!(read.0.ascii, want, "{vars:?}");
    }
}

proptest! {
    /// No text loses a rule without a word: either it is in force, or production is in doubt.
    #[test]
    fn a_rule_about_production_is_in_force_or_in_doubt(
        before in lines::tests::texts(),
        after in lines::tests::texts(),
        end in prop_oneof!["\n", "\r\n"],
    ) {
        let rule = format!("{before}{end}[class prod]{end}match = x-rule{end}[switch]{end}confirm = prod{end}{after}");
        let (settings, problems) = read(&rule);
        let in_force = settings.prod.patterns.as_ref().is_some_and(|p| p.iter().any(|p| p == "x-rule"));
        prop_assert!(in_force || settings.production_in_doubt, "{:?}", problems);
        prop_assert!(settings.confirm == Confirm::Prod || settings.production_in_doubt, "{:?}", problems);
    }

    /// Nothing is read from another section, and every line number is that of a line.
    #[test]
    fn no_key_counts_in_another_section(text in lines::tests::texts()) {
        let (_, problems) = read(&text);
        // A byte order mark is not part of the first line.
        let plain = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let lines: Vec<&str> = plain.split('\n').map(str::trim).collect();
        for problem in &problems {
            if let line @ 1.. = line(problem) {
                prop_assert!((1..=lines.len()).contains(&(line as usize)));
            }
            prop_assert_ne!(problem.code, Code::SettingsParser);
        }
        for entry in Settings::table(text.as_str().into(), &utf8()) {
            if let Origin::Line(line) = entry.origin {
                let line = line as usize - 1;
                prop_assert!(lines[line].starts_with(&entry.key), "{:?}", entry);
                let header = lines[..line].iter().rev().find(|l| l.starts_with('['));
                let name = header.and_then(|l| l.strip_prefix('[')?.strip_suffix(']')).map(str::trim);
                prop_assert_eq!(name, Some(entry.section.as_str()), "{:?}", entry);
            }
        }
    }

    /// Any bytes at all.
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (settings, problems) = Settings::read(Source::Bytes(&bytes), path(), &utf8());
        prop_assert_eq!(settings.production_in_doubt, problems.iter().any(|p| p.severity == Severity::Error));
    }
}
