//! Brands: each has a theme and the email templates of the org.

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

const BRANDS: &str = "/api/v1/brands";

pub(crate) static MODELS: [Model; 6] = [
    Model::of(BRANDS).settle(settle).keep(keep),
    Model::of("/api/v1/brands/*/themes").show(show_theme),
    Model::of("/api/v1/brands/*/domains").show_list(show_domains),
    Model::of("/api/v1/brands/*/templates/email").show(show_template),
    Model::of("/api/v1/brands/*/templates/email/*/customizations")
        .accept(accept_customization)
        .settle(settle_customization)
        .keep(keep_customization),
    Model::of("/api/v1/brands/*/well-known-uris")
        .show(show_uri)
        .show_list(show_uris),
];

/// What every brand serves below `/.well-known`.
const URIS: [&str; 3] = ["apple-app-site-association", "assetlinks.json", "webauthn"];

/// The templates of every brand.
pub(crate) const TEMPLATES: [&str; 29] = [
    "AccountLockout",
    "ADForgotPassword",
    "ADForgotPasswordDenied",
    "ADSelfServiceUnlock",
    "ADUserActivation",
    "AuthenticatorEnrolled",
    "AuthenticatorReset",
    "ChangeEmailConfirmation",
    "EmailChallenge",
    "EmailChangeConfirmation",
    "EmailFactorVerification",
    "FactorEnrollment",
    "FactorReset",
    "ForgotPassword",
    "ForgotPasswordDenied",
    "LDAPForgotPassword",
    "LDAPForgotPasswordDenied",
    "LDAPSelfServiceUnlock",
    "LDAPUserActivation",
    "MyAccountChangeConfirmation",
    "NewSignOnNotification",
    "OktaVerifyActivation",
    "PasswordChanged",
    "PasswordResetByAdmin",
    "PendingEmailChange",
    "RegistrationActivation",
    "RegistrationEmailVerification",
    "SelfServiceUnlock",
    "UserActivation",
];

/// What a theme looks like until it is changed.
pub(crate) fn theme(id: &str) -> Object {
    let theme = json!({
        "id": id,
        "primaryColorHex": "#1662dd",
        "primaryColorContrastHex": "#ffffff",
        "secondaryColorHex": "#ebebed",
        "secondaryColorContrastHex": "#000000",
        "signInPageTouchPointVariant": "OKTA_DEFAULT",
        "endUserDashboardTouchPointVariant": "OKTA_DEFAULT",
        "errorPageTouchPointVariant": "OKTA_DEFAULT",
        "emailTemplateTouchPointVariant": "OKTA_DEFAULT",
        "loadingPageTouchPointVariant": "OKTA_DEFAULT",
    });
    match theme {
        Value::Object(theme) => theme,
        _ => Object::new(),
    }
}

fn settle(org: &mut Org, _call: &Call<'_>, at: At<'_>, event: Event) {
    if event == Event::Created {
        let id = org.ids.object("thd");
        furnish(org, &at.own(), &id);
    }
}

/// Gives a brand its theme and its templates.
pub(crate) fn furnish(org: &mut Org, brand: &str, theme_id: &str) {
    let themes = org.resources.collection(&format!("{brand}/themes"));
    themes.insert(theme_id.to_owned(), theme(theme_id));
    let templates = org.resources.collection(&format!("{brand}/templates/email"));
    for name in TEMPLATES {
        let template = [("id", json!(name)), ("name", json!(name))];
        let template = template.map(|(member, value)| (member.to_owned(), value));
        templates.insert(name.to_owned(), template.into_iter().collect());
    }
    let uris = org.resources.collection(&format!("{brand}/well-known-uris"));
    for name in URIS {
        uris.insert(name.to_owned(), [("id".to_owned(), json!(name))].into_iter().collect());
    }
}

fn keep(_org: &Org, _call: &Call<'_>, _at: At<'_>, brand: &Object) -> Result<(), ApiError> {
    if brand.get("isDefault") == Some(&json!(true)) {
        return Err(ApiError::default_brand());
    }
    Ok(())
}

/// Pictures have addresses of their own once they are uploaded.
fn show_theme(_org: &Org, call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    for name in ["logo", "favicon", "backgroundImage"] {
        let path = text(shown, name)
            .filter(|path| path.starts_with('/'))
            .map(|path| call.href(path));
        shown.extend(path.map(|path| (name.to_owned(), json!(path))));
    }
}

fn show_template(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    let link = |rest: &str, methods: &[&str]| json!({ "href": format!("{own}{rest}"), "hints": { "allow": methods } });
    shown.remove("id");
    shown.remove("status");
    shown.remove("created");
    shown.remove("lastUpdated");
    let links = json!({
        "self": link("", &["GET"]),
        "settings": link("/settings", &["GET", "PUT"]),
        "defaultContent": link("/default-content", &["GET"]),
        "customizations": link("/customizations", &["GET", "POST", "DELETE"]),
        "test": link("/test", &["POST"]),
    });
    shown.insert("_links".to_owned(), links);
}

/// The first customization is the default one, and another becomes it only by saying so.
fn accept_customization(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let language = new.get("language").cloned().unwrap_or_default();
    let all = org.resources.collection(at.path);
    let same = |other: &Object| other.get("language") == Some(&language) && text(other, "id") != Some(at.id);
    if all.values().any(same) {
        return Err(ApiError::customization_exists());
    }
    let is_first = all.len() == 0;
    let was_default = old.is_some_and(|old| old.get("isDefault") == Some(&json!(true)));
    let stated = new.get("isDefault").and_then(Value::as_bool);
    if was_default && stated == Some(false) {
        return Err(ApiError::default_customization());
    }
    new.insert("isDefault".to_owned(), json!(stated.unwrap_or(was_default) || is_first));
    Ok(())
}

fn settle_customization(org: &mut Org, _call: &Call<'_>, at: At<'_>, event: Event) {
    let is_default = |object: &Object| object.get("isDefault") == Some(&json!(true));
    if event == Event::Deleted || !org.stored(at.path, at.id).is_some_and(is_default) {
        return;
    }
    let others = org.resources.collection(at.path).values_mut();
    for other in others.filter(|other| text(other, "id") != Some(at.id)) {
        other.insert("isDefault".to_owned(), json!(false));
    }
}

fn keep_customization(org: &Org, _call: &Call<'_>, at: At<'_>, object: &Object) -> Result<(), ApiError> {
    let is_alone = org.resources.collections.get(at.path).is_none_or(|all| all.len() < 2);
    if object.get("isDefault") == Some(&json!(true)) && !is_alone {
        return Err(ApiError::default_customization());
    }
    Ok(())
}

/// The domains that are the brand's.
fn show_domains(org: &Org, _call: &Call<'_>, path: &str, body: &mut Value) {
    let brand = At { path, id: "" }.above("brands").to_owned();
    let all = org.resources.collections.get("/api/v1/domains").into_iter();
    let own = all.flat_map(|all| all.values());
    let own = own.filter(|domain| text(domain, "brandId") == Some(&brand)).cloned();
    body["domains"] = own.map(Value::Object).collect();
}

/// The root has links to its URIs, and the URIs only if they are asked for.
fn show_uris(_org: &Org, call: &Call<'_>, path: &str, body: &mut Value) {
    let own = call.href(path);
    let mut links = json!({ "self": { "href": own } });
    for name in URIS {
        links[name] = json!({ "href": format!("{own}/{name}") });
    }
    *body = json!({ "_links": links });
}

fn show_uri(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    shown.entry("representation").or_insert(json!({}));
    let own = call.href(&at.own());
    let links = json!({ "self": { "href": own }, "customized": { "href": format!("{own}/customized") } });
    shown.insert("_links".to_owned(), links);
}
