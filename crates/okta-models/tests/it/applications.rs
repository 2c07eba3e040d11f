//! Applications: nine kinds, distinguished by a member that may be missing, and catalogue apps that follow none of the rules.

use okta_models::{
    Application, ApplicationFeature, ApplicationFeatureName, ApplicationSignOnMode, OAuthResponseType,
    OpenIdConnectApplicationIssuerMode,
};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-sdk-python#546, okta-mcp-server#48, okta-sdk-golang#594: five (there fifteen) required booleans are not sent.
#[test]
fn a_saml_app_without_sign_on_booleans_decodes() {
    let Application::Saml(app) = read(json!({
        "id": "0oa1", "name": "expenses_saml", "label": "Expenses", "status": "ACTIVE", "signOnMode": "SAML_2_0",
        "settings": {"signOn": {
            "defaultRelayState": null, "ssoAcsUrlOverride": null, "audienceOverride": null, "recipientOverride": null,
            "destinationOverride": null, "honorForceAuthn": false, "attributeStatements": []
        }},
    })) else {
        panic!("no SAML app");
    };
    let sign_on = at!(app.settings.sign_on);
    assert_eq!(sign_on.honor_force_authn, Some(false));
    assert_eq!(sign_on.attribute_statements, Some(vec![]));
    assert_eq!((sign_on.assertion_signed, sign_on.response_signed), (None, None));
    assert_eq!(
        (sign_on.request_compressed, sign_on.allow_multiple_acs_endpoints),
        (None, None)
    );
    assert!(sign_on.extra.is_empty(), "{:?}", sign_on.extra);
}

// okta-sdk-python#574: a custom SAML app that is provisioned by SCIM.
#[test]
fn the_feature_auto_confirm_imports_is_known() {
    let app: Application = read(json!({
        "id": "0oa1", "label": "Payroll", "signOnMode": "SAML_2_0",
        "features": ["PUSH_NEW_USERS", "AUTO_CONFIRM_IMPORTS", "TELEPATHY"],
    }));
    assert_eq!(
        app.features().map(Vec::as_slice),
        Some(
            &[
                ApplicationFeatureName::PushNewUsers,
                ApplicationFeatureName::AutoConfirmImports,
                ApplicationFeatureName::from("TELEPATHY"),
            ][..]
        )
    );
}

// okta-sdk-python#574: the name is not that of a template, and the four members that say where to type are missing.
#[test]
fn a_browser_plugin_app_of_the_catalogue_without_form_fields_decodes() {
    let Application::BrowserPlugin(app) = read(json!({
        "id": "0oa1", "name": "docusign", "label": "Signatures", "signOnMode": "BROWSER_PLUGIN",
        "credentials": {"scheme": "EDIT_USERNAME_AND_PASSWORD", "revealPassword": false},
        "settings": {"app": {"targetRegion": "eu"}, "notes": {"admin": null, "enduser": null}},
    })) else {
        panic!("no browser plugin app");
    };
    assert_eq!(app.name.as_deref(), Some("docusign"));
    let settings = at!(app.settings.app);
    assert_eq!((&settings.button_field, &settings.password_field), (&None, &None));
    assert_eq!((&settings.url, &settings.username_field), (&None, &None));
    assert_eq!(settings.get::<String>("targetRegion"), Ok(Some("eu".to_owned())));
    assert_eq!(at!(app.credentials).reveal_password, Some(false));
}

// okta-sdk-golang#591: the app `okta_atspoke_iam_connector` of the catalogue.
#[test]
fn an_oidc_app_of_the_catalogue_without_grant_types_decodes() {
    let Application::OpenIdConnect(app) = read(json!({
        "id": "0oa1", "name": "okta_atspoke_iam_connector", "label": "Requests", "signOnMode": "OPENID_CONNECT",
        "settings": {"oauthClient": {"response_types": ["code"], "application_type": "web", "wildcard_redirect": "DISABLED"}},
    })) else {
        panic!("no OIDC app");
    };
    let client = at!(app.settings.oauth_client);
    assert_eq!(client.grant_types, None);
    assert_eq!(client.response_types, Some(vec![OAuthResponseType::Code]));
    assert!(app.credentials.is_none() && client.extra.is_empty());
}

// okta-sdk-python#287: a service app whose issuer mode was not in the document then.
#[test]
fn the_issuer_mode_dynamic_of_a_service_app_is_known() {
    let Application::OpenIdConnect(app) = read(json!({
        "id": "0oa1", "name": "oidc_client", "signOnMode": "OPENID_CONNECT",
        "settings": {"oauthClient": {"issuer_mode": "DYNAMIC", "grant_types": ["client_credentials"]}},
    })) else {
        panic!("no OIDC app");
    };
    assert_eq!(
        at!(app.settings.oauth_client).issuer_mode,
        Some(OpenIdConnectApplicationIssuerMode::Dynamic)
    );
}

// okta-sdk-python#167: sign-on modes of old integrations, which no document ever named.
#[test]
fn a_sign_on_mode_nobody_knows_keeps_the_app() {
    let app: Application = read(json!({
        "id": "0oa1", "name": "cisco_asa_radius", "label": "VPN", "signOnMode": "RADIUS_FOR_CISCO_ASA",
        "settings": {"app": {"radiusPort": 1812}},
    }));
    assert!(matches!(app, Application::Other(_)));
    assert_eq!(app.label().map(String::as_str), Some("VPN"));
    assert_eq!(
        app.sign_on_mode(),
        Some(&ApplicationSignOnMode::from("RADIUS_FOR_CISCO_ASA"))
    );
}

// okta-sdk-dotnet#821, and 60 recordings: `signOnMode` is null.
#[test]
fn an_active_directory_app_without_a_sign_on_mode_decodes() {
    let Application::Other(app) = read(json!({
        "id": "0oa1", "name": "active_directory", "label": "corp.example.com", "status": "ACTIVE", "signOnMode": null,
        "settings": {"app": {"namingContext": "corp.example.com", "filterGroupsByOU": false}},
    })) else {
        panic!("an app of a known kind");
    };
    assert_eq!(app.name.as_deref(), Some("active_directory"));
    assert_eq!(app.sign_on_mode, None);
    assert_eq!(at!(app.settings)["app"]["namingContext"], "corp.example.com");
    assert!(app.extra.is_empty(), "{:?}", app.extra);
}

// Recordings (268): the document lists the names of a few templates only.
#[test]
fn the_name_of_an_app_is_any_text() {
    let apps: Vec<Application> = read_page(json!([
        {"name": "saasure", "signOnMode": "OPENID_CONNECT"},
        {"name": "okta_enduser", "signOnMode": "OPENID_CONNECT"},
        {"name": "office365", "signOnMode": "WS_FEDERATION"},
        {"name": "pagerduty", "signOnMode": "SAML_2_0"},
        {"name": "bank", "signOnMode": "BASIC_AUTH"},
        {"name": "intranet", "signOnMode": "BOOKMARK"},
        {"name": "forum", "signOnMode": "SECURE_PASSWORD_STORE"},
        {"name": "wiki", "signOnMode": "AUTO_LOGIN"},
        {"name": "archive", "signOnMode": "SAML_1_1"},
    ]));
    let names: Vec<_> = apps.iter().filter_map(|app| app.name().map(String::as_str)).collect();
    assert_eq!(
        names,
        [
            "saasure",
            "okta_enduser",
            "office365",
            "pagerduty",
            "bank",
            "intranet",
            "forum",
            "wiki",
            "archive"
        ]
    );
    assert!(!apps.iter().any(|app| matches!(app, Application::Other(_))));
}

// okta-sdk-python#474: one app, asked for by its id, comes as what it is and not as the base of all apps.
#[test]
fn one_app_comes_as_its_own_kind() {
    let Application::Bookmark(app) = read(json!({
        "signOnMode": "BOOKMARK", "name": "bookmark", "id": "0oa1",
        "settings": {"app": {"requestIntegration": false, "url": "https://intranet.example.com"}},
    })) else {
        panic!("no bookmark");
    };
    assert_eq!(at!(app.settings.app.url), "https://intranet.example.com");
}

// okta-mcp-server#48, okta-sdk-python#536: one app that does not fit took the whole page along.
#[test]
fn a_page_of_apps_survives_its_oddest_app() {
    let apps: Vec<Application> = read_page(json!([
        {"id": "0oa1", "signOnMode": "SAML_2_0", "settings": {"signOn": "none"}},
        {"id": "0oa2", "signOnMode": 5, "label": ["x"], "features": "ALL"},
        {"id": "0oa3", "signOnMode": "OPENID_CONNECT", "label": "Chat"},
    ]));
    let ids: Vec<_> = apps.iter().filter_map(Application::id).collect();
    assert_eq!(ids, ["0oa1", "0oa2", "0oa3"]);
    let Application::Other(unexpected) = &apps[1] else {
        panic!("{:?}", apps[1]);
    };
    assert_eq!(unexpected.extra.get("label"), Some(&json!(["x"])));
    assert_eq!(unexpected.extra.get("features"), Some(&json!("ALL")));
}

// okta-sdk-dotnet#759 and #792: a list under what was a map of texts there.
#[test]
fn settings_of_an_app_may_hold_lists() {
    let Application::Saml(app) = read(json!({
        "signOnMode": "SAML_2_0", "name": "chat",
        "settings": {"app": {"domains": ["example.com", "example.org"], "baseUrl": "https://chat.example.com"}},
    })) else {
        panic!("no SAML app");
    };
    assert_eq!(at!(app.settings.app)["domains"], json!(["example.com", "example.org"]));
    assert_eq!(at!(app.settings.app)["baseUrl"], "https://chat.example.com");
}

// Recordings (1,775 and 2,300): settings that the document lacks at some kinds of apps.
#[test]
fn settings_of_the_app_and_manual_provisioning_are_typed() {
    let Application::AutoLogin(app) = read(json!({
        "signOnMode": "AUTO_LOGIN", "name": "wiki",
        "settings": {"app": {"site": "docs"}, "manualProvisioning": true, "signOn": {"loginUrl": "https://wiki.example.com"}},
    })) else {
        panic!("no auto-login app");
    };
    let settings = at!(app.settings);
    assert_eq!(at!(settings.app)["site"], "docs");
    assert_eq!(settings.manual_provisioning, Some(true));
    assert!(settings.extra.is_empty());
    let Application::OpenIdConnect(app) =
        read(json!({"signOnMode": "OPENID_CONNECT", "settings": {"app": {"site": 7}, "manualProvisioning": false}}))
    else {
        panic!("no OIDC app");
    };
    assert_eq!(at!(app.settings.app)["site"], 7);
    assert_eq!(at!(app.settings).manual_provisioning, Some(false));
}

// Recordings (443 and 60): members that the document lacks.
#[test]
fn signed_requests_and_the_suffix_of_user_names_are_typed() {
    let Application::Saml(app) = read(json!({
        "signOnMode": "SAML_2_0", "name": "chat",
        "credentials": {"userNameTemplate": {
            "template": "${source.login}", "type": "BUILT_IN", "suffix": "@example.com", "pushStatus": "DONT_PUSH"
        }},
        "settings": {"signOn": {"samlSignedRequestEnabled": true}},
    })) else {
        panic!("no SAML app");
    };
    assert_eq!(at!(app.settings.sign_on).saml_signed_request_enabled, Some(true));
    assert_eq!(at!(app.credentials.user_name_template.suffix), "@example.com");
}

// okta-sdk-dotnet (patched there): the lifetime of assertions is null where the org's is used.
#[test]
fn an_assertion_lifetime_that_is_null_is_none() {
    let Application::Saml(app) = read(json!({
        "signOnMode": "SAML_2_0",
        "settings": {"signOn": {"samlAssertionLifetimeSeconds": null, "assertionSigned": true}},
    })) else {
        panic!("no SAML app");
    };
    let sign_on = at!(app.settings.sign_on);
    assert_eq!(
        (sign_on.saml_assertion_lifetime_seconds, sign_on.assertion_signed),
        (None, Some(true))
    );
}

// okta-sdk-golang#600, and 10 recordings: the document says `usernameFormat`, Okta sends `userNameFormat`.
#[test]
fn the_user_name_format_of_an_import_is_typed() {
    let ApplicationFeature::Inbound(feature) = read(json!({
        "name": "INBOUND_PROVISIONING", "status": "ENABLED",
        "capabilities": {"importSettings": {
            "username": {"userNameFormat": "CUSTOM", "userNameExpression": "source.mail"},
            "schedule": {"status": "DISABLED"}
        }},
    })) else {
        panic!("no inbound provisioning");
    };
    let username = at!(feature.capabilities.import_settings.username);
    assert_eq!(username.user_name_expression.as_deref(), Some("source.mail"));
    assert_eq!(at!(username.user_name_format).as_str(), "CUSTOM");
}

// Recordings: an import without a schedule.
#[test]
fn an_import_schedule_of_nulls_decodes() {
    let ApplicationFeature::Inbound(feature) = read(json!({
        "name": "INBOUND_PROVISIONING",
        "capabilities": {"importSettings": {"schedule": {
            "fullImport": null, "incrementalImport": null, "status": "DISABLED"
        }}},
    })) else {
        panic!("no inbound provisioning");
    };
    let schedule = at!(feature.capabilities.import_settings.schedule);
    assert!(schedule.full_import.is_none() && schedule.incremental_import.is_none());
    assert_eq!(at!(schedule.status).as_str(), "DISABLED");
}
