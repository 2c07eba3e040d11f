use http::{Uri, uri::PathAndQuery};
use okta_config::OrgUrl;

use super::{
    layer::CacheLayer,
    tag::{self, Tag},
};

/// A handle on the cache of one client: removes what is known to be outdated. Its clones are the same handle.
///
/// Without a cache it does nothing, so a program need not know whether there is one.
///
/// ```
/// use okta_transport::{HttpService, cache::CacheHandle};
///
/// # async fn doc(cache: CacheHandle) -> Result<(), okta_transport::cache::CacheHandleError> {
/// // An event hook has reported a change that was made elsewhere.
/// cache.invalidate("/api/v1/groups/00g1aaaaaaaaaaaaaaaa").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct CacheHandle(Option<(CacheLayer, OrgUrl)>);

impl CacheHandle {
    pub(crate) fn new(layer: Option<CacheLayer>, org_url: OrgUrl) -> Self {
        Self(layer.map(|layer| (layer, org_url)))
    }

    /// Returns true if the client has a cache.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    /// Removes all responses of this org, those of other callers included.
    ///
    /// # Errors
    ///
    /// [`CacheHandleError::Store`] if the store fails. This client uses none of the responses any more even so.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is finished, it counts as a store that has failed.
    pub async fn clear(&self) -> Result<(), CacheHandleError> {
        let Some((layer, org_url)) = &self.0 else { return Ok(()) };
        let root: Uri = org_url.as_str().parse().map_err(|_| CacheHandleError::Address)?;
        layer.drop_tags(Box::new([tag::of_all(&root)])).await
    }

    /// Removes what a write to this address would remove: the resource, what is nested under it, and the lists that it is in.
    /// The address is a path of the org, such as `/api/v1/users/00u1…`, or a whole one.
    ///
    /// # Errors
    ///
    /// [`CacheHandleError::Address`] if it is not an address; [`CacheHandleError::Store`] as for [`clear`](Self::clear).
    ///
    /// # Cancel safety
    ///
    /// As for [`clear`](Self::clear).
    pub async fn invalidate(&self, address: impl AsRef<str>) -> Result<(), CacheHandleError> {
        let Some((layer, org_url)) = &self.0 else { return Ok(()) };
        let uri = absolute(address.as_ref(), org_url).ok_or(CacheHandleError::Address)?;
        layer.drop_tags(tag::of_write(&uri)).await
    }

    /// Removes the responses that have one of these tags, such as those that another process has passed on.
    ///
    /// # Errors
    ///
    /// [`CacheHandleError::Store`] as for [`clear`](Self::clear).
    ///
    /// # Cancel safety
    ///
    /// As for [`clear`](Self::clear).
    pub async fn invalidate_tags(&self, tags: impl IntoIterator<Item = Tag>) -> Result<(), CacheHandleError> {
        let Some((layer, _)) = &self.0 else { return Ok(()) };
        layer.drop_tags(tags.into_iter().collect()).await
    }
}

fn absolute(address: &str, org_url: &OrgUrl) -> Option<Uri> {
    if address.contains("://") {
        let uri: Uri = address.parse().ok()?;
        return uri.host().is_some().then_some(uri);
    }
    let slash = if address.starts_with('/') { "" } else { "/" };
    let path: PathAndQuery = format!("{slash}{address}").parse().ok()?;
    let mut parts = org_url.as_str().parse::<Uri>().ok()?.into_parts();
    parts.path_and_query = Some(path);
    Uri::from_parts(parts).ok()
}

/// Why a [`CacheHandle`] could not remove responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CacheHandleError {
    /// The address cannot be parsed. It is not repeated, as it may hold anything.
    #[error("what to invalidate is not an address; write a path such as /api/v1/users/00u1")]
    Address,

    /// The store has failed or was too slow.
    #[error(
        "the cache store failed; this client does not use the responses any more, but other users of the store may"
    )]
    Store,
}
