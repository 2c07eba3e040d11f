//! What a recorded request holds that Okta's document cannot express.

use std::fmt;

/// Why a request, or a part of it, could not be built or compared as it was recorded. Each is counted; none is a failure.
///
/// What can still be compared is compared: a category takes away the part that it names and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// The exchange names no operation of the document, so there is no builder: endpoints outside the document
    /// (`/api/v1/authn`, `/oauth2/v1/token`, sessions before they were taken out), and lines without an operation.
    /// *Taken away: everything.* Such calls go through `OktaClient::request`.
    NoOperation,
    /// The path has the names of its parameters in braces for values: a unit test, or an example of the document, of
    /// which only the rest is known. *Taken away: nothing; the names are the values.*
    TemplatePath,
    /// A fixed segment of the path is another one than the operation's: the anonymization of the recordings mistook
    /// `customizations` for a secret. *Taken away: those segments.*
    ForeignPath,
    /// The path ends in a slash, which no path of the document does. Okta takes both. *Taken away: the slash.*
    TrailingSlash,
    /// An argument of the path is empty or a dot segment, so that the path addresses another resource than the
    /// operation's. The client refuses it, on purpose (RFC 3986 section 5.2.4). *Taken away: everything.*
    RefusedPath,
    /// The recording lacks the value of a parameter of the path. *Taken away: everything.*
    MissingPath,
    /// A parameter of the query that the document does not declare for the operation. *Taken away: nothing; it is sent by
    /// the builder's `with_query`.*
    UndeclaredQuery,
    /// A parameter of the query that the document declares, but with a value that is neither a number nor a boolean where
    /// one is required, or given twice. *Taken away: nothing; it is sent by the builder's `with_query`.*
    OddQuery,
    /// A parameter of the query that the document requires was not sent. *Taken away: that it was not; there is a stand-in.*
    MissingQuery,
    /// A body where the document declares none: `{}` or the response to an earlier call. *Taken away: the body.*
    UndeclaredBody,
    /// No body where the document requires one. *Taken away: that there is none; the rest is built with a stand-in.*
    MissingBody,
    /// A body was sent and not recorded. *Taken away: the body, for which there is a stand-in.*
    BodyNotRecorded,
    /// A body that is declared as JSON and is not, which was sent and not understood. *Taken away: the body, for which
    /// there is a stand-in.*
    NoJson,
    /// A hand-written body (never a recorded one) of another kind than the document declares, a list for an object for
    /// example. *Taken away: the body, for which there is a stand-in.*
    HandWrittenBody,
    /// A body under another content type than any that the document declares for the operation. *Taken away: the content
    /// type.*
    UndeclaredType,
}

impl Category {
    /// The name in the JSON report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoOperation => "no_operation",
            Self::TemplatePath => "template_path",
            Self::ForeignPath => "foreign_path",
            Self::TrailingSlash => "trailing_slash",
            Self::RefusedPath => "refused_path",
            Self::MissingPath => "missing_path",
            Self::UndeclaredQuery => "undeclared_query",
            Self::OddQuery => "odd_query",
            Self::MissingQuery => "missing_query",
            Self::UndeclaredBody => "undeclared_body",
            Self::MissingBody => "missing_body",
            Self::BodyNotRecorded => "body_not_recorded",
            Self::NoJson => "no_json",
            Self::HandWrittenBody => "hand_written_body",
            Self::UndeclaredType => "undeclared_type",
        }
    }

    /// Whether nothing of such a request can be compared.
    #[must_use]
    pub const fn prevents_building(self) -> bool {
        matches!(self, Self::NoOperation | Self::RefusedPath | Self::MissingPath)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOperation => "no operation of the document",
            Self::TemplatePath => "the path holds the names of its parameters",
            Self::ForeignPath => "the path is another one than the operation's",
            Self::TrailingSlash => "the path ends in a slash",
            Self::RefusedPath => "an argument of the path addresses another resource",
            Self::MissingPath => "a parameter of the path was not recorded",
            Self::UndeclaredQuery => "a parameter of the query that is not declared",
            Self::OddQuery => "a parameter of the query with another kind of value than declared",
            Self::MissingQuery => "a required parameter of the query is missing",
            Self::UndeclaredBody => "a body although none is declared",
            Self::MissingBody => "no body where one is required",
            Self::BodyNotRecorded => "the body was not recorded",
            Self::NoJson => "a body that is declared as JSON and is not",
            Self::HandWrittenBody => "a hand-written body of another kind than declared",
            Self::UndeclaredType => "a content type that is not declared",
        })
    }
}
