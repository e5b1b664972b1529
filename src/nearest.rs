//! Suggestions for a mistyped name.

/// Longer names are not typing errors, and the time to compare them grows with the square of the length.
const LONGEST: usize = 256;

/// The three `names` most similar to `name`, the closest first: names with few letters changed, added, omitted or
/// swapped, and names that contain it.
#[must_use]
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    if length > LONGEST {
        return Vec::new();
    }
    let few = (length / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let contains = length > 1 && lower.contains(&wanted);
            let similar = lower.chars().count().abs_diff(length) <= few;
            let distance = match (contains, similar) {
                (false, false) => return None,
                // All other letters were omitted.
                (true, false) => lower.chars().count() - length,
                (_, true) => strsim::damerau_levenshtein(&wanted, &lower),
            };
            (distance <= few || contains).then_some((distance, candidate))
        })
        .collect();
    near.sort_unstable();
    near.into_iter()
        .take(3)
        .map(|(_, candidate)| candidate)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first() {
        let names = [
            "myorg-dev-admin",
            "myorg-prod-admin",
            "default",
            "dev",
            "staging",
        ];
        for (typed, want) in [
            (
                "myorg-dve-admin",
                vec!["myorg-dev-admin", "myorg-prod-admin"],
            ),
            ("DEV", vec!["dev", "myorg-dev-admin"]),
            ("defualt", vec!["default"]),
            ("stag", vec!["staging"]),
            ("x", vec![]),
        ] {
            assert_eq!(nearest(typed, names.into_iter()), want, "{typed}");
        }
    }

    #[test]
    fn a_name_of_any_length_is_compared_with_ten_thousand_at_once() {
        let names: Vec<String> = (0..10_000)
            .map(|n| format!("account-{n:04}-admin"))
            .collect();
        let names = || names.iter().map(String::as_str);
        assert_eq!(nearest(&"a".repeat(100_000), names()), [""; 0]);
        assert_eq!(
            nearest("account-0001-admni", names()).first(),
            Some(&"account-0001-admin")
        );
    }
}
