//! The emulator from outside: as a service, on a socket, and as a process.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod apps;
mod auth;
#[cfg(feature = "cli")]
mod binary;
mod build;
mod credentials;
mod factors;
mod faults;
mod groups;
mod keys;
mod lifecycle;
mod linked_objects;
mod log_streams;
mod logs;
mod models;
mod nonsense;
mod oauth;
mod rate_limits;
mod requests;
mod resources;
mod rules;
mod schemas;
mod search;
#[cfg(feature = "server")]
mod server;
mod support;
mod traps;
mod user_types;
mod users;
