use http::{HeaderMap, Method, StatusCode, Uri};
use okta_auth::{Attempt, AuthError, Authenticator, BoxFuture, Credentials, Principal, ReviewOutcome};

#[derive(Debug)]
struct Broken(Principal);

impl Authenticator for Broken {
    fn credentials<'a>(&'a self, _: Attempt<'a>) -> BoxFuture<'a, Result<Credentials, AuthError>> {
        Box::pin(async { Err(AuthError::other("the vault is sealed")) })
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test]
async fn a_response_is_kept_unless_the_authenticator_says_otherwise() {
    let authenticator: &dyn Authenticator = &Broken(Principal::new("vault", "a"));
    let verdict = authenticator
        .review(&Credentials::none(), StatusCode::UNAUTHORIZED, &HeaderMap::new())
        .await;
    assert_eq!(verdict, ReviewOutcome::Accept);
}

#[tokio::test]
async fn a_failed_source_is_the_source_of_the_error() {
    let uri = Uri::from_static("https://acme.okta.com/");
    let error = Broken(Principal::new("vault", "a"))
        .credentials(Attempt::new(&Method::GET, &uri))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "no credentials could be obtained");
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the vault is sealed"
    );
}
