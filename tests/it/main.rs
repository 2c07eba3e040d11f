//! End-to-end tests: the facade, through the real stack, against the emulator over HTTPS.

mod bad_input;
mod layers;
mod org;
mod recordings;
mod secrets;
mod walk_through;
