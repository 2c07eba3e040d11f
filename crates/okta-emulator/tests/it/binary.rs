//! The program.

use std::process::{Output, Stdio};

use http::StatusCode;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::server::{client, get};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-emulator"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .await
        .unwrap();
    line
}

async fn failing(arguments: &[&str]) -> Output {
    let output = program().args(arguments).output().await.unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    output
}

#[tokio::test]
async fn the_start_up_line_is_all_a_client_needs() {
    let seed = tempfile::NamedTempFile::new().unwrap();
    let profile = r#"{"firstName": "Ada", "lastName": "L", "email": "ada@example.com", "login": "ada@example.com"}"#;
    std::fs::write(seed.path(), format!(r#"{{"users": [{{"profile": {profile}}}]}}"#)).unwrap();
    let seed = seed.path().to_str().unwrap();
    let mut child = program()
        .args(["--port", "0", "--tls", "--json", "--seed", seed])
        .spawn()
        .unwrap();
    let started: Value = serde_json::from_str(&first_line(&mut child).await).unwrap();
    let text = |name: &str| started[name].as_str().unwrap();
    let url = format!("{}/api/v1/users/me", text("url"));
    let response = get(&client(Some(text("ca_pem")), true), &url, text("token")).await;
    let me: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(me["profile"]["login"], "ada@example.com");
}

#[cfg(unix)]
#[tokio::test]
async fn it_ends_cleanly_when_told_to() {
    let mut child = program()
        .args(["--json", "--token", "chosen", "--users", "2"])
        .spawn()
        .unwrap();
    let started: Value = serde_json::from_str(&first_line(&mut child).await).unwrap();
    assert_eq!(
        (&started["token"], &started["ca_pem"]),
        (&Value::from("chosen"), &Value::Null)
    );
    let url = format!("{}/api/v1/users", started["url"].as_str().unwrap());
    assert_eq!(get(&client(None, false), &url, "chosen").await.status(), StatusCode::OK);
    let process = child.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &process])
            .status()
            .await
            .unwrap()
            .success()
    );
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test]
async fn without_json_the_start_up_text_is_for_people() {
    let mut child = program().spawn().unwrap();
    let line = first_line(&mut child).await;
    assert!(line.contains("listening"), "{line}");
}

#[tokio::test]
async fn a_bad_seed_is_explained_on_the_error_stream() {
    let seed = tempfile::NamedTempFile::new().unwrap();
    let path = seed.path().to_str().unwrap();
    for (content, said) in [
        ("[]", "expected a JSON object at line 1 column"),
        ("{\n\"users\": 5}", "line 2 column"),
        (
            r#"{"groups": [{"profile": {}}]}"#,
            "groups[0]: name: The field cannot be left blank",
        ),
    ] {
        std::fs::write(path, content).unwrap();
        let output = failing(&["--seed", path]).await;
        let problem = String::from_utf8(output.stderr).unwrap();
        assert!(problem.contains(path) && problem.contains(said), "{problem}");
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_had_is_explained() {
    for (host, port, address) in [
        ("203.0.113.1", "0", "203.0.113.1:0"),
        ("2001:db8::1", "443", "[2001:db8::1]:443"),
        ("[2001:db8::1]", "443", "[2001:db8::1]:443"),
    ] {
        let output = failing(&["--host", host, "--port", port]).await;
        let problem = String::from_utf8(output.stderr).unwrap();
        let said = format!("okta-emulator: cannot listen on {address}: ");
        assert!(problem.starts_with(&said), "{problem}");
    }
}

#[tokio::test]
async fn a_token_nobody_can_send_is_refused_without_blaming_the_seed() {
    let seed = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(seed.path(), "{}").unwrap();
    for (token, said) in [("", "is empty"), ("canary 1", "a space"), ("canary\n", "a line break")] {
        let output = failing(&["--seed", seed.path().to_str().unwrap(), "--token", token]).await;
        let problem = String::from_utf8(output.stderr).unwrap();
        assert!(problem.starts_with("okta-emulator: the API token "), "{problem}");
        assert!(problem.contains(said) && !problem.contains("canary"), "{problem}");
    }
}

#[tokio::test]
async fn limits_and_token_life_are_flags() {
    let mut child = program()
        .args(["--json", "--rate-limit", "1", "--token-life", "5", "--latency", "1"])
        .spawn()
        .unwrap();
    let started: Value = serde_json::from_str(&first_line(&mut child).await).unwrap();
    let url = format!("{}/api/v1/users", started["url"].as_str().unwrap());
    let token = started["token"].as_str().unwrap();
    let client = client(None, false);
    let first = get(&client, &url, token).await;
    assert_eq!(
        (first.status(), &first.headers()["x-rate-limit-limit"]),
        (StatusCode::OK, &http::HeaderValue::from_static("1"))
    );
    assert_eq!(get(&client, &url, token).await.status(), StatusCode::TOO_MANY_REQUESTS);
}
