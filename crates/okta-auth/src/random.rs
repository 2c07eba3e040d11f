use std::time::Duration;

/// Random bytes of the operating system.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(bytes)
}

/// A wait that grows with each failure, from about a second to about half a minute, and differs from one program to the
/// next, so that not all of them come back at once.
pub(crate) fn backoff(failures: u32) -> Duration {
    const FIRST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_secs(30);
    let full = FIRST
        .saturating_mul(1 << failures.saturating_sub(1).min(5))
        .min(LONGEST);
    let mut byte = [0];
    // Without random numbers it is the whole delay, which does no harm.
    let part = fill(&mut byte).map_or(1.0, |()| f64::from(byte[0]) / 256.0);
    full.mul_f64(0.5 + part / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_from_a_second_to_half_a_minute() {
        for (failures, most) in [
            (0, 1),
            (1, 1),
            (2, 2),
            (3, 4),
            (5, 16),
            (6, 30),
            (7, 30),
            (u32::MAX, 30),
        ] {
            for _ in 0..50 {
                let wait = backoff(failures).as_secs_f64();
                assert!(
                    (f64::from(most) / 2.0..=f64::from(most)).contains(&wait),
                    "{failures}: {wait}"
                );
            }
        }
    }
}
