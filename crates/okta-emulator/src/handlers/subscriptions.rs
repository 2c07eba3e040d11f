//! Which notifications administrators get: by role, and by user.

use http::Method;
use serde_json::{Value, json};

use crate::{
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{bucket::OTHER, route::Route},
    state::resource::admin_role,
};

/// The notifications there are.
const TYPES: [&str; 14] = [
    "AD_AGENT",
    "AGENT_AUTO_UPDATE_NOTIFICATION",
    "AGENT_AUTO_UPDATE_NOTIFICATION_LDAP",
    "APP_IMPORT",
    "CONNECTOR_AGENT",
    "IWA_AGENT",
    "LDAP_AGENT",
    "OKTA_ANNOUNCEMENT",
    "OKTA_ISSUE",
    "OKTA_UPDATE",
    "RATELIMIT_NOTIFICATION",
    "REPORT_SUSPICIOUS_ACTIVITY",
    "USER_DEPROVISION",
    "USER_LOCKED_OUT",
];

pub(crate) static ROUTES: &[Route<Org>] = &[
    of(
        "listSubscriptionsRole",
        Method::GET,
        "/api/v1/roles/{roleRef}/subscriptions",
        list,
    ),
    of(
        "getSubscriptionsNotificationTypeRole",
        Method::GET,
        "/api/v1/roles/{roleRef}/subscriptions/{notificationType}",
        get,
    ),
    of(
        "subscribeByNotificationTypeRole",
        Method::POST,
        "/api/v1/roles/{roleRef}/subscriptions/{notificationType}/subscribe",
        subscribe,
    ),
    of(
        "unsubscribeByNotificationTypeRole",
        Method::POST,
        "/api/v1/roles/{roleRef}/subscriptions/{notificationType}/unsubscribe",
        unsubscribe,
    ),
    of(
        "listSubscriptionsUser",
        Method::GET,
        "/api/v1/users/{userId}/subscriptions",
        list,
    ),
    of(
        "getSubscriptionsNotificationTypeUser",
        Method::GET,
        "/api/v1/users/{userId}/subscriptions/{notificationType}",
        get,
    ),
    of(
        "subscribeByNotificationTypeUser",
        Method::POST,
        "/api/v1/users/{userId}/subscriptions/{notificationType}/subscribe",
        subscribe,
    ),
    of(
        "unsubscribeByNotificationTypeUser",
        Method::POST,
        "/api/v1/users/{userId}/subscriptions/{notificationType}/unsubscribe",
        unsubscribe,
    ),
];

const fn of(
    operation: &'static str,
    method: Method,
    template: &'static str,
    handler: fn(&mut Org, &Call<'_>) -> Outcome,
) -> Route<Org> {
    Route::new(operation, method, template, &OTHER, handler)
}

/// The path of a subscriber's notifications.
fn place(org: &Org, call: &Call<'_>) -> Result<String, ApiError> {
    let role = call.param("roleRef");
    if role.is_empty() {
        let user = org.user(call.param("userId"))?;
        return Ok(format!("/api/v1/users/{}/subscriptions", user.id));
    }
    let is_known = admin_role::label(role).is_some() || org.stored("/api/v1/iam/roles", role).is_some();
    if !is_known {
        return Err(ApiError::not_found(role, "Role"));
    }
    Ok(format!("/api/v1/roles/{role}/subscriptions"))
}

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let place = place(org, call)?;
    Ok(Reply::ok(
        TYPES.into_iter().map(|kind| render(org, &place, kind, call)).collect(),
    ))
}

fn kind(call: &Call<'_>) -> Result<&'static str, ApiError> {
    let wanted = call.param("notificationType");
    let known = TYPES.into_iter().find(|kind| *kind == wanted);
    known.ok_or_else(|| ApiError::not_found(wanted, "NotificationType"))
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let place = place(org, call)?;
    Ok(Reply::ok(render(org, &place, kind(call)?, call)))
}

fn subscribe(org: &mut Org, call: &Call<'_>) -> Outcome {
    set(org, call, "subscribed")
}

fn unsubscribe(org: &mut Org, call: &Call<'_>) -> Outcome {
    set(org, call, "unsubscribed")
}

fn set(org: &mut Org, call: &Call<'_>, status: &str) -> Outcome {
    let place = place(org, call)?;
    let kind = kind(call)?;
    let mut subscription = Object::new();
    subscription.insert("id".to_owned(), json!(kind));
    subscription.insert("status".to_owned(), json!(status));
    org.resources.collection(&place).insert(kind.to_owned(), subscription);
    Ok(Reply::ok_empty())
}

fn render(org: &Org, place: &str, kind: &str, call: &Call<'_>) -> Value {
    let stated = org.stored(place, kind).and_then(|stated| text(stated, "status"));
    let status = stated.unwrap_or("subscribed");
    let other = if status == "subscribed" {
        "unsubscribe"
    } else {
        "subscribe"
    };
    let own = call.href(&format!("{place}/{kind}"));
    json!({
        "notificationType": kind,
        "channels": ["email"],
        "status": status,
        "_links": {
            "self": { "href": own },
            other: { "href": format!("{own}/{other}"), "hints": { "allow": ["POST"] } },
        },
    })
}
