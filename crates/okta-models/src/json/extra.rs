//! Members beyond the typed ones.

use std::fmt;

use serde::{
    Deserialize, Serialize, Serializer,
    de::DeserializeOwned,
    ser::{Error as _, SerializeMap},
};
use serde_json::{Map, Value};

use super::{fit::kind_of, into_any::IntoAny, object::Object, redact, scalar::INTEGER, timestamp::TimestampError};

/// The members of an object that are not its typed ones: unknown to Okta's document, of another kind than documented, or
/// set to `null` on purpose.
///
/// They are kept verbatim and written back, so that nothing is lost between reading a record and sending it again. An
/// empty `Extra` allocates nothing. `{:?}` hides members whose names sound secret.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Map<String, Value>);

impl Extra {
    /// The value of the member `name`, verbatim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
    /// Sets the member `name`, and gives back the value it had.
    pub fn insert(&mut self, name: impl Into<String>, value: impl IntoAny) -> Option<Value> {
        self.0.insert(name.into(), value.into_any())
    }
    /// Notes that a setter got text that is not a time: writing the object is an error from now on.
    pub(crate) fn refuse_time(&mut self, name: &str, error: &TimestampError) {
        let refused = Map::from_iter([(REFUSED_TIME.to_owned(), Value::String(error.to_string()))]);
        self.0.insert(name.to_owned(), Value::Object(refused));
    }
    /// Removes the member `name`, and gives back the value it had.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }
    /// Returns true if there are no members here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// How many members there are here.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// The members and their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
    /// The members as a JSON object.
    #[must_use]
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
    /// The members as a JSON object to change.
    pub fn as_map_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// Writes the members whose typed counterparts are not set.
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M, object: &impl Object) -> Result<(), M::Error> {
        for (name, value) in &self.0 {
            if object.holds(name) {
                continue;
            }
            let mark = match object.expects(name) {
                None => UNKNOWN_MEMBER,
                // An explicit `null`.
                Some(_) if value.is_null() => {
                    map.serialize_entry(name, value)?;
                    continue;
                }
                Some(_) if refused_time(value).is_some() => {
                    let error = refused_time(value).unwrap_or_default();
                    return Err(M::Error::custom(format_args!("the member `{name}`: {error}")));
                }
                Some(expected) if is_of_kind(expected, value) && !is_composite(value) => OUT_OF_RANGE_MEMBER,
                Some(_) => UNEXPECTED_MEMBER,
            };
            map.serialize_entry(name, &Marked { mark, value })?;
        }
        Ok(())
    }
}

/// The newtype name of a member that no typed one is documented for.
///
/// `Serialize` gives each extra member to the serializer as a newtype of one of three names. Writers of JSON take no
/// notice of it; a serializer that counts (a census of what an API sends beyond its document) can distinguish them.
pub const UNKNOWN_MEMBER: &str = "okta_models::UnknownMember";
/// The newtype name of a documented member whose value is of another kind, or holds an item that is; see
/// [`UNKNOWN_MEMBER`].
pub const UNEXPECTED_MEMBER: &str = "okta_models::UnexpectedMember";
/// The newtype name of a documented member that is not in its typed place although its kind is right: a number out of
/// range; see [`UNKNOWN_MEMBER`].
pub const OUT_OF_RANGE_MEMBER: &str = "okta_models::OutOfRangeMember";

/// The only member of the value that stands for a time which a setter refused, with the reason as its value. The setters of
/// models return the model, so what they refuse is reported by the call that sends it.
const REFUSED_TIME: &str = "okta_models::RefusedTime";

/// Why a setter refused the time that the value stands for.
fn refused_time(value: &Value) -> Option<&str> {
    value
        .as_object()
        .filter(|object| object.len() == 1)?
        .get(REFUSED_TIME)?
        .as_str()
}

/// Whether a value is of a kind that a typed member takes. A number with a fraction is not an integer.
fn is_of_kind(expected: &str, value: &Value) -> bool {
    expected == kind_of(value) || (expected == INTEGER && (value.is_i64() || value.is_u64()))
}

/// Whether a value is an array or an object: typed ones are read item by item, so one that is left over holds an unexpected item.
fn is_composite(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

struct Marked<'a> {
    mark: &'static str,
    value: &'a Value,
}

impl Serialize for Marked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.mark, self.value)
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.iter().map(|(name, value)| (name, redact::free(name, value))))
            .finish()
    }
}

/// An attribute was asked for as a type its value does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeError {
    name: String,
    /// The type that was asked for; `None` if the object cannot be written.
    expected: Option<String>,
}

impl AttributeError {
    /// The attribute's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The object holds a time that a setter refused.
    pub(crate) fn unwritable(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            expected: None,
        }
    }
    pub(crate) fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }
}

impl fmt::Display for AttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value itself stays out of the message: it may be a secret.
        let Self { name, expected } = self;
        match expected {
            Some(expected) => write!(
                f,
                "attribute `{name}` is not of type {expected}: ask for the type it has, or for `serde_json::Value`"
            ),
            None => write!(
                f,
                "attribute `{name}` cannot be read: a setter of the object got text that is not a time; set a valid time"
            ),
        }
    }
}

impl std::error::Error for AttributeError {}

/// Reads an attribute's value as the type asked for; `null` is as good as absent.
pub(crate) fn read_attribute<T: DeserializeOwned>(name: &str, value: &Value) -> Result<Option<T>, AttributeError> {
    Option::<T>::deserialize(value).map_err(|_| AttributeError {
        name: name.to_owned(),
        expected: Some(super::fit::short_name::<T>()),
    })
}
