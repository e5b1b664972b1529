//! `settings`: what each is set to and by what; or a first file to change.

use super::Reply;
use crate::aws::Vars;
use crate::cli::SettingsArgs;
use crate::error::{Error, Visible};
use crate::host;
use crate::host::files::{self, CACHE_CAP, Read};
use crate::settings::{KEYS, Origin, Place, Problem, Settings, Source};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &SettingsArgs, vars: &Vars) -> Result<Reply, Error> {
    let path = path(vars).ok_or_else(|| Error::General {
        message: "there is no place for settings: neither XDG_CONFIG_HOME nor HOME is set"
            .to_owned(),
        next: "Set HOME.".to_owned(),
    })?;
    match args.init {
        true => init(&path),
        false => Ok(show(&path, vars)),
    }
}

/// The settings file, whether it is there or not.
pub(super) fn path(vars: &Vars) -> Option<PathBuf> {
    host::config_folder(vars).map(|folder| folder.join("config.ini"))
}

/// A symlink that leads nowhere is not the same as no file: its settings are missing.
pub(super) fn or_dangling(read: Read, path: &Path) -> Read {
    match read {
        Read::Absent if files::exists(path).is_ok_and(|there| there) => {
            Read::Unusable("a symlink to a file that does not exist".to_owned())
        }
        read => read,
    }
}

/// The file as the settings take it.
pub(super) fn source(read: &Read) -> Source<'_> {
    match read {
        Read::Absent => Source::Absent,
        Read::Bytes(bytes) => Source::Bytes(bytes),
        Read::Unusable(why) => Source::Unusable(why),
    }
}

/// A problem on one line: its place, what is wrong, and the fix.
pub(super) fn describe(problem: &Problem, vars: &Vars) -> String {
    let path = path(vars).unwrap_or_default();
    let path = path.to_string_lossy();
    let place = match problem.place {
        Place::File => format!("{path}: "),
        Place::Line(line) => format!("{path}:{line}: "),
        // A variable is named in the message.
        Place::Variable(_) => String::new(),
    };
    let text = format!("{place}{}. {}", problem.message, problem.fix);
    Visible(&text).to_string()
}

/// The first problem that may hide production, on one line, and how many more there are.
pub(super) fn doubt(problems: &[Problem], vars: &Vars) -> Option<String> {
    let mut hiding = problems.iter().filter(|p| p.hides_production);
    let first = describe(hiding.next()?, vars);
    Some(match hiding.count() {
        0 => first,
        more => format!("{first} (and {more} more: `awsbadge settings`)"),
    })
}

fn show(path: &Path, vars: &Vars) -> Reply {
    let read = or_dangling(files::read(path, CACHE_CAP), path);
    let shown = Visible(&path.to_string_lossy()).to_string();
    let mut stdout = match read {
        Read::Absent => {
            format!("# {shown}: no such file; `awsbadge settings --init` writes one\n")
        }
        _ => format!("# {shown}\n"),
    };
    let entries = Settings::table(source(&read), vars);
    let wide = |texts: &mut dyn Iterator<Item = String>| {
        texts
            .map(|t| t.chars().count())
            .filter(|w| *w <= 40)
            .max()
            .unwrap_or(0)
    };
    let keys = wide(&mut entries.iter().map(|e| Visible(&e.key).to_string()));
    let values = wide(&mut entries.iter().map(|e| Visible(&e.value).to_string()));
    let mut section = "";
    for entry in &entries {
        if entry.section != section {
            section = &entry.section;
            stdout += &format!("\n[{}]\n", Visible(section));
        }
        let from = match entry.origin {
            Origin::Default => "default".to_owned(),
            Origin::Line(line) => format!("line {line}"),
            Origin::Variable(name) => name.to_owned(),
        };
        stdout += &format!(
            "{:keys$} = {:values$}  # {from}\n",
            Visible(&entry.key).to_string(),
            Visible(&entry.value).to_string()
        );
    }
    let (settings, problems) = Settings::read(source(&read), vars);
    let mut stderr: String = problems
        .iter()
        .map(|problem| format!("awsbadge: {}\n", describe(problem, vars)))
        .collect();
    if settings.production_in_doubt {
        stderr += IN_DOUBT;
    }
    Reply {
        stderr,
        ..Reply::print(stdout)
    }
}

/// What follows from a problem that may hide production.
pub(super) const IN_DOUBT: &str =
    "awsbadge: production may not be recognized; every switch asks until that is fixed\n";

fn init(path: &Path) -> Result<Reply, Error> {
    let shown = Visible(&path.to_string_lossy()).to_string();
    let failed = |e: std::io::Error| Error::BadFile {
        path: path.to_owned(),
        line: None,
        message: files::reason(&e),
        next: "Nothing was written.".to_owned(),
    };
    if files::exists(path).map_err(failed)? {
        return Err(Error::Refused {
            message: format!("{shown} is there already, and stays as it is"),
            next: "`awsbadge settings` shows what is set.".to_owned(),
        });
    }
    let folder = path.parent().unwrap_or(path);
    files::make_folder(folder)
        .and_then(|()| files::replace(path, first_file().as_bytes(), 0o600))
        .map_err(failed)?;
    Ok(Reply {
        stderr: format!("awsbadge: wrote {shown}\n"),
        ..Reply::default()
    })
}

/// Every key, commented out, with its default and what it does.
fn first_file() -> String {
    let mut text = "# awsbadge's settings. What is commented out has its default.\n".to_owned();
    let mut section = "";
    for key in KEYS.iter().filter(|key| key.used) {
        if key.section != section {
            section = key.section;
            text += &format!("\n[{section}]\n");
        }
        let var = key
            .var
            .map(|var| format!(" ({var} overrides)"))
            .unwrap_or_default();
        text += &format!("# {}{var}\n#{} = {}\n", key.about, key.key, key.default);
    }
    text + "\n[alias]\n# A profile, and the short name that the badge shows and `asp` takes for it\n#myorg-dev-admin = dev\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_holds_every_key_at_its_default() {
        let vars = Vars::from_iter([("LANG", "C.UTF-8")]);
        let defaults = Settings::read(Source::Absent, &vars);
        assert_eq!(
            Settings::read(first_file().as_str().into(), &vars),
            defaults
        );
        let first = first_file();
        let lines = first.lines().map(|line| match line.strip_prefix('#') {
            Some(set) if !set.starts_with(' ') => set.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        });
        let (mut all, problems) = Settings::read(lines.collect::<String>().as_str().into(), &vars);
        assert_eq!(problems, []);
        assert_eq!(
            all.aliases,
            [("myorg-dev-admin".to_owned(), "dev".to_owned())]
        );
        all.aliases.clear();
        assert_eq!(all, defaults.0);
    }
}
