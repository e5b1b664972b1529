//! Keys and values that no tool reads as they were meant.

use super::{Checks, Read};
use crate::aws::chain::{Files, Profiles as _, Tool};
use crate::aws::config::{FileKind, Section, SectionKind, Value};
use crate::aws::shlex;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::identity::resolve;
use std::collections::BTreeMap;
use std::path::Path;

/// The keys that the AWS CLI and the SDKs read in a profile or an sso-session, and those of other common tools that
/// look like one of them.
const KNOWN: [&str; 66] = [
    "account_id_endpoint_mode",
    "api_versions",
    "auth_scheme_preference",
    "aws_access_key_id",
    "aws_account_id",
    "aws_secret_access_key",
    "aws_security_token",
    "aws_session_token",
    "ca_bundle",
    "cli_auto_prompt",
    "cli_binary_format",
    "cli_follow_urlparam",
    "cli_history",
    "cli_pager",
    "cli_timestamp_format",
    "credential_process",
    "credential_source",
    "defaults_mode",
    "disable_request_compression",
    "duration_seconds",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "ec2_metadata_v1_disabled",
    "endpoint_discovery_enabled",
    "endpoint_url",
    "external_id",
    "ignore_configured_endpoint_urls",
    "include_profile",
    "login_session",
    "max_attempts",
    "metadata_service_num_attempts",
    "metadata_service_timeout",
    "mfa_process",
    "mfa_serial",
    "output",
    "parameter_validation",
    "parent_profile",
    "region",
    "request_checksum_calculation",
    "request_min_compression_size_bytes",
    "response_checksum_validation",
    "retry_mode",
    "role_arn",
    "role_session_name",
    "s3",
    "s3_disable_multiregion_access_points",
    "s3_us_east_1_regional_endpoint",
    "s3api",
    "sdk_ua_app_id",
    "services",
    "sigv4a_signing_region_set",
    "source_identity",
    "source_profile",
    "sso_account_id",
    "sso_account_name",
    "sso_auto_populated",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "sts_regional_endpoints",
    "tcp_keepalive",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "web_identity_token_file",
];

/// Keys that people write and no tool reads, and what does what they are meant for.
const UNREAD: [(&str, &str); 6] = [
    ("aws_config_file", "Set the variable AWS_CONFIG_FILE"),
    ("aws_default_region", "Write region"),
    ("aws_region", "Write region"),
    ("config_file", "Set the variable AWS_CONFIG_FILE"),
    (
        "credentials_file",
        "Set the variable AWS_SHARED_CREDENTIALS_FILE",
    ),
    (
        "shared_credentials_file",
        "Set the variable AWS_SHARED_CREDENTIALS_FILE",
    ),
];

/// The known key that `key` probably means: the same letters, perhaps without `aws` or underscores, or one typing
/// error.
fn meant(key: &str) -> Option<&'static str> {
    let letters = |key: &str| -> String {
        let plain = key.chars().filter(char::is_ascii_alphanumeric);
        plain.collect::<String>().to_ascii_lowercase()
    };
    let own = letters(key);
    let same = |known: &&&str| {
        let known = letters(known);
        known == own || known.strip_prefix("aws") == Some(&own)
    };
    KNOWN.iter().find(same).copied().or_else(|| {
        // A short key may be any other tool's.
        let slip = |known: &&&str| {
            key.len() >= 6
                && key.len().abs_diff(known.len()) <= 1
                && strsim::damerau_levenshtein(key, known) == 1
        };
        KNOWN.iter().find(slip).copied()
    })
}

/// The text inside a pair of quotes around `value`.
fn unquoted(value: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| {
        let inside = value.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inside.contains(quote)).then_some(inside)
    })
}

/// A line of a file, split at its delimiter: what is before the value, and the value.
fn split(line: &str) -> Option<(&str, &str)> {
    let delimiter = line.find(['=', ':'])?;
    let value = line[delimiter + 1..].trim();
    let start = line.len() - line[delimiter + 1..].trim_start().len();
    Some((&line[..start], value))
}

/// What is wrong with one key, whose line in the file is `line`.
fn of_key(section: &Section, key: &str, value: &Value, line: &str) -> Option<Diagnostic> {
    let text = value.text.as_str();
    let with_key = |right: &str| split(line).map(|_| format!("{right} = {text}"));
    let with_value = |right: &str| split(line).map(|(before, _)| format!("{before}{right}"));
    let apply = |finding: Diagnostic, line: Option<String>| match line {
        Some(line) if !line.contains('\n') => finding.replace_with(line),
        _ => finding,
    };
    if let Some(name) = unquoted(key) {
        let message = format!("the quotes are part of the key {key}");
        let finding = Diagnostic::new(Code::QuotedKey, message);
        return Some(apply(finding, with_key(name)));
    }
    if let Some((_, instead)) = UNREAD.iter().find(|(unread, _)| *unread == key) {
        let message = format!("no tool reads the key {key}");
        return Some(Diagnostic::new(Code::UnreadKey, message).fix(*instead));
    }
    if !KNOWN.contains(&key)
        && let Some(right) = meant(key)
        && section.get(right).is_none()
    {
        let message = format!("no tool reads the key {key}; {right} may be meant");
        let finding = Diagnostic::new(Code::UnknownKey, message);
        return Some(apply(finding, with_key(right)));
    }
    // Commands have quotes of their own.
    if KNOWN.contains(&key)
        && !matches!(key, "credential_process" | "cli_pager" | "mfa_process")
        && let Some(inside) = unquoted(text)
    {
        let message = format!("the quotes are part of the value of {key}");
        let finding = Diagnostic::new(Code::QuotedValue, message);
        // A secret is not printed.
        let secret = key.starts_with("aws_s");
        return Some(if secret {
            finding.fix("Remove them")
        } else {
            apply(finding, with_value(inside))
        });
    }
    match key {
        "sso_account_id" if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_digit()) => {
            let message = format!("sso_account_id '{text}' is not 12 digits");
            Some(Diagnostic::new(Code::InvalidAccountId, message))
        }
        "web_identity_token_file" if text.starts_with('~') => {
            let message = "web_identity_token_file begins with ~, which the tools do not expand";
            Some(Diagnostic::new(Code::TildeInPath, message))
        }
        "mfa_serial" if section.get("role_arn").is_none() => {
            let message = format!(
                "profile '{}' has mfa_serial without role_arn, so nothing asks for the code",
                section.name
            );
            Some(Diagnostic::new(Code::MfaWithoutRole, message))
        }
        _ => None,
    }
}

/// The profile that a `credential_process` asks for credentials: the argument of `--profile` of a program that goes
/// through a profile's own chain.
fn wrapped(command: &str) -> Option<String> {
    let words = shlex::split(command)?;
    let program = Path::new(words.first()?).file_name()?.to_str()?;
    let known = [
        "aws",
        "aws-sso-util",
        "aws-vault",
        "awsbadge",
        "awsbadge-sso",
        "granted",
    ];
    known.contains(&program).then_some(())?;
    let options = ["--profile", "--profile-name", "-p"];
    words.iter().enumerate().skip(1).find_map(|(at, word)| {
        let joined = options
            .iter()
            .find_map(|option| word.strip_prefix(option)?.strip_prefix('='));
        match joined {
            Some(name) => Some(name.to_owned()),
            None if options.contains(&word.as_str()) => words.get(at + 1).cloned(),
            None => None,
        }
    })
}

/// A start URL without what leads to the same page.
fn normal(url: &str) -> &str {
    url.trim_end_matches(['/', '#'])
}

impl Checks<'_> {
    /// Keys, values and section names that are nearly right.
    pub(super) fn keys(&mut self, read: &Read) {
        let Some((_, files)) = read.iter().find(|(tool, _)| *tool == Tool::Cli) else {
            return;
        };
        if files.refusal().is_some() {
            return;
        }
        for (file, sections) in [
            (FileKind::Config, &files.config.sections),
            (FileKind::Credentials, &files.credentials.sections),
        ] {
            let lines: Vec<&str> = self.ctx.aws_files().file(file).text().lines().collect();
            let line_of = |line: u32| {
                let at = usize::try_from(line)
                    .ok()
                    .and_then(|line| line.checked_sub(1));
                at.and_then(|at| lines.get(at)).copied().unwrap_or_default()
            };
            for section in sections.iter().filter(|s| s.kind != SectionKind::Services) {
                for (key, value) in &section.keys {
                    if let Some(finding) = of_key(section, key, value, line_of(value.line)) {
                        if matches!(finding.code, Code::UnknownKey | Code::QuotedKey) {
                            self.misspelt.insert(section.name.clone());
                        }
                        self.findings.push(finding.at(files.at(value)));
                    }
                }
                if file == FileKind::Credentials
                    && let Some(name) = section.name.strip_prefix("profile ").map(str::trim)
                {
                    let message = format!(
                        "in the credentials file, [{}] is the profile '{}'",
                        section.name, section.name
                    );
                    let finding = Diagnostic::new(Code::ProfilePrefix, message)
                        .at(files.location(file, section.line));
                    let taken = files.profile_in(file, name).is_some();
                    self.findings.push(if taken {
                        finding.fix(format!(
                            "Write [{name}], which is there already: merge them"
                        ))
                    } else {
                        finding.replace_with(format!("[{name}]"))
                    });
                }
            }
        }
        self.start_urls(files);
        self.processes(files);
    }

    /// Logins of the same portal that are two because their addresses are written differently.
    fn start_urls(&mut self, files: &Files) {
        // The token file of an sso-session is named after the session, so only legacy profiles are concerned.
        let legacy = files
            .merged
            .profiles
            .iter()
            .filter(|p| p.text("sso_session").is_none());
        let mut spellings: BTreeMap<&str, BTreeMap<&str, &Value>> = BTreeMap::new();
        for url in legacy.filter_map(|p| p.get("sso_start_url")) {
            let same = spellings.entry(normal(&url.text)).or_default();
            same.entry(&url.text).or_insert(url);
        }
        for (normal, same) in spellings.iter().filter(|(_, same)| same.len() > 1) {
            let plain = same.keys().find(|url| *url == normal).unwrap_or(normal);
            for (url, value) in same.iter().filter(|(url, _)| url != &plain) {
                let message = format!("sso_start_url {url} and {plain} are separate logins");
                let finding = Diagnostic::new(Code::StartUrlVariant, message)
                    .fix(format!("Write {plain} everywhere"));
                self.findings.push(finding.at(files.at(value)));
            }
        }
    }

    /// A `credential_process` that goes through another profile, or through its own.
    fn processes(&mut self, files: &Files) {
        let of_profiles = files.merged.profiles.iter();
        let commands = of_profiles.filter_map(|p| Some((p, p.get("credential_process")?)));
        for (profile, command) in commands {
            let Some(name) = wrapped(&command.text) else {
                continue;
            };
            let own = name == profile.name && profile.text("sso_account_id").is_none();
            let finding = if own {
                let message =
                    format!("the credential_process of '{name}' asks for '{name}' itself");
                Diagnostic::new(Code::ProcessCallsItself, message)
            } else {
                let other = resolve::of_profile(self.ctx, files, &name, Some("--profile"));
                let state = other.at(self.ctx.now, self.ctx.settings.renew_trust).state;
                if !other.needs_login(state) {
                    continue;
                }
                let message = format!(
                    "profile '{}' has the credentials of '{name}', which needs a login",
                    profile.name
                );
                let login = format!("Log in: awsbadge login {}", crate::shells::pasted(&name));
                Diagnostic::new(Code::ProcessNeedsLogin, message).fix(login)
            };
            self.findings.push(finding.at(files.at(command)));
        }
    }

    /// A section header that a tool ignores, with how it should be written; `None` if it is meant to be ignored.
    pub(super) fn ignored_header(&self, files: &Files, finding: Diagnostic) -> Option<Diagnostic> {
        let Some(Location {
            path,
            line: Some(line),
        }) = &finding.location
        else {
            return Some(finding);
        };
        let file = if files.path(FileKind::Config) == Some(path) {
            FileKind::Config
        } else {
            FileKind::Credentials
        };
        let number = usize::try_from(*line).ok()?;
        let text = self.ctx.aws_files().file(file).text();
        let line = text
            .lines()
            .nth(number.saturating_sub(1))
            .unwrap_or_default()
            .trim();
        let inside = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        let Some(inside) = inside.map(str::trim) else {
            return Some(finding);
        };
        if file == FileKind::Credentials {
            // [`Checks::keys`] has a finding of its own about that.
            return (!inside.starts_with("profile ")).then_some(finding);
        }
        // Sections of the AWS CLI itself.
        if matches!(inside, "plugins" | "preview") {
            return None;
        }
        let session = ["sso_session ", "sso session ", "ssosession "]
            .iter()
            .find_map(|prefix| inside.strip_prefix(prefix));
        let plain = |name: &str| {
            let ok = |c: char| c.is_ascii_alphanumeric() || "_-.%@:/+".contains(c);
            !name.is_empty() && name.chars().all(ok)
        };
        Some(match session.map(str::trim) {
            Some(name) if plain(name) && files.merged.sso_session(name).is_none() => {
                finding.replace_with(format!("[sso-session {name}]"))
            }
            Some(_) => finding,
            None if inside.starts_with("sso-session ") => finding.fix(
                "Give the session another name, of ASCII letters, digits, - and _, there and in sso_session",
            ),
            None if plain(inside) && files.merged.profile(inside).is_none() => {
                finding.replace_with(format!("[profile {inside}]"))
            }
            None => finding,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_keys_are_sorted_and_none_is_taken_for_another() {
        assert!(KNOWN.is_sorted());
        for key in KNOWN {
            assert!(!UNREAD.iter().any(|(unread, _)| *unread == key), "{key}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_misspelt_key_is_the_one_that_was_meant() {
        for (key, want) in [
            ("sso_acount_id",     Some("sso_account_id")),
            ("sso-start-url",     Some("sso_start_url")),
            ("accesskeyid",       Some("aws_access_key_id")),
            ("secretaccesskey",   Some("aws_secret_access_key")),
            ("aws_secret_acess_key", Some("aws_secret_access_key")),
            ("rolearn",           Some("role_arn")),
            ("regoin",            Some("region")),
            ("x_principal_arn",   None),
            ("granted_sso_region", None),
            ("colour",            None),
            ("s3x",               None),
        ] {
            assert_eq!(meant(key), want, "{key}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn the_profile_that_a_process_asks_for() {
        for (command, want) in [
            ("aws configure export-credentials --profile dev",       Some("dev")),
            ("/usr/bin/aws configure export-credentials --profile='a b'", Some("a b")),
            ("awsbadge-sso process -p dev",                          Some("dev")),
            ("aws-sso-util credential-process --profile-name dev",   Some("dev")),
            ("aws configure export-credentials",                     None),
            ("/opt/bin/creds --profile dev",                         None),
            ("aws 'open",                                            None),
        ] {
            assert_eq!(wrapped(command).as_deref(), want, "{command}");
        }
    }
}
