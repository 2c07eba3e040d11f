//! Whether a call whose time is over has sent anything.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use http::Extensions;

/// Whether a call holds its request back: an entry of the request's [`Extensions`], put there by the total timeout.
///
/// A layer that delays requests reports when it [holds](Self::hold) one and when it [passes](Self::pass) it on. The total timeout
/// [closes](Self::close) the state when the time is over; from then on no such layer passes a request on, so that a call that is
/// reported as not sent is not sent. A stack without these layers leaves it unknown.
#[derive(Clone, Debug, Default)]
pub(crate) struct SendState(Arc<AtomicU8>);

/// A layer that delays requests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holder {
    RateLimit,
    Credentials,
}

impl Holder {
    const fn held(self) -> u8 {
        match self {
            Self::RateLimit => 1,
            Self::Credentials => 1 << 1,
        }
    }

    const fn passed(self) -> u8 {
        match self {
            Self::RateLimit => 1 << 2,
            Self::Credentials => 1 << 3,
        }
    }
}

/// Between two attempts, none of which was carried out.
const BETWEEN: u8 = 1 << 4;
const CLOSED: u8 = 1 << 5;
const ANY_HELD: u8 = Holder::RateLimit.held() | Holder::Credentials.held() | BETWEEN;

impl SendState {
    pub(crate) fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// This layer has the request. It counts for the first one only: when another comes, the first may have been sent.
    pub(crate) fn hold(&self, by: Holder) {
        self.change(|state| {
            if state & by.passed() == 0 {
                state | by.held()
            } else {
                state
            }
        });
    }

    /// This layer sends the request on. Returns false if it must not, because the call has been reported as not sent.
    #[must_use]
    pub(crate) fn pass(&self, by: Holder) -> bool {
        self.change(|state| (state & !by.held()) | by.passed()) & CLOSED == 0
    }

    /// No request so far was carried out, and the next one is not yet on its way.
    pub(crate) fn nothing_was_carried_out(&self) {
        self.change(|state| (state & CLOSED) | BETWEEN);
    }

    /// The next attempt begins.
    pub(crate) fn next_attempt(&self) {
        self.change(|state| state & !BETWEEN);
    }

    /// The time is over. Returns true if nothing was sent; then nothing will be.
    pub(crate) fn close(&self) -> bool {
        let mut was_held = false;
        self.change(|state| {
            was_held = state & ANY_HELD != 0;
            if was_held { state | CLOSED } else { state }
        });
        was_held
    }

    /// The state before the change. A closed one stays as it is.
    fn change(&self, mut next: impl FnMut(u8) -> u8) -> u8 {
        let next = |state| (state & CLOSED == 0).then(|| next(state));
        match self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, next) {
            Ok(before) | Err(before) => before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_unsent_while_its_first_request_is_held() {
        let state = SendState::default();
        state.hold(Holder::RateLimit);
        assert!(state.pass(Holder::RateLimit));
        state.hold(Holder::Credentials);
        assert!(state.close());
        assert!(!state.pass(Holder::Credentials), "it was reported as not sent");
    }

    #[test]
    fn a_call_whose_request_was_passed_on_may_have_been_sent() {
        let state = SendState::default();
        assert!(!SendState::default().close(), "nothing is known");
        for holder in [Holder::RateLimit, Holder::Credentials] {
            state.hold(holder);
            assert!(state.pass(holder));
        }
        assert!(!state.close());
        // A layer that is not ours sends it again, or two at once.
        state.hold(Holder::RateLimit);
        assert!(!state.close());
        assert!(state.pass(Holder::RateLimit), "it is not closed: nothing was promised");
    }

    #[test]
    fn between_attempts_a_call_is_unsent_if_none_was_carried_out() {
        let state = SendState::default();
        state.hold(Holder::RateLimit);
        assert!(state.pass(Holder::RateLimit));
        state.nothing_was_carried_out();
        state.next_attempt();
        assert!(!state.close());
        state.nothing_was_carried_out();
        assert!(state.close());
    }
}
