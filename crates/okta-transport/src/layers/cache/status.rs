use std::time::Duration;

use http::{Extensions, Response};

/// How the cache took part in a response to a GET: an entry of the response's [`Extensions`].
///
/// A response that was cached also has an `Age` header, in seconds (RFC 9111 §5.1).
///
/// ```
/// use std::time::Duration;
/// use http::Response;
/// use okta_transport::cache::CacheStatus;
///
/// # let mut response = Response::new(());
/// # response.extensions_mut().insert(CacheStatus::Hit { age: Duration::from_secs(12) });
/// if let Some(CacheStatus::Hit { age }) = CacheStatus::of(response.extensions()) {
///     println!("as it was {age:?} ago");
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheStatus {
    /// Nothing was sent: the response was cached, or it is that of another call which asked for the same at the same
    /// time.
    Hit {
        /// How long ago it was asked for.
        age: Duration,
    },
    /// A request was sent, and what came is the response.
    Miss,
    /// A request was sent, and what was cached is still right.
    Revalidated,
    /// The cache had no part in it: because of the call's options, the kind of request, or a write on its way.
    Bypass,
}

impl CacheStatus {
    /// The status of a response with these extensions, or `None` if no cache has seen it.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    pub(super) fn mark<B>(self, mut response: Response<B>) -> Response<B> {
        response.extensions_mut().insert(self);
        response
    }
}
