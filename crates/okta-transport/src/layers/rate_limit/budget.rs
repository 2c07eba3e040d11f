//! What is known of the rate limit of one bucket, what has been sent against it, and whether one more may go. The
//! caller passes the time, and nothing here waits: waiters are in the [`Bucket`](super::bucket::Bucket).

use std::time::{Duration, Instant};

use super::{fleet::share::StaticShare, lost_requests::Lost, mode::RateLimitMode, observation::Observation};
use crate::headers::rate_limit::RateLimit;

/// How much later than reported a window counts as open, as a part of its length but no more than a second: the server
/// may have cut its end to a whole second. Up to a quarter of that comes on top by chance, so that several processes
/// that wait for the same window do not come back as one.
const MARGIN: f64 = 1.0 / 60.0;

/// How long the first request of an unknown window is waited for alone, at least. It may be a slow one, or lost.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a window lasts with Okta.
const MINUTE: Duration = Duration::from_secs(60);

/// The divisor of the limit that gives the reserve for others who use the same bucket: two seconds' worth of a window
/// of a minute, so that they may be as fast as the limit itself while a request of ours is on its way.
const RESERVE: u64 = 30;

/// Lost requests are taken for counted up to the limit through this.
const GUESS: u64 = 4;

/// For so many windows it is remembered that others were seen.
const MEMORY: u8 = 10;

#[derive(Debug)]
pub(super) struct Budget {
    mode: RateLimitMode,
    window: Option<Window>,
    /// Set from the moment a request enters an unknown window until a response reports its state.
    probing: bool,
    /// How many requests may be on their way into an unknown window.
    probes: u64,
    /// When one more probe may go although none has been answered.
    patience: Option<Instant>,
    /// Counts the unknown windows.
    epoch: u64,
    /// Sent in this epoch and not answered.
    in_flight: u64,
    /// Sent in the last epoch and not answered: they may still arrive, and be counted in this window. What is older has
    /// arrived long ago, or never will.
    late: u64,
    /// Sent in this window, or rather more than that.
    sent: u64,
    /// Requests of this window that may have been counted or not.
    lost: Lost,
    /// For how many windows others still count as users of the bucket.
    others: u8,
    /// The longest reported time to the end of a window: about its length.
    length: Duration,
}

#[derive(Debug)]
struct Window {
    rate_limit: RateLimit,
    written: Option<u64>,
    /// From this moment on there is a new one.
    closes: Instant,
    margin: Duration,
}

/// Whether one more request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Now,
    /// The window is used up.
    At(Instant),
    /// Unknown until one of the requests in flight gets a response, or until this moment.
    AfterAnswer(Instant),
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    /// Answered with the state of the window.
    Observed(Observation),
    /// Answered by an API that has no limit, or does not tell.
    NotObserved,
    /// Refused for being one too many (429).
    Refused(Option<Observation>),
    /// It was not counted: it did not leave, or a gateway answered it.
    Unsent,
    /// It may have been counted or not.
    Lost,
}

/// A request that was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SentRequest {
    pub(super) epoch: u64,
    /// How many requests had been lost before it was sent.
    pub(super) lost_before: u64,
}

impl Budget {
    pub(super) const fn new(mode: RateLimitMode) -> Self {
        Self {
            mode,
            window: None,
            probing: false,
            probes: 1,
            patience: None,
            epoch: 0,
            in_flight: 0,
            late: 0,
            sent: 0,
            lost: Lost::new(),
            others: 0,
            length: Duration::ZERO,
        }
    }

    /// Whether one more request may go. One that is not `queued` has others before it only if they are on their way.
    pub(super) fn entry(&self, now: Instant, queued: bool) -> Entry {
        let unpaced = !queued && self.mode == RateLimitMode::Observe;
        let Some(window) = self.open(now) else {
            return match self.patience {
                Some(patience) if self.probing && !unpaced && self.in_flight >= self.probes && now < patience => {
                    Entry::AfterAnswer(patience)
                }
                _ => Entry::Now,
            };
        };
        let left = self.left(window);
        if left == 0 {
            Entry::At(window.closes)
        } else if unpaced || self.in_flight() < left.div_ceil(2) {
            // Half of what is left, so that the other half may go to others before a response reports it.
            Entry::Now
        } else {
            Entry::AfterAnswer(window.closes)
        }
    }

    /// Whether one more request may go, by a share of each window that others do not use.
    pub(super) fn entry_of_share(&self, now: Instant, share: impl FnOnce(u64) -> StaticShare) -> Entry {
        let Some(window) = self.open(now) else {
            return self.entry(now, true);
        };
        let share = share(window.rate_limit.limit);
        let left = window.rate_limit.remaining.saturating_sub(share.floor);
        let own = share.requests.saturating_sub(self.sent);
        if own == 0 || left == 0 {
            Entry::At(window.closes)
        } else if self.in_flight() < (left / share.parts.max(1)).max(1) {
            Entry::Now
        } else {
            Entry::AfterAnswer(window.closes)
        }
    }

    /// How many requests of the open window were sent, or rather more than that, and its reported end.
    pub(super) fn sent(&self, now: Instant) -> (u64, u64) {
        self.open(now)
            .map_or((0, 0), |window| (self.sent, window.rate_limit.reset))
    }

    /// Requests that may have been counted or not, up to a quarter of the limit.
    pub(super) const fn lost(&self) -> u64 {
        let Some(window) = &self.window else { return 0 };
        let (lost, most) = (self.lost.unconfirmed(), window.rate_limit.limit.div_ceil(GUESS));
        if lost < most { lost } else { most }
    }

    /// Counts a request that goes now.
    pub(super) fn admit(&mut self, now: Instant) -> SentRequest {
        if self.open(now).is_none() {
            if !self.probing {
                self.epoch += 1;
                self.late = std::mem::take(&mut self.in_flight);
                self.turn(0);
                self.probes = 1;
                self.probing = true;
                self.patience = self.patience_from(now);
            } else if self.in_flight >= self.probes {
                self.probes += 1;
                self.patience = self.patience_from(now);
            }
        }
        self.in_flight += 1;
        self.sent += 1;
        SentRequest {
            epoch: self.epoch,
            lost_before: self.lost.so_far(),
        }
    }

    /// Takes note of the end of a request.
    pub(super) fn end(&mut self, now: Instant, request: SentRequest, outcome: Outcome) {
        let of_this_epoch = request.epoch == self.epoch;
        if of_this_epoch {
            self.in_flight = self.in_flight.saturating_sub(1);
        } else if request.epoch + 1 == self.epoch {
            self.late = self.late.saturating_sub(1);
        }
        match outcome {
            Outcome::Observed(observation) | Outcome::Refused(Some(observation)) => {
                self.learn(now, observation, request)
            }
            Outcome::NotObserved if self.open(now).is_none() => self.probes = self.probes.saturating_mul(2),
            Outcome::Lost if of_this_epoch => self.lost.add(),
            Outcome::Refused(None) | Outcome::NotObserved | Outcome::Unsent | Outcome::Lost => {}
        }
    }

    /// Whether a refusal is not by the window's limit but by another one: that of requests at once.
    pub(super) fn is_of_another_limit(&self, now: Instant, refusal: Observation) -> bool {
        self.open(now)
            .is_some_and(|open| refusal.rate_limit.limit < open.rate_limit.limit)
    }

    /// Whether requests that are on their way keep others from going.
    pub(super) const fn is_paced(&self) -> bool {
        matches!(self.mode, RateLimitMode::Pace(_))
    }

    /// What the open window is known to be like.
    pub(super) fn observed(&self, now: Instant) -> Option<RateLimit> {
        self.open(now).map(|window| window.rate_limit)
    }

    /// How many requests are on their way, as far as they matter.
    pub(super) const fn in_flight(&self) -> u64 {
        self.in_flight + self.late
    }

    fn open(&self, now: Instant) -> Option<&Window> {
        self.window.as_ref().filter(|window| now < window.closes)
    }

    /// When one more probe may go: so late that, if none is ever answered, they use up half of what the last window
    /// allowed.
    fn patience_from(&self, now: Instant) -> Option<Instant> {
        let of_a_minute = self.window.as_ref().and_then(|window| {
            let half = u32::try_from(self.usable(window).div_ceil(2)).ok()?;
            MINUTE.checked_div(half)
        });
        now.checked_add(of_a_minute.unwrap_or_default().max(PATIENCE))
    }

    /// How many requests of a window may be used by all callers together.
    fn usable(&self, window: &Window) -> u64 {
        let limit = window.rate_limit.limit;
        let RateLimitMode::Pace(share) = self.mode else {
            return limit;
        };
        let usable = share.of(limit);
        if self.others > 0 {
            usable.min(limit - limit.div_ceil(RESERVE)).max(1)
        } else {
            usable
        }
    }

    /// What is left of that, those on their way not counted.
    ///
    /// Lost requests count while pacing, until the server's next figure says whether it has counted them. As that is a
    /// guess, it takes away no more than a quarter of the limit.
    fn left(&self, window: &Window) -> u64 {
        let kept = window.rate_limit.limit.saturating_sub(self.usable(window));
        let lost = match self.mode {
            RateLimitMode::Pace(_) => self.lost.unconfirmed().min(window.rate_limit.limit.div_ceil(GUESS)),
            _ => 0,
        };
        window.rate_limit.remaining.saturating_sub(kept).saturating_sub(lost)
    }

    fn learn(&mut self, now: Instant, observation: Observation, request: SentRequest) {
        let of_this_epoch = request.epoch == self.epoch;
        let Some(ends) = now.checked_add(observation.resets_in) else {
            return;
        };
        match &mut self.window {
            Some(window) if window.is(observation) => {
                let was_open = now < window.closes;
                // A late answer does not open a window again. One to a request that was sent after the window had
                // closed does: it had not closed yet.
                if !was_open && !of_this_epoch {
                    return;
                }
                // Answers may overtake each other, so the smallest figure is the newest.
                window.rate_limit.remaining = window.rate_limit.remaining.min(observation.rate_limit.remaining);
                window.rate_limit.limit = observation.rate_limit.limit;
                window.written = window.written.max(observation.written);
                let closes = ends + window.margin;
                window.closes = if was_open { window.closes.min(closes) } else { closes };
            }
            Some(window) if window.is_after(observation) => return,
            window => {
                self.length = self.length.max(observation.resets_in);
                let margin = self.length.mul_f64(MARGIN).min(Duration::from_secs(1));
                let margin = margin + margin.mul_f64(fastrand::f64() / 4.0);
                *window = Some(Window {
                    rate_limit: observation.rate_limit,
                    written: observation.written,
                    closes: ends + margin,
                    margin,
                });
                if !self.probing {
                    self.turn(self.in_flight() + 1);
                }
            }
        }
        self.probing = false;
        self.lost.confirm(request.lost_before);
        if !of_this_epoch {
            self.sent += 1;
        }
        if observation.rate_limit.limit - observation.rate_limit.remaining > self.sent {
            self.others = MEMORY;
        }
    }

    /// Starts a new count, in a window in which at most `sent` requests are ours already.
    fn turn(&mut self, sent: u64) {
        self.sent = sent;
        self.lost.forget();
        self.others = self.others.saturating_sub(1);
    }
}

impl Window {
    /// Servers that work out the end of a window from the time of the request may differ by the rounding.
    const fn is(&self, observation: Observation) -> bool {
        self.rate_limit.reset.abs_diff(observation.rate_limit.reset) <= 1
    }

    /// Whether the observation is of a window before this one. An earlier end that was written later is not: then the
    /// end of this one was garbage, or is that of another bucket.
    fn is_after(&self, observation: Observation) -> bool {
        let written_later =
            matches!((observation.written, self.written), (Some(observation), Some(own)) if observation > own);
        observation.rate_limit.reset < self.rate_limit.reset && !written_later
    }
}

#[cfg(test)]
mod tests;
