//! Repeating what failed: the layer, the policy that decides, and what is said about it afterwards.

mod attempts;
mod backoff;
mod budget;
mod call;
mod default_policy;
mod failure;
mod layer;
mod policy;
mod resend;
mod retry_error;
mod told_wait;

pub use attempts::{AttemptOutcome, Attempts, RepeatedAttempt, StopReason};
pub use budget::RetryBudget;
pub use default_policy::DefaultRetryPolicy;
pub use failure::{Failure as FailureKind, maybe_carried_out};
pub use layer::{Retry, RetryLayer};
pub use policy::{RetryDecision, RetryOutcome, RetryPolicy, RetryState};
pub use retry_error::RetryError;
pub use told_wait::retry_after;
