//! `__refresh`: the hooks' question. The answer's form is frozen, since hooks stay loaded in open shells.

use super::Reply;
use crate::aws::{Env, Epoch};
use crate::cli::Refresh;
use crate::context::Context;
use crate::identity::resolve;
use crate::shells::{self, Shell, Statement};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &Refresh, vars: &Env) -> Reply {
    let shell = Shell::from(args.shell);
    let unexported = args.unexported.as_ref().map(|name| name.to_string_lossy());
    let ctx = Context::new(vars);
    let badge = resolve::badge(&ctx, None, unexported.as_deref());
    let now = ctx.now;
    let (present, absent): (Vec<_>, Vec<_>) =
        ctx.watch.paths().into_iter().partition(|p| p.present);
    let mut watch: Vec<PathBuf> = present.into_iter().map(|p| p.path).collect();
    let absent: Vec<PathBuf> = absent.into_iter().map(|p| p.path).collect();
    // bash and fish compare ages of files, which misses a file moved in with an older date, or one that is gone;
    // its folder sees both. zsh compares the dates themselves.
    if shell != Shell::Zsh {
        let folders: Vec<PathBuf> = watch
            .iter()
            .filter_map(|p| p.parent())
            .map(Path::to_owned)
            .collect();
        for folder in folders {
            if !watch.contains(&folder) {
                watch.push(folder);
            }
        }
    }
    let (text, class, state, until) = match badge {
        Some(b) => (b.text, b.class.name(), b.state.name(), b.until),
        None => (String::new(), "", "", Epoch::NEVER),
    };
    let number = |at: Epoch| at.0.to_string().into_bytes();
    let paths = |list: Vec<PathBuf>| {
        list.into_iter()
            .map(|p| p.as_os_str().as_bytes().to_vec())
            .collect()
    };
    Reply::print(shells::block(
        shell,
        &[
            Statement::Set("_awsbadge_x_text", text.into_bytes()),
            Statement::Set("_awsbadge_x_class", class.into()),
            Statement::Set("_awsbadge_x_state", state.into()),
            Statement::Set("_awsbadge_x_now", number(now)),
            Statement::Set("_awsbadge_x_until", number(until)),
            Statement::List("_awsbadge_x_watch", paths(watch)),
            Statement::List("_awsbadge_x_absent", paths(absent)),
            Statement::Set("_awsbadge_x_done", b"1".to_vec()),
        ],
    ))
}
