//! What the generated operations are made of.

mod answer;
mod background;
mod body;
mod call;
mod draft;
pub(crate) mod fresh;
mod growing_wait;
mod macros;
mod optional_call;
mod path;
mod raw_call;
mod received;
mod text_request;

pub use answer::{Answer, Binary, Empty, Json, List, Optional, Text};
pub use body::{Certificate, Upload};
pub use call::{CallFuture, SendFuture};
pub use optional_call::{OptionalCall, OptionalFuture, OptionalRawCall, OptionalRawFuture};
pub use raw_call::{RawCall, RawFuture, RawResponse};
pub use text_request::TextRequest;

pub(crate) use background::{Background, Lost, has_runtime};
pub(crate) use call::Call;
pub(crate) use draft::{Draft, raw};
pub(crate) use growing_wait::GrowingWait;
pub(crate) use macros::{call, group};
pub(crate) use okta_transport::Operation;
pub(crate) use path::{Target, own_address};
pub(crate) use received::Received;

pub(crate) type HttpRequest = http::Request<okta_transport::Body>;

/// The request of one operation: every builder that `OktaClient`'s groups give.
///
/// It names the kind of answer, so that a response that came another way (a queue, a recording, an own stack) can be
/// decoded with [`OktaClient::decode`](crate::OktaClient::decode) as if it had come through the client.
pub trait OperationRequest: IntoFuture {
    /// The kind of answer.
    type Answer: Answer;
    /// The operation.
    fn operation() -> &'static Operation;
}
