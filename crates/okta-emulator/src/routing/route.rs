//! One operation: its id, its place, its rate-limit bucket and its handler.

use http::Method;

use crate::{
    protocol::{call::Call, reply::Outcome},
    routing::bucket::Bucket,
};

/// Handles one call to an operation, on whatever state `S` the routes work on.
pub(crate) type Handler<S> = fn(&mut S, &Call<'_>) -> Outcome;

/// One operation.
pub(crate) struct Route<S: 'static> {
    /// Okta's operation id.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// The path, with parameters in braces.
    pub(crate) template: &'static str,
    pub(crate) bucket: &'static Bucket,
    /// Whether the operation needs no credentials.
    pub(crate) public: bool,
    pub(crate) handler: Handler<S>,
}

impl<S> Route<S> {
    /// Declares an operation that needs credentials.
    pub(crate) const fn new(
        operation: &'static str,
        method: Method,
        template: &'static str,
        bucket: &'static Bucket,
        handler: Handler<S>,
    ) -> Self {
        Self {
            operation,
            method,
            template,
            bucket,
            public: false,
            handler,
        }
    }

    /// Makes the operation callable without credentials.
    pub(crate) const fn public(mut self) -> Self {
        self.public = true;
        self
    }
}

/// A path parameter's name and its decoded value.
pub(crate) type Param = (&'static str, String);
