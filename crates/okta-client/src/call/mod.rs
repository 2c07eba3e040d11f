//! Calls: one operation, a raw request, and the forms they are sent in.

mod call;
mod macros;
mod operation_request;
mod optional_call;
mod raw_call;
mod text_request;

pub use call::{CallFuture, SendFuture};
pub use operation_request::OperationRequest;
pub use optional_call::{OptionalCall, OptionalFuture, OptionalRawCall, OptionalRawFuture};
pub use raw_call::{RawCall, RawFuture, RawResponse};
pub use text_request::TextRequest;

pub(crate) use call::Call;
pub(crate) use macros::{call, group};
