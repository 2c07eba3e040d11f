//! The generic resource store, and the ways in which lists page.

use std::{collections::BTreeMap, path::PathBuf};

use http::Method;
use okta_emulator::{Emulator, Seed};
use serde_json::{Value, json};

use crate::support::{Org, Reply};

impl Org {
    async fn put_away(&self, path: &str, body: Value) -> Value {
        let reply = self.post(path, body).await;
        assert!(reply.status.is_success(), "{path}: {}", reply.text);
        reply.json()
    }
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_resource_goes_through_its_life() {
    let org = Org::new();
    let zone = json!({ "type": "IP", "name": "Office", "gateways": [{ "type": "CIDR", "value": "203.0.113.0/24" }] });
    let zone = org.put_away("/api/v1/zones", zone).await;
    assert!(id(&zone).starts_with("nzo"));
    assert_eq!((&zone["status"], &zone["name"]), (&json!("ACTIVE"), &json!("Office")));
    let path = format!("/api/v1/zones/{}", id(&zone));
    assert_eq!(org.get(&path).await.json(), zone);

    // Replacing leaves out what is not stated. An active zone is not deleted.
    let replaced = org
        .put(
            &path,
            json!({ "type": "IP", "name": "Home", "id": "mine", "proxies": [] }),
        )
        .await
        .json();
    assert_eq!((replaced.get("gateways"), &replaced["id"]), (None, &zone["id"]));
    org.post(&path, json!({ "type": "IP" })).await.refused(405, "E0000022");

    org.delete(&path).await.refused(400, "E0000001");
    let off = org.act(&format!("{path}/lifecycle/deactivate")).await;
    assert_eq!(
        (&off["status"], off["_links"].get("activate").is_some()),
        (&json!("INACTIVE"), true)
    );
    assert_eq!(org.delete(&path).await.status, 204);
    let reply = org.get(&path).await;
    reply.refused(404, "E0000007");
    let said = format!("Not found: Resource not found: {} (NetworkZone)", id(&zone));
    assert_eq!(reply.json()["errorSummary"], said);
    let events = org.listed("/api/v1/logs?sortOrder=DESCENDING", "/eventType").await;
    assert_eq!(events, ["zone.delete", "zone.deactivate", "zone.update", "zone.create"]);
}

#[tokio::test]
async fn events_have_the_types_that_pollers_of_the_log_look_for() {
    let org = Org::new();
    let user = org.create("Ada", None).await;
    let roles = format!("/api/v1/users/{user}/roles");
    let role = org.post(&roles, json!({ "type": "HELP_DESK_ADMIN" })).await.json();
    org.delete(&format!("{roles}/{}", id(&role))).await;
    let policy = org
        .put_away("/api/v1/policies", json!({ "type": "OKTA_SIGN_ON", "name": "Strict" }))
        .await;
    let rules = format!("/api/v1/policies/{}/rules", id(&policy));
    org.put_away(&rules, json!({ "name": "No robots" })).await;
    org.put_away(
        "/api/v1/authorizationServers",
        json!({ "name": "Library", "audiences": ["https://api.example.com"] }),
    )
    .await;
    // Nothing is known about the events of realms.
    org.put_away("/api/v1/realms", json!({ "profile": { "name": "Cars" } }))
        .await;
    let events = org
        .listed("/api/v1/logs?sortOrder=DESCENDING&limit=6", "/eventType")
        .await;
    assert_eq!(
        events,
        [
            "system.realm.lifecycle.create",
            "oauth2.as.created",
            "policy.rule.add",
            "policy.lifecycle.create",
            "user.account.privilege.revoke",
            "user.account.privilege.grant"
        ]
    );
}

#[tokio::test]
async fn what_belongs_to_something_needs_it_and_goes_with_it() {
    let org = Org::new();
    let policy = org
        .put_away("/api/v1/policies", json!({ "type": "OKTA_SIGN_ON", "name": "Strict" }))
        .await;
    let rules = format!("/api/v1/policies/{}/rules", id(&policy));
    let rule = org.put_away(&rules, json!({ "name": "No robots" })).await;
    assert!(id(&rule).starts_with("0pr"));
    assert_eq!(org.listed(&rules, "/name").await, ["No robots"]);
    org.get("/api/v1/policies/00pnothing/rules")
        .await
        .refused(404, "E0000007");
    org.get("/api/v1/users/absent/roles").await.refused(404, "E0000007");
    assert_eq!(
        org.delete(&format!("/api/v1/policies/{}", id(&policy))).await.status,
        204
    );
    org.get(&format!("{rules}/{}", id(&rule)))
        .await
        .refused(404, "E0000007");
    org.put_away("/api/v1/policies", json!({ "type": "PASSWORD", "name": "Long" }))
        .await;
    let listed = org.listed("/api/v1/policies?type=PASSWORD", "/name").await;
    assert_eq!(listed, ["Default Policy", "Long"]);
    let others = org.listed("/api/v1/policies?type=OKTA_SIGN_ON", "/name").await;
    assert_eq!(others, ["Default Policy"]);
}

#[tokio::test]
async fn callers_choose_some_ids_and_settings_have_none() {
    let org = Org::with_users(1);
    let role = org
        .put_away("/api/v1/users/me/roles", json!({ "type": "GROUP_MEMBERSHIP_ADMIN" }))
        .await;
    let group = org.create_group("Target").await;
    let target = format!("/api/v1/users/me/roles/{}/targets/groups/{group}", id(&role));
    assert_eq!(org.call(Method::PUT, &target, None).await.status, 204);
    assert_eq!(org.delete(&target).await.status, 204);
    org.delete(&target).await.refused(404, "E0000007");

    let settings = "/api/v1/threats/configuration";
    assert_eq!(org.get(settings).await.json()["action"], "none");
    org.put_away(settings, json!({ "action": "audit", "excludeZones": [] }))
        .await;
    org.put_away(settings, json!({ "action": "block" })).await;
    let kept = org.get(settings).await.json();
    assert_eq!((&kept["action"], &kept["excludeZones"]), (&json!("block"), &json!([])));
    org.call(Method::PATCH, "/api/v1/zones", Some(json!({})))
        .await
        .refused(405, "E0000022");
    org.delete("/api/v1/zones/x/lifecycle/activate")
        .await
        .refused(405, "E0000022");
    org.get("/api/v1/zones/x/y/z").await.refused(404, "E0000008");
}

#[tokio::test]
async fn an_org_can_begin_with_resources() {
    let device = json!({ "id": "guo1", "profile": { "displayName": "Laptop" } });
    let emulator = Emulator::builder().resource("/api/v1/devices", device).build().unwrap();
    let org = Org { emulator };
    assert_eq!(
        org.get("/api/v1/devices/guo1").await.json()["profile"]["displayName"],
        "Laptop"
    );
    let seed = r#"{ "resources": { "/api/v1/realms": [{ "profile": { "name": "North" } }] } }"#;
    let emulator = Emulator::builder()
        .seed(Seed::from_json(seed).unwrap())
        .build()
        .unwrap();
    let realms = Org { emulator }.get("/api/v1/realms").await.json();
    assert_eq!(realms[1]["profile"]["name"], "North", "behind the default realm");
    let refused = |path: &str, object: Value| {
        Emulator::builder()
            .resource(path, object)
            .build()
            .unwrap_err()
            .to_string()
    };
    let said = refused("/api/v1/coffee", json!({}));
    assert_eq!(
        said,
        "resources[0] (/api/v1/coffee): there is no such collection in the resource store"
    );
    assert!(refused("/api/v1/zones", json!([])).contains("not a JSON object"));
    assert!(refused("/api/v1/zones", json!({ "id": 5 })).contains("`id`"));
}

/// The four ways to page: what a page has in it, and where the next one is.
#[derive(Clone, Copy)]
enum Style {
    /// An array, and a `Link` header.
    Array,
    /// An object, and `_links.next` in it.
    LinksInBody(&'static str),
    /// An object, and a `Link` header.
    LinkHeader(&'static str),
    /// An object with everything.
    Whole(&'static str),
}

impl Style {
    fn items(self, reply: &Reply) -> Vec<Value> {
        let body = reply.json();
        let items = match self {
            Self::Array => &body,
            Self::LinksInBody(member) | Self::LinkHeader(member) | Self::Whole(member) => &body[member],
        };
        items.as_array().unwrap().clone()
    }

    fn next(self, reply: &Reply) -> Option<String> {
        let in_body = || Some(reply.json().pointer("/_links/next/href")?.as_str()?.to_owned());
        match self {
            Self::Array | Self::LinkHeader(_) => reply.link("next"),
            Self::LinksInBody(_) => {
                assert_eq!(reply.link("next"), None);
                in_body()
            }
            Self::Whole(_) => {
                assert_eq!((reply.link("next"), in_body()), (None, None));
                None
            }
        }
    }
}

async fn walk(org: &Org, path: &str, style: Style) -> (Vec<usize>, Vec<Value>) {
    let (mut sizes, mut all) = (Vec::new(), Vec::new());
    let mut next = Some(path.to_owned());
    while let Some(url) = next {
        let reply = org.get(&url).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let items = style.items(&reply);
        sizes.push(items.len());
        all.extend(items);
        next = style.next(&reply);
    }
    (sizes, all)
}

#[tokio::test]
async fn lists_page_in_all_four_ways() {
    let org = Org::new();
    for number in 0..45 {
        for (path, body) in [
            (
                "/api/v1/behaviors",
                json!({ "name": format!("Name {number}"), "type": "VELOCITY", "settings": { "velocityKph": 805 } }),
            ),
            (
                "/api/v1/iam/roles",
                json!({ "label": format!("Label {number}"), "description": "A role", "permissions": [] }),
            ),
            (
                "/api/v1/domains",
                json!({ "domain": format!("id{number}.example.com"), "certificateSourceType": "MANUAL" }),
            ),
        ] {
            org.put_away(path, body).await;
        }
    }
    org.post("/api/v1/identity-sources/0oa1/groups", json!({ "externalId": "g" }))
        .await;
    let membership = "/api/v1/identity-sources/0oa1/groups/g/membership";
    let members: Vec<String> = (0..45).map(|number| format!("member-{number}")).collect();
    let reply = org.post(membership, json!({ "memberExternalIds": members })).await;
    assert_eq!(reply.status, 204);
    for (path, style, expected) in [
        ("/api/v1/behaviors?limit=20", Style::Array, vec![20, 20, 5]),
        ("/api/v1/iam/roles", Style::LinksInBody("roles"), vec![20, 20, 5]),
        (membership, Style::LinkHeader("memberExternalIds"), vec![20, 20, 5]),
        // With the org's own.
        ("/api/v1/domains", Style::Whole("domains"), vec![46]),
    ] {
        let (sizes, all) = walk(&org, path, style).await;
        assert_eq!(sizes, expected, "{path}");
        let names = ["name", "label", "domain"];
        let name = |item: &Value| {
            names
                .iter()
                .find_map(|name| item.get(*name)?.as_str().map(str::to_owned))
        };
        let text = |item: &Value| name(item).or(item.as_str().map(str::to_owned)).unwrap();
        let distinct: std::collections::BTreeSet<String> = all.iter().map(text).collect();
        assert_eq!(distinct.len(), expected.iter().sum::<usize>(), "{path}");
    }
    assert_eq!(
        org.get(&format!("{membership}?limit=2")).await.json(),
        json!({ "memberExternalIds": ["member-0", "member-1"] })
    );
    // A custom role is found by its label too.
    assert_eq!(org.get("/api/v1/iam/roles/Label%207").await.json()["label"], "Label 7");
}

/// Operations of the API document, where it is at hand: method, path and the scopes they need.
fn document() -> Option<Vec<(Method, String, Vec<String>)>> {
    let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = checkout.join("../shared/openapi/management-2026.06.3.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        #[expect(
            clippy::disallowed_methods,
            reason = "the environment of the tests says whether they may skip"
        )]
        let required = std::env::var("OKTA_SHARED_REQUIRED").is_ok_and(|value| value == "1");
        assert!(!required, "{} is missing", path.display());
        eprintln!("SKIPPED: {} is missing", path.display());
        return None;
    };
    let mut operations: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let (mut path, mut method) = (String::new(), String::new());
    for line in text.lines().skip_while(|line| *line != "paths:").skip(1) {
        let indent = line.len() - line.trim_start().len();
        let word = line.trim();
        match indent {
            0 if !word.is_empty() => break,
            2 => path = word.trim_end_matches(':').to_owned(),
            4 => {
                method = word.trim_end_matches(':').to_uppercase();
                if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
                    operations.entry((path.clone(), method.clone())).or_default();
                }
            }
            12 if word.starts_with("- okta.") || word.starts_with("- ssf.") => {
                if let Some(scopes) = operations.get_mut(&(path.clone(), method.clone())) {
                    scopes.push(word.trim_start_matches("- ").to_owned());
                }
            }
            _ => {}
        }
    }
    let operations = operations.into_iter();
    Some(
        operations
            .map(|((path, method), scopes)| (method.parse().unwrap(), path, scopes))
            .collect(),
    )
}

#[tokio::test]
async fn every_operation_of_the_document_is_answered() {
    let Some(document) = document() else { return };
    assert_eq!(document.len(), 732);
    let org = Org::with_users(1);
    for (method, template, _) in document {
        let segments = template.split('/').map(|segment| match segment {
            "{lifecycle}" => "enable",
            segment if segment.starts_with('{') => "any",
            segment => segment,
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let reply = org.call(method.clone(), &path, Some(json!({}))).await;
        let code = reply.text.contains("E0000008") || reply.text.contains("E0000022");
        assert!(
            !code && !reply.status.is_server_error(),
            "{method} {template}: {}",
            reply.text
        );
    }
}

#[tokio::test]
async fn every_operation_asks_for_the_scopes_of_the_document() {
    let Some(document) = document() else { return };
    let app = okta_emulator::ServiceApp::new("0oa1", crate::keys::Key::new("ES256").jwk());
    let emulator = Emulator::builder().service_app(app).build().unwrap();
    for (method, template, scopes) in document {
        let path = template.replace(['{', '}'], "");
        let request = http::Request::builder()
            .method(method.clone())
            .uri(&path)
            .header(http::header::AUTHORIZATION, "Bearer nonsense")
            .body(http_body_util::Full::default())
            .unwrap();
        let reply = crate::support::send(&emulator, request).await;
        let Some(challenge) = reply.headers.get(http::header::WWW_AUTHENTICATE) else {
            assert!(scopes.is_empty(), "{method} {template}");
            continue;
        };
        let expected = format!("scope=\"{}\"", scopes.join(" "));
        assert!(
            challenge.to_str().unwrap().contains(&expected),
            "{method} {template}: {challenge:?} {expected}"
        );
    }
}

#[tokio::test]
async fn actions_are_not_case_sensitive() {
    let seed =
        json!({ "resources": { "/api/v1/features": [{ "id": "ftr1", "name": "Tasks", "status": "DISABLED" }] } });
    let seed = Seed::from_json(&seed.to_string()).unwrap();
    let org = Org {
        emulator: Emulator::builder().seed(seed).build().unwrap(),
    };
    for (action, status) in [("ENABLE", "ENABLED"), ("disable", "DISABLED"), ("Enable", "ENABLED")] {
        let reply = org.post(&format!("/api/v1/features/ftr1/{action}"), Value::Null).await;
        assert_eq!(reply.json()["status"], status);
        assert_eq!(org.get("/api/v1/features/ftr1").await.json()["status"], status);
    }
}

/// What of a body is refused, and how.
#[tokio::test]
async fn the_document_decides_what_is_accepted() {
    let org = Org::new();
    let refused =
        async |path: &str, body: Value, status: u16, code: &str| org.post(path, body).await.refused(status, code);
    // Nothing that is needed may be missing.
    let causes = refused(
        "/api/v1/trustedOrigins",
        json!({ "origin": 5, "name": ["x"] }),
        400,
        "E0000003",
    )
    .await;
    assert!(causes.is_empty());
    let causes = refused("/api/v1/behaviors", json!({ "settings": {} }), 400, "E0000001").await;
    assert_eq!(
        causes,
        [
            "name: The field cannot be left blank",
            "type: The field cannot be left blank"
        ]
    );
    // A value that does not exist cannot be read.
    refused(
        "/api/v1/zones",
        json!({ "type": "NONSENSE", "name": "x" }),
        400,
        "E0000003",
    )
    .await;
    refused(
        "/api/v1/policies",
        json!({ "type": "NONSENSE", "name": "x" }),
        400,
        "E0000003",
    )
    .await;
    // A path without such an operation.
    org.delete("/api/v1/org").await.refused(405, "E0000022");
    let causes = org.get("/api/v1/policies").await.refused(400, "E0000001");
    assert_eq!(causes, ["type: The field cannot be left blank"]);
    // A name is one resource's.
    let zone = json!({ "type": "IP", "name": "Office" });
    org.put_away("/api/v1/zones", zone.clone()).await;
    refused("/api/v1/zones", zone, 400, "E0000001").await;
}

#[tokio::test]
async fn the_org_itself_has_an_id_and_dates_and_writing_moves_the_second() {
    let org = Org::new();
    let settings = org.get("/api/v1/org").await.json();
    assert!(settings["id"].as_str().unwrap().starts_with("00o"), "{settings}");
    assert_eq!(settings["created"], settings["lastUpdated"]);
    assert_ne!(settings["created"], "");
    org.post("/api/v1/org", json!({ "website": "https://example.com" }))
        .await;
    let written = org.get("/api/v1/org").await.json();
    assert_eq!(
        (&written["id"], &written["created"]),
        (&settings["id"], &settings["created"])
    );
    assert_ne!(written["lastUpdated"], settings["lastUpdated"]);
}

#[tokio::test]
async fn secrets_are_taken_and_never_shown_and_the_orgs_members_are_the_orgs() {
    let org = Org::new();
    let hook = json!({
        "name": "Hook", "id": "mine", "created": "1999-01-01T00:00:00.000Z", "status": "INACTIVE", "createdBy": "me",
        "verificationStatus": "VERIFIED",
        "events": { "type": "EVENT_TYPE", "items": ["user.lifecycle.create"] },
        "channel": { "type": "HTTP", "version": "1.0.0", "config": {
            "uri": "https://example.com/hook",
            "authScheme": { "type": "HEADER", "key": "Authorization", "value": "canary" },
        } },
    });
    let shown = org.put_away("/api/v1/eventHooks", hook).await;
    assert!(id(&shown).starts_with("who"));
    assert_eq!(shown["status"], "ACTIVE");
    assert_ne!(shown["created"], "1999-01-01T00:00:00.000Z");
    assert!(shown["createdBy"].as_str().unwrap().starts_with("00u"));
    assert_eq!(shown["channel"]["config"]["authScheme"]["key"], "Authorization");
    let path = format!("/api/v1/eventHooks/{}", id(&shown));
    for text in [
        shown.to_string(),
        org.get(&path).await.text,
        org.get("/api/v1/eventHooks").await.text,
    ] {
        assert!(!text.contains("canary"), "{text}");
    }
}

/// States are those that the document names, and links lead to operations that exist.
#[tokio::test]
async fn states_and_links_are_those_of_the_document() {
    let org = Org::new();
    let session = org
        .put_away("/api/v1/identity-sources/0oa1/sessions", Value::Null)
        .await;
    assert_eq!(session["status"], "CREATED");
    let captcha = json!({ "name": "C", "type": "HCAPTCHA", "siteKey": "s", "secretKey": "canary" });
    let captcha = org.put_away("/api/v1/captchas", captcha).await;
    assert!(
        captcha.get("status").is_none() && captcha["_links"].get("deactivate").is_none(),
        "{captcha}"
    );
    assert!(captcha.get("secretKey").is_none(), "{captcha}");
}

/// What a fresh org has, and that it is real: each policy has a rule, each link leads somewhere.
#[tokio::test]
async fn a_fresh_org_is_furnished_unless_it_is_to_be_empty() {
    let furnished = Org::new();
    let empty = Org {
        emulator: Emulator::builder().empty().build().unwrap(),
    };
    for path in [
        "/api/v1/policies?type=OKTA_SIGN_ON",
        "/api/v1/policies?type=PASSWORD",
        "/api/v1/policies?type=ACCESS_POLICY",
        "/api/v1/policies?type=PROFILE_ENROLLMENT",
        "/api/v1/policies?type=MFA_ENROLL",
        "/api/v1/policies?type=IDP_DISCOVERY",
        "/api/v1/zones",
        "/api/v1/brands",
        "/api/v1/authenticators",
        "/api/v1/realms",
        "/api/v1/api-tokens",
        "/api/v1/org/contacts",
    ] {
        let items = furnished.get(path).await.json();
        assert!(!items.as_array().unwrap().is_empty(), "{path}");
        if let Some(rules) = items[0]["_links"]["rules"]["href"].as_str() {
            assert_eq!(furnished.get(rules).await.json()[0]["system"], true, "{path}");
        }
        assert_eq!(empty.get(path).await.json(), json!([]), "{path}");
    }
    for org in [&furnished, &empty] {
        let server = org.get("/api/v1/authorizationServers/default").await.json();
        assert!(
            server["issuer"].as_str().unwrap().ends_with("/oauth2/default"),
            "{server}"
        );
        let scopes = org.listed("/api/v1/authorizationServers/default/scopes", "/name").await;
        assert!(scopes.contains(&"openid".to_owned()));
    }
    // An application's policies are there.
    let app = json!({ "name": "bookmark", "label": "Wiki", "settings": { "app": { "url": "https://example.com" } } });
    let app = furnished.post("/api/v1/apps", app).await.json();
    for link in ["accessPolicy", "profileEnrollment"] {
        let policy = furnished.get(app["_links"][link]["href"].as_str().unwrap()).await;
        assert_eq!(policy.status, 200, "{link}");
    }
}
