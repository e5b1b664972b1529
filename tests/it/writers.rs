//! The commands that write, under errors of the system and signals at every call that touches files: on disk is
//! then the old file or the new one byte for byte, with its mode and its symlinks, and nothing beside it.
//!
//! A part of the matrix runs each time; `tests/long faults` runs all of it.

use crate::support::strace::{Ran, Strace, Trace};
use crate::support::{Home, Pty, binary, installed};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const OLD: &str = "# >>> awsbadge >>>\nold\n# <<< awsbadge <<<\n";

/// A command that writes, and the home in which it does.
struct Writer {
    arguments: &'static [&'static str],
    furnish: fn(&Home),
    /// It draws on a terminal, and what it writes is no reason to fail.
    picks: bool,
}

const WRITERS: [Writer; 7] = [
    // A new copy, then the file itself: behind a symlink, and with a mode of its own.
    Writer {
        arguments: &["setup", "--shell", "zsh", "--write"],
        furnish: |home| {
            home.file("dotfiles/zshrc", "first\n");
            let file = home.path().join("dotfiles/zshrc");
            std::fs::set_permissions(file, PermissionsExt::from_mode(0o640)).unwrap();
            symlink("dotfiles/zshrc", home.path().join(".zshrc")).unwrap();
        },
        picks: false,
    },
    Writer {
        arguments: &["setup", "--shell", "bash", "--write"],
        furnish: |home| {
            home.file(".bashrc", format!("first\n{OLD}last\n"));
        },
        picks: false,
    },
    // Nothing is there yet, not even the directory.
    Writer {
        arguments: &["setup", "--shell", "fish", "--write"],
        furnish: |_| {},
        picks: false,
    },
    Writer {
        arguments: &["setup", "--shell", "zsh", "--remove"],
        furnish: |home| {
            home.file(".zshrc", format!("first\n{OLD}last\n"));
        },
        picks: false,
    },
    Writer {
        arguments: &["settings", "--init"],
        furnish: |_| {},
        picks: false,
    },
    // What is there stays, whatever goes wrong in looking at it.
    Writer {
        arguments: &["settings", "--init"],
        furnish: |home| {
            home.settings("[badge]\nshow = set\n");
        },
        picks: false,
    },
    Writer {
        arguments: &["__pick"],
        furnish: |home| {
            home.file(".local/state/awsbadge/recent", "six\none\n");
        },
        picks: true,
    },
];

/// What lies in a home: a symlink's target, or mode and bytes; a directory has none.
type Disk = BTreeMap<PathBuf, (u32, Vec<u8>)>;

fn disk(home: &Home) -> Disk {
    fn walk(folder: &Path, root: &Path, disk: &mut Disk) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let about = path.symlink_metadata().unwrap();
            let content = if about.is_symlink() {
                let to = std::fs::read_link(&path).unwrap();
                to.into_os_string().into_encoded_bytes()
            } else if about.is_dir() {
                Vec::new()
            } else {
                std::fs::read(&path).unwrap()
            };
            if about.is_dir() {
                walk(&path, root, disk);
            }
            let name = path.strip_prefix(root).unwrap().to_owned();
            disk.insert(name, (about.mode(), content));
        }
    }
    let mut found = Disk::new();
    walk(home.path(), home.path(), &mut found);
    found
}

/// The calls by which files are reached, and nothing of the runtime's own.
const CALLS: &str = "openat,read,write,fsync,rename,renameat,renameat2,fchmod,fchown,listxattr,fremovexattr,close,unlink,unlinkat,\
                     mkdir,mkdirat,statx,newfstatat,fstat,lstat,stat,readlink,readlinkat,getdents64,flock,lseek";

impl Writer {
    /// A home as it is before the command, and the tool that keeps its trace outside of it.
    fn home(&self) -> Home {
        let home = Home::new();
        home.config(
            "[profile one]\nregion = x\n[profile two]\nregion = x\n[profile six]\nregion = x\n",
        );
        (self.furnish)(&home);
        home
    }

    /// Runs under strace, with a fault or without.
    fn run(&self, home: &Home, fault: Option<&str>) -> Ran {
        let strace = Strace::new(home, CALLS);
        let strace = match fault {
            Some(fault) => strace.inject(fault),
            None => strace,
        };
        let ran = self.start(home, Strace::PROGRAM, &strace.words());
        Ran {
            trace: strace.trace(),
            ..ran
        }
    }

    /// Runs as it is.
    fn plainly(&self, home: &Home) -> Ran {
        self.start(home, binary().to_str().unwrap(), &[])
    }

    fn start(&self, home: &Home, program: &str, words: &[OsString]) -> Ran {
        let pty = Pty::new(80, 24);
        let mut command = if self.picks {
            pty.command(home, program)
        } else {
            Command::new(program)
        };
        command
            .args(words)
            .args(self.arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            // Whether it is on the path makes another block: neither is what this is about.
            .env("PATH", "/nowhere")
            .current_dir("/");
        let (output, screen) = if self.picks {
            pty.type_bytes(b"two\r");
            let output = pty.spawn(&mut command).wait_with_output().unwrap();
            (output, pty.last_screen())
        } else {
            (
                command.stdin(Stdio::null()).output().unwrap(),
                String::new(),
            )
        };
        let ran = Ran::new(&output, Trace::default());
        Ran {
            stderr: ran.stderr + &screen,
            ..ran
        }
    }
}

/// What a fault may leave: of each path what was there before, or what the command makes of it. A copy is there
/// before its original changes.
#[track_caller]
fn nothing_less(now: &Disk, before: &Disk, after: &Disk, stale: bool, what: &str) {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    for path in now.keys().chain(before.keys()) {
        let (is, was, would) = (now.get(path), before.get(path), after.get(path));
        let left = name(path).contains(".awsbadge-") && name(path).ends_with(".tmp");
        assert!(
            is == was || is == would || stale && left,
            "{what}: {path:?} is {is:?}, it was {was:?} and was to be {would:?}"
        );
    }
    let changed =
        |path: &Path| before.get(path) != after.get(path) && now.get(path) == after.get(path);
    let copy = after.keys().find(|path| name(path).ends_with("-backup"));
    if let Some(copy) = copy.filter(|copy| !before.contains_key(*copy)) {
        for path in before.keys().filter(|path| changed(path)) {
            assert_eq!(
                now.get(copy),
                after.get(copy),
                "{what}: {path:?} changed before its copy was there"
            );
        }
    }
}

/// Injects `actions` at every call of every writer. The actions are those of strace: `error=EIO`, `signal=KILL`.
fn inject(actions: &[&str], lasting: &[&str]) -> usize {
    // Each on its own: most of it is waiting for strace.
    std::thread::scope(|scope| {
        let runs = WRITERS
            .each_ref()
            .map(|writer| scope.spawn(|| inject_into(writer, actions, lasting)));
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    })
}

fn inject_into(writer: &Writer, actions: &[&str], lasting: &[&str]) -> usize {
    let mut faults = 0;
    let home = writer.home();
    let before = disk(&home);
    let whole = writer.run(&home, None);
    let after = disk(&home);
    let refused = before == after;
    assert_eq!(
        whole.code,
        Some(if refused { 6 } else { 0 }),
        "{}",
        whole.stderr
    );
    for fault in whole.trace.faults(actions, lasting) {
        let home = writer.home();
        let ran = writer.run(&home, Some(&fault.text()));
        let now = disk(&home);
        let what = format!(
            "{:?} with {}: code {:?}\n{}\n{}",
            writer.arguments,
            fault.text(),
            ran.code,
            ran.stderr,
            ran.trace.0
        );
        let killed = fault.action == "signal=KILL";
        nothing_less(&now, &before, &after, killed, &what);
        if fault.action.starts_with("error") {
            told(writer, &ran, &whole, now == after, &fault.call, &what);
        } else {
            // The next run needs no help, and leaves nothing of the one before.
            let next = writer.run(&home, None);
            let done = next.code == whole.code || now == after;
            assert!(done, "{what}\nthen {:?} {}", next.code, next.stderr);
            assert!(
                disk(&home) == after,
                "{what}\nthen {:?}",
                disk(&home).keys()
            );
        }
        faults += 1;
    }
    faults
}

/// What a command says that met an error: all or nothing, and one message with a code of the table.
#[track_caller]
fn told(writer: &Writer, ran: &Ran, whole: &Ran, done: bool, call: &str, what: &str) {
    let code = ran.code.unwrap_or(-1);
    if code == 0 {
        assert!(
            done || writer.picks,
            "{what}\nnot written, and nothing said of it"
        );
        assert_eq!(ran.stdout, whole.stdout, "{what}");
        return;
    }
    let given_up = writer.picks && code == 130;
    assert!((1..=6).contains(&code) || given_up, "{what}");
    assert_eq!(ran.stdout, "", "{what}");
    let errors = ran.stderr.lines().filter(|l| l.contains("error: ")).count();
    // The message itself may be what can't be written.
    assert!(
        errors == 1 || errors == 0 && (call == "write" || given_up),
        "{what}"
    );
}

#[test]
fn an_error_at_any_call_leaves_the_old_file_or_the_new_one() {
    if installed(&["strace", "setsid"]) {
        assert!(inject(&["error=EIO"], &[]) > 150);
    }
}

#[test]
fn a_kill_at_any_call_leaves_the_old_file_or_the_new_one_and_the_next_run_tidies_up() {
    if installed(&["strace", "setsid"]) {
        assert!(inject(&["signal=KILL"], &[]) > 150);
    }
}

#[test]
fn an_end_by_a_signal_at_any_call_leaves_nothing_half_done() {
    if installed(&["strace", "setsid"]) {
        assert!(inject(&["signal=TERM"], &[]) > 150);
    }
}

#[test]
#[ignore = "minutes: tests/long faults"]
fn every_error_and_signal_at_every_call_of_every_writer() {
    let errors =
        ["EIO", "ENOSPC", "EDQUOT", "EINTR", "EMFILE", "EACCES"].map(|e| format!("error={e}"));
    let mut once: Vec<&str> = errors.iter().map(String::as_str).collect();
    // For ever, an interrupted call is tried again for ever.
    let lasting: Vec<&str> = once
        .iter()
        .copied()
        .filter(|e| *e != "error=EINTR")
        .collect();
    once.extend(["signal=KILL", "signal=TERM", "signal=INT"]);
    let faults = inject(&once, &lasting);
    println!("faults of writers: {faults}");
    assert!(faults > 3000, "{faults}");
}

/// What lies in the home of the first writer before and after it ran.
fn first_writer() -> (&'static Writer, Home, Disk, Disk) {
    let writer = &WRITERS[0];
    let (home, other) = (writer.home(), writer.home());
    assert_eq!(writer.plainly(&other).code, Some(0));
    let (before, after) = (disk(&home), disk(&other));
    (writer, home, before, after)
}

#[test]
fn the_new_file_is_flushed_before_the_rename_and_the_directory_after() {
    if !installed(&["strace"]) {
        return;
    }
    let (writer, home, ..) = first_writer();
    let trace = writer.run(&home, None).trace.0;
    let folder = home.path().join("dotfiles");
    let new = format!("{}/.zshrc.awsbadge-0.tmp", folder.display());
    let mut steps = trace.lines().skip_while(|l| {
        !(l.contains(&format!("openat(AT_FDCWD, \"{new}\""))
            && l.contains("O_CREAT|O_EXCL|O_NOFOLLOW"))
    });
    let opened = steps.next().expect(&trace);
    assert!(opened.contains("O_CLOEXEC, 0600) = "), "{opened}");
    let mut expected = vec![
        "flock(".to_owned(),
        "write(".to_owned(),
        "fchmod(".to_owned(),
        "fsync(".to_owned(),
        format!("rename(\"{new}\", \"{}/zshrc\")", folder.display()),
        format!("openat(AT_FDCWD, \"{}\", O_RDONLY", folder.display()),
        "fsync(".to_owned(),
    ];
    expected.reverse();
    for step in steps.filter(|l| !l.contains("statx(") && !l.contains("xattr(")) {
        let Some(next) = expected.pop() else {
            return;
        };
        assert!(step.contains(&next), "{next} comes next:\n{trace}");
    }
    panic!("{expected:?} never came:\n{trace}");
}

/// A command as a shell runs it after `before`, and what it says on standard error.
fn after(home: &Home, before: &str, arguments: &str) -> (Option<i32>, String) {
    let output = Command::new("/bin/bash")
        .args(["--norc", "-c"])
        .arg(format!("{before}\n\"$0\" {arguments}"))
        .arg(binary())
        .env_clear()
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.replace(home.path().to_str().unwrap(), "$HOME");
    (output.status.code(), said)
}

const BY_HAND: &str =
    "hint: nothing was changed; run `awsbadge setup` to print the lines, and add them yourself\n";

#[test]
fn a_write_beyond_the_file_size_limit_is_an_error() {
    let (_, home, before, _) = first_writer();
    let (code, said) = after(&home, "ulimit -f 0", "setup --shell zsh --write");
    let error = format!("error: $HOME/.zshrc: can't be written: file too large\n{BY_HAND}");
    assert_eq!((code, said), (Some(4), error));
    assert!(disk(&home) == before);
    // Standard output, too.
    let (code, said) = after(&home, "ulimit -f 0; exec >out", "list");
    let error = "error: can't write to standard output: file too large\n".to_owned();
    assert_eq!((code, said), (Some(1), error));
}

#[test]
fn a_file_with_hard_links_is_not_replaced() {
    let home = Home::new();
    home.file(".zshrc", format!("first\n{OLD}"));
    std::fs::hard_link(home.path().join(".zshrc"), home.path().join("other")).unwrap();
    let before = disk(&home);
    for option in ["--write", "--remove"] {
        let (code, said) = after(&home, "", &format!("setup --shell zsh {option}"));
        let error = format!("error: $HOME/.zshrc: it has other names too (hard links)\n{BY_HAND}");
        assert_eq!((code, said), (Some(4), error));
        assert!(disk(&home) == before);
    }
}

#[test]
fn a_dangling_symlink_stays_a_symlink() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("dotfiles")).unwrap();
    symlink("dotfiles/zshrc", home.path().join(".zshrc")).unwrap();
    let (code, said) = after(&home, "", "setup --shell zsh --write");
    assert_eq!(code, Some(0), "{said}");
    assert!(home.path().join(".zshrc").is_symlink());
    assert!(home.read("dotfiles/zshrc").is_some());
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// The rest of a script, in a namespace of its own where `small`, in the home, is another file system of 4 KiB.
const SMALL: &str = "mkdir -p small && mount -t tmpfs -o size=4k none small && ";

#[test]
fn a_full_or_read_only_disk_leaves_the_old_file() {
    if !is_root() || !installed(&["unshare", "mount"]) {
        return;
    }
    // Behind a link, the new file is made where the old one lies.
    let setup = "echo first > small/zshrc && ln -s small/zshrc .zshrc && ";
    let full = "head -c 4096 /dev/zero > small/full; ";
    let look = "; code=$?; cat .zshrc; ls -A small; test -L .zshrc && exit $code";
    let run = |script: String| {
        let home = Home::new();
        let script = script.replace("SETUP", "\"$0\" setup --shell zsh --write");
        let output = Command::new("unshare")
            .args(["-m", "/bin/bash", "--norc", "-c", &script])
            .arg(binary())
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .current_dir(home.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes).replace(home.path().to_str().unwrap(), "$HOME")
        };
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, stdout, stderr) = run(format!("{SMALL}{setup}SETUP >/dev/null{look}"));
    // Two pages are more than there are: the old file and the new one.
    let error =
        format!("error: $HOME/.zshrc: can't be written: no space left on device\n{BY_HAND}");
    assert_eq!(
        (code, stdout.as_str(), stderr),
        (Some(4), "first\nzshrc\n", error)
    );
    let roomy = SMALL.replace("4k", "64k");
    let (code, stdout, stderr) = run(format!("{roomy}{setup}SETUP >/dev/null{look}"));
    assert_eq!(code, Some(0), "{stderr}");
    assert!(
        stdout.starts_with("first\n# >>> awsbadge >>>") && stdout.ends_with("<<<\nzshrc\n"),
        "{stdout}"
    );
    let init = "mkdir .config && mount --bind small .config && \"$0\" settings --init; code=$?; find .config/awsbadge; exit $code";
    let (code, stdout, stderr) = run(format!("{SMALL}{full}{init}"));
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (
            Some(4),
            ".config/awsbadge\n",
            "error: $HOME/.config/awsbadge/config.ini: no space left on device; nothing was written\n"
        )
    );
    // Nothing can be written there at all.
    let (code, stdout, stderr) = run(format!(
        "{roomy}{setup}mount -o remount,ro small && SETUP{look}"
    ));
    let error = format!("error: $HOME/.zshrc: can't be written: read-only file system\n{BY_HAND}");
    assert_eq!(
        (code, stdout.as_str(), stderr),
        (Some(4), "first\nzshrc\n", error)
    );
}

#[test]
fn an_immutable_file_stays_as_it_is() {
    if !is_root() || !installed(&["chattr"]) {
        return;
    }
    let home = Home::new();
    home.file(".zshrc", "first\n");
    // Not every file system has it.
    let script = "chattr +i .zshrc || exec true\n";
    let (code, said) = after(
        &home,
        script,
        "setup --shell zsh --write; code=$?; chattr -i .zshrc; exit $code",
    );
    assert_eq!(home.read(".zshrc").unwrap(), b"first\n");
    if code != Some(0) {
        let error =
            format!("error: $HOME/.zshrc: can't be written: operation not permitted\n{BY_HAND}");
        assert_eq!((code, said), (Some(4), error));
    }
    assert!(left(&home).is_empty(), "{:?}", left(&home));
}

/// New files that nobody moved to their place.
fn left(home: &Home) -> Vec<PathBuf> {
    disk(home)
        .into_keys()
        .filter(|path| path.extension().is_some_and(|e| e == "tmp"))
        .collect()
}

/// As root everything can be written, so this runs as nobody where it may.
#[test]
fn the_owner_of_a_file_stays_its_owner() {
    if !is_root() || !installed(&["setpriv", "chown"]) {
        return;
    }
    let owned = |mine: &str, of: &str| {
        let home = Home::new();
        home.file(".zshrc", "first\n");
        let program = home.path().join("awsbadge");
        std::fs::copy(binary(), program).unwrap();
        home.tool("bash")
            .args([
                "-c",
                &format!("chmod 755 .; chown {mine} .; chown {of} .zshrc"),
            ])
            .check();
        home
    };
    let owner = |home: &Home| {
        let about = std::fs::metadata(home.path().join(".zshrc")).unwrap();
        (about.uid(), about.gid())
    };
    let as_nobody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups -- ./awsbadge setup --shell zsh --write";
    // root may give the new file to whom the old one belongs.
    let home = owned("65534", "65534:65534");
    assert_eq!(after(&home, "", "setup --shell zsh --write").0, Some(0));
    assert_eq!(owner(&home), (65534, 65534));
    // The owner of the directory may not, and could take the file over by replacing it.
    let home = owned("65534", "0:0");
    let (code, said) = after(&home, as_nobody, "");
    let error =
        format!("error: $HOME/.zshrc: can't be written: operation not permitted\n{BY_HAND}");
    assert_eq!((code, said), (Some(4), error));
    assert_eq!(
        (
            owner(&home),
            home.read(".zshrc").unwrap(),
            left(&home).len()
        ),
        ((0, 0), b"first\n".to_vec(), 0)
    );
    // A directory in which nothing new can be made.
    let home = owned("0", "65534:65534");
    let (code, said) = after(&home, as_nobody, "");
    let error = format!("error: $HOME/.zshrc: can't be written: permission denied\n{BY_HAND}");
    assert_eq!((code, said), (Some(4), error));
    assert_eq!(home.read(".zshrc").unwrap(), b"first\n");
}

#[test]
fn what_is_made_is_for_its_owner_alone_whatever_the_umask_says() {
    for umask in ["000", "077"] {
        let home = Home::new();
        let (code, said) = after(&home, &format!("umask {umask}"), "settings --init");
        assert_eq!(code, Some(0), "{said}");
        for (path, mode) in [
            (".config", 0o700),
            (".config/awsbadge", 0o700),
            (".config/awsbadge/config.ini", 0o600),
        ] {
            let about = std::fs::metadata(home.path().join(path)).unwrap();
            assert_eq!(about.mode() & 0o7777, mode, "{path} under {umask}");
        }
    }
}

#[test]
fn only_what_a_dead_writer_left_is_removed() {
    let home = Home::new();
    home.file(".zshrc", "first\n");
    let name = |n: u32| home.path().join(format!("..zshrc.awsbadge-{n}.tmp"));
    for n in [0, 1] {
        home.file(name(n).file_name().unwrap().to_str().unwrap(), "half");
    }
    std::fs::create_dir(name(2)).unwrap();
    symlink(home.path().join("victim"), name(3)).unwrap();
    home.file("victim", "whole\n");
    let living = std::fs::File::open(name(0)).unwrap();
    living.lock().unwrap();
    let (code, said) = after(&home, "", "setup --shell zsh --write");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(std::fs::read(name(0)).unwrap(), b"half", "its writer lives");
    assert!(!name(1).exists(), "its writer is dead");
    assert!(name(2).is_dir() && name(3).is_symlink());
    assert_eq!(home.read("victim").unwrap(), b"whole\n");
    // Not by closing: a child that is just being forked by another test has it open too.
    living.unlock().unwrap();
    let (code, said) = after(&home, "", "setup --shell zsh --remove");
    assert_eq!(code, Some(0), "{said}");
    assert!(!name(0).exists(), "its writer is dead now");
    assert_eq!(home.read(".zshrc").unwrap(), b"first\n");
}

#[test]
fn many_writers_at_once_leave_one_whole_file_and_readers_see_no_less() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let (writer, home, _, whole) = first_writer();
    let rc = home.path().join(".zshrc");
    let [old, new] = [
        b"first\n".to_vec(),
        whole[Path::new("dotfiles/zshrc")].1.clone(),
    ];
    let remover = Writer {
        arguments: &["setup", "--shell", "zsh", "--remove"],
        ..WRITERS[0]
    };
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut read = 0;
            while !done.load(Ordering::Relaxed) || read == 0 {
                let now = std::fs::read(&rc).unwrap();
                assert!(
                    now == old || now == new,
                    "{}",
                    String::from_utf8_lossy(&now)
                );
                read += 1;
            }
        });
        let (remover, home) = (&remover, &home);
        let turns = |_| {
            scope.spawn(move || {
                for writer in [writer, remover, writer, remover, writer] {
                    let ran = writer.plainly(home);
                    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
                }
            })
        };
        let runs: Vec<_> = (0..12).map(turns).collect();
        let ended = runs
            .into_iter()
            .map(|run| run.join())
            .all(|run| run.is_ok());
        done.store(true, Ordering::Relaxed);
        assert!(ended);
    });
    // Whoever came last: the lines are in it once, or not at all.
    assert_eq!(writer.plainly(&home).code, Some(0));
    assert!(disk(&home) == whole, "{:?}", disk(&home).keys());
}

#[test]
fn many_picks_at_once_leave_a_whole_list() {
    if !installed(&["setsid"]) {
        return;
    }
    let writer = &WRITERS[6];
    let home = writer.home();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| writer.plainly(&home)))
            .collect();
        for run in runs {
            let ran = run.join().unwrap();
            assert_eq!(
                (ran.code, ran.stdout.as_str()),
                (Some(0), "two\n"),
                "{}",
                ran.stderr
            );
        }
    });
    let recent = home.read(".local/state/awsbadge/recent").unwrap();
    assert_eq!(String::from_utf8(recent).unwrap(), "two\nsix\none\n");
    assert!(left(&home).is_empty(), "{:?}", left(&home));
}
