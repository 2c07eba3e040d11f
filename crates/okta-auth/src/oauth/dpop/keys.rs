use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use crate::{
    jose::key::key_error::KeyError,
    oauth::dpop::{key::DpopKey, settings::Dpop},
};

/// The key for new tokens: made when it is first needed, and replaced when it is old.
#[derive(Debug)]
pub(crate) struct DpopKeys {
    settings: Dpop,
    current: Mutex<Option<(Arc<DpopKey>, Instant)>>,
}

impl DpopKeys {
    pub(crate) const fn new(settings: Dpop) -> Self {
        Self {
            settings,
            current: Mutex::new(None),
        }
    }

    pub(crate) const fn settings(&self) -> &Dpop {
        &self.settings
    }

    pub(crate) fn current(&self, now: Instant) -> Result<Arc<DpopKey>, KeyError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((key, made)) = &*current
            && now.saturating_duration_since(*made) < self.settings.rotation
        {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(DpopKey::generate(self.settings.algorithm)?);
        *current = Some((Arc::clone(&key), now));
        Ok(key)
    }
}
