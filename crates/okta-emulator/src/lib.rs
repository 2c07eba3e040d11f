#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answered;
mod auth;
mod base;
mod body;
mod builder;
mod document;
mod emulator;
mod faults;
mod furniture;
mod handlers;
mod jose;
mod journal;
mod org;
mod protocol;
mod rate_limit;
mod request_body;
mod routes;
mod routing;
mod seed;
#[cfg(feature = "server")]
mod server;
mod service;
mod state;
mod traps;

pub use base::clock::{Clock, ManualClock, Sleep, SystemClock, TokioClock};
pub use body::Body;
pub use builder::{BuildError, EmulatorBuilder};
pub use emulator::Emulator;
pub use faults::fault::Fault;
pub use handlers::apps::service::ServiceApp;
pub use journal::ReceivedRequest;
pub use seed::{Seed, SeedError};
#[cfg(feature = "server")]
pub use server::{ServeError, Server};
pub use service::Answer;
#[cfg(feature = "judge")]
pub use state::usual::replace_usual_members;
