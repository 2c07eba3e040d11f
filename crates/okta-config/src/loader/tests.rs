//! This test needs its own binary: a `tracing` call site that another thread meets first, without a subscriber, may stay silent,
//! so no other unit test of this crate may load a configuration that warns. The integration tests are another process.

use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::Loader;
use super::sources::Sources;

#[test]
fn warnings_are_given_to_tracing() {
    let loader = Loader::new().without_files().environment([
        ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
        ("OKTA_CLIENT_TOKEN", "00abc"),
        ("OKTA_CLIENT_TOKNE", "00abc"),
    ]);
    let events = Events::default();
    let loaded = tracing::subscriber::with_default(events.clone(), || loader.load().unwrap());
    assert_eq!(*events.0.lock().unwrap(), [format!("WARN {}", loaded.warnings[0])]);
}

#[test]
fn the_usual_files_are_named_as_everybody_knows_them() {
    let files = Sources::of_the_process().files(Some(Path::new("home")), Path::new("."));
    let names: Vec<_> = files.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["~/.okta/okta.yaml", "./okta.yaml"]);
    assert_eq!(files[0].0, Path::new("home").join(".okta").join("okta.yaml"));
    assert_eq!(Sources::of_the_process().files(None, Path::new(".")).len(), 1);
}

/// Stores what is reported to `tracing`.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Events {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Message(String);
        impl tracing::field::Visit for Message {
            fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                write!(self.0, " {value:?}").unwrap();
            }
        }
        let mut message = Message(event.metadata().level().to_string());
        event.record(&mut message);
        self.0.lock().unwrap().push(message.0);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}
