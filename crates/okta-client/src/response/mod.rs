//! Responses: received, checked and decoded.

mod received;
mod response;
mod response_kind;

pub use received::Received;
pub use response::Response;
pub use response_kind::{Binary, Empty, Json, Optional, ResponseKind, Text};

pub(crate) use received::Incoming;
