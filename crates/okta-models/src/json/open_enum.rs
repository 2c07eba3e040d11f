//! Open enums: known values, and any other text verbatim.

use std::fmt::{self, Display};

use super::fit::FromJson;

/// An open enum of the models: a text, of which some values have names.
pub trait OpenEnum: Display + FromJson {}

/// The text of an open enum's value that this version of the crate does not know.
///
/// Only reading makes one: no program can construct it, so a value that a later version knows never hides in `Unknown`.
/// Compare the enum itself with the text (`status == "NEW"`, or [`as_str`](Self::as_str) of the enum): that stays true when
/// a later version knows the value.
///
/// ```
/// use okta_models::UserStatus;
///
/// let status = UserStatus::from("HIBERNATING");
/// assert!(status.is_unknown() && status == "HIBERNATING");
/// if let UserStatus::Unknown(value) = &status {
///     assert_eq!(value.as_str(), "HIBERNATING");
/// }
/// assert_eq!(UserStatus::from("ACTIVE"), UserStatus::Active);
/// assert!(UserStatus::KNOWN.contains(&UserStatus::Active));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }
    /// The value as in JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Declares an open enum. Every string is a value of it: one that Okta's document does not know becomes `Unknown` with
/// its text, so that a new value in Okta never breaks a program and is written back unchanged.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $value:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A value that is not in Okta's document, verbatim.
            Unknown($crate::json::UnknownValue),
        }

        impl $name {
            /// Every value in Okta's document, in its order; `Unknown` is not among them.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The value as in JSON.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )*
                    Self::Unknown(value) => value.as_str(),
                }
            }
            /// Returns true if the value is missing from Okta's document.
            #[must_use]
            #[inline]
            pub fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::json::OpenEnum for $name {}

        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $( $value => Self::$variant, )*
                    other => Self::Unknown($crate::json::UnknownValue::new(other)),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl From<&String> for $name {
            fn from(value: &String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl From<&Self> for $name {
            /// Clones it, so that a call or a setter takes it by reference too: one of `KNOWN`, for example.
            fn from(value: &Self) -> Self {
                value.clone()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, value: &str) -> bool {
                self.as_str() == value
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, value: &&str) -> bool {
                self.as_str() == *value
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::json::fit::deserialize_fit(deserializer)
            }
        }

        impl $crate::json::FromJson for $name {
            const KIND: &'static str = "a string";

            #[inline]
            fn from_json_str(text: ::std::borrow::Cow<'_, str>) -> $crate::json::Fit<Self> {
                $crate::json::Fit::Fits(Self::from(&*text))
            }
        }
    };
}
pub(crate) use open_enum;
