//! What may be cached at all.

use http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri, header};

use super::{key::SELECTING_HEADERS, tag};
use crate::request::cache_mode::CacheMode;
use crate::request::{call_options::CallOptions, operation::OperationRef};

/// Segments of paths whose answers must not be cached: tokens and sign-ins, sessions, secrets, and what is asked for
/// repeatedly because it changes by itself.
const NEVER: &[&str] = &["oauth2", "authn", "sessions", "secrets", "logs", "transactions"];

/// Segments of paths whose answers may carry secrets: the client secret of an application or an identity provider, the
/// password of a mail server, the seed of a factor, the authorization of a hook.
const PRIVATE: &[&str] = &[
    "app",
    "apps",
    "authenticators",
    "email-servers",
    "eventHooks",
    "factors",
    "idps",
    "inlineHooks",
];

/// Whether the answers of this address must not be cached, in no store.
pub(super) fn is_never_kept(uri: &Uri) -> bool {
    has_segment(uri, NEVER)
}

/// Whether the answers of this address may carry secrets.
pub(super) fn is_private(uri: &Uri) -> bool {
    has_segment(uri, PRIVATE)
}

fn has_segment(uri: &Uri, names: &[&str]) -> bool {
    tag::segments(uri).any(|segment| names.iter().any(|name| segment.eq_ignore_ascii_case(name)))
}

/// What a request is to the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It reads, and the response may be cached.
    Read(CacheMode),
    /// It may change something.
    Write,
    /// It neither concerns the cache nor changes anything.
    Other,
}

pub(super) fn kind<B: http_body::Body>(request: &Request<B>) -> Kind {
    match *request.method() {
        Method::GET => Kind::Read(mode(request)),
        Method::HEAD | Method::OPTIONS | Method::TRACE => Kind::Other,
        _ => Kind::Write,
    }
}

fn mode<B: http_body::Body>(request: &Request<B>) -> CacheMode {
    let headers = request.headers();
    // A range request, a conditional request or one with its own credentials has a response that fits no other call.
    let own_answer = [
        header::AUTHORIZATION,
        header::COOKIE,
        header::RANGE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
    ]
    .iter()
    .any(|name| headers.contains_key(name));
    let polls = OperationRef::of(request.extensions()).is_some_and(|operation| operation.polls);
    if own_answer || polls || !request.body().is_end_stream() || has_directive(headers, "no-store") {
        return CacheMode::Bypass;
    }
    match CallOptions::cache_mode_of(request.extensions()) {
        CacheMode::Default if has_directive(headers, "no-cache") => CacheMode::Refresh,
        mode => mode,
    }
}

/// Whether a response may be cached. With `respect_cache_control`, what it says about caching itself counts too.
pub(super) fn may_keep(status: StatusCode, headers: &HeaderMap, respect_cache_control: bool) -> bool {
    status.is_success()
        && status != StatusCode::PARTIAL_CONTENT
        && varies_by_known_headers(headers)
        && !(respect_cache_control
            && (has_directive(headers, "no-store")
                || has_directive(headers, "no-cache")
                || headers.contains_key(header::SET_COOKIE)))
}

/// Whether a request with this response has plainly changed nothing, and would not be answered better the next time.
pub(super) fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT && status != StatusCode::TOO_MANY_REQUESTS
}

/// A response may depend on the headers that are part of its key. `Origin` is what browsers send.
fn varies_by_known_headers(headers: &HeaderMap) -> bool {
    members(headers, &header::VARY).all(|name| {
        name.eq_ignore_ascii_case(header::ORIGIN.as_str())
            || SELECTING_HEADERS
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known.as_str()))
    })
}

fn has_directive(headers: &HeaderMap, directive: &str) -> bool {
    members(headers, &header::CACHE_CONTROL).any(|member| member.eq_ignore_ascii_case(directive))
}

/// The members of a header that is a list. A value that cannot be read counts as an unknown member.
fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|member| !member.is_empty())
}

/// The headers of a response that are cached: those that are [shared](shared_headers) without the state of a rate limit,
/// which is another one by the time it is read.
pub(super) fn kept_headers(headers: &HeaderMap) -> HeaderMap {
    const RATE_LIMIT: &[&str] = &["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];
    let mut kept = shared_headers(headers);
    for name in RATE_LIMIT {
        kept.remove(*name);
    }
    kept
}

/// The headers of a response that calls may share: not those for its connection, and not cookies.
pub(super) fn shared_headers(headers: &HeaderMap) -> HeaderMap {
    const DROPPED: &[&str] = &[
        "age",
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-connection",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let mut kept = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let named_by_connection =
            || members(headers, &header::CONNECTION).any(|member| member.eq_ignore_ascii_case(name.as_str()));
        if !DROPPED.contains(&name.as_str()) && !named_by_connection() {
            kept.append(name.clone(), value.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::{request::operation::Operation, service::body::Body};

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut all = HeaderMap::new();
        for (name, value) in lines {
            all.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        all
    }

    #[test]
    fn what_must_not_be_cached_is_recognised_by_its_path() {
        let uri = |path: &str| format!("https://acme.okta.com{path}").parse().unwrap();
        for path in [
            "/oauth2/v1/token",
            "/oauth2/v1/clients/0oa1/roles",
            "/oauth2/default/v1/keys",
            "/api/v1/authn",
            "/api/v1/sessions/102",
            "/api/v1/logs?since=x",
            "/api/v1/%6cogs",
            "/api/v1/apps/0oa1/credentials/secrets",
            "/api/v1/users/00u1/factors/mfa1/transactions/t1",
        ] {
            assert!(is_never_kept(&uri(path)), "{path}");
        }
        for path in [
            "/api/v1/users",
            "/api/v1/logStreams",
            "/.well-known/okta-organization",
            "/",
        ] {
            assert!(!is_never_kept(&uri(path)) && !is_private(&uri(path)), "{path}");
        }
        for path in [
            "/api/v1/apps",
            "/api/v1/groups/00g1/apps",
            "/api/v1/idps/0oa1",
            "/api/v1/policies/p/app",
        ] {
            assert!(is_private(&uri(path)), "{path}");
        }
    }

    fn kind_of(request: http::request::Builder) -> Kind {
        kind(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn only_a_plain_get_is_read_from_the_cache() {
        static LOGS: Operation = Operation::new("poll", Method::GET, "/poll").polls();
        let get = || Request::get("/");
        let bypass = Kind::Read(CacheMode::Bypass);
        assert_eq!(kind_of(get()), Kind::Read(CacheMode::Default));
        for name in ["authorization", "cookie", "range", "if-none-match", "if-modified-since"] {
            assert_eq!(kind_of(get().header(name, "x")), bypass, "{name}");
        }
        assert_eq!(kind_of(get().header("cache-control", "max-age=0, No-Store")), bypass);
        assert_eq!(
            kind_of(get().header("cache-control", "no-cache")),
            Kind::Read(CacheMode::Refresh)
        );
        assert_eq!(kind_of(get().extension(OperationRef(&LOGS))), bypass);
        assert_eq!(kind(&get().body(Body::from("{}")).unwrap()), bypass);
        for mode in [CacheMode::Bypass, CacheMode::Refresh] {
            let options = CallOptions::new().cache(mode);
            assert_eq!(kind_of(get().extension(options)), Kind::Read(mode));
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "FROBNICATE"] {
            assert_eq!(kind_of(Request::builder().method(method)), Kind::Write);
        }
        for method in ["HEAD", "OPTIONS", "TRACE"] {
            assert_eq!(kind_of(Request::builder().method(method)), Kind::Other);
        }
    }

    #[test]
    fn only_whole_successes_are_kept() {
        let keeps = |status: u16, lines| may_keep(StatusCode::from_u16(status).unwrap(), &headers(lines), false);
        assert!(keeps(200, &[]));
        assert!(keeps(200, &[("vary", "Accept-Encoding, Origin"), ("vary", "accept")]));
        assert!(!keeps(200, &[("vary", "x-device")]));
        assert!(!keeps(200, &[("vary", "*")]));
        for status in [101, 206, 301, 304, 400, 401, 404, 429, 500, 503] {
            assert!(!keeps(status, &[]), "{status}");
        }
    }

    #[test]
    fn what_okta_says_of_every_answer_counts_only_if_asked() {
        for line in [
            ("cache-control", "no-cache, no-store"),
            ("cache-control", "no-cache"),
            ("set-cookie", "JSESSIONID=x"),
        ] {
            assert!(may_keep(StatusCode::OK, &headers(&[line]), false), "{line:?}");
            assert!(!may_keep(StatusCode::OK, &headers(&[line]), true), "{line:?}");
        }
        assert!(may_keep(
            StatusCode::OK,
            &headers(&[("cache-control", "max-age=60")]),
            true
        ));
    }

    #[test]
    fn cookies_limits_and_connection_headers_are_not_kept() {
        let kept = kept_headers(&headers(&[
            ("link", "<a>; rel=\"self\""),
            ("link", "<b>; rel=\"next\""),
            ("set-cookie", "sid=canary"),
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("transfer-encoding", "chunked"),
            ("x-rate-limit-remaining", "1"),
            ("age", "9"),
            ("etag", "\"1\""),
        ]));
        let names: Vec<_> = kept.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["link", "link", "etag"]);
    }
}
