//! Members that a program cannot do without.

use std::fmt;

use serde::de::DeserializeOwned;

use super::object::{Object, get};

/// A member that a program needs is missing, or is of another type.
///
/// Every member is an `Option`, because Okta leaves members out that its document requires. `require_id` and `require` are
/// for those without which a program cannot continue. `?` converts this error into `okta_client::Error` and into any error
/// that takes an [`Error`](std::error::Error), such as `anyhow::Error`.
///
/// ```
/// use okta_models::User;
///
/// let error = User::default().require_id().unwrap_err();
/// assert_eq!(error.to_string(), "`User` has no `id`: it is not a resource that Okta returned, or the response left it out");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingMember {
    owner: &'static str,
    member: String,
    /// The type that was asked for, if there is a value of another one.
    expected: Option<String>,
}

impl MissingMember {
    /// The type that lacks the member: `User`.
    #[must_use]
    pub fn owner(&self) -> &'static str {
        self.owner
    }
    /// The member's name in JSON: `id`.
    #[must_use]
    pub fn member(&self) -> &str {
        &self.member
    }
}

impl fmt::Display for MissingMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            owner,
            member,
            expected,
        } = self;
        match expected {
            // The value itself stays out of the message: it may be a secret.
            Some(expected) => write!(
                f,
                "`{member}` of `{owner}` is not of type {expected}: ask for the type it has, or for `serde_json::Value`"
            ),
            None => write!(
                f,
                "`{owner}` has no `{member}`: it is not a resource that Okta returned, or the response left it out"
            ),
        }
    }
}

impl std::error::Error for MissingMember {}

/// The text of a typed member.
pub(crate) fn require_text<'a>(
    object: &'a impl Object,
    owner: &'static str,
    member: &str,
    value: Option<&'a String>,
) -> Result<&'a str, MissingMember> {
    value.map(String::as_str).ok_or_else(|| MissingMember {
        owner,
        member: member.to_owned(),
        // A value of another kind is among the extra members.
        expected: object
            .extra()
            .get(member)
            .filter(|value| !value.is_null())
            .map(|_| "String".to_owned()),
    })
}

/// The member `name`, typed or not, as the type asked for.
pub(crate) fn require<T: DeserializeOwned>(
    object: &impl Object,
    owner: &'static str,
    name: &str,
) -> Result<T, MissingMember> {
    let missing = |expected| MissingMember {
        owner,
        member: name.to_owned(),
        expected,
    };
    match get(object, name) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(missing(None)),
        Err(error) => Err(missing(Some(error.expected().unwrap_or("JSON").to_owned()))),
    }
}
