//! `init`: prints the hook.

use super::Output;
use crate::aws::Env;
use crate::cli::Init;
use crate::{hook, sys};

pub(super) fn run(args: &Init, vars: &Env) -> Output {
    Output::print(hook::text(args, &sys::program(vars)))
}
