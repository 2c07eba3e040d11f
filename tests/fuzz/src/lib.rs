//! What must hold for any bytes, as one function a part of the SDK.
//!
//! A target takes bytes, whatever they are, and panics if something that must hold does not. The same functions are run in two
//! ways: `cargo test -p okta-fuzz` gives each its committed seeds (`corpus/NAME`) and a few dozen made-up inputs, the package
//! `fuzz/` gives them to libFuzzer for as long as it is left running. `README.md` says how.

// A target reports what it found by a panic.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod given;
mod targets;

/// A target: bytes in, a panic if something that must hold does not.
pub type Target = fn(&[u8]);

/// All targets by name, in alphabetical order.
pub const TARGETS: &[(&str, Target)] = &[
    ("cache_entry", targets::cache_entry::run),
    ("cassette", targets::cassette::run),
    ("emulator_expression", targets::emulator_expression::run),
    ("emulator_request", targets::emulator_request::run),
    ("expressions", targets::expressions::run),
    ("link_header", targets::link_header::run),
    ("model_items", targets::model_items::run),
    ("models_json", targets::models_json::run),
    ("private_key", targets::private_key::run),
    ("rate_limit_headers", targets::rate_limit_headers::run),
    ("settings_env", targets::settings_env::run),
    ("settings_yaml", targets::settings_yaml::run),
    ("timestamps", targets::timestamps::run),
    ("www_authenticate", targets::www_authenticate::run),
];

/// Runs the target of this name.
///
/// # Panics
/// If the target finds a fault, and if there is no target of this name.
pub fn run(name: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = found.unwrap_or_else(|| panic!("no target is called {name:?}"));
    target(bytes);
}
