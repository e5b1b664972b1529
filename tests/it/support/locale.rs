//! Locales whose characters may end in the byte of a backslash, built for the tests alone.

use super::tools;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A locale to run something in.
#[derive(Debug, Clone)]
pub(crate) struct Locale {
    /// The value of `LC_ALL`.
    pub(crate) name: &'static str,
    /// The value of `LOCPATH`, where the C library does not know the locale by itself.
    pub(crate) path: Option<PathBuf>,
}

/// Name, source and character map of the locales to build.
const BUILT: [(&str, &str, &str); 4] = [
    ("zh_CN.GBK", "zh_CN", "GBK"),
    ("zh_TW.BIG5", "zh_TW", "BIG5"),
    ("zh_CN.GB18030", "zh_CN", "GB18030"),
    ("ja_JP.SJIS", "ja_JP", "SHIFT_JIS"),
];

impl Locale {
    /// C, C.UTF-8, and the built ones; these are reported as skipped where Debian's `locales` is missing.
    #[track_caller]
    pub(crate) fn all() -> Vec<Self> {
        let own = ["C", "C.UTF-8"].map(|name| Self { name, path: None });
        let mut all = own.to_vec();
        if !tools::installed(&["localedef", "locale"]) {
            return all;
        }
        if !Path::new("/usr/share/i18n/charmaps/GBK.gz").exists() {
            tools::skip("no sources of locales");
            return all;
        }
        let path = built();
        all.extend(BUILT.map(|(name, ..)| Self {
            name,
            path: Some(path.to_owned()),
        }));
        all
    }

    /// What to add to an environment.
    pub(crate) fn variables(&self) -> Vec<(&'static str, std::ffi::OsString)> {
        let path = self.path.iter().map(|path| ("LOCPATH", path.into()));
        path.chain([("LC_ALL", self.name.into())]).collect()
    }
}

/// The directory of the built locales. Built once by each test run: they are of the C library that is installed.
fn built() -> &'static Path {
    static BUILD: OnceLock<PathBuf> = OnceLock::new();
    BUILD.get_or_init(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("locales");
        let fresh = directory.with_extension(std::process::id().to_string());
        fs::create_dir_all(&fresh).unwrap();
        for (name, source, map) in BUILT {
            // `-c`: it warns that Shift-JIS is not ASCII, and would write nothing. Its exit code says so too.
            let made = Command::new("localedef")
                .args(["-c", "-i", source, "-f", map])
                .arg(fresh.join(name))
                .output()
                .unwrap();
            let found = Command::new("locale")
                .arg("charmap")
                .env("LC_ALL", name)
                .env("LOCPATH", &fresh)
                .output()
                .unwrap();
            let found = String::from_utf8(found.stdout).unwrap();
            assert_eq!(found.trim_end(), map, "{name}: {made:?}");
        }
        // Another run of the tests may use the directory of the last one.
        match fs::rename(&fresh, &directory) {
            Ok(()) => directory,
            Err(_) => fresh,
        }
    })
}
