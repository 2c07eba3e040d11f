//! Guards: no write leaves the process, whichever operation it is.

use std::{
    collections::BTreeSet,
    future::ready,
    sync::{Arc, Mutex},
};

use http::{Method, Request, Response};
use okta_client::{
    Body, BoxError, Error, OktaClient, OktaClientBuilder, operations,
    transport::{
        Idempotency, Operation, causes,
        guard::{AuditLayer, AuditOutcome, DryRunError, DryRunLayer, ReadOnlyError, ReadOnlyLayer},
    },
};

use crate::script::builder;

type Sent = Arc<Mutex<Vec<(Method, String)>>>;

/// A client over a service that responds to everything, and remembers it.
fn client(builder: OktaClientBuilder) -> (OktaClient, Sent) {
    let sent = Sent::default();
    let noted = Arc::clone(&sent);
    let service = tower::service_fn(move |request: Request<Body>| {
        let address = (request.method().clone(), request.uri().path().to_owned());
        noted.lock().unwrap().push(address);
        ready(Ok::<_, BoxError>(Response::new(Body::from("{}"))))
    });
    (builder.service(service).build().unwrap(), sent)
}

/// An address of the operation.
fn path(operation: &Operation) -> String {
    let segments = operation.path_template.split('/');
    let segments = segments.map(|segment| if segment.starts_with('{') { "00x1" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// Calls each of the operations, and returns those that were sent, by what comes to the service.
async fn ids_sent(builder: OktaClientBuilder, check: impl Fn(&'static Operation, &Error)) -> BTreeSet<&'static str> {
    let (okta, sent) = client(builder);
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let result = okta.request(operation.method.clone(), &path(operation)).await;
        if let Err(error) = &result {
            check(operation, error);
        }
        let arrived: Vec<_> = std::mem::take(&mut *sent.lock().unwrap());
        assert_eq!(result.is_ok(), !arrived.is_empty(), "{}", operation.id);
        if !arrived.is_empty() {
            assert_eq!(arrived, [(operation.method.clone(), path(operation))]);
            ids.insert(operation.id);
        }
    }
    ids
}

fn safe() -> BTreeSet<&'static str> {
    let safe = operations().into_iter();
    safe.filter(|operation| operation.idempotency == Idempotency::Safe)
        .map(|operation| operation.id)
        .collect()
}

fn withheld(operation: &Operation, error: &Error) {
    assert!(error.is_withheld(), "{error:#}");
    let id = operation.id;
    assert!(
        !error.maybe_carried_out() && !error.is_transient() && !error.is_retryable(),
        "{id}"
    );
    assert!(
        !error.is_interrupted() && !error.is_connect() && !error.is_invalid_request(),
        "{id}"
    );
    assert!(format!("{error:#}").contains("was not sent"), "{error:#}");
    assert!(error.to_string().ends_with("withheld by a guard"), "{error}");
}

#[tokio::test]
async fn read_only_refuses_exactly_the_operations_that_are_not_safe() {
    assert_eq!(operations().len(), 732);
    let safe = safe();
    assert!(safe.contains("createPolicySimulation") && !safe.contains("deleteUser"));
    let refused = |operation: &'static Operation, error: &Error| {
        withheld(operation, error);
        let refusal = causes::find::<ReadOnlyError>(error).unwrap();
        assert_eq!(refusal.operation().map(|operation| operation.id), Some(operation.id));
        assert!(refusal.to_string().starts_with(operation.id), "{refusal}");
    };
    assert_eq!(ids_sent(builder().layer(ReadOnlyLayer::new()), refused).await, safe);
    assert_eq!(
        ids_sent(builder().attempt_layer(ReadOnlyLayer::new()), refused).await,
        safe
    );
    assert_eq!(ids_sent(builder(), |_, error| panic!("{error:#}")).await.len(), 732);
}

#[tokio::test]
async fn a_dry_run_sends_exactly_the_operations_that_are_safe() {
    let carried = |operation: &'static Operation, error: &Error| {
        withheld(operation, error);
        let request = causes::find::<DryRunError>(error).unwrap().request();
        assert_eq!(request.operation().map(|operation| operation.id), Some(operation.id));
    };
    assert_eq!(ids_sent(builder().layer(DryRunLayer::new()), carried).await, safe());
}

#[tokio::test]
async fn a_raw_write_of_an_unknown_endpoint_is_refused() {
    let (okta, sent) = client(builder().layer(ReadOnlyLayer::new()));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let error = okta.request(method, "/api/v1/unheard/of").await.unwrap_err();
        assert!(error.is_withheld() && !error.maybe_carried_out(), "{error:#}");
    }
    assert!(sent.lock().unwrap().is_empty());
    okta.request(Method::GET, "/api/v1/unheard/of").await.unwrap();
}

#[tokio::test]
async fn a_dry_run_gives_a_program_the_response_that_it_needs_to_continue() {
    let layer = DryRunLayer::new().on_write(|request| {
        let body = request.body()?.clone();
        Some(Response::new(Body::from(body)))
    });
    let (okta, sent) = client(builder().layer(layer));
    let group = serde_json::json!({"profile": {"name": "Team"}});
    let response = okta.request(Method::POST, "/api/v1/groups").json(&group).await.unwrap();
    assert_eq!(response.body, r#"{"profile":{"name":"Team"}}"#);
    assert!(sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_audit_reports_what_was_sent_and_what_was_refused() {
    let records = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&records);
    let audit = AuditLayer::new(move |record| {
        let targets: Vec<_> = record.targets().map(|(name, id)| format!("{name}={id}")).collect();
        let id = record.operation.map(|operation| operation.id);
        sink.lock()
            .unwrap()
            .push((id, targets, record.outcome, format!("{record:?}{record}")));
    });
    let (okta, _) = client(builder().layer(audit.clone()).layer(ReadOnlyLayer::new()));
    okta.users().get("00u1").await.unwrap();
    okta.groups().assign_user("00g1", "00u1").await.unwrap_err();
    audit.flush().await;
    let records = records.lock().unwrap();
    let [(get, of_get, sent, _), (put, of_put, refused, _)] = &records[..] else {
        panic!("{records:?}");
    };
    assert_eq!((*get, *put), (Some("getUser"), Some("assignUserToGroup")));
    assert_eq!(
        (&of_get[..], &of_put[..]),
        (
            &["id=00u1".into()][..],
            &["groupId=00g1".into(), "userId=00u1".into()][..]
        )
    );
    assert!(matches!(
        (sent, refused),
        (AuditOutcome::Response(_), AuditOutcome::Error("withheld"))
    ));
    assert!(records.iter().all(|record| !record.3.contains("00token")));
}
