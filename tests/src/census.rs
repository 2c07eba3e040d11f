//! Counting what a decoded value holds in typed members and what in extra ones.

use std::fmt;

use okta_client::models::json::{OUT_OF_RANGE_MEMBER, UNEXPECTED_MEMBER, UNKNOWN_MEMBER};
use serde::{
    Serialize, Serializer,
    ser::{self, Impossible},
};

/// What was counted. Members that are `null` do not count.
#[derive(Debug, Default)]
pub struct Census {
    /// All members of all objects.
    pub members: usize,
    /// Those of them that are extra, or inside of an extra one.
    pub members_in_extra: usize,
    /// Where documented members are extra because their values are of another kind.
    pub unexpected: Vec<String>,
    /// Where documented members are extra although their values are of the right kind.
    pub missed: Vec<String>,
    path: String,
    inside_extra: usize,
}

impl Census {
    /// Counts `value`, in addition to what was counted before.
    ///
    /// # Errors
    /// Where the value cannot be written as JSON.
    pub fn count<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CensusError> {
        value
            .serialize(Counter {
                census: self,
                is_member: false,
            })
            .map(drop)
    }

    fn at<T: Serialize + ?Sized>(&mut self, step: &str, is_member: bool, value: &T) -> Result<(), CensusError> {
        let length = self.path.len();
        self.path.push_str(step);
        let result = value.serialize(Counter {
            census: self,
            is_member,
        });
        self.path.truncate(length);
        result
    }
}

/// A value that cannot be written as JSON.
#[derive(Debug)]
pub struct CensusError(String);

impl fmt::Display for CensusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CensusError {}

impl ser::Error for CensusError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Counter<'a> {
    census: &'a mut Census,
    is_member: bool,
}

impl Counter<'_> {
    /// Counts the value itself, if it has a member name.
    fn counted(&mut self) {
        if self.is_member {
            self.census.members += 1;
            self.census.members_in_extra += usize::from(self.census.inside_extra > 0);
        }
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty),* $(,)?) => {
        $( fn $method(mut self, _: $type) -> Result<(), CensusError> {
            self.counted();
            Ok(())
        } )*
    };
}

impl<'a> Serializer for Counter<'a> {
    type Ok = ();
    type Error = CensusError;
    type SerializeSeq = Nested<'a>;
    type SerializeTuple = Nested<'a>;
    type SerializeTupleStruct = Impossible<(), CensusError>;
    type SerializeTupleVariant = Impossible<(), CensusError>;
    type SerializeMap = Nested<'a>;
    type SerializeStruct = Nested<'a>;
    type SerializeStructVariant = Impossible<(), CensusError>;

    scalars! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_none(self) -> Result<(), CensusError> {
        Ok(())
    }
    fn serialize_unit(self) -> Result<(), CensusError> {
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CensusError> {
        value.serialize(self)
    }
    fn serialize_unit_variant(mut self, _: &'static str, _: u32, _: &'static str) -> Result<(), CensusError> {
        self.counted();
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), CensusError> {
        let Self { census, is_member } = self;
        if ![UNKNOWN_MEMBER, UNEXPECTED_MEMBER, OUT_OF_RANGE_MEMBER].contains(&name) {
            return value.serialize(Counter { census, is_member });
        }
        let path = census.path.clone();
        match name {
            UNEXPECTED_MEMBER => census.unexpected.push(path),
            OUT_OF_RANGE_MEMBER => census.missed.push(path),
            _ => {}
        }
        census.inside_extra += 1;
        let result = value.serialize(Counter { census, is_member });
        census.inside_extra -= 1;
        result
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), CensusError> {
        Err(CensusError(format!("{name} is not valid JSON")))
    }
    fn serialize_seq(mut self, _: Option<usize>) -> Result<Nested<'a>, CensusError> {
        self.counted();
        Ok(Nested {
            census: self.census,
            key: String::new(),
            position: 0,
        })
    }
    fn serialize_tuple(self, length: usize) -> Result<Nested<'a>, CensusError> {
        self.serialize_seq(Some(length))
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Nested<'a>, CensusError> {
        self.serialize_seq(length)
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Nested<'a>, CensusError> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Impossible<(), CensusError>, CensusError> {
        Err(CensusError(format!("{name} is not valid JSON")))
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), CensusError>, CensusError> {
        Err(CensusError(format!("{name} is not valid JSON")))
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), CensusError>, CensusError> {
        Err(CensusError(format!("{name} is not valid JSON")))
    }
}

/// The inside of an array or an object.
struct Nested<'a> {
    census: &'a mut Census,
    key: String,
    position: usize,
}

impl ser::SerializeSeq for Nested<'_> {
    type Ok = ();
    type Error = CensusError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CensusError> {
        let step = format!("[{}]", self.position);
        self.position += 1;
        self.census.at(&step, false, value)
    }
    fn end(self) -> Result<(), CensusError> {
        Ok(())
    }
}

impl ser::SerializeTuple for Nested<'_> {
    type Ok = ();
    type Error = CensusError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CensusError> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Result<(), CensusError> {
        Ok(())
    }
}

impl ser::SerializeMap for Nested<'_> {
    type Ok = ();
    type Error = CensusError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CensusError> {
        self.key = match serde_json::to_value(key) {
            Ok(serde_json::Value::String(key)) => format!(".{key}"),
            _ => return Err(CensusError("a member name that is not a string".to_owned())),
        };
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CensusError> {
        let step = std::mem::take(&mut self.key);
        self.census.at(&step, true, value)
    }
    fn end(self) -> Result<(), CensusError> {
        Ok(())
    }
}

impl ser::SerializeStruct for Nested<'_> {
    type Ok = ();
    type Error = CensusError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), CensusError> {
        self.census.at(&format!(".{key}"), true, value)
    }
    fn end(self) -> Result<(), CensusError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use okta_client::models::{User, json::from_slice};
    use serde_json::json;

    use super::*;

    #[test]
    fn typed_unknown_and_odd_members_are_told_apart() {
        let body = json!({
            "id": "00u1", "status": 5, "profile": {"login": "a", "custom": {"x": 1, "y": null}}, "brandNew": [{"z": 1}],
            "lastLogin": null,
        });
        let user: User = from_slice(body.to_string().as_bytes()).unwrap();
        let mut census = Census::default();
        census.count(&[user]).unwrap();
        // id, status, profile, login, custom, x, brandNew, z; of these status, custom, x, brandNew, z are extra.
        assert_eq!((census.members, census.members_in_extra), (8, 5));
        assert_eq!(census.unexpected, ["[0].status"]);
        assert!(census.missed.is_empty());
    }
}
