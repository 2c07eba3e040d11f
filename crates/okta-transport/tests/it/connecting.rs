//! Failures to connect.

use std::{error::Error, net::Ipv4Addr, sync::Arc, time::Duration};

use http::Request;
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, CallOptions, ConnectError, HttpService, TimeoutError, TimeoutKind};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{local_server::Authority, manual_clock::ManualClock, settle, token};

const CONNECT: Duration = Duration::from_secs(10);
const ATTEMPT: Duration = Duration::from_secs(30);

/// A stack whose timeouts run on a clock of our own, and a listener where it connects to.
async fn stack(scheme: &str) -> (HttpService, TcpListener, ManualClock, OrgUrl) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    let org_url = OrgUrl::parse_without_https_check(&url).unwrap();
    let clock = ManualClock::new();
    let mut builder = HttpService::builder(&org_url)
        .authenticator(token())
        .connect_timeout(CONNECT)
        .attempt_timeout(ATTEMPT)
        .without_retry()
        .clock(Arc::new(clock.clone()));
    if scheme == "https" {
        builder = builder.root_certificate_pem(Authority::new("any").pem());
    }
    (builder.build().unwrap(), listener, clock, org_url)
}

fn send(service: &HttpService, org_url: &OrgUrl, options: CallOptions) -> JoinHandle<BoxError> {
    let request = Request::get(format!("{org_url}/api/v1/users"))
        .extension(options)
        .body(Body::empty())
        .unwrap();
    let service = service.clone();
    tokio::spawn(async move { service.send(request).await.unwrap_err() })
}

/// What a call whose time is over has failed with. It must have done so by now: the clock stands still.
async fn timeout(call: JoinHandle<BoxError>) -> TimeoutError {
    settle().await;
    assert!(call.is_finished());
    *call.await.unwrap().downcast().unwrap()
}

/// Accepts a connection and reads a first byte, after which the request or the handshake is under way.
async fn accept(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.read_u8().await.unwrap();
    stream
}

#[tokio::test]
async fn a_handshake_that_is_not_answered_ends_with_the_connect_timeout() {
    let (service, listener, clock, org_url) = stack("https").await;
    let call = send(&service, &org_url, CallOptions::new());
    let _silent = accept(&listener).await;
    clock.advance(CONNECT);
    let error = timeout(call).await;
    assert_eq!(error, TimeoutError::new(TimeoutKind::Connect, CONNECT));
    assert_eq!(error.to_string(), "no connection within the connect timeout of 10s");
}

#[tokio::test]
async fn a_call_has_its_own_connect_timeout() {
    let (service, listener, clock, org_url) = stack("https").await;
    let own = Duration::from_secs(2);
    let call = send(&service, &org_url, CallOptions::new().connect_timeout(own));
    let _silent = accept(&listener).await;
    clock.advance(own);
    assert_eq!(timeout(call).await.limit(), own);
}

#[tokio::test]
async fn the_connect_timeout_ends_with_the_connection() {
    let (service, listener, clock, org_url) = stack("http").await;
    let call = send(&service, &org_url, CallOptions::new());
    let _silent = accept(&listener).await;
    clock.advance(CONNECT);
    settle().await;
    assert!(!call.is_finished());
    clock.advance(ATTEMPT - CONNECT);
    assert_eq!(timeout(call).await.kind(), TimeoutKind::Attempt);
}

#[tokio::test]
async fn the_connect_timeout_can_be_switched_off() {
    let (service, listener, clock, org_url) = stack("https").await;
    let call = send(&service, &org_url, CallOptions::new().connect_timeout(None));
    let _silent = accept(&listener).await;
    clock.advance(ATTEMPT);
    assert_eq!(timeout(call).await.kind(), TimeoutKind::Attempt);
}

#[tokio::test]
async fn a_refused_connection_names_the_host_and_no_credentials() {
    let (service, listener, _, org_url) = stack("http").await;
    drop(listener);
    let error = send(&service, &org_url, CallOptions::new()).await.unwrap();
    let connect = error.downcast_ref::<ConnectError>().unwrap();
    assert_eq!(connect.target(), org_url.as_str());
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");

    let mut causes = vec![connect.to_string()];
    let mut next = connect.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    assert!(
        causes.iter().any(|cause| cause.to_lowercase().contains("refused")),
        "{causes:?}"
    );
}
