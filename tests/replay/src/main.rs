//! `cargo run -p okta-replay -- FILE.jsonl`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    okta_replay::run()
}
