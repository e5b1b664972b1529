//! Stamps: empty files with the times of the files that an answer depended on. bash and fish cannot read a file's time,
//! but they can test whether one file is newer or older than another.

use super::atomic_write;
use super::fs;
use super::watch::Time;
use crate::aws::Env;
use crate::aws::env_vars;
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use std::fs::{FileTimes, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The stamps of one shell.
#[derive(Debug)]
pub struct Stamps {
    directory: PathBuf,
    id: String,
    next: usize,
}

impl Stamps {
    /// The stamps of the shell with this id, `PID.NUMBER`. They are kept in `awsbadge` in `XDG_RUNTIME_DIR` if that is
    /// this user's own directory, else in the state directory. At a shell's first refresh, the stamps of shells that
    /// have ended are removed.
    ///
    /// `None` if the id is not one, or if there is no directory that only this user can write to.
    #[must_use]
    pub fn of_shell(vars: &Env, id: &str) -> Option<Self> {
        let pid = process_of(id)?;
        let runtime = vars.raw(&env_vars::XDG_RUNTIME_DIR).map(Path::new);
        let runtime = runtime.filter(|path| path.is_absolute() && is_mine(path));
        let directory = match runtime {
            Some(path) => path.join("awsbadge"),
            None => super::dirs::state_directory(vars)?,
        };
        if !is_mine(&directory) {
            atomic_write::make_directory(&directory).ok()?;
            if !is_mine(&directory) {
                return None;
            }
        }
        let stamps = Self {
            directory,
            id: id.to_owned(),
            next: 0,
        };
        if std::fs::symlink_metadata(stamps.path(0)).is_err() {
            stamps.remove_stale(pid);
        }
        Some(stamps)
    }

    /// Writes the next stamp, with `time` as its modification time. `None` if that fails, or if the file system cannot
    /// store that time.
    pub fn write(&mut self, time: Time) -> Option<PathBuf> {
        let path = self.path(self.next);
        self.next += 1;
        let held = set_time(&path, time).ok()?;
        (held == time).then_some(path)
    }

    fn path(&self, number: usize) -> PathBuf {
        self.directory.join(format!("{}.{number}", self.id))
    }

    /// Removes the stamps of shells that have ended, and of an earlier shell with this process id.
    fn remove_stale(&self, own: i32) {
        for path in fs::list(&self.directory) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let Some((id, number)) = name.rsplit_once('.') else {
                continue;
            };
            let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            let Some(pid) = process_of(id).filter(|_| is_number) else {
                continue;
            };
            if pid == own || kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH) {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}

/// The process id in a shell's id.
fn process_of(id: &str) -> Option<i32> {
    let (pid, number) = id.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(pid) || !digits(number) {
        return None;
    }
    pid.parse().ok().filter(|pid| *pid > 0)
}

/// Whether `path` is a directory (not a symlink) that belongs to this user and that no other user can write to.
fn is_mine(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|about| {
        about.is_dir()
            && about.uid() == nix::unistd::geteuid().as_raw()
            && about.mode() & 0o022 == 0
    })
}

/// Creates an empty file with this modification time, or sets the time of an existing one. Returns the time that the
/// file then has.
fn set_time(path: &Path, time: Time) -> io::Result<Time> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path)?;
    file.set_times(FileTimes::new().set_modified(system_time(time)?))?;
    Ok(Time::modified(&file.metadata()?))
}

fn system_time(time: Time) -> io::Result<SystemTime> {
    let whole = Duration::from_secs(time.seconds.unsigned_abs());
    let whole = match time.seconds {
        0.. => UNIX_EPOCH.checked_add(whole),
        _ => UNIX_EPOCH.checked_sub(whole),
    };
    let nanos = Duration::from_nanos(time.nanos.unsigned_abs());
    whole
        .and_then(|whole| whole.checked_add(nanos))
        .ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::throwaway::Throwaway;

    #[test]
    fn a_stamp_has_the_time_that_it_was_given() {
        let home = Throwaway::new().unwrap();
        let vars = Env::from_iter([("HOME", home.path())]);
        let mut stamps = Stamps::of_shell(&vars, "1.5").unwrap();
        for (seconds, nanos) in [(0, 0), (1, 0), (1_700_000_000, 123_456_789), (-5, 7)] {
            let time = Time { seconds, nanos };
            let path = stamps.write(time).unwrap();
            let about = std::fs::metadata(&path).unwrap();
            assert_eq!(Time::modified(&about), time);
            assert_eq!((about.len(), about.mode() & 0o777), (0, 0o600));
        }
    }

    #[test]
    fn only_ids_of_shells_are_taken() {
        let home = Throwaway::new().unwrap();
        let vars = Env::from_iter([("HOME", home.path())]);
        for id in [
            "", "1", "1.", ".1", "0.1", "-1.1", "1.1/x", "../1.1", "1.+1",
        ] {
            assert!(Stamps::of_shell(&vars, id).is_none(), "{id}");
        }
    }

    #[test]
    fn stamps_are_kept_where_nobody_else_can_write() {
        use std::os::unix::fs::PermissionsExt;
        let home = Throwaway::new().unwrap();
        let runtime = home.path().join("run");
        atomic_write::make_directory(&runtime).unwrap();
        let vars = Env::from_iter([
            ("HOME", home.path().to_owned()),
            ("XDG_RUNTIME_DIR", runtime.clone()),
        ]);
        let time = Time {
            seconds: 9,
            nanos: 0,
        };
        let place = |vars: &Env| {
            Stamps::of_shell(vars, "1.5")?
                .write(time)?
                .parent()
                .map(Path::to_owned)
        };
        assert_eq!(place(&vars), Some(runtime.join("awsbadge")));
        std::fs::set_permissions(&runtime, std::fs::Permissions::from_mode(0o777)).unwrap();
        let state = home.path().join(".local/state/awsbadge");
        assert_eq!(place(&vars), Some(state.clone()));
        assert_eq!(std::fs::metadata(&state).unwrap().mode() & 0o777, 0o700);
        std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o770)).unwrap();
        assert_eq!(place(&vars), None);
    }

    #[test]
    fn stamps_of_shells_that_ended_are_removed_at_a_first_refresh() {
        let home = Throwaway::new().unwrap();
        let vars = Env::from_iter([("HOME", home.path())]);
        // A process that has ended and was waited for.
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        let (me, dead) = (std::process::id(), ended.id());
        for name in [
            format!("{dead}.7.0"),
            format!("{dead}.7.12"),
            format!("{me}.1.0"),
            "1.1.0".to_owned(),
            "notes".to_owned(),
            "x.1.0".to_owned(),
        ] {
            home.put(&format!(".local/state/awsbadge/{name}"), "")
                .unwrap();
        }
        let own = format!("{me}.2");
        let mut stamps = Stamps::of_shell(&vars, &own).unwrap();
        stamps
            .write(Time {
                seconds: 1,
                nanos: 0,
            })
            .unwrap();
        let names = || -> Vec<String> {
            fs::list(&home.path().join(".local/state/awsbadge"))
                .iter()
                .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
                .collect()
        };
        let mut want = vec![
            "1.1.0".to_owned(),
            format!("{own}.0"),
            "notes".into(),
            "x.1.0".into(),
        ];
        want.sort();
        assert_eq!(names(), want);
        // A later refresh does not look.
        home.put(&format!(".local/state/awsbadge/{dead}.7.0"), "")
            .unwrap();
        let _ = Stamps::of_shell(&vars, &own).unwrap();
        assert_eq!(names().len(), want.len() + 1);
    }
}
