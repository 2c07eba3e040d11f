//! What led to an error: for predicates over the errors of layers, and for one line that says it all.

use std::{error::Error, io, iter};

/// An error and everything that led to it.
pub fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| cause(*error))
}

/// An `io::Error` does not count what it wraps among its causes, so `source` alone would not find it.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// The first of this type among an error and its causes: what a layer far below said, through all that wrapped it.
///
/// ```
/// use okta_transport::{BoxError, TimeoutError, causes};
///
/// fn timed_out(error: &BoxError) -> bool {
///     causes::find::<TimeoutError>(&**error).is_some()
/// }
/// ```
pub fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// An error with what led to it, joined by colons; texts that repeat the one before are left out.
pub fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let next = cause.to_string();
        if text.is_empty() {
            text = next;
        } else if !text.contains(&next) {
            text = text + ": " + &next;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use tower::BoxError;

    use super::*;
    use crate::error::{
        connect_error::ConnectError,
        timeout_error::{TimeoutError, TimeoutKind},
    };

    #[test]
    fn what_an_io_error_wraps_is_found() {
        let inner = TimeoutError::new(TimeoutKind::Connect, std::time::Duration::from_secs(1));
        let error: BoxError = ConnectError::new(&http::Uri::from_static("http://a"), io::Error::other(inner)).into();
        assert_eq!(find(&*error), Some(&inner));
        assert_eq!(
            describe(&*error),
            "could not connect to http://a: no connection within the connect timeout of 1s"
        );
    }
}
