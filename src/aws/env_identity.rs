//! The identity and the region that environment variables name.

use super::Env;
use super::env_vars::{self, EnvVar};
use std::borrow::Cow;

/// The variables of other switchers that name a profile, in order of precedence: starship's order, then saml2aws.
pub static SWITCHERS: [&EnvVar; 5] = [
    &env_vars::AWS_VAULT,
    &env_vars::AWSUME_PROFILE,
    &env_vars::AWS_SSO_PROFILE,
    &env_vars::AWSU_PROFILE,
    &env_vars::SAML2AWS_PROFILE,
];

/// The profile that another switcher's variable names, and that variable.
#[must_use]
pub fn switcher(env: &Env) -> Option<(&'static EnvVar, String)> {
    first(env, &SWITCHERS).map(|(var, value)| (var, value.into_owned()))
}

/// The region from the environment in the AWS CLI v2's order, and its variable. An empty value counts as unset.
#[must_use]
pub fn region(env: &Env) -> Option<(&'static EnvVar, String)> {
    first(env, &[&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION])
        .map(|(var, value)| (var, value.into_owned()))
}

/// The profile whose credentials `acp` put into the environment: `AWSBADGE_ACP` counts only while it names the current
/// access key.
#[must_use]
pub fn acp_owner(env: &Env) -> Option<String> {
    let owner = env.text(&env_vars::AWSBADGE_ACP)?;
    let (id, name) = owner.split_once(' ')?;
    let key = env.text(&env_vars::AWS_ACCESS_KEY_ID)?;
    (key == id && !name.is_empty()).then(|| name.to_owned())
}

fn first<'e>(env: &'e Env, vars: &[&'static EnvVar]) -> Option<(&'static EnvVar, Cow<'e, str>)> {
    vars.iter()
        .copied()
        .find_map(|var| Some((var, env.text(var)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_with_a_value_counts() {
        let env = Env::from_iter([
            ("AWSUME_PROFILE", "a"),
            ("AWS_VAULT", ""),
            ("AWS_SSO_PROFILE", "s"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_REGION", ""),
        ]);
        let named = |found: Option<(&EnvVar, String)>| found.map(|(var, value)| (var.name, value));
        assert_eq!(
            named(switcher(&env)),
            Some(("AWSUME_PROFILE", "a".to_owned()))
        );
        assert_eq!(
            named(region(&env)),
            Some(("AWS_DEFAULT_REGION", "eu-west-1".to_owned()))
        );
        assert_eq!(named(switcher(&Env::default())), None);
    }

    #[test]
    fn credentials_of_acp_count_while_they_are_there() {
        for (acp, id, want) in [
            (Some("AKIA dev"), Some("AKIA"), Some("dev")),
            (Some("AKIA a b"), Some("AKIA"), Some("a b")),
            (Some("AKIA dev"), Some("ASIA"), None),
            (Some("AKIA dev"), Some("AKI"), None),
            (Some("AKIA dev"), None, None),
            (Some("AKIA"), Some("AKIA"), None),
            (Some(" dev"), Some(""), None),
            (None, Some("AKIA"), None),
        ] {
            let vars = acp.iter().fold(Env::default(), |vars, value| {
                vars.with("AWSBADGE_ACP", value)
            });
            let vars = id
                .iter()
                .fold(vars, |vars, value| vars.with("AWS_ACCESS_KEY_ID", value));
            assert_eq!(acp_owner(&vars).as_deref(), want, "{acp:?} {id:?}");
        }
    }
}
