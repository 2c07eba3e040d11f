//! Making an org to measure.

use okta_emulator::{BuildError, Emulator, Seed};
use serde_json::json;

use crate::support::Org;

const SEED: &str = r#"{
    "users": [
        {
            "profile": {
                "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "login": "ada@example.com",
                "badge": 1815
            },
            "credentials": { "password": { "value": "canary-1842-note-g" } }
        },
        {
            "profile": {
                "firstName": "Charles", "lastName": "Babbage", "email": "cb@example.com", "login": "cb@example.com"
            },
            "status": "SUSPENDED"
        }
    ],
    "groups": [{ "profile": { "name": "Engineers" }, "members": ["ada@example.com", "cb"] }]
}"#;

#[tokio::test]
async fn a_seed_fills_the_org() {
    let seed = Seed::from_json(SEED).unwrap();
    assert!(!format!("{seed:?}").contains("canary"));
    let org = Org {
        emulator: Emulator::builder().seed(seed).users(2).build().unwrap(),
    };
    assert_eq!(
        org.listed("/api/v1/users", "/profile/login").await,
        [
            "ada@example.com",
            "cb@example.com",
            "user1@example.com",
            "user2@example.com"
        ]
    );
    assert_eq!(org.get("/api/v1/users/me").await.json()["profile"]["badge"], 1815);
    assert_eq!(org.status_of("cb").await, "SUSPENDED");
    let groups = org.get("/api/v1/groups?q=eng").await.json();
    let members = format!("/api/v1/groups/{}/users", groups[0]["id"].as_str().unwrap());
    assert_eq!(org.listed(&members, "/profile/firstName").await, ["Ada", "Charles"]);
}

#[tokio::test]
async fn an_org_without_users_gets_an_administrator() {
    let org = Org::new();
    assert_eq!(
        org.listed("/api/v1/users", "/profile/login").await,
        ["admin@example.com"]
    );
    assert_eq!(org.listed("/api/v1/groups", "/profile/name").await, ["Everyone"]);
}

#[test]
fn a_malformed_seed_is_refused_with_the_place() {
    let problem = Seed::from_json("{\n  \"users\": [{ \"profle\": {} }]\n}")
        .unwrap_err()
        .to_string();
    assert!(
        problem.contains("`profle`") && problem.contains("line 2 column"),
        "{problem}"
    );
    let problem = Seed::from_json("{").unwrap_err().to_string();
    assert!(problem.contains("line 1"), "{problem}");
    for (no_object, line) in [
        ("[]", "line 1"),
        ("[[], []]", "line 1"),
        ("null", "line 1"),
        ("{\n\"users\": [\n[{}, null, null]]}", "line 3"),
        ("{\n\"groups\": [[{\"name\": \"G\"}]]}", "line 2"),
    ] {
        let problem = Seed::from_json(no_object).unwrap_err().to_string();
        assert!(
            problem.contains("expected a JSON object") && problem.contains(line),
            "{no_object}: {problem}"
        );
    }

    let file = tempfile::NamedTempFile::new().unwrap();
    for content in ["[]", "{}x"] {
        std::fs::write(file.path(), content).unwrap();
        let problem = Seed::from_file(file.path()).unwrap_err().to_string();
        assert!(problem.starts_with(file.path().to_str().unwrap()), "{problem}");
        assert!(problem.contains("line 1"), "{problem}");
    }
    let problem = Seed::from_file("/no/such/file.json").unwrap_err().to_string();
    assert!(problem.starts_with("/no/such/file.json: cannot be read"), "{problem}");
}

#[test]
fn entries_the_api_would_refuse_are_named() {
    let profile = |login: &str| json!({ "firstName": "A", "lastName": "B", "email": "a@example.com", "login": login });
    let user = |login: &str| json!({ "profile": profile(login) });
    let problem = |builder: okta_emulator::EmulatorBuilder| builder.build().unwrap_err().to_string();

    let twice = Emulator::builder()
        .user(user("a@example.com"))
        .user(user("A@example.com"));
    let text = problem(twice);
    assert!(
        text.starts_with("users[1] (A@example.com): login: An object with this field"),
        "{text}"
    );

    let text = problem(Emulator::builder().user(json!({ "profile": { "login": "x" } })));
    assert!(
        text.contains("users[0] (x)") && text.contains("firstName") && text.contains("email"),
        "{text}"
    );

    let text = problem(Emulator::builder().user(json!({ "profile": profile("a@example.com"), "status": "HAPPY" })));
    assert!(text.contains("`HAPPY`"), "{text}");

    let text = problem(Emulator::builder().group(json!({ "profile": { "name": "G" }, "members": ["absent"] })));
    assert_eq!(text, "groups[0] (G): there is no user with the login `absent`");

    let text = problem(Emulator::builder().group(json!({ "profile": { "name": "Everyone" } })));
    assert!(text.contains("groups[0] (Everyone)"), "{text}");

    let text = problem(Emulator::builder().user(json!({ "password": "canary" })));
    assert!(
        text.contains("users") && text.contains("`password`") && !text.contains("canary"),
        "{text}"
    );
}

#[test]
fn settings_that_make_no_sense_are_named() {
    for url in [
        "acme.okta.com",
        "ftp://acme.okta.com",
        "https://acme.okta.com/api",
        "https://acme.okta.com?x=1",
    ] {
        let problem = Emulator::builder().org_url(url).build().unwrap_err().to_string();
        assert!(problem.contains(url), "{problem}");
    }
    let problem = Emulator::builder()
        .rate_limit_for("/api/v1/cats", 1)
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        problem.contains("/api/v1/cats") && problem.contains("/api/v1/users"),
        "{problem}"
    );
    for token in ["", "two words", "token\n", "\u{2713}"] {
        let problem = Emulator::builder().api_token(token).build().unwrap_err();
        assert!(matches!(problem, BuildError::Setting(_)));
        assert!(problem.to_string().starts_with("the API token "), "{problem}");
    }
    let emulator = Emulator::builder()
        .org_url("https://acme.okta.com:8443/")
        .build()
        .unwrap();
    assert_eq!(emulator.org_url(), "https://acme.okta.com:8443");
}

#[test]
fn the_operations_can_be_listed() {
    let operations: Vec<_> = Emulator::operations().collect();
    assert!(operations.contains(&("getUser", &http::Method::GET, "/api/v1/users/{id}")));
}
