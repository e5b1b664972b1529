//! `populate --undo`: takes the last write back.

use super::populate::{can_ask, differs, show};
use super::print;
use crate::cli::Populate;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::library::safe_name;
use crate::plan::edits::Edits;
use crate::plan::undo::{Record, Undo};
use crate::store::undo::Records;
use crate::sys::terminal;
use serde_json::json;
use std::path::PathBuf;

pub(super) fn run(cx: &Context, args: &Populate) -> Result<u8, Failure> {
    // What takes a write back is no write to be taken back.
    let file = cx.config_file(false)?;
    let records = cx.records().ok_or_else(|| {
        let message = "there is no directory of state, so nothing was recorded";
        Failure::new(
            Word::CacheUnreadable,
            message,
            "Set HOME or XDG_STATE_HOME.",
        )
    })?;
    let text = file.read()?;
    let writes = !(args.dry_run || args.check);
    let Some((path, record, undo)) = last(&records, file.path(), &text, writes) else {
        cx.say("there is nothing to undo");
        return match cx.json {
            true => Ok(report(
                &file.path().to_string_lossy(),
                false,
                &[],
                false,
                None,
            )),
            false => Ok(0),
        };
    };
    let whole = matches!(undo, Undo::Whole(_));
    let (edits, left) = parts(undo);
    let asks = writes && !args.yes && !edits.is_empty();
    if asks {
        can_ask(cx, &file)?;
    }
    let mut code = 0;
    // With --yes it is printed once it is written: standard output is empty if that fails.
    let later = writes && args.yes;
    if (!cx.json && !later) || asks {
        code = show(cx, &file, &text, &edits)?;
    }
    for name in &left {
        cx.say(&format!(
            "{} was changed since, so it is left alone",
            safe_name(name)
        ));
    }
    let config = file.path().to_string_lossy().into_owned();
    let shown = path.to_string_lossy().into_owned();
    if !writes {
        let changes = u8::from(args.check && !edits.is_empty());
        if cx.json {
            code = report(&config, whole, &left, false, Some(&shown));
        }
        return Ok(code.max(changes));
    }
    let mut written = false;
    if !edits.is_empty() {
        if asks && !terminal::agreed(&format!("Write this to {}?", cx.path(file.path()))) {
            cx.say("nothing was written");
            return Ok(1);
        }
        let edited = file.edit(|now| {
            let (new, left_now) = parts(record.undo(now));
            // Once it is done there is nothing left to do.
            let same = now == text || new.is_empty() || (!asks && left_now == left);
            if same {
                Ok(new)
            } else {
                Err(differs(cx, &file))
            }
        })?;
        written = edited.written;
        if written {
            cx.say(&format!(
                "{}: the last write is taken back",
                cx.path(file.path())
            ));
        }
    }
    records.forget(&path);
    if !cx.json && later {
        code = show(cx, &file, &text, &edits)?;
    }
    if cx.json {
        code = report(&config, whole, &left, written, Some(&shown));
    }
    Ok(code)
}

/// The last write that is there to be taken back. Records of writes that never took place are forgotten on the way.
fn last(
    records: &Records,
    config: &std::path::Path,
    text: &str,
    forget: bool,
) -> Option<(PathBuf, Record, Undo)> {
    for path in records.all().into_iter().rev() {
        let Some(record) = records.read(&path, config) else {
            continue;
        };
        match record.undo(text) {
            Undo::NotThere if forget => records.forget(&path),
            Undo::NotThere => {}
            undo => return Some((path, record, undo)),
        }
    }
    None
}

fn parts(undo: Undo) -> (Edits, Vec<String>) {
    match undo {
        Undo::NotThere => (Edits::default(), Vec::new()),
        Undo::Whole(edits) => (edits, Vec::new()),
        Undo::Parts { edits, left } => (edits, left),
    }
}

/// The object of `--json`. The exit code of printing it.
fn report(config: &str, exact: bool, left: &[String], written: bool, undo: Option<&str>) -> u8 {
    let report = json!({
        "config": config,
        "exact": exact,
        "left": left,
        "written": written,
        "undo": undo,
    });
    print(format!("{report}\n").as_bytes())
}
