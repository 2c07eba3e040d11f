//! Which errors are those of TLS.

use std::error::Error;

/// What TLS objects to, a certificate for example, it will object to again. A connection that breaks in the middle of
/// it is not a TLS error but an error of `std::io`.
#[cfg(feature = "hyper")]
pub(crate) fn is_tls_error(error: &(dyn Error + 'static)) -> bool {
    super::causes::find::<rustls::Error>(error).is_some()
}

#[cfg(not(feature = "hyper"))]
pub(crate) fn is_tls_error(_: &(dyn Error + 'static)) -> bool {
    false
}
