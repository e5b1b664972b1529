//! `__help`: what the shell functions take.

use super::Output;
use crate::cli::{Function, FunctionHelp};
use crate::hook;

/// What a function takes, with `{asp}`, `{asr}`, … for the names of the functions.
fn text(function: Function) -> &'static str {
    match function {
        Function::Asp => {
            "\
Switch this terminal to an AWS profile

Usage:
  {asp} NAME                    switch; part of a name is enough if it fits one profile
  {asp} -                       switch back to this terminal's previous profile
  {asp}                         clear the profile
  {asp} ACCOUNT_ID              switch to the only profile of an account
  {asp} --pick [TEXT]           pick a profile from a list
  {asp} NAME login [SESSION]    log in if needed, then switch; --force logs in again
  {asp} NAME logout             switch, then log out
  {asp} --config CONFIG [NAME]  use other AWS files, from [config CONFIG] of the settings

Options:
  --region REGION             also set this region, until the next switch
  --keep-keys                 keep credentials in the environment, which override the profile
  --yes                       do not ask for confirmation

See also {asr}, {agp}, {agr}, {acp}, and `awsbadge --help`.
"
        }
        Function::Asr => {
            "\
Set the AWS region of this terminal

Usage:
  {asr} REGION    set AWS_REGION and AWS_DEFAULT_REGION
  {asr}           unset both, so that the profile's region applies
"
        }
        Function::Agp => "Print the name of the active AWS profile\n\nUsage:\n  {agp}\n",
        Function::Agr => {
            "Print the AWS region in effect: of the environment, else of the active profile\n\nUsage:\n  {agr}\n"
        }
        Function::Acp => {
            "\
Take a profile's credentials into the environment, for tools that do not support profiles

Usage:
  {acp} NAME    export the credentials; they are not renewed
  {acp}         remove them
"
        }
    }
}

pub(super) fn run(args: &FunctionHelp) -> Output {
    let base = args.cmd.as_str();
    let (short, long) = hook::prefixes(base);
    let text = text(args.function)
        .replace("{asp}", base)
        .replace("{asr}", &format!("{short}r"))
        .replace("{agp}", &format!("{long}gp"))
        .replace("{agr}", &format!("{long}gr"))
        .replace("{acp}", &format!("{long}cp"));
    Output::print(text)
}
