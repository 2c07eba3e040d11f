//! What can go wrong with a call.

mod api_error;
mod carried_out;
mod chain;
mod checkpoint_error;
mod credentials;
mod error;
mod error_response;
mod item_error;
mod kind;
mod of_models;
mod paging_error;
mod request_error;
mod sanitized_line;
mod scope_error;
mod shown_address;

pub use api_error::{ApiError, ErrorCause};
pub use error::Error;

pub(crate) use chain::write_chain;
pub(crate) use checkpoint_error::CheckpointError;
pub(crate) use error_response::{ErrorResponse, RequestFacts, request_id};
pub(crate) use item_error::ItemError;
pub(crate) use paging_error::PagingError;
pub(crate) use request_error::RequestError;
pub(crate) use sanitized_line::SanitizedLine;
pub(crate) use scope_error::MissingScopes;
