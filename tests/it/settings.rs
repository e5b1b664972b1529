//! `settings`: each value with its place, what can't be used, and the first file.

use crate::support::Home;
use std::os::unix::fs::PermissionsExt as _;

const FILE: &str = ".config/awsbadge/config.ini";

#[test]
fn every_key_is_shown_with_where_its_value_comes_from() {
    let home = Home::new();
    home.settings(
        "[badge]\nsymbol = ☁\nshow = live\n[class prod]\nmatch = *-prd\n[alias]\nmyorg-dev = dev\n",
    );
    let output = home
        .run(["settings"])
        .env("AWSBADGE_SHOW", "always")
        .output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let squeezed: Vec<String> = output
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "# $HOME/.config/awsbadge/config.ini",
        "[badge]",
        "symbol = ☁ # file",
        "show = always # AWSBADGE_SHOW",
        "region = off # default",
        "max_width = 40 # default",
        "match = *-prd # file",
        "confirm = # default",
        "[alias]",
        "myorg-dev = dev # file",
    ] {
        assert!(
            squeezed.iter().any(|l| l == line),
            "{line}\n{}",
            output.stdout
        );
    }
}

#[test]
fn what_can_not_be_used_is_told_and_its_default_holds() {
    let home = Home::new();
    home.settings("[badge]\nshow = sometimes\nmax_width = 9\n[bagde]\nx = 1\n");
    let output = home
        .run(["settings"])
        .env("AWSBADGE_ASCII", "perhaps")
        .output();
    assert_eq!(output.code, 0);
    assert_eq!(
        output.stderr,
        "awsbadge: $HOME/.config/awsbadge/config.ini: [badge] show: not one of set, always, live\n\
         awsbadge: $HOME/.config/awsbadge/config.ini: [badge] max_width: not a number from 10 to 200\n\
         awsbadge: $HOME/.config/awsbadge/config.ini: [bagde] x: no such setting\n\
         awsbadge: AWSBADGE_ASCII: not one of on, 1, off, 0, auto\n"
    );
    for line in ["show", "max_width", "ascii"] {
        let row = output.stdout.lines().find(|l| l.starts_with(line)).unwrap();
        assert!(row.ends_with("# default"), "{row}");
    }
}

#[test]
fn the_first_file_is_written_once_and_for_its_owner_alone() {
    let home = Home::new();
    home.run(["settings", "--init"])
        .stderr("awsbadge: wrote $HOME/.config/awsbadge/config.ini\n")
        .check();
    let mode = |path: &str| {
        let about = std::fs::metadata(home.path().join(path)).unwrap();
        about.permissions().mode() & 0o777
    };
    assert_eq!((mode(FILE), mode(".config/awsbadge")), (0o600, 0o700));
    let written = home.read(FILE);
    let again = home.run(["settings", "--init"]).output();
    assert_eq!(again.code, 6);
    assert_eq!(home.read(FILE), written);
    assert_eq!(home.run(["settings"]).output().stderr, "");

    // A link that leads nowhere is something too.
    let other = Home::new();
    let folder = other.path().join(".config/awsbadge");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("/nowhere", folder.join("config.ini")).unwrap();
    assert_eq!(other.run(["settings", "--init"]).output().code, 6);
}

#[test]
fn without_a_home_there_is_no_place_for_settings() {
    let home = Home::new();
    let output = home.run(["settings"]).without("HOME").output();
    assert_eq!(output.code, 1);
    assert!(
        output
            .stderr
            .starts_with("error: there is no place for settings"),
        "{}",
        output.stderr
    );
}
