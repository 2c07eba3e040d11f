//! The client: an org and the stack that leads to it.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::Method;
use okta_auth::{Authenticator, ScopeSet};
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, BufferBodyLayer, Clock, HttpService, Idempotency, TokioClock};
use tower::{Layer, Service};

use crate::{
    BuildError, Error, OktaClientBuilder, Response, Wait,
    core::{Answer, Draft, OperationRequest, RawCall, Received, Target, raw},
};

/// A client of one Okta org.
///
/// It is cheap to clone and meant to be shared: all clones use the same connections. The methods that give the groups of
/// operations ([`users`](Self::users), [`groups`](Self::groups), …) give what every call starts with.
///
/// ```no_run
/// use okta_client::OktaClient;
///
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
    service: HttpService,
    /// Where the client's own stack has its credentials from.
    authenticator: Option<Arc<dyn Authenticator>>,
    clock: Arc<dyn Clock>,
    #[cfg(feature = "blocking")]
    runtime: crate::blocking::OwnRuntime,
}

impl OktaClient {
    /// A client with the settings of `~/.okta/okta.yaml`, `./okta.yaml` and the environment, the later ones winning; and,
    /// where they name no proxy, with the one of `HTTPS_PROXY`.
    ///
    /// # Errors
    /// [`BuildError`] with everything that is wrong with the settings, each with where it comes from.
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

    /// A client over your own stack: credentials, timeouts and everything else are what `service` makes them. Bodies of
    /// responses that are streams are read whole, within the limits of a
    /// [`BufferBodyLayer`](okta_transport::BufferBodyLayer).
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
        Self::new(org_url, service, None, Arc::new(TokioClock))
    }

    pub(crate) fn new(
        org_url: OrgUrl,
        service: HttpService,
        authenticator: Option<Arc<dyn Authenticator>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            org_url,
            service,
            authenticator,
            clock,
            #[cfg(feature = "blocking")]
            runtime: crate::blocking::OwnRuntime::default(),
        }))
    }

    /// Forgets the access token, so that the next call fetches a new one: after scopes were granted or a key was exchanged,
    /// for example. It does nothing where no token is fetched (an API token, a stack of your own).
    pub fn invalidate_token(&self) {
        if let Some(authenticator) = &self.0.authenticator {
            authenticator.invalidate_token();
        }
    }

    /// The OAuth 2.0 scopes of the last access token, where one was fetched.
    #[must_use]
    pub fn granted_scopes(&self) -> Option<ScopeSet> {
        self.0.authenticator.as_ref()?.granted_scopes()
    }

    /// The org all calls go to.
    #[must_use]
    pub fn org_url(&self) -> &OrgUrl {
        &self.0.org_url
    }

    /// The stack all calls go through.
    #[must_use]
    pub fn service(&self) -> &HttpService {
        &self.0.service
    }

    /// How to wait for what Okta does in its own time, by this client's clock.
    pub fn wait(&self) -> Wait {
        Wait::new().clock(Arc::clone(&self.0.clock))
    }

    /// The clock that all waits of this client go by.
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The runtime of calls without `async`.
    #[cfg(feature = "blocking")]
    pub(crate) fn own_runtime(&self) -> &crate::blocking::OwnRuntime {
        &self.0.runtime
    }

    /// Starts a call of an endpoint that no method represents: a path with its leading `/`, or an absolute address of
    /// this org (a link of an earlier answer, say).
    ///
    /// ```no_run
    /// use http::Method;
    /// use serde_json::{Value, json};
    ///
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
    /// let answer = okta.request(Method::POST, "/api/v1/authn").json(&json!({"username": "ann"})).await?;
    /// let transaction: Value = answer.json()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, address: &str) -> RawCall {
        RawCall::new(raw(self.clone(), method, address))
    }

    /// Decodes a response that came another way (a queue, a recording, a stack of your own) as the answer to an
    /// operation: with the same tolerance, the same errors and the same paging as a call.
    ///
    /// # Errors
    /// [`Error`] where the response is an error or cannot be read.
    pub fn decode<R: OperationRequest>(
        &self,
        response: http::Response<impl Into<Bytes>>,
    ) -> Result<Response<<R::Answer as Answer>::Output>, Error> {
        let (parts, body) = response.into_parts();
        let draft = Draft::new(self.clone(), Target::operation_call(R::operation()));
        let received = Received {
            draft,
            status: parts.status,
            headers: parts.headers,
            extensions: parts.extensions,
            body: body.into(),
            is_write: R::operation().idempotency != Idempotency::Safe,
        };
        received.success()?.respond(R::Answer::read)
    }
}

impl fmt::Debug for OktaClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OktaClient")
            .field("org_url", self.org_url())
            .finish_non_exhaustive()
    }
}
