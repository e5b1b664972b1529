//! The line of README.md that installs the program.

use std::path::Path;
use std::process::Command;

/// The only change to the line's effect is that nothing is optimised, in a directory of its own: as released, this would
/// be the slowest of all tests. A minute where nothing is built yet, a second afterwards.
#[test]
fn the_line_of_readme_installs_a_program_that_runs() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(repository.join("README.md")).unwrap();
    let line = "cargo install --locked --path sso";
    assert!(readme.lines().any(|l| l == line), "README.md has {line:?}");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("installed");
    let installed = Command::new("/bin/sh")
        .args(["-c", line])
        .current_dir(&repository)
        .env("CARGO_INSTALL_ROOT", &directory)
        .env("CARGO_TARGET_DIR", directory.join("target"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&installed.stderr);
    assert!(installed.status.success(), "{said}");
    let program = directory.join("bin/awsbadge-sso");
    let version = Command::new(&program).arg("--version").output().unwrap();
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    assert_eq!(
        version,
        format!("awsbadge-sso {}\n", env!("CARGO_PKG_VERSION"))
    );
    // A static C library would load the system's modules at run time.
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        let bytes = std::fs::read(&program).unwrap();
        let dynamic = bytes.windows(9).any(|window| window == b"libc.so.6");
        assert!(dynamic, "it is linked statically");
    }
    std::fs::remove_dir_all(directory.join("bin")).unwrap();
}
