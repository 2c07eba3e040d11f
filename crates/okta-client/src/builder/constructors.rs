//! The constructors of the client.

use std::sync::Arc;

use bytes::Bytes;
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, HttpService, TokioClock, body::BufferBodyLayer, cache::CacheHandle};
use tower::{Layer, Service};

#[cfg(feature = "loader")]
use super::build_error::BuildError;
use super::client_builder::OktaClientBuilder;
use crate::{api, client::OktaClient, operations::Operations};

impl OktaClient {
    /// A client with the settings of `~/.okta/okta.yaml`, `./okta.yaml` and the environment, later ones taking precedence; and
    /// with the proxy of `HTTPS_PROXY`, unless they name one.
    ///
    /// # Errors
    /// [`BuildError`] with everything that is wrong with the settings, each with where it comes from.
    #[cfg(feature = "loader")]
    pub fn from_env() -> Result<Self, BuildError> {
        let builder = Self::builder().loader(okta_config::Loader::new());
        #[cfg(feature = "hyper")]
        let builder = builder.proxy_from_environment();
        builder.build()
    }

    /// Starts a client from settings given in code; files and environment are not read.
    pub fn builder() -> OktaClientBuilder {
        OktaClientBuilder::new()
    }

    /// A client over your own stack: credentials, timeouts and everything else are up to `service`. Bodies of
    /// responses that are streams are read whole, within the limits of a
    /// [`BufferBodyLayer`](okta_transport::body::BufferBodyLayer).
    ///
    /// Requests arrive with absolute addresses of `org_url`, with the operation
    /// ([`OperationRef`](okta_transport::OperationRef)) and the call's options in their extensions.
    ///
    /// ```
    /// use http::{Request, Response};
    /// use okta_client::{Body, BoxError, OktaClient, OrgUrl};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let service = tower::service_fn(|request: Request<Body>| async move {
    ///     assert_eq!(request.uri(), "https://acme.okta.com/api/v1/users/me");
    ///     Ok::<_, BoxError>(Response::new(Body::from(r#"{"id":"00u1"}"#)))
    /// });
    /// let okta = OktaClient::from_service(OrgUrl::parse("https://acme.okta.com")?, service);
    /// let user = okta.users().get("me").await?;
    /// assert_eq!(user.id.as_deref(), Some("00u1"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_service<S, B>(org_url: OrgUrl, service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let service = HttpService::new(BufferBodyLayer::new().layer(service));
        let (cache, clock) = (CacheHandle::default(), Arc::new(TokioClock));
        Self::new(org_url, service, None, cache, clock, None, Operations::new(api::ALL))
    }
}
