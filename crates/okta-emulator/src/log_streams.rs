//! Log streams: `/api/v1/logStreams`, kept by the generic resource store.

use http::Method;

use crate::{
    rate_limit::LOG_STREAMS,
    resource::{Action, Events, Resource},
    router::Route,
};

static LOG_STREAM: Resource = Resource {
    collection: "/api/v1/logStreams",
    parameter: "logStreamId",
    id_prefix: "0oa",
    error_name: "AppInstance",
    target: "LogStream",
    required: &["name", "type", "settings"],
    unique: "name",
    page: 20,
    largest_page: 200,
    bucket: &LOG_STREAMS,
    events: Events {
        created: ("system.log_stream.lifecycle.create", "Create log stream"),
        updated: ("system.log_stream.lifecycle.update", "Update log stream"),
        deleted: ("system.log_stream.lifecycle.delete", "Delete log stream"),
        activated: ("system.log_stream.lifecycle.activate", "Activate log stream"),
        deactivated: ("system.log_stream.lifecycle.deactivate", "Deactivate log stream"),
    },
};

const ONE: &str = "/api/v1/logStreams/{logStreamId}";

pub(crate) static ROUTES: &[Route] = &[
    Route::resource(
        "listLogStreams",
        Method::GET,
        "/api/v1/logStreams",
        &LOG_STREAM,
        Action::List,
    ),
    Route::resource(
        "createLogStream",
        Method::POST,
        "/api/v1/logStreams",
        &LOG_STREAM,
        Action::Create,
    ),
    Route::resource("getLogStream", Method::GET, ONE, &LOG_STREAM, Action::Get),
    Route::resource("replaceLogStream", Method::PUT, ONE, &LOG_STREAM, Action::Replace),
    Route::resource("deleteLogStream", Method::DELETE, ONE, &LOG_STREAM, Action::Delete),
    Route::resource(
        "activateLogStream",
        Method::POST,
        "/api/v1/logStreams/{logStreamId}/lifecycle/activate",
        &LOG_STREAM,
        Action::Activate,
    ),
    Route::resource(
        "deactivateLogStream",
        Method::POST,
        "/api/v1/logStreams/{logStreamId}/lifecycle/deactivate",
        &LOG_STREAM,
        Action::Deactivate,
    ),
];
