//! Certificate signing requests: generated, published with the certificate that was made of them.

use data_encoding::BASE64;
use http::{Method, header};
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::keys::{Owner, shown, shown_key},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{
        bucket::{APP_BY_ID, OTHER},
        route::Route,
    },
    state::certificate::Signer,
};

const APP: &str = "/api/v1/apps/{appId}/credentials/csrs";

const IDP: &str = "/api/v1/idps/{idpId}/credentials/csrs";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("generateCsrForApplication", Method::POST, APP, &APP_BY_ID, generate),
    Route::new(
        "publishCsrFromApplication",
        Method::POST,
        "/api/v1/apps/{appId}/credentials/csrs/{csrId}/lifecycle/publish",
        &APP_BY_ID,
        publish,
    ),
    Route::new("generateCsrForIdentityProvider", Method::POST, IDP, &OTHER, generate),
    Route::new(
        "publishCsrForIdentityProvider",
        Method::POST,
        "/api/v1/idps/{idpId}/credentials/csrs/{csrId}/lifecycle/publish",
        &OTHER,
        publish,
    ),
];

fn owner(org: &Org, call: &Call<'_>) -> Result<Owner, ApiError> {
    match call.param("appId") {
        "" => Owner::idp(org, call.param("idpId")),
        id => Owner::app(org, id),
    }
}

fn generate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let owner = owner(org, call)?;
    let stated = call.optional_object()?;
    let subject = |name: &str| {
        let subject = stated.get("subject").and_then(|subject| subject.get(name));
        subject.and_then(Value::as_str).unwrap_or("SP Issuer")
    };
    let request = Signer::generate()
        .and_then(|signer| signer.request(subject("commonName"), subject("organizationName")))
        .ok_or_else(ApiError::internal)?;
    let id = org.ids.text(43);
    let own = call.href(&format!("{}/{id}", owner.requests()));
    let mut stored = Object::new();
    for (name, value) in [
        ("id", json!(id)),
        ("created", json!(iso(whole_seconds(call.now)))),
        ("csr", json!(BASE64.encode(&request))),
        ("kty", json!("RSA")),
    ] {
        stored.insert(name.to_owned(), value);
    }
    org.resources.collection(&owner.requests()).insert(id, stored.clone());
    let accepts = |kind: &str| {
        let accept = call.headers.get(header::ACCEPT);
        accept
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains(kind))
    };
    if accepts("pkcs10") {
        let text = text(&stored, "csr").unwrap_or_default();
        let reply = Reply::text(http::StatusCode::CREATED, "application/pkcs10; filename=okta.p10", text);
        return Ok(reply.header(header::LOCATION, &own));
    }
    let links = json!({
        "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } },
        "publish": { "href": format!("{own}/lifecycle/publish"), "hints": { "allow": ["POST"] } },
    });
    stored.insert("_links".to_owned(), links);
    Ok(Reply::created(Value::Object(stored)).header(header::LOCATION, &own))
}

/// The certificate comes as DER, as base64 or as PEM.
fn publish(org: &mut Org, call: &Call<'_>) -> Outcome {
    let owner = owner(org, call)?;
    let id = call.param("csrId");
    org.stored(&owner.requests(), id)
        .ok_or_else(|| ApiError::not_found(id, "CertificateSigningRequest"))?;
    let certificate = certificate(call.body).ok_or_else(ApiError::malformed_body)?;
    let kid = org.ids.text(43);
    let key = shown_key(&certificate, kid.clone(), call);
    org.resources.collection(&owner.requests()).remove(id);
    org.resources.collection(&owner.keys()).insert(kid.clone(), key.clone());
    let address = call.href(&format!("{}/{kid}", owner.keys()));
    Ok(Reply::created(shown(key)).header(header::LOCATION, &address))
}

fn certificate(body: &[u8]) -> Option<Vec<u8>> {
    if body.first() == Some(&0x30) {
        return Some(body.to_vec());
    }
    let text = std::str::from_utf8(body).ok()?;
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let text: String = lines
        .flat_map(str::chars)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let decoded = BASE64.decode(text.trim_matches('"').as_bytes()).ok()?;
    (!decoded.is_empty()).then_some(decoded)
}
