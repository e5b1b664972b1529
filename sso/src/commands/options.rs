//! What `populate` is asked for: its flags, and for what they do not say the settings.

use crate::cli;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::library::{Populate, is_region, safe_name, settings_file};
use crate::plan::document::Document;
use crate::plan::edits::Edits;
use crate::plan::filter::Filter;
use crate::plan::mark::MARK;
use crate::plan::names::{self, Template};
use crate::store::config::ConfigFile;

/// The flags and the settings together.
pub(super) struct Options {
    pub(super) template: Template,
    pub(super) filter: Filter,
    /// Keys for every profile.
    pub(super) keys: Vec<(String, String)>,
    pub(super) prune: bool,
    /// What [`Options::save`] writes.
    saved: Populate,
}

fn usage(message: String, next: &str) -> Failure {
    Failure::new(Word::Usage, message, next)
}

impl Options {
    /// What is wanted for a session.
    ///
    /// # Errors
    /// `usage`: a value that can't be used.
    pub(super) fn of(cx: &Context, args: &cli::Populate, session: &str) -> Result<Self, Failure> {
        let mut saved = Populate {
            session: session.to_owned(),
            ..Populate::default()
        };
        let of_session = |populate: &&Populate| populate.session == session;
        if let Some(found) = cx.settings.populate.iter().find(of_session) {
            saved = found.clone();
        }
        let flag = |flag: &Option<String>, saved: &mut Option<String>| {
            if flag.is_some() {
                saved.clone_from(flag);
            }
        };
        flag(&args.name, &mut saved.name);
        flag(&args.region, &mut saved.region);
        flag(&args.output, &mut saved.output);
        for (flags, saved) in [(&args.only, &mut saved.only), (&args.not, &mut saved.not)] {
            if !flags.is_empty() {
                saved.clone_from(flags);
            }
        }
        saved.prune |= args.prune;
        let mut keys = Vec::new();
        if let Some(region) = &saved.region {
            if !is_region(region) {
                let message = format!("'{}' is not a region", safe_name(region));
                return Err(usage(message, "Name one such as eu-west-1."));
            }
            keys.push(("region".to_owned(), region.clone()));
        }
        if let Some(output) = &saved.output {
            if output.is_empty() || !output.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
                let message = format!("'{}' is not an output format", safe_name(output));
                return Err(usage(
                    message,
                    "Name one such as json, yaml, text or table.",
                ));
            }
            keys.push(("output".to_owned(), output.clone()));
        }
        for pair in &args.set {
            let (key, value) = key_and_value(pair)?;
            if keys.iter().any(|(known, _)| *known == key) {
                return Err(usage(
                    format!("the key '{key}' is given twice"),
                    "Give it once.",
                ));
            }
            keys.push((key, value));
        }
        Ok(Self {
            template: Template::parse(saved.name.as_deref().unwrap_or(names::DEFAULT))?,
            filter: Filter {
                only: saved.only.clone(),
                not: saved.not.clone(),
                accounts: args.account.clone(),
                roles: args.role.clone(),
            },
            keys,
            prune: saved.prune,
            saved,
        })
    }

    /// Whether the settings could hold them.
    ///
    /// # Errors
    /// `usage`: a value that would be read otherwise.
    pub(super) fn check_saving(&self) -> Result<(), Failure> {
        let saved = &self.saved;
        let texts = saved.name.iter().chain(&saved.region).chain(&saved.output);
        let patterns = saved.only.iter().chain(&saved.not);
        let odd = |text: &&String| {
            text.contains(|c: char| c.is_control() || "#;\"'\\".contains(c))
                || text.trim() != text.as_str()
                || text.is_empty()
        };
        let wrong = texts.chain(patterns.clone()).find(odd);
        match wrong.or_else(|| {
            patterns
                .clone()
                .find(|text| text.contains(',') || *text == "none")
        }) {
            Some(text) => Err(usage(
                format!("'{}' can't be saved", safe_name(text)),
                "Leave quotes, backslashes, commas, # and ; out of it, or leave out --save.",
            )),
            None => Ok(()),
        }
    }

    /// Keeps the flags in the settings.
    ///
    /// # Errors
    /// The file can't be written.
    pub(super) fn save(&self, cx: &Context) -> Result<(), Failure> {
        let path = settings_file(&cx.vars).ok_or_else(|| {
            let message = "there is no place for the settings";
            Failure::new(Word::BadConfig, message, "Set HOME or XDG_CONFIG_HOME.")
        })?;
        let file = ConfigFile::new(path, &cx.locks, None);
        file.edit(|text| Ok(settings(text, &self.saved)))?;
        cx.say(&format!(
            "{}: options saved in {}",
            safe_name(&self.saved.session),
            cx.path(file.path())
        ));
        Ok(())
    }
}

/// `KEY=VALUE`, in a form that all tools read alike.
fn key_and_value(pair: &str) -> Result<(String, String), Failure> {
    let wrong = |why: &str| {
        Err(usage(
            format!("--set {}: {why}", safe_name(pair)),
            "Write --set KEY=VALUE, such as --set cli_pager=less.",
        ))
    };
    let Some((key, value)) = pair.split_once('=') else {
        return wrong("there is no =");
    };
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let comment = value.starts_with(['#', ';'])
        || [" #", " ;", "\t#", "\t;"]
            .iter()
            .any(|mark| value.contains(mark));
    match () {
        () if key.is_empty() || !key.bytes().all(plain) => wrong("a key has letters, digits and _"),
        () if key.starts_with("sso_") || key == MARK || key == "region" || key == "output" => {
            wrong("populate sets this key itself")
        }
        () if key.starts_with("aws_") => wrong("keys and tokens have no place here"),
        () if value.is_empty() || value.contains(char::is_control) => {
            wrong("the value is empty or has control characters")
        }
        () if comment => wrong("some tools take # and ; for the beginning of a comment"),
        () => Ok((key, value.to_owned())),
    }
}

/// What makes the settings file say so.
fn settings(text: &str, saved: &Populate) -> Edits {
    let list = |patterns: &[String]| Some(patterns.join(", ")).filter(|list| !list.is_empty());
    let values = [
        ("name", saved.name.clone()),
        ("region", saved.region.clone()),
        ("output", saved.output.clone()),
        ("only", list(&saved.only)),
        ("not", list(&saved.not)),
        ("prune", saved.prune.then(|| "on".to_owned())),
    ];
    let values = values
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    let document = Document::of(text);
    let header = format!("[populate {}]", saved.session);
    let block = document
        .sections
        .iter()
        .find(|block| document.slice(block.header.clone()).trim() == header);
    let mut edits = Edits::default();
    let mut lines = vec![header];
    for (key, value) in values {
        match block {
            Some(block) => {
                let there = block.key(key).map(|found| document.value(found));
                if there != Some(value.as_str()) {
                    document.set(&mut edits, block, key, &value);
                }
            }
            None => lines.push(format!("{key} = {value}")),
        }
    }
    if block.is_none() && lines.len() > 1 {
        document.insert(&mut edits, None, &lines);
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_form_that_all_tools_read_alike() {
        for (pair, want) in [
            ("cli_pager=", None),
            ("cli_pager = less -R", Some(("cli_pager", "less -R"))),
            ("A=b=c", Some(("a", "b=c"))),
            ("x=a#b", Some(("x", "a#b"))),
            ("x=a #b", None),
            ("x=;a", None),
            ("x=a\nb=c", None),
            ("a b=c", None),
            ("=c", None),
            ("x", None),
            ("sso_region=x", None),
            ("region=x", None),
            ("aws_secret_access_key=x", None),
        ] {
            let got = key_and_value(pair).ok();
            let want = want.map(|(key, value)| (key.to_owned(), value.to_owned()));
            assert_eq!(got, want, "{pair:?}");
        }
    }

    #[test]
    fn the_settings_keep_their_other_lines() {
        let saved = Populate {
            session: "my sso".into(),
            name: Some("{role}".into()),
            only: vec!["a*".into(), "b".into()],
            prune: true,
            ..Populate::default()
        };
        let section = "[populate my sso]\nname = {role}\nonly = a*, b\nprune = on\n";
        for (text, want) in [
            ("", section.to_owned()),
            ("# c\n[badge]\nsymbol = x", format!("# c\n[badge]\nsymbol = x\n\n{section}")),
            (section, section.to_owned()),
            (
                "[populate my sso]\n# why\nname = x\nregion = r\n\n[badge]\n",
                "[populate my sso]\n# why\nname = {role}\nregion = r\nonly = a*, b\nprune = on\n\n[badge]\n"
                    .to_owned(),
            ),
        ] {
            let after = settings(text, &saved).apply(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(after).unwrap(), want, "{text:?}");
        }
    }
}
