//! A secret shows nowhere.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, Uri};
use okta_auth::{Attempt, AuthError, Authenticator, BearerToken, Credentials, SswsToken, authenticator};
use okta_config::Authorization;

const CANARY: &str = "canary-7f3a";

async fn check(token: Arc<dyn Authenticator>) {
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
    check(Arc::new(SswsToken::new(CANARY.into()).unwrap())).await;
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
