//! What README promises is so.

use crate::support::{Home, Shell, installed};
use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

fn code_block(kind: &str) -> String {
    let text = readme();
    let (_, block) = text.split_once(&format!("```{kind}\n")).unwrap();
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn its_settings_are_understood_whole() {
    let vars = awsbadge::aws::Env::from_iter([("LANG", "C.UTF-8")]);
    let text = code_block("ini");
    let (settings, problems) = awsbadge::settings::Settings::read(text.as_str().into(), &vars);
    assert_eq!(problems, []);
    assert_eq!(settings.alias("myorg-dev-admin"), "dev");
    assert!(settings.prod.covers(Some("x-prd"), None) && !settings.prod.covers(Some("prod"), None));
}

#[test]
fn its_line_for_each_shell_sets_the_badge_up() {
    for shell in Shell::installed() {
        if !installed(&["tmux"]) {
            return;
        }
        let text = readme();
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
fn every_command_that_it_names_exists() {
    let home = Home::new();
    let help = home.run(["--help"]).output().stdout;
    let text = readme();
    for part in text.split("awsbadge ").skip(1) {
        let word: String = part
            .chars()
            .take_while(|c| c.is_ascii_lowercase())
            .collect();
        if !word.is_empty()
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && text.contains(&format!("`awsbadge {word}"))
        {
            assert!(
                help.contains(&format!("\n  {word} ")),
                "README names `awsbadge {word}`"
            );
        }
    }
}
