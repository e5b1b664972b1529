//! Which programs are here, and what happens to a test whose program is not.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where every program of a test is looked for, after the home's own `bin`. Fixed, so that nothing in the
/// tester's own `PATH` (a shim of `aws`, say) gets in.
pub(super) const PATH: &str = if cfg!(target_os = "macos") {
    // Homebrew's first, which is where shells newer than the system's are.
    "/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin"
} else {
    "/usr/local/bin:/usr/bin:/bin"
};

/// Shells, and the variables that name another one of the kind to run the tests in, an old one say. Where one is
/// given, the tests leave out the shells that are not.
pub(super) const SHELLS: [(&str, &str); 3] = [
    ("zsh", "AWSBADGE_TEST_ZSH"),
    ("bash", "AWSBADGE_TEST_BASH"),
    ("fish", "AWSBADGE_TEST_FISH"),
];

fn shells_are_given() -> bool {
    SHELLS.iter().any(|(_, variable)| given(variable).is_some())
}

/// What the tester names in `variable`: something that is here, under its absolute path.
pub(crate) fn given(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).filter(|path| !path.is_empty())?;
    let found = std::fs::canonicalize(&path);
    Some(found.unwrap_or_else(|error| panic!("{variable}={}: {error}", path.display())))
}

/// The absolute path of `program`, where it is installed. A path such as `/dev/full`, which not every system has, is
/// itself.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    if let Some((_, variable)) = SHELLS.iter().find(|(shell, _)| *shell == program)
        && shells_are_given()
    {
        return given(variable);
    }
    // tests/run gets it from npm.
    if program == "nu" {
        let cpu = if cfg!(target_arch = "x86_64") {
            "x64"
        } else {
            "arm64"
        };
        let nu = format!("target/nushell/node_modules/@nushell/linux-{cpu}/bin/nu");
        let nu = Path::new(env!("CARGO_MANIFEST_DIR")).join(nu);
        if nu.is_file() {
            return Some(nu);
        }
    }
    PATH.split(':')
        .map(|directory| Path::new(directory).join(program))
        .find(|path| path.is_file() || (program.starts_with('/') && path.exists()))
}

/// Whether all `programs` are installed. Where one is missing the test that asked is over: that is said on
/// stderr as `skipped: TEST: no PROGRAM` (`tests/run` counts these lines), or fails the test where
/// `AWSBADGE_REQUIRE_TOOLS=1` says that everything has to be here.
#[must_use]
#[track_caller]
pub(crate) fn installed(programs: &[&str]) -> bool {
    programs.iter().all(|program| {
        let found = find(program).is_some();
        let left_out = shells_are_given() && SHELLS.iter().any(|(shell, _)| shell == program);
        if !found && !left_out {
            skip(&format!("no {program}"));
        }
        found
    })
}

/// Records that the running test is skipped: for want of a tool, which `AWSBADGE_REQUIRE_TOOLS=1` does not allow.
#[track_caller]
pub(crate) fn skip(why: &str) {
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    assert!(
        std::env::var_os("AWSBADGE_REQUIRE_TOOLS").is_none_or(|v| v != "1"),
        "{test}: {why}, and AWSBADGE_REQUIRE_TOOLS=1 wants it"
    );
    unreachable(why);
}

/// Records that the running test is skipped since a package registry did not give what it needs: that says
/// nothing about the program, so it fails nothing.
pub(crate) fn unreachable(why: &str) {
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    // Not `eprintln!`: its output is kept back where the test passes.
    writeln!(std::io::stderr(), "skipped: {test}: {why}").expect("stderr is open");
}
