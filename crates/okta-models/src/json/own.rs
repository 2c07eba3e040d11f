//! Types of the program that uses the SDK: read by serde, from whole bodies and from pages item by item.
//!
//! The cheapest decoder of a record is one for the three members that are needed: serde skips the others without looking at
//! them. Tolerance ends at the item: serde's own rules decide whether an item fits.

use std::ops::Range;

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Deserializer;

use super::{
    decode::{DecodeError, Items, text},
    repair::without_lone_surrogates,
};

/// Reads one value of a body as any type that implements serde's `Deserialize`.
///
/// A byte order mark and text that was cut in the middle of a character are read as by [`from_slice`](super::from_slice).
/// A `null` is what the type makes of it.
///
/// # Errors
/// [`DecodeError`] if the body is not JSON, or not JSON for a `T`. Its text contains no value of the body.
pub fn own_from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let text = text::<T>(body)?;
    let read = serde_json::from_str(text).or_else(|error| match without_lone_surrogates(text) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    });
    read.map_err(|error| DecodeError::syntax::<T>(0, error))
}

/// Reads one value of a text as a type that may borrow from it. The text is read unchanged: one that was cut in the middle of a
/// character is an error where it is decoded.
///
/// # Errors
/// [`DecodeError`] if the text is not JSON, or not JSON for a `T`. Its text contains no value of the JSON.
pub fn own_from_str<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, DecodeError> {
    serde_json::from_str(json).map_err(|error| DecodeError::syntax::<T>(0, error))
}

impl Items {
    /// Reads the next item of `body` as any type that implements serde's `Deserialize`; `None` after the last. An item that
    /// does not fit is the inner error, and reading continues after it; [`last`](Self::last) says where it is.
    ///
    /// `body` must be the same for all calls.
    ///
    /// # Errors
    /// [`DecodeError`] if the body is not a JSON array. There is nothing to read after an error: the next call returns
    /// `None`.
    #[inline]
    pub fn next_own<T: DeserializeOwned>(&mut self, body: &str) -> Result<Option<Result<T, DecodeError>>, DecodeError> {
        self.repairing(body, Self::read_own)
    }

    /// Returns the bytes of the next item of `body`, which is checked to be JSON but not decoded; `None` after the last.
    ///
    /// `body` must be the same for all calls.
    ///
    /// # Errors
    /// [`DecodeError`] if the body is not a JSON array. There is nothing to read after an error: the next call returns
    /// `None`.
    #[inline]
    pub fn next_verbatim(&mut self, body: &str) -> Result<Option<Range<usize>>, DecodeError> {
        self.repairing(body, Self::read_verbatim)
    }

    #[inline]
    fn read_own<T: DeserializeOwned>(&mut self, body: &str) -> Result<Option<Result<T, DecodeError>>, DecodeError> {
        if !self.begin_item::<T>(body)? {
            return Ok(None);
        }
        let mut reader = Deserializer::from_str(self.rest(body));
        match T::deserialize(&mut reader) {
            Ok(value) => {
                self.end_item(reader.into_iter::<IgnoredAny>().byte_offset());
                Ok(Some(Ok(value)))
            }
            Err(error) => self.skip_own::<T>(body, error),
        }
    }

    /// Goes past an item that is JSON but not for a `T`.
    #[cold]
    fn skip_own<T>(
        &mut self,
        body: &str,
        error: serde_json::Error,
    ) -> Result<Option<Result<T, DecodeError>>, DecodeError> {
        let is_data = error.is_data();
        let error = DecodeError::syntax::<T>(self.at(), error);
        if !is_data {
            return Err(error);
        }
        let length = self.item_length::<T>(body)?;
        self.end_item(length);
        Ok(Some(Err(error)))
    }

    fn read_verbatim(&mut self, body: &str) -> Result<Option<Range<usize>>, DecodeError> {
        if !self.begin_item::<IgnoredAny>(body)? {
            return Ok(None);
        }
        let length = self.item_length::<IgnoredAny>(body)?;
        self.end_item(length);
        Ok(Some(self.last()))
    }

    /// The length of the JSON value that begins here.
    fn item_length<T>(&self, body: &str) -> Result<usize, DecodeError> {
        let mut values = Deserializer::from_str(self.rest(body)).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Err(error)) => Err(DecodeError::syntax::<T>(self.at(), error)),
            Some(Ok(IgnoredAny)) | None => Ok(values.byte_offset()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Record = BTreeMap<String, u32>;

    /// The items, and the text of those that do not fit.
    fn read(body: &str) -> Result<Vec<Result<Record, String>>, DecodeError> {
        let mut items = Items::new();
        let mut found = Vec::new();
        while let Some(item) = items.next_own::<Record>(body)? {
            found.push(item.map_err(|_| body[items.last()].to_owned()));
        }
        assert!(items.next_own::<Record>(body)?.is_none());
        Ok(found)
    }

    fn record(number: u32) -> Result<Record, String> {
        Ok(Record::from([("a".to_owned(), number)]))
    }

    #[test]
    fn an_item_that_does_not_fit_is_skipped_with_its_text() {
        let misfits = ["null", r#""text""#, "12.50", r#"{"a": "no \" number"}"#, "[ {} ]"];
        for begin in ["", "\u{feff}"] {
            let items: Vec<_> = misfits
                .iter()
                .map(|misfit| format!(r#"{{"a":1}} , {misfit}"#))
                .collect();
            let found = read(&format!("{begin} [ {} ] ", items.join(" ,\n"))).unwrap();
            let expected: Vec<_> = misfits
                .iter()
                .flat_map(|misfit| [record(1), Err((*misfit).to_owned())])
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_page_that_breaks_off_is_an_error_after_the_items_before() {
        for (body, whole) in [
            (r#"[{"a":1},null,{"a":"#, 2),
            (r#"[{"a":1},{"a":"x"#, 1),
            (r#"[{"a":1} {"a":2}]"#, 1),
            (r#"[{"a":1},]"#, 1),
            ("", 0),
            ("null", 0),
            ("<html>", 0),
            (r#"[{"a":1}] x"#, 1),
        ] {
            let mut items = Items::new();
            for _ in 0..whole {
                assert!(items.next_own::<Record>(body).unwrap().is_some(), "{body}");
            }
            let error = items.next_own::<Record>(body).unwrap_err();
            assert!(!error.to_string().is_empty());
            assert!(items.next_own::<Record>(body).unwrap().is_none(), "{body}");
            let mut items = Items::new();
            for _ in 0..whole {
                assert!(items.next_verbatim(body).unwrap().is_some(), "{body}");
            }
            assert!(items.next_verbatim(body).is_err(), "{body}");
        }
    }

    #[test]
    fn text_cut_in_the_middle_of_a_character_is_repaired_where_it_is_read() {
        let body = r#"["a", "cut \ud83d", 5, "\ud83d\ude00", "\ude00"]"#;
        let mut items = Items::new();
        let mut found = Vec::new();
        while let Some(item) = items.next_own::<String>(body).unwrap() {
            found.push(item.map_err(|_| &body[items.last()]));
        }
        let text = |text: &str| Ok(text.to_owned());
        let expected = [
            text("a"),
            text("cut \u{fffd}"),
            Err("5"),
            text("\u{1f600}"),
            text("\u{fffd}"),
        ];
        assert_eq!(found, expected);
        assert_eq!(own_from_slice::<String>(br#""cut \ud83d""#).unwrap(), "cut \u{fffd}");
    }

    #[test]
    fn verbatim_items_are_the_bytes_of_the_body() {
        let body = "\u{feff}[ {\"b\" : 12.50, \"a\":\"\\ud83d\"} ,null ]";
        let mut items = Items::new();
        let mut found = Vec::new();
        while let Some(range) = items.next_verbatim(body).unwrap() {
            found.push(&body[range]);
        }
        assert_eq!(found, ["{\"b\" : 12.50, \"a\":\"\\ud83d\"}", "null"]);
    }

    /// A secret never appears in an error.
    #[test]
    fn an_error_shows_no_value() {
        for (json, says) in [
            (
                r#"{"a":"s3cret, expected \"x\""}"#,
                "not a valid BTreeMap<String, u32>: invalid type: string, expected u32 at line",
            ),
            (r#"{"a":53.25}"#, "invalid type: floating point, expected u32"),
            (r#"{"a":-53}"#, "invalid value: integer, expected u32"),
            (r#"{"a":null}"#, "invalid type: null, expected u32"),
            (r#"{"a":true}"#, "invalid type: boolean, expected u32"),
            (r#"["s3cret"]"#, "invalid type: sequence, expected a map"),
        ] {
            let error = own_from_slice::<Record>(json.as_bytes()).unwrap_err();
            let said = error.to_string();
            assert_eq!(format!("{error:?}"), said);
            assert!(said.contains(says), "{said}");
            assert!(!said.contains("s3cret") && !said.contains("53"), "{said}");
        }
        let error = own_from_slice::<Result<u8, u8>>(br#"{"s3cret": 1}"#).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("unknown variant, expected `Ok` or `Err`"), "{said}");
    }
}
