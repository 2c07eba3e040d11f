//! OAuth for services.

mod dpop;
mod issued;
mod refused;
mod resources;
mod token;

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use http::{Method, Request, header};
use http_body_util::Full;
use okta_emulator::{Emulator, EmulatorBuilder, ManualClock, ServiceApp};
use serde_json::{Value, json};

use crate::{
    keys::Key,
    support::{Reply, send},
};

const START: u64 = 1_700_000_000;
const ORIGIN: &str = "https://emulator.okta.example";
const TOKEN: &str = "/oauth2/v1/token";
const CLIENT: &str = "0oaservice";

/// An org and one client of its token endpoint.
struct Service {
    emulator: Emulator,
    clock: ManualClock,
    key: Key,
    /// Numbers the `jti` claims.
    next: AtomicU32,
}

impl Service {
    fn new() -> Self {
        Self::with("ES256", |app| app, |builder| builder)
    }

    fn with(
        alg: &'static str,
        app: impl FnOnce(ServiceApp) -> ServiceApp,
        builder: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder,
    ) -> Self {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(START));
        let key = Key::new(alg);
        let service = ServiceApp::new(CLIENT, key.jwk()).scopes(["okta.users.read", "okta.groups.manage", "orders"]);
        let org = Emulator::builder()
            .users(3)
            .clock(clock.clone())
            .service_app(app(service));
        Self {
            emulator: builder(org).build().unwrap(),
            clock,
            key,
            next: AtomicU32::new(0),
        }
    }

    fn jti(&self) -> String {
        format!("id-{}", self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn now(&self) -> u64 {
        let now = okta_emulator::Clock::now(&self.clock);
        now.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
    }

    fn claims(&self, path: &str) -> Value {
        json!({
            "iss": CLIENT,
            "sub": CLIENT,
            "aud": format!("{ORIGIN}{path}"),
            "iat": self.now(),
            "exp": self.now() + 300,
            "jti": self.jti(),
        })
    }

    fn form(&self, claims: &Value, rest: &str) -> String {
        let assertion = self.key.sign(json!({}), claims);
        format!(
            "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A\
             jwt-bearer&client_assertion={assertion}&{rest}"
        )
    }

    async fn post(&self, path: &str, form: String, proof: Option<&str>) -> Reply {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(proof) = proof {
            request = request.header("dpop", proof);
        }
        send(&self.emulator, request.body(Full::from(form)).unwrap()).await
    }

    /// Asks for a token as one should.
    async fn ask(&self, scope: &str) -> Reply {
        let form = self.form(&self.claims(TOKEN), &format!("scope={scope}"));
        self.post(TOKEN, form, None).await
    }

    async fn token(&self, scope: &str) -> String {
        let reply = self.ask(scope).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Calls the management API.
    async fn call(&self, method: Method, path: &str, authorization: &str, proof: Option<&str>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, authorization);
        if let Some(proof) = proof {
            request = request.header("dpop", proof);
        }
        send(&self.emulator, request.body(Full::default()).unwrap()).await
    }

    async fn get(&self, path: &str, token: &str) -> Reply {
        self.call(Method::GET, path, &format!("Bearer {token}"), None).await
    }
}

/// Asserts a refusal of an authorization server.
fn refused(reply: &Reply, status: u16, error: &str, description: &str) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    assert_eq!(
        reply.json(),
        json!({ "error": error, "error_description": description })
    );
}

fn challenge(reply: &Reply) -> &str {
    reply.headers[header::WWW_AUTHENTICATE].to_str().unwrap()
}
