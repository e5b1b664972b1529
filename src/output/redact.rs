//! Masks secrets in a configuration.

/// Keys whose values are not secret, with the reason for each group. Every other key is masked, because the value of an
/// unknown key may be secret. Names are compared in lower case, nested keys by their own name.
const HARMLESS: &[&str] = &[
    // Region, format and account: names and numbers that AWS shows to every user of the account.
    "region",
    "output",
    "sso_region",
    "aws_account_id",
    "sso_account_id",
    "account_id",
    "sigv4a_signing_region_set",
    // Login, role and profile: names, and addresses of sign-in pages. They are useless without a login.
    "sso_session",
    "sso_start_url",
    "sso_role_name",
    "sso_registration_scopes",
    "login_session",
    "role_arn",
    "role_session_name",
    "source_profile",
    "include_profile",
    "parent_profile",
    "credential_source",
    "duration_seconds",
    "mfa_serial",
    "services",
    "x_principal_arn",
    "assumed_role",
    "assumed_role_arn",
    "granted_sso_start_url",
    "granted_sso_region",
    "granted_sso_account_id",
    "granted_sso_role_name",
    // When keys expire.
    "expiration",
    "aws_expiration",
    "aws_session_expiration",
    "aws_credential_expiration",
    "x_security_token_expires",
    // Paths: they do not show the content of a file.
    "ca_bundle",
    "web_identity_token_file",
    // Endpoints: addresses, with any user and password masked.
    "endpoint_url",
    "ec2_metadata_service_endpoint",
    "csm_host",
    "csm_port",
    // The user interface of the CLI.
    "cli_auto_prompt",
    "cli_binary_format",
    "cli_error_format",
    "cli_follow_urlparam",
    "cli_help_output",
    "cli_history",
    "cli_pager",
    "cli_timestamp_format",
    // How requests are made: switches, numbers, and words from a short list.
    "account_id_endpoint_mode",
    "addressing_style",
    "api_versions",
    "auth_scheme_preference",
    "csm_enabled",
    "defaults_mode",
    "disable_request_compression",
    "ec2_metadata_service_endpoint_mode",
    "ec2_metadata_v1_disabled",
    "endpoint_discovery_enabled",
    "ignore_configured_endpoint_urls",
    "max_attempts",
    "max_bandwidth",
    "max_concurrent_requests",
    "max_queue_size",
    "metadata_service_num_attempts",
    "metadata_service_timeout",
    "multipart_chunksize",
    "multipart_threshold",
    "parameter_validation",
    "payload_signing_enabled",
    "preferred_transfer_client",
    "request_checksum_calculation",
    "request_min_compression_size_bytes",
    "response_checksum_validation",
    "retry_mode",
    "s3_disable_express_session_auth",
    "s3_disable_multiregion_access_points",
    "s3_us_east_1_regional_endpoint",
    "s3_use_arn_region",
    "signature_version",
    "sts_regional_endpoints",
    "target_bandwidth",
    "tcp_keepalive",
    "use_accelerate_endpoint",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "use_arn_region",
];

/// Keys whose value is a command line. The program is shown; its arguments are masked, because they may contain a
/// password.
const PROGRAMS: [&str; 2] = ["credential_process", "mfa_process"];

const MASK: &str = "***";

/// The value if it is known to be harmless, else `***`.
fn masked(key: &str, value: &str) -> String {
    let key = key.to_ascii_lowercase();
    // JavaScript keeps a nested key as `s3.endpoint_url`.
    match key.rsplit('.').next().unwrap_or_default() {
        _ if value.is_empty() => String::new(),
        "aws_access_key_id" => masked_id(value),
        key if PROGRAMS.contains(&key) => program(value),
        // An address may lack its scheme or have a misspelled one.
        key if HARMLESS.contains(&key) && is_address(key) && !value.contains("://") => {
            up_to_host(value)
        }
        key if HARMLESS.contains(&key) => without_user(value),
        _ => MASK.to_owned(),
    }
}

fn is_address(key: &str) -> bool {
    ["_url", "_endpoint", "_host"]
        .iter()
        .any(|end| key.ends_with(end))
}

/// The program of a command line (quoted as the AWS CLI expects), with its arguments masked.
fn program(line: &str) -> String {
    let line = line.trim();
    let mut quote = None;
    let end = line.char_indices().find(|&(_, c)| match (quote, c) {
        (None, '"' | '\'') => {
            quote = Some(c);
            false
        }
        (Some(open), c) if open == c => {
            quote = None;
            false
        }
        (None, c) => c.is_whitespace(),
        _ => false,
    });
    let (program, rest) = line.split_at(end.map_or(line.len(), |(at, _)| at));
    // An unclosed quote may include the arguments, and `NAME=value` sets a variable.
    if quote.is_some() || program.contains('=') {
        return MASK.to_owned();
    }
    match rest {
        "" => program.to_owned(),
        _ => format!("{program} {MASK}"),
    }
}

/// The text with the user and password masked in every URL: `https://***@host/`. Passwords are often not encoded and
/// may contain a slash, so everything from the scheme to the last `@` of the word is masked.
#[must_use]
pub fn without_user(text: &str) -> String {
    let Some(at) = text.find("://") else {
        return text.to_owned();
    };
    let (scheme, rest) = text.split_at(at + 3);
    let end = rest.find(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let (word, more) = rest.split_at(end.unwrap_or(rest.len()));
    format!("{scheme}{}{}", up_to_host(word), without_user(more))
}

fn up_to_host(word: &str) -> String {
    let host = word.rfind('@').map(|at| format!("{MASK}{}", &word[at..]));
    host.unwrap_or_else(|| word.to_owned())
}

/// The first four and last four characters of an access key id; nothing of a short one.
fn masked_id(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    match letters.len() {
        0 => String::new(),
        1..=12 => MASK.to_owned(),
        all => {
            let end = |part: &[char]| part.iter().collect::<String>();
            format!("{}…{}", end(&letters[..4]), end(&letters[all - 4..]))
        }
    }
}

/// A value and its continuation lines, each masked by its own key: nested keys, and lines that became part of the value
/// through a wrong indent.
#[must_use]
pub fn shown(key: &str, text: &str) -> String {
    let (first, more) = match text.split_once('\n') {
        None => return masked(key, text),
        Some(parts) => parts,
    };
    let mut out = masked(key, first);
    for line in more.split('\n') {
        out.push('\n');
        match line.split_once('=') {
            Some((name, value)) => {
                let name = name.trim();
                let line = format!("{name} = {}", masked(name, value.trim()));
                out.push_str(line.trim_end());
            }
            None if line.is_empty() => {}
            None => out.push_str(MASK),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_of_harmless_keys_are_seen() {
        for (key, value, want) in [
            ("region", "eu-west-1", "eu-west-1"),
            ("REGION", "eu-west-1", "eu-west-1"),
            ("region", "", ""),
            ("external_id", "x", "***"),
            ("api_key", "x", "***"),
            ("pwd", "x", "***"),
            ("cookie", "x", "***"),
            ("regions", "x", "***"),
            ("aws_secret_access_key", "x", "***"),
            ("aws_session_token", "x", "***"),
            ("aws_security_token", "x", "***"),
            ("anything", "x", "***"),
            ("aws_access_key_id", "AKIAIOSFODNN7EXAMPLE", "AKIA…MPLE"),
            ("aws_access_key_id", "short", "***"),
            (
                "mfa_serial",
                "arn:aws:iam::1:mfa/me@a.b",
                "arn:aws:iam::1:mfa/me@a.b",
            ),
            ("role_session_name", "me@a.b", "me@a.b"),
            ("web_identity_token_file", "/t", "/t"),
            // Programs.
            ("credential_process", "get", "get"),
            (
                "credential_process",
                "/bin/get --password x",
                "/bin/get ***",
            ),
            ("credential_process", "\"/a b/get\" x", "\"/a b/get\" ***"),
            ("credential_process", "/a' 'b/get\tx y", "/a' 'b/get ***"),
            ("credential_process", "\"/a b/get x", "***"),
            ("credential_process", "PASSWORD=x get", "***"),
            ("mfa_process", "oathtool SECRET", "oathtool ***"),
            // Addresses.
            ("endpoint_url", "https://h:1/p?q", "https://h:1/p?q"),
            ("endpoint_url", "https://u:p@h/x", "https://***@h/x"),
            ("endpoint_url", "https://u@h", "https://***@h"),
            ("endpoint_url", "https://u:p/@#w@h/x", "https://***@h/x"),
            ("endpoint_url", "u:p@h:1", "***@h:1"),
            ("endpoint_url", "https:/u:p@h", "***@h"),
            (
                "sso_start_url",
                "https://u:p@h/start",
                "https://***@h/start",
            ),
            (
                "cli_pager",
                "x http://u:p@h http://v:q@i",
                "x http://***@h http://***@i",
            ),
            ("proxy", "https://u:p@h/x", "***"),
            ("s3.endpoint_url", "https://u:p@h", "https://***@h"),
            ("s3.password", "x", "***"),
        ] {
            assert_eq!(masked(key, value), want, "{key} = {value}");
        }
    }

    #[test]
    fn nested_values_are_masked_by_their_own_names() {
        assert_eq!(
            shown(
                "s3",
                "\nendpoint_url = https://u:p@h\nproxy_password = x\nuse_arn_region =\nx"
            ),
            "\nendpoint_url = https://***@h\nproxy_password = ***\nuse_arn_region =\n***"
        );
        assert_eq!(shown("pwd", "x\ny"), "***\n***");
        assert_eq!(
            shown(
                "region",
                "eu-west-1\naws_secret_access_key = x\nhunter2\n\nsso_region = y"
            ),
            "eu-west-1\naws_secret_access_key = ***\n***\n\nsso_region = y"
        );
    }

    #[test]
    fn the_harmless_keys_are_each_there_once_and_in_lower_case() {
        let mut keys = HARMLESS.to_vec();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), HARMLESS.len());
        assert!(keys.iter().all(|key| *key == key.to_ascii_lowercase()));
        let suspicious = ["secret", "token", "password", "key", "cookie", "external"];
        keys.retain(|key| suspicious.iter().any(|word| key.contains(word)));
        assert_eq!(
            keys,
            ["web_identity_token_file", "x_security_token_expires"]
        );
    }
}
