//! One event of the System Log.

use std::borrow::Cow;

use http::header;
use serde_json::{Value, json};

use crate::{call::Call, clock::iso, groups::Group, named::Named, users::User};

/// What happened, as a handler reports it.
pub(crate) struct Change {
    event_type: Cow<'static, str>,
    message: Cow<'static, str>,
    targets: Vec<Target>,
}

/// What it happened to.
pub(crate) struct Target(Value);

impl Change {
    pub(crate) fn new(event_type: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            event_type: event_type.into(),
            message: message.into(),
            targets: Vec::new(),
        }
    }

    pub(crate) fn target(mut self, target: Target) -> Self {
        self.targets.push(target);
        self
    }

    /// The event in full.
    pub(crate) fn document(self, call: &Call<'_>, uuid: String, actor: Option<Target>) -> Value {
        let targets: Vec<Value> = self.targets.into_iter().map(|target| target.0).collect();
        json!({
            "actor": actor.map(|actor| actor.0),
            "client": client(call),
            "device": null,
            "authenticationContext": {
                "authenticationProvider": null,
                "credentialProvider": null,
                "credentialType": null,
                "issuer": null,
                "interface": null,
                "authenticationStep": 0,
                "rootSessionId": null,
                "externalSessionId": format!("trs{}", call.request_id),
            },
            "displayMessage": self.message,
            "eventType": self.event_type,
            "outcome": { "result": "SUCCESS", "reason": null },
            "published": iso(call.now),
            "securityContext": { "asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null },
            "severity": "INFO",
            "debugContext": {
                "debugData": {
                    "requestId": call.request_id,
                    "requestUri": call.path,
                    "url": format!("{}?", call.path),
                    "threatSuspected": "false",
                },
            },
            "legacyEventType": null,
            "transaction": { "type": "WEB", "id": call.request_id, "detail": {} },
            "uuid": uuid,
            "version": "0",
            "request": { "ipChain": [{ "ip": "127.0.0.1", "geographicalContext": null, "version": "V4", "source": null }] },
            "target": targets,
        })
    }
}

/// Who called, from where.
fn client(call: &Call<'_>) -> Value {
    let user_agent = call
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    json!({
        "userAgent": user_agent.map(|raw| json!({ "rawUserAgent": raw, "os": "Unknown", "browser": "UNKNOWN" })),
        "zone": "null",
        "device": "Unknown",
        "id": null,
        "ipAddress": "127.0.0.1",
        "geographicalContext": null,
    })
}

impl Target {
    /// Any object of the org.
    pub(crate) fn new(id: &str, kind: &str, alternate_id: &str, display_name: &str) -> Self {
        Self(json!({
            "id": id,
            "type": kind,
            "alternateId": alternate_id,
            "displayName": display_name,
            "detailEntry": null,
        }))
    }
}

impl From<&User> for Target {
    fn from(user: &User) -> Self {
        Self::new(&user.id, "User", user.login(), &user.display_name())
    }
}

impl From<&Group> for Target {
    fn from(group: &Group) -> Self {
        Self::new(&group.id, "UserGroup", "unknown", group.name())
    }
}
