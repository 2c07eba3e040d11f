//! Factors of users.

use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use http::Method;
use okta_emulator::{Emulator, ManualClock};
use serde_json::{Value, json};

use crate::support::Org;

const FACTORS: &str = "/api/v1/users/user1@example.com/factors";

fn org() -> (Org, ManualClock) {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let emulator = Emulator::builder().users(2).clock(clock.clone()).build().unwrap();
    (Org { emulator }, clock)
}

impl Org {
    async fn enroll(&self, factor: Value) -> Value {
        let reply = self.post(FACTORS, factor).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }
}

fn path(factor: &Value, rest: &str) -> String {
    format!("{FACTORS}/{}{rest}", factor["id"].as_str().unwrap())
}

/// The code of an authenticator app (RFC 6238).
fn totp(shared_secret: &str, second: u64) -> String {
    let secret = BASE32_NOPAD.decode(shared_secret.as_bytes()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let tag = hmac::sign(&key, &(second / 30).to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[tokio::test]
async fn a_number_is_enrolled_activated_and_verified() {
    let (org, _) = org();
    let sms = json!({ "factorType": "sms", "provider": "OKTA", "profile": { "phoneNumber": "+12345678901" } });
    let factor = org.enroll(sms.clone()).await;
    assert_eq!(
        (&factor["status"], &factor["vendorName"]),
        (&json!("PENDING_ACTIVATION"), &json!("OKTA"))
    );
    assert_eq!(factor["profile"]["phoneNumber"], "+12345678901");
    assert!(
        factor["_links"]["activate"]["href"]
            .as_str()
            .unwrap()
            .ends_with("/lifecycle/activate")
    );
    assert_eq!(org.post(&path(&factor, "/resend"), sms.clone()).await.status, 200);

    let activate = path(&factor, "/lifecycle/activate");
    let causes = org
        .post(&activate, json!({ "passCode": "000000" }))
        .await
        .refused(403, "E0000068");
    assert_eq!(causes, ["Your passcode doesn't match our records. Please try again."]);
    org.post(&activate, json!({})).await.refused(400, "E0000001");
    let active = org.post(&activate, json!({ "passCode": "123456" })).await.json();
    assert_eq!((&active["status"], &active["id"]), (&json!("ACTIVE"), &factor["id"]));
    // The READMEs verify a factor by activating it again.
    assert_eq!(org.post(&activate, json!({ "passCode": "123456" })).await.status, 200);

    let verify = path(&factor, "/verify");
    let challenge = org.call(Method::POST, &verify, None).await.json();
    assert_eq!(challenge["factorResult"], "CHALLENGE");
    org.post(&verify, json!({ "passCode": "1" }))
        .await
        .refused(403, "E0000068");
    let verified = org.post(&verify, json!({ "passCode": "123456" })).await.json();
    assert_eq!(verified, json!({ "factorResult": "SUCCESS" }));

    org.post(FACTORS, sms).await.refused(400, "E0000001");
    assert_eq!(org.get(FACTORS).await.json(), json!([active]));
    assert_eq!(org.get(&path(&factor, "")).await.json(), active);
    assert_eq!(org.delete(&path(&factor, "")).await.status, 204);
    org.get(&path(&factor, "")).await.refused(404, "E0000007");
    let events = org.listed("/api/v1/logs?sortOrder=DESCENDING", "/eventType").await;
    assert_eq!(
        events,
        [
            "user.mfa.factor.deactivate",
            "user.authentication.auth_via_mfa",
            "user.mfa.factor.activate",
            "user.mfa.factor.update",
        ]
    );
}

#[tokio::test]
async fn an_authenticator_app_computes_codes_from_the_orgs_time() {
    let (org, clock) = org();
    let factor = org
        .enroll(json!({ "factorType": "token:software:totp", "provider": "GOOGLE" }))
        .await;
    let activation = &factor["_embedded"]["activation"];
    assert_eq!(
        (&activation["timeStep"], &activation["encoding"]),
        (&json!(30), &json!("base32"))
    );
    let secret = activation["sharedSecret"].as_str().unwrap();
    let at = |second: u64| json!({ "passCode": totp(secret, second) });
    let activate = path(&factor, "/lifecycle/activate");
    org.post(&activate, at(1_700_000_000 + 90))
        .await
        .refused(403, "E0000068");
    let active = org.post(&activate, at(1_700_000_000)).await.json();
    assert_eq!(active["status"], "ACTIVE");
    // The secret is shown once.
    assert!(active.get("_embedded").is_none());
    let verify = path(&factor, "/verify");
    // A code is good once, and only around its time.
    org.post(&verify, at(1_700_000_000)).await.refused(403, "E0000068");
    clock.advance(Duration::from_secs(60));
    assert_eq!(
        org.post(&verify, at(1_700_000_060)).await.json()["factorResult"],
        "SUCCESS"
    );
}

#[tokio::test]
async fn a_push_is_approved_when_somebody_asks_again() {
    let (org, clock) = org();
    let factor = org.enroll(json!({ "factorType": "push", "provider": "OKTA" })).await;
    assert_eq!(factor["_embedded"]["activation"]["factorResult"], "WAITING");
    let activate = path(&factor, "/lifecycle/activate");
    assert_eq!(org.act(&activate).await["factorResult"], "WAITING");
    assert_eq!(org.act(&activate).await["status"], "ACTIVE");

    let push = async || {
        let reply = org.call(Method::POST, &path(&factor, "/verify"), None).await;
        assert_eq!(reply.status, 201);
        reply.json()["_links"]["poll"]["href"].as_str().unwrap().to_owned()
    };
    let poll = push().await;
    assert_eq!(org.get(&poll).await.json()["factorResult"], "WAITING");
    assert_eq!(org.get(&poll).await.json(), json!({ "factorResult": "SUCCESS" }));
    org.get(&poll).await.refused(404, "E0000007");
    let cancelled = push().await;
    assert_eq!(org.delete(&cancelled).await.status, 204);
    org.get(&cancelled).await.refused(404, "E0000007");
    let late = push().await;
    clock.advance(Duration::from_secs(300));
    assert_eq!(org.get(&late).await.json()["factorResult"], "TIMEOUT");
}

#[tokio::test]
async fn a_question_is_active_at_once_and_keeps_its_answer() {
    let (org, _) = org();
    let questions = org.get(&format!("{FACTORS}/questions")).await.json();
    assert_eq!(questions[0]["question"], "disliked_food");
    let profile = json!({ "question": "disliked_food", "answer": "mayonnaise" });
    let factor = org
        .enroll(json!({ "factorType": "question", "profile": profile }))
        .await;
    assert_eq!(factor["status"], "ACTIVE");
    assert_eq!(factor["profile"]["questionText"], questions[0]["questionText"]);
    assert!(!org.get(FACTORS).await.text.contains("mayonnaise"));
    let verify = path(&factor, "/verify");
    org.post(&verify, json!({ "answer": "ketchup" }))
        .await
        .refused(403, "E0000068");
    assert_eq!(
        org.post(&verify, json!({ "answer": "mayonnaise" })).await.json()["factorResult"],
        "SUCCESS"
    );
}

#[tokio::test]
async fn the_catalogue_says_what_is_set_up() {
    let (org, _) = org();
    org.enroll(json!({ "factorType": "email" })).await;
    let catalog = org.get(&format!("{FACTORS}/catalog")).await.json();
    let status = |factor_type: &str| {
        let mut all = catalog.as_array().unwrap().iter();
        all.find(|one| one["factorType"] == factor_type).unwrap()["status"].clone()
    };
    assert_eq!(
        (status("email"), status("sms")),
        (json!("PENDING_ACTIVATION"), json!("NOT_SETUP"))
    );
    // Another user has nothing to do with it.
    assert_eq!(
        org.get("/api/v1/users/user2@example.com/factors").await.json(),
        json!([])
    );
}

#[tokio::test]
async fn what_cannot_be_set_up_is_refused() {
    let (org, _) = org();
    for (factor, status, code) in [
        (json!({}), 400, "E0000001"),
        (json!({ "factorType": "carrier pigeon" }), 400, "E0000001"),
        (json!({ "factorType": "sms" }), 400, "E0000001"),
        (
            json!({ "factorType": "sms", "profile": { "phoneNumber": "x" } }),
            400,
            "E0000098",
        ),
        (
            json!({ "factorType": "question", "profile": { "question": "why?", "answer": "because" } }),
            400,
            "E0000001",
        ),
        (
            json!({ "factorType": "question", "profile": { "question": "disliked_food", "answer": "ham" } }),
            400,
            "E0000001",
        ),
    ] {
        org.post(FACTORS, factor).await.refused(status, code);
    }
    let pending = org.enroll(json!({ "factorType": "email" })).await;
    org.post(&path(&pending, "/verify"), json!({ "passCode": "123456" }))
        .await
        .refused(400, "E0000001");
    org.act("/api/v1/users/user1@example.com/lifecycle/reset_factors").await;
    assert_eq!(org.get(FACTORS).await.json(), json!([]));
    org.act("/api/v1/users/user1@example.com/lifecycle/suspend").await;
    org.post(FACTORS, json!({ "factorType": "email" }))
        .await
        .refused(403, "E0000038");
}
