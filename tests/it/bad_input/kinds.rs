//! What kind of file a name leads to: FIFOs, devices, sockets, links, huge and unreadable files.

use super::{badge, is_root};
use crate::support::fixtures::{SESSION, SSO, logged_in};
use crate::support::{Shell, binary, installed, token_file};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

#[test]
fn a_file_that_is_not_regular_is_not_waited_for() {
    let fifo = |path: &std::path::Path| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success())
    };
    let token = token_file(SESSION);
    for (what, file, want) in [
        ("config", ".aws/config", "aws:dev ?"),
        ("credentials", ".aws/credentials", "aws:dev ?"),
        ("token", token.as_str(), "aws:dev ?"),
    ] {
        let home = logged_in();
        if home.read(file).is_some() {
            home.remove(file);
        }
        fifo(&home.path().join(file));
        assert_eq!(badge(&home, what), want, "{what}, a FIFO");
        let home = logged_in();
        if home.read(file).is_some() {
            home.remove(file);
        }
        std::fs::create_dir_all(home.path().join(file)).unwrap();
        assert_eq!(badge(&home, what), want, "{file}, a folder");
        let home = logged_in();
        if home.read(file).is_some() {
            home.remove(file);
        }
        symlink(home.path().join(file), home.path().join(file)).unwrap();
        assert_eq!(badge(&home, what), want, "{file}, a link to itself");
    }
    for (device, want) in [
        ("/dev/zero", "aws:dev ?"),
        ("/dev/tty", "aws:dev ?"),
        ("/dev/full", "aws:dev ?"),
        ("/dev/null", "aws:dev no such profile"),
    ] {
        // Not every system has all of them.
        if !std::path::Path::new(device).exists() {
            continue;
        }
        let home = logged_in();
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_CONFIG_FILE", device)
            .stdout(format!("{want}\n"))
            .check();
    }
    let home = logged_in();
    symlink(home.path().join(".aws/config"), home.path().join("link")).unwrap();
    home.run(["prompt"])
        .env("AWS_PROFILE", "dev")
        .env("AWS_CONFIG_FILE", home.path().join("link"))
        .stdout("aws:dev 47m\n")
        .check();
}

#[test]
fn sockets_block_devices_and_descriptors_are_not_files() {
    let home = logged_in();
    let socket = home.path().join("socket");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    if is_root() {
        home.tool("mknod").args(["block", "b", "7", "200"]).check();
    }
    home.file("script", format!("{SSO}[profile x]\nregion = y\n"));
    for path in ["socket", "block"] {
        let path = home.path().join(path);
        home.run(["prompt"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_CONFIG_FILE", &path)
            .stdout(if path.exists() {
                "aws:dev ?\n"
            } else {
                "aws:dev no such profile\n"
            })
            .check();
    }
    if installed(&["bash"]) {
        let awsbadge = Shell::Bash.quote(binary().to_str().unwrap());
        let script = format!(
            "export AWS_PROFILE=dev\nAWS_CONFIG_FILE=<(cat script) {awsbadge} prompt\n\
             AWS_CONFIG_FILE=/dev/fd/9 {awsbadge} use --shell bash dev 9< <(cat script) || echo code $?\n"
        );
        home.script(Shell::Bash, &script)
            .stdout("aws:dev no such profile\ncode 4\n".replace("no such profile", "?"))
            .stderr("error: /dev/fd/9: not a regular file\nhint: make it readable; AWS's tools need it too\n")
            .check();
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let home = logged_in();
    let file = std::fs::File::create(home.path().join(".aws/config")).unwrap();
    file.set_len(10 << 30).unwrap();
    assert_eq!(badge(&home, "ten sparse gigabytes"), "aws:dev ?");
    home.run(["use", "--shell", "zsh", "dev"])
        .stderr("error: $HOME/.aws/config: too large (10737418240 bytes, 16777216 at most)\nhint: make it readable; AWS's tools need it too\n")
        .code(4)
        .check();
}

/// As root every file can be read, so this runs as nobody where it may.
#[test]
fn an_unreadable_file_is_unknown_and_named() {
    if !installed(&["setpriv"]) || !is_root() {
        return;
    }
    let home = logged_in();
    let open = |path: &str, mode| {
        std::fs::set_permissions(
            home.path().join(path),
            std::fs::Permissions::from_mode(mode),
        )
        .unwrap()
    };
    for folder in ["", ".aws", ".aws/sso", ".aws/sso/cache"] {
        open(folder, 0o755);
    }
    open(&token_file(SESSION), 0o644);
    let program = home.path().join("awsbadge");
    std::fs::copy(binary(), &program).unwrap();
    let as_nobody = |arguments: &[&str]| {
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
            .arg(&program)
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .current_dir("/")
            .output()
            .unwrap();
        (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
            output.status.code().unwrap(),
        )
    };
    open(".aws/config", 0o644);
    assert_eq!(
        as_nobody(&["prompt"]),
        ("aws:dev 47m\n".into(), String::new(), 0),
        "first all is readable"
    );
    open(&token_file(SESSION), 0o600);
    assert_eq!(
        as_nobody(&["prompt"]),
        ("aws:dev ?\n".into(), String::new(), 0)
    );
    open(".aws/config", 0o600);
    assert_eq!(
        as_nobody(&["prompt"]),
        ("aws:dev ?\n".into(), String::new(), 0)
    );
    let (stdout, stderr, code) = as_nobody(&["use", "--shell", "zsh", "dev"]);
    assert_eq!((stdout.as_str(), code), ("", 4));
    assert!(
        stderr.contains("/.aws/config: permission denied"),
        "{stderr}"
    );
}
