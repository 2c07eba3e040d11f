//! A `tracing` subscriber that records everything.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock, Mutex},
};

use tracing::{
    Dispatch, Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};

/// While there is one subscriber only, a call site that a thread without one meets first is silent ever after. With
/// these two there never is one only.
static COMPANY: LazyLock<[Dispatch; 2]> = LazyLock::new(|| {
    [
        Dispatch::new(Capture::new(LevelFilter::OFF)),
        Dispatch::new(Capture::new(LevelFilter::OFF)),
    ]
});

/// Listens on this thread, from a level up, until the guard is dropped.
pub(crate) fn listen(level: LevelFilter) -> (Capture, DefaultGuard) {
    LazyLock::force(&COMPANY);
    let capture = Capture::new(level);
    let guard = tracing::subscriber::set_default(capture.clone());
    (capture, guard)
}

#[derive(Clone)]
pub(crate) struct Capture {
    level: LevelFilter,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    spans: Vec<(LogRecord, usize)>,
    events: Vec<LogRecord>,
    entered: Vec<usize>,
}

/// A span or an event.
#[derive(Clone, Debug)]
pub(crate) struct LogRecord {
    pub(crate) level: Level,
    pub(crate) target: &'static str,
    pub(crate) fields: BTreeMap<&'static str, String>,
    /// The number of the span it happened in.
    pub(crate) within: Option<usize>,
}

impl LogRecord {
    /// A field, or `-`.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("-", String::as_str)
    }

    /// The named fields with their values, or `-`.
    pub(crate) fn row(&self, names: &[&str]) -> String {
        let fields: Vec<_> = names.iter().map(|name| self.field(name)).collect();
        format!("{} {}", self.level, fields.join(" "))
    }
}

impl Capture {
    fn new(level: LevelFilter) -> Self {
        Self {
            level,
            state: Arc::default(),
        }
    }

    pub(crate) fn spans(&self) -> Vec<LogRecord> {
        self.state
            .lock()
            .unwrap()
            .spans
            .iter()
            .map(|(record, _)| record.clone())
            .collect()
    }

    /// How many spans are not closed yet.
    pub(crate) fn open(&self) -> usize {
        self.state
            .lock()
            .unwrap()
            .spans
            .iter()
            .filter(|(_, holders)| *holders > 0)
            .count()
    }

    /// Whether this thread is outside of all spans.
    pub(crate) fn is_outside(&self) -> bool {
        self.state.lock().unwrap().entered.is_empty()
    }

    pub(crate) fn events(&self, target: &str) -> Vec<LogRecord> {
        let state = self.state.lock().unwrap();
        state
            .events
            .iter()
            .filter(|record| record.target == target)
            .cloned()
            .collect()
    }

    pub(crate) fn calls(&self) -> Vec<LogRecord> {
        self.events("okta_transport::call")
    }

    pub(crate) fn attempts(&self) -> Vec<LogRecord> {
        let mut events = self.events("okta_transport::attempt");
        events.retain(|record| record.level != Level::TRACE);
        events
    }

    /// Everything that was recorded.
    pub(crate) fn text(&self) -> String {
        let state = self.state.lock().unwrap();
        format!("{:#?} {:#?}", state.spans, state.events)
    }
}

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

fn index(id: &Id) -> usize {
    usize::try_from(id.into_u64()).unwrap() - 1
}

impl Subscriber for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut state = self.state.lock().unwrap();
        let mut record = record(attributes.metadata(), &state);
        attributes.record(&mut Fields(&mut record.fields));
        state.spans.push((record, 1));
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.state.lock().unwrap().spans[index(span)].0.fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut state = self.state.lock().unwrap();
        let mut record = record(event.metadata(), &state);
        event.record(&mut Fields(&mut record.fields));
        state.events.push(record);
    }

    fn enter(&self, span: &Id) {
        self.state.lock().unwrap().entered.push(index(span));
    }

    fn exit(&self, span: &Id) {
        let left = self.state.lock().unwrap().entered.pop();
        assert_eq!(left, Some(index(span)), "spans are left in the order they were entered");
    }

    fn clone_span(&self, span: &Id) -> Id {
        self.state.lock().unwrap().spans[index(span)].1 += 1;
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        let holders = &mut self.state.lock().unwrap().spans[index(&span)].1;
        *holders -= 1;
        *holders == 0
    }
}

fn record(metadata: &'static Metadata<'static>, state: &State) -> LogRecord {
    LogRecord {
        level: *metadata.level(),
        target: metadata.target(),
        fields: BTreeMap::new(),
        within: state.entered.last().copied(),
    }
}
