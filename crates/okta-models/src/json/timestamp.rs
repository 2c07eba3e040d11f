//! Points in time, in the forms Okta writes them.

use std::{borrow::Cow, cmp::Ordering, fmt, hash, str::FromStr};

use jiff::{civil, fmt::strtime, tz::Offset};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fit::{Fit, FromJson, deserialize_fit};

/// A point in time that is written back exactly as it was read.
///
/// Okta writes `2026-03-27T03:16:15.000Z` nearly everywhere, but three other forms occur in its answers; all are read.
/// A text that is none of them is no `Timestamp` and stays with the object's extra members. Two timestamps are equal when
/// the points in time are, whatever their texts.
#[derive(Clone)]
pub struct Timestamp {
    instant: jiff::Timestamp,
    form: Form,
}

#[derive(Clone)]
enum Form {
    /// `YYYY-MM-DDThh:mm:ss`, so many digits of a fraction, `Z`.
    Usual { digits: u8 },
    /// Any other form: the text itself.
    Verbatim(Box<str>),
}

/// A text that is no point in time in any of the forms Okta writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampError {
    text: Box<str>,
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no timestamp: write it like 2026-03-27T03:16:15.000Z",
            self.text
        )
    }
}

impl std::error::Error for TimestampError {}

impl Timestamp {
    /// The point in time.
    #[must_use]
    pub fn instant(&self) -> jiff::Timestamp {
        self.instant
    }
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_millisecond(&self) -> i64 {
        self.instant.as_millisecond()
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(usual) = parse_usual(text.as_bytes()) {
            return Some(usual);
        }
        let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| parse_rare(text))?;
        Some(Self {
            instant,
            form: Form::Verbatim(text.into()),
        })
    }
}

/// The form of nearly all timestamps, read without a detour: a page of the System Log holds thousands of them.
fn parse_usual(text: &[u8]) -> Option<Timestamp> {
    let (&b'Z', text) = text.split_last()? else { return None };
    let (seconds, fraction) = text.split_at_checked(19)?;
    let digits = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => digits.len(),
        _ => return None,
    };
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        mo1,
        mo2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        mi1,
        mi2,
        b':',
        s1,
        s2,
    ] = seconds
    else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i32, |number, digit| match digit {
            b'0'..=b'9' => Some(number * 10 + i32::from(digit - b'0')),
            _ => None,
        })
    };
    let small = |digits: &[u8]| number(digits).and_then(|number| i8::try_from(number).ok());
    let year = i16::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let mut nanosecond = number(fraction.get(1..).unwrap_or_default())?;
    for _ in digits..9 {
        nanosecond *= 10;
    }
    let date = civil::Date::new(year, small(&[mo1, mo2])?, small(&[d1, d2])?).ok()?;
    let time = civil::Time::new(small(&[h1, h2])?, small(&[mi1, mi2])?, small(&[s1, s2])?, nanosecond).ok()?;
    let instant = Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?;
    Some(Timestamp {
        instant,
        form: Form::Usual {
            digits: u8::try_from(digits).ok()?,
        },
    })
}

/// The forms seen in few places: group owners, ThreatInsight, numeric offsets without a colon.
fn parse_rare(text: &str) -> Option<jiff::Timestamp> {
    let parse = |format: &str| strtime::parse(format, text).ok();
    if let Some(parsed) = parse("%Y-%m-%dT%H:%M:%S%.f%z") {
        return parsed.to_timestamp().ok();
    }
    let parsed = parse("%Y-%m-%d %H:%M:%S%.f")
        .or_else(|| parse("%a %b %d %H:%M:%S UTC %Y"))
        .or_else(|| parse("%a %b %d %H:%M:%S GMT %Y"))?;
    Offset::UTC.to_timestamp(parsed.to_datetime().ok()?).ok()
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        Self::parse(text).ok_or_else(|| TimestampError { text: text.into() })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Verbatim(text) => f.write_str(text),
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

impl From<Timestamp> for jiff::Timestamp {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.instant
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
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
        self.instant.cmp(&other.instant)
    }
}

impl hash::Hash for Timestamp {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl FromJson for Timestamp {
    const KIND: &'static str = "a timestamp";

    fn from_json_str(text: Cow<'_, str>) -> Fit<Self> {
        match Self::parse(&text) {
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
        ] {
            let error = text.parse::<Timestamp>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
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
