//! Building any operation's request by the operation's id, by its method of the client and nothing else.

use okta_client::{Body, Error, OktaClient, models};

use crate::arguments::{Arguments, Built, Taken};

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
                        Some(call.request())
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

    (@name json($body:ty)) => { "a body" };
    (@name $kind:ident()) => { "a body" };
    (@name path($name:literal)) => { concat!("the path's `", $name, "`") };
    (@name $kind:ident($name:literal)) => { concat!("the query's `", $name, "`") };
}
include!("generated/requests.rs");

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn client() -> OktaClient {
        let nobody = tower::service_fn(|_: http::Request<Body>| async {
            Err::<http::Response<Body>, _>(okta_client::BoxError::from("nothing is sent here"))
        });
        OktaClient::from_service(okta_client::OrgUrl::parse("https://test.okta.com").unwrap(), nobody)
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
                body: Some(json!({"profile": {"nickName": null, "badge": 1}})),
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
    }

    #[test]
    fn what_the_document_cannot_say_is_left_over() {
        let built = built(
            "listUsers",
            &Arguments {
                query: pairs(&[("limit", "x"), ("color", "red"), ("limit", "5")]),
                body: Some(json!({})),
                ..Arguments::default()
            },
        );
        assert_eq!(
            built.request.unwrap().uri(),
            "https://test.okta.com/api/v1/users?limit=5"
        );
        assert_eq!(built.undeclared_query, pairs(&[("limit", "x"), ("color", "red")]));
        assert!(built.undeclared_body);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |id| built(id, &Arguments::default());
        assert_eq!(missing("createUser").missing, ["a body"]);
        assert_eq!(missing("getUser").missing, ["the path's `id`"]);
        assert_eq!(
            missing("getUser").request.unwrap_err(),
            "the request needs the path's `id`"
        );
        assert!(build(&client(), "gone", &Arguments::default()).is_none());
    }

    #[test]
    fn a_body_of_another_kind_is_a_problem() {
        let built = built(
            "createUser",
            &Arguments {
                body: Some(json!([1])),
                ..Arguments::default()
            },
        );
        assert!(built.request.unwrap_err().contains("array"));
    }
}
