//! The hooks with a stand-in for the program: it notes each call, and answers what the test wants.

use crate::support::{Home, Shell, Term, installed, skip};
use awsbadge::aws::env_vars::{self, Watch};
use std::fs::{File, FileTimes};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// An answer to `__refresh`.
#[derive(Clone)]
pub(crate) struct Answer {
    text: String,
    class: &'static str,
    state: &'static str,
    /// Seconds from now to the next change of the text; `None` where it never changes.
    lasts: Option<i64>,
    watch: Vec<PathBuf>,
    absent: Vec<PathBuf>,
    /// Further variables to compare.
    env: Vec<&'static str>,
}

/// What the stand-in does for `__refresh`: it prints the answer, and describes the watched files as they are at that
/// moment, as the program does: their change times, inodes and sizes for zsh, stamps for bash and fish.
const REFRESH: &str = r#"
case $3 in
  fish) quote() { printf %s "$1" | sed "s/[\\']/\\\\&/g; s/^/'/; s/\$/'/"; } ;;
  *) quote() { printf %s "$1" | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/"; } ;;
esac
list() {
  name=_awsbadge_x_$1
  shift
  case $shell in
    fish) printf 'builtin set -g %s %s
' "$name" "$*" ;;
    *) printf '%s=(%s)
' "$name" "$*" ;;
  esac
}
stamp() {
  count=$((count + 1))
  touch -r "$1" "$here/stamps/$count"
  stamped=$(quote "$here/stamps/$count")
}
watch() {
  count=0 times='' inodes='' sizes='' stamps='' real='' directories='' directory_stamps=''
  mkdir -p "$here/stamps"
  while IFS= read -r path; do
    changed=$(stat -Lc %.9Z "$path")
    times="$times $(quote "$(date -u -d "@${changed%.*}" +%j%T)${changed#*.}")"
    inodes="$inodes $(stat -Lc %i "$path")"
    sizes="$sizes $(stat -Lc %s "$path")"
    stamp "$path"
    stamps="$stamps $stamped"
    target=$(readlink -f "$path")
    if test "$target" = "$path"; then real="$real ''"; else real="$real $(quote "$target")"; fi
    above=${target%/*}
    if test -n "$above"; then
      stamp "$above"
      directories="$directories $(quote "$above")" directory_stamps="$directory_stamps $stamped"
    fi
  done < "$here/watched"
  case " $* " in
    *' --stamps '*)
      list stamps "$stamps"
      list real "$real"
      list directories "$directories"
      list directory_stamps "$directory_stamps" ;;
    *)
      list times "$times"
      list inodes "$inodes"
      list sizes "$sizes" ;;
  esac
}
shell=$3
while IFS= read -r line; do
  case $line in '# watched') watch "$@" ;; *) printf '%s
' "$line" ;; esac
done < "$here/answer"
"#;

impl Answer {
    pub(crate) fn new(text: &str) -> Self {
        let class = if text.is_empty() { "" } else { "ok" };
        Self {
            text: text.to_owned(),
            class,
            state: "",
            lasts: None,
            watch: Vec::new(),
            absent: Vec::new(),
            env: Vec::new(),
        }
    }

    pub(crate) fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    pub(crate) fn state(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }

    pub(crate) fn lasts(mut self, seconds: i64) -> Self {
        self.lasts = Some(seconds);
        self
    }

    pub(crate) fn watch(mut self, path: PathBuf) -> Self {
        self.watch.push(path);
        self
    }

    pub(crate) fn absent(mut self, path: PathBuf) -> Self {
        self.absent.push(path);
        self
    }

    pub(crate) fn env(mut self, name: &'static str) -> Self {
        self.env.push(name);
        self
    }

    /// The block that the program prints for it; `# watched` stands for what [`REFRESH`] says of the files.
    pub(crate) fn block(&self, shell: Shell) -> String {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_secs() as i64;
        let until = self.lasts.map_or(253_402_300_799, |lasts| now + lasts);
        let word = |text: &str| shell.quote(text);
        let words = |paths: &[PathBuf]| {
            let quoted: Vec<_> = paths.iter().map(|p| word(p.to_str().unwrap())).collect();
            quoted.join(" ")
        };
        let (set, open, close, begin, end) = match shell {
            Shell::Zsh | Shell::Bash => ("", "=(", ")", "{", "}"),
            Shell::Fish => ("builtin set -g ", " ", "", "begin", "end"),
        };
        let is = if set.is_empty() { "=" } else { " " };
        let watched = if self.watch.is_empty() {
            ""
        } else {
            "# watched\n"
        };
        format!(
            "{begin} # awsbadge 1\n\
             {set}_awsbadge_x_text{is}{}\n{set}_awsbadge_x_class{is}{}\n{set}_awsbadge_x_state{is}{}\n\
             {set}_awsbadge_x_now{is}'{now}'\n{set}_awsbadge_x_until{is}'{until}'\n\
             {set}_awsbadge_x_env{open}{}{close}\n\
             {set}_awsbadge_x_watch{open}{}{close}\n{set}_awsbadge_x_absent{open}{}{close}\n{watched}\
             {set}_awsbadge_x_done{is}'1'\n{end}\n",
            word(&self.text),
            word(self.class),
            word(self.state),
            self.env.join(" "),
            words(&self.watch),
            words(&self.absent),
        )
    }
}

/// A home in which the stand-in is the `awsbadge` on the `PATH`.
pub(crate) struct Hook {
    pub(crate) home: Home,
    pub(crate) shell: Shell,
}

impl Hook {
    pub(crate) fn new(shell: Shell, answer: &Answer) -> Self {
        let home = Home::new();
        // Not $HOME: a test may change that.
        home.stub(
            "awsbadge",
            "here=${0%/bin/*}\n\
             case $1 in __refresh) . \"$here/refresh\" ;; *) . \"$here/on-$1\" ;; esac",
        );
        home.file("refresh", REFRESH);
        let hook = Self { home, shell };
        hook.answer(answer);
        hook
    }

    pub(crate) fn answer(&self, answer: &Answer) {
        self.home.file("answer", answer.block(self.shell));
        let paths = answer.watch.iter().map(|p| p.to_str().unwrap());
        let lines: String = paths.map(|p| format!("{p}\n")).collect();
        self.home.file("watched", lines);
    }

    /// What the stand-in does for another command than `__refresh`, as lines of sh.
    pub(crate) fn on(&self, command: &str, lines: &str) {
        self.home.file(&format!("on-{command}"), lines);
    }

    /// The calls of other commands than `__refresh` since this was asked the last time.
    pub(crate) fn called(&self) -> Vec<String> {
        let calls = self.home.calls("awsbadge");
        let others = calls.iter().filter(|call| call[0] != "__refresh");
        let others = others.map(|call| call.join("|")).collect();
        self.home.file("bin/awsbadge.calls", "__refresh\x1f\x1e");
        others
    }

    /// How often `__refresh` was called.
    pub(crate) fn asked(&self) -> usize {
        let calls = self.home.calls("awsbadge");
        calls.iter().filter(|call| call[0] == "__refresh").count()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The lines of a start-up file: `settings` as `init` would print them, then the shell's own file as it
    /// stands in the source tree.
    pub(crate) fn rc(&self, settings: &[(&str, &str)]) -> String {
        rc(self.shell, settings)
    }

    /// A terminal in which the hook is at work and has asked once.
    #[track_caller]
    pub(crate) fn open(&self, settings: &[(&str, &str)]) -> Term<'_> {
        let term = self
            .home
            .term(self.shell)
            .env("AWS_PROFILE", "dev")
            .open(&self.rc(settings));
        assert_eq!(self.asked(), 1, "{}: the first prompt asks", self.shell);
        term
    }
}

/// See [`Hook::rc`].
pub(crate) fn rc(shell: Shell, settings: &[(&str, &str)]) -> String {
    let mut lines = lists(shell);
    for (name, value) in settings {
        let value = shell.quote(value);
        lines += &match shell {
            Shell::Zsh | Shell::Bash => format!("_awsbadge_{name}={value}\n"),
            Shell::Fish => format!("set -g _awsbadge_{name} {value}\n"),
        };
    }
    let file = shell.quote(source(shell).to_str().unwrap());
    format!("{lines}source {file}\n")
}

/// The two lists of variables that `init` prints.
fn lists(shell: Shell) -> String {
    let list = |name: &str, watch| {
        let names: Vec<_> = env_vars::watched(watch).map(|var| var.name).collect();
        let names = names.join(" ");
        match shell {
            Shell::Zsh | Shell::Bash => format!("_awsbadge_{name}=({names})\n"),
            Shell::Fish => format!("set -g _awsbadge_{name} {names}\n"),
        }
    };
    list("values", Watch::Value) + &list("secrets", Watch::Presence)
}

/// The shell's file in the source tree.
pub(crate) fn source(shell: Shell) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("shell/awsbadge.{shell}"))
}

/// Makes a file or directory look as if it had not changed for `hours`.
pub(crate) fn age(path: &std::path::Path, hours: u64) {
    let then = SystemTime::now() - Duration::from_secs(hours * 3600);
    let times = FileTimes::new().set_modified(then);
    File::open(path).unwrap().set_times(times).unwrap();
}

/// Whether the shell can see by itself that no file and no minute has changed: fish before 3.6 asks instead.
pub(crate) fn remembers(shell: Shell) -> bool {
    shell != Shell::Fish || shell.version() >= 306
}

/// Every shell that is here, with a terminal to put it into.
pub(crate) fn shells() -> Vec<Shell> {
    if !installed(&["tmux"]) {
        return Vec::new();
    }
    Shell::installed().collect()
}

/// A line that exports a variable.
pub(crate) fn export(shell: Shell, name: &str, value: &str) -> String {
    match shell {
        Shell::Zsh | Shell::Bash => format!("export {name}={}", shell.quote(value)),
        Shell::Fish => format!("set -gx {name} {}", shell.quote(value)),
    }
}

/// A line that unsets a variable.
pub(crate) fn unset(shell: Shell, name: &str) -> String {
    match shell {
        Shell::Zsh | Shell::Bash => format!("unset {name}"),
        Shell::Fish => format!("set -e {name}"),
    }
}

/// Whether bash is here and runs PROMPT_COMMAND as a list (5.1); where not, that is reported as skipped.
#[track_caller]
pub(crate) fn bash_with_lists() -> bool {
    if !installed(&["bash"]) {
        return false;
    }
    let new = Shell::Bash.version() >= 501;
    if !new {
        skip("no PROMPT_COMMAND as a list before bash 5.1");
    }
    new
}
