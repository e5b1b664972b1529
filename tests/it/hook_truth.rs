//! The badge that the hooks show is the one that `awsbadge prompt` prints in the same shell, whatever changes: every
//! variable of the table in every way, and every kind of change of a file. With the real program, in shells at their
//! prompts on a terminal; many changes a shell.

use crate::hook_stub::remembers;
use crate::support::{Home, Pty, Shell, binary, installed, until};
use awsbadge::aws::env_vars::{self, EnvVar};
use std::process::Child;

/// One change, as a line of the shell.
struct Step {
    what: String,
    line: String,
    /// Whether the hook has to see the change at the next prompt; else only after a minute, or in no time of its own.
    seen: bool,
    /// Whether the badge has to be another one than before.
    differs: bool,
}

/// What a shell showed after a step, and what the program said at that moment.
#[derive(Debug)]
struct Shown {
    badge: String,
    right: String,
}

/// A shell at its prompt, with the hook from `init`.
struct Session {
    pty: Pty,
    child: Child,
    shell: Shell,
    home: Home,
}

/// The functions of a session in `home`. `s FILE [1]`: notes the badge that is shown since the last prompt and what is
/// right; with 1, waits until the hook would not ask again by itself, as long as a file is too new to be sure of; does
/// what the file says.
fn functions(shell: Shell, home: &Home) -> String {
    let program = shell.quote(binary().to_str().unwrap());
    let path = |name: &str| shell.quote(home.path().join(name).to_str().unwrap());
    let (report, steps, done) = (path("report"), path("steps"), path("steps/done"));
    let settle = match shell {
        Shell::Zsh => {
            "zmodload zsh/datetime\n\
             settle() { while (( _awsbadge_until <= EPOCHSECONDS )); do _awsbadge_precmd; done; }\n"
        }
        Shell::Bash => {
            "settle() { local now; _awsbadge_clock; while (( _awsbadge_until <= now )); do \
             _awsbadge_precmd; _awsbadge_clock; done; }\n"
        }
        Shell::Fish => "function settle; while not _awsbadge_same; _awsbadge_refresh; end; end\n",
    };
    let rest = match shell {
        Shell::Zsh | Shell::Bash => format!(
            "s() {{ printf '%s\\037%s\\036' \"${{AWSBADGE-}}\" \"$({program} prompt)\" >> {report}\n\
             if [[ -n ${{2-}} ]]; then settle; fi; source {steps}/$1; printf . >> {done}; }}\n"
        ),
        Shell::Fish => format!(
            "function s; printf '%s\\x1f%s\\x1e' \"$AWSBADGE\" \
             ({program} prompt | string collect --allow-empty) >> {report}\n\
             set -q argv[2]; and settle; source {steps}/$argv[1]; printf . >> {done}; end\n"
        ),
    };
    format!("{settle}{rest}")
}

impl Session {
    fn open(home: Home, shell: Shell, env: &[(&str, &str)], before: &str, options: &str) -> Self {
        home.file("steps/done", "");
        let quiet = match shell {
            Shell::Zsh => "unset HISTFILE; PROMPT='> '\n",
            Shell::Bash => "unset HISTFILE; PS1='> '\n",
            Shell::Fish => {
                "set -g fish_greeting; set -g fish_history ''; set -g fish_autosuggestion_enabled 0\n\
                 function fish_title; end\nfunction fish_prompt; printf '> '; end\n"
            }
        };
        let rc = format!(
            "{quiet}{before}\n{}{}",
            shell.rc(options),
            functions(shell, &home)
        );
        let (file, arguments): (_, &[&str]) = match shell {
            Shell::Zsh => (".zshrc", &["-d", "-i"]),
            Shell::Bash => (".bashrc", &["--noprofile", "-i"]),
            Shell::Fish => (".config/fish/config.fish", &["-i"]),
        };
        home.file(file, rc);
        for folder in [".local/share", ".cache"] {
            let folder = home.path().join(folder).join("fish/generated_completions");
            std::fs::create_dir_all(folder).unwrap();
        }
        let pty = Pty::new(100, 24);
        let mut command = pty.command(&home, &shell.to_string());
        command
            .args(arguments)
            .env("TERM", "xterm")
            .envs(env.iter().copied());
        let child = pty.spawn_whole(&mut command);
        let session = Self {
            pty,
            child,
            shell,
            home,
        };
        session.pty.wait_for("> ", 1);
        session
    }

    /// Takes the steps, one prompt each; hands over what was shown before the first and after each.
    fn take(&self, steps: &[Step]) -> Vec<Shown> {
        for (number, step) in steps.iter().enumerate() {
            self.home
                .file(&format!("steps/{number}"), format!("{}\n", step.line));
        }
        self.home.file(&format!("steps/{}", steps.len()), "\n");
        for number in 0..=steps.len() {
            let settle = if number < steps.len() { "1" } else { "" };
            self.pty
                .type_bytes(format!("s {number} {settle}\r").as_bytes());
            let count = || self.home.read("steps/done").unwrap_or_default().len();
            until(|| (count() > number).then_some(())).unwrap_or_else(|| {
                let what = steps.get(number).map_or("the end", |step| &step.what);
                panic!("{}: {what}: {}", self.shell, self.pty.screen())
            });
        }
        let report = String::from_utf8(self.home.read("report").unwrap()).unwrap();
        let shown = |record: &str| {
            let (badge, right) = record.split_once('\x1f').unwrap();
            Shown {
                badge: badge.to_owned(),
                right: right.trim_end().to_owned(),
            }
        };
        report.split_terminator('\x1e').map(shown).collect()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is wrong: where a badge is not the right one, or the same as before though it had to change.
fn wrong(shell: Shell, steps: &[Step], shown: &[Shown]) -> Vec<String> {
    assert_eq!(shown.len(), steps.len() + 1, "{shell}");
    let mut wrong = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let (before, after) = (&shown[number], &shown[number + 1]);
        let unexported = after.badge.ends_with(" not exported") && after.right.is_empty();
        if step.seen && after.badge != after.right && !unexported {
            wrong.push(format!(
                "{shell}: {}: shows {:?}, right is {:?}",
                step.what, after.badge, after.right
            ));
        }
        if step.differs && before.right == after.right {
            wrong.push(format!(
                "{shell}: {}: it makes no difference: {after:?}",
                step.what
            ));
        }
    }
    wrong
}

/// Two values of a variable that mean something. The shell itself has to survive them.
fn values(var: &'static EnvVar) -> [&'static str; 2] {
    match var.name {
        "AWS_PROFILE"
        | "AWS_DEFAULT_PROFILE"
        | "AWS_VAULT"
        | "AWSUME_PROFILE"
        | "AWS_SSO_PROFILE"
        | "AWSU_PROFILE"
        | "SAML2AWS_PROFILE" => ["other", "nosuch"],
        "AWS_REGION" | "AWS_DEFAULT_REGION" => ["eu-west-1", "us-east-1"],
        "AWS_CONFIG_FILE" | "AWS_SHARED_CREDENTIALS_FILE" => ["$HOME/elsewhere", "/dev/null"],
        "AWSBADGE_ACP" => ["AKIA other", "ASIA other"],
        "AWSBADGE_FORMAT" => ["<{profile}>", "{profile} {left}"],
        "AWSBADGE_SHOW" => ["always", "live"],
        "AWSBADGE_SHOW_REGION" => ["off", "differs"],
        "AWSBADGE_MAX_WIDTH" => ["6", "8"],
        "AWSBADGE_ASCII" => ["on", "off"],
        "AWSBADGE_WATCH" => ["0", "1"],
        "AWSBADGE_MAX_AGE" => ["50s", "40s"],
        "AWSBADGE_RENEW_TRUST" => ["1h", "2h"],
        "AWS_EC2_METADATA_DISABLED" => ["true", "false"],
        "HOME" => ["/nonexistent", "/"],
        "XDG_CONFIG_HOME" => ["/nonexistent", "/"],
        "XDG_STATE_HOME" | "XDG_RUNTIME_DIR" => ["/dev/null", "/proc"],
        "LC_ALL" | "LC_CTYPE" | "LANG" => ["C", "POSIX"],
        "TERM" => ["vt100", "dumb"],
        "TZ" => ["UTC", "Asia/Tokyo"],
        "PATH" => ["/bin:/usr/bin", "/usr/bin:/bin"],
        "COLUMNS" => ["80", "90"],
        name if name.ends_with("_EXPIRATION") => ["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"],
        _ => ["one", "One"],
    }
}

/// A line that gives a variable a value, and exports it or ends its export.
fn set(shell: Shell, name: &str, value: &str, exported: bool) -> String {
    let value = shell.quote(value);
    match (shell, exported) {
        (Shell::Zsh, true) => format!("typeset -gx {name}={value}"),
        (Shell::Zsh, false) => format!("typeset -g +x {name}={value}"),
        (Shell::Bash, true) => format!("export {name}={value}"),
        (Shell::Bash, false) => format!("{name}={value}; export -n {name}"),
        (Shell::Fish, true) => format!("set -gx {name} {value}"),
        (Shell::Fish, false) => format!("set -gu {name} {value}"),
    }
}

fn unset(shell: Shell, name: &str) -> String {
    match shell {
        Shell::Zsh | Shell::Bash => format!("unset {name}"),
        Shell::Fish => format!("set -e {name}"),
    }
}

/// Every variable in every way. `base` are those that are set at the start, to which each comes back.
fn steps_of_variables(shell: Shell, base: &[(&str, &str)]) -> Vec<Step> {
    let mut steps = Vec::new();
    for var in env_vars::ALL {
        let name = var.name;
        let [one, two] = values(var);
        let back = match base.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => set(shell, name, value, true),
            None => unset(shell, name),
        };
        // bash before 4.4 cannot tell whether a variable is exported.
        let tells = shell != Shell::Bash || shell.version() >= 404;
        for (what, line, seen) in [
            ("set", set(shell, name, one, true), true),
            ("changed", set(shell, name, two, true), true),
            ("emptied", set(shell, name, "", true), true),
            ("filled", set(shell, name, one, true), true),
            ("un-exported", set(shell, name, one, false), tells),
            ("exported", set(shell, name, one, true), tells),
            ("unset", unset(shell, name), true),
            ("set without an export", set(shell, name, two, false), true),
            ("back", back, true),
        ] {
            steps.push(Step {
                what: format!("{name} {what}"),
                line,
                seen,
                differs: false,
            });
        }
    }
    steps
}

/// Profiles with keys, whose badge never changes by itself.
fn home() -> Home {
    let home = Home::new();
    home.config("[profile dev]\nregion = eu-north-1\n[profile other]\n");
    home.credentials(
        "[dev]\naws_access_key_id = A\naws_secret_access_key = B\n\
         [other]\naws_access_key_id = A\naws_secret_access_key = B\n",
    );
    home.file("elsewhere", "[profile dev]\n");
    home
}

fn every_variable(shell: Shell) {
    if !installed(&[&shell.to_string(), "setsid", "stty"]) || !remembers(shell) {
        return;
    }
    let home = home();
    let path = home.path().to_str().unwrap().to_owned();
    let search = format!("{path}/bin:/usr/local/bin:/usr/bin:/bin");
    let base = [
        ("HOME", path.as_str()),
        ("PATH", search.as_str()),
        ("LANG", "C.UTF-8"),
        ("TERM", "xterm"),
        ("AWS_PROFILE", "dev"),
        ("AWSBADGE_SHOW_REGION", "on"),
    ];
    let session = Session::open(home, shell, &base[4..], "", "");
    let steps = steps_of_variables(shell, &base);
    let shown = session.take(&steps);
    let wrong = wrong(shell, &steps, &shown);
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The badge does depend on them.
    for name in [
        "AWS_PROFILE",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_ACCESS_KEY_ID",
        "AWSBADGE_FORMAT",
        "AWSBADGE_SYMBOL",
        "AWSBADGE_SHOW_REGION",
        "HOME",
    ] {
        let badges = steps
            .iter()
            .zip(&shown[1..])
            .filter(|(step, _)| step.what.starts_with(&format!("{name} ")));
        let mut badges: Vec<_> = badges.map(|(_, shown)| &shown.badge).collect();
        badges.sort();
        badges.dedup();
        assert!(badges.len() > 1, "{shell}: {name}: {badges:?}");
    }
}

#[test]
fn every_variable_in_every_way_in_zsh() {
    every_variable(Shell::Zsh);
}

#[test]
fn every_variable_in_every_way_in_bash() {
    every_variable(Shell::Bash);
}

#[test]
fn every_variable_in_every_way_in_fish() {
    every_variable(Shell::Fish);
}

/// What a kind of change does to the badge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It is another one at the next prompt.
    Differs,
    /// The same, but only a shell that can stat sees it at the next prompt; the others within a minute.
    DiffersToStat,
    /// Whether it is another one depends on who one is: root reads everything.
    Maybe,
    /// It prepares the next change.
    None,
}

use Effect::{Differs, DiffersToStat, Maybe};

/// Kinds of changes, as lines of sh. `x` and `y` are config files of the same size, with and without the profile: each
/// change leads from the one to the other, or back. What is prepared is prepared in the directory `s`, so that the home
/// directory's own time tells nothing.
const CHANGES: &[(&str, Effect, &str)] = &[
    ("written in place", Differs, "cat s/y > .aws/config"),
    (
        "written in place once more",
        Differs,
        "cat s/x > .aws/config",
    ),
    (
        "cp -p of an older file",
        Differs,
        "touch -d '3 days ago' s/y; cp -p s/y .aws/config",
    ),
    (
        "cp -p of another older file",
        Differs,
        "touch -d '2 days ago' s/x; cp -p s/x .aws/config",
    ),
    ("moved over", Differs, "cp s/y s/new; mv s/new .aws/config"),
    (
        "moved over, with an older time",
        Differs,
        "cp s/x s/new; touch -d '4 days ago' s/new; mv s/new .aws/config",
    ),
    (
        "moved over, with the same time",
        Differs,
        "cp s/y s/new; touch -r .aws/config s/new; mv s/new .aws/config",
    ),
    (
        "moved over and back within one prompt",
        Effect::None,
        "cp s/x s/new; mv s/new .aws/config; cp s/y s/new; mv s/new .aws/config",
    ),
    (
        "linked over, with the same time",
        Differs,
        "cp s/x s/new; touch -r .aws/config s/new; ln -f s/new .aws/config; rm s/new",
    ),
    (
        "by a writer whose clock is behind",
        Differs,
        "cat s/y > .aws/config; touch -d '1 hour ago' .aws/config",
    ),
    (
        "by a writer whose clock is ahead",
        Differs,
        "cat s/x > .aws/config; touch -d '1 hour' .aws/config",
    ),
    (
        "its time put back further",
        Differs,
        "cat s/y > .aws/config; touch -d '9 days ago' .aws/config",
    ),
    (
        "whole seconds",
        Differs,
        "cat s/x > .aws/config; touch -d @1700000000 .aws/config",
    ),
    (
        "its time put back exactly",
        DiffersToStat,
        "touch -r .aws/config s/t; cat s/y > .aws/config; touch -r s/t .aws/config",
    ),
    ("removed", Effect::None, "rm .aws/config"),
    ("made", Differs, "cp s/x .aws/config"),
    ("chmod 000", Maybe, "chmod 000 .aws/config"),
    ("chmod 600", Maybe, "chmod 600 .aws/config"),
    ("its directory chmod 000", Maybe, "chmod 000 .aws"),
    ("its directory chmod 700", Maybe, "chmod 700 .aws"),
    (
        "a directory in its place",
        Differs,
        "rm .aws/config; mkdir .aws/config",
    ),
    (
        "a file in its place",
        Differs,
        "rmdir .aws/config; cp s/x .aws/config",
    ),
    // Symlinks to files, such as Nix makes: all targets have the same time, and so have their directories.
    (
        "a store",
        Effect::None,
        "mkdir -p store/one store/two store/three; cp s/x store/one/config; cp s/y store/two/config; \
      touch -d @1 store/*/config store/*; rm .aws/config; ln -s ../store/one/config .aws/config",
    ),
    (
        "a symlink turned to a target with the same time",
        Differs,
        "ln -sfn ../store/two/config .aws/config",
    ),
    (
        "a symlink moved over one",
        Differs,
        "ln -s ../store/one/config s/new; mv s/new .aws/config",
    ),
    (
        "a symlink turned to a dangling one",
        Differs,
        "ln -sfn ../store/three/config .aws/config",
    ),
    (
        "the target of a dangling symlink appears",
        Differs,
        "cp -p store/one/config store/three/config",
    ),
    (
        "the target of a symlink vanishes",
        Differs,
        "rm store/three/config",
    ),
    (
        "a symlink to a symlink",
        Differs,
        "ln -s one store/current; ln -sfn ../store/current/config .aws/config",
    ),
    (
        "a symlink on the way turned",
        Differs,
        "ln -sfn two store/current",
    ),
    (
        "the target of a symlink moved over, with the same time",
        Differs,
        "cp -p store/one/config store/new; mv store/new store/two/config; touch -d @1 store/two",
    ),
    (
        "a symlink replaced by a file",
        Differs,
        "rm .aws/config; cp -p store/one/config .aws/config; cp s/y .aws/config",
    ),
    // The same for the whole directory.
    (
        "a symlink to a directory",
        Differs,
        "cp s/x store/one/config; cp s/y store/two/config; touch -d @1 store/*/config store/*; rm -r .aws; ln -s store/one .aws",
    ),
    (
        "a symlink turned to a directory with the same times",
        Differs,
        "ln -sfn store/two .aws",
    ),
    ("turned back", Differs, "ln -sfn store/one .aws"),
    (
        "turned to a dangling one",
        Differs,
        "ln -sfn store/nowhere .aws",
    ),
    (
        "the directory appears",
        Differs,
        "cp -a store/one store/nowhere",
    ),
    (
        "directories with the same times, swapped",
        Differs,
        "mv store/nowhere store/away; cp -a store/two store/nowhere",
    ),
    ("a real directory", Differs, "rm .aws; cp -a store/one .aws"),
    (
        "a real directory swapped for one with the same times",
        Differs,
        "mv .aws old; cp -a store/two new; mv new .aws",
    ),
    (
        "swapped back",
        Differs,
        "mv .aws new; mv old .aws; rm -r new",
    ),
    // Other files that the badge depends on.
    (
        "settings appear",
        Differs,
        "mkdir -p .config/awsbadge; echo '[badge]' > .config/awsbadge/config.ini; \
      echo 'symbol = A:' >> .config/awsbadge/config.ini",
    ),
    (
        "settings change",
        Differs,
        "sed -i s/A:/B:/ .config/awsbadge/config.ini",
    ),
    ("settings vanish", Differs, "rm -r .config/awsbadge"),
    (
        "a login",
        Differs,
        "cat s/login > .aws/config; mkdir -p .aws/sso/cache; cp s/token .aws/sso/cache/$(cat s/key).json",
    ),
    ("a logout", Differs, "rm .aws/sso/cache/*.json"),
    (
        "another login, written in place",
        Differs,
        "cp s/token .aws/sso/cache/$(cat s/key).json",
    ),
    ("the cache moved away", Differs, "mv .aws/sso s"),
    ("the cache moved back", Differs, "mv s/sso .aws"),
    (
        "the cache swapped for an empty one",
        Differs,
        "mkdir s/new; mv .aws/sso s/old; mv s/new .aws/sso",
    ),
    ("everything gone", Differs, "rm -r .aws"),
];

/// A home for [`CHANGES`].
fn home_of_files() -> Home {
    let home = Home::new();
    let config = |name: &str| {
        format!("[profile {name}]\naws_access_key_id = A\naws_secret_access_key = B\n")
    };
    home.config(&config("dev"));
    home.file("s/x", config("dev")).file("s/y", config("dxv"));
    let login = "[sso-session s]\nsso_start_url = https://s\nsso_region = eu-west-1\n\
                 [profile dev]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = R\n";
    home.file("s/login", login);
    // What `Home::token` writes, under a name of its own.
    home.token("s", "2999-01-01T00:00:00Z");
    let cache = home.path().join(".aws/sso/cache");
    let token = std::fs::read_dir(&cache).unwrap().next().unwrap().unwrap();
    let key = token.file_name().into_string().unwrap();
    home.file("s/key", key.trim_end_matches(".json"));
    std::fs::rename(token.path(), home.path().join("s/token")).unwrap();
    std::fs::remove_dir_all(home.path().join(".aws/sso")).unwrap();
    home
}

/// `before` comes before the line of the start-up file; `stats` says whether the shell sees a file's change time.
fn every_change_of_a_file(shell: Shell, before: &str, options: &str, stats: bool) {
    if !installed(&[&shell.to_string(), "setsid", "stty"]) || !remembers(shell) {
        return;
    }
    let home = home_of_files();
    let session = Session::open(home, shell, &[("AWS_PROFILE", "dev")], before, options);
    let mut steps = Vec::new();
    for (number, (what, effect, line)) in CHANGES.iter().enumerate() {
        session.home.file(&format!("change-{number}"), line);
        steps.push(Step {
            what: (*what).to_owned(),
            line: format!("sh ./change-{number}"),
            seen: *effect != DiffersToStat || stats,
            differs: matches!(effect, Differs | DiffersToStat),
        });
        if *effect == DiffersToStat {
            // A minute later, as far as the hook knows.
            steps.push(Step {
                what: format!("{what}, a minute later"),
                line: a_minute_later(shell).to_owned(),
                seen: true,
                differs: false,
            });
        }
    }
    let shown = session.take(&steps);
    let wrong = wrong(shell, &steps, &shown);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let screen = session.pty.screen();
    for word in ["zstat", "write error", "rror:", "No such file"] {
        assert!(!screen.contains(word), "{shell}: {word}: {screen}");
    }
}

#[test]
fn every_change_of_a_file_in_zsh() {
    every_change_of_a_file(Shell::Zsh, "", "", true);
}

#[test]
fn every_change_of_a_file_in_bash() {
    every_change_of_a_file(Shell::Bash, "", "", false);
}

#[test]
fn every_change_of_a_file_in_fish() {
    every_change_of_a_file(Shell::Fish, "", "", false);
}

#[test]
fn every_change_of_a_file_with_the_badge_in_the_prompt() {
    for shell in [Shell::Zsh, Shell::Bash, Shell::Fish] {
        every_change_of_a_file(shell, "", "--prompt left", shell == Shell::Zsh);
    }
}

#[test]
fn every_change_of_a_file_in_a_zsh_that_cannot_stat() {
    let before = "zmodload zsh/datetime; zmodload -u zsh/stat 2>/dev/null; module_path=()";
    every_change_of_a_file(Shell::Zsh, before, "", false);
}

/// A line after which a minute has passed, as far as the hook knows.
fn a_minute_later(shell: Shell) -> &'static str {
    match shell {
        Shell::Zsh | Shell::Bash => "_awsbadge_until=$_awsbadge_at",
        Shell::Fish => "set -g _awsbadge_until $_awsbadge_at",
    }
}

/// Every shell that is here and remembers.
fn shells() -> Vec<Shell> {
    if !installed(&["setsid", "stty"]) {
        return Vec::new();
    }
    Shell::installed()
        .filter(|shell| remembers(*shell))
        .collect()
}

/// A change that has to be seen at the next prompt, and makes the badge another one.
fn step(what: &str, line: impl Into<String>) -> Step {
    Step {
        what: what.to_owned(),
        line: line.into(),
        seen: true,
        differs: true,
    }
}

#[test]
fn what_a_path_depends_on_is_watched() {
    for shell in shells() {
        let home = home();
        for (name, profile) in [("a", "dev"), ("b", "dxv"), ("$W", "dev")] {
            home.file(&format!("{name}/config"), format!("[profile {profile}]\n"));
        }
        home.credentials("[dxv]\n");
        let path = home.path().to_str().unwrap().to_owned();
        let config = |name: &str| set(shell, "AWS_CONFIG_FILE", name, true);
        let session = Session::open(home, shell, &[("AWS_PROFILE", "dev")], "", "");
        let mut steps = [
            step("a relative path", format!("{}; cd a", config("config"))),
            step("another directory", "cd ../b"),
            step("and back", "cd ../a"),
            step("where there is none", "cd .."),
            step("a variable in it", config(&format!("{path}/$W/config"))),
            step("set", set(shell, "W", "b", true)),
            step("changed", set(shell, "W", "a", true)),
            step("not exported", set(shell, "W", "b", false)),
            step("exported", set(shell, "W", "b", true)),
            step("unset", unset(shell, "W")),
            step("a home of another user", config("~root/nosuch")),
        ];
        steps[0].differs = false;
        steps[7].differs = false;
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn the_time_zone_is_watched_if_a_date_has_none() {
    for shell in shells() {
        let then = chrono::Utc::now() + chrono::TimeDelta::minutes(3030);
        let then = then.format("%Y-%m-%d %H:%M:%S").to_string();
        let env = [
            ("AWS_ACCESS_KEY_ID", "ASIA"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("AWS_SESSION_TOKEN", "x"),
            ("AWSUME_PROFILE", "dev"),
            ("AWSUME_EXPIRATION", then.as_str()),
            ("TZ", "UTC"),
        ];
        let session = Session::open(home(), shell, &env, "", "");
        let steps = [
            step("in the east", set(shell, "TZ", "Asia/Tokyo", true)),
            step("and back", set(shell, "TZ", "UTC", true)),
        ];
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn without_a_profile_the_settings_are_watched() {
    for shell in shells() {
        let home = home();
        home.credentials("[default]\naws_access_key_id = A\naws_secret_access_key = B\n");
        home.settings("[badge]\nshow = set\n");
        let session = Session::open(home, shell, &[], "", "");
        let file = ".config/awsbadge/config.ini";
        session.home.file("always", "[badge]\nshow = always\n");
        let steps = [
            step("always", format!("cp always {file}")),
            step("gone", format!("rm {file}")),
            step("made", format!("cp always {file}")),
        ];
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn if_no_stamp_can_be_written_a_minute_decides() {
    for shell in shells().into_iter().filter(|shell| *shell != Shell::Zsh) {
        // No directory can be made there, not even by root.
        let env = [("XDG_STATE_HOME", "/dev/null"), ("AWS_PROFILE", "dev")];
        let session = Session::open(home_of_files(), shell, &env, "", "");
        let steps = [
            Step {
                seen: false,
                ..step("written in place", "cat s/y > .aws/config")
            },
            Step {
                differs: false,
                ..step("a minute later", a_minute_later(shell))
            },
            Step {
                seen: false,
                ..step("written in place", "cat s/x > .aws/config")
            },
            // What needs no stamp is seen.
            step("removed", "rm .aws/config"),
        ];
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
        // It did not ask at every prompt.
        assert_ne!(shown[1].badge, shown[1].right, "{shell}");
        assert_ne!(shown[3].badge, shown[3].right, "{shell}");
    }
}

#[test]
fn stamps_are_private_and_come_back_when_they_are_removed() {
    use std::os::unix::fs::PermissionsExt as _;
    for shell in shells().into_iter().filter(|shell| *shell != Shell::Zsh) {
        for (variable, directory) in [
            ("XDG_RUNTIME_DIR", "run/awsbadge"),
            ("XDG_STATE_HOME", "run/awsbadge"),
            ("UNSET", ".local/state/awsbadge"),
        ] {
            let home = home_of_files();
            let run = home.path().join("run");
            std::fs::create_dir(&run).unwrap();
            let env = [(variable, run.to_str().unwrap()), ("AWS_PROFILE", "dev")];
            let session = Session::open(home, shell, &env, "", "");
            let directory = session.home.path().join(directory);
            let stamps = || {
                let entries = std::fs::read_dir(&directory);
                let entries = entries.unwrap_or_else(|e| panic!("{shell}: {variable}: {e}"));
                entries.map(|e| e.unwrap()).collect::<Vec<_>>()
            };
            let before = stamps().len();
            assert!(before > 2, "{shell}: {variable}: {before}");
            assert!(stamps().iter().all(|e| e.metadata().unwrap().len() == 0));
            let mode = std::fs::metadata(&directory).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{shell}: {variable}");
            let gone = format!("rm -r {}", shell.quote(directory.to_str().unwrap()));
            let same = |what: &str, line: &str| Step {
                differs: false,
                ..step(what, line)
            };
            let steps = [
                same("removed", &gone),
                step("written in place", "cat s/y > .aws/config"),
                same("removed once more", &gone),
                same("nothing", "true"),
            ];
            let shown = session.take(&steps);
            let wrong = wrong(shell, &steps, &shown);
            assert!(wrong.is_empty(), "{wrong:#?}");
            assert_eq!(stamps().len(), before, "{shell}: {variable}");
            let screen = session.pty.screen();
            assert!(!screen.contains("No such"), "{shell}: {screen}");
        }
    }
}

#[test]
fn a_hook_of_the_users_that_sets_the_profile_is_not_one_prompt_late() {
    for shell in shells() {
        // Defined after ours, which with --prompt comes last all the same.
        let (hook, install) = match shell {
            Shell::Zsh => (
                "_late() { case $PWD in */other) export AWS_PROFILE=other;; *) export AWS_PROFILE=dev;; esac }",
                "precmd_functions+=(_late)",
            ),
            Shell::Bash if shell.version() >= 501 => (
                "_late() { case $PWD in */other) export AWS_PROFILE=other;; *) export AWS_PROFILE=dev;; esac; }",
                "PROMPT_COMMAND+=(_late)",
            ),
            Shell::Bash => (
                "_late() { case $PWD in */other) export AWS_PROFILE=other;; *) export AWS_PROFILE=dev;; esac; }",
                "PROMPT_COMMAND=\"$PROMPT_COMMAND;_late\"",
            ),
            Shell::Fish => (
                "function _late --on-event fish_prompt; \
                 switch $PWD; case '*/other'; set -gx AWS_PROFILE other; case '*'; set -gx AWS_PROFILE dev; end; end",
                "true",
            ),
        };
        let home = home();
        std::fs::create_dir(home.path().join("other")).unwrap();
        let session = Session::open(home, shell, &[("AWS_PROFILE", "dev")], "", "--prompt left");
        let remove = match shell {
            Shell::Zsh => "precmd_functions=()",
            Shell::Bash => "PROMPT_COMMAND=()",
            Shell::Fish => {
                "functions -e _awsbadge_precmd fish_prompt _late; function fish_prompt; printf '> '; end"
            }
        };
        let same = |what: &str, line: &str| Step {
            differs: false,
            ..step(what, line)
        };
        let steps = [
            same("the hook", &format!("{hook}\n{install}")),
            // It asks, and comes last again.
            same("a switch", "asp dev"),
            step("cd", "cd other"),
            step("and back", "cd .."),
            // With its hook gone awsbadge sees nothing, until `asp` puts it back.
            Step {
                seen: false,
                differs: false,
                ..step("all hooks removed", remove)
            },
            step("a switch", "asp other"),
            step("a variable", set(shell, "AWS_PROFILE", "dev", true)),
        ];
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn asp_removes_what_acp_set_and_says_so() {
    for shell in shells() {
        let session = Session::open(home(), shell, &[("AWS_PROFILE", "dev")], "", "");
        let key = |name: &str, value: &str| set(shell, name, value, true);
        let acp = format!(
            "{}; {}; {}; {}",
            key("AWS_ACCESS_KEY_ID", "ASIA"),
            key("AWS_SECRET_ACCESS_KEY", "x"),
            key("AWS_SESSION_TOKEN", "x"),
            key("AWSBADGE_ACP", "ASIA other"),
        );
        let steps = [
            step("acp", acp.clone()),
            step("asp", "asp"),
            step("acp", acp),
            // Keys that somebody else has set since stay.
            Step {
                differs: false,
                ..step("other keys", key("AWS_ACCESS_KEY_ID", "AKIA"))
            },
            Step {
                differs: false,
                ..step("asp", "asp")
            },
        ];
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(shown[2].badge, "", "{shell}");
        assert!(shown[5].badge.contains("env"), "{shell}: {shown:?}");
        let screen = session.pty.screen();
        let said = "awsbadge: removed the credentials of 'other' that `acp` set";
        assert_eq!(screen.matches(said).count(), 1, "{shell}: {screen}");
    }
}

#[test]
fn a_second_write_within_one_whole_second_is_seen() {
    for shell in shells() {
        let session = Session::open(home_of_files(), shell, &[("AWS_PROFILE", "dev")], "", "");
        let prompt = match shell {
            Shell::Zsh | Shell::Bash => "_awsbadge_precmd",
            Shell::Fish => "_awsbadge_ask",
        };
        // As on a file system that keeps whole seconds; the next one, so that there is time for all of this.
        let first = "cat s/y > .aws/config; touch -d @$(($(date +%s) + 1)) .aws/config s/t";
        let second = "cat s/x > .aws/config; touch -r s/t .aws/config";
        session.home.file("first", first).file("second", second);
        let steps = [Step {
            differs: false,
            ..step("two writes", format!("sh ./first; {prompt}; sh ./second"))
        }];
        let shown = session.take(&steps);
        let wrong = wrong(shell, &steps, &shown);
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(shown[1].badge, "aws:dev keys", "{shell}");
    }
}
