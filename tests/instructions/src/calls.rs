//! Whole calls, over the default stack and a server that responses at once.

use okta_client::{BoxError, OktaClient, OktaClientBuilder, transport::metrics::OpenTelemetryRecorder};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_prometheus_text_exporter::PrometheusExporter;
use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::{Outcome, block_on, pages::Mine, responses};

/// A key that was made for this file, in the form of RFC 7517.
const KEY: &str = include_str!("key.json");

fn builder() -> OktaClientBuilder {
    OktaClient::builder()
        .org_url("https://acme.okta.com")
        .service(responses::server())
}

fn client() -> Result<OktaClient, BoxError> {
    Ok(builder().api_token("00example").build()?)
}

/// A request with everything in it, but not sent.
pub(crate) fn request(repetitions: u32) -> Outcome {
    let okta = client()?;
    for _ in 0..repetitions {
        std::hint::black_box(okta.users().get("00u1fhp2uTiKbnpuX5d7").request()?);
    }
    Ok(())
}

pub(crate) fn get(repetitions: u32) -> Outcome {
    get_with(client()?, repetitions)
}

pub(crate) fn get_with_access_token(repetitions: u32) -> Outcome {
    get_with(
        builder().private_key("0oa1", ["okta.users.read"], KEY).build()?,
        repetitions,
    )
}

/// Into the instruments of OpenTelemetry, which an exporter for Prometheus reads.
pub(crate) fn get_with_measures(repetitions: u32) -> Outcome {
    let exporter = PrometheusExporter::new();
    let provider = SdkMeterProvider::builder().with_reader(exporter.clone()).build();
    let recorder = OpenTelemetryRecorder::new(&provider.meter("instructions"));
    get_with(
        builder().api_token("00example").recorder(recorder).build()?,
        repetitions,
    )?;
    // What is counted must have been measured.
    let mut page = Vec::new();
    exporter.export(&mut page)?;
    let page = String::from_utf8(page)?;
    let mut lines = page.lines();
    let calls = lines.find(|line| line.starts_with("okta_client_call_duration_seconds_count{"));
    let calls = calls.ok_or("nothing was measured")?;
    calls
        .ends_with(&format!(" {repetitions}"))
        .then_some(())
        .ok_or_else(|| calls.into())
}

fn get_with(okta: OktaClient, repetitions: u32) -> Outcome {
    block_on(async {
        for _ in 0..repetitions {
            std::hint::black_box(okta.users().get("00u1fhp2uTiKbnpuX5d7").await?);
        }
        Ok(())
    })
}

/// One page with all its items as a type of the program.
pub(crate) fn list_own(repetitions: u32) -> Outcome {
    let okta = client()?;
    block_on(async {
        for _ in 0..repetitions {
            let mut users = okta.users().list().limit(200).items_as::<Mine>().stream();
            while let Some(user) = users.try_next().await? {
                std::hint::black_box(user);
            }
        }
        Ok(())
    })
}

/// A list of empty pages: the call of each page, and what leads to the next one.
pub(crate) fn pager(repetitions: u32) -> Outcome {
    let okta = client()?;
    block_on(async {
        for _ in 0..repetitions {
            let mut groups = okta.groups().list().limit(1).stream();
            std::hint::black_box(groups.try_next().await?);
        }
        Ok(())
    })
}

/// One page with all its items, as a stream.
pub(crate) fn list(repetitions: u32) -> Outcome {
    let okta = client()?;
    block_on(async {
        for _ in 0..repetitions {
            let mut users = okta.users().list().limit(200).stream();
            while let Some(user) = users.try_next().await? {
                std::hint::black_box(user);
            }
        }
        Ok(())
    })
}
