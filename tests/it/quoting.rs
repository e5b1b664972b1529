//! Values of any bytes come out of the statements byte for byte, in every shell and locale, and run nothing.

use crate::names::NAMES;
use crate::support::library::acts;
use crate::support::library::shells::{self, Shell as Spoken, Statement};
use crate::support::{Home, Locale, Shell, binary};
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

/// The library's name of a shell.
fn spoken(shell: Shell) -> Spoken {
    match shell {
        Shell::Zsh => Spoken::Zsh,
        Shell::Bash => Spoken::Bash,
        Shell::Fish => Spoken::Fish,
    }
}

/// Bytes that begin a character, or go on in one, in some character set: the lead bytes of GBK, BIG5 and
/// Shift-JIS at their edges, the first two bytes of a four-byte character of GB18030, UTF-8 whole and cut.
const LEADS: [&[u8]; 21] = [
    b"",
    b"\x80",
    b"\x81",
    b"\x84",
    b"\x95",
    b"\x9f",
    b"\xa0",
    b"\xa1",
    b"\xbf",
    b"\xe0",
    b"\xef",
    b"\xf9",
    b"\xfc",
    b"\xfe",
    b"\xff",
    b"\x81\x30",
    b"\x81\x30\x81",
    "\u{4e01}0".as_bytes(),
    "\u{4e2d}".as_bytes(),
    "\u{8868}\u{80fd}\u{30bd}".as_bytes(),
    b"\xe4\xb8",
];

/// What runs something if the byte before it takes a part of it away.
const TAILS: [&[u8]; 14] = [
    b"",
    b"'",
    b"\\",
    b"\\\\",
    b"';touch canary;#",
    b"\\';touch canary;#",
    b"\\\\';touch canary;#",
    b"'(touch canary)'",
    b"'$(touch canary)'",
    b"\"$(touch canary)\"",
    b"`touch canary`",
    b"|touch canary",
    b"\n';touch canary;#\n",
    b"{touch,canary}~*?[a]=%",
];

/// Every lead before every tail, the hostile names, every byte alone and before a quote, and drawn ones.
pub(crate) fn values() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = NAMES.map(|name| name.as_bytes().to_vec()).to_vec();
    for lead in LEADS {
        for tail in TAILS {
            values.push([lead, tail].concat());
        }
    }
    for byte in 1..=u8::MAX {
        values.push(vec![byte]);
        values.push(vec![byte, b'\\', b'\'', byte]);
    }
    // Drawn from the bytes that matter, by a generator of fixed numbers: a failure can be repeated.
    const ALPHABET: &[u8] =
        b"\\\\''\"`$();|&<>{}[]~#!*?%=\n\r\t -aX0\x01\x7f\x81\x82\x95\xa1\xb8\xc3\xe4\xfe\xff";
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..300 {
        let length = 1 + draw(12);
        values.push(
            (0..length)
                .map(|_| ALPHABET[draw(ALPHABET.len())])
                .collect(),
        );
    }
    values
}

/// What evaluates the file `block` as the hooks do.
fn evaluate(shell: Shell) -> &'static str {
    match shell {
        Shell::Zsh => "out=\"$(<block)\"; \\builtin eval \"$out\"\n",
        Shell::Bash => "out=\"$(<block)\"; \\builtin eval \"$out\"\n",
        Shell::Fish => "set -l out (cat block); eval (string join \\n -- $out | string collect)\n",
    }
}

/// Evaluates `block` in `shell` after `prelude`, and hands over the environment that a program finds then.
fn environment_after(
    shell: Shell,
    locale: &Locale,
    prelude: &str,
    block: &[u8],
) -> HashMap<Vec<u8>, Vec<u8>> {
    let what = format!("{shell} in {} after {prelude:?}", locale.name);
    let home = Home::new();
    home.file("block", block);
    let script = format!("{prelude}{}\\env -0 >|out\n", evaluate(shell));
    let script = match shell {
        Shell::Fish => script.replace("\\env -0 >|out", "command env -0 >out"),
        _ => script,
    };
    let mut run = home.script(shell, &script);
    for (name, value) in locale.variables() {
        run = run.env(name, value);
    }
    let output = run.output();
    assert_eq!(output.stderr, "", "{what}");
    assert!(home.read("canary").is_none(), "{what}: a value was run");
    let out = home.read("out").unwrap();
    out.split(|byte| *byte == 0)
        .filter_map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=')?;
            Some((pair[..at].to_vec(), pair[at + 1..].to_vec()))
        })
        .collect()
}

/// Exports every value in one block, and asserts that each comes back as it went in.
fn round_trip(shell: Shell, locale: &Locale, prelude: &str, values: &[Vec<u8>]) {
    let names: Vec<&'static str> = (0..values.len())
        .map(|number| &*Box::leak(format!("VALUE_{number}").into_boxed_str()))
        .collect();
    let statements: Vec<Statement> = names
        .iter()
        .zip(values)
        .map(|(name, value)| Statement::Export(name, value.clone()))
        .collect();
    let block = shells::block(spoken(shell), &statements).unwrap();
    let found = environment_after(shell, locale, prelude, &block);
    let mut wrong = Vec::new();
    for (name, value) in names.iter().zip(values) {
        let back = found.get(name.as_bytes());
        if back != Some(value) {
            let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
            wrong.push((shown(value), back.map(|bytes| shown(bytes))));
        }
    }
    assert!(
        wrong.is_empty(),
        "{shell} in {} after {prelude:?}: {} of {} values changed: {wrong:#?}",
        locale.name,
        wrong.len(),
        values.len()
    );
}

#[test]
fn every_value_comes_back_byte_for_byte_in_every_locale() {
    let values = values();
    assert!(values.len() > 1000, "{}", values.len());
    let locales = Locale::all();
    for shell in Shell::installed() {
        for locale in &locales {
            round_trip(shell, locale, "", &values);
        }
    }
}

#[test]
fn every_value_comes_back_under_every_option_that_changes_how_quotes_are_read() {
    let values = values();
    let locale = Locale {
        name: "C.UTF-8",
        path: None,
    };
    let preludes: [(Shell, &[&str]); 3] = [
        (
            Shell::Zsh,
            &[
                "setopt cshjunkiequotes\n",
                "setopt rcquotes\n",
                "setopt rcquotes cshjunkiequotes cshjunkiehistory banghist\n",
                "setopt ksharrays shwordsplit globsubst extendedglob nullglob kshglob\n",
                "setopt posixbuiltins posixstrings posixidentifiers\n",
                "setopt nomultibyte\n",
                "setopt interactivecomments ignorebraces noequals braceccl\n",
                "emulate sh\n",
                "emulate ksh\n",
                "emulate csh\n",
                "IFS=\"xA= '\"\n",
            ],
        ),
        (
            Shell::Bash,
            &[
                "set -o posix\n",
                "set -o histexpand -o history\n",
                "shopt -s extglob nullglob failglob xpg_echo\n",
                "shopt -s compat31\n",
                "set -euo pipefail\n",
                "IFS=\"xA= '\"\n",
            ],
        ),
        (Shell::Fish, &["set -g IFS xA\n"]),
    ];
    for shell in Shell::installed() {
        let (_, preludes) = preludes.iter().find(|(of, _)| *of == shell).unwrap();
        for prelude in *preludes {
            round_trip(shell, &locale, prelude, &values);
        }
    }
}

/// The names, and the regions of their profiles, run nothing on their way through the program either.
#[test]
fn a_switch_runs_nothing_in_any_locale() {
    let mut names: Vec<String> = NAMES.map(str::to_owned).to_vec();
    for lead in ["中", "表", "ソ", "能", "é", "丁0"] {
        for tail in TAILS {
            let name = format!("{lead}{}", String::from_utf8_lossy(tail));
            // No name in a file holds a line end or this bracket.
            if !name.contains(['\n', ']']) {
                names.push(name);
            }
        }
    }
    let regions = [
        "中';touch canary;'",
        "表\\';touch canary;'",
        "ソ\\",
        "eu-west-1",
    ];
    let section = |(number, name): (usize, &String)| {
        let region = regions[number % regions.len()];
        format!(
            "[{name}]\naws_access_key_id = AKIA\naws_secret_access_key = x\nregion = {region}\n"
        )
    };
    let sections: String = names.iter().enumerate().map(section).collect();
    for shell in Shell::installed() {
        for locale in Locale::all() {
            let home = Home::new();
            home.credentials(&sections);
            let awsbadge = shell.quote(binary().to_str().unwrap());
            let switch = match shell {
                Shell::Zsh | Shell::Bash => format!(
                    "go_to() {{ out=\"$({awsbadge} use --shell {shell} -- \"$1\")\" || exit; eval \"$out\"; \
                     printenv AWS_PROFILE AWS_PROFILE_REGION >> out; }}\n"
                ),
                Shell::Fish => format!(
                    "function go_to; set -l out ({awsbadge} use --shell fish -- $argv[1]); or exit; \
                     eval (string join \\n -- $out | string collect); \
                     printenv AWS_PROFILE AWS_PROFILE_REGION >> out; end\n"
                ),
            };
            let mut script = switch;
            for name in &names {
                let word = shells::quote(spoken(shell), name.as_bytes());
                script += &format!("go_to {}\n", String::from_utf8(word).unwrap());
            }
            let mut run = home.script(shell, &script);
            for (name, value) in locale.variables() {
                run = run.env(name, value);
            }
            let output = run.output();
            let what = format!("{shell} in {}", locale.name);
            assert_eq!((output.stderr.as_str(), output.code), ("", 0), "{what}");
            assert!(home.read("canary").is_none(), "{what}: a name was run");
            let wanted: String = names
                .iter()
                .enumerate()
                .map(|(number, name)| format!("{name}\n{}\n", regions[number % regions.len()]))
                .collect();
            let found = home.read("out").unwrap();
            assert_eq!(String::from_utf8_lossy(&found), wanted, "{what}");
        }
    }
}

#[test]
fn a_pasted_name_is_the_name_in_every_shell_and_locale() {
    let names: Vec<String> = values()
        .into_iter()
        .filter_map(|value| String::from_utf8(value).ok())
        .filter(|name| shells::pasted(name) != "PROFILE")
        .collect();
    assert!(names.len() > 200, "{}", names.len());
    for shell in Shell::installed() {
        for locale in Locale::all() {
            let home = Home::new();
            // The program that the commands call: it takes `--` for the end of its options, and prints the last word.
            home.stub("say", "shift $(($# - 1)); printf '%s\\0' \"$1\"");
            let lines = names
                .iter()
                .map(|name| format!("say login {} >> out\n", shells::pasted(name)));
            let script: String = lines.collect();
            let mut run = home.script(shell, &script);
            for (name, value) in locale.variables() {
                run = run.env(name, value);
            }
            let output = run.output();
            let what = format!("{shell} in {}", locale.name);
            assert_eq!((output.stderr.as_str(), output.code), ("", 0), "{what}");
            assert!(home.read("canary").is_none(), "{what}: a name was run");
            let found = home.read("out").unwrap();
            let found: Vec<&[u8]> = found
                .strip_suffix(b"\0")
                .unwrap()
                .split(|b| *b == 0)
                .collect();
            let wanted: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
            assert!(
                found == wanted,
                "{what}: {:?}",
                found.iter().zip(&wanted).find(|(a, b)| a != b)
            );
        }
    }
}

/// Every command that takes the name of a profile or session, with `NAME` in its place.
const TAKING_NAMES: [&[&str]; 16] = [
    &["use", "--shell", "zsh", "--", "NAME"],
    &["use", "--shell", "bash", "--", "NAME"],
    &["use", "--shell", "fish", "--", "NAME"],
    &["use", "--shell", "zsh", "--previous", "NAME", "--", "-"],
    &["exec", "NAME", "--", "true"],
    &["export", "NAME"],
    &["export", "NAME", "--format", "json"],
    &["login", "NAME"],
    &["login", "--session", "NAME"],
    &["logout", "NAME"],
    &["console", "--print", "NAME"],
    &["share", "NAME"],
    &["status", "NAME"],
    &["status", "--json", "NAME"],
    &["status", "--quiet", "NAME"],
    &["explain", "--profile", "NAME"],
];

#[test]
fn a_name_that_is_not_utf_8_is_refused_by_every_command_and_never_changed() {
    let home = Home::new();
    home.file(
        ".aws/config",
        b"[profile a\xffb]\nregion = eu-west-1\n[profile good]\nregion = eu-west-1\n[sso-session a\xffb]\nsso_region = x\n",
    );
    home.stub("aws", "touch canary");
    for shape in TAKING_NAMES {
        for (name, shown) in [
            (b"a\xffb".as_slice(), r"'a\xffb'"),
            (b"\xc3(", r"'\xc3('"),
            (b"cut \xe4\xb8", r"'cut \xe4\xb8'"),
        ] {
            let words = shape.iter().map(|word| match *word {
                "NAME" => OsString::from_vec(name.to_vec()),
                word => word.into(),
            });
            let output = home.run(words).output();
            assert_eq!(
                (output.stdout.as_str(), output.code),
                ("", 6),
                "{shape:?}: {}",
                output.stderr
            );
            assert!(
                output.stderr.contains(shown),
                "{shape:?}: {}",
                output.stderr
            );
        }
    }
    // What stands in place of the bytes is another name.
    for shape in TAKING_NAMES
        .iter()
        .filter(|shape| shape[0] != "explain" && !shape.contains(&"--session"))
    {
        let words = shape.iter().map(|word| word.replace("NAME", "a\u{fffd}b"));
        let output = home.run(words).output();
        assert_eq!(
            (output.stdout.as_str(), output.code),
            ("", 6),
            "{shape:?}: {}",
            output.stderr
        );
    }
    // Nor does a variable with such bytes name any profile.
    for words in [
        vec!["login"],
        vec!["logout"],
        vec!["export"],
        vec!["console", "--print"],
    ] {
        let run = home
            .run(&words)
            .env("AWS_PROFILE", OsString::from_vec(b"a\xffb".to_vec()));
        let output = run.output();
        assert_eq!(
            (output.stdout.as_str(), output.code),
            ("", 6),
            "{words:?}: {}",
            output.stderr
        );
    }
    assert!(home.read("canary").is_none(), "`aws` was called");
    // They are not offered, and shown escaped.
    home.run(["__names", "profiles"]).stdout("good\t\n").check();
    home.run(["__names", "sessions"]).stdout("").check();
    home.run(["list"]).stdout("a\\u{fffd}b\ngood\n").check();
    home.aws_stub();
    let doctor = home.run(["doctor"]).output().stdout;
    assert!(
        doctor.contains("config:1: the line is not UTF-8"),
        "{doctor}"
    );
    assert!(doctor.contains("[profile a\\u{fffd}b]"), "{doctor}");
}

/// Text that acts on a terminal, one of each kind: it is not to be shown as it is.
const ACTING: [&str; 12] = [
    "\x1b[31m",
    "\x1b]0;t\x07",
    "\x08",
    "\x7f",
    "\u{80}",
    "\u{9b}31m",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{2060}",
    "\u{feff}",
    "\u{e0041}",
];

#[track_caller]
fn nothing_acts(text: &str, what: &str) {
    let found = text
        .chars()
        .find(|c| acts(*c) && !['\n', '\t', '\u{fffd}'].contains(c));
    assert_eq!(found, None, "{what}: {text:?}");
}

#[test]
fn nothing_that_acts_on_a_terminal_is_shown_whatever_the_command() {
    for acting in ACTING {
        let home = Home::new();
        home.config(&format!(
            "[default]\nregion = eu{acting}\noutput = {acting}x\n[profile a{acting}b]\nregion = r{acting}\n\
             sso_session = s{acting}\nsso_account_id = 1{acting}\nsso_role_name = R{acting}\n\
             [sso-session s{acting}]\nsso_start_url = https://h/{acting}\nsso_region = eu{acting}\n\
             [profile role]\nrole_arn = arn{acting}\nsource_profile = n{acting}\nk{acting} = v\n\
             [profile self]\nsource_profile = self\nrole_arn = x{acting}\nduration_seconds = 1{acting}\n\
             [profile keys]\naws_access_key_id = AKIA{acting}\naws_secret_access_key = S{acting}\n\
             credential_process = /bin/p{acting} x\nca_bundle = /x{acting}\n[nobody {acting}]\nx = y\n"
        ));
        home.stub("aws", "exit 1");
        let hostile = format!("a{acting}b");
        home.token_json(
            &format!("s{acting}"),
            format!("{{\"startUrl\": \"h{acting}\", \"expiresAt\": \"{acting}\"}}"),
        );
        let commands: Vec<Vec<&str>> = vec![
            vec!["list"],
            vec!["list", "--json"],
            vec!["status"],
            vec!["status", "--json"],
            vec!["doctor"],
            vec!["doctor", "--json"],
            vec!["config"],
            vec!["config", "--json"],
            vec!["config", "--tool", "rust"],
            vec!["config", "--tool", "js", "--json"],
            vec!["explain"],
            vec!["explain", "--json"],
            vec!["settings"],
            vec!["__names", "profiles"],
            vec!["__names", "sessions"],
            vec!["__names", "words", "--", "use", ""],
            vec!["prompt"],
            vec!["export"],
            vec!["share", "role"],
            vec!["share", "self"],
            vec!["export", "keys"],
            vec!["list", &hostile],
            vec![&hostile],
            vec!["region", &hostile, "--shell", "zsh"],
            vec!["use", "--shell", "zsh", "--region", &hostile, "--", "role"],
            vec!["list", "--state", &hostile],
            vec!["status", "--min", &hostile],
            vec!["init", &hostile],
            vec!["init", "zsh", "--cmd", &hostile],
            vec!["use", "--shell", "zsh", &hostile, "more"],
            vec!["use", "--shell", "zsh", "role", &hostile],
            vec!["exec", "role", "--", &hostile],
        ];
        let taking_names: Vec<Vec<&str>> = TAKING_NAMES
            .iter()
            .flat_map(|shape| {
                ["NAME", "role", "self", "nobody", "keys"].map(|name| {
                    let word = |word: &&'static str| -> &str {
                        match (*word, name) {
                            ("NAME", "NAME") => &hostile,
                            ("NAME", name) => name,
                            (word, _) => word,
                        }
                    };
                    shape.iter().map(word).collect()
                })
            })
            .collect();
        let active = [None, Some("role"), Some(hostile.as_str()), Some("none")];
        let of_active = commands
            .iter()
            .flat_map(|words| active.map(|name| (words, name)));
        let by_name = taking_names.iter().map(|words| (words, None));
        for (words, profile) in of_active.chain(by_name) {
            let mut run = home.run(words);
            if let Some(profile) = profile {
                run = run.env("AWS_PROFILE", profile).env("AWS_REGION", &hostile);
            }
            let output = run.output();
            let what = format!("{words:?} with AWS_PROFILE={profile:?}");
            nothing_acts(&output.stderr, &what);
            // What a shell evaluates has to have the very bytes.
            if words[0] != "use" && words[0] != "export" {
                nothing_acts(&output.stdout, &what);
            }
        }
    }
}

#[test]
fn a_list_for_tab_is_one_line_a_name_whatever_the_files_hold() {
    for acting in ACTING
        .into_iter()
        .chain(["\t", "\x0b", "\x0c", "\u{85}", "\u{2028}"])
    {
        let home = Home::new();
        home.config(&format!(
            "[profile good]\nsso_session = s\nsso_account_id = 1{acting}2\nsso_role_name = a{acting}b{acting}\n\
             [profile n{acting}x]\n[profile \"q{acting}x\"]\n[sso-session s]\nsso_start_url = https://me:pw@h/{acting}x\n\
             [sso-session t{acting}x]\n"
        ));
        for of in ["profiles", "sessions"] {
            let said = home.run(["__names", of]).output().stdout;
            let names: Vec<&str> = said
                .lines()
                .map(|line| line.split_once('\t').unwrap().0)
                .collect();
            let wanted = if of == "profiles" { "good" } else { "s" };
            assert_eq!(names, [wanted], "{acting:?}: {said:?}");
            assert_eq!(said.matches('\t').count(), 1, "{acting:?}: {said:?}");
            assert!(!said.contains("pw"), "{said}");
            nothing_acts(&said, "a list for Tab");
        }
    }
}

#[test]
fn commands_that_are_offered_can_be_pasted() {
    for (name, word) in [
        ("dev", "dev"),
        ("it's", r"'it'\''s'"),
        ("$(touch canary)", "'$(touch canary)'"),
        ("-rf", "-- -rf"),
        ("back\\slash", r"'back'\\'slash'"),
        ("bidi\u{202e}", "PROFILE"),
    ] {
        let home = Home::new();
        home.file(
            ".aws/credentials",
            format!(
                "[{name}]\nsso_start_url = https://h.awsapps.com/start\nsso_region = eu-west-1\n\
                 sso_account_id = 123456789012\nsso_role_name = R\n"
            ),
        );
        let said = home
            .run(["status"])
            .env("AWS_PROFILE", name)
            .output()
            .stdout;
        assert!(
            said.contains(&format!("; log in with: awsbadge login {word}\n")),
            "{said}"
        );
        home.stub("aws", "exit 255");
        let said = home
            .run(["export"])
            .env("AWS_PROFILE", name)
            .output()
            .stderr;
        assert!(
            said.ends_with(&format!("\nhint: run `awsbadge login {word}`\n")),
            "{said}"
        );
    }
    let home = Home::new();
    home.credentials("[default]\naws_access_key_id = a\naws_secret_access_key = b\n");
    std::fs::set_permissions(
        home.path().join(".aws/credentials"),
        std::os::unix::fs::PermissionsExt::from_mode(0o666),
    )
    .unwrap();
    let path = home.path().join(".aws/credentials");
    let quoted = shells::pasted_path(path.to_str().unwrap());
    home.aws_stub();
    let said = home.run(["doctor", "--json"]).output().stdout;
    let said: serde_json::Value =
        serde_json::from_str(&said.replace("$HOME", home.path().to_str().unwrap())).unwrap();
    let fixes: Vec<&str> = said
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["fix"].as_str())
        .collect();
    assert!(
        fixes.contains(&format!("chmod 600 {quoted}").as_str()),
        "{fixes:?} {quoted}"
    );
}
