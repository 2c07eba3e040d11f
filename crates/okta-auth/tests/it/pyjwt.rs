//! What we sign, checked by PyJWT: an implementation that shares nothing with ours.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use http::{Method, Uri};
use okta_auth::{
    Attempt, Authenticator, ClientCredentials, Dpop, DpopKey, Issuer, OAuthAuthenticator, Proof, SigningAlgorithm,
    SigningKey,
};
use serde_json::{Value, json};

use crate::support::*;

/// A Python with PyJWT in a virtual environment under the build folder. It is made once and kept.
///
/// Without one, tests say so and are skipped; `OKTA_SHARED_REQUIRED=1` makes it a failure, so that CI cannot skip them
/// unnoticed.
fn python() -> Option<PathBuf> {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("okta-auth-pyjwt");
    let python = environment.join("bin/python");
    let runs = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let ready = || runs(Command::new(&python).args(["-c", "import jwt, cryptography"]));
    let made = || {
        runs(Command::new("python3").args(["-m", "venv"]).arg(&environment))
            && runs(Command::new(&python).args(["-m", "pip", "install", "--quiet", "pyjwt==2.15.1", "cryptography"]))
    };
    if ready() || (made() && ready()) {
        return Some(python);
    }
    #[expect(clippy::disallowed_methods, reason = "it is about the machine the test runs on")]
    let required = std::env::var_os("OKTA_SHARED_REQUIRED").is_some_and(|value| value == "1");
    assert!(
        !required,
        "OKTA_SHARED_REQUIRED=1, but there is no Python 3 with venv and PyJWT"
    );
    eprintln!("SKIPPED: there is no Python 3 with venv and PyJWT to check signatures with");
    None
}

fn run(python: &Path, command: &str, input: &Value) -> Vec<Value> {
    let mut child = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/jwts.py"))
        .arg(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.to_string().as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "PyJWT refuses what we signed");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One test, so that the environment is made once.
#[tokio::test]
async fn pyjwt_takes_the_assertions_of_every_key_form_and_the_proofs_of_every_algorithm() {
    let Some(python) = python() else { return };
    let mut tokens = Vec::new();

    // As they arrive at the token endpoint.
    let keys = run(&python, "keys", &Value::Null);
    assert_eq!(keys.len(), 4 * (6 + 3 * 8));
    for key in &keys {
        let algorithm: SigningAlgorithm = key["algorithm"].as_str().unwrap().parse().unwrap();
        let signer = SigningKey::parse(key["text"].as_str().unwrap()).unwrap_or_else(|error| {
            panic!("{} for {algorithm}: {error}", key["form"]);
        });
        let signer = signer.with_algorithm(algorithm).unwrap().with_key_id("k1");
        let (endpoint, clock) = (
            Endpoint::new(|asked| Ok(token(asked, 3600))),
            Arc::new(ManualClock::new()),
        );
        let source = ClientCredentials::new(Issuer::org(&org()), "0oa1", signer, endpoint.clone(), clock.clone());
        current(&OAuthAuthenticator::new(source, ["x"], clock)).await.unwrap();
        tokens.push(json!({
            "token": endpoint.asked()[0].assertion(),
            "public": key["public"],
            "algorithm": algorithm.as_str(),
            "audience": "https://acme.okta.com/oauth2/v1/token",
        }));
    }
    let assertions = tokens.len();

    // Proofs for the token endpoint and for the API, each with the key of its header.
    let mut thumbprints = Vec::new();
    let mut proof = |token: &str, algorithm: SigningAlgorithm| {
        tokens.push(json!({"token": token, "public": null, "algorithm": algorithm.as_str(), "audience": null}));
    };
    for algorithm in SigningAlgorithm::ALL {
        let key = DpopKey::generate(algorithm).unwrap();
        let value = key.prove(&Proof {
            method: &Method::POST,
            uri: &Uri::from_static("https://acme.okta.com/oauth2/v1/token?x=y"),
            issued_at: EPOCH,
            nonce: Some("n1"),
            access_token_hash: Some("hash"),
        });
        proof(value.unwrap().to_str().unwrap(), algorithm);
        thumbprints.push(key.public_jwk().thumbprint().to_owned());
    }
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let bound = source(&endpoint, &clock).dpop(Dpop::required());
    let oauth = OAuthAuthenticator::new(bound, ["x"], Arc::new(clock));
    let uri = Uri::from_static("https://acme.okta.com/api/v1/users?after=1");
    let credentials = oauth.credentials(Attempt::new(&Method::DELETE, &uri)).await.unwrap();
    proof(endpoint.asked()[0].proof().unwrap(), SigningAlgorithm::ES256);
    proof(credentials.headers()["dpop"].to_str().unwrap(), SigningAlgorithm::ES256);

    let verified = run(&python, "verify", &json!(tokens));
    for token in &verified[..assertions] {
        assert_eq!(token["header"]["kid"], "k1");
        assert_eq!(token["claims"]["sub"], "0oa1");
    }
    let proofs = &verified[assertions..];
    for (token, thumbprint) in proofs.iter().zip(&thumbprints) {
        assert_eq!(token["thumbprint"], *thumbprint);
        assert_eq!(token["header"]["typ"], "dpop+jwt");
        assert_eq!(token["claims"]["htu"], "https://acme.okta.com/oauth2/v1/token");
        assert_eq!(
            (&token["claims"]["nonce"], &token["claims"]["ath"]),
            (&"n1".into(), &"hash".into())
        );
    }
    let [of_endpoint, of_call] = &proofs[thumbprints.len()..] else {
        panic!("two are left")
    };
    assert_eq!(
        of_endpoint["thumbprint"], of_call["thumbprint"],
        "the token is bound to the key that sends it"
    );
    assert_eq!(
        (&of_call["claims"]["htm"], &of_call["claims"]["htu"]),
        (&"DELETE".into(), &"https://acme.okta.com/api/v1/users".into())
    );
}
