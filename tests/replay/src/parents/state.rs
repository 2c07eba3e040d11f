//! Brings resources into the states in which the recorded requests had their recorded results.

use serde_json::{Map, Value, json};

use super::maker::Maker;
use crate::exchange::Exchange;

impl Maker<'_> {
    /// Adds the attributes of a request and removes them, so that they are being cleaned up.
    async fn remove_attributes(&self, request: &Value, path: &str) {
        let Some(Value::Object(attributes)) = request.pointer("/definitions/custom/properties") else {
            return;
        };
        let none: Map<String, Value> = attributes.keys().map(|name| (name.clone(), Value::Null)).collect();
        let removal = json!({ "definitions": { "custom": { "properties": none } } });
        self.org.json("POST", path, Some(request)).await;
        self.org.json("POST", path, Some(&removal)).await;
    }

    /// Brings the resource into a state in which the recorded request had its recorded success.
    pub(super) async fn bring_about(&mut self, exchange: &Exchange, path: &str) {
        if exchange.response_body.to_string().contains("deletion process") {
            self.remove_attributes(&exchange.request_body, path).await;
        }
        if !exchange.status.is_some_and(|status| (200..300).contains(&status)) {
            return;
        }
        // Attributes that the recorded org has added are its own.
        if path.contains("/meta/schemas/")
            && let Some(custom) = exchange.response_body.pointer("/definitions/custom")
        {
            let body = json!({ "definitions": { "custom": custom } });
            self.org.json("POST", path, Some(&body)).await;
        }
        let before = match path.rsplit_once("/lifecycle/") {
            Some((resource, "activate")) => Some(format!("{resource}/lifecycle/deactivate")),
            Some((resource, "unsuspend")) => Some(format!("{resource}/lifecycle/suspend")),
            Some(_) => None,
            None if exchange.method == "DELETE" => Some(format!("{path}/lifecycle/deactivate")),
            None => match exchange.response_body.get("status").and_then(Value::as_str) {
                Some("INACTIVE") => Some(format!("{path}/lifecycle/deactivate")),
                Some("ACTIVE") if exchange.method != "POST" => Some(format!("{path}/lifecycle/activate")),
                _ => None,
            },
        };
        if let Some(before) = before {
            self.org.json("POST", &before, None).await;
        }
    }
}

/// The action that brings a new resource into a status.
pub(super) fn step_to(status: &str) -> Option<&'static str> {
    match status {
        "INACTIVE" | "DEPROVISIONED" => Some("deactivate"),
        "SUSPENDED" => Some("suspend"),
        "PASSWORD_EXPIRED" => Some("expire_password"),
        "RECOVERY" => Some("reset_password?sendEmail=false"),
        _ => None,
    }
}
