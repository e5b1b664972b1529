//! `settings`: what each is set to and by what; or a first file to change.

use super::Reply;
use crate::aws::Env;
use crate::badge::Settings;
use crate::badge::settings::{KEYS, Key, Place};
use crate::cli::SettingsArgs;
use crate::error::{Error, Visible};
use crate::host;
use crate::host::files::{self, CACHE_CAP, Read};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &SettingsArgs, vars: &Env) -> Result<Reply, Error> {
    let path = path(vars)?;
    match args.init {
        true => init(&path),
        false => show(&path, vars),
    }
}

fn path(vars: &Env) -> Result<PathBuf, Error> {
    let folder = host::config_folder(vars).ok_or_else(|| Error::General {
        message: "there is no place for settings: neither XDG_CONFIG_HOME nor HOME is set"
            .to_owned(),
        next: "Set HOME.".to_owned(),
    })?;
    Ok(folder.join("config.ini"))
}

fn show(path: &Path, vars: &Env) -> Result<Reply, Error> {
    let (text, trouble) = match files::read(path, CACHE_CAP) {
        Read::Bytes(bytes) => (Some(String::from_utf8_lossy(&bytes).into_owned()), None),
        Read::Absent => (None, None),
        Read::Unusable(why) => (None, Some(why)),
    };
    let shown = Visible(&path.to_string_lossy()).to_string();
    let mut stdout = match (&text, &trouble) {
        (None, None) => format!("# {shown}: no such file; `awsbadge settings --init` writes one\n"),
        _ => format!("# {shown}\n"),
    };
    let entries = Settings::table(text.as_deref(), vars);
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
            section = entry.section;
            stdout += &format!("\n[{section}]\n");
        }
        let from = match entry.place {
            Place::Default => "default",
            Place::File => "file",
            Place::Variable(name) => name,
        };
        stdout += &format!(
            "{:keys$} = {:values$}  # {from}\n",
            Visible(&entry.key).to_string(),
            Visible(&entry.value).to_string()
        );
    }
    let mut stderr = String::new();
    if let Some(why) = trouble {
        stderr += &format!("awsbadge: {shown}: {why}; the defaults hold\n");
    }
    for complaint in Settings::read(text.as_deref(), vars).1 {
        // A variable is its own place; everything else is in the file.
        let place = match complaint.place.starts_with("AWSBADGE_") {
            true => complaint.place,
            false => format!("{shown}: {}", complaint.place),
        };
        stderr += &format!(
            "awsbadge: {}: {}\n",
            Visible(&place),
            Visible(&complaint.message)
        );
    }
    Ok(Reply {
        stderr,
        ..Reply::print(stdout)
    })
}

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
    let mut text =
        "# awsbadge's settings. What is commented out stands at its default.\n".to_owned();
    let mut section = "";
    for Key {
        section: of,
        key,
        default,
        about,
        var,
    } in KEYS
    {
        if of != section {
            section = of;
            text += &format!("\n[{section}]\n");
        }
        let var = var
            .map(|var| format!(" ({var} overrides)"))
            .unwrap_or_default();
        text += &format!("# {about}{var}\n");
        text += format!("#{key} = {default}").trim_end();
        text.push('\n');
    }
    text + "\n[alias]\n# A profile, and the short name that the badge shows and `asp` takes for it\n#myorg-dev-admin = dev\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_holds_every_key_at_its_default() {
        let vars = Env::from_iter([("LANG", "C.UTF-8")]);
        let defaults = Settings::read(None, &vars);
        assert_eq!(Settings::read(Some(&first_file()), &vars), defaults);
        let first = first_file();
        let lines = first.lines().map(|line| match line.strip_prefix('#') {
            Some(set) if !set.starts_with(' ') => set.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        });
        let (mut all, complaints) = Settings::read(Some(&lines.collect::<String>()), &vars);
        assert_eq!(complaints, []);
        assert_eq!(
            all.aliases,
            [("myorg-dev-admin".to_owned(), "dev".to_owned())]
        );
        all.aliases.clear();
        assert_eq!(all, defaults.0);
    }
}
