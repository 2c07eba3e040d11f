//! What each part costs in seconds; `.ci/instructions` counts the instructions of the same parts.
//!
//! `cargo bench -p okta-instructions -- "cache hit"`. A time is that of all units of a part; criterion prints units a second
//! too. It fits a line through samples of different lengths, so the set-up of a part is not in its slope.

#![allow(missing_docs, reason = "the macros of criterion make functions without any")]
#![allow(clippy::unwrap_used, reason = "a bench that fails has no result")]

use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use okta_instructions::PARTS;

#[allow(clippy::disallowed_methods, reason = "a bench measures by the real clock")]
fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parts");
    group.sampling_mode(SamplingMode::Linear);
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    for part in PARTS {
        group.throughput(Throughput::Elements(part.units.into()));
        group.bench_function(part.name, |bencher| {
            bencher.iter_custom(|repetitions| {
                let start = Instant::now();
                (part.run)(u32::try_from(repetitions).unwrap()).unwrap();
                start.elapsed()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, parts);
criterion_main!(benches);
