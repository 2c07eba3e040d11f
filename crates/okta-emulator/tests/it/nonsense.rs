//! Whatever is sent, the org answers as an API does.

use http::{Method, Request, header};
use http_body_util::Full;
use okta_emulator::Emulator;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{Org, encode, send};

/// Paths that lead somewhere, with anything in the place of ids.
fn path() -> impl Strategy<Value = String> {
    let stored = [
        "/api/v1/zones",
        "/api/v1/zones/{zoneId}",
        "/api/v1/zones/{zoneId}/lifecycle/{action}",
        "/api/v1/iam/roles/{roleIdOrLabel}/permissions/{permissionType}",
        "/api/v1/identity-sources/{id}/groups/{id}/membership",
        "/api/v1/threats/configuration",
    ];
    let own = Emulator::operations().map(|(_, _, template)| template);
    let templates: Vec<&str> = own.chain(stored).collect();
    let segment = prop_oneof![Just("me".to_owned()), Just("user1".to_owned()), "\\PC{0,8}"];
    (prop::sample::select(templates), segment).prop_map(|(template, value)| {
        let segments = template.split('/').map(|part| {
            if part.starts_with('{') {
                encode(&value)
            } else {
                part.to_owned()
            }
        });
        segments.collect::<Vec<_>>().join("/")
    })
}

fn query() -> impl Strategy<Value = String> {
    let names = [
        "q",
        "filter",
        "search",
        "limit",
        "after",
        "sortBy",
        "sortOrder",
        "since",
        "until",
        "expand",
        "activate",
    ];
    let value = prop_oneof![
        "\\PC{0,20}",
        "(status|profile\\.email|id|not|\\()( (eq|gt|co|pr) )(\"[a-z]{0,3}\"|5|true|null)( and| or|\\))?",
        "-?[0-9]{1,20}",
    ];
    prop::collection::vec((prop::sample::select(names.to_vec()), value), 0..3).prop_map(|pairs| {
        pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect::<Vec<_>>()
            .join("&")
    })
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        Just("{}".to_owned()),
        prop::sample::select(vec![
            r#"{"profile": null}"#,
            r#"{"profile": {"name": 5, "login": [], "firstName": {}}}"#,
            r#"{"profile": {"name": "x"}, "credentials": []}"#,
            r#"{"credentials": {"password": "x", "recovery_question": 5, "provider": null}}"#,
            r#"{"name": {}, "type": [], "settings": 1, "conditions": [], "actions": {"assignUserToGroups": 5}}"#,
            r#"{"label": "x", "signOnMode": "OPENID_CONNECT", "credentials": 5}"#,
            r#"{"label": "x", "signOnMode": "OPENID_CONNECT", "credentials": {"oauthClient": []}, "settings": {"oauthClient": 1}}"#,
            r#"{"label": "x", "signOnMode": "OPENID_CONNECT", "settings": {"oauthClient": {"jwks": [], "redirect_uris": 5}}}"#,
            r#"{"label": "x", "signOnMode": "SAML_2_0", "settings": null, "visibility": "no"}"#,
            "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=a.b.c",
            "grant_type=client_credentials&client_id=x",
            r#"{"primary": 5, "associated": {"name": 5}}"#,
            r#"{"oldPassword": [], "newPassword": {"value": null}, "recovery_question": {"answer": 5}}"#,
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn every_request_gets_a_well_formed_answer(
        method in prop::sample::select(vec![Method::GET, Method::POST, Method::PUT, Method::DELETE]),
        path in path(),
        query in query(),
        body in body(),
    ) {
        let org = Org::with_users(2);
        let uri = if query.is_empty() { path } else { format!("{path}?{query}") };
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header(header::AUTHORIZATION, format!("SSWS {}", org.emulator.token()))
            .body(Full::from(body))
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let reply = runtime.block_on(send(&org.emulator, request));
        prop_assert!(!reply.status.is_server_error() || reply.status == 501, "{}", reply.text);
        prop_assert_eq!(reply.headers.contains_key(header::CONTENT_TYPE), !reply.text.is_empty());
        // Pictures and metadata are not JSON.
        let is_json = reply.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
        if is_json {
            let answer: Value = serde_json::from_str(&reply.text).unwrap();
            let refusal = answer.get("errorCode").or(answer.get("error"));
            prop_assert_eq!(refusal.is_some(), !reply.status.is_success());
        }
    }
}
