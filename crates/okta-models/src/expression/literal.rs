//! Values that attributes are compared with.

use std::{borrow::Cow, time::SystemTime};

use super::error::ExpressionError;
use crate::json::{OpenEnum, Timestamp};

/// A value that an attribute is compared with, escaped.
///
/// Made `From` text, booleans, numbers, times and the enums of the models. Numbers and booleans are written without quotation
/// marks, everything else within them. Times are written in UTC with milliseconds, as Okta writes them; finer digits are cut
/// off.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal(Result<String, ExpressionError>);

impl Literal {
    /// Text, in quotation marks.
    fn text(text: &str) -> Self {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('"');
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                quoted.push('\\');
            }
            quoted.push(character);
        }
        quoted.push('"');
        Self(Ok(quoted))
    }

    pub(super) fn into_written(self) -> Result<String, ExpressionError> {
        self.0
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<&String> for Literal {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl From<Cow<'_, str>> for Literal {
    fn from(text: Cow<'_, str>) -> Self {
        Self::text(&text)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self(Ok(value.to_string()))
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Literal {
            fn from(number: $integer) -> Self {
                Self(Ok(number.to_string()))
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl From<f32> for Literal {
    fn from(number: f32) -> Self {
        // By its own shortest text, which has fewer digits than that of the same number as a double.
        if number.is_finite() {
            Self(Ok(number.to_string()))
        } else {
            Self(Err(ExpressionError::number(number.into())))
        }
    }
}

impl From<f64> for Literal {
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self(Ok(number.to_string()))
        } else {
            Self(Err(ExpressionError::number(number)))
        }
    }
}

impl From<&Timestamp> for Literal {
    fn from(time: &Timestamp) -> Self {
        let instant = time.instant();
        if instant == jiff::Timestamp::MAX || instant == jiff::Timestamp::MIN {
            // Beyond what jiff holds, as "never" is.
            Self::text(&time.to_string())
        } else {
            Self::from(instant)
        }
    }
}

impl From<Timestamp> for Literal {
    fn from(time: Timestamp) -> Self {
        Self::from(&time)
    }
}

impl From<jiff::Timestamp> for Literal {
    fn from(time: jiff::Timestamp) -> Self {
        Self::text(&format!("{time:.3}"))
    }
}

impl From<SystemTime> for Literal {
    fn from(time: SystemTime) -> Self {
        match jiff::Timestamp::try_from(time) {
            Ok(time) => Self::from(time),
            Err(_) => Self(Err(ExpressionError::time())),
        }
    }
}

impl<E: OpenEnum> From<E> for Literal {
    fn from(value: E) -> Self {
        Self::text(&value.to_string())
    }
}
