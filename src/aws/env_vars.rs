//! The table of every environment variable that awsbadge reads or writes: its name, its role, and how the shell hooks
//! watch it.
//!
//! [`Env`](super::Env) can only be asked for entries of this table, so the program cannot depend on a variable that the
//! hooks do not watch. It also defines what a switch unsets, what is hidden from other programs, and what the hooks
//! compare.

/// What a variable is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Names the profile.
    Profile,
    /// Names a region.
    Region,
    /// Moves a file or a directory.
    Files,
    /// Access key, secret or session token, or part of a role in the environment.
    Credentials,
    /// Says when the credentials in the environment expire.
    Expiry,
    /// Set by another switcher to describe the identity that it put into the environment.
    Switcher,
    /// Points to the credentials of a container, or turns off those of an instance.
    Machine,
    /// One of awsbadge's own settings.
    Setting,
    /// Changes how text is displayed.
    Display,
    /// Describes the system or the session; read by commands, not by the badge.
    System,
    /// Written by a switch and never read by the badge.
    Written,
}

/// How the hooks watch a variable between two refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Its value, whether it is set, and whether it is exported.
    Value,
    /// Whether it has a value, and whether it is exported. For secrets: the value is never copied.
    Presence,
    /// By value, only after a refresh that reported that the badge depends on it.
    OnDemand,
    /// Not at all: the badge does not depend on it.
    No,
}

/// One environment variable. Only this module creates them.
#[derive(Debug, PartialEq, Eq)]
#[allow(
    clippy::manual_non_exhaustive,
    reason = "other modules of this crate may not make entries either"
)]
pub struct EnvVar {
    /// The name.
    pub name: &'static str,
    /// What it is for.
    pub role: Role,
    /// How the hooks watch it.
    pub watch: Watch,
    /// Whether it overrides a profile, or describes an identity that a switch replaces: a switch unsets it.
    pub overrides_profile: bool,
    /// Whether its value is secret: never shown, never passed to programs that do not call AWS.
    pub secret: bool,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// Keeps other modules from creating entries.
    sealed: (),
}

impl std::fmt::Display for EnvVar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! env_vars {
    ($($name:ident: $role:ident, $watch:ident $(, $flag:ident)*; $meaning:literal)*) => {
        $(
            #[doc = $meaning]
            pub static $name: EnvVar = EnvVar {
                name: stringify!($name),
                role: Role::$role,
                watch: Watch::$watch,
                overrides_profile: has!(overrides_profile $($flag)*),
                secret: has!(secret $($flag)*),
                meaning: $meaning,
                sealed: (),
            };
        )*

        /// The whole table. A switch unsets variables in this order.
        pub static ALL: &[&EnvVar] = &[$(&$name),*];
    };
}

macro_rules! has {
    ($wanted:ident) => { false };
    (overrides_profile overrides_profile $($rest:ident)*) => { true };
    (secret secret $($rest:ident)*) => { true };
    ($wanted:ident $other:ident $($rest:ident)*) => { has!($wanted $($rest)*) };
}

env_vars! {
    AWS_PROFILE: Profile, Value; "The active profile."
    AWS_DEFAULT_PROFILE: Profile, Value; "The profile if AWS_PROFILE is not set; boto3 reads it first."
    AWS_EB_PROFILE: Written, No; "The profile of the Elastic Beanstalk CLI; oh-my-zsh's plugin sets it."
    AWS_PROFILE_REGION: Written, No; "The profile's region, as oh-my-zsh's plugin shows it."

    AWS_REGION: Region, Value; "The region of API calls; overrides the profile's."
    AWS_DEFAULT_REGION: Region, Value; "The region if AWS_REGION is not set."

    AWS_CONFIG_FILE: Files, Value; "The config file, instead of ~/.aws/config."
    AWS_SHARED_CREDENTIALS_FILE: Files, Value; "The credentials file, instead of ~/.aws/credentials."
    AWS_LOGIN_CACHE_DIRECTORY: Files, Value; "The directory of `aws login` tokens, instead of ~/.aws/login/cache."
    AWS_CREDENTIAL_FILE: Files, Value; "A key file of the EC2 tools that preceded the AWS CLI."
    BOTO_CONFIG: Files, Value; "The config file of boto 2."

    AWS_ACCESS_KEY_ID: Credentials, Value, overrides_profile; "The id of the access key in the environment: an identifier, not a secret."
    AWS_SECRET_ACCESS_KEY: Credentials, Presence, overrides_profile, secret; "The secret of the access key."
    AWS_SESSION_TOKEN: Credentials, Presence, overrides_profile, secret; "The session token of temporary keys."
    AWS_SECURITY_TOKEN: Credentials, Presence, overrides_profile, secret; "The old name of AWS_SESSION_TOKEN; botocore reads it first."
    AWS_ACCESS_KEY: Credentials, No; "An old name of AWS_ACCESS_KEY_ID; the SDK for Go reads it."
    AWS_SECRET_KEY: Credentials, No, secret; "An old name of AWS_SECRET_ACCESS_KEY; the SDK for Go reads it."
    SECRET_ACCESS_KEY: Credentials, No, secret; "A fallback of the SDK for Rust for AWS_SECRET_ACCESS_KEY."
    AWS_CREDENTIAL_EXPIRATION: Expiry, Value, overrides_profile; "When the keys in the environment expire; the AWS CLI obeys it."
    AWS_SESSION_EXPIRATION: Expiry, Value, overrides_profile; "The same by aws-vault 6 and granted."
    AWS_WEB_IDENTITY_TOKEN_FILE: Credentials, Value, overrides_profile; "A token file with which to assume AWS_ROLE_ARN."
    AWS_ROLE_ARN: Credentials, Value, overrides_profile; "The role of AWS_WEB_IDENTITY_TOKEN_FILE."
    AWS_ROLE_SESSION_NAME: Credentials, Value, overrides_profile; "The session name of that role."

    AWS_VAULT: Switcher, Value, overrides_profile; "aws-vault's profile."
    AWSUME_PROFILE: Switcher, Value, overrides_profile; "awsume's profile."
    AWSUME_EXPIRATION: Expiry, Value, overrides_profile; "When awsume's keys expire, in local time."
    AWSUME_COMMAND: Written, No, overrides_profile; "The awsume command that set the keys."
    AWS_SSO_PROFILE: Switcher, Value, overrides_profile; "aws-sso-cli's profile."
    AWS_SSO_SESSION_EXPIRATION: Expiry, Value, overrides_profile; "When aws-sso-cli's keys expire."
    AWS_SSO_ACCOUNT_ID: Switcher, Value, overrides_profile; "aws-sso-cli's account."
    AWS_SSO_ROLE_NAME: Switcher, Value, overrides_profile; "aws-sso-cli's role."
    AWS_SSO_ROLE_ARN: Switcher, Value, overrides_profile; "aws-sso-cli's role, as an ARN."
    AWSU_PROFILE: Switcher, Value, overrides_profile; "awsu's profile."
    SAML2AWS_PROFILE: Switcher, Value, overrides_profile; "The profile of saml2aws's `script`."
    GRANTED_SSO: Switcher, Value, overrides_profile; "Whether granted's keys come from SSO."
    GRANTED_SSO_START_URL: Switcher, Value, overrides_profile; "granted's access portal."
    GRANTED_SSO_ROLE_NAME: Switcher, Value, overrides_profile; "granted's role."
    GRANTED_SSO_REGION: Switcher, Value, overrides_profile; "The region of granted's access portal."
    GRANTED_SSO_ACCOUNT_ID: Switcher, Value, overrides_profile; "granted's account."
    AWSBADGE_ACP: Switcher, Value, overrides_profile; "`ACCESS_KEY_ID NAME`: the profile whose credentials `acp` put into the environment."

    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: Machine, Value; "A container's credential endpoint on ECS."
    AWS_CONTAINER_CREDENTIALS_FULL_URI: Machine, Value; "Any other credential endpoint, such as aws-vault's server."
    AWS_CONTAINER_AUTHORIZATION_TOKEN: Credentials, No, secret; "The token for that endpoint."
    AWS_EC2_METADATA_DISABLED: Machine, Value; "Turns off the credentials of the EC2 instance."
    AWS_BEARER_TOKEN_BEDROCK: Credentials, No, secret; "An API key of Amazon Bedrock."

    AWSBADGE_FORMAT: Setting, Value; "Overrides the setting `format`."
    AWSBADGE_SYMBOL: Setting, Value; "Overrides the setting `symbol`."
    AWSBADGE_SHOW: Setting, Value; "Overrides the setting `show`."
    AWSBADGE_SHOW_REGION: Setting, Value; "Overrides the setting `region`."
    AWSBADGE_MAX_WIDTH: Setting, Value; "Overrides the setting `max_width`."
    AWSBADGE_ASCII: Setting, Value; "Overrides the setting `ascii`."
    AWSBADGE_RENEW_TRUST: Setting, Value; "Overrides the setting `renew_trust`."
    AWSBADGE_MAX_AGE: Setting, Value; "Overrides the setting `max_age`."
    AWSBADGE_LOGIN_WITH: Setting, No; "Overrides the setting `with` of `[login]`."
    AWSBADGE_WATCH: Setting, Value; "`0`: the hooks do not check files between refreshes."

    HOME: Files, Value; "The home directory."
    XDG_CONFIG_HOME: Files, Value; "The directory of awsbadge's settings, instead of ~/.config."
    XDG_STATE_HOME: Files, No; "The directory of awsbadge's state, instead of ~/.local/state."
    XDG_RUNTIME_DIR: Files, No; "The directory for the hooks' stamp files."
    LC_ALL: Display, Value; "The locale; decides whether symbols can be shown."
    LC_CTYPE: Display, Value; "The locale of characters, if LC_ALL is not set."
    LANG: Display, Value; "The locale, if neither of these is set."
    TERM: Display, Value; "The terminal; a dumb one gets ASCII and no colour."
    NO_COLOR: Display, Value; "Turns colour off."
    TZ: Display, OnDemand; "The local time zone, for a date without a zone."
    PATH: System, OnDemand; "Where programs are found; matters while a credential_process has no slash in its name."
    COLUMNS: Display, No; "The width of the terminal."

    SHELL: System, No; "The login shell, for `setup`."
    MANPATH: System, No; "The directories of manual pages, for `help`."
    ZDOTDIR: System, No; "The directory of zsh's start-up files."
    STARSHIP_CONFIG: System, No; "starship's config file."
    BROWSER: System, No; "The browser that opens an access portal."
    DISPLAY: System, No; "The X display."
    WAYLAND_DISPLAY: System, No; "The Wayland display."
    SSH_CONNECTION: System, No; "Set in a remote session."
    SSH_TTY: System, No; "Set in a remote session with a terminal."
    WSL_DISTRO_NAME: System, No; "Set under the Windows Subsystem for Linux."
    WSL_INTEROP: System, No; "Set under the Windows Subsystem for Linux."
}

/// The entries that a switch unsets, in the order of the table.
pub fn overriding_profile() -> impl Iterator<Item = &'static EnvVar> {
    ALL.iter().copied().filter(|var| var.overrides_profile)
}

/// The entries whose values are secret.
pub fn secrets() -> impl Iterator<Item = &'static EnvVar> {
    ALL.iter().copied().filter(|var| var.secret)
}

/// The entries that the hooks watch in this way.
pub fn watched(watch: Watch) -> impl Iterator<Item = &'static EnvVar> {
    ALL.iter().copied().filter(move |var| var.watch == watch)
}

/// The entry with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static EnvVar> {
    ALL.iter().copied().find(|var| var.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_watched_by_value() {
        for var in secrets() {
            assert!(
                matches!(var.watch, Watch::Presence | Watch::No),
                "{}",
                var.name
            );
        }
        assert!(AWS_SECRET_ACCESS_KEY.secret && AWS_SECRET_ACCESS_KEY.overrides_profile);
        assert!(!AWS_PROFILE.secret && !AWS_PROFILE.overrides_profile);
    }

    #[test]
    fn every_name_is_listed_once() {
        let mut names: Vec<_> = ALL.iter().map(|var| var.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
