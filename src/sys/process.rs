//! Finds other programs on the `PATH`, safely, and runs them.

use crate::aws::Env;
use crate::aws::env_vars;
use nix::errno::Errno;
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, raise};
use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use std::ffi::{CString, OsStr};
use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// The program `name` on the `PATH`, skipping empty and relative parts, which would run programs of the working
/// directory.
#[must_use]
pub fn find(name: &str, vars: &Env) -> Option<PathBuf> {
    std::env::split_paths(vars.raw(&env_vars::PATH)?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
}

/// As [`find`], but first in the directory of this program, because both are installed together.
#[must_use]
pub fn find_beside(name: &str, vars: &Env) -> Option<PathBuf> {
    beside(name)
        .filter(|path| is_program(path))
        .or_else(|| find(name, vars))
}

/// A path relative to the directory of this program.
#[must_use]
pub fn beside(path: &str) -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join(path))
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// The program `name` as execvp(3) and Python find it: every part of the `PATH` counts; without a `PATH`, `/bin` and
/// `/usr/bin`. Only for reporting what another program would start; awsbadge starts what [`find`] returns.
#[must_use]
pub fn find_for_exec(name: &str, vars: &Env) -> Option<PathBuf> {
    let default = OsStr::new("/bin:/usr/bin");
    std::env::split_paths(vars.raw(&env_vars::PATH).unwrap_or(default))
        .map(|directory| directory.join(name))
        .find(|path| is_program(path))
}

/// The output and exit code of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The exit code; 128 plus the signal's number if a signal ended it.
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

/// Runs a program with the environment `vars` and no input, and collects its output.
///
/// # Errors
/// If it can't be started.
pub fn output(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<Ended> {
    let output = command(program, args, vars).stdin(Stdio::null()).output()?;
    Ok(Ended {
        stdout: output.stdout,
        stderr: output.stderr,
        code: code(output.status),
    })
}

/// Whether a program that reads `input` exits with success. What it prints is discarded.
///
/// # Errors
/// If it can't be started.
pub fn accepts(
    program: &Path,
    args: &[impl AsRef<OsStr>],
    vars: &Env,
    input: &[u8],
) -> io::Result<bool> {
    let mut child = command(program, args, vars)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // It may exit before it has read everything.
        let _ = stdin.write_all(input);
    }
    Ok(child.wait()?.success())
}

/// As [`output`], for a program that may ask questions on this terminal.
///
/// # Errors
/// If it can't be started.
pub fn capture(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<Ended> {
    let (mut stdout, stdout_end) = io::pipe()?;
    let (mut stderr, stderr_end) = io::pipe()?;
    let streams = [
        (OpenOptions::new().read(true).open("/dev/null")?.into(), 0),
        (stdout_end.into(), 1),
        (stderr_end.into(), 2),
    ];
    let attended = attend(program, args, vars, streams.into(), move || {
        // Read both at once, because a program blocks while either pipe is full.
        std::thread::scope(|scope| {
            let errors = std::thread::Builder::new().spawn_scoped(scope, move || {
                let mut read = Vec::new();
                stderr.read_to_end(&mut read).map(|_| read)
            })?;
            let mut read = Vec::new();
            stdout.read_to_end(&mut read)?;
            let errors = errors
                .join()
                .map_err(|_| io::Error::other("a thread ended"))?;
            Ok((read, errors?))
        })
    })?;
    attended.raise_signal();
    let (stdout, stderr) = attended.result?;
    Ok(Ended {
        stdout,
        stderr,
        code: attended.code,
    })
}

/// The result of [`attend`].
struct Attended<T> {
    /// The result of `meanwhile`.
    result: io::Result<T>,
    /// As [`Ended::code`].
    code: i32,
    /// The last signal to this process while the program ran.
    signal: Option<Signal>,
}

impl<T> Attended<T> {
    /// Raises the signal that arrived while the program ran.
    fn raise_signal(&self) {
        if let Some(signal) = self.signal {
            let _ = raise(signal);
        }
    }
}

/// Signals from the keyboard: the terminal sends them to the program, too.
const FROM_KEYBOARD: [Signal; 2] = [Signal::SIGINT, Signal::SIGQUIT];

/// Signals to forward to the program.
const PASSED_ON: [Signal; 2] = [Signal::SIGTERM, Signal::SIGHUP];

/// Ends the signal thread. Pending signals are delivered lowest number first, so this one comes after the others.
const WAKE: Signal = Signal::SIGVTALRM;

/// Starts a program on this terminal, does `meanwhile`, and waits until the program ends. Signals do not interrupt
/// this: those from the keyboard reach the program anyway, and others are forwarded, so it is never left running alone.
/// The modes of the terminal are then restored. `streams` replace those of this process: a descriptor, and its number
/// in the program. Only for a process with one thread: in another thread the signals would not be blocked.
fn attend<T>(
    program: &Path,
    args: &[impl AsRef<OsStr>],
    vars: &Env,
    streams: Vec<(OwnedFd, RawFd)>,
    meanwhile: impl FnOnce() -> io::Result<T>,
) -> io::Result<Attended<T>> {
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NOCTTY)
        .open("/dev/tty")
        .ok();
    let before = terminal.as_ref().and_then(|t| tcgetattr(t).ok());
    // Before the program starts: a signal that arrives right after would end this process and leave the program
    // running. Signals that arrive before the thread takes them stay pending.
    let all = FROM_KEYBOARD.into_iter().chain(PASSED_ON);
    let signals: SigSet = all.chain([WAKE]).collect();
    let mask = signals.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let mut late = None;
    let attended = SignalThread::start(signals).and_then(|thread| {
        let started = start(program, args, vars, streams, &mask);
        match started {
            Ok(pid) => {
                thread.pass_on_to(pid);
                let result = meanwhile();
                let code = wait(pid);
                let signal;
                (signal, late) = thread.stop();
                Ok(Attended {
                    result,
                    code: code?,
                    signal,
                })
            }
            Err(error) => {
                thread.stop();
                Err(error)
            }
        }
    });
    if let (Some(terminal), Some(before)) = (terminal, before)
        && tcgetattr(&terminal).is_ok_and(|now| now != before)
    {
        let _ = tcsetattr(&terminal, SetArg::TCSADRAIN, &before);
    }
    mask.thread_set_mask()?;
    if let Some(signal) = late {
        // It arrived after the program ended, so it takes effect in this process.
        let _ = raise(signal);
    }
    attended
}

/// Starts a program with the signals of `mask` blocked. By posix_spawn(3): with [`Command`], the program inherits the
/// mask of this thread, in which the signals to pass on are blocked.
fn start(
    program: &Path,
    args: &[impl AsRef<OsStr>],
    vars: &Env,
    streams: Vec<(OwnedFd, RawFd)>,
    mask: &SigSet,
) -> io::Result<Pid> {
    let mut attributes = PosixSpawnAttr::init()?;
    attributes.set_flags(
        PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK | PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF,
    )?;
    attributes.set_sigmask(mask)?;
    // Rust's runtime ignores it, and a program inherits that.
    attributes.set_sigdefault(&SigSet::from_iter([Signal::SIGPIPE]))?;
    let mut actions = PosixSpawnFileActions::init()?;
    for (stream, number) in &streams {
        actions.add_dup2(stream.as_raw_fd(), *number)?;
    }
    let words = std::iter::once(program.as_os_str()).chain(args.iter().map(AsRef::as_ref));
    let words: Result<Vec<CString>, _> = words.map(|w| CString::new(w.as_bytes())).collect();
    let variables = vars.iter().map(|(name, value)| {
        let parts = [name.as_bytes(), b"=", value.as_bytes()];
        CString::new(parts.concat())
    });
    let variables: Result<Vec<CString>, _> = variables.collect();
    Ok(posix_spawn(
        program,
        &actions,
        &attributes,
        &words?,
        &variables?,
    )?)
}

/// Waits for the end of a child; its exit code, as [`Ended::code`].
fn wait(child: Pid) -> io::Result<i32> {
    loop {
        match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, code)) => return Ok(code),
            Ok(WaitStatus::Signaled(_, signal, _)) => return Ok(128 + signal as i32),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A thread that receives the signals to this process and forwards them to a program.
struct SignalThread {
    thread: JoinHandle<Taken>,
    program: Sender<Pid>,
    ended: Arc<AtomicBool>,
}

/// The last signal received, and the last that arrived too late to be forwarded.
type Taken = (Option<Signal>, Option<Signal>);

impl SignalThread {
    /// `signals` must be blocked.
    fn start(signals: SigSet) -> io::Result<Self> {
        let (program, started) = channel();
        let ended = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&ended);
        let thread = std::thread::Builder::new().spawn(move || {
            let (mut last, mut late) = (None, None);
            // Signals wait until the program runs. None: it could not be started.
            let program = started.recv().ok();
            while let Ok(signal) = signals.wait() {
                let over = over.load(Ordering::Acquire);
                if signal == WAKE && over {
                    break;
                }
                last = Some(signal);
                if !FROM_KEYBOARD.contains(&signal) {
                    match program.filter(|_| !over) {
                        Some(program) => drop(kill(program, signal)),
                        None => late = Some(signal),
                    }
                }
            }
            (last, late)
        })?;
        Ok(Self {
            thread,
            program,
            ended,
        })
    }

    fn pass_on_to(&self, program: Pid) {
        // The thread waits for this, so it is there.
        let _ = self.program.send(program);
    }

    /// Ends the thread; otherwise it would receive the signals for the next program.
    fn stop(self) -> Taken {
        self.ended.store(true, Ordering::Release);
        drop(self.program);
        let _ = kill(Pid::this(), WAKE);
        self.thread.join().unwrap_or_default()
    }
}

/// Runs a program on this terminal, to its end.
///
/// # Errors
/// If it can't be started.
pub fn interact(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<i32> {
    Ok(attend(program, args, vars, Vec::new(), || Ok(()))?.code)
}

/// Runs a program on this terminal, to its end, with its standard output on standard error, because standard output is
/// for shell statements.
///
/// # Errors
/// If it can't be started.
pub fn run_to_stderr(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<i32> {
    let errors = io::stderr().as_fd().try_clone_to_owned()?;
    Ok(attend(program, args, vars, vec![(errors, 1)], || Ok(()))?.code)
}

/// Runs a program that shows `input` on this terminal, and collects its output.
///
/// # Errors
/// If it can't be started.
pub fn run_filter(
    program: &Path,
    args: &[impl AsRef<OsStr>],
    vars: &Env,
    input: &[u8],
) -> io::Result<(Vec<u8>, i32)> {
    let (stdin_end, mut stdin) = io::pipe()?;
    let (mut stdout, stdout_end) = io::pipe()?;
    let streams = vec![(stdin_end.into(), 0), (stdout_end.into(), 1)];
    let attended = attend(program, args, vars, streams, move || {
        // It may exit before it has read everything.
        let _ = stdin.write_all(input);
        drop(stdin);
        let mut chosen = Vec::new();
        stdout.read_to_end(&mut chosen).map(|_| chosen)
    })?;
    attended.raise_signal();
    Ok((attended.result?, attended.code))
}

/// Replaces this process with another program; a name without a slash is looked up on the `PATH` of `vars`. Returns
/// only if that fails, with the reason.
#[must_use]
pub fn replace(program: &OsStr, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Error {
    #[cfg(not(target_os = "linux"))]
    super::core::allow_as_before();
    command(Path::new(program), args, vars).exec()
}

/// Starts a program without input or output; it may outlive this process.
///
/// # Errors
/// If it can't be started.
pub fn launch(program: &Path, args: &[impl AsRef<OsStr>], vars: &Env) -> io::Result<()> {
    let quiet = command(program, args, vars)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // So that it does not get a Ctrl-C from the terminal.
        .process_group(0)
        .spawn();
    quiet.map(drop)
}
