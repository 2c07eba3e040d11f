//! Which factors a user has, and could have.

use serde_json::{Value, json};

use crate::{
    handlers::factors::render::render,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        reply::{Outcome, Reply},
    },
    state::factor::{Factor, KINDS},
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
pub(crate) fn question(name: &str) -> Option<&'static str> {
    QUESTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

pub(crate) fn enrolled(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = &org.user(call.param("userId"))?.id;
    let factors = org.factors.of(user_id);
    Ok(Reply::ok(factors.map(|factor| render(factor, user_id, call)).collect()))
}

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = &org.user(call.param("userId"))?.id;
    Ok(Reply::ok(render(org.factor(user_id, call)?, user_id, call)))
}

pub(crate) fn supported(org: &mut Org, call: &Call<'_>) -> Outcome {
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

pub(crate) fn questions(org: &mut Org, call: &Call<'_>) -> Outcome {
    org.user(call.param("userId"))?;
    let questions = QUESTIONS.iter();
    let questions: Vec<Value> = questions
        .map(|(name, text)| json!({ "question": name, "questionText": text }))
        .collect();
    Ok(Reply::ok(Value::Array(questions)))
}

pub(crate) fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "UserFactor")
}
