//! What a call that failed may have done.

use http::StatusCode;
use okta_transport::{Idempotency, retry::Attempts};

use super::{error::Error, kind::Kind};

impl Error {
    /// Returns true if Okta may have carried the request out although the call failed: it is a write, and its outcome or that
    /// of an earlier attempt is unknown (the connection broke, no response came in time, a gateway failed, the response
    /// cannot be read).
    ///
    /// It is false for a request that only reads, that was refused or that was not sent. A 404 to a repeated `DELETE` is
    /// true: an earlier attempt may have deleted the resource.
    ///
    /// # Troubleshooting
    /// Read the resource before you send the request again.
    #[must_use]
    pub fn maybe_carried_out(&self) -> bool {
        if self.maybe_carried_out_earlier() {
            return true;
        }
        self.0.is_write
            && match &self.0.kind {
                Kind::Api(_) => self.status().is_some_and(leaves_outcome_open),
                Kind::Decode(_) => true,
                Kind::Transport(error) => okta_transport::retry::maybe_carried_out(&**error),
                Kind::Request(_) | Kind::Paging(_) | Kind::Checkpoint(_) | Kind::Member(_) => false,
            }
    }
    /// Returns true if it makes sense to send the same call again: it may well succeed later
    /// ([`is_transient`](Self::is_transient)), and sending it twice does no harm, because it was not carried out or because
    /// its operation is safe or idempotent.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let is_harmless = self
            .operation()
            .is_some_and(|operation| operation.idempotency != Idempotency::NotIdempotent);
        self.is_transient() && (is_harmless || !self.maybe_carried_out())
    }
    pub(super) fn maybe_carried_out_earlier(&self) -> bool {
        self.attempts().is_some_and(Attempts::maybe_carried_out)
    }
}

/// Whether a status says nothing about what was done: something failed at the server or at a gateway.
fn leaves_outcome_open(status: StatusCode) -> bool {
    let refused = [StatusCode::NOT_IMPLEMENTED, StatusCode::HTTP_VERSION_NOT_SUPPORTED];
    status.is_server_error() && !refused.contains(&status)
}
