//! Calls: one operation, a raw request, and the forms in which they are sent.

mod macros;
mod operation_call;
mod operation_request;
mod optional_call;
mod optional_raw_call;
mod raw_call;

pub use operation_call::{Call, CallFuture, SendFuture};
pub use operation_request::OperationRequest;
pub use optional_call::{OptionalCall, OptionalFuture};
pub use optional_raw_call::{OptionalRawCall, OptionalRawFuture};
pub use raw_call::RawCall;

pub(crate) use macros::{call, group};
