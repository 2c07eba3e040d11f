//! Identity providers: the protocol decides what the rest looks like.

use okta_models::{
    IdentityProvider, IdentityProviderIssuerMode, IdentityProviderProtocol, IdentityProviderType, SocialAuthToken,
};
use serde_json::json;

use crate::support::{at, read, read_page};

// prowler, idp_service.py: the issuer of the certificates was out of reach.
#[test]
fn the_trust_of_an_x509_provider_is_within_reach() {
    let provider: IdentityProvider = read(json!({
        "id": "0oa1", "type": "X509", "name": "Smart cards", "status": "ACTIVE",
        "protocol": {"type": "MTLS", "credentials": {"trust": {
            "issuer": "CN=Card CA", "kid": "k-1", "revocation": "CRL", "revocationCacheLifetime": 2880
        }}},
    }));
    assert_eq!(provider.r#type, Some(IdentityProviderType::X509));
    let IdentityProviderProtocol::Mtls(protocol) = at!(provider.protocol) else {
        panic!("{provider:?}");
    };
    let trust = at!(protocol.credentials.trust);
    assert_eq!(
        (trust.issuer.as_deref(), trust.kid.as_deref()),
        (Some("CN=Card CA"), Some("k-1"))
    );
    assert_eq!(trust.revocation_cache_lifetime, Some(2880.0));
}

// okta-sdk-golang#564: one protocol matched several alternatives.
#[test]
fn protocols_of_the_same_form_are_told_apart_by_their_type() {
    let members = |protocol: &str| {
        json!({"type": protocol, "scopes": ["openid"], "credentials": {"client": {"client_id": "c-1"}},
            "endpoints": {"authorization": {"url": "https://login.example.com/authorize", "binding": "HTTP-REDIRECT"}}})
    };
    let providers: Vec<IdentityProvider> = read_page(json!([
        {"id": "0oa1", "type": "OIDC", "protocol": members("OIDC")},
        {"id": "0oa2", "type": "FACEBOOK", "protocol": members("OAUTH2")},
        {"id": "0oa3", "type": "SAML2", "protocol": {"type": "SAML2", "oktaIdpOrgUrl": "https://hub.example.com"}},
        {"id": "0oa4", "type": "IDV_PERSONA", "protocol": members("ID_PROOFING")},
        {"id": "0oa5", "type": "CARRIER_PIGEON", "protocol": members("PIGEON_POST")},
    ]));
    let protocols: Vec<_> = providers.iter().map(|provider| at!(provider.protocol)).collect();
    let [
        IdentityProviderProtocol::Oidc(oidc),
        IdentityProviderProtocol::OAuth(oauth),
        IdentityProviderProtocol::Saml(saml),
        IdentityProviderProtocol::IdVerification(_),
        IdentityProviderProtocol::Other(pigeon),
    ] = &protocols[..]
    else {
        panic!("{protocols:?}");
    };
    assert_eq!(at!(oidc.credentials.client.client_id), "c-1");
    assert_eq!(at!(oauth.scopes), &["openid"]);
    assert_eq!(saml.okta_idp_org_url.as_deref(), Some("https://hub.example.com"));
    assert_eq!(pigeon.extra.get("scopes"), Some(&json!(["openid"])));
}

// okta-sdk-python#287 and its like: an issuer mode that was not in the list.
#[test]
fn the_issuer_mode_dynamic_of_a_provider_is_known() {
    let provider: IdentityProvider = read(json!({"id": "0oa1", "type": "OIDC", "issuerMode": "DYNAMIC"}));
    assert_eq!(provider.issuer_mode, Some(IdentityProviderIssuerMode::Dynamic));
}

// Recordings (272), okta-sdk-java#972, Okta's Node SDK: members of the policy that the document lacks.
#[test]
fn the_policy_of_a_provider_has_what_the_document_lacks() {
    let provider: IdentityProvider = read(json!({
        "id": "0oa1", "type": "SAML2",
        "policy": {"transformedUsernameMatchingEnabled": false, "mapAMRClaims": true, "maxClockSkew": 0, "accountLink": null},
    }));
    let policy = at!(provider.policy);
    assert_eq!(policy.transformed_username_matching_enabled, Some(false));
    assert_eq!(policy.map_amr_claims, Some(true));
    assert_eq!((policy.max_clock_skew, &policy.account_link), (Some(0), &None));
}

// Recordings: how certificates are revoked, which the document knows at X509 providers only.
#[test]
fn the_trust_of_a_saml_provider_has_its_revocation() {
    let provider: IdentityProvider = read(json!({
        "id": "0oa1", "type": "SAML2",
        "protocol": {"type": "SAML2", "credentials": {"trust": {
            "issuer": "urn:idp", "audience": "urn:sp", "kid": "k-1", "revocation": null, "revocationCacheLifetime": 0
        }}},
    }));
    let IdentityProviderProtocol::Saml(protocol) = at!(provider.protocol) else {
        panic!("{provider:?}");
    };
    let trust = at!(protocol.credentials.trust);
    assert_eq!(
        (trust.issuer.as_deref(), trust.audience.as_deref()),
        (Some("urn:idp"), Some("urn:sp"))
    );
    assert_eq!((&trust.revocation, trust.revocation_cache_lifetime), (&None, Some(0.0)));
}

// okta-sdk-golang 2.10.1: no text where a date stands.
#[test]
fn a_social_token_that_expires_at_no_time_decodes() {
    let token: SocialAuthToken = read(json!({
        "id": "dXNl", "tokenType": "urn:ietf:params:oauth:token-type:access_token", "expiresAt": "", "scopes": [],
    }));
    assert_eq!(
        (token.expires_at, token.extra.get("expiresAt")),
        (None, Some(&json!("")))
    );
    assert_eq!((token.id.as_deref(), token.scopes), (Some("dXNl"), Some(vec![])));
}
