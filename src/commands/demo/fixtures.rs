//! The sample files of `demo`, and the environments it shows.

use crate::aws::{Epoch, Seconds, cache};
use crate::sys::throwaway::Throwaway;
use std::io;
use std::path::Path;

const CONFIG: &str = "\
# Made by `awsbadge demo`.
[default]
region = eu-west-1

[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile myorg-dev-admin]
sso_session = acme
sso_account_id = 111111111111
sso_role_name = AdministratorAccess
region = eu-west-1

[profile myorg-prod-admin]
sso_session = acme
sso_account_id = 222222222222
sso_role_name = AdministratorAccess
region = eu-central-1

[profile auditor]
role_arn = arn:aws:iam::333333333333:role/Auditor
source_profile = myorg-dev-admin
region = us-east-1

[sso-session renewing]
sso_start_url = https://renewing.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile team-renews]
sso_session = renewing
sso_account_id = 444444444444
sso_role_name = PowerUserAccess

[sso-session idle]
sso_start_url = https://idle.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile team-idle]
sso_session = idle
sso_account_id = 555555555555
sso_role_name = PowerUserAccess

[sso-session weekend]
sso_start_url = https://weekend.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile team-weekend]
sso_session = weekend
sso_account_id = 666666666666
sso_role_name = PowerUserAccess

[profile client-soon]
sso_start_url = https://client.awsapps.com/start
sso_region = us-east-1
sso_account_id = 777777777777
sso_role_name = ReadOnlyAccess

[profile client-over]
sso_start_url = https://over.awsapps.com/start
sso_region = us-east-1
sso_account_id = 888888888888
sso_role_name = ReadOnlyAccess

[profile client-new]
sso_start_url = https://new.awsapps.com/start
sso_region = us-east-1
sso_account_id = 999999999999
sso_role_name = ReadOnlyAccess

[profile client-garbled]
sso_start_url = https://garbled.awsapps.com/start
sso_region = us-east-1
sso_account_id = 121212121212
sso_role_name = ReadOnlyAccess

[profile build]
credential_process = /bin/cat credentials.json

[profile break-glass]
role_arn = arn:aws:iam::111111111111:role/BreakGlass
source_profile = old-keys
mfa_serial = arn:aws:iam::111111111111:mfa/me

[profile half-done]
sso_session = acme
sso_account_id = 111111111111

[profile region-only]
region = eu-west-1
";

const CREDENTIALS: &str = "\
# Sample keys, good for nothing.
[old-keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
";

/// A sample login: the name for its token file, its expiry from now, and whether it can be renewed.
const LOGINS: [(&str, Seconds, bool); 6] = [
    ("acme", Seconds(47 * 60 + 50), false),
    ("renewing", Seconds(38 * 60 + 50), true),
    ("idle", Seconds(-20 * 60), true),
    ("weekend", Seconds(-50 * 3600), true),
    (
        "https://client.awsapps.com/start",
        Seconds(9 * 60 + 50),
        false,
    ),
    ("https://over.awsapps.com/start", Seconds(-3 * 3600), false),
];

/// The scenes: the variables, and an explanation of the badge.
pub(super) const SCENES: [(&[(&str, &str)], &str); 18] = [
    (
        &[("AWS_PROFILE", "myorg-dev-admin")],
        "logged in, and for how long",
    ),
    (
        &[("AWS_PROFILE", "team-renews")],
        "the tools renew this login by themselves",
    ),
    (
        &[("AWS_PROFILE", "team-idle")],
        "expired, and the next call renews it",
    ),
    (
        &[("AWS_PROFILE", "team-weekend")],
        "expired long ago: only a call can tell whether it can still be renewed",
    ),
    (
        &[("AWS_PROFILE", "client-soon")],
        "15 minutes or less, and it does not renew itself",
    ),
    (&[("AWS_PROFILE", "client-over")], "a login is needed"),
    (
        &[("AWS_PROFILE", "client-new")],
        "never logged in, or logged out",
    ),
    (
        &[("AWS_PROFILE", "client-garbled")],
        "its token file can't be read: no guess",
    ),
    (
        &[("AWS_PROFILE", "myorg-prod-admin")],
        "production: a mark and a colour of its own",
    ),
    (
        &[("AWS_PROFILE", "auditor")],
        "a role, with the login of its source profile",
    ),
    (
        &[("AWS_PROFILE", "old-keys")],
        "long-term keys, which never expire",
    ),
    (
        &[("AWS_PROFILE", "build")],
        "another program fetches the credentials",
    ),
    (
        &[
            ("AWS_PROFILE", "myorg-dev-admin"),
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
        ],
        "keys in the environment override the profile",
    ),
    (
        &[
            ("AWS_VAULT", "vaulted"),
            ("AWS_ACCESS_KEY_ID", "ASIA"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("AWS_SESSION_TOKEN", "x"),
        ],
        "another switcher's keys, and nothing says when they expire",
    ),
    (
        &[("AWS_PROFILE", "break-glass")],
        "the next call asks for an MFA code",
    ),
    (
        &[("AWS_PROFILE", "half-done")],
        "the AWS CLI refuses this profile",
    ),
    (
        &[("AWS_PROFILE", "region-only")],
        "the profile has no source of credentials",
    ),
    (
        &[("AWS_PROFILE", "myorg-dve-admin")],
        "no file contains this profile",
    ),
];

/// Writes the sample files, with dates relative to `now`.
pub(super) fn furnish(home: &Throwaway, now: Epoch) -> io::Result<()> {
    home.put(".aws/config", CONFIG)?;
    home.put(".aws/credentials", CREDENTIALS)?;
    let name = |key: &str| {
        cache::sso_token(Path::new(""), key)
            .to_string_lossy()
            .into_owned()
    };
    for (key, left, renews) in LOGINS {
        let refresh = if renews {
            format!(
                r#", "clientId": "sample", "clientSecret": "sample", "registrationExpiresAt": "{}", "refreshToken": "sample""#,
                now.plus(Seconds(80 * 86_400)).iso()
            )
        } else {
            String::new()
        };
        let end = now.plus(left).iso();
        home.put(&name(key), &format!(r#"{{"startUrl": "sample", "region": "eu-west-1", "accessToken": "sample", "expiresAt": "{end}"{refresh}}}"#))?;
    }
    home.put(
        &name("https://garbled.awsapps.com/start"),
        r#"{"startUrl": "sample", "accessTok"#,
    )
}
