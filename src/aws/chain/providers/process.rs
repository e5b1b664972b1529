//! `credential_process`, which is reported but never run.

use super::{Answer, Context, Found};
use crate::aws::chain::model::Provider;
use crate::aws::config::Section;
use crate::aws::expiry::{Expiry, RenewedBy};
use crate::aws::shlex;
use crate::diagnostic::Code;

pub(in crate::aws::chain) fn answer(ctx: &Context<'_>, profile: &Section) -> Answer {
    let Some(process) = ctx.key(profile, "credential_process") else {
        return Answer::Skip("the profile has no credential_process".to_owned());
    };
    if ctx.rules.process_without_shell
        && let Some(why) = cannot_start(ctx, &process.text)
    {
        return Answer::Fail(ctx.blame(process, Code::ProcessNotFound, why));
    }
    Found::new(
        Provider::Process,
        Some(&profile.name),
        Expiry::RenewedBy(RenewedBy::Process),
        format!(
            "credential_process at {} (not run by awsbadge)",
            ctx.location(process)
        ),
    )
    .into()
}

/// Why botocore cannot start the program: it splits the value as `shlex.split` does and uses no shell.
fn cannot_start(ctx: &Context<'_>, command: &str) -> Option<String> {
    let Some(words) = shlex::split(command) else {
        return Some("credential_process has an unclosed quote".to_owned());
    };
    let Some(program) = words.first() else {
        return Some("credential_process is empty".to_owned());
    };
    if ctx.inputs.host.has_program(program) {
        return None;
    }
    let shell = ["~", "$"].iter().any(|mark| program.contains(mark));
    Some(if shell {
        format!(
            "credential_process: the program '{program}' does not exist; {} uses no shell, so ~ and $ are not expanded",
            ctx.rules.title
        )
    } else {
        format!("credential_process: the program '{program}' does not exist")
    })
}
