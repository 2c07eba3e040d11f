//! A factor as the org keeps it.

use std::collections::HashMap;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::{base::store::Store, protocol::json::Object};

/// A factor that users can set up.
pub(crate) struct Kind {
    pub(crate) factor_type: &'static str,
    pub(crate) provider: &'static str,
    pub(crate) id_prefix: &'static str,
    pub(crate) means: Means,
}

/// How a user proves possession of a factor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// With a code that was sent, to the address in this member of the profile.
    Sent(&'static str),
    /// With a code that both sides compute from the time.
    Computed,
    /// With the answer to a question.
    Answer,
    /// With a tap on the phone.
    Push,
}

/// Every factor that can be set up here.
pub(crate) static KINDS: [Kind; 7] = [
    kind("question", "OKTA", "ufs", Means::Answer),
    kind("sms", "OKTA", "sms", Means::Sent("phoneNumber")),
    kind("call", "OKTA", "clf", Means::Sent("phoneNumber")),
    kind("email", "OKTA", "emf", Means::Sent("email")),
    kind("push", "OKTA", "opf", Means::Push),
    kind("token:software:totp", "OKTA", "ost", Means::Computed),
    kind("token:software:totp", "GOOGLE", "uft", Means::Computed),
];

const fn kind(factor_type: &'static str, provider: &'static str, id_prefix: &'static str, means: Means) -> Kind {
    Kind {
        factor_type,
        provider,
        id_prefix,
        means,
    }
}

/// Deliberately without `Debug`: it holds secrets.
pub(crate) struct Factor {
    pub(crate) id: String,
    pub(crate) kind: &'static Kind,
    /// Otherwise it waits for its activation.
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) profile: Object,
    /// Of a security question.
    pub(crate) answer: Option<SecretString>,
    /// From which codes are computed.
    pub(crate) shared_secret: Vec<u8>,
    /// The last time step whose code was used: each is good once.
    pub(crate) last_step: Option<i64>,
    /// How often the activation of a push was polled.
    pub(crate) polls: u32,
    /// Pushes on their way to the phone.
    pub(crate) transactions: Store<Transaction>,
}

/// A push on its way to the phone.
pub(crate) struct Transaction {
    pub(crate) expires: Timestamp,
    pub(crate) polls: u32,
}

impl Factor {
    pub(crate) fn status(&self) -> &'static str {
        if self.active { "ACTIVE" } else { "PENDING_ACTIVATION" }
    }
}

/// The factors of all users, by user id.
#[derive(Default)]
pub(crate) struct Factors(HashMap<String, Store<Factor>>);

impl Factors {
    pub(crate) fn of(&self, user_id: &str) -> impl Iterator<Item = &Factor> {
        self.0.get(user_id).into_iter().flat_map(Store::values)
    }

    pub(crate) fn get(&self, user_id: &str, id: &str) -> Option<&Factor> {
        self.0.get(user_id)?.get(id)
    }

    pub(crate) fn get_mut(&mut self, user_id: &str, id: &str) -> Option<&mut Factor> {
        self.0.get_mut(user_id)?.get_mut(id)
    }

    pub(crate) fn insert(&mut self, user_id: &str, factor: Factor) {
        let factors = self.0.entry(user_id.to_owned()).or_default();
        factors.insert(factor.id.clone(), factor);
    }

    pub(crate) fn remove(&mut self, user_id: &str, id: &str) -> bool {
        self.0
            .get_mut(user_id)
            .is_some_and(|factors| factors.remove(id).is_some())
    }

    /// Takes every factor of a user away.
    pub(crate) fn forget_user(&mut self, user_id: &str) {
        self.0.remove(user_id);
    }
}
