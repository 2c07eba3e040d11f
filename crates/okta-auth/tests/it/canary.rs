//! A secret shows nowhere.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use okta_auth::{
    Attempt, AuthError, Authenticator, BearerToken, ClientCredentials, Credentials, Issuer, OAuthAuthenticator,
    SharedAuthenticator, SigningKey, SswsToken, authenticator,
};
use okta_config::Authorization;
use tracing::field::Visit;

use crate::{
    rfc_vectors::rsa_key,
    support::{Endpoint, ManualClock, answer, credentials, org, refusal},
};

const CANARY: &str = "canary-7f3a";

async fn check(token: impl Into<SharedAuthenticator>) {
    let token = token.into();
    let uri = Uri::from_static("https://acme.okta.com/api/v1/users");
    let credentials = token.credentials(Attempt::new(&Method::GET, &uri)).await.unwrap();
    assert!(credentials.headers().values().all(HeaderValue::is_sensitive));
    for shown in [
        format!("{token:?}"),
        format!("{token:#?}"),
        format!("{credentials:?}"),
        token.principal().to_string(),
    ] {
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[tokio::test]
async fn no_token_shows() {
    check(SswsToken::new(CANARY.into()).unwrap()).await;
    check(Arc::new(BearerToken::new(CANARY.into()).unwrap())).await;
    check(authenticator(&Authorization::ssws(CANARY)).unwrap()).await;
    check(authenticator(&Authorization::bearer(CANARY)).unwrap()).await;
}

#[test]
fn no_refused_token_shows() {
    for text in [
        format!("SSWS {CANARY}"),
        format!("{CANARY}\n"),
        format!("\n{CANARY}"),
        format!("ü{CANARY}"),
    ] {
        for error in [
            SswsToken::new(text.clone().into()).unwrap_err(),
            BearerToken::new(text.into()).unwrap_err(),
        ] {
            assert!(!format!("{error} {error:?}").contains(CANARY), "{error:?}");
        }
    }
}

#[test]
fn an_added_header_is_hidden_even_if_its_maker_forgot_to() {
    let credentials = Credentials::none()
        .with_header(HeaderName::from_static("dpop"), HeaderValue::from_static(CANARY))
        .with_generation(3);
    assert!(credentials.headers()["dpop"].is_sensitive());
    assert_eq!(credentials.generation(), 3);
    assert!(!format!("{credentials:?}").contains(CANARY));
}

#[test]
fn debug_of_an_error_is_its_text_and_its_cause() {
    let error = SswsToken::new("".into()).unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    let error = AuthError::other(std::io::Error::other("the vault is locked"));
    let shown = format!("{error:?}");
    assert!(shown.starts_with("no credentials could be obtained: "), "{shown}");
    assert!(shown.contains("the vault is locked"), "{shown}");
}

/// Stores all that is reported to `tracing`, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut self.clone());
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

/// The whole way of a service app: a proof demanded, a nonce, a token, its refusal, an endpoint out of order.
#[tokio::test]
async fn neither_keys_nor_assertions_nor_tokens_nor_proofs_show() {
    let log = Log::default();
    // Of this thread only, and the runtime of the test has no other.
    let _guard = tracing::subscriber::set_default(log.clone());
    let endpoint = Endpoint::new(|asked| {
        Ok(match (asked.number, asked.proof()) {
            (_, None) => refusal(400, "invalid_dpop_proof", &[]),
            (2, _) => refusal(400, "use_dpop_nonce", &[("dpop-nonce", "n1")]),
            (5.., _) => refusal(401, "invalid_client", &[]),
            _ => answer(
                200,
                &[],
                r#"{"token_type":"DPoP","expires_in":60,"access_token":"canary-7f3a"}"#,
            ),
        })
    });
    let clock = ManualClock::new();
    let key = SigningKey::parse(&rsa_key().to_string()).unwrap();
    let source = ClientCredentials::new(
        Issuer::org(&org()),
        "0oa1",
        key,
        endpoint.clone(),
        Arc::new(clock.clone()),
    );
    let oauth = OAuthAuthenticator::new(source, ["x"], Arc::new(clock.clone()));
    let mut shown = format!("{oauth:?} {oauth:#?}");
    let mut secrets = vec![CANARY.to_owned()];
    for _ in 0..2 {
        let used = credentials(&oauth).await.unwrap();
        shown += &format!("{used:?} {oauth:?} {:?}", oauth.principal());
        secrets.push(used.headers()["dpop"].to_str().unwrap().to_owned());
        oauth.review(&used, StatusCode::UNAUTHORIZED, &HeaderMap::new()).await;
        clock.advance(2.0);
    }
    clock.advance(60.0);
    let error = credentials(&oauth).await.unwrap_err();
    shown += &format!("{error} {error:?} {error:#?} {oauth:#?}");
    let error = credentials(&oauth).await.unwrap_err();
    shown += &format!("{error} {error:?}");
    shown += &log.0.lock().unwrap();
    for asked in endpoint.asked() {
        secrets.push(asked.assertion().to_owned());
        secrets.extend(asked.proof().map(str::to_owned));
    }
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        secrets.push(rsa_key()[member].as_str().unwrap().to_owned());
    }
    for secret in secrets {
        // Not even a part of it.
        for part in secret.split('.') {
            let part = &part[..part.len().min(24)];
            // The header of a JWT is not secret, and all headers begin in the same way.
            assert!(part.starts_with("eyJ") || !shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains(&secret), "{secret}");
    }
    assert!(
        shown.contains("new access token") && shown.contains("no new access token"),
        "{shown}"
    );
}
