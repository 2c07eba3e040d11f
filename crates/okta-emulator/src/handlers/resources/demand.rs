//! What the document demands of a request's body, as a refusal of the API.

use serde_json::Value;

use crate::{
    document::{
        check::{self, Refused},
        operation::Operation,
        shape,
    },
    protocol::{call::Call, error::ApiError},
};

/// The body without what only the org sets; `None` if there is no JSON to read.
///
/// # Errors
///
/// `E0000003` if the body cannot be what the operation reads, `E0000001` with causes if it lacks something.
pub(crate) fn accepted(operation: &'static Operation, call: &Call<'_>) -> Result<Option<Vec<u8>>, ApiError> {
    let Some((view, is_required)) = operation.body() else {
        return Ok(None);
    };
    if call.body.is_empty() {
        return if is_required && !view.required().is_empty() {
            Err(ApiError::malformed_body())
        } else {
            Ok(None)
        };
    }
    let mut body: Value = serde_json::from_slice(call.body).map_err(|_| ApiError::malformed_body())?;
    check::body(operation.id, &view, &body).map_err(refusal)?;
    shape::stated(&view, &mut body);
    Ok(Some(body.to_string().into_bytes()))
}

/// Refuses a body that the operation cannot read. What it demands beyond that is for its own code to say.
///
/// # Errors
///
/// `E0000003` if a value has another kind, or is not in its enumeration.
pub(crate) fn readable(operation: &'static Operation, call: &Call<'_>) -> Result<(), ApiError> {
    let body = operation.body().filter(|_| !call.body.is_empty());
    // What is not JSON is refused by the code that reads it.
    let stated = body.and_then(|(view, _)| Some((view, serde_json::from_slice(call.body).ok()?)));
    match stated.map(|(view, value)| check::body(operation.id, &view, &value)) {
        Some(Err(refused @ Refused::Unreadable)) => Err(refusal(refused)),
        _ => Ok(()),
    }
}

fn refusal(refused: Refused) -> ApiError {
    match refused {
        Refused::Unreadable => ApiError::malformed_body(),
        Refused::Invalid(problems) => {
            let subject = problems.first().map(|(name, _)| name.clone()).unwrap_or_default();
            let causes = problems.into_iter().map(|(name, problem)| format!("{name}: {problem}"));
            ApiError::validation(&subject, causes)
        }
    }
}
