#![doc = include_str!("../README.md")]

mod body;
mod call_options;
mod http_service;
mod operation;

pub use body::Body;
pub use call_options::CallOptions;
pub use http_service::HttpService;
pub use operation::{Idempotency, Operation, OperationAuthorization, OperationRef};
pub use tower::BoxError;
