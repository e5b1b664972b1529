//! `populate`: a profile for every account and role that a login may use.

use super::listing::{self, Offer, Roles};
use super::options::Options;
use super::{print, undo};
use crate::cli::Populate;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::library::{Content, aws_places, read_aws_file, safe_name};
use crate::plan::diff::{self, Look};
use crate::plan::merge::{self, Named, Plan, Wanted};
use crate::session::Session;
use crate::store::config::{ConfigFile, Edited};
use crate::sys::terminal;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// How many failures are told one by one.
const TOLD: usize = 5;

pub(crate) fn run(cx: &Context, args: &Populate) -> Result<u8, Failure> {
    if args.undo {
        return undo::run(cx, args);
    }
    let link = cx.chosen(args.session.as_deref(), args.profile.as_deref())?;
    let session = link.session.clone();
    let name = session.name.clone().ok_or_else(|| no_name(&session))?;
    let options = Options::of(cx, args, &name)?;
    if args.save {
        options.check_saving()?;
    }
    let file = cx.config_file(true)?;
    let offers = listing::offers(cx, &link, |account| options.filter.may_have(account))?;
    if let Some(warning) = link.clock_warning() {
        cx.warn(&warning);
    }
    let (wanted, failures) = wanted(session, offers, &options, args);
    told(cx, &wanted, &failures);
    let job = Job {
        cx,
        args,
        wanted,
        failures,
        file,
    };
    let code = job.run()?;
    if args.save && code == 0 {
        options.save(cx)?;
    }
    Ok(code)
}

fn no_name(session: &Session) -> Failure {
    Failure::new(
        Word::NotSso,
        format!(
            "{} is the start URL of a profile, not an sso-session",
            session.label()
        ),
        "Add an [sso-session] with it to the config file: `awsbadge configure` writes one.",
    )
}

/// What is wanted of what is offered, and the failures by account.
fn wanted(
    session: Session,
    offers: Vec<Offer>,
    options: &Options,
    args: &Populate,
) -> (Wanted, Vec<(String, Failure)>) {
    let mut accounts = Vec::with_capacity(offers.len());
    let mut roles = HashMap::new();
    let mut failures = Vec::new();
    for offer in offers {
        let id = offer.account.id.clone();
        match offer.roles {
            Roles::NotAsked => {}
            Roles::Listed(listed) => {
                roles.insert(id, listed);
            }
            Roles::Failed(failure) => failures.push((id, failure)),
        }
        accounts.push(offer.account);
    }
    let wanted = Wanted {
        session,
        accounts,
        roles,
        failed: failures
            .iter()
            .map(|(id, _)| id.clone())
            .collect::<HashSet<_>>(),
        filter: options.filter.clone(),
        template: options.template.clone(),
        keys: options.keys.clone(),
        prune: options.prune,
        rename: args.rename,
    };
    (wanted, failures)
}

/// Says what is not complete.
fn told(cx: &Context, wanted: &Wanted, failures: &[(String, Failure)]) {
    if cx.json {
        return;
    }
    for (_, failure) in failures.iter().take(TOLD) {
        cx.warn(&failure.message);
    }
    if let more @ 1.. = failures.len().saturating_sub(TOLD) {
        cx.warn(&format!(
            "the roles in {more} more accounts can't be listed"
        ));
    }
    if wanted.accounts.is_empty() {
        cx.warn(&format!(
            "the login of {} gives access to no account; nothing is pruned",
            wanted.session.label()
        ));
    }
}

/// One run, once it is known what is offered.
struct Job<'a> {
    cx: &'a Context,
    args: &'a Populate,
    wanted: Wanted,
    failures: Vec<(String, Failure)>,
    file: ConfigFile<'a>,
}

impl Job<'_> {
    fn plan(&self, text: &str) -> Result<Plan, Failure> {
        let credentials = match aws_places(&self.cx.vars).1.map(|path| read_aws_file(&path)) {
            Some(Content::Bytes(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            _ => String::new(),
        };
        merge::plan(text, &credentials, &self.wanted)
    }

    fn run(&self) -> Result<u8, Failure> {
        let text = self.file.read()?;
        let plan = self.plan(&text)?;
        let changes = !plan.edits.is_empty();
        let asks = !(self.args.dry_run || self.args.check || self.args.yes);
        if asks && changes {
            can_ask(self.cx, &self.file)?;
        }
        let mut code = 0;
        // With --yes it is printed once it is written: standard output is empty if that fails.
        let later = self.args.yes && changes;
        if (!self.cx.json && !later) || (asks && changes) {
            code = show(self.cx, &self.file, &text, &plan.edits)?;
        }
        self.summary(&plan);
        let nothing = Edited {
            written: false,
            undo: None,
        };
        if !changes || self.args.dry_run || self.args.check {
            let report = self.report(&plan, &nothing);
            let differs = u8::from(self.args.check && changes);
            return Ok(report.max(code).max(differs));
        }
        if asks && !terminal::agreed(&format!("Write this to {}?", self.path())) {
            self.cx.say("nothing was written");
            return Ok(1);
        }
        let mut last = None;
        let edited = self.file.edit(|text| {
            let new = self.plan(text)?;
            if asks && !new.is_part_of(&plan) {
                return Err(differs(self.cx, &self.file));
            }
            let edits = new.edits.clone();
            if !edits.is_empty() {
                last = Some((text.to_owned(), new));
            }
            Ok(edits)
        })?;
        let (text, plan) = last.unwrap_or((text, plan));
        if !self.cx.json && later {
            code = show(self.cx, &self.file, &text, &plan.edits)?;
        }
        if edited.written {
            self.done();
        } else {
            self.cx
                .say("nothing was written: another program did the same meanwhile");
        }
        Ok(self.report(&plan, &edited).max(code))
    }

    /// What would be done, for a person.
    fn summary(&self, plan: &Plan) {
        let label = self.wanted.session.label();
        for collision in plan.collisions.iter().take(TOLD) {
            self.cx.say(&format!(
                "{label}: the name {} is taken; using {}",
                collision.name, collision.used
            ));
        }
        if let more @ 1.. = plan.collisions.len().saturating_sub(TOLD) {
            self.cx
                .say(&format!("{label}: {more} more names are taken"));
        }
        let renamed = plan.changed.iter().filter(|c| c.key == "name").count();
        let mut parts: Vec<String> = [
            (plan.added.len(), "to add"),
            (changed(plan), "to change"),
            (renamed, "to rename"),
            (plan.removed.len(), "to remove"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", profiles(count)))
        .collect();
        if parts.is_empty() {
            parts.push("nothing to change".to_owned());
        }
        self.cx.say(&format!("{label}: {}", parts.join(", ")));
        let edited = plan
            .kept
            .iter()
            .filter(|(_, why)| *why == merge::Why::Edited);
        let edited: Vec<String> = edited.map(|(name, _)| safe_name(name)).collect();
        if !edited.is_empty() {
            let more = match edited.len().saturating_sub(TOLD) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let names = edited
                .iter()
                .take(TOLD)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            self.cx.say(&format!(
                "{label}: changed by hand, so left alone: {names}{more}"
            ));
        }
        if plan.stale > 0 {
            self.cx.say(&format!(
                "{label}: {} no longer offered; --prune removes them",
                match plan.stale {
                    1 => "1 profile is".to_owned(),
                    count => format!("{count} profiles are"),
                }
            ));
        }
    }

    fn done(&self) {
        self.cx.say(&format!(
            "{}: written to {}; `awsbadge-sso populate --undo` takes it back",
            self.wanted.session.label(),
            self.path()
        ));
    }

    fn path(&self) -> String {
        self.cx.path(self.file.path())
    }

    /// The object of `--json`. The exit code of printing it.
    fn report(&self, plan: &Plan, edited: &Edited) -> u8 {
        if !self.cx.json {
            return 0;
        }
        let named = |list: &[Named]| -> Value {
            let object = |one: &Named| json!({"profile": one.profile, "account_id": one.account, "role": one.role});
            list.iter().map(object).collect()
        };
        let changed = plan.changed.iter().map(
            |one| json!({"profile": one.profile, "key": one.key, "from": one.from, "to": one.to}),
        );
        let kept = plan
            .kept
            .iter()
            .map(|(profile, why)| json!({"profile": profile, "why": why.name()}));
        let collisions = plan
            .collisions
            .iter()
            .map(|one| json!({"name": one.name, "used": one.used}));
        let failed = self
            .failures
            .iter()
            .map(|(id, failure)| json!({"account_id": id, "code": failure.word.name()}));
        let report = json!({
            "session": self.wanted.session.name,
            "config": self.file.path().to_string_lossy(),
            "added": named(&plan.added),
            "changed": changed.collect::<Value>(),
            "removed": named(&plan.removed),
            "kept": kept.collect::<Value>(),
            "collisions": collisions.collect::<Value>(),
            "failed": failed.collect::<Value>(),
            "complete": self.failures.is_empty(),
            "written": edited.written,
            "undo": edited.undo.as_ref().map(|path| path.to_string_lossy()),
        });
        print(format!("{report}\n").as_bytes())
    }
}

/// How many profiles get other keys.
fn changed(plan: &Plan) -> usize {
    let changed = plan.changed.iter().filter(|one| one.key != "name");
    changed
        .map(|one| one.profile.as_str())
        .collect::<HashSet<_>>()
        .len()
}

/// `3 profiles`.
pub(super) fn profiles(count: usize) -> String {
    match count {
        1 => "1 profile".to_owned(),
        count => format!("{count} profiles"),
    }
}

/// Shows what edits make of a text: on standard output; with `--json`, which has it to itself, on standard error.
pub(super) fn show(
    cx: &Context,
    file: &ConfigFile<'_>,
    text: &str,
    edits: &crate::plan::edits::Edits,
) -> Result<u8, Failure> {
    let after = edits.apply(text.as_bytes()).unwrap_or_default();
    let after = String::from_utf8_lossy(&after);
    let path = cx.path(file.path());
    let (terminal, colour) = match cx.json {
        true => (
            terminal::errors_are_terminal(),
            terminal::errors_want_colour(&cx.vars),
        ),
        false => (
            terminal::output_is_terminal(),
            terminal::output_wants_colour(&cx.vars),
        ),
    };
    let look = match (terminal, colour) {
        (true, true) => Look::Colour,
        (true, false) => Look::Screen,
        (false, _) => Look::Plain,
    };
    let diff = diff::unified(text, &after, &path, look);
    match cx.json {
        true => terminal::complain(&diff),
        false => return Ok(print(diff.as_bytes())),
    }
    Ok(0)
}

/// Whether somebody can be asked.
///
/// # Errors
/// `no-terminal`.
pub(super) fn can_ask(cx: &Context, file: &ConfigFile<'_>) -> Result<(), Failure> {
    match terminal::can_ask() {
        true => Ok(()),
        false => Err(Failure::new(
            Word::NoTerminal,
            format!(
                "{} would change, and there is no terminal to ask on",
                cx.path(file.path())
            ),
            "Add --yes to write without a question, or --dry-run to write nothing.",
        )),
    }
}

/// What was agreed to is no longer what would be done.
pub(super) fn differs(cx: &Context, file: &ConfigFile<'_>) -> Failure {
    Failure::new(
        Word::ConfigChanged,
        format!(
            "{} was changed meanwhile, and other profiles would be written than those shown",
            cx.path(file.path())
        ),
        "Run it again.",
    )
}
