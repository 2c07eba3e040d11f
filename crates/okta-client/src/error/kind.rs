//! What an error is made of.

use std::time::SystemTime;

use okta_transport::{BoxError, Operation};

use super::{
    api_error::ApiError, checkpoint_error::CheckpointError, error_response::ErrorResponse, paging_error::PagingError,
    request_error::RequestError, scope_error::MissingScopes,
};

/// What is known about a failed call.
pub(super) struct Inner {
    pub(super) operation: Option<&'static Operation>,
    pub(super) kind: Kind,
    pub(super) response: Option<ErrorResponse>,
    pub(super) scopes: Option<MissingScopes>,
    /// When the response came, by this machine's clock.
    pub(super) received: Option<SystemTime>,
    /// Whether the request may have changed something.
    pub(super) is_write: bool,
}

/// What has failed.
pub(super) enum Kind {
    Api(ApiError),
    Decode(BoxError),
    Transport(BoxError),
    Request(RequestError),
    Paging(PagingError),
    Checkpoint(CheckpointError),
    /// A member of a model, after the call.
    Member(BoxError),
}
