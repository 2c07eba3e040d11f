//! A factor as the API shows it.

use data_encoding::BASE32_NOPAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    base::clock::iso,
    protocol::call::Call,
    state::{
        factor::{Factor, Means, Transaction},
        passcode::TIME_STEP,
    },
};

/// How long a push waits for the phone.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

pub(crate) fn render(factor: &Factor, user_id: &str, call: &Call<'_>) -> Value {
    let own = href(factor, user_id, call);
    let mut links = json!({
        "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } },
        "user": { "href": call.href(&format!("/api/v1/users/{user_id}")), "hints": { "allow": ["GET"] } },
    });
    let post = |rest: &str| json!({ "href": format!("{own}{rest}"), "hints": { "allow": ["POST"] } });
    match (factor.active, factor.kind.means) {
        (true, Means::Answer) => links["questions"] = questions(user_id, call),
        (true, _) => links["verify"] = post("/verify"),
        (false, Means::Push) => links["poll"] = post("/lifecycle/activate"),
        (false, Means::Sent(_)) => {
            links["activate"] = post("/lifecycle/activate");
            links["resend"] = json!([{ "name": factor.kind.factor_type, "href": format!("{own}/resend") }]);
        }
        (false, _) => links["activate"] = post("/lifecycle/activate"),
    }
    let mut document = json!({
        "id": factor.id,
        "factorType": factor.kind.factor_type,
        "provider": factor.kind.provider,
        "vendorName": factor.kind.provider,
        "status": factor.status(),
        "created": iso(factor.created),
        "lastUpdated": iso(factor.last_updated),
        "profile": factor.profile,
        "_links": links,
    });
    if !factor.active
        && let Some(activation) = activation(factor, &own, call.now)
    {
        document["_embedded"] = json!({ "activation": activation });
    }
    document
}

/// What the user needs to know to set the factor up.
fn activation(factor: &Factor, own: &str, now: Timestamp) -> Option<Value> {
    let qrcode = json!({ "href": format!("{own}/qr/{}", factor.id), "type": "image/png" });
    match factor.kind.means {
        Means::Computed => Some(json!({
            "timeStep": TIME_STEP,
            "sharedSecret": BASE32_NOPAD.encode(&factor.shared_secret),
            "encoding": "base32",
            "keyLength": factor.shared_secret.len(),
            "_links": { "qrcode": qrcode },
        })),
        Means::Push => Some(json!({
            "expiresAt": iso(until(now)),
            "factorResult": "WAITING",
            "_links": { "qrcode": qrcode },
        })),
        Means::Sent(_) | Means::Answer => None,
    }
}

/// A push on its way.
pub(crate) fn waiting(factor: &Factor, user_id: &str, call: &Call<'_>, id: &str, transaction: &Transaction) -> Value {
    let own = format!("{}/transactions/{id}", href(factor, user_id, call));
    json!({
        "factorResult": "WAITING",
        "expiresAt": iso(transaction.expires),
        "profile": factor.profile,
        "_links": {
            "poll": { "href": own, "hints": { "allow": ["GET"] } },
            "cancel": { "href": own, "hints": { "allow": ["DELETE"] } },
        },
    })
}

/// Until when a push that is sent now waits for the phone.
pub(crate) fn until(now: Timestamp) -> Timestamp {
    now.checked_add(PATIENCE).unwrap_or(now)
}

fn questions(user_id: &str, call: &Call<'_>) -> Value {
    let href = call.href(&format!("/api/v1/users/{user_id}/factors/questions"));
    json!({ "href": href, "hints": { "allow": ["GET"] } })
}

/// What can be done with the result of a challenge.
pub(crate) fn challenge_links(factor: &Factor, user_id: &str, call: &Call<'_>) -> Value {
    let own = href(factor, user_id, call);
    json!({
        "verify": { "href": format!("{own}/verify"), "hints": { "allow": ["POST"] } },
        "factor": { "href": own, "hints": { "allow": ["GET", "DELETE"] } },
    })
}

fn href(factor: &Factor, user_id: &str, call: &Call<'_>) -> String {
    call.href(&format!("/api/v1/users/{user_id}/factors/{}", factor.id))
}
