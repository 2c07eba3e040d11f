//! E-mail servers.

use okta_models::{EmailServer, SmtpAuthType};
use serde_json::json;

use crate::support::read;

// Recordings (20): the member that names the kind of the server is required, and absent.
#[test]
fn an_email_server_without_an_authentication_type_decodes() {
    let list: Vec<EmailServer> = read(json!([
        {"id": "oes1", "alias": "Main", "host": "smtp.example.com", "port": 587, "username": "okta", "enabled": true},
        {"id": "oes2", "alias": "Old", "authType": null, "port": "25"},
        {"id": "oes3", "alias": "New", "authType": "BASIC_SMTP_AUTH", "enabled": false},
    ]));
    let [main, old, new] = &list[..] else {
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
