//! E-mail servers.

use okta_models::{EmailServerListResponse, SmtpAuthType};
use serde_json::json;

use crate::support::{at, read};

// Recordings (20): the member that tells the kind of the server is required, and absent.
#[test]
fn an_email_server_without_an_authentication_type_decodes() {
    let list: EmailServerListResponse = read(json!({"email-servers": [
        {"id": "oes1", "alias": "Main", "host": "smtp.example.com", "port": 587, "username": "okta", "enabled": true},
        {"id": "oes2", "alias": "Old", "authType": null, "port": "25"},
        {"id": "oes3", "alias": "New", "authType": "BASIC_SMTP_AUTH", "enabled": false},
    ]}));
    let [main, old, new] = &at!(list.email_servers)[..] else {
        panic!("{list:?}");
    };
    assert_eq!(
        (main.alias.as_deref(), main.port, main.enabled),
        (Some("Main"), Some(587), Some(true))
    );
    assert_eq!((old.port, old.extra.get("port")), (None, Some(&json!("25"))));
    assert_eq!(
        (&new.auth_type, new.enabled),
        (&Some(SmtpAuthType::BasicSmtpAuth), Some(false))
    );
}
