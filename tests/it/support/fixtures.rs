//! The configurations and homes that several tests start from.

use super::{Home, expires_in};

/// The session of [`SSO`].
pub(crate) const SESSION: &str = "my-sso";

/// A session, and `dev`, a profile of it without a region: more lines of that profile may follow.
pub(crate) const SSO: &str = "\
[sso-session my-sso]
sso_start_url = https://myorg.awsapps.com/start
sso_region = eu-west-1

[profile dev]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Admin
";

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
