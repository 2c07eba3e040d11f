//! The program, with short windows: nothing is refused and nothing is lost, with each store and when it is killed.

use std::process::Command;

use serde_json::Value;

fn run(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_okta-fleet-run"))
        .args(arguments)
        .args(["--json", "--processes", "4", "--window", "8", "--windows", "2"])
        .output()
        .unwrap();
    let (text, log) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {log}"))
}

fn check(arguments: &[&str], refused: u64) {
    let report = run(arguments);
    assert_eq!(report["lost"], 0, "{report}");
    assert!(report["refused_429"].as_u64().unwrap() <= refused, "{report}");
}

#[test]
fn no_process_is_refused_with_redis() {
    check(&["--store", "redis"], 0);
}

#[test]
fn no_process_is_refused_with_a_redis_cluster() {
    check(&["--store", "cluster"], 0);
}

#[test]
fn no_process_is_refused_with_postgres() {
    check(&["--store", "postgres"], 0);
}

#[test]
fn a_store_that_is_killed_and_loses_its_data_costs_no_call() {
    for store in ["redis", "postgres"] {
        check(&["--store", store, "--kill-store"], 2);
    }
}
