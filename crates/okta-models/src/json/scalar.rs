//! Strings, booleans, numbers and free-form values.

use std::{borrow::Cow, fmt};

use serde::{
    Serializer,
    de::{MapAccess, SeqAccess},
};
use serde_json::Value;

use super::{
    fit::{Fit, FromJson, read_array, read_object},
    redact,
};

/// Any JSON value, where Okta's document leaves the form open.
pub type Any = Value;

impl FromJson for String {
    const KIND: &'static str = "a string";

    fn from_json_str(text: Cow<'_, str>) -> Fit<Self> {
        Fit::Fits(text.into_owned())
    }
}

impl FromJson for bool {
    const KIND: &'static str = "a boolean";

    fn from_json_bool(value: bool) -> Fit<Self> {
        Fit::Fits(value)
    }
}

/// Above this magnitude a double no longer holds every integer, so a number beyond it is kept unchanged.
const EXACT_IN_DOUBLE: f64 = 9_007_199_254_740_992.0;

/// The kind of an integer: JSON has numbers only, the document distinguishes them.
pub(crate) const INTEGER: &str = "an integer";

impl FromJson for i64 {
    const KIND: &'static str = INTEGER;

    fn from_json_i64(number: i64) -> Fit<Self> {
        Fit::Fits(number)
    }
    fn from_json_f64(number: f64) -> Fit<Self> {
        if number.fract() == 0.0 && number.abs() < EXACT_IN_DOUBLE {
            Fit::Fits(number as i64)
        } else {
            Fit::Other(Value::from(number))
        }
    }
}

impl FromJson for f64 {
    const KIND: &'static str = "a number";

    fn from_json_i64(number: i64) -> Fit<Self> {
        let double = number as f64;
        if double.abs() < EXACT_IN_DOUBLE {
            Fit::Fits(double)
        } else {
            Fit::Other(Value::from(number))
        }
    }
    fn from_json_f64(number: f64) -> Fit<Self> {
        Fit::Fits(number)
    }
    /// Writes a number without a fraction as an integer: Okta's `number`s are integers, and `5.0` is not the `5` that was
    /// read. Beyond 2⁵³ it stays a float, for only that is read as an `f64` again; and so does -0, which no integer holds.
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_negative_zero = *self == 0.0 && self.is_sign_negative();
        if self.fract() == 0.0 && self.abs() < EXACT_IN_DOUBLE && !is_negative_zero {
            serializer.serialize_i64(*self as i64)
        } else {
            serializer.serialize_f64(*self)
        }
    }
}

impl FromJson for Value {
    const KIND: &'static str = "anything";

    fn null_item() -> Option<Self> {
        Some(Value::Null)
    }
    fn from_json_str(text: Cow<'_, str>) -> Fit<Self> {
        Fit::Fits(Value::String(text.into_owned()))
    }
    fn from_json_bool(value: bool) -> Fit<Self> {
        Fit::Fits(Value::Bool(value))
    }
    fn from_json_i64(number: i64) -> Fit<Self> {
        Fit::Fits(Value::from(number))
    }
    fn from_json_u64(number: u64) -> Fit<Self> {
        Fit::Fits(Value::from(number))
    }
    fn from_json_f64(number: f64) -> Fit<Self> {
        Fit::Fits(Value::from(number))
    }
    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        Ok(Fit::Fits(read_object(map)?))
    }
    fn from_json_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Fit<Self>, A::Error> {
        Ok(Fit::Fits(read_array(seq, Vec::new())?))
    }
    fn fmt_redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        redact::fmt_value(self, f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, json};

    use super::*;

    #[test]
    fn an_integer_written_as_a_float_is_an_integer() {
        assert_eq!(from_str::<Fit<i64>>("5.0").unwrap(), Fit::Fits(5));
        assert_eq!(from_str::<Fit<i64>>("-20").unwrap(), Fit::Fits(-20));
    }

    #[test]
    fn a_number_that_would_change_its_value_stays_to_value() {
        assert_eq!(from_str::<Fit<i64>>("5.5").unwrap(), Fit::Other(json!(5.5)));
        assert_eq!(from_str::<Fit<i64>>("1e300").unwrap(), Fit::Other(json!(1e300)));
        assert_eq!(
            from_str::<Fit<i64>>("18446744073709551615").unwrap(),
            Fit::Other(json!(u64::MAX))
        );
        assert_eq!(
            from_str::<Fit<f64>>("9007199254740993").unwrap(),
            Fit::Other(json!(9_007_199_254_740_993_i64))
        );
    }

    #[test]
    fn other_kinds_are_handed_back() {
        assert_eq!(from_str::<Fit<String>>("5").unwrap(), Fit::Other(json!(5)));
        assert_eq!(from_str::<Fit<bool>>(r#""true""#).unwrap(), Fit::Other(json!("true")));
        assert_eq!(
            from_str::<Fit<String>>(r#"{"a":[1]}"#).unwrap(),
            Fit::Other(json!({"a": [1]}))
        );
        assert_eq!(from_str::<Fit<String>>("null").unwrap(), Fit::Null);
    }
}
