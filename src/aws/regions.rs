//! AWS's regions: the list for completion, and the rule for what is a region.

/// A region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its code, such as `eu-west-1`.
    pub name: &'static str,
    /// Its location, in AWS's words.
    pub place: &'static str,
    /// The partition that it belongs to, such as `aws` or `aws-cn`.
    pub partition: &'static str,
}

/// Every region in botocore's `partitions.json` of autumn 2026, by partition.
#[rustfmt::skip]
pub const ALL: [Region; 46] = [
    Region { name: "af-south-1", place: "Africa (Cape Town)", partition: "aws" },
    Region { name: "ap-east-1", place: "Asia Pacific (Hong Kong)", partition: "aws" },
    Region { name: "ap-east-2", place: "Asia Pacific (Taipei)", partition: "aws" },
    Region { name: "ap-northeast-1", place: "Asia Pacific (Tokyo)", partition: "aws" },
    Region { name: "ap-northeast-2", place: "Asia Pacific (Seoul)", partition: "aws" },
    Region { name: "ap-northeast-3", place: "Asia Pacific (Osaka)", partition: "aws" },
    Region { name: "ap-south-1", place: "Asia Pacific (Mumbai)", partition: "aws" },
    Region { name: "ap-south-2", place: "Asia Pacific (Hyderabad)", partition: "aws" },
    Region { name: "ap-southeast-1", place: "Asia Pacific (Singapore)", partition: "aws" },
    Region { name: "ap-southeast-2", place: "Asia Pacific (Sydney)", partition: "aws" },
    Region { name: "ap-southeast-3", place: "Asia Pacific (Jakarta)", partition: "aws" },
    Region { name: "ap-southeast-4", place: "Asia Pacific (Melbourne)", partition: "aws" },
    Region { name: "ap-southeast-5", place: "Asia Pacific (Malaysia)", partition: "aws" },
    Region { name: "ap-southeast-6", place: "Asia Pacific (New Zealand)", partition: "aws" },
    Region { name: "ap-southeast-7", place: "Asia Pacific (Thailand)", partition: "aws" },
    Region { name: "ca-central-1", place: "Canada (Central)", partition: "aws" },
    Region { name: "ca-west-1", place: "Canada West (Calgary)", partition: "aws" },
    Region { name: "eu-central-1", place: "Europe (Frankfurt)", partition: "aws" },
    Region { name: "eu-central-2", place: "Europe (Zurich)", partition: "aws" },
    Region { name: "eu-north-1", place: "Europe (Stockholm)", partition: "aws" },
    Region { name: "eu-south-1", place: "Europe (Milan)", partition: "aws" },
    Region { name: "eu-south-2", place: "Europe (Spain)", partition: "aws" },
    Region { name: "eu-west-1", place: "Europe (Ireland)", partition: "aws" },
    Region { name: "eu-west-2", place: "Europe (London)", partition: "aws" },
    Region { name: "eu-west-3", place: "Europe (Paris)", partition: "aws" },
    Region { name: "il-central-1", place: "Israel (Tel Aviv)", partition: "aws" },
    Region { name: "me-central-1", place: "Middle East (UAE)", partition: "aws" },
    Region { name: "me-south-1", place: "Middle East (Bahrain)", partition: "aws" },
    Region { name: "mx-central-1", place: "Mexico (Central)", partition: "aws" },
    Region { name: "sa-east-1", place: "South America (São Paulo)", partition: "aws" },
    Region { name: "us-east-1", place: "US East (N. Virginia)", partition: "aws" },
    Region { name: "us-east-2", place: "US East (Ohio)", partition: "aws" },
    Region { name: "us-west-1", place: "US West (N. California)", partition: "aws" },
    Region { name: "us-west-2", place: "US West (Oregon)", partition: "aws" },
    Region { name: "cn-north-1", place: "China (Beijing)", partition: "aws-cn" },
    Region { name: "cn-northwest-1", place: "China (Ningxia)", partition: "aws-cn" },
    Region { name: "eusc-de-east-1", place: "AWS European Sovereign Cloud (Germany)", partition: "aws-eusc" },
    Region { name: "us-iso-east-1", place: "US ISO East", partition: "aws-iso" },
    Region { name: "us-iso-west-1", place: "US ISO West", partition: "aws-iso" },
    Region { name: "us-isob-east-1", place: "US ISOB East (Ohio)", partition: "aws-iso-b" },
    Region { name: "us-isob-west-1", place: "US ISOB West", partition: "aws-iso-b" },
    Region { name: "eu-isoe-west-1", place: "EU ISOE West", partition: "aws-iso-e" },
    Region { name: "us-isof-east-1", place: "US ISOF East", partition: "aws-iso-f" },
    Region { name: "us-isof-south-1", place: "US ISOF South", partition: "aws-iso-f" },
    Region { name: "us-gov-east-1", place: "AWS GovCloud (US-East)", partition: "aws-us-gov" },
    Region { name: "us-gov-west-1", place: "AWS GovCloud (US-West)", partition: "aws-us-gov" },
];

/// The prefixes of each partition's regions, from the patterns of botocore's `partitions.json`. A word, a dash and a
/// number follow. A longer prefix is before a shorter one that it begins with.
const PARTITIONS: [(&str, &[&str]); 8] = [
    ("aws-us-gov", &["us-gov"]),
    ("aws-iso", &["us-iso"]),
    ("aws-iso-b", &["us-isob"]),
    ("aws-iso-e", &["eu-isoe"]),
    ("aws-iso-f", &["us-isof"]),
    ("aws-eusc", &["eusc-de"]),
    ("aws-cn", &["cn"]),
    (
        "aws",
        &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
    ),
];

/// The partition whose pattern matches `name`, even if the region is newer than the list.
#[must_use]
pub fn partition(name: &str) -> Option<&'static str> {
    PARTITIONS
        .iter()
        .find(|(_, beginnings)| beginnings.iter().any(|b| fits(name, b)))
        .map(|(partition, _)| *partition)
}

/// Whether `name` could be a region. Only such a name may become part of a host name.
#[must_use]
pub fn is_region(name: &str) -> bool {
    partition(name).is_some()
}

/// Whether the whole name is `BEGINNING-word-number`, in ASCII. botocore's `\w` also accepts capitals and underscores,
/// which no region has.
fn fits(name: &str, beginning: &str) -> bool {
    let rest = name
        .strip_prefix(beginning)
        .and_then(|r| r.strip_prefix('-'));
    rest.and_then(|r| r.split_once('-'))
        .is_some_and(|(word, number)| {
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_lowercase())
                && (1..=3).contains(&number.len())
                && number.bytes().all(|b| b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_region_fits_its_partition() {
        for region in ALL {
            assert_eq!(
                partition(region.name),
                Some(region.partition),
                "{}",
                region.name
            );
        }
    }

    #[test]
    fn regions_newer_than_the_list_are_regions() {
        for (name, partition_of) in [
            ("ap-southeast-42", "aws"),
            ("eusc-de-west-1", "aws-eusc"),
            ("us-gov-north-1", "aws-us-gov"),
        ] {
            assert_eq!(partition(name), Some(partition_of), "{name}");
        }
    }

    #[test]
    fn what_could_become_another_host_is_no_region() {
        for name in [
            "",
            "us-east-1.evil.com",
            "us-east-1/",
            "us-east-1\n",
            "us_east_1",
            "US-EAST-1",
            "us-east",
            "us--1",
            "us-east-1a",
            "xx-east-1",
            "us-east-1-x",
            "aws-global",
            "us-\u{435}ast-1",
            " us-east-1",
            "us-east-1234",
        ] {
            assert!(!is_region(name), "{name:?}");
        }
    }
}
