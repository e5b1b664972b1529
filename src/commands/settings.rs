//! `settings`: shows each value and its origin, or creates the file.

use super::Output;
use crate::aws::Env;
use crate::cli::SettingsArgs;
use crate::context::{Context, or_dangling, settings_path, settings_source};
use crate::error::Error;
use crate::identity::confirm::IN_DOUBT;
use crate::output::sanitize::Escaped;
use crate::settings::{KEYS, Origin, Settings};
use crate::sys::atomic_write;
use crate::sys::fs::{self, CACHE_CAP, Read};
use std::path::Path;

pub(super) fn run(args: &SettingsArgs, vars: &Env) -> Result<Output, Error> {
    let path = settings_path(vars).ok_or_else(|| Error::General {
        message: "no directory for settings: neither XDG_CONFIG_HOME nor HOME is set".to_owned(),
        hint: "set HOME".to_owned(),
    })?;
    if args.init {
        init(&path)
    } else {
        Ok(show(&path, vars))
    }
}

fn show(path: &Path, vars: &Env) -> Output {
    let read = or_dangling(fs::read(path, CACHE_CAP), path);
    let file = Escaped(&path.to_string_lossy()).to_string();
    let mut stdout = match read {
        Read::Absent => {
            format!("# {file}: the file does not exist; `awsbadge settings --init` creates it\n")
        }
        _ => format!("# {file}\n"),
    };
    let entries = Settings::table(settings_source(&read), vars);
    let wide = |texts: &mut dyn Iterator<Item = String>| {
        texts
            .map(|t| t.chars().count())
            .filter(|w| *w <= 40)
            .max()
            .unwrap_or(0)
    };
    let keys = wide(&mut entries.iter().map(|e| Escaped(&e.key).to_string()));
    let values = wide(&mut entries.iter().map(|e| Escaped(&e.value).to_string()));
    let mut section = "";
    for entry in &entries {
        if entry.section != section {
            section = &entry.section;
            stdout += &format!("\n[{}]\n", Escaped(section));
        }
        let from = match entry.origin {
            Origin::Default => "default".to_owned(),
            Origin::Line(line) => format!("line {line}"),
            Origin::Variable(name) => name.to_owned(),
        };
        stdout += &format!(
            "{:keys$} = {:values$}  # {from}\n",
            Escaped(&entry.key).to_string(),
            Escaped(&entry.value).to_string()
        );
    }
    let ctx = Context::new(vars);
    let mut stderr: String = ctx
        .problems
        .iter()
        .map(|problem| format!("awsbadge: {}\n", Escaped(&problem.with_fix())))
        .collect();
    if ctx.settings.production_in_doubt {
        stderr += IN_DOUBT;
    }
    Output {
        stderr,
        ..Output::print(stdout)
    }
}

fn init(path: &Path) -> Result<Output, Error> {
    let file = Escaped(&path.to_string_lossy()).to_string();
    let failed = |e: std::io::Error| Error::BadFile {
        path: path.to_owned(),
        line: None,
        message: format!("{}; nothing was written", fs::reason(&e)),
        hint: String::new(),
    };
    if fs::exists(path).map_err(failed)? {
        return Err(Error::Refused {
            message: format!("{file} already exists and was not changed"),
            hint: "run `awsbadge settings` to show the current settings".to_owned(),
        });
    }
    let folder = path.parent().unwrap_or(path);
    atomic_write::make_directory(folder)
        .and_then(|()| atomic_write::replace(path, first_file().as_bytes(), 0o600))
        .map_err(failed)?;
    Ok(Output {
        stderr: format!("awsbadge: wrote {file}\n"),
        ..Output::default()
    })
}

/// Every key, commented out, with its default and what it does.
fn first_file() -> String {
    let mut text = "# awsbadge's settings. Commented-out keys have their default.\n".to_owned();
    let mut section = "";
    for key in KEYS.iter() {
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
    text + "\n[alias]\n# PROFILE = ALIAS: the badge shows the alias, and `asp` accepts it\n#myorg-dev-admin = dev\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Source;

    #[test]
    fn the_first_file_holds_every_key_at_its_default() {
        let vars = Env::from_iter([("LANG", "C.UTF-8")]);
        let path = Path::new("config.ini");
        let defaults = Settings::read(Source::Absent, path, &vars);
        assert_eq!(
            Settings::read(first_file().as_str().into(), path, &vars),
            defaults
        );
        let first = first_file();
        let lines = first.lines().map(|line| match line.strip_prefix('#') {
            Some(set) if !set.starts_with(' ') => set.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        });
        let (mut all, problems) =
            Settings::read(lines.collect::<String>().as_str().into(), path, &vars);
        assert_eq!(problems, []);
        assert_eq!(
            all.aliases,
            [("myorg-dev-admin".to_owned(), "dev".to_owned())]
        );
        all.aliases.clear();
        assert_eq!(all, defaults.0);
    }
}
