//! What a response says about limits and waiting.

use std::time::{Duration, SystemTime};

use okta_transport::{rate_limit::RateLimit, retry::retry_after};

use crate::given::headers_of;

/// Each line is a header.
pub(crate) fn run(bytes: &[u8]) {
    let headers = headers_of(bytes);
    if let Some(limit) = RateLimit::from_headers(&headers) {
        assert!(!limit.is_of_concurrency() || limit.limit == 0);
        for name in ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"] {
            assert!(headers.contains_key(name), "{name} is missing");
        }
    }
    let day = Duration::from_secs(24 * 60 * 60);
    let times = [
        SystemTime::UNIX_EPOCH.checked_sub(day),
        Some(SystemTime::UNIX_EPOCH),
        SystemTime::UNIX_EPOCH.checked_add(20_000 * day),
        // The year 9999, and the last second that the system can express.
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(253_402_300_799)),
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(i64::MAX.unsigned_abs())),
        None,
    ];
    for received in times {
        let _ = RateLimit::until_reset(&headers, received);
        let wait = retry_after(&headers, received);
        assert!(wait.is_none() || headers.contains_key("retry-after"));
    }
}
