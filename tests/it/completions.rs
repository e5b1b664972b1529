//! The generated completion scripts: current, and silent about what is hidden.

use std::path::Path;
use std::process::Command;

/// `completions/` holds what the binary prints. To bring it up to date: `AWSBADGE_UPDATE=1 cargo test completions`.
#[test]
fn the_committed_scripts_are_what_the_binary_prints() {
    for (shell, file) in [
        ("zsh", "_awsbadge"),
        ("bash", "awsbadge.bash"),
        ("fish", "awsbadge.fish"),
    ] {
        let printed = Command::new(env!("CARGO_BIN_EXE_awsbadge"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(printed.status.success() && printed.stderr.is_empty());
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("completions")
            .join(file);
        if std::env::var_os("AWSBADGE_UPDATE").is_some() {
            std::fs::write(&path, &printed.stdout).unwrap();
        }
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(
            committed == printed.stdout,
            "completions/{file} is out of date: AWSBADGE_UPDATE=1 cargo test completions"
        );
        let text = String::from_utf8(printed.stdout).unwrap();
        for hidden in ["__refresh", "__names", "own-region"] {
            assert!(!text.contains(hidden), "{file} offers {hidden}");
        }
    }
}
