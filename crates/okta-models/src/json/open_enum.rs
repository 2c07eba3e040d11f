//! Open enums: known values, and any other text verbatim.

use std::fmt::Display;

use super::fit::FromJson;

/// An open enum of the models: a text, of which some values have names.
pub trait OpenEnum: Display + FromJson {}

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
            Unknown(Box<str>),
        }

        impl $name {
            /// The value as in JSON.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )*
                    Self::Unknown(value) => value,
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
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::from(value.as_str())
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
