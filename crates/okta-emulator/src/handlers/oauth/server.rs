//! The authorization server that a path names.

use crate::{
    org::Org,
    protocol::{call::Call, error::ApiError},
};

/// The authorization server of a path: `None` is the org's own.
pub(crate) fn server(org: &Org, call: &Call<'_>) -> Result<Option<String>, ApiError> {
    match call.param("authorizationServerId") {
        "" => Ok(None),
        id if org.stored("/api/v1/authorizationServers", id).is_some() => Ok(Some(id.to_owned())),
        id => Err(ApiError::not_found(id, "AuthorizationServer")),
    }
}
