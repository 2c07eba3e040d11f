//! `cargo run -p okta-tests --bin replay -- FILE.jsonl`: the same as `cargo run -p okta-replay`, which compiles faster.

use std::process::ExitCode;

fn main() -> ExitCode {
    okta_replay::run()
}
