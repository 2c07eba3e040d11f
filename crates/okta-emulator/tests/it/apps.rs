//! Applications, and who may use them.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Org, encode};

const APPS: &str = "/api/v1/apps";

fn bookmark(label: &str) -> Value {
    json!({
        "name": "bookmark",
        "label": label,
        "signOnMode": "BOOKMARK",
        "settings": { "app": { "requestIntegration": false, "url": "https://example.com/bookmark.htm" } },
    })
}

impl Org {
    async fn app(&self, app: Value) -> Value {
        let reply = self.post(APPS, app).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }
}

fn path(app: &Value, rest: &str) -> String {
    format!("{APPS}/{}{rest}", app["id"].as_str().unwrap())
}

#[tokio::test]
async fn every_way_to_sign_on_can_be_created() {
    let org = Org::new();
    let password_fields = json!({ "app": {
        "buttonField": "btn-login",
        "passwordField": "txt-box-password",
        "usernameField": "txt-box-username",
        "url": "https://example.com/login.html",
        "loginUrlRegex": "^https://example.com/login.html$",
    } });
    for (app, name, mode) in [
        (bookmark("Bookmark"), "bookmark", "BOOKMARK"),
        (
            json!({ "label": "SWA Test App", "name": "template_swa", "settings": password_fields }),
            "template_swa",
            "BROWSER_PLUGIN",
        ),
        (
            json!({ "label": "Basic", "name": "template_basic_auth" }),
            "template_basic_auth",
            "BASIC_AUTH",
        ),
        (
            json!({ "label": "Auto", "signOnMode": "AUTO_LOGIN" }),
            "emulator_auto_4",
            "AUTO_LOGIN",
        ),
        (
            json!({ "label": "My SAML App", "signOnMode": "SAML_2_0" }),
            "emulator_mysamlapp_5",
            "SAML_2_0",
        ),
        (
            json!({ "label": "OIDC", "name": "oidc_client" }),
            "oidc_client",
            "OPENID_CONNECT",
        ),
    ] {
        let app = org.app(app).await;
        assert_eq!((&app["name"], &app["signOnMode"]), (&json!(name), &json!(mode)));
        assert_eq!(app["status"], "ACTIVE");
        assert!(app["id"].as_str().unwrap().starts_with("0oa"));
        assert_eq!(app["visibility"]["hide"], json!({ "iOS": false, "web": false }));
        assert_eq!(org.get(&path(&app, "")).await.json(), app);
    }
    // The org has three system applications.
    assert_eq!(org.listed(APPS, "/label").await.len(), 9);
}

#[tokio::test]
async fn secrets_are_given_out_and_passwords_kept() {
    let org = Org::new();
    let oidc = org
        .app(json!({ "label": "Web", "signOnMode": "OPENID_CONNECT", "name": "oidc_client" }))
        .await;
    let client = &oidc["credentials"]["oauthClient"];
    assert_eq!(client["client_id"], oidc["id"]);
    assert_eq!(client["client_secret"].as_str().unwrap().len(), 64);
    let basic = json!({
        "label": "Basic",
        "name": "template_basic_auth",
        "credentials": { "scheme": "SHARED_USERNAME_AND_PASSWORD", "userName": "ada", "password": { "value": "canary" } },
    });
    let basic = org.app(basic).await;
    assert_eq!(basic["credentials"]["password"], json!({}));
    assert_eq!(basic["credentials"]["userName"], "ada");
    assert!(!org.get(APPS).await.text.contains("canary"));
    // Replacing keeps what identifies the client.
    let replaced = org
        .put(
            &path(&oidc, ""),
            json!({ "label": "Website", "signOnMode": "OPENID_CONNECT" }),
        )
        .await
        .json();
    assert_eq!(
        (&replaced["label"], &replaced["name"]),
        (&json!("Website"), &json!("oidc_client"))
    );
    assert_eq!(
        &replaced["credentials"]["oauthClient"]["client_secret"],
        &client["client_secret"]
    );
    assert_eq!(replaced["created"], oidc["created"]);
}

#[tokio::test]
async fn only_what_is_switched_off_can_be_deleted() {
    let org = Org::new();
    let app = org.app(bookmark("Bookmark")).await;
    org.delete(&path(&app, "")).await.refused(403, "E0000056");
    assert_eq!(org.act(&path(&app, "/lifecycle/deactivate")).await, json!({}));
    let off = org.get(&path(&app, "")).await.json();
    assert_eq!(off["status"], "INACTIVE");
    assert!(off["_links"].get("activate").is_some() && off["_links"].get("deactivate").is_none());
    org.act(&path(&app, "/lifecycle/activate")).await;
    org.act(&path(&app, "/lifecycle/deactivate")).await;
    assert_eq!(org.delete(&path(&app, "")).await.status, 204);
    org.get(&path(&app, "")).await.refused(404, "E0000007");
    let events = org.listed("/api/v1/logs?sortOrder=DESCENDING", "/eventType").await;
    assert_eq!(events.first().unwrap(), "application.lifecycle.delete");
    assert_eq!(events.last().unwrap(), "application.lifecycle.create");
    let inactive = org
        .post(&format!("{APPS}?activate=false"), bookmark("Off"))
        .await
        .json();
    assert_eq!(inactive["status"], "INACTIVE");
}

#[tokio::test]
async fn lists_are_searched_filtered_and_paged() {
    let org = Org::new();
    for number in 1..=5 {
        org.app(bookmark(&format!("Bookmark {number}"))).await;
    }
    let saml = org.app(json!({ "label": "Wiki", "signOnMode": "SAML_2_0" })).await;
    org.act(&path(&saml, "/lifecycle/deactivate")).await;
    let pages = org.pages(&format!("{APPS}?limit=2&q=book")).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    let filtered = async |filter: &str| org.listed(&format!("{APPS}?filter={}", encode(filter)), "/label").await;
    assert_eq!(filtered("status eq \"INACTIVE\"").await, ["Wiki"]);
    // The org's own applications are listed too.
    assert_eq!(filtered("status eq \"ACTIVE\"").await.len(), 8);
    assert_eq!(filtered("name eq \"saasure\"").await, ["Okta Admin Console"]);
    assert_eq!(filtered("name eq \"bookmark\"").await.len(), 5);
    org.get(&format!("{APPS}?filter={}", encode("created gt 5")))
        .await
        .refused(400, "E0000031");
}

#[tokio::test]
async fn users_are_assigned_in_person() {
    let org = Org::with_users(2);
    let user = org.get("/api/v1/users/user2@example.com").await.json()["id"].clone();
    let app = org.app(bookmark("Bookmark")).await;
    let schema = format!("/api/v1/meta/schemas/apps/{}/default", app["id"].as_str().unwrap());
    let role = json!({ "definitions": { "custom": { "properties": {
        "role": { "title": "Role", "type": "string" }, "region": { "title": "Region", "type": "string" } } } } });
    assert_eq!(org.post(&schema, role).await.status, 200);
    let users = path(&app, "/users");
    let assigned = org
        .post(&users, json!({ "id": user, "profile": { "role": "CEO" } }))
        .await
        .json();
    assert_eq!(
        (&assigned["scope"], &assigned["credentials"]["userName"]),
        (&json!("USER"), &json!("user2@example.com"))
    );
    let one = format!("{users}/{}", user.as_str().unwrap());
    let changed = org
        .post(&one, json!({ "credentials": { "userName": "two" } }))
        .await
        .json();
    assert_eq!(
        (&changed["credentials"]["userName"], &changed["profile"]["role"]),
        (&json!("two"), &json!("CEO"))
    );
    assert_eq!(org.listed(&users, "/id").await, [user.as_str().unwrap()]);
    let by_user = encode(&format!("user.id eq \"{}\"", user.as_str().unwrap()));
    assert_eq!(
        org.listed(&format!("{APPS}?filter={by_user}"), "/label").await,
        ["Bookmark"]
    );
    let links = org.get("/api/v1/users/user2@example.com/appLinks").await.json();
    assert_eq!(
        (&links[0]["label"], &links[0]["appInstanceId"]),
        (&json!("Bookmark"), &app["id"])
    );

    assert_eq!(org.delete(&one).await.status, 204);
    org.get(&one).await.refused(404, "E0000007");
    org.delete(&one).await.refused(404, "E0000007");
    org.post(&users, json!({ "id": "absent" }))
        .await
        .refused(404, "E0000007");
    org.post(&users, json!({})).await.refused(400, "E0000001");
    // A deactivated user loses what was assigned.
    org.post(&users, json!({ "id": user })).await;
    org.act("/api/v1/users/user2@example.com/lifecycle/deactivate").await;
    assert!(org.listed(&users, "/id").await.is_empty());
}

#[tokio::test]
async fn groups_bring_their_members() {
    let org = Org::with_users(3);
    let group = org.create_group("Readers").await;
    let app = org.app(bookmark("Bookmark")).await;
    let assignment = path(&app, &format!("/groups/{group}"));
    let assigned = org.call(Method::PUT, &assignment, None).await.json();
    assert_eq!((&assigned["id"], &assigned["priority"]), (&json!(group), &json!(0)));
    assert!(org.listed(&path(&app, "/users"), "/id").await.is_empty());
    org.call(
        Method::PUT,
        &format!("/api/v1/groups/{group}/users/user2@example.com"),
        None,
    )
    .await;
    let member = org.get(&path(&app, "/users")).await.json();
    assert_eq!(
        (&member[0]["scope"], member.as_array().unwrap().len()),
        (&json!("GROUP"), 1)
    );
    assert_eq!(
        org.listed(&format!("/api/v1/groups/{group}/apps"), "/label").await,
        ["Bookmark"]
    );

    let patch = json!([{ "op": "replace", "path": "/priority", "value": 7 }]);
    let patched = org.call(Method::PATCH, &assignment, Some(patch)).await.json();
    assert_eq!(patched["priority"], 7);
    assert_eq!(org.get(&path(&app, "/groups")).await.json(), json!([patched]));
    assert_eq!(org.delete(&assignment).await.status, 204);
    org.get(&assignment).await.refused(404, "E0000007");
    org.call(Method::PUT, &path(&app, "/groups/nothing"), None)
        .await
        .refused(404, "E0000007");
    // A group that is gone is assigned no longer.
    org.call(Method::PUT, &assignment, None).await;
    org.delete(&format!("/api/v1/groups/{group}")).await;
    assert_eq!(org.get(&path(&app, "/groups")).await.json(), json!([]));
}

#[tokio::test]
async fn what_is_no_application_is_refused() {
    let org = Org::new();
    for (app, code) in [
        (json!({ "signOnMode": "BOOKMARK" }), "E0000001"),
        (json!({ "label": "Nameless" }), "E0000001"),
        (json!({ "label": "Strange", "signOnMode": "TELEPATHY" }), "E0000003"),
        (
            json!({ "label": "Strange", "signOnMode": "SAML_2_0", "credentials": "none" }),
            "E0000003",
        ),
        (
            json!({
                "label": "Weak",
                "signOnMode": "OPENID_CONNECT",
                "settings": { "oauthClient": { "jwks": { "keys": [{ "kty": "RSA", "e": "AQAB", "n": "AQAB" }] } } },
            }),
            "E0000001",
        ),
    ] {
        org.post(APPS, app).await.refused(400, code);
    }
    assert_eq!(
        org.listed(APPS, "/name").await,
        ["saasure", "okta_enduser", "okta_browser_plugin"]
    );
}
