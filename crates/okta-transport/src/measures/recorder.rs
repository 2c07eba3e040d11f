//! Where measures go: what a program implements, or takes ready-made.

use std::{fmt, sync::Arc};

use super::instrument::Instrument;

/// Where measures go: OpenTelemetry, `metrics`, Prometheus, or a table of your own.
///
/// A recorder is asked once for each [`Series`], that is for each combination of an instrument and the values of its labels;
/// from then on values go into the series directly. The feature `metrics` has one for OpenTelemetry (`OpenTelemetryRecorder`). Any
/// other is a few lines:
///
/// ```
/// use std::{collections::BTreeMap, sync::{Arc, Mutex}};
/// use okta_transport::metrics::{Instrument, InstrumentKind, Label, Recorder, Series};
///
/// /// The sum of each series, or its last value.
/// #[derive(Clone, Default)]
/// struct Table(Arc<Mutex<BTreeMap<String, f64>>>);
///
/// impl Recorder for Table {
///     fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series {
///         let labels: Vec<_> = labels.iter().map(|label| format!("{}={:?}", label.name, label.value)).collect();
///         let (table, key) = (self.clone(), format!("{}{{{}}}", instrument.name(), labels.join(",")));
///         Series::new(move |value| {
///             let mut table = table.0.lock().unwrap();
///             let entry = table.entry(key.clone()).or_default();
///             *entry = if instrument.kind() == InstrumentKind::Gauge { value } else { *entry + value };
///         })
///     }
/// }
/// ```
///
/// All series of a recorder are of one process. For several clients whose series should be told apart by more than the address of
/// the org, give each client its own recorder that adds a label.
pub trait Recorder: Send + Sync + 'static {
    /// Returns the series with these labels. It may be asked for the same one more than once.
    ///
    /// `labels` are those that [`Instrument::labels`] names, in the same order.
    fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series;
}

impl<T: Recorder + ?Sized> Recorder for Box<T> {
    fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series {
        (**self).series(instrument, labels)
    }
}

impl<T: Recorder + ?Sized> Recorder for Arc<T> {
    fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series {
        (**self).series(instrument, labels)
    }
}

/// A label of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label<'a> {
    /// The name, in OpenTelemetry's form, for example `okta.operation`.
    pub name: &'static str,
    /// The value. Empty if it does not apply: a series of requests without a response has no status.
    pub value: &'a str,
}

/// One series: takes values.
///
/// The closure is called on the path of a call, so it must neither block nor panic. What a value means is up to the
/// [`kind`](Instrument::kind) of the instrument.
#[derive(Clone)]
pub struct Series(Option<Arc<dyn Fn(f64) + Send + Sync>>);

impl Series {
    /// A series whose values go to this closure.
    pub fn new(record: impl Fn(f64) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(record)))
    }

    /// A series whose values are dropped, for instruments that a recorder leaves out.
    #[must_use]
    pub const fn ignored() -> Self {
        Self(None)
    }

    /// Records a value.
    pub fn record(&self, value: f64) {
        if let Some(record) = &self.0 {
            record(value);
        }
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "Series(..)"
        } else {
            "Series(ignored)"
        })
    }
}
