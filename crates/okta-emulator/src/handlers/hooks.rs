//! Event hooks and inline hooks.

use http::Method;
use serde_json::{Value, json};

use crate::{
    handlers::resources::model::{At, Model},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{bucket::OTHER, route::Route},
};

const INLINE: &str = "/api/v1/inlineHooks";

pub(crate) static MODELS: [Model; 2] = [
    Model::of("/api/v1/eventHooks").accept(accept).act(verify).show(show),
    Model::of(INLINE).show(show),
];

pub(crate) static ROUTES: &[Route<Org>] = &[Route::new(
    "executeInlineHook",
    Method::POST,
    "/api/v1/inlineHooks/{inlineHookId}/execute",
    &OTHER,
    execute,
)];

/// A new hook is not verified; neither is one that has moved.
fn accept(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let place = |hook: &Object| {
        hook.get("channel")
            .and_then(|channel| channel.pointer("/config/uri"))
            .cloned()
    };
    let uri = place(new);
    if uri
        .as_ref()
        .and_then(Value::as_str)
        .is_some_and(|uri| !uri.starts_with("http"))
    {
        return Err(ApiError::field("channel.config.uri", "Must be an HTTPS URL"));
    }
    let kept = old
        .filter(|old| place(old) == uri)
        .and_then(|old| old.get("verificationStatus").cloned());
    let status = kept.unwrap_or(json!("UNVERIFIED"));
    new.insert("verificationStatus".to_owned(), status);
    Ok(())
}

/// No call is made: every receiver is taken to respond as it should.
fn verify(_org: &mut Org, _call: &Call<'_>, _at: At<'_>, action: &str, hook: &mut Object) -> Result<(), ApiError> {
    if action == "verify" {
        hook.insert("verificationStatus".to_owned(), json!("VERIFIED"));
    }
    Ok(())
}

/// Header values that carry secrets are not shown.
fn show(_org: &Org, _call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    let scheme = shown
        .get_mut("channel")
        .and_then(|channel| channel.pointer_mut("/config/authScheme"));
    if let Some(Value::Object(scheme)) = scheme {
        scheme.remove("value");
    }
    let is_verified = text(shown, "verificationStatus") == Some("VERIFIED");
    if is_verified && let Some(Value::Object(links)) = shown.get_mut("_links") {
        links.remove("verify");
    }
}

/// The response of a hook that has nothing to change.
fn execute(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = call.param("inlineHookId");
    org.stored(INLINE, id)
        .ok_or_else(|| ApiError::not_found(id, "InlineHook"))?;
    Ok(Reply::ok(json!({ "commands": [] })))
}
