//! What the API answers when it refuses: Okta's error codes, texts and body.

use http::{HeaderName, StatusCode};
use serde_json::{Value, json};

/// A refused call.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    body: ErrorBody,
    /// Header lines of this refusal alone.
    pub(crate) headers: Vec<(HeaderName, String)>,
}

#[derive(Debug)]
enum ErrorBody {
    /// The management API's.
    Okta {
        code: &'static str,
        summary: String,
        causes: Vec<String>,
    },
    /// The token endpoint's (RFC 6749 §5.2).
    OAuth { error: &'static str, description: String },
    /// What a gateway in front of the API says.
    Gateway,
    /// Everything there is to know is in the headers.
    Nothing,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, summary: impl Into<String>) -> Self {
        Self::with(
            status,
            ErrorBody::Okta {
                code,
                summary: summary.into(),
                causes: Vec::new(),
            },
        )
    }

    fn with(status: StatusCode, body: ErrorBody) -> Self {
        Self {
            status,
            body,
            headers: Vec::new(),
        }
    }

    /// A refusal of the token endpoint.
    pub(crate) fn oauth(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        let description = description.into();
        Self::with(status, ErrorBody::OAuth { error, description })
    }

    /// A refusal whose headers say everything.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::with(status, ErrorBody::Nothing)
    }

    /// The response of a gateway when the API does not respond.
    pub(crate) fn gateway(status: StatusCode) -> Self {
        Self::with(status, ErrorBody::Gateway)
    }

    /// Adds a header line.
    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn because(mut self, cause: impl Into<String>) -> Self {
        if let ErrorBody::Okta { causes, .. } = &mut self.body {
            causes.push(cause.into());
        }
        self
    }

    /// 400: the named part of the request is not acceptable, for these reasons.
    pub(crate) fn validation(subject: &str, causes: impl IntoIterator<Item = String>) -> Self {
        let error = Self::new(
            StatusCode::BAD_REQUEST,
            "E0000001",
            format!("Api validation failed: {subject}"),
        );
        causes.into_iter().fold(error, Self::because)
    }

    /// 400: one field is not acceptable.
    pub(crate) fn field(name: &str, problem: &str) -> Self {
        Self::validation(name, [format!("{name}: {problem}")])
    }

    /// 400: the content type that is asked for, or sent, is not one of the operation's.
    pub(crate) fn not_acceptable() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E0000019",
            "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
        )
    }

    /// 409: this role was assigned before.
    pub(crate) fn role_assigned(to: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "E0000090", "Duplicate role assignment exception.")
            .because(format!("The role specified is already assigned to the {to}."))
    }

    /// 400: this role applies to everything.
    pub(crate) fn role_without_targets() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E0000091",
            "The provided role type was not the same as required role type.",
        )
    }

    /// 400: a key is good for two to ten years.
    pub(crate) fn validity() -> Self {
        Self::validation(
            "validityYears",
            ["Validity years out of range. It should be 2 - 10 years.".to_owned()],
        )
    }

    /// 409: the default brand stays.
    pub(crate) fn default_brand() -> Self {
        Self::new(StatusCode::CONFLICT, "E0000200", "The default brand cannot be deleted.")
    }

    /// 409: a template has one customization for each language.
    pub(crate) fn customization_exists() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "E0000183",
            "An email template customization for that language already exists.",
        )
    }

    /// 409: a template has one default customization as long as it has any.
    pub(crate) fn default_customization() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "E0000185",
            "The isDefault parameter of the default email template customization can't be set to false.",
        )
    }

    /// 400: an application that was made from custom metadata and is not in use cannot be changed.
    pub(crate) fn no_active_instance() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E0000024",
            "Bad request. This operation on app metadata is not yet supported.",
        )
        .because("This operation on app metadata is not yet supported: No active instances.")
    }

    /// 503: the org is failing over, or was failed over to a region that only reads.
    pub(crate) fn read_only() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "E0000010",
            "Service is in read only mode",
        )
    }

    /// 404: there is no such custom domain; it has a special error.
    pub(crate) fn domain_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "E0000163", "Domain ID not found.")
    }

    /// 400: phones need something that calls them.
    pub(crate) fn no_telephony_hook() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E0000226",
            "You must have an active telephony inline hook to activate and use the Phone authenticator.",
        )
    }

    /// 403: users may not ask for applications.
    pub(crate) fn no_self_service() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000043",
            "Self service application assignment is not enabled.",
        )
        .because("Self service application assignment for organization managed apps must be enabled.")
    }

    /// 400: another object of the org has this value already.
    pub(crate) fn duplicate(field: &str) -> Self {
        Self::field(
            field,
            "An object with this field already exists in the current organization",
        )
    }

    /// 400: the body is not JSON, or not a JSON object.
    pub(crate) fn malformed_body() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E0000003",
            "The request body was not well-formed.",
        )
    }

    /// 423: the priorities of policies are being reconciled.
    pub(crate) fn policy_lock() -> Self {
        Self::new(StatusCode::LOCKED, "E0000239", "Policy lock exception")
            .because("Policy priorities are being reconciled. Please try again later.")
    }

    /// 400: `after` was not taken from an earlier page.
    pub(crate) fn invalid_paging() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000029", "Invalid paging request.")
    }

    /// 400: a date parameter is not a date.
    pub(crate) fn invalid_date() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E0000030",
            "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, \
             e.g. 2013-01-01T12:00:00.000-07:00.",
        )
    }

    /// 400: a `filter` or `search` expression cannot be used.
    pub(crate) fn invalid_search(causes: Vec<String>) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "E0000031", "Invalid search criteria.");
        causes.into_iter().fold(error, Self::because)
    }

    /// 401: the token is not one of this org's.
    pub(crate) fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided")
    }

    /// 403: the caller may not do this.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000006",
            "You do not have permission to perform the requested action",
        )
    }

    /// 403: no usable `Authorization` header (and no session cookie).
    pub(crate) fn invalid_session() -> Self {
        Self::new(StatusCode::FORBIDDEN, "E0000005", "Invalid session")
    }

    /// 403: credentials were not changed, for this reason.
    pub(crate) fn credentials(cause: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "E0000014", "Update of credentials failed").because(cause)
    }

    /// 403: there is nothing to activate.
    pub(crate) fn already_active() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000016",
            "Activation failed because the user is already active",
        )
    }

    /// 403: the user is not locked out.
    pub(crate) fn not_locked_out() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000032",
            "Unlock is not allowed for this user.",
        )
        .because("The user is not locked out.")
    }

    /// 403: a user in this status has no password to forget.
    pub(crate) fn forgot_password() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000034",
            "Forgot password not allowed on specified user.",
        )
    }

    /// 403: a user in this status has no password to change.
    pub(crate) fn change_password() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000035",
            "Change password not allowed on specified user.",
        )
    }

    /// 403: a user in this status has no recovery question to change.
    pub(crate) fn change_recovery_question() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000036",
            "Change recovery question not allowed on specified user.",
        )
    }

    /// 403: the user's status forbids the operation.
    pub(crate) fn user_status() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000038",
            "This operation is not allowed in the user's current status.",
        )
    }

    /// 403: the application is still in use.
    pub(crate) fn delete_application() -> Self {
        Self::new(StatusCode::FORBIDDEN, "E0000056", "Delete application forbidden.")
            .because("The application must be deactivated before it can be deleted.")
    }

    /// 403: the code or the answer is wrong.
    pub(crate) fn invalid_passcode() -> Self {
        Self::new(StatusCode::FORBIDDEN, "E0000068", "Invalid Passcode/Answer")
            .because("Your passcode doesn't match our records. Please try again.")
    }

    /// 400: this number cannot be called.
    pub(crate) fn invalid_phone_number() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000098", "This phone number is invalid.")
    }

    /// 403: the recovery answer is wrong.
    pub(crate) fn recovery_answer() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000087",
            "The recovery question answer did not match our records.",
        )
    }

    /// 404: there is no such object.
    pub(crate) fn not_found(id: &str, kind: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "E0000007",
            format!("Not found: Resource not found: {id} ({kind})"),
        )
    }

    /// 404: there is no such endpoint.
    pub(crate) fn path_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "E0000008", "The requested path was not found")
    }

    /// 405: the endpoint exists, but not with this method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "E0000022",
            "The endpoint does not support the provided HTTP method",
        )
    }

    /// 429: the window is used up.
    pub(crate) fn too_many_requests() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "E0000047",
            "API call exceeded rate limit due to too many requests.",
        )
    }

    /// 501: the org does not let anyone do this.
    pub(crate) fn unsupported() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "E0000060", "Unsupported operation.")
    }

    /// 500: the org failed.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "E0000009", "Internal Server Error")
    }

    /// What is wrong, in one line, for the seed's error message.
    pub(crate) fn explain(&self) -> String {
        match &self.body {
            ErrorBody::Okta { summary, causes, .. } if causes.is_empty() => summary.clone(),
            ErrorBody::Okta { causes, .. } => causes.join("; "),
            ErrorBody::OAuth { description, .. } => description.clone(),
            ErrorBody::Gateway | ErrorBody::Nothing => self.status.to_string(),
        }
    }

    /// The body Okta sends.
    pub(crate) fn body(&self, error_id: &str) -> Option<Value> {
        match &self.body {
            ErrorBody::Okta { code, summary, causes } => {
                let causes: Vec<Value> = causes.iter().map(|cause| json!({ "errorSummary": cause })).collect();
                Some(json!({
                    "errorCode": code,
                    "errorSummary": summary,
                    "errorLink": code,
                    "errorId": error_id,
                    "errorCauses": causes,
                }))
            }
            ErrorBody::OAuth { error, description } => {
                Some(json!({ "error": error, "error_description": description }))
            }
            ErrorBody::Gateway => {
                let message = self.status.canonical_reason().unwrap_or_default();
                Some(json!({ "status": self.status.as_u16(), "message": message }))
            }
            ErrorBody::Nothing => None,
        }
    }
}
