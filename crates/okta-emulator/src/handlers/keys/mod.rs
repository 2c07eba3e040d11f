//! Keys and certificates of applications and identity providers.

pub(crate) mod generated;
pub(crate) mod metadata;
pub(crate) mod models;
pub(crate) mod requests;

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use crate::{
    base::clock::{iso, whole_seconds},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
    state::certificate::{Signer, expiry, key_of},
};

/// How long the key of a new application is good.
const YEARS: i64 = 10;

/// A new key with a certificate, as the API shows it.
pub(crate) fn new_key(kid: String, years: i64, call: &Call<'_>) -> Result<Object, ApiError> {
    let from = whole_seconds(call.now);
    let days = years.saturating_mul(365).saturating_mul(24).hours();
    let until = from.checked_add(days).unwrap_or(Timestamp::MAX);
    let host = call.origin.split("://").nth(1).unwrap_or(call.origin);
    let certificate = Signer::generate()
        .and_then(|signer| signer.certificate(host, from, until))
        .ok_or_else(ApiError::internal)?;
    Ok(shown_key(&certificate, kid, call))
}

/// The key of a certificate, as the API shows it.
pub(crate) fn shown_key(certificate: &[u8], kid: String, call: &Call<'_>) -> Object {
    let now = whole_seconds(call.now);
    let mut key = key_of(certificate);
    let until = expiry(certificate).unwrap_or(now);
    for (name, value) in [
        ("id", json!(kid)),
        ("kid", json!(kid)),
        ("created", json!(iso(now))),
        ("lastUpdated", json!(iso(now))),
        ("expiresAt", json!(iso(until))),
    ] {
        key.insert(name.to_owned(), value);
    }
    key
}

/// The keys of an application or identity provider: the one that it signs with is made when it is first asked for.
pub(crate) fn keys_of(org: &mut Org, call: &Call<'_>, owner: &Owner) -> Result<Vec<Object>, ApiError> {
    let path = owner.keys();
    if let Some(kid) = &owner.kid
        && org.stored(&path, kid).is_none()
    {
        let key = new_key(kid.clone(), YEARS, call)?;
        org.resources.collection(&path).insert(kid.clone(), key);
    }
    Ok(org.resources.collection(&path).values().cloned().collect())
}

/// Whose keys they are.
pub(crate) struct Owner {
    /// The path of the application or identity provider.
    pub(crate) path: String,
    /// The key with which it signs, if it does.
    pub(crate) kid: Option<String>,
}

impl Owner {
    pub(crate) fn app(org: &Org, id: &str) -> Result<Self, ApiError> {
        let app = org.app(id)?;
        let kid = app
            .document
            .get("credentials")
            .and_then(|all| all.pointer("/signing/kid"));
        Ok(Self {
            path: format!("/api/v1/apps/{}", app.id()),
            kid: kid.and_then(|kid| kid.as_str()).map(str::to_owned),
        })
    }

    pub(crate) fn idp(org: &Org, id: &str) -> Result<Self, ApiError> {
        let idp = org
            .stored("/api/v1/idps", id)
            .ok_or_else(|| ApiError::not_found(id, "IdpTrust"))?;
        let kid = idp
            .get("protocol")
            .and_then(|protocol| protocol.pointer("/credentials/signing/kid"));
        let id = text(idp, "id").unwrap_or(id);
        Ok(Self {
            path: format!("/api/v1/idps/{id}"),
            kid: kid.and_then(|kid| kid.as_str()).map(str::to_owned),
        })
    }

    pub(crate) fn keys(&self) -> String {
        format!("{}/credentials/keys", self.path)
    }

    pub(crate) fn requests(&self) -> String {
        format!("{}/credentials/csrs", self.path)
    }
}

/// A key without what only the store needs.
pub(crate) fn shown(mut key: Object) -> serde_json::Value {
    key.remove("id");
    serde_json::Value::Object(key)
}
