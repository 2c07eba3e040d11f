//! Proofs of possession.

use super::*;
use crate::keys::sha256;

const DPOP: fn(ServiceApp) -> ServiceApp = ServiceApp::dpop_required;

impl Service {
    fn bound() -> Self {
        Self::with("ES256", DPOP, |builder| builder)
    }

    fn proof_claims(&self, method: &str, path: &str) -> Value {
        json!({ "htm": method, "htu": format!("{ORIGIN}{path}"), "iat": self.now(), "jti": self.jti() })
    }

    /// A proof for the token endpoint.
    fn token_proof(&self, key: &Key, nonce: Option<&str>) -> String {
        let mut claims = self.proof_claims("POST", TOKEN);
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        proof(key, &claims)
    }

    async fn ask_with(&self, proof: Option<&str>) -> Reply {
        let form = self.form(&self.claims(TOKEN), "scope=okta.users.read");
        self.post(TOKEN, form, proof).await
    }

    /// A nonce, as a client gets its first one.
    async fn nonce(&self, key: &Key) -> String {
        let reply = self.ask_with(Some(&self.token_proof(key, None))).await;
        refused(
            &reply,
            400,
            "use_dpop_nonce",
            "Authorization server requires nonce in DPoP proof.",
        );
        nonce_of(&reply)
    }

    async fn bound_token(&self, key: &Key) -> String {
        let nonce = self.nonce(key).await;
        let reply = self.ask_with(Some(&self.token_proof(key, Some(&nonce)))).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json()["token_type"]),
            (200, &json!("DPoP")),
            "{}",
            reply.text
        );
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    fn resource_claims(&self, token: &str) -> Value {
        let mut claims = self.proof_claims("GET", "/api/v1/users");
        claims["ath"] = json!(sha256(token));
        claims
    }

    async fn users(&self, token: &str, proof: Option<&str>) -> Reply {
        self.call(Method::GET, "/api/v1/users?limit=1", &format!("DPoP {token}"), proof)
            .await
    }
}

fn proof(key: &Key, claims: &Value) -> String {
    key.sign(json!({ "typ": "dpop+jwt", "jwk": key.jwk() }), claims)
}

fn nonce_of(reply: &Reply) -> String {
    reply.headers["dpop-nonce"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_algorithm_proves_possession() {
    for alg in ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] {
        let service = Service::bound();
        let key = Key::new(alg);
        let token = service.bound_token(&key).await;
        let proof = proof(&key, &service.resource_claims(&token));
        let reply = service.users(&token, Some(&proof)).await;
        assert_eq!(reply.status, 200, "{alg}: {}", reply.text);
    }
}

#[tokio::test]
async fn an_application_that_requires_proofs_gets_nothing_without() {
    let service = Service::bound();
    let missing = "The DPoP proof JWT header is missing.";
    refused(&service.ask_with(None).await, 400, "invalid_dpop_proof", missing);
    // One that does not may prove possession all the same, and then is bound.
    let free = Service::new();
    let key = Key::new("ES256");
    free.bound_token(&key).await;
    assert_eq!(free.ask_with(None).await.json()["token_type"], "Bearer");
}

#[tokio::test]
async fn a_proof_for_a_token_has_to_be_right() {
    let service = Service::bound();
    let key = Key::new("ES256");
    let nonce = service.nonce(&key).await;
    let good = || {
        let mut claims = service.proof_claims("POST", TOKEN);
        claims["nonce"] = json!(nonce);
        claims
    };
    let with = |name: &str, value: Value| {
        let mut claims = good();
        claims[name] = value;
        proof(&key, &claims)
    };
    let mut private = key.jwk();
    private["d"] = json!("AAAA");
    let claim = |name: &str| format!("'{name}' claim in the DPoP proof JWT is invalid.");
    let header = |name: &str| format!("'{name}' in the DPoP proof JWT header is invalid.");
    for (proof, description) in [
        (with("htm", json!("post")), claim("htm")),
        (with("htm", json!("GET")), claim("htm")),
        (
            with("htu", json!(format!("{ORIGIN}/oauth2/v1/token?a=b"))),
            claim("htu"),
        ),
        (
            with("htu", json!("http://emulator.okta.example/oauth2/v1/token")),
            claim("htu"),
        ),
        (with("iat", json!(START - 301)), claim("iat")),
        (with("iat", json!(START + 301)), claim("iat")),
        (with("iat", Value::Null), claim("iat")),
        (with("jti", Value::Null), claim("jti")),
        (
            key.sign(json!({ "typ": "JWT", "jwk": key.jwk() }), &good()),
            header("typ"),
        ),
        (key.sign(json!({ "typ": "dpop+jwt" }), &good()), header("jwk")),
        (
            key.sign(json!({ "typ": "dpop+jwt", "jwk": private }), &good()),
            header("jwk"),
        ),
        (
            Key::new("PS256").sign(json!({ "typ": "dpop+jwt", "jwk": key.jwk() }), &good()),
            header("alg"),
        ),
        (
            Key::new("ES256").sign(json!({ "typ": "dpop+jwt", "jwk": key.jwk() }), &good()),
            "The DPoP proof JWT signature is invalid.".to_owned(),
        ),
        (
            "nonsense".to_owned(),
            "The DPoP proof JWT is not a valid JWT and cannot be parsed.".to_owned(),
        ),
    ] {
        refused(
            &service.ask_with(Some(&proof)).await,
            400,
            "invalid_dpop_proof",
            &description,
        );
    }
    let right = proof(&key, &good());
    assert_eq!(service.ask_with(Some(&right)).await.status, 200);
    let used = "The DPoP proof JWT has already been used.";
    refused(&service.ask_with(Some(&right)).await, 400, "invalid_dpop_proof", used);
}

#[tokio::test]
async fn a_bound_token_is_worth_nothing_without_its_key() {
    let service = Service::bound();
    let key = Key::new("ES256");
    let token = service.bound_token(&key).await;
    let claims = || service.resource_claims(&token);
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        proof(&key, &claims)
    };
    for (proof, description) in [
        (None, "The DPoP proof JWT header is missing."),
        (
            Some(proof(&Key::new("ES256"), &claims())),
            "The DPoP proof JWT is not signed with the key the access token is bound to.",
        ),
        (
            Some(with("ath", Value::Null)),
            "'ath' claim in the DPoP proof JWT is invalid.",
        ),
        (
            Some(with("ath", json!(sha256("x")))),
            "'ath' claim in the DPoP proof JWT is invalid.",
        ),
        (
            Some(with("htm", json!("POST"))),
            "'htm' claim in the DPoP proof JWT is invalid.",
        ),
        (
            Some(with("htu", json!(format!("{ORIGIN}/api/v1/users?limit=1")))),
            "'htu' claim in the DPoP proof JWT is invalid.",
        ),
    ] {
        let reply = service.users(&token, proof.as_deref()).await;
        // Okta says this in the header, and there is no body.
        assert_eq!((reply.status.as_u16(), reply.text.as_str()), (400, ""));
        assert_eq!(
            challenge(&reply),
            format!(
                "DPoP algs=\"RS256 RS384 RS512 ES256 ES384 ES512\", authorization_uri=\"{ORIGIN}/oauth2/v1/authorize\", \
                 realm=\"{ORIGIN}\", scope=\"okta.users.read\", error=\"invalid_dpop_proof\", \
                 error_description=\"{description}\", resource=\"/api/v1/users\""
            )
        );
    }
    // Neither scheme takes the other's tokens.
    service.get("/api/v1/users", &token).await.refused(401, "E0000011");
    let free = Service::new();
    let bearer = free.token("okta.users.read").await;
    let proof = proof(&key, &free.resource_claims(&bearer));
    free.users(&bearer, Some(&proof)).await.refused(401, "E0000011");
}

#[tokio::test]
async fn a_proof_is_good_for_one_call() {
    let service = Service::bound();
    let key = Key::new("ES256");
    let token = service.bound_token(&key).await;
    let proof = proof(&key, &service.resource_claims(&token));
    assert_eq!(service.users(&token, Some(&proof)).await.status, 200);
    let again = service.users(&token, Some(&proof)).await;
    assert_eq!(again.status, 400);
    assert!(challenge(&again).contains("The DPoP proof JWT has already been used."));
}

#[tokio::test]
async fn nonces_follow_one_another() {
    let life = Duration::from_secs(60);
    let service = Service::with("ES256", DPOP, |builder| builder.dpop_nonce_life(life));
    let key = Key::new("ES256");
    let first = service.nonce(&key).await;
    let ask = async |nonce: &str| service.ask_with(Some(&service.token_proof(&key, Some(nonce)))).await;
    let reply = ask(&first).await;
    assert_eq!(
        (reply.status.as_u16(), reply.headers.contains_key("dpop-nonce")),
        (200, false)
    );
    service.clock.advance(life);
    // The old one is good for a while yet, and the answer has the new one.
    let reply = ask(&first).await;
    assert_eq!(reply.status, 200);
    let second = nonce_of(&reply);
    assert_ne!(first, second);
    service.clock.advance(life);
    let reply = ask(&first).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["error"]),
        (400, &json!("use_dpop_nonce"))
    );
    service.emulator.rotate_dpop_nonces();
    assert_eq!(ask(&second).await.json()["error"], "use_dpop_nonce");
}

#[tokio::test]
async fn resources_can_want_nonces_of_their_own() {
    let service = Service::with("ES256", DPOP, |builder| {
        builder.dpop_nonces_at_resources().dpop_nonce_uses(1)
    });
    let key = Key::new("ES256");
    let token = service.bound_token(&key).await;
    let ask = async |nonce: Option<&str>| {
        let mut claims = service.resource_claims(&token);
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        service.users(&token, Some(&proof(&key, &claims))).await
    };
    let reply = ask(None).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (401, ""));
    assert!(challenge(&reply).contains("error=\"use_dpop_nonce\""));
    let reply = ask(Some(&nonce_of(&reply))).await;
    assert_eq!(reply.status, 200);
    // Each is good once, and each answer has the next.
    let next = nonce_of(&reply);
    assert_eq!(ask(Some(&next)).await.status, 200);
    assert_eq!(ask(Some(&next)).await.status, 401);
}
