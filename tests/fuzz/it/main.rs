//! Each target with its committed seeds, with made-up bytes, and with seeds that are changed here and there.

// A test reports what it found by a panic, and the number of its inputs is a variable.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod inputs;

use inputs::{inputs, seeds};
use okta_fuzz::{TARGETS, run};
use proptest::{
    prelude::ProptestConfig,
    test_runner::{TestCaseError, TestRunner},
};

/// How many inputs are made up for each target, unless `OKTA_FUZZ_CASES` says otherwise.
const CASES: u32 = 64;

fn corpus(name: &str) {
    for (file, bytes) in seeds(name) {
        println!("{name}/{file}");
        run(name, &bytes);
    }
}

fn made_up(name: &str) {
    let asked = std::env::var("OKTA_FUZZ_CASES")
        .ok()
        .map(|cases| cases.parse().unwrap());
    let config = ProptestConfig {
        cases: asked.unwrap_or(CASES),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&inputs(name), |input| {
        // The runner makes the input of a panic smaller.
        run(name, &input);
        Ok::<(), TestCaseError>(())
    });
    if let Err(error) = result {
        panic!("{name}: {error}");
    }
}

macro_rules! targets {
    ($($name:ident),* $(,)?) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(mod $name {
            #[test]
            fn corpus() {
                super::corpus(stringify!($name));
            }

            #[test]
            fn made_up_inputs() {
                super::made_up(stringify!($name));
            }
        })*
    };
}

targets![
    cache_entry,
    cassette,
    emulator_expression,
    emulator_request,
    expressions,
    link_header,
    model_items,
    models_json,
    private_key,
    rate_limit_headers,
    settings_env,
    settings_yaml,
    timestamps,
    www_authenticate,
];

#[test]
fn every_target_is_tested_has_seeds_and_is_run_by_cargo_fuzz() {
    let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, TESTED);
    let fuzz = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz");
    let manifest = std::fs::read_to_string(format!("{fuzz}/Cargo.toml")).unwrap();
    for name in names {
        assert!(seeds(name).len() >= 2, "corpus/{name} is too small");
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is missing in fuzz/Cargo.toml"
        );
        let target = std::fs::read_to_string(format!("{fuzz}/fuzz_targets/{name}.rs")).unwrap();
        assert!(target.contains(&format!("run(\"{name}\", bytes)")), "{name}: {target}");
    }
}
