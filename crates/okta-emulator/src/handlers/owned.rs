//! What users, devices and administrators leave behind: sessions, devices, features, mappings, realms, tokens, zones.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::resources::model::{At, Model},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
};

pub(crate) static MODELS: [Model; 15] = [
    Model::of("/api/v1/sessions")
        .accept(accept_session)
        .act(refresh_session)
        .show(show_session),
    Model::of("/api/v1/devices")
        .act(act_device)
        .keep(keep_device)
        .show(show_device),
    Model::of("/api/v1/features").act(act_feature).show(show_feature),
    Model::of("/api/v1/mappings").accept(accept_mapping),
    Model::of("/api/v1/realms").accept(accept_realm).keep(keep_realm),
    Model::of("/api/v1/api-tokens").show(show_token),
    Model::of("/api/v1/device-assurances").accept(accept_assurance),
    Model::of("/api/v1/principal-rate-limits").accept(accept_limit),
    Model::of("/api/v1/authenticators").accept(accept_authenticator),
    Model::of("/api/v1/org/contacts").show(show_contact),
    Model::of("/api/v1/zones").keep(keep_zone),
    Model::of("/api/v1/logStreams").show(show_log_stream),
    Model::of("/api/v1/push-providers").accept(accept_push_provider),
    Model::of("/api/v1/dr/status").show(show_recovery),
    Model::of("/api/v1/users/*/idps").show_list(show_providers),
];

/// The identity providers that a user is linked to.
fn show_providers(org: &Org, call: &Call<'_>, path: &str, body: &mut Value) {
    let user = At { path, id: "" }.above("users").to_owned();
    let all = org.resources.collections.get("/api/v1/idps").into_iter();
    let linked = all.flat_map(|all| all.values()).filter(|provider| {
        let users = format!("/api/v1/idps/{}/users", text(provider, "id").unwrap_or_default());
        org.stored(&users, &user).is_some()
    });
    let linked = linked.cloned().map(|mut provider| {
        let own = format!("/api/v1/idps/{}", text(&provider, "id").unwrap_or_default());
        set(
            &mut provider,
            "_links",
            json!({ "self": link(call, &own, &["GET", "PUT", "DELETE"]) }),
        );
        Value::Object(provider)
    });
    *body = linked.collect();
}

/// One domain is shown as a list of one.
fn show_recovery(_org: &Org, call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    shown.retain(|name, _| name == "domain" || name == "isFailedOver");
    if !call.path.ends_with("/dr/status") {
        let one = std::mem::take(shown);
        set(shown, "status", json!([one]));
    }
}

/// Where features are explained.
const HELP: &str = "https://help.okta.com/okta_help.htm?type=oie&id=ext-features";

/// Hours that a session lasts.
const SESSION: i64 = 2;

fn set(object: &mut Object, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

fn link(call: &Call<'_>, path: &str, methods: &[&str]) -> Value {
    json!({ "href": call.href(path), "hints": { "allow": methods } })
}

/// Users cannot sign in here: every session token is taken to be the token owner's.
fn accept_session(
    org: &mut Org,
    call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    if old.is_some() {
        return Ok(());
    }
    if text(new, "sessionToken").is_none_or(str::is_empty) {
        return Err(ApiError::malformed_body());
    }
    let user = org.user("me")?;
    let (id, login) = (user.id.clone(), user.login().to_owned());
    new.remove("sessionToken");
    set(new, "userId", json!(id));
    set(new, "login", json!(login));
    extend_session(new, call);
    Ok(())
}

fn extend_session(session: &mut Object, call: &Call<'_>) {
    let now = whole_seconds(call.now);
    let end = now.checked_add(SESSION.hours()).unwrap_or(now);
    session.entry("createdAt").or_insert_with(|| json!(iso(now)));
    set(session, "expiresAt", json!(iso(end)));
}

fn refresh_session(
    _org: &mut Org,
    call: &Call<'_>,
    _at: At<'_>,
    action: &str,
    session: &mut Object,
) -> Result<(), ApiError> {
    if action == "refresh" {
        extend_session(session, call);
    }
    Ok(())
}

fn show_session(org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let created = shown
        .get("createdAt")
        .or(shown.get("created"))
        .cloned()
        .unwrap_or_default();
    for (name, usual) in [
        ("createdAt", created.clone()),
        ("expiresAt", created.clone()),
        ("status", json!("ACTIVE")),
        ("lastPasswordVerification", created),
        ("lastFactorVerification", Value::Null),
        ("amr", json!(["pwd"])),
        ("idp", json!({ "id": org.id, "type": "OKTA" })),
        ("mfaActive", json!(false)),
    ] {
        shown.entry(name).or_insert(usual);
    }
    for name in ["created", "lastUpdated"] {
        shown.remove(name);
    }
    let own = at.own();
    let mut links = json!({
        "self": link(call, &own, &["GET", "DELETE"]),
        "refresh": link(call, &format!("{own}/lifecycle/refresh"), &["POST"]),
    });
    let user = text(shown, "userId").unwrap_or("me").to_owned();
    links["user"] = link(call, &format!("/api/v1/users/{user}"), &["GET"]);
    links["user"]["name"] = json!(text(shown, "login"));
    if let Ok(user) = org.user(&user) {
        links["user"]["name"] = json!(user.display_name());
        shown.entry("userId").or_insert(json!(user.id));
        shown.entry("login").or_insert(json!(user.login()));
    }
    set(shown, "_links", links);
}

/// Which actions a device allows in a status.
fn device_actions(status: &str) -> &'static [&'static str] {
    match status {
        "ACTIVE" => &["deactivate", "suspend"],
        "SUSPENDED" => &["deactivate", "unsuspend"],
        "CREATED" => &["activate"],
        _ => &["activate"],
    }
}

fn act_device(_org: &mut Org, _call: &Call<'_>, at: At<'_>, action: &str, device: &mut Object) -> Result<(), ApiError> {
    let status = text(device, "status").unwrap_or("ACTIVE");
    if device_actions(status).contains(&action) {
        return Ok(());
    }
    let cause = format!("Cannot {action} device {} with status {status}", at.id);
    Err(ApiError::validation("device", [cause]))
}

fn keep_device(_org: &Org, _call: &Call<'_>, _at: At<'_>, device: &Object) -> Result<(), ApiError> {
    match text(device, "status") {
        None | Some("DEACTIVATED") => Ok(()),
        Some(_) => Err(ApiError::validation(
            "device",
            ["Device must be deactivated before it can be deleted".to_owned()],
        )),
    }
}

fn show_device(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = at.own();
    let status = text(shown, "status").unwrap_or("ACTIVE").to_owned();
    let mut links = json!({ "self": link(call, &own, &["GET", "PATCH", "PUT"]), "users": link(call, &format!("{own}/users"), &["GET"]) });
    for action in device_actions(&status) {
        links[*action] = link(call, &format!("{own}/lifecycle/{action}"), &["POST"]);
    }
    for (name, usual) in [
        ("resourceType", json!("UDDevice")),
        ("resourceId", json!(at.id)),
        ("resourceAlternateId", Value::Null),
    ] {
        shown.entry(name).or_insert(usual);
    }
    let name = shown
        .get("profile")
        .and_then(|profile| profile.get("displayName"))
        .cloned();
    let display = json!({ "value": name.unwrap_or_default(), "sensitive": false });
    shown.entry("resourceDisplayName").or_insert(display);
    set(shown, "_links", links);
}

/// `ENABLE` and `DISABLE` are actions like others, whatever their case.
fn act_feature(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    action: &str,
    _feature: &mut Object,
) -> Result<(), ApiError> {
    match action {
        "enable" | "disable" => Ok(()),
        _ => Err(ApiError::path_not_found()),
    }
}

fn show_feature(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = at.own();
    let other = if text(shown, "status") == Some("ENABLED") {
        "disable"
    } else {
        "enable"
    };
    for name in ["created", "lastUpdated"] {
        shown.remove(name);
    }
    let links = json!({
        "self": { "href": call.href(&own) },
        "dependents": { "href": call.href(&format!("{own}/dependents")) },
        "dependencies": { "href": call.href(&format!("{own}/dependencies")) },
        "helpDoc": { "href": HELP },
        other: link(call, &format!("{own}/{other}"), &["POST"]),
    });
    set(shown, "_links", links);
}

/// Properties are merged; `null` takes one away.
fn accept_mapping(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let Some(old) = old else { return Ok(()) };
    for name in ["source", "target"] {
        new.extend(old.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let mut properties = old
        .get("properties")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if let Some(Value::Object(stated)) = new.get("properties") {
        for (name, value) in stated {
            match value {
                Value::Null => properties.remove(name),
                value => properties.insert(name.clone(), value.clone()),
            };
        }
    }
    set(new, "properties", Value::Object(properties));
    Ok(())
}

fn accept_realm(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let name = |realm: &Object| realm.get("profile").and_then(|profile| profile.get("name")).cloned();
    let own = name(new);
    if own.as_ref().and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(ApiError::malformed_body());
    }
    let mut others = org.resources.collection(at.path).values();
    if others.any(|other| name(other) == own && text(other, "id") != Some(at.id)) {
        return Err(ApiError::duplicate("name"));
    }
    let is_default = old
        .and_then(|old| old.get("isDefault").cloned())
        .unwrap_or(json!(false));
    set(new, "isDefault", is_default);
    Ok(())
}

fn keep_realm(_org: &Org, _call: &Call<'_>, _at: At<'_>, realm: &Object) -> Result<(), ApiError> {
    if realm.get("isDefault") == Some(&json!(true)) {
        return Err(ApiError::validation(
            "realm",
            ["The default realm cannot be deleted".to_owned()],
        ));
    }
    Ok(())
}

fn show_token(org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    if text(shown, "userId").is_none_or(|id| id == "me") {
        set(shown, "userId", json!(org.token_owner));
    }
    let user = text(shown, "userId").unwrap_or_default().to_owned();
    let links = json!({
        "self": link(call, &at.own(), &["GET", "DELETE"]),
        "user": link(call, &format!("/api/v1/users/{user}"), &["GET"]),
    });
    set(shown, "_links", links);
}

/// A policy that demands nothing of a device is refused.
fn accept_assurance(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    _old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    const ABOUT: [&str; 14] = [
        "_links",
        "created",
        "createdBy",
        "createdDate",
        "displayRemediationMode",
        "gracePeriod",
        "id",
        "lastUpdate",
        "lastUpdated",
        "lastUpdatedBy",
        "name",
        "platform",
        "status",
        "system",
    ];
    let demands = |name: &String, value: &Value| !ABOUT.contains(&name.as_str()) && !value.is_null();
    if new.iter().any(|(name, value)| demands(name, value)) {
        return Ok(());
    }
    let cause = "Please select at least one device condition before saving".to_owned();
    Err(ApiError::validation("deviceAssuranceMediated", [cause]))
}

fn accept_limit(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let invalid = || ApiError::validation("principalRateLimitMediated", []);
    let has = |name: &str| new.get(name).is_some_and(|value| !value.is_null());
    if old.is_none() && !has("defaultPercentage") && !has("defaultConcurrencyPercentage") {
        return Err(invalid());
    }
    let mut others = org.resources.collection(at.path).values();
    let same = |other: &Object| other.get("principalId") == new.get("principalId") && text(other, "id") != Some(at.id);
    if others.any(same) {
        return Err(invalid());
    }
    Ok(())
}

/// A phone is called by a hook, which this org may not have.
fn accept_authenticator(
    org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let is_phone = text(new, "key") == Some("phone_number");
    let has_hook = org
        .resources
        .collections
        .get("/api/v1/inlineHooks")
        .is_some_and(|hooks| {
            hooks.values().any(|hook| {
                text(hook, "type") == Some("com.okta.telephony.provider") && text(hook, "status") == Some("ACTIVE")
            })
        });
    if is_phone && old.is_some() && !has_hook {
        return Err(ApiError::no_telephony_hook());
    }
    if old.is_none() {
        let key = text(new, "key").unwrap_or_default().to_owned();
        let mut others = org.resources.collection("/api/v1/authenticators").values();
        // Of the keys that an org can have twice, each has a provider its own.
        let may_repeat = matches!(key.as_str(), "custom_app" | "custom_otp" | "external_idp");
        if !may_repeat && others.any(|other| text(other, "key") == Some(&key)) {
            return Err(ApiError::duplicate("key"));
        }
    }
    Ok(())
}

fn show_contact(org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let user = text(shown, "userId").unwrap_or(&org.token_owner).to_owned();
    let address = call.href(&format!("/api/v1/users/{user}"));
    let is_listed = call.path.trim_end_matches('/').ends_with("/contacts");
    shown.clear();
    if is_listed {
        set(shown, "contactType", json!(at.id));
        let own = call.href(&at.own());
        set(shown, "_links", json!({ at.id.to_lowercase(): { "href": own } }));
    } else {
        set(shown, "userId", json!(user));
        set(shown, "_links", json!({ "user": { "href": address } }));
    }
}

fn keep_zone(_org: &Org, _call: &Call<'_>, _at: At<'_>, zone: &Object) -> Result<(), ApiError> {
    if zone.get("system") == Some(&json!(true)) {
        let cause = "A network zone of the system cannot be deleted".to_owned();
        return Err(ApiError::validation("networkZone", [cause]));
    }
    Ok(())
}

/// What a provider is configured with depends on its type, so both are needed.
fn accept_push_provider(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let blank = |name: &&str| new.get(*name).is_none_or(Value::is_null);
    let missing = ["providerType", "configuration"].into_iter().filter(blank);
    let causes: Vec<String> = missing
        .map(|name| format!("{name}: The field cannot be left blank"))
        .collect();
    if old.is_none() && !causes.is_empty() {
        return Err(ApiError::validation("providerType", causes));
    }
    Ok(())
}

/// The one resource whose links have methods of their own.
fn show_log_stream(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    let other = if text(shown, "status") == Some("ACTIVE") {
        "deactivate"
    } else {
        "activate"
    };
    let links = json!({
        "self": { "href": own, "method": "GET" },
        other: { "href": format!("{own}/lifecycle/{other}"), "method": "POST" },
    });
    set(shown, "_links", links);
}
