//! Requests are values: what would be sent can be looked at.

use http::{Method, header};
use okta_client::{
    OktaClient,
    models::{CreateUserRequest, UserProfile},
    transport::OperationRef,
};
use serde_json::{Value, json};

use crate::script::{Answer, scripted};

fn okta() -> OktaClient {
    scripted(&[]).0
}

fn body(request: http::Request<okta_client::Body>) -> Value {
    serde_json::from_slice(request.into_body().as_bytes().unwrap()).unwrap()
}

#[test]
fn arguments_and_setters_become_path_and_query() {
    let request = okta()
        .users()
        .list()
        .search(r#"profile.x eq "a&b""#)
        .limit(2)
        .limit(5)
        .after("c+d/e")
        .request()
        .unwrap();
    assert_eq!(request.method(), Method::GET);
    let mut query: Vec<_> = request.uri().query().unwrap().split('&').collect();
    query.sort_unstable();
    assert_eq!(
        query,
        ["after=c%2Bd%2Fe", "limit=5", "search=profile.x%20eq%20%22a%26b%22"]
    );
    assert_eq!(request.uri().path(), "/api/v1/users");
    assert_eq!(request.headers()[header::ACCEPT], "application/json");

    let request = okta().groups().assign_user("g/1", "ann@example.com").request().unwrap();
    assert_eq!(request.method(), Method::PUT);
    assert_eq!(
        request.uri(),
        "https://acme.okta.com/api/v1/groups/g%2F1/users/ann%40example.com"
    );
    assert!(request.into_body().as_bytes().unwrap().is_empty());
}

#[test]
fn bodies_hold_what_was_set_and_nothing_else() {
    let mut profile = UserProfile::default().first_name("Ann").with("badgeId", "B-1");
    profile.set_null("nickName");
    let request = okta()
        .users()
        .create(CreateUserRequest::new(profile))
        .request()
        .unwrap();
    assert_eq!(request.headers()[header::CONTENT_TYPE], "application/json");
    assert_eq!(
        body(request),
        json!({"profile": {"firstName": "Ann", "badgeId": "B-1", "nickName": null}})
    );
}

#[test]
fn what_the_document_does_not_declare_can_be_said_all_the_same() {
    let request = okta()
        .users()
        .get("me")
        .with_query("new param", "ä")
        .with_header("x-trace", "1")
        .request()
        .unwrap();
    assert_eq!(
        request.uri(),
        "https://acme.okta.com/api/v1/users/me?new%20param=%C3%A4"
    );
    assert_eq!(request.headers()["x-trace"], "1");
}

#[test]
fn the_operation_travels_with_its_request() {
    let request = okta().users().list().request().unwrap();
    let operation = OperationRef::of(request.extensions()).unwrap();
    assert_eq!((operation.id, operation.path_template), ("listUsers", "/api/v1/users"));
    assert_eq!(operation.scopes, ["okta.users.read"]);
}

#[test]
fn f1_a_raw_call_carries_the_operation_of_its_endpoint() {
    let id = |method: Method, address: &str| {
        let request = okta().request(method, address).request().unwrap();
        OperationRef::of(request.extensions()).map(|operation| operation.id)
    };
    for address in [
        "/api/v1/users/00u1",
        "/api/v1/users/00u1/?sendEmail=true",
        "/api/v1/users/a%2Fb@x.com",
        "/api/v1/%75sers/00u1",
        "https://acme.okta.com/api/v1/users/00u1",
        "https://ACME.okta.com:443/api/v1/users/00u1?x=/api/v1/groups",
    ] {
        assert_eq!(id(Method::DELETE, address), Some("deleteUser"), "{address}");
    }
    assert_eq!(id(Method::GET, "/api/v1/groups/rules"), Some("listGroupRules"));
    assert_eq!(id(Method::GET, "/api/v1/groups/00g1"), Some("getGroup"));
    for (method, address) in [
        (Method::POST, "/api/v1/authn"),
        (Method::DELETE, "/api/v1/users/00u1/unheard/of"),
        (Method::PATCH, "/api/v1/users"),
    ] {
        assert_eq!(id(method, address), None, "{address}");
    }
}

#[tokio::test]
async fn a_builder_can_be_kept_cloned_and_sent_twice() {
    let (okta, asked) = scripted(&[("/api/v1/users", Answer { links: &[], body: "[]" })]);
    let list = okta.users().list();
    drop(okta);
    list.clone().await.unwrap();
    list.await.unwrap();
    assert_eq!(asked.all(), ["GET /api/v1/users", "GET /api/v1/users"]);
}

#[test]
fn a_response_that_came_another_way_is_decoded_the_same() {
    let response = http::Response::new(r#"[{"id":"00u1"},{"id":"00u2"}]"#.as_bytes().to_vec());
    let page = okta().decode::<okta_client::api::users::ListUsers>(response).unwrap();
    assert_eq!(page.value.items.len(), 2);
    let response = http::Response::builder()
        .status(404)
        .body(r#"{"errorCode":"E0000007"}"#.as_bytes().to_vec())
        .unwrap();
    let error = okta()
        .decode::<okta_client::api::users::ListUsers>(response)
        .unwrap_err();
    assert_eq!(error.code(), Some("E0000007"));
}

#[test]
fn debug_of_a_request_shows_neither_arguments_nor_body() {
    let profile = UserProfile::default().first_name("canary");
    let call = okta().users().update(
        "canary",
        okta_client::models::UpdateUserRequest::default().profile(profile),
    );
    let shown = format!("{call:?} {:?}", okta().users().list().q("canary"));
    assert!(
        shown.contains("/api/v1/users/{id}") && !shown.contains("canary"),
        "{shown}"
    );
}

#[tokio::test]
async fn what_comes_where_nothing_is_documented_is_the_body_of_the_response() {
    let body = r#"{"note":"canary"}"#;
    let (okta, _) = scripted(Vec::leak(vec![("/api/v1/groups/00g1", Answer { links: &[], body })]));
    let () = okta.groups().delete("00g1").await.unwrap();
    let response = okta.groups().delete("00g1").send().await.unwrap();
    assert_eq!(response.body, body);
    assert!(!format!("{response:?}").contains("canary"));
    let read = okta.decode::<okta_client::api::groups::DeleteGroup>(http::Response::new(body));
    assert_eq!(read.unwrap().body, body);
}

#[test]
fn no_byte_of_a_text_is_lost() {
    use okta_client::api::apps::PreviewSamlMetadataForApplication;
    let read = |body: &'static [u8]| {
        okta()
            .decode::<PreviewSamlMetadataForApplication>(http::Response::new(body))
            .unwrap()
    };
    assert_eq!(read("ü🦀".as_bytes()).value, "ü🦀");
    assert_eq!(read(b"caf\xe9").value, "café");
}

#[tokio::test]
async fn an_answer_that_has_two_forms_comes_as_text() {
    let answer = Answer {
        links: &[],
        body: "MIIC4DCCAcg=",
    };
    let (okta, _) = scripted(Vec::leak(vec![("/api/v1/idps/0oa1/credentials/csrs/c1", answer)]));
    let csr = okta
        .identity_provider_signing_keys()
        .get_csr("0oa1", "c1")
        .pkcs10()
        .await
        .unwrap();
    assert_eq!(csr, "MIIC4DCCAcg=");
}

#[test]
fn an_answer_that_has_two_forms_can_be_asked_for_as_text() {
    let request = okta()
        .app_keys()
        .get_csr("0oa1", "csr1")
        .with_query("a", "b")
        .pkcs10()
        .request()
        .unwrap();
    assert_eq!(request.headers()[header::ACCEPT], "application/pkcs10");
    assert_eq!(
        request.uri(),
        "https://acme.okta.com/api/v1/apps/0oa1/credentials/csrs/csr1?a=b"
    );
    assert!(OperationRef::of(request.extensions()).is_some());
}

// Issue 12: a time as the program has it; what is not a time is not sent.
#[test]
fn i12_times_are_taken_as_they_are_and_bad_text_is_an_error_of_the_call() {
    use std::time::{Duration, SystemTime};

    let time: jiff::Timestamp = "2026-11-26T00:00:00.1234567Z".parse().unwrap();
    let query = |request: http::Request<okta_client::Body>| request.uri().query().unwrap_or_default().to_owned();
    let okta = okta();
    for (since, expected) in [
        (okta.logs().list().since(time), "since=2026-11-26T00%3A00%3A00.123Z"),
        (okta.logs().list().since("2026-11-26"), "since=2026-11-26T00%3A00%3A00Z"),
        (
            okta.logs()
                .list()
                .since(SystemTime::UNIX_EPOCH + Duration::from_micros(1500)),
            "since=1970-01-01T00%3A00%3A00.001Z",
        ),
        (
            okta.logs().list().until(okta_client::models::Timestamp::from(time)),
            "until=2026-11-26T00%3A00%3A00.123456700Z",
        ),
    ] {
        assert_eq!(query(since.request().unwrap()), expected);
    }
    // This operation documents whole seconds.
    let mappings = okta.group_push_mappings().list("0oa1").last_updated(time);
    assert_eq!(
        query(mappings.request().unwrap()),
        "lastUpdated=2026-11-26T00%3A00%3A00Z"
    );

    let error = okta.logs().list().since("yesterday").request().unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert!(
        error
            .to_string()
            .contains("the argument `since` is refused: `yesterday` is not a timestamp"),
        "{error}"
    );
    let case = okta_client::models::OktaSupportCase::default()
        .impersonation(okta_client::models::OktaSupportCaseImpersonation::default().expiration("soon"));
    let error = okta.org().update_okta_support_case("1", case).request().unwrap_err();
    assert!(
        error.is_invalid_request() && error.to_string().contains("the member `expiration`: `soon`"),
        "{error}"
    );
}

// Issue 12: a union's variant, a union, and a reference to one.
#[test]
fn i12_a_body_that_is_a_union_takes_its_variants() {
    use okta_client::models::{BookmarkApplication, PasswordPolicy, Policy};

    let okta = okta();
    let policy = PasswordPolicy::new("Strict");
    let expected = json!({"type": "PASSWORD", "name": "Strict"});
    assert_eq!(
        body(okta.policies().create(policy.clone()).request().unwrap()),
        expected
    );
    let union = Policy::from(policy);
    assert_eq!(body(okta.policies().create(&union).request().unwrap()), expected);
    assert_eq!(
        body(okta.policies().replace("00p1", union).request().unwrap()),
        expected
    );
    let bookmark = BookmarkApplication::default().label("Wiki");
    assert_eq!(
        body(okta.apps().create(bookmark).request().unwrap()),
        json!({"signOnMode": "BOOKMARK", "label": "Wiki"})
    );
}

/// A body that Okta does not need is a setter, and no method of a group hides one of a trait.
#[test]
fn an_optional_body_is_a_setter() {
    let okta = okta();
    let assign = okta.app_groups().assign("0oa1", "00g1");
    let request = assign.request().unwrap();
    assert!(request.headers().get("content-type").is_none());
    assert!(request.into_body().as_bytes().unwrap().is_empty());
    let assignment = okta_client::models::ApplicationGroupAssignment::default().priority(2);
    let request = assign.body(&assignment).request().unwrap();
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.into_body().as_bytes().unwrap(), r#"{"priority":2}"#);
    let operation = || okta_client::models::JsonPatchOperation::default().path("/priority");
    let update = |operations: &[okta_client::models::JsonPatchOperation]| {
        body(okta.app_groups().update("0oa1", "00g1", operations).request().unwrap())
    };
    assert_eq!(update(&[operation()]), json!([{"path": "/priority"}]));
    let update = okta
        .app_groups()
        .update("0oa1", "00g1", [operation()])
        .request()
        .unwrap();
    assert_eq!(body(update), json!([{"path": "/priority"}]), "lists of any kind");
    let policies = okta.policies();
    let request = policies.clone().clone_policy("00p1").request().unwrap();
    assert_eq!(request.uri().path(), "/api/v1/policies/00p1/clone");
    let request = policies
        .list(okta_client::models::PolicyType::Password)
        .limit(20)
        .request()
        .unwrap();
    assert!(request.uri().query().unwrap().ends_with("limit=20"));
    let request = okta
        .request(Method::GET, "/x")
        .with_query("limit", 20)
        .with_header("x-a", "b")
        .request();
    assert_eq!(request.unwrap().uri().query(), Some("limit=20"));
}
