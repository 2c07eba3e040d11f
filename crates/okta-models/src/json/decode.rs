//! Whole bodies: one value, or a page read item by item.

use std::{borrow::Cow, fmt, ops::Range, str::Utf8Error};

use serde::de::{Deserialize, DeserializeSeed, IgnoredAny};
use serde_json::Value;

use super::fit::{Fit, FromJson, kind_of, short_name};
use super::place::{Placed, ReadInto};
use super::repair::without_lone_surrogates;

/// Some programs begin UTF-8 with it; JSON must not (RFC 8259 §8.1), but may be read so.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A body could not be read: it is not JSON, or not JSON of the right kind.
///
/// A member of the wrong kind is never an error; what remains is a truncated or garbled body, and a response that is
/// altogether something else (an array where one object was asked for). `{:?}` is the same text as `{}`, without values of the
/// body.
pub struct DecodeError {
    expected: String,
    problem: Problem,
}

enum Problem {
    Syntax { offset: usize, source: serde_json::Error },
    Kind(&'static str),
    Encoding(Utf8Error),
}

impl DecodeError {
    pub(super) fn syntax<T>(offset: usize, source: serde_json::Error) -> Self {
        Self {
            expected: short_name::<T>(),
            problem: Problem::Syntax { offset, source },
        }
    }
    /// A body that is not UTF-8 where a `T` was expected.
    #[must_use]
    pub fn encoding<T>(error: Utf8Error) -> Self {
        Self {
            expected: short_name::<T>(),
            problem: Problem::Encoding(error),
        }
    }
    /// A body that holds this where a `T` was expected.
    #[must_use]
    pub fn kind<T>(found: &'static str) -> Self {
        Self {
            expected: short_name::<T>(),
            problem: Problem::Kind(found),
        }
    }
    /// Returns true if the body ended before the JSON did.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        matches!(&self.problem, Problem::Syntax { source, .. } if source.is_eof())
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Syntax { offset, source } if source.is_data() => {
                write!(f, "not a valid {}", self.expected)?;
                if *offset > 0 {
                    write!(f, " in the item at byte {offset}")?;
                }
                write!(f, ": {}", without_value(&source.to_string()))
            }
            Problem::Syntax { offset: 0, source } => write!(f, "no valid JSON for {}: {source}", self.expected),
            Problem::Syntax { offset, source } => {
                write!(
                    f,
                    "no valid JSON for {} in the item at byte {offset}: {source}",
                    self.expected
                )
            }
            Problem::Kind(found) => write!(f, "found {found} where {} was expected", self.expected),
            Problem::Encoding(error) => write!(f, "no valid UTF-8 for {}: {error}", self.expected),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Its text contains what the parser says, so there is no source.
impl std::error::Error for DecodeError {}

/// serde's text without the value that was found: it may be a secret.
fn without_value(said: &str) -> Cow<'_, str> {
    let begins = ["invalid type: ", "invalid value: ", "unknown variant "];
    let found = begins.iter().find(|begin| said.starts_with(**begin));
    // The kind of the value comes first: `string "x"`, `integer `5``.
    let quoted = found.and_then(|begin| Some(begin.len() + said.get(begin.len()..)?.find(['"', '`'])?));
    // What was expected may contain commas too, the value anything.
    match (quoted, said.rfind(", expected ")) {
        (Some(from), Some(to)) if from < to => {
            let kind = said.get(..from).unwrap_or_default().trim_end();
            Cow::Owned(format!("{kind}{}", said.get(to..).unwrap_or_default()))
        }
        _ => Cow::Borrowed(said),
    }
}

/// The text of a body that is to become a `T`.
///
/// Checking a body once costs a small part of what it costs to check each of its strings.
///
/// # Errors
/// [`DecodeError`] if the body is not UTF-8.
pub fn text<T>(body: &[u8]) -> Result<&str, DecodeError> {
    let text = std::str::from_utf8(body).map_err(DecodeError::encoding::<T>)?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text))
}

/// Reads one value of a body.
///
/// # Errors
/// [`DecodeError`] if the body is not JSON, or is of another kind than `T` altogether.
pub fn from_slice<T: FromJson>(body: &[u8]) -> Result<T, DecodeError> {
    let text = text::<T>(body)?;
    let read = serde_json::from_str::<Fit<T>>(text).or_else(|error| match without_lone_surrogates(text) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    });
    match read {
        Ok(Fit::Fits(value)) => Ok(value),
        Ok(Fit::Null) => Err(DecodeError::kind::<T>("null")),
        Ok(Fit::Other(value)) => Err(DecodeError::kind::<T>(kind_of(&value))),
        Err(error) => Err(DecodeError::syntax::<T>(0, error)),
    }
}

/// One item of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<T> {
    /// A record of the documented kind.
    Typed(T),
    /// Something else (`null`, a bare string, …), verbatim.
    Undecodable(Value),
}

/// Reads the items of a JSON array one at a time from the body that holds it.
///
/// A page decoded item by item costs less than one decoded into a list first, and an item that is of another kind
/// altogether takes nothing but itself along. The position is kept here and the body outside, so that a stream can own
/// both.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// Where the item begins that was read last.
    from: usize,
    at: usize,
    state: State,
    /// The repaired body, if it could not be read unchanged.
    repaired: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    BeforeArray,
    BeforeFirstItem,
    AfterItem,
    Done,
}

/// Reads the next item of a body in one of the ways there are.
type ReadNext<'a, T> = dyn Fn(&mut Items, &str) -> Result<Option<T>, DecodeError> + 'a;

impl Items {
    /// Starts before the array.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next item of `body`, which must be the same for all calls; `None` after the last.
    ///
    /// # Errors
    /// [`DecodeError`] if the body is not a JSON array. There is nothing to read after an error: the next call gives
    /// `None`.
    pub fn next<T: FromJson>(&mut self, body: &str) -> Result<Option<Item<T>>, DecodeError> {
        self.repairing(body, Self::read)
    }

    /// The bytes of `body` that hold the item which was read last.
    #[must_use]
    pub fn last(&self) -> Range<usize> {
        self.from..self.at
    }

    /// Reads on, in the repaired body if the body cannot be read unchanged. Positions are the same in both.
    #[inline]
    pub(super) fn repairing<T>(
        &mut self,
        body: &str,
        read: impl Fn(&mut Self, &str) -> Result<Option<T>, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if self.repaired.is_some() {
            return self.read_repaired(&read);
        }
        let before = (self.from, self.at, self.state);
        let result = read(self, body);
        if result.is_err() {
            if let Some(repaired) = without_lone_surrogates(body) {
                (self.from, self.at, self.state) = before;
                self.repaired = Some(repaired);
                return self.read_repaired(&read);
            }
            self.end_at_error(&result);
        }
        result
    }

    #[cold]
    fn read_repaired<T>(&mut self, read: &ReadNext<'_, T>) -> Result<Option<T>, DecodeError> {
        let Some(repaired) = self.repaired.take() else {
            return Ok(None);
        };
        let result = read(self, &repaired);
        self.end_at_error(&result);
        self.repaired = Some(repaired);
        result
    }

    fn end_at_error<T>(&mut self, result: &Result<T, DecodeError>) {
        if result.is_err() {
            self.state = State::Done;
        }
    }

    /// Goes to the beginning of the next item; returns false after the last.
    pub(super) fn begin_item<T>(&mut self, body: &str) -> Result<bool, DecodeError> {
        if self.state == State::BeforeArray {
            if body.starts_with(BYTE_ORDER_MARK) {
                self.at = BYTE_ORDER_MARK.len_utf8();
            }
            if self.token(body) != Some(b'[') {
                return Err(no_array::<T>(body));
            }
            self.at += 1;
            self.state = State::BeforeFirstItem;
        }
        match (self.state, self.token(body)) {
            (State::Done, _) => return Ok(false),
            (_, Some(b']')) => {
                self.at += 1;
                self.state = State::Done;
                return match self.token(body) {
                    None => Ok(false),
                    Some(_) => Err(self.invalid::<T>(body)),
                };
            }
            (State::AfterItem, Some(b',')) => {
                self.at += 1;
                self.token(body);
            }
            (State::AfterItem, _) => return Err(self.invalid::<T>(body)),
            _ => {}
        }
        self.from = self.at;
        Ok(true)
    }

    /// Goes to the end of an item of this length.
    pub(super) fn end_item(&mut self, length: usize) {
        self.at += length;
        self.state = State::AfterItem;
    }

    /// The position in the body.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn read<T: FromJson>(&mut self, body: &str) -> Result<Option<Item<T>>, DecodeError> {
        if !self.begin_item::<T>(body)? {
            return Ok(None);
        }
        let mut reader = serde_json::Deserializer::from_str(self.rest(body));
        let mut place = None;
        let placed = match ReadInto(&mut place).deserialize(&mut reader) {
            Ok(placed) => placed,
            Err(error) => return Err(DecodeError::syntax::<T>(self.at, error)),
        };
        // Only a stream of further values reports where the reader is.
        self.end_item(reader.into_iter::<IgnoredAny>().byte_offset());
        Ok(Some(match (placed, place) {
            (Placed::Filled, Some(value)) => Item::Typed(value),
            (Placed::Other(value), _) => Item::Undecodable(value),
            (Placed::Filled | Placed::Null, _) => Item::Undecodable(Value::Null),
        }))
    }

    pub(super) fn rest<'a>(&self, body: &'a str) -> &'a str {
        body.get(self.at..).unwrap_or_default()
    }

    /// Skips white space and looks at the next byte.
    fn token(&mut self, body: &str) -> Option<u8> {
        while let Some(byte) = body.as_bytes().get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// What serde_json says of the place, read on from it as the rest of an array.
    fn invalid<T>(&self, body: &str) -> DecodeError {
        let mut rest = serde_json::Deserializer::from_str(self.rest(body));
        let error = match <IgnoredAny as Deserialize>::deserialize(&mut rest) {
            Err(error) => error,
            Ok(_) => serde::de::Error::custom("expected `,` or `]`"),
        };
        DecodeError::syntax::<T>(self.at, error)
    }
}

fn no_array<T>(body: &str) -> DecodeError {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => DecodeError::kind::<Vec<T>>(kind_of(&value)),
        Err(error) => DecodeError::syntax::<T>(0, error),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &str) -> Result<Vec<Item<String>>, DecodeError> {
        let mut items = Items::new();
        let mut found = Vec::new();
        while let Some(item) = items.next(body)? {
            found.push(item);
        }
        assert_eq!(items.next::<String>(body).unwrap(), None);
        Ok(found)
    }

    #[test]
    fn items_come_one_by_one_and_odd_ones_as_they_are() {
        let typed = |text: &str| Item::Typed(text.to_owned());
        assert_eq!(read("[]").unwrap(), []);
        assert_eq!(read(" [ \n ] ").unwrap(), []);
        assert_eq!(
            read(r#" ["a" , null,"b", 5 ,{"c":[]}] "#).unwrap(),
            [
                typed("a"),
                Item::Undecodable(Value::Null),
                typed("b"),
                Item::Undecodable(json!(5)),
                Item::Undecodable(json!({"c": []}))
            ]
        );
    }

    #[test]
    fn a_text_cut_in_the_middle_of_a_character_takes_nothing_along() {
        let typed = |text: &str| Item::Typed(text.to_owned());
        assert_eq!(
            read(r#"["a", "cut \ud83d", "\ud83d\ude00", "\ude00"]"#).unwrap(),
            [typed("a"), typed("cut \u{fffd}"), typed("\u{1f600}"), typed("\u{fffd}")]
        );
        assert_eq!(from_slice::<String>(br#""cut \ud83d""#).unwrap(), "cut \u{fffd}");
        assert!(read(r#"["\ud83d", oops]"#).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(read("\u{feff}[\"a\"]").unwrap(), [Item::Typed("a".to_owned())]);
        assert_eq!(from_slice::<String>("\u{feff}\"a\"".as_bytes()).unwrap(), "a");
    }

    #[test]
    fn a_broken_page_says_where() {
        for (body, says) in [
            ("", "EOF"),
            ("<html>", "expected value"),
            (r#"["a""#, "EOF"),
            (r#"["a","#, "EOF"),
            (r#"["a" "b"]"#, "expected `,` or `]`"),
            (r#"["a",]"#, "expected value"),
            (r#"["a"] x"#, "expected value"),
            (r#"{"a":1}"#, "found an object where Vec"),
        ] {
            let error = read(body).unwrap_err();
            assert!(error.to_string().contains(says), "{body}: {error}");
        }
        assert!(read(r#"["a","#).unwrap_err().is_truncated());
    }

    #[test]
    fn an_array_where_one_object_was_asked_for_is_an_error() {
        let error = from_slice::<crate::json::Link>(b"[]").unwrap_err();
        assert_eq!(error.to_string(), "found an array where Link was expected");
        let error = from_slice::<crate::json::Link>(b"{\"href\":\"\xff\"}").unwrap_err();
        assert!(error.to_string().contains("no valid UTF-8 for Link"), "{error}");
    }
}
