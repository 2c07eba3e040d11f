//! Without a cryptographic library there are tokens and own signers; a private key is refused by name.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use okta_auth::{
    AssertionSigner, Attempt, Authenticator, BoxFuture, ClientCredentials, Clock, HttpExchange, Issuer,
    OAuthAuthenticator, SignError, SigningAlgorithm, authenticator_of,
};
use okta_config::{Authorization, ClientConfig, OrgUrl, PrivateKey, PrivateKeyConfig};

#[derive(Debug)]
struct SystemClock;

#[expect(clippy::disallowed_methods, reason = "any time will do")]
impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

struct Endpoint;

impl HttpExchange for Endpoint {
    async fn exchange(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>> {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(request.body()).into_owned().collect();
        let (_, assertion) = form.iter().find(|(name, _)| name == "client_assertion").unwrap();
        assert!(assertion.ends_with(".c2lnbmF0dXJl"), "{assertion}");
        Ok(Response::new(
            r#"{"access_token":"abc","token_type":"Bearer","expires_in":3600}"#.into(),
        ))
    }
}

struct Elsewhere;

impl AssertionSigner for Elsewhere {
    fn algorithm(&self) -> SigningAlgorithm {
        SigningAlgorithm::ES512
    }

    async fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(b"signature".into())
    }
}

fn org() -> OrgUrl {
    OrgUrl::parse("https://acme.okta.com").unwrap()
}

#[tokio::test]
async fn an_own_signer_gets_tokens() {
    let clock = Arc::new(SystemClock);
    let source = ClientCredentials::new(Issuer::org(&org()), "0oa1", Elsewhere, Endpoint, clock.clone());
    let oauth = OAuthAuthenticator::new(source, ["okta.users.read"], clock);
    let uri = Uri::from_static("https://acme.okta.com/");
    let credentials = oauth.credentials(Attempt::new(&Method::GET, &uri)).await.unwrap();
    assert_eq!(credentials.headers()["authorization"], "Bearer abc");
}

#[test]
fn a_private_key_of_the_settings_is_refused_by_name() {
    let key = PrivateKey::parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").unwrap();
    let app = PrivateKeyConfig::new("0oa1", ["okta.users.read"], key);
    let config = ClientConfig::new(org(), Authorization::PrivateKey(app));
    let error = authenticator_of(&config, Endpoint, Arc::new(SystemClock)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a private key is not possible in this build: enable the features `private-key` and `aws-lc-rs` (or `ring`)"
    );
}
