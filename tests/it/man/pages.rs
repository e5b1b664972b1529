//! What each page says: from the command line, and what it cannot know: examples, variables, files.

use super::roff::Page;
use super::{function_help, sso};
use awsbadge::aws::env_vars;
use awsbadge::cli::{Cli, GROUPS};
use clap::{Command, CommandFactory as _};
use std::collections::BTreeMap;

/// Pages of others that these name.
pub(super) const FOREIGN: [&str; 8] = [
    "aws", "bash", "fish", "fzf", "jq", "starship", "tmux", "zsh",
];

/// What a command's page says besides its help.
#[derive(Default)]
struct More {
    /// Further paragraphs of the description.
    text: &'static str,
    /// What an example does, and its lines.
    examples: &'static [(&'static str, &'static str)],
    /// Names of variables: of the library's table, or of [`VARIABLES`].
    variables: &'static [&'static str],
    /// Of [`FILES`].
    files: &'static [&'static str],
    /// The exit codes, if the help does not say them and the program's do not apply.
    codes: &'static str,
    /// Other pages, besides that of the program.
    see: &'static [&'static str],
}

/// Variables that the library's table does not have, or has no place for.
const VARIABLES: [(&str, &str); 8] = [
    (
        "AWSBADGE",
        "The text of the badge, which the hooks of the shells set; exported after `init --export`.",
    ),
    (
        "AWSBADGE_CLASS",
        "How urgent the badge is: `ok`, `warn`, `expired`, `prod` or `unknown`.",
    ),
    (
        "AWSBADGE_STATE",
        "The state of the credentials, such as `valid` or `no-login`.",
    ),
    (
        "HTTPS_PROXY, NO_PROXY",
        "The proxy, and the hosts that are reached without it, as for the AWS CLI.",
    ),
    (
        "AWS_CA_BUNDLE",
        "A file of certificates to trust, instead of the system's.",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "Where the system's certificates are.",
    ),
    (
        "AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_STS",
        "Other endpoints of the services, as for the AWS CLI.",
    ),
    (
        "AWSBADGE_*",
        "Each overrides one key of the settings: `AWSBADGE_FORMAT`, `AWSBADGE_SYMBOL`, `AWSBADGE_SHOW`, \
         `AWSBADGE_SHOW_REGION`, `AWSBADGE_MAX_WIDTH`, `AWSBADGE_ASCII`, `AWSBADGE_RENEW_TRUST`, `AWSBADGE_MAX_AGE` and \
         `AWSBADGE_LOGIN_WITH`.",
    ),
];

/// Variables of what every call over the network depends on.
const NETWORK: &[&str] = &[
    "AWS_CONFIG_FILE",
    "HTTPS_PROXY, NO_PROXY",
    "AWS_CA_BUNDLE",
    "SSL_CERT_FILE, SSL_CERT_DIR",
    "AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_STS",
];

const FILES: [(&str, &str); 7] = [
    (
        "~/.config/awsbadge/config.ini",
        "The settings. `awsbadge settings --init` creates the file with every key and a comment.",
    ),
    ("~/.aws/config", "The profiles and the SSO sessions."),
    ("~/.aws/credentials", "Keys, and profiles that have keys."),
    ("~/.aws/sso/cache/*.json", "The tokens of SSO logins."),
    (
        "~/.aws/cli/cache/*.json",
        "The credentials of roles, as the AWS CLI keeps them.",
    ),
    (
        "$XDG_RUNTIME_DIR/awsbadge",
        "Empty files with the times of the files that the prompt depends on, for bash and fish.",
    ),
    (
        "~/.local/state/awsbadge",
        "Locks, the times of renewals, and the records for `populate --undo`; without XDG_RUNTIME_DIR, also the files \
         with times.",
    ),
];

const SETTINGS: &str = "~/.config/awsbadge/config.ini";
const CONFIG: &str = "~/.aws/config";
const CREDENTIALS: &str = "~/.aws/credentials";
const TOKENS: &str = "~/.aws/sso/cache/*.json";
const ROLES: &str = "~/.aws/cli/cache/*.json";
const STAMPS: &str = "$XDG_RUNTIME_DIR/awsbadge";
const STATE: &str = "~/.local/state/awsbadge";

/// What the page says besides the help. Every command has at least one example.
fn more(page: &str) -> More {
    let aws_files = &["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
    let identity = &[
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
    ];
    match page {
        "awsbadge" => More {
            text: "No command of awsbadge uses the network. `awsbadge-sso`(1) does: to log in, to renew logins, and to \
                   list accounts and roles. Commands that need it start it. Without it, `awsbadge login` uses the AWS CLI.",
            examples: &[
                ("Add the badge to your shell:", "awsbadge setup --write"),
                (
                    "Log in if needed, switch, and see what is active:",
                    "asp dev login\nawsbadge status",
                ),
                (
                    "Run one command as another profile:",
                    "awsbadge exec prod aws s3 ls",
                ),
                (
                    "Find out why a program uses other credentials than you expect:",
                    "awsbadge explain\nawsbadge doctor",
                ),
            ],
            variables: &[
                "AWS_PROFILE",
                "AWS_DEFAULT_PROFILE",
                "AWS_REGION",
                "AWS_DEFAULT_REGION",
                "AWS_CONFIG_FILE",
                "AWS_SHARED_CREDENTIALS_FILE",
                "AWSBADGE",
                "AWSBADGE_CLASS",
                "AWSBADGE_STATE",
                "AWSBADGE_ACP",
                "AWSBADGE_*",
                "AWSBADGE_WATCH",
                "XDG_CONFIG_HOME",
                "XDG_STATE_HOME",
                "NO_COLOR",
                "TERM",
            ],
            files: &[SETTINGS, CONFIG, CREDENTIALS, TOKENS, ROLES, STAMPS, STATE],
            see: &["awsbadge-sso", "aws"],
            ..More::default()
        },
        "awsbadge-sso" => More {
            text: "Tokens and credentials of roles are kept where the AWS CLI and the SDKs keep them, in their formats, so \
                   every tool uses them. Each file is written whole or not at all, and only its owner may read it.\n\nIt \
                   is a program of its own, so that the prompt contains no network code. `awsbadge`(1) starts it for \
                   `login`, `logout`, `export`, `whoami`, `configure`, `populate`, `accounts` and `roles`.",
            examples: &[
                ("Create the first profile:", "awsbadge-sso configure"),
                (
                    "Renew every login from a timer:",
                    "awsbadge-sso refresh --all --quiet",
                ),
                (
                    "Serve credentials to any tool, by a line in ~/.aws/config:",
                    "[profile build]\ncredential_process = awsbadge-sso process --session my-sso --account 123456789012 --role Admin",
                ),
            ],
            variables: NETWORK,
            files: &[CONFIG, TOKENS, ROLES, SETTINGS, STATE],
            see: &["awsbadge", "aws"],
            ..More::default()
        },
        "awsbadge-init" => More {
            text: "The line that evaluates the code comes last in the start-up file, after the prompt theme. In zsh, \
                   completion needs `autoload -Uz compinit && compinit` before it, unless a framework runs it.",
            examples: &[
                (
                    "In ~/.zshrc:",
                    "eval \"$(awsbadge init zsh --prompt left)\"",
                ),
                (
                    "In ~/.bashrc:",
                    "eval \"$(awsbadge init bash --prompt left)\"",
                ),
                (
                    "In ~/.config/fish/config.fish:",
                    "awsbadge init fish --prompt left | source",
                ),
                (
                    "In elvish's rc.elv:",
                    "eval (awsbadge init elvish --prompt left | slurp)",
                ),
                (
                    "Once, for Nushell:",
                    "mkdir $nu.user-autoload-dirs.0\nawsbadge init nushell --prompt left | save -f ($nu.user-autoload-dirs.0)/awsbadge.nu",
                ),
                (
                    "For starship, which shows the exported variables:",
                    "eval \"$(awsbadge init zsh --export)\"",
                ),
                (
                    "The code is the same on every run, so it may be saved; each shell then starts one process less:",
                    "awsbadge init zsh --prompt left > ~/.awsbadge.zsh",
                ),
            ],
            variables: &[
                "AWSBADGE",
                "AWSBADGE_CLASS",
                "AWSBADGE_STATE",
                "AWSBADGE_WATCH",
            ],
            files: &[STAMPS, STATE],
            see: &["awsbadge-setup", "awsbadge-prompt", "bash", "fish", "zsh"],
            ..More::default()
        },
        "awsbadge-prompt" => More {
            codes: "Always 0.",
            examples: &[
                (
                    "The badge in tmux's status line:",
                    "set -g status-right '#(awsbadge prompt)'",
                ),
                (
                    "The badge of another profile:",
                    "awsbadge prompt --profile dev",
                ),
            ],
            variables: identity,
            files: &[CONFIG, CREDENTIALS, TOKENS, SETTINGS],
            see: &["awsbadge-init", "awsbadge-status", "tmux"],
            ..More::default()
        },
        "awsbadge-use" => More {
            text: "PROFILE may be a part of a name that fits one profile, an alias of the settings, or the ID of an \
                   account with one profile.",
            examples: &[
                (
                    "In a script; a bare `eval` would go on with the old profile after an error:",
                    "s=$(awsbadge use --shell bash dev) && eval \"$s\"",
                ),
                ("On the command line, by the function:", "asp dev"),
            ],
            variables: identity,
            files: &[CONFIG, CREDENTIALS, SETTINGS],
            see: &["awsbadge-clear", "awsbadge-exec", "awsbadge-region"],
            ..More::default()
        },
        "awsbadge-clear" => More {
            examples: &[
                ("On the command line, by the function:", "asp"),
                (
                    "In a script:",
                    "s=$(awsbadge clear --shell bash) && eval \"$s\"",
                ),
            ],
            see: &["awsbadge-use"],
            ..More::default()
        },
        "awsbadge-region" => More {
            examples: &[
                ("On the command line, by the function:", "asr eu-west-1"),
                ("Print the region in effect:", "awsbadge region --show"),
            ],
            variables: &["AWS_REGION", "AWS_DEFAULT_REGION"],
            see: &["awsbadge-use"],
            ..More::default()
        },
        "awsbadge-list" => More {
            examples: &[
                (
                    "Profiles whose login has to be renewed by you:",
                    "awsbadge list --state expired,no-login",
                ),
                (
                    "The names of all profiles of an account:",
                    "awsbadge list --json | jq -r '.[] | select(.account_id == \"123456789012\").profile'",
                ),
            ],
            variables: aws_files,
            files: &[CONFIG, CREDENTIALS, TOKENS],
            see: &["awsbadge-sessions", "awsbadge-status", "jq"],
            ..More::default()
        },
        "awsbadge-status" => More {
            examples: &[
                (
                    "In a script, before something that takes half an hour:",
                    "awsbadge status --quiet --min 30m || awsbadge login",
                ),
                (
                    "When the credentials expire, in seconds since 1970:",
                    "awsbadge status --json | jq .expiry.at",
                ),
            ],
            variables: identity,
            files: &[CONFIG, CREDENTIALS, TOKENS, SETTINGS],
            see: &["awsbadge-explain", "awsbadge-list", "awsbadge-whoami", "jq"],
            ..More::default()
        },
        "awsbadge-sessions" => More {
            examples: &[(
                "Each session and its expiry, for a program:",
                "awsbadge sessions --json",
            )],
            variables: aws_files,
            files: &[CONFIG, TOKENS],
            see: &["awsbadge-list", "awsbadge-login"],
            ..More::default()
        },
        "awsbadge-explain" => More {
            examples: &[
                (
                    "Why does Terraform, which uses the SDK for Go, see another account?",
                    "awsbadge explain --tool go",
                ),
                (
                    "What would `aws --profile dev` use?",
                    "awsbadge explain --profile dev",
                ),
            ],
            variables: identity,
            files: &[CONFIG, CREDENTIALS, TOKENS, ROLES],
            see: &["awsbadge-config", "awsbadge-doctor", "awsbadge-whoami"],
            ..More::default()
        },
        "awsbadge-config" => More {
            examples: &[
                (
                    "Where does the region of a profile come from?",
                    "awsbadge config dev",
                ),
                ("As boto3 reads the files:", "awsbadge config --tool boto3"),
            ],
            variables: aws_files,
            files: &[CONFIG, CREDENTIALS],
            see: &["awsbadge-doctor", "awsbadge-explain", "awsbadge-share"],
            ..More::default()
        },
        "awsbadge-doctor" => More {
            examples: &[
                (
                    "Look for problems, then correct them one by one:",
                    "awsbadge doctor\nawsbadge doctor --fix",
                ),
                ("In continuous integration:", "awsbadge doctor --json"),
            ],
            variables: aws_files,
            files: &[CONFIG, CREDENTIALS, TOKENS, ROLES, SETTINGS],
            see: &["awsbadge-config", "awsbadge-explain"],
            ..More::default()
        },
        "awsbadge-login" => More {
            examples: &[
                ("Log in and switch, by the function:", "asp dev login"),
                (
                    "Log in again, although the login is valid:",
                    "awsbadge login --force dev",
                ),
            ],
            variables: &[
                "AWS_PROFILE",
                "AWS_CONFIG_FILE",
                "AWSBADGE_LOGIN_WITH",
                "BROWSER",
            ],
            files: &[CONFIG, TOKENS, SETTINGS],
            see: &["awsbadge-logout", "awsbadge-sso-login", "aws"],
            ..More::default()
        },
        "awsbadge-logout" => More {
            examples: &[(
                "Log out of the session that a profile uses:",
                "awsbadge logout dev",
            )],
            variables: &["AWS_PROFILE", "AWS_CONFIG_FILE", "AWSBADGE_LOGIN_WITH"],
            files: &[CONFIG, TOKENS, SETTINGS],
            see: &["awsbadge-login", "awsbadge-sso-logout", "aws"],
            ..More::default()
        },
        "awsbadge-exec" => More {
            examples: &[
                ("Run one command:", "awsbadge exec dev aws s3 ls"),
                (
                    "Log in first if needed, and use another region:",
                    "awsbadge exec --login --region us-east-1 dev terraform plan",
                ),
                ("A shell, until `exit`:", "awsbadge exec dev"),
            ],
            variables: &["AWS_REGION", "AWS_DEFAULT_REGION", "SHELL"],
            files: &[CONFIG, CREDENTIALS],
            see: &["awsbadge-export", "awsbadge-use"],
            ..More::default()
        },
        "awsbadge-export" => More {
            examples: &[
                ("Into the environment, by the function:", "acp dev"),
                (
                    "For a container:",
                    "awsbadge export --format dotenv dev > .env\ndocker run --env-file .env IMAGE",
                ),
                (
                    "As a credential_process, in ~/.aws/config:",
                    "[profile copy]\ncredential_process = awsbadge export --format json dev",
                ),
            ],
            variables: &[
                "AWS_PROFILE",
                "AWS_CONFIG_FILE",
                "AWS_SHARED_CREDENTIALS_FILE",
                "AWSBADGE_LOGIN_WITH",
            ],
            files: &[CONFIG, CREDENTIALS, TOKENS, ROLES],
            see: &["awsbadge-exec", "awsbadge-sso-process", "aws"],
            ..More::default()
        },
        "awsbadge-console" => More {
            examples: &[
                (
                    "The page of S3, with the account and role of a profile:",
                    "awsbadge console dev s3",
                ),
                (
                    "Only the address:",
                    "awsbadge console --print --service ec2 --region eu-west-1",
                ),
            ],
            variables: &["AWS_PROFILE", "AWS_REGION", "BROWSER"],
            files: &[CONFIG, SETTINGS],
            see: &["awsbadge-login"],
            ..More::default()
        },
        "awsbadge-share" => More {
            examples: &[(
                "For a colleague, who appends it to ~/.aws/config:",
                "awsbadge share dev prod",
            )],
            variables: aws_files,
            files: &[CONFIG, CREDENTIALS],
            see: &["awsbadge-config"],
            ..More::default()
        },
        "awsbadge-settings" => More {
            text: "A line with an error is ignored, not the file. The key of every setting, its values and its default are \
                   comments in the file that `--init` creates.",
            examples: &[(
                "Create the file, and see what counts:",
                "awsbadge settings --init\nawsbadge settings",
            )],
            variables: &["XDG_CONFIG_HOME", "AWSBADGE_*"],
            files: &[SETTINGS],
            see: &["awsbadge-doctor"],
            ..More::default()
        },
        "awsbadge-completions" => More {
            text: "`awsbadge init` brings its own completion, which knows your profiles, sessions and regions too. This \
                   script is for a shell without it.",
            examples: &[
                (
                    "For fish:",
                    "awsbadge completions fish > ~/.config/fish/completions/awsbadge.fish",
                ),
                (
                    "For bash:",
                    "awsbadge completions bash > ~/.local/share/bash-completion/completions/awsbadge",
                ),
            ],
            see: &["awsbadge-init"],
            ..More::default()
        },
        "awsbadge-setup" => More {
            examples: &[
                ("Show the lines:", "awsbadge setup"),
                (
                    "Add them, and remove them again:",
                    "awsbadge setup --write\nawsbadge setup --remove",
                ),
            ],
            variables: &["SHELL", "ZDOTDIR", "XDG_CONFIG_HOME", "STARSHIP_CONFIG"],
            see: &["awsbadge-configure", "awsbadge-demo", "awsbadge-init"],
            ..More::default()
        },
        "awsbadge-demo" => More {
            examples: &[
                ("The badge in every state:", "awsbadge demo"),
                ("A shell with sample profiles:", "awsbadge demo --shell zsh"),
            ],
            see: &["awsbadge-setup"],
            ..More::default()
        },
        "awsbadge-whoami" | "awsbadge-sso-whoami" => More {
            examples: &[
                ("The active credentials:", "awsbadge whoami"),
                ("The ARN alone:", "awsbadge whoami --json dev | jq -r .arn"),
            ],
            variables: &[
                "AWS_PROFILE",
                "AWS_CONFIG_FILE",
                "AWS_SHARED_CREDENTIALS_FILE",
                "HTTPS_PROXY, NO_PROXY",
                "AWS_CA_BUNDLE",
                "AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_STS",
            ],
            files: &[CONFIG, CREDENTIALS, TOKENS, ROLES],
            see: &["awsbadge-explain", "awsbadge-status", "jq"],
            ..More::default()
        },
        "awsbadge-configure" | "awsbadge-sso-configure" => More {
            examples: &[
                ("Answer the questions:", "awsbadge configure"),
                (
                    "For scripts, without a question:",
                    "awsbadge configure --yes --start-url my-company --account Sandbox --role Admin --region eu-west-1",
                ),
            ],
            variables: NETWORK,
            files: &[CONFIG, TOKENS],
            see: &["awsbadge-login", "awsbadge-populate", "awsbadge-setup"],
            ..More::default()
        },
        "awsbadge-populate" | "awsbadge-sso-populate" => More {
            text: "A profile is identified by session, account and role, not by its name. What populate did not write, or \
                   what was changed since, is yours: it is never changed, renamed or removed. Every other line of the \
                   file stays as it is, to the byte.",
            examples: &[
                (
                    "Show what would be written, then write it:",
                    "awsbadge populate my-sso --dry-run\nawsbadge populate my-sso --yes",
                ),
                (
                    "Only two roles, named by account and role in lower case:",
                    "awsbadge populate my-sso --role Admin --role ReadOnly --name '{account:lower}-{role:lower}'",
                ),
                ("Take the last write back:", "awsbadge populate --undo"),
            ],
            variables: NETWORK,
            files: &[CONFIG, TOKENS, SETTINGS, STATE],
            see: &["awsbadge-accounts", "awsbadge-configure", "awsbadge-roles"],
            ..More::default()
        },
        "awsbadge-accounts" | "awsbadge-sso-accounts" => More {
            examples: &[
                ("The accounts of a session:", "awsbadge accounts my-sso"),
                ("For a program:", "awsbadge accounts --json my-sso"),
            ],
            variables: NETWORK,
            files: &[CONFIG, TOKENS],
            see: &["awsbadge-populate", "awsbadge-roles"],
            ..More::default()
        },
        "awsbadge-roles" | "awsbadge-sso-roles" => More {
            examples: &[(
                "The roles in the accounts whose names begin with acme:",
                "awsbadge roles my-sso --account 'acme*'",
            )],
            variables: NETWORK,
            files: &[CONFIG, TOKENS],
            see: &["awsbadge-accounts", "awsbadge-populate"],
            ..More::default()
        },
        "awsbadge-sso-login" => More {
            text: "A login that can be renewed and has less than 20 minutes left, or has expired, is renewed without a \
                   browser. One that cannot be renewed and has more than 15 minutes left stays. Otherwise a browser opens, \
                   and comes back to a port on 127.0.0.1; without one, open the address on any device and paste the final \
                   address. Over SSH, in containers and without a display, a device code is shown instead. If another \
                   terminal is logging in to the same session, this one waits for it.",
            examples: &[
                ("By a browser, which opens:", "awsbadge-sso login my-sso"),
                (
                    "On a machine without a browser, by a code:",
                    "awsbadge-sso login --device --qr my-sso",
                ),
                (
                    "As another user than the one who is signed in to the access portal:",
                    "awsbadge-sso login --fresh my-sso",
                ),
            ],
            variables: &[
                "BROWSER",
                "AWS_CONFIG_FILE",
                "HTTPS_PROXY, NO_PROXY",
                "AWS_CA_BUNDLE",
                "AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_STS",
            ],
            files: &[CONFIG, TOKENS, SETTINGS],
            see: &[
                "awsbadge-login",
                "awsbadge-sso-check",
                "awsbadge-sso-logout",
                "awsbadge-sso-refresh",
            ],
            ..More::default()
        },
        "awsbadge-sso-refresh" => More {
            examples: &[(
                "From a timer, all that have less than 20 minutes left:",
                "awsbadge-sso refresh --all --quiet",
            )],
            variables: NETWORK,
            files: &[CONFIG, TOKENS],
            see: &["awsbadge-sso-login"],
            ..More::default()
        },
        "awsbadge-sso-logout" => More {
            examples: &[
                ("One session:", "awsbadge-sso logout my-sso"),
                ("Without a network:", "awsbadge-sso logout --local --all"),
            ],
            variables: NETWORK,
            files: &[CONFIG, TOKENS, ROLES],
            see: &["awsbadge-logout", "awsbadge-sso-login"],
            ..More::default()
        },
        "awsbadge-sso-process" => More {
            text: "Answers from the AWS CLI's cache while 15 minutes are left. Otherwise one process gets new credentials, \
                   and all others wait for them.",
            examples: &[(
                "In ~/.aws/config:",
                "[profile build]\ncredential_process = awsbadge-sso process --session my-sso --account 123456789012 --role Admin",
            )],
            variables: NETWORK,
            files: &[CONFIG, TOKENS, ROLES],
            see: &["awsbadge-export", "awsbadge-sso-login"],
            ..More::default()
        },
        "awsbadge-sso-check" => More {
            examples: &[("Why does the login fail?", "awsbadge-sso check my-sso")],
            variables: NETWORK,
            files: &[CONFIG, SETTINGS],
            see: &["awsbadge-doctor", "awsbadge-sso-login"],
            ..More::default()
        },
        _ => panic!("tests/it/man/pages.rs has nothing about {page}"),
    }
}

/// Every page: its file's name and its text.
pub(super) fn all() -> BTreeMap<String, String> {
    let mut program = Cli::command();
    let mut sso = sso::Cli::command();
    program.build();
    sso.build();
    let mut pages = vec![main_page(&program), sso_page(&sso)];
    for command in visible(&program) {
        // Its options are those of the other program.
        let passed_on = command.is_disable_help_flag_set();
        let shown = passed_on.then(|| sso.find_subcommand(command.get_name()).unwrap());
        pages.push(page(
            "awsbadge",
            command,
            shown.unwrap_or(command),
            passed_on,
        ));
    }
    for command in visible(&sso) {
        pages.push(page("awsbadge-sso", command, command, false));
    }
    let file = |(name, text): (String, String)| (format!("{name}.1"), text);
    pages.into_iter().map(file).collect()
}

fn visible(program: &Command) -> impl Iterator<Item = &Command> {
    let shown = |command: &&Command| !command.is_hide_set() && command.get_name() != "help";
    program.get_subcommands().filter(shown)
}

/// The day of this version's section in the changelog; before it has one, the day of the first pages. Not today: the
/// same source gives the same pages.
fn date() -> String {
    let changelog = include_str!("../../../CHANGELOG.md");
    let section = format!("## [{}] - ", env!("CARGO_PKG_VERSION"));
    let line = changelog
        .lines()
        .find_map(|line| line.strip_prefix(&section));
    line.unwrap_or("2026-11-28").to_owned()
}

/// What a command does, in one line without a period.
fn about(command: &Command) -> String {
    let text = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let first = text.split(". ").next().unwrap();
    first.trim_end_matches('.').to_owned()
}

/// The paragraphs of a command's help: those about exit codes apart.
fn description(command: &Command) -> (String, String) {
    let long = command.get_long_about().or_else(|| command.get_about());
    let text = long.map(ToString::to_string).unwrap_or_default();
    let of_codes = |paragraph: &&str| paragraph.starts_with("Exit");
    let (codes, rest): (Vec<&str>, Vec<&str>) = text.split("\n\n").partition(of_codes);
    let mut rest: Vec<String> = rest.into_iter().map(str::to_owned).collect();
    // clap takes the period of the first one away.
    if let Some(first) = rest.first_mut().filter(|first| !first.ends_with('.')) {
        first.push('.');
    }
    (rest.join("\n\n"), codes.join("\n\n"))
}

fn page(program: &str, own: &Command, shown: &Command, passed_on: bool) -> (String, String) {
    let command = own.get_name();
    let name = format!("{program}-{command}");
    let more = more(&name);
    let mut page = Page::new(&name, &date());
    page.name(&name, &about(own));
    page.synopsis(&format!("{program} {command}"), shown);
    let (text, codes) = description(shown);
    page.section("DESCRIPTION");
    page.paragraphs(&text);
    if !more.text.is_empty() {
        page.paragraphs(more.text);
    }
    if passed_on {
        page.paragraphs(&format!(
            "This starts `awsbadge-sso {command}` with the same arguments, and exits with its code. Without awsbadge-sso it \
             prints how to install it, and exits 1."
        ));
    }
    page.options(shown);
    page.section("EXIT STATUS");
    match codes.as_str() {
        "" if !more.codes.is_empty() => page.paragraphs(more.codes),
        "" => page.paragraphs(&format!(
            "0 on success. The other codes are in {program}(1)."
        )),
        codes => {
            let codes = codes.strip_prefix("Exit codes: ").unwrap_or(codes);
            page.paragraphs(&format!("{codes}\n\nThe other codes are in {program}(1)."));
        }
    }
    rest(&mut page, &name, &more, vec![program.to_owned()]);
    (name, page.text())
}

/// The sections after the exit codes.
fn rest(page: &mut Page, name: &str, more: &More, mut see: Vec<String>) {
    if !more.variables.is_empty() {
        page.section("ENVIRONMENT");
        for variable in more.variables {
            page.item(&format!("`{variable}`"), meaning(variable));
        }
    }
    if !more.files.is_empty() {
        page.section("FILES");
        for file in more.files {
            let (_, meaning) = FILES.iter().find(|(path, _)| path == file).unwrap();
            page.item(&format!("`{file}`"), meaning);
        }
    }
    assert!(!more.examples.is_empty(), "{name} has no example");
    page.section("EXAMPLES");
    for (what, lines) in more.examples {
        page.paragraphs(what);
        page.example(lines);
    }
    see.extend(more.see.iter().map(|&page| page.to_owned()));
    see.retain(|page| page != name);
    see.sort_unstable();
    see.dedup();
    page.see_also(&see);
}

fn meaning(variable: &str) -> &'static str {
    let own = VARIABLES.iter().find(|(name, _)| *name == variable);
    let table = || env_vars::ALL.iter().find(|known| known.name == variable);
    own.map(|(_, meaning)| *meaning)
        .or_else(|| table().map(|known| known.meaning))
        .unwrap_or_else(|| panic!("no meaning of {variable} is known"))
}

fn main_page(program: &Command) -> (String, String) {
    let more = more("awsbadge");
    let mut page = Page::new("awsbadge", &date());
    page.name("awsbadge", &about(program));
    page.synopsis("awsbadge", program);
    page.section("DESCRIPTION");
    page.paragraphs(&description(program).0);
    page.paragraphs(more.text);
    page.section("COMMANDS");
    for (group, commands) in GROUPS {
        page.subsection(group);
        for command in commands {
            let about = about(program.find_subcommand(command).unwrap());
            page.item(&format!("`awsbadge-{command}`(1)"), &about);
        }
    }
    page.section("SHELL FUNCTIONS");
    page.paragraphs(
        "`awsbadge init` defines these functions, for interactive shells; with `--cmd` they have other names. Tab completes \
         names of profiles, with account, role and time left.",
    );
    for function in ["asp", "asr", "agp", "agr", "acp"] {
        let help = function_help(function);
        let (about, calls) = help.split_once("\n\nUsage:\n").unwrap();
        for call in calls.lines().take_while(|line| !line.is_empty()) {
            let (called, meaning) = call.trim().split_once("  ").unwrap_or((call.trim(), about));
            page.item(&format!("`{called}`"), &small(meaning.trim()));
        }
        if let Some((_, options)) = calls.split_once("\n\nOptions:\n") {
            page.paragraphs(&format!("Options of `{function}`:"));
            for option in options.lines().take_while(|line| !line.is_empty()) {
                let (option, meaning) = option.trim().split_once("  ").unwrap();
                page.item(&format!("`{option}`"), meaning.trim());
            }
        }
    }
    page.options(program);
    exit_codes(&mut page, program, "\n  ", "  ");
    rest(&mut page, "awsbadge", &more, Vec::new());
    page.paragraphs(
        "The directory `docs` of the source has more: commands.md (every command, and its JSON), shells.md, settings.md, states.md (what \
         the badge shows, and why), prompts.md (themes), sign-in.md, populate.md.",
    );
    ("awsbadge".to_owned(), page.text())
}

fn sso_page(program: &Command) -> (String, String) {
    let more = more("awsbadge-sso");
    let mut page = Page::new("awsbadge-sso", &date());
    page.name("awsbadge-sso", &about(program));
    page.synopsis("awsbadge-sso", program);
    page.section("DESCRIPTION");
    page.paragraphs(&description(program).0);
    page.paragraphs(more.text);
    page.section("COMMANDS");
    for command in visible(program) {
        let name = command.get_name();
        page.item(&format!("`awsbadge-sso-{name}`(1)"), &about(command));
    }
    page.options(program);
    exit_codes(&mut page, program, "; ", " ");
    rest(&mut page, "awsbadge-sso", &more, Vec::new());
    ("awsbadge-sso".to_owned(), page.text())
}

/// The text without a capital at its beginning.
fn small(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_ascii_lowercase() + rest
}

/// The exit codes, which the help has after its options: `between` two of them, `after` each number.
fn exit_codes(page: &mut Page, program: &Command, between: &str, after: &str) {
    let text = program.get_after_long_help().unwrap().to_string();
    let codes = text.strip_prefix("Exit codes:").unwrap();
    page.section("EXIT STATUS");
    for code in format!(" {}", codes.trim_start())
        .trim_start()
        .split(between)
    {
        let (number, meaning) = code.split_once(after).unwrap();
        page.item(&format!("`{}`", number.trim()), meaning.trim());
    }
}
