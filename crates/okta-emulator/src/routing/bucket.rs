//! Rate-limit buckets: which operations share one count.

/// Operations that share one count.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// The name under which its limit is configured and listed.
    pub(crate) name: &'static str,
    /// Calls a minute unless configured otherwise.
    pub(crate) per_minute: u32,
}

pub(crate) static USERS: Bucket = Bucket {
    name: "/api/v1/users",
    per_minute: 600,
};
pub(crate) static USER_BY_ID: Bucket = Bucket {
    name: "/api/v1/users/{id}",
    per_minute: 2000,
};
pub(crate) static USER_ACTIONS: Bucket = Bucket {
    name: "/api/v1/users/{id}/*",
    per_minute: 600,
};
pub(crate) static GROUPS: Bucket = Bucket {
    name: "/api/v1/groups",
    per_minute: 500,
};
pub(crate) static GROUP_BY_ID: Bucket = Bucket {
    name: "/api/v1/groups/{id}",
    per_minute: 1000,
};
pub(crate) static LOGS: Bucket = Bucket {
    name: "/api/v1/logs",
    per_minute: 120,
};
pub(crate) static META: Bucket = Bucket {
    name: "/api/v1/meta/*",
    per_minute: 1000,
};
pub(crate) static LOG_STREAMS: Bucket = Bucket {
    name: "/api/v1/logStreams",
    per_minute: 300,
};
pub(crate) static APPS: Bucket = Bucket {
    name: "/api/v1/apps",
    per_minute: 100,
};
pub(crate) static APP_BY_ID: Bucket = Bucket {
    name: "/api/v1/apps/{id}",
    per_minute: 500,
};
pub(crate) static TOKENS: Bucket = Bucket {
    name: "/oauth2/v1/*",
    per_minute: 1200,
};

/// Everything that has no own bucket.
pub(crate) static OTHER: Bucket = Bucket {
    name: "/api/v1/*",
    per_minute: 1200,
};

/// The buckets that can be configured.
pub(crate) static ALL: [&Bucket; 12] = [
    &USERS,
    &USER_BY_ID,
    &USER_ACTIONS,
    &GROUPS,
    &GROUP_BY_ID,
    &LOGS,
    &META,
    &LOG_STREAMS,
    &APPS,
    &APP_BY_ID,
    &TOKENS,
    &OTHER,
];

/// The bucket of this name.
pub(crate) fn named(name: &str) -> Option<&'static Bucket> {
    ALL.into_iter().find(|bucket| bucket.name == name)
}
