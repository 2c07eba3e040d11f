use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use tower::{Layer, Service};

use crate::{error::build_error::BuildError, headers::connection_header::is_connection_header};

/// What this library calls itself: its version, the compiler's and the platform.
const USER_AGENT: &str = concat!(
    "okta-sdk-rust/",
    env!("CARGO_PKG_VERSION"),
    " rust/",
    env!("OKTA_RUSTC_VERSION")
);

/// Adds the headers that every request should have, unless the request has them itself.
///
/// From the start these are `User-Agent` (this library, the compiler, the platform) and `Accept: application/json`.
///
/// ```
/// use okta_transport::header::DefaultHeadersLayer;
///
/// let layer = DefaultHeadersLayer::new().user_agent("acme-sync/2.1")?.header("X-Team", "identity")?;
/// # Ok::<(), okta_transport::BuildError>(())
/// ```
#[derive(Clone)]
pub struct DefaultHeadersLayer {
    headers: Arc<HeaderMap>,
}

impl DefaultHeadersLayer {
    /// `User-Agent` and `Accept` only.
    pub fn new() -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let layer = Self {
            headers: Arc::new(headers),
        };
        // Made of constants, so it is a legal value; if a platform ever had an illegal name, it would be left out.
        layer.clone().user_agent("").unwrap_or(layer)
    }

    /// Appends the name of your application to the `User-Agent`.
    ///
    /// # Errors
    ///
    /// [`BuildError::UserAgent`] if the name contains what a header cannot (RFC 9110 §5.5).
    pub fn user_agent(mut self, extra: &str) -> Result<Self, BuildError> {
        let text = format!(
            "{USER_AGENT} {}/{} {extra}",
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        let value = HeaderValue::try_from(text.trim_end()).map_err(|source| BuildError::UserAgent {
            extra: extra.into(),
            source,
        })?;
        Arc::make_mut(&mut self.headers).insert(header::USER_AGENT, value);
        Ok(self)
    }

    /// Adds a header, in place of one of the same name.
    ///
    /// # Errors
    ///
    /// [`BuildError::HeaderName`] and [`BuildError::HeaderValue`] if one contains what it cannot (RFC 9110 §5). The
    /// value is not in the error: it may be a key to a gateway. [`BuildError::ConnectionHeader`] if the header belongs to
    /// the connection, such as `Content-Length`.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Result<Self, BuildError> {
        let name = name.as_ref();
        let header = HeaderName::try_from(name).map_err(|source| BuildError::HeaderName {
            name: name.into(),
            source,
        })?;
        if is_connection_header(&header) {
            return Err(BuildError::ConnectionHeader { header });
        }
        let value = HeaderValue::try_from(value.as_ref()).map_err(|source| BuildError::HeaderValue {
            header: header.clone(),
            source,
        })?;
        Arc::make_mut(&mut self.headers).insert(header, value);
        Ok(self)
    }

    /// What it would give to a request that has no headers.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl Default for DefaultHeadersLayer {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the names only: a value may be a key to a gateway.
impl fmt::Debug for DefaultHeadersLayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DefaultHeadersLayer ")?;
        formatter.debug_set().entries(self.headers.keys()).finish()
    }
}

impl<S> Layer<S> for DefaultHeadersLayer {
    type Service = DefaultHeaders<S>;

    fn layer(&self, inner: S) -> DefaultHeaders<S> {
        DefaultHeaders {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`DefaultHeadersLayer`].
#[derive(Clone, Debug)]
pub struct DefaultHeaders<S> {
    inner: S,
    layer: DefaultHeadersLayer,
}

impl<S, B> Service<Request<B>> for DefaultHeaders<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        for (name, value) in &*self.layer.headers {
            request.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use http::Response;
    use tower_test::mock;

    use super::*;

    /// The headers that arrive below the layer when a request with these is sent.
    async fn sent(layer: DefaultHeadersLayer, own: &[(&'static str, &'static str)]) -> HeaderMap {
        let (service, mut handle) = mock::pair::<Request<()>, Response<()>>();
        let mut request = Request::new(());
        for (name, value) in own {
            request.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        let call = tokio::spawn(tower::ServiceExt::oneshot(layer.layer(service), request));
        let (arrived, answer) = handle.next_request().await.unwrap();
        answer.send_response(Response::new(()));
        call.await.unwrap().unwrap();
        arrived.headers().clone()
    }

    #[tokio::test]
    async fn a_request_says_who_sends_it_and_what_it_understands() {
        let headers = sent(DefaultHeadersLayer::new(), &[]).await;
        assert_eq!(headers["accept"], "application/json");
        let agent = headers["user-agent"].to_str().unwrap();
        let parts: Vec<_> = agent.split(' ').collect();
        let [library, rust, platform] = parts[..] else {
            panic!("three parts were expected: {agent}")
        };
        assert_eq!(library, concat!("okta-sdk-rust/", env!("CARGO_PKG_VERSION")));
        assert!(
            rust.strip_prefix("rust/")
                .is_some_and(|version| version.starts_with("1.")),
            "{agent}"
        );
        assert!(platform.starts_with(std::env::consts::OS), "{agent}");
    }

    #[tokio::test]
    async fn the_application_adds_its_name_to_the_end() {
        let layer = DefaultHeadersLayer::new()
            .user_agent("acme-sync/2.1 (nightly)")
            .unwrap();
        let agent = sent(layer, &[]).await["user-agent"].clone();
        assert!(agent.to_str().unwrap().starts_with("okta-sdk-rust/"));
        assert!(agent.to_str().unwrap().ends_with(" acme-sync/2.1 (nightly)"));
    }

    #[tokio::test]
    async fn what_the_request_has_itself_wins() {
        let layer = DefaultHeadersLayer::new().header("X-Team", "identity").unwrap();
        let own = [
            ("accept", "application/xml"),
            ("x-team", "a"),
            ("x-team", "b"),
            ("user-agent", "mine"),
        ];
        let headers = sent(layer, &own).await;
        assert_eq!(headers["accept"], "application/xml");
        assert_eq!(headers["user-agent"], "mine");
        assert_eq!(headers.get_all("x-team").iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(headers.get_all("accept").iter().count(), 1);
    }

    #[tokio::test]
    async fn a_configured_header_wins_over_a_built_in_one() {
        let layer = DefaultHeadersLayer::new()
            .header("Accept", "application/okta+json")
            .unwrap();
        assert_eq!(sent(layer, &[]).await["accept"], "application/okta+json");
    }

    #[test]
    fn illegal_bytes_are_refused_by_name_and_without_the_value() {
        let build = DefaultHeadersLayer::new;
        let error = build().user_agent("acme\r\nX-Evil: 1").unwrap_err();
        assert!(matches!(error, BuildError::UserAgent { .. }));
        assert!(error.to_string().contains(r#""acme\r\nX-Evil: 1""#), "{error}");

        let error = build().header("X Team", "identity").unwrap_err();
        assert!(matches!(error, BuildError::HeaderName { .. }));
        assert!(error.to_string().contains("X Team"), "{error}");

        let error = build().header("X-Team", "canary\n").unwrap_err();
        assert!(matches!(error, BuildError::HeaderValue { .. }));
        assert!(error.to_string().contains("x-team"), "{error}");
        assert!(!format!("{error}{error:?}").contains("canary"));
    }

    #[test]
    fn f16_headers_of_the_connection_are_refused() {
        for name in [
            "Content-Length",
            "transfer-encoding",
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect",
        ] {
            let error = DefaultHeadersLayer::new().header(name, "3").unwrap_err();
            assert!(matches!(error, BuildError::ConnectionHeader { .. }), "{name}");
            let text = error.to_string();
            assert!(
                text.contains(&name.to_lowercase()) && text.contains("leave it out"),
                "{text}"
            );
        }
        for name in ["Content-Type", "X-Expect", "TE-Am", "Accept"] {
            assert!(DefaultHeadersLayer::new().header(name, "x").is_ok(), "{name}");
        }
    }

    #[test]
    fn debug_shows_names_only() {
        let layer = DefaultHeadersLayer::new().header("X-Key", "canary").unwrap();
        let shown = format!("{layer:?}");
        assert!(shown.contains("x-key") && !shown.contains("canary"), "{shown}");
    }
}
