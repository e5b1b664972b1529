//! Finds the profile that a user names: exactly, by its alias, or the most similar ones.

use crate::aws::chain::{Files, Profiles as _, Tool};
use crate::aws::config::{self, Section, SectionKind};
use crate::context::Context;
use crate::error::Error;
use crate::nearest::nearest;
use crate::output::one_of;
use crate::output::sanitize::Escaped;
use crate::sso_program;
use std::cell::OnceCell;

/// Finds the profile with this name or alias. It is enough that any tool finds it.
///
/// # Errors
/// As [`find_exact`].
pub(crate) fn find(ctx: &Context<'_>, name: &str) -> Result<Section, Error> {
    let of_alias = || {
        let (profile, _) = ctx
            .settings
            .aliases
            .iter()
            .find(|(_, alias)| alias == name)?;
        find_exact(ctx, profile).ok()
    };
    match find_exact(ctx, name) {
        Err(unknown @ Error::NoSuchProfile { .. }) => of_alias().ok_or(unknown),
        found => found,
    }
}

/// The AWS files as each tool reads them, read once on first use.
#[derive(Default)]
pub(crate) struct ToolFiles(OnceCell<Vec<(Tool, Files)>>);

impl ToolFiles {
    /// Says which tools find a profile that the AWS CLI does not find; `None` if no tool does, or the AWS CLI does too.
    #[must_use]
    pub(crate) fn found_by_others(&self, ctx: &Context<'_>, name: &str) -> Option<String> {
        let cli = ctx.cli_files();
        if cli.refusal().is_some() || cli.profile(name).is_some() {
            return None;
        }
        let read = |tool: Tool| (tool, tool.read_files(ctx.env, ctx));
        let tools: Vec<&str> = self
            .0
            .get_or_init(|| Tool::ALL.into_iter().map(read).collect())
            .iter()
            .filter(|(_, files)| files.refusal().is_none() && files.profile(name).is_some())
            .map(|(tool, _)| tool.title())
            .collect();
        let verb = match tools.len() {
            0 => return None,
            1 => "finds",
            _ => "find",
        };
        Some(format!(
            "the AWS CLI does not find it, only {} {verb} it (see `awsbadge doctor`)",
            crate::output::all_of(&tools)
        ))
    }
}

/// Finds the profile with exactly this name.
///
/// # Errors
/// [`Error::Refused`] for a name that a variable cannot contain, [`Error::BadFile`] if a file that may contain
/// it cannot be read, else [`Error::NoSuchProfile`].
pub(crate) fn find_exact(ctx: &Context<'_>, name: &str) -> Result<Section, Error> {
    // Bytes that are not UTF-8 were replaced by U+FFFD, so the name in the file is unknown.
    let lost = name.contains(char::REPLACEMENT_CHARACTER);
    if name.is_empty() || lost || name.chars().any(char::is_control) {
        let what = if lost {
            "contains bytes that are not UTF-8"
        } else {
            "is empty or contains control characters"
        };
        return Err(Error::Refused {
            message: format!("the name '{}' {what}", Escaped(name)),
            hint: "rename the profile in ~/.aws/config".to_owned(),
        });
    }
    if let Some(section) = ctx.aws_files().any_section(SectionKind::Profile, name) {
        return Ok(section);
    }
    ctx.usable_aws_files()?;
    Err(not_found(ctx, name))
}

/// The maximum number of names in the error for a missing profile.
const LISTED: usize = 20;

/// What to do about a profile that is in no file, if a name looks like it: one sentence without a period.
#[must_use]
pub(crate) fn nearest_fix(ctx: &Context<'_>, name: &str) -> Option<String> {
    let files = ctx.aws_files();
    let names = config::names(files.config.text(), files.credentials.text());
    let near = nearest(name, names.iter().map(|n| n.name.as_ref()));
    let near: Vec<String> = near.iter().map(|name| format!("'{name}'")).collect();
    (!near.is_empty()).then(|| format!("Write {}, or add the profile", one_of(&near)))
}

/// The error for a missing profile, with existing and similar names.
#[must_use]
pub(crate) fn not_found(ctx: &Context<'_>, name: &str) -> Error {
    let files = ctx.aws_files();
    let names = config::names(files.config.text(), files.credentials.text());
    let near = nearest(name, names.iter().map(|n| n.name.as_ref()));
    let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
    // Of many, those that look like it say more than the first ones.
    let available: Vec<String> = if names.len() > LISTED && !near.is_empty() {
        near.clone()
    } else {
        let first = names.iter().take(LISTED);
        first.map(|n| n.name.to_string()).collect()
    };
    Error::NoSuchProfile {
        name: name.to_owned(),
        config: files.config.path.clone(),
        more: names.len() - available.len(),
        available,
        near,
        first: sso_program::configure(ctx.env, FIRST).into(),
    }
}

/// What `awsbadge configure` is for if there is no profile.
const FIRST: &str = "to create the first profile";

/// What a command says if the AWS files have no profile.
#[must_use]
pub(crate) fn none_found(ctx: &Context<'_>) -> String {
    let path = ctx.aws_files().config.path.as_ref().map_or_else(
        || "~/.aws/config".to_owned(),
        |path| Escaped(&path.to_string_lossy()).to_string(),
    );
    let first = sso_program::configure(ctx.env, FIRST);
    format!("awsbadge: no profiles found in {path}\nhint: {first}\n")
}
