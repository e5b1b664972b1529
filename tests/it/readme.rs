//! The documentation: what it says of commands, states, settings and variables is so, and its links and the tests that
//! it names exist.

use crate::support::{Home, Shell, binary, commands, installed};
use awsbadge::aws::env_vars::{self, Role};
use awsbadge::aws::expiry::State;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Every page, by its path from the root.
fn pages() -> Vec<PathBuf> {
    let pages: Vec<PathBuf> = ["", "docs"]
        .iter()
        .flat_map(|directory| root().join(directory).read_dir().unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect();
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

fn code_block(text: &str, kind: &str) -> String {
    let (_, block) = text.split_once(&format!("```{kind}\n")).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// What is between backticks in a text.
fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The cells of a table's row.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split(" | ").map(str::trim).collect()
}

#[test]
fn readme_is_short() {
    let characters = read("README.md").chars().count();
    assert!(characters < 9_000, "{characters} characters");
}

#[test]
fn the_settings_in_the_documentation_are_valid() {
    let vars = awsbadge::aws::Env::from_iter([("LANG", "C.UTF-8")]);
    let text = code_block(&read("docs/settings.md"), "ini");
    let (settings, problems) =
        awsbadge::settings::Settings::read(text.as_str().into(), Path::new("config.ini"), &vars);
    assert_eq!(problems, []);
    assert_eq!(settings.alias("myorg-dev-admin"), "dev");
    assert!(settings.prod.covers(Some("x-prd"), None) && !settings.prod.covers(Some("prod"), None));
    for key in awsbadge::settings::KEYS.iter() {
        let line = format!("\n{} = ", key.key);
        assert!(text.contains(&line), "[{}] {}", key.section, key.key);
    }
}

#[test]
fn every_variable_that_overrides_a_setting_is_documented() {
    let text = read("docs/settings.md");
    let documented: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let mut known: BTreeSet<&str> = env_vars::ALL
        .iter()
        .filter(|var| var.role == Role::Setting)
        .map(|var| var.name)
        .collect();
    known.insert(env_vars::NO_COLOR.name);
    assert_eq!(documented, known);
}

#[test]
fn every_state_is_documented_with_its_text_and_whether_it_is_usable() {
    let text = read("docs/states.md");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(cells)
        .filter(|cells| cells.len() == 5)
        .collect();
    let documented: BTreeSet<&str> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(documented, State::ALL.map(State::name).into());
    for row in &rows {
        let name = row[0].trim_matches('`');
        let state = State::ALL.into_iter().find(|s| s.name() == name).unwrap();
        let usable = match state.usable() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        assert_eq!(row[3], usable, "{name}");
        let shows_time = matches!(
            state,
            State::Valid | State::Expiring | State::Renewable | State::Unknown
        );
        assert!(
            shows_time || row[1] == format!("`{}`", state.words()),
            "{name}: {}",
            row[1]
        );
    }
    let readme = read("README.md");
    for state in State::ALL.map(State::name) {
        assert!(readme.contains(&format!("`{state}`")), "README: {state}");
    }
}

#[test]
fn its_line_for_each_shell_sets_the_badge_up() {
    for shell in Shell::installed() {
        if !installed(&["tmux"]) {
            return;
        }
        let text = read("README.md");
        let row = text
            .lines()
            .find(|l| l.starts_with(&format!("| {shell} | ")))
            .unwrap();
        let line = row.split('`').nth(3).unwrap().replace("\\|", "|");
        let home = Home::new();
        home.config("[profile dev]\ncredential_process = true\n");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_awsbadge"), {
            let bin = home.path().join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            bin.join("awsbadge")
        })
        .unwrap();
        let term = home.term(shell).open(&format!("{line}\n"));
        term.type_line("asp dev");
        term.wait_for("aws:dev process");
    }
}

#[test]
fn every_command_is_documented_and_every_documented_one_exists() {
    let help = Home::new().run(["--help"]).output().stdout;
    let commands = commands(&help);
    let commands: BTreeSet<&str> = commands.iter().map(String::as_str).collect();
    let table = read("docs/commands.md");
    let described: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `awsbadge ")?.split(['`', ' ']).next())
        .collect();
    assert_eq!(described, commands);
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for span in code_spans(&text) {
            let Some(rest) = span.strip_prefix("awsbadge ") else {
                continue;
            };
            let word = rest.split([' ', '`']).next().unwrap();
            assert!(
                commands.contains(word)
                    || word == "help"
                    || word.starts_with(['-', '_'])
                    || word.chars().all(|c| c.is_ascii_uppercase()),
                "{}: `{span}`",
                page.display()
            );
        }
    }
}

#[test]
fn every_exit_code_is_documented() {
    use awsbadge::error::code;
    let codes = [
        code::OK,
        code::GENERAL,
        code::USAGE,
        code::NO_SUCH_PROFILE,
        code::BAD_FILE,
        code::LOGIN_NEEDED,
        code::REFUSED,
        code::INTERRUPTED,
    ];
    let (commands, readme) = (read("docs/commands.md"), read("README.md"));
    let (_, list) = readme.split_once("Exit codes: ").unwrap();
    let list = list.split("Every command").next().unwrap();
    for code in codes {
        assert!(commands.contains(&format!("\n| {code} | ")), "{code}");
        let named = list
            .split('·')
            .any(|part| part.trim().starts_with(&format!("{code} ")));
        assert!(named, "{code}: {list}");
    }
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            if target.starts_with("https://") {
                continue;
            }
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = match path {
                "" => page.clone(),
                _ => page.parent().unwrap().join(path),
            };
            let found = file.is_file()
                && (heading.is_empty()
                    || headings(&std::fs::read_to_string(&file).unwrap()).contains(heading));
            if !found {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The headings of a page, as links name them.
fn headings(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| {
            line.strip_prefix("## ")
                .or_else(|| line.strip_prefix("### "))
        })
        .map(|heading| heading.to_lowercase().replace(' ', "-"))
        .collect()
}

/// The rest of the line that follows `fn `, for every function of the tests and of the unit tests.
fn functions() -> Vec<String> {
    let mut directories = ["tests", "src", "sso/tests", "sso/src"]
        .map(|d| root().join(d))
        .to_vec();
    let mut functions = Vec::new();
    while let Some(directory) = directories.pop() {
        for entry in directory.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                functions.extend(
                    text.lines()
                        .filter_map(|line| Some(line.trim().strip_prefix("fn ")?.to_owned())),
                );
            }
        }
    }
    functions
}

#[test]
fn every_test_that_the_security_page_names_exists() {
    let functions = functions();
    let text = read("SECURITY.md");
    let named: Vec<&str> = code_spans(&text)
        .filter_map(|span| span.rsplit_once("::"))
        .map(|(_, name)| name)
        .filter(|name| name.contains('_'))
        .collect();
    assert!(named.len() > 40, "{}", named.len());
    let missing: Vec<&&str> = named
        .iter()
        .filter(|name| {
            let wanted = match name.strip_suffix('*') {
                Some(start) => start.to_owned(),
                None => format!("{name}("),
            };
            !functions.iter().any(|f| f.starts_with(&wanted))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_variable_of_the_tests_is_documented() {
    let text = read("CONTRIBUTING.md");
    let known: BTreeSet<&str> = code_spans(&text)
        .map(|span| span.split('=').next().unwrap())
        .filter(|name| name.starts_with("AWSBADGE_"))
        .collect();
    let mut used = BTreeSet::new();
    let mut directories = vec![root().join("tests")];
    while let Some(directory) = directories.pop() {
        for entry in directory.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            // What the tests read, however they ask for it.
            for before in ["var_os(\"", "var(\"", "given(\"", "host_at(\""] {
                let names = text.split(before).skip(1);
                used.extend(names.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    used.retain(|name| name.starts_with("AWSBADGE_"));
    assert!(used.len() >= 4, "{used:?}");
    for name in used {
        assert!(known.contains(name.as_str()), "{name}");
    }
}

/// The picture is what the program shows today.
#[test]
fn the_pictures_of_the_terminal_are_current() {
    if !installed(&["tmux", "zsh", "perl"]) {
        return;
    }
    let home = Home::new();
    let status = std::process::Command::new(root().join("tests/picture"))
        .args([
            binary().as_os_str(),
            "terminal".as_ref(),
            home.path().as_os_str(),
        ])
        .env_remove("TMUX")
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    for name in ["terminal.svg", "terminal-moving.svg", "terminal.cast"] {
        let now = String::from_utf8(home.read(name).unwrap()).unwrap();
        if std::env::var_os("AWSBADGE_UPDATE").is_some() {
            std::fs::write(root().join("docs").join(name), &now).unwrap();
        }
        assert!(
            now == read(&format!("docs/{name}")),
            "docs/{name} is out of date: AWSBADGE_UPDATE=1 cargo test --test it picture"
        );
    }
}
