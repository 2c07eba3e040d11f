//! Words and cases: how names of the document become Rust names.

use heck::ToSnakeCase;

/// Spellings that the rule for word boundaries would tear apart, and how they are read instead.
const SPELLINGS: &[(&str, &str)] = &[
    ("OAuth2", "Oauth2"),
    ("OAuth", "Oauth"),
    ("WebAuthn", "Webauthn"),
    ("SAMLmetadata", "SamlMetadata"),
    ("UISchema", "UiSchema"),
    ("AAGUIDs", "Aaguids"),
    ("URIs", "Uris"),
    ("URLs", "Urls"),
    ("IdP", "Idp"),
    ("HMacSHA", "HmacSHA"),
    ("macOS", "Macos"),
    ("MacOS", "Macos"),
    ("iOS", "Ios"),
    ("ChromeOS", "Chromeos"),
    ("ipV4", "Ipv4"),
    ("ipV6", "Ipv6"),
];

fn spelled(text: &str) -> String {
    // Two words that begin like the abbreviation.
    let text = text.replace("IdProofing", "Id_Proofing");
    SPELLINGS.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

/// `lastLogin` → `last_login`, `x5t#S256` → `x5t_s256`.
pub(crate) fn snake(text: &str) -> String {
    spelled(text).to_snake_case()
}

/// The words of a name in lower case: `listGroupRules` → `list`, `group`, `rules`.
pub(crate) fn words(text: &str) -> Vec<String> {
    snake(text)
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A value of an enum as a variant: `LOCKED_OUT` → `LockedOut`, `1FA` → `V1fa`. Of a URN or a URL, the end counts.
pub(crate) fn variant(value: &str) -> String {
    let is_address = value.contains("://") || value.matches(':').count() > 2;
    let end = value.rsplit([':', '/']).next().filter(|_| is_address).unwrap_or(value);
    let name = camel(end);
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

/// A name in upper camel case, from a name in any case: `IPNetworkZone` → `IpNetworkZone`, `TOKEN_HOTP` → `TokenHotp`. An
/// initialism is a word (Rust API guidelines, C-CASE), whatever the document does; types and variants are spelled alike.
pub(crate) fn camel(text: &str) -> String {
    let words = spelled(text).to_snake_case();
    words.split('_').map(camel_word).collect()
}

/// Words that are written with a capital inside.
fn camel_word(word: &str) -> String {
    const INNER_CAPITALS: &[(&str, &str)] = &[
        ("oauth", "OAuth"),
        ("oauth2", "OAuth2"),
        ("webauthn", "WebAuthn"),
        ("macos", "MacOs"),
        ("chromeos", "ChromeOs"),
    ];
    let known = INNER_CAPITALS.iter().find(|(known, _)| *known == word);
    known.map_or_else(|| capitalised(word), |(_, camel)| (*camel).to_owned())
}

/// The text with a capital first letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// One of what a list is called: `GroupRoles` → `GroupRole`; `…Item` if there is no singular.
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let keeps_its_s = ["ss", "us", "is", "Status"];
    match name.strip_suffix('s') {
        Some(stem) if !keeps_its_s.iter().any(|ending| name.ends_with(ending)) => stem.to_owned(),
        _ => format!("{name}Item"),
    }
}

/// Whether a word names several things.
pub(crate) fn is_plural(word: &str) -> bool {
    word.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending))
}

/// The name as an identifier: keywords raw, and `self`, which cannot be raw, with an underscore.
pub(crate) fn identifier(name: &str) -> String {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    match name {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if KEYWORDS.contains(&name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_become_snake_case() {
        for (from, to) in [
            ("lastLogin", "last_login"),
            ("recovery_question", "recovery_question"),
            ("_links", "links"),
            ("x5t#S256", "x5t_s256"),
            ("okta:ORN", "okta_orn"),
            ("oauth2ClientId", "oauth2_client_id"),
            ("OAuth2Scope", "oauth2_scope"),
            ("resource-sets", "resource_sets"),
            ("NameFormat", "name_format"),
        ] {
            assert_eq!(snake(from), to);
        }
    }

    #[test]
    fn values_become_variants() {
        for (from, to) in [
            ("LOCKED_OUT", "LockedOut"),
            ("1FA", "V1fa"),
            ("SHA-256", "Sha256"),
            ("token:software:totp", "TokenSoftwareTotp"),
            ("OAuth 2.0", "OAuth20"),
            ("urn:openid:params:grant-type:ciba", "Ciba"),
            ("http://auth0.com/oauth/grant-type/mfa-oob", "MfaOob"),
            ("", "Empty"),
            ("self", "SelfValue"),
        ] {
            assert_eq!(variant(from), to);
        }
    }

    #[test]
    fn an_initialism_is_a_word_in_types_and_variants() {
        for (from, to) in [
            ("IPNetworkZone", "IpNetworkZone"),
            ("IP", "Ip"),
            ("UserFactorTokenSoftwareTOTP", "UserFactorTokenSoftwareTotp"),
            ("TOKEN_HOTP", "TokenHotp"),
            ("OAuth2Scope", "OAuth2Scope"),
            ("OAUTH2", "OAuth2"),
            ("DeviceAssuranceMacOSPlatform", "DeviceAssuranceMacOsPlatform"),
            ("MACOS", "MacOs"),
            ("IOSSignalProviders", "IosSignalProviders"),
            ("WellKnownURIsRoot", "WellKnownUrisRoot"),
            ("IdPCsr", "IdpCsr"),
            ("IdProofingMethod", "IdProofingMethod"),
            ("tempPassword", "TempPassword"),
            ("BASIC_SMTP_AUTH", "BasicSmtpAuth"),
            ("recovery_question", "RecoveryQuestion"),
            ("_embedded", "Embedded"),
        ] {
            assert_eq!(camel(from), to);
            // A name that is in this form stays.
            assert_eq!(camel(to), to);
        }
    }

    #[test]
    fn one_of_several() {
        for (from, to) in [
            ("GroupRoles", "GroupRole"),
            ("Policies", "Policy"),
            ("ObjectClass", "ObjectClassItem"),
            ("Keys", "Key"),
            ("X", "XItem"),
        ] {
            assert_eq!(singular(from), to);
        }
    }

    #[test]
    fn keywords_are_raw() {
        assert_eq!(identifier("type"), "r#type");
        assert_eq!(identifier("self"), "self_");
        assert_eq!(identifier("name"), "name");
    }
}
