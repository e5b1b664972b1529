//! How the program is linked: `build.rs`, and what came of it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// `build.rs` as a program of its own.
fn build_script(directory: &Path) -> PathBuf {
    let program = directory.join("build-script");
    let compiled = Command::new("rustc")
        .args(["--edition", "2024", "-o"])
        .arg(&program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&compiled.stderr);
    assert!(compiled.status.success(), "{said}");
    program
}

/// What the build script tells cargo about linking, for a target, with variables of cargo.
fn told(script: &Path, out: &Path, os: &str, libc: &str, more: &[(&str, &str)]) -> Vec<String> {
    let output = Command::new(script)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("RUSTC_LINKER")
        .env_remove("CARGO_FEATURE_STATIC")
        .env_remove("CARGO_CFG_TARGET_FEATURE")
        .env("OUT_DIR", out)
        .env("CARGO_CFG_TARGET_OS", os)
        .env("CARGO_CFG_TARGET_ENV", libc)
        .envs(more.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("cargo::"))
        .filter(|line| !line.starts_with("rerun-if") && !line.contains("check-cfg"))
        .map(|line| line.replace(out.to_str().unwrap(), "OUT"))
        .collect()
}

/// Cargo's own configuration could ask for a static program, but `cargo install` reads none from a package.
#[test]
fn the_program_is_linked_statically_where_it_can_be() {
    let home = crate::support::Home::new();
    let script = build_script(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    // A compiler that finds no file repeats the name.
    home.stub("cc-without-libraries", "echo libc.a");
    let nothing_there = home.path().join("bin/cc-without-libraries");
    let nothing_there = nothing_there.to_str().unwrap();
    let wanted = ("CARGO_FEATURE_STATIC", "1");
    let by_flag = ("CARGO_CFG_TARGET_FEATURE", "fxsr,crt-static,sse2");
    let statically = [
        "rustc-cfg=static_glibc",
        "rustc-link-arg-bins=-static",
        "rustc-link-arg-bins=-no-pie",
        "rustc-link-arg-bins=-Wl,-Bstatic",
        "rustc-link-arg-bins=-LOUT",
    ];
    let missing = "warning=there is no static C library (libc.a), so awsbadge is linked dynamically and starts slower: \
                   install libc6-dev (Debian) or glibc-static (Fedora), or build with --no-default-features";
    for (os, libc, more, expected) in [
        ("linux", "gnu", &[wanted][..], &statically[..]),
        ("linux", "gnu", &[], &[]),
        ("linux", "gnu", &[by_flag], &statically[..1]),
        ("linux", "gnu", &[wanted, by_flag], &statically[..1]),
        (
            "linux",
            "gnu",
            &[wanted, ("RUSTC_LINKER", nothing_there)],
            &[missing],
        ),
        ("linux", "musl", &[wanted], &[]),
        ("macos", "", &[wanted], &[]),
        ("freebsd", "", &[wanted], &[]),
    ] {
        let lines = told(&script, &out, os, libc, more);
        assert_eq!(lines, expected, "{os} {libc} {more:?}");
    }
}

/// ELF(5): in 64-bit files the type is at 16, the offset of the program headers at 32, their size at 54, their number at
/// 56. A dynamic program names its loader in a header of type 3.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
#[test]
fn the_program_that_is_tested_needs_no_loader() {
    if !cfg!(feature = "static") {
        return;
    }
    let bytes = std::fs::read(env!("CARGO_BIN_EXE_awsbadge")).unwrap();
    let number = |at: usize, size: usize| {
        let mut value = [0; 8];
        value[..size].copy_from_slice(&bytes[at..at + size]);
        usize::try_from(u64::from_le_bytes(value)).unwrap()
    };
    let (start, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    let types: Vec<usize> = (0..count).map(|n| number(start + n * size, 4)).collect();
    assert!(types.contains(&1), "no segment is loaded: {types:?}");
    assert!(!types.contains(&3), "it names a loader: {types:?}");
    assert_eq!(number(16, 2), 2, "it is not at a fixed address");
}

/// A comment is for readers of the source: a shell would read it at every start.
#[test]
fn the_hooks_have_no_lines_of_comment() {
    for shell in ["zsh", "bash", "fish"] {
        let init = crate::support::Home::new()
            .run(["init", shell])
            .output()
            .stdout;
        let comments: Vec<&str> = init
            .lines()
            .filter(|line| line.trim_start().starts_with('#'))
            .collect();
        assert_eq!(comments, [""; 0], "{shell}");
        assert!(init.contains("__refresh"), "{shell}");
    }
}
