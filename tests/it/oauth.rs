//! OAuth 2.0 for services, through the whole client: private-key JWT, DPoP, scopes, one token for all.

use std::time::Duration;

use http::StatusCode;
use okta_client::{
    OktaClient, OrgUrl,
    auth::SigningKey,
    config::{Authorization, ClientConfig, PrivateKey, PrivateKeyConfig},
    models::{CreateUserRequest, GroupProfile, GroupRequest, UpdateUserRequest, UserProfile},
};
use okta_emulator::{Emulator, EmulatorBuilder, ServiceApp};
use tokio::task::JoinSet;

use crate::{sent::Sent, virtual_clock::VirtualClock};

const ORG: &str = "https://acme.okta.com";
const TOKENS: &str = "/oauth2/v1/token";
const SCOPES: [&str; 2] = ["okta.users.manage", "okta.groups.manage"];

struct Service {
    emulator: Emulator,
    okta: OktaClient,
    sent: Sent,
}

impl Service {
    fn new(scopes: &[&str], dpop: bool, org: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Self {
        let clock = VirtualClock::new();
        let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let jwk = SigningKey::parse(&pem).unwrap().public_jwk().to_json();
        let mut app = ServiceApp::new("0oaservice", jwk).scopes(scopes.iter().copied());
        if dpop {
            app = app.dpop_required();
        }
        let builder = Emulator::builder()
            .org_url(ORG)
            .users(4)
            .any_attribute()
            .clock(clock.of_org())
            .service_app(app);
        let emulator = org(builder).build().unwrap();

        let key = PrivateKeyConfig::new("0oaservice", scopes.iter().copied(), PrivateKey::parse(&pem).unwrap());
        let mut config = ClientConfig::new(OrgUrl::parse(ORG).unwrap(), Authorization::PrivateKey(key));
        config.dpop_enabled = dpop;
        let sent = Sent::default();
        let okta = OktaClient::builder()
            .config(config)
            .clock(clock.shared())
            .service(sent.to(&emulator))
            .build()
            .unwrap();
        Self { emulator, okta, sent }
    }

    fn token_requests(&self) -> usize {
        self.sent.for_path(TOKENS)
    }
}

/// Longer than a token of the session lives.
async fn pass_time() {
    tokio::time::advance(Duration::from_secs(6)).await;
}

#[tokio::test(start_paused = true)]
async fn f20_sixteen_callers_at_once_all_succeed_on_nonces_that_are_accepted_once() {
    for uses in [1, 2, 17] {
        let service = Service::new(&["okta.users.read"], true, |org| {
            org.dpop_nonces_at_resources().dpop_nonce_uses(uses)
        });
        let mut callers = JoinSet::new();
        for _ in 0..16 {
            let okta = service.okta.clone();
            callers.spawn(async move {
                for _ in 0..4 {
                    okta.users().list().await?;
                }
                Ok::<_, okta_client::Error>(())
            });
        }
        while let Some(outcome) = callers.join_next().await {
            outcome.unwrap().unwrap();
        }
        let refused = service.sent.with_status(StatusCode::UNAUTHORIZED);
        assert!(refused <= 2 * 16 + 64, "{uses} uses: {refused} refused");
    }
}

#[tokio::test(start_paused = true)]
async fn a_whole_session_with_dpop_rotating_nonces_and_tokens_of_five_seconds() {
    let service = Service::new(&SCOPES, true, |org| {
        org.token_life(Duration::from_secs(5))
            .dpop_nonces_at_resources()
            .dpop_nonce_life(Duration::from_secs(3))
    });
    let okta = &service.okta;

    let profile = UserProfile::default()
        .first_name("Ann")
        .last_name("Quick")
        .email("ann@example.com")
        .login("ann@example.com")
        .with("badgeId", "B-4711");
    let user = okta
        .users()
        .create(CreateUserRequest::new(profile))
        .activate(false)
        .await
        .unwrap();
    let user_id = user.id.unwrap();
    pass_time().await;

    let change = UpdateUserRequest::default().profile(UserProfile::default().nick_name("Annie"));
    let profile = okta.users().update(&user_id, change).await.unwrap().profile.unwrap();
    assert_eq!(profile.nick_name.as_deref(), Some("Annie"));
    assert_eq!(profile.get::<String>("badgeId").unwrap().as_deref(), Some("B-4711"));
    pass_time().await;

    let group = GroupRequest::new(GroupProfile::default().name("Quick ones"));
    let group_id = okta.groups().create(group).await.unwrap().id.unwrap();
    pass_time().await;
    okta.groups().assign_user(&group_id, &user_id).await.unwrap();
    pass_time().await;

    let mut users = okta.users().list().limit(2).stream();
    let mut listed = 0;
    while let Some(user) = users.try_next().await.unwrap() {
        assert!(user.id.is_some());
        listed += 1;
        // A page is on either side of a token's end.
        pass_time().await;
    }
    assert_eq!(listed, 5);

    let error = okta.users().get("unknown").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    pass_time().await;
    // In the midst of it all, what was good a moment ago is not any more.
    service.emulator.rotate_dpop_nonces();
    service.emulator.revoke_access_tokens();
    okta.users().deactivate(&user_id).await.unwrap();
    pass_time().await;
    okta.users().delete(&user_id).await.unwrap();
    assert!(okta.users().get(&user_id).await.unwrap_err().is_not_found());
    okta.groups().delete(&group_id).await.unwrap();

    assert!(
        service.token_requests() >= 9,
        "{} token requests",
        service.token_requests()
    );
    let refused =
        service.sent.with_status(StatusCode::FORBIDDEN) + service.sent.with_status(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused, 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_call_names_the_scope_it_lacks_and_a_new_token_has_what_was_granted() {
    let service = Service::new(&["okta.users.read"], false, |org| org);
    let group = GroupRequest::new(GroupProfile::default().name("Readers"));
    let error = service.okta.groups().create(group).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FORBIDDEN), "{error}");
    assert_eq!(error.missing_scopes(), ["okta.groups.manage"]);
    let text = error.to_string();
    assert!(
        text.contains("okta.groups.manage") && text.contains("okta.users.read"),
        "{text}"
    );
    assert_eq!(service.token_requests(), 1, "another token would not help");
    assert!(service.okta.granted_scopes().unwrap().contains("okta.users.read"));
    assert!(service.okta.users().list().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_invalidated_token_is_replaced_with_the_next_call() {
    let service = Service::new(&["okta.users.read"], false, |org| org);
    let okta = &service.okta;
    for _ in 0..2 {
        okta.users().get("user1@example.com").await.unwrap();
    }
    assert_eq!(service.token_requests(), 1);
    okta.clone().invalidate_token();
    assert_eq!(service.token_requests(), 1, "nothing is fetched before it is needed");
    okta.users().get("user1@example.com").await.unwrap();
    okta.users().get("user1@example.com").await.unwrap();
    assert_eq!(service.token_requests(), 2);
}

async fn call_at_once(okta: &OktaClient, calls: usize) {
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        let okta = okta.clone();
        tasks.spawn(async move { okta.users().get("user1@example.com").await });
    }
    while let Some(user) = tasks.join_next().await {
        assert!(user.unwrap().unwrap().id.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn two_hundred_calls_at_once_make_one_token_request() {
    let service = Service::new(&["okta.users.read"], false, |org| {
        org.latency(Duration::from_millis(80))
    });
    call_at_once(&service.okta, 200).await;
    assert_eq!(service.token_requests(), 1);
    assert_eq!(service.sent.with_status(StatusCode::OK), 201);

    // Revoked under all of them: each is sent again, with one new token.
    service.emulator.revoke_access_tokens();
    call_at_once(&service.okta, 200).await;
    assert_eq!(service.token_requests(), 2);
    assert_eq!(service.sent.with_status(StatusCode::UNAUTHORIZED), 200);
}

/// A request that is in flight for longer than its token lives: good when it was sent, over when it arrives.
#[tokio::test(start_paused = true)]
async fn a_token_that_ends_on_its_way_is_replaced_and_the_call_sent_once_more() {
    for dpop in [false, true] {
        let service = Service::new(&["okta.users.read"], dpop, |org| org.token_life(Duration::from_secs(5)));
        let okta = &service.okta;
        okta.users().get("user1@example.com").await.unwrap();
        let before = service.token_requests();
        service.sent.delay_next(Duration::from_secs(6));
        okta.users().get("user1@example.com").await.unwrap();
        assert_eq!(service.sent.with_status(StatusCode::UNAUTHORIZED), 1, "dpop: {dpop}");
        assert_eq!(service.token_requests(), before + 1, "dpop: {dpop}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_app_is_named_by_one_call_of_the_builder() {
    let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let jwk = SigningKey::parse(&pem).unwrap().public_jwk().to_json();
    let app = ServiceApp::new("0oaservice", jwk).scopes(["okta.users.read", "okta.groups.read"]);
    let clock = VirtualClock::new();
    let org = Emulator::builder().users(3).clock(clock.of_org()).service_app(app);
    let org = org.build().unwrap();
    let client = |scopes: &[&str]| {
        let builder = OktaClient::builder().org_url(org.org_url()).clock(clock.shared());
        builder.private_key("0oaservice", scopes, &*pem).service(org.clone())
    };
    let okta = client(&["okta.users.read", "okta.groups.read"]).build().unwrap();
    let users = okta.users().list().limit(2).await.unwrap();
    assert_eq!((users.len(), users.is_empty(), users.has_next()), (2, false, true));
    assert_eq!(
        okta.granted_scopes().unwrap().to_string(),
        "okta.groups.read okta.users.read"
    );

    let error = client(&[]).build().unwrap_err().to_string();
    assert!(error.contains("OktaClientBuilder::private_key"), "{error}");
    assert!(!error.contains(pem.lines().nth(1).unwrap()), "{error}");
}
