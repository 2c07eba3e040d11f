/// How one call uses the cache: part of its [`CallOptions`](crate::CallOptions).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheMode {
    /// Uses a cached response that is fresh enough, and caches the new one otherwise.
    #[default]
    Default,
    /// Neither reads nor stores: the call is sent as without a cache. A write still invalidates what it changes.
    ///
    /// Reads of an operation that polls ([`Operation::polls`](crate::Operation)), and requests with
    /// `Cache-Control: no-store`, do so by themselves.
    Bypass,
    /// Does not read the cache and does not join a request in flight, but stores the response for later calls: for a call
    /// that must see the present state, such as the poll of a status. A request with `Cache-Control: no-cache` does so by
    /// itself.
    Refresh,
}
