//! Custom domains and the domains that emails come from.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::{
    handlers::resources::model::{At, Event, Model},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
};

const DOMAINS: &str = "/api/v1/domains";

pub(crate) static MODELS: [Model; 2] = [
    Model::of(DOMAINS)
        .accept(accept)
        .act(act)
        .settle(settle)
        .keep(keep)
        .show(show),
    Model::of("/api/v1/email-domains").accept(accept_email).act(act_email),
];

/// What proves who owns a domain; the same for the same domain.
fn proof(domain: &str) -> String {
    let digest = digest::digest(&digest::SHA256, domain.as_bytes());
    HEXLOWER.encode(digest.as_ref().get(..16).unwrap_or_default())
}

fn accept(org: &mut Org, call: &Call<'_>, _at: At<'_>, old: Option<&Object>, new: &mut Object) -> Result<(), ApiError> {
    if let Some(brand) = text(new, "brandId")
        && org.stored("/api/v1/brands", brand).is_none()
    {
        return Err(ApiError::not_found(brand, "Brand"));
    }
    if let Some(old) = old {
        for name in ["domain", "dnsRecords", "validationStatus", "certificateSourceType"] {
            new.extend(old.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        return Ok(());
    }
    let domain = text(new, "domain").unwrap_or_default().to_lowercase();
    let is_name = domain.contains('.') && !domain.starts_with('.') && !domain.contains(char::is_whitespace);
    if !is_name || domain.ends_with(".okta.com") {
        return Err(ApiError::field("domain", "Prohibited custom domain name."));
    }
    let host = call.origin.split("://").nth(1).unwrap_or(call.origin);
    let records = json!([
        { "recordType": "TXT", "fqdn": format!("_oktaverification.{domain}"), "values": [proof(&domain)] },
        { "recordType": "CNAME", "fqdn": domain, "values": [host] },
    ]);
    new.insert("dnsRecords".to_owned(), records);
    new.insert("validationStatus".to_owned(), json!("NOT_STARTED"));
    Ok(())
}

/// Every record is taken to be in place; then the domain has a brand.
fn act(org: &mut Org, _call: &Call<'_>, at: At<'_>, action: &str, domain: &mut Object) -> Result<(), ApiError> {
    if action != "verify" {
        return Ok(());
    }
    if at.id == "default" {
        return Err(ApiError::validation(
            "id",
            ["This operation is not supported for this domain".to_owned()],
        ));
    }
    domain.insert("validationStatus".to_owned(), json!("VERIFIED"));
    if text(domain, "brandId").is_none() {
        let brand = org.resources.collection("/api/v1/brands").values().next();
        let brand = brand.and_then(|brand| brand.get("id").cloned());
        domain.extend(brand.map(|brand| ("brandId".to_owned(), brand)));
    }
    Ok(())
}

fn settle(org: &mut Org, _call: &Call<'_>, at: At<'_>, event: Event) {
    // A brand lists its domains.
    if event == Event::Deleted {
        for (path, domains) in &mut org.resources.collections {
            if path.starts_with("/api/v1/brands/") && path.ends_with("/domains") {
                domains.remove(at.id);
            }
        }
        return;
    }
    let Some(domain) = org.stored(at.path, at.id).cloned() else {
        return;
    };
    if let Some(brand) = text(&domain, "brandId") {
        let domains = org.resources.collection(&format!("/api/v1/brands/{brand}/domains"));
        domains.insert(at.id.to_owned(), domain.clone());
    }
}

fn keep(_org: &Org, _call: &Call<'_>, at: At<'_>, _domain: &Object) -> Result<(), ApiError> {
    if at.id == "default" {
        return Err(ApiError::validation(
            "id",
            ["This operation is not supported for this domain".to_owned()],
        ));
    }
    Ok(())
}

fn show(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    let mut links = json!({ "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } } });
    let status = text(shown, "validationStatus").unwrap_or_default();
    if !matches!(status, "VERIFIED" | "COMPLETED") {
        links["verify"] = json!({ "href": format!("{own}/verify"), "hints": { "allow": ["POST"] } });
    } else {
        links["certificate"] = json!({ "href": format!("{own}/certificate"), "hints": { "allow": ["PUT"] } });
    }
    if let Some(brand) = text(shown, "brandId") {
        let brand = call.href(&format!("/api/v1/brands/{brand}"));
        links["brand"] = json!({ "href": brand, "hints": { "allow": ["GET", "PUT", "DELETE"] } });
    }
    for name in ["status", "created", "lastUpdated"] {
        shown.remove(name);
    }
    if at.id == "default" {
        let host = call.origin.split("://").nth(1).unwrap_or(call.origin);
        shown.insert("domain".to_owned(), json!(host));
        links = json!({ "self": { "href": own, "hints": { "allow": ["GET"] } } });
    }
    shown.insert("_links".to_owned(), links);
}

fn accept_email(
    org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    if let Some(old) = old {
        for name in ["domain", "dnsValidationRecords", "validationStatus", "brandId"] {
            new.extend(old.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        return Ok(());
    }
    if let Some(brand) = text(new, "brandId")
        && org.stored("/api/v1/brands", brand).is_none()
    {
        return Err(ApiError::not_found(brand, "Brand"));
    }
    let domain = text(new, "domain").unwrap_or_default().to_lowercase();
    let prefix = text(new, "validationSubdomain").unwrap_or("mail").to_owned();
    let record = |kind: &str, name: &str, value: String| json!({ "recordType": kind, "fqdn": format!("{name}.{domain}"), "verificationValue": value });
    let records: Vec<Value> = vec![
        record("TXT", "_oktaverification", proof(&domain)),
        record("cname", &prefix, "u1.wl.mail.example.com".to_owned()),
        record(
            "cname",
            "s1._domainkey",
            "s1.domainkey.u1.wl.mail.example.com".to_owned(),
        ),
        record(
            "cname",
            "s2._domainkey",
            "s2.domainkey.u1.wl.mail.example.com".to_owned(),
        ),
    ];
    new.insert("dnsValidationRecords".to_owned(), json!(records));
    new.insert("validationStatus".to_owned(), json!("NOT_STARTED"));
    Ok(())
}

fn act_email(_org: &mut Org, _call: &Call<'_>, _at: At<'_>, action: &str, domain: &mut Object) -> Result<(), ApiError> {
    if action == "verify" {
        domain.insert("validationStatus".to_owned(), json!("VERIFIED"));
    }
    Ok(())
}
