//! Waiting for what Okta does in its own time.

use std::{
    error::Error as StdError,
    fmt,
    future::{Future, IntoFuture},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use futures_util::future::{Either, select};
use okta_transport::{Clock, TokioClock};

use crate::{Error, core::GrowingWait, error::write_chain};

/// Asks again and again until the answer is as wanted: see [`Wait::until`]; a minute at most, with growing waits in between.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
/// use okta_client::wait_until;
///
/// let rule = wait_until(|| okta.group_rules().get("0pr1"), |rule| rule.status.is_some()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`Wait::until`].
///
/// # Cancel safety
/// Dropping the future ends the wait and abandons the request under way.
pub async fn wait_until<T, F>(poll: impl FnMut() -> F, condition: impl FnMut(&T) -> bool) -> Result<T, WaitError>
where
    F: IntoFuture<Output = Result<T, Error>>,
{
    Wait::new().until(poll, condition).await
}

/// How to wait for what Okta does in its own time: a deletion that goes on behind the answer, a user who is created but
/// not yet found, a rule that takes effect.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// okta.apps().delete("0oa1").await?;
/// okta.wait().deadline(Duration::from_secs(300)).until_gone(|| okta.apps().get("0oa1")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is waited for before `until` or `until_gone`"]
pub struct Wait {
    waits: GrowingWait,
    deadline: Option<Duration>,
    clock: Arc<dyn Clock>,
}

impl Default for Wait {
    fn default() -> Self {
        Self::new()
    }
}

impl Wait {
    /// Waits of 1 s, then twice as long each time up to 15 s, a minute altogether; by tokio's clock, where
    /// [`OktaClient::wait`](crate::OktaClient::wait) goes by the client's.
    pub fn new() -> Self {
        Self {
            waits: GrowingWait::new(Duration::from_secs(1), Duration::from_secs(15)),
            deadline: Some(Duration::from_secs(60)),
            clock: Arc::new(TokioClock),
        }
    }

    /// How long to wait before the second question.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.waits.first = wait;
        self
    }

    /// How long to wait at most between two questions.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.waits.longest = wait;
        self
    }

    /// How long to wait altogether; `None` is for ever. A question that is under way then is abandoned.
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.deadline = limit.into();
        self
    }

    /// Takes the time from this clock; for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Asks until the answer is as wanted, and gives that answer.
    ///
    /// What is not found counts as not there yet, and a failure that may pass (a broken connection, a timeout, 429, 5xx) as
    /// no answer: it is asked again.
    ///
    /// # Errors
    /// [`WaitError::Failed`] with any other error, [`WaitError::Expired`] after the deadline.
    ///
    /// # Cancel safety
    /// Dropping the future ends the wait and abandons the request under way.
    pub async fn until<T, F>(
        &self,
        poll: impl FnMut() -> F,
        mut condition: impl FnMut(&T) -> bool,
    ) -> Result<T, WaitError>
    where
        F: IntoFuture<Output = Result<T, Error>>,
    {
        self.settle(poll, |answer| match answer {
            Ok(value) if condition(&value) => Ok(Ok(value)),
            Ok(_) => Err(None),
            Err(error) if error.is_not_found() => Err(Some(error)),
            Err(error) => Ok(Err(error)),
        })
        .await
    }

    /// Asks until the answer is that there is no such thing (404).
    ///
    /// # Errors
    /// As [`until`](Self::until).
    ///
    /// # Cancel safety
    /// Dropping the future ends the wait and abandons the request under way.
    pub async fn until_gone<T, F>(&self, poll: impl FnMut() -> F) -> Result<(), WaitError>
    where
        F: IntoFuture<Output = Result<T, Error>>,
    {
        self.settle(poll, |answer| match answer {
            Ok(_) => Err(None),
            Err(error) if error.is_not_found() => Ok(Ok(())),
            Err(error) => Ok(Err(error)),
        })
        .await
    }

    /// Asks until the answer settles it; what does not is at most an error to be shown in the end.
    async fn settle<T, U, F>(
        &self,
        mut poll: impl FnMut() -> F,
        mut look: impl FnMut(Result<T, Error>) -> Result<Result<U, Error>, Option<Error>>,
    ) -> Result<U, WaitError>
    where
        F: IntoFuture<Output = Result<T, Error>>,
    {
        let start = self.clock.now();
        let mut expired = Expired::new(&*self.clock, self.deadline);
        let (mut waits, mut asked, mut last_error) = (self.waits, 0, None);
        loop {
            asked += 1;
            let is_over = match expired.or(poll().into_future()).await {
                Some(answer) => match look(answer) {
                    Ok(Err(error)) if error.is_transient() => {
                        last_error = Some(error);
                        false
                    }
                    Ok(settled) => return settled.map_err(WaitError::Failed),
                    Err(error) => {
                        last_error = error;
                        false
                    }
                },
                None => true,
            };
            let asked_for = last_error.as_ref().and_then(Error::retry_after);
            let wait = waits.next().max(asked_for.unwrap_or_default());
            if is_over || expired.or(self.clock.sleep(wait)).await.is_none() {
                return Err(WaitError::Expired {
                    waited: self.clock.now().saturating_duration_since(start),
                    asked,
                    last_error,
                });
            }
        }
    }
}

/// The end of the wait.
struct Expired(Option<okta_auth::BoxFuture<'static, ()>>);

impl Expired {
    fn new(clock: &dyn Clock, deadline: Option<Duration>) -> Self {
        Self(deadline.map(|deadline| clock.sleep(deadline)))
    }

    /// What `future` gives, or `None` where the end comes first.
    async fn or<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let Some(end) = &mut self.0 else {
            return Some(future.await);
        };
        match select(pin!(future), end).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}

/// Why a wait has ended without what was waited for.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitError {
    /// The answer was an error that does not pass.
    Failed(Error),
    /// The deadline has passed.
    #[non_exhaustive]
    Expired {
        /// How long it was waited.
        waited: Duration,
        /// How often it was asked.
        asked: u32,
        /// The last answer, if it was an error.
        last_error: Option<Error>,
    },
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Expired {
                waited,
                asked,
                last_error,
            } => {
                write!(f, "not yet as wanted after {waited:?}, asked {asked} times")?;
                if f.alternate() {
                    write_chain(f, last_error.as_ref().map(|error| error as _))
                } else {
                    Ok(())
                }
            }
        }
    }
}

impl StdError for WaitError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            // It is shown as that error itself.
            Self::Failed(error) => error.source(),
            Self::Expired { last_error, .. } => last_error.as_ref().map(|error| error as _),
        }
    }
}
