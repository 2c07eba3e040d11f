//! Codes: the one that is "sent", and those that are computed from the time (RFC 6238).

use aws_lc_rs::hmac;
use jiff::Timestamp;

use crate::state::factor::Factor;

/// What every message and call of this org says.
pub(crate) const SENT: &str = "123456";

/// How long a computed code is shown, in seconds.
pub(crate) const TIME_STEP: i64 = 30;

/// How long a shared secret is, in bytes.
pub(crate) const SECRET_LENGTH: usize = 10;

const DIGITS: u32 = 1_000_000;

/// Whether a code is the factor's, now or one step before or after; each is good once.
pub(crate) fn matches(factor: &mut Factor, stated: &str, now: Timestamp) -> bool {
    let step = now.as_second().div_euclid(TIME_STEP);
    let found = [step, step - 1, step + 1]
        .into_iter()
        .filter(|step| factor.last_step.is_none_or(|last| *step > last))
        .find(|step| code(&factor.shared_secret, *step) == stated);
    factor.last_step = found.or(factor.last_step);
    found.is_some()
}

/// The code of a time step (RFC 4226 §5.3).
fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref().last().copied().unwrap_or_default() & 0xf);
    let number = tag
        .as_ref()
        .iter()
        .skip(offset)
        .take(4)
        .fold(0, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The last six of the eight digits published for SHA-1.
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(b"12345678901234567890", second / TIME_STEP), expected);
        }
    }
}
