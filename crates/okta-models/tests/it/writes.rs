//! What has to be sendable: an explicit null, no text, no items, zero, false; and requests that the document calls invalid.

use okta_models::{
    AccessPolicy, AppUser, Application, ApplicationAccessibility, ApplicationBase, AssuranceMethod,
    AuthenticationMethodChainMethod, AuthorizationServerPolicyRule, AuthorizationServerPolicyRuleConditions,
    BookmarkApplication, BookmarkApplicationSettings, BrandRequest, ClaimSourcing, EmailServer, EventSubscriptions,
    GroupRuleUserCondition, IdentitySourceUserProfileForUpsert, InlineHookCreate, LinkedObjectDetails,
    OpenIdConnectApplication, OrgCaptchaSettings, PasswordPolicyPasswordSettingsAge, Policy, ProfileMappingProperty,
    ProfileMappingRequest, SamlApplication, SamlApplicationSettings, SamlApplicationSettingsSignOn, TrustedOriginWrite,
    UpdateUserRequest, User, UserProfile, UserTypePostRequest, VerificationMethod,
};
use serde_json::{from_value, json};

use crate::support::{at, read, written};

// okta-sdk-java#937 and #1612, okta-mcp-server#119, Okta's .NET SDK: null is how an attribute is cleared.
#[test]
fn an_explicit_null_is_sent() {
    let mut profile = UserProfile::default().first_name("Ann").second_email("ann@example.org");
    profile.set_null("secondEmail");
    profile.set_null("badgeId");
    assert_eq!(
        written(&UpdateUserRequest::default().profile(profile)),
        json!({"profile": {"firstName": "Ann", "secondEmail": null, "badgeId": null}})
    );
}

// terraform-provider-okta: the period of inactivity is cleared by null.
#[test]
fn a_period_of_inactivity_is_cleared_by_null() {
    let mut method = AssuranceMethod::default().reauthenticate_in("PT2H");
    method.set_null("inactivityPeriod");
    assert_eq!(
        written(&method),
        json!({"reauthenticateIn": "PT2H", "inactivityPeriod": null})
    );
    let mut settings = OrgCaptchaSettings::default().enabled_pages([""; 0]);
    settings.set_null("captchaId");
    assert_eq!(written(&settings), json!({"captchaId": null, "enabledPages": []}));
}

// okta-sdk-python#224: neither no text nor a list of nothing could clear an attribute.
#[test]
fn no_text_and_no_items_are_sent() {
    let profile = UserProfile::default()
        .nick_name("")
        .with("teams", json!([]))
        .with("badges", json!([""]));
    assert_eq!(written(&profile), json!({"nickName": "", "teams": [], "badges": [""]}));
    assert_eq!(
        written(&GroupRuleUserCondition::default().exclude([""; 0])),
        json!({"exclude": []})
    );
}

// okta-sdk-golang#153 and the pointers to integers of 2.16: zero and false were taken for absent.
#[test]
fn zero_and_false_are_sent() {
    let age = PasswordPolicyPasswordSettingsAge::default()
        .max_age_days(0)
        .history_count(0);
    assert_eq!(written(&age), json!({"maxAgeDays": 0, "historyCount": 0}));
    assert_eq!(
        written(&ApplicationAccessibility::default().self_service(false)),
        json!({"selfService": false})
    );
    assert_eq!(
        written(&UserProfile::default().with("score", 0.0).with("remote", false)),
        json!({"score": 0.0, "remote": false})
    );
}

// okta-sdk-dotnet#712: unwanted nulls made Okta fail.
#[test]
fn what_is_not_set_is_not_sent() {
    assert_eq!(written(&UpdateUserRequest::default()), json!({}));
    let user: User = read(json!({"id": "00u1", "activated": null, "profile": {"login": "ann", "nickName": null}}));
    assert_eq!(written(&user), json!({"id": "00u1", "profile": {"login": "ann"}}));
}

// okta-sdk-dotnet, okta-sdk-nodejs#500: what an SDK does not know must survive being read, changed and sent back.
#[test]
fn one_change_leaves_the_rest_as_it_came() {
    let mut user: User = read(json!({
        "id": "00u1", "status": "HIBERNATING", "created": "some day", "brandNew": {"x": [1]},
        "profile": {"login": "ann", "Badge_No": 7, "division": ["A"]},
    }));
    let profile = at!(user.profile).clone().nick_name("Annie");
    user.profile = Some(profile);
    assert_eq!(
        written(&user),
        json!({
            "id": "00u1", "status": "HIBERNATING", "created": "some day", "brandNew": {"x": [1]},
            "profile": {"login": "ann", "Badge_No": 7, "division": ["A"], "nickName": "Annie"},
        })
    );
}

// B13; okta-mcp-server#119: a null in JSON that a program wrote is sent, at any depth.
#[test]
fn b13_the_nulls_of_a_template_are_sent() {
    let request: UpdateUserRequest = serde_json::from_str(r#"{"profile":{"nickName":null,"badge":null}}"#).unwrap();
    assert_eq!(written(&request), json!({"profile": {"nickName": null, "badge": null}}));
    let template = json!({"profile": {"nickName": null, "teams": [null], "badge": {"no": null}}, "realmId": null});
    let request: UpdateUserRequest = from_value(template.clone()).unwrap();
    assert_eq!(written(&request), template);
}

// If the kind of an object comes after its other members, or is missing, those are read before their types are known.
#[test]
fn the_nulls_before_the_kind_of_an_object_are_sent() {
    for template in [
        json!({"label": null, "settings": {"notes": {"admin": null}}, "signOnMode": "SAML_2_0", "status": null}),
        json!({"label": null, "settings": {"notes": {"admin": null}}}),
        json!({"label": "x", "signOnMode": null}),
    ] {
        let request: Application = from_value(template.clone()).unwrap();
        assert_eq!(written(&request), template);
    }
    // A received null is not sent, wherever the kind is.
    let app =
        read::<Application>(json!({"label": null, "settings": {"notes": {"admin": null}}, "signOnMode": "SAML_2_0"}));
    assert_eq!(
        written(&app),
        json!({"settings": {"notes": {}}, "signOnMode": "SAML_2_0"})
    );
}

// B12; okta-sdk-dotnet#850, okta-sdk-python#498: what only the request's schema requires is asked for as well, and what has
// one value only is set.
#[test]
fn b12_new_asks_for_what_the_request_requires() {
    let rule = AuthorizationServerPolicyRule::new(AuthorizationServerPolicyRuleConditions::default(), "Default rule");
    assert_eq!(
        written(&rule),
        json!({"conditions": {}, "name": "Default rule", "type": "RESOURCE_ACCESS"})
    );
    assert_eq!(written(&AppUser::new("00u1")), json!({"id": "00u1"}));
    assert_eq!(
        written(&IdentitySourceUserProfileForUpsert::new("ann@example.com", "ann")),
        json!({"email": "ann@example.com", "userName": "ann"})
    );
}

// B12, siblings: members that the document allows one value for, tags of unions among them.
#[test]
fn b12_new_sets_what_has_one_value_only() {
    assert_eq!(
        written(&LinkedObjectDetails::new("manager", "Manager")),
        json!({"name": "manager", "title": "Manager", "type": "USER"})
    );
    assert_eq!(
        written(&EventSubscriptions::new([""; 0])),
        json!({"items": [], "type": "EVENT_TYPE"})
    );
    assert_eq!(written(&ClaimSourcing::new()), json!({"redirectType": "IDP_DISCOVERY"}));
    let policy = json!({"name": "Apps", "type": "ACCESS_POLICY"});
    assert_eq!(written(&AccessPolicy::new("Apps")), policy);
    assert_eq!(written(&Policy::from(AccessPolicy::new("Apps"))), policy);
    assert_eq!(
        written(&BookmarkApplication::new(
            "Wiki",
            BookmarkApplicationSettings::default()
        )),
        json!({"label": "Wiki", "name": "bookmark", "settings": {}, "signOnMode": "BOOKMARK"})
    );
    // It is a start, no rule: another value can be set, and everything be left out.
    assert_eq!(written(&AccessPolicy::new("Apps").r#type("NEW"))["type"], "NEW");
    assert_eq!(written(&AccessPolicy::default()), json!({}));
}

// Recordings (23): accepted without the member that names the kind of the app.
#[test]
fn an_app_without_a_sign_on_mode_can_be_sent() {
    let app = Application::Other(Box::new(
        ApplicationBase::default().label("Corp").name("active_directory"),
    ));
    assert_eq!(written(&app), json!({"label": "Corp", "name": "active_directory"}));
}

// Recordings (69): accepted without booleans that the document requires.
#[test]
fn saml_settings_without_the_required_booleans_can_be_sent() {
    let sign_on = SamlApplicationSettingsSignOn::default()
        .sso_acs_url("https://sp.example.com/acs")
        .assertion_signed(true);
    let app = SamlApplication::new("Expenses").settings(SamlApplicationSettings::default().sign_on(sign_on));
    assert_eq!(
        written(&Application::from(app)),
        json!({
            "signOnMode": "SAML_2_0", "label": "Expenses",
            "settings": {"signOn": {"ssoAcsUrl": "https://sp.example.com/acs", "assertionSigned": true}},
        })
    );
}

// Recordings: accepted without credentials.
#[test]
fn an_oidc_app_without_credentials_can_be_sent() {
    let app = OpenIdConnectApplication::default().label("Chat").name("oidc_client");
    assert_eq!(
        written(&Application::from(app)),
        json!({"signOnMode": "OPENID_CONNECT", "label": "Chat", "name": "oidc_client"})
    );
}

// Recordings: a server is changed without saying what kind it is, a brand without its name.
#[test]
fn a_server_without_its_kind_and_a_brand_without_its_name_can_be_sent() {
    let server = EmailServer::default().alias("Main").enabled(false);
    assert_eq!(written(&server), json!({"alias": "Main", "enabled": false}));
    assert_eq!(written(&BrandRequest::default().locale("fr")), json!({"locale": "fr"}));
}

// okta-sdk-nodejs#487, recordings: neither an expression nor a status is needed, and null removes a property.
#[test]
fn a_mapping_of_single_properties_can_be_sent() {
    let expression = ProfileMappingProperty::default().expression("user.badge");
    let request = ProfileMappingRequest::new([
        ("badgeId".to_owned(), Some(expression)),
        (
            "email".to_owned(),
            Some(ProfileMappingProperty::default().push_status("PUSH")),
        ),
        ("nickName".to_owned(), None),
    ]);
    assert_eq!(
        written(&request),
        json!({"properties": {"badgeId": {"expression": "user.badge"}, "email": {"pushStatus": "PUSH"}, "nickName": null}})
    );
}

// Recordings: members that Okta takes and the document lacks.
#[test]
fn members_the_document_lacks_can_be_sent() {
    assert_eq!(
        written(&InlineHookCreate::default().name("Import").status("ACTIVE")),
        json!({"name": "Import", "status": "ACTIVE"})
    );
    assert_eq!(
        written(&TrustedOriginWrite::default().name("Portal").status("INACTIVE")),
        json!({"name": "Portal", "status": "INACTIVE"})
    );
    assert_eq!(
        written(
            &UserTypePostRequest::default()
                .name("contractor")
                .display_name("Contractor")
        ),
        json!({"name": "contractor", "displayName": "Contractor"})
    );
    let chain = AuthenticationMethodChainMethod::default()
        .factor_mode("2FA")
        .inactivity_period("PT1H");
    assert_eq!(
        written(&VerificationMethod::from(chain)),
        json!({"type": "AUTH_METHOD_CHAIN", "factorMode": "2FA", "inactivityPeriod": "PT1H"})
    );
}
