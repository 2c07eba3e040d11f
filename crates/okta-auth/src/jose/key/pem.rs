use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::jose::{
    backend::{
        EcPair, RsaPair, has_curve,
        types::{Rejection, needs_backend},
    },
    key::{
        algorithm::{Curve, SigningAlgorithm},
        key_error::{KeyError, shown},
        pair::{Pair, decoded},
    },
};

const PKCS8: &str = "PRIVATE KEY";
const PKCS1: &str = "RSA PRIVATE KEY";
const SEC1: &str = "EC PRIVATE KEY";

/// Reads the one PEM block of a private key that `okta-config` has cut out.
pub(super) fn read(text: &str) -> Result<(Pair, SigningAlgorithm), KeyError> {
    let damaged = KeyError::NotBase64 {
        place: "the body of the PEM block",
    };
    let mut parts = text.trim().split("-----");
    let (Some(begin), Some(body)) = (parts.nth(1), parts.next()) else {
        return Err(damaged);
    };
    let label = begin.trim_start_matches("BEGIN ");
    let mut characters = Zeroizing::new(Vec::with_capacity(body.len()));
    characters.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let der = decoded(&BASE64, &characters).ok_or(damaged)?;
    match label {
        PKCS8 => pkcs8(&der),
        PKCS1 => rsa(RsaPair::from_pkcs1(&der), PKCS1),
        SEC1 => ec(&der, SEC1, EcPair::from_sec1),
        other => Err(KeyError::unsupported(format!("a PEM block `{}`", shown(other)))),
    }
}

fn pkcs8(der: &[u8]) -> Result<(Pair, SigningAlgorithm), KeyError> {
    if holds(der, RSA) {
        return rsa(RsaPair::from_pkcs8(der), PKCS8);
    }
    if holds(der, EC) {
        return ec(der, PKCS8, EcPair::from_pkcs8);
    }
    Err(match UNSUPPORTED.iter().find(|(oid, _)| holds(der, oid)) {
        Some((_, kind)) => KeyError::unsupported(*kind),
        None => KeyError::Malformed { label: PKCS8 },
    })
}

fn rsa(pair: Result<RsaPair, Rejection>, label: &'static str) -> Result<(Pair, SigningAlgorithm), KeyError> {
    match pair {
        Ok(pair) => Ok((Pair::Rsa(pair), SigningAlgorithm::RS256)),
        Err(rejected) => Err(of_rejected(rejected, KeyError::Malformed { label })),
    }
}

/// The curve is named inside, so it is found by trying.
fn ec(
    der: &[u8],
    label: &'static str,
    read: fn(Curve, &[u8]) -> Result<EcPair, Rejection>,
) -> Result<(Pair, SigningAlgorithm), KeyError> {
    for (algorithm, curve) in SigningAlgorithm::EC {
        if let Ok(pair) = read(curve, der) {
            return Ok((Pair::Ec(pair, curve), algorithm));
        }
    }
    // SEC 1 names the curve behind the number.
    if !has_curve(Curve::P521) && der.windows(P521.len()).any(|window| window == P521) {
        return Err(needs_backend("a key on P-521"));
    }
    Err(match CURVES.iter().find(|(oid, _)| holds(der, oid)) {
        Some((_, kind)) => KeyError::unsupported(*kind),
        None => KeyError::Malformed { label },
    })
}

/// What a rejection says that is worth repeating.
pub(super) fn of_rejected(rejected: Rejection, otherwise: KeyError) -> KeyError {
    match rejected {
        Rejection::TooSmall => KeyError::RsaSize { too_small: true },
        Rejection::TooLarge => KeyError::RsaSize { too_small: false },
        Rejection::Inconsistent => KeyError::Inconsistent,
        Rejection::Other => otherwise,
    }
}

/// Whether this object identifier (its DER, the tag included) stands where PKCS #8 names the kind of key, or a curve.
fn holds(der: &[u8], oid: &[u8]) -> bool {
    let start = der.get(..der.len().min(48)).unwrap_or_default();
    start.windows(oid.len()).any(|window| window == oid)
}

const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const EC: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";

const P521: &[u8] = b"\x06\x05\x2b\x81\x04\x00\x23";

const UNSUPPORTED: &[(&[u8], &str)] = &[
    (b"\x06\x03\x2b\x65\x70", "an Ed25519 key"),
    (b"\x06\x03\x2b\x65\x71", "an Ed448 key"),
    (
        b"\x06\x03\x2b\x65\x6e",
        "an X25519 key, which encrypts and does not sign",
    ),
    (b"\x06\x03\x2b\x65\x6f", "an X448 key, which encrypts and does not sign"),
    (b"\x06\x07\x2a\x86\x48\xce\x38\x04\x01", "a DSA key"),
    (
        b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a",
        "an RSA key for PSS only (RSASSA-PSS)",
    ),
];

const CURVES: &[(&[u8], &str)] = &[
    (b"\x06\x05\x2b\x81\x04\x00\x0a", "an EC key on secp256k1"),
    (b"\x06\x05\x2b\x81\x04\x00\x21", "an EC key on P-224"),
    (b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x01", "an EC key on P-192"),
    (
        b"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x07",
        "an EC key on brainpoolP256r1",
    ),
    (
        b"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0b",
        "an EC key on brainpoolP384r1",
    ),
    (
        b"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0d",
        "an EC key on brainpoolP512r1",
    ),
];
