//! Prepares the shell files for embedding, and links `awsbadge` statically.
//!
//! It is linked statically, at a fixed address, on Linux with glibc: a static program starts in two thirds of the time
//! of a dynamic one, and takes less than half of its instructions for a prompt.
//!
//! `-C target-feature=+crt-static` would do the same, but only a configuration of cargo can set it, and `cargo install`
//! reads none from a package. So the linker gets it all: `-static`, and a directory in which each library that rustc
//! names (`-lc`, `-lgcc_s`, …) is a linker script that names its archive.
//!
//! LLD, GNU ld and mold take these scripts; gold does not. Without the feature `static`, or without a static C library,
//! the program is linked dynamically.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build script talks to cargo on standard output, and fails by a panic; it is not part of the program"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The libraries that the Rust standard library links, and the archives that take their place. libgcc_s, the unwinder,
/// has no archive of its name.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("c", &["libc.a", "libgcc.a", "libgcc_eh.a"]),
    ("gcc_s", &["libgcc_eh.a", "libgcc.a"]),
    ("m", &["libm.a"]),
    ("pthread", &["libpthread.a"]),
    ("dl", &["libdl.a"]),
    ("rt", &["librt.a"]),
    ("util", &["libutil.a"]),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let directory = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    strip_shell_files(&directory);
    link_statically(&directory);
}

/// Copies the files of `shell/` without indentation, and without the lines that are only a comment: a quarter of the text,
/// which every shell would read at its start. So no file may have text over several lines in which spaces count.
fn strip_shell_files(directory: &Path) {
    for shell in ["zsh", "bash", "fish", "nu", "elv"] {
        let name = &format!("awsbadge.{shell}");
        let path = Path::new("shell").join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path).expect("the shell files are there");
        let lines = text.lines().map(str::trim_start);
        let code: String = lines
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| [line, "\n"])
            .collect();
        fs::write(directory.join(name), code).expect("OUT_DIR can be written");
    }
}

fn link_statically(directory: &Path) {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    // The program reads the password database itself if it is static: see `sys::dirs`.
    println!("cargo::rustc-check-cfg=cfg(static_glibc)");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|v| v == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if features.split(',').any(|feature| feature == "crt-static") {
        println!("cargo::rustc-cfg=static_glibc");
        return;
    }
    if env::var_os("CARGO_FEATURE_STATIC").is_none() {
        return;
    }
    match write_scripts(directory) {
        Ok(()) => {
            println!("cargo::rustc-cfg=static_glibc");
            println!("cargo::rustc-link-arg-bins=-static");
            println!("cargo::rustc-link-arg-bins=-no-pie");
            // rustc has said -Bdynamic after that: for mold the last one decides what kind of program it is.
            println!("cargo::rustc-link-arg-bins=-Wl,-Bstatic");
            println!("cargo::rustc-link-arg-bins=-L{}", directory.display());
        }
        Err(missing) => println!(
            "cargo::warning=there is no static C library ({missing}), so awsbadge is linked dynamically and starts \
             slower: install libc6-dev (Debian) or glibc-static (Fedora), or build with --no-default-features"
        ),
    }
}

/// Writes one linker script per library. The error is the name of an archive that is not there.
fn write_scripts(directory: &Path) -> Result<(), &'static str> {
    for (library, archives) in LIBRARIES {
        let mut paths = Vec::new();
        for archive in archives {
            paths.push(path_of(archive).ok_or(*archive)?);
        }
        let script = format!("GROUP(\"{}\")\n", paths.join("\" \""));
        fs::write(directory.join(format!("lib{library}.so")), script)
            .expect("OUT_DIR can be written");
    }
    Ok(())
}

/// Where the compiler driver that links finds a file. It repeats a name that it does not find.
fn path_of(archive: &str) -> Option<String> {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let output = Command::new(linker)
        .arg(format!("-print-file-name={archive}"))
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    let path = path.trim();
    Path::new(path).is_absolute().then(|| path.to_owned())
}
