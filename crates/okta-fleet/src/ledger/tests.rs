use std::time::Duration;

use okta_transport::rate_limit::RateLimit;
use proptest::prelude::*;

use super::*;

const RESET: u64 = 1_700_000_060;

fn seen(limit: u64, remaining: u64, reset: u64, resets_in: u64) -> WindowObservation {
    let mut rate_limit = RateLimit::from_headers(&Default::default());
    let headers = [
        ("x-rate-limit-limit", limit),
        ("x-rate-limit-remaining", remaining),
        ("x-rate-limit-reset", reset),
    ];
    let map = headers
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.into()))
        .collect();
    rate_limit = rate_limit.or(RateLimit::from_headers(&map));
    WindowObservation::new(
        rate_limit.unwrap(),
        Some(reset - resets_in),
        Duration::from_secs(resets_in),
    )
}

struct Fleet {
    ledger: Ledger,
    request: ReserveRequest,
    now: i64,
}

impl Fleet {
    fn new(request: ReserveRequest) -> Self {
        Self {
            ledger: Ledger::default(),
            request,
            now: 1_000,
        }
    }

    fn keys() -> RateLimitKeys {
        RateLimitKeys::new("https://acme.okta.com:443", None, "/api/v1/users")
    }

    fn ask(&mut self, usage: &PeerUsage) -> Decision {
        self.ledger
            .reserve(self.now, &Self::keys(), usage, &self.request)
            .decision
    }

    fn permits(&mut self, usage: &PeerUsage) -> u64 {
        match self.ask(usage) {
            Decision::Granted { permits, .. } => permits,
            Decision::Probe { .. } => 1,
            _ => 0,
        }
    }
}

fn peer(number: u64) -> PeerUsage {
    PeerUsage::new(number)
}

#[test]
fn one_process_finds_an_unknown_window_out_and_the_others_wait() {
    let mut fleet = Fleet::new(ReserveRequest::new(50));
    assert!(matches!(fleet.ask(&peer(1)), Decision::Probe { .. }));
    assert!(matches!(fleet.ask(&peer(2)), Decision::AskAgain { .. }));
    fleet.ledger.observe(
        fleet.now,
        &Fleet::keys(),
        &peer(1).observing(seen(600, 599, RESET, 60)),
        None,
    );
    assert_eq!(fleet.permits(&peer(2)), 50);
}

#[test]
fn a_prober_that_dies_is_replaced_when_its_lock_expires() {
    let mut fleet = Fleet::new(ReserveRequest::new(50));
    assert!(matches!(fleet.ask(&peer(1)), Decision::Probe { .. }));
    fleet.now += PROBE;
    assert!(matches!(fleet.ask(&peer(2)), Decision::Probe { .. }));
}

#[test]
fn all_that_is_granted_stays_within_what_remains_and_is_left_to_others() {
    let mut fleet = Fleet::new(ReserveRequest::new(256).reserve(0.3, 10).principal_share(Some(0.5)));
    fleet.ask(&peer(1));
    let mut granted = fleet.permits(&peer(1).observing(seen(300, 299, RESET, 60)));
    for other in 2..20 {
        granted += fleet.permits(&peer(other));
    }
    assert_eq!(granted, 299);
    fleet.now += SETTLE;
    assert!(matches!(fleet.ask(&peer(20)), Decision::AskAgain { .. }));
}

#[test]
fn the_reserve_is_taken_from_the_orgs_bucket() {
    let mut fleet = Fleet::new(ReserveRequest::new(1_000).reserve(0.3, 10));
    fleet.ask(&peer(1));
    // One limit only: it may be that of the org.
    assert_eq!(fleet.permits(&peer(1).observing(seen(600, 599, RESET, 60))), 419);
}

#[test]
fn what_others_use_of_their_share_is_not_left_to_them_twice() {
    let request = ReserveRequest::new(1_000).reserve(0.3, 10).principal_share(Some(1.0));
    let mut fleet = Fleet::new(request);
    fleet.ask(&peer(1));
    // Others have used 100 of their 180.
    assert_eq!(fleet.permits(&peer(1).observing(seen(600, 500, RESET, 60))), 420);
}

#[test]
fn a_process_that_dies_with_a_lease_does_not_keep_it_for_ever() {
    let mut fleet = Fleet::new(ReserveRequest::new(256));
    fleet.ask(&peer(1));
    let window = seen(600, 599, RESET, 60);
    let dead = fleet.permits(&peer(1).observing(window));
    assert!(dead > 200);
    let mut before = fleet.permits(&peer(2));
    before += fleet.permits(&peer(2).holding(before, 0));
    fleet.now += LEASE + GRACE + 1;
    // It has used 40 of them: a newer figure of the server says so.
    let newer = seen(600, 559 - before, RESET, 45);
    let after = fleet.permits(&peer(2).observing(newer));
    assert!(after > 0, "{before} {after}");
    assert!(after <= 559 - before);
}

#[test]
fn an_older_window_changes_nothing_and_a_newer_one_replaces() {
    let mut fleet = Fleet::new(ReserveRequest::new(10));
    fleet.ask(&peer(1));
    fleet.permits(&peer(1).observing(seen(600, 0, RESET, 60)));
    assert!(matches!(fleet.ask(&peer(2)), Decision::UsedUp { .. }));
    let mut older = seen(600, 500, RESET - 60, 5);
    older.written = Some(RESET - 65);
    fleet.permits(&peer(1).observing(older));
    assert!(matches!(fleet.ask(&peer(2)), Decision::UsedUp { .. }));
    fleet.now += 59_000;
    assert_eq!(fleet.permits(&peer(1).observing(seen(600, 599, RESET + 60, 60))), 10);
}

#[test]
fn the_same_window_only_gets_smaller() {
    let mut fleet = Fleet::new(ReserveRequest::new(1_000));
    fleet.ask(&peer(1));
    fleet.permits(&peer(1).observing(seen(600, 5, RESET, 60)));
    let granted = fleet.permits(&peer(1).observing(seen(600, 400, RESET, 60)));
    assert!(granted <= 5, "{granted}");
}

#[test]
fn a_larger_limit_is_that_of_the_org() {
    let mut fleet = Fleet::new(ReserveRequest::new(1_000));
    fleet.ask(&peer(1));
    fleet.permits(&peer(1).observing(seen(300, 299, RESET, 60)).holding(0, 0));
    fleet.now += SETTLE;
    assert_eq!(fleet.permits(&peer(1).observing(seen(600, 20, RESET, 60))), 20);
}

#[test]
fn a_bucket_without_headers_is_unlimited() {
    let mut fleet = Fleet::new(ReserveRequest::new(100));
    fleet.ask(&peer(1));
    let mut usage = peer(1);
    usage.is_unlimited = true;
    assert_eq!(fleet.permits(&usage), 100);
    assert_eq!(fleet.permits(&peer(2)), 100);
}

proptest! {
    /// A server that counts, and processes that report honestly: no request is refused.
    #[test]
    fn whatever_processes_do_the_limit_is_kept(
        steps in proptest::collection::vec((1_u64..5, 1_u64..80, 0_u64..100, 0_i64..900), 1..120),
        limit in 5_u64..400,
    ) {
        let mut fleet = Fleet::new(ReserveRequest::new(1).reserve(0.0, 0));
        let (mut used, mut window) = (0_u64, 0_u64);
        let mut held = [(0_u64, 0_i64); 5];
        let mut last = [None; 5];
        for (process, wanted, uses, wait) in steps {
            fleet.now += wait;
            let index = usize::try_from(process).unwrap();
            let of_now = u64::try_from(fleet.now / 60_000).unwrap();
            if of_now > window {
                (window, used) = (of_now, 0);
            }
            // Permits that have expired are not used.
            if fleet.now >= held[index].1 {
                held[index].0 = 0;
            }
            let using = held[index].0 * uses / 100;
            held[index].0 -= using;
            for _ in 0..using {
                used += 1;
                prop_assert!(used <= limit, "refused");
                let resets_in = 60 - u64::try_from(fleet.now).unwrap() % 60_000 / 1_000;
                last[index] = Some((fleet.now, seen(limit, limit - used, RESET + 60 * window, resets_in)));
            }
            let mut usage = peer(process).holding(held[index].0, 0);
            if let Some((at, mut observation)) = last[index].take() {
                observation.age = Duration::from_millis(u64::try_from(fleet.now - at).unwrap());
                usage = usage.observing(observation);
            }
            fleet.request.wanted = wanted;
            match fleet.ask(&usage) {
                Decision::Granted { permits, lasts, .. } => {
                    held[index] = (held[index].0 + permits, fleet.now + millis(lasts));
                }
                Decision::Probe { lasts } => held[index] = (held[index].0 + 1, fleet.now + millis(lasts)),
                _ => {}
            }
        }
    }
}
