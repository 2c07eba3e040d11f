//! SAML metadata of applications and identity providers, which is XML.

use http::{Method, StatusCode, header};
use serde_json::Value;

use crate::{
    handlers::keys::{Owner, keys_of},
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
};

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new(
        "previewSAMLmetadataForApplication",
        Method::GET,
        "/api/v1/apps/{appId}/sso/saml/metadata",
        &APP_BY_ID,
        of_app,
    ),
    Route::new(
        "getIdentityProviderMetadata",
        Method::GET,
        "/api/v1/idps/{idpId}/metadata.xml",
        &OTHER,
        of_idp,
    ),
];

const XML: &str = "application/xml";

/// Metadata is given only to callers that take XML.
fn check_accept(call: &Call<'_>) -> Result<(), ApiError> {
    let accept = call.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    match accept {
        Some(accept) if !accept.contains("xml") && !accept.contains("*/*") => Err(ApiError::not_acceptable()),
        _ => Ok(()),
    }
}

fn of_app(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let is_saml = text(&app.document, "signOnMode").is_some_and(|mode| mode.starts_with("SAML"));
    let (name, id) = (app.name().to_owned(), app.id().to_owned());
    check_accept(call)?;
    if !is_saml {
        return Err(ApiError::not_acceptable());
    }
    let owner = Owner::app(org, &id)?;
    let keys = keys_of(org, call, &owner)?;
    let wanted = call.query.get("kid").or(owner.kid.as_deref());
    let key = keys.iter().find(|key| text(key, "kid") == wanted);
    let key = key.ok_or_else(|| ApiError::not_found(wanted.unwrap_or_default(), "JsonWebKey"))?;
    let own = format!("exk{}", id.get(3..).unwrap_or_default());
    let place = call.href(&format!("/app/{name}/{own}/sso/saml"));
    let services = ["HTTP-POST", "HTTP-Redirect"].map(|binding| {
        format!(
            "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{}\"/>",
            escaped(&place)
        )
    });
    let descriptor = format!(
        "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}{}{}</md:IDPSSODescriptor>",
        key_descriptor(key),
        formats(),
        services.concat(),
    );
    Ok(xml(&format!("http://www.okta.com/{own}"), &descriptor))
}

fn of_idp(org: &mut Org, call: &Call<'_>) -> Outcome {
    let owner = Owner::idp(org, call.param("idpId"))?;
    let keys = keys_of(org, call, &owner)?;
    let id = owner.path.rsplit('/').next().unwrap_or_default().to_owned();
    let place = call.href(&format!("/sso/saml2/{id}"));
    let descriptor = format!(
        "<md:SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}{}\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{}\" \
         index=\"0\" isDefault=\"true\"/></md:SPSSODescriptor>",
        keys.first().map(key_descriptor).unwrap_or_default(),
        formats(),
        escaped(&place),
    );
    Ok(xml(
        &format!("https://www.okta.com/saml2/service-provider/{id}"),
        &descriptor,
    ))
}

fn xml(entity: &str, descriptor: &str) -> Reply {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><md:EntityDescriptor entityID=\"{}\" \
         xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{descriptor}</md:EntityDescriptor>",
        escaped(entity)
    );
    Reply::text(StatusCode::OK, XML, text)
}

fn key_descriptor(key: &Object) -> String {
    let certificate = key.get("x5c").and_then(|chain| chain.get(0)).and_then(Value::as_str);
    format!(
        "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        certificate.unwrap_or_default()
    )
}

fn formats() -> String {
    ["unspecified", "emailAddress"]
        .map(|format| format!("<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:{format}</md:NameIDFormat>"))
        .concat()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
