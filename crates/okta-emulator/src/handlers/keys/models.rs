//! Keys and secrets that callers bring or ask for: certificates of identity providers, keys and secrets of clients, hook keys.

use aws_lc_rs::digest;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::Method;
use serde_json::{Value, json};

use crate::{
    handlers::{
        keys::shown_key,
        resources::model::{At, Event, Model},
    },
    jose::jwk::Jwk,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{bucket::OTHER, route::Route},
};

/// How many secrets a client may have.
const MOST_SECRETS: usize = 2;

pub(crate) static MODELS: [Model; 4] = [
    Model::of("/api/v1/idps/credentials/keys")
        .accept(accept_certificate)
        .show(without_id),
    Model::of("/api/v1/apps/*/credentials/jwks")
        .accept(accept_jwk)
        .act(switch_jwk)
        .settle(settle_jwk),
    Model::of("/api/v1/apps/*/credentials/secrets")
        .accept(accept_secret)
        .act(switch_secret)
        .settle(settle_secret)
        .show(show_secret),
    Model::of("/api/v1/hook-keys")
        .accept(accept_hook_key)
        .show(show_hook_key),
];

pub(crate) static ROUTES: &[Route<Org>] = &[Route::new(
    "getPublicKey",
    Method::GET,
    "/api/v1/hook-keys/public/{keyId}",
    &OTHER,
    public_hook_key,
)];

fn accept_certificate(
    org: &mut Org,
    call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let certificate = new.get("x5c").and_then(|chain| chain.get(0)).and_then(Value::as_str);
    let stated: String = certificate
        .unwrap_or_default()
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    if stated.is_empty() {
        return Err(ApiError::field("x5c", "The field cannot be left blank"));
    }
    let kid = old.and_then(|old| text(old, "kid")).map(str::to_owned);
    let kid = kid.unwrap_or_else(|| org.ids.uuid());
    let certificate = BASE64
        .decode(stated.as_bytes())
        .unwrap_or_else(|_| stated.clone().into_bytes());
    let mut key = shown_key(&certificate, kid, call);
    key.insert("x5c".to_owned(), json!([stated]));
    key.insert("alg".to_owned(), json!("RSA"));
    if !key.contains_key("n") {
        // The certificate cannot be read: an org says something about it all the same.
        key.insert("n".to_owned(), json!(BASE64URL_NOPAD.encode(&org.ids.bytes(256))));
        key.insert("e".to_owned(), json!("AQAB"));
    }
    key.extend(
        old.and_then(|old| old.get("created").cloned())
            .map(|created| ("created".to_owned(), created)),
    );
    *new = key;
    Ok(())
}

fn without_id(_org: &Org, _call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    shown.remove("id");
    shown.remove("_links");
}

fn accept_jwk(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    _old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let key = Jwk::of(new).map_err(|problem| ApiError::validation("JsonWebKey", [problem]))?;
    new.insert("kid".to_owned(), json!(key.kid));
    for private in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
        new.remove(private);
    }
    Ok(())
}

fn settle_jwk(org: &mut Org, _call: &Call<'_>, at: At<'_>, event: Event) {
    let key = org.stored(at.path, at.id).cloned();
    // An active key cannot be deleted, so a deleted one is not published any more.
    if let (Event::Created | Event::Changed, Some(key)) = (event, key) {
        let is_active = text(&key, "status") != Some("INACTIVE");
        publish(org, at, &key, is_active);
    }
}

fn switch_jwk(org: &mut Org, _call: &Call<'_>, at: At<'_>, action: &str, key: &mut Object) -> Result<(), ApiError> {
    publish(org, at, key, action == "activate");
    Ok(())
}

/// Lets the client sign with a key, or ends it.
fn publish(org: &mut Org, at: At<'_>, key: &Object, is_active: bool) {
    let Ok(app) = org.app_mut(at.above("apps")) else { return };
    let kid = key.get("kid");
    let settings = app
        .document
        .get_mut("settings")
        .and_then(|all| all.get_mut("oauthClient"));
    let Some(settings) = settings.filter(|settings| settings.is_object()) else {
        return;
    };
    let mut keys: Vec<Value> = settings
        .pointer("/jwks/keys")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    keys.retain(|known| known.get("kid") != kid);
    if is_active {
        let members = ["kid", "kty", "alg", "use", "n", "e", "crv", "x", "y"];
        let shown = members
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), key.get(name)?.clone())));
        keys.push(Value::Object(shown.collect()));
    }
    settings["jwks"] = json!({ "keys": keys });
}

/// A secret as the store has it.
pub(crate) fn secret(id: &str, secret: &str, now: &str) -> Object {
    let hash = digest::digest(&digest::SHA256, secret.as_bytes());
    let members = [
        ("id", json!(id)),
        ("created", json!(now)),
        ("lastUpdated", json!(now)),
        ("status", json!("ACTIVE")),
        ("client_secret", json!(secret)),
        ("secret_hash", json!(BASE64URL_NOPAD.encode(hash.as_ref()))),
    ];
    members
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

fn accept_secret(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    if old.is_some() {
        return Ok(());
    }
    if org.resources.collection(at.path).len() >= MOST_SECRETS {
        let cause = "You've reached the maximum number of client secrets per client.";
        return Err(ApiError::validation("OAuth2ClientSecretMediated", [cause.to_owned()]));
    }
    let stated = text(new, "client_secret")
        .filter(|secret| !secret.is_empty())
        .map(str::to_owned);
    let value = stated.unwrap_or_else(|| org.ids.text(64));
    let now = text(new, "created").unwrap_or_default().to_owned();
    let status = text(new, "status").unwrap_or("ACTIVE").to_owned();
    let mut made = secret(at.id, &value, &now);
    made.insert("status".to_owned(), json!(status));
    *new = made;
    Ok(())
}

fn switch_secret(org: &mut Org, _call: &Call<'_>, at: At<'_>, action: &str, key: &mut Object) -> Result<(), ApiError> {
    let others = org.resources.collection(at.path).values();
    let is_active = |other: &Object| text(other, "status") == Some("ACTIVE");
    if action == "deactivate" && is_active(key) && others.filter(|other| is_active(other)).count() < 2 {
        let cause = "You can't deactivate the only active client secret.";
        return Err(ApiError::validation("OAuth2ClientSecretMediated", [cause.to_owned()]));
    }
    Ok(())
}

/// The application shows its newest active secret.
fn settle_secret(org: &mut Org, _call: &Call<'_>, at: At<'_>, _event: Event) {
    let secrets = org.resources.collection(at.path);
    let active = secrets
        .values()
        .rev()
        .find(|secret| text(secret, "status") == Some("ACTIVE"));
    let Some(newest) = active.and_then(|secret| secret.get("client_secret")).cloned() else {
        return;
    };
    let Ok(app) = org.app_mut(at.above("apps")) else { return };
    let client = app
        .document
        .get_mut("credentials")
        .and_then(|all| all.get_mut("oauthClient"));
    if let Some(Value::Object(client)) = client {
        client.insert("client_secret".to_owned(), newest);
    }
}

fn show_secret(org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    let is_active = text(shown, "status") == Some("ACTIVE");
    let links = if is_active {
        json!({ "deactivate": { "href": format!("{own}/lifecycle/deactivate"), "hints": { "allow": ["POST"] } } })
    } else {
        json!({
            "activate": { "href": format!("{own}/lifecycle/activate"), "hints": { "allow": ["POST"] } },
            "delete": { "href": own, "hints": { "allow": ["DELETE"] } },
        })
    };
    shown.insert("_links".to_owned(), links);
    if org.masks_secrets && *call.method == Method::GET {
        mask(shown, "client_secret");
    }
}

/// All but the end of a secret is hidden.
pub(crate) fn mask(shown: &mut Object, name: &str) {
    if let Some(Value::String(secret)) = shown.get_mut(name) {
        let hidden = secret.chars().count().saturating_sub(4);
        *secret = secret
            .chars()
            .enumerate()
            .map(|(index, letter)| if index < hidden { '*' } else { letter })
            .collect();
    }
}

fn accept_hook_key(
    org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let kept = old.map(|old| ["keyId", "n", "isUsed"].map(|name| (name, old.get(name).cloned().unwrap_or_default())));
    let members = match kept {
        Some(kept) => kept,
        None => [
            ("keyId", json!(org.ids.uuid())),
            ("n", json!(BASE64URL_NOPAD.encode(&org.ids.bytes(256)))),
            ("isUsed", json!(false)),
        ],
    };
    new.extend(members.map(|(name, value)| (name.to_owned(), value)));
    Ok(())
}

fn hook_jwk(key: &Object) -> Value {
    json!({ "kty": "RSA", "alg": "RSA", "kid": key.get("keyId"), "use": null, "e": "AQAB", "n": key.get("n") })
}

fn show_hook_key(_org: &Org, _call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    shown.insert("_embedded".to_owned(), hook_jwk(shown));
    shown.remove("n");
    shown.remove("_links");
}

fn public_hook_key(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = call.param("keyId");
    let mut keys = org.resources.collection("/api/v1/hook-keys").values();
    let key = keys.find(|key| text(key, "keyId") == Some(id) || text(key, "id") == Some(id));
    let key = key.ok_or_else(|| ApiError::not_found(id, "HookKey"))?;
    Ok(Reply::ok(hook_jwk(key)))
}
