//! One event of the System Log.

use std::borrow::Cow;

use http::header;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    base::{clock::iso, named_store::Named},
    protocol::call::Call,
    state::{group::Group, user::User},
};

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
        Event {
            change: self,
            actor,
            user_agent: call
                .headers
                .get(header::USER_AGENT)
                .and_then(|value| value.to_str().ok()),
            address: "127.0.0.1",
            request_id: call.request_id,
            path: call.path,
            published: call.now,
            uuid,
        }
        .document()
    }
}

/// Everything that an event says.
pub(crate) struct Event<'a> {
    pub(crate) change: Change,
    pub(crate) actor: Option<Target>,
    pub(crate) user_agent: Option<&'a str>,
    pub(crate) address: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) path: &'a str,
    pub(crate) published: Timestamp,
    pub(crate) uuid: String,
}

impl Event<'_> {
    pub(crate) fn document(self) -> Value {
        let targets: Vec<Value> = self.change.targets.into_iter().map(|target| target.0).collect();
        let user_agent = self
            .user_agent
            .map(|raw| json!({ "rawUserAgent": raw, "os": "Unknown", "browser": "UNKNOWN" }));
        // Nothing is known of where callers are.
        let place = json!({ "city": null, "state": null, "country": null, "postalCode": null, "geolocation": null });
        json!({
            "actor": self.actor.map(|actor| actor.0),
            "client": {
                "userAgent": user_agent,
                "zone": "null",
                "device": "Unknown",
                "id": null,
                "ipAddress": self.address,
                "geographicalContext": place,
            },
            "device": null,
            "authenticationContext": {
                "authenticationProvider": null,
                "credentialProvider": null,
                "credentialType": null,
                "issuer": null,
                "interface": null,
                "authenticationStep": 0,
                "rootSessionId": null,
                "externalSessionId": format!("trs{}", self.request_id),
            },
            "displayMessage": self.change.message,
            "eventType": self.change.event_type,
            "outcome": { "result": "SUCCESS", "reason": null },
            "published": iso(self.published),
            "securityContext": { "asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null },
            "severity": "INFO",
            "debugContext": {
                "debugData": {
                    "requestId": self.request_id,
                    "requestUri": self.path,
                    "url": format!("{}?", self.path),
                    "threatSuspected": "false",
                },
            },
            "legacyEventType": null,
            "transaction": { "type": "WEB", "id": self.request_id, "detail": {} },
            "uuid": self.uuid,
            "version": "0",
            "request": {
                "ipChain": [{ "ip": self.address, "geographicalContext": place, "version": "V4", "source": null }],
            },
            "target": targets,
        })
    }
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
