//! What becomes any JSON value.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::timestamp::Timestamp;

/// What [`set`](crate::UserProfile::set), [`with`](crate::UserProfile::with) and the setters of members of any kind take:
/// text and `&String`, numbers, booleans, JSON values, timestamps, and lists, maps and options of them. `None` and `()` are
/// `null`, which is sent.
///
/// ```
/// use okta_models::UserProfile;
///
/// let badge = String::from("B-1");
/// let profile = UserProfile::default().with("badgeId", &badge).with("floor", 3).with("languages", ["de", "en"]);
/// assert_eq!(profile.get::<String>("badgeId")?.as_ref(), Some(&badge));
/// # Ok::<(), okta_models::AttributeError>(())
/// ```
pub trait IntoAny {
    /// The JSON value.
    fn into_any(self) -> Value;
}

macro_rules! as_value {
    ($($ty:ty),*) => {
        $( impl IntoAny for $ty {
            fn into_any(self) -> Value {
                Value::from(self)
            }
        } )*
    };
}
as_value!(
    &str,
    String,
    Cow<'_, str>,
    bool,
    i8,
    i16,
    i32,
    i64,
    isize,
    u8,
    u16,
    u32,
    u64,
    usize,
    f32,
    f64,
    serde_json::Number,
    serde_json::Map<String, Value>,
    Value,
    ()
);

macro_rules! by_reference {
    ($($ty:ty),*) => {
        $( impl IntoAny for &$ty {
            fn into_any(self) -> Value {
                self.clone().into_any()
            }
        } )*
    };
}
by_reference!(
    String,
    &str,
    bool,
    i32,
    i64,
    u32,
    u64,
    f64,
    serde_json::Map<String, Value>,
    Value,
    Timestamp
);

impl IntoAny for Timestamp {
    fn into_any(self) -> Value {
        Value::String(self.to_string())
    }
}

impl<T: IntoAny> IntoAny for Option<T> {
    fn into_any(self) -> Value {
        self.map_or(Value::Null, T::into_any)
    }
}

impl<T: IntoAny> IntoAny for Vec<T> {
    fn into_any(self) -> Value {
        self.into_iter().map(T::into_any).collect()
    }
}

impl<T: IntoAny, const N: usize> IntoAny for [T; N] {
    fn into_any(self) -> Value {
        self.into_iter().map(T::into_any).collect()
    }
}

impl<'a, T> IntoAny for &'a [T]
where
    &'a T: IntoAny,
{
    fn into_any(self) -> Value {
        self.iter().map(<&T>::into_any).collect()
    }
}

impl<'a, T> IntoAny for &'a Vec<T>
where
    &'a T: IntoAny,
{
    fn into_any(self) -> Value {
        self.as_slice().into_any()
    }
}

impl<K: Into<String>, V: IntoAny> IntoAny for BTreeMap<K, V> {
    fn into_any(self) -> Value {
        let members = self.into_iter().map(|(name, value)| (name.into(), value.into_any()));
        Value::Object(members.collect())
    }
}
