use std::{error::Error, fmt};

use http::Method;

use super::unsent_request::UnsentRequest;
use crate::{error::causes, request::operation::Operation};

/// A request was not sent, because it may write and the stack has a [`ReadOnlyLayer`](crate::guard::ReadOnlyLayer).
///
/// It was not carried out, and another attempt fails the same way. The text names the operation, but no id: those in
/// paths may be logins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOnlyError(Subject);

impl ReadOnlyError {
    pub(super) const fn new(subject: Subject) -> Self {
        Self(subject)
    }

    /// The operation of the request; `None` if it is not known.
    #[must_use]
    pub const fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The method of the request.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.0.method
    }
}

impl fmt::Display for ReadOnlyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not sent: ReadOnlyLayer refuses writes", self.0)
    }
}

impl Error for ReadOnlyError {}

/// A request was not sent, because it may write and the stack has a [`DryRunLayer`](crate::guard::DryRunLayer).
///
/// It was not carried out, and another attempt fails the same way. Find it among the causes of an error with
/// [`causes::find`](crate::causes::find).
#[derive(Clone, Debug)]
pub struct DryRunError(UnsentRequest);

impl DryRunError {
    pub(super) const fn new(request: UnsentRequest) -> Self {
        Self(request)
    }

    /// The request that would have been sent.
    #[must_use]
    pub const fn request(&self) -> &UnsentRequest {
        &self.0
    }

    /// The same, owned.
    #[must_use]
    pub fn into_request(self) -> UnsentRequest {
        self.0
    }
}

impl fmt::Display for DryRunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not sent: DryRunLayer sends no writes", self.0.subject)
    }
}

impl Error for DryRunError {}

/// Returns true if a guard is the reason of an error: the request was not sent, and the stack will not send it.
///
/// ```
/// use okta_transport::guard::is_withheld;
///
/// # fn look_at(error: &okta_transport::BoxError) {
/// if is_withheld(&**error) {
///     println!("nothing was changed");
/// }
/// # }
/// ```
#[must_use]
pub fn is_withheld(error: &(dyn Error + 'static)) -> bool {
    causes::causes(error).any(|cause| cause.is::<ReadOnlyError>() || cause.is::<DryRunError>())
}

/// What a request is about, in words that may be shown.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) operation: Option<&'static Operation>,
    pub(super) method: Method,
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        let id = |subject: &Self| subject.operation.map(|operation| operation.id);
        id(self) == id(other) && self.method == other.method
    }
}

impl Eq for Subject {}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = &self.method;
        match self.operation {
            Some(operation) => write!(f, "{} ({method} {})", operation.id, operation.path_template),
            None => write!(f, "a {method} request of an unknown operation"),
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::retry::failure::{FailureKind, maybe_carried_out};

    static DELETE: Operation = Operation::new("deleteUser", Method::DELETE, "/api/v1/users/{id}");

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] ReadOnlyError);

    fn error(operation: Option<&'static Operation>) -> ReadOnlyError {
        ReadOnlyError::new(Subject {
            operation,
            method: Method::DELETE,
        })
    }

    #[test]
    fn a_refusal_names_operation_and_layer_and_says_that_nothing_was_sent() {
        assert_eq!(
            error(Some(&DELETE)).to_string(),
            "deleteUser (DELETE /api/v1/users/{id}) was not sent: ReadOnlyLayer refuses writes"
        );
        assert_eq!(
            error(None).to_string(),
            "a DELETE request of an unknown operation was not sent: ReadOnlyLayer refuses writes"
        );
    }

    #[test]
    fn what_a_guard_withholds_was_not_carried_out_and_is_not_worth_another_attempt() {
        let error = Outer(error(Some(&DELETE)));
        assert!(is_withheld(&error) && !maybe_carried_out(&error));
        assert_eq!(FailureKind::of(&error), FailureKind::Permanent);
        assert!(!is_withheld(&std::io::Error::other("x")));
    }
}
