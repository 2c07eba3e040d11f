//! An org to call, without a socket.

use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use okta_emulator::Emulator;
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) struct Org {
    pub(crate) emulator: Emulator,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The URL of a `Link` line.
    pub(crate) fn link(&self, relation: &str) -> Option<String> {
        self.headers.get_all(header::LINK).iter().find_map(|line| {
            let (url, rest) = line
                .to_str()
                .unwrap()
                .strip_prefix('<')
                .unwrap()
                .split_once('>')
                .unwrap();
            (rest == format!("; rel=\"{relation}\"")).then(|| url.to_owned())
        })
    }

    /// Asserts a refusal and returns its causes.
    pub(crate) fn refused(&self, status: u16, code: &str) -> Vec<String> {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let body = self.json();
        assert_eq!(body["errorCode"], code, "{body}");
        assert_eq!(body["errorLink"], code);
        assert!(body["errorId"].as_str().unwrap().starts_with("oae"));
        let causes = body["errorCauses"].as_array().unwrap();
        causes
            .iter()
            .map(|cause| cause["errorSummary"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Org {
    pub(crate) fn new() -> Self {
        Self {
            emulator: Emulator::new(),
        }
    }

    /// An org that takes attributes that no schema has.
    pub(crate) fn with_any_attribute() -> Self {
        Self {
            emulator: Emulator::builder().any_attribute().build().unwrap(),
        }
    }

    pub(crate) fn with_users(count: usize) -> Self {
        Self {
            emulator: Emulator::builder().users(count).build().unwrap(),
        }
    }

    pub(crate) async fn send(&self, request: http::request::Builder, body: impl Into<String>) -> Reply {
        let request = request
            .header(header::AUTHORIZATION, format!("SSWS {}", self.emulator.token()))
            .body(Full::from(body.into()))
            .unwrap();
        send(&self.emulator, request).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let request = Request::builder().method(method).uri(path);
        self.send(request, body.map(|body| body.to_string()).unwrap_or_default())
            .await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, None).await
    }

    /// A call without a body that has to succeed; what it answers, if anything.
    pub(crate) async fn act(&self, path: &str) -> Value {
        let reply = self.call(Method::POST, path, None).await;
        assert!(reply.status.is_success(), "{}", reply.text);
        if reply.text.is_empty() {
            Value::Null
        } else {
            reply.json()
        }
    }

    /// Creates a user and returns its id.
    pub(crate) async fn create(&self, name: &str, password: Option<&str>) -> String {
        let mut body = json!({ "profile": profile(name) });
        if let Some(password) = password {
            body["credentials"] = json!({ "password": { "value": password } });
        }
        let reply = self.post("/api/v1/users", body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// Creates a group and returns its id.
    pub(crate) async fn create_group(&self, name: &str) -> String {
        let reply = self
            .post("/api/v1/groups", json!({ "profile": { "name": name } }))
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn status_of(&self, user: &str) -> String {
        self.get(&format!("/api/v1/users/{user}")).await.json()["status"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Walks every page and returns the items of each.
    pub(crate) async fn pages(&self, path: &str) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(url) = next {
            let reply = self.get(&url).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
            next = reply.link("next");
            pages.push(reply.json().as_array().unwrap().clone());
        }
        pages
    }

    /// One attribute of everything that a list answers with.
    pub(crate) async fn listed(&self, path: &str, pointer: &str) -> Vec<String> {
        let items = self.pages(path).await.into_iter().flatten();
        items
            .map(|item| item.pointer(pointer).unwrap().as_str().unwrap().to_owned())
            .collect()
    }
}

pub(crate) async fn send(emulator: &Emulator, request: Request<Full<bytes::Bytes>>) -> Reply {
    let response = emulator.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Reply {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// The profile of a user called `name`.
pub(crate) fn profile(name: &str) -> Value {
    let login = format!("{}@example.com", name.to_lowercase());
    json!({ "firstName": name, "lastName": "Doe", "email": login, "login": login })
}

/// A query value, encoded.
pub(crate) fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
