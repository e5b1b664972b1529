//! Other programs: found on the `PATH` without its traps, and run.

use crate::aws::Env;
use crate::aws::env_vars;
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, raise};
use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::fd::AsFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// The program `name` on the `PATH`, skipping parts that are empty or relative: those would run whatever lies in
/// the working directory.
#[must_use]
pub fn find(name: &str, vars: &Env) -> Option<PathBuf> {
    std::env::split_paths(vars.raw(&env_vars::PATH)?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| {
            std::fs::metadata(path)
                .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
        })
}

/// The program `name` as execvp(3) and Python find it: every part of the `PATH` counts, and without one `/bin` and
/// `/usr/bin` do. Only to tell what another program would start; what awsbadge starts itself, [`find`] looks up.
#[must_use]
pub fn find_for_exec(name: &str, vars: &Env) -> Option<PathBuf> {
    let default = OsStr::new("/bin:/usr/bin");
    std::env::split_paths(vars.raw(&env_vars::PATH).unwrap_or(default))
        .map(|directory| directory.join(name))
        .find(|path| {
            std::fs::metadata(path)
                .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
        })
}

/// What a program printed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The exit code, 128 and the signal's number where a signal ended it.
    pub code: i32,
}

fn command(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(vars.iter());
    command
}

fn code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// Runs a program to its end with the environment `vars` and no input, and collects what it prints.
///
/// # Errors
/// Where it can't be started.
pub fn output(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<Ended> {
    let output = command(program, args, vars).stdin(Stdio::null()).output()?;
    Ok(Ended {
        stdout: output.stdout,
        stderr: output.stderr,
        code: code(output.status),
    })
}

/// As [`output`], for a program that may ask questions on this terminal.
///
/// # Errors
/// Where it can't be started.
pub fn consult(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<Ended> {
    let mut command = command(program, args, vars);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (output, signal) = attended(&mut command, Child::wait_with_output)?;
    if let Some(signal) = signal {
        // It was meant for us, and only waited for the program's end.
        let _ = raise(signal);
    }
    Ok(Ended {
        stdout: output.stdout,
        stderr: output.stderr,
        code: code(output.status),
    })
}

/// Starts a program on this terminal and waits for its end by `wait`, whatever signals come: those from the
/// keyboard reach it anyway, and others are passed on, so that it is never left behind alone. The terminal is
/// then as it was, whatever the program was doing with it. Tells of the last signal, too.
fn attended<T>(
    command: &mut Command,
    wait: impl FnOnce(Child) -> io::Result<T>,
) -> io::Result<(T, Option<Signal>)> {
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NOCTTY)
        .open("/dev/tty")
        .ok();
    let before = terminal.as_ref().and_then(|t| tcgetattr(t).ok());
    // Started first: it would inherit what is blocked.
    let child = command.spawn()?;
    let pid = i32::try_from(child.id()).map(Pid::from_raw);
    let keyboard = [Signal::SIGINT, Signal::SIGQUIT];
    let others = [Signal::SIGTERM, Signal::SIGHUP];
    let signals: SigSet = keyboard.into_iter().chain(others).collect();
    let mask = signals.thread_swap_mask(SigmaskHow::SIG_BLOCK);
    let ended = Arc::new(AtomicBool::new(false));
    let last = Arc::new(AtomicI32::new(0));
    let (over, heard) = (Arc::clone(&ended), Arc::clone(&last));
    std::thread::spawn(move || {
        while let Ok(signal) = signals.wait() {
            if over.load(Ordering::Relaxed) {
                return;
            }
            heard.store(signal as i32, Ordering::Relaxed);
            if let (true, Ok(pid)) = (others.contains(&signal), pid) {
                let _ = kill(pid, signal);
            }
        }
    });
    let result = wait(child);
    ended.store(true, Ordering::Relaxed);
    if let (Some(terminal), Some(before)) = (terminal, before)
        && tcgetattr(&terminal).is_ok_and(|now| now != before)
    {
        let _ = tcsetattr(&terminal, SetArg::TCSADRAIN, &before);
    }
    if let Ok(mask) = mask {
        let _ = mask.thread_set_mask();
    }
    Ok((result?, Signal::try_from(last.load(Ordering::Relaxed)).ok()))
}

/// Runs a program on this terminal, to its end.
///
/// # Errors
/// Where it can't be started.
pub fn interact(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<i32> {
    let (status, _) = attended(&mut command(program, args, vars), |mut c| c.wait())?;
    Ok(code(status))
}

/// Runs a program on this terminal, to its end, with its standard output on standard error: ours is for
/// statements.
///
/// # Errors
/// Where it can't be started.
pub fn narrate(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<i32> {
    let errors = io::stderr().as_fd().try_clone_to_owned()?;
    let mut command = command(program, args, vars);
    let (status, _) = attended(command.stdout(errors), |mut c| c.wait())?;
    Ok(code(status))
}

/// Runs a program that shows `input` to a person on this terminal, and collects what it prints.
///
/// # Errors
/// Where it can't be started.
pub fn choose(
    program: &Path,
    args: &[impl AsRef<OsStr>],
    vars: &Env,
    input: &[u8],
) -> io::Result<(Vec<u8>, i32)> {
    let mut child = command(program, args, vars)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // It may have its answer before it has read everything.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output()?;
    Ok((output.stdout, code(output.status)))
}

/// Becomes another program; one that is named without a slash is looked for on the `PATH` of `vars`. Comes back
/// only with the reason why it could not.
#[must_use]
pub fn replace(program: &OsStr, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Error {
    command(Path::new(program), args, vars).exec()
}

/// Starts a program that has nothing to say here and may outlive this one.
///
/// # Errors
/// Where it can't be started.
pub fn launch(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<()> {
    let quiet = command(program, args, vars)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A Ctrl-C in the terminal is not meant for it.
        .process_group(0)
        .spawn();
    quiet.map(drop)
}

/// The program that opens a browser here, with the arguments that come before the address. `None` where a
/// browser could not be seen: no display, a connection from elsewhere, Windows behind Linux without a bridge.
#[must_use]
pub fn browser(vars: &Env) -> Option<(PathBuf, Vec<String>)> {
    if let Some(named) = vars.text(&env_vars::BROWSER) {
        // Several may be named, the first wins; `%s` is where the address goes, at the end for us.
        let first = named.split(':').next().unwrap_or_default();
        let mut words = first.split_whitespace().filter(|w| *w != "%s");
        let program = words.next()?;
        let path = match program.starts_with('/') {
            true => Some(PathBuf::from(program)),
            false => find(program, vars),
        };
        return Some((path?, words.map(str::to_owned).collect()));
    }
    let remote = vars.has(&env_vars::SSH_CONNECTION) || vars.has(&env_vars::SSH_TTY);
    let display = vars.has(&env_vars::DISPLAY) || vars.has(&env_vars::WAYLAND_DISPLAY);
    let windows = vars.has(&env_vars::WSL_DISTRO_NAME) || vars.has(&env_vars::WSL_INTEROP);
    let opener = match () {
        () if cfg!(target_os = "macos") => (!remote).then_some("open"),
        () if windows && find("wslview", vars).is_some() => Some("wslview"),
        () => display.then_some("xdg-open"),
    };
    Some((find(opener?, vars)?, Vec::new()))
}
