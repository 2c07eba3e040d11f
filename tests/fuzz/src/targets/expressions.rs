//! Expressions that are built of values, whatever they hold.

use okta_emulator::Emulator;
use okta_models::expression::{Expression, attr, not};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::given::{block_on, get};

/// The input is a value: what is built with it is understood, and finds the user who has it.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes.get(..600).unwrap_or(bytes)).into_owned();
    // A name that is not one is an error of ours, and never another expression.
    if let Ok(written) = attr(&text).pr().into_text() {
        assert_eq!(written, format!("{text} pr"));
    }
    let profile = json!({ "login": "ann@acme.com", "email": "ann@acme.com", "firstName": "Ann", "lastName": "Lee", "city": text });
    let with_value = Emulator::builder().user(json!({ "profile": profile })).build();
    let has_value = with_value.is_ok() && !text.is_empty();
    let emulator = with_value.unwrap_or_else(|_| Emulator::new());
    let city = || attr("profile.city");
    block_on(async {
        let found = users(&emulator, city().eq(&text)).await;
        assert!(!has_value || !found.is_empty(), "{text:?} was not found");
        assert!(text.is_empty() || found.iter().all(is_ann), "{text:?} finds others");
        for expression in [
            city().sw(&text),
            city().co(&text),
            city().ge(&text).and(city().le(&text)),
            city().one_of([text.as_str(), "elsewhere"]),
            city()
                .eq(&text)
                .or(attr("status").eq("ACTIVE"))
                .and(attr("profile.login").eq("ann@acme.com")),
        ] {
            let found = users(&emulator, expression.clone()).await;
            assert!(!has_value || found.iter().any(is_ann), "{expression} does not find her");
        }
        let _ = not(city().eq(&text)).into_text();
    });
}

fn is_ann(user: &Value) -> bool {
    user["profile"]["login"] == "ann@acme.com"
}

/// The users that the emulated org finds.
async fn users(emulator: &Emulator, expression: Expression) -> Vec<Value> {
    let text = expression.into_text().expect("its values can be written");
    let query = utf8_percent_encode(&text, NON_ALPHANUMERIC);
    let response = get(emulator, &format!("/api/v1/users?search={query}")).await;
    assert_eq!(
        response.status(),
        200,
        "{text}: {}",
        String::from_utf8_lossy(response.body())
    );
    serde_json::from_slice(response.body()).unwrap()
}
