//! What each command prints, on which stream, and with which exit code.

use crate::support::fixtures::{SESSION, VALID, sso};
use crate::support::{Home, Shell, binary, commands, expires_in, installed};
use serde_json::Value;

const CONFIG: &str = concat!(
    "[default]\nregion = eu-west-1\n\n",
    sso!(),
    "\
region = eu-west-1

[profile over]
sso_start_url = https://over.awsapps.com/start
sso_region = us-east-1
sso_account_id = 210987654321
sso_role_name = ReadOnly

[profile chained]
role_arn = arn:aws:iam::333333333333:role/team/Auditor
source_profile = dev
"
);

const CREDENTIALS: &str =
    "[keys]\naws_access_key_id = AKIA\naws_secret_access_key = SECRET-CANARY\nregion = us-east-2\n";

fn home() -> Home {
    let home = Home::new();
    home.config(CONFIG).credentials(CREDENTIALS);
    home.token(SESSION, &expires_in(VALID))
        .token("https://over.awsapps.com/start", &expires_in(-60));
    home
}

/// The statements of `use` for `dev` in zsh and bash, after what is unset first.
const SWITCHED: &str = "\\builtin export AWS_PROFILE_REGION='eu-west-1'\n_awsbadge_region=''\n_awsbadge_inherited=''\n\
                        \\builtin export AWS_DEFAULT_PROFILE='dev'\n\\builtin export AWS_EB_PROFILE='dev'\n\
                        \\builtin export AWS_PROFILE='dev'\n}\n";

#[test]
fn prompt_prints_one_line_or_nothing_and_never_fails() {
    let home = home();
    home.run(["prompt"]).check();
    home.run(["prompt"])
        .env("AWS_PROFILE", "")
        .stdout("aws: no such profile\n")
        .check();
    home.run(["prompt"]).env("AWS_REGION", "eu-west-1").check();
    home.run(["prompt"])
        .env("AWS_PROFILE", "dev")
        .stdout("aws:dev 47m\n")
        .check();
    home.run(["prompt", "--profile", "over"])
        .stdout("aws:over expired\n")
        .check();
    home.run(["prompt", "--shell", "zsh"])
        .env("AWS_PROFILE", "100%")
        .stdout("%{\x1b[31m%}aws:100%% no such profile%{\x1b[0m%}\n")
        .check();
    home.run(["prompt", "--shell", "zsh"])
        .env("AWS_PROFILE", "dev")
        .env("NO_COLOR", "1")
        .stdout("aws:dev 47m\n")
        .check();
    home.run(["prompt", "--shell", "bash"])
        .env("AWS_PROFILE", "dev")
        .stdout("\x01\x1b[32m\x02aws:dev 47m\x01\x1b[0m\x02\n")
        .check();
    home.run(["prompt", "--shell", "plain"])
        .env("AWS_PROFILE", "dev")
        .stdout("aws:dev 47m\n")
        .check();
}

#[test]
fn use_prints_one_whole_block_with_the_profile_last() {
    let home = home();
    let output = home.run(["use", "--shell", "zsh", "--", "dev"]).output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert!(
        output
            .stdout
            .starts_with("{ # awsbadge 1\n\\builtin unset AWS_ACCESS_KEY_ID\n"),
        "{}",
        output.stdout
    );
    assert!(output.stdout.ends_with(SWITCHED), "{}", output.stdout);
    let unset: Vec<&str> = output
        .stdout
        .lines()
        .filter_map(|l| l.strip_prefix("\\builtin unset "))
        .collect();
    for name in [
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_SESSION_EXPIRATION",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_VAULT",
        "AWSUME_PROFILE",
        "AWS_SSO_PROFILE",
    ] {
        assert!(unset.contains(&name), "{name} is left");
    }
    assert!(!unset.contains(&"AWS_REGION"));

    home.run(["use", "--shell", "bash", "--keep-keys", "dev"])
        .env("AWS_ACCESS_KEY_ID", "A")
        .stdout(format!("{{ # awsbadge 1\n{SWITCHED}"))
        .check();
}

#[test]
fn use_names_the_variables_that_it_removes_and_what_it_leaves() {
    let home = home();
    let stderr = |run: crate::support::Run| run.output().stderr;
    let with_keys = home
        .run(["use", "--shell", "zsh", "dev"])
        .env("AWS_ACCESS_KEY_ID", "A")
        .env("AWS_SESSION_TOKEN", "")
        .env("AWS_VAULT", "x");
    assert_eq!(
        stderr(with_keys),
        "awsbadge: unset AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_VAULT, which would override the profile\n"
    );
    let with_region = home
        .run(["use", "--shell", "zsh", "dev"])
        .env("AWS_REGION", "us-east-1");
    assert_eq!(
        stderr(with_region),
        "awsbadge: AWS_REGION=us-east-1 remains set and overrides the profile's region eu-west-1; `asr` unsets it\n"
    );
    let same = home
        .run(["use", "--shell", "zsh", "dev"])
        .env("AWS_REGION", "eu-west-1");
    assert_eq!(stderr(same), "");
}

#[test]
fn a_region_of_the_switch_goes_at_the_next() {
    let home = home();
    let first = home
        .run(["use", "--shell", "zsh", "dev", "--region", "us-west-2"])
        .output()
        .stdout;
    assert!(
        first.contains("\\builtin export AWS_REGION='us-west-2'\n"),
        "{first}"
    );
    assert!(first.contains("_awsbadge_region='us-west-2'\n"), "{first}");
    let next = home
        .run(["use", "--shell", "zsh", "--own-region", "us-west-2", "dev"])
        .env("AWS_REGION", "us-west-2")
        .output()
        .stdout;
    assert!(
        next.contains("\\builtin unset AWS_REGION\n") && next.contains("_awsbadge_region=''\n"),
        "{next}"
    );
    let changed = home
        .run(["use", "--shell", "zsh", "--own-region", "us-west-2", "dev"])
        .env("AWS_REGION", "sa-east-1")
        .output()
        .stdout;
    assert!(
        !changed.contains("unset AWS_REGION"),
        "a region that the user set since then stays: {changed}"
    );
}

#[test]
fn use_goes_back_to_the_previous_profile_of_the_terminal() {
    let home = home();
    let output = home
        .run(["use", "--shell", "zsh", "--previous", "dev", "-"])
        .output();
    assert!(output.stdout.ends_with(SWITCHED), "{}", output.stdout);
    home.run(["use", "--shell", "zsh", "-"])
        .stderr("error: no previous profile in this terminal\nhint: switch by name twice; after that, `asp -` switches back and forth\n")
        .code(1)
        .check();
}

/// botocore keeps the blanks in `[ profile x ]` as part of the name, and some SDKs do not.
#[test]
fn a_profile_that_only_some_tools_find_is_named_with_these_tools() {
    let home = Home::new();
    home.file(
        ".aws/config",
        "[ profile x ]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-1\n",
    );
    let tools = "the AWS CLI does not find it, only the SDK for Rust, the SDK for Go and the SDK for Java find it \
                 (see `awsbadge doctor`)\n";
    let run = |words: &[&str]| home.run(words).output();
    let used = run(&["use", "--shell", "zsh", "--", "x"]);
    assert_eq!(used.stderr, format!("awsbadge: 'x': {tools}"));
    assert!(
        used.stdout.contains("AWS_PROFILE='x'") || used.stdout.contains("AWS_PROFILE=x"),
        "{}",
        used.stdout
    );
    assert_eq!(run(&["use", "--shell", "zsh", "--", "dev"]).stderr, "");
    assert!(run(&["status", "x"]).stdout.contains(tools.trim_end()));
    let listed: serde_json::Value = serde_json::from_str(&run(&["list", "--json"]).stdout).unwrap();
    assert_eq!(listed[0]["profile"], "x");
    assert_eq!(listed[0]["expiry"]["state"], "no-such-profile");
}

#[test]
fn use_of_an_unknown_name_changes_nothing_and_tells_the_nearest() {
    let home = home();
    home.run(["use", "--shell", "fish", "devv"])
        .stderr(
            "error: Profile 'devv' not found in '$HOME/.aws/config'\n\
             Available profiles: default, dev, over, chained, keys\nhint: did you mean dev?\n",
        )
        .code(3)
        .check();
    for (name, code) in [("a\nb", 6), ("a\x1b[31m", 6), ("", 6), ("zzzzzz", 3)] {
        let output = home.run(["use", "--shell", "zsh", "--", name]).output();
        assert_eq!(
            (output.stdout.as_str(), output.code),
            ("", code),
            "{name:?}"
        );
        assert!(
            output.stderr.starts_with("error: ") && !output.stderr.contains('\x1b'),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn clear_and_region_unset_and_set() {
    let home = home();
    let cleared = "{ # awsbadge 1\n\\builtin unset AWSBADGE_ACP\n\\builtin unset AWS_DEFAULT_PROFILE\n\\builtin unset AWS_EB_PROFILE\n\
                   \\builtin unset AWS_PROFILE_REGION\n\\builtin unset AWS_PROFILE\n}\n";
    home.run(["clear", "--shell", "zsh"])
        .stdout(cleared)
        .check();
    home.run(["region", "eu-central-1", "--shell", "fish"])
        .stdout("begin # awsbadge 1\nbuiltin set -gx AWS_DEFAULT_REGION 'eu-central-1'\nbuiltin set -gx AWS_REGION 'eu-central-1'\nend\n")
        .check();
    home.run(["region", "--shell", "bash"])
        .stdout(
            "{ # awsbadge 1\n\\builtin unset AWS_DEFAULT_REGION\n\\builtin unset AWS_REGION\n}\n",
        )
        .check();
    for region in ["nope", "us-east-1.evil.example", "US-EAST-1", "-x"] {
        let output = home
            .run(["region", "--shell", "bash", "--", region])
            .output();
        assert_eq!((output.stdout.as_str(), output.code), ("", 1), "{region}");
    }
}

#[test]
fn list_is_a_name_a_line_in_a_pipe() {
    let home = home();
    home.run(["list"])
        .stdout("default\ndev\nover\nchained\nkeys\n")
        .check();
    home.run(["list", "--state", "expired,keys"])
        .stdout("over\nkeys\n")
        .check();
    Home::new().run(["list"]).stderr("awsbadge: no profiles found in $HOME/.aws/config\nhint: run `cargo install --locked --path sso` in the source directory of awsbadge, then `awsbadge configure`\n").check();
    let home = Home::new();
    home.credentials("[a\x1b[31mb]\naws_access_key_id = x\n");
    assert!(!home.run(["list"]).output().stdout.contains('\x1b'));
}

/// The command line knows every state that a profile of a list can have, under its own name.
#[test]
fn every_state_can_be_listed() {
    use crate::support::library::State;
    let home = home();
    for state in State::ALL.into_iter().filter(|s| *s != State::NotExported) {
        let output = home.run(["list", "--state", state.name()]).output();
        assert_eq!(output.code, 0, "{state:?}: {}", output.stderr);
    }
}

/// Each key of the contract is there, null where unknown.
#[test]
fn status_json_has_every_key() {
    let home = home();
    let object =
        |run: crate::support::Run| -> Value { serde_json::from_str(&run.output().stdout).unwrap() };
    let dev = object(home.run(["status", "--json"]).env("AWS_PROFILE", "dev"));
    let keys: Vec<&str> = dev
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "profile",
            "profile_from",
            "config",
            "region",
            "region_from",
            "account_id",
            "role_name",
            "source",
            "chain",
            "sso",
            "expiry",
            "class",
            "error",
            "shadowed_by",
            "warnings"
        ]
    );
    for (pointer, want) in [
        ("/profile", "dev"),
        ("/profile_from", "AWS_PROFILE"),
        ("/region", "eu-west-1"),
        ("/account_id", "123456789012"),
        ("/role_name", "Admin"),
        ("/source", "sso"),
        ("/sso/session", "my-sso"),
        ("/sso/start_url", "https://myorg.awsapps.com/start"),
        (
            "/sso/token_file",
            "$HOME/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json",
        ),
        ("/expiry/state", "valid"),
        ("/expiry/of", "sso token"),
        ("/class", "ok"),
    ] {
        assert_eq!(dev.pointer(pointer), Some(&Value::from(want)), "{pointer}");
    }
    assert!(
        dev["expiry"]["seconds_left"]
            .as_i64()
            .is_some_and(|s| (2800..=2870).contains(&s))
    );
    assert_eq!(
        (&dev["expiry"]["refreshable"], &dev["expiry"]["usable"]),
        (&Value::Bool(false), &Value::Bool(true))
    );

    let chained = object(home.run(["status", "chained", "--json"]));
    assert_eq!(chained["source"], "assume-role");
    let links: Vec<_> = chained["chain"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| {
            (
                l["provider"].as_str().unwrap(),
                l["profile"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        links,
        [("sso", "dev"), ("assume-role", "chained")],
        "from the base to the last role"
    );
    assert_eq!(
        (&chained["account_id"], &chained["role_name"]),
        (&"333333333333".into(), &"Auditor".into())
    );

    let nobody = object(Home::new().run(["status", "--json"]));
    assert_eq!(
        (&nobody["profile"], &nobody["sso"], &nobody["source"]),
        (&Value::Null, &Value::Null, &"none".into())
    );

    let shadowed = object(
        home.run(["status", "--json"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_ACCESS_KEY_ID", "A")
            .env("AWS_SECRET_ACCESS_KEY", "S"),
    );
    assert_eq!(
        (&shadowed["source"], &shadowed["class"]),
        (&"env".into(), &"warn".into())
    );
    assert_eq!(
        shadowed["shadowed_by"],
        serde_json::json!(["AWS_ACCESS_KEY_ID"])
    );
}

#[test]
fn the_exit_code_of_status_answers_a_script() {
    let home = home();
    for (arguments, code) in [
        (vec!["dev"], 0),
        (vec!["over"], 5),
        (vec!["keys"], 0),
        (vec!["dev", "--min", "30m"], 0),
        (vec!["dev", "--min", "1h"], 5),
        (vec!["nope"], 3),
        (vec![], 1),
        (vec!["dev", "--min", "soon"], 2),
    ] {
        let run = home.run(["status", "-q"]).args(&arguments).output();
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{arguments:?}: {}",
            run.stderr
        );
    }
    assert_eq!(
        home.run(["status", "-q"])
            .env("AWS_PROFILE", "over")
            .output()
            .code,
        5
    );
    assert_eq!(
        home.run(["status", "-q"])
            .env("AWS_PROFILE", "gone")
            .output()
            .code,
        3
    );
}

#[test]
fn status_says_it_in_words() {
    let home = home();
    let words = home.run(["status"]).env("AWS_PROFILE", "over").output();
    assert_eq!(words.code, 5);
    for part in [
        "profile  over (from AWS_PROFILE)",
        "account  210987654321",
        "state    expired: since ",
        "log in with: awsbadge login over",
    ] {
        assert!(words.stdout.contains(part), "{part}\n{}", words.stdout);
    }
}

#[test]
fn the_answer_to_a_hook_is_whole_and_names_what_it_depends_on() {
    let home = home();
    let ask = |shell: &str, profile: &str| {
        home.run(["__refresh", "--shell", shell, "--proto", "1"])
            .env("AWS_PROFILE", profile)
            .output()
            .stdout
    };
    let answer = ask("zsh", "dev");
    let names: Vec<&str> = answer
        .lines()
        .filter_map(|l| l.split_once('=').map(|(name, _)| name))
        .collect();
    assert_eq!(
        names,
        [
            "_awsbadge_x_text",
            "_awsbadge_x_class",
            "_awsbadge_x_state",
            "_awsbadge_x_now",
            "_awsbadge_x_until",
            "_awsbadge_x_env",
            "_awsbadge_x_absent",
            "_awsbadge_x_watch",
            "_awsbadge_x_times",
            "_awsbadge_x_inodes",
            "_awsbadge_x_sizes",
            "_awsbadge_x_done"
        ]
    );
    assert!(
        answer.starts_with("{ # awsbadge 1\n") && answer.ends_with("_awsbadge_x_done='1'\n}\n"),
        "{answer}"
    );
    assert!(
        answer.contains("'$HOME/.aws/config' '$HOME/.aws/credentials' '$HOME/.aws/sso/cache/0ad3")
            || answer.contains(".aws/config"),
        "{answer}"
    );
    assert!(
        answer.contains("_awsbadge_x_absent=(") && answer.contains("config.ini"),
        "{answer}"
    );
    let stamped = home
        .run([
            "__refresh",
            "--shell",
            "bash",
            "--proto",
            "1",
            "--stamps",
            "1.1",
        ])
        .env("AWS_PROFILE", "dev")
        .output()
        .stdout;
    for part in [
        "/.aws/sso/cache'",
        "_awsbadge_x_stamps=('$HOME/.local/state/awsbadge/1.1.0' ",
        "_awsbadge_x_directory_stamps=(",
    ] {
        let part = part.replace(
            "$HOME",
            &home.path().to_str().unwrap().replace('\'', r"'\''"),
        );
        assert!(
            stamped.contains(&part) || stamped.contains(&part.replace("'\\''", "")),
            "{part}: {stamped}"
        );
    }
    // Without a profile the settings say whether anything is shown. No answer counts for longer than a minute.
    let nothing = home
        .run(["__refresh", "--shell", "zsh", "--proto", "1"])
        .output()
        .stdout;
    assert!(
        nothing.contains("config.ini')\n_awsbadge_x_watch=()\n"),
        "{nothing}"
    );
    let number = |name: &str| -> i64 {
        let line = nothing.lines().find_map(|l| l.strip_prefix(name)).unwrap();
        line.trim_matches(['=', '\'']).parse().unwrap()
    };
    assert_eq!(
        number("_awsbadge_x_until") - number("_awsbadge_x_now"),
        60,
        "{nothing}"
    );
    let unexported = home
        .run([
            "__refresh",
            "--shell",
            "fish",
            "--proto",
            "1",
            "--unexported",
            "dev",
        ])
        .output()
        .stdout;
    assert!(
        unexported.contains("_awsbadge_x_text 'aws:dev not exported'\n"),
        "{unexported}"
    );
}

#[test]
fn a_profile_that_the_shell_keeps_to_itself_hides_no_identity_that_programs_see() {
    let home = Home::new();
    home.config("[profile dev]\n[profile acme-prod]\n")
        .credentials("[acme-prod]\naws_access_key_id = A\naws_secret_access_key = B\n");
    let asked = ["__refresh", "--shell", "fish", "--proto", "1"];
    let with_unexported = [asked.as_slice(), &["--unexported", "dev"]].concat();
    for variables in [
        &[("AWS_DEFAULT_PROFILE", "acme-prod")][..],
        &[("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")],
    ] {
        let badge = |words: &[&str]| {
            let mut run = home.run(words.to_vec());
            for (name, value) in variables {
                run = run.env(name, value);
            }
            let block = run.output().stdout;
            ["text", "class", "state"].map(|part| {
                let name = format!(" _awsbadge_x_{part} ");
                let line = block.lines().find(|line| line.contains(&name));
                line.map(str::to_owned)
            })
        };
        let right = badge(&asked);
        assert!(right.iter().all(Option::is_some), "{right:?}");
        assert_eq!(badge(&with_unexported), right, "{variables:?}");
    }
}

#[test]
fn a_second_word_or_an_unknown_option_is_told_as_typed() {
    let home = home();
    let switch = |words: &[&str]| home.run([&["use", "--shell", "zsh"][..], words].concat());
    switch(&["--", "dev", "loggin"])
        .stderr("error: unexpected argument 'loggin' (expected `login` or `logout`)\nhint: quote a profile name that contains a space\n")
        .code(2)
        .check();
    switch(&["--regoin", "--", "dev"])
        .stderr("error: unknown option '--regoin'\nhint: did you mean --region? `asp --help` lists the options\n")
        .code(2)
        .check();
}

#[test]
fn with_no_profile_at_all_the_way_to_the_first_is_told() {
    let home = Home::new();
    home.run(["use", "--shell", "zsh", "--", "dev"])
        .stderr(
            "error: Profile 'dev' not found in '$HOME/.aws/config'\nAvailable profiles: no profiles found\n\
             hint: run `cargo install --locked --path sso` in the source directory of awsbadge, then `awsbadge configure`\n",
        )
        .code(3)
        .check();
    home.run(["config"])
        .stderr("awsbadge: no profiles found in $HOME/.aws/config\nhint: run `cargo install --locked --path sso` in the source directory of awsbadge, then `awsbadge configure`\n")
        .check();
}

#[test]
fn names_for_tab_have_their_description() {
    let home = home();
    home.run(["__names", "profiles"])
        .stdout(
            "default\t\ndev\t123456789012 Admin 47m\nover\t210987654321 ReadOnly expired\nchained\t333333333333 Auditor from dev\nkeys\tkeys\n",
        )
        .check();
    let regions = home.run(["__names", "regions"]).output().stdout;
    assert!(
        regions.contains("eu-west-1\tEurope (Ireland)\n") && regions.contains("eusc-de-east-1\t"),
        "{regions}"
    );
    home.run(["__names", "sessions"])
        .stdout("my-sso\thttps://myorg.awsapps.com/start\n")
        .check();
    home.run(["__names", "words", "--", "explain", "--profile=d"])
        .stdout(
            "--profile=default\t\n--profile=dev\t123456789012 Admin 47m\n--profile=over\t210987654321 ReadOnly expired\n\
             --profile=chained\t333333333333 Auditor from dev\n--profile=keys\tkeys\n",
        )
        .check();
    home.run(["__names", "words", "--", "demo", "--shell", "f"])
        .stdout("zsh\tzsh 5.1 or newer\nbash\tbash 3.2 or newer\nfish\tfish 3.2 or newer\n")
        .check();
}

#[test]
fn each_kind_of_profile_has_a_description() {
    let home = Home::new();
    home.config(
        "[profile base]\naws_access_key_id = AKIACANARY\naws_secret_access_key = SECRET-CANARY\n\
         [profile role]\nrole_arn = arn:aws:iam::123456789012:role/team/Admin\nsource_profile = base\n\
         [profile ec2]\nrole_arn = arn:aws:iam::123456789012:role/Admin\n  more\ncredential_source = Ec2InstanceMetadata\n\
         [profile pod]\nrole_arn = arn:aws:iam::123456789012:role/Pod\nweb_identity_token_file = /token\n\
         [profile odd]\nrole_arn = Admin\n\
         [profile tool]\ncredential_process = /bin/tool --secret SECRET-CANARY\n\
         [profile cli]\nlogin_session = arn:aws:iam::123456789012:user/me\n\
         [profile empty]\nregion = eu-west-1\n",
    )
    .credentials("[keys]\naws_access_key_id = AKIACANARY\n");
    home.run(["__names", "profiles"])
        .stdout(
            "base\tkeys\nrole\t123456789012 Admin from base\n\
             ec2\t123456789012 Admin from Ec2InstanceMetadata\npod\t123456789012 Pod from a web identity\n\
             odd\t\ntool\tprocess\ncli\taws login\nempty\t\nkeys\tkeys\n",
        )
        .check();
}

#[test]
fn the_command_line_explains_itself() {
    let home = Home::new();
    let help = home.run(["--help"]).output();
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    home.run(["--version"])
        .stdout(format!("awsbadge {}\n", env!("CARGO_PKG_VERSION")))
        .check();
    let commands = commands(&help.stdout);
    assert!(commands.len() > 20, "{commands:?}");
    for command in &commands {
        let about = home.run([command.as_str(), "--help"]).output();
        assert_eq!((about.code, about.stderr.as_str()), (0, ""), "{command}");
        assert!(
            about.stdout.contains("Usage: awsbadge"),
            "{command}: {}",
            about.stdout
        );
    }
    for wrong in [
        vec!["nope"],
        vec!["use"],
        vec!["init", "tcsh"],
        vec!["init", "zsh", "--cmd", "a b"],
        vec![],
    ] {
        let output = home.run(wrong.clone()).output();
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn the_demo_shows_every_state_in_the_login_shell_and_one_in_each_other() {
    let home = Home::new();
    for own in crate::support::Shell::installed() {
        let demo = home
            .run(["demo"])
            .env("SHELL", format!("/bin/{own}"))
            .output();
        assert_eq!((demo.code, demo.stderr.as_str()), (0, ""));
        for shell in crate::support::Shell::installed() {
            let (_, part) = demo
                .stdout
                .split_once(&format!("In {shell}:\n"))
                .unwrap_or_else(|| panic!("{shell}"));
            let part = part.split("\n\n").next().unwrap();
            let lines = if shell == own { 18 } else { 1 };
            assert_eq!(part.lines().count(), lines, "{part}");
            assert!(part.contains("aws:myorg-dev-admin 47m "), "{part}");
            if shell == own {
                for text in [
                    "aws:team-renews 38m↻",
                    "aws:client-over expired",
                    "!aws:myorg-prod-admin 47m",
                ] {
                    assert!(part.contains(text), "{text} in {shell}\n{part}");
                }
            }
        }
        // The command that it names works: awsbadge is not on the PATH here.
        let program = demo.stdout.split_once("Play with it: ").unwrap().1;
        let program = program.split_once(" demo --shell ").unwrap().0;
        let version = home.script(own, &format!("{program} --version")).output();
        assert!(
            version.stdout.starts_with("awsbadge "),
            "{program}: {}",
            version.stderr
        );
        assert!(
            demo.stdout.contains(&format!(" demo --shell {own}; ")),
            "{}",
            demo.stdout
        );
    }
    home.run(["demo", "--shell", "zsh"])
        .stderr("error: demo --shell needs a terminal\nhint: run `awsbadge demo` without `--shell` to print every state\n")
        .code(2)
        .check();
}

#[test]
fn list_and_status_give_the_class_that_the_badge_has() {
    let home = Home::new();
    home.config(CONFIG)
        .renewing_token("my-sso", &expires_in(-50 * 3600), &expires_in(80 * 86_400));
    let list: Value = serde_json::from_str(&home.run(["list", "--json"]).output().stdout).unwrap();
    let dev = list
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["profile"] == "dev")
        .unwrap();
    assert_eq!(
        (
            &dev["class"],
            &dev["expiry"]["state"],
            &dev["expiry"]["usable"]
        ),
        (&"unknown".into(), &"unknown".into(), &Value::Null)
    );
    home.run(["prompt"])
        .env("AWS_PROFILE", "dev")
        .stdout("aws:dev ↻?\n")
        .check();
}

#[test]
fn on_a_terminal_the_list_is_a_table() {
    if !installed(&["tmux", "bash"]) {
        return;
    }
    let home = Home::new();
    home.config(
        "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n\
         [profile dev]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = Admin\nregion = eu-west-1\n\
         [profile lab]\nsso_start_url = https://gone.awsapps.com/start\nsso_region = eu-west-1\n\
         sso_account_id = 222222222222\nsso_role_name = Play\n\
         [profile build]\ncredential_process = /bin/cat\n[profile none]\nregion = us-east-1\n",
    )
    .credentials("[keys]\naws_access_key_id = A\naws_secret_access_key = SECRET-CANARY\n")
    .token("s", &expires_in(47 * 60 + 50));
    let term = home.term(Shell::Bash).env("AWS_PROFILE", "dev").open("");
    term.type_line(&format!(
        "clear; {} list",
        Shell::Bash.quote(binary().to_str().unwrap())
    ));
    let screen = term.screen();
    let shown: Vec<&str> = screen.trim_end().lines().map(str::trim_end).collect();
    assert_eq!(
        shown,
        [
            "   PROFILE  ACCOUNT       ROLE   REGION     SESSION  STATE",
            "*  dev      111111111111  Admin  eu-west-1  s        47m",
            "   lab      222222222222  Play                       no login",
            "   build                                             process",
            "   none                          us-east-1           no credentials",
            "   keys                                              keys",
            ">"
        ],
        "{screen}"
    );
}
