//! Many config files through `populate`: a second time without a change, a prune, and back to the byte.

use crate::support::{Config, Home, Knobs, StandIn, configs, installed, skip};
use std::path::Path;

fn read(home: &Home) -> String {
    String::from_utf8(home.read(".aws/config").unwrap()).unwrap()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive(['\n', '\r']).collect()
}

/// The lines of `after` that are not those of `before`, if these are all there, in order, and unchanged: but a last
/// line without an end may get one.
fn new_lines<'a>(before: &str, after: &'a str) -> Result<Vec<&'a str>, String> {
    let mut old = lines(before).into_iter().peekable();
    let mut new = Vec::new();
    for line in lines(after) {
        let same = old.peek().is_some_and(|old| {
            *old == line
                || (!old.ends_with(['\n', '\r']) && line.trim_end_matches(['\n', '\r']) == *old)
        });
        match same {
            true => drop(old.next()),
            false => new.push(line),
        }
    }
    match old.next() {
        None => Ok(new),
        Some(lost) => Err(format!("{lost:?} is gone or elsewhere")),
    }
}

/// Whether it is a line that populate writes.
fn is_ours(line: &str) -> bool {
    let line = line.trim_end();
    line.is_empty()
        || line.starts_with("[profile Production-")
        || line.starts_with("[profile Sandbox-")
        || [
            "sso_session = my-sso",
            "sso_role_name = Admin",
            "sso_role_name = ReadOnly",
            "output = json",
        ]
        .contains(&line)
        || [
            "sso_account_id = 123456789012",
            "sso_account_id = 210987654321",
        ]
        .contains(&line)
        || line
            .strip_prefix("awsbadge_populated = my-sso ")
            .is_some_and(|hash| hash.len() == 8)
}

struct Tried<'a> {
    server: StandIn,
    home: Home,
    config: &'a Config,
}

impl Tried<'_> {
    #[track_caller]
    fn populate(&self, arguments: &[&str]) -> serde_json::Value {
        self.home
            .run(["populate", "my-sso", "--json", "--yes", "--output", "json"])
            .args(arguments)
            .at(&self.server)
            .output()
            .exits(0)
            .json()
    }

    fn undo(&self) -> serde_json::Value {
        self.home
            .run(["populate", "--undo", "--yes", "--json"])
            .output()
            .exits(0)
            .json()
    }

    #[track_caller]
    fn only_ours_are_new(&self, before: &str) -> String {
        let after = read(&self.home);
        let new =
            new_lines(before, &after).unwrap_or_else(|why| panic!("{}: {why}", self.config.name));
        let foreign: Vec<&str> = new.into_iter().filter(|line| !is_ours(line)).collect();
        assert!(foreign.is_empty(), "{}: {foreign:?}", self.config.name);
        after
    }

    fn through(&self) {
        let name = self.config.name;
        let before = &self.config.text;
        let report = self.populate(&[]);
        assert_eq!(report["written"], true, "{name}: {report}");
        let added = report["added"].as_array().unwrap().len();
        let hand = report["kept"].as_array().unwrap().len();
        assert_eq!(added + hand, 3, "{name}: {report}");
        let populated = self.only_ours_are_new(before);
        // Nothing is left to do.
        let again = self.populate(&[]);
        assert_eq!(
            (&again["written"], &again["undo"]),
            (&false.into(), &serde_json::Value::Null),
            "{name}"
        );
        assert_eq!(read(&self.home), populated, "{name}");
        assert_eq!(
            self.home.names(".local/state/awsbadge/undo").len(),
            1,
            "{name}"
        );
        // An account that is no longer offered.
        self.server.set(|knobs| knobs.accounts.truncate(1));
        let pruned = self.populate(&["--prune"]);
        let removed = pruned["removed"].as_array().unwrap().len();
        assert_eq!(
            removed,
            usize::from(name != "a start url in the profile"),
            "{name}: {pruned}"
        );
        let after = self.only_ours_are_new(before);
        assert_eq!(
            after.matches("awsbadge_populated = my-sso").count(),
            added - removed,
            "{name}"
        );
        // Back, to the byte.
        if removed > 0 {
            assert_eq!(self.undo()["exact"], true, "{name}");
            assert_eq!(read(&self.home), populated, "{name}");
        }
        let undone = self.undo();
        assert_eq!(
            (&undone["exact"], &undone["written"]),
            (&true.into(), &true.into()),
            "{name}"
        );
        assert_eq!(&read(&self.home), before, "{name}");
        assert_eq!(
            self.home.names(".local/state/awsbadge/undo"),
            [""; 0],
            "{name}"
        );
        assert_eq!(self.undo()["written"], false, "{name}");
    }
}

#[test]
fn forty_config_files_keep_every_byte_that_is_not_ours() {
    let configs = configs();
    assert!(configs.len() >= 40, "{}", configs.len());
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(config) =
                    configs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    let server = StandIn::start(Knobs::default());
                    let home = Home::new();
                    home.config(&config.text)
                        .token("my-sso", &server.login(), 3000);
                    Tried {
                        server,
                        home,
                        config,
                    }
                    .through();
                }
            });
        }
    });
}

#[test]
fn a_symlink_stays_one_and_a_mode_stays_too() {
    use std::os::unix::fs::PermissionsExt as _;
    for chain in [&["config-1"][..], &["config-2", "config-1"]] {
        let server = StandIn::start(Knobs::default());
        let home = Home::new();
        let all = configs();
        let config = &all[0];
        home.file("dotfiles/real", &config.text)
            .token("my-sso", &server.login(), 3000);
        let real = home.path().join("dotfiles/real");
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o644)).unwrap();
        // Relative ones, through another directory.
        std::fs::create_dir_all(home.path().join(".aws")).unwrap();
        let mut to = Path::new("../dotfiles/real").to_path_buf();
        for name in chain.iter().skip(1) {
            std::os::unix::fs::symlink(&to, home.path().join(".aws").join(name)).unwrap();
            to = name.into();
        }
        std::os::unix::fs::symlink(&to, home.path().join(".aws/config")).unwrap();
        let tried = Tried {
            server,
            home,
            config,
        };
        tried.through();
        let link = std::fs::symlink_metadata(tried.home.path().join(".aws/config")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(tried.home.mode("dotfiles/real"), 0o644);
        assert_eq!(
            tried.home.names("dotfiles"),
            ["real"],
            "nothing is left beside it"
        );
    }
}

/// The bits of the group are the list's mask: without the list they would let the group in.
#[test]
fn an_access_control_list_of_the_config_file_is_kept() {
    if !installed(&["setfacl", "getfacl"]) {
        return;
    }
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    home.token("my-sso", &server.login(), 3000);
    let path = home.path().join(".aws/config");
    let path = path.to_str().unwrap();
    let set = home
        .program("setfacl")
        .args(["-m", "u:65534:rw,g::---,m::rw", path]);
    if set.output().code != 0 {
        return skip("this file system has no access control lists");
    }
    let list = || {
        home.program("getfacl")
            .args(["--omit-header", "--numeric", path])
            .output()
            .stdout
    };
    let (before, text) = (list(), read(&home));
    assert!(before.contains("user:65534:rw-"), "{before}");
    let populate = home
        .run(["populate", "my-sso", "--json", "--yes"])
        .at(&server);
    populate.output().exits(0);
    assert_ne!(read(&home), text);
    assert_eq!(list(), before);
}
