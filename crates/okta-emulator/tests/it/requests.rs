//! What is the same for every request.

use std::collections::HashSet;

use http::{Method, Request, header};
use http_body_util::Full;
use okta_emulator::Emulator;
use serde_json::json;

use crate::support::{Org, send};

#[tokio::test]
async fn unknown_paths_and_methods_are_told_apart() {
    let org = Org::new();
    org.get("/api/v1/nothing").await.refused(404, "E0000008");
    org.get("/").await.refused(404, "E0000008");
    org.call(Method::PATCH, "/api/v1/users", None)
        .await
        .refused(405, "E0000022");
    org.call(Method::DELETE, "/api/v1/logs", None)
        .await
        .refused(405, "E0000022");
}

#[tokio::test]
async fn an_answer_to_head_has_no_body() {
    let org = Org::new();
    for path in ["/api/v1/users", "/api/v1/nothing"] {
        let reply = org.call(Method::HEAD, path, None).await;
        assert!(reply.status.is_client_error());
        assert_eq!(reply.text, "");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let org = Org::new();
    for body in ["", "{", "[]", "\"text\"", "null", "{\"profile\": 5}"] {
        let reply = org.send(Request::post("/api/v1/users"), body).await;
        reply.refused(400, "E0000003");
    }
    let reply = org.send(Request::post("/api/v1/groups"), "{\"profile\": []}").await;
    reply.refused(400, "E0000003");
}

#[tokio::test]
async fn every_answer_says_when_it_was_made_and_has_an_id_of_its_own() {
    let org = Org::with_users(1);
    let mut ids = HashSet::new();
    for path in [
        "/api/v1/users",
        "/api/v1/users",
        "/api/v1/users/absent",
        "/api/v1/nothing",
    ] {
        let reply = org.get(path).await;
        assert!(ids.insert(reply.headers["x-okta-request-id"].clone()));
        assert!(reply.headers[header::DATE].to_str().unwrap().ends_with(" GMT"));
    }
}

#[tokio::test]
async fn links_lead_to_where_the_caller_came_from() {
    let org = Org {
        emulator: Emulator::builder()
            .org_url("https://acme.okta.com/")
            .users(2)
            .build()
            .unwrap(),
    };
    let reply = org.get("/api/v1/users?limit=1").await;
    assert!(
        reply
            .link("next")
            .unwrap()
            .starts_with("https://acme.okta.com/api/v1/users?limit=1&after=")
    );

    let reply = org.get("http://localhost:8080/api/v1/users?limit=1").await;
    assert!(
        reply
            .link("next")
            .unwrap()
            .starts_with("http://localhost:8080/api/v1/users?")
    );
    let user = reply.json()[0]["_links"]["self"]["href"].as_str().unwrap().to_owned();
    assert!(user.starts_with("http://localhost:8080/api/v1/users/00u"));
    assert_eq!(org.get(&user).await.status, 200);
}

#[tokio::test]
async fn path_segments_are_decoded() {
    let org = Org::new();
    org.create("Ada", None).await;
    let reply = org.get("/api/v1/users/ada%40example.com").await;
    assert_eq!(reply.json()["profile"]["firstName"], "Ada");
    org.get("/api/v1/users/a%2Fb").await.refused(404, "E0000007");
}

#[tokio::test]
async fn the_same_calls_get_the_same_ids() {
    let ids = async |seed: u64| {
        let org = Org {
            emulator: Emulator::builder().id_seed(seed).build().unwrap(),
        };
        (org.create("Ada", None).await, org.create_group("Readers").await)
    };
    assert_eq!(ids(1).await, ids(1).await);
    assert_ne!(ids(1).await, ids(2).await);
}

#[tokio::test]
async fn clones_share_the_org() {
    let org = Org::new();
    let other = Org {
        emulator: org.emulator.clone(),
    };
    let id = org.create("Ada", None).await;
    assert_eq!(other.get(&format!("/api/v1/users/{id}")).await.status, 200);
}

#[tokio::test]
async fn secrets_stay_inside() {
    const CANARY: &str = "canary-7f3a9d";
    let emulator = Emulator::builder().api_token(CANARY).build().unwrap();
    assert!(!format!("{emulator:?}").contains(CANARY));
    assert!(!format!("{:?}", Emulator::builder().api_token(CANARY)).contains(CANARY));

    let org = Org { emulator };
    let body = json!({
        "profile": { "firstName": "Ada", "lastName": "L", "email": "ada@example.com", "login": "ada@example.com" },
        "credentials": {
            "password": { "value": CANARY },
            "recovery_question": { "question": "Why?", "answer": CANARY },
        },
    });
    let mut texts = vec![org.post("/api/v1/users", body.clone()).await.text];
    // The same user again is refused.
    texts.push(org.post("/api/v1/users", body).await.text);
    for path in [
        "/api/v1/users",
        "/api/v1/users/ada",
        "/api/v1/logs",
        "/api/v1/users?search=credentials.password%20pr",
    ] {
        texts.push(org.get(path).await.text);
    }
    let answer = send(&org.emulator, Request::get("/").body(Full::default()).unwrap()).await;
    texts.push(answer.text);
    for text in texts {
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[tokio::test]
async fn a_body_of_more_than_ten_megabytes_is_refused_before_anything_else() {
    let org = Org::new();
    let padding =
        |length: usize| json!({ "profile": { "name": "Readers" }, "padding": "x".repeat(length) }).to_string();
    let request = || Request::builder().method(Method::POST).uri("/api/v1/groups");
    let reply = org.send(request(), padding(10 * 1024 * 1024)).await;
    assert_eq!(reply.status, 413);
    let anonymous = request().body(Full::from(padding(10 * 1024 * 1024))).unwrap();
    assert_eq!(send(&org.emulator, anonymous).await.status, 413);
    // Nothing was done: the name is still free for one that is just small enough.
    let reply = org.send(request(), padding(10 * 1024 * 1024 - 60)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}
