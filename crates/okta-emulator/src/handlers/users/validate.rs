//! What a user's profile and credentials have to look like.

use secrecy::SecretString;
use serde_json::Value;

use crate::{
    protocol::{
        error::ApiError,
        json::{Object, object, text},
    },
    state::user::{Provider, RecoveryQuestion, is_blank},
};

const REQUIRED: [&str; 4] = ["login", "firstName", "lastName", "email"];

const SHORTEST_PASSWORD: usize = 8;

/// Checks a whole profile and drops attributes without a value.
pub(crate) fn profile(mut profile: Object) -> Result<Object, ApiError> {
    let mut problems: Vec<(&str, &str)> = REQUIRED
        .into_iter()
        .filter(|name| is_blank(profile.get(*name)))
        .map(|name| (name, "The field cannot be left blank"))
        .collect();
    if text(&profile, "login").is_some_and(|login| !is_address(login)) {
        problems.push(("login", "Username must be in the form of an email address"));
    }
    for name in ["email", "secondEmail"] {
        if text(&profile, name).is_some_and(|email| !email.is_empty() && !is_address(email)) {
            problems.push((name, "Does not match required pattern"));
        }
    }
    if let Some((first, _)) = problems.first() {
        let causes = problems.iter().map(|(name, problem)| format!("{name}: {problem}"));
        return Err(ApiError::validation(first, causes));
    }
    profile.retain(|_, value| !value.is_null());
    Ok(profile)
}

fn is_address(text: &str) -> bool {
    match text.rsplit_once('@') {
        Some((name, domain)) => !name.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace),
        None => false,
    }
}

/// Credentials as a request states them.
#[derive(Default)]
pub(crate) struct Credentials {
    /// A password in clear, or one known only as a hash or to a hook: then no text will ever match it.
    pub(crate) password: Option<SecretString>,
    /// Whether the password came from elsewhere.
    pub(crate) imported: bool,
    pub(crate) recovery: Option<RecoveryQuestion>,
    pub(crate) provider: Option<Provider>,
}

impl Credentials {
    /// Reads the `credentials` member of a body.
    pub(crate) fn of(body: &Object) -> Result<Self, ApiError> {
        let Some(credentials) = object(body, "credentials") else {
            return Ok(Self::default());
        };
        let stated = object(credentials, "password");
        let imported = stated.is_some_and(|password| ["hash", "hook"].iter().any(|way| password.contains_key(*way)));
        let password = match stated.and_then(|password| text(password, "value")) {
            Some(value) => Some(password(value)?),
            None if imported => Some(SecretString::from(String::new())),
            None => None,
        };
        Ok(Self {
            password,
            imported,
            recovery: recovery_question(credentials)?,
            provider: object(credentials, "provider").and_then(|provider| {
                let kind = text(provider, "type")?.to_owned();
                Some(Provider {
                    name: text(provider, "name").unwrap_or(&kind).to_owned(),
                    kind,
                })
            }),
        })
    }
}

/// Checks a new password against the org's policy.
pub(crate) fn password(value: &str) -> Result<SecretString, ApiError> {
    if value.chars().count() < SHORTEST_PASSWORD {
        let problem = format!(
            "Password requirements were not met. Password requirements: at least {SHORTEST_PASSWORD} characters."
        );
        return Err(ApiError::field("password", &problem));
    }
    Ok(SecretString::from(value))
}

/// Reads a recovery question with its answer.
pub(crate) fn recovery_question(credentials: &Object) -> Result<Option<RecoveryQuestion>, ApiError> {
    let Some(recovery) = object(credentials, "recovery_question") else {
        return Ok(None);
    };
    let part = |name: &'static str| {
        text(recovery, name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| ApiError::field(&format!("recovery_question.{name}"), "The field cannot be left blank"))
    };
    Ok(Some(RecoveryQuestion {
        question: part("question")?.to_owned(),
        answer: SecretString::from(part("answer")?),
    }))
}

/// The profile of a body, which has to have one.
pub(crate) fn profile_of(body: &mut Object) -> Result<Object, ApiError> {
    match body.remove("profile") {
        Some(Value::Object(profile)) => Ok(profile),
        None | Some(Value::Null) => Ok(Object::new()),
        Some(_) => Err(ApiError::malformed_body()),
    }
}
