use std::{fmt, sync::Arc};

/// A closure that is called whenever an authenticator has requested an access token, for measures.
///
/// It is called on the path of calls, so it must neither block nor panic.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU32, Ordering}};
/// use okta_auth::{TokenEvent, TokenObserver};
///
/// let failures = Arc::new(AtomicU32::new(0));
/// let counter = failures.clone();
/// let observer = TokenObserver::new(move |event| {
///     if event == TokenEvent::Failed {
///         counter.fetch_add(1, Ordering::Relaxed);
///     }
/// });
/// observer.report(TokenEvent::Failed);
/// assert_eq!(failures.load(Ordering::Relaxed), 1);
/// ```
#[derive(Clone)]
pub struct TokenObserver(Arc<dyn Fn(TokenEvent) + Send + Sync>);

/// What became of a request for an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenEvent {
    /// There is a new token.
    Renewed,
    /// There is none; the last token is used as long as it is valid.
    Failed,
}

impl TokenObserver {
    /// Calls `observe` for each request for a token.
    pub fn new(observe: impl Fn(TokenEvent) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }

    /// Reports what became of a request for a token. A program's own [`Authenticator`](crate::Authenticator) calls it.
    pub fn report(&self, event: TokenEvent) {
        (self.0)(event);
    }
}

impl fmt::Debug for TokenObserver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenObserver(..)")
    }
}
