//! Building any operation's request by the operation's id, by its method of the client and nothing else.

use okta_client::{Body, Error, OktaClient, models};

use crate::arguments::{Arguments, Built, Missing, Taken};

type Request = Result<http::Request<Body>, Error>;

/// The builder of one operation's request; nothing comes of it where a required argument is missing.
type Build = fn(&OktaClient, &Taken<'_>) -> Option<Request>;

/// How the request of one operation is built: `"id" => group.method(what it needs).setter(what it may have)`, each with
/// the kind of argument and its name in HTTP.
macro_rules! request_table {
    ($( $id:literal => $group:ident.$method:ident( $($kind:ident($($what:tt)*)),* ) $( .$setter:ident( $option:ident($($of:tt)*) ) )*, )*) => {
        /// Builds the request of the operation `id`; nothing if there is no such operation.
        #[must_use]
        pub fn build(okta: &OktaClient, id: &str, arguments: &Arguments) -> Option<Built> {
            let build: Build = match id {
                $( $id => {
                    #[allow(unused_variables, reason = "some operations take no arguments")]
                    #[allow(deprecated, reason = "deprecated operations are operations")]
                    fn build(okta: &OktaClient, taken: &Taken<'_>) -> Option<Request> {
                        let call = okta.$group().$method(
                            $( taken.required(
                                request_table!(@name $kind($($what)*)),
                                request_table!(@value taken, $kind($($what)*)),
                            )? ),*
                        );
                        $( let call = match request_table!(@value taken, $option($($of)*)) {
                            Some(value) => call.$setter(value),
                            None => call,
                        }; )*
                        let rest = taken.rest().into_iter();
                        Some(rest.fold(call, |call, (name, value)| call.with_query(name, value)).request())
                    }
                    build
                } )*
                _ => return None,
            };
            let taken = Taken::new(arguments);
            let request = build(okta, &taken);
            Some(taken.finish(request))
        }
    };

    (@value $taken:ident, json($body:ty)) => { $taken.json::<$body>() };
    (@value $taken:ident, $kind:ident($($name:literal),*)) => { $taken.$kind($($name),*) };

    (@name json($body:ty)) => { Missing::Body };
    (@name $kind:ident()) => { Missing::Body };
    (@name path($name:literal)) => { Missing::Path($name) };
    (@name $kind:ident($name:literal)) => { Missing::Query($name) };
}
include!("generated/requests.rs");

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::arguments::Content;

    fn client() -> OktaClient {
        let unused = tower::service_fn(|_: http::Request<Body>| async {
            Err::<http::Response<Body>, _>(okta_client::BoxError::from("nothing is sent here"))
        });
        OktaClient::from_service(okta_client::OrgUrl::parse("https://test.okta.com").unwrap(), unused)
    }

    fn built(id: &str, arguments: &Arguments) -> Built {
        build(&client(), id, arguments).unwrap()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn arguments_become_the_request() {
        let built = built(
            "updateUser",
            &Arguments {
                path: pairs(&[("id", "a b")]).into_iter().collect(),
                query: pairs(&[("strict", "true")]),
                body: Some(Content::Json(json!({"profile": {"nickName": null, "badge": 1}}))),
                headers: pairs(&[("if-match", "W/1")]).into_iter().collect(),
            },
        );
        let request = built.request.unwrap();
        assert_eq!(request.uri(), "https://test.okta.com/api/v1/users/a%20b?strict=true");
        assert_eq!(request.headers()["if-match"], "W/1");
        assert_eq!(
            request.body().as_bytes().unwrap(),
            r#"{"profile":{"badge":1,"nickName":null}}"#
        );
        assert!(built.undeclared_query.is_empty() && !built.undeclared_body && built.missing.is_empty());
        assert_eq!(built.headers, ["if-match"]);
    }

    #[test]
    fn what_the_document_cannot_say_is_told_apart() {
        let built = built(
            "listUsers",
            &Arguments {
                query: pairs(&[("limit", "x"), ("color", "red"), ("limit", "007"), ("limit", "5")]),
                body: Some(Content::Json(json!({}))),
                ..Arguments::default()
            },
        );
        assert_eq!(
            built.request.unwrap().uri(),
            "https://test.okta.com/api/v1/users?limit=5&limit=x&color=red&limit=007"
        );
        assert_eq!(built.odd_query, pairs(&[("limit", "x"), ("limit", "007")]));
        assert_eq!(built.undeclared_query, pairs(&[("color", "red")]));
        assert!(built.undeclared_body);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |id| built(id, &Arguments::default());
        assert_eq!(missing("createUser").missing, [Missing::Body]);
        assert_eq!(missing("getUser").missing, [Missing::Path("id")]);
        assert!(missing("getUser").request.is_err());
        assert!(build(&client(), "gone", &Arguments::default()).is_none());
    }

    #[test]
    fn a_body_of_another_kind_is_a_problem() {
        let built = built(
            "createUser",
            &Arguments {
                body: Some(Content::Json(json!([1]))),
                ..Arguments::default()
            },
        );
        assert!(built.request.unwrap_err().contains("array"));
        assert!(built.missing.is_empty());
    }

    #[test]
    fn bodies_that_are_no_json_are_read_by_their_content_type() {
        let build = |id: &str, content_type: &str, bytes: &'static str| {
            let body = Content::Bytes {
                content_type: content_type.to_owned(),
                bytes: bytes.into(),
            };
            let path = pairs(&[("appId", "0oa1"), ("csrId", "c1")]).into_iter().collect();
            built(
                id,
                &Arguments {
                    path,
                    body: Some(body),
                    ..Arguments::default()
                },
            )
            .request
        };
        let request = build("publishCsrFromApplication", "application/pkix-cert", "x").unwrap();
        assert_eq!(request.headers()["content-type"], "application/pkix-cert");
        assert!(build("publishCsrFromApplication", "text/plain", "x").is_err());
        let form = "--X\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\nPNG\r\n--X--";
        let request = build("uploadApplicationLogo", "multipart/form-data; boundary=X", form).unwrap();
        assert!(String::from_utf8_lossy(request.body().as_bytes().unwrap()).contains("a.png"));
        assert!(build("uploadApplicationLogo", "multipart/form-data; boundary=Y", form).is_err());
    }
}
