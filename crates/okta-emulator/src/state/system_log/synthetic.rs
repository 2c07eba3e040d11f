//! Events that never happened: for logs that have to be long.

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    base::ids::Ids,
    state::system_log::event::{Change, Event, Target},
};

/// What happens in an org all day.
const EVERYDAY: [(&str, &str, &str); 5] = [
    ("user.session.start", "User login to Okta", "/api/v1/authn"),
    (
        "user.authentication.sso",
        "User single sign on to app",
        "/app/wiki/sso/saml",
    ),
    (
        "user.authentication.auth_via_mfa",
        "Authentication of user via MFA",
        "/api/v1/authn/factors/verify",
    ),
    (
        "policy.evaluate_sign_on",
        "Evaluation of sign-on policy",
        "/api/v1/authn",
    ),
    ("user.session.end", "User logout from Okta", "/login/signout"),
];

/// Keeps these ids apart from those that the org hands out.
const SEED: u64 = 0x6d61_6465_2075_7021;

/// How many people it happens to.
const PEOPLE: u64 = 97;

/// The event of this number: the same whenever it is asked for.
pub(crate) fn event(number: u64, published: Timestamp) -> Value {
    let mut ids = Ids::new(number ^ SEED);
    let request_id = ids.request();
    let uuid = ids.uuid();
    let which = usize::try_from(number).unwrap_or_default() % EVERYDAY.len();
    let (event_type, message, path) = EVERYDAY.get(which).copied().unwrap_or_default();
    let person = number % PEOPLE;
    let login = format!("person{person}@example.com");
    let id = Ids::new(person ^ SEED).object("00u");
    let who = || Target::new(&id, "User", &login, &format!("Person {person}"));
    Event {
        change: Change::new(event_type, message).target(who()),
        actor: Some(who()),
        user_agent: Some("Mozilla/5.0"),
        address: "203.0.113.7",
        request_id: &request_id,
        path,
        published,
        uuid,
    }
    .document()
}
