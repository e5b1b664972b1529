//! A certificate authority for the tests: ECDSA P-256, X.509 v3, written out by hand (RFC 5280), so that no test needs
//! a tool or a fixture that expires.

use super::civil;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

/// An authority with a key of its own.
pub(crate) struct Authority {
    name: String,
    key: Key,
    certificate: Vec<u8>,
}

struct Key {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
}

impl Key {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pkcs8 = pkcs8.as_ref().to_vec();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8, &random).unwrap();
        Self { pair, pkcs8 }
    }
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = Key::new();
        let year = now_and(-86_400)..now_and(365 * 86_400);
        // basicConstraints CA, keyUsage keyCertSign: both critical.
        let constraints = extension(&[0x55, 0x1d, 0x13], true, &sequence(&[tlv(0x01, &[0xff])]));
        let usage = extension(&[0x55, 0x1d, 0x0f], true, &tlv(0x03, &[0x02, 0x04]));
        let certificate = certificate(name, &key, name, &key, &year, &[constraints, usage]);
        Self {
            name: name.to_owned(),
            key,
            certificate,
        }
    }

    /// Its certificate, as a file for `AWS_CA_BUNDLE`.
    pub(crate) fn pem(&self) -> String {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(&self.certificate);
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .filter_map(|line| std::str::from_utf8(line).ok())
            .collect();
        format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            lines.join("\n")
        )
    }

    /// A server for these names and addresses, whose certificate is good now.
    pub(crate) fn server(&self, names: &[&str]) -> Arc<rustls::ServerConfig> {
        self.server_between(names, &(now_and(-3600)..now_and(86_400)))
    }

    /// A server whose certificate is good in this time only, in seconds since 1970.
    pub(crate) fn server_between(
        &self,
        names: &[&str],
        valid: &Range<i64>,
    ) -> Arc<rustls::ServerConfig> {
        let key = Key::new();
        let names: Vec<Vec<u8>> = names
            .iter()
            .map(|name| match name.parse() {
                Ok(IpAddr::V4(address)) => tlv(0x87, &address.octets()),
                Ok(IpAddr::V6(address)) => tlv(0x87, &address.octets()),
                Err(_) => tlv(0x82, name.as_bytes()),
            })
            .collect();
        let alternative = extension(&[0x55, 0x1d, 0x11], false, &sequence(&names));
        let leaf = certificate(
            "stand-in",
            &key,
            &self.name,
            &self.key,
            valid,
            &[alternative],
        );
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.pkcs8));
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(leaf)], key)
            .unwrap();
        Arc::new(config)
    }
}

/// `seconds` from now.
pub(crate) fn now_and(seconds: i64) -> i64 {
    super::now() + seconds
}

fn certificate(
    subject: &str,
    own: &Key,
    issuer: &str,
    signer: &Key,
    valid: &Range<i64>,
    extensions: &[Vec<u8>],
) -> Vec<u8> {
    // ecdsa-with-SHA256; id-ecPublicKey on prime256v1.
    let algorithm = sequence(&[tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])]);
    let curve = sequence(&[
        tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
        tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]),
    ]);
    let mut serial = [0; 8];
    ring::rand::SecureRandom::fill(&SystemRandom::new(), &mut serial).unwrap();
    // Positive, and without leading zeros.
    serial[0] = serial[0] & 0x3f | 0x40;
    let body = sequence(&[
        tlv(0xa0, &tlv(0x02, &[2])),
        tlv(0x02, &serial),
        algorithm.clone(),
        name(issuer),
        sequence(&[time(valid.start), time(valid.end)]),
        name(subject),
        sequence(&[curve, bits(own.pair.public_key().as_ref())]),
        tlv(0xa3, &sequence(extensions)),
    ]);
    let signature = signer.pair.sign(&SystemRandom::new(), &body).unwrap();
    sequence(&[body, algorithm, bits(signature.as_ref())])
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(content);
    out
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// A bit string of whole bytes.
fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes].concat())
}

/// A name that is a common name and no more.
fn name(text: &str) -> Vec<u8> {
    let attribute = sequence(&[tlv(0x06, &[0x55, 0x04, 0x03]), tlv(0x0c, text.as_bytes())]);
    sequence(&[tlv(0x31, &attribute)])
}

/// `UTCTime`, good until 2049.
fn time(seconds: i64) -> Vec<u8> {
    let (year, month, day, clock) = civil(seconds);
    let text = format!(
        "{:02}{month:02}{day:02}{}Z",
        year % 100,
        clock.replace(':', "")
    );
    tlv(0x17, text.as_bytes())
}

fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical {
        tlv(0x01, &[0xff])
    } else {
        Vec::new()
    };
    sequence(&[tlv(0x06, id), critical, tlv(0x04, value)])
}
