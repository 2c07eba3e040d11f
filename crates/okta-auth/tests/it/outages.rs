//! A token endpoint that is down, slow or answers anything: calls succeed as long as there is a token that is good, and fail
//! with what the endpoint says otherwise.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::Response;
use okta_auth::{OAuthAuthenticator, OAuthError};

use crate::support::*;

/// The outcome of a call, however long it takes.
async fn outcome(oauth: &OAuthAuthenticator, clock: &ManualClock) -> Result<String, Arc<OAuthError>> {
    let oauth = oauth.clone();
    let call = tokio::spawn(async move { current(&oauth).await });
    loop {
        settle().await;
        if call.is_finished() {
            return call.await.unwrap();
        }
        clock.advance(1.0);
    }
}

#[tokio::test]
async fn the_last_good_token_serves_on_whatever_the_endpoint_does_instead() {
    /// What it answers, and how often it is asked for a token that it has not got.
    type Failure = (fn() -> Result<Response<Bytes>, BoxError>, &'static str, usize);
    const FAILURES: [Failure; 5] = [
        (
            || Ok(refusal(400, "temporarily_unavailable", &[])),
            "returned temporarily_unavailable (Because.)",
            1,
        ),
        (|| Err("connection refused".into()), "cannot be reached", 3),
        (|| Ok(answer(503, &[], "")), "status 503", 3),
        (|| Ok(answer(200, &[], "<html>")), "it is not a JSON object", 1),
        (
            || Ok(answer(200, &[], r#"{"token_type":"Bearer"}"#)),
            "no `access_token`",
            1,
        ),
    ];
    for (failure, expected, requests) in FAILURES {
        let down = Arc::new(AtomicBool::new(false));
        let endpoint = Endpoint::new({
            let down = Arc::clone(&down);
            move |asked| match down.load(Ordering::Relaxed) {
                true => failure(),
                false => Ok(token(asked, 3600)),
            }
        });
        let clock = ManualClock::new();
        let oauth = oauth(&endpoint, &clock);
        current(&oauth).await.unwrap();
        down.store(true, Ordering::Relaxed);
        clock.advance(3300.0);
        // Nearly five minutes in steps of a second. The waits between the tries grow from a second to half a minute.
        for _ in 0..260 {
            assert_eq!(current(&oauth).await.unwrap(), "token-1");
            settle().await;
            clock.advance(1.0);
        }
        let tries = endpoint.count() - 1;
        assert!((8 * requests..=30 * requests).contains(&tries), "{expected}: {tries}");
        // In the last moments it is waited for, and not for longer than the token is good.
        assert_eq!(outcome(&oauth, &clock).await.unwrap(), "token-1", "{expected}");
        // Then it is over, and calls fail with what the endpoint says.
        clock.advance(40.0);
        let error = outcome(&oauth, &clock).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let before = endpoint.count();
        let again = current(&oauth).await.unwrap_err();
        assert!(again.to_string().contains(expected), "{again}");
        assert!(again.to_string().contains("it is tried again in"), "{again}");
        assert_eq!(endpoint.count(), before, "the endpoint is left alone for a while");
        // It is up again: no failure is for ever.
        down.store(false, Ordering::Relaxed);
        clock.advance(30.0);
        assert!(current(&oauth).await.unwrap().starts_with("token-"));
    }
}

#[tokio::test]
async fn a_slow_endpoint_is_given_up_in_the_end() {
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    let call = tokio::spawn({
        let oauth = oauth.clone();
        async move { current(&oauth).await }
    });
    settle().await;
    clock.advance(59.0);
    settle().await;
    assert!(!call.is_finished());
    clock.advance(1.0);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "no access token: none came within 60s");
    assert!(error.is_transient());
    endpoint.open(2);
    clock.advance(1.0);
    assert_eq!(current(&oauth).await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_token_source_that_panics_takes_nobody_along() {
    let endpoint = Endpoint::new(|asked| match asked.number {
        1..=3 => panic!("a bug in a custom signer"),
        _ => Ok(token(asked, 3600)),
    });
    let oauth = oauth(&endpoint, &ManualClock::new());
    let error = current(&oauth).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no access token: the task that fetched it ended early"
    );
    assert_eq!(current(&oauth).await.unwrap(), "token-4");
}
