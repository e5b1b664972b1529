//! A terminal without a program behind it: bytes go in, bytes come out, and its modes can be looked at.

use super::{Home, until};
use nix::fcntl::OFlag;
use nix::sys::termios::{Termios, tcgetattr};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

pub(crate) struct Pty {
    master: File,
    slave: OwnedFd,
    screen: Arc<Mutex<Vec<u8>>>,
}

impl Pty {
    pub(crate) fn new(columns: u16, rows: u16) -> Self {
        // Not by openpty: its descriptors would leak into what other tests start at the moment.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        #[cfg(target_os = "linux")]
        let flags = flags | OpenptFlags::CLOEXEC;
        let master = openpt(flags).unwrap();
        fcntl_setfd(&master, FdFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlag::O_NOCTTY.bits())
            .open(name.to_str().unwrap())
            .unwrap();
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&slave, size).unwrap();
        let master = File::from(master);
        let screen = Arc::new(Mutex::new(Vec::new()));
        let (mut reader, written) = (master.try_clone().unwrap(), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                written.lock().unwrap().extend(&buffer[..n]);
            }
        });
        Self {
            master,
            slave: slave.into(),
            screen,
        }
    }

    /// What the tests start from, as `home` has it, for a program that has this as its controlling terminal. It
    /// is the process that is spawned, and leads its session.
    pub(crate) fn command(&self, home: &Home, program: &str) -> Command {
        let mut command = Command::new(super::tools::find("setsid").unwrap());
        // What a background job of a script ignores, SIGINT and SIGQUIT, the tests would hand down.
        command
            .arg("--ctty")
            .arg(super::tools::find("env").unwrap())
            .args(["--default-signal", program])
            .env_clear()
            .envs(home.environment())
            .current_dir(home.path());
        command
    }

    /// Starts it with this terminal as its streams, but for standard output, which is a pipe.
    pub(crate) fn spawn(&self, command: &mut Command) -> Child {
        command
            .stdin(self.slave.try_clone().unwrap())
            .stdout(Stdio::piped())
            .stderr(self.slave.try_clone().unwrap())
            .spawn()
            .unwrap()
    }

    /// Starts it with this terminal as all its streams.
    pub(crate) fn spawn_whole(&self, command: &mut Command) -> Child {
        command
            .stdin(self.slave.try_clone().unwrap())
            .stdout(self.slave.try_clone().unwrap())
            .stderr(self.slave.try_clone().unwrap())
            .spawn()
            .unwrap()
    }

    /// Types: a line waits until somebody reads it.
    pub(crate) fn type_bytes(&self, bytes: &[u8]) {
        (&self.master).write_all(bytes).unwrap();
    }

    /// The modes, as `stty` shows them.
    pub(crate) fn modes(&self) -> Termios {
        tcgetattr(&self.slave).unwrap()
    }

    /// All that was written so far.
    pub(crate) fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    /// All that was written, once no program writes any more.
    pub(crate) fn last_screen(&self) -> String {
        let end = "[the end]";
        File::from(self.slave.try_clone().unwrap())
            .write_all(end.as_bytes())
            .unwrap();
        self.wait_for(end, 1);
        self.screen().replace(end, "")
    }

    /// Waits until `text` was written `times` times.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str, times: usize) {
        let seen = || (self.screen().matches(text).count() >= times).then_some(());
        until(seen).unwrap_or_else(|| {
            panic!(
                "waited in vain for {text:?}, {times} times: {:?}",
                self.screen()
            )
        });
    }
}
