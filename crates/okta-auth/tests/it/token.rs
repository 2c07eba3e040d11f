use http::{Method, Uri};
use okta_auth::{Attempt, AuthError, Authenticator, BearerToken, SswsToken};

async fn authorization(token: &impl Authenticator) -> String {
    let uri = Uri::from_static("https://acme.okta.com/api/v1/users");
    let credentials = token.credentials(Attempt::new(&Method::GET, &uri)).await.unwrap();
    assert_eq!(credentials.headers().len(), 1);
    let value = &credentials.headers()["authorization"];
    assert!(value.is_sensitive());
    value.to_str().unwrap().into()
}

#[tokio::test]
async fn a_token_is_sent_after_its_scheme() {
    assert_eq!(
        authorization(&SswsToken::new("00abc_-D".into()).unwrap()).await,
        "SSWS 00abc_-D"
    );
    assert_eq!(
        authorization(&BearerToken::new("a.b~c+/==".into()).unwrap()).await,
        "Bearer a.b~c+/=="
    );
}

#[test]
fn an_empty_token_is_refused() {
    let error = SswsToken::new("".into()).unwrap_err();
    assert!(matches!(error, AuthError::EmptyToken { scheme: "SSWS" }));
    assert!(error.to_string().contains("SSWS token is empty"));
    assert!(matches!(
        BearerToken::new("".into()),
        Err(AuthError::EmptyToken { scheme: "Bearer" })
    ));
}

#[test]
fn what_no_token_contains_is_refused_with_its_position() {
    for (text, at) in [
        ("canary\r\nX-Evil: 1", 6),
        ("canary\n", 6),
        (" canary", 0),
        ("canary ", 6),
        ("can\0ary", 3),
        ("canäry", 3),
        ("can\u{7f}ary", 3),
    ] {
        let error = SswsToken::new(text.into()).unwrap_err();
        assert!(
            matches!(error, AuthError::IllegalToken { position, repeats_scheme: false, .. } if position == at),
            "{text:?}: {error:?}"
        );
        assert!(
            error.to_string().contains(&format!("byte {at} of the SSWS token")),
            "{error}"
        );
    }
}

#[test]
fn a_token_that_repeats_its_scheme_is_refused_with_the_remedy() {
    assert!(
        SswsToken::new("SSWS canary".into())
            .unwrap_err()
            .to_string()
            .contains("leave out `SSWS `")
    );
    assert!(
        SswsToken::new("ssws canary".into())
            .unwrap_err()
            .to_string()
            .contains("leave out `SSWS `")
    );
    assert!(
        BearerToken::new("bearer canary".into())
            .unwrap_err()
            .to_string()
            .contains("leave out `Bearer `")
    );
}

#[test]
fn the_principal_follows_the_token_and_the_scheme() {
    let ssws = |token: &str| SswsToken::new(token.into()).unwrap().principal().clone();
    assert_eq!(ssws("a"), ssws("a"));
    assert_ne!(ssws("a"), ssws("b"));
    assert_ne!(&ssws("a"), BearerToken::new("a".into()).unwrap().principal());
}
