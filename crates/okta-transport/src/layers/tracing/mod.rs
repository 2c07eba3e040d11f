//! The spans and events of `tracing`: one span and one event a call, one event an attempt.
//!
//! Nothing is shown that could contain a secret: no body, no header and no value of a query that is not on a list, no
//! user name in an address, no text of an error that others have made.

pub(crate) mod attempt_log;
mod call_record;
pub(crate) mod error_type;
pub(crate) mod operation_span;
pub(crate) mod sent;

/// An event whose level is known only when it happens; `tracing` wants it to be known when it is compiled.
macro_rules! event_at {
    ($level:expr, target: $target:expr, $($fields:tt)+) => {
        match $level {
            tracing::Level::ERROR => tracing::event!(target: $target, tracing::Level::ERROR, $($fields)+),
            tracing::Level::WARN => tracing::event!(target: $target, tracing::Level::WARN, $($fields)+),
            tracing::Level::INFO => tracing::event!(target: $target, tracing::Level::INFO, $($fields)+),
            _ => tracing::event!(target: $target, tracing::Level::DEBUG, $($fields)+),
        }
    };
}
use event_at;
