use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Dispatch, Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::{self, DefaultGuard},
};

/// All that is logged on this thread until it is dropped, at every level, with every field.
pub(crate) struct Capture {
    log: Log,
    _guard: DefaultGuard,
    /// While there is only one subscriber, tracing asks the thread that comes to a place first, which may be another
    /// test's, whether anybody wants to know of it, and remembers that.
    _second: Dispatch,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Capture {
    pub(crate) fn begin() -> Self {
        let log = Log::default();
        Self {
            _second: Dispatch::new(log.clone()),
            _guard: subscriber::set_default(log.clone()),
            log,
        }
    }

    pub(crate) fn text(&self) -> String {
        self.log.0.lock().unwrap().clone()
    }
}

impl Visit for &Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
