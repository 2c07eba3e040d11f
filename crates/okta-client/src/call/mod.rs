//! Calls: one operation, a raw request, and the forms they are sent in.

mod macros;
mod operation_call;
mod operation_request;
mod optional_call;
mod raw_call;
mod text_request;

pub use operation_call::{CallFuture, SendFuture};
pub use operation_request::OperationRequest;
pub use optional_call::{OptionalCall, OptionalFuture, OptionalRawCall, OptionalRawFuture};
pub use raw_call::{RawCall, RawFuture, RawResponse};
pub use text_request::TextRequest;

pub(crate) use macros::{call, group};
pub(crate) use operation_call::Call;
