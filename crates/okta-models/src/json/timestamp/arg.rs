//! Points in time as arguments.

use std::time::SystemTime;

use super::{Form, Timestamp, TimestampError};

/// A point in time as a call or a setter takes it: text, [`jiff`]'s or the standard library's time, or a [`Timestamp`].
///
/// Text is ISO 8601, such as `2026-03-27T03:16:15Z`. A time without an offset is UTC, and a date alone is midnight UTC. Text
/// that is not a time is an error of the call that sends it, which is then not sent. Times of [`jiff`] and of the standard
/// library are rounded down to milliseconds, as Okta writes them; text and [`Timestamp`]s are sent unchanged.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use okta_models::{TimeArg, jiff};
///
/// let sent = |time: TimeArg| time.into_timestamp().map(|time| time.to_string());
/// assert_eq!(sent("2026-03-27T03:16:15Z".into())?, "2026-03-27T03:16:15Z");
/// assert_eq!(sent("2026-03-27".into())?, "2026-03-27T00:00:00Z");
/// assert_eq!(sent(jiff::Timestamp::UNIX_EPOCH.into())?, "1970-01-01T00:00:00.000Z");
/// assert_eq!(sent((SystemTime::UNIX_EPOCH + Duration::from_millis(1)).into())?, "1970-01-01T00:00:00.001Z");
/// assert!(sent("yesterday".into()).is_err());
/// # Ok::<(), okta_models::json::TimestampError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimeArg(Result<Timestamp, TimestampError>);

impl TimeArg {
    /// The time, as it is sent.
    ///
    /// # Errors
    /// [`TimestampError`] if it was made from text that is not a time, or from a time beyond the calendar.
    pub fn into_timestamp(self) -> Result<Timestamp, TimestampError> {
        self.0
    }
}

/// Reads a text of a program: more than [`Timestamp`] reads, and only in a form that Okta takes.
fn read(text: &str) -> Result<Timestamp, TimestampError> {
    let is_date = text.len() == "2026-03-27".len();
    let read = text.parse::<Timestamp>().or_else(|error| {
        let completed = if is_date {
            format!("{text}T00:00:00Z")
        } else {
            format!("{text}Z")
        };
        completed.parse().map_err(|_| error)
    })?;
    // A space between date and time, or a date as Unix prints it, is not ISO 8601.
    let is_iso = match &read.form {
        Form::Usual { .. } => true,
        Form::Other(other) => other.text.contains('T') && !other.text.contains(' '),
    };
    if is_iso {
        return Ok(read);
    }
    let written = Timestamp::from(read.instant);
    if written == read {
        return Ok(written);
    }
    // jiff cannot hold it, so its own text is put into the form.
    let text = text.replacen([' ', 't'], "T", 1);
    let mut forms = [format!("{text}Z"), text].into_iter();
    let same = forms.find_map(|form| {
        form.parse()
            .ok()
            .filter(|time: &Timestamp| *time == read && !form.contains(' '))
    });
    same.ok_or_else(|| TimestampError::text(&read.to_string()))
}

impl From<&str> for TimeArg {
    fn from(text: &str) -> Self {
        Self(read(text))
    }
}

impl From<String> for TimeArg {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for TimeArg {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Timestamp> for TimeArg {
    fn from(time: Timestamp) -> Self {
        Self(Ok(time))
    }
}

impl From<&Timestamp> for TimeArg {
    fn from(time: &Timestamp) -> Self {
        Self(Ok(time.clone()))
    }
}

impl From<jiff::Timestamp> for TimeArg {
    fn from(time: jiff::Timestamp) -> Self {
        let milliseconds = time.as_nanosecond().div_euclid(1_000_000);
        let rounded = i64::try_from(milliseconds).ok().map(jiff::Timestamp::from_millisecond);
        Self(Ok(match rounded {
            Some(Ok(rounded)) => rounded.into(),
            _ => time.into(),
        }))
    }
}

impl From<SystemTime> for TimeArg {
    fn from(time: SystemTime) -> Self {
        match jiff::Timestamp::try_from(time) {
            Ok(time) => time.into(),
            Err(_) => Self(Err(TimestampError::beyond_the_calendar())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn sent(time: impl Into<TimeArg>) -> String {
        match time.into().into_timestamp() {
            Ok(time) => time.to_string(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn every_kind_of_time_is_taken() {
        let instant: jiff::Timestamp = "2026-03-27T03:16:15.1234567Z".parse().unwrap();
        let in_milliseconds = "2026-03-27T03:16:15.123Z";
        assert_eq!(sent(instant), in_milliseconds);
        let since_1970 = Duration::from_nanos(u64::try_from(instant.as_nanosecond()).unwrap());
        assert_eq!(sent(SystemTime::UNIX_EPOCH + since_1970), in_milliseconds);
        assert_eq!(sent(Timestamp::from(instant)), "2026-03-27T03:16:15.123456700Z");
        assert_eq!(
            sent(SystemTime::UNIX_EPOCH - Duration::from_micros(1)),
            "1969-12-31T23:59:59.999Z"
        );
        assert_eq!(sent(jiff::Timestamp::MIN), "-009999-01-02T01:59:59.000Z");
    }

    #[test]
    fn text_beyond_the_calendar_is_sent_as_the_time_that_it_is() {
        for (text, expected) in [
            ("9999-12-31 23:59:59", "9999-12-31T23:59:59Z"),
            ("9999-12-31 23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("9999-12-31t23:59:59-02:00", "9999-12-31T23:59:59-02:00"),
            ("22026-01-02 03:04:05", "22026-01-02T03:04:05Z"),
        ] {
            assert_eq!(sent(text), expected, "{text}");
        }
    }

    #[test]
    fn text_is_completed_but_not_changed() {
        for (text, expected) in [
            ("2026-03-27T03:16:15Z", "2026-03-27T03:16:15Z"),
            ("2026-03-27T03:16:15.000+0000", "2026-03-27T03:16:15.000+0000"),
            ("2026-03-27T05:16:15+02:00", "2026-03-27T05:16:15+02:00"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("2026-03-27", "2026-03-27T00:00:00Z"),
            ("2026-03-27T03:16:15", "2026-03-27T03:16:15Z"),
            ("2026-03-27 03:16:15", "2026-03-27T03:16:15.000Z"),
            ("Fri Mar 27 03:16:15 UTC 2026", "2026-03-27T03:16:15.000Z"),
        ] {
            assert_eq!(sent(text), expected);
        }
    }

    #[test]
    fn what_is_not_a_time_is_an_error_with_the_text_as_it_was() {
        for text in [
            "",
            "yesterday",
            "2026-02-30",
            "2026-03",
            "1774581375",
            "2026-03-27T25:00:00",
        ] {
            let error = TimeArg::from(text).into_timestamp().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not a timestamp")), "{error}");
        }
    }
}
