//! From text to types. Every source ends up here, so that `30` means the same in a file, a variable and a call.

use std::num::IntErrorKind;
use std::time::Duration;

use crate::authorization::AuthorizationMode;
use crate::error::Fault;
use crate::loader::raw::Raw;
use crate::log_level::LogLevel;
#[cfg(feature = "loader")]
use crate::org_url::OrgUrl;
#[cfg(feature = "loader")]
use crate::setting::Shape;

/// No timer of any runtime overflows with this: 31 years.
const LONGEST: Duration = Duration::from_secs(1_000_000_000);

pub(super) fn flag(text: &str) -> Result<bool, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(Fault::new(
            format!("is {text:?}, which is neither true nor false"),
            "write true or false",
        )),
    }
}

pub(super) fn whole_number(text: &str) -> Result<u32, Fault> {
    const REMEDY: &str = "write a whole number, 0 or more";
    text.parse().map_err(|error: std::num::ParseIntError| {
        let what = match error.kind() {
            IntErrorKind::PosOverflow => "too large",
            _ if text.parse::<i64>().is_ok_and(i64::is_negative) => "negative",
            _ => "not a whole number",
        };
        Fault::new(format!("is {text:?}, which is {what}"), REMEDY)
    })
}

pub(super) fn port(text: &str) -> Result<u16, Fault> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(Fault::new(
            format!("is {text:?}, which is not a port"),
            "write a number from 1 to 65535",
        )),
    }
}

pub(super) fn seconds(text: &str) -> Result<Duration, Fault> {
    duration(text, 1.0, "seconds")
}

pub(super) fn minutes(text: &str) -> Result<Duration, Fault> {
    duration(text, 60.0, "minutes")
}

fn duration(text: &str, unit_in_seconds: f64, unit: &str) -> Result<Duration, Fault> {
    let wrong = |what: &str| {
        Fault::new(
            format!("is {text:?}, which is {what}"),
            format!("write a number of {unit}, such as 30 or 0.5"),
        )
    };
    let number: f64 = text.parse().map_err(|_| wrong("not a number"))?;
    if number.is_nan() {
        return Err(wrong("not a number"));
    }
    if number < 0.0 {
        return Err(wrong("negative"));
    }
    match Duration::try_from_secs_f64(number * unit_in_seconds) {
        Ok(duration) if duration <= LONGEST => Ok(duration),
        _ => Err(wrong("too large")),
    }
}

pub(super) fn mode(text: &str) -> Result<AuthorizationMode, Fault> {
    // Not shown: it may be a secret by mistake; the token is the neighbouring key.
    text.parse()
        .map_err(|_| Fault::new("is not an authorization mode", "write SSWS, Bearer or PrivateKey"))
}

pub(super) fn level(text: &str) -> Result<LogLevel, Fault> {
    text.parse().map_err(|_| {
        Fault::new(
            format!("is {text:?}, which is not a log level"),
            "write ERROR, WARN, INFO, DEBUG or TRACE",
        )
    })
}

/// Items of a list; each may itself hold several, with commas or spaces between them.
pub(super) fn list(raw: &Raw) -> Vec<String> {
    let split = |text: &str| -> Vec<String> {
        let items = text.split(|char: char| char == ',' || char.is_whitespace());
        items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    match raw {
        Raw::Text(text) => split(text),
        Raw::List(items) => items.iter().flat_map(|item| split(item)).collect(),
    }
}

/// Returns true if two spellings of one setting mean the same value.
#[cfg(feature = "loader")]
pub(super) fn same(shape: Shape, one: &Raw, other: &Raw) -> bool {
    fn both<T: PartialEq>(read: impl Fn(&str) -> Result<T, Fault>, one: &str, other: &str) -> bool {
        matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other)
    }
    if one == other {
        return true;
    }
    let (one, other) = match (shape, one, other) {
        (Shape::List, one, other) => return list(one) == list(other),
        (_, Raw::Text(one), Raw::Text(other)) => (one.trim(), other.trim()),
        _ => return false,
    };
    match shape {
        Shape::Flag => both(flag, one, other),
        Shape::WholeNumber => both(whole_number, one, other),
        Shape::Port => both(port, one, other),
        Shape::Seconds => both(seconds, one, other),
        Shape::Minutes => both(minutes, one, other),
        Shape::Mode => both(mode, one, other),
        Shape::Level => both(level, one, other),
        Shape::OrgUrl => {
            matches!((OrgUrl::parse_without_https_check(one), OrgUrl::parse_without_https_check(other)), (Ok(one), Ok(other)) if one == other)
        }
        Shape::Text | Shape::Secret | Shape::PrivateKey | Shape::List => one == other,
    }
}
