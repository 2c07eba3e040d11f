//! The client of one org.

#[cfg(feature = "blocking")]
use std::future::Future;
use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::uri::{Parts, PathAndQuery, Uri};
use okta_auth::{ScopeSet, SharedAuthenticator};
use okta_config::OrgUrl;
#[cfg(feature = "blocking")]
use okta_transport::Operation;
use okta_transport::{Clock, HttpService, cache::CacheHandle, metrics::Metrics};

#[cfg(feature = "blocking")]
use super::runtime::OwnRuntime;
#[cfg(feature = "blocking")]
use crate::error::Error;
use crate::operations::Operations;

/// What `http` takes for an address.
const LONGEST_ADDRESS: usize = u16::MAX as usize - 1;

/// A client of one Okta org.
///
/// It is cheap to clone and meant to be shared: all clones use the same connections. The methods that return the groups of
/// operations ([`users`](Self::users), [`groups`](Self::groups), …) are where every call starts.
///
/// ```no_run
/// use okta_client::OktaClient;
///
/// # #[cfg(feature = "loader")]
/// # async fn doc() -> Result<(), Box<dyn std::error::Error>> {
/// let okta = OktaClient::from_env()?;
/// let mut users = okta.users().list().search(r#"status eq "ACTIVE""#).stream();
/// while let Some(user) = users.try_next().await? {
///     println!("{:?}", user.profile.and_then(|profile| profile.login));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OktaClient(Arc<Inner>);

struct Inner {
    org_url: OrgUrl,
    /// The same as it stands in requests.
    base: Uri,
    service: HttpService,
    /// The credentials of the default stack.
    authenticator: Option<SharedAuthenticator>,
    cache: CacheHandle,
    clock: Arc<dyn Clock>,
    metrics: Option<Metrics>,
    operations: Operations,
    #[cfg(feature = "blocking")]
    runtime: OwnRuntime,
}

impl OktaClient {
    pub(crate) fn new(
        org_url: OrgUrl,
        service: HttpService,
        authenticator: Option<SharedAuthenticator>,
        cache: CacheHandle,
        clock: Arc<dyn Clock>,
        metrics: Option<Metrics>,
        operations: Operations,
    ) -> Self {
        Self(Arc::new(Inner {
            base: Uri::try_from(org_url.as_str()).unwrap_or_default(),
            org_url,
            service,
            authenticator,
            cache,
            clock,
            metrics,
            operations,
            #[cfg(feature = "blocking")]
            runtime: OwnRuntime::default(),
        }))
    }

    /// Invalidates the access token, so that the next call fetches a new one: after scopes were granted or a key was exchanged,
    /// for example. It does nothing where no token is fetched (an API token, your own stack).
    pub fn invalidate_token(&self) {
        if let Some(authenticator) = &self.0.authenticator {
            authenticator.invalidate_token();
        }
    }

    /// The OAuth 2.0 scopes of the last access token, if one was fetched.
    #[must_use]
    pub fn granted_scopes(&self) -> Option<ScopeSet> {
        self.0.authenticator.as_ref()?.granted_scopes()
    }

    /// The cache of this client, to remove what is known to be outdated: all of it, or what a write to an address would remove.
    /// It does nothing if the client has no cache, or is made of your own stack.
    ///
    /// ```
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
    /// okta.cache().invalidate("/api/v1/users/00u1").await?; // an event hook reported a change
    /// okta.cache().clear().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cache(&self) -> &CacheHandle {
        &self.0.cache
    }

    /// The org all calls go to.
    #[must_use]
    pub fn org_url(&self) -> &OrgUrl {
        &self.0.org_url
    }

    /// The absolute address of a path of the org, with its query; `None` if that is not a valid one. Only the path is parsed.
    pub(crate) fn address_of(&self, path: String) -> Option<Uri> {
        let Inner { org_url, base, .. } = &*self.0;
        if org_url.as_str().len() + path.len() > LONGEST_ADDRESS {
            return None;
        }
        let mut parts = Parts::default();
        parts.scheme = Some(base.scheme()?.clone());
        parts.authority = Some(base.authority()?.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(Bytes::from(path)).ok()?);
        Uri::from_parts(parts).ok()
    }

    /// The stack all calls go through.
    #[must_use]
    pub fn service(&self) -> &HttpService {
        &self.0.service
    }

    /// The credentials of the default stack; `None` if the client has a custom stack.
    pub(crate) fn authenticator(&self) -> Option<&SharedAuthenticator> {
        self.0.authenticator.as_ref()
    }

    /// The clock of all delays of this client.
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Where this client records its measures, if there is a recorder.
    pub(crate) fn metrics(&self) -> Option<&Metrics> {
        self.0.metrics.as_ref()
    }

    /// The table of all operations, for requests that no builder has made.
    pub(crate) fn operations(&self) -> Operations {
        self.0.operations
    }

    /// Waits on this thread for a call; `operation` is named in the error if that is not possible.
    #[cfg(feature = "blocking")]
    pub(crate) fn block_on_call<F: Future>(
        &self,
        operation: Option<&'static Operation>,
        future: F,
    ) -> Result<F::Output, Error> {
        self.0.runtime.block_on(operation, future)
    }
}

impl fmt::Debug for OktaClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OktaClient")
            .field("org_url", self.org_url())
            .finish_non_exhaustive()
    }
}
