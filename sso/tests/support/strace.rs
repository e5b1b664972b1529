//! Faults at system calls, by strace.

use super::{Home, StandIn, binary};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The calls by which files and connections are reached. The rest are the runtime's own.
pub(crate) const CALLS: &str = "openat,read,pread64,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,fchmod,\
                                fchmodat,fchown,listxattr,fremovexattr,close,unlink,unlinkat,mkdir,mkdirat,statx,newfstatat,fstat,\
                                ftruncate,readlink,readlinkat,getdents64,flock,lseek,socket,connect,sendto,recvfrom,\
                                poll,bind,listen,accept4";

/// What a run under strace left.
#[derive(Debug)]
pub(crate) struct Traced {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) trace: String,
}

/// Runs `arguments` at `server` under strace, with a fault such as `openat:error=EIO:when=3`; without one it only
/// traces `calls`, a list with commas.
pub(crate) fn run(
    home: &Home,
    server: Option<&StandIn>,
    arguments: &[&str],
    calls: &str,
    fault: Option<&str>,
) -> Traced {
    let trace = home.path().with_extension("trace");
    let mut command = Command::new("/usr/bin/strace");
    command
        .args(["-f", "-o"])
        .arg(&trace)
        .arg("-e")
        .arg(format!("trace={calls}"));
    if let Some(fault) = fault {
        command.arg("-e").arg(format!("inject={fault}"));
    }
    command
        .arg(binary())
        .args(arguments)
        .env_clear()
        .envs(home.environment());
    command.current_dir(home.path()).stdin(Stdio::null());
    // Without this, most of the calls would be those that read the system's own authorities.
    command.env("SSL_CERT_FILE", authorities(home));
    for (name, value) in server.iter().flat_map(|server| server.variables()) {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    let traced = Traced {
        stdout: home.blur(&output.stdout),
        stderr: home.blur(&output.stderr),
        code: output.status.code(),
        trace: std::fs::read_to_string(&trace).unwrap(),
    };
    std::fs::remove_file(trace).unwrap();
    traced
}

/// A file with one authority.
fn authorities(home: &Home) -> std::path::PathBuf {
    static PEM: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let pem = PEM.get_or_init(|| super::certificates::Authority::new("alone").pem());
    if home.read("authorities.pem").is_none() {
        home.file("authorities.pem", pem);
    }
    home.path().join("authorities.pem")
}

/// Every call of a trace that strace can hit again: its name, and its number among the calls of that name in the
/// thread that made it. Those of the loader and of the runtime before `main` are left out.
pub(crate) fn points(trace: &str) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut points = std::collections::BTreeSet::new();
    // How many calls of a name the loader made: a fault at that number would hit it, too.
    let mut early: BTreeMap<String, usize> = BTreeMap::new();
    let mut began = false;
    for line in trace.lines().filter(|line| !line.contains(" resumed>")) {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        let Some((name, _)) = rest
            .split_once('(')
            .filter(|_| !rest.starts_with(['+', '-']))
        else {
            continue;
        };
        let count = counts
            .entry((name.to_owned(), thread.to_owned()))
            .or_default();
        *count += 1;
        if !began {
            early.insert(name.to_owned(), *count);
        } else if early.get(name).is_none_or(|early| *count > *early) {
            points.insert((name.to_owned(), *count));
        }
        // The first file of ours that is read.
        began |= name == "openat" && rest.contains("/.aws/config");
    }
    assert!(began, "the program never read its configuration:\n{trace}");
    points.into_iter().collect()
}

/// Whether all faults are tried, or a sample.
pub(crate) fn all() -> bool {
    std::env::var_os("AWSBADGE_ALL_FAULTS").is_some_and(|value| !value.is_empty())
}

/// Whether `trace` opened, made, renamed or removed anything at or below `path`.
pub(crate) fn touches(trace: &str, path: &Path) -> bool {
    trace.contains(&*path.to_string_lossy())
}
