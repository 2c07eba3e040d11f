//! Which factors a user has, and could have.

use serde_json::{Value, json};

use super::{
    model::{Factor, KINDS},
    render::render,
};
use crate::{
    call::Call,
    error::ApiError,
    org::Org,
    reply::{Outcome, Reply},
};

/// Questions to choose from, by the name that is kept.
const QUESTIONS: [(&str, &str); 6] = [
    ("disliked_food", "What is the food you least liked as a child?"),
    ("favorite_art_piece", "What is your favorite piece of art?"),
    ("first_award", "What did you earn your first medal or award for?"),
    (
        "first_sports_team_mascot",
        "What is the mascot of the first sports team you played on?",
    ),
    (
        "name_of_first_plush_toy",
        "What is the name of your first stuffed animal?",
    ),
    (
        "place_where_significant_other_was_met",
        "Where did you meet your spouse/significant other?",
    ),
];

/// The question of this name.
pub(super) fn question(name: &str) -> Option<&'static str> {
    QUESTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

pub(super) fn enrolled(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = &org.user(call.param("userId"))?.id;
    let factors = org.factors.of(user_id);
    Ok(Reply::ok(factors.map(|factor| render(factor, user_id, call)).collect()))
}

pub(super) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = &org.user(call.param("userId"))?.id;
    Ok(Reply::ok(render(org.factor(user_id, call)?, user_id, call)))
}

pub(super) fn supported(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = &org.user(call.param("userId"))?.id;
    let enroll = call.href(&format!("/api/v1/users/{user_id}/factors"));
    let kinds = KINDS.iter().map(|kind| {
        let mut has = org.factors.of(user_id).filter(|factor| std::ptr::eq(factor.kind, kind));
        json!({
            "factorType": kind.factor_type,
            "provider": kind.provider,
            "vendorName": kind.provider,
            "status": has.next().map_or("NOT_SETUP", Factor::status),
            "enrollment": "OPTIONAL",
            "_links": { "enroll": { "href": enroll, "hints": { "allow": ["POST"] } } },
        })
    });
    Ok(Reply::ok(kinds.collect()))
}

pub(super) fn questions(org: &mut Org, call: &Call<'_>) -> Outcome {
    org.user(call.param("userId"))?;
    let questions = QUESTIONS.iter();
    let questions: Vec<Value> = questions
        .map(|(name, text)| json!({ "question": name, "questionText": text }))
        .collect();
    Ok(Reply::ok(Value::Array(questions)))
}

impl Org {
    /// The factor of the path.
    pub(super) fn factor(&self, user_id: &str, call: &Call<'_>) -> Result<&Factor, ApiError> {
        let id = call.param("factorId");
        self.factors.get(user_id, id).ok_or_else(|| missing(id))
    }

    /// The same factor, to be changed.
    pub(super) fn factor_mut(&mut self, user_id: &str, call: &Call<'_>) -> Result<&mut Factor, ApiError> {
        let id = call.param("factorId");
        self.factors.get_mut(user_id, id).ok_or_else(|| missing(id))
    }
}

pub(super) fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "UserFactor")
}
