//! `config`: the AWS files merged as one tool reads them.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{Files, Profiles as _, Tool};
use crate::aws::config::Section;
use crate::cli::ShowConfig;
use crate::context::Context;
use crate::error::Error;
use crate::identity::lookup;
use crate::output::json;
use crate::output::redact::shown;
use crate::output::sanitize::{self, Escaped};
use serde_json::{Map, Value, json};

pub(super) fn run(args: &ShowConfig, vars: &Env) -> Result<Output, Error> {
    let tool = Tool::from(args.tool);
    let ctx = Context::new(vars);
    let files = tool.read_files(vars, &ctx);
    if let Some(refusal) = files.refusal() {
        let location = refusal.location.as_ref();
        return Err(Error::BadFile {
            path: location.map(|l| l.path.clone()).unwrap_or_default(),
            line: location.and_then(|l| l.line),
            message: Escaped(&refusal.message).to_string(),
            hint: format!("correct that line: {} refuses the whole file", tool.title()),
        });
    }
    let mut files = files;
    if let Some(typed) = super::typed_if_any(args.profile.as_ref())? {
        only(&mut files, &lookup::find(&ctx, typed)?);
    }
    let stdout = if args.json {
        json::pretty(&object(&files))
    } else {
        sanitize::text(text(&files), ctx.settings.ascii)
    };
    let stderr = if stdout.is_empty() {
        lookup::none_found(&ctx)
    } else {
        String::new()
    };
    Ok(Output {
        stderr,
        ..Output::print(stdout)
    })
}

/// Leaves of the files what concerns one profile.
fn only(files: &mut Files, profile: &Section) {
    let merged = &mut files.merged;
    merged.profiles.retain(|p| p.name == profile.name);
    let used = |key: &str| profile.text(key).map(str::to_owned);
    let (session, services) = (used("sso_session"), used("services"));
    merged
        .sso_sessions
        .retain(|s| Some(&s.name) == session.as_ref());
    merged
        .services
        .retain(|s| Some(&s.name) == services.as_ref());
}

fn object(files: &Files) -> Value {
    let list = |sections: &[Section]| {
        let one = |section: &Section| {
            let keys = section
                .keys
                .iter()
                .map(|(key, value)| (key.clone(), Value::String(shown(key, &value.text))));
            (section.name.clone(), Value::Object(keys.collect()))
        };
        Value::Object(sections.iter().map(one).collect::<Map<_, _>>())
    };
    let warnings = files.ignored_files().iter().chain(&files.merged.warnings);
    json!({
        "profiles": list(&files.merged.profiles),
        "sso_sessions": list(&files.merged.sso_sessions),
        "services": list(&files.merged.services),
        "warnings": warnings.map(crate::output::json::diagnostic).collect::<Vec<_>>(),
    })
}

/// The files as one file, each line with its origin at the end.
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
                (prefix, name) => format!("[{prefix}{}]", Escaped(name)),
            };
            let place = files.location(section.file, section.line);
            out.push_str(&line(&header, &place.to_string()));
            for (key, value) in &section.keys {
                let text = shown(key, &value.text).replace('\n', "\n    ");
                let mut lines = text.split('\n');
                let first = lines.next().unwrap_or_default();
                let first = format!("{} = {}", Escaped(key), Escaped(first));
                out.push_str(&line(first.trim_end(), &files.at(value).to_string()));
                for more in lines {
                    out.push_str(&format!("{}\n", Escaped(more)));
                }
            }
        }
    }
    out
}

fn line(text: &str, place: &str) -> String {
    format!("{text:<48}  # {}\n", Escaped(place))
}
