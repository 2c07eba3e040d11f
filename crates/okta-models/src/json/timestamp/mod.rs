//! Points in time, in the forms Okta writes them.

mod arg;
mod parse;

use std::{borrow::Cow, cmp::Ordering, fmt, hash, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use arg::TimeArg;

use super::fit::{Fit, FromJson, deserialize_fit};

/// A point in time that is written back exactly as it was read.
///
/// Okta writes `2026-03-27T03:16:15.000Z` nearly everywhere, but other forms occur in its responses; all are read. A text
/// in none of them is not a `Timestamp` and stays with the object's extra members. Two timestamps are equal if the points
/// in time are, whatever their texts.
///
/// "Never" is a date at the end of the calendar, as in `9999-12-31T23:59:59.999Z`: see [`is_never`](Self::is_never). Such a
/// time, and any other that [`jiff`] cannot hold, is ordered and written back like every other one.
///
/// ```
/// use okta_models::Timestamp;
///
/// let never: Timestamp = "9999-12-31T23:59:59.999Z".parse()?;
/// let soon: Timestamp = "2026-12-01T00:00:00.000Z".parse()?;
/// assert!(never.is_never() && never > soon);
/// assert_eq!(never.to_string(), "9999-12-31T23:59:59.999Z");
/// assert_eq!(never.instant(), jiff::Timestamp::MAX);
/// # Ok::<(), okta_models::json::TimestampError>(())
/// ```
#[derive(Clone)]
pub struct Timestamp {
    /// The nearest instant that jiff holds.
    instant: jiff::Timestamp,
    form: Form,
}

#[derive(Clone)]
enum Form {
    /// `YYYY-MM-DDThh:mm:ss`, so many digits of a fraction, `Z`.
    Usual { digits: u8 },
    /// Any other. Boxed, so that the usual ones stay small.
    Other(Box<Other>),
}

#[derive(Clone)]
struct Other {
    text: Box<str>,
    /// The exact time, which jiff may be unable to hold.
    nanoseconds: i128,
}

/// 9999-12-30T00:00:00Z. Whatever its time zone, 9999-12-31 is later.
const NEVER: i128 = 253_402_128_000 * NANOSECONDS;
const NANOSECONDS: i128 = 1_000_000_000;

/// A text that is not a point in time in any of the forms Okta writes, or a time that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampError {
    /// `None` for a time that is not text.
    text: Option<Box<str>>,
}

impl TimestampError {
    fn text(text: &str) -> Self {
        Self {
            text: Some(text.into()),
        }
    }
    /// A time of the program that no calendar date can be written for.
    fn beyond_the_calendar() -> Self {
        Self { text: None }
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => write!(f, "`{text}` is not a timestamp: write it like 2026-03-27T03:16:15.000Z"),
            None => f.write_str(
                "the time is before the year -9999 or after the year 9999: give one that a date can be written for",
            ),
        }
    }
}

impl std::error::Error for TimestampError {}

impl Timestamp {
    /// The point in time; the nearest that jiff holds, if it is before -009999-01-02 or after 9999-12-30T22:00:00Z.
    #[must_use]
    pub fn instant(&self) -> jiff::Timestamp {
        self.instant
    }
    /// Milliseconds since 1970-01-01T00:00:00Z, also for times that [`instant`](Self::instant) cannot hold.
    #[must_use]
    pub fn as_millisecond(&self) -> i64 {
        let milliseconds = self.nanoseconds().div_euclid(1_000_000);
        // Only a year beyond 292,000,000 saturates.
        i64::try_from(milliseconds).unwrap_or(if milliseconds < 0 { i64::MIN } else { i64::MAX })
    }
    /// Returns true if this is Okta's way to write "never": 9999-12-31 in any time zone, or later.
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.nanoseconds() >= NEVER
    }

    /// Nanoseconds since 1970.
    fn nanoseconds(&self) -> i128 {
        match &self.form {
            Form::Other(other) => other.nanoseconds,
            Form::Usual { .. } => self.instant.as_nanosecond(),
        }
    }

    /// A time in any form but the usual one.
    fn other(nanoseconds: i128, text: &str) -> Self {
        let nearest = if nanoseconds < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        Self {
            instant: jiff::Timestamp::from_nanosecond(nanoseconds).unwrap_or(nearest),
            form: Form::Other(Box::new(Other {
                text: text.into(),
                nanoseconds,
            })),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        parse::parse(text).ok_or_else(|| TimestampError::text(text))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Other(other) => f.write_str(&other.text),
            Form::Usual { digits } => write!(f, "{:.*}", usize::from(*digits), self.instant),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    /// Writes milliseconds as Okta does, and more digits only where they would be lost.
    fn from(instant: jiff::Timestamp) -> Self {
        let nanosecond = instant.subsec_nanosecond();
        let digits = if nanosecond % 1_000_000 == 0 {
            3
        } else if nanosecond % 1_000 == 0 {
            6
        } else {
            9
        };
        Self {
            instant,
            form: Form::Usual { digits },
        }
    }
}

impl TryFrom<std::time::SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: std::time::SystemTime) -> Result<Self, TimestampError> {
        TimeArg::from(time).into_timestamp()
    }
}

impl From<Timestamp> for jiff::Timestamp {
    /// Gives [`Timestamp::instant`].
    fn from(timestamp: Timestamp) -> Self {
        timestamp.instant
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.nanoseconds() == other.nanoseconds()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanoseconds().cmp(&other.nanoseconds())
    }
}

impl hash::Hash for Timestamp {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.nanoseconds().hash(state);
    }
}

impl FromJson for Timestamp {
    const KIND: &'static str = "a timestamp";

    fn from_json_str(text: Cow<'_, str>) -> Fit<Self> {
        match parse::parse(&text) {
            Some(timestamp) => Fit::Fits(timestamp),
            None => Fit::Other(text.into_owned().into()),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_fit(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_okta_writes_are_read_and_written_back() {
        let instant: jiff::Timestamp = "2026-03-27T03:16:15Z".parse().unwrap();
        for text in [
            "2026-03-27T03:16:15.000Z",
            "2026-03-27T03:16:15Z",
            "2026-03-27T03:16:15.0Z",
            "2026-03-27T03:16:15.000000000Z",
            "2026-03-27 03:16:15",
            "2026-03-27 03:16:15.0",
            "Fri Mar 27 03:16:15 UTC 2026",
            "2026-03-27T03:16:15.000+0000",
            "2026-03-27T05:16:15+02:00",
        ] {
            let read: Timestamp = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(read.instant(), instant, "{text}");
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn a_text_that_is_no_time_is_refused_by_name() {
        for text in [
            "",
            "yesterday",
            "2026-02-30T00:00:00.000Z",
            "2026-03-27T24:00:61.000Z",
            "createdDate",
            "2026-03-27",
            "2026-03-27T24:00:01.000Z",
            "2026-03-27T23:59:61.000Z",
            "2026-03-27T03:16:15.000",
            "2026-03-27T03:16:15.Z",
            "-000000-01-01T00:00:00Z",
            "99999999999-01-01T00:00:00Z",
            "9999-12-32T00:00:00Z",
            "9999-12-31T23:59:59.999Zulu",
            "999-12-31T23:59:59.999Z",
        ] {
            let error = text.parse::<Timestamp>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    // B50: the end of the calendar is how Okta writes "never"; jiff ends 26 hours before it.
    #[test]
    fn b50_never_is_read_ordered_and_written_back() {
        let soon: Timestamp = "2026-03-27T03:16:15.000Z".parse().unwrap();
        for text in [
            "9999-12-31T23:59:59.999Z",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999+0000",
            "9999-12-31T23:59:59-08:00",
            "9999-12-31T00:00:00+14:00",
            "9999-12-31 23:59:59",
            "Fri Dec 31 23:59:59 UTC 9999",
            "9999-12-31T24:00:00Z",
            "+10000-01-01T00:00:00Z",
            "10000-01-01T00:00:00.000Z",
            "292278994-08-17T07:12:55.807Z",
            "+1000000000-12-31T23:59:59.999999999Z",
        ] {
            let never: Timestamp = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert!(
                never.is_never() && never > soon && never.instant() > soon.instant(),
                "{text}"
            );
            assert_eq!(
                (never.to_string(), format!("{never:?}")),
                (text.to_owned(), text.to_owned())
            );
            assert_eq!(serde_json::to_value(&never).unwrap(), text);
        }
        assert!(!soon.is_never());
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(at("9999-12-31T23:59:59.999Z") < at("+10000-01-01T00:00:00Z"));
        assert!(at("9999-12-30T22:00:00.999999999Z") < at("9999-12-30T22:00:01Z"));
        assert_eq!(at("9999-12-31T24:00:00Z"), at("+10000-01-01T00:00:00Z"));
        assert_eq!(at("9999-12-31T23:59:59.999Z").as_millisecond(), 253_402_300_799_999);
        assert_eq!(at("292278994-08-17T07:12:55.807Z").as_millisecond(), i64::MAX);
    }

    // B50, siblings: what ISO 8601 allows and calendars differ about.
    #[test]
    fn b50_the_edges_of_calendars_and_days_are_read() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap_or_else(|error| panic!("{error}"));
        // A leap second, and midnight at the end of a day.
        for (text, same) in [
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2016-12-31T23:59:60.500Z", "2017-01-01T00:00:00.500Z"),
            ("2017-01-01T01:59:60+02:00", "2017-01-01T00:00:00Z"),
            ("2026-03-27T24:00:00.000Z", "2026-03-28T00:00:00Z"),
            ("2024-02-28T24:00:00Z", "2024-02-29T00:00:00Z"),
            ("2026-03-27T03:16Z", "2026-03-27T03:16:00Z"),
            ("2026-03-27T03:16:15.1234567891234Z", "2026-03-27T03:16:15.123456789Z"),
        ] {
            assert_eq!(at(text), at(same));
            assert_eq!(at(text).to_string(), text);
        }
        // From the earliest to the latest.
        let texts = [
            "-999999999-01-01T00:00:00Z",
            "-10000-12-31T23:59:59Z",
            "-009999-06-01T00:00:00Z",
            "-0001-12-31T23:59:59.999Z",
            "0000-01-01T00:00:00.000Z",
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "1970-01-01T00:00:00Z",
        ];
        for pair in texts.windows(2) {
            assert!(at(pair[0]) < at(pair[1]), "{pair:?}");
        }
        for text in texts {
            assert_eq!(at(text).to_string(), text);
        }
        assert_eq!(at("-10000-12-31T23:59:59Z").instant(), jiff::Timestamp::MIN);
        assert_eq!(at("0001-01-01T00:00:00Z").as_millisecond(), -62_135_596_800_000);
        assert_eq!(at("1969-12-31T23:59:59.999Z").as_millisecond(), -1);
    }

    #[test]
    fn a_timestamp_takes_no_more_room_than_an_instant_and_a_text() {
        assert!(size_of::<Timestamp>() <= size_of::<(jiff::Timestamp, Box<str>)>());
    }

    #[test]
    fn a_time_of_the_program_is_written_as_okta_does() {
        let at = |text: &str| Timestamp::from(text.parse::<jiff::Timestamp>().unwrap()).to_string();
        assert_eq!(at("2026-03-27T03:16:15Z"), "2026-03-27T03:16:15.000Z");
        assert_eq!(at("2026-03-27T03:16:15.123456Z"), "2026-03-27T03:16:15.123456Z");
        assert_eq!(at("2026-03-27T03:16:15.123456789Z"), "2026-03-27T03:16:15.123456789Z");
    }

    proptest! {
        #[test]
        fn any_text_that_is_read_is_written_back(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,12})?(Z|[+-][0-9]{4})") {
            if let Ok(read) = text.parse::<Timestamp>() {
                prop_assert_eq!(read.to_string(), text);
            }
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
