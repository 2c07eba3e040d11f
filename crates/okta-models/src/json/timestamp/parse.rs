//! The notations of points in time that Okta and the programs that feed it write.

use jiff::{civil, fmt::strtime, tz::Offset};

use super::{Form, NANOSECONDS, Timestamp};

const SECONDS_PER_DAY: i64 = 86_400;

/// Reads a text in any of the notations.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    if let Some(usual) = parse_usual(text.as_bytes()) {
        return Some(usual);
    }
    if let Some((second, nanosecond)) = parse_iso(text.as_bytes()).or_else(|| parse_unix_date(text)) {
        let nanoseconds = i128::from(second) * NANOSECONDS + i128::from(nanosecond);
        return Some(Timestamp::other(nanoseconds, text));
    }
    let instant = text.parse::<jiff::Timestamp>().ok()?;
    Some(Timestamp::other(instant.as_nanosecond(), text))
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

/// ISO 8601 with its rarer parts, in years of up to ten digits: seconds since 1970 and nanoseconds.
///
/// A leap second is the second after it, `24:00` is midnight at the end of the day, digits after nanoseconds are
/// ignored. A time without an offset is UTC if a space precedes it, as in the responses of ThreatInsight.
fn parse_iso(text: &[u8]) -> Option<(i64, i32)> {
    let mut rest = Rest(text);
    let year = rest.year()?;
    rest.expect(b'-')?;
    let month = rest.two_digits(1, 12)?;
    rest.expect(b'-')?;
    let day = rest.two_digits(1, days_in_month(year, month))?;
    let separator = rest.one_of(b"Tt ")?;
    let hour = rest.two_digits(0, 24)?;
    rest.expect(b':')?;
    let minute = rest.two_digits(0, 59)?;
    let mut second = 0;
    let mut nanosecond = 0;
    if rest.one_of(b":").is_some() {
        second = rest.two_digits(0, 60)?;
        if rest.one_of(b".,").is_some() {
            nanosecond = rest.fraction()?;
        }
    }
    if hour == 24 && (minute, second, nanosecond) != (0, 0, 0) {
        return None;
    }
    let offset = rest.offset(separator == b' ')?;
    if !rest.0.is_empty() {
        return None;
    }
    let days = days_since_1970(year, month, day);
    Some((
        days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset,
        nanosecond,
    ))
}

/// What is left of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn one_of(&mut self, accepted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !accepted.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.one_of(&[byte]).map(|_| ())
    }

    fn digits(&mut self) -> &[u8] {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count).unwrap_or((&[], self.0));
        self.0 = rest;
        digits
    }

    /// Four digits, or up to ten; a year before 0 has a sign, one after 9999 may have one.
    fn year(&mut self) -> Option<i64> {
        let sign = self.one_of(b"+-");
        let digits = self.digits();
        if !(4..=10).contains(&digits.len()) {
            return None;
        }
        let year = number(digits);
        match sign {
            Some(b'-') if year == 0 => None,
            Some(b'-') => Some(-year),
            _ => Some(year),
        }
    }

    fn two_digits(&mut self, least: i64, most: i64) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        let value = number(digits);
        if !digits.iter().all(u8::is_ascii_digit) || !(least..=most).contains(&value) {
            return None;
        }
        self.0 = rest;
        Some(value)
    }

    fn fraction(&mut self) -> Option<i32> {
        let digits = self.digits();
        if digits.is_empty() {
            return None;
        }
        let mut padded = [b'0'; 9];
        padded.iter_mut().zip(digits).for_each(|(place, digit)| *place = *digit);
        i32::try_from(number(&padded)).ok()
    }

    /// Seconds east of Greenwich.
    fn offset(&mut self, may_be_missing: bool) -> Option<i64> {
        if self.0.is_empty() {
            return may_be_missing.then_some(0);
        }
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let mut seconds = self.two_digits(0, 25)? * 3600;
        if !self.0.is_empty() {
            let has_colon = self.one_of(b":").is_some();
            seconds += self.two_digits(0, 59)? * 60;
            if !self.0.is_empty() {
                if has_colon {
                    self.expect(b':')?;
                }
                seconds += self.two_digits(0, 59)?;
            }
        }
        Some(sign * seconds)
    }
}

fn number(digits: &[u8]) -> i64 {
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + i64::from(digit.wrapping_sub(b'0')))
}

/// `Fri Mar 27 03:16:15 UTC 2026`, as the owners of groups have it.
fn parse_unix_date(text: &str) -> Option<(i64, i32)> {
    let parse = |format: &str| strtime::parse(format, text).ok();
    let parsed = parse("%a %b %d %H:%M:%S UTC %Y").or_else(|| parse("%a %b %d %H:%M:%S GMT %Y"))?;
    let at = parsed.to_datetime().ok()?;
    let [year, month, day] = [i64::from(at.year()), i64::from(at.month()), i64::from(at.day())];
    let [hour, minute, second] = [i64::from(at.hour()), i64::from(at.minute()), i64::from(at.second())];
    let days = days_since_1970(year, month, day);
    Some((days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second, 0))
}

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the Gregorian calendar, continued in both directions.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Leap days up to the end of the year `year - 1`, counted from the year 0.
    let leap_days = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before_year = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let before_month: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    before_year + before_month + day - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_both_calendars_hold_is_the_same_time() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2024-02-29T23:59:59.999Z",
            "0000-02-29T12:00:00Z",
            "-000001-12-31T23:59:59Z",
            "-009999-01-02T01:59:59Z",
            "9999-12-30T22:00:00Z",
            "2026-03-27T03:16:15.123456789-05:30",
            "2026-03-27 03:16:15,5+02",
        ] {
            let ours = parse_iso(text.as_bytes()).map(|(second, nanosecond)| (i128::from(second), nanosecond));
            let theirs: jiff::Timestamp = text.parse().unwrap();
            let nanoseconds = theirs.as_nanosecond();
            let theirs = (
                nanoseconds.div_euclid(1_000_000_000),
                i32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap(),
            );
            assert_eq!(ours, Some(theirs), "{text}");
        }
    }

    proptest! {
        #[test]
        fn both_calendars_agree_on_any_day(year in -9_000_i16..=9_998, month in 1_i8..=12, day in 1_i8..=31) {
            if let Ok(date) = civil::Date::new(year, month, day) {
                let theirs = Offset::UTC.to_timestamp(date.to_datetime(civil::Time::midnight())).unwrap();
                let ours = days_since_1970(year.into(), month.into(), day.into());
                prop_assert_eq!(ours * SECONDS_PER_DAY, theirs.as_second());
            }
            prop_assert_eq!(
                i64::from(day) <= days_in_month(year.into(), month.into()),
                civil::Date::new(year, month, day).is_ok()
            );
        }
    }
}
