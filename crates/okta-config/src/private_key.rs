//! The private key a service app signs with: PEM or JWK text, given inline or in a file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The private key of a service app, its text checked for shape and hidden from `Debug`.
///
/// It is not decoded here: the authenticator does that. What is visibly wrong is reported early, together with
/// all other problems of the configuration: a public key, an encrypted key, a JWK Set, a file that is not there.
///
/// Its text is wiped from memory when it goes, and so is whatever was copied on the way to it. The text you pass in is
/// yours.
///
/// ```
/// use okta_config::{PrivateKey, PrivateKeyForm};
///
/// let key = PrivateKey::parse(r#"{"kty":"EC","crv":"P-256","kid":"k1","x":"…","y":"…","d":"…"}"#)?;
/// assert_eq!(key.form(), PrivateKeyForm::Jwk);
/// assert_eq!(key.key_id(), Some("k1"));
/// # Ok::<(), okta_config::PrivateKeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PrivateKey {
    text: SecretString,
    form: PrivateKeyForm,
    key_id: Option<String>,
    origin: Option<Box<str>>,
}

/// How a private key is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrivateKeyForm {
    /// PKCS #8, PKCS #1 or SEC 1 in PEM (RFC 7468): the one block with the key, its line breaks restored.
    Pem,
    /// A JSON Web Key (RFC 7517).
    Jwk,
}

impl PrivateKey {
    /// Reads a key written inline: PEM or a JWK.
    ///
    /// In PEM a line break may be written as `\n` (backslash, letter n), as environment variables often need; a PEM block
    /// whose line breaks were all lost is repaired.
    ///
    /// # Errors
    ///
    /// [`PrivateKeyError`] says what the text is instead of a private key; it never repeats the text.
    pub fn parse(text: &str) -> Result<Self, PrivateKeyError> {
        let text = text.trim();
        if text.starts_with('{') {
            return jwk(text);
        }
        if text.contains(PEM_BEGIN) {
            return pem(text);
        }
        Err(PrivateKeyError::NotAKey)
    }

    /// Reads a key from a file that holds PEM or a JWK.
    ///
    /// # Errors
    ///
    /// [`PrivateKeyError::Unreadable`], and [`PrivateKeyError::InFile`] for what [`PrivateKey::parse`] refuses. Both name the
    /// path.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, PrivateKeyError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|error| PrivateKeyError::Unreadable {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
        match Self::parse(&text) {
            Ok(key) => Ok(key.with_origin(path.display().to_string())),
            Err(error) => Err(PrivateKeyError::InFile {
                path: path.to_owned(),
                error: Box::new(error),
            }),
        }
    }

    /// Says where the key comes from, for the message that it cannot be used: a file, a setting, a vault.
    #[must_use]
    pub fn with_origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into().into());
        self
    }

    /// Where the key comes from, if that is known: the path of its file, or the setting and where it stands.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// The key's text. It leaves the `secrecy` wrapper only by an explicit `expose_secret()`.
    #[must_use]
    pub fn text(&self) -> &SecretString {
        &self.text
    }

    /// Whether the text is PEM or a JWK.
    #[must_use]
    pub fn form(&self) -> PrivateKeyForm {
        self.form
    }

    /// The `kid` member of a JWK; PEM has no place for one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }
}

pub(crate) const PEM_BEGIN: &str = "-----BEGIN ";

fn jwk(text: &str) -> Result<PrivateKey, PrivateKeyError> {
    // Members that stay where they are: of a copy, what is secret would have to be wiped.
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_str(text).map_err(|error| PrivateKeyError::NotJson {
            line: error.line(),
            column: error.column(),
        })?;
    if members.contains_key("keys") {
        return Err(PrivateKeyError::JwkSet);
    }
    if !members.contains_key("kty") {
        return Err(PrivateKeyError::NotAJwk);
    }
    if !members.contains_key("d") {
        return Err(PrivateKeyError::Public);
    }
    let key_id = members
        .get("kid")
        .and_then(|key_id| serde_json::from_str(key_id.get()).ok());
    Ok(PrivateKey {
        text: text.into(),
        form: PrivateKeyForm::Jwk,
        key_id,
        origin: None,
    })
}

fn pem(text: &str) -> Result<PrivateKey, PrivateKeyError> {
    let text = replaced(&replaced(text, "\\r", ""), "\\n", "\n");
    // `openssl ecparam -genkey` writes EC PARAMETERS in front, other tools a certificate: take the block with the key.
    let mut others_found = false;
    for block in text.split(PEM_BEGIN).skip(1) {
        let (label, rest) = block.split_once("-----").ok_or(PrivateKeyError::CutOff)?;
        if !label.ends_with("PRIVATE KEY") {
            others_found = true;
            continue;
        }
        let end = format!("-----END {label}-----");
        let body = rest.split_once(&end).ok_or(PrivateKeyError::CutOff)?.0.trim();
        if label.starts_with("ENCRYPTED") || body.contains("ENCRYPTED") {
            return Err(PrivateKeyError::Encrypted);
        }
        let mut block = Zeroizing::new(String::with_capacity(
            PEM_BEGIN.len() + label.len() + body.len() + end.len() + 8,
        ));
        for part in [PEM_BEGIN, label, "-----\n"] {
            block.push_str(part);
        }
        if body.contains('\n') {
            block.push_str(body);
        } else {
            block.extend(body.split_whitespace());
        }
        for part in ["\n", &end, "\n"] {
            block.push_str(part);
        }
        return Ok(PrivateKey {
            text: block.as_str().into(),
            form: PrivateKeyForm::Pem,
            key_id: None,
            origin: None,
        });
    }
    Err(if others_found {
        PrivateKeyError::Public
    } else {
        PrivateKeyError::CutOff
    })
}

/// The text with `part` replaced by what is no longer. It has its place from the start: what a string leaves behind as it
/// grows is not wiped.
fn replaced(text: &str, part: &str, by: &str) -> Zeroizing<String> {
    let mut changed = Zeroizing::new(String::with_capacity(text.len()));
    for (index, piece) in text.split(part).enumerate() {
        if index > 0 {
            changed.push_str(by);
        }
        changed.push_str(piece);
    }
    changed
}

/// Why a text or file is not a usable private key. Holds no part of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrivateKeyError {
    /// Neither PEM nor a JWK.
    NotAKey,
    /// It starts like a JWK but is not JSON.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// JSON, but without a `kty` member.
    NotAJwk,
    /// A JWK Set (`{"keys": […]}`), not one key.
    JwkSet,
    /// A public key or a certificate.
    Public,
    /// A PEM key protected by a passphrase.
    Encrypted,
    /// A PEM block without its end.
    CutOff,
    /// The file cannot be read.
    Unreadable {
        /// The file that was tried.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// What the file holds cannot be used.
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with its contents.
        error: Box<PrivateKeyError>,
    },
}

impl PrivateKeyError {
    /// What is wrong, said of the key: "is encrypted".
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NotAKey => "is neither PEM nor a JWK".to_owned(),
            Self::NotJson { line, column } => format!("is not JSON at line {line} column {column}"),
            Self::NotAJwk => "is JSON without a kty member, so it is not a JWK".to_owned(),
            Self::JwkSet => "is a JWK Set".to_owned(),
            Self::Public => "is a public key or a certificate".to_owned(),
            Self::Encrypted => "is encrypted".to_owned(),
            Self::CutOff => "is a PEM block without its end".to_owned(),
            Self::Unreadable { path, reason } => {
                format!("is in the file {}, which cannot be read ({reason})", path.display())
            }
            Self::InFile { path, error } => format!("is in the file {}, which {}", path.display(), error.message()),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotAKey | Self::NotAJwk => {
                "give the key as PEM (-----BEGIN PRIVATE KEY-----), as a JWK ({\"kty\": …}) or as the path of a file with either"
            }
            Self::NotJson { .. } => "write the JWK as JSON, with double quotes",
            Self::JwkSet => "give the one key of the set that this app signs with",
            Self::Public => "give the private key; Okta holds the public one",
            Self::Encrypted => {
                "decrypt the key first, for example with `openssl pkcs8 -in FILE -out FILE -nocrypt -topk8`"
            }
            Self::CutOff => "give the whole block, from -----BEGIN to the -----END line",
            Self::Unreadable { .. } => "check the path and its permissions",
            Self::InFile { error, .. } => error.remedy(),
        }
    }
}

impl fmt::Display for PrivateKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the private key {}: {}", self.message(), self.remedy())
    }
}

impl std::error::Error for PrivateKeyError {}
