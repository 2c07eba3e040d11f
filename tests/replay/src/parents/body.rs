//! Bodies of resources that recordings do not show.

use serde_json::{Value, json};

/// The smallest body for collections that recordings may not show.
pub(super) fn fallback(collection: &str, id: &str, number: usize) -> Value {
    let name = format!("Replayed {number}");
    match collection {
        "/api/v1/users" => {
            let login = format!("replayed{number}@example.com");
            json!({ "profile": { "firstName": "Re", "lastName": "Played", "login": login, "email": login } })
        }
        "/api/v1/groups" => json!({ "profile": { "name": name } }),
        "/api/v1/apps" => json!({ "name": "bookmark", "label": "Replayed", "signOnMode": "BOOKMARK",
            "settings": { "app": { "url": "https://example.com", "requestIntegration": false } } }),
        "/api/v1/logStreams" => json!({ "name": name, "type": "aws_eventbridge",
            "settings": { "accountId": "123456789012", "eventSourceName": "replayed", "region": "us-east-1" } }),
        "/api/v1/domains" => {
            json!({ "domain": format!("replayed{number}.example.com"), "certificateSourceType": "MANUAL" })
        }
        "/api/v1/email-domains" => {
            json!({ "domain": format!("replayed{number}.example.com"), "displayName": "Replayed",
            "userName": "noreply", "brandId": "bnd1emulated0org05d7" })
        }
        _ if collection.ends_with("/factors") => json!({ "factorType": "sms", "provider": "OKTA",
            "profile": { "phoneNumber": "+15555550123" } }),
        _ if collection.ends_with("/linkedObjects") => json!({ "primary": { "name": "manager", "title": "Manager",
            "type": "USER" }, "associated": { "name": "subordinate", "title": "Subordinate", "type": "USER" } }),
        "/api/v1/policies" if id.starts_with("rst") => {
            json!({ "type": "ACCESS_POLICY", "name": name, "description": "Replayed" })
        }
        "/api/v1/policies" => json!({ "type": "OKTA_SIGN_ON", "name": name, "description": "Replayed",
            "conditions": { "people": { "groups": { "include": [] } } } }),
        _ => json!({ "name": name, "label": name, "description": "Replayed" }),
    }
}

/// An application whose users have the claims of OpenID Connect.
pub(super) fn openid() -> Value {
    json!({ "name": "oidc_client", "label": "Replayed", "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": "client_secret_basic" } },
        "settings": { "oauthClient": { "application_type": "web", "grant_types": ["authorization_code"],
            "response_types": ["code"], "redirect_uris": ["https://example.com"] } } })
}

/// Public keys were made unrecognisable in the recordings, so they are not valid keys: others stand for them.
pub(super) fn with_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let key = match members.get("kty").and_then(Value::as_str) {
                Some("RSA") => vec![("n", format!("{}w", "_".repeat(341))), ("e", "AQAB".to_owned())],
                Some("EC") => vec![
                    ("crv", "P-256".to_owned()),
                    ("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned()),
                    ("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned()),
                ],
                _ => Vec::new(),
            };
            for (name, value) in key {
                members.insert(name.to_owned(), Value::String(value));
            }
            members.values_mut().for_each(with_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(with_keys),
        _ => {}
    }
}
