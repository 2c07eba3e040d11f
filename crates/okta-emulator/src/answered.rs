//! A response that is ready, perhaps not yet due.

use std::io;

use http::Response;

use crate::{base::clock::Sleep, body::Body};

/// A response, and how long it takes to come.
pub(crate) struct Answered {
    pub(crate) after: Option<Sleep>,
    pub(crate) answer: io::Result<Response<Body>>,
}
