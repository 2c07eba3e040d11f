//! Points in time in all the forms that they are written in.

use std::{
    cmp::Ordering,
    hash::{DefaultHasher, Hash, Hasher},
};

use okta_models::{Timestamp, json::TimeArg};

/// Each line is a text; those that are a time are compared with each other.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let times: Vec<Timestamp> = text.split('\n').take(12).filter_map(read).collect();
    for one in &times {
        for other in &times {
            compare(one, other);
        }
    }
}

fn read(text: &str) -> Option<Timestamp> {
    let parsed = text.parse::<Timestamp>();
    argument(text, parsed.as_ref().ok());
    let parsed = parsed.ok()?;
    let written = parsed.to_string();
    let again: Timestamp = written
        .parse()
        .unwrap_or_else(|error| panic!("{text} → {written}: {error}"));
    assert_eq!(parsed, again, "{text} → {written}");
    assert_eq!(written, again.to_string(), "{text}");
    assert_eq!(parsed.is_never(), again.is_never(), "{text}");
    let json = serde_json::to_string(&parsed).unwrap();
    assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), parsed, "{text}");
    Some(parsed)
}

/// An argument is read from more texts, and written in one form of ISO 8601, without spaces.
fn argument(text: &str, parsed: Option<&Timestamp>) {
    let Ok(argument) = TimeArg::from(text).into_timestamp() else {
        assert!(parsed.is_none(), "{text} is a time, but not as an argument");
        return;
    };
    let sent = argument.to_string();
    assert!(!sent.contains(char::is_whitespace), "{text} is sent as {sent}");
    assert_eq!(sent.parse().as_ref(), Ok(&argument), "{text} is sent as {sent}");
    if let Some(parsed) = parsed {
        assert_eq!(parsed, &argument, "{text} is sent as {sent}");
    }
}

fn compare(one: &Timestamp, other: &Timestamp) {
    let order = one.cmp(other);
    assert_eq!(order, other.cmp(one).reverse(), "{one} and {other}");
    assert_eq!(order == Ordering::Equal, one == other, "{one} and {other}");
    if order == Ordering::Equal {
        assert_eq!(hash(one), hash(other), "{one} and {other}");
    }
    if order != Ordering::Greater {
        assert!(one.instant() <= other.instant(), "{one} and {other}");
        assert!(one.as_millisecond() <= other.as_millisecond(), "{one} and {other}");
        assert!(!one.is_never() || other.is_never(), "{one} and {other}");
    }
}

fn hash(timestamp: &Timestamp) -> u64 {
    let mut hasher = DefaultHasher::new();
    timestamp.hash(&mut hasher);
    hasher.finish()
}
