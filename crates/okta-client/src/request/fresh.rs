//! Requests that must not be served from the cache.

use std::future::Future;

tokio::task_local! {
    static FRESH: ();
}

/// Makes every call inside `future` ask Okta instead of the cache. What comes back is cached as usual.
///
/// A caller that waits for a change must see it. It hands over any future, so an option cannot be set on the request.
pub(crate) fn set<F: Future>(future: F) -> impl Future<Output = F::Output> {
    FRESH.scope((), future)
}

/// Returns true inside a future of [`set`].
pub(crate) fn is_set() -> bool {
    FRESH.try_with(|()| ()).is_ok()
}
