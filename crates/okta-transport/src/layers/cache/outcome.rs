use std::{sync::Arc, time::SystemTime};

use http::{Response, StatusCode};
use tower::BoxError;

use super::{
    body_recorder::{self, Recorder},
    entry::Entry,
    flight::{SharedError, SharedFailure},
    in_flight::ReadGuard,
    key::CacheKey,
    policy,
    settings::Settings,
    status::CacheStatus,
    store::VersionToken,
};
use crate::service::body::Body;

/// Where the response comes from.
pub(super) enum CacheOutcome {
    /// A cached response that is fresh enough.
    Hit(Arc<Entry>),
    /// A response from Okta.
    Fetched(Box<Fetched>),
}

pub(super) struct Fetched {
    pub(super) result: Result<Response<Body>, BoxError>,
    /// When it was asked for.
    pub(super) since: SystemTime,
    /// `None` if the store would not keep it.
    pub(super) version: Option<VersionToken>,
    /// Whether something is cached under the same key.
    pub(super) had_kept: bool,
    /// What a 304 confirms.
    pub(super) stale: Option<Arc<Entry>>,
    /// Whether the request before this one failed: then all who wait share this failure.
    pub(super) after_failure: bool,
}

impl CacheOutcome {
    /// The response for the call that has searched. All waiters get it too, or learn that they have to send their own
    /// request.
    pub(super) async fn conclude(
        self,
        settings: Arc<Settings>,
        key: CacheKey,
        read: ReadGuard,
    ) -> Result<Response<Body>, BoxError> {
        match self {
            Self::Hit(entry) => {
                let response = entry.hit(settings.clock.system_time());
                read.finish(Some(entry));
                Ok(response)
            }
            Self::Fetched(fetched) => fetched.conclude(settings, key, read).await,
        }
    }
}

impl Fetched {
    async fn conclude(
        self,
        settings: Arc<Settings>,
        key: CacheKey,
        read: ReadGuard,
    ) -> Result<Response<Body>, BoxError> {
        let (parts, body) = match self.result {
            Ok(response) => response.into_parts(),
            Err(error) if self.after_failure && read.is_followed() => {
                let error = SharedError::new(error);
                read.fail(Some(SharedFailure::Error(error.clone())));
                return Err(error.into());
            }
            Err(error) => {
                read.fail(None);
                return Err(error);
            }
        };
        if let Some(stale) = self.stale
            && parts.status == StatusCode::NOT_MODIFIED
        {
            let entry = Arc::new(stale.confirmed(&parts.headers, self.since));
            body_recorder::keep(&settings, read, &key, Arc::clone(&entry), self.version).await;
            return Ok(entry.response(CacheStatus::Revalidated, settings.clock.system_time()));
        }
        if !policy::may_keep(parts.status, &parts.headers, settings.respect_cache_control) {
            if self.had_kept && policy::is_refusal(parts.status) {
                // It is gone, or not for this principal any more. If the store fails there is an event about it.
                let _ = settings.forget(&key).await;
            }
            if parts.status.is_success() {
                read.finish(None);
                return Ok(CacheStatus::Miss.mark(Response::from_parts(parts, body)));
            }
        }
        let is_failure = !parts.status.is_success();
        let recorder = Recorder {
            read,
            key,
            version: self.version.filter(|_| !is_failure),
            status: parts.status,
            headers: if is_failure {
                policy::shared_headers(&parts.headers)
            } else {
                policy::kept_headers(&parts.headers)
            },
            since: self.since,
            settings,
        };
        let body = recorder.record(body).await;
        Ok(CacheStatus::Miss.mark(Response::from_parts(parts, body)))
    }
}
