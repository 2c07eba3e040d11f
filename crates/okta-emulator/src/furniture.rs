//! What a real org has from its first day: default policies, zones, a brand, authenticators, settings and the like.

use std::mem;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    base::{clock::iso, ids::Ids},
    handlers::{
        apps::create,
        authorization_servers::{SCOPES, subject_claim, system_scope},
        brands, policies,
        resources::plant::plant,
    },
    org::Org,
    state::{
        app::App,
        usual::{ACCESS_POLICY, PROFILE_ENROLLMENT, REALM},
    },
};

const SERVERS: &str = "/api/v1/authorizationServers";

const BRAND: &str = "bnd1emulated0org05d7";

/// Keeps these ids apart from those that the org hands out, so that the same calls get the same ids in every org.
const SEED: u64 = 0x6675_726e_6974_7572;

/// Furnishes a new org; one that is to be empty gets the default authorization server only. Nothing of it can be refused.
pub(crate) fn furnish(org: &mut Org, now: Timestamp, empty: bool) {
    let _ = org.ids.object("aus");
    let own = mem::replace(&mut org.ids, Ids::new(SEED));
    furnish_all(org, now, empty);
    org.ids = own;
}

/// The owner of the API token administers the org.
pub(crate) fn administrator(org: &mut Org, now: Timestamp) {
    let id = "ra11emulated0adm05d7";
    let now = iso(now);
    let role = json!({
        "id": id,
        "type": "SUPER_ADMIN",
        "label": "Super Administrator",
        "status": "ACTIVE",
        "assignmentType": "USER",
        "created": now,
        "lastUpdated": now,
    });
    let roles = format!("/api/v1/users/{}/roles", org.token_owner);
    if let Value::Object(role) = role {
        org.resources.collection(&roles).insert(id.to_owned(), role);
    }
}

fn furnish_all(org: &mut Org, now: Timestamp, empty: bool) {
    let everyone = org
        .groups
        .values()
        .find(|group| group.everyone)
        .map(|group| group.id.clone());
    let mut put = |collection: &str, object: Value| {
        let _ = plant(org, collection, object, now);
    };
    authorization_server(&mut put);
    let server = format!("{SERVERS}/default");
    for scope in SCOPES {
        let id = org.ids.object("scp");
        let scope = system_scope(&id, scope);
        org.resources.collection(&format!("{server}/scopes")).insert(id, scope);
    }
    let id = org.ids.object("ocl");
    let claim = subject_claim(&id);
    org.resources.collection(&format!("{server}/claims")).insert(id, claim);
    if empty {
        return;
    }
    brands::furnish(org, &format!("/api/v1/brands/{BRAND}"), "thd1emulated0org05d7");
    system_apps(org, now);
    let mut put = |collection: &str, object: Value| {
        let _ = plant(org, collection, object, now);
    };
    for (id, kind, name, rule) in [
        (ACCESS_POLICY, "ACCESS_POLICY", "Any two factors", "Catch-all Rule"),
        (
            PROFILE_ENROLLMENT,
            "PROFILE_ENROLLMENT",
            "Default Policy",
            "Catch-all Rule",
        ),
        ("00p1emulated0sgn05d7", "OKTA_SIGN_ON", "Default Policy", "Default Rule"),
        ("00p1emulated0pwd05d7", "PASSWORD", "Default Policy", "Default Rule"),
        ("00p1emulated0mfa05d7", "MFA_ENROLL", "Default Policy", "Default Rule"),
        (
            "00p1emulated0idp05d7",
            "IDP_DISCOVERY",
            "Idp Discovery Policy",
            "Default Rule",
        ),
    ] {
        let mut policy = json!({
            "id": id,
            "type": kind,
            "name": name,
            "description": "The default policy applies in all situations if no other policy applies.",
            "system": true,
            "priority": 1,
        });
        policy["conditions"] = match kind {
            "ACCESS_POLICY" | "PROFILE_ENROLLMENT" | "IDP_DISCOVERY" => Value::Null,
            _ => json!({ "people": { "groups": { "include": [everyone] } } }),
        };
        if kind == "PASSWORD" {
            policy["conditions"]["authProvider"] = json!({ "provider": "OKTA" });
            policy["settings"] = password_settings();
        }
        put("/api/v1/policies", policy);
        let last = if rule == "Catch-all Rule" { 99 } else { 1 };
        let rule = json!({ "type": rule_type(kind), "name": rule, "system": true, "priority": last, "conditions": null,
            "actions": policies::order::catch_all(kind) });
        put(&format!("/api/v1/policies/{id}/rules"), rule);
    }
    for (name, usage) in [
        ("LegacyIpZone", "POLICY"),
        ("BlockedIpZone", "BLOCKLIST"),
        ("DefaultExemptIpZone", "POLICY"),
    ] {
        let zone =
            json!({ "type": "IP", "name": name, "usage": usage, "system": true, "gateways": null, "proxies": null });
        put("/api/v1/zones", zone);
    }
    put(
        "/api/v1/brands",
        json!({ "id": BRAND, "name": "Default", "isDefault": true, "removePoweredByOkta": false }),
    );
    put(
        "/api/v1/domains",
        json!({ "id": "default", "domain": "", "validationStatus": "COMPLETED", "certificateSourceType": "OKTA_MANAGED", "brandId": BRAND }),
    );
    authenticators(&mut put);
    features(&mut put);
    for (name, platform) in [
        ("com.okta.device.osquery", "MACOS"),
        ("com.okta.windowssecuritycenter", "WINDOWS"),
        ("com.android.zero.trust", "ANDROID"),
    ] {
        let integration = json!({ "id": name, "name": name, "platform": platform, "status": "DEACTIVATED" });
        put("/api/v1/device-integrations", integration);
    }
    put(
        "/api/v1/first-party-app-settings",
        json!({ "id": "admin-console", "sessionIdleTimeoutMinutes": 15, "sessionMaxLifetimeMinutes": 720 }),
    );
    let check = json!({ "name": "Gatekeeper", "platform": "MACOS", "type": "BUILTIN", "mappingType": "CHECKBOX", "variableName": "macOSGatekeeper" });
    put("/api/v1/device-posture-checks/default", check);
    let domain = "emulated.okta.com";
    put(
        "/api/v1/dr/status",
        json!({ "id": domain, "domain": domain, "isFailedOver": false }),
    );
    let realm =
        json!({ "id": REALM, "isDefault": true, "profile": { "name": "Default Realm", "realmType": "DEFAULT" } });
    put("/api/v1/realms", realm);
    for (name, title) in [
        ("aws_eventbridge", "AWS EventBridge"),
        ("splunk_cloud_logstreaming", "Splunk Cloud"),
    ] {
        put(
            "/api/v1/meta/schemas/logStream",
            json!({
                "id": name,
                "name": name,
                "title": title,
                "$schema": "http://json-schema.org/draft-04/schema#",
                "type": "object",
                "properties": { "settings": { "type": "object" }, "name": { "type": "string", "title": "Name" } },
                "required": ["name", "settings"],
                "errorMessage": {},
                "pattern": null,
            }),
        );
    }
    put(
        "/api/v1/first-party-app-settings",
        json!({ "id": "admin-console", "sessionIdleTimeoutMinutes": 15, "sessionMaxLifetimeMinutes": 720 }),
    );
    for kind in ["BILLING", "TECHNICAL"] {
        put("/api/v1/org/contacts", json!({ "id": kind, "contactType": kind }));
    }
    put(
        "/api/v1/api-tokens",
        json!({ "name": "Emulator", "userId": org_owner(), "tokenWindow": "P30D", "clientName": "Okta API" }),
    );
}

/// The token belongs to the first user, which does not exist yet.
fn org_owner() -> &'static str {
    "me"
}

fn password_settings() -> Value {
    json!({
        "password": {
            "complexity": {
                "minLength": 8,
                "minLowerCase": 1,
                "minUpperCase": 1,
                "minNumber": 1,
                "minSymbol": 0,
                "excludeUsername": true,
                "excludeAttributes": [],
                "dictionary": { "common": { "exclude": false } },
            },
            "age": { "maxAgeDays": 0, "expireWarnDays": 0, "minAgeMinutes": 0, "historyCount": 4 },
            "lockout": {
                "maxAttempts": 10,
                "autoUnlockMinutes": 0,
                "userLockoutNotificationChannels": [],
                "showLockoutFailures": false,
            },
        },
        "recovery": { "factors": {
            "recovery_question": { "status": "ACTIVE", "properties": { "complexity": { "minLength": 4 } } },
            "okta_email": { "status": "ACTIVE", "properties": { "recoveryToken": { "tokenLifetimeMinutes": 60 } } },
            "okta_sms": { "status": "INACTIVE" },
            "okta_call": { "status": "INACTIVE" },
        } },
        "delegation": { "options": { "skipUnlock": false } },
    })
}

fn rule_type(policy: &str) -> &str {
    match policy {
        "OKTA_SIGN_ON" => "SIGN_ON",
        other => other,
    }
}

fn authenticators(put: &mut impl FnMut(&str, Value)) {
    for (id, key, kind, name, method) in [
        (
            "aut1emulated0pwd05d7",
            "okta_password",
            "password",
            "Password",
            "password",
        ),
        ("aut1emulated0eml05d7", "okta_email", "email", "Email", "email"),
        ("aut1emulated0phn05d7", "phone_number", "phone", "Phone", "sms"),
        ("aut1emulated0ver05d7", "okta_verify", "app", "Okta Verify", "push"),
        (
            "aut1emulated0que05d7",
            "security_question",
            "security_question",
            "Security Question",
            "security_question",
        ),
    ] {
        put(
            "/api/v1/authenticators",
            json!({ "id": id, "key": key, "type": kind, "name": name }),
        );
        put(
            &format!("/api/v1/authenticators/{id}/methods"),
            json!({ "id": method, "type": method }),
        );
    }
}

/// Features that an administrator can switch: name, status, stage, and what each is about.
const FEATURES: [(&str, &str, &str, &str); 4] = [
    (
        "Import Monitoring Dashboard",
        "DISABLED",
        "BETA",
        "Monitor import jobs of the last 24 hours",
    ),
    (
        "Android Device Trust",
        "DISABLED",
        "EA",
        "Collect more signals about the posture of devices",
    ),
    (
        "Unified look and feel for the dashboard",
        "ENABLED",
        "EA",
        "Give the dashboard the look of the sign-in page",
    ),
    (
        "IP Exempt Zone",
        "ENABLED",
        "EA",
        "Let addresses pass that threat insight would block",
    ),
];

fn features(put: &mut impl FnMut(&str, Value)) {
    for (index, (name, status, stage, description)) in FEATURES.into_iter().enumerate() {
        put(
            "/api/v1/features",
            json!({
                "id": format!("ftr1emulated0{index}feature"),
                "name": name,
                "description": description,
                "type": "self-service",
                "status": status,
                "stage": { "value": stage, "state": "OPEN" },
            }),
        );
    }
}

/// Applications of the org itself: its console and its dashboard.
fn system_apps(org: &mut Org, now: Timestamp) {
    let now = iso(now);
    for (id, name, label) in [
        ("0oa1emulated0adm05d7", "saasure", "Okta Admin Console"),
        ("0oa1emulated0end05d7", "okta_enduser", "Okta Dashboard"),
        ("0oa1emulated0brw05d7", "okta_browser_plugin", "Okta Browser Plugin"),
    ] {
        let body = json!({
            "name": name,
            "label": label,
            "signOnMode": "OPENID_CONNECT",
            "credentials": { "oauthClient": { "token_endpoint_auth_method": "none" } },
            "settings": { "oauthClient": { "application_type": "web", "grant_types": ["authorization_code"],
                "response_types": ["code"] } },
        });
        let Value::Object(body) = body else { continue };
        let Ok(mut document) = create::complete(body, id, &mut org.ids) else {
            continue;
        };
        for (member, value) in [
            ("id", id),
            ("name", name),
            ("created", &now),
            ("lastUpdated", &now),
            ("status", "ACTIVE"),
        ] {
            document.insert(member.to_owned(), json!(value));
        }
        create::link_to_itself(&mut document, name);
        org.apps.insert(id.to_owned(), App::new(document));
    }
}

fn authorization_server(put: &mut impl FnMut(&str, Value)) {
    let servers = SERVERS;
    put(
        servers,
        json!({
            "id": "default",
            "name": "default",
            "description": "Default Authorization Server for your Applications",
            "audiences": ["api://default"],
            "issuerMode": "ORG_URL",
            "default": true,
            "credentials": { "signing": {
                "kid": "emulated-default-signing-key",
                "use": "sig",
                "rotationMode": "AUTO",
                "lastRotated": "2026-01-01T00:00:00.000Z",
                "nextRotation": "2026-04-01T00:00:00.000Z",
            } },
        }),
    );
    let policy = "00p1emulated0ath05d7";
    put(
        &format!("{servers}/default/policies"),
        json!({ "id": policy, "type": "OAUTH_AUTHORIZATION_POLICY", "name": "Default Policy", "priority": 1, "system": false,
            "conditions": { "clients": { "include": ["ALL_CLIENTS"] } } }),
    );
    put(
        &format!("{servers}/default/policies/{policy}/rules"),
        json!({ "type": "RESOURCE_ACCESS", "name": "Default Policy Rule", "priority": 1, "system": false }),
    );
}
