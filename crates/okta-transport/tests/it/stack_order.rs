//! What each place in the stack sees.

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, Principal, ReviewOutcome};
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, HttpService, timeout::Deadline};
use tower::{retry, util::MapRequestLayer};

use crate::{USERS, get, replay_refused};

/// Gives `token-1`, `token-2`, … and wants a refused attempt to be sent again.
#[derive(Debug)]
struct Renewing(Mutex<u64>, Principal);

impl Authenticator for Renewing {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let value = HeaderValue::try_from(format!("token-{count}")).unwrap();
        Ok(Credentials::authorization(value))
    }

    async fn review(&self, _: &Credentials, status: StatusCode, _: &HeaderMap) -> ReviewOutcome {
        replay_refused(status)
    }

    fn principal(&self) -> &Principal {
        &self.1
    }
}

/// Repeats a call that was answered with 503.
#[derive(Clone)]
struct RetryUnavailable;

impl retry::Policy<Request<Body>, Response<Body>, BoxError> for RetryUnavailable {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Request<Body>, result: &mut Result<Response<Body>, BoxError>) -> Option<Self::Future> {
        let response = result.as_ref().ok()?;
        (response.status() == StatusCode::SERVICE_UNAVAILABLE).then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<Body>) -> Option<Request<Body>> {
        let mut copy = Request::new(request.body().try_clone()?);
        copy.method_mut().clone_from(request.method());
        copy.uri_mut().clone_from(request.uri());
        copy.headers_mut().clone_from(request.headers());
        copy.extensions_mut().clone_from(request.extensions());
        Some(copy)
    }
}

/// What was seen, in the order of seeing: `place[ credentials][ deadline][ nameless]`.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, place: &str, request: &Request<Body>) {
        let mut line = String::from(place);
        if let Some(value) = request.headers().get("authorization") {
            line = format!("{line} {}", value.to_str().unwrap());
        }
        if Deadline::of(request.extensions()).is_some() {
            line += " deadline";
        }
        if !request.headers().contains_key("user-agent") || !request.headers().contains_key("accept") {
            line += " nameless";
        }
        self.0.lock().unwrap().push(line);
    }

    fn layer(
        &self,
        place: &'static str,
    ) -> MapRequestLayer<impl Fn(Request<Body>) -> Request<Body> + Clone + Send + Sync + 'static> {
        let log = self.clone();
        MapRequestLayer::new(move |request| {
            log.note(place, &request);
            request
        })
    }
}

#[tokio::test]
async fn each_place_sees_what_the_documented_order_says() {
    let log = Log::default();
    let answers = Arc::new(Mutex::new(vec![
        StatusCode::OK,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::UNAUTHORIZED,
    ]));
    let transport = {
        let log = log.clone();
        tower::service_fn(move |request: Request<Body>| {
            log.note("transport", &request);
            let mut response = Response::new(Body::empty());
            *response.status_mut() = answers.lock().unwrap().pop().unwrap();
            ready(Ok::<_, BoxError>(response))
        })
    };
    let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
        .authenticator(Arc::new(Renewing(Mutex::default(), Principal::new("test", "order"))))
        .total_timeout(Duration::from_secs(300))
        .without_retry()
        .layer(log.layer("call"))
        .layer(retry::RetryLayer::new(RetryUnavailable))
        .layer(log.layer("inside their retry"))
        .attempt_layer(log.layer("attempt"))
        .attempt_layer(log.layer("inner attempt"))
        .service(transport)
        .build()
        .unwrap();

    assert_eq!(service.send(get(USERS)).await.unwrap().status(), StatusCode::OK);
    assert_eq!(
        *log.0.lock().unwrap(),
        [
            "call",
            "inside their retry",
            "attempt deadline",
            "inner attempt deadline",
            "transport token-1 deadline",
            // Refused: the credentials are renewed and the attempt is sent again, which no outer layer sees.
            "transport token-2 deadline",
            "inside their retry",
            "attempt deadline",
            "inner attempt deadline",
            "transport token-3 deadline",
        ]
    );
}
