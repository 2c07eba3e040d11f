/// What one call does with the cache: part of its [`CallOptions`](crate::CallOptions).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheMode {
    /// Takes an answer that is fresh enough, and keeps what comes.
    #[default]
    Default,
    /// Neither takes nor keeps anything: the call is as without a cache. A write still makes obsolete what it changes.
    Bypass,
    /// Takes nothing, but keeps what comes: for whoever has to know the present state.
    Refresh,
}
