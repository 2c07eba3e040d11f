//! Resources that are more than what was sent: roles, policies, authorization servers, keys, hooks, brands, pictures.

use http::{Method, header};
use serde_json::{Value, json};

use crate::support::Org;

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_role_is_assigned_once_and_appears_in_every_list_that_shows_it() {
    let org = Org::with_users(2);
    let user = org.get("/api/v1/users/user2@example.com").await.json();
    let roles = format!("/api/v1/users/{}/roles", id(&user));
    org.post(&roles, json!({ "type": "NO_SUCH_ROLE" }))
        .await
        .refused(400, "E0000003");
    org.post(&roles, json!({})).await.refused(400, "E0000001");
    let reply = org.post(&roles, json!({ "type": "USER_ADMIN" })).await;
    assert_eq!(reply.status, 201);
    let role = reply.json();
    assert_eq!(
        (&role["label"], &role["assignmentType"]),
        (&json!("Group Administrator"), &json!("USER"))
    );
    org.post(&roles, json!({ "type": "USER_ADMIN" }))
        .await
        .refused(409, "E0000090");

    let assignees = org.get("/api/v1/iam/assignees/users").await.json();
    let ids: Vec<&str> = assignees["value"].as_array().unwrap().iter().map(id).collect();
    assert!(ids.contains(&id(&user)), "{assignees}");

    let group = org.create_group("Target").await;
    let targets = format!("{roles}/{}/targets/groups", id(&role));
    org.put(&format!("{targets}/00gabsent"), Value::Null)
        .await
        .refused(404, "E0000007");
    assert_eq!(org.put(&format!("{targets}/{group}"), Value::Null).await.status, 204);
    assert_eq!(org.get(&targets).await.json()[0]["profile"]["name"], "Target");

    // What a group has, its members have.
    org.put(&format!("/api/v1/groups/{group}/users/{}", id(&user)), Value::Null)
        .await;
    org.post(
        &format!("/api/v1/groups/{group}/roles"),
        json!({ "type": "READ_ONLY_ADMIN" }),
    )
    .await;
    let kinds = org.listed(&roles, "/assignmentType").await;
    assert_eq!(kinds, ["USER", "GROUP"]);
}

#[tokio::test]
async fn a_custom_role_is_bound_to_a_resource_set() {
    let org = Org::with_users(2);
    let permissions = json!(["okta.users.read", "okta.groups.manage"]);
    let body = json!({ "label": "Helper", "description": "Helps", "permissions": permissions });
    let role = org.post("/api/v1/iam/roles", body.clone()).await.json();
    assert_eq!(role.get("permissions"), None);
    org.post("/api/v1/iam/roles", body).await.refused(400, "E0000001");
    let listed = org.get("/api/v1/iam/roles/Helper/permissions").await.json();
    assert_eq!(listed["permissions"][1]["label"], "okta.groups.manage");

    let users = json!(["https://test.okta.com/api/v1/users"]);
    let set = json!({ "label": "Everybody", "description": "All users", "resources": users });
    let set = org.post("/api/v1/iam/resource-sets", set).await.json();
    let resources = org
        .get(&format!("/api/v1/iam/resource-sets/{}/resources", id(&set)))
        .await
        .json();
    assert!(
        resources["resources"][0]["orn"].as_str().unwrap().ends_with(":users"),
        "{resources}"
    );

    let roles = "/api/v1/users/user2@example.com/roles";
    let assignment = json!({ "type": "CUSTOM", "role": id(&role), "resource-set": id(&set) });
    let assigned = org.post(roles, assignment).await.json();
    assert_eq!(assigned["label"], "Helper");
    let members = format!("/api/v1/iam/resource-sets/{}/bindings/{}/members", id(&set), id(&role));
    assert_eq!(id(&org.get(&members).await.json()["members"][0]), id(&assigned));
}

#[tokio::test]
async fn priorities_of_policies_shift_and_the_default_policy_stays_last() {
    let org = Org::new();
    let policy = |name: &str, priority: Value| json!({ "type": "OKTA_SIGN_ON", "name": name, "priority": priority });
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        let created = org.post("/api/v1/policies", policy(name, Value::Null)).await.json();
        ids.push(id(&created).to_owned());
    }
    let order = async || {
        let policies = org.get("/api/v1/policies?type=OKTA_SIGN_ON").await.json();
        let mut order: Vec<(i64, String)> = policies
            .as_array()
            .unwrap()
            .iter()
            .map(|policy| {
                (
                    policy["priority"].as_i64().unwrap(),
                    policy["name"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        order.sort();
        order.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order().await, "A B C Default Policy");
    org.put(&format!("/api/v1/policies/{}", ids[2]), policy("C", json!(1)))
        .await;
    assert_eq!(order().await, "C A B Default Policy");
    assert_eq!(org.delete(&format!("/api/v1/policies/{}", ids[0])).await.status, 204);
    assert_eq!(order().await, "C B Default Policy");

    let policies = org.get("/api/v1/policies?type=OKTA_SIGN_ON").await.json();
    let default = policies
        .as_array()
        .unwrap()
        .iter()
        .find(|policy| policy["system"] == true)
        .unwrap();
    assert!(default["_links"].get("deactivate").is_none());
    org.delete(&format!("/api/v1/policies/{}", id(default)))
        .await
        .refused(400, "E0000001");
}

#[tokio::test]
async fn an_application_shows_the_policy_it_was_put_under() {
    let org = Org::new();
    let app = json!({ "name": "bookmark", "label": "Wiki", "settings": { "app": { "url": "https://example.com" } } });
    let app = org.post("/api/v1/apps", app).await.json();
    let policy = json!({ "type": "ACCESS_POLICY", "name": "Strict", "description": "Two factors" });
    let policy = org.post("/api/v1/policies", policy).await.json();
    let rules = org.get(&format!("/api/v1/policies/{}/rules", id(&policy))).await.json();
    assert_eq!((&rules[0]["system"], &rules[0]["priority"]), (&json!(true), &json!(99)));
    let place = format!("/api/v1/apps/{}/policies/{}", id(&app), id(&policy));
    assert_eq!(org.put(&place, Value::Null).await.status, 204);
    let link = org.get(&format!("/api/v1/apps/{}", id(&app))).await.json()["_links"]["accessPolicy"]["href"].clone();
    assert!(link.as_str().unwrap().ends_with(id(&policy)));
    let apps = org
        .listed(&format!("/api/v1/policies/{}/app", id(&policy)), "/id")
        .await;
    assert_eq!(apps, [id(&app)]);
}

#[tokio::test]
async fn keys_of_an_authorization_server_rotate_and_its_endpoint_follows() {
    let org = Org::new();
    let body = json!({ "name": "Shop", "description": "", "audiences": ["api://shop"] });
    let server = org.post("/api/v1/authorizationServers", body).await.json();
    assert!(
        server["issuer"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/oauth2/{}", id(&server)))
    );
    let own = format!("/api/v1/authorizationServers/{}", id(&server));
    let scopes = org.listed(&format!("{own}/scopes"), "/name").await;
    assert!(scopes.contains(&"openid".to_owned()), "{scopes:?}");
    org.post(&format!("{own}/scopes"), json!({ "name": "openid" }))
        .await
        .refused(400, "E0000001");

    let keys = org.get(&format!("{own}/credentials/keys")).await.json();
    assert_eq!(keys[0]["kid"], server["credentials"]["signing"]["kid"]);
    assert_eq!(
        (&keys[0]["status"], &keys[1]["status"]),
        (&json!("ACTIVE"), &json!("NEXT"))
    );
    let rotate = format!("{own}/credentials/lifecycle/keyRotate");
    let rotated = org.post(&rotate, json!({ "use": "sig" })).await.json();
    assert_eq!(rotated[0]["kid"], keys[1]["kid"]);
    assert_eq!(rotated[2]["kid"], keys[0]["kid"]);
    let signing = org.get(&own).await.json()["credentials"]["signing"]["kid"].clone();
    assert_eq!(signing, keys[1]["kid"]);
    let published = org.get(&format!("/oauth2/{}/v1/keys", id(&server))).await.json();
    assert_eq!(published["keys"][0]["kid"], signing);
    org.delete("/api/v1/authorizationServers/default")
        .await
        .refused(400, "E0000001");
}

#[tokio::test]
async fn a_generated_key_has_a_certificate_and_a_place() {
    let org = Org::new();
    let app = json!({ "label": "Wiki", "signOnMode": "SAML_2_0" });
    let app = org.post("/api/v1/apps", app).await.json();
    let keys = format!("/api/v1/apps/{}/credentials/keys", id(&app));
    let own = org.get(&keys).await.json();
    assert_eq!(own[0]["kid"], app["credentials"]["signing"]["kid"]);
    org.post(&format!("{keys}/generate?validityYears=11"), Value::Null)
        .await
        .refused(400, "E0000001");
    let reply = org.post(&format!("{keys}/generate?validityYears=2"), Value::Null).await;
    assert_eq!(reply.status, 201);
    let key = reply.json();
    let location = reply.headers[header::LOCATION].to_str().unwrap();
    assert!(
        location.ends_with(&format!("{keys}/{}", key["kid"].as_str().unwrap())),
        "{location}"
    );
    assert!(key["x5c"][0].as_str().unwrap().len() > 800);
    assert_eq!((&key["kty"], &key["e"]), (&json!("RSA"), &json!("AQAB")));

    let metadata = org.get(&format!("/api/v1/apps/{}/sso/saml/metadata", id(&app))).await;
    assert_eq!(metadata.headers[header::CONTENT_TYPE], "application/xml");
    assert!(metadata.text.contains(own[0]["x5c"][0].as_str().unwrap()));
}

#[tokio::test]
async fn secrets_of_a_client_are_at_most_two_and_one_stays_active() {
    let org = Org::new();
    let app = org
        .post("/api/v1/apps", json!({ "label": "OIDC", "name": "oidc_client" }))
        .await
        .json();
    let secrets = format!("/api/v1/apps/{}/credentials/secrets", id(&app));
    let first = org.get(&secrets).await.json()[0].clone();
    assert_eq!(
        first["client_secret"],
        app["credentials"]["oauthClient"]["client_secret"]
    );
    let one = format!("{secrets}/{}", id(&first));
    org.post(&format!("{one}/lifecycle/deactivate"), Value::Null)
        .await
        .refused(400, "E0000001");
    assert_eq!(org.post(&secrets, json!({})).await.status, 201);
    org.post(&secrets, json!({})).await.refused(400, "E0000001");
    org.delete(&one).await.refused(400, "E0000001");
    assert!(
        org.post(&format!("{one}/lifecycle/deactivate"), Value::Null)
            .await
            .status
            .is_success()
    );
    assert_eq!(org.delete(&one).await.status, 204);
}

#[tokio::test]
async fn an_event_hook_is_verified_and_keeps_its_secret() {
    let org = Org::new();
    let scheme = json!({ "type": "HEADER", "key": "Authorization", "value": "canary-secret" });
    let body = json!({
        "name": "Hook",
        "events": { "type": "EVENT_TYPE", "items": ["user.lifecycle.create"] },
        "channel": { "type": "HTTP", "version": "1.0.0", "config": { "uri": "https://example.com/hook", "authScheme": scheme } },
    });
    let reply = org.post("/api/v1/eventHooks", body).await;
    assert!(!reply.text.contains("canary"), "{}", reply.text);
    let hook = reply.json();
    assert_eq!(hook["verificationStatus"], "UNVERIFIED");
    let own = format!("/api/v1/eventHooks/{}", id(&hook));
    org.act(&format!("{own}/lifecycle/verify")).await;
    assert_eq!(org.get(&own).await.json()["verificationStatus"], "VERIFIED");
    org.delete(&own).await.refused(400, "E0000001");
}

#[tokio::test]
async fn a_picture_is_served_where_its_address_says() {
    let org = Org::new();
    let app = org
        .post("/api/v1/apps", json!({ "label": "OIDC", "name": "oidc_client" }))
        .await
        .json();
    let own = format!("/api/v1/apps/{}", id(&app));
    let form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.gif\"\r\n\r\nGIF89a picture\r\n--b--\r\n";
    let request = http::Request::post(format!("{own}/logo"))
        .header(header::AUTHORIZATION, format!("SSWS {}", org.emulator.token()))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(http_body_util::Full::from(form))
        .unwrap();
    let reply = crate::support::send(&org.emulator, request).await;
    assert_eq!(reply.status, 201);
    let link = org.get(&own).await.json()["_links"]["logo"][0]["href"].clone();
    assert_eq!(reply.headers[header::LOCATION].to_str().unwrap(), link);
    let path = link.as_str().unwrap().splitn(4, '/').last().unwrap().to_owned();
    let picture = org.call(Method::GET, &format!("/{path}"), None).await;
    assert_eq!(
        (picture.text.as_str(), &picture.headers[header::CONTENT_TYPE]),
        ("GIF89a picture", &"image/gif".parse().unwrap())
    );
}

#[tokio::test]
async fn a_brand_has_a_theme_and_templates_and_the_default_one_stays() {
    let org = Org::new();
    let brand = org.post("/api/v1/brands", json!({ "name": "Blue" })).await.json();
    let own = format!("/api/v1/brands/{}", id(&brand));
    assert_eq!(
        org.get(&format!("{own}/themes")).await.json().as_array().unwrap().len(),
        1
    );
    let template = org.get(&format!("{own}/templates/email/ForgotPassword")).await;
    assert_eq!(template.json()["name"], "ForgotPassword");
    assert_eq!(org.delete(&own).await.status, 204);
    let default = org.get("/api/v1/brands").await.json()[0].clone();
    assert_eq!(
        org.delete(&format!("/api/v1/brands/{}", id(&default))).await.status,
        409
    );
}

#[tokio::test]
async fn actions_change_the_settings_that_they_belong_to() {
    let org = Org::new();
    for (action, path, member, value) in [
        (
            "/api/v1/org/privacy/oktaSupport/revoke",
            "/api/v1/org/privacy/oktaSupport",
            "support",
            json!("DISABLED"),
        ),
        (
            "/api/v1/org/privacy/oktaSupport/grant",
            "/api/v1/org/privacy/oktaSupport",
            "support",
            json!("ENABLED"),
        ),
        (
            "/api/v1/org/preferences/hideEndUserFooter",
            "/api/v1/org/preferences",
            "showEndUserFooter",
            json!(false),
        ),
        (
            "/api/v1/org/privacy/oktaCommunication/optIn",
            "/api/v1/org/privacy/oktaCommunication",
            "optOutEmailUsers",
            json!(false),
        ),
    ] {
        org.act(action).await;
        assert_eq!(org.get(path).await.json()[member], value, "{action}");
    }
    let features = org.get("/api/v1/features").await.json();
    let off = features
        .as_array()
        .unwrap()
        .iter()
        .find(|feature| feature["status"] == "DISABLED")
        .unwrap();
    let feature = format!("/api/v1/features/{}", id(off));
    org.act(&format!("{feature}/ENABLE?mode=force")).await;
    assert_eq!(org.get(&feature).await.json()["status"], "ENABLED");
    let subscription = "/api/v1/users/me/subscriptions/OKTA_UPDATE";
    org.act(&format!("{subscription}/unsubscribe")).await;
    assert_eq!(org.get(subscription).await.json()["status"], "unsubscribed");
}

/// What a real org has from its first day is there: no read without parameters is empty, but for these.
#[tokio::test]
async fn no_read_of_a_fresh_org_is_empty_where_a_real_one_has_something() {
    // Users have not made any of these yet.
    const NONE_YET: [&str; 43] = [
        "/.well-known/app-authenticator-configuration",
        "/.well-known/assetlinks.json",
        "/api/v1/agentPools",
        "/api/v1/behaviors",
        "/api/v1/captchas",
        "/api/v1/device-assurances",
        "/api/v1/device-integrations",
        "/api/v1/device-posture-checks",
        "/api/v1/device-posture-checks/default",
        "/api/v1/devices",
        "/api/v1/dr/status",
        "/api/v1/email-domains",
        "/api/v1/email-servers",
        "/api/v1/eventHooks",
        "/api/v1/groups/rules",
        "/api/v1/hook-keys",
        "/api/v1/iam/governance/bundles",
        "/api/v1/iam/resource-sets",
        "/api/v1/iam/roles",
        "/api/v1/idps",
        "/api/v1/idps/credentials/keys",
        "/api/v1/inlineHooks",
        "/api/v1/logStreams",
        "/api/v1/logs",
        "/api/v1/meta/schemas/user/linkedObjects",
        "/api/v1/meta/uischemas",
        "/api/v1/org/factors/yubikey_token/tokens",
        "/api/v1/org/privacy/oktaSupport/cases",
        "/api/v1/principal-rate-limits",
        "/api/v1/push-providers",
        "/api/v1/realm-assignments",
        "/api/v1/realm-assignments/operations",
        "/api/v1/security-events-providers",
        "/api/v1/ssf/stream",
        "/api/v1/telephony-providers",
        "/api/v1/templates/sms",
        "/api/v1/trustedOrigins",
        "/api/v1/mappings",
        "/api/v1/org/privacy/aerial",
        "/integrations/api/v1/api-services",
        "/okta-personal-settings/api/v1/export-blocklists",
        "/privileged-access/api/v1/okta-service-accounts",
        "/privileged-access/api/v1/service-accounts",
    ];
    let org = Org::new();
    let operations = include_str!("../../src/generated/operations.jsonl").lines();
    let mut empty = Vec::new();
    let mut read = 0;
    for operation in operations {
        let operation: Value = serde_json::from_str(operation).unwrap();
        let path = operation["path"].as_str().unwrap();
        if operation["method"] != "GET" || path.contains('{') || NONE_YET.contains(&path) {
            continue;
        }
        let query = operation["query"].as_array().into_iter().flatten();
        let needed = query.filter(|parameter| parameter["required"] == true);
        let needed: Vec<String> = needed
            .map(|parameter| match parameter["name"].as_str().unwrap() {
                "type" => "type=OKTA_SIGN_ON".to_owned(),
                name => format!("{name}=x"),
            })
            .collect();
        let reply = org.get(&format!("{path}?{}", needed.join("&"))).await;
        read += 1;
        let body: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        let content = body
            .as_object()
            .map(|members| members.iter().filter(|(name, _)| *name != "_links").count());
        let is_empty = content == Some(0)
            || body.as_array().is_some_and(Vec::is_empty)
            || body
                .as_object()
                .is_some_and(|members| members.values().any(|value| value == &json!([])) && members.len() < 3);
        if is_empty || !reply.status.is_success() {
            empty.push(format!("{path}: {} {}", reply.status, reply.text));
        }
    }
    assert!(empty.is_empty(), "{empty:#?}");
    assert!(read >= 35, "{read}");
}
