#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| okta_fuzz::run("private_key", bytes));
