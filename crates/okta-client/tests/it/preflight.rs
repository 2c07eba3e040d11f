//! The preflight, over a service that answers by path. The end-to-end tests seed misconfigurations on the emulator.

use std::sync::{Arc, Mutex};

use http::{Method, Request, Response};
use okta_client::{
    Body, BoxError, OktaClient, OrgUrl, operations,
    preflight::{Check, Engine, Outcome, PreflightReport},
    transport::Operation,
};

const METADATA: (&str, u16, &str) = (
    "/.well-known/okta-organization",
    200,
    r#"{"id":"00o1","pipeline":"idx"}"#,
);
/// Not a JSON Web Token, so that its scopes are not known.
const OPAQUE: &str = "canary-opaque";

type Seen = Arc<Mutex<Vec<(Method, String)>>>;

/// Answers by the beginning of the path; 404 for the rest.
fn service(
    answers: Vec<(&'static str, u16, &'static str)>,
) -> (
    impl tower::Service<Request<Body>, Response = Response<Body>, Error = BoxError, Future: Send> + Clone + Send + Sync,
    Seen,
) {
    let seen = Seen::default();
    let log = seen.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let path = request.uri().path().to_owned();
        log.lock().unwrap().push((request.method().clone(), path.clone()));
        let answer = answers.iter().find(|(known, ..)| path.starts_with(known)).copied();
        async move {
            let (_, status, body) = answer.unwrap_or(("", 404, ""));
            let mut response = Response::builder().status(status);
            if status == 403 && body.is_empty() {
                let challenge = r#"Bearer error="insufficient_scope", scope="okta.groups.read""#;
                response = response.header("www-authenticate", challenge);
            }
            Ok(response.body(Body::from(body))?)
        }
    });
    (service, seen)
}

fn wanted(ids: &[&str]) -> Vec<&'static Operation> {
    ids.iter().map(|id| operations().by_id(id).unwrap()).collect()
}

async fn preflight(answers: Vec<(&'static str, u16, &'static str)>, ids: &[&str]) -> (PreflightReport, Seen) {
    let (service, seen) = service(answers);
    let builder = OktaClient::builder()
        .org_url("https://login.acme.example")
        .bearer_token(OPAQUE);
    let okta = builder.service(service).build().unwrap();
    (okta.preflight(&wanted(ids)).await, seen)
}

fn names(report: &PreflightReport) -> Vec<&'static str> {
    report.problems().map(|problem| problem.name()).collect()
}

#[tokio::test]
async fn the_scopes_of_an_opaque_token_are_tried() {
    let answers = vec![
        METADATA,
        ("/api/v1/users", 200, r#"[{"id":"00u1"}]"#),
        ("/api/v1/groups", 403, ""),
    ];
    let (report, seen) = preflight(answers, &["listUsers", "listGroups", "deleteUser"]).await;
    assert_eq!(names(&report), ["missing-scopes"], "{report}");
    assert_eq!(report.missing_scopes(), ["okta.groups.read"]);
    assert!(!format!("{report:?}{report}").contains("canary"));
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|(method, _)| method == Method::GET), "{seen:?}");
    assert!(seen.len() <= 8, "{seen:?}");
}

#[tokio::test]
async fn a_scope_that_no_read_shows_is_unknown() {
    let answers = vec![METADATA, ("/api/v1/users", 200, r#"[{"id":"00u1"}]"#)];
    let (report, _) = preflight(answers, &["listUsers", "deleteUser"]).await;
    let scopes: Vec<_> = report.of(Check::Scopes).collect();
    let [Outcome::Unknown(reason)] = &scopes[..] else {
        panic!("{report}")
    };
    assert!(reason.contains("okta.users.manage"), "{reason}");
    assert_eq!(names(&report), [""; 0], "{report}");
}

#[tokio::test]
async fn a_custom_domain_and_what_a_response_lacks_are_reported() {
    let metadata = r#"{"id":"00o1","pipeline":"v1","_links":{"organization":{"href":"https://acme.okta.com"}}}"#;
    let answers = vec![
        (METADATA.0, 200, metadata),
        ("/api/v1/users", 200, r#"[{"id":"00u1"}]"#),
    ];
    let (report, _) = preflight(answers, &[]).await;
    assert_eq!(report.engine, Some(Engine::Classic));
    let text = report.to_string();
    assert!(text.contains("whose own address is https://acme.okta.com"), "{text}");
    assert!(
        text.contains("no readable `Date`") && text.contains("no response has `X-Rate-Limit`"),
        "{text}"
    );
}

#[tokio::test]
async fn a_refused_read_is_named_and_a_page_that_is_not_the_orgs() {
    let refusal = r#"{"errorCode":"E0000006","errorSummary":"You do not have permission"}"#;
    let answers = vec![
        METADATA,
        ("/api/v1/users", 200, r#"[{"id":"00u1"}]"#),
        ("/api/v1/logs", 403, refusal),
    ];
    let (report, _) = preflight(answers, &["listLogEvents"]).await;
    assert_eq!(names(&report), ["access-refused"], "{report}");
    assert!(
        report.to_string().contains("listLogEvents is refused: E0000006"),
        "{report}"
    );

    let (report, seen) = preflight(
        vec![(METADATA.0, 200, "<html>Sign in to the hotel's network</html>")],
        &[],
    )
    .await;
    assert_eq!(names(&report), ["not-an-org"], "{report}");
    // The credentials are not sent to what is not an org, and every check has a line.
    assert_eq!(seen.lock().unwrap().len(), 1);
    assert!(
        report
            .of(Check::RateLimit)
            .all(|outcome| matches!(outcome, Outcome::Unknown(_)))
    );
}

#[tokio::test]
async fn a_client_over_a_custom_stack_is_checked_as_far_as_possible() {
    let (service, _) = service(vec![METADATA, ("/api/v1/groups", 200, r#"[{"id":"00g1"}]"#)]);
    let okta = OktaClient::from_service(OrgUrl::parse("https://acme.okta.com").unwrap(), service);
    let report = okta.preflight(&wanted(&["listGroups"])).await;
    assert_eq!(names(&report), [""; 0], "{report}");
    assert!(
        matches!(report.of(Check::Scopes).next(), Some(Outcome::Unknown(_))),
        "{report}"
    );
    assert!(
        matches!(report.of(Check::Access).next(), Some(Outcome::Pass(_))),
        "{report}"
    );
}
