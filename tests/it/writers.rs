//! The commands that write, under errors of the system and signals at every call that touches files: on disk is
//! then the old file or the new one byte for byte, with its mode and its symlinks, and nothing beside it.
//!
//! A part of the matrix runs each time; `tests/long faults` runs all of it.

use crate::support::{Home, binary, installed};
use nix::pty::openpty;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
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
    // Nothing is there yet, not even the folder.
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

/// What lies in a home: a symlink's target, or mode and bytes; a folder has none.
type Disk = BTreeMap<PathBuf, (u32, Vec<u8>)>;

fn disk(home: &Home) -> Disk {
    fn walk(folder: &Path, root: &Path, disk: &mut Disk) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let about = path.symlink_metadata().unwrap();
            let content = match () {
                () if about.is_symlink() => {
                    let to = std::fs::read_link(&path).unwrap();
                    to.into_os_string().into_encoded_bytes()
                }
                () if about.is_dir() => Vec::new(),
                () => std::fs::read(&path).unwrap(),
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

struct Ran {
    stdout: String,
    stderr: String,
    /// None where a signal ended it.
    code: Option<i32>,
    trace: String,
}

/// The calls by which files are reached, and nothing of the runtime's own.
const CALLS: &str = "trace=openat,read,write,fsync,rename,renameat,renameat2,fchmod,fchown,close,unlink,unlinkat,\
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

    /// Runs under strace, with a fault such as `openat:error=EIO:when=3`.
    fn run(&self, home: &Home, fault: Option<&str>) -> Ran {
        let trace = home.path().with_extension("trace");
        let terminal = self.picks.then(|| openpty(None, None).unwrap());
        let mut command = match terminal {
            // The slave becomes the controlling terminal.
            Some(_) => Command::new("/usr/bin/setsid"),
            None => Command::new("/usr/bin/strace"),
        };
        if terminal.is_some() {
            command.args(["--ctty", "--wait", "/usr/bin/strace"]);
        }
        command.args(["-f", "-o"]).arg(&trace).args(["-e", CALLS]);
        if let Some(fault) = fault {
            command.arg("-e").arg(format!("inject={fault}"));
        }
        command
            .arg(binary())
            .args(self.arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            // Whether it is on the path makes another block: neither is what this is about.
            .env("PATH", "/nowhere")
            .current_dir("/")
            .stdin(Stdio::null());
        let (stdout, stderr, status) = match terminal {
            None => {
                let output = command.output().unwrap();
                (output.stdout, output.stderr, output.status)
            }
            Some(pty) => {
                let (mut master, slave) = (std::fs::File::from(pty.master), pty.slave);
                // It waits in the line until somebody reads.
                master.write_all(b"two\r").unwrap();
                let child = command
                    .stdin(slave.try_clone().unwrap())
                    .stdout(Stdio::piped())
                    .stderr(slave)
                    .spawn()
                    .unwrap();
                // It holds the slave too.
                drop(command);
                let mut screen = Vec::new();
                let mut buffer = [0; 4096];
                while let Ok(n @ 1..) = master.read(&mut buffer) {
                    screen.extend(&buffer[..n]);
                }
                let output = child.wait_with_output().unwrap();
                (output.stdout, screen, output.status)
            }
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let ran = Ran {
            stdout: text(stdout),
            stderr: text(stderr),
            code: status.code(),
            trace: std::fs::read_to_string(&trace).unwrap(),
        };
        std::fs::remove_file(trace).unwrap();
        ran
    }
}

/// Every call of a trace that `strace` can hit again: its name and how often a thread made it at most.
fn calls(trace: &str) -> BTreeMap<String, usize> {
    let mut by_thread: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in trace.lines().filter(|l| !l.contains(" resumed>")) {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        if let Some((name, _)) = rest.trim_start().split_once('(') {
            let key = (name.to_owned(), thread.to_owned());
            *by_thread.entry(key).or_default() += 1;
        }
    }
    let mut calls = BTreeMap::new();
    for ((name, _), count) in by_thread {
        let most = calls.entry(name).or_insert(0);
        *most = count.max(*most);
    }
    calls
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
    let mut faults = 0;
    for writer in &WRITERS {
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
        for (call, count) in calls(&whole.trace) {
            let once = actions
                .iter()
                .flat_map(|action| (1..=count).map(move |nth| (*action, format!("when={nth}"))));
            let always = lasting
                .iter()
                .flat_map(|action| (1..=count).map(move |nth| (*action, format!("when={nth}+"))));
            for (action, when) in once.chain(always) {
                let fault = format!("{call}:{action}:{when}");
                let what = format!("{:?} with {fault}", writer.arguments);
                let home = writer.home();
                let ran = writer.run(&home, Some(&fault));
                let now = disk(&home);
                let what = format!("{what}: code {:?}\n{}\n{}", ran.code, ran.stderr, ran.trace);
                nothing_less(&now, &before, &after, action == "signal=KILL", &what);
                if action.starts_with("error") {
                    told(writer, &ran, &whole, now == after, &call, &what);
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
        }
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
fn row_103_a_kill_at_any_call_leaves_the_old_file_or_the_new_one_and_the_next_run_tidies_up() {
    if installed(&["strace", "setsid"]) {
        assert!(inject(&["signal=KILL"], &[]) > 150);
    }
}
