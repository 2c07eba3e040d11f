use std::{error::Error, fmt, time::Duration};

use http::{Extensions, HeaderValue, StatusCode};

use super::retry_error::RetryError;
use crate::causes;

/// How a call came to its outcome: how often it was sent, what each attempt came to, how long was waited, and why it was
/// not sent again.
///
/// [`RetryLayer`](crate::RetryLayer) leaves one in the extensions of each response and in its [`RetryError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    repeated: Vec<RepeatedAttempt>,
    stopped: StopReason,
}

impl Attempts {
    pub(crate) fn new(repeated: Vec<RepeatedAttempt>, stopped: StopReason) -> Self {
        Self { repeated, stopped }
    }

    /// The attempts behind a response with these extensions.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// The attempts behind an error; `None` where it is that of a first attempt which was not to be repeated.
    #[must_use]
    pub fn of_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        causes::find(error).map(RetryError::attempts)
    }

    /// How often the request was sent: at least once.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.repeated.len()).map_or(u32::MAX, |repeated| repeated.saturating_add(1))
    }

    /// The attempts that were followed by another one, in their order: all but the last, which is the outcome itself.
    #[must_use]
    pub fn repeated(&self) -> &[RepeatedAttempt] {
        &self.repeated
    }

    /// How long was waited between the attempts, all in all.
    #[must_use]
    pub fn waited(&self) -> Duration {
        let waits = self.repeated.iter().map(|attempt| attempt.wait);
        waits.fold(Duration::ZERO, Duration::saturating_add)
    }

    /// Returns true if one of the [repeated](Self::repeated) attempts may have been carried out: it was sent, it was no
    /// request that only reads, and its outcome is unknown.
    ///
    /// The last outcome is then to be read with care: a 404 to a repeated `DELETE` may mean that an earlier attempt deleted
    /// the resource.
    #[must_use]
    pub fn maybe_carried_out(&self) -> bool {
        self.repeated.iter().any(|attempt| attempt.maybe_carried_out)
    }

    /// Why the last attempt was the last.
    #[must_use]
    pub fn stopped(&self) -> StopReason {
        self.stopped
    }
}

impl Attempts {
    /// Writes the attempts. An earlier failure that says the same as `last`, the text of the last one, is not quoted again.
    pub(super) fn write(&self, formatter: &mut fmt::Formatter<'_>, last: Option<&str>) -> fmt::Result {
        match self.count() {
            1 => formatter.write_str("1 attempt")?,
            count => write!(formatter, "{count} attempts")?,
        }
        // A server that is busy refuses the same request many times.
        let runs = self.repeated.chunk_by(|one, next| one.outcome == next.outcome);
        for (index, run) in runs.enumerate() {
            formatter.write_str(if index == 0 { " (" } else { "; " })?;
            let waited = run
                .iter()
                .fold(Duration::ZERO, |sum, attempt| sum.saturating_add(attempt.wait));
            if let [_, _, ..] = run {
                write!(formatter, "{} × ", run.len())?;
            }
            match (&run[0].outcome, last) {
                (AttemptOutcome::Error(text), Some(last)) if text.contains(last) => formatter.write_str("the same")?,
                (outcome, _) => write!(formatter, "{outcome}")?,
            }
            write!(formatter, ", waited {waited:?}")?;
        }
        if !self.repeated.is_empty() {
            formatter.write_str(")")?;
        }
        match self.stopped {
            StopReason::Final => Ok(()),
            reason => write!(formatter, ", not repeated because {reason}"),
        }
    }
}

/// `3 attempts (429 Too Many Requests, waited 31s; 503 Service Unavailable, waited 1s), not repeated because …`
impl fmt::Display for Attempts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, None)
    }
}

/// An attempt that was followed by another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepeatedAttempt {
    /// What it came to.
    pub outcome: AttemptOutcome,
    /// The id Okta gave it (`X-Okta-Request-Id`), if it got that far.
    pub request_id: Option<HeaderValue>,
    /// How long was waited after it.
    pub wait: Duration,
    /// Whether it may have been carried out: see [`Attempts::maybe_carried_out`].
    pub maybe_carried_out: bool,
}

/// What an attempt has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// A response with this status.
    Status(StatusCode),
    /// An error, told with what led to it.
    Error(Box<str>),
}

impl fmt::Display for AttemptOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(formatter),
            Self::Error(error) => error.fmt(formatter),
        }
    }
}

/// Why a request was not sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The policy lets its outcome stand: a success, what another attempt would not change, or what may not be tried twice.
    Final,
    /// The retries it is allowed are used up, or it is allowed none.
    MaxRetries,
    /// The wait could not have ended before the deadline, so it was not begun.
    Deadline {
        /// How long would have been waited.
        wait: Duration,
        /// How much time was left.
        left: Duration,
    },
    /// The client's [`RetryBudget`](crate::RetryBudget) is used up.
    Budget,
    /// Its body is a stream, which can be sent only once.
    BodySentOnce,
}

impl fmt::Display for StopReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Final => formatter.write_str("the policy lets its outcome stand"),
            Self::MaxRetries => formatter.write_str("the retries it is allowed are used up"),
            Self::Deadline { wait, left } => write!(
                formatter,
                "a wait of {wait:?} would not end before the deadline, which is {left:?} away"
            ),
            Self::Budget => formatter.write_str("the client's retry budget is used up"),
            Self::BodySentOnce => formatter.write_str("its body is a stream, which can be sent only once"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_repeats_is_quoted_once() {
        let repeated = |outcome: &str| RepeatedAttempt {
            outcome: AttemptOutcome::Error(outcome.into()),
            request_id: None,
            wait: Duration::from_secs(1),
            maybe_carried_out: false,
        };
        let attempts = Attempts::new(
            vec![repeated("connection reset"), repeated("no route: host down")],
            StopReason::MaxRetries,
        );
        let error = RetryError::new("no route".into(), attempts);
        assert_eq!(
            error.to_string(),
            "failed after 3 attempts (connection reset, waited 1s; the same, waited 1s), not repeated because the retries \
             it is allowed are used up"
        );
    }

    #[test]
    fn the_text_tells_the_whole_story() {
        let attempts = Attempts::new(
            vec![
                RepeatedAttempt {
                    outcome: AttemptOutcome::Status(StatusCode::TOO_MANY_REQUESTS),
                    request_id: None,
                    wait: Duration::from_secs(31),
                    maybe_carried_out: false,
                },
                RepeatedAttempt {
                    outcome: AttemptOutcome::Error("connection reset".into()),
                    request_id: None,
                    wait: Duration::from_millis(500),
                    maybe_carried_out: true,
                },
            ],
            StopReason::Deadline {
                wait: Duration::from_secs(62),
                left: Duration::from_secs(9),
            },
        );
        assert_eq!(
            attempts.to_string(),
            "3 attempts (429 Too Many Requests, waited 31s; connection reset, waited 500ms), not repeated because \
             a wait of 62s would not end before the deadline, which is 9s away"
        );
        assert_eq!(attempts.waited(), Duration::from_millis(31_500));
        assert_eq!(Attempts::new(Vec::new(), StopReason::Final).to_string(), "1 attempt");
    }

    #[test]
    fn many_refusals_in_a_row_are_counted() {
        let locked = |wait| RepeatedAttempt {
            outcome: AttemptOutcome::Status(StatusCode::LOCKED),
            request_id: None,
            wait: Duration::from_millis(wait),
            maybe_carried_out: false,
        };
        let attempts = Attempts::new(vec![locked(100), locked(250), locked(650)], StopReason::Final);
        assert_eq!(attempts.to_string(), "4 attempts (3 × 423 Locked, waited 1s)");
        assert!(!attempts.maybe_carried_out());
    }
}
