//! Unions: objects whose type is named by one of their members, the tag.

use serde::de::MapAccess;
use serde_json::Value;

use super::{
    fit::{Buffered, BufferedMap, Fit, Key},
    object::Object,
};

/// A union of objects, distinguished by the member [`TAG`](Self::TAG).
pub trait Union: Object + Sized {
    /// The name of the member that names the type.
    const TAG: &'static str;
    /// The empty variant for a tag's value; an unknown value, and none at all, give the fallback.
    fn for_tag(tag: Option<&str>) -> Self;
}

/// Reads a union in one pass: what comes before the tag is held back, what comes after it goes straight to its place.
pub(crate) fn read_union<'de, T: Union, A: MapAccess<'de>>(mut map: A) -> Result<Fit<T>, A::Error> {
    let mut held_back: Vec<(String, Buffered)> = Vec::new();
    while let Some(Key(key)) = map.next_key()? {
        if key != T::TAG {
            held_back.push((key.into_owned(), map.next_value()?));
            continue;
        }
        let tag: Buffered = map.next_value()?;
        let mut union = T::for_tag(tag.as_str());
        held_back.push((T::TAG.to_owned(), tag));
        release::<T, A::Error>(&mut union, held_back)?;
        while let Some(Key(key)) = map.next_key()? {
            union.read_member(&key, &mut map)?;
        }
        return Ok(Fit::Fits(union));
    }
    let mut union = T::for_tag(None);
    release::<T, A::Error>(&mut union, held_back)?;
    Ok(Fit::Fits(union))
}

fn release<T: Union, E: serde::de::Error>(union: &mut T, members: Vec<(String, Buffered)>) -> Result<(), E> {
    for (key, value) in members {
        union.read_member(&key, &mut BufferedMap::<E>::new(value))?;
    }
    Ok(())
}

/// Gives a variant its tag where it has none yet.
pub(crate) fn tagged<T: Object>(mut variant: T, key: &str, tag: &str) -> T {
    if !variant.holds(key) && variant.extra().get(key).is_none() {
        super::object::set(&mut variant, key, Value::from(tag));
    }
    variant
}

/// Declares a union: an enum of boxed objects with the fallback `Other` for tags that are unknown, missing or `null`.
///
/// `shared { … }` names the members all variants have; each becomes an accessor of the enum.
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident : $base:ident by $tag:literal {
            $( $(#[$variant_meta:meta])* $variant:ident($type:ident) = $first:literal $(| $more:literal)* ),* $(,)?
        }
        shared { $( $shared:ident : $shared_type:ty ),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant(Box<$type>), )*
            /// A tag that Okta's document does not know, or none: the members all variants share, and the others in
            /// `extra`.
            Other(Box<$base>),
        }

        $crate::json::union! { @accessors $name [$($variant)*] $( $shared : $shared_type ),* }

        impl $name {
            $crate::json::object! { @attributes }
            $crate::json::object! { @writing $name }
        }

        impl $crate::json::Object for $name {
            fn read_member<'de, A: ::serde::de::MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match self {
                    $( Self::$variant(object) => object.read_member(key, map), )*
                    Self::Other(object) => object.read_member(key, map),
                }
            }
            #[inline]
            fn holds(&self, key: &str) -> bool {
                match self {
                    $( Self::$variant(object) => object.holds(key), )*
                    Self::Other(object) => object.holds(key),
                }
            }
            #[inline]
            fn expects(&self, key: &str) -> Option<&'static str> {
                match self {
                    $( Self::$variant(object) => object.expects(key), )*
                    Self::Other(object) => object.expects(key),
                }
            }
            #[inline]
            fn clear(&mut self, key: &str) {
                match self {
                    $( Self::$variant(object) => object.clear(key), )*
                    Self::Other(object) => object.clear(key),
                }
            }
            #[inline]
            fn extra(&self) -> &$crate::json::Extra {
                match self {
                    $( Self::$variant(object) => &object.extra, )*
                    Self::Other(object) => &object.extra,
                }
            }
            #[inline]
            fn extra_mut(&mut self) -> &mut $crate::json::Extra {
                match self {
                    $( Self::$variant(object) => &mut object.extra, )*
                    Self::Other(object) => &mut object.extra,
                }
            }
        }

        impl $crate::json::Union for $name {
            const TAG: &'static str = $tag;
            #[inline]
            fn for_tag(tag: Option<&str>) -> Self {
                match tag {
                    $( Some($first $(| $more)*) => Self::$variant(Box::default()), )*
                    _ => Self::Other(Box::default()),
                }
            }
        }

        impl $crate::json::FromJson for $name {
            const KIND: &'static str = "an object";

            fn from_json_map<'de, A: ::serde::de::MapAccess<'de>>(map: A) -> Result<$crate::json::Fit<Self>, A::Error> {
                $crate::json::union::read_union(map)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::json::fit::deserialize_fit(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(object) => object.serialize(serializer), )*
                    Self::Other(object) => object.serialize(serializer),
                }
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $( Self::$variant(object) => object.fmt(f), )*
                    Self::Other(object) => object.fmt(f),
                }
            }
        }

        $( $crate::json::union! { @from $name $tag $variant($type) $first $(| $more)* } )*
    };

    (@accessors $name:ident $variants:tt $( $shared:ident : $shared_type:ty ),*) => {
        impl $name {
            $( $crate::json::union! { @accessor $variants $shared : $shared_type } )*
        }
    };
    (@accessor [$($variant:ident)*] $shared:ident : $shared_type:ty) => {
        #[doc = concat!("`", stringify!($shared), "` of whichever variant this is.")]
        #[must_use]
        #[inline]
        pub fn $shared(&self) -> Option<&$shared_type> {
            match self {
                $( Self::$variant(object) => object.$shared.as_ref(), )*
                Self::Other(object) => object.$shared.as_ref(),
            }
        }
    };

    // Only where a variant has one tag is it clear which one to give.
    (@from $name:ident $tag:literal $variant:ident($type:ident) $only:literal) => {
        impl From<$type> for $name {
            #[doc = concat!("Wraps the variant and sets `", $tag, "` to `", $only, "` if it is not set.")]
            #[inline]
            fn from(object: $type) -> Self {
                Self::$variant(Box::new($crate::json::union::tagged(object, $tag, $only)))
            }
        }
    };
    (@from $name:ident $tag:literal $variant:ident($type:ident) $first:literal $(| $more:literal)+) => {
        impl From<$type> for $name {
            #[doc = concat!("Wraps the variant; `", $tag, "` stays as it is, for the variant has several.")]
            #[inline]
            fn from(object: $type) -> Self {
                Self::$variant(Box::new(object))
            }
        }
    };
}
pub(crate) use union;
