//! The part of each window that a process keeps to while the store does not work.

use super::{settings::Fleet, store::FleetSize};

/// Figures of the static share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::layers::rate_limit) struct StaticShare {
    /// How many requests of each window this process may send.
    pub(in crate::layers::rate_limit) requests: u64,
    /// At most so many of what remains may be in flight: one part of so many.
    pub(in crate::layers::rate_limit) parts: u64,
    /// So many stay unused at any time.
    pub(in crate::layers::rate_limit) floor: u64,
}

impl StaticShare {
    /// The share of a window of which `limit` is known, in a fleet of this size.
    pub(super) fn of(limit: u64, fleet: &Fleet, size: FleetSize) -> Self {
        let processes = fleet.processes.unwrap_or(size.org_peers).max(1);
        // A number from the configuration says nothing about how many share this caller.
        let of_principal = match (size.principal_peers, fleet.processes) {
            (0, _) => processes,
            (peers, Some(processes)) if size.org_peers > 0 => {
                // As many as the last known proportion gives of the configured number.
                processes
                    .saturating_mul(peers)
                    .div_ceil(size.org_peers)
                    .clamp(1, processes)
            }
            (peers, _) => peers,
        };
        let usable = |limit: u64| limit.saturating_sub(part_of(limit, fleet.reserve_share()));
        let of_org = usable(size.org_limit.unwrap_or(limit)) / processes;
        let of_caller = match size.org_limit {
            Some(org_limit) if org_limit > limit => limit / of_principal,
            _ => of_org,
        };
        Self {
            requests: of_org.min(of_caller).max(1),
            parts: processes.saturating_mul(2),
            floor: fleet.reserve_floor().max(processes.min(limit / 10)),
        }
    }
}

/// A share of a limit, rounded up.
pub(super) fn part_of(limit: u64, share: f64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "limits are far below 2^52, and the share is between 0 and 1"
    )]
    let part = (limit as f64 * share).ceil() as u64;
    part.min(limit)
}
