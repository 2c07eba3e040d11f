//! What an exchange needs before it can be replayed: the resources that its path and its body name.

mod body;
mod known;
mod maker;
pub(crate) mod path;
mod state;

use std::collections::HashMap;

use serde_json::Value;

pub use self::known::Known;
use self::{body::with_keys, maker::Maker};
use crate::{exchange::Exchange, org::Org};

/// One exchange as it is replayed: with the ids of the fresh org.
pub struct Prepared {
    /// Path and query.
    pub target: String,
    /// The request's body, if it is JSON.
    pub body: Value,
}

/// Makes everything that an exchange needs, and says how it is sent.
pub async fn prepare(org: &Org, known: &Known, exchange: &Exchange) -> Prepared {
    let mut maker = Maker {
        org,
        known,
        ids: HashMap::new(),
        password: known_password(&exchange.request_body),
        read: read(exchange),
    };
    let path = maker.path(exchange).await;
    maker.named_in(&exchange.request_body, 0).await;
    maker.bring_about(exchange, &path).await;
    // Cursors are the recorded org's own.
    let query = exchange.query.split('&');
    let query: Vec<&str> = query
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
        .collect();
    let query = maker.replaced(&query.join("&"));
    let body = match exchange.request_body_encoding.as_str() {
        "json" => {
            let mut body =
                serde_json::from_str(&maker.replaced(&exchange.request_body.to_string())).unwrap_or_default();
            if exchange.status.is_some_and(|status| status < 400) {
                with_keys(&mut body);
            }
            body
        }
        _ => exchange.request_body.clone(),
    };
    Prepared {
        target: if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        },
        body,
    }
}

/// The resource that an exchange reads, by the name that the path has for it.
fn read(exchange: &Exchange) -> Option<(String, Value)> {
    let last = exchange.url_path.trim_end_matches('/').rsplit('/').next()?;
    let is_named = exchange.path_params.values().any(|id| id == last);
    let is_read = exchange.method == "GET" && exchange.status == Some(200) && exchange.response_body.is_object();
    (is_named && is_read).then(|| (last.to_owned(), exchange.response_body.clone()))
}

/// The password that a request proves to know.
fn known_password(body: &Value) -> Option<String> {
    let places = ["/oldPassword/value", "/password/value"];
    let found = places.into_iter().find_map(|place| body.pointer(place)?.as_str());
    found.map(str::to_owned)
}
