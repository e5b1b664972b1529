//! Config files as people have them.

/// The session that all of them have.
const SESSION: &str = "[sso-session my-sso]\nsso_start_url = https://my.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n";

/// A profile that a person wrote, of a role that the stand-in offers.
const DEV: &str = "[profile dev]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-west-1\n";

const OTHER: &str = "[profile other]\naws_access_key_id = AKIAOTHER\nregion = us-east-1\n";

/// A config file, and whether botocore and the SDK for Rust read it as it is.
pub(crate) struct Config {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) botocore: bool,
    pub(crate) rust: bool,
}

/// 44 of them.
pub(crate) fn configs() -> Vec<Config> {
    let plain = format!("{SESSION}\n{DEV}\n{OTHER}");
    let with = |name, text: String| Config {
        name,
        text,
        botocore: true,
        rust: true,
    };
    let no_botocore = |name, text: String| Config {
        botocore: false,
        ..with(name, text)
    };
    let no_rust = |name, text: String| Config {
        rust: false,
        ..with(name, text)
    };
    let neither = |name, text: String| Config {
        rust: false,
        ..no_botocore(name, text)
    };
    let many: String = (0..10_000)
        .map(|n| format!("[profile p{n}]\nsso_session = my-sso\nsso_account_id = {n:012}\nsso_role_name = Admin\nregion = eu-west-1\n\n"))
        .collect();
    vec![
        with("plain", plain.clone()),
        with("crlf", plain.replace('\n', "\r\n")),
        with(
            "mixed line ends",
            plain
                .replace("start\n", "start\r\n")
                .replace("Admin\n", "Admin\r\n"),
        ),
        no_rust("lone carriage returns", plain.replace('\n', "\r")),
        with("no final newline", plain.trim_end().to_owned()),
        with(
            "no final newline, crlf",
            plain.trim_end().replace('\n', "\r\n"),
        ),
        neither("byte order mark", format!("\u{feff}{plain}")),
        neither(
            "byte order mark and crlf",
            format!("\u{feff}{}", plain.replace('\n', "\r\n")),
        ),
        with(
            "comments everywhere",
            format!(
                "# top\n; also\n\n# of the session\n{SESSION}# below the session\n\n# free\n\n# of dev\n{DEV}# role_arn = x\n; below dev\n\n\
             # of other\n# in two lines\n{OTHER}\n# the end\n"
            ),
        ),
        with(
            "comments without blank lines",
            format!("# a\n{SESSION}# b\n{DEV}# c\n{OTHER}# d\n"),
        ),
        with(
            "a comment at the end without a newline",
            format!("{plain}\n# the end"),
        ),
        with("no blank lines", format!("{SESSION}{DEV}{OTHER}")),
        with(
            "many blank lines",
            format!("\n\n\n{SESSION}\n\n\n{DEV}\n\n\n\n{OTHER}\n\n\n"),
        ),
        with(
            "blank lines with blanks",
            format!("  \n{SESSION} \n\t\n{DEV}   \n{OTHER}\t\n"),
        ),
        with(
            "blanks at line ends",
            plain
                .replace("Admin\n", "Admin  \n")
                .replace("]\n", "] \t\n"),
        ),
        with("only the session", SESSION.to_owned()),
        with(
            "only the session, no newline",
            SESSION.trim_end().to_owned(),
        ),
        with("the session last", format!("{OTHER}\n{SESSION}")),
        with(
            "the session last, no newline",
            format!("{DEV}\n{OTHER}\n{}", SESSION.trim_end()),
        ),
        with(
            "the session in the middle",
            format!("{DEV}\n{SESSION}\n{OTHER}"),
        ),
        with(
            "default in both forms",
            format!("[default]\nregion = a\n\n[profile default]\nregion = b\n\n{plain}"),
        ),
        with(
            "the parser's own section",
            format!("[DEFAULT]\ncli_pager =\n\n{plain}"),
        ),
        no_botocore(
            "a profile twice",
            format!("{plain}\n[profile dev]\noutput = json\n"),
        ),
        no_botocore("a session twice", format!("{plain}\n{SESSION}")),
        no_botocore(
            "a key twice",
            plain.replace(
                "region = us-east-1",
                "region = us-east-1\nregion = us-east-2",
            ),
        ),
        with(
            "quoted names",
            format!("[profile \"a b\"]\nregion = x\n\n[profile 'c']\nregion = y\n\n{plain}"),
        ),
        with(
            "odd blanks in headers",
            plain
                .replace("[profile dev]", "[profile   dev]")
                .replace("[profile other]", "[profile\tother]"),
        ),
        with(
            "headers with a comment after them",
            plain
                .replace("dev]", "dev] # mine")
                .replace("other]", "other]; too"),
        ),
        no_rust(
            "words after a header",
            plain.replace("other]", "other] words"),
        ),
        with(
            "values with a comment after them",
            plain.replace("region = us-east-1", "region = us-east-1 # home"),
        ),
        no_rust(
            "colons",
            plain.replace("region = us-east-1", "region: us-east-1"),
        ),
        no_rust(
            "indented keys",
            plain
                .replace("aws_access_key_id", "  aws_access_key_id")
                .replace("region = us", "  region = us"),
        ),
        with(
            "values over several lines",
            format!("{plain}\n[profile long]\ncredential_process = a\n  b\n  c\nregion = x\n"),
        ),
        with(
            "keys below keys",
            format!(
                "{plain}\n[profile s3]\ns3 =\n  endpoint_url = http://x\n  addressing_style = path\nregion = x\n"
            ),
        ),
        with(
            "keys below the last key",
            format!("{plain}\n[profile s3]\nregion = x\ns3 =\n  endpoint_url = http://x\n"),
        ),
        with(
            "services",
            format!("[services local]\ns3 =\n  endpoint_url = http://x\n\n{plain}"),
        ),
        with(
            "sections of other programs",
            format!(
                "[plugins]\ncli_legacy_plugin_path = /x\n\n[granted_registry_start a] b\n\n{plain}"
            )
            .replace(
                "[granted_registry_start a] b\n\n",
                "[preview]\nx = true\n\n",
            ),
        ),
        neither(
            "lines that are nothing",
            plain.replace("[profile other]\n", "[profile other]\nnothing\n"),
        ),
        neither(
            "a line before the first section",
            format!("region = x\n{plain}"),
        ),
        neither(
            "an open bracket",
            format!("{plain}\n[profile open\nregion = x\n"),
        ),
        with(
            "names beyond ascii",
            format!("# Größe\n[profile größe]\nregion = x\n\n{plain}"),
        ),
        with(
            "long lines",
            format!(
                "# {}\n{plain}\n[profile long]\ncredential_process = {}\n",
                "x".repeat(9000),
                "y".repeat(20_000)
            ),
        ),
        with(
            "a start url in the profile",
            format!(
                "{plain}\n[profile old]\nsso_start_url = https://my.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 210987654321\nsso_role_name = Admin\n"
            ),
        ),
        with(
            "the names are taken",
            format!(
                "{plain}\n[profile Production-ReadOnly]\nregion = x\n\n[profile Sandbox-Admin]\nregion = y\n"
            ),
        ),
        with(
            "another session's mark",
            format!("{plain}\n[profile theirs]\nregion = x\nawsbadge_populated = other 0123abcd\n"),
        ),
        with(
            "ten thousand profiles",
            format!("{SESSION}\n{many}{DEV}\n{OTHER}"),
        ),
    ]
}
