//! Proofs that go with a token to the API.

use std::{collections::HashSet, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use okta_auth::{Attempt, Authenticator, Credentials, Dpop, OAuthAuthenticator, ReviewOutcome};
use serde_json::Value;

use crate::support::*;

fn bound(clock: &ManualClock) -> (Arc<Endpoint>, OAuthAuthenticator) {
    let endpoint = Endpoint::new(|asked| Ok(token(asked, 3600)));
    let source = source(&endpoint, clock).dpop(Dpop::required());
    let oauth = OAuthAuthenticator::new(source, ["okta.users.read"], Arc::new(clock.clone()));
    (endpoint, oauth)
}

fn claims(credentials: &Credentials) -> Value {
    part(credentials.headers()["dpop"].to_str().unwrap(), 1)
}

async fn review(
    oauth: &OAuthAuthenticator,
    used: &Credentials,
    status: u16,
    headers: &[(&str, &str)],
) -> ReviewOutcome {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            (
                name.parse::<HeaderName>().unwrap(),
                value.parse::<HeaderValue>().unwrap(),
            )
        })
        .collect();
    oauth
        .review(used, StatusCode::from_u16(status).unwrap(), &headers)
        .await
}

#[tokio::test]
async fn each_attempt_has_a_proof_of_its_own_for_its_method_and_address() {
    let (endpoint, oauth) = bound(&ManualClock::new());
    let mut identifiers = HashSet::new();
    for (method, uri, target) in [
        (
            Method::GET,
            "https://acme.okta.com/api/v1/users?limit=2",
            "https://acme.okta.com/api/v1/users",
        ),
        (
            Method::GET,
            "https://acme.okta.com/api/v1/users?limit=2",
            "https://acme.okta.com/api/v1/users",
        ),
        (
            Method::PATCH,
            "https://acme.okta.com:443/x%20y",
            "https://acme.okta.com/x%20y",
        ),
    ] {
        let uri: Uri = uri.parse().unwrap();
        let credentials = oauth.credentials(Attempt::new(&method, &uri)).await.unwrap();
        assert!(credentials.headers().values().all(HeaderValue::is_sensitive));
        let claims = claims(&credentials);
        assert_eq!(
            (&claims["htm"], &claims["htu"]),
            (&method.as_str().into(), &target.into())
        );
        assert_eq!(claims["iat"], EPOCH);
        assert!(identifiers.insert(claims["jti"].to_string()));
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn the_nonce_of_the_server_goes_into_the_next_proof() {
    let (_, oauth) = bound(&ManualClock::new());
    let first = credentials(&oauth).await.unwrap();
    assert_eq!(claims(&first)["nonce"], Value::Null);
    let wanted = [
        ("www-authenticate", r#"DPoP error="use_dpop_nonce""#),
        ("dpop-nonce", "n1"),
    ];
    assert_eq!(
        review(&oauth, &first, 401, &wanted).await,
        ReviewOutcome::ReplayWithProof
    );
    let second = credentials(&oauth).await.unwrap();
    assert_eq!(claims(&second)["nonce"], "n1");
    assert_eq!(second.generation(), first.generation(), "the token is the same");
    // A successful answer may bring the next one along (RFC 9449 §8.2).
    assert_eq!(
        review(&oauth, &second, 200, &[("dpop-nonce", "n2")]).await,
        ReviewOutcome::Accept
    );
    assert_eq!(claims(&credentials(&oauth).await.unwrap())["nonce"], "n2");
}

#[tokio::test]
async fn a_wish_for_a_nonce_in_the_body_alone_is_met_by_the_header_that_comes_with_it() {
    for status in [400, 401] {
        let (_, oauth) = bound(&ManualClock::new());
        let used = credentials(&oauth).await.unwrap();
        assert_eq!(
            review(&oauth, &used, status, &[("dpop-nonce", "n1")]).await,
            ReviewOutcome::ReplayWithProof
        );
        // The same nonce again changes nothing.
        let used = credentials(&oauth).await.unwrap();
        assert_ne!(
            review(&oauth, &used, status, &[("dpop-nonce", "n1")]).await,
            ReviewOutcome::ReplayWithProof
        );
    }
}

#[tokio::test]
async fn of_calls_at_once_each_is_sent_again_with_the_nonce_the_first_one_learnt() {
    let (_, oauth) = bound(&ManualClock::new());
    let both = [credentials(&oauth).await.unwrap(), credentials(&oauth).await.unwrap()];
    for used in &both {
        assert_eq!(
            review(&oauth, used, 401, &[("dpop-nonce", "n1")]).await,
            ReviewOutcome::ReplayWithProof
        );
    }
}

#[tokio::test]
async fn nonces_of_one_origin_are_not_sent_to_another() {
    let (_, oauth) = bound(&ManualClock::new());
    let used = credentials(&oauth).await.unwrap();
    review(&oauth, &used, 200, &[("dpop-nonce", "n1")]).await;
    let elsewhere = Uri::from_static("https://other.okta.com/api/v1/users");
    let there = oauth.credentials(Attempt::new(&Method::GET, &elsewhere)).await.unwrap();
    assert_eq!(claims(&there)["nonce"], Value::Null);
    assert_eq!(claims(&credentials(&oauth).await.unwrap())["nonce"], "n1");
}

#[tokio::test]
async fn the_nonces_of_the_token_endpoint_are_its_own() {
    let endpoint = Endpoint::new(|asked| {
        let mut response = token(asked, 60);
        response
            .headers_mut()
            .insert("dpop-nonce", HeaderValue::from_static("of-tokens"));
        Ok(response)
    });
    let clock = ManualClock::new();
    let source = source(&endpoint, &clock).dpop(Dpop::required());
    let oauth = OAuthAuthenticator::new(source, ["x"], Arc::new(clock.clone()));
    let used = credentials(&oauth).await.unwrap();
    assert_eq!(claims(&used)["nonce"], Value::Null);
    review(&oauth, &used, 200, &[("dpop-nonce", "of-users")]).await;
    clock.advance(60.0);
    assert_eq!(claims(&credentials(&oauth).await.unwrap())["nonce"], "of-users");
    assert_eq!(part(endpoint.asked()[1].proof().unwrap(), 1)["nonce"], "of-tokens");
}

#[tokio::test]
async fn a_proof_refused_for_its_time_is_made_again_by_the_servers_clock() {
    let (endpoint, oauth) = bound(&ManualClock::new());
    let used = credentials(&oauth).await.unwrap();
    let headers = [
        ("date", "Tue, 14 Nov 2023 23:13:20 GMT"),
        ("www-authenticate", r#"DPoP error="invalid_dpop_proof""#),
    ];
    assert_eq!(
        review(&oauth, &used, 401, &headers).await,
        ReviewOutcome::ReplayWithProof
    );
    let used = credentials(&oauth).await.unwrap();
    assert_eq!(claims(&used)["iat"], EPOCH + 3600);
    // Now it is something else, and another token would not help.
    assert_eq!(review(&oauth, &used, 401, &headers).await, ReviewOutcome::Accept);
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_even_where_every_answer_has_another_nonce() {
    for challenge in [Some(("www-authenticate", r#"DPoP error="invalid_token""#)), None] {
        let (_, oauth) = bound(&ManualClock::new());
        let used = credentials(&oauth).await.unwrap();
        review(&oauth, &used, 200, &[("dpop-nonce", "n1")]).await;
        let used = credentials(&oauth).await.unwrap();
        let headers: Vec<_> = [Some(("dpop-nonce", "n2")), challenge].into_iter().flatten().collect();
        assert_eq!(review(&oauth, &used, 401, &headers).await, ReviewOutcome::Replay);
        let next = credentials(&oauth).await.unwrap();
        assert_eq!(
            (sent(&next).as_str(), &claims(&next)["nonce"]),
            ("token-2", &"n2".into())
        );
    }
}

#[tokio::test]
async fn a_bad_request_is_not_sent_twice_because_of_a_new_nonce() {
    let (_, oauth) = bound(&ManualClock::new());
    let used = credentials(&oauth).await.unwrap();
    review(&oauth, &used, 200, &[("dpop-nonce", "n1")]).await;
    let used = credentials(&oauth).await.unwrap();
    assert_eq!(
        review(&oauth, &used, 400, &[("dpop-nonce", "n2")]).await,
        ReviewOutcome::Accept
    );
}
