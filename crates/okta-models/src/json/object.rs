//! Objects: structs whose members are all optional and which lose nothing.

use serde::{Serialize, de::MapAccess};
use serde_json::Value;

use super::{
    extra::{AttributeError, Extra, read_attribute},
    fit::{Buffered, BufferedMap, Fit, FromJson, Key, kind_of},
    place::{Placed, ReadInto},
};

/// A JSON object with typed members and [`Extra`] ones.
///
/// The `object!` macro implements it for every generated struct and `union!` for every generated union; it is what the
/// shared decoding is written against.
pub trait Object: Serialize {
    /// Reads the value of the member `key` from `map` into its place.
    ///
    /// # Errors
    /// Only those of the reader (syntax, nesting, I/O).
    fn read_member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
    /// Returns true if the typed member `key` has a value.
    fn holds(&self, key: &str) -> bool;
    /// What the typed member `key` takes ([`FromJson::KIND`]); `None` if there is no typed member of this name.
    fn expects(&self, key: &str) -> Option<&'static str>;
    /// Takes the value of the typed member `key` away.
    fn clear(&mut self, key: &str);
    /// The members beyond the typed ones.
    fn extra(&self) -> &Extra;
    /// The members beyond the typed ones, to change.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// Reads an object member by member into an empty place.
pub(crate) fn read_members<'de, T: Object + Default, A: MapAccess<'de>>(
    place: &mut Option<T>,
    mut map: A,
) -> Result<Placed, A::Error> {
    let object = place.insert(T::default());
    while let Some(Key(key)) = map.next_key()? {
        object.read_member(&key, &mut map)?;
    }
    Ok(Placed::Filled)
}

/// Reads an object that is returned by value.
pub(crate) fn read_fit<'de, T: Object + Default, A: MapAccess<'de>>(map: A) -> Result<Fit<T>, A::Error> {
    let mut place = None;
    read_members(&mut place, map)?;
    Ok(place.map_or(Fit::Null, Fit::Fits))
}

/// Reads the value of a typed member into its slot; a value of another kind goes to the extra members verbatim.
#[inline]
pub(crate) fn read_typed<'de, T: FromJson, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    extra: &mut Extra,
    key: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    // The last of several members of one name counts.
    *slot = None;
    if let Placed::Other(value) = map.next_value_seed(ReadInto(slot))? {
        keep(extra, key, value, T::KIND);
    }
    Ok(())
}

#[cold]
fn keep(extra: &mut Extra, key: &str, value: Value, expected: &'static str) {
    // Only a program's own `null` comes here, and it is not unexpected.
    if !value.is_null() {
        tracing::debug!(
            member = key,
            expected,
            came = kind_of(&value),
            "a member of another kind than documented is kept verbatim"
        );
    }
    extra.insert(key, value);
}

/// Reads the value of a member that is not a typed one.
pub(crate) fn read_extra<'de, A: MapAccess<'de>>(extra: &mut Extra, key: &str, map: &mut A) -> Result<(), A::Error> {
    let value: Value = map.next_value()?;
    extra.insert(key, value);
    Ok(())
}

/// Sets the member `key`, typed or not, to a JSON value.
pub(crate) fn set<T: Object>(object: &mut T, key: &str, value: Value) {
    object.extra_mut().remove(key);
    if value.is_null() {
        object.clear(key);
        object.extra_mut().insert(key, Value::Null);
    } else if object
        .read_member(
            key,
            &mut BufferedMap::<serde_json::Error>::new(Buffered::set_by_program(value.clone())),
        )
        .is_err()
    {
        // An already read value can only fail for its depth; then it is kept untyped.
        object.extra_mut().insert(key, value);
    }
}

/// Reads the member `key`, typed or not, as the type asked for.
pub(crate) fn get<T: Object, V: serde::de::DeserializeOwned>(
    object: &T,
    key: &str,
) -> Result<Option<V>, AttributeError> {
    if !object.holds(key) {
        return object
            .extra()
            .get(key)
            .map_or(Ok(None), |value| read_attribute(key, value));
    }
    // Model types hold JSON only, so writing them as JSON cannot fail.
    match serde_json::to_value(object) {
        Ok(written) => read_attribute(key, written.get(key).unwrap_or(&Value::Null)),
        Err(_) => Ok(None),
    }
}

/// Declares an object: a struct of optional members with tolerant decoding, lossless encoding and a `Debug` that hides
/// its secrets.
///
/// Flags after a member: `read_only` (no setter), `secret` (hidden by `Debug`). A last line `request(a: A)` marks a type
/// that is sent: it gets `new(a)` for the required members and a setter for every member that can be written. After it,
/// `with b = "b": "B"` names the required members that can have only this value; `new` sets them.
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident : $type:ty = $key:literal $([ $($flag:ident),+ $(,)? ])? ),* $(,)?
        }
        request($( $required:ident : $required_type:ty ),* $(,)?) $( with $( $set:ident = $set_key:literal : $value:literal ),+ )?
    ) => {
        $crate::json::object! {
            $(#[$meta])*
            pub struct $name {
                $( $(#[$field_meta])* $field : $type = $key $([ $($flag),+ ])? ),*
            }
        }

        impl $name {
            $crate::json::object! { @new [$( $required : $required_type ),*] [$( $( $set = $set_key : $value ),+ )?] }
            $( $crate::json::object! { @setter [$( $($flag),+ )?] $field $type, $key } )*
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident : $type:ty = $key:literal $([ $($flag:ident),+ $(,)? ])? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: Option<$type>, )*
            /// Members beyond the typed ones, verbatim.
            pub extra: $crate::json::Extra,
        }

        impl $crate::json::Object for $name {
            fn read_member<'de, A: ::serde::de::MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    $( $key => $crate::json::object::read_typed(&mut self.$field, &mut self.extra, key, map), )*
                    _ => $crate::json::object::read_extra(&mut self.extra, key, map),
                }
            }
            #[inline]
            fn holds(&self, key: &str) -> bool {
                match key {
                    $( $key => self.$field.is_some(), )*
                    _ => false,
                }
            }
            #[inline]
            fn expects(&self, key: &str) -> Option<&'static str> {
                match key {
                    $( $key => Some(<$type as $crate::json::FromJson>::KIND), )*
                    _ => None,
                }
            }
            #[inline]
            fn clear(&mut self, key: &str) {
                match key {
                    $( $key => self.$field = None, )*
                    _ => {}
                }
            }
            #[inline]
            fn extra(&self) -> &$crate::json::Extra {
                &self.extra
            }
            #[inline]
            fn extra_mut(&mut self) -> &mut $crate::json::Extra {
                &mut self.extra
            }
        }

        impl $crate::json::FromJson for $name {
            const KIND: &'static str = "an object";

            fn from_json_map<'de, A: ::serde::de::MapAccess<'de>>(map: A) -> Result<$crate::json::Fit<Self>, A::Error> {
                $crate::json::object::read_fit(map)
            }
            fn read_json_map<'de, A: ::serde::de::MapAccess<'de>>(
                place: &mut Option<Self>,
                map: A,
            ) -> Result<$crate::json::Placed, A::Error> {
                $crate::json::object::read_members(place, map)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::json::fit::deserialize_fit(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $( if let Some(value) = &self.$field {
                    map.serialize_entry($key, &$crate::json::fit::Written(value))?;
                } )*
                self.extra.write(&mut map, self)?;
                map.end()
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                fn is_secret(_key: &str) -> bool {
                    false $( || $crate::json::object!(@is_secret [$( $($flag),+ )?] _key, $key) )*
                }
                let mut object = f.debug_struct(stringify!($name));
                $( $crate::json::object!(@debug [$( $($flag),+ )?] object, $field, &self.$field); )*
                $crate::json::redact::extra(&mut object, self.extra.as_map(), is_secret);
                object.finish()
            }
        }

        impl $name {
            $crate::json::object! { @attributes }
            $crate::json::object! { @writing $name }
        }
    };

    // Members by their names in JSON.
    (@attributes) => {
        /// Reads the member `name`, documented or not, as a `T`; absent and `null` are `None`.
        ///
        /// This is how custom attributes are read; names keep the case they have in Okta.
        ///
        /// # Errors
        /// [`AttributeError`](crate::json::AttributeError) where the value is of another type.
        pub fn get<T: ::serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>, $crate::json::AttributeError> {
            $crate::json::object::get(self, name)
        }
        /// Sets the member `name`, documented or not; a documented one becomes its typed field where the value fits.
        pub fn set(&mut self, name: &str, value: impl Into<$crate::json::Any>) {
            $crate::json::object::set(self, name, value.into());
        }
        /// Sets the member `name` as [`set`](Self::set) does, for chaining.
        #[must_use]
        pub fn with(mut self, name: &str, value: impl Into<$crate::json::Any>) -> Self {
            self.set(name, value);
            self
        }
        /// Sends an explicit `null` for the member `name`, which clears it in Okta (leaving it out would not).
        #[inline]
        pub fn set_null(&mut self, name: &str) {
            $crate::json::object::set(self, name, $crate::json::Any::Null);
        }
    };

    // From what was read to what can be written.
    (@writing $name:ident) => {
        /// Makes the request that writes this resource: every member that can be written, documented or not.
        ///
        /// Members that the document calls read-only, or that only responses have, are left out at every depth; so are links,
        /// embedded resources and what Okta shows instead of a secret. A pair of types that no operation connects does not
        /// compile: see [`RequestFor`](crate::json::RequestFor).
        #[must_use]
        #[inline]
        pub fn to_request<T: $crate::json::RequestFor<Self>>(&self) -> T {
            $crate::json::writable::to_request(self, stringify!($name))
        }
        /// The members that can be written as JSON, for files and for comparisons.
        ///
        /// What is left out is the same as for [`to_request`](Self::to_request); the type stays that of the response.
        #[must_use]
        #[inline]
        pub fn writable(&self) -> $crate::json::Any {
            $crate::json::writable::writable(self, stringify!($name))
        }
    };

    (@new [] []) => {};
    (@new [$( $required:ident : $required_type:ty ),*] [$( $set:ident = $set_key:literal : $value:literal ),*]) => {
        /// Starts with the members Okta requires.
        $( #[doc = concat!("\n\nSets `", $set_key, "` to `", $value, "`, its only value.")] )*
        #[must_use]
        pub fn new($( $required: impl Into<$required_type> ),*) -> Self {
            Self {
                $( $required: Some($required.into()), )*
                $( $set: Some(From::from($value)), )*
                ..<Self as Default>::default()
            }
        }
    };

    (@setter [read_only $(, $flag:ident)*] $field:ident $type:ty, $key:literal) => {};
    (@setter [secret $(, $flag:ident)*] $field:ident $type:ty, $key:literal) => {
        $crate::json::object! { @setter [$($flag),*] $field $type, $key }
    };
    (@setter [] $field:ident $type:ty, $key:literal) => {
        #[doc = concat!("Sets `", $key, "`.")]
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$type>) -> Self {
            self.extra.remove($key);
            self.$field = Some($field.into());
            self
        }
    };

    (@is_secret [secret $(, $flag:ident)*] $name:ident, $key:literal) => { $name == $key };
    (@is_secret [$first:ident $(, $flag:ident)*] $name:ident, $key:literal) => {
        $crate::json::object!(@is_secret [$($flag),*] $name, $key)
    };
    (@is_secret [] $name:ident, $key:literal) => { false };

    (@debug [secret $(, $flag:ident)*] $object:ident, $field:ident, $value:expr) => {
        $crate::json::redact::secret(&mut $object, stringify!($field), $value);
    };
    (@debug [$first:ident $(, $flag:ident)*] $object:ident, $field:ident, $value:expr) => {
        $crate::json::object!(@debug [$($flag),*] $object, $field, $value);
    };
    (@debug [] $object:ident, $field:ident, $value:expr) => {
        $crate::json::redact::member(&mut $object, stringify!($field), $value);
    };
}
pub(crate) use object;
