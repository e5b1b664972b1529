//! The configurations and homes that several tests start from.

use super::{Home, expires_in, token};

/// The session of [`SSO`].
pub(crate) const SESSION: &str = "my-sso";

/// The start URL of [`SSO`], and of [`token`].
pub(crate) const START_URL: &str = "https://myorg.awsapps.com/start";

/// [`SSO`], for `concat!`.
macro_rules! sso {
    () => {
        "\
[sso-session my-sso]
sso_start_url = https://myorg.awsapps.com/start
sso_region = eu-west-1

[profile dev]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Admin
"
    };
}
pub(crate) use sso;

/// A session, and `dev`, a profile of it without a region: more lines of that profile may follow.
pub(crate) const SSO: &str = sso!();

/// A home with two profiles that need no login.
pub(crate) fn two_profiles() -> Home {
    let home = Home::new();
    home.config("[profile one]\nregion = x\n[profile two]\nregion = x\n");
    home
}

/// How long the token of [`logged_in`] is valid, in seconds: the badge says `47m` for most of a minute.
pub(crate) const VALID: i64 = 47 * 60 + 50;

/// A home with [`SSO`] that is logged in: the badge of `dev` is `aws:dev 47m`.
pub(crate) fn logged_in() -> Home {
    let home = Home::new();
    home.config(SSO).token(SESSION, &expires_in(VALID));
    home
}

/// A home with a profile of every common kind, and `aws` a stub: `dev` is logged in, the login of `over` has expired.
pub(crate) fn every_kind() -> Home {
    let over = "https://over.awsapps.com/start";
    let home = Home::new();
    home.config(concat!(
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

[profile process]
credential_process = /bin/sh --password SECRET-CANARY
"
    ))
    .credentials(
        "[keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = SECRET-CANARY\nregion = us-east-2\n",
    )
    .file(".zshrc", "eval \"$(awsbadge init zsh --prompt left)\"\n")
    .token(SESSION, &expires_in(VALID))
    .token_json(
        over,
        token("2020-01-01T00:00:00Z").to_string().replace(START_URL, over),
    )
    .aws_stub()
    .private(".aws");
    home
}
