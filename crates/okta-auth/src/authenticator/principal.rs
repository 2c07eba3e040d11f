use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Who is calling: a key that keeps the caches and limits of one caller apart from those of another.
///
/// Two principals are equal exactly if their kind and their name are, in every process and on every machine. There is
/// no secret inside, so it may be logged and stored.
///
/// ```
/// use okta_auth::Principal;
///
/// let principal = Principal::new("oauth", "0oa1234567890");
/// assert_eq!(principal.as_str(), "oauth:0oa1234567890");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Principal(Box<str>);

impl Principal {
    /// A caller with a public name, such as the client id of an app. Never pass a secret as `name`.
    #[must_use]
    pub fn new(kind: &str, name: &str) -> Self {
        Self(format!("{kind}:{name}").into())
    }

    /// A caller that has no other name than its secret. What is kept is the first half of a SHA-256 digest, from which a
    /// random token cannot be recovered.
    #[must_use]
    pub fn from_secret(kind: &str, secret: &SecretString) -> Self {
        use fmt::Write;

        let digest = Sha256::new()
            .chain_update(kind)
            .chain_update([0])
            .chain_update(secret.expose_secret())
            .finalize();
        let mut name = String::with_capacity(digest.len());
        for byte in digest.iter().take(digest.len() / 2) {
            // Writing to a `String` cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Self::new(kind, &name)
    }

    /// The principal as text, for a key or a log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_gives_the_same_name_everywhere_and_is_not_in_it() {
        let of = |kind, secret: &str| Principal::from_secret(kind, &SecretString::from(secret));
        // A fixed text: a cache shared between processes, or kept over a restart, is found again.
        assert_eq!(of("ssws", "canary").as_str(), "ssws:e2028d84f700d90dabc7cda3eda26213");
        assert_ne!(of("ssws", "canary"), of("bearer", "canary"));
        assert_ne!(of("ssws", "canary"), of("ssws", "canary2"));
        assert!(!of("ssws", "canary").as_str().contains("canary"));
    }
}
