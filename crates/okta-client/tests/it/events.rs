//! The events that a subscriber of `tracing` receives.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use futures_util::future;
use http::{Request, Response};
use okta_client::{Body, BoxError, OktaClient, bulk};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    subscriber::{DefaultGuard, set_default},
};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry::LookupSpan,
};

use crate::{
    script::{Answer, scripted},
    virtual_clock::VirtualClock,
};

/// Level, names of the spans, and fields of an event.
type Captured = (Level, Vec<&'static str>, String);

/// Keeps events.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<Captured>>>);

impl Events {
    fn capture() -> (Self, DefaultGuard) {
        let events = Self::default();
        let guard = set_default(tracing_subscriber::registry().with(events.clone()));
        (events, guard)
    }

    /// The events with this text.
    fn with(&self, text: &str) -> Vec<Captured> {
        let events = self.0.lock().unwrap();
        events
            .iter()
            .filter(|(_, _, fields)| fields.contains(text))
            .cloned()
            .collect()
    }
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = String::new();
        event.record(&mut Text(&mut fields));
        let spans = context.event_scope(event).into_iter().flatten();
        let spans = spans.map(|span| span.name()).collect();
        let level = *event.metadata().level();
        self.0.lock().unwrap().push((level, spans, fields));
    }
}

/// F9: a layer's error may quote anything.
#[tokio::test]
async fn f9_a_tail_reports_failures_without_the_text_of_foreign_errors() {
    let (events, _guard) = Events::capture();
    let clock = VirtualClock::new();
    let mut failures = 4;
    let failures = Arc::new(Mutex::new(move || {
        failures -= 1;
        failures >= 0
    }));
    let service = tower::service_fn(move |_: Request<Body>| {
        let fails = (failures.lock().unwrap())();
        let page = Response::new(Body::from(r#"[{"uuid":"1"}]"#));
        future::ready(if fails {
            Err::<_, BoxError>("canary: https://acme.okta.com/?token=canary".into())
        } else {
            Ok(page)
        })
    });
    let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
    let mut tail = okta.logs().tail("2026-11-30T00:00:00Z").clock(Arc::new(clock.clone()));
    tail.try_next().await.unwrap();
    let waits = events.with("waiting for the next request");
    let levels: Vec<_> = waits.iter().map(|(level, ..)| *level).collect();
    assert_eq!(levels, [Level::INFO, Level::INFO, Level::WARN, Level::WARN]);
    let last = &waits[3].2;
    for said in [
        "listLogEvents",
        "reason=\"failed\"",
        "delay=8s",
        "attempts=4",
        "waited=7s",
    ] {
        assert!(last.contains(said), "{said}: {last}");
    }
    let wait = okta.wait().clock(Arc::new(clock)).deadline(None);
    wait.until(|| okta.logs().list(), |_| true).await.unwrap();
    assert!(events.with("canary").is_empty());
}

/// wishes.md §0.4: names of what was lost, no values.
#[tokio::test]
async fn w04_parameters_that_a_link_has_lost_are_an_event_without_their_values() {
    const LOST: &[(&str, Answer)] = &[
        (
            "/api/v1/users?search=canary&limit=1",
            Answer {
                links: &[r#"</api/v1/users?after=1&limit=1>; rel="next""#],
                body: r#"[{"id":"1"}]"#,
            },
        ),
        (
            "/api/v1/users?after=1&limit=1&search=canary",
            Answer {
                links: &[],
                body: r#"[{"id":"2"}]"#,
            },
        ),
    ];
    let (okta, _) = scripted(LOST);
    let (events, _guard) = Events::capture();
    let users = okta.users().list().search("canary").limit(1);
    assert_eq!(users.stream().try_collect().await.unwrap().len(), 2);
    let lost = events.with("lacks parameters");
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].0, Level::DEBUG);
    let fields = &lost[0].2;
    assert!(
        fields.contains(r#"parameters="search""#) && fields.contains("listUsers"),
        "{fields}"
    );
    assert!(!fields.contains("canary"));
}

/// A page or an operation that runs as a task belongs to the span of its caller.
#[tokio::test]
async fn a_task_keeps_the_span_and_the_subscriber_of_its_caller() {
    let service = tower::service_fn(|request: Request<Body>| {
        tracing::info!("asked");
        let mut response = Response::builder();
        if request.uri().query().is_none() {
            response = response.header("link", r#"</api/v1/users?after=1>; rel="next""#);
        }
        future::ready(response.body(Body::from(r#"[{"id":"1"}]"#)))
    });
    let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
    let (events, _guard) = Events::capture();
    let span = tracing::info_span!("of the caller");
    let work = async {
        okta.users().list().stream().try_collect().await.unwrap();
        let mut results = bulk(["1"], |id| okta.users().suspend(*id));
        while results.next().await.is_some() {}
    };
    tracing::Instrument::instrument(work, span).await;
    let asked = events.with("asked");
    assert_eq!(asked.len(), 3);
    assert!(
        asked.iter().all(|(_, spans, _)| spans.contains(&"of the caller")),
        "{asked:?}"
    );
}

// Issue 12: a name in another spelling would be sent and do nothing.
#[test]
fn i12_a_misspelt_member_is_warned_of_with_its_right_name() {
    use okta_client::models::{Policy, UserProfile};

    let (events, _guard) = Events::capture();
    let warnings = || events.with("spells differently");
    let mut profile = UserProfile::default();
    profile.set_null("nick_name");
    let all = warnings();
    assert_eq!((all.len(), all[0].0), (1, Level::WARN));
    assert!(
        all[0].2.contains("nick_name") && all[0].2.contains("nickName"),
        "{}",
        all[0].2
    );
    profile.set("FirstName", "Ann");
    assert_eq!(warnings().len(), 2);
    assert_eq!(
        serde_json::to_value(&profile).unwrap(),
        serde_json::json!({"nick_name": null, "FirstName": "Ann"})
    );
    // Neither the documented names, nor custom ones, nor what the record has already.
    profile.set_null("nickName");
    profile.set("badgeId", "B-1");
    profile.set("badge_id", "B-1");
    profile.set("FirstName", "Bob");
    assert_eq!(warnings().len(), 2);
    let mut policy: Policy = serde_json::from_str(r#"{"type": "PASSWORD"}"#).unwrap();
    policy.set("Priority", 1);
    assert_eq!(warnings().len(), 3);
}
