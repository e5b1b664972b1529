//! What a file keeps besides its content when it is written: its access control list, its extended attributes, and
//! who may read it.

use crate::support::{Home, installed, skip};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

/// Another user than any that runs the tests.
const OTHER: &str = "65534";

fn bash(home: &Home, script: &str) -> String {
    let output = home.tool("bash").args(["-euc", script]).output();
    assert_eq!((output.stderr.as_str(), output.code), ("", 0), "{script}");
    output.stdout
}

/// The list of `.zshrc`, without its name.
fn list(home: &Home) -> Vec<String> {
    let text = bash(home, "getfacl --omit-header --numeric .zshrc");
    text.lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn write(home: &Home) {
    let output = home.run(["setup", "--shell", "zsh", "--write"]).output();
    assert_eq!(output.code, 0, "{}", output.stderr);
    let text = String::from_utf8(home.read(".zshrc").unwrap()).unwrap();
    assert!(text.contains(" init zsh"), "{text}");
}

/// A home with a `.zshrc`, on a file system with lists and attributes; `None` if this one has none.
fn home() -> Option<Home> {
    if !installed(&["setfacl", "getfacl", "python3"]) {
        return None;
    }
    let home = Home::new();
    home.file(".zshrc", "true\n");
    let set = format!("setfacl -m u:{OTHER}:r .zshrc && setfacl -b .zshrc");
    let able = home.tool("bash").args(["-c", &set]).output().code == 0;
    if !able {
        skip("this file system has no access control lists");
    }
    able.then_some(home)
}

#[test]
fn an_access_control_list_is_kept() {
    let Some(home) = home() else { return };
    bash(
        &home,
        &format!("chmod 600 .zshrc; setfacl -m u:{OTHER}:rw,g::---,m::rw .zshrc"),
    );
    let before = list(&home);
    assert!(before.contains(&format!("user:{OTHER}:rw-")), "{before:?}");
    let inode = std::fs::metadata(home.path().join(".zshrc")).unwrap().ino();
    write(&home);
    assert_ne!(
        std::fs::metadata(home.path().join(".zshrc")).unwrap().ino(),
        inode
    );
    assert_eq!(list(&home), before);
}

/// The bits of the group are the list's mask: without the list they would let the group in.
#[test]
fn a_list_of_the_directory_lets_no_one_in_whom_the_file_kept_out() {
    let Some(home) = home() else { return };
    bash(
        &home,
        &format!("chmod 640 .zshrc; setfacl -d -m u:{OTHER}:rwx ."),
    );
    let before = list(&home);
    assert_eq!(before, ["user::rw-", "group::r--", "other::---"]);
    write(&home);
    assert_eq!(list(&home), before);
}

#[test]
fn extended_attributes_are_kept() {
    let Some(home) = home() else { return };
    let python = "import os,sys\np='.zshrc'\n";
    let set = "os.setxattr(p,'user.note',b'a\\0b'); os.setxattr(p,'user.empty',b''); os.setxattr(p,'user.big',b'x'*3000)";
    let able = home
        .tool("python3")
        .args(["-c", &format!("{python}{set}")])
        .output()
        .code
        == 0;
    if !able {
        return skip("this file system has no extended attributes");
    }
    write(&home);
    let get =
        "print({n:os.getxattr(p,n)[:9] for n in sorted(os.listxattr(p)) if n.startswith('user.')})";
    home.tool("python3")
        .args(["-c", &format!("{python}{get}")])
        .stdout("{'user.big': b'xxxxxxxxx', 'user.empty': b'', 'user.note': b'a\\x00b'}\n")
        .check();
}

/// On BSD and in a directory with the setgid bit, a new file may get a group that the old one did not have.
#[test]
fn a_group_that_cannot_be_kept_refuses_nothing_and_lets_no_one_in() {
    let root = nix::unistd::geteuid().is_root();
    if !root || !installed(&["setpriv", "chown"]) {
        return;
    }
    for (old, new) in [
        (0o644, 0o644),
        (0o640, 0o600),
        (0o664, 0o644),
        (0o600, 0o600),
        (0o646, 0o646),
        (0o666, 0o666),
    ] {
        let home = Home::new();
        home.file(".zshrc", "true\n");
        std::fs::copy(crate::support::binary(), home.path().join("awsbadge")).unwrap();
        bash(
            &home,
            &format!("chmod 755 .; chown {OTHER} . .zshrc; chgrp 0 .zshrc"),
        );
        let path = home.path().join(".zshrc");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(old)).unwrap();
        let write = format!(
            "exec setpriv --reuid={OTHER} --regid={OTHER} --clear-groups -- ./awsbadge setup --shell zsh --write"
        );
        let output = home.tool("bash").args(["-c", &write]).output();
        assert_eq!(output.code, 0, "{}", output.stderr);
        let about = std::fs::metadata(&path).unwrap();
        assert!(about.len() > 10);
        assert_eq!((about.uid(), about.gid()), (65534, 65534));
        assert_eq!(about.mode() & 0o7777, new, "{old:o}: {:o}", about.mode());
    }
}
