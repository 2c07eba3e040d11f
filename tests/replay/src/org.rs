//! A fresh org for one exchange.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use okta_emulator::Emulator;
use serde_json::Value;
use tower::ServiceExt;

use crate::exchange::Exchange;

/// An emulated org.
pub struct Org {
    emulator: Emulator,
}

/// What the emulator responds with.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body: JSON, a string of another text, or null.
    pub body: Value,
}

impl Reply {
    /// The id of a resource.
    pub fn id(&self) -> Option<&str> {
        let named = ["id", "kid", "name"].into_iter().find_map(|name| self.body.get(name));
        named.and_then(Value::as_str).filter(|_| self.is_success())
    }

    /// Whether the status is a success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Org {
    /// An org as it is after its creation, with these resources, each with its collection.
    pub fn fresh(resources: Vec<(String, Value)>, exchange: &Exchange) -> Self {
        let mut builder = Emulator::builder();
        // The recorded org had custom attributes.
        if exchange.status.is_some_and(|status| status < 400) {
            builder = builder.any_attribute();
        }
        if exchange.response_body.to_string().contains("deletion process") {
            builder = builder.attribute_cleanup(Duration::from_secs(3600));
        }
        let with = resources.into_iter().fold(builder, |builder, (collection, resource)| {
            builder.resource(collection, resource)
        });
        Self {
            emulator: with.build().unwrap_or_default(),
        }
    }

    /// Sends a request with the org's API token. A request that cannot be built is a status of 0.
    pub async fn send(&self, method: &str, target: &str, content_type: &str, accept: &str, body: Bytes) -> Reply {
        let request = Request::builder()
            .method(method.parse::<Method>().unwrap_or(Method::GET))
            .uri(format!("https://test.okta.com{target}"))
            .header(header::AUTHORIZATION, format!("SSWS {}", self.emulator.token()))
            .header(header::CONTENT_TYPE, content_type)
            .header(header::ACCEPT, accept)
            .body(Full::new(body));
        let Ok(request) = request else {
            return Reply {
                status: 0,
                body: Value::Null,
            };
        };
        // Only a fault breaks a connection, and there is none.
        let Ok(response) = self.emulator.clone().oneshot(request).await else {
            return Reply {
                status: 0,
                body: Value::Null,
            };
        };
        let status = response.status().as_u16();
        let bytes = response
            .into_body()
            .collect()
            .await
            .map(|body| body.to_bytes())
            .unwrap_or_default();
        let body = match serde_json::from_slice(&bytes) {
            Ok(json) => json,
            Err(_) if bytes.is_empty() => Value::Null,
            Err(_) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
        };
        Reply { status, body }
    }

    /// Sends JSON, or nothing.
    pub async fn json(&self, method: &str, target: &str, body: Option<&Value>) -> Reply {
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.send(method, target, "application/json", "*/*", body).await
    }
}
