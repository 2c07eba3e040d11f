//! Responses: received, checked and decoded.

mod decoded_response;
mod received;
mod response_kind;

pub use decoded_response::Response;
pub use received::Received;
pub use response_kind::{Binary, Empty, Json, JsonAs, Optional, ResponseKind, Text};

pub(crate) use received::Incoming;
