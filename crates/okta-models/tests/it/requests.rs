//! From what was read to what can be written. Every pair of types is in the end-to-end tests: `tests/it/write_pairs.rs`.

use okta_models::{
    AppUser, AppUserUpdateRequest, Application, ApplicationFeature, Brand, BrandRequest, BrandWithEmbedded,
    CreateUserRequest, GroupRule, InlineHook, InlineHookReplace, OAuth2ClientSecret, OAuth2ClientSecretRequestBody,
    OpenIdConnectApplication, Policy, PolicyRule, SmsTemplate, ThemeResponse, UpdateThemeRequest, UpdateUserRequest,
    User, UserSchema,
};
use serde_json::json;

use crate::support::{read, written};

fn user() -> User {
    read(json!({
        "id": "00u1", "status": "ACTIVE", "created": "2026-01-01T00:00:00.000Z", "activated": null,
        "type": {"id": "oty1"}, "realmId": "guo1",
        "profile": {"login": "ann@example.com", "firstName": "Ann", "secondEmail": null, "Badge_No": 7, "_links": "mine"},
        "credentials": {
            "password": {},
            "recovery_question": {"question": "Who?"},
            "provider": {"type": "OKTA", "name": "OKTA"},
        },
        "brandNew": {"x": [1], "_links": {"self": {"href": "https://x"}}},
        "_links": {"self": {"href": "https://test.okta.com/api/v1/users/00u1"}},
        "_embedded": {"x": 1},
    }))
}

#[test]
fn a_user_becomes_a_request_without_what_okta_keeps_to_itself() {
    let mut kept = json!({
        "type": {"id": "oty1"}, "realmId": "guo1",
        "profile": {"login": "ann@example.com", "firstName": "Ann", "Badge_No": 7},
        "brandNew": {"x": [1]},
    });
    // Neither the password, which is never shown, nor the question, which cannot be set without its answer.
    assert_eq!(written(&user().to_request::<UpdateUserRequest>()), kept);
    // The realm is read-only in what is read, and can be written by a request.
    let mut own = kept.clone();
    own.as_object_mut().unwrap().remove("realmId");
    assert_eq!(user().writable(), own);
    // Only a request that creates can say who checks the password.
    kept["credentials"] = json!({"provider": {"type": "OKTA", "name": "OKTA"}});
    assert_eq!(written(&user().to_request::<CreateUserRequest>()), kept);
}

#[test]
fn a_null_that_a_program_set_is_sent() {
    let mut user = user();
    let mut profile = user.profile.take().unwrap();
    profile.set_null("Badge_No");
    user.profile = Some(profile);
    user.set_null("realmId");
    user.set_null("status");
    let request = written(&user.to_request::<UpdateUserRequest>());
    assert_eq!(
        (&request["profile"]["Badge_No"], &request["realmId"]),
        (&json!(null), &json!(null))
    );
    assert!(request["profile"].as_object().unwrap().contains_key("Badge_No") && request.get("status").is_none());
}

// b56; terraform-provider-okta#1902, #1847, #2008: a PUT that leaves out `emailDomainId` detaches the email domain.
#[test]
fn b56_a_brand_keeps_its_email_domain() {
    let body = json!({
        "id": "bnd1", "name": "Acme", "isDefault": false, "emailDomainId": "OeD1", "removePoweredByOkta": true,
        "defaultApp": {"appInstanceId": "0oa1", "appLinkName": "x"}, "newMember": 1,
        "_links": {"self": {"href": "https://x"}}, "_embedded": {"themes": []},
    });
    let kept = json!({
        "name": "Acme", "emailDomainId": "OeD1", "removePoweredByOkta": true,
        "defaultApp": {"appInstanceId": "0oa1", "appLinkName": "x"}, "newMember": 1,
    });
    assert_eq!(written(&read::<Brand>(body.clone()).to_request::<BrandRequest>()), kept);
    assert_eq!(
        written(&read::<BrandWithEmbedded>(body.clone()).to_request::<BrandRequest>()),
        kept
    );
    assert_eq!(read::<Brand>(body).writable(), kept);
    let theme: ThemeResponse = read(json!({
        "id": "thd1", "logo": "https://x/logo", "primaryColorHex": "#1662dd", "signInPageTouchPointVariant": "NEW_VALUE",
        "_links": {},
    }));
    assert_eq!(
        written(&theme.to_request::<UpdateThemeRequest>()),
        json!({"primaryColorHex": "#1662dd", "signInPageTouchPointVariant": "NEW_VALUE"})
    );
}

#[test]
fn read_only_members_go_at_every_depth_and_in_lists_and_maps() {
    let schema: UserSchema = read(json!({
        "id": "x", "$schema": "http://json-schema.org/draft-04/schema#", "title": "User", "created": "c",
        "definitions": {"custom": {"id": "#custom", "type": "object", "required": ["a"], "properties": {
            "badge": {"title": "Badge", "type": "string", "scope": "NONE"}, "gone": null,
        }}},
        "_links": {},
    }));
    let kept = schema.writable();
    assert_eq!(kept["definitions"]["custom"]["properties"]["badge"]["title"], "Badge");
    assert!(
        kept.get("id").is_none() && kept["definitions"]["custom"].get("required").is_none(),
        "{kept}"
    );

    let app: Application = read(json!({
        "id": "0oa1", "label": "A", "signOnMode": "OPENID_CONNECT", "status": "ACTIVE", "name": "oidc_client",
        "credentials": {"oauthClient": {"client_id": "0oa1", "token_endpoint_auth_method": "client_secret_post"}},
        "settings": {"oauthClient": {"redirect_uris": ["https://x"], "new": {"_embedded": 1, "y": 2}}},
        "visibility": {"hide": {"iOS": false}}, "_links": {"logo": []},
    }));
    let kept = app.writable();
    assert_eq!(written(&app.to_request::<Application>()), kept);
    assert_eq!(
        kept["settings"]["oauthClient"],
        json!({"redirect_uris": ["https://x"], "new": {"y": 2}})
    );
    assert_eq!(kept["signOnMode"], "OPENID_CONNECT");
    assert!(kept.get("id").is_none() && kept.get("_links").is_none());
    let Application::OpenIdConnect(variant) = &app else {
        panic!("{app:?}")
    };
    let variant: &OpenIdConnectApplication = variant;
    assert_eq!(written(&variant.to_request::<Application>()), kept);
}

// Recorded: an app of the catalogue is created, and replaced, under its name.
#[test]
fn an_app_of_the_catalogue_keeps_its_name() {
    let app: Application = read(json!({"id": "0oa1", "name": "salesforce", "label": "S", "signOnMode": "SAML_2_0"}));
    assert_eq!(
        app.writable(),
        json!({"name": "salesforce", "label": "S", "signOnMode": "SAML_2_0"})
    );
}

#[test]
fn a_kind_that_the_document_does_not_know_keeps_its_members() {
    let body =
        json!({"id": "x", "type": "BRAND_NEW", "name": "n", "settings": {"a": 1}, "system": false, "_links": {}});
    let policy: Policy = read(body);
    let kept = written(&policy.to_request::<Policy>());
    assert_eq!(kept["settings"], json!({"a": 1}));
    assert_eq!((&kept["type"], &kept["name"]), (&json!("BRAND_NEW"), &json!("n")));
    assert!(kept.get("id").is_none());
    let untyped: PolicyRule = read(json!({"id": "x", "name": "n", "actions": {"x": {"y": 1}}}));
    assert_eq!(
        written(&untyped.to_request::<PolicyRule>()),
        json!({"name": "n", "actions": {"x": {"y": 1}}})
    );
}

#[test]
fn a_value_of_another_kind_than_documented_is_kept() {
    let rule: GroupRule =
        read(json!({"id": "x", "name": 5, "conditions": "all", "actions": [1, {"_links": {}}], "status": "ACTIVE"}));
    assert_eq!(rule.writable()["name"], 5);
    assert_eq!(rule.writable()["conditions"], "all");
}

#[test]
fn what_okta_shows_instead_of_a_secret_is_not_written_back() {
    let secret = |text: &str| {
        let secret: OAuth2ClientSecret = read(json!({"id": "ocs1", "client_secret": text, "status": "ACTIVE"}));
        written(&secret.to_request::<OAuth2ClientSecretRequestBody>())
    };
    for masked in ["***DhOW", "************", "abcd****", "•••••"] {
        assert_eq!(secret(masked), json!({"status": "ACTIVE"}), "{masked}");
    }
    for real in [
        "DRUFXGF9XbLnS9k-Sla3x3POBiIxDreBCdZuFs5B",
        "a**b",
        "**",
        "***a-long-secret-all-the-same",
    ] {
        assert_eq!(secret(real)["client_secret"], real);
    }
    // By its name, if the document does not know it; and text that is not a secret is left alone.
    let app: AppUser = read(json!({
        "credentials": {"userName": "***ann", "password": {}, "apiToken": "***1234"}, "profile": {"stars": "****"},
    }));
    assert_eq!(
        written(&app.to_request::<AppUserUpdateRequest>()),
        json!({"credentials": {"userName": "***ann"}, "profile": {"stars": "****"}})
    );
    // A secret that the program sets goes along.
    let hook: InlineHook = read(json!({
        "id": "cal1", "name": "h", "status": "ACTIVE", "type": "com.okta.import.transform", "version": "1.0.0",
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {
            "uri": "https://x", "authScheme": {"key": "Authorization", "type": "HEADER"},
        }},
    }));
    let mut request = hook.to_request::<InlineHookReplace>();
    assert_eq!(
        written(&request)["channel"]["config"]["authScheme"],
        json!({"key": "Authorization", "type": "HEADER"})
    );
    request.set(
        "channel",
        json!({"type": "HTTP", "config": {"authScheme": {"value": "s3cret"}}}),
    );
    assert_eq!(written(&request)["channel"]["config"]["authScheme"]["value"], "s3cret");
}

#[test]
fn the_kind_of_a_feature_is_not_sent_where_the_request_has_none() {
    let feature: ApplicationFeature = read(json!({
        "name": "USER_PROVISIONING", "status": "ENABLED", "capabilities": {"create": {"lifecycleCreate": {"status": "DISABLED"}}},
        "_links": {},
    }));
    let kept = feature.writable();
    assert_eq!(kept["capabilities"]["create"]["lifecycleCreate"]["status"], "DISABLED");
    let template: SmsTemplate = read(
        json!({"id": "x", "name": "Custom", "template": "${code}", "translations": {"de": "${code}"}, "created": null}),
    );
    assert_eq!(
        template.to_request::<SmsTemplate>().template.as_deref(),
        Some("${code}")
    );
}
