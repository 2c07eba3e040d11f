use std::collections::BTreeMap;

use okta_auth::Clock;
use proptest::prelude::*;

use super::*;
use crate::{layers::rate_limit::mode::RateLimitShare, time::clock::TokioClock};

/// When the server's windows begin, by its clock.
const EPOCH: u64 = 1_700_000_000;

/// A request of the first epoch.
const FIRST: SentRequest = SentRequest {
    epoch: 1,
    lost_before: 0,
};

/// A budget and a time that begins at zero.
struct Bench {
    budget: Budget,
    start: Instant,
}

impl Bench {
    fn new(mode: RateLimitMode) -> Self {
        Self {
            budget: Budget::new(mode),
            start: TokioClock.now(),
        }
    }

    fn pacing(share: f64) -> Self {
        Self::new(RateLimitMode::Pace(RateLimitShare::new(share).unwrap()))
    }

    fn at(&self, seconds: f64) -> Instant {
        self.start + Duration::from_secs_f64(seconds)
    }

    fn entry(&self, seconds: f64) -> Entry {
        self.budget.entry(self.at(seconds), true)
    }

    fn send(&mut self, seconds: f64) -> SentRequest {
        assert_eq!(self.entry(seconds), Entry::Now);
        self.budget.admit(self.at(seconds))
    }

    fn end(&mut self, seconds: f64, request: SentRequest, outcome: Outcome) {
        self.budget.end(self.at(seconds), request, outcome);
    }

    /// Sends a request and has it answered at once.
    fn exchange(&mut self, seconds: f64, observation: Observation) {
        let epoch = self.send(seconds);
        self.end(seconds, epoch, Outcome::Observed(observation));
    }

    fn observed(&self, seconds: f64) -> Option<(u64, u64)> {
        let rate_limit = self.budget.observed(self.at(seconds))?;
        Some((rate_limit.limit, rate_limit.remaining))
    }

    /// How many requests may go at this moment, all at once.
    fn room(&mut self, seconds: f64) -> u64 {
        let mut sent = 0;
        while self.entry(seconds) == Entry::Now && sent < 10_000 {
            self.budget.admit(self.at(seconds));
            sent += 1;
        }
        sent
    }

    fn waits_until(&self, seconds: f64) -> f64 {
        match self.entry(seconds) {
            Entry::Now => 0.0,
            Entry::At(moment) | Entry::AfterAnswer(moment) => moment.duration_since(self.start).as_secs_f64(),
        }
    }
}

/// What the server writes `written` seconds after the epoch about a window that ends `reset` seconds after it.
fn observation(limit: u64, remaining: u64, reset: u64, written: u64) -> Observation {
    Observation {
        rate_limit: RateLimit {
            limit,
            remaining,
            reset: EPOCH + reset,
        },
        written: Some(EPOCH + written),
        resets_in: Duration::from_secs(reset.saturating_sub(written)),
    }
}

#[test]
fn an_unknown_window_is_entered_by_one_request() {
    let mut bench = Bench::pacing(1.0);
    let probe = bench.send(0.0);
    assert_eq!(bench.waits_until(0.0), PATIENCE.as_secs_f64());
    bench.end(0.2, probe, Outcome::Observed(observation(60, 59, 60, 0)));
    assert_eq!(bench.observed(0.2), Some((60, 59)));
    assert_eq!(bench.room(0.2), 30, "half of what is left");
}

#[test]
fn a_probe_that_is_not_answered_holds_the_others_for_a_while_only() {
    let mut bench = Bench::pacing(1.0);
    let sent: Vec<u64> = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0].map(|now| bench.room(now)).into();
    assert_eq!(sent, [1, 0, 1, 0, 1, 0, 1]);
}

#[test]
fn probes_that_are_never_answered_do_not_use_up_a_known_limit() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(10, 0, 60, 0));
    let mut now = bench.waits_until(0.0);
    let opened = now;
    let mut sent = 0;
    while now < opened + 59.9 {
        sent += bench.room(now);
        now = bench.waits_until(now);
    }
    assert_eq!(sent, 5);
}

#[test]
fn an_api_without_limits_is_soon_used_freely() {
    let mut bench = Bench::pacing(0.5);
    let mut rounds = Vec::new();
    for _ in 0..4 {
        let sent = bench.room(0.0);
        rounds.push(sent);
        (0..sent).for_each(|_| bench.end(0.0, FIRST, Outcome::NotObserved));
    }
    assert_eq!(rounds, [1, 2, 8, 2048]);
}

#[test]
fn what_is_not_answered_by_the_api_opens_nothing() {
    let mut bench = Bench::pacing(1.0);
    for outcome in [Outcome::Lost, Outcome::Unsent, Outcome::Refused(None)] {
        let probe = bench.send(0.0);
        bench.end(0.0, probe, outcome);
        assert_eq!(bench.budget.probes, 1, "{outcome:?}");
    }
    assert_eq!(bench.room(0.0), 1);
}

#[test]
fn at_the_end_of_a_window_everybody_waits_for_the_next() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 0, 60, 0));
    let closes = bench.waits_until(10.0);
    assert!(matches!(bench.entry(10.0), Entry::At(_)));
    assert!((61.0..61.25).contains(&closes), "{closes}");
    // The new one is unknown again.
    assert_eq!(bench.room(closes), 1);
}

#[test]
fn a_share_of_the_limit_is_left_to_others() {
    let mut bench = Bench::pacing(0.5);
    bench.exchange(0.0, observation(60, 31, 60, 0));
    assert_eq!(bench.room(0.0), 1);
    let mut bench = Bench::pacing(0.5);
    bench.exchange(0.0, observation(60, 30, 60, 0));
    assert!(matches!(bench.entry(0.0), Entry::At(_)));
}

#[test]
fn a_share_smaller_than_a_request_still_lets_one_go() {
    let mut bench = Bench::pacing(0.01);
    bench.exchange(0.0, observation(10, 10, 60, 0));
    assert_eq!(bench.room(0.0), 1);
}

#[test]
fn where_others_are_seen_a_reserve_is_kept() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 59, 60, 0));
    bench.exchange(1.0, observation(60, 1, 60, 1));
    assert!(
        matches!(bench.entry(1.0), Entry::At(_)),
        "one is left, of two to be kept"
    );
    // It is remembered for some windows.
    for window in 1..=u64::from(MEMORY) {
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let now = window as f64 * 120.0;
        assert_eq!(bench.budget.others, MEMORY + 1 - u8::try_from(window).unwrap());
        bench.exchange(now, observation(60, 59, window * 120 + 60, window * 120));
    }
    bench.exchange(2000.0, observation(60, 59, 2060, 2000));
    assert_eq!(bench.budget.left(bench.budget.window.as_ref().unwrap()), 59);
}

#[test]
fn others_are_seen_in_a_window_that_opens_earlier_than_expected_too() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 59, 60, 0));
    for used in 2..30 {
        bench.exchange(1.0, observation(60, 60 - used, 60, 1));
    }
    // By our reckoning the last window is open still.
    bench.exchange(60.5, observation(60, 50, 120, 60));
    assert_eq!(bench.budget.others, MEMORY);
}

#[test]
fn short_windows_have_short_margins() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 0, 6, 0));
    let closes = bench.waits_until(0.0);
    assert!((6.1..6.125).contains(&closes), "{closes}");
    // The end of a long window is not a short window.
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 59, 60, 0));
    bench.exchange(115.0, observation(60, 0, 120, 115));
    assert!(bench.waits_until(115.0) >= 121.0);
}

#[test]
fn alone_every_request_of_a_window_is_used() {
    let mut bench = Bench::pacing(1.0);
    for used in 1..=60 {
        bench.exchange(0.0, observation(60, 60 - used, 60, 0));
    }
    assert!(matches!(bench.entry(0.0), Entry::At(_)));
}

#[test]
fn answers_that_overtake_each_other_do_not_give_anything_back() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 40, 60, 0));
    bench.exchange(0.0, observation(60, 45, 60, 0));
    assert_eq!(bench.observed(0.0), Some((60, 40)));
    // A server that starts a new count within a window is believed in the next one.
    bench.exchange(5.0, observation(60, 60, 60, 5));
    assert_eq!(bench.observed(5.0), Some((60, 40)));
}

#[test]
fn a_window_of_the_past_overwrites_none_of_the_present() {
    let mut bench = Bench::pacing(1.0);
    let late = bench.send(0.0);
    bench.end(0.0, late, Outcome::Observed(observation(60, 50, 60, 0)));
    let late = bench.send(59.0);
    bench.exchange(61.9, observation(60, 10, 120, 61));
    bench.end(62.0, late, Outcome::Observed(observation(60, 3, 60, 59)));
    assert_eq!(bench.observed(62.0), Some((60, 10)));
}

#[test]
fn a_late_answer_does_not_open_a_closed_window_again() {
    let mut bench = Bench::pacing(1.0);
    let late = bench.send(0.0);
    bench.end(0.1, late, Outcome::Observed(observation(60, 50, 60, 0)));
    let late = bench.send(50.0);
    let probe = bench.send(70.0);
    bench.end(70.0, late, Outcome::Observed(observation(60, 49, 60, 50)));
    assert_eq!(bench.observed(70.0), None);
    assert_eq!(bench.room(70.0), 0);
    bench.end(70.1, probe, Outcome::Observed(observation(60, 59, 120, 70)));
    assert_eq!(bench.observed(70.1), Some((60, 59)));
}

#[test]
fn a_window_that_has_not_closed_yet_is_waited_for_again() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 0, 60, 0));
    let closes = bench.waits_until(0.0);
    // The server's clock is slower than ours.
    let probe = bench.send(closes);
    bench.end(closes, probe, Outcome::Refused(Some(observation(60, 0, 60, 57))));
    assert!(matches!(bench.entry(closes), Entry::At(_)));
    assert!(bench.waits_until(closes) >= closes + 4.0);
}

#[test]
fn one_garbled_end_of_a_window_does_not_outlive_the_next_answer() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 50, 119, 0));
    bench.exchange(1.0, observation(60, 49, 60, 1));
    assert!(bench.budget.window.as_ref().unwrap().closes < bench.at(63.0));
}

#[test]
fn a_refusal_for_too_many_at_once_is_known_by_its_lower_limit() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(600, 500, 60, 0));
    let is_other = |bench: &Bench, limit| {
        bench
            .budget
            .is_of_another_limit(bench.at(0.0), observation(limit, 0, 60, 0))
    };
    assert!(is_other(&bench, 75));
    assert!(!is_other(&bench, 600));
    let epoch = bench.send(0.0);
    bench.end(0.0, epoch, Outcome::Refused(Some(observation(600, 0, 60, 0))));
    assert!(matches!(bench.entry(0.0), Entry::At(_)));
}

#[test]
fn f7_what_is_lost_counts_as_used_until_the_server_says_otherwise() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 59, 60, 0));
    let left = |bench: &Bench| bench.budget.left(bench.budget.window.as_ref().unwrap());
    for (outcome, expected) in [(Outcome::Unsent, 59), (Outcome::NotObserved, 59), (Outcome::Lost, 58)] {
        let request = bench.send(0.0);
        bench.end(0.0, request, outcome);
        assert_eq!(left(&bench), expected, "{outcome:?}");
        assert_eq!(bench.observed(0.0), Some((60, 59)), "the server's figure stands");
    }
    // A response to what was sent before the loss says nothing about it.
    let (before, lost) = (bench.send(0.0), bench.send(0.0));
    bench.end(0.0, lost, Outcome::Lost);
    bench.end(0.0, before, Outcome::Observed(observation(60, 58, 60, 0)));
    assert_eq!(left(&bench), 58 - 1);
    // One to what was sent after it does: neither had been counted.
    bench.exchange(0.0, observation(60, 57, 60, 0));
    assert_eq!(left(&bench), 57);
}

#[test]
fn f7_losses_take_away_no_more_than_a_quarter_of_the_limit() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(600, 599, 60, 0));
    for _ in 0..599 {
        let request = bench.send(0.0);
        bench.end(0.0, request, Outcome::Lost);
    }
    assert_eq!(bench.room(0.0), (599_u64 - 150).div_ceil(2));
}

#[test]
fn f7_who_only_observes_is_held_back_by_no_guess() {
    let mut bench = Bench::new(RateLimitMode::Observe);
    bench.exchange(0.0, observation(60, 2, 60, 0));
    for _ in 0..10 {
        let request = bench.send(0.0);
        bench.end(0.0, request, Outcome::Lost);
    }
    assert_eq!(bench.entry(0.0), Entry::Now);
}

#[test]
fn who_only_observes_holds_back_what_would_be_refused_for_certain() {
    let mut bench = Bench::new(RateLimitMode::Observe);
    let free = |bench: &Bench, now| bench.budget.entry(bench.at(now), false);
    for _ in 0..100 {
        assert_eq!(free(&bench, 0.0), Entry::Now);
        bench.budget.admit(bench.at(0.0));
    }
    bench.end(0.0, FIRST, Outcome::Observed(observation(60, 1, 60, 0)));
    assert_eq!(free(&bench, 0.0), Entry::Now);
    bench.end(0.0, FIRST, Outcome::Refused(Some(observation(60, 0, 60, 0))));
    assert!(matches!(free(&bench, 0.0), Entry::At(_)));
    // Those that have waited go step by step.
    assert_eq!(bench.room(62.0), 1);
    assert_eq!(free(&bench, 62.0), Entry::Now);
}

#[test]
fn requests_that_hang_cost_room_in_the_next_window_and_no_longer() {
    let mut bench = Bench::pacing(1.0);
    bench.exchange(0.0, observation(60, 59, 60, 0));
    assert_eq!(bench.room(0.0), 30);
    bench.exchange(62.0, observation(60, 59, 120, 62));
    assert_eq!(bench.room(62.0), 30 - 30);
    bench.exchange(122.0, observation(60, 59, 180, 122));
    assert_eq!(bench.room(122.0), 30);
}

/// A server with windows of a minute that begin when the first request comes, or every full minute.
#[derive(Debug)]
struct Server {
    limit: u64,
    full_minutes: bool,
    ends: f64,
    used: u64,
}

impl Server {
    fn count(&mut self, now: f64) -> (bool, Observation) {
        if now >= self.ends {
            let begins = if self.full_minutes {
                (now / 60.0).floor() * 60.0
            } else {
                now.floor()
            };
            self.ends = begins + 60.0;
            self.used = 0;
        }
        let refused = self.used >= self.limit;
        if !refused {
            self.used += 1;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small and positive"
        )]
        let (reset, written) = (self.ends as u64, now as u64);
        (refused, observation(self.limit, self.limit - self.used, reset, written))
    }
}

#[derive(Clone, Copy, Debug)]
enum Message {
    Request {
        back: u64,
        epoch: SentRequest,
    },
    Answer {
        refused: bool,
        observation: Observation,
        epoch: SentRequest,
    },
}

/// Milliseconds there and back.
fn latencies(there: u64, back: u64) -> impl Strategy<Value = Vec<(u64, u64)>> {
    prop::collection::vec((1..there, 1..back), 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// However long requests take there and back, and however they overtake each other: alone in its bucket, a caller
    /// that paces is never refused.
    #[test]
    fn alone_and_pacing_nothing_is_refused(
        share in 0.05_f64..=1.0,
        full_minutes in any::<bool>(),
        offset in 0_u64..60_000,
        // How many of twenty requests are lost.
        (limit, latencies, lost) in prop_oneof![
            (1_u64..80, latencies(500, 500), Just(0)),
            (70_u64..200, latencies(20_000, 30_000), 0_usize..3),
        ],
    ) {
        let mut bench = Bench::pacing(share);
        let mut server = Server { limit, full_minutes, ends: 0.0, used: 0 };
        // In milliseconds, so that the order of events is certain.
        let mut messages: BTreeMap<(u64, u64), Message> = BTreeMap::new();
        let (mut now, mut serial, mut answered, mut sent) = (offset, 0, 0, 0_usize);
        while answered < 250 {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let seconds = now as f64 / 1000.0;
            while sent < 400 && bench.entry(seconds) == Entry::Now {
                let (there, back) = latencies[sent % latencies.len()];
                let epoch = bench.send(seconds);
                serial += 1;
                messages.insert((now + there, serial), Message::Request { back, epoch });
                sent += 1;
            }
            let next = messages.first_key_value().map(|((at, _), _)| *at);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
            let wakes = match bench.entry(seconds) {
                Entry::Now => u64::MAX,
                _ => (bench.waits_until(seconds) * 1000.0).ceil() as u64,
            };
            now = next.unwrap_or(u64::MAX).min(wakes);
            prop_assert_ne!(now, u64::MAX, "everybody waits for ever");
            if next != Some(now) {
                continue;
            }
            let (_, message) = messages.pop_first().unwrap();
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let seconds = now as f64 / 1000.0;
            match message {
                Message::Request { back, epoch } => {
                    let (refused, observation) = server.count(seconds);
                    prop_assert!(!refused, "refused at {seconds}: {:?} {server:?}", bench.budget);
                    serial += 1;
                    messages.insert((now + back, serial), Message::Answer { refused, observation, epoch });
                }
                Message::Answer { refused, observation, epoch } => {
                    answered += 1;
                    let outcome = match (refused, answered % 20 < lost) {
                        (true, _) => Outcome::Refused(Some(observation)),
                        (false, true) => Outcome::Lost,
                        (false, false) => Outcome::Observed(observation),
                    };
                    bench.end(seconds, epoch, outcome);
                }
            }
        }
    }

    /// Whatever is reported in whatever order, the state stays consistent, and some later request is admitted.
    #[test]
    fn nothing_that_is_reported_stops_it_for_good(
        rate_limit in prop::collection::vec(
            (1_u64..100, 0_u64..200, 0_u64..300, 0_u64..200, 0_u64..30_000, 0_u8..5, any::<bool>()),
            1..60,
        ),
    ) {
        let mut bench = Bench::pacing(0.9);
        let mut now = 0.0;
        let mut on_their_way = Vec::new();
        for (limit, remaining, reset, written, passes, ending, send) in rate_limit {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let pause = passes as f64 / 1000.0;
            now += pause;
            if send && bench.entry(now) == Entry::Now {
                on_their_way.push(bench.send(now));
            }
            let Some(epoch) = on_their_way.pop() else { continue };
            let observation = observation(limit, remaining.min(limit), reset.min(written + 120).max(written + 1), written);
            let before = bench.budget.window.as_ref().map(|window| (window.rate_limit.reset, window.written));
            bench.end(now, epoch, match ending {
                0 => Outcome::Lost,
                1 => Outcome::NotObserved,
                2 => Outcome::Refused(Some(observation)),
                3 => Outcome::Unsent,
                _ => Outcome::Observed(observation),
            });
            if let Some(known) = bench.observed(now) {
                prop_assert!(known.1 <= known.0.max(limit));
            }
            let after = bench.budget.window.as_ref().map(|window| (window.rate_limit.reset, window.written));
            if let (Some((reset, written)), Some((later, rewritten))) = (before, after) {
                prop_assert!(later >= reset || rewritten > written, "a window of the past was believed");
            }
        }
        let wakes = bench.waits_until(now);
        prop_assert!(wakes <= now + 122.0, "{wakes} after {now}");
        // What is on its way is two windows old by then, and no longer counts.
        prop_assert!(bench.room(now + 400.0) > 0);
    }
}
