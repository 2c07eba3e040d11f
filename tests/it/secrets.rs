//! Canaries: a secret that shows anywhere shows here.

use okta_client::{
    OktaClient,
    models::{CreateUserRequest, PasswordCredential, UserCredentialsWritable, UserProfile},
};

use crate::org::Org;

const TOKEN: &str = "00canary-token-4711";
const PASSWORD: &str = "canary-password-4711";

#[tokio::test]
async fn neither_token_nor_password_shows_in_debug_or_errors() {
    let org = Org::start(0).await;
    let builder = org.builder().api_token(TOKEN);
    let mut shown = format!("{builder:?}");
    let okta = builder.build().unwrap();
    shown += &format!("{okta:?} {:?}", okta.service());

    let password = UserCredentialsWritable::default().password(PasswordCredential::default().value(PASSWORD));
    let user = CreateUserRequest::new(UserProfile::default().login("ann@example.com")).credentials(password);
    shown += &format!("{user:?}");
    let call = okta.users().create(&user);
    shown += &format!("{call:?} {:?}", call.request().unwrap());
    let error = call.await.unwrap_err();
    assert!(error.is_auth());
    shown += &format!("{error} {error:?} {:?}", std::error::Error::source(&error));

    let dead = OktaClient::builder()
        .org_url("https://127.0.0.1:1")
        .api_token(TOKEN)
        .build()
        .unwrap();
    let error = dead.users().create(&user).await.unwrap_err();
    shown += &format!("{error} {error:?} {:?}", std::error::Error::source(&error));

    let error = OktaClient::builder()
        .org_url("not an address")
        .api_token(TOKEN)
        .build()
        .unwrap_err();
    shown += &format!("{error} {error:?}");
    let error = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token(format!("{TOKEN}\n{TOKEN}"))
        .build();
    shown += &format!("{error:?}");

    let secretive = tower::service_fn(|_: http::Request<okta_client::Body>| async {
        let response = http::Response::builder().header("set-cookie", "sid=canary");
        let body = r#"{"id":"00u1","client_secret":"canary"}"#;
        Ok::<_, okta_client::BoxError>(response.body(okta_client::Body::from(body)).unwrap())
    });
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token(TOKEN)
        .service(secretive)
        .build()
        .unwrap();
    shown += &format!("{:?}", okta.request(http::Method::GET, "/").await.unwrap());
    shown += &format!("{:?}", okta.users().get("me").send().await.unwrap());

    let echoing = tower::service_fn(|request: http::Request<okta_client::Body>| async move {
        let came = request.headers()["authorization"].to_str().unwrap().to_owned();
        let body = format!(r#"{{"errorCode":"E1","errorSummary":"you sent {came} to me"}}"#);
        Ok::<_, okta_client::BoxError>(
            http::Response::builder()
                .status(401)
                .body(okta_client::Body::from(body))
                .unwrap(),
        )
    });
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token(TOKEN)
        .service(echoing)
        .build()
        .unwrap();
    shown += &format!("{:?}", okta.users().get("me").await.unwrap_err());

    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("[redacted]"), "{shown}");
}
