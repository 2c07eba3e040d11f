//! How long is waited.

use std::{sync::Arc, time::Duration};

use http::Method;
use okta_transport::{DefaultRetryPolicy, RetryLayer};
use tower::{Layer, ServiceExt};

use super::{Answer, LeapingClock, SECOND, START, START_DATE, Script, layer, request, retry};

/// The wait after this answer to a GET, where chance is in the middle.
async fn wait_after(answer: impl Into<Answer>) -> Duration {
    let clock = LeapingClock::new();
    let script = Script::default().then(answer);
    retry(&clock, &script).oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(script.count(), 2);
    let waits = clock.waits();
    assert_eq!(waits.len(), 1, "{waits:?}");
    waits[0]
}

/// Half of what chance may add to a told wait.
const HALF_JITTER: Duration = Duration::from_millis(500);
/// Half way between a tenth of a second and a second.
const HALF_BACKOFF: Duration = Duration::from_millis(550);

#[tokio::test]
async fn a_503_is_never_repeated_at_once() {
    assert_eq!(wait_after(503).await, HALF_BACKOFF);
    let clock = LeapingClock::new();
    let script = Script::default().then(503).then(503);
    let shortest = layer(&clock, 0.0).layer(script.clone());
    shortest.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(clock.waits(), [SECOND / 10, SECOND / 10]);
}

#[tokio::test]
async fn a_503_without_rate_limit_headers_is_repeated_and_one_with_them_does_not_wait_for_the_window() {
    for status in [502, 503, 504] {
        assert_eq!(wait_after(status).await, HALF_BACKOFF);
        let reset = (START + 50).to_string();
        let headers = [("date", START_DATE), ("x-rate-limit-reset", &reset)];
        assert_eq!(wait_after((status, headers)).await, HALF_BACKOFF);
    }
}

#[tokio::test]
async fn a_429_waits_until_the_reset_and_a_second_and_a_jitter() {
    let reset = (START + 30).to_string();
    let headers = [
        ("date", START_DATE),
        ("x-rate-limit-limit", "600"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", &reset),
    ];
    assert_eq!(wait_after((429, headers)).await, 31 * SECOND + HALF_JITTER);
}

#[tokio::test]
async fn a_429_without_any_header_or_with_garbage_is_repeated_too() {
    assert_eq!(wait_after(429).await, HALF_BACKOFF);
    for garbage in [
        "",
        "soon",
        "-5",
        "1700000030.5",
        "99999999999999999999",
        "1700000030000",
    ] {
        let headers = [("date", START_DATE), ("x-rate-limit-reset", garbage)];
        assert_eq!(wait_after((429, headers)).await, HALF_BACKOFF, "{garbage:?}");
    }
}

#[tokio::test]
async fn a_429_with_a_reset_alone_is_enough() {
    let reset = (START + 30).to_string();
    for date in [&[][..], &[("date", "yesterday")]] {
        let headers = [&[("x-rate-limit-reset", &*reset)], date].concat();
        assert_eq!(wait_after((429, &headers[..])).await, 31 * SECOND + HALF_JITTER);
    }
}

#[tokio::test]
async fn of_several_reset_headers_the_earliest_counts() {
    let (early, late) = ((START + 5).to_string(), (START + 55).to_string());
    let in_one = format!("{late}, {early}");
    for resets in [
        &[("x-rate-limit-reset", &*late), ("x-rate-limit-reset", &*early)][..],
        &[("x-rate-limit-reset", &*in_one)],
        &[("x-rate-limit-reset", "x"), ("x-rate-limit-reset", &*early)],
    ] {
        let headers = [&[("date", START_DATE)], resets].concat();
        assert_eq!(wait_after((429, &headers[..])).await, 6 * SECOND + HALF_JITTER);
    }
}

#[tokio::test]
async fn the_servers_date_counts_and_not_our_clock() {
    // The server is an hour behind us, or a year ahead; its window begins in ten seconds.
    for date in [START - 3600, START + 31_536_000] {
        let date_text = httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(date));
        let reset = (date + 10).to_string();
        let headers = [("date", &*date_text), ("x-rate-limit-reset", &reset)];
        assert_eq!(wait_after((429, headers)).await, 11 * SECOND + HALF_JITTER);
    }
}

#[tokio::test]
async fn a_reset_that_has_passed_waits_a_second_and_not_less() {
    let reset = (START - 300).to_string();
    let headers = [("date", START_DATE), ("x-rate-limit-reset", &*reset)];
    assert_eq!(wait_after((429, headers)).await, SECOND + HALF_JITTER);
}

#[tokio::test]
async fn retry_after_is_kept_to_in_both_forms() {
    for value in ["7", "Tue, 14 Nov 2023 22:13:27 GMT"] {
        for status in [429, 502, 503, 504] {
            let headers = [("date", START_DATE), ("retry-after", value)];
            assert_eq!(
                wait_after((status, headers)).await,
                7 * SECOND + HALF_JITTER,
                "{status} {value}"
            );
        }
    }
    // Where both are told the later moment keeps to both.
    let reset = (START + 30).to_string();
    for (retry_after, expected) in [("7", 31), ("50", 50)] {
        let headers = [
            ("date", START_DATE),
            ("retry-after", retry_after),
            ("x-rate-limit-reset", &*reset),
        ];
        assert_eq!(wait_after((429, headers)).await, expected * SECOND + HALF_JITTER);
    }
    // Nobody is helped by a retry that comes at once.
    assert_eq!(wait_after((503, [("retry-after", "0")])).await, HALF_BACKOFF);
}

/// The headers of a 429 of the concurrency limit whose reset is so far away.
fn concurrency_limit(reset_in: u64) -> Vec<(&'static str, String)> {
    vec![
        ("date", START_DATE.to_owned()),
        ("x-rate-limit-limit", "0".to_owned()),
        ("x-rate-limit-remaining", "0".to_owned()),
        ("x-rate-limit-reset", (START + reset_in).to_string()),
    ]
}

async fn wait_after_limit(headers: &[(&'static str, String)], more: &[(&str, &str)]) -> Duration {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    wait_after((429, &[&headers[..], more].concat()[..])).await
}

#[tokio::test]
async fn b3_a_concurrency_limit_waits_as_told_but_not_for_a_whole_window() {
    let backoff = Duration::from_millis(275);
    assert_eq!(wait_after_limit(&concurrency_limit(0), &[]).await, backoff);
    let second = wait_after_limit(&concurrency_limit(1), &[]).await;
    assert_eq!(second, SECOND + SECOND / 8);
    assert_eq!(
        wait_after_limit(&concurrency_limit(3), &[]).await,
        3 * SECOND + SECOND * 3 / 8
    );
    // The end of a window, as Okta tells it.
    for far in [6, 55, 60] {
        assert_eq!(wait_after_limit(&concurrency_limit(far), &[]).await, backoff);
    }
    let told = wait_after_limit(&concurrency_limit(0), &[("retry-after", "20")]).await;
    assert_eq!(told, 20 * SECOND + HALF_JITTER);
}

#[tokio::test]
async fn a_lock_waits_for_the_short_backoff_or_as_told() {
    assert_eq!(wait_after(423).await, Duration::from_millis(275));
    let told = wait_after((423, [("retry-after", "4")])).await;
    assert_eq!(told, 4 * SECOND + HALF_JITTER);
}

#[tokio::test]
async fn waits_are_jittered_and_grow() {
    let longest = |answer: u16| async move {
        let clock = LeapingClock::new();
        let script = (0..8).fold(Script::default(), |script, _| script.then(answer));
        let service = layer(&clock, 1.0).max_retries(8).layer(script);
        service.oneshot(request(Method::GET)).await.unwrap();
        clock.waits()
    };
    for answer in [429, 503] {
        assert_eq!(
            longest(answer).await,
            [1, 2, 4, 8, 16, 32, 60, 60].map(Duration::from_secs)
        );
    }
    // Without a source of chance of our own, no two of a hundred clients come back at the same moment.
    let clock = LeapingClock::new();
    let reset = (START + 30).to_string();
    for _ in 0..100 {
        let headers = [("date", START_DATE), ("x-rate-limit-reset", &*reset)];
        let script = Script::default().then((429, headers));
        let service = RetryLayer::new().clock(Arc::new(clock.clone())).layer(script);
        service.oneshot(request(Method::GET)).await.unwrap();
    }
    let mut waits = clock.waits();
    assert!(
        waits.iter().all(|wait| (31 * SECOND..=32 * SECOND).contains(wait)),
        "{waits:?}"
    );
    waits.sort_unstable();
    waits.dedup();
    assert_eq!(waits.len(), 100);
}

#[tokio::test]
async fn without_a_longest_wait_it_is_as_long_as_told_and_with_one_no_longer() {
    let wait = |max_backoff: Option<Duration>| async move {
        let clock = LeapingClock::new();
        let reset = (START + 600).to_string();
        let script = Script::default().then((429, [("date", START_DATE), ("x-rate-limit-reset", &*reset)]));
        let service = layer(&clock, 0.0).max_backoff(max_backoff).layer(script);
        service.oneshot(request(Method::GET)).await.unwrap();
        clock.waits()
    };
    assert_eq!(wait(None).await, [601 * SECOND]);
    assert_eq!(wait(Some(Duration::ZERO)).await, [601 * SECOND]);
    assert_eq!(wait(Some(30 * SECOND)).await, [30 * SECOND]);
}

#[tokio::test]
async fn both_backoffs_can_be_set() {
    let clock = LeapingClock::new();
    let concurrency = [
        ("x-rate-limit-limit", "0"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", "0"),
    ];
    let script = Script::default().then(503).then(503).then((429, concurrency));
    let policy = DefaultRetryPolicy::new()
        .backoff(4 * SECOND, 5 * SECOND)
        .concurrency_backoff(2 * SECOND, 3 * SECOND)
        .random(|| 1.0);
    let service = layer(&clock, 0.0).policy(policy).max_retries(3).layer(script);
    service.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(clock.waits(), [4 * SECOND, 5 * SECOND, 3 * SECOND]);
}
