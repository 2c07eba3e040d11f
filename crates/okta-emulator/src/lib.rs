#![doc = include_str!("../README.md")]

mod apps;
mod auth;
mod body;
mod builder;
mod call;
mod clock;
mod emulator;
mod error;
mod factors;
mod faults;
mod filter;
mod from_object;
mod groups;
mod ids;
mod in_flight;
mod linked_objects;
mod named;
mod oauth;
mod org;
mod paging;
mod rate_limit;
mod reply;
mod resources;
mod router;
mod seed;
#[cfg(feature = "server")]
mod server;
mod service;
mod sorting;
mod store;
mod system_log;
mod user_types;
mod users;

pub use apps::ServiceApp;
pub use body::Body;
pub use builder::{BuildError, EmulatorBuilder};
pub use clock::{Clock, ManualClock, Sleep, SystemClock, TokioClock};
pub use emulator::Emulator;
pub use faults::Fault;
pub use seed::{Seed, SeedError};
#[cfg(feature = "server")]
pub use server::{ServeError, Server};
pub use service::Answer;
