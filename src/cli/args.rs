//! The types of the command line. The commands themselves are in `commands`.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;

/// Show your active AWS profile, and how long its login lasts, in your shell prompt.
///
/// awsbadge also switches profiles, logs you in, and explains which credentials a tool uses. To set it up, add one
/// line to your shell's start-up file:
///
///   ~/.zshrc                     eval "$(awsbadge init zsh --prompt left)"
///   ~/.bashrc                    eval "$(awsbadge init bash --prompt left)"
///   ~/.config/fish/config.fish   awsbadge init fish --prompt left | source
///
/// Then `asp NAME` switches to a profile, `asp -` switches back, `asp` clears it, and Tab completes names.
#[derive(Debug, PartialEq, Eq, Parser)]
#[command(
    name = "awsbadge",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_long_help = EXIT_CODES,
    verbatim_doc_comment
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, PartialEq, Eq, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Print the shell code that maintains the badge and defines asp, asr, agp, agr and acp
    Init(Init),
    /// Print the badge once
    ///
    /// Prints nothing if there is nothing to show. Always exits 0 and never writes to standard error, so it cannot
    /// break a prompt.
    Prompt(Prompt),
    /// Print shell statements that switch to a profile
    ///
    /// The statements set AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_EB_PROFILE and AWS_PROFILE_REGION. They unset keys,
    /// tokens and expiry variables that would override the profile; those that were set are listed on standard
    /// error. The function `asp` evaluates the statements for you.
    Use(Use),
    /// Print shell statements that clear the profile, and the credentials that `acp` set
    Clear(Clear),
    /// Print shell statements that set the region or, without a name, unset it
    Region(Region),
    /// List the profiles with account, role, region and login state
    ///
    /// Prints a table on a terminal, and one name per line to a pipe.
    List(List),
    /// Show the active identity, when it expires, and anything that overrides it. Works offline
    ///
    /// Exit codes: 0 if the credentials are usable, or if only an API call can tell; 1 if there are none, or if they
    /// expired and a login does not renew them; 3 if the profile does not exist; 4 if the AWS CLI refuses the
    /// configuration; 5 if a login is needed.
    Status(Status),
    /// Ask AWS whose credentials you have, and compare with what the files say
    #[command(disable_help_flag = true)]
    Whoami(PassedOn),
    /// List the SSO sessions, when each login expires, and how many profiles use it. Works offline
    ///
    /// Prints a table on a terminal, and one name per line to a pipe.
    Sessions(Sessions),
    /// Show which credentials a tool uses, and why. Works offline
    ///
    /// Follows the tool's own provider chain step by step, with the file and line of each value. Without --tool,
    /// shows the AWS CLI's chain, and one line for each other tool that would use different credentials.
    Explain(Explain),
    /// Print the AWS config and credentials files, merged as a tool reads them, with secrets masked
    ///
    /// Each value has its file and line. Exits 4 if the tool refuses a file.
    Config(ShowConfig),
    /// Check your AWS config for problems: file, line, affected tools, fix
    ///
    /// Exits 1 if it finds an error, and 0 if it finds nothing or only advice. Works offline, changes nothing, and
    /// shows no secrets. The only program that it runs is `aws --version`.
    Doctor(Doctor),
    /// Log in, if needed
    ///
    /// Finds the login that the profile depends on, through any chain of roles (an SSO session or `aws login`), and
    /// logs in to it: with awsbadge-sso if it is installed, which renews a renewable login without a browser; otherwise
    /// with the AWS CLI. Does nothing while the login is valid for more than 15 minutes (20 if awsbadge-sso can renew
    /// it). Exits with the program's code.
    Login(Login),
    /// Log out: with awsbadge-sso of one SSO session; the AWS CLI logs out of all of them
    Logout(Logout),
    /// Create the first profile: asks for the start URL, logs in, and lets you pick account and role
    #[command(disable_help_flag = true)]
    Configure(PassedOn),
    /// Create a profile for every account and role that you may use, and keep them correct
    #[command(disable_help_flag = true)]
    Populate(PassedOn),
    /// List the accounts that you may use
    #[command(disable_help_flag = true)]
    Accounts(PassedOn),
    /// List the roles that you may use
    #[command(disable_help_flag = true)]
    Roles(PassedOn),
    /// Run a command as a profile, with overriding credential variables removed
    ///
    /// Exits with the command's exit code; 127 if the command is not found, 126 if it cannot be run.
    Exec(Exec),
    /// Print a profile's credentials, for tools that do not support profiles
    ///
    /// Uses the AWS CLI's cache if its credentials are valid for 15 more minutes, or the keys in the AWS files;
    /// otherwise runs `awsbadge-sso process` for an SSO profile if it is installed, else
    /// `aws configure export-credentials`. Exits 5 if a login is needed, 7 if the service is not reached, 8 if there is
    /// no access.
    Export(Export),
    /// Open the AWS console with a profile's account and role, through the access portal
    Console(Console),
    /// Print the config sections that a colleague needs for a profile, without secrets
    Share(Share),
    /// Show every setting, its value, and where the value comes from
    Settings(SettingsArgs),
    /// Print the completion script for a shell
    Completions(Completions),
    /// Detect your shell and prompt theme, and print the lines that add the badge
    ///
    /// --write adds the lines to the shell's start-up file, once, between two markers, and keeps a backup. A theme's
    /// own file (starship.toml, ~/.p10k.zsh) is never written: add the printed lines yourself.
    Setup(Setup),
    /// Show the badge in every state, using sample files in a temporary home directory
    Demo(Demo),
    /// Print the badge and everything it depends on, as assignments for the hooks
    #[command(name = "__refresh", hide = true)]
    Refresh(Refresh),
    /// Print names for completion, one per line: the name, a tab, a description
    #[command(name = "__names", hide = true)]
    Names(Names),
    /// Show a picker and print the name of the chosen profile
    #[command(name = "__pick", hide = true)]
    Pick(Pick),
    /// Print what a shell function takes
    #[command(name = "__help", hide = true)]
    FunctionHelp(FunctionHelp),
}

/// What `asp --help` shows below the command's own help.
const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    any other error
  2    usage error
  3    no such profile
  4    a file cannot be read, or is invalid
  5    a login is needed
  6    refused for safety
  7    the service is not reached
  8    no access
  130  interrupted";

impl Command {
    /// Whether a prompt calls it. If so, it always exits 0 and never writes to standard error.
    #[must_use]
    pub fn never_fails(&self) -> bool {
        matches!(self, Self::Prompt(_) | Self::Refresh(_) | Self::Names(_))
    }
}

/// A shell's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    /// zsh 5.1 or newer
    Zsh,
    /// bash 3.2 or newer
    Bash,
    /// fish 3.2 or newer
    Fish,
    /// Nushell
    #[value(alias = "nu")]
    Nushell,
    /// elvish
    Elvish,
    /// A POSIX shell: dash, ksh93, mksh, busybox
    Plain,
}

/// Accepts the first `number` shells of [`ShellName`]: zsh, bash and fish have everything, Nushell and elvish have no
/// `demo`, and other shells only evaluate statements.
fn shells(number: usize) -> impl TypedValueParser<Value = ShellName> {
    let known = &ShellName::value_variants()[..number];
    // It lets no other name through.
    PossibleValuesParser::new(known.iter().filter_map(ValueEnum::to_possible_value))
        .map(|name| ShellName::from_str(&name, false).unwrap_or(ShellName::Plain))
}

/// What draws the badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PromptHost {
    /// In zsh's PROMPT, by command substitution
    Zsh,
    /// In bash's PS1, by command substitution
    Bash,
    /// In fish_prompt
    Fish,
    /// In ksh93's PS1, by command substitution
    Ksh,
    /// In tcsh's prompt, set by `precmd`
    Tcsh,
    /// As plain text
    Plain,
}

/// Which side of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    /// Before the prompt
    Left,
    /// At the right edge (in bash, which has no right prompt: on the left)
    Right,
}

/// `init`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Init {
    /// The shell that will evaluate the code
    #[arg(value_parser = shells(5))]
    pub shell: ShellName,
    /// Name the switching function NAME, and the others NAMEr, NAMEgp, NAMEgr and NAMEcp
    #[arg(long, value_name = "NAME", default_value = "asp", value_parser = function_name)]
    pub cmd: String,
    /// Draw the badge in the prompt. Without this option, your theme has to show $AWSBADGE
    #[arg(long, value_name = "SIDE")]
    pub prompt: Option<Side>,
    /// Export the badge's variables, for starship, oh-my-posh and tmux
    #[arg(long)]
    pub export: bool,
    /// Also define aws_prompt_info, aws_profiles and aws_regions, as oh-my-zsh's aws plugin does (zsh)
    #[arg(long)]
    pub omz: bool,
    /// Update the time in the prompt every minute, without pressing Enter (zsh)
    #[arg(long)]
    pub live: bool,
    /// Warn on standard error before one of these commands if the login has expired or the profile is production
    /// (in bash, needs bash-preexec or ble.sh)
    #[arg(long, value_name = "COMMANDS", num_args = 0..=1, require_equals = true, value_delimiter = ',',
        default_missing_value = WARNED, value_parser = command_name)]
    pub warn: Vec<String>,
    /// Also set psvar[N] to psvar[N+4], one per class: ok, warn, expired, prod, unknown (zsh)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=200))]
    pub psvar: Option<u8>,
}

/// The commands before which `--warn` without a list warns.
const WARNED: &str = "aws,cdk,pulumi,sam,terraform,terragrunt,tofu";

/// The name of a program that needs no quoting.
fn command_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected a command name without a directory, such as terraform".to_owned())
    }
}

/// A name that every shell accepts for a function and that needs no quoting.
fn function_name(text: &str) -> Result<String, String> {
    let mut letters = text.chars();
    let first = letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if first && letters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(text.to_owned())
    } else {
        Err("expected ASCII letters, digits and _, not starting with a digit".to_owned())
    }
}

/// `prompt`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Prompt {
    /// Escape and colour the badge for this shell's prompt
    #[arg(long, value_name = "SHELL")]
    pub shell: Option<PromptHost>,
    /// Print the badge of this profile instead of the active one
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<OsString>,
}

/// `__help`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct FunctionHelp {
    /// The function
    pub function: Function,
    /// The name that `init --cmd` gave `asp`
    #[arg(long, default_value = "asp", value_parser = function_name)]
    pub cmd: String,
}

/// The shell functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Function {
    /// Switches.
    Asp,
    /// Sets the region.
    Asr,
    /// Prints the profile.
    Agp,
    /// Prints the region.
    Agr,
    /// Takes the credentials.
    Acp,
}

/// `use`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Use {
    /// The profile, or `-` for this terminal's previous one
    #[arg(
        value_name = "PROFILE",
        allow_hyphen_values = true,
        required_unless_present = "config"
    )]
    pub profile: Option<OsString>,
    /// What follows the profile on `asp`'s command line, if it is neither `login` nor `logout`
    #[arg(hide = true)]
    pub more: Vec<OsString>,
    /// Also set this region, until the next switch
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Use the files of this section [config CONFIG] of the settings; `default`: the usual files. Without PROFILE,
    /// clear the profile
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,
    /// Keep the credentials in the environment, although they override the profile
    #[arg(long)]
    pub keep_keys: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    pub yes: bool,
    /// The shell that will evaluate the statements
    #[arg(long, value_name = "SHELL", value_parser = shells(6))]
    pub shell: Option<ShellName>,
    /// The previous profile, for `-`
    #[arg(long, value_name = "PROFILE", hide = true, allow_hyphen_values = true)]
    pub previous: Option<OsString>,
    /// The region that the last `use --region` of this terminal set
    #[arg(long, value_name = "REGION", hide = true)]
    pub own_region: Option<OsString>,
}

/// `clear`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Clear {
    /// The shell that will evaluate the statements
    #[arg(long, value_name = "SHELL", value_parser = shells(6))]
    pub shell: Option<ShellName>,
    /// Also clear other keys and tokens
    #[arg(long)]
    pub keys: bool,
}

/// `region`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Region {
    /// The region, such as eu-west-1. Without it, unset the region
    pub region: Option<String>,
    /// The shell that will evaluate the statements
    #[arg(long, value_name = "SHELL", value_parser = shells(6))]
    pub shell: Option<ShellName>,
    /// Print the region in effect instead: of the environment, else of the active profile
    #[arg(long, conflicts_with_all = ["region", "shell"])]
    pub show: bool,
}

/// `list`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct List {
    /// Only profiles whose names contain this
    #[arg(value_name = "TEXT")]
    pub name: Option<String>,
    /// Print an array of the objects that `status --json` prints
    #[arg(long)]
    pub json: bool,
    /// List only profiles in these states
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = ["valid", "expiring", "renewable", "unknown", "expired", "no-login", "keys", "process", "container", "instance", "web-identity", "mfa", "config-error", "no-credentials", "no-such-profile"])]
    pub state: Vec<String>,
}

/// `status`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Status {
    /// The profile [default: the active identity]
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Print nothing, only set the exit code
    #[arg(short, long)]
    pub quiet: bool,
    /// Also exit 5 if less than this is left, such as 30m
    #[arg(long, value_name = "TIME")]
    pub min: Option<String>,
    /// Also ask AWS whose credentials these are, with awsbadge-sso: exits 7 if AWS is not reached, 8 without access
    #[arg(long)]
    pub online: bool,
}

/// `whoami`, `configure`, `populate`, `accounts`, `roles`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct PassedOn {
    /// Passed on to awsbadge-sso, whose --help explains it
    #[arg(
        value_name = "ARGUMENTS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub words: Vec<OsString>,
}

/// `sessions`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Sessions {
    /// Print an array of objects
    #[arg(long)]
    pub json: bool,
}

/// A tool that reads the AWS files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ToolName {
    /// The AWS CLI v2
    Cli,
    /// boto3 and everything else that uses botocore, including the AWS CLI v1
    Boto3,
    /// The SDK for Rust
    Rust,
    /// The SDK for JavaScript v3
    Js,
    /// The SDK for Go v2
    Go,
    /// The SDK for Java v2
    Java,
}

/// `explain`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Explain {
    /// Follow this tool's provider chain
    #[arg(long, value_name = "TOOL")]
    pub tool: Option<ToolName>,
    /// Assume that this profile is selected explicitly, as with `aws --profile`
    #[arg(long, value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `config`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct ShowConfig {
    /// Only this profile, and the SSO session that it uses
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// Read the files as this tool does
    #[arg(long, value_name = "TOOL", default_value = "cli")]
    pub tool: ToolName,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `doctor`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Doctor {
    /// Print an array of problems
    #[arg(long)]
    pub json: bool,
    /// Offer to correct single lines of the AWS files; asks first and keeps a backup
    #[arg(long, conflicts_with = "json")]
    pub fix: bool,
}

/// `login`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Login {
    /// The profile [default: the active one]
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// Log in to this SSO session, whichever one the profile uses
    #[arg(long, value_name = "SESSION")]
    pub session: Option<OsString>,
    /// Log in even if not needed
    #[arg(long)]
    pub force: bool,
    /// Use the files of this section [config CONFIG] of the settings
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,
}

/// `logout`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Logout {
    /// The profile [default: the active one]
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
}

/// `exec`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Exec {
    /// Log in first, if a login is needed
    #[arg(long)]
    pub login: bool,
    /// The region for the command
    #[arg(long, value_name = "REGION", conflicts_with = "profile_region")]
    pub region: Option<OsString>,
    /// Remove AWS_REGION and AWS_DEFAULT_REGION, so that the profile's region applies
    #[arg(long)]
    pub profile_region: bool,
    /// The profile
    #[arg(value_name = "PROFILE")]
    pub profile: OsString,
    /// The command and its arguments [default: your shell]
    #[arg(
        value_name = "COMMAND",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<OsString>,
}

/// `export`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Export {
    /// The profile [default: the active identity]
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "env")]
    pub format: ExportFormat,
}

/// An output format for credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Statements for zsh that also set the profile
    Zsh,
    /// Statements for bash that also set the profile
    Bash,
    /// Statements for fish that also set the profile
    Fish,
    /// JSON for the hook of Nushell
    Nushell,
    /// JSON for the hook of elvish
    Elvish,
    /// `export NAME='value'`, for any POSIX shell
    Env,
    /// JSON, as a `credential_process` prints it
    Json,
    /// NAME=value lines, for .env files
    Dotenv,
}

/// `console`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Console {
    /// The profile [default: the active one]
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// The service to go to, as in the console's addresses: s3, ec2, cloudwatch
    #[arg(value_name = "SERVICE", conflicts_with_all = ["service_of_active", "url"])]
    pub service: Option<String>,
    /// The same, for the active profile
    #[arg(
        long = "service",
        value_name = "SERVICE",
        id = "service_of_active",
        conflicts_with = "url"
    )]
    pub service_of_active: Option<String>,
    /// The region to go to [default: the one in effect]
    #[arg(long, value_name = "REGION", conflicts_with = "url")]
    pub region: Option<String>,
    /// A page of the console to go to; https only
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Print the address instead of opening a browser
    #[arg(long)]
    pub print: bool,
}

/// `share`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Share {
    /// The profiles
    #[arg(value_name = "PROFILE", required = true, allow_hyphen_values = true)]
    pub profiles: Vec<OsString>,
}

/// `settings`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct SettingsArgs {
    /// Create a settings file with every key commented out; never overwrites a file
    #[arg(long)]
    pub init: bool,
}

/// `__pick`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Pick {
    /// Use the files of this section [config CONFIG] of the settings
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,
    /// The initial search text
    pub query: Vec<String>,
}

/// `completions`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_parser = shells(3))]
    pub shell: ShellName,
}

/// `setup`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Setup {
    /// The shell [default: the one that $SHELL names]
    #[arg(long, value_name = "SHELL", value_parser = shells(5))]
    pub shell: Option<ShellName>,
    /// Add the lines to the shell's start-up file
    #[arg(long, conflicts_with = "remove")]
    pub write: bool,
    /// Remove the lines again
    #[arg(long)]
    pub remove: bool,
}

/// `demo`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Demo {
    /// Start this shell with the sample files; everything is removed when you exit it
    #[arg(long, value_name = "SHELL", value_parser = shells(3))]
    pub shell: Option<ShellName>,
}

/// `__refresh`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Refresh {
    /// The shell that will evaluate the answer
    #[arg(long, value_parser = shells(5))]
    pub shell: ShellName,
    /// The version of the exchange
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=1))]
    pub proto: u8,
    /// Write stamp files for the shell with this id: its process number, a dot, and a number of its own
    #[arg(long, allow_hyphen_values = true, value_name = "ID")]
    pub stamps: Option<OsString>,
    /// AWS_PROFILE's value, if the shell has it without exporting it
    #[arg(long, allow_hyphen_values = true)]
    pub unexported: Option<OsString>,
    /// What the shell remembers about switches by directory; without it, none is made
    #[arg(long, allow_hyphen_values = true)]
    pub directory: Option<OsString>,
}

/// `__names`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Names {
    /// What to list
    pub of: NamesOf,
    /// Use the files of this section [config CONFIG] of the settings
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,
    /// For `words`: the command line after `awsbadge`, up to and including the word at the cursor
    #[arg(last = true)]
    pub words: Vec<OsString>,
}

/// What can be completed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NamesOf {
    /// Profiles
    Profiles,
    /// Regions
    Regions,
    /// SSO sessions
    Sessions,
    /// Sections [config CONFIG] of the settings
    Configs,
    /// Whatever may come next on the command line of `awsbadge`
    Words,
}
