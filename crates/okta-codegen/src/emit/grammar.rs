//! Sentences made of facts.

use crate::{schema::Lifecycle, words};

/// Where Okta's reference describes a tag.
pub(super) const REFERENCE: &str = "https://developer.okta.com/docs/api/openapi/okta-management/management/tag";

/// The first line of an operation's documentation, made of its id: `listGroupRules` → `List group rules.`
pub(super) fn title(id: &str) -> String {
    const PREPOSITIONS: [&str; 8] = ["to", "from", "for", "in", "of", "by", "with", "as"];
    let words = joined(words::words(id));
    let mut sentence: Vec<String> = Vec::new();
    let mut phrase: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index == 0 || PREPOSITIONS.contains(&word.as_str()) || word == "and" {
            sentence.extend(noun_phrase(std::mem::take(&mut phrase)));
            sentence.push(word.clone());
        } else {
            phrase.push(word.clone());
        }
    }
    sentence.extend(noun_phrase(phrase));
    format!("{}.", words::capitalised(&sentence.join(" ")))
}

/// The words of a name, with those in one that are one.
fn joined(words: Vec<String>) -> Vec<String> {
    const PAIRS: [(&str, &str, &str); 6] = [
        ("json", "web", "JSON web"),
        ("sign", "in", "sign-in"),
        ("sign", "out", "sign-out"),
        ("third", "party", "third-party"),
        ("first", "party", "first-party"),
        ("well", "known", "well-known"),
    ];
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        let pair = PAIRS
            .iter()
            .find(|(first, second, _)| *second == word && joined.last().is_some_and(|last| last == first));
        match (pair, joined.last_mut()) {
            (Some((_, _, both)), Some(last)) => *last = (*both).to_owned(),
            _ => joined.push(word),
        }
    }
    joined
}

/// A phrase with the article it needs.
fn noun_phrase(words: Vec<String>) -> Vec<String> {
    const NO_ARTICLE: [&str; 5] = ["all", "current", "default", "password", "metadata"];
    let words: Vec<String> = words.iter().map(|word| spelled(word)).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return words;
    };
    let stands_alone =
        words::is_plural(last) || NO_ARTICLE.contains(&first.as_str()) || NO_ARTICLE.contains(&last.as_str());
    if stands_alone {
        return words;
    }
    // Some abbreviations are spoken letter by letter, and those letters start with a vowel.
    let is_spelled = ["AAGUID", "SMS", "SSF"].contains(&first.as_str());
    let vowel = is_spelled || first.chars().next().is_some_and(|c| "aeioAEIO".contains(c));
    std::iter::once(if vowel { "an" } else { "a" }.to_owned())
        .chain(words.iter().cloned())
        .collect()
}

/// Abbreviations in capitals.
pub(super) fn spelled(word: &str) -> String {
    const ABBREVIATIONS: [(&str, &str); 22] = [
        ("aaguid", "AAGUID"),
        ("aaguids", "AAGUIDs"),
        ("api", "API"),
        ("app", "app"),
        ("captcha", "CAPTCHA"),
        ("csr", "CSR"),
        ("csrs", "CSRs"),
        ("id", "ID"),
        ("jwk", "JWK"),
        ("jwks", "JWKS"),
        ("oauth2", "OAuth 2.0"),
        ("okta", "Okta"),
        ("otp", "OTP"),
        ("saml", "SAML"),
        ("sms", "SMS"),
        ("ssf", "SSF"),
        ("ui", "UI"),
        ("uri", "URI"),
        ("uris", "URIs"),
        ("webauthn", "WebAuthn"),
        ("wellknown", "well-known"),
        ("yubikey", "YubiKey"),
    ];
    ABBREVIATIONS
        .iter()
        .find(|(from, _)| *from == word)
        .map_or_else(|| word.to_owned(), |(_, to)| (*to).to_owned())
}

/// The text for a lifecycle; empty if the feature is generally available.
pub(super) fn lifecycle(lifecycle: &Lifecycle) -> Vec<String> {
    let mut facts = Vec::new();
    match lifecycle.stage.as_str() {
        "EA" => facts.push("early access".to_owned()),
        "LIMITED_GA" => facts.push("limited general availability".to_owned()),
        "BETA" => facts.push("beta".to_owned()),
        _ => {}
    }
    facts.extend(
        lifecycle
            .products
            .iter()
            .map(|product| product.replace("Okta ", "") + " only"),
    );
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_sentences() {
        for (id, sentence) in [
            ("listGroupRules", "List group rules."),
            ("createUser", "Create a user."),
            ("assignUserToGroup", "Assign a user to a group."),
            (
                "listAssignedApplicationsForGroup",
                "List assigned applications for a group.",
            ),
            ("getOAuth2Scope", "Get an OAuth 2.0 scope."),
            ("changePassword", "Change password."),
            ("getCustomizedSignInPage", "Get a customized sign-in page."),
            ("createSmsTemplate", "Create an SMS template."),
            ("listUISchemas", "List UI schemas."),
        ] {
            assert_eq!(title(id), sentence);
        }
    }

    #[test]
    fn only_what_is_special_is_said_of_a_lifecycle() {
        let stage = |stage: &str| Lifecycle {
            stage: stage.into(),
            products: vec!["Okta Identity Engine".into()],
        };
        assert_eq!(lifecycle(&stage("EA")), ["early access", "Identity Engine only"]);
        assert_eq!(
            lifecycle(&Lifecycle {
                stage: "GA".into(),
                products: Vec::new()
            }),
            Vec::<String>::new()
        );
    }
}
