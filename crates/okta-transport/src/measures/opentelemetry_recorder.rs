//! The recorder for OpenTelemetry.

use std::{collections::HashMap, fmt};

use opentelemetry::{
    KeyValue, Value,
    metrics::{Counter, Gauge, Histogram, Meter, UpDownCounter},
};

use super::{
    instrument::{Instrument, InstrumentKind},
    recorder::{Label, Recorder, Series},
};

/// Records into the instruments of an OpenTelemetry [`Meter`], under the names, units and bucket boundaries of [`Instrument`].
///
/// The provider of the meter decides where the values go: an OTLP exporter, a Prometheus reader, nowhere. Series are bound to their
/// attributes when they are first used, so recording a value does not look attributes up.
///
/// ```
/// use okta_config::OrgUrl;
/// use okta_transport::{HttpService, metrics::{Metrics, OpenTelemetryRecorder}};
///
/// let org_url = OrgUrl::parse("https://acme.okta.com")?;
/// let recorder = OpenTelemetryRecorder::new(&opentelemetry::global::meter("acme-sync"));
/// let builder = HttpService::builder(&org_url).metrics(Metrics::new(recorder, &org_url));
/// # Ok::<(), okta_transport::BoxError>(())
/// ```
pub struct OpenTelemetryRecorder(HashMap<Instrument, Made>);

/// An instrument of the meter.
enum Made {
    Counter(Counter<u64>),
    UpDownCounter(UpDownCounter<i64>),
    Count(Gauge<u64>),
    Gauge(Gauge<f64>),
    Histogram(Histogram<f64>),
}

impl OpenTelemetryRecorder {
    /// Makes the instruments with this meter.
    #[must_use]
    pub fn new(meter: &Meter) -> Self {
        let all = Instrument::ALL.iter();
        Self(all.map(|instrument| (*instrument, make(*instrument, meter))).collect())
    }
}

fn make(instrument: Instrument, meter: &Meter) -> Made {
    let (name, unit, description) = (instrument.name(), instrument.unit(), instrument.description());
    match instrument.kind() {
        InstrumentKind::Counter => {
            let builder = meter.u64_counter(name).with_unit(unit);
            Made::Counter(builder.with_description(description).build())
        }
        InstrumentKind::UpDownCounter => {
            let builder = meter.i64_up_down_counter(name).with_unit(unit);
            Made::UpDownCounter(builder.with_description(description).build())
        }
        InstrumentKind::Gauge if unit == "s" => {
            let builder = meter.f64_gauge(name).with_unit(unit);
            Made::Gauge(builder.with_description(description).build())
        }
        InstrumentKind::Gauge => {
            let builder = meter.u64_gauge(name).with_unit(unit);
            Made::Count(builder.with_description(description).build())
        }
        InstrumentKind::Histogram => {
            let builder = meter.f64_histogram(name).with_unit(unit);
            let builder = builder.with_boundaries(instrument.boundaries().to_vec());
            Made::Histogram(builder.with_description(description).build())
        }
    }
}

impl Recorder for OpenTelemetryRecorder {
    fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series {
        let present = labels.iter().filter(|label| !label.value.is_empty());
        let attributes: Vec<_> = present.map(attribute).collect();
        match self.0.get(&instrument) {
            Some(Made::Counter(counter)) => {
                let counter = counter.bind(&attributes);
                Series::new(move |value| counter.add(whole(value)))
            }
            Some(Made::UpDownCounter(counter)) => {
                let counter = counter.bind(&attributes);
                Series::new(move |value| counter.add(signed(value)))
            }
            Some(Made::Count(gauge)) => {
                let gauge = gauge.bind(&attributes);
                Series::new(move |value| gauge.record(whole(value)))
            }
            Some(Made::Gauge(gauge)) => {
                let gauge = gauge.bind(&attributes);
                Series::new(move |value| gauge.record(value))
            }
            Some(Made::Histogram(histogram)) => {
                let histogram = histogram.bind(&attributes);
                Series::new(move |value| histogram.record(value))
            }
            None => Series::ignored(),
        }
    }
}

/// The conventions want ports and statuses to be integers.
fn attribute(label: &Label<'_>) -> KeyValue {
    let number = match label.name {
        "server.port" | "http.response.status_code" => label.value.parse().ok(),
        _ => None,
    };
    let value = number.map_or_else(|| Value::from(label.value.to_owned()), Value::I64);
    KeyValue::new(label.name, value)
}

/// Values are whole numbers where the instrument counts.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast saturates"
)]
const fn whole(value: f64) -> u64 {
    value as u64
}

#[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
const fn signed(value: f64) -> i64 {
    value as i64
}

impl fmt::Debug for OpenTelemetryRecorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenTelemetryRecorder").finish_non_exhaustive()
    }
}
