//! The arithmetic of shared rate limits, without a store: what is known of one bucket, and what one report or request
//! changes.
//!
//! The figures of a scope (`scope`) are those of the org's bucket or of the part that one caller may use. Redis runs the
//! same steps as a script; `tests/it` compares both.

mod scope;

use std::collections::BTreeMap;

use okta_transport::rate_limit::{
    Decision, FleetSize, PeerUsage, RateLimitKeys, Reservation, ReserveRequest, WindowObservation,
};
use scope::Scope;
use serde::{Deserialize, Serialize};

/// A process that has not been heard of for so long does not count as one of the fleet. In milliseconds.
pub(crate) const PRESENT: i64 = 15_000;

/// How long a lease lasts at most. In milliseconds.
pub(crate) const LEASE: i64 = 10_000;

/// For so long after the end of a lease its requests may still be on their way. In milliseconds.
pub(crate) const GRACE: i64 = 5_000;

/// How long the process that finds out the state of a window has for that. In milliseconds.
pub(crate) const PROBE: i64 = 2_000;

/// How long the others wait before they ask again, at first. In milliseconds.
pub(crate) const PROBE_POLL: i64 = 150;

/// For so long after a window has opened each process gets its equal part only. In milliseconds.
pub(crate) const SETTLE: i64 = 1_500;

/// For so long after a process has come back that was without the store, others may. In milliseconds.
pub(crate) const RETURN: i64 = 10_000;

/// For how long a bucket whose responses have no rate-limit headers counts as unlimited. In milliseconds.
pub(crate) const UNLIMITED: i64 = 30_000;

/// How many permits a process gets of an unlimited bucket.
pub(crate) const PLENTY: u64 = 1_000;

/// How long what is known of a bucket is remembered after its last use. In milliseconds.
pub(crate) const MEMORY: i64 = 24 * 60 * 60 * 1000;

/// What is known of the bucket of an org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Org {
    scope: Scope,
    /// Whether the limit was reported, or is worked out from that of a caller.
    known: bool,
    /// How many requests of this window each caller has used, as responses have reported.
    used: BTreeMap<String, u64>,
}

/// What is known of the part of a bucket that one caller may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Caller {
    scope: Scope,
    /// Who finds the state of the window out, and until when.
    prober: String,
    probing_until: i64,
    unlimited_until: i64,
}

impl Org {
    pub(crate) const fn is_open(&self, now: i64) -> bool {
        self.scope.is_open(now)
    }
}

impl Caller {
    pub(crate) const fn is_open(&self, now: i64) -> bool {
        self.scope.is_open(now)
    }
}

/// Both scopes of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub(crate) org: Org,
    pub(crate) caller: Caller,
}

/// The text of a process, as scopes know it: the number of the process, in hexadecimal digits.
pub(crate) fn peer(usage: &PeerUsage) -> String {
    format!("{:016x}", usage.peer)
}

pub(crate) fn millis(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(MEMORY)
}

fn duration(millis: i64) -> std::time::Duration {
    std::time::Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

impl Ledger {
    /// Takes note of what a process reports at this moment of the store's clock.
    pub(crate) fn observe(
        &mut self,
        now: i64,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: Option<&ReserveRequest>,
    ) {
        let peer = peer(usage);
        let is_probe = self.caller.prober == peer && self.caller.probing_until > 0;
        for observation in &usage.observations {
            self.learn(now, keys.principal(), observation, is_probe, request);
        }
        for scope in [&mut self.org.scope, &mut self.caller.scope] {
            scope.report(now, &peer, usage);
        }
        if usage.is_unlimited && usage.observations.is_empty() {
            self.caller.unlimited_until = now + UNLIMITED;
        }
        if self.caller.prober == peer && (usage.in_flight == 0 || !usage.observations.is_empty()) {
            self.caller.probing_until = 0;
        }
    }

    /// Grants permits to a process that has just reported.
    pub(crate) fn reserve(
        &mut self,
        now: i64,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: &ReserveRequest,
    ) -> Reservation {
        self.observe(now, keys, usage, Some(request));
        let peer = peer(usage);
        let decision = self.decide(now, &peer, request);
        let size = FleetSize::new(
            self.org.scope.peers(now),
            self.caller.scope.peers(now),
            (self.org.scope.limit > 0).then_some(self.org.scope.limit),
        );
        Reservation::new(decision, size)
    }

    fn decide(&mut self, now: i64, peer: &str, request: &ReserveRequest) -> Decision {
        let wanted = request.wanted.max(1);
        if !self.caller.scope.is_open(now) {
            if now < self.caller.unlimited_until {
                return Decision::Granted {
                    permits: wanted.min(PLENTY),
                    lasts: duration(LEASE),
                    next: duration(0),
                    used_up: false,
                };
            }
            if self.org.scope.is_open(now) && self.org_available(now, request) == 0 {
                return self.wait(now, peer, true, false);
            }
            if now < self.caller.probing_until {
                return Decision::AskAgain {
                    retry_in: duration(PROBE_POLL),
                };
            }
            peer.clone_into(&mut self.caller.prober);
            self.caller.probing_until = now + PROBE;
            self.grant(now, peer, 1, PROBE);
            return Decision::Probe { lasts: duration(PROBE) };
        }
        let (of_org, of_caller) = (self.org_available(now, request), self.caller_available());
        if of_org == 0 || of_caller == 0 {
            return self.wait(now, peer, of_org == 0, of_caller == 0);
        }
        let org_usable = self.org.scope.limit.saturating_sub(self.reserved(request));
        // Until a response reports it, the caller's part may be the whole bucket.
        let caller_usable = if self.caller.scope.limit > 0 {
            self.caller.scope.limit
        } else {
            org_usable
        };
        let parts = (
            self.org.scope.part(now, peer, org_usable, of_org, request.processes),
            self.caller
                .scope
                .part(now, peer, caller_usable, of_caller, request.processes),
        );
        let (Some(of_org), Some(of_caller)) = parts else {
            return Decision::AskAgain {
                retry_in: duration(SETTLE),
            };
        };
        let permits = wanted.min(of_org).min(of_caller);
        let lasts = LEASE
            .min(self.org.scope.closes.min(self.caller.scope.closes) - now)
            .max(1);
        self.grant(now, peer, permits, lasts);
        let left = (self.org_available(now, request), self.caller_available());
        let (used_up, next) = if left.0 == 0 || left.1 == 0 {
            match self.wait(now, peer, left.0 == 0, left.1 == 0) {
                Decision::UsedUp { opens_in } => (true, millis(opens_in)),
                Decision::AskAgain { retry_in } => (false, millis(retry_in)),
                _ => (false, 0),
            }
        } else {
            let of_org = self.org.scope.settles(now, peer, org_usable);
            let of_caller = self.caller.scope.settles(now, peer, caller_usable);
            (false, of_org.max(of_caller) - now)
        };
        Decision::Granted {
            permits,
            lasts: duration(lasts),
            next: duration(next.max(0)),
            used_up,
        }
    }

    fn grant(&mut self, now: i64, peer: &str, permits: u64, lasts: i64) {
        for scope in [&mut self.org.scope, &mut self.caller.scope] {
            scope.grant(now, peer, permits, lasts);
        }
    }

    fn wait(&self, now: i64, peer: &str, org: bool, caller: bool) -> Decision {
        let closes = |used_up: bool, scope: &Scope| if used_up { scope.closes } else { 0 };
        let opens_in = closes(org, &self.org.scope).max(closes(caller, &self.caller.scope)) - now;
        let unused = |used_up: bool, scope: &Scope| !used_up || scope.others_hold(now, peer);
        if unused(org, &self.org.scope) && unused(caller, &self.caller.scope) {
            // Others may give permits back.
            let retry_in = (opens_in / 3).clamp(1_000, 3_000);
            if retry_in < opens_in {
                return Decision::AskAgain {
                    retry_in: duration(retry_in),
                };
            }
        }
        Decision::UsedUp {
            opens_in: duration(opens_in.max(1)),
        }
    }

    /// The share of the org's bucket that is left to other applications.
    fn reserved(&self, request: &ReserveRequest) -> u64 {
        let limit = self.org.scope.limit;
        part_of(limit, request.reserve_share)
            .max(request.reserve_floor)
            .min(limit.saturating_sub(1))
    }

    /// How many permits of the org's bucket may be granted now.
    fn org_available(&self, now: i64, request: &ReserveRequest) -> u64 {
        let scope = &self.org.scope;
        if !scope.is_open(now) || scope.limit == 0 {
            // Nothing is known of it: the caller's part decides.
            return u64::MAX;
        }
        let used: u64 = self.org.used.values().sum();
        let outstanding = scope.outstanding();
        let by_use = scope.limit.saturating_sub(used);
        let remaining = scope.remaining.unwrap_or(by_use).min(by_use);
        // What others have used of their share for certain, as far as it can be known.
        let others = scope.remaining.map_or(0, |remaining| {
            scope
                .limit
                .saturating_sub(remaining)
                .saturating_sub(used)
                .saturating_sub(outstanding)
        });
        let reserved = self.reserved(request);
        let kept = reserved.saturating_sub(others).max(request.reserve_floor.min(reserved));
        remaining.saturating_sub(kept).saturating_sub(outstanding)
    }

    /// How many permits of the caller's part may be granted now.
    fn caller_available(&self) -> u64 {
        let scope = &self.caller.scope;
        let remaining = scope.remaining.unwrap_or(scope.limit);
        // If other applications use the same credentials, they get a thirtieth.
        let kept = if scope.others_seen { scope.limit.div_ceil(30) } else { 0 };
        remaining.saturating_sub(kept).saturating_sub(scope.outstanding())
    }

    /// Takes note of one observation. The limit says whether it is of the org's scope or of the caller's.
    fn learn(
        &mut self,
        now: i64,
        principal: &str,
        observation: &WindowObservation,
        is_probe: bool,
        request: Option<&ReserveRequest>,
    ) {
        let limit = observation.rate_limit.limit;
        let own = self.caller.scope.limit;
        if !self.org.known {
            if own > 0 && limit > own {
                (self.org.known, self.org.scope.limit) = (true, limit);
            } else if own > 0 && limit < own && self.caller.scope.is_open(now) {
                // What counted as the caller's limit was that of the org.
                (self.org.known, self.org.scope.limit) = (true, own);
                self.caller.scope.limit = limit;
            } else if let Some(share) = request.and_then(|request| request.principal_share) {
                self.org.scope.limit = self.org.scope.limit.max(whole_of(limit, share));
                // Nothing is divided: there is one scope.
                self.org.known = share >= 1.0;
            }
        } else if limit > self.org.scope.limit {
            self.org.scope.limit = limit;
        }
        let of_org = self.org.known && limit == self.org.scope.limit;
        let of_caller = !of_org || limit == own;
        if of_org {
            if self.org.scope.learn(now, observation, is_probe) {
                self.org.used.clear();
            }
            if !of_caller && !self.caller.scope.is_open(now) {
                // The caller's part has at least as much left, or else it would have been reported.
                self.caller.scope.open(now, observation);
            }
        }
        if of_caller {
            let used = limit.saturating_sub(observation.rate_limit.remaining);
            self.caller.scope.limit = limit;
            self.caller.scope.learn(now, observation, is_probe);
            // If no response has reported the org's window, it counts as the caller's.
            let follows = self.org.scope.remaining.is_none() && self.org.scope.is_before(observation);
            if !self.org.scope.is_open(now) || follows {
                self.org.scope.open(now, observation);
                self.org.scope.remaining = None;
                self.org.used.clear();
            }
            if !of_org && self.org.scope.is_of_window(observation) {
                let counted = self.org.used.entry(principal.to_owned()).or_default();
                *counted = used.max(*counted);
            }
        }
        if self.org.scope.limit < limit {
            self.org.scope.limit = limit;
        }
    }
}

/// A share of a limit, rounded up.
fn part_of(limit: u64, share: f64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "limits are far below 2^52, and negative shares become zero"
    )]
    let part = (limit as f64 * share).ceil() as u64;
    part.min(limit)
}

/// The limit of which `part` is this share.
fn whole_of(part: u64, share: f64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "limits are far below 2^52, and negative shares become zero"
    )]
    let whole = (part as f64 / share).floor() as u64;
    whole.max(part)
}

#[cfg(test)]
mod tests;
