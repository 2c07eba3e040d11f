//! Recorded answers of the real API, and requests to it: each goes through the client and comes out as it was.

use std::io::Write;

use okta_tests::{conformance, corpus::Exchange, shared};

#[test]
fn recorded_exchanges_go_through_the_client_unharmed() {
    let mut exchanges = Vec::new();
    for name in ["corpus/shared.jsonl", "corpus/shared-logs.jsonl"] {
        let Some(path) = shared::file(name) else { return };
        exchanges.extend(Exchange::read_all(&path).unwrap());
    }
    let report = conformance::run(&exchanges);
    // Past the capturing of the test's output: the figures are the point.
    writeln!(std::io::stderr(), "{report}").unwrap();
    assert!(
        report.exchanges > 7_000,
        "only {} exchanges were found",
        report.exchanges
    );
    for failure in &report.failures {
        println!(
            "{} {} ({}): {}",
            failure.id,
            failure.operation,
            failure.check,
            failure.problems.join("; ")
        );
    }
    assert!(report.is_clean());
}
