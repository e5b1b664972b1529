//! Which host is called, by the AWS CLI's rules: the environment and the config file first, then the partition's
//! names (botocore's `endpoint-rule-set-1.json` of `sso-oidc` and `sso`, and `partitions.json`).

use super::address::Address;
use crate::error::{Failure, Word};
use crate::library::{Config, Section, Vars, is_region, partition};

/// A service that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Registers clients and gives tokens.
    Oidc,
    /// Gives role credentials and ends sessions.
    Portal,
    /// Says who credentials belong to, and gives those of roles. Always the region's own, never the global one.
    Sts,
}

impl Service {
    fn prefix(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Portal => "portal.sso",
            Self::Sts => "sts",
        }
    }

    /// How the service is called in variables and in `[services]`.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Oidc => ("AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"),
            Self::Portal => ("AWS_ENDPOINT_URL_SSO", "sso"),
            Self::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
        }
    }
}

/// The domain of each partition, and the one for IPv4 and IPv6 together.
const SUFFIXES: [(&str, &str, &str); 8] = [
    ("aws", "amazonaws.com", "api.aws"),
    ("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    ("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    ("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("aws-us-gov", "amazonaws.com", "api.aws"),
];

/// Both domains of the region's partition.
pub(crate) fn dns_suffixes(region: &str) -> [&'static str; 2] {
    let name = partition(region).unwrap_or("aws");
    let found = SUFFIXES.iter().find(|(partition, ..)| *partition == name);
    found.map_or(["amazonaws.com", "api.aws"], |(_, plain, dual)| {
        [plain, dual]
    })
}

/// What the configuration says about endpoints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// `use_fips_endpoint`.
    pub(crate) fips: bool,
    /// `use_dualstack_endpoint`.
    pub(crate) dual_stack: bool,
    oidc: Option<Override>,
    portal: Option<Override>,
    sts: Option<Override>,
}

/// An address that takes the place of the rule's.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Override {
    url: String,
    /// The variable or key that gives it.
    from: String,
}

/// Where a service is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Without a slash at its end.
    pub(crate) address: Address,
    /// The variable or key that gave it; `None` if it is the rule's.
    pub(crate) from: Option<String>,
    /// Whether it is a FIPS host in the commercial partition, where there is none.
    pub(crate) doubtful_fips: bool,
}

impl Rules {
    /// From the environment and the profile that counts.
    pub(crate) fn read(vars: &Vars, config: &Config, profile: Option<&Section>) -> Self {
        let key = |name: &str| profile.and_then(|p| p.text(name));
        let flag = |variable: &str, name: &str| {
            let of_variable = vars.text(variable);
            let value = of_variable.as_deref().or_else(|| key(name));
            value.is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        };
        let ignored = flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        );
        let services = key("services").and_then(|name| {
            config
                .services
                .iter()
                .find(|section| section.name == name.trim())
        });
        let find = |service: Service| {
            let (variable, name) = service.names();
            let variables = [variable, "AWS_ENDPOINT_URL"].into_iter().find_map(|var| {
                Some(Override {
                    url: vars.text(var)?.into_owned(),
                    from: var.to_owned(),
                })
            });
            let of_services = || {
                let section = services?;
                Some(Override {
                    url: endpoint_url(section.text(name)?)?,
                    from: format!("endpoint_url in [services {}]", section.name),
                })
            };
            let of_profile = || {
                Some(Override {
                    url: key("endpoint_url")?.to_owned(),
                    from: format!("endpoint_url of the profile {}", profile?.name),
                })
            };
            match ignored {
                true => None,
                false => variables.or_else(of_services).or_else(of_profile),
            }
        };
        Self {
            fips: flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            dual_stack: flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
            oidc: find(Service::Oidc),
            portal: find(Service::Portal),
            sts: find(Service::Sts),
        }
    }

    /// The endpoint of a service in a region.
    ///
    /// # Errors
    /// A region or an address that can't be one; FIPS or dual stack together with an address of one's own, which
    /// the rules refuse; plain HTTP to another machine.
    pub(crate) fn endpoint(&self, service: Service, region: &str) -> Result<Endpoint, Failure> {
        if !is_region(region) {
            return Err(Failure::new(
                Word::BadRegion,
                format!("'{region}' is not a region"),
                match service {
                    Service::Sts => "Write it as eu-west-1.",
                    _ => "Set sso_region to the region of the access portal, such as eu-west-1.",
                },
            ));
        }
        let own = match service {
            Service::Oidc => &self.oidc,
            Service::Portal => &self.portal,
            Service::Sts => &self.sts,
        };
        match own {
            Some(own) => self.overridden(own),
            None => Ok(Endpoint {
                address: self.by_rule(service, region, self.dual_stack)?,
                from: None,
                // The commercial partition has FIPS hosts of STS, and none of IAM Identity Center.
                doubtful_fips: self.fips
                    && service != Service::Sts
                    && partition(region) == Some("aws"),
            }),
        }
    }

    /// The OIDC endpoint for a device code at a portal with an address of both IP versions.
    ///
    /// # Errors
    /// As [`Rules::endpoint`].
    pub(crate) fn dual_stack_oidc(&self, region: &str) -> Result<Option<Endpoint>, Failure> {
        let plain = self.endpoint(Service::Oidc, region)?;
        match plain.from.is_some() || self.dual_stack {
            true => Ok(None),
            false => Ok(Some(Endpoint {
                address: self.by_rule(Service::Oidc, region, true)?,
                ..plain
            })),
        }
    }

    fn by_rule(&self, service: Service, region: &str, dual: bool) -> Result<Address, Failure> {
        let prefix = service.prefix();
        let [plain, both] = dns_suffixes(region);
        // GovCloud's plain hosts are FIPS hosts.
        let plain_is_fips = partition(region) == Some("aws-us-gov");
        let fips = if self.fips && (dual || !plain_is_fips) {
            "-fips"
        } else {
            ""
        };
        let suffix = if dual { both } else { plain };
        let text = format!("https://{prefix}{fips}.{region}.{suffix}");
        Address::parse(&text)
            .ok_or_else(|| Failure::new(Word::BadRegion, format!("'{region}' is not a region"), ""))
    }

    fn overridden(&self, own: &Override) -> Result<Endpoint, Failure> {
        let from = &own.from;
        for (on, what) in [(self.fips, "FIPS"), (self.dual_stack, "dual stack")] {
            if on {
                return Err(Failure::new(
                    Word::BadConfig,
                    format!("{what} endpoints are asked for, and {from} names an endpoint"),
                    format!("Remove one of the two settings; {from} is {}.", own.url),
                ));
            }
        }
        let text = own.url.trim().trim_end_matches('/');
        let address = Address::parse(text)
            .filter(|_| !text.contains(['?', '#']))
            .ok_or_else(|| {
                Failure::new(
                    Word::BadConfig,
                    format!("{from} is not an address: {}", own.url),
                    "Write it as https://HOST or http://localhost:PORT.",
                )
            })?;
        if !address.is_safe() {
            return Err(Failure::new(
                Word::UnsafeAddress,
                format!(
                    "{from} would send tokens unencrypted to {}",
                    address.origin()
                ),
                "Use https, or http to localhost only.",
            ));
        }
        Ok(Endpoint {
            address,
            from: Some(own.from.clone()),
            doubtful_fips: false,
        })
    }
}

/// `endpoint_url` among the sub-properties of a services section: lines of `name = value`.
fn endpoint_url(nested: &str) -> Option<String> {
    nested.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim();
        (name.trim() == "endpoint_url" && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::config_of;

    fn rules(fips: bool, dual_stack: bool) -> Rules {
        Rules {
            fips,
            dual_stack,
            ..Rules::default()
        }
    }

    /// What botocore 1.44 gives for its own rule sets: plain, dual stack, FIPS, both.
    #[test]
    fn every_partition_has_botocores_hosts() {
        for (region, suffix, dual, fips) in [
            ("eu-west-1", "amazonaws.com", "api.aws", "-fips"),
            ("us-east-1", "amazonaws.com", "api.aws", "-fips"),
            (
                "cn-north-1",
                "amazonaws.com.cn",
                "api.amazonwebservices.com.cn",
                "-fips",
            ),
            ("us-gov-west-1", "amazonaws.com", "api.aws", ""),
            ("us-gov-east-1", "amazonaws.com", "api.aws", ""),
            (
                "eusc-de-east-1",
                "amazonaws.eu",
                "api.amazonwebservices.eu",
                "-fips",
            ),
            ("us-iso-east-1", "c2s.ic.gov", "api.aws.ic.gov", "-fips"),
            ("us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud", "-fips"),
            (
                "eu-isoe-west-1",
                "cloud.adc-e.uk",
                "api.cloud-aws.adc-e.uk",
                "-fips",
            ),
            (
                "us-isof-south-1",
                "csp.hci.ic.gov",
                "api.aws.hci.ic.gov",
                "-fips",
            ),
        ] {
            for (service, name) in [
                (Service::Oidc, "oidc"),
                (Service::Portal, "portal.sso"),
                (Service::Sts, "sts"),
            ] {
                let got = |f, d| {
                    let endpoint = rules(f, d).endpoint(service, region).unwrap();
                    endpoint.address.text
                };
                assert_eq!(
                    got(false, false),
                    format!("https://{name}.{region}.{suffix}")
                );
                assert_eq!(got(false, true), format!("https://{name}.{region}.{dual}"));
                assert_eq!(
                    got(true, false),
                    format!("https://{name}{fips}.{region}.{suffix}")
                );
                assert_eq!(
                    got(true, true),
                    format!("https://{name}-fips.{region}.{dual}")
                );
            }
        }
    }

    #[test]
    fn what_is_no_region_gets_into_no_host_name() {
        for region in [
            "",
            "evil",
            "eu-west-1.evil.example",
            "eu-west-1/",
            "EU-WEST-1",
        ] {
            let word = rules(false, false)
                .endpoint(Service::Oidc, region)
                .map_err(|f| f.word);
            assert_eq!(word, Err(Word::BadRegion), "{region}");
        }
    }

    const CONFIG: &str = "[profile a]\nservices = s\nendpoint_url = http://127.0.0.1:5\n\
        [profile b]\nendpoint_url = http://127.0.0.1:6\n\
        [profile off]\nendpoint_url = http://127.0.0.1:6\nignore_configured_endpoint_urls = true\n\
        [services s]\nsso_oidc =\n  endpoint_url = http://127.0.0.1:4\n  other = 1\n";

    #[test]
    fn overrides_are_taken_in_the_aws_clis_order() {
        let config = config_of(CONFIG);
        let both = [
            ("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:2"),
        ];
        for (vars, profile, oidc, portal) in [
            (&both[..], "a", ":1", ":2"),
            (&both[1..], "a", ":2", ":2"),
            (&[], "a", ":4", ":5"),
            (&[], "b", ":6", ":6"),
            (&[], "off", "amazonaws.com", "amazonaws.com"),
            (
                &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), both[1]],
                "a",
                "amazonaws.com",
                "amazonaws.com",
            ),
            (
                &[("AWS_ENDPOINT_URL", "")],
                "x",
                "amazonaws.com",
                "amazonaws.com",
            ),
        ] {
            let vars = Vars::from_iter(vars.iter().copied());
            let rules = Rules::read(&vars, &config, config.profile(profile));
            for (service, end) in [(Service::Oidc, oidc), (Service::Portal, portal)] {
                let endpoint = rules.endpoint(service, "eu-west-1").unwrap();
                assert!(
                    endpoint.address.text.ends_with(end),
                    "{profile} {endpoint:?}"
                );
                assert_eq!(endpoint.from.is_some(), end.starts_with(':'));
            }
        }
    }

    #[test]
    fn fips_and_dual_stack_come_from_variable_or_profile() {
        let config =
            config_of("[profile p]\nuse_fips_endpoint = true\nuse_dualstack_endpoint=True");
        let read = |pairs: &[(&str, &str)]| {
            let rules = Rules::read(
                &Vars::from_iter(pairs.iter().copied()),
                &config,
                config.profile("p"),
            );
            (rules.fips, rules.dual_stack)
        };
        assert_eq!(read(&[]), (true, true));
        assert_eq!(read(&[("AWS_USE_FIPS_ENDPOINT", "false")]), (false, true));
    }

    #[test]
    fn an_override_that_is_not_safe_or_contradicts_is_refused() {
        for (url, fips, dual, want) in [
            (
                "http://127.0.0.1:1/",
                false,
                false,
                Ok("http://127.0.0.1:1"),
            ),
            (
                "https://idc.example/x/",
                false,
                false,
                Ok("https://idc.example/x"),
            ),
            ("http://idc.example", false, false, Err(Word::UnsafeAddress)),
            ("idc.example", false, false, Err(Word::BadConfig)),
            ("https://idc.example?x", false, false, Err(Word::BadConfig)),
            ("https://idc.example", true, false, Err(Word::BadConfig)),
            ("https://idc.example", false, true, Err(Word::BadConfig)),
        ] {
            let rules = Rules {
                oidc: Some(Override {
                    url: url.into(),
                    from: "X".into(),
                }),
                ..rules(fips, dual)
            };
            let got = rules.endpoint(Service::Oidc, "eu-west-1");
            let got = got.as_ref().map(|e| e.address.text.as_str());
            assert_eq!(got.map_err(|f| f.word), want, "{url}");
        }
    }

    #[test]
    fn the_device_page_of_a_dual_stack_portal_is_asked_for_at_the_dual_stack_host() {
        let text = |rules: Rules| {
            let endpoint = rules.dual_stack_oidc("eu-west-1").unwrap();
            endpoint.map(|e| e.address.text)
        };
        assert_eq!(
            text(rules(false, false)).as_deref(),
            Some("https://oidc.eu-west-1.api.aws")
        );
        assert_eq!(text(rules(false, true)), None, "it is that host already");
    }
}
