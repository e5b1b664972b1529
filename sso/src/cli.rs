//! The command line.

use crate::library::duration;
use clap::{Args, Parser, Subcommand};
use std::time::Duration;

/// Log in to AWS IAM Identity Center, renew, log out, and serve credentials, without the AWS CLI.
#[derive(Debug, Parser)]
#[command(name = "awsbadge-sso", version, max_term_width = 100, after_long_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// JSON on standard output, and errors as one JSON line on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// How long one request may take, all its phases together
    #[arg(long, global = true, value_name = "TIME", value_parser = time)]
    pub(crate) endpoint_timeout: Option<Duration>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 success; 1 any other error; 2 usage error; 3 no such profile or session; 4 a file cannot be read or \
written, or is invalid; 5 a login is needed; 6 refused for safety; 7 the service is not reached; 8 no access; \
130 interrupted";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Log in, by a browser or by a device code
    Login(Login),
    /// Renew logins without any interaction; for timers
    Refresh(Refresh),
    /// Log out of one session
    Logout(Logout),
    /// Print credentials as a credential_process
    Process(Process),
    /// List the accounts that you may use
    Accounts(Accounts),
    /// List the roles that you may use, and which profile has each
    Roles(Roles),
    /// Ask STS who the credentials belong to, and compare with what the files say
    ///
    /// Gets the credentials as the AWS CLI does: keys, login, role chain, web identity, credential_process, container or
    /// instance. Exit codes: 0 if STS knows them; 1 if there are none; 3 if the profile does not exist; 4 if the
    /// configuration is wrong; 5 if a login is needed; 7 if a service is not reached; 8 if it gives no access.
    Whoami(Whoami),
    /// Write a profile for every account and role that you may use
    Populate(Box<Populate>),
    /// Create the first profile: asks for the start URL, logs in, and lets you pick account and role
    ///
    /// Asks only for what no option says, and finds the region of the access portal itself. Writes the config file once, at
    /// the end.
    Configure(Configure),
    /// Test everything a login needs: DNS, proxy, TLS, region, registration, clock
    Check(Check),
}

/// `login`.
#[derive(Debug, Default, Args)]
pub(crate) struct Login {
    /// The sso-session, or a profile that uses one
    pub(crate) session: Option<String>,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with = "session")]
    pub(crate) profile: Option<String>,
    /// Log in anew even if there is a good login
    #[arg(long)]
    pub(crate) force: bool,
    /// Sign out of the access portal in the browser first; implies --force
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Use a browser on this machine
    #[arg(long, conflicts_with = "device")]
    pub(crate) pkce: bool,
    /// Use a device code, which is approved in a browser anywhere
    #[arg(long)]
    pub(crate) device: bool,
    /// Print the address and open nothing
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// The port on 127.0.0.1 that the browser comes back to
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) redirect_port: Option<u16>,
    /// Show the address as a QR code
    #[arg(long)]
    pub(crate) qr: bool,
    /// Print nothing about a login that succeeds
    #[arg(long)]
    pub(crate) quiet: bool,
    /// How long to wait for the approval [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) timeout: Option<Duration>,
}

/// `refresh`.
#[derive(Debug, Args)]
pub(crate) struct Refresh {
    /// The sso-sessions, or profiles that use them
    #[arg(conflicts_with = "all")]
    pub(crate) sessions: Vec<String>,
    /// Every session of the config file
    #[arg(long)]
    pub(crate) all: bool,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with_all = ["sessions", "all"])]
    pub(crate) profile: Option<String>,
    /// Renew what has less than this left
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "20m")]
    pub(crate) min: Duration,
    /// Print errors only
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// `logout`.
#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The sso-session, or a profile that uses one
    #[arg(conflicts_with = "all")]
    pub(crate) session: Option<String>,
    /// Every session of the config file
    #[arg(long)]
    pub(crate) all: bool,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with_all = ["session", "all"])]
    pub(crate) profile: Option<String>,
    /// Log out on this machine only; do not tell the server
    #[arg(long)]
    pub(crate) local: bool,
}

/// `process`.
#[derive(Debug, Args)]
pub(crate) struct Process {
    /// The profile whose session, account and role are meant
    #[arg(long, short, value_name = "NAME", conflicts_with_all = ["session", "account", "role"], required_unless_present = "session")]
    pub(crate) profile: Option<String>,
    /// The sso-session
    #[arg(long, value_name = "NAME", requires = "account", requires = "role")]
    pub(crate) session: Option<String>,
    /// The account's id
    #[arg(long, value_name = "ID", requires = "session")]
    pub(crate) account: Option<String>,
    /// The role's name, which is the permission set's
    #[arg(long, value_name = "NAME", requires = "session")]
    pub(crate) role: Option<String>,
    /// Log in if needed; without this, no browser is ever opened
    #[arg(long)]
    pub(crate) login: bool,
    /// Do not use cached credentials
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// `accounts`.
#[derive(Debug, Args)]
pub(crate) struct Accounts {
    /// The sso-session, or a profile that uses one
    pub(crate) session: Option<String>,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with = "session")]
    pub(crate) profile: Option<String>,
}

/// `roles`.
#[derive(Debug, Args)]
pub(crate) struct Roles {
    /// The sso-session, or a profile that uses one
    pub(crate) session: Option<String>,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with = "session")]
    pub(crate) profile: Option<String>,
    /// Only accounts of this ID or name; * and ? match any characters
    #[arg(long, value_name = "GLOB")]
    pub(crate) account: Option<String>,
}

/// `whoami`.
#[derive(Debug, Args)]
pub(crate) struct Whoami {
    /// The profile [default: the active identity]
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// The region whose STS is asked [default: the profile's]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
}

/// `populate`.
#[derive(Debug, Default, Args)]
pub(crate) struct Populate {
    /// The sso-session, or a profile that uses one
    pub(crate) session: Option<String>,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with = "session")]
    pub(crate) profile: Option<String>,
    /// Name the profiles so, by the fields {account}, {account_id}, {role}, {session}, {email} and {partition}, with
    /// :lower or :strip=TEXT after a field's name [default: {account}-{role}]
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name: Option<String>,
    /// Give each profile this region
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Give each profile this output format
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output: Option<String>,
    /// Give each profile another key; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Take only what matches: an account's name or ID, a role, or ACCOUNT/ROLE; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,
    /// Leave out what matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) not: Vec<String>,
    /// Take only accounts of this name or ID; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) account: Vec<String>,
    /// Take only this role; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) role: Vec<String>,
    /// Remove profiles that populate wrote, nobody changed, and the portal no longer offers
    #[arg(long)]
    pub(crate) prune: bool,
    /// Rename profiles that populate wrote and nobody changed, as --name says
    #[arg(long)]
    pub(crate) rename: bool,
    /// Show the changes and write nothing
    #[arg(long, conflicts_with_all = ["check", "yes"])]
    pub(crate) dry_run: bool,
    /// Write nothing, and exit 1 if anything would change
    #[arg(long, conflicts_with = "yes")]
    pub(crate) check: bool,
    /// Write without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Keep these options in awsbadge's settings, for this session
    #[arg(long, conflicts_with_all = ["set", "account", "role", "dry_run", "check"])]
    pub(crate) save: bool,
    /// Take the last write back
    #[arg(long, conflicts_with_all = ["session", "profile", "name", "region", "output", "set", "only", "not", "account", "role", "prune", "rename", "save"])]
    pub(crate) undo: bool,
}

/// `configure`.
#[derive(Debug, Args)]
pub(crate) struct Configure {
    /// The name of the sso-session: a new one, or one that is in the config file
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// The address of the access portal, such as https://my-company.awsapps.com/start
    #[arg(long, value_name = "URL")]
    pub(crate) start_url: Option<String>,
    /// The region of the access portal [default: what the portal says]
    #[arg(long, value_name = "REGION")]
    pub(crate) sso_region: Option<String>,
    /// What the login may be used for, separated by commas [default: sso:account:access]
    #[arg(long, value_name = "SCOPES")]
    pub(crate) scopes: Option<String>,
    /// The name of the profile
    #[arg(long, short, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The account's name or ID
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// The role, which is the permission set
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// The region of the profile
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The AWS CLI's output format: json, text, table, yaml or yaml-stream
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output: Option<String>,
    /// Create profiles for all accounts and roles, as `populate` does, in place of one
    #[arg(long, conflicts_with_all = ["profile", "account", "role"])]
    pub(crate) all: bool,
    /// Take what is suggested where no option says otherwise, and write without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The sso-session, or a profile that uses one
    pub(crate) session: Option<String>,
    /// The profile whose session is meant
    #[arg(long, short, value_name = "NAME", conflicts_with = "session")]
    pub(crate) profile: Option<String>,
}

/// `90s`, `20m`, `8h`: more than nothing.
fn time(text: &str) -> Result<Duration, String> {
    duration(text)
        .filter(|length| !length.is_zero())
        .ok_or_else(|| "not a length of time such as 90s, 20m or 8h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn command_lines_of_the_contract_are_understood() {
        for line in [
            "login",
            "login dev --force --pkce --no-browser --redirect-port 8400 --timeout 90s",
            "login --profile p --fresh --device --qr --quiet",
            "refresh",
            "refresh a b --min 5m --quiet --json",
            "refresh --all",
            "logout dev --local",
            "logout --all",
            "process --profile p --login",
            "process --session s --account 1 --role r --no-cache",
            "--endpoint-timeout 2s check dev",
            "check --json",
            "configure",
            "configure --session s --start-url u --sso-region r --scopes a,b --profile p --account 1 --role r --region x --output json --yes",
            "configure --all --yes",
            "whoami",
            "whoami dev --region eu-west-1 --json",
            "accounts dev --json",
            "roles --account 1* --json",
            "populate dev --name {account} --region eu-west-1 --set a=b --set c=d --only a --not b --prune",
            "populate --account a --role b --rename --dry-run",
            "populate --save --yes",
            "populate --undo --yes",
        ] {
            let words = std::iter::once("awsbadge-sso").chain(line.split(' '));
            assert!(Cli::try_parse_from(words).is_ok(), "{line}");
        }
        for line in [
            "",
            "configure --all --role r",
            "login a --profile b",
            "login --pkce --device",
            "login --redirect-port 0",
            "login --timeout 0s",
            "login --timeout soon",
            "refresh a --all",
            "logout a --all",
            "process",
            "process --profile p --role r",
            "process --session s --account 1",
            "populate --dry-run --check",
            "populate --check --yes",
            "populate --undo --prune",
            "populate --save --account 1",
        ] {
            let words = std::iter::once("awsbadge-sso").chain(line.split(' '));
            assert!(Cli::try_parse_from(words).is_err(), "{line}");
        }
    }
}
