//! What may be shown of a request and its response, in logs and in recordings.

pub(crate) mod header_allow_list;
#[cfg_attr(
    not(feature = "cassette"),
    allow(dead_code, reason = "generated, and mostly for cassettes")
)]
pub(crate) mod secret_names;
pub(crate) mod secret_segments;
pub(crate) mod url;

/// The replacement of a value that is not shown, as OpenTelemetry's conventions have it.
pub(crate) const REDACTED: &str = "REDACTED";

#[cfg(test)]
mod tests {
    use crate::sanitize::secret_names::{is_secret_name, is_secret_value};

    #[test]
    fn secrets_are_known_by_their_names_however_they_are_spelt() {
        for name in [
            "password",
            "tempPassword",
            "client_secret",
            "clientSecret",
            "CLIENT-SECRET",
            "activationToken",
            "recoveryToken",
            "token",
            "id_token",
            "client_assertion",
            "assertion",
            "passCode",
            "nextPassCode",
            "answer",
            "privateKey",
            "x-api-key",
            "Authorization",
            "Proxy-Authorization",
            "Set-Cookie",
            "DPoP",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn f8_some_names_are_secret_in_their_place_only() {
        for (parent, name) in [
            ("authScheme", "value"),
            ("headers", "value"),
            ("hash", "value"),
            ("profile", "tac"),
            ("", "otp"),
            ("", "pin"),
        ] {
            assert!(
                is_secret_value(parent, name) && !is_secret_name(name),
                "{parent}.{name}"
            );
        }
        for (parent, name) in [("", "value"), ("authScheme", "key"), ("headers", "key"), ("", "spin")] {
            assert!(!is_secret_value(parent, name), "{parent}.{name}");
        }
    }

    #[test]
    fn names_that_only_speak_of_secrets_are_not_secret() {
        for name in [
            "tokenLifetimeSeconds",
            "passwordChanged",
            "changePassword.href",
            "secretId",
            "sendEmail",
            "tokenUri",
            "client_assertion_type",
            "login",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
