//! Switches by directory: `[directory PATH] profile = NAME` in the settings. At each refresh the hook passes what the
//! shell remembers, and the answer has the statements that switch.

use super::{env_changes, lookup, resolve};
use crate::aws::config::Section;
use crate::aws::env_vars::{self, Role};
use crate::aws::{Env, paths};
use crate::context::Context;
use crate::output::sanitize::Escaped;
use crate::settings::Confirm;
use crate::shells::{Statement, pasted};
use crate::sys::{dirs, watch};
use std::path::{Path, PathBuf};

/// What a shell remembers, one line each. The four lines in the middle are its variable `_awsbadge_dir`.
struct Remembered<'r> {
    /// The name of the function that switches: `asp`.
    asp: &'r str,
    /// The region that the last `use --region` set.
    region: &'r str,
    /// The path of the section that was in effect, as written; empty if none was.
    path: &'r str,
    /// Its profile, as written.
    profile: &'r str,
    /// The profile that was switched to for it; empty if none was.
    switched: &'r str,
    /// The profile before that; empty if there was none.
    before: &'r str,
    /// The profile that the shell inherited and that `use` has not chosen since; empty if there is none.
    inherited: &'r str,
}

impl<'r> Remembered<'r> {
    fn parse(text: &'r str) -> Self {
        let mut lines = text.splitn(7, '\n');
        let mut next = || lines.next().unwrap_or_default();
        Self {
            asp: next(),
            region: next(),
            path: next(),
            profile: next(),
            switched: next(),
            before: next(),
            inherited: next(),
        }
    }
}

/// The statements for a shell with this memory; none if it is in the same place as before.
///
/// The first refresh in a place switches. The first one outside goes back to the profile from before, unless the user
/// chose another one. Nothing switches to production, or replaces credentials, another switcher's variables or a
/// profile that the shell inherited. `_awsbadge_x_say` gets one line about it, plain text.
#[must_use]
pub(crate) fn changes(ctx: &Context<'_>, remembered: &str) -> Vec<Statement> {
    let was = Remembered::parse(remembered);
    let (path, wanted) = here(ctx).unwrap_or_default();
    if (path, wanted) == (was.path, was.profile) {
        return Vec::new();
    }
    let current = [&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE]
        .into_iter()
        .find_map(|var| ctx.env.raw(var))
        .map(|name| name.to_string_lossy());
    let current = current.as_deref();
    let ours = !was.switched.is_empty() && current == Some(was.switched);
    let base = if ours { Some(was.before) } else { current };
    let base = base.filter(|name| !name.is_empty());

    let mut said = Vec::new();
    let mut to = None;
    let mut switched = String::new();
    let refused = |why: &str| format!("not switched to '{}': {why}", Escaped(wanted));
    if let Some(var) = obstacle(ctx.env) {
        if wanted.is_empty() && ours {
            said.push(format!("the profile stays, because {var} is set"));
        } else if !wanted.is_empty() && current != Some(wanted) {
            said.push(refused(&format!("{var} is set")));
        }
    } else {
        let mut back = ours;
        match target(ctx, wanted, was.asp) {
            _ if wanted.is_empty() || current == Some(wanted) && !ours => {}
            Err(why) => said.push(refused(&why)),
            Ok(profile) if !ours && base == Some(was.inherited) && base != Some(&profile.name) => {
                said.push(refused("the shell inherited its profile"));
            }
            Ok(profile) => {
                back = false;
                if base != Some(&profile.name) {
                    switched.clone_from(&profile.name);
                }
                if current != Some(&profile.name) {
                    said.push(format!("switched to '{}'", Escaped(&profile.name)));
                    to = Some(Some(profile));
                }
            }
        }
        if back {
            to = Some(match base.map(|name| (name, target(ctx, name, was.asp))) {
                Some((name, Ok(profile))) => {
                    said.push(format!("back to '{}'", Escaped(name)));
                    Some(profile)
                }
                Some((name, Err(why))) => {
                    let name = Escaped(name);
                    said.push(format!("profile cleared; not back to '{name}': {why}"));
                    None
                }
                None => {
                    said.push("profile cleared".to_owned());
                    None
                }
            });
        }
    }

    let mut statements = match &to {
        Some(Some(profile)) => env_changes::to_profile(profile),
        Some(None) => env_changes::to_nothing(false).collect(),
        None => Vec::new(),
    };
    if to.is_some() {
        statements.extend(env_changes::without_own_region(ctx.env, Some(was.region)));
        statements.push(Statement::Set("_awsbadge_region", Vec::new()));
        if let Some(current) = current.filter(|name| !name.is_empty()) {
            statements.push(Statement::Set("_awsbadge_prev", current.into()));
        }
    }
    // A name with a line break can't be switched to anyway.
    let before = base.filter(|name| !switched.is_empty() && !name.contains('\n'));
    let memory = [path, wanted, &switched, before.unwrap_or_default()].join("\n");
    statements.push(Statement::Set("_awsbadge_dir", memory.into()));
    if !said.is_empty() {
        let place = match path {
            "" => format!("outside {}", Escaped(was.path)),
            path => Escaped(path).to_string(),
        };
        let line = format!("awsbadge: {place}: {}", said.join("; "));
        statements.push(Statement::Set("_awsbadge_x_say", line.into()));
    }
    statements
}

/// A variable that a switch by directory would have to replace: credentials, or another switcher's.
fn obstacle(env: &Env) -> Option<&'static str> {
    let replaced = env_vars::overriding_profile()
        .filter(|var| matches!(var.role, Role::Credentials | Role::Switcher));
    let endpoints = [
        &env_vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
        &env_vars::AWS_CONTAINER_CREDENTIALS_FULL_URI,
    ];
    replaced
        .chain(endpoints)
        .find(|var| env.has(var))
        .map(|var| var.name)
}

/// The profile of that name or alias, or why it takes a person to switch to it.
fn target(ctx: &Context<'_>, name: &str, asp: &str) -> Result<Section, String> {
    let profile = lookup::find(ctx, name).map_err(|_| "it was not found".to_owned())?;
    let identity = resolve::of_profile(ctx, ctx.cli_files(), &profile.name, None);
    let why = if resolve::is_production(ctx, &identity) {
        "it is production"
    } else if ctx.settings.production_in_doubt || ctx.settings.confirm == Confirm::Always {
        "every switch asks"
    } else {
        return Ok(profile);
    };
    let command = format!("{asp} {}", pasted(&profile.name));
    Err(format!("{why} (`{}` switches)", Escaped(&command)))
}

/// The section of the working directory, and its profile.
fn here<'c>(ctx: &'c Context<'_>) -> Option<(&'c str, &'c str)> {
    let map = &ctx.settings.directories;
    if map.is_empty() {
        return None;
    }
    let home = ctx.places.home.as_deref();
    let paths = map.iter().map(|(path, _)| {
        let path = paths::below_home(path, home);
        let real = watch::leads_to(&path);
        (path, real)
    });
    let logical = ctx.env.in_path("PWD").map(Path::new);
    let at = longest(paths, logical, dirs::working_directory().as_deref())?;
    map.get(at)
        .map(|(path, profile)| (path.as_str(), profile.as_str()))
}

/// The index of the longest path that is a directory or one above it. `logical` is the directory as the shell names it,
/// `physical` without symlinks; either may match. Each path comes with its target if it has symlinks.
fn longest(
    paths: impl Iterator<Item = (PathBuf, Option<PathBuf>)>,
    logical: Option<&Path>,
    physical: Option<&Path>,
) -> Option<usize> {
    let contains = |path: &Path| {
        [logical, physical]
            .into_iter()
            .flatten()
            .any(|directory| directory.starts_with(path))
    };
    let length = |(at, (path, real)): (usize, (PathBuf, Option<PathBuf>))| {
        let matching = [Some(path), real].into_iter().flatten();
        let matching = matching.filter(|path| contains(path));
        let length = matching.map(|path| path.components().count()).max()?;
        Some((length, at))
    };
    paths.enumerate().filter_map(length).max().map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(
        paths: &[(&str, Option<&str>)],
        logical: Option<&str>,
        physical: Option<&str>,
    ) -> Option<usize> {
        let paths = paths
            .iter()
            .map(|(path, real)| (PathBuf::from(path), real.map(PathBuf::from)));
        longest(paths, logical.map(Path::new), physical.map(Path::new))
    }

    #[test]
    fn the_longest_path_wins_by_whole_names() {
        let paths = [("/w", None), ("/w/acme", None), ("/w/acme/prod/", None)];
        for (directory, want) in [
            ("/w/acme/prod", Some(2)),
            ("/w/acme/prod/x/y", Some(2)),
            ("/w/acme/production", Some(1)),
            ("/w/acme", Some(1)),
            ("/w/acm", Some(0)),
            ("/ww", None),
            ("/", None),
        ] {
            assert_eq!(found(&paths, Some(directory), None), want, "{directory}");
            assert_eq!(found(&paths, None, Some(directory)), want, "{directory}");
        }
        assert_eq!(found(&paths, None, None), None);
        assert_eq!(found(&[("/", None)], Some("/x"), None), Some(0));
        assert_eq!(found(&[("~/x", None)], Some("/x"), None), None);
    }

    #[test]
    fn a_symlink_matches_by_its_name_and_by_its_target() {
        let paths = [("/h/src", Some("/data/src")), ("/data", None)];
        for (logical, physical, want) in [
            ("/h/src/a", "/data/src/a", 0),
            ("/data/src/a", "/data/src/a", 0),
            ("/h/link", "/data/src", 0),
            ("/data/b", "/data/b", 1),
            ("/h/src/out", "/elsewhere", 0),
        ] {
            let at = found(&paths, Some(logical), Some(physical));
            assert_eq!(at, Some(want), "{logical} {physical}");
        }
    }

    fn names() -> impl Strategy<Value = String> {
        let names = prop::collection::vec("[ab]{1,2}", 0..5);
        names.prop_map(|names| format!("/{}", names.join("/")))
    }

    proptest! {
        /// The nearest directory above that is in the map, found from below.
        #[test]
        fn it_is_the_first_one_on_the_way_up(paths in prop::collection::vec(names(), 0..6), directory in names()) {
            let map: Vec<_> = paths.iter().map(|path| (path.as_str(), None)).collect();
            let want = Path::new(&directory).ancestors().find_map(|above| paths.iter().rposition(|p| Path::new(p) == above));
            prop_assert_eq!(found(&map, Some(&directory), None), want);
        }
    }
}
