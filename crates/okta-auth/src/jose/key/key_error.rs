use std::fmt;

use okta_config::PrivateKeyError;

use crate::jose::{backend::limits::SUPPORTED, key::algorithm::SigningAlgorithm};

/// Why a text is not a usable signing key, and what to do. It contains no part of the key.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is visibly not a private key, or the file cannot be read.
    #[error(transparent)]
    Shape(#[from] PrivateKeyError),

    /// What should be base64 is not.
    #[error("the private key is damaged: {place} is not base64; copy the key again, whole")]
    NotBase64 {
        /// Where: the body of the PEM block, or a member of the JWK.
        place: &'static str,
    },

    /// The base64 of a PEM block holds something else than its label says, or only a part of it.
    #[error(
        "the private key is damaged: the PEM block `{label}` does not hold such a key, or not all of it; \
         copy the key again, whole"
    )]
    Malformed {
        /// The label of the PEM block.
        label: &'static str,
    },

    /// A private key, but of a kind that is not signed with here.
    #[error("the private key is {kind}, which is not supported: {SUPPORTED}")]
    UnsupportedKind {
        /// What it is.
        kind: Box<str>,
    },

    /// The modulus of the RSA key has too few or too many bits.
    #[error("the RSA key is too {}: {SUPPORTED}", if *.too_small { "short" } else { "long" })]
    RsaSize {
        /// Whether it has too few bits.
        too_small: bool,
    },

    /// A member of the JWK is missing, or is not what it should be.
    #[error("the member `{member}` of the JWK {fault}")]
    Member {
        /// The name of the member.
        member: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },

    /// The numbers of the key do not belong together.
    #[error(
        "the numbers of the private key do not belong together: copy the key again, and all members of the same key"
    )]
    Inconsistent,

    /// No such algorithm.
    #[error(
        "`{name}` is not a supported signature algorithm: use one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512"
    )]
    UnknownAlgorithm {
        /// What was asked for, shortened.
        name: Box<str>,
    },

    /// The algorithm needs a key of another kind.
    #[error("{algorithm} cannot sign with {key}: leave the algorithm out, or use a key of its kind")]
    WrongAlgorithm {
        /// The algorithm that was asked for.
        algorithm: SigningAlgorithm,
        /// What the key is.
        key: &'static str,
    },

    /// The cryptographic library that is compiled in cannot do it, or none is.
    #[error("{what} is not possible {limit}")]
    NeedsBackend {
        /// What was to be done.
        what: &'static str,
        /// The library, and which feature helps.
        limit: &'static str,
    },

    /// The `jsonwebtoken` crate has no name for the algorithm.
    #[error("jsonwebtoken has no {algorithm}: sign with `SigningKey::sign`, or use a key on P-256 or P-384")]
    NotInJsonwebtoken {
        /// The algorithm.
        algorithm: SigningAlgorithm,
    },

    /// A key that says where it comes from ([`PrivateKey::origin`](okta_config::PrivateKey::origin)) cannot be used.
    #[error("{origin}: {error}")]
    At {
        /// The setting with its file, variable or call, or the path of the file that holds the key.
        origin: Box<str>,
        /// What is wrong with the key.
        error: Box<KeyError>,
    },

    /// The operating system gave no random numbers, or none to make a key of.
    #[error("no key could be made: the source of random numbers failed")]
    NotGenerated,
}

impl KeyError {
    pub(super) fn unsupported(kind: impl Into<Box<str>>) -> Self {
        Self::UnsupportedKind { kind: kind.into() }
    }

    pub(super) fn unknown_algorithm(name: &str) -> Self {
        Self::UnknownAlgorithm { name: shown(name) }
    }
}

/// A name that came with the key, fit for a message: short, and nothing but what names are made of. A text that was put
/// in the wrong place could be the key itself.
pub(super) fn shown(name: &str) -> Box<str> {
    name.chars()
        .filter(|char| char.is_ascii_alphanumeric() || matches!(char, ' ' | '-' | '_' | '+'))
        .take(24)
        .collect()
}

/// The readable text: it is what a `main` shows that returns the error.
impl fmt::Debug for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
