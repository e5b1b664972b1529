//! The dialects against the readers they stand for: botocore, the SDK for JavaScript, the SDK for Rust.
//!
//! A seeded generator makes odd files; each reader, installed below the target directory by the test itself,
//! prints what it got; every difference is a failure, or stands in [`KNOWN`] with its reason.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::library::{
    Dialect, FileKind, FileSections, ParseError, Section, SectionKind, merge, read_file,
};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential");
const LINES: &str = include_str!("../fixtures/config/lines.json");

/// A difference that is meant.
struct Known {
    dialect: Dialect,
    holds: fn(&Case) -> bool,
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        dialect: Dialect::Sdk,
        holds: |case| spelled_twice(&case.config) || spelled_twice(&case.credentials),
        why: "headers that differ in white space only are merged in the order of a hash table, new at each \
              run; ours in the order of the file",
    },
    Known {
        dialect: Dialect::Js,
        holds: |case| {
            let has = |kind| case.config.contains(kind) && case.credentials.contains(kind);
            has("sso-session") || has("services")
        },
        why: "the reader keeps the config file's sso-sessions among the profiles, and lays over them the \
              credentials file's [sso-session NAME], which is a profile to it; ours are apart",
    },
];

/// Whether two headers differ in nothing but white space.
fn spelled_twice(text: &str) -> bool {
    let headers: BTreeSet<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    let names: BTreeSet<String> = headers
        .iter()
        .map(|header| header.replace([' ', '\t'], ""))
        .collect();
    names.len() < headers.len()
}

const ORDINARY_CONFIG: &str = "\
[default]
region = us-east-1

# Work
[profile dev-admin]
sso_session = work ; the one
sso_account_id=111122223333
sso_role_name = Admin
s3 =
  addressing_style = path
  max_queue_size = 10
Output = json
[profile \"two words\"]
source_profile = dev-admin
role_arn = arn:aws:iam::111122223333:role/R
[sso-session work]
sso_start_url = https://example.awsapps.com/start#/
sso_region = eu-west-1
[services local]
sso_oidc =
  endpoint_url = http://127.0.0.1
";

const ORDINARY_CREDENTIALS: &str = "\
[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = a/b+c=
[dev-admin]
region: eu-west-2
";

/// The two files of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Case {
    config: String,
    credentials: String,
}

#[test]
fn botocore_reads_the_same() {
    let folder = folder("botocore");
    let program = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let python = folder.join("venv").join(program);
    let requirements = Path::new(HERE).join("requirements.txt");
    let installed = once(&folder, &requirements, || {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(folder.join("venv")))?;
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&requirements))
    });
    compare(Dialect::Botocore, installed, |cases| {
        run(Command::new(&python)
            .env("PYTHONUTF8", "1")
            .arg(Path::new(HERE).join("read.py"))
            .arg(cases))
    });
}

#[test]
fn the_sdk_for_javascript_reads_the_same() {
    let folder = folder("js");
    let package = Path::new(HERE).join("package.json");
    let node = run(Command::new("node").arg("--version"));
    let packages = || {
        fs::copy(&package, folder.join("package.json")).map_err(|error| error.to_string())?;
        run(Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund"])
            .current_dir(&folder))
    };
    let installed = node.and_then(|_| once(&folder, &package, packages));
    compare(Dialect::Js, installed, |cases| {
        run(Command::new("node")
            .arg(Path::new(HERE).join("read.cjs"))
            .arg(cases)
            .arg(&folder))
    });
}

#[test]
fn the_sdk_for_rust_reads_the_same() {
    let folder = folder("rust");
    let project = Path::new(HERE).join("rust");
    let cargo = |verb: &str| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args([verb, "--quiet", "--locked", "--manifest-path"])
            .arg(project.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(folder.join("target"));
        cargo
    };
    let installed = run(&mut cargo("build")).map(drop);
    compare(Dialect::Sdk, installed, |cases| {
        run(cargo("run").arg("--").arg(cases))
    });
}

/// Where a reader is installed.
fn folder(reader: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("differential")
        .join(reader);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// Installs what `wanted` lists, unless that very list was installed before.
fn once(
    folder: &Path,
    wanted: &Path,
    install: impl FnOnce() -> Result<String, String>,
) -> Result<(), String> {
    let wanted = fs::read_to_string(wanted).expect("the list of what to install is there");
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, wanted).map_err(|error| error.to_string())
}

/// What a program prints; an error where it can't be run, or fails.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn compare(
    dialect: Dialect,
    installed: Result<(), String>,
    read: impl FnOnce(&Path) -> Result<String, String>,
) {
    if let Err(why) = installed {
        crate::support::unreachable(&format!(
            "the reader for {dialect:?} can't be installed: {why}"
        ));
        return;
    }
    let cases = cases();
    let file = folder("cases").join(format!("{dialect:?}.json"));
    let texts: Vec<Value> = cases
        .iter()
        .map(|case| json!({ "config": case.config, "credentials": case.credentials }))
        .collect();
    fs::write(&file, Value::from(texts).to_string()).expect("the cases can be written");
    let answers = read(&file).expect("the reader takes every case");
    let answers: Vec<Value> = serde_json::from_str(&answers).expect("the reader prints JSON");
    assert_eq!(answers.len(), cases.len());

    let mut refused = 0;
    let mut differences = Vec::new();
    for (case, real) in cases.iter().zip(&answers) {
        refused += usize::from(real["merged"].get("error").is_some());
        let result = answer(dialect, case);
        for part in ["config", "credentials", "merged"] {
            if !same(&result[part], &real[part])
                && !KNOWN
                    .iter()
                    .any(|known| known.dialect == dialect && (known.holds)(case))
            {
                differences.push(format!(
                    "{case:#?}\n{part}\n  result:   {}\n  real: {}",
                    result[part], real[part]
                ));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences in {} cases, such as\n{}",
        differences.len(),
        cases.len(),
        differences[..differences.len().min(5)].join("\n")
    );
    // Else the cases would say little about what is read, or about what is refused.
    assert!(cases.len() > 500);
    match dialect {
        Dialect::Js => assert_eq!(refused, 0),
        _ => assert!(
            (cases.len() / 5..cases.len() * 4 / 5).contains(&refused),
            "{refused} of {}",
            cases.len()
        ),
    }
}

/// Whether an answer of ours says what the reader says, as far as that can say it.
fn same(result: &Value, real: &Value) -> bool {
    match (result.get("error"), real.get("error")) {
        (None, None) => real
            .as_object()
            .expect("an answer is an object")
            .iter()
            .all(|(kind, sections)| result[kind] == *sections),
        (Some(_), Some(_)) => real["line"].is_null() || result["line"] == real["line"],
        _ => false,
    }
}

/// What our reading of a case gives, in the shape of the others' answers.
fn answer(dialect: Dialect, case: &Case) -> Value {
    let config = read_file(dialect, FileKind::Config, Path::new(""), &case.config);
    let credentials = read_file(
        dialect,
        FileKind::Credentials,
        Path::new(""),
        &case.credentials,
    );
    let merged = match (&config, &credentials) {
        (Ok(config), Ok(credentials)) => {
            let merged = merge(config, credentials);
            let sections = [merged.profiles, merged.sso_sessions, merged.services].concat();
            shown(Ok(&FileSections {
                sections,
                warnings: Vec::new(),
            }))
        }
        (Err(fault), _) | (_, Err(fault)) => shown(Err(fault)),
    };
    json!({ "config": shown(config.as_ref()), "credentials": shown(credentials.as_ref()), "merged": merged })
}

fn shown(read: Result<&FileSections, &ParseError>) -> Value {
    let sections = match read {
        Ok(read) => &read.sections,
        Err(fault) => return json!({ "error": fault.message, "line": fault.line }),
    };
    let of = |kind: SectionKind| -> Value {
        let texts = |section: &Section| -> Value {
            section
                .keys
                .iter()
                .map(|(key, value)| (key.clone(), Value::from(value.text.as_str())))
                .collect()
        };
        let sections = sections.iter().filter(|section| section.kind == kind);
        sections
            .map(|section| (section.name.clone(), texts(section)))
            .collect()
    };
    json!({
        "profiles": of(SectionKind::Profile),
        "sso_sessions": of(SectionKind::SsoSession),
        "services": of(SectionKind::Services),
    })
}

/// The cases: each line at each place that matters, then mixtures, then an ordinary file with some bytes changed.
fn cases() -> Vec<Case> {
    let lines: Vec<String> = serde_json::from_str(LINES).expect("the lines are JSON");
    let mut cases = Vec::new();
    for line in &lines {
        for (before, after) in [
            ("", "region = r\n"),
            ("[profile a]\n", "region = r\n"),
            ("[profile a]\nregion = r\n", "x = y\n"),
            ("[profile a]\ns3 =\n  a = b\n", "  c = d\n"),
        ] {
            let config = format!("{before}{line}\n{after}");
            let credentials = config.replace("[profile a]", "[a]");
            cases.push(Case {
                config,
                credentials,
            });
        }
    }
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut below = |bound: usize| rng.next_u32() as usize % bound;
    for _ in 0..1000 {
        let mut mixture = |opening: &str| {
            let mut text = opening.to_owned();
            for _ in 0..below(5) {
                text.push_str(&lines[below(lines.len())]);
                text.push_str(["\n", "\n", "\n", "\r\n", "\r"][below(5)]);
            }
            text
        };
        cases.push(Case {
            config: mixture("[profile a]\nk0 = v\n"),
            credentials: mixture("[a]\nk0 = w\n"),
        });
    }
    for _ in 0..1000 {
        let mut changed = |text: &str| {
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..1 + below(2) {
                let (from, to) = (below(chars.len()), below(chars.len()));
                chars[to] = chars[from];
            }
            chars.into_iter().collect()
        };
        cases.push(Case {
            config: changed(ORDINARY_CONFIG),
            credentials: changed(ORDINARY_CREDENTIALS),
        });
    }
    cases.sort();
    cases.dedup();
    cases
}
