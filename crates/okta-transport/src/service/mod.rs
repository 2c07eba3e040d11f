//! The service type of every stack, and its bodies.

pub(crate) mod body;
pub(crate) mod downcast;
pub(crate) mod drain;
pub(crate) mod http_exchange;
pub(crate) mod http_service;
