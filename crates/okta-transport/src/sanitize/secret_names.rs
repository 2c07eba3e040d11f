//! Which names give their values away as secrets.

/// Names that are secret as a whole, in lower case and without `_` and `-`.
const NAMES: &[&str] = &[
    "activationurl",
    "aeskey",
    "answer",
    "authorizationheader",
    "cookie",
    "dpop",
    "nextpasscode",
    "privateid",
    "proxyauthorization",
    "recoverycodes",
    "resetpasswordurl",
    "salt",
    "secretkey",
    "setcookie",
    "tokenencrypted",
    "tokensigningkey",
];

/// What the names of secrets end with, in lower case and without `_` and `-`: `accessToken`, `client_secret`,
/// `tempPassword` and whatever Okta adds to them.
const ENDINGS: &[&str] = &[
    "apikey",
    "assertion",
    "authorization",
    "otpcode",
    "passcode",
    "passphrase",
    "password",
    "passwd",
    "privatekey",
    "secret",
    "token",
];

/// Whether what goes by this name (a JSON member, a query parameter, a form field, a header) may be a secret.
///
/// Hiding too much costs a look somewhere else, showing too much costs a credential.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|character| !matches!(character, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    NAMES.contains(&&*plain) || ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

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
