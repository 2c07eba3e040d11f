//! What a call costs in instructions, part by part.
//!
//! `.ci/instructions` runs each part under valgrind with two numbers of repetitions; the difference is free of the set-up,
//! and `PERFORMANCE.md` says more. `cargo bench -p okta-instructions` measures the same parts in seconds. Nothing here needs
//! a network: the server is a service that returns the same bytes each time.

mod calls;
mod layers;
mod pages;
mod responses;

use std::future::Future;

use okta_client::BoxError;

/// Nothing, or what went wrong.
pub type Outcome = Result<(), BoxError>;

/// A part of a call, or of what leads to one.
pub struct Part {
    /// What one unit is.
    pub name: &'static str,
    /// How many units a repetition has.
    pub units: u32,
    /// Runs the part so many times.
    pub run: fn(u32) -> Outcome,
}

/// All parts.
pub const PARTS: &[Part] = &[
    part("user page: an item", responses::USERS, pages::users),
    part("log page: an item", responses::EVENTS, pages::events),
    part("own type: an item", responses::USERS, pages::own_users),
    part("verbatim: an item", responses::USERS, pages::verbatim_users),
    part("request building", 1, calls::request),
    part("bare service", 1, layers::bare),
    part("layer: default headers", 1, layers::default_headers),
    part("layer: span of a call", 1, layers::operation_span),
    part("layer: total timeout", 1, layers::total_timeout),
    part("layer: retry", 1, layers::retry),
    part("layer: rate limit", 1, layers::rate_limit),
    part("layer: buffered body", 1, layers::buffer_body),
    part("layer: authentication", 1, layers::auth),
    part("layer: events of attempts", 1, layers::attempt_log),
    part("layer: attempt timeout", 1, layers::attempt_timeout),
    part("layer: body idle timeout", 1, layers::body_idle_timeout),
    part("default stack", 1, layers::stack),
    part("cache hit", 1, layers::cache_hit),
    part("call: get a user", 1, calls::get),
    part("call: with measures to Prometheus", 1, calls::get_with_measures),
    part("call: with a cached access token", 1, calls::get_with_access_token),
    part("list: an item of a page", responses::USERS, calls::list),
    part("list: an item as an own type", responses::USERS, calls::list_own),
    part("pager: a step to the next page", responses::GROUP_PAGES, calls::pager),
];

const fn part(name: &'static str, units: u32, run: fn(u32) -> Outcome) -> Part {
    Part { name, units, run }
}

/// Runs a future on a runtime of one thread, as most programs that count their instructions do.
pub(crate) fn block_on(future: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?
        .block_on(future)
}
