//! Secrets show nowhere: not in a log line at any level, not in the `Debug` or `Display` of anything the client is made of
//! or fails with, for any outcome of a call.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use data_encoding::BASE64;
use http::{Request, StatusCode};
use okta_client::{
    Body, BoxError, Error, OktaClient, OktaClientBuilder, OrgUrl,
    auth::SigningKey,
    config::{Authorization, ClientConfig, PrivateKey, PrivateKeyConfig},
    transport::Proxy,
};
use okta_emulator::{Emulator, Fault, ServiceApp};
use tower::ServiceExt;
use url::form_urlencoded;

use crate::{connect_proxy, log_capture::LogCapture, org::Org, virtual_clock::VirtualClock};

const TOKEN: &str = "00canary-token-4711";
const PASSWORD: &str = "canary-password-4711";

/// All that a user could print.
#[derive(Default)]
struct Shown(String);

impl Shown {
    fn debug(&mut self, value: &impl Debug) {
        write!(self.0, "{value:?}\n{value:#?}\n").unwrap();
    }

    fn build(&mut self, builder: OktaClientBuilder) -> OktaClient {
        self.debug(&builder);
        let okta = builder.build().unwrap();
        self.debug(&okta);
        self.debug(okta.service());
        okta
    }

    /// Shows an error with all its sources.
    fn error(&mut self, error: &Error) {
        self.debug(error);
        let mut source: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = source {
            write!(self.0, "{error}\n{error:?}\n").unwrap();
            source = error.source();
        }
        self.debug(&error.attempts());
        self.debug(&error.api_error());
        self.debug(&error.headers());
    }

    /// Makes a call with this response, or none.
    async fn call(&mut self, okta: &OktaClient, expected: impl Into<Option<StatusCode>>) -> Option<Error> {
        match okta.users().get("user1@example.com").send().await {
            Ok(response) => {
                self.debug(&response);
                assert_eq!(expected.into(), Some(StatusCode::OK));
                None
            }
            Err(error) => {
                self.error(&error);
                assert_eq!(error.status(), expected.into(), "{error}");
                Some(error)
            }
        }
    }

    fn hides(&self, log: &LogCapture, secrets: &[&str]) {
        let log = log.text();
        // Had nothing been written, nothing would be proved.
        for target in ["okta_transport", "DEBUG", "TRACE"] {
            assert!(log.contains(target), "nothing of {target} is logged");
        }
        for secret in secrets {
            assert!(secret.len() > 8, "{secret}");
            for (place, text) in [("shown", &self.0), ("logged", &log)] {
                let line = text.lines().find(|line| line.contains(secret));
                assert!(line.is_none(), "{secret} is {place}: {line:?}");
            }
        }
    }
}

const OUTCOMES: [StatusCode; 3] = [
    StatusCode::FORBIDDEN,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];

#[tokio::test]
async fn an_api_token_over_tls() {
    let log = LogCapture::begin();
    let mut shown = Shown::default();
    let org = Org::with(Emulator::builder().users(1).api_token(TOKEN)).await;
    let okta = shown.build(org.builder().max_retries(0));
    shown.call(&okta, StatusCode::OK).await;
    for status in OUTCOMES {
        org.emulator.inject(Fault::status(status).times(1));
        shown.call(&okta, status).await;
    }

    let other = format!("{TOKEN}-wrong");
    let okta = shown.build(org.builder().api_token(&*other));
    shown.call(&okta, StatusCode::UNAUTHORIZED).await;
    let bearer = shown.build(org.builder_without_credentials().bearer_token(&*other));
    shown.call(&bearer, StatusCode::UNAUTHORIZED).await;

    let nowhere = org.builder().org_url("https://127.0.0.1:1").max_retries(0);
    let okta = shown.build(nowhere);
    let error = shown.call(&okta, None).await.unwrap();
    assert!(error.is_connect());
    shown.hides(&log, &[TOKEN]);
}

#[tokio::test]
async fn the_password_of_a_proxy() {
    let log = LogCapture::begin();
    let mut shown = Shown::default();
    let basic = BASE64.encode(format!("acme:{PASSWORD}").as_bytes());
    let wrong = BASE64.encode(format!("acme:{PASSWORD}-wrong").as_bytes());
    let address = connect_proxy::start(format!("Basic {basic}")).await.unwrap();
    let org = Org::with(Emulator::builder().users(1).api_token(TOKEN)).await;
    let through = |url: String| {
        let proxy = Proxy::from_url(&url).unwrap().including_loopback();
        org.builder().proxy(proxy).max_retries(0)
    };

    let okta = shown.build(through(format!("http://acme:{PASSWORD}@{address}")));
    shown.call(&okta, StatusCode::OK).await;
    for url in [
        format!("http://acme:{PASSWORD}-wrong@{address}"),
        format!("http://acme:{PASSWORD}@127.0.0.1:1"),
    ] {
        let okta = shown.build(through(url));
        let error = shown.call(&okta, None).await.unwrap();
        assert!(error.is_connect(), "{error}");
    }
    shown.debug(&Proxy::from_url(&format!("gopher://acme:{PASSWORD}@proxy")).unwrap_err());
    shown.hides(&log, &[TOKEN, PASSWORD, &basic, &wrong]);
}

/// What went to the org that must show nowhere else.
#[derive(Clone, Default)]
struct Secrets(Arc<Mutex<Vec<String>>>);

impl Secrets {
    fn note(&self, headers: &http::HeaderMap, body: &[u8]) {
        let mut secrets = self.0.lock().unwrap();
        if let Some(authorization) = headers.get("authorization") {
            let token = authorization.to_str().unwrap().split(' ').nth(1).unwrap();
            secrets.push(token.to_owned());
        }
        if let Some(proof) = headers.get("dpop") {
            // Whole, and what makes it one: its signature.
            let proof = proof.to_str().unwrap();
            secrets.extend([proof, proof.rsplit('.').next().unwrap()].map(str::to_owned));
        }
        let form = form_urlencoded::parse(body);
        secrets.extend(form.filter_map(|(name, value)| (name == "client_assertion").then(|| value.into_owned())));
    }
}

#[tokio::test(start_paused = true)]
async fn a_private_key_its_assertions_the_tokens_for_them_and_the_proofs() {
    let log = LogCapture::begin();
    let mut shown = Shown::default();
    let clock = VirtualClock::new();
    let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let jwk = SigningKey::parse(&pem).unwrap().public_jwk().to_json();
    let app = ServiceApp::new("0oaservice", jwk).scopes(["okta.users.read"]);
    let emulator = Emulator::builder()
        .org_url("https://acme.okta.com")
        .users(1)
        .clock(clock.of_org())
        .service_app(app.dpop_required())
        .build()
        .unwrap();

    let key = PrivateKeyConfig::new("0oaservice", ["okta.users.read"], PrivateKey::parse(&pem).unwrap());
    let mut config = ClientConfig::new(
        OrgUrl::parse("https://acme.okta.com").unwrap(),
        Authorization::PrivateKey(key),
    );
    config.dpop_enabled = true;
    shown.debug(&config);

    let secrets = Secrets::default();
    let (noting, org) = (secrets.clone(), emulator.clone());
    let service = tower::service_fn(move |request: Request<Body>| {
        let (secrets, org) = (noting.clone(), org.clone());
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?;
            secrets.note(&parts.headers, &body);
            Ok::<_, BoxError>(org.oneshot(Request::from_parts(parts, Body::from(body))).await?)
        }
    });
    let builder = OktaClient::builder()
        .config(config)
        .clock(clock.shared())
        .service(service);
    let okta = shown.build(builder);

    shown.call(&okta, StatusCode::OK).await;
    emulator.revoke_access_tokens();
    shown.call(&okta, StatusCode::OK).await;
    for status in OUTCOMES {
        emulator.inject(Fault::status(status).path("/api/v1/users/*").times(3));
        shown.call(&okta, status).await;
        emulator.clear_faults();
    }
    // The token endpoint refuses, and breaks off.
    for fault in [
        Fault::status(StatusCode::UNAUTHORIZED),
        Fault::garbage(),
        Fault::reset(),
    ] {
        okta.invalidate_token();
        emulator.inject(fault.path("/oauth2/v1/token"));
        shown.call(&okta, None).await;
        emulator.clear_faults();
        // The client does not ask a failing endpoint on every call.
        tokio::time::advance(Duration::from_secs(120)).await;
    }
    shown.call(&okta, StatusCode::OK).await;

    let sent = secrets.0.lock().unwrap().clone();
    assert!(sent.len() > 24, "assertions, tokens and proofs went to the org");
    let key_lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let secrets: Vec<&str> = key_lines.chain(sent.iter().map(String::as_str)).collect();
    shown.hides(&log, &secrets);
}
