//! One scope in which Okta counts: its window, and what the processes of the fleet hold of it.

use std::collections::BTreeMap;

use okta_transport::rate_limit::{PeerUsage, WindowObservation};
use serde::{Deserialize, Serialize};

use super::{GRACE, PRESENT, RETURN, SETTLE, millis};

/// How much later than reported a window counts as open: a part of its length, but no more than so many milliseconds. The
/// server may have cut its end to a whole second.
const MARGIN: i64 = 1_000;

/// The longest window that is believed. In milliseconds.
const LONGEST: i64 = 120_000;

/// A grant is not smaller than this if so many permits are available.
const LEAST: u64 = 8;

/// A window and its leases. Moments are in milliseconds by the store's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scope {
    /// Zero until it is known.
    pub(super) limit: u64,
    /// The lowest reported figure of this window; `None` if only the other scope has been reported.
    pub(super) remaining: Option<u64>,
    /// The reported end, in seconds by the server's clock: the name of the window.
    reset: u64,
    /// When it was written, by the server's clock.
    written: u64,
    /// When the window was seen first.
    opened: i64,
    /// Until then processes may come back that were without the store.
    settles: i64,
    /// From this moment on there is a new window.
    pub(super) closes: i64,
    /// The longest reported time to the end of a window: about its length.
    length: i64,
    /// Whether more was used in this window than the fleet was granted.
    pub(super) others_seen: bool,
    /// How many permits of this window have been granted.
    granted: u64,
    leases: BTreeMap<String, Lease>,
}

/// What a process holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Lease {
    unused: u64,
    in_flight: u64,
    /// How many permits of this window it was granted.
    granted: u64,
    /// When its permits expire.
    ends: i64,
    /// When it was heard of last.
    seen: i64,
}

impl Scope {
    pub(super) const fn is_open(&self, now: i64) -> bool {
        now < self.closes
    }

    /// Permits that may be used, or have been and are not counted in `remaining`.
    pub(super) fn outstanding(&self) -> u64 {
        self.leases.values().map(|lease| lease.unused + lease.in_flight).sum()
    }

    /// Whether other processes hold permits that they may give back, and so many that it is worth waiting for them.
    pub(super) fn others_hold(&self, now: i64, peer: &str) -> bool {
        let others = self.leases.iter().filter(|(other, _)| *other != peer);
        let held: u64 = others
            .filter(|(_, lease)| now < lease.ends)
            .map(|(_, lease)| lease.unused)
            .sum();
        held >= self.peers(now)
    }

    /// How many processes there are.
    pub(super) fn peers(&self, now: i64) -> u64 {
        self.leases.values().filter(|lease| now < lease.seen + PRESENT).count() as u64
    }

    /// How many of the available permits a process may have: the rest of its equal part of what is usable in a window.
    /// When the others had the time to take theirs, an equal part of what is available. Until then `None` if it has had
    /// its part.
    pub(super) fn part(&self, now: i64, peer: &str, usable: u64, available: u64, processes: u64) -> Option<u64> {
        if now < self.settles {
            // The others send their equal parts without having asked for them.
            let equal = (usable / self.peers(now).max(processes).max(1)).max(1);
            let granted = self.leases.get(peer).map_or(0, |lease| lease.granted);
            let own = equal.saturating_sub(granted).min(available);
            return (own > 0).then_some(own);
        }
        let equal = (usable / self.peers(now).max(1)).max(1);
        let granted = self.leases.get(peer).map_or(0, |lease| lease.granted);
        let own = equal.saturating_sub(granted).min(available);
        if now < self.opened + SETTLE {
            let others = self.leases.iter().filter(|(other, _)| *other != peer);
            let waits = others
                .filter(|(_, lease)| now < lease.seen + PRESENT)
                .any(|(_, lease)| lease.granted < equal);
            if own > 0 || waits {
                return (own > 0).then_some(own);
            }
        }
        let active = self.leases.values().filter(|lease| lease.seen >= self.opened).count() as u64;
        Some(own.max(available.div_ceil(active.max(1))).max(available.min(LEAST)))
    }

    /// Until when the others have the time to take their parts, if this process has had its own.
    pub(super) fn settles(&self, now: i64, peer: &str, usable: u64) -> i64 {
        let equal = (usable / self.peers(now).max(1)).max(1);
        let has_had_its_part = self.leases.get(peer).is_some_and(|lease| lease.granted >= equal);
        if has_had_its_part && self.peers(now) > 1 {
            self.opened + SETTLE
        } else {
            now
        }
    }

    pub(super) fn grant(&mut self, now: i64, peer: &str, permits: u64, lasts: i64) {
        self.granted += permits;
        let lease = self.leases.entry(peer.to_owned()).or_default();
        lease.unused += permits;
        lease.granted += permits;
        lease.ends = now + lasts;
        lease.seen = now;
    }

    /// Takes note of what a process holds.
    pub(super) fn report(&mut self, now: i64, peer: &str, usage: &PeerUsage) {
        // A process that is not heard of any more has used its permits, and then the figures of the server include them,
        // or never will.
        let fresh = !usage.observations.is_empty();
        self.leases.retain(|other, lease| {
            other == peer
                || now < lease.seen + PRESENT
                || now < lease.ends + GRACE
                || !fresh && self.closes > now && lease.unused + lease.in_flight > 0
        });
        // The store was not asked for what it has sent, or has lost its data.
        let is_new = self.reset == 0;
        let is_of_window = self.is_open(now) && self.reset.abs_diff(usage.window) <= 1;
        let is_unknown = is_new || is_of_window && !self.leases.contains_key(peer);
        if usage.was_alone || usage.sent > 0 && is_unknown {
            self.settles = now + RETURN;
        }
        let lease = self.leases.entry(peer.to_owned()).or_default();
        if is_of_window {
            lease.granted = lease.granted.max(usage.sent);
        }
        lease.unused = usage.unused;
        lease.in_flight = usage.in_flight;
        lease.seen = now;
    }

    /// Whether the observation is of a window after this one.
    pub(super) const fn is_before(&self, observation: &WindowObservation) -> bool {
        observation.rate_limit.reset > self.reset + 1
    }

    pub(super) fn is_of_window(&self, observation: &WindowObservation) -> bool {
        self.reset.abs_diff(observation.rate_limit.reset) <= 1
    }

    /// Takes note of a figure of this scope. Returns true if it is of a new window.
    /// A response to a request that was sent after the window had closed here opens it again: it had not closed yet.
    pub(super) fn learn(&mut self, now: i64, observation: &WindowObservation, is_probe: bool) -> bool {
        let (rate_limit, written) = (observation.rate_limit, observation.written.unwrap_or(0));
        let remaining = rate_limit.remaining.min(rate_limit.limit);
        if self.reset > 0 && self.is_of_window(observation) {
            // The same window only gets smaller.
            self.remaining = Some(self.remaining.map_or(remaining, |known| known.min(remaining)));
            self.written = self.written.max(written);
            let closes = self.end(now, observation);
            self.closes = if is_probe && !self.is_open(now) {
                closes
            } else {
                self.closes.min(closes)
            };
        } else if rate_limit.reset > self.reset || written > self.written && self.written > 0 {
            self.open(now, observation);
            return true;
        } else {
            return false;
        }
        self.see_others(rate_limit.limit, remaining);
        false
    }

    fn see_others(&mut self, limit: u64, remaining: u64) {
        self.others_seen |= limit.saturating_sub(remaining) > self.granted;
    }

    /// Begins a new window. Requests that are on their way may be counted in it, and so may permits that have not expired.
    pub(super) fn open(&mut self, now: i64, observation: &WindowObservation) {
        self.length = self.length.max(millis(observation.resets_in).min(LONGEST));
        self.opened = now;
        self.closes = self.end(now, observation);
        self.reset = observation.rate_limit.reset;
        self.written = observation.written.unwrap_or(0);
        self.remaining = Some(observation.rate_limit.remaining.min(observation.rate_limit.limit));
        self.granted = 0;
        self.others_seen = false;
        self.leases
            .retain(|_, lease| now < lease.seen + PRESENT.max(LONGEST / 2));
        for lease in self.leases.values_mut() {
            if now >= lease.ends {
                lease.unused = 0;
            }
            self.granted += lease.in_flight + lease.unused;
            lease.granted = 0;
        }
        self.granted += 1;
        self.see_others(observation.rate_limit.limit, observation.rate_limit.remaining);
    }

    fn end(&self, now: i64, observation: &WindowObservation) -> i64 {
        let length = self.length.max(millis(observation.resets_in).min(LONGEST));
        now + millis(observation.resets_in).min(LONGEST) - millis(observation.age) + (length / 60).min(MARGIN)
    }
}
