//! What an item of a page costs, from its bytes to the typed value, and that it costs no more in a longer page.
//!
//! `cargo bench -p okta-models --bench pages`. Beside a bare hyper client with a hand-written visitor:
//! `../shared/perf/compare list target/release/yardstick --count --floors visits` (and `logs`).

#![allow(missing_docs, reason = "the macros of criterion make functions without any")]
#![allow(clippy::unwrap_used, reason = "a bench that fails has no result")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use okta_models::{
    LogEvent, User,
    json::{FromJson, Item, Items, text},
};
use serde_json::{Value, json};

const ITEMS: [usize; 3] = [500, 1_000, 5_000];

fn user(number: usize) -> Value {
    json!({
        "id": format!("00u{number:017}"), "status": "ACTIVE",
        "created": "2026-01-01T00:00:00.000Z", "activated": null, "statusChanged": "2026-01-02T00:00:00.000Z",
        "lastLogin": "2026-11-01T08:30:00.000Z", "lastUpdated": "2026-11-01T08:30:00.000Z", "passwordChanged": null,
        "type": {"id": "oty1"},
        "profile": {
            "login": format!("user{number}@example.com"), "email": format!("user{number}@example.com"),
            "firstName": "Ann", "lastName": "Lee", "mobilePhone": null, "secondEmail": null,
            "department": "Engineering", "badgeId": format!("B-{number}"), "floors": [1, 2, 3],
        },
        "credentials": {"password": {}, "provider": {"type": "OKTA", "name": "OKTA"}},
        "_links": {"self": {"href": format!("https://test.okta.com/api/v1/users/00u{number:017}")}},
    })
}

fn event(number: usize) -> Value {
    json!({
        "uuid": format!("{number:08}-0000-0000-0000-000000000000"), "version": "0", "severity": "INFO",
        "published": "2026-11-01T08:30:00.000Z", "eventType": "user.session.start",
        "displayMessage": "User login to Okta", "legacyEventType": "core.user_auth.login_success",
        "actor": {"id": "00u1", "type": "User", "alternateId": format!("user{number}@example.com"), "displayName": "Ann Lee",
                  "detailEntry": null},
        "client": {"userAgent": {"rawUserAgent": "Mozilla/5.0", "os": "Linux", "browser": "FIREFOX"}, "zone": "null",
                   "device": "Computer", "id": null, "ipAddress": "192.0.2.1",
                   "geographicalContext": {"city": "Paris", "country": "France", "geolocation": {"lat": 48.85, "lon": 2.35}}},
        "outcome": {"result": "SUCCESS", "reason": null},
        "target": [{"id": "0oa1", "type": "AppInstance", "alternateId": "Wiki", "displayName": "Wiki", "detailEntry": {"a": 1}}],
        "transaction": {"type": "WEB", "id": "X1", "detail": {}},
        "debugContext": {"debugData": {"requestUri": "/api/v1/authn", "threatSuspected": "false"}},
        "request": {"ipChain": [{"ip": "192.0.2.1", "version": "V4", "source": null}]},
    })
}

fn page(items: usize, item: impl Fn(usize) -> Value) -> String {
    Value::from((0..items).map(item).collect::<Vec<_>>()).to_string()
}

fn read<T: FromJson>(page: &[u8]) -> usize {
    let page = text::<T>(page).unwrap();
    let (mut items, mut read) = (Items::new(), 0);
    while let Some(item) = items.next::<T>(page).unwrap() {
        assert!(matches!(black_box(item), Item::Typed(_)));
        read += 1;
    }
    read
}

fn pages(criterion: &mut Criterion) {
    let mut bench = |name: &str, item: fn(usize) -> Value, read: fn(&[u8]) -> usize| {
        let mut group = criterion.benchmark_group(name);
        for items in ITEMS {
            let page = page(items, item);
            group.throughput(Throughput::Elements(items as u64));
            group.bench_with_input(BenchmarkId::from_parameter(items), page.as_bytes(), |bencher, page| {
                bencher.iter(|| assert_eq!(read(black_box(page)), items));
            });
        }
        group.finish();
    };
    bench("users", user, read::<User>);
    bench("events", event, read::<LogEvent>);
}

criterion_group!(benches, pages);
criterion_main!(benches);
