use http::{Request, Response};
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, BuildError, HttpService, StackBuilder};

use crate::{USERS, get, stack};

fn echo() -> impl tower::Service<
    Request<Body>,
    Response = Response<Body>,
    Error = BoxError,
    Future = std::future::Ready<Result<Response<Body>, BoxError>>,
> + Clone
+ Send
+ Sync
+ 'static {
    tower::service_fn(|request: Request<Body>| {
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = request.headers().clone();
        std::future::ready(Ok(response))
    })
}

#[tokio::test]
async fn configured_headers_are_sent_and_a_request_overrides_them() {
    let service = stack()
        .user_agent("acme-sync/2.1")
        .header("X-Team", "identity")
        .service(echo())
        .build()
        .unwrap();
    let sent = service.send(get(USERS)).await.unwrap().headers().clone();
    assert!(sent["user-agent"].to_str().unwrap().ends_with(" acme-sync/2.1"));
    assert_eq!(sent["x-team"], "identity");
    assert_eq!(sent["accept"], "application/json");

    let own = Request::get(USERS)
        .header("x-team", "platform")
        .header("accept", "text/plain")
        .body("")
        .unwrap();
    let sent = service.send(own).await.unwrap().headers().clone();
    assert_eq!(sent["x-team"], "platform");
    assert_eq!(sent["accept"], "text/plain");
}

#[test]
fn a_bad_header_is_an_error_of_the_builder() {
    let built = |builder: StackBuilder| builder.service(echo()).build().map(|_| ()).unwrap_err();
    assert!(matches!(
        built(stack().user_agent("a\nb")),
        BuildError::UserAgent { .. }
    ));
    assert!(matches!(
        built(stack().header("a b", "c")),
        BuildError::HeaderName { .. }
    ));
    assert!(matches!(
        built(stack().header("a", "b\0")),
        BuildError::HeaderValue { .. }
    ));
}

#[test]
fn a_header_that_would_make_every_call_fail_is_refused() {
    let built = |builder: StackBuilder| builder.service(echo()).build().map(|_| ());
    for name in ["Authorization", "authorization"] {
        let error = built(stack().header(name, "Bearer canary")).unwrap_err();
        assert!(matches!(error, BuildError::HeaderTaken { .. }), "{error}");
        assert!(error.to_string().contains("`authorization`"), "{error}");
        assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
    }
    let error = built(stack().header("Host", "evil.example")).unwrap_err();
    assert!(matches!(error, BuildError::ForeignHost(_)), "{error}");
    assert!(error.to_string().contains("evil.example"), "{error}");
    built(stack().header("Host", "acme.okta.com")).unwrap();
    // Without an authenticator no layer sets it, and no credential of the org is at risk.
    let bare = || HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap());
    built(bare().header("Authorization", "Bearer canary")).unwrap();
    built(bare().header("Host", "gateway.example")).unwrap();
}

#[test]
fn debug_of_an_error_is_its_text_and_its_cause() {
    let error = stack().header("a b", "c").service(echo()).build().unwrap_err();
    assert_eq!(format!("{error:?}"), format!("{error}: invalid HTTP header name"));
    let error = stack()
        .header("Authorization", "c")
        .service(echo())
        .build()
        .unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[test]
fn the_builder_shows_no_secret() {
    let shown = format!("{:?}", stack().header("X-Gateway-Key", "canary").service(echo()));
    assert!(shown.contains("X-Gateway-Key"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[cfg(not(feature = "hyper"))]
#[test]
fn without_hyper_a_service_is_needed() {
    assert!(matches!(stack().build(), Err(BuildError::NoService)));
}

#[cfg(feature = "hyper")]
#[test]
fn a_setting_for_hyper_is_not_lost_on_another_service() {
    for (name, builder) in [
        ("root_certificate_pem", stack().root_certificate_pem("")),
        ("http1_only", stack().http1_only()),
        ("pool_idle_timeout", stack().pool_idle_timeout(None)),
        ("pool_max_idle_per_host", stack().pool_max_idle_per_host(1)),
    ] {
        let error = builder.service(echo()).build().unwrap_err();
        assert!(
            matches!(error, BuildError::UnusedSetting { setting } if setting == name),
            "{error:?}"
        );
    }
    // Configurations always have a connect timeout, whatever the transport is.
    assert!(stack().connect_timeout(None).service(echo()).build().is_ok());
}
