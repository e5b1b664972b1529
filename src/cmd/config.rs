//! `config`: AWS's two files merged as one tool reads them.

use super::Reply;
use super::explain::{Disk, capital, notice};
use crate::aws::Vars;
use crate::aws::chain::{self, Files, Tool};
use crate::aws::grammar::{Section, Value as Setting};
use crate::cli::ShowConfig;
use crate::error::{Error, Visible};
use serde_json::{Map, Value, json};

pub(super) fn run(args: &ShowConfig, vars: &Vars) -> Result<Reply, Error> {
    let tool = Tool::from(args.tool);
    let disk = Disk::default();
    let files = chain::read_files(tool, vars, &|path| disk.read(path)).map_err(|refusal| {
        Error::BadFile {
            path: refusal.path,
            line: refusal.line,
            message: Visible(&refusal.message).to_string(),
            next: format!(
                "{} refuses the whole file; mend that line.",
                capital(tool.title())
            ),
        }
    })?;
    let stdout = match args.json {
        true => super::pretty(&object(&files)),
        false => text(&files),
    };
    let stderr = match stdout.is_empty() {
        true => {
            "awsbadge: AWS's two files are not there, or empty; `aws configure sso` writes the first profile\n"
        }
        false => "",
    };
    Ok(Reply {
        stderr: stderr.to_owned(),
        ..Reply::print(stdout)
    })
}

/// A value that may be seen.
pub(super) fn masked(key: &str, value: &str) -> String {
    let key = key.to_ascii_lowercase();
    let secret = [
        "secret",
        "token",
        "password",
        "passwd",
        "passphrase",
        "private_key",
    ]
    .iter()
    .any(|word| key.contains(word));
    // A path says nothing, and is what people look for.
    if secret && key != "web_identity_token_file" {
        return "***".to_owned();
    }
    if key == "aws_access_key_id" {
        return masked_id(value);
    }
    // Its arguments may hold a password.
    if key == "credential_process" {
        let words = value.trim().split_once(char::is_whitespace);
        return words.map_or(value.to_owned(), |(program, _)| format!("{program} ***"));
    }
    value.to_owned()
}

/// An access key id by its first four and last four characters; a short one not at all.
fn masked_id(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    match letters.len() {
        0 => String::new(),
        1..=12 => "***".to_owned(),
        all => {
            let end = |part: &[char]| part.iter().collect::<String>();
            format!("{}…{}", end(&letters[..4]), end(&letters[all - 4..]))
        }
    }
}

/// A value with its sub-properties, each masked by its own name.
fn shown(key: &str, setting: &Setting) -> String {
    match setting.text.strip_prefix('\n') {
        None => masked(key, &setting.text),
        Some(lines) => lines
            .split('\n')
            .map(|line| match line.split_once('=') {
                Some((name, value)) => {
                    let (name, value) = (name.trim(), value.trim());
                    format!("\n{name} = {}", masked(name, value))
                }
                None => format!("\n{}", masked(key, line)),
            })
            .collect(),
    }
}

fn object(files: &Files) -> Value {
    let list = |sections: &[Section]| {
        let one = |section: &Section| {
            let keys = section
                .keys
                .iter()
                .map(|(key, value)| (key.clone(), Value::String(shown(key, value))));
            (section.name.clone(), Value::Object(keys.collect()))
        };
        Value::Object(sections.iter().map(one).collect::<Map<_, _>>())
    };
    let warnings = files
        .notices
        .iter()
        .cloned()
        .chain(files.merged.warnings.iter().map(|w| files.notice(w)));
    json!({
        "profiles": list(&files.merged.profiles),
        "sso_sessions": list(&files.merged.sso_sessions),
        "services": list(&files.merged.services),
        "warnings": warnings.map(|w| notice(&w)).collect::<Vec<_>>(),
    })
}

/// The files as they might stand in one, each line with its origin behind it.
fn text(files: &Files) -> String {
    let mut out = String::new();
    let groups = [
        ("profile ", &files.merged.profiles),
        ("sso-session ", &files.merged.sso_sessions),
        ("services ", &files.merged.services),
    ];
    for (prefix, sections) in groups {
        for section in sections {
            if !out.is_empty() {
                out.push('\n');
            }
            let header = match (prefix, section.name.as_str()) {
                ("profile ", "default") => "[default]".to_owned(),
                (prefix, name) => format!("[{prefix}{}]", Visible(name)),
            };
            let place = files.place(section.file, section.line);
            out.push_str(&line(&header, &place));
            for (key, value) in &section.keys {
                let text = shown(key, value).replace('\n', "\n    ");
                let mut lines = text.split('\n');
                let first = lines.next().unwrap_or_default();
                let first = format!("{} = {}", Visible(key), Visible(first));
                out.push_str(&line(first.trim_end(), &files.at(value)));
                for more in lines {
                    out.push_str(&format!("{}\n", Visible(more)));
                }
            }
        }
    }
    out
}

fn line(text: &str, place: &str) -> String {
    format!("{text:<48}  # {}\n", Visible(place))
}
