//! Applications of three kinds: create, list, get and delete.
//!
//! ```text
//! cargo run --example applications
//! ```

use okta_client::{
    OktaClient,
    models::{
        Application, BrowserPluginApplication, OAuthApplicationCredentials, OpenIdConnectApplication,
        OpenIdConnectApplicationSettings, OpenIdConnectApplicationSettingsClient, SamlApplication,
        SamlApplicationSettings, SamlApplicationSettingsSignOn, SwaApplicationSettings,
        SwaApplicationSettingsApplication,
    },
};
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let mut ids = Vec::new();
    let outcome = show(&okta, &mut ids).await;
    for id in &ids {
        okta.apps().deactivate(id).await?;
        okta.apps().delete(id).await?;
    }
    println!("deleted {}", ids.len());
    outcome
}

async fn show(okta: &OktaClient, ids: &mut Vec<String>) -> Outcome {
    for application in [swa(), openid_connect(), saml()] {
        let created = okta.apps().create(application).await?;
        println!("created {:?} {:?}", created.label(), created.sign_on_mode());
        ids.extend(created.id().cloned());
    }
    let listed = okta.apps().list().q("SWA Test").stream().try_collect().await?;
    println!("found   {}", listed.len());

    for id in ids {
        // Each result has the type of its kind; an unknown kind is not an error.
        match okta.apps().get(&*id).await? {
            Application::BrowserPlugin(app) => println!("got     SWA: {:?}", app.settings.and_then(|all| all.app?.url)),
            Application::OpenIdConnect(app) => {
                let client = app.credentials.and_then(|all| all.oauth_client);
                println!("got     OIDC: {:?}", client.and_then(|client| client.client_id));
            }
            Application::Saml(app) => {
                let sign_on = app.settings.and_then(|all| all.sign_on);
                println!("got     SAML: {:?}", sign_on.and_then(|sign_on| sign_on.audience));
            }
            other => println!("got     {:?}", other.sign_on_mode()),
        }
    }
    Ok(())
}

fn swa() -> Application {
    let app = SwaApplicationSettingsApplication::default()
        .button_field("btn-login")
        .password_field("txt-box-password")
        .username_field("txt-box-username")
        .url("https://example.com/login.html")
        .login_url_regex("^https://example.com/login.html$");
    let settings = SwaApplicationSettings::default().app(app);
    BrowserPluginApplication::new("SWA Test App", "template_swa", settings).into()
}

fn openid_connect() -> Application {
    let client = OpenIdConnectApplicationSettingsClient::new(["authorization_code"])
        .redirect_uris(["https://example.com/callback".to_owned()])
        .response_types(["code"]);
    let settings = OpenIdConnectApplicationSettings::default().oauth_client(client);
    let credentials = OAuthApplicationCredentials::default();
    OpenIdConnectApplication::new("OIDC Test App", credentials, settings).into()
}

fn saml() -> Application {
    // Required: several endpoints, signed assertion, forced authentication, compressed request, signed response.
    let sign_on = SamlApplicationSettingsSignOn::new(false, true, true, false, true)
        .sso_acs_url("https://example.com/sso")
        .destination("https://example.com/sso")
        .recipient("https://example.com/sso")
        .audience("https://example.com")
        .subject_name_id_format("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")
        .signature_algorithm("RSA_SHA256")
        .digest_algorithm("SHA256");
    let settings = SamlApplicationSettings::default().sign_on(sign_on);
    SamlApplication::new("SAML Test App").settings(settings).into()
}
