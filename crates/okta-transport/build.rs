//! Passes the version of the compiler to the crate, for the `User-Agent`.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts through the environment"
)]

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = compiler_version().unwrap_or_else(|| env!("CARGO_PKG_RUST_VERSION").into());
    println!("cargo::rustc-env=OKTA_RUSTC_VERSION={version}");
}

/// The second word of, for example, `rustc 1.95.0 (0000000000 2026-01-01)`.
fn compiler_version() -> Option<String> {
    let answer = Command::new(env::var_os("RUSTC")?).arg("--version").output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}
