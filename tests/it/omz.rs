//! The contract of oh-my-zsh's aws plugin, call by call in a real zsh; where awsbadge differs, `docs/oh-my-zsh.md`
//! says so.

use crate::support::{Home, Shell, binary, expires_in, given, installed, unreachable};
use serde_json::json;
use std::collections::BTreeSet;

const CONFIG: &str = "\
[default]
output = json

[profile dev]
region = eu-west-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Admin

[profile \"prod admin\"]
region = us-east-2
credential_process = true

[profile dev%n]
region = us-east-1

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
";

/// A call, and all that it does.
struct Row {
    call: &'static str,
    /// Variables before it, `NAME=VALUE`.
    before: &'static [&'static str],
    stdout: &'static str,
    stderr: &'static str,
    code: i32,
    /// Variables after it, sorted.
    after: &'static [&'static str],
    /// The rows of `docs/oh-my-zsh.md` that tell the plugin otherwise; none where it does the very same.
    differs: &'static [&'static str],
}

const SAME: &[&str] = &[];
const DEV: &[&str] = &[
    "AWS_DEFAULT_PROFILE=dev",
    "AWS_EB_PROFILE=dev",
    "AWS_PROFILE=dev",
    "AWS_PROFILE_REGION=eu-west-1",
];
const SPACED: &[&str] = &[
    "AWS_DEFAULT_PROFILE=prod admin",
    "AWS_EB_PROFILE=prod admin",
    "AWS_PROFILE=prod admin",
    "AWS_PROFILE_REGION=us-east-2",
];
const NOT_FOUND: &str = "error: Profile 'nope' not found in '$HOME/.aws/config'\n\
                         Available profiles: default, dev, prod admin, dev%n\n";

const ROWS: &[Row] = &[
    Row {
        call: "agp",
        before: DEV,
        stdout: "dev\n",
        stderr: "",
        code: 0,
        after: DEV,
        differs: SAME,
    },
    Row {
        call: "agp",
        before: &[],
        stdout: "\n",
        stderr: "",
        code: 0,
        after: &[],
        differs: SAME,
    },
    Row {
        call: "agr",
        before: &["AWS_REGION=us-east-1"],
        stdout: "us-east-1\n",
        stderr: "",
        code: 0,
        after: &["AWS_REGION=us-east-1"],
        differs: SAME,
    },
    Row {
        call: "agr",
        before: &["AWS_DEFAULT_REGION=us-east-1"],
        stdout: "\n",
        stderr: "",
        code: 0,
        after: &["AWS_DEFAULT_REGION=us-east-1"],
        differs: SAME,
    },
    Row {
        call: "asp dev",
        before: &[],
        stdout: "",
        stderr: "",
        code: 0,
        after: DEV,
        differs: SAME,
    },
    Row {
        call: "asp dev",
        before: SPACED,
        stdout: "",
        stderr: "",
        code: 0,
        after: DEV,
        differs: SAME,
    },
    Row {
        call: "asp default",
        before: DEV,
        stdout: "",
        stderr: "",
        code: 0,
        after: &[
            "AWS_DEFAULT_PROFILE=default",
            "AWS_EB_PROFILE=default",
            "AWS_PROFILE=default",
        ],
        differs: &["empty region"],
    },
    Row {
        call: "asp dev",
        before: &["AWS_REGION=us-east-1"],
        stdout: "",
        stderr: "awsbadge: AWS_REGION=us-east-1 remains set and overrides the profile's region eu-west-1; `asr` unsets it\n",
        code: 0,
        after: &[
            "AWS_DEFAULT_PROFILE=dev",
            "AWS_EB_PROFILE=dev",
            "AWS_PROFILE=dev",
            "AWS_PROFILE_REGION=eu-west-1",
            "AWS_REGION=us-east-1",
        ],
        differs: &["region is told"],
    },
    Row {
        call: "asp dev",
        before: &[
            "AWS_ACCESS_KEY_ID=A",
            "AWS_SECRET_ACCESS_KEY=S",
            "AWS_SESSION_TOKEN=T",
        ],
        stdout: "",
        stderr: "awsbadge: unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, which would override the profile\n",
        code: 0,
        after: DEV,
        differs: &["keys go"],
    },
    Row {
        call: "asp",
        before: &[
            "AWS_ACCESS_KEY_ID=A",
            "AWS_DEFAULT_PROFILE=dev",
            "AWS_EB_PROFILE=dev",
            "AWS_PROFILE=dev",
            "AWS_PROFILE_REGION=r",
            "AWS_REGION=r",
        ],
        stdout: "AWS profile cleared.\n",
        stderr: "",
        code: 0,
        after: &["AWS_ACCESS_KEY_ID=A", "AWS_REGION=r"],
        differs: SAME,
    },
    Row {
        call: "asp ''",
        before: DEV,
        stdout: "AWS profile cleared.\n",
        stderr: "",
        code: 0,
        after: &[],
        differs: SAME,
    },
    Row {
        call: "asp nope",
        before: DEV,
        stdout: "",
        stderr: NOT_FOUND,
        code: 3,
        after: DEV,
        differs: &["not found is 3", "no colour off a terminal"],
    },
    Row {
        call: "asp 'prod admin'",
        before: &[],
        stdout: "",
        stderr: "",
        code: 0,
        after: SPACED,
        differs: &["names with spaces"],
    },
    Row {
        call: "asp dev login",
        before: SPACED,
        stdout: "",
        stderr: "aws sso login --sso-session corp\nawsbadge: corp: not logged in, `aws` ended with code 7\n",
        code: 1,
        after: SPACED,
        differs: &[
            "login comes first",
            "login finds the session",
            "a failure of aws is 1",
        ],
    },
    Row {
        call: "asp dev login corp",
        before: &[],
        stdout: "",
        stderr: "aws sso login --sso-session corp\nawsbadge: corp: not logged in, `aws` ended with code 7\n",
        code: 1,
        after: &[],
        differs: &["login comes first", "a failure of aws is 1"],
    },
    Row {
        call: "asp dev logout",
        before: &[],
        stdout: "",
        stderr: "awsbadge: `aws sso logout` logs out of all SSO sessions\naws sso logout\nawsbadge: not logged out, `aws` ended with code 7\n",
        code: 1,
        after: DEV,
        differs: &["logout is told", "a failure of aws is 1"],
    },
    Row {
        call: "asp dev anything 2>/dev/null",
        before: &[],
        stdout: "",
        stderr: "",
        code: 2,
        after: &[],
        differs: &["a second word"],
    },
    Row {
        call: "asr",
        before: &[
            "AWS_DEFAULT_REGION=a",
            "AWS_PROFILE_REGION=b",
            "AWS_REGION=c",
        ],
        stdout: "AWS region cleared.\n",
        stderr: "",
        code: 0,
        after: &["AWS_PROFILE_REGION=b"],
        differs: SAME,
    },
    Row {
        call: "asr us-east-1",
        before: &[],
        stdout: "",
        stderr: "",
        code: 0,
        after: &["AWS_DEFAULT_REGION=us-east-1", "AWS_REGION=us-east-1"],
        differs: &["regions offline"],
    },
    Row {
        call: "asr nope",
        before: DEV,
        stdout: "",
        stderr: "error: unknown region 'nope'\nhint: press Tab after `asr` to list the regions\n",
        code: 1,
        after: DEV,
        differs: &["errors on stderr"],
    },
    Row {
        call: "acp",
        before: &[
            "AWS_ACCESS_KEY_ID=A",
            "AWS_DEFAULT_PROFILE=dev",
            "AWS_PROFILE=dev",
            "AWS_PROFILE_REGION=r",
            "AWS_SECRET_ACCESS_KEY=S",
            "AWS_SESSION_TOKEN=T",
        ],
        stdout: "AWS profile cleared.\n",
        stderr: "",
        code: 0,
        after: &[],
        differs: &["acp clears all"],
    },
    Row {
        call: "acp nope",
        before: DEV,
        stdout: "",
        stderr: NOT_FOUND,
        code: 3,
        after: DEV,
        differs: &["not found is 3", "no colour off a terminal"],
    },
    Row {
        call: "acp 'prod admin'",
        before: DEV,
        stdout: "",
        stderr: "aws configure export-credentials --format process --profile prod admin\nerror: `aws` has no credentials for 'prod admin' (code 7)\n",
        code: 1,
        after: DEV,
        differs: &["names with spaces", "acp fails as a failure"],
    },
    Row {
        call: "acp default",
        before: DEV,
        stdout: "",
        stderr: "error: the profile 'default' has no source of credentials\nhint: run `cargo install --locked --path sso` in the source directory of awsbadge, then `awsbadge configure`\n",
        code: 1,
        after: DEV,
        differs: &["acp fails as a failure"],
    },
    Row {
        call: "acp dev 123456 2>/dev/null",
        before: &[],
        stdout: "",
        stderr: "",
        code: 2,
        after: &[],
        differs: &["acp takes no code"],
    },
    Row {
        call: "acp dev; unset AWS_CREDENTIAL_EXPIRATION",
        before: &["AWS_SECURITY_TOKEN=old"],
        stdout: "",
        stderr: "",
        code: 0,
        after: &[
            "AWS_ACCESS_KEY_ID=ASIA",
            "AWS_DEFAULT_PROFILE=dev",
            "AWS_EB_PROFILE=dev",
            "AWS_PROFILE=dev",
            "AWS_PROFILE_REGION=eu-west-1",
            "AWS_SECRET_ACCESS_KEY=S",
            "AWS_SESSION_TOKEN=T",
        ],
        differs: &["acp is silent", "acp takes the old away"],
    },
    Row {
        call: "aws_profiles",
        before: &[],
        stdout: "default\ndev\nprod admin\ndev%n\n",
        stderr: "",
        code: 0,
        after: &[],
        differs: SAME,
    },
    Row {
        call: "aws_regions | grep -c '^eu-west-1$\\|^us-east-1$'",
        before: &[],
        stdout: "2\n",
        stderr: "",
        code: 0,
        after: &[],
        differs: &["regions offline"],
    },
    Row {
        call: "aws_prompt_info",
        before: &[],
        stdout: "\n",
        stderr: "",
        code: 0,
        after: &[],
        differs: SAME,
    },
    Row {
        call: "aws_prompt_info",
        before: &["AWS_PROFILE=dev"],
        stdout: "<aws:dev>\n",
        stderr: "",
        code: 0,
        after: &["AWS_PROFILE=dev"],
        differs: SAME,
    },
    Row {
        call: "aws_prompt_info",
        before: &["AWS_REGION=r"],
        stdout: "<region:r>\n",
        stderr: "",
        code: 0,
        after: &["AWS_REGION=r"],
        differs: SAME,
    },
    Row {
        call: "aws_prompt_info",
        before: DEV,
        stdout: "<aws:dev> <region:eu-west-1>\n",
        stderr: "",
        code: 0,
        after: DEV,
        differs: SAME,
    },
    Row {
        call: "aws_prompt_info",
        before: &[
            "AWS_DEFAULT_REGION=d",
            "AWS_PROFILE_REGION=p",
            "AWS_REGION=r",
        ],
        stdout: "<region:r>\n",
        stderr: "",
        code: 0,
        after: &[
            "AWS_DEFAULT_REGION=d",
            "AWS_PROFILE_REGION=p",
            "AWS_REGION=r",
        ],
        differs: SAME,
    },
    Row {
        call: "aws_prompt_info",
        before: &["AWS_DEFAULT_REGION=d", "AWS_PROFILE_REGION=p"],
        stdout: "<region:d>\n",
        stderr: "",
        code: 0,
        after: &["AWS_DEFAULT_REGION=d", "AWS_PROFILE_REGION=p"],
        differs: SAME,
    },
    Row {
        call: "ZSH_THEME_AWS_PROFILE_PREFIX='[' ZSH_THEME_AWS_PROFILE_SUFFIX= ZSH_THEME_AWS_DIVIDER=' | ' ZSH_THEME_AWS_REGION_PREFIX='(' ZSH_THEME_AWS_REGION_SUFFIX=')'; aws_prompt_info",
        before: DEV,
        stdout: "[dev | (eu-west-1)\n",
        stderr: "",
        code: 0,
        after: DEV,
        differs: SAME,
    },
    Row {
        call: "aws_prompt_info",
        before: &["AWS_PROFILE=dev%n"],
        stdout: "<aws:dev%%n>\n",
        stderr: "",
        code: 0,
        after: &["AWS_PROFILE=dev%n"],
        differs: &["percent signs"],
    },
    Row {
        call: "set -u; asp; asr; asp dev",
        before: &[],
        stdout: "AWS profile cleared.\nAWS region cleared.\n",
        stderr: "",
        code: 0,
        after: DEV,
        differs: &["set -u"],
    },
    Row {
        call: "whence aws_change_access_key",
        before: &[],
        stdout: "",
        stderr: "",
        code: 1,
        after: &[],
        differs: &["no change of keys"],
    },
    Row {
        call: "print -r -- \"<$RPROMPT>\"",
        before: DEV,
        stdout: "<>\n",
        stderr: "",
        code: 0,
        after: DEV,
        differs: &["prompt by request"],
    },
    Row {
        call: "print -r -- \"<${AWS_PROFILE-}>\"",
        before: &["AWS_PROFILE_STATE_ENABLED=true", "AWS_STATE_FILE=state"],
        stdout: "<>\n",
        stderr: "",
        code: 0,
        after: &["AWS_PROFILE_STATE_ENABLED=true", "AWS_STATE_FILE=state"],
        differs: &["no state file"],
    },
];

#[test]
fn every_call_does_what_the_plugin_did_or_what_the_documentation_says() {
    if !installed(&["zsh"]) {
        return;
    }
    let mut wrong = Vec::new();
    for row in ROWS {
        let home = Home::new();
        home.config(CONFIG);
        home.stub("aws", "echo \"aws $*\" >&2; exit 7")
            .stub("firefox", "");
        let cached = json!({"Credentials": {"AccessKeyId": "ASIA", "SecretAccessKey": "S", "SessionToken": "T",
            "Expiration": expires_in(3600)}});
        // The AWS CLI's own name for the role of `dev`.
        let key = r#"{"accountId":"123456789012","roleName":"Admin","sessionName":"corp"}"#;
        let name = sha1_smol::Sha1::from(key).digest();
        home.file(&format!(".aws/cli/cache/{name}.json"), cached.to_string());
        let init = format!("eval \"$('{}' init zsh --omz)\"", binary().display());
        let done = row.done(&home, &init);
        if done != row.wanted() {
            wrong.push(format!(
                "{} with {:?}\n   got {done:?}\n  want {:?}",
                row.call,
                row.before,
                row.wanted()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// stdout, stderr, exit code, and the variables after it.
type Done = (String, String, i32, Vec<String>);

impl Row {
    fn wanted(&self) -> Done {
        let after = self.after.iter().map(|&pair| pair.to_owned()).collect();
        (self.stdout.into(), self.stderr.into(), self.code, after)
    }

    /// Makes the call behind `start`, the lines that define the functions.
    fn done(&self, home: &Home, start: &str) -> Done {
        home.file("state", "dev eu-west-1\n");
        let script = format!(
            "{start}\n{}\ncode=$?\nprint -r -- \"== $code\"\nenv | grep '^AWS_' | sort\n",
            self.call,
        );
        // Interactive, since the functions are for people; without start-up files and without a terminal.
        let run = home
            .tool("zsh")
            .args(["-f", "-i", "-c", &script])
            .env("BROWSER", "firefox");
        let run = self.before.iter().fold(run, |run, pair| {
            let (name, value) = pair.split_once('=').unwrap();
            run.env(name, value)
        });
        let output = run.output();
        let (stdout, rest) = output
            .stdout
            .split_once("== ")
            .unwrap_or((&output.stdout, ""));
        let mut rest = rest.lines();
        let code = rest.next().and_then(|c| c.parse().ok()).unwrap_or(-1);
        (
            stdout.into(),
            output.stderr.clone(),
            code,
            rest.map(str::to_owned).collect(),
        )
    }
}

/// What the plugin asks of the AWS CLI, answered from `CONFIG`.
const CLI: &str = r#"case "$*" in
  *"configure list-profiles") printf '%s\n' default dev 'prod admin' dev%n ;;
  "configure get region")
    case $AWS_PROFILE in dev) echo eu-west-1 ;; prod*) echo us-east-2 ;; dev%n) echo us-east-1 ;; *) exit 1 ;; esac ;;
  "configure get "*) exit 1 ;;
  "ec2 describe-regions "*) printf '"RegionName": "%s",\n' eu-west-1 us-east-1 ;;
  "sts get-session-token --profile=dev "*) printf 'ASIA\tS\tT\n' ;;
  *) echo "aws $*" >&2; exit 7 ;;
esac"#;

#[test]
fn the_plugin_itself_does_the_same_but_for_the_documented_differences() {
    if !installed(&["zsh"]) {
        return;
    }
    let Some(omz) = given("AWSBADGE_OMZ") else {
        unreachable("AWSBADGE_OMZ names no oh-my-zsh.sh");
        return;
    };
    let plugin = omz.with_file_name("plugins/aws/aws.plugin.zsh");
    let start = format!(
        "autoload -Uz colors; colors\nsource {}",
        Shell::Zsh.quote(plugin.to_str().unwrap())
    );
    let mut wrong = Vec::new();
    for row in ROWS {
        let home = Home::new();
        home.config(CONFIG);
        home.stub("aws", CLI);
        let done = row.done(&home, &start);
        if (done == row.wanted()) != row.differs.is_empty() {
            wrong.push(format!(
                "{} with {:?}, {:?}\n  plugin {done:?}\n    ours {:?}",
                row.call,
                row.before,
                row.differs,
                row.wanted()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_difference_is_documented_and_every_documented_one_is_held() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/oh-my-zsh.md");
    let text = std::fs::read_to_string(path).unwrap();
    let documented: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .filter(|name| *name != "difference")
        .collect();
    let held: BTreeSet<&str> = ROWS.iter().flat_map(|row| row.differs).copied().collect();
    assert_eq!(documented, held);
}
