//! Which identity an environment names, by the rules of the AWS CLI v2 and of the other switchers.

use super::Env;
use super::env_vars::{self, EnvVar};

/// A value and the variable that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The value, never empty.
    pub value: String,
    /// The variable's name, or `--profile`.
    pub from: &'static str,
}

/// Keys in the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvKeys {
    /// The switcher that put them there, by the profile it names.
    pub owner: Option<Chosen>,
    /// The date that somebody left for their end, as written.
    pub ends: Option<String>,
    /// Whether there is a session token.
    pub temporary: bool,
    /// Whether the secret is missing: then botocore stops with an error.
    pub partial: bool,
}

/// What the variables say, before any file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The profile: `AWS_PROFILE`, then `AWS_DEFAULT_PROFILE`, as in the AWS CLI v2. An empty value counts as
    /// unset here; what each tool makes of one is another matter.
    pub profile: Option<Chosen>,
    /// Keys, where `AWS_ACCESS_KEY_ID` is set: it alone makes botocore look no further.
    pub keys: Option<EnvKeys>,
    /// Another switcher's variable where there are no keys.
    pub switcher: Option<Chosen>,
    /// `AWS_WEB_IDENTITY_TOKEN_FILE` together with `AWS_ROLE_ARN`.
    pub web_identity: bool,
    /// A container's credential endpoint.
    pub container: bool,
}

/// Who wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Winner<'a> {
    /// Keys in the environment, of a switcher's profile or of nobody known, perhaps in the way of a profile.
    Keys {
        /// The keys.
        keys: &'a EnvKeys,
        /// The profile that they shadow.
        over: Option<&'a Chosen>,
    },
    /// The named profile.
    Profile(&'a Chosen),
    /// A switcher names a profile and leaves no keys: it serves them by a container endpoint, or is gone.
    Switcher(&'a Chosen),
    /// The web identity of the environment.
    WebIdentity,
    /// The container's role.
    Container,
    /// No variable names anyone: the tools take `default`, or the machine's own role.
    Nobody,
}

/// The other switchers' variables that name a profile, in the order in which they are believed.
pub static SWITCHERS: [&EnvVar; 4] = [
    &env_vars::AWS_VAULT,
    &env_vars::AWSUME_PROFILE,
    &env_vars::AWS_SSO_PROFILE,
    &env_vars::AWSU_PROFILE,
];

/// The variables that tell when keys in the environment end, in the order in which they are believed.
pub static ENDS: [&EnvVar; 4] = [
    &env_vars::AWS_CREDENTIAL_EXPIRATION,
    &env_vars::AWS_SESSION_EXPIRATION,
    &env_vars::AWS_SSO_SESSION_EXPIRATION,
    &env_vars::AWSUME_EXPIRATION,
];

impl Selection {
    /// Reads the variables. `explicit` is a profile named on the command line: it takes the keys and the web
    /// identity of the environment out of play, as `aws --profile` does.
    #[must_use]
    pub fn of(vars: &Env, explicit: Option<&str>) -> Self {
        if let Some(name) = explicit {
            return Self {
                profile: Some(Chosen {
                    value: name.to_owned(),
                    from: "--profile",
                }),
                ..Self::default()
            };
        }
        let first = |names: &[&'static EnvVar]| {
            names.iter().find_map(|from| {
                vars.text(from).map(|v| Chosen {
                    value: v.into_owned(),
                    from: from.name,
                })
            })
        };
        let profile = first(&[&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE]);
        let switcher = first(&SWITCHERS);
        let keys = vars.has(&env_vars::AWS_ACCESS_KEY_ID).then(|| EnvKeys {
            // granted names no profile of its own: it sets AWS_PROFILE beside the keys of that profile.
            owner: switcher
                .clone()
                .or_else(|| profile.clone().filter(|_| vars.has(&env_vars::GRANTED_SSO))),
            ends: first(&ENDS).map(|c| c.value),
            temporary: vars.has(&env_vars::AWS_SESSION_TOKEN)
                || vars.has(&env_vars::AWS_SECURITY_TOKEN),
            partial: !vars.has(&env_vars::AWS_SECRET_ACCESS_KEY),
        });
        Self {
            profile,
            switcher: switcher.filter(|_| keys.is_none()),
            keys,
            web_identity: vars.has(&env_vars::AWS_WEB_IDENTITY_TOKEN_FILE)
                && vars.has(&env_vars::AWS_ROLE_ARN),
            container: vars.has(&env_vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
                || vars.has(&env_vars::AWS_CONTAINER_CREDENTIALS_FULL_URI),
        }
    }

    /// Who wins among what the variables name.
    #[must_use]
    pub fn winner(&self) -> Winner<'_> {
        if let Some(keys) = &self.keys {
            let owner = keys.owner.as_ref().map(|o| &o.value);
            let over = self.profile.as_ref().filter(|p| owner != Some(&p.value));
            return Winner::Keys { keys, over };
        }
        match (&self.profile, &self.switcher) {
            (Some(profile), _) => Winner::Profile(profile),
            (None, Some(switcher)) => Winner::Switcher(switcher),
            (None, None) if self.web_identity => Winner::WebIdentity,
            (None, None) if self.container => Winner::Container,
            (None, None) => Winner::Nobody,
        }
    }
}

/// The region that the environment gives, in the AWS CLI v2's order. An empty value counts as unset here.
#[must_use]
pub fn region(vars: &Env) -> Option<Chosen> {
    [&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION]
        .into_iter()
        .find_map(|from| {
            vars.text(from).map(|v| Chosen {
                value: v.into_owned(),
                from: from.name,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(pairs: &[(&str, &str)]) -> String {
        let vars = Env::from_iter(pairs.iter().copied());
        match Selection::of(&vars, None).winner() {
            Winner::Keys { keys, over } => {
                let owner = keys.owner.as_ref().map_or("env", |o| &o.value);
                let ends = keys.ends.as_deref().unwrap_or("-");
                let over = over.map_or("-", |o| &o.value);
                format!("keys of {owner} until {ends} over {over}")
            }
            Winner::Profile(p) => format!("{} by {}", p.value, p.from),
            Winner::Switcher(p) => format!("{} by {}, no keys", p.value, p.from),
            Winner::WebIdentity => "web identity".into(),
            Winner::Container => "container".into(),
            Winner::Nobody => "nobody".into(),
        }
    }

    #[test]
    fn the_winner_is_the_one_that_the_aws_cli_would_use() {
        let k = ("AWS_ACCESS_KEY_ID", "A");
        let s = ("AWS_SECRET_ACCESS_KEY", "S");
        let p = ("AWS_PROFILE", "p");
        for (vars, want) in [
            (vec![], "nobody"),
            (vec![("AWS_PROFILE", "")], "nobody"),
            (vec![("AWS_REGION", "eu-west-1")], "nobody"),
            (vec![p], "p by AWS_PROFILE"),
            (
                vec![("AWS_DEFAULT_PROFILE", "d")],
                "d by AWS_DEFAULT_PROFILE",
            ),
            (vec![("AWS_DEFAULT_PROFILE", "d"), p], "p by AWS_PROFILE"),
            (
                vec![("AWS_DEFAULT_PROFILE", "d"), ("AWS_PROFILE", "")],
                "d by AWS_DEFAULT_PROFILE",
            ),
            (vec![k, s], "keys of env until - over -"),
            (vec![k, s, p], "keys of env until - over p"),
            (vec![s, p], "p by AWS_PROFILE"),
            (vec![("AWS_ACCESS_KEY_ID", ""), p], "p by AWS_PROFILE"),
            (
                vec![k, s, ("AWS_VAULT", "v"), ("AWS_CREDENTIAL_EXPIRATION", "t")],
                "keys of v until t over -",
            ),
            (
                vec![k, s, ("AWS_VAULT", "v"), p],
                "keys of v until - over p",
            ),
            (
                vec![k, s, ("AWS_VAULT", "p"), p],
                "keys of p until - over -",
            ),
            (
                vec![
                    k,
                    s,
                    p,
                    ("GRANTED_SSO", "true"),
                    ("AWS_SESSION_EXPIRATION", "t"),
                ],
                "keys of p until t over -",
            ),
            (
                vec![k, s, ("AWSUME_PROFILE", "a"), ("AWSUME_EXPIRATION", "t")],
                "keys of a until t over -",
            ),
            (
                vec![
                    k,
                    s,
                    ("AWS_SSO_PROFILE", "o"),
                    ("AWS_SSO_SESSION_EXPIRATION", "t"),
                ],
                "keys of o until t over -",
            ),
            (vec![("AWS_VAULT", "v")], "v by AWS_VAULT, no keys"),
            (vec![("AWS_VAULT", "v"), p], "p by AWS_PROFILE"),
            (
                vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "r")],
                "web identity",
            ),
            (vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")], "nobody"),
            (
                vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x")],
                "container",
            ),
            (
                vec![("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"), p],
                "p by AWS_PROFILE",
            ),
        ] {
            assert_eq!(tell(&vars), want, "{vars:?}");
        }
    }

    #[test]
    fn a_profile_on_the_command_line_takes_the_keys_out_of_play() {
        let vars = Env::from_iter([("AWS_ACCESS_KEY_ID", "A"), ("AWS_PROFILE", "p")]);
        let selection = Selection::of(&vars, Some("x"));
        assert_eq!(
            selection.winner(),
            Winner::Profile(&Chosen {
                value: "x".into(),
                from: "--profile"
            })
        );
    }

    #[test]
    fn half_a_pair_of_keys_is_told() {
        let vars = Env::from_iter([("AWS_ACCESS_KEY_ID", "A")]);
        assert!(Selection::of(&vars, None).keys.is_some_and(|k| k.partial));
    }
}
