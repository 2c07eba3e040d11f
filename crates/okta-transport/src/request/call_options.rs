use std::time::Duration;

use http::{Extensions, Method};

use super::{
    cache_mode::CacheMode,
    operation::{Idempotency, OperationRef},
};

/// What one call does differently from the client's settings.
///
/// It travels in the request's extensions; every layer takes from it what concerns it. What is not set here is as the
/// stack was built.
///
/// ```
/// use std::time::Duration;
/// use http::Request;
/// use okta_transport::{Body, CallOptions};
///
/// let options = CallOptions::new().total_timeout(Duration::from_secs(5)).attempt_timeout(None);
/// let request = Request::get("https://acme.okta.com/api/v1/logs").extension(options).body(Body::empty())?;
/// # assert!(request.extensions().get::<CallOptions>().is_some());
/// # Ok::<_, http::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    total_timeout: Override,
    attempt_timeout: Override,
    connect_timeout: Override,
    body_idle_timeout: Override,
    max_retries: Option<u32>,
    idempotency: Option<Idempotency>,
    /// `u64::MAX` removes the limit.
    max_body_size: Option<u64>,
    max_error_body_size: Option<u64>,
    streams_body: bool,
    cache: CacheMode,
}

/// `None` leaves the stack's setting, `Some(None)` switches it off.
type Override = Option<Option<Duration>>;

impl CallOptions {
    /// Options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long the whole call may take, every attempt, every wait and the reading of the body included. `None` and
    /// zero mean: as long as it takes.
    #[must_use]
    pub fn total_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.total_timeout = Some(limit.into());
        self
    }

    /// How long one attempt may take until the response's headers are there. `None` and zero mean: as long as it takes.
    #[must_use]
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = Some(limit.into());
        self
    }

    /// How long an attempt may wait for a connection (name lookup, TCP and TLS). `None` and zero mean: as long as it
    /// takes. What the addresses of the host share stays the stack's limit, even if this one is longer.
    ///
    /// The hyper service applies it; a custom transport reads it with [`connect_timeout_of`](Self::connect_timeout_of).
    #[must_use]
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = Some(limit.into());
        self
    }

    /// Whether the call may be answered from the cache, and its response cached. It has no effect on a stack without a
    /// cache.
    #[must_use]
    pub fn cache(mut self, mode: CacheMode) -> Self {
        self.cache = mode;
        self
    }

    /// How long the body of the response may be silent while it is being read. `None` and zero mean: as long as it
    /// likes.
    #[must_use]
    pub fn body_idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.body_idle_timeout = Some(limit.into());
        self
    }

    /// Sets how many bytes the body of a successful response may have, decompressed; `None` means no limit
    /// ([`BufferBodyLayer::max_size`](crate::body::BufferBodyLayer::max_size)).
    #[must_use]
    pub fn max_body_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.max_body_size = Some(bytes.into().unwrap_or(u64::MAX));
        self
    }

    /// Sets how many bytes of the body of an error response are read; `None` means all
    /// ([`BufferBodyLayer::max_error_size`](crate::body::BufferBodyLayer::max_error_size)).
    #[must_use]
    pub fn max_error_body_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.max_error_body_size = Some(bytes.into().unwrap_or(u64::MAX));
        self
    }

    /// Asks for the body of a successful response as a stream: the response is there as soon as its headers are, and its
    /// body has no size limit and is not repeated if it breaks off. The default is a body that is read whole
    /// ([`BufferBodyLayer`](crate::body::BufferBodyLayer)).
    #[must_use]
    pub fn stream_body(mut self, streams: bool) -> Self {
        self.streams_body = streams;
        self
    }

    /// How often the call is sent again at most ([`RetryLayer`](crate::retry::RetryLayer)); 0 is never.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Whether the call may be retried when it is unknown if it was carried out, against what its operation and its
    /// method say: because you know that a second execution is harmless, or that it is not.
    #[must_use]
    pub fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = Some(idempotency);
        self
    }

    /// The total timeout of a request with these extensions, where `default` is the stack's.
    pub fn total_timeout_of(extensions: &Extensions, default: Option<Duration>) -> Option<Duration> {
        Self::effective(extensions, default, |options| options.total_timeout)
    }

    /// The attempt timeout of a request with these extensions, where `default` is the stack's.
    pub fn attempt_timeout_of(extensions: &Extensions, default: Option<Duration>) -> Option<Duration> {
        Self::effective(extensions, default, |options| options.attempt_timeout)
    }

    /// The connect timeout of a request with these extensions, where `default` is the stack's.
    pub fn connect_timeout_of(extensions: &Extensions, default: Option<Duration>) -> Option<Duration> {
        Self::effective(extensions, default, |options| options.connect_timeout)
    }

    /// What a request with these extensions does with the cache.
    pub fn cache_mode_of(extensions: &Extensions) -> CacheMode {
        extensions
            .get::<Self>()
            .map(|options| options.cache)
            .unwrap_or_default()
    }

    /// The body idle timeout of a request with these extensions, where `default` is the stack's.
    pub fn body_idle_timeout_of(extensions: &Extensions, default: Option<Duration>) -> Option<Duration> {
        Self::effective(extensions, default, |options| options.body_idle_timeout)
    }

    /// How often a request with these extensions is sent again at most, where `default` is the stack's number.
    pub fn max_retries_of(extensions: &Extensions, default: u32) -> u32 {
        let own = extensions.get::<Self>().and_then(|options| options.max_retries);
        own.unwrap_or(default)
    }

    /// How many bytes the body of a successful response to a request with these extensions may have, where `default` is
    /// the stack's number.
    pub fn max_body_size_of(extensions: &Extensions, default: u64) -> u64 {
        let own = extensions.get::<Self>().and_then(|options| options.max_body_size);
        own.unwrap_or(default)
    }

    /// How many bytes of an error response to a request with these extensions are read, where `default` is the stack's
    /// number.
    pub fn max_error_body_size_of(extensions: &Extensions, default: u64) -> u64 {
        let own = extensions.get::<Self>().and_then(|options| options.max_error_body_size);
        own.unwrap_or(default)
    }

    /// Returns true if a request with these extensions asks for a body that is a stream.
    pub fn streams_body_of(extensions: &Extensions) -> bool {
        extensions.get::<Self>().is_some_and(|options| options.streams_body)
    }

    /// The idempotency that is set for a request with these extensions; `None` leaves it to the operation and the method.
    pub fn own_idempotency_of(extensions: &Extensions) -> Option<Idempotency> {
        extensions.get::<Self>().and_then(|options| options.idempotency)
    }

    /// The idempotency of a request with these extensions and this method: what is set here, else that of its operation,
    /// else that of the method.
    pub fn idempotency_of(extensions: &Extensions, method: &Method) -> Idempotency {
        Self::own_idempotency_of(extensions)
            .or_else(|| OperationRef::of(extensions).map(|operation| operation.idempotency))
            .unwrap_or(Idempotency::of_method(method))
    }

    fn effective(
        extensions: &Extensions,
        default: Option<Duration>,
        field: impl FnOnce(&Self) -> Override,
    ) -> Option<Duration> {
        extensions
            .get::<Self>()
            .and_then(field)
            .unwrap_or(default)
            .filter(|limit| !limit.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Option<Duration> = Some(Duration::from_secs(30));

    fn extensions(options: CallOptions) -> Extensions {
        let mut extensions = Extensions::new();
        extensions.insert(options);
        extensions
    }

    #[test]
    fn what_is_not_set_is_as_the_stack_was_built() {
        assert_eq!(CallOptions::total_timeout_of(&Extensions::new(), DEFAULT), DEFAULT);
        let other = extensions(CallOptions::new().attempt_timeout(Duration::from_secs(1)));
        assert_eq!(CallOptions::total_timeout_of(&other, DEFAULT), DEFAULT);
    }

    #[test]
    fn a_call_can_change_a_timeout_and_switch_it_off() {
        let set = extensions(CallOptions::new().total_timeout(Duration::from_secs(1)));
        assert_eq!(
            CallOptions::total_timeout_of(&set, DEFAULT),
            Some(Duration::from_secs(1))
        );
        for off in [
            CallOptions::new().total_timeout(None),
            CallOptions::new().total_timeout(Duration::ZERO),
        ] {
            assert_eq!(CallOptions::total_timeout_of(&extensions(off), DEFAULT), None);
        }
    }

    #[test]
    fn zero_is_off_for_the_stack_too() {
        assert_eq!(
            CallOptions::connect_timeout_of(&Extensions::new(), Some(Duration::ZERO)),
            None
        );
    }
}
