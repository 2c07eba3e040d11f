//! The System Log: its events, recorded and synthetic.

pub(crate) mod event;
pub(crate) mod log;
pub(crate) mod synthetic;
