use std::{
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Request, Response, Uri, header};
use okta_auth::{BoxFuture, Clock, Principal, SharedAuthenticator};
use tokio::sync::oneshot;
use tower::{BoxError, Layer, Service, ServiceExt};

use super::{
    entry::Entry,
    flight::Outcome,
    guarded_store::{Failed, Found},
    handle::CacheHandleError,
    in_flight::{Begin, InFlight, ReadGuard},
    key::CacheKey,
    outcome::{CacheOutcome, Fetched},
    policy::{self, Kind},
    settings::Settings,
    shared_store::SharedCacheStore,
    status::CacheStatus,
    tag::{self, Tag},
};
use crate::request::cache_mode::CacheMode;
use crate::{
    request::authenticator_override::{AuthenticatorOverride, principal_of},
    service::body::Body,
};

/// Answers a GET with the response to an earlier one, for as long as the application has decided that this is good
/// enough.
///
/// What it does:
///
/// - A cache hit costs no request, no rate limit and no token, if the layer is outside of
///   all these. It says so: [`CacheStatus`] in its extensions, an `Age` header.
/// - It caches complete successes, up to a size, separately for each [`Principal`], its scopes, address and choice of
///   content ([`CacheKey`]). The body passes through while it is recorded; one that breaks off is not cached.
/// - Calls for the same at the same time share one request, and each of them drives it. If it fails, one of the calls
///   that wait sends the next one; if that fails too, all of them report its failure. If the call that has the response
///   does not read its body for 5 seconds, another call sends a request. So there are never more than a few at a time.
/// - A write through the same client drops what it changes: the resource, what hangs below it, the lists it is in. A
///   response that was on its way meanwhile is not cached. The [`CacheLayer`] and its clones count as the same client.
/// - A response that is too old but has an `ETag` is asked for with `If-None-Match`.
/// - A store that fails, takes too long or answers nonsense costs an event and nothing else.
/// - A single call can differ with its [`CallOptions`](crate::CallOptions::cache).
///
/// What it does not keep: answers below `/oauth2`, sign-ins, sessions, secrets, the system log, factor transactions,
/// polling operations, requests with conditions, ranges, bodies or their own credentials. Responses that may carry
/// secrets are cached in the memory of the process only ([`CacheStore::is_process_local`](crate::cache::CacheStore::is_process_local)).
///
/// Okta says `Cache-Control: no-cache, no-store` and sets cookies with every response of its management API, which is
/// meant for browsers and for caches between it and its client. This one is inside of the client and was put there on
/// purpose, so it keeps such a response (without its cookies) unless it is to [respect](Self::respect_cache_control)
/// that header.
///
/// What others change is not noticed before the time to live is over. Where that matters, take a shorter one, or
/// [`CacheMode::Refresh`] for the call.
///
#[cfg_attr(feature = "cache-moka", doc = "```")]
#[cfg_attr(not(feature = "cache-moka"), doc = "```ignore")]
/// use std::time::Duration;
/// use http::{Request, Response};
/// use okta_auth::Principal;
/// use okta_transport::{Body, BoxError, HttpService, cache::{CacheLayer, CacheStatus, MokaStore}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// // The principal is that of the authenticator: `authenticator.principal().clone()`.
/// let cache = CacheLayer::new(MokaStore::new(), Principal::new("oauth", "0oa1234567890"))
///     .time_to_live(Duration::from_secs(60));
/// let service = HttpService::new(tower::service_fn(|_: Request<Body>| async {
///     Ok::<_, BoxError>(Response::new(Body::from("[]")))
/// }))
/// .layer(cache.clone());
///
/// let groups = || Request::get("https://acme.okta.com/api/v1/groups").body(Body::empty());
/// let first = service.send(groups()?).await?;
/// assert_eq!(CacheStatus::of(first.extensions()), Some(CacheStatus::Miss));
/// first.into_body().collect().await?;
/// let second = service.send(groups()?).await?;
/// assert!(matches!(CacheStatus::of(second.extensions()), Some(CacheStatus::Hit { .. })));
///
/// // An event hook has reported a change that was made elsewhere.
/// cache.invalidate(&"https://acme.okta.com/api/v1/groups/00g1aaaaaaaaaaaaaaaa".parse()?).await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CacheLayer {
    settings: Settings,
    in_flight: Arc<InFlight>,
}

impl CacheLayer {
    /// Caches in `store` the responses to the caller of this authenticator, with the defaults of [`new`](Self::new).
    ///
    /// Keys contain the scopes that the authenticator reports
    /// ([`effective_scopes`](okta_auth::Authenticator::effective_scopes)) at the time of the call, so that clients of one
    /// application with different scopes can share a store.
    #[must_use]
    pub fn for_authenticator(
        store: impl Into<SharedCacheStore>,
        authenticator: impl Into<SharedAuthenticator>,
    ) -> Self {
        let authenticator = authenticator.into();
        let mut layer = Self::new(store, authenticator.principal().clone());
        layer.settings.authenticator = Some(authenticator);
        layer
    }

    /// Caches in `store` the responses for this principal: for 300 seconds, and 300 more if it can be asked for by its
    /// `ETag`, with bodies of up to 2 MiB. The store may take 250 ms each time it is asked.
    ///
    /// The principal must stand for one set of permissions. If its tokens can have different scopes, use
    /// [`for_authenticator`](Self::for_authenticator).
    #[must_use]
    pub fn new(store: impl Into<SharedCacheStore>, principal: Principal) -> Self {
        Self {
            settings: Settings::new(store.into(), principal),
            in_flight: Arc::default(),
        }
    }

    /// How long a response may be used after it was asked for. Zero means that each is asked for again, by its `ETag` if
    /// it has one.
    #[must_use]
    pub fn time_to_live(mut self, time: Duration) -> Self {
        self.settings.time_to_live = time;
        self
    }

    /// How long a response with an `ETag` is stored beyond that, to be revalidated with `If-None-Match`.
    #[must_use]
    pub fn revalidate_for(mut self, time: Duration) -> Self {
        self.settings.revalidate_for = time;
        self
    }

    /// The longest body that is cached, in bytes.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.max_body = bytes;
        self
    }

    /// Limits the time of each operation of the store. A call continues without the cache after that.
    #[must_use]
    pub fn store_timeout(mut self, limit: Duration) -> Self {
        self.settings.store_timeout = limit;
        self
    }

    /// Caches no response of an address whose path begins with this prefix, such as `/api/v1/users`.
    #[must_use]
    pub fn exclude(mut self, path_prefix: impl Into<String>) -> Self {
        self.settings.excluded.push(path_prefix.into().into());
        self
    }

    /// Caches no response that forbids it (`Cache-Control: no-store` or `no-cache`) or sets a cookie. Of Okta's
    /// management API that is nearly all of them.
    #[must_use]
    pub fn respect_cache_control(mut self) -> Self {
        self.settings.respect_cache_control = true;
        self
    }

    /// Takes the time from this clock instead of tokio's: ages, and the limit for the store.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Drops what a write to this absolute address would drop, for a change that was made elsewhere.
    ///
    /// If the store fails, what was to be dropped is not used any more by this layer and its clones.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is finished, it counts as a store that has failed.
    pub async fn invalidate(&self, uri: &Uri) {
        // There is an event about a failure, and nothing else to be done.
        let _ = self.drop_tags(tag::of_write(uri)).await;
    }

    pub(super) async fn drop_tags(&self, tags: Box<[Tag]>) -> Result<(), CacheHandleError> {
        let write = self.in_flight.begin_write(tags, &self.settings);
        match self.settings.invalidate(write.tags()).await {
            Ok(()) => {
                write.settle();
                Ok(())
            }
            Err(Failed) => Err(CacheHandleError::Store),
        }
    }
}

impl<S> Layer<S> for CacheLayer {
    type Service = Cache<S>;

    fn layer(&self, inner: S) -> Cache<S> {
        Cache {
            inner,
            settings: Arc::new(self.settings.clone()),
            in_flight: Arc::clone(&self.in_flight),
        }
    }
}

/// The service of [`CacheLayer`].
#[derive(Clone, Debug)]
pub struct Cache<S> {
    inner: S,
    settings: Arc<Settings>,
    in_flight: Arc<InFlight>,
}

impl<S, B, C> Service<Request<B>> for Cache<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body + Send + 'static,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    /// Always ready: the inner service is waited for once it turns out that it is needed, so that a response that is
    /// cached holds no place in it.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let cache = self.clone();
        match policy::kind(&request) {
            Kind::Read(mode) => Box::pin(cache.read(request, mode)),
            Kind::Write => Box::pin(cache.write(request)),
            Kind::Other => Box::pin(cache.send(request)),
        }
    }
}

impl<S> Cache<S> {
    async fn send<B, C>(self, request: Request<B>) -> Result<Response<Body>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>>,
        S::Error: Into<BoxError>,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let response = self.inner.oneshot(request).await.map_err(Into::into)?;
        Ok(response.map(Body::new))
    }

    /// Sends a request that the cache has no part in, or whose answer it does not keep.
    async fn send_as<B, C>(self, request: Request<B>, status: CacheStatus) -> Result<Response<Body>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>>,
        S::Error: Into<BoxError>,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        Ok(status.mark(self.send(request).await?))
    }

    async fn write<B, C>(self, request: Request<B>) -> Result<Response<Body>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>>,
        S::Error: Into<BoxError>,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let settings = Arc::clone(&self.settings);
        let write = self.in_flight.begin_write(tag::of_write(request.uri()), &settings);
        let result = self.send(request).await;
        // A response that is not a plain refusal may have had an effect, errors included.
        let refused = matches!(&result, Ok(response) if policy::is_refusal(response.status()));
        if refused || settings.invalidate(write.tags()).await.is_ok() {
            write.settle();
        }
        result
    }

    async fn read<B, C>(self, request: Request<B>, mode: CacheMode) -> Result<Response<Body>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>> + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Send + 'static,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let settings = &self.settings;
        if mode == CacheMode::Bypass || !settings.keeps(request.uri()) {
            return self.send_as(request, CacheStatus::Bypass).await;
        }
        let principal = principal_of(request.extensions(), Some(&settings.principal));
        let key = CacheKey::new(
            request.uri(),
            request.headers(),
            principal.unwrap_or(&settings.principal),
            AuthenticatorOverride::scopes_of(request.extensions(), settings.authenticator.as_ref()).as_ref(),
        );
        let mut looked_up = None;
        if mode == CacheMode::Default
            && settings.store.is_process_local()
            && !self.in_flight.may_be_obsolete(&key, settings)
        {
            // To look into memory is cheaper than to find out whether another call is about to.
            let found = settings.look_up(&key).await;
            let now = settings.clock.system_time();
            if let Ok(Found { entry: Some(entry), .. }) = &found
                && settings.is_fresh(entry, now)
            {
                return Ok(entry.hit(now));
            }
            looked_up = Some(found);
        }
        // Boxed, so that a cache hit does not allocate what a request needs.
        Box::pin(self.read_together(request, mode, key, looked_up)).await
    }

    /// Searches with all calls that ask for the same.
    async fn read_together<B, C>(
        self,
        request: Request<B>,
        mode: CacheMode,
        key: CacheKey,
        mut looked_up: Option<Result<Found, Failed>>,
    ) -> Result<Response<Body>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>> + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Send + 'static,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let settings = &self.settings;
        let mut after_failure = false;
        loop {
            let begin = self.in_flight.begin_read(&key, settings, mode == CacheMode::Default);
            // After another call's request, the store may have something else.
            let looked_up = looked_up.take();
            match begin {
                Begin::Lead(read) => return self.lead(request, mode, key, read, after_failure, looked_up).await,
                Begin::Pass => return self.send_as(request, CacheStatus::Bypass).await,
                Begin::Follow(mut flight) => match flight.outcome(settings).await {
                    Outcome::Answer(entry) => return Ok(entry.hit(settings.clock.system_time())),
                    Outcome::Alone => return self.send_as(request, CacheStatus::Miss).await,
                    Outcome::Failed(Some(failure)) if after_failure => return failure.into_result(settings),
                    Outcome::Failed(_) => after_failure = true,
                    Outcome::Overdue => self.in_flight.overtake(&key, flight.read),
                    Outcome::GivenUp => {}
                },
            }
        }
    }

    /// Answers from the store, or asks, for this call and for all that wait for it.
    async fn lead<B, C>(
        self,
        request: Request<B>,
        mode: CacheMode,
        key: CacheKey,
        read: ReadGuard,
        after_failure: bool,
        looked_up: Option<Result<Found, Failed>>,
    ) -> Result<Response<Body>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>> + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Send + 'static,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let settings = Arc::clone(&self.settings);
        let (sender, receiver) = oneshot::channel();
        let search = read.searching(|read| {
            let search = async move {
                let answer = self.search(request, mode, &key, after_failure, looked_up).await;
                // The response is lost if this call was dropped meanwhile, but those who wait have it by now if it is in
                // memory. Otherwise one of them sends a request.
                drop(sender.send(answer.conclude(settings, key, read).await));
            };
            search.boxed().shared()
        });
        search.await;
        receiver.await?
    }

    async fn search<B, C>(
        self,
        mut request: Request<B>,
        mode: CacheMode,
        key: &CacheKey,
        after_failure: bool,
        looked_up: Option<Result<Found, Failed>>,
    ) -> CacheOutcome
    where
        S: Service<Request<B>, Response = Response<C>>,
        S::Error: Into<BoxError>,
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let found = match looked_up {
            Some(found) => found,
            None => self.settings.look_up(key).await,
        };
        let (kept, version) = match found {
            Ok(Found { entry, version }) => (entry, Some(version)),
            // It would not keep the response either.
            Err(Failed) => (None, None),
        };
        let since = self.settings.clock.system_time();
        let had_kept = kept.is_some();
        let stale = match kept {
            Some(entry) if mode == CacheMode::Default => {
                if self.settings.is_fresh(&entry, since) {
                    return CacheOutcome::Hit(entry);
                }
                Some(entry)
            }
            _ => None,
        };
        if let Some(etag) = stale.as_ref().and_then(|entry| entry.etag()) {
            request.headers_mut().insert(header::IF_NONE_MATCH, etag.clone());
        }
        CacheOutcome::Fetched(Box::new(Fetched {
            result: self.send(request).await,
            since,
            version,
            had_kept,
            stale,
            after_failure,
        }))
    }
}

impl Settings {
    /// Whether a response can be used without asking Okta.
    fn is_fresh(&self, entry: &Entry, now: SystemTime) -> bool {
        entry.age(now) < self.time_to_live
    }

    /// Whether the answers of this address are cached.
    fn keeps(&self, uri: &Uri) -> bool {
        let excluded = self.excluded.iter().any(|prefix| uri.path().starts_with(&**prefix));
        !excluded && !policy::is_never_kept(uri) && (self.store.is_process_local() || !policy::is_private(uri))
    }
}
