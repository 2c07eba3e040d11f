use data_encoding::Encoding;
use zeroize::Zeroizing;

use crate::jose::{
    backend::{EcPair, RsaPair},
    key::algorithm::Curve,
};

/// A private key in the hands of the cryptographic library.
pub(super) enum Pair {
    Rsa(RsaPair),
    Ec(EcPair, Curve),
}

/// What a part of a key says, in a place that is wiped even where it turns out half way to be no such encoding.
pub(super) fn decoded(encoding: &Encoding, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; encoding.decode_len(text.len()).ok()?]);
    let length = encoding.decode_mut(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}
