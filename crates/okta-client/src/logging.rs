//! A ready `tracing-subscriber` set-up that follows the settings below `okta.client.logging`.
//!
//! The SDK emits `tracing` events in any case. A program with its own subscriber receives them and needs nothing from this
//! module. In a program without one, [`init`] puts the settings into effect:
//!
//! ```no_run
//! use okta_client::{OktaClient, config::Loader, logging};
//!
//! # #[cfg(feature = "loader")]
//! # fn doc() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Loader::new().load()?.config;
//! logging::init(&config.logging)?;
//! let okta = OktaClient::builder().config(config).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! [`layer`] is the same as a part of your own subscriber:
//!
//! ```no_run
//! use okta_client::{config::LoggingConfig, logging};
//! use tracing_subscriber::prelude::*;
//!
//! # fn doc(config: &LoggingConfig) {
//! tracing_subscriber::registry()
//!     .with(logging::layer(config))
//!     .with(tracing_subscriber::fmt::layer().with_filter(tracing_subscriber::filter::LevelFilter::WARN))
//!     .init();
//! # }
//! ```
//!
//! What is written at which level:
//!
//! | level | |
//! |-|-|
//! | `ERROR` | calls without a response, or with a status 5xx |
//! | `WARN` | calls with another error status than 404; attempts that failed and may be repeated; settings that are wrong |
//! | `INFO` | every call, with its template (`/api/v1/users/{id}`), status, duration and request id |
//! | `DEBUG` | every attempt, with its address: the ids in it may be logins |
//! | `TRACE` | the headers of every attempt, their values by a list |
//!
//! No level shows a body, a token, a key, a password or a cookie. That is true of the SDK: crates below it (`h2`, for
//! example) have events of their own, which this set-up leaves out.

use std::io;

use okta_config::{LogLevel, LoggingConfig};
use tracing::{Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, Registry,
    filter::filter_fn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    registry::LookupSpan,
};

/// The crates that are listened to.
const CRATES: [&str; 5] = [
    "okta_auth",
    "okta_client",
    "okta_config",
    "okta_models",
    "okta_transport",
];

/// The program has a subscriber already, which was left as it is.
///
/// Put [`layer`] into that subscriber instead, or leave [`init`] out: the subscriber hears the SDK's events anyway.
#[derive(Debug, thiserror::Error)]
#[error(
    "the program has a tracing subscriber already: \
     put `okta_client::logging::layer` into that one, or leave `okta_client::logging::init` out"
)]
pub struct AlreadySet(#[source] tracing::subscriber::SetGlobalDefaultError);

/// Writes the SDK's events to standard error, as `config` says, for the whole program. If logging is not enabled,
/// nothing is done.
///
/// Nothing in the SDK calls it; only a program knows whether it wants it.
///
/// # Errors
///
/// [`AlreadySet`] if logging is enabled and the program has a subscriber.
pub fn init(config: &LoggingConfig) -> Result<(), AlreadySet> {
    if !config.enabled {
        return Ok(());
    }
    tracing::subscriber::set_global_default(Registry::default().with(layer(config))).map_err(AlreadySet)
}

/// A layer that writes the SDK's events, and no others, to standard error: one line each, from the configured level up.
/// If logging is not enabled, it writes nothing.
///
/// Each line is complete, so the layer ignores spans; a layer for OpenTelemetry beside it has them.
pub fn layer<S>(config: &LoggingConfig) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    layer_to(config, io::stderr)
}

/// The same as [`layer`], written somewhere else: into a file, for example.
pub fn layer_to<S, W>(config: &LoggingConfig, writer: W) -> impl Layer<S> + use<S, W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = if config.enabled {
        level_filter(config.level)
    } else {
        LevelFilter::OFF
    };
    let filter = filter_fn(move |metadata| metadata.is_event() && *metadata.level() <= level && is_own(metadata))
        .with_max_level_hint(level);
    fmt::layer().with_ansi(false).with_writer(writer).with_filter(filter)
}

fn is_own(metadata: &Metadata<'_>) -> bool {
    let name = metadata.target().split("::").next().unwrap_or_default();
    CRATES.contains(&name)
}

fn level_filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        // The levels may become more, but none can tell more than this.
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use http::{Request, Response};
    use okta_transport::{Body, BoxError};

    use super::*;
    use crate::OktaClient;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn config(enabled: bool, level: LogLevel) -> LoggingConfig {
        let mut config = LoggingConfig::default();
        config.enabled = enabled;
        config.level = level;
        config
    }

    /// The messages that are written when one of each level comes from each of four crates.
    fn written(config: &LoggingConfig) -> Vec<String> {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = Registry::default().with(layer_to(config, move || writer.clone()));
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!(target: "okta_transport::call", "call", field = "of a span");
            let _within = span.enter();
            macro_rules! tell {
                ($target:literal) => {
                    tracing::error!(target: $target, "{}", concat!($target, " ERROR"));
                    tracing::warn!(target: $target, "{}", concat!($target, " WARN"));
                    tracing::info!(target: $target, "{}", concat!($target, " INFO"));
                    tracing::debug!(target: $target, "{}", concat!($target, " DEBUG"));
                    tracing::trace!(target: $target, "{}", concat!($target, " TRACE"));
                };
            }
            tell!("okta_transport::call");
            tell!("okta_client");
            tell!("okta_sync_of_somebody");
            tell!("h2::client");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("of a span") && !text.contains('\u{1b}'), "{text}");
        let message = |line: &str| line.split_once(": ").unwrap().1.to_owned();
        text.lines().map(message).collect()
    }

    #[test]
    fn events_of_the_sdk_are_written_from_the_configured_level_up() {
        let levels = [
            LogLevel::Error,
            LogLevel::Warn,
            LogLevel::Info,
            LogLevel::Debug,
            LogLevel::Trace,
        ];
        for (index, level) in levels.iter().enumerate() {
            let expected: Vec<String> = ["okta_transport::call", "okta_client"]
                .iter()
                .flat_map(|target| {
                    levels
                        .iter()
                        .take(index + 1)
                        .map(move |level| format!("{target} {level}"))
                })
                .collect();
            assert_eq!(written(&config(true, *level)), expected);
        }
    }

    #[test]
    fn nothing_is_written_unless_it_is_enabled() {
        assert!(written(&config(false, LogLevel::Trace)).is_empty());
        assert!(written(&LoggingConfig::default()).is_empty());
    }

    #[tokio::test]
    async fn a_call_is_one_line_with_the_operation_and_without_secrets() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = Registry::default().with(layer_to(&config(true, LogLevel::Info), move || writer.clone()));
        let _guard = tracing::subscriber::set_default(subscriber);
        let org = tower::service_fn(|_: Request<Body>| async {
            let response = Response::builder().header("x-okta-request-id", "req-1");
            Ok::<_, BoxError>(response.body(Body::from(r#"{"id":"00u1","sessionToken":"canary"}"#))?)
        });
        let okta = OktaClient::builder()
            .org_url("https://acme.okta.com")
            .api_token("00canary")
            .service(org)
            .build()
            .unwrap();
        okta.users().get("ann@canary.example").await.unwrap();

        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in [
            " INFO okta_transport::call: call finished ",
            "okta.operation=\"getUser\"",
            "http.request.method=\"GET\"",
            "url.template=\"/api/v1/users/{id}\"",
            "http.response.status_code=200",
            "okta.request_id=\"req-1\"",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("canary"), "{text}");
    }

    /// The only test that may set the subscriber of the process.
    #[test]
    fn the_subscriber_is_set_once_and_only_if_logging_is_enabled() {
        init(&config(false, LogLevel::Trace)).unwrap();
        init(&config(true, LogLevel::Error)).unwrap();
        let error = init(&config(true, LogLevel::Error)).unwrap_err();
        assert!(error.to_string().contains("okta_client::logging::layer"), "{error}");
        init(&config(false, LogLevel::Trace)).unwrap();
    }
}
