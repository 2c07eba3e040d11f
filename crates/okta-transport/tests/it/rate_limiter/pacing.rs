//! Many calls, few windows, no refusal.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::header;
use okta_transport::{
    HttpService,
    rate_limit::{RateLimitMode, RateLimitShare, RateLimiter},
};
use tokio::task::JoinSet;

use super::org::{MINUTE, Org, Others};
use crate::{USERS, get};

const CALLS: u64 = 300;

fn limiter(org: &Org, share: f64) -> RateLimiter {
    RateLimiter::builder()
        .mode(RateLimitMode::Pace(RateLimitShare::new(share).unwrap()))
        .clock(Arc::new(org.clock.clone()))
        .build()
}

/// Makes the calls, `tasks` of them at a time for each client.
async fn call(clients: Vec<HttpService>, tasks: u64, calls: u64) {
    let made = Arc::new(AtomicU64::new(0));
    let mut set = JoinSet::new();
    for client in clients {
        for _ in 0..tasks {
            let (client, made) = (client.clone(), made.clone());
            set.spawn(async move {
                while made.fetch_add(1, Ordering::Relaxed) < calls {
                    client.send(get(USERS)).await.unwrap();
                }
            });
        }
    }
    while let Some(task) = set.join_next().await {
        task.unwrap();
    }
}

/// How long the calls take at least, if `a_window` of them may be made in each window and they take no time themselves.
fn ideal(a_window: u64) -> Duration {
    MINUTE * u32::try_from(CALLS.div_ceil(a_window) - 1).unwrap()
}

/// Nothing was refused, and hardly any time was lost.
fn check(org: &Org, a_window: u64) {
    let (served, refused) = org.tally();
    let (took, ideal) = (org.clock.passed(), ideal(a_window));
    let summary = format!("{:?} in {took:?} of {ideal:?}, by window {served:?}", org.others);
    assert_eq!(refused, 0, "{summary}");
    assert_eq!(served.iter().sum::<u64>(), CALLS, "{summary}");
    assert!(took <= ideal.mul_f64(1.05), "{summary}");
}

#[tokio::test(start_paused = true)]
async fn sixty_four_tasks_share_one_client() {
    // With the share of the limit and how many of our calls a window has room for.
    for (others, share, a_window) in [
        (Others::Nothing, 1.0, 60),
        (Others::Steady(5), 0.95, 55),
        (Others::Steady(12), 0.95, 48),
        (Others::Steady(20), 0.95, 40),
        (Others::Burst(12, 0), 0.95, 48),
        (Others::Burst(20, 30), 0.95, 40),
        // What comes all at once and in between needs a share that leaves room for it.
        (Others::Burst(12, 1), 0.8, 36),
    ] {
        for full_minutes in [true, false] {
            for latency in [(1, 5), (10, 200), (100, 600)] {
                for seed in 0..5 {
                    let org = Org {
                        others,
                        full_minutes,
                        latency,
                        ..Org::new(60)
                    };
                    org.count.lock().unwrap().random = seed;
                    call(vec![org.client(&limiter(&org, share))], 64, CALLS).await;
                    check(&org, a_window);
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn eight_clients_share_one_limiter() {
    let org = Org {
        others: Others::Steady(12),
        ..Org::new(60)
    };
    let limiter = limiter(&org, 1.0);
    let clients = (0..8).map(|_| org.client(&limiter)).collect();
    call(clients, 8, CALLS).await;
    check(&org, 48);
}

#[tokio::test(start_paused = true)]
async fn short_windows_are_used_as_well() {
    let org = Org {
        window: Duration::from_secs(5),
        full_minutes: false,
        latency: (1, 5),
        ..Org::new(50)
    };
    call(vec![org.client(&limiter(&org, 1.0))], 64, CALLS).await;
    assert_eq!(org.tally(), (vec![50; 6], 0));
    let ideal = Duration::from_secs(25);
    assert!(org.clock.passed() <= ideal.mul_f64(1.05), "{:?}", org.clock.passed());
}

#[tokio::test(start_paused = true)]
async fn a_share_is_kept() {
    let org = Org {
        others: Others::Steady(10),
        ..Org::new(60)
    };
    call(vec![org.client(&limiter(&org, 0.5))], 64, CALLS).await;
    let (served, _) = org.tally();
    assert!(served.iter().all(|served| *served <= 30), "{served:?}");
    check(&org, 20);
}

#[tokio::test(start_paused = true)]
async fn whose_clock_is_wrong_does_not_matter() {
    for skew in [-300, 300] {
        let mut org = Org {
            others: Others::Steady(12),
            ..Org::new(60)
        };
        let limiter = limiter(&org, 1.0);
        org.clock = org.clock.skewed(skew);
        call(vec![org.client(&limiter)], 64, CALLS).await;
        check(&org, 48);
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_servers_date_a_clock_that_is_right_will_do() {
    let org = Org {
        distort: Arc::new(|_, headers| {
            headers.remove(header::DATE);
        }),
        ..Org::new(60)
    };
    call(vec![org.client(&limiter(&org, 1.0))], 64, CALLS).await;
    check(&org, 60);
}

#[tokio::test(start_paused = true)]
async fn a_cold_start_finds_out_how_little_is_left() {
    let org = Org {
        others: Others::Burst(57, 0),
        ..Org::new(60)
    };
    let client = org.client(&limiter(&org, 1.0));
    call(vec![client], 64, 64).await;
    let (served, refused) = org.tally();
    assert_eq!(refused, 0);
    assert!(served.iter().all(|served| (1..=3).contains(served)), "{served:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_left_may_jump() {
    // The limit is raised in mid-window and lowered again: the figures go up and down.
    let org = Org {
        distort: Arc::new(|answer, headers| {
            if answer % 7 == 0 {
                headers.insert("x-rate-limit-remaining", 600.into());
                headers.insert("x-rate-limit-limit", 600.into());
            } else if answer % 31 == 0 {
                headers.insert("x-rate-limit-remaining", 0.into());
            }
        }),
        ..Org::new(60)
    };
    call(vec![org.client(&limiter(&org, 1.0))], 64, CALLS).await;
    let (served, refused) = org.tally();
    assert_eq!((served.iter().sum::<u64>(), refused), (CALLS, 0), "{served:?}");
}

#[tokio::test(start_paused = true)]
async fn garbage_in_the_headers_stops_no_caller() {
    const GARBAGE: [&str; 9] = [
        "",
        "-1",
        "NaN",
        "1e9",
        "18446744073709551616",
        "0",
        "9999999999999",
        ",",
        "sixty",
    ];
    const NAMES: [&str; 4] = [
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
        "date",
    ];
    for every in [1, 2] {
        let org = Org {
            distort: Arc::new(move |answer, headers| {
                if answer % every == 0 {
                    let garbage = usize::try_from(answer).unwrap();
                    headers.insert(NAMES[garbage % 4], GARBAGE[garbage % 9].parse().unwrap());
                }
            }),
            ..Org::new(1000)
        };
        call(vec![org.client(&limiter(&org, 0.9))], 64, CALLS).await;
        assert_eq!(org.tally().0.iter().sum::<u64>(), CALLS);
        assert!(org.clock.passed() < 5 * MINUTE, "{:?}", org.clock.passed());
    }
}

#[tokio::test(start_paused = true)]
async fn no_headers_no_limit() {
    let org = Org {
        distort: Arc::new(|_, headers| headers.clear()),
        latency: (100, 100),
        ..Org::new(1000)
    };
    call(vec![org.client(&limiter(&org, 0.9))], 64, CALLS).await;
    // Seven round trips if all were free from the beginning.
    assert!(
        org.clock.passed() < Duration::from_millis(200 * 12),
        "{:?}",
        org.clock.passed()
    );
}

#[tokio::test(start_paused = true)]
async fn who_observes_is_refused_now_and_then_but_not_in_herds() {
    let org = Org {
        others: Others::Steady(12),
        ..Org::new(60)
    };
    let limiter = RateLimiter::builder().clock(Arc::new(org.clock.clone())).build();
    call(vec![org.client(&limiter)], 8, CALLS).await;
    let (served, refused) = org.tally();
    // Eight at a time know of the end of a window when one of them has got a response.
    assert!(
        refused <= 8 * u64::try_from(served.len()).unwrap(),
        "{refused} in {served:?}"
    );
    assert!(org.clock.passed() <= ideal(48).mul_f64(1.05));
}
