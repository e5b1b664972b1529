//! The command line. Imports nothing of ours but how to show text: it says what was typed, `cmd` says what that means.

use crate::error::visible_bytes;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;

/// Who you are in AWS, and until when.
///
/// A badge for your prompt with the active AWS profile and the time left before its login ends, and an instant
/// switch between profiles. Put one line into your shell's start-up file:
///
///   ~/.zshrc                     eval "$(awsbadge init zsh --prompt left)"
///   ~/.bashrc                    eval "$(awsbadge init bash --prompt left)"
///   ~/.config/fish/config.fish   awsbadge init fish --prompt left | source
///
/// Then `asp NAME` switches, `asp -` goes back, `asp` clears, and TAB completes names.
#[derive(Debug, PartialEq, Eq, Parser)]
#[command(
    name = "awsbadge",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    verbatim_doc_comment
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, PartialEq, Eq, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Print the shell code that keeps the badge and defines asp, asr, agp, agr and acp
    Init(Init),
    /// Print the badge once
    ///
    /// Always exits 0 and never writes to standard error, so that no prompt breaks. Prints nothing where there
    /// is nothing to show.
    Prompt(Prompt),
    /// Print the statements that switch to a profile, for a shell to evaluate
    ///
    /// Sets AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_EB_PROFILE and AWS_PROFILE_REGION. Unsets keys, tokens and
    /// expiry variables that would win over the profile, and names those that were set on standard error.
    /// The function `asp` evaluates this for you.
    #[command(after_long_help = AS_ASP)]
    Use(Use),
    /// Print the statements that clear the profile
    Clear(Clear),
    /// Print the statements that set or, without a name, unset the region
    Region(Region),
    /// List the profiles with account, role, region and the state of their login
    ///
    /// A table on a terminal; in a pipe, one name a line.
    List(List),
    /// Say who you are, until when, and what stands in the way; without the network
    ///
    /// Exits 5 where a login is needed, so that scripts can ask.
    Status(Status),
    /// Say which credentials a tool uses, and why it takes those and no others; without the network
    ///
    /// Follows the tool's own order step by step: what it looked at, what it found, in which file and line.
    /// Without --tool, the AWS CLI's order, and a line for each other tool that would decide otherwise.
    Explain(Explain),
    /// Print AWS's two files merged as a tool reads them, secrets masked
    ///
    /// Every value has the file and line it comes from. Exits 4 where the tool refuses a file.
    Config(ShowConfig),
    /// Name everything that is wrong or will surprise: file and line, who trips over it, and the fix
    ///
    /// Exits 1 where it found an error, 0 where there is nothing or only advice. Shows no secrets, changes
    /// nothing and asks no server; it runs nothing but `aws --version`.
    Doctor(Doctor),
    /// Log in, where that is needed
    ///
    /// Finds out which login the profile stands on (an SSO session, `aws login`, at the end of any chain of
    /// roles) and lets the AWS CLI log in to that. Does nothing while more than 15 minutes are left.
    Login(Login),
    /// Log out. For SSO, the AWS CLI logs out of all sessions
    Logout(Logout),
    /// Run one command as a profile, without what would win over it
    ///
    /// Exits as the command does; 127 where there is no such command, 126 where it can't be run.
    Exec(Exec),
    /// Print a profile's credentials, for what can't use a profile
    ///
    /// Taken from the AWS CLI's own cache where they are good for 15 minutes more, from the keys in AWS's files,
    /// or else from `aws configure export-credentials`. Exits 5 where a login is needed.
    Export(Export),
    /// Open the AWS console with the account and role of a profile, through the access portal
    Console(Console),
    /// Print the sections of a profile that a colleague needs, without secrets
    Share(Share),
    /// Show every setting, its value and where that comes from
    Settings(SettingsArgs),
    /// Print the completion script of a shell
    Completions(Completions),
    /// Find the shell and the prompt theme, and print the lines that show the badge there
    ///
    /// --write puts those for the shell's start-up file in, once, between two marks, and keeps a copy of the file
    /// as it was. A theme's own file (starship.toml, ~/.p10k.zsh) is never written: its lines are printed.
    Setup(Setup),
    /// Show every state of the badge on sample files in a throwaway home, or play in a shell there
    Demo(Demo),
    /// The hooks' question: the badge and what it depends on, as assignments
    #[command(name = "__refresh", hide = true)]
    Refresh(Refresh),
    /// Names for TAB, one a line, with a description behind a tab
    #[command(name = "__names", hide = true)]
    Names(Names),
    /// Let a person pick a profile; its name is printed
    #[command(name = "__pick", hide = true)]
    Pick(Pick),
}

/// What `asp --help` shows below the command's own help.
const AS_ASP: &str = "\
As the function that `awsbadge init` defines:
  asp NAME                    switch, with any of the options above but --shell
  asp -                       go back to this terminal's previous profile
  asp                         clear the profile
  asp --pick [TEXT]           pick one from a list
  asp NAME login [SESSION]    log in where that is needed, then switch
  asp NAME logout             switch, then log out";

impl Command {
    /// Whether it is called by prompts: then it exits 0 and writes nothing to standard error, come what may.
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
}

/// Where a badge is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PromptHost {
    /// In zsh's PROMPT, by command substitution
    Zsh,
    /// In bash's PS1, by command substitution
    Bash,
    /// In fish_prompt
    Fish,
    /// As plain text
    Plain,
}

/// Which side of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    /// Before the prompt
    Left,
    /// At the right edge (bash has none: there it is left)
    Right,
}

/// `init`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Init {
    /// The shell that will evaluate the code
    pub shell: ShellName,
    /// The name of the switching function; the others follow it (NAMEr, NAMEgp, NAMEgr, NAMEcp)
    #[arg(long, value_name = "NAME", default_value = "asp", value_parser = function_name)]
    pub cmd: String,
    /// Draw the badge in the prompt; without this, a theme shows $AWSBADGE
    #[arg(long, value_name = "SIDE")]
    pub prompt: Option<Side>,
    /// Export the badge's variables, for starship, oh-my-posh and tmux
    #[arg(long)]
    pub export: bool,
    /// Also define aws_prompt_info, aws_profiles and aws_regions, as oh-my-zsh's aws plugin does (zsh)
    #[arg(long)]
    pub omz: bool,
    /// Let the time in the prompt count down without Enter (zsh)
    #[arg(long)]
    pub live: bool,
    /// Before one of these commands, say on standard error where the login is over or the profile is production
    /// (bash: with bash-preexec or ble.sh)
    #[arg(long, value_name = "COMMANDS", num_args = 0..=1, require_equals = true, value_delimiter = ',',
        default_missing_value = WARNED, value_parser = command_name)]
    pub warn: Vec<String>,
    /// Keep the badge in psvar[N] to psvar[N+4] too, one slot a class: ok, warn, expired, prod, unknown (zsh)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=200))]
    pub psvar: Option<u8>,
}

/// The commands before which `--warn` alone says what is to be known.
const WARNED: &str = "aws,cdk,pulumi,sam,terraform,terragrunt,tofu";

/// The name of a program that needs no quoting.
fn command_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.+".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => Ok(text.to_owned()),
        false => Err("a command's name, without its folder, such as terraform".to_owned()),
    }
}

/// A name that every shell takes for a function and that needs no quoting.
fn function_name(text: &str) -> Result<String, String> {
    let mut letters = text.chars();
    let first = letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    match first && letters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        true => Ok(text.to_owned()),
        false => Err(
            "a function's name has ASCII letters, digits and _, and begins with no digit"
                .to_owned(),
        ),
    }
}

/// `prompt`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Prompt {
    /// Escape and colour it for the prompt of this shell
    #[arg(long, value_name = "SHELL")]
    pub shell: Option<PromptHost>,
    /// The badge of this profile instead of the active one
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<OsString>,
}

/// `use`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Use {
    /// The profile; `-` is this terminal's previous one
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: OsString,
    /// What `asp` was given behind the profile, where it is neither `login` nor `logout`
    #[arg(hide = true)]
    pub more: Vec<OsString>,
    /// Set this region too; it goes again at the next switch
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Leave keys in the environment where they are
    #[arg(long)]
    pub keep_keys: bool,
    /// Don't ask before a switch to production
    #[arg(long)]
    pub yes: bool,
    /// The shell that will evaluate the statements
    #[arg(long, value_name = "SHELL")]
    pub shell: ShellName,
    /// The profile before this one, which `-` stands for
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
    #[arg(long, value_name = "SHELL")]
    pub shell: ShellName,
    /// Clear keys and tokens too
    #[arg(long)]
    pub keys: bool,
}

/// `region`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Region {
    /// The region, such as eu-west-1; without it, the region is unset
    pub region: Option<String>,
    /// The shell that will evaluate the statements
    #[arg(long, value_name = "SHELL")]
    pub shell: ShellName,
}

/// `list`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct List {
    /// An array of the objects that `status --json` prints
    #[arg(long)]
    pub json: bool,
    /// Only profiles in these states
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = ["valid", "expiring", "renewable", "unknown", "expired", "no-login", "keys", "process", "container", "instance", "web-identity", "mfa", "config-error", "no-credentials", "no-such-profile"])]
    pub state: Vec<String>,
}

/// `status`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Status {
    /// The profile; without it, the active identity
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Say nothing: the exit code tells
    #[arg(short, long)]
    pub quiet: bool,
    /// Also exit 5 where less than this is left, such as 30m
    #[arg(long, value_name = "TIME")]
    pub min: Option<String>,
}

/// A tool that reads AWS's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ToolName {
    /// The AWS CLI v2
    Cli,
    /// boto3 and everything on botocore, the AWS CLI v1 too
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
    /// The tool
    #[arg(long, value_name = "TOOL")]
    pub tool: Option<ToolName>,
    /// As if the tool were told this profile by its own means, such as aws --profile
    #[arg(long, value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `config`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct ShowConfig {
    /// The tool
    #[arg(long, value_name = "TOOL", default_value = "cli")]
    pub tool: ToolName,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `doctor`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Doctor {
    /// An array of findings
    #[arg(long)]
    pub json: bool,
}

/// `login`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Login {
    /// The profile; without it, the active one
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// Log in to this SSO session, whatever the profile uses
    #[arg(long, value_name = "SESSION")]
    pub session: Option<OsString>,
    /// Log in even where that is not needed
    #[arg(long)]
    pub force: bool,
}

/// `logout`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Logout {
    /// The profile; without it, the active one
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
}

/// `exec`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Exec {
    /// The profile
    #[arg(value_name = "PROFILE")]
    pub profile: OsString,
    /// The command and its arguments, after `--`
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub command: Vec<OsString>,
}

/// `export`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Export {
    /// The profile; without it, the active identity
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
    /// The form
    #[arg(long, value_name = "FORMAT", default_value = "env")]
    pub format: ExportFormat,
}

/// A form of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Statements for zsh, which set the profile too
    Zsh,
    /// Statements for bash, which set the profile too
    Bash,
    /// Statements for fish, which set the profile too
    Fish,
    /// `export NAME='value'`, for any POSIX shell
    Env,
    /// What a `credential_process` prints
    Json,
    /// NAME=value, for env files
    Dotenv,
}

/// `console`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Console {
    /// The profile; without it, the active one
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    pub profile: Option<OsString>,
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
    /// Write a first settings file with every key in it, each commented out; never over one that is there
    #[arg(long)]
    pub init: bool,
}

/// `__pick`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Pick {
    /// What to look for at first
    pub query: Vec<String>,
}

/// `completions`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Completions {
    /// The shell
    pub shell: ShellName,
}

/// `setup`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Setup {
    /// The shell; without it, the one that $SHELL names
    #[arg(long, value_name = "SHELL")]
    pub shell: Option<ShellName>,
    /// Write the lines into the shell's start-up file
    #[arg(long, conflicts_with = "remove")]
    pub write: bool,
    /// Take them out again
    #[arg(long)]
    pub remove: bool,
}

/// `demo`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Demo {
    /// Open this shell on the sample files; leaving it removes everything
    #[arg(long, value_name = "SHELL")]
    pub shell: Option<ShellName>,
}

/// `__refresh`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Refresh {
    /// The shell that will evaluate the answer
    #[arg(long)]
    pub shell: ShellName,
    /// The version of the exchange
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=1))]
    pub proto: u8,
    /// Write stamp files for the shell with this id: its process number, a dot, and a number of its own
    #[arg(long, allow_hyphen_values = true, value_name = "ID")]
    pub stamps: Option<OsString>,
    /// AWS_PROFILE's value, where the shell has it without exporting it
    #[arg(long, allow_hyphen_values = true)]
    pub unexported: Option<OsString>,
}

/// `__names`.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct Names {
    /// What the names are of
    pub of: NamesOf,
    /// For `words`: the command line behind `awsbadge`, up to and with the word under the cursor
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
    /// Whatever may stand next on a command line of `awsbadge`
    Words,
}

/// Reads the arguments (without the program's name).
///
/// The shapes that hooks and prompts send are matched by hand first: going through clap costs more than all the
/// rest of a refresh. Anything else, and anything unusual in those, is clap's.
///
/// # Errors
/// clap's: a usage error, or `--help` and `--version` with their text.
pub fn parse(arguments: Vec<OsString>) -> Result<Command, clap::Error> {
    if let Some(command) = fixed_shape(&arguments) {
        return Ok(command);
    }
    let read = |arguments: &[OsString]| {
        let named = std::iter::once(OsString::from("awsbadge")).chain(arguments.iter().cloned());
        Cli::try_parse_from(named).map(|cli| cli.command)
    };
    read(&arguments).map_err(|error| {
        // clap repeats arguments as they are. With those that can be shown in their place it says the same of them.
        let shown: Vec<OsString> = arguments
            .iter()
            .map(|argument| visible_bytes(argument.as_encoded_bytes()).into())
            .collect();
        match error.use_stderr() {
            true => read(&shown).err().unwrap_or(error),
            false => error,
        }
    })
}

/// The shapes that need no clap; a test holds that clap reads them the same.
fn fixed_shape(arguments: &[OsString]) -> Option<Command> {
    let words: Vec<&str> = arguments
        .iter()
        .map(|a| a.to_str().unwrap_or("\0"))
        .collect();
    let shell = |name: &str| match name {
        "zsh" => Some(ShellName::Zsh),
        "bash" => Some(ShellName::Bash),
        "fish" => Some(ShellName::Fish),
        _ => None,
    };
    match words.as_slice() {
        ["__refresh", "--shell", name, "--proto", "1", options @ ..] => {
            // `--stamps ID` first, then `--unexported NAME`, either of which may be missing.
            let (stamps, rest) = match options {
                ["--stamps", _, rest @ ..] => (arguments.get(6).cloned(), rest),
                _ => (None, options),
            };
            let unexported = match rest {
                [] => None,
                ["--unexported", _] => arguments.last().cloned(),
                _ => return None,
            };
            Some(Command::Refresh(Refresh {
                shell: shell(name)?,
                proto: 1,
                stamps,
                unexported,
            }))
        }
        ["__names", "profiles"] => Some(Command::Names(Names {
            of: NamesOf::Profiles,
            words: Vec::new(),
        })),
        ["__names", "regions"] => Some(Command::Names(Names {
            of: NamesOf::Regions,
            words: Vec::new(),
        })),
        ["prompt"] => Some(Command::Prompt(Prompt {
            shell: None,
            profile: None,
        })),
        ["prompt", "--shell", name] => {
            let host = match *name {
                "plain" => PromptHost::Plain,
                _ => match shell(name)? {
                    ShellName::Zsh => PromptHost::Zsh,
                    ShellName::Bash => PromptHost::Bash,
                    ShellName::Fish => PromptHost::Fish,
                },
            };
            Some(Command::Prompt(Prompt {
                shell: Some(host),
                profile: None,
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn clap_reads_the_fixed_shapes_the_same() {
        let mut shapes = vec![
            "__names profiles".to_owned(),
            "__names regions".into(),
            "prompt".into(),
            "prompt --shell plain".into(),
        ];
        for shell in ["zsh", "bash", "fish"] {
            shapes.push(format!("__refresh --shell {shell} --proto 1"));
            for options in [
                "--unexported -x$(id)",
                "--stamps 12.34",
                "--stamps -12.34 --unexported -x$(id)",
            ] {
                shapes.push(format!("__refresh --shell {shell} --proto 1 {options}"));
            }
            shapes.push(format!("prompt --shell {shell}"));
        }
        for shape in shapes {
            let words: Vec<OsString> = shape.split(' ').map(OsString::from).collect();
            let by_hand = fixed_shape(&words).expect(&shape);
            let by_clap = Cli::try_parse_from(std::iter::once("awsbadge".into()).chain(words))
                .expect(&shape)
                .command;
            assert_eq!(by_hand, by_clap, "{shape}");
        }
    }

    #[test]
    fn an_error_shows_no_argument_that_acts_on_a_terminal() {
        let hostile = "\x1b[31m\u{9b}\u{202e}\u{200b}\r\n\u{e0041}x";
        for words in [
            vec![hostile],
            vec!["list", hostile],
            vec!["list", "--state", hostile],
            vec!["use", "--shell", hostile, "dev"],
            vec!["clear", "--shell", "zsh", hostile],
            vec!["prompt", hostile],
            vec!["__refresh", "--shell", "zsh", "--proto", hostile],
            vec!["init", "zsh", "--cmd", hostile],
        ] {
            let error = parse(words.iter().map(OsString::from).collect()).unwrap_err();
            let text = error.to_string();
            let acting = |c: &char| crate::error::acts(*c) && *c != '\n';
            assert_eq!(text.chars().find(acting), None, "{words:?}: {text}");
            assert!(
                text.contains("\\u{1b}[31m\\u{9b}\\u{202e}"),
                "{words:?}: {text}"
            );
        }
    }

    #[test]
    fn anything_else_is_claps() {
        for line in [
            "__refresh --shell tcsh --proto 1",
            "__refresh --shell zsh --proto 2",
            "__refresh --shell zsh --proto 1 --stamps",
            "__refresh --shell zsh --proto 1 --unexported x --stamps 1",
            "__refresh --shell zsh --proto 1 --stamps 1 x",
            "prompt --shell",
            "prompt --help",
            "list",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(fixed_shape(&words), None, "{line}");
        }
    }

    #[test]
    fn a_profile_may_begin_with_a_dash() {
        let read = |line: &str| parse(line.split(' ').map(OsString::from).collect());
        for line in [
            "use --shell zsh -- -rf",
            "use --shell zsh -",
            "use --shell zsh --previous -x -- a",
        ] {
            assert!(
                matches!(read(line), Ok(Command::Use(_))),
                "{line}: {:?}",
                read(line)
            );
        }
    }
}
