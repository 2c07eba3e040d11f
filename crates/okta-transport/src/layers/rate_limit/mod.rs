//! Rate limits: requests are delayed before Okta would refuse them.
//!
//! A request belongs to a bucket (`bucket_name`). There it waits (`bucket`, `queue`) until the budget admits it
//! (`budget`, `lost_requests`), which learns from the headers of every response (`observation`), and until not too many
//! run at once: by what the org refused (`learned_limit`), and by what the user has set (`concurrency_limit`). The
//! limiter (`limiter`) has a bucket for each org, caller and family of requests; `recent_limits` remembers those of the last
//! calls. The layer (`layer`) sends each attempt
//! (`attempt`) through it: `admission` waits, `background` makes it a task, `in_flight` and `permit_body` hold what it
//! occupies. With a store that several processes share (`fleet`), permits come from there instead of the budget.

mod admission;
mod attempt;
mod background;
mod bucket;
pub(crate) mod bucket_name;
mod budget;
mod concurrency_limit;
pub(crate) mod error;
pub(crate) mod fleet;
mod in_flight;
pub(crate) mod layer;
mod learned_limit;
pub(crate) mod limiter;
mod lost_requests;
pub(crate) mod mode;
#[cfg(test)]
mod model_check;
mod observation;
mod permit_body;
mod queue;
mod recent_limits;
pub(crate) mod state;
