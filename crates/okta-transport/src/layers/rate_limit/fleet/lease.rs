//! Permits that a process has reserved for one bucket, and what it has to report about it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    health::Health,
    settings::Fleet,
    share::StaticShare,
    store::{Decision, FleetSize, PeerUsage, RateLimitKeys, Reservation, ReserveRequest, WindowObservation},
};
use crate::layers::rate_limit::{
    budget::Entry, concurrency_limit::ConcurrencyLimit, observation::Observation, queue::Wakers,
};

/// So many permits are asked for at first.
const FIRST_LEASE: u64 = 64;

/// So many windows are remembered for the next report: those of the org and of the caller, and one that is over.
const WINDOWS: usize = 4;

/// A call that has not ended this long after its timeout never will: its runtime does not run.
const DEAD: Duration = Duration::from_secs(1);

/// A store that grants nothing, or for no time, is asked again after this long at the earliest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

/// Processes that find nothing do not come back at the same moment.
const JITTER: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(in crate::layers::rate_limit) struct Lease {
    fleet: Arc<Fleet>,
    health: Arc<Health>,
    keys: Arc<RateLimitKeys>,
    peer: u64,
    permits: u64,
    /// When the permits expire.
    ends: Option<Instant>,
    /// Whether the permit is for finding the state of the window out, and its response is to be reported.
    probing: bool,
    /// Before this moment there is nothing to ask for; and whether that is because the window is used up.
    closed: Option<(Instant, bool)>,
    /// The call that is under way, and when it counts as dead.
    pending: Option<(u64, Instant)>,
    /// Counts the calls.
    calls: u64,
    /// Counts the permits that were used.
    used: u64,
    /// How many had been used when the lease began.
    used_before: u64,
    wanted: u64,
    windows: Vec<(Observation, Instant)>,
    is_unlimited: bool,
    size: FleetSize,
    without_runtime: bool,
    /// Whether requests were sent without permits since the last report.
    was_alone: bool,
    /// The limit of concurrent requests of this process, if the fleet has one.
    concurrency: Option<Arc<ConcurrencyLimit>>,
}

/// Whether one more request may go, by the lease.
pub(in crate::layers::rate_limit) enum Gate {
    Open,
    Closed(Entry),
    /// The store does not work. It is tried again at this moment, or a trial ends then.
    Static(Option<Instant>),
}

/// What a bucket has on its way.
#[derive(Clone, Copy, Debug)]
pub(in crate::layers::rate_limit) struct Load {
    /// Requests that are on their way, and those that may arrive yet.
    pub(in crate::layers::rate_limit) in_flight: u64,
    /// Those of them whose response is waited for. The others were lost, and nothing more may ever be heard of them.
    pub(in crate::layers::rate_limit) running: u64,
    /// Requests of this window.
    pub(in crate::layers::rate_limit) sent: u64,
    /// The reported end of the window; zero if none is open.
    pub(in crate::layers::rate_limit) window: u64,
}

/// A call of the store that is to be made.
#[derive(Debug)]
pub(in crate::layers::rate_limit) struct StoreCall {
    pub(super) number: u64,
    pub(super) begun: Instant,
    pub(super) usage: PeerUsage,
    /// `None` if nothing is wanted.
    pub(super) request: Option<ReserveRequest>,
    /// What the usage reports, to be reported again if the call fails.
    windows: Vec<(Observation, Instant)>,
}

/// What is to be done about a lease that is looked at from time to time.
pub(in crate::layers::rate_limit) enum Idle {
    /// It is being used; this many permits have been so far.
    No(u64),
    /// There is a newer one.
    Over,
    GiveBack(StoreCall),
}

impl Lease {
    pub(in crate::layers::rate_limit) fn new(fleet: Arc<Fleet>, health: Arc<Health>, keys: RateLimitKeys) -> Self {
        Self {
            wanted: FIRST_LEASE.min(fleet.largest_lease),
            fleet,
            health,
            keys: Arc::new(keys),
            peer: fastrand::u64(..),
            permits: 0,
            ends: None,
            probing: false,
            closed: None,
            pending: None,
            calls: 0,
            used: 0,
            used_before: 0,
            windows: Vec::new(),
            is_unlimited: false,
            size: FleetSize::default(),
            without_runtime: false,
            was_alone: false,
            concurrency: None,
        }
    }

    /// Lets the number of processes set this limit.
    pub(in crate::layers::rate_limit) fn concurrency(mut self, limit: Option<Arc<ConcurrencyLimit>>) -> Self {
        self.concurrency = limit.filter(|_| self.fleet.concurrency_limit.is_some());
        self
    }

    pub(in crate::layers::rate_limit) fn fleet(&self) -> Arc<Fleet> {
        Arc::clone(&self.fleet)
    }

    pub(in crate::layers::rate_limit) fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    pub(in crate::layers::rate_limit) fn keys(&self) -> Arc<RateLimitKeys> {
        Arc::clone(&self.keys)
    }

    pub(in crate::layers::rate_limit) fn gate(&self, now: Instant) -> Gate {
        if self.has_permits(now) {
            return Gate::Open;
        }
        if let Some(ends) = self.probes_until(now) {
            return Gate::Closed(Entry::AfterAnswer(ends));
        }
        let retry_at = self.health.retry_at();
        let pending = self.pending.map(|(_, dead)| dead).filter(|dead| now < *dead);
        if retry_at.is_some() || self.without_runtime {
            // Without a runtime the store is not asked again, so there is no time to wait for.
            let ask_at = if self.without_runtime {
                None
            } else {
                pending.or(retry_at)
            };
            return Gate::Static(ask_at);
        }
        Gate::Closed(match (pending, self.closed) {
            (Some(dead), _) => Entry::AfterAnswer(dead),
            (_, Some((opens, true))) if now < opens => Entry::At(opens),
            (_, Some((opens, false))) if now < opens => Entry::AfterAnswer(opens),
            _ => Entry::AfterAnswer(later(now, self.health.limit(self.fleet.store_timeout))),
        })
    }

    /// The share of a window with this limit while the store does not work.
    pub(in crate::layers::rate_limit) fn share(&self, limit: u64) -> StaticShare {
        StaticShare::of(limit, &self.fleet, self.size)
    }

    /// Uses a permit, if there is one.
    pub(in crate::layers::rate_limit) fn admit(&mut self, now: Instant) {
        if self.has_permits(now) {
            self.permits -= 1;
        } else {
            self.was_alone = true;
        }
        self.used += 1;
    }

    /// Takes note of what a response has said. Returns true if it is to be reported at once.
    pub(in crate::layers::rate_limit) fn learn(&mut self, now: Instant, observation: Option<Observation>) -> bool {
        match observation {
            Some(observation) => {
                self.is_unlimited = false;
                self.remember(now, observation);
            }
            None => self.is_unlimited = self.windows.is_empty(),
        }
        self.probing
    }

    /// Takes note of a refusal by the window: what is reserved would be refused too.
    pub(in crate::layers::rate_limit) fn refused(&mut self, now: Instant, observation: Observation) {
        self.permits = 0;
        if observation.rate_limit.remaining == 0 {
            self.closed = Some((later(now, observation.resets_in), true));
        }
    }

    /// Whether a probe has ended: without a response, another process may find the state of the window out.
    pub(in crate::layers::rate_limit) const fn is_probing(&self) -> bool {
        self.probing
    }

    fn remember(&mut self, now: Instant, new: Observation) {
        let same = |old: &Observation| {
            old.rate_limit.limit == new.rate_limit.limit && old.rate_limit.reset.abs_diff(new.rate_limit.reset) <= 1
        };
        match self.windows.iter_mut().find(|(old, _)| same(old)) {
            Some((old, at)) if new.rate_limit.remaining <= old.rate_limit.remaining => {
                (*old, *at) = (new, now);
            }
            // Responses may overtake each other, so the smallest figure is the newest.
            Some(_) => {}
            None => {
                if self.windows.len() == WINDOWS {
                    self.windows.remove(0);
                }
                self.windows.push((new, now));
            }
        }
    }

    /// The call that is to be made now because nothing is left, if one is. `waiting` requests wait, `in_flight` are on
    /// their way or may be.
    pub(in crate::layers::rate_limit) fn refill(
        &mut self,
        now: Instant,
        waiting: usize,
        load: Load,
    ) -> Option<StoreCall> {
        if self.has_permits(now) || self.probes_until(now).is_some() {
            return None;
        }
        if let Some((_, dead)) = self.pending {
            if now < dead {
                return None;
            }
            self.pending = None;
            self.health.failed(now, None);
        }
        let not_before = self.health.retry_at().or(self.closed.map(|(opens, _)| opens));
        if not_before.is_some_and(|moment| now < moment) {
            return None;
        }
        self.adapt();
        self.permits = 0;
        self.probing = false;
        let waiting = u64::try_from(waiting).unwrap_or(u64::MAX);
        let wanted = self.wanted.max(waiting.saturating_add(1)).min(self.fleet.largest_lease);
        let request = Some(self.fleet.request(wanted));
        Some(self.call(now, load, request))
    }

    /// The report of a probe's response. It asks for permits if requests wait.
    pub(in crate::layers::rate_limit) fn report(
        &mut self,
        now: Instant,
        waiting: usize,
        load: Load,
    ) -> Option<StoreCall> {
        self.probing = false;
        if waiting > 0 {
            self.closed = None;
            return self.refill(now, waiting, load);
        }
        (self.pending.is_none() && self.health.retry_at().is_none()).then(|| self.call(now, load, None))
    }

    fn call(&mut self, now: Instant, load: Load, request: Option<ReserveRequest>) -> StoreCall {
        self.calls += 1;
        self.pending = Some((
            self.calls,
            later(now, self.health.limit(self.fleet.store_timeout).saturating_add(DEAD)),
        ));
        let windows = std::mem::take(&mut self.windows);
        let observations = windows.iter().map(|(observation, at)| {
            let mut window = WindowObservation::new(observation.rate_limit, observation.written, observation.resets_in);
            window.age = now.saturating_duration_since(*at);
            window
        });
        let mut usage = PeerUsage::new(self.peer)
            .holding(self.permits, load.in_flight)
            .having_sent(load.sent, load.window, self.was_alone);
        usage.observations = observations.collect();
        usage.is_unlimited = self.is_unlimited;
        StoreCall {
            number: self.calls,
            begun: now,
            usage,
            request,
            windows,
        }
    }

    /// As many as were used of the last lease, or four times as many if it was used up.
    fn adapt(&mut self) {
        let used = self.used - self.used_before;
        self.used_before = self.used;
        if self.ends.take().is_some() {
            let wanted = if self.permits == 0 {
                self.wanted.max(used.saturating_mul(4))
            } else {
                used
            };
            self.wanted = wanted.clamp(FIRST_LEASE, self.fleet.largest_lease.max(FIRST_LEASE));
        }
    }

    /// Takes note of the result of a call.
    pub(in crate::layers::rate_limit) fn replied(
        &mut self,
        now: Instant,
        call: &StoreCall,
        reservation: Option<Reservation>,
        wakers: &mut Wakers,
    ) {
        self.end_call(call.number);
        let Some(Reservation { decision, fleet }) = reservation else {
            return;
        };
        self.size = fleet;
        if let (Some(limit), Some(own)) = (&self.concurrency, self.fleet.concurrency_of(Some(fleet.org_peers))) {
            limit.set(own, wakers);
        }
        self.was_alone = false;
        match decision {
            // A custom store may grant nothing that could be used.
            Decision::Granted {
                permits, lasts, next, ..
            } if permits == 0 || lasts.is_zero() => self.pause(now, next),
            Decision::Probe { lasts } if lasts.is_zero() => self.pause(now, lasts),
            Decision::Granted {
                permits,
                lasts,
                next,
                used_up,
            } => {
                self.grant(call, permits, lasts, false);
                if !next.is_zero() {
                    self.closed = Some((later(call.begun, next.saturating_add(jitter(next))), used_up));
                }
            }
            Decision::Probe { lasts } => self.grant(call, 1, lasts, true),
            Decision::AskAgain { retry_in } => self.pause(now, retry_in),
            Decision::UsedUp { opens_in } => {
                let opens_in = opens_in.max(SHORTEST_PAUSE);
                self.closed = Some((later(now, opens_in.saturating_add(jitter(JITTER * 4))), true));
            }
        }
    }

    /// Asks again after this long.
    fn pause(&mut self, now: Instant, retry_in: Duration) {
        let retry_in = retry_in.max(SHORTEST_PAUSE);
        self.closed = Some((later(now, retry_in.saturating_add(jitter(retry_in))), false));
    }

    fn grant(&mut self, call: &StoreCall, permits: u64, lasts: Duration, probing: bool) {
        self.closed = None;
        self.permits = permits;
        self.probing = probing;
        self.ends = Some(later(call.begun, lasts));
        self.used_before = self.used;
    }

    /// Takes note that a call has failed.
    pub(in crate::layers::rate_limit) fn failed(&mut self, call: &StoreCall) {
        self.end_call(call.number);
        let newer = std::mem::take(&mut self.windows);
        self.windows.clone_from(&call.windows);
        for (observation, at) in newer {
            self.remember(at, observation);
        }
    }

    fn end_call(&mut self, number: u64) {
        if self.pending.is_some_and(|(pending, _)| pending == number) {
            self.pending = None;
        }
    }

    /// What is to be done about a lease of which `used` permits of all time had been used a while ago.
    pub(in crate::layers::rate_limit) fn idle(&mut self, now: Instant, number: u64, used: u64, load: Load) -> Idle {
        if self.calls != number || self.pending.is_some() || self.health.retry_at().is_some() {
            return Idle::Over;
        }
        if self.used != used || load.running > 0 {
            return Idle::No(self.used);
        }
        self.adapt();
        self.permits = 0;
        Idle::GiveBack(self.call(now, load, None))
    }

    /// The call that gives back what is not used.
    pub(in crate::layers::rate_limit) fn release(&mut self, now: Instant, load: Load) -> StoreCall {
        self.permits = 0;
        self.probing = false;
        self.call(now, load, None)
    }

    pub(in crate::layers::rate_limit) const fn used(&self) -> u64 {
        self.used
    }

    pub(in crate::layers::rate_limit) fn without_runtime(&mut self, without: bool) {
        self.without_runtime = without;
    }

    /// Until when the response of a probe is waited for.
    fn probes_until(&self, now: Instant) -> Option<Instant> {
        self.ends.filter(|ends| self.probing && now < *ends)
    }

    fn has_permits(&self, now: Instant) -> bool {
        self.permits > 0 && self.ends.is_some_and(|ends| now < ends)
    }
}

fn jitter(most: Duration) -> Duration {
    most.min(JITTER * 4).mul_f64(fastrand::f64())
}

/// What a store says never overflows.
fn later(moment: Instant, by: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(120);
    moment.checked_add(by.min(LONGEST)).unwrap_or(moment)
}
