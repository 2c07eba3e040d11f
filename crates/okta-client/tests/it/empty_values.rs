//! Writes that succeed without the documented body.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use http::{Request, Response};
use okta_client::{Body, BoxError, models::GroupRequest};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::script::builder;

/// The events of the client's own code, each as a line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("okta_client::response")
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn b25_a_create_that_is_answered_without_a_body_has_no_id_and_the_log_says_so() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    for status in [200, 201, 204] {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            Ok::<_, BoxError>(Response::builder().status(status).body(Body::from(" "))?)
        });
        let okta = builder().service(service).build().unwrap();
        let group = okta.groups().create(GroupRequest::default()).await.unwrap();
        assert_eq!(group.id, None);
        okta.groups().replace("00g1", GroupRequest::default()).await.unwrap();
        okta.groups().delete("00g1").await.unwrap();
    }
    let log = log.0.lock().unwrap();
    let [created, replaced, ..] = &log[..] else {
        panic!("{log:?}")
    };
    assert!(
        created.starts_with("WARN") && created.contains("operation=\"addGroup\" status=200"),
        "{created}"
    );
    assert!(created.contains("has no id"), "{created}");
    assert!(
        replaced.starts_with("INFO") && replaced.contains("replaceGroup"),
        "{replaced}"
    );
    assert_eq!(log.len(), 6, "a delete has no value: {log:?}");
}
