//! The settings of the cache.

use std::time::Duration;

use okta_auth::SharedAuthenticator;

use super::StackBuilder;
use crate::{
    error::build_error::BuildError,
    layers::cache::{layer::CacheLayer, shared_store::SharedCacheStore},
};

impl StackBuilder {
    /// Caches responses in this store ([`CacheLayer`]); without this call the stack has no cache. It needs an
    /// authenticator, for a response is cached for its caller and the scopes of the token.
    ///
    /// Keep a clone or an `Arc` of the store to use it elsewhere, or take the handle of
    /// [`build_with_cache`](Self::build_with_cache).
    pub fn cache(mut self, store: impl Into<SharedCacheStore>) -> Self {
        self.cache = Some(store.into());
        self
    }

    /// How long a cached response may be used: see [`CacheLayer::time_to_live`].
    pub fn cache_time_to_live(mut self, time: Duration) -> Self {
        self.cache_time_to_live = Some(time);
        self
    }

    /// Leaves the cache out.
    pub fn without_cache(mut self) -> Self {
        self.cache = None;
        self
    }

    pub(super) fn cache_layer(
        &mut self,
        authenticator: Option<&SharedAuthenticator>,
    ) -> Result<Option<CacheLayer>, BuildError> {
        let Some(store) = self.cache.take() else {
            return Ok(None);
        };
        let authenticator = authenticator.ok_or(BuildError::CacheWithoutPrincipal)?;
        let layer = CacheLayer::for_authenticator(store, authenticator.clone());
        let layer = match self.cache_time_to_live {
            Some(time) => layer.time_to_live(time),
            None => layer,
        };
        Ok(Some(layer.clock(self.clock.clone())))
    }
}
