//! What the server returns, and the server.

use std::{convert::Infallible, sync::OnceLock};

use bytes::Bytes;
use http::{Request, Response, header};
use okta_client::Body;
use serde_json::{Value, json};
use tower::Service;

/// Items of a page of users, and of a page of the log.
pub(crate) const USERS: u32 = 200;
pub(crate) const EVENTS: u32 = 100;
/// Pages of the list of groups. They are empty.
pub(crate) const GROUP_PAGES: u32 = 10;

/// A user as Okta returns it: with ten links if it was asked for by its ID, with one in a list.
fn user(number: u32, links: &[&str]) -> Value {
    let id = format!("00u{number:017}");
    let links = links.iter().map(|relation| {
        let href = format!("https://acme.okta.com/api/v1/users/{id}/lifecycle/{relation}");
        ((*relation).to_owned(), json!({"href": href, "method": "POST"}))
    });
    json!({
        "id": id, "status": "ACTIVE", "created": "2026-01-01T00:00:00.000Z", "activated": "2026-01-01T00:00:01.000Z",
        "statusChanged": "2026-01-02T00:00:00.000Z", "lastLogin": "2026-11-01T08:30:00.000Z",
        "lastUpdated": "2026-11-01T08:30:00.000Z", "passwordChanged": null, "type": {"id": "oty1fhp2uTiKbnpuX5d7"},
        "profile": {
            "login": format!("user{number}@example.com"), "email": format!("user{number}@example.com"),
            "firstName": "Ann", "lastName": "Lee", "mobilePhone": null, "secondEmail": null, "department": "Engineering",
            "title": "Engineer", "city": "Oslo", "countryCode": "NO", "badgeId": format!("B-{number}"), "floors": [1, 2, 3],
        },
        "credentials": {"password": {}, "provider": {"type": "OKTA", "name": "OKTA"}},
        "_links": Value::Object(links.collect()),
    })
}

fn event(number: u32) -> Value {
    json!({
        "uuid": format!("{number:08}-0000-0000-0000-000000000000"), "version": "0", "severity": "INFO",
        "published": "2026-11-01T08:30:00.000Z", "eventType": "user.session.start",
        "displayMessage": "User login to Okta", "legacyEventType": "core.user_auth.login_success",
        "actor": {"id": "00u1", "type": "User", "alternateId": format!("user{number}@example.com"), "displayName": "Ann Lee",
                  "detailEntry": null},
        "client": {"userAgent": {"rawUserAgent": "Mozilla/5.0", "os": "Linux", "browser": "FIREFOX"}, "zone": "null",
                   "device": "Computer", "id": null, "ipAddress": "192.0.2.1",
                   "geographicalContext": {"city": "Oslo", "country": "Norway", "geolocation": {"lat": 59.91, "lon": 10.75}}},
        "outcome": {"result": "SUCCESS", "reason": null},
        "target": [{"id": "0oa1", "type": "AppInstance", "alternateId": "Wiki", "displayName": "Wiki", "detailEntry": {"a": 1}}],
        "transaction": {"type": "WEB", "id": "X1", "detail": {}},
        "debugContext": {"debugData": {"requestUri": "/api/v1/authn", "threatSuspected": "false"}},
        "request": {"ipChain": [{"ip": "192.0.2.1", "version": "V4", "source": null}]},
    })
}

fn array(items: impl Iterator<Item = Value>) -> Bytes {
    Value::from(items.collect::<Vec<_>>()).to_string().into()
}

pub(crate) fn one_user() -> Bytes {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let links = [
        "self",
        "suspend",
        "schema",
        "resetPassword",
        "forgotPassword",
        "expirePassword",
        "changeRecoveryQuestion",
        "type",
        "changePassword",
        "deactivate",
    ];
    TEXT.get_or_init(|| user(1, &links).to_string().into()).clone()
}

pub(crate) fn user_page() -> Bytes {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    TEXT.get_or_init(|| array((0..USERS).map(|number| user(number, &["self"]))))
        .clone()
}

pub(crate) fn event_page() -> Bytes {
    array((0..EVENTS).map(event))
}

/// Where the list of groups continues after the page that this query asks for.
fn next_page_of_groups(query: Option<&str>) -> Option<String> {
    let after = query.and_then(|query| query.split_once("after="));
    let page = after.and_then(|(_, page)| page.parse::<u32>().ok()).unwrap_or(1);
    let next = (page < GROUP_PAGES).then_some(page + 1)?;
    Some(format!(
        r#"<https://acme.okta.com/api/v1/groups?limit=1&after={next}>; rel="next""#
    ))
}

/// The server: a token, a user, a page of users or one of groups, with the headers that matter to the stack. It does not copy the body.
pub(crate) fn server()
-> impl Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
    tower::service_fn(|request: Request<Body>| {
        let mut body = one_user();
        if request.uri().path() == "/api/v1/users" {
            body = user_page();
        } else if request.uri().path().ends_with("/token") {
            body = Bytes::from_static(
                br#"{"token_type":"Bearer","expires_in":3600,"access_token":"t","scope":"okta.users.read"}"#,
            );
        }
        let mut response = Response::builder();
        if request.uri().path() == "/api/v1/groups" {
            body = Bytes::from_static(b"[]");
            if let Some(next) = next_page_of_groups(request.uri().query()) {
                response = response.header(header::LINK, next);
            }
        }
        let response = response
            .header(header::DATE, "Sun, 29 Nov 2026 12:00:00 GMT")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-okta-request-id", "aXJ3c2Rma2pzaGRma2po")
            .header("x-rate-limit-limit", "1000000")
            .header("x-rate-limit-remaining", "999999")
            .header("x-rate-limit-reset", "1795953630")
            .body(Body::from(body));
        std::future::ready(Ok(response.unwrap_or_default()))
    })
}
