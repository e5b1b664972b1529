//! Which certificate authorities are trusted.

use crate::error::{Failure, Word};
use crate::library::{Content, Section, Vars, read_bundle};
use rustls::pki_types::CertificateDer;
use std::path::{Path, PathBuf};
use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// A file that takes the place of the system's authorities, and what names it. (botocore's order)
pub(crate) fn bundle(vars: &Vars, profile: Option<&Section>) -> Option<(PathBuf, &'static str)> {
    let variable = |name| vars.raw(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let of_profile = || profile.and_then(|p| p.text("ca_bundle")).map(PathBuf::from);
    None.or_else(|| Some((variable("AWS_CA_BUNDLE")?, "AWS_CA_BUNDLE")))
        .or_else(|| Some((of_profile()?, "ca_bundle")))
        .or_else(|| Some((variable("REQUESTS_CA_BUNDLE")?, "REQUESTS_CA_BUNDLE")))
}

/// The authorities: those of `bundle` alone; else the system's, and Mozilla's if the system has none.
///
/// # Errors
/// A bundle that can't be read or has no certificate.
pub(crate) fn load(
    bundle: Option<&(PathBuf, &'static str)>,
    vars: &Vars,
) -> Result<RootCerts, Failure> {
    if let Some((path, from)) = bundle {
        let bad = |why: &str| {
            Failure::new(
                Word::BadConfig,
                format!("{from} names {}: {why}", path.display()),
                format!("Fix {from}, or unset it to trust the system's certificate authorities."),
            )
        };
        let bytes = match read_bundle(path) {
            Content::Bytes(bytes) => bytes,
            Content::Absent => return Err(bad("there is no such file")),
            Content::Unusable(why) => return Err(bad(&why)),
        };
        let found: Vec<_> = parse_pem(&bytes)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate.to_owned()),
                _ => None,
            })
            .collect();
        return match found.is_empty() {
            true => Err(bad("there is no certificate in it")),
            false => Ok(RootCerts::new_with_certs(&found)),
        };
    }
    let system = system(vars);
    if system.is_empty() {
        // A container without the package ca-certificates.
        return Ok(RootCerts::WebPki);
    }
    Ok(system
        .iter()
        .map(|der| Certificate::from_der(der).to_owned())
        .collect::<Vec<_>>()
        .into())
}

/// Where distributions keep all authorities in one file: Debian and Alpine, Fedora, openSUSE, others.
const SYSTEM: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The system's authorities. Beside the file that has them all there is often a directory with one file for
/// each: reading both would double the time of a call.
fn system(vars: &Vars) -> Vec<CertificateDer<'static>> {
    let named = vars.has("SSL_CERT_FILE") || vars.has("SSL_CERT_DIR");
    if cfg!(not(target_os = "macos")) && !named {
        for path in SYSTEM {
            let found = rustls_native_certs::load_certs_from_paths(Some(Path::new(path)), None);
            if !found.certs.is_empty() {
                return found.certs;
            }
        }
    }
    rustls_native_certs::load_native_certs().certs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::config_of;

    #[test]
    fn the_bundle_is_the_one_that_botocore_takes() {
        let config = config_of("[profile p]\nca_bundle = /p");
        let all = [("AWS_CA_BUNDLE", "/a"), ("REQUESTS_CA_BUNDLE", "/r")];
        for (vars, profile, want) in [
            (&all[..], "p", Some("/a")),
            (&all[1..], "p", Some("/p")),
            (&all[1..], "x", Some("/r")),
            (&[("AWS_CA_BUNDLE", "")], "x", None),
            (&[], "x", None),
        ] {
            let vars = Vars::from_iter(vars.iter().copied());
            let got = bundle(&vars, config.profile(profile)).map(|(path, _)| path);
            assert_eq!(got, want.map(PathBuf::from));
        }
    }

    #[test]
    fn a_bundle_that_is_not_there_or_empty_is_told() {
        for path in ["/nonexistent/x.pem", "/dev/null"] {
            let failure = load(Some(&(path.into(), "AWS_CA_BUNDLE")), &Vars::default())
                .err()
                .unwrap();
            assert_eq!(failure.word, Word::BadConfig);
            assert!(failure.message.contains(path), "{}", failure.message);
        }
    }
}
