//! Misconfigurations that operators meet, seeded one at a time: `okta_doctor` names each, and nothing else.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use http::{Method, Uri};
use okta_client::{
    OktaClient, OktaClientBuilder, OrgUrl,
    auth::{Attempt, ClientCredentials, Issuer, OAuthAuthenticator, SharedAuthenticator, SigningKey},
    transport::{Clock, TokioClock},
};
use okta_emulator::{Emulator, EmulatorBuilder, ManualClock, ServiceApp};

use crate::org::Org;

#[path = "../../examples/support/doctor.rs"]
mod support;

use support::examine;

const CLIENT: &str = "0oadoctor";

/// The names of the problems in a report, and the report.
async fn named(builder: OktaClientBuilder, operations: &[&str]) -> (Vec<String>, String) {
    let (report, is_ready) = examine(builder, operations).await;
    let problems = report.lines().filter_map(|line| line.strip_prefix("PROBLEM "));
    let problems = problems.map(|line| {
        let (name, _) = line.get(12..).unwrap_or(line).split_once(": ").unwrap();
        name.trim().to_owned()
    });
    let problems: Vec<String> = problems.collect();
    assert_eq!(is_ready, problems.is_empty(), "{report}");
    (problems, report)
}

#[track_caller]
fn assert_named((problems, report): (Vec<String>, String), name: &str, says: &str) {
    assert_eq!(problems, [name], "{report}");
    assert!(report.contains(says), "`{says}` is not in: {report}");
}

/// A key, and an app that has it registered.
fn service_app(scopes: &[&str]) -> (String, ServiceApp) {
    let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let jwk = SigningKey::parse(&pem).unwrap().public_jwk().to_json();
    (pem, ServiceApp::new(CLIENT, jwk).scopes(scopes.iter().copied()))
}

/// An org with a service app, and a client of it.
async fn service(scopes: &[&str], choose: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> (Org, OktaClientBuilder) {
    let (pem, app) = service_app(scopes);
    let org = Org::with(choose(Emulator::builder().users(2).service_app(app))).await;
    let builder = org.builder_without_credentials().private_key(CLIENT, scopes, pem);
    (org, builder)
}

/// The access token of a service app, as another program would have fetched it.
async fn access_token(org: &Org, pem: &str, scopes: &'static [&'static str]) -> String {
    let (issuer, key) = (
        Issuer::org(&OrgUrl::parse(org.url()).unwrap()),
        SigningKey::parse(pem).unwrap(),
    );
    let made = Arc::new(OnceLock::new());
    let keep = made.clone();
    let _client = org
        .builder_without_credentials()
        .authenticator_with(move |exchange, clock| {
            let source = ClientCredentials::new(issuer, CLIENT, key, exchange, clock.clone());
            let authenticator = SharedAuthenticator::new(OAuthAuthenticator::new(source, scopes, clock));
            Ok(keep.get_or_init(|| authenticator).clone())
        })
        .build()
        .unwrap();
    let uri: Uri = format!("{}/api/v1/users", org.url()).parse().unwrap();
    let authenticator: &SharedAuthenticator = made.get().unwrap();
    let credentials = authenticator
        .credentials(Attempt::new(&Method::GET, &uri))
        .await
        .unwrap();
    let header = credentials.headers()["authorization"].to_str().unwrap();
    header.split_once(' ').unwrap().1.to_owned()
}

/// The time by this machine's clock, which the client goes by, too.
fn today() -> SystemTime {
    TokioClock.system_time()
}

/// A port of loopback where nothing listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn a_healthy_set_up_has_no_problem() {
    let org = Org::start(2).await;
    let (problems, report) = named(org.builder(), &["listUsers", "addGroup"]).await;
    assert!(problems.is_empty(), "{report}");
    assert!(!report.contains(org.emulator.token()));

    let scopes = ["okta.users.read", "okta.roles.read", "okta.principalRateLimits.read"];
    let (org, builder) = service(&scopes, |org| {
        org.resource(
            format!("/oauth2/v1/clients/{CLIENT}/roles"),
            serde_json::json!({"type": "READ_ONLY_ADMIN", "label": "Read-only Administrator"}),
        )
        .resource(
            "/api/v1/principal-rate-limits",
            serde_json::json!({"principalId": CLIENT, "principalType": "OAUTH_CLIENT", "defaultPercentage": 30}),
        )
        .admin_role_required()
    })
    .await;
    let (problems, report) = named(builder, &["listUsers", "getUser"]).await;
    assert!(problems.is_empty(), "{report}");
    assert!(report.contains("Read-only Administrator"), "{report}");
    assert!(report.contains("share is 30 %"), "{report}");
    drop(org);
}

#[tokio::test]
async fn a_wrong_api_token() {
    let org = Org::start(1).await;
    let builder = org.builder_without_credentials().api_token("00canaryWrong");
    let (problems, report) = named(builder, &["listUsers"]).await;
    assert!(!report.contains("canary"), "{report}");
    assert_named((problems, report), "token-not-accepted", "create a new one in this org");
}

#[tokio::test]
async fn a_scope_that_was_not_requested() {
    let (_org, builder) = service(&["okta.users.read"], |org| org).await;
    let found = named(builder, &["listUsers", "addGroup"]).await;
    assert_named(found, "missing-scopes", "lacks okta.groups.manage");
}

#[tokio::test]
async fn a_scope_that_was_not_granted() {
    let (pem, app) = service_app(&["okta.users.read"]);
    let org = Org::with(Emulator::builder().users(1).service_app(app)).await;
    let builder = org.builder_without_credentials();
    let builder = builder.private_key(CLIENT, ["okta.users.read", "okta.groups.read"], pem);
    assert_named(
        named(builder, &["listUsers"]).await,
        "scopes-not-granted",
        "okta.groups.read",
    );
}

#[tokio::test]
async fn a_service_app_without_an_admin_role() {
    for scopes in [
        ["okta.users.read", "okta.roles.read"],
        ["okta.users.read", "okta.logs.read"],
    ] {
        let (_org, builder) = service(&scopes, EmulatorBuilder::admin_role_required).await;
        assert_named(named(builder, &["listUsers"]).await, "no-admin-role", "lists are empty");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong() {
    for (now, says) in [
        (today() - Duration::from_secs(400), "s ahead of"),
        (today() + Duration::from_secs(400), "s behind"),
    ] {
        let org = Org::with(Emulator::builder().users(1).clock(ManualClock::new(now))).await;
        // The certificate is from the org's time, too.
        assert_named(named(org.builder(), &["listUsers"]).await, "clock-skewed", says);
    }
}

#[tokio::test]
async fn the_address_of_the_admin_console() {
    let builder = OktaClient::builder()
        .org_url("https://acme-admin.okta.com")
        .api_token("00canary");
    let (report, is_ready) = examine(builder, &["listUsers"]).await;
    assert!(!is_ready && report.starts_with("PROBLEM settings"), "{report}");
    assert!(
        report.contains("admin console") && report.contains("https://acme.okta.com"),
        "{report}"
    );
    assert!(!report.contains("canary"), "{report}");
}

#[tokio::test]
async fn an_org_of_the_classic_engine() {
    let org = Org::with(Emulator::builder().users(1).classic_engine()).await;
    let found = named(org.builder(), &["listUsers", "listDevices"]).await;
    assert_named(found, "classic-engine", "does not have listDevices");
    // Operations of both engines do not matter.
    let (problems, report) = named(org.builder(), &["listUsers"]).await;
    assert!(problems.is_empty() && report.contains("Classic Engine"), "{report}");
}

#[tokio::test]
async fn a_share_of_the_rate_limit_that_is_used_up() {
    let org = Org::with(Emulator::builder().users(1).rate_limit(40).principal_share(50)).await;
    let okta = org.client();
    for _ in 0..19 {
        okta.users().list().await.unwrap();
    }
    assert_named(
        named(org.builder(), &["listUsers"]).await,
        "rate-limit-used-up",
        "listUsers has 0 of 20",
    );
}

#[tokio::test]
async fn an_app_that_requires_dpop_and_a_token_that_is_sent_without() {
    let scopes: &[&str] = &["okta.users.read"];
    let (pem, app) = service_app(scopes);
    let org = Org::with(Emulator::builder().users(1).service_app(app.dpop_required())).await;
    let token = access_token(&org, &pem, &["okta.users.read"]).await;
    let builder = org.builder_without_credentials().bearer_token(token.clone());
    let (problems, report) = named(builder, &["listUsers"]).await;
    assert!(!report.contains(&token), "{report}");
    assert_named((problems, report), "dpop-required", "Require DPoP");
}

#[tokio::test]
async fn a_key_that_is_not_registered_and_a_client_id_that_does_not_exist() {
    let (pem, app) = service_app(&["okta.users.read"]);
    let org = Org::with(Emulator::builder().users(1).service_app(app)).await;
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let builder = org.builder_without_credentials();
    let builder = builder.private_key(CLIENT, ["okta.users.read"], other);
    assert_named(
        named(builder, &["listUsers"]).await,
        "key-not-registered",
        "public half",
    );

    let builder = org.builder_without_credentials();
    let builder = builder.private_key("0oanobody", ["okta.users.read"], pem);
    assert_named(
        named(builder, &["listUsers"]).await,
        "client-unknown",
        "compare `clientId`",
    );
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    // The proxy looks the name up, and loopback would not go through it.
    let builder = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00canary");
    let proxy = okta_client::config::ProxyConfig::new("127.0.0.1", Some(closed_port()));
    let proxy = okta_client::transport::proxy::Proxy::new(proxy).unwrap();
    let found = named(builder.proxy(proxy), &["listUsers"]).await;
    assert_named(found, "proxy-failed", "through the proxy http://127.0.0.1:");
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted() {
    let org = Org::start(1).await;
    let builder = OktaClient::builder().org_url(org.url()).api_token(org.emulator.token());
    assert_named(named(builder, &["listUsers"]).await, "tls-failed", "not trusted");
}

#[tokio::test]
async fn a_host_that_does_not_exist_and_a_port_that_is_closed() {
    let builder = OktaClient::builder()
        .org_url("https://acme.invalid")
        .api_token("00canary");
    assert_named(named(builder, &["listUsers"]).await, "host-not-found", "`acme.invalid`");

    let builder = OktaClient::builder().org_url(format!("https://127.0.0.1:{}", closed_port()));
    assert_named(
        named(builder.api_token("00canary"), &["listUsers"]).await,
        "unreachable",
        "refused",
    );
}

#[tokio::test]
async fn an_org_that_was_deactivated() {
    let org = Org::with(Emulator::builder().users(1).deactivated()).await;
    assert_named(
        named(org.builder(), &["listUsers"]).await,
        "not-an-org",
        "oktapreview.com",
    );
}

#[tokio::test]
async fn tokens_that_expired_were_revoked_or_are_of_another_org() {
    let scopes: &[&str] = &["okta.users.read"];
    let (pem, app) = service_app(scopes);
    let clock = ManualClock::new(today());
    let org = Emulator::builder()
        .users(1)
        .service_app(app.clone())
        .clock(clock.clone());
    let org = Org::with(org.token_life(Duration::from_secs(10))).await;
    let token = access_token(&org, &pem, &["okta.users.read"]).await;
    let bearer = |org: &Org| org.builder_without_credentials().bearer_token(token.clone());

    let other = Org::with(Emulator::builder().users(1).service_app(app)).await;
    assert_named(named(bearer(&other), &["listUsers"]).await, "foreign-token", org.url());

    clock.advance(Duration::from_secs(20));
    assert_named(named(bearer(&org), &["listUsers"]).await, "token-expired", "10 s ago");

    let token = access_token(&org, &pem, &["okta.users.read"]).await;
    org.emulator.revoke_access_tokens();
    let builder = org.builder_without_credentials().bearer_token(token);
    assert_named(named(builder, &["listUsers"]).await, "token-not-accepted", "revoked");
}

#[tokio::test]
async fn an_operation_that_takes_other_credentials() {
    let org = Org::start(1).await;
    let oauth_only = okta_client::operations().iter().find(|operation| {
        operation.authorization == okta_client::transport::OperationAuthorization::OAuth && !operation.identity_engine
    });
    let id = oauth_only.unwrap().id;
    assert_named(named(org.builder(), &["listUsers", id]).await, "wrong-credentials", id);
}
