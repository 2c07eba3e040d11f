//! Every collection and document that the generic resource store keeps.

use crate::{
    routing::bucket::LOG_STREAMS,
    state::resource::kind::{
        Kind,
        List::{Ids, LinkHeader, LinksInBody, Whole},
        Switched::NoContent,
        UUID,
    },
};

const fn kind(path: &'static str, name: &'static str, id_prefix: &'static str) -> Kind {
    Kind::new(path, name, id_prefix)
}

pub(crate) static KINDS: &[Kind] = &[
    kind("/api/v1/agentPools", "AgentPool", "0oa"),
    kind("/api/v1/agentPools/*/updates", "AgentPoolUpdate", "apu").created(),
    kind("/api/v1/api-tokens", "Token", "00T").keyed(),
    kind("/api/v1/apps/*/credentials/csrs", "CertificateSigningRequest", "csr").created(),
    kind("/api/v1/apps/*/credentials/jwks", "JsonWebKey", "pks")
        .inactive_first()
        .created(),
    kind("/api/v1/apps/*/credentials/keys", "JsonWebKey", "kid").keyed(),
    kind("/api/v1/apps/*/credentials/secrets", "ClientSecret", "ocs")
        .inactive_first()
        .created(),
    kind("/api/v1/apps/*/cwo/connections", "CrossAppAccessConnection", "cwo").created(),
    kind("/api/v1/apps/*/features", "AppFeature", "ftr").keyed(),
    kind("/api/v1/apps/*/federated-claims", "FederatedClaim", "ofc").created(),
    kind("/api/v1/apps/*/group-push/mappings", "GroupPushMapping", "gPm").created(),
    kind(
        "/api/v1/apps/*/interclient-allowed-apps",
        "InterclientTrustMapping",
        "icm",
    )
    .created()
    .list(Ids),
    kind(
        "/api/v1/apps/*/interclient-target-apps",
        "InterclientTrustMapping",
        "icm",
    )
    .list(Ids),
    kind("/api/v1/apps/*/policies", "Policy", "00p").keyed(),
    kind("/api/v1/apps/*/tokens", "OAuth2RefreshToken", "oar"),
    kind("/api/v1/authenticators", "Authenticator", "aut"),
    kind("/api/v1/authenticators/*/aaguids", "CustomAaguid", "aag"),
    kind("/api/v1/authenticators/*/methods", "AuthenticatorMethod", "aum").keyed(),
    kind("/api/v1/authorizationServers", "AuthorizationServer", "aus")
        .unique("name")
        .created()
        .switched(NoContent),
    kind(
        "/api/v1/authorizationServers/*/associatedServers",
        "AuthorizationServer",
        "aus",
    ),
    kind("/api/v1/authorizationServers/*/claims", "OAuth2Claim", "ocl")
        .unique("name")
        .created(),
    kind("/api/v1/authorizationServers/*/clients", "OAuth2Client", "0oa"),
    kind(
        "/api/v1/authorizationServers/*/clients/*/tokens",
        "OAuth2RefreshToken",
        "oar",
    ),
    kind("/api/v1/authorizationServers/*/credentials/keys", "JsonWebKey", "kid"),
    kind("/api/v1/authorizationServers/*/policies", "Policy", "00p")
        .unique("name")
        .created()
        .switched(NoContent),
    kind("/api/v1/authorizationServers/*/policies/*/rules", "PolicyRule", "0pr")
        .created()
        .switched(NoContent),
    kind(
        "/api/v1/authorizationServers/*/resourceservercredentials/keys",
        "JsonWebKey",
        "apk",
    )
    .created(),
    kind("/api/v1/authorizationServers/*/scopes", "OAuth2Scope", "scp")
        .unique("name")
        .created(),
    kind("/api/v1/behaviors", "BehaviorSettings", "bhv").unique("name"),
    kind("/api/v1/brands", "Brand", "bnd").unique("name").created(),
    kind("/api/v1/brands/*/domains", "CustomDomain", "OcD").list(Whole("domains")),
    kind("/api/v1/brands/*/templates/email", "EmailTemplate", "tem").keyed(),
    kind(
        "/api/v1/brands/*/templates/email/*/customizations",
        "OrgCustomizedEmailTemplate",
        "oel",
    )
    .created(),
    kind("/api/v1/brands/*/themes", "Theme", "thd").keyed(),
    kind("/api/v1/brands/*/well-known-uris", "WellKnownUri", "wku").keyed(),
    kind("/api/v1/captchas", "Captcha", "cap").created(),
    kind("/api/v1/device-assurances", "DeviceAssuranceRuleManagerImpl", "dae").unique("name"),
    kind("/api/v1/device-integrations", "DeviceIntegration", "dei").keyed(),
    kind("/api/v1/device-posture-checks", "DevicePostureCheck", "dch"),
    kind("/api/v1/device-posture-checks/default", "DevicePostureCheck", "dch"),
    kind("/api/v1/devices", "Device", "guo").switched(NoContent),
    kind("/api/v1/devices/*/users", "DeviceUser", "dus"),
    kind("/api/v1/directories/*/groups/*/query", "GroupQuery", "gqr"),
    kind("/api/v1/domains", "CustomDomain", "OcD").list(Whole("domains")),
    kind("/api/v1/dr/status", "DisasterRecoveryStatus", "drs")
        .keyed()
        .list(Whole("status")),
    kind("/api/v1/email-domains", "EmailDomain", "OeD"),
    kind("/api/v1/email-servers", "EmailServer", "oes")
        .created()
        .list(Whole("email-servers")),
    kind("/api/v1/eventHooks", "Webhook", "who").inactive_first(),
    kind("/api/v1/features", "Feature", "ftr").keyed(),
    kind("/api/v1/features/*/dependencies", "Feature", "ftr"),
    kind("/api/v1/features/*/dependents", "Feature", "ftr"),
    kind("/api/v1/first-party-app-settings", "FirstPartyAppSettings", "fps").keyed(),
    kind("/api/v1/groups/*/roles", "RoleAssignment", "gra").created(),
    kind(
        "/api/v1/groups/*/roles/*/targets/catalog/apps",
        "CatalogApplication",
        "cat",
    )
    .keyed(),
    kind("/api/v1/groups/*/roles/*/targets/catalog/apps/*", "Application", "0oa").keyed(),
    kind("/api/v1/groups/*/roles/*/targets/groups", "UserGroup", "00g").keyed(),
    kind("/api/v1/hook-keys", "HookKey", "HKY"),
    kind("/api/v1/hook-keys/public", "HookKey", "HKY").keyed(),
    kind("/api/v1/iam/assignees/users", "RoleAssignedUser", "00u").list(LinksInBody("value")),
    kind("/api/v1/iam/governance/bundles", "GovernanceBundle", "enb").list(LinksInBody("bundles")),
    kind(
        "/api/v1/iam/governance/bundles/*/entitlements",
        "BundleEntitlement",
        "ent",
    )
    .list(LinksInBody("entitlements")),
    kind(
        "/api/v1/iam/governance/bundles/*/entitlements/*/values",
        "EntitlementValue",
        "env",
    )
    .list(LinksInBody("entitlementValues")),
    kind("/api/v1/iam/resource-sets", "IAMPolicy", "iam")
        .unique("label")
        .list(LinksInBody("resource-sets")),
    kind("/api/v1/iam/resource-sets/*/bindings", "RoleBinding", "irb").list(LinksInBody("roles")),
    kind("/api/v1/iam/resource-sets/*/bindings/*/members", "RoleMember", "irb").list(LinksInBody("members")),
    kind("/api/v1/iam/resource-sets/*/resources", "ResourceSetResource", "ire").list(LinksInBody("resources")),
    kind("/api/v1/iam/roles", "CustomRole", "cr0").list(LinksInBody("roles")),
    kind("/api/v1/iam/roles/*/permissions", "Permission", "per")
        .keyed()
        .list(Whole("permissions")),
    kind("/api/v1/identity-sources/*/groups", "IdentitySourceGroup", "idg").keyed(),
    kind("/api/v1/identity-sources/*/groups/*/membership", "Membership", "idm").list(LinkHeader("memberExternalIds")),
    kind("/api/v1/identity-sources/*/sessions", "IdentitySourceSession", "uij"),
    kind("/api/v1/identity-sources/*/users", "IdentitySourceUser", "idu").keyed(),
    kind("/api/v1/idps", "IdpTrust", "0oa").unique("name"),
    kind("/api/v1/idps/credentials/keys", "IdpTrust", "kid"),
    kind("/api/v1/idps/*/credentials/csrs", "CertificateSigningRequest", "csr").created(),
    kind("/api/v1/idps/*/credentials/keys", "JsonWebKey", "kid"),
    kind("/api/v1/idps/*/users", "IdpUser", "00u").keyed(),
    kind("/api/v1/idps/*/users/*/credentials/tokens", "SocialAuthToken", "sat"),
    kind("/api/v1/inlineHooks", "InlineHook", "cal").inactive_first(),
    kind("/api/v1/logStreams", "LogStream", "0oa")
        .missing("AppInstance")
        .required(&["name", "type", "settings"], "name")
        .short_pages()
        .bucket(&LOG_STREAMS),
    kind("/api/v1/mappings", "ProfileMapping", "prm").keyed(),
    kind("/api/v1/meta/schemas/logStream", "LogStreamSchema", "lss").keyed(),
    kind("/api/v1/meta/schemas/user", "UserSchema", "osc").keyed(),
    kind("/api/v1/meta/uischemas", "UISchemaEntity", "uis"),
    kind("/api/v1/org/contacts", "OrgContact", "con").keyed(),
    kind("/api/v1/org/factors/yubikey_token/tokens", "YubikeyToken", "ykk"),
    kind("/api/v1/org/privacy/oktaSupport/cases", "OktaSupportCase", "sup")
        .keyed()
        .list(Whole("supportCases")),
    kind("/api/v1/policies", "Policy", "00p")
        .unique("name")
        .switched(NoContent),
    kind("/api/v1/policies/*/app", "AppInstance", "0oa"),
    kind("/api/v1/policies/*/mappings", "PolicyMapping", "map"),
    kind("/api/v1/policies/*/rules", "PolicyRule", "0pr").switched(NoContent),
    kind("/api/v1/principal-rate-limits", "PrincipalRateLimit", "prl").created(),
    kind("/api/v1/push-providers", "PushProvider", "ppc"),
    kind("/api/v1/realm-assignments", "RealmAssignment", "rul")
        .created()
        .switched(NoContent),
    kind(
        "/api/v1/realm-assignments/operations",
        "RealmAssignmentOperation",
        "rro",
    )
    .created(),
    kind("/api/v1/realms", "Realm", "guo"),
    kind("/api/v1/roles/*/subscriptions", "Subscription", "sub").keyed(),
    kind("/api/v1/security-events-providers", "SecurityEventsProvider", "sse"),
    kind("/api/v1/sessions", "AppSession", "102"),
    kind("/api/v1/telephony-providers", "TelephonyProvider", "ctp")
        .inactive_first()
        .created(),
    kind("/api/v1/templates/sms", "SmsTemplate", "cst").missing("AppInstance"),
    kind("/api/v1/trustedOrigins", "TrustedOrigin", "tos").unique("name"),
    kind(
        "/api/v1/users/*/authenticator-enrollments",
        "AuthenticatorEnrollment",
        "aen",
    ),
    kind("/api/v1/users/*/clients", "OAuth2Client", "0oa"),
    kind("/api/v1/users/*/clients/*/grants", "OAuth2ScopeConsentGrant", "oag"),
    kind("/api/v1/users/*/clients/*/tokens", "OAuth2RefreshToken", "oar"),
    kind("/api/v1/users/*/devices", "UserDevice", "guo"),
    kind("/api/v1/users/*/grants", "OAuth2ScopeConsentGrant", "oag"),
    kind("/api/v1/users/*/idps", "IdpTrust", "0oa"),
    kind("/api/v1/users/*/roles", "RoleAssignment", "ra1").created(),
    kind("/api/v1/users/*/roles/*/governance", "RoleGovernance", "gov").keyed(),
    kind(
        "/api/v1/users/*/roles/*/governance/*/resources",
        "GovernanceResource",
        "gor",
    )
    .list(LinksInBody("resources")),
    kind("/api/v1/users/*/roles/*/targets", "RoleTarget", "rot"),
    kind(
        "/api/v1/users/*/roles/*/targets/catalog/apps",
        "CatalogApplication",
        "cat",
    )
    .keyed(),
    kind("/api/v1/users/*/roles/*/targets/catalog/apps/*", "Application", "0oa").keyed(),
    kind("/api/v1/users/*/roles/*/targets/groups", "UserGroup", "00g").keyed(),
    kind("/api/v1/users/*/subscriptions", "Subscription", "sub").keyed(),
    kind("/api/v1/zones", "NetworkZone", "nzo")
        .unique("name")
        .inactive_first(),
    kind("/integrations/api/v1/api-services", "ApiService", "0oa").created(),
    kind(
        "/integrations/api/v1/api-services/*/credentials/secrets",
        "ClientSecret",
        "ocs",
    )
    .created(),
    kind("/oauth2/v1/clients/*/roles", "RoleAssignment", "irb"),
    kind(
        "/oauth2/v1/clients/*/roles/*/targets/catalog/apps",
        "CatalogApplication",
        "cat",
    )
    .keyed(),
    kind(
        "/oauth2/v1/clients/*/roles/*/targets/catalog/apps/*",
        "Application",
        "0oa",
    )
    .keyed(),
    kind("/oauth2/v1/clients/*/roles/*/targets/groups", "UserGroup", "00g").keyed(),
    kind(
        "/privileged-access/api/v1/okta-service-accounts",
        "OktaServiceAccount",
        UUID,
    )
    .created(),
    kind("/privileged-access/api/v1/service-accounts", "ServiceAccount", UUID),
    kind(
        "/webauthn-registration/api/v1/users/*/enrollments",
        "WebAuthnEnrollment",
        "fwf",
    ),
];

/// Settings, contents and states of which there is one each.
pub(crate) static DOCUMENTS: &[&str] = &[
    "/.well-known/app-authenticator-configuration",
    "/.well-known/apple-app-site-association",
    "/.well-known/assetlinks.json",
    "/.well-known/ssf-configuration",
    "/.well-known/webauthn",
    "/api/v1/agentPools/*/updates/settings",
    "/api/v1/api-tokens/current",
    "/api/v1/apps/*/connections/default",
    "/api/v1/apps/*/connections/default/jwks",
    "/api/v1/apps/*/connections/default/lifecycle/activate",
    "/api/v1/apps/*/connections/default/lifecycle/deactivate",
    "/api/v1/apps/*/logo",
    "/api/v1/apps/*/sso/saml/metadata",
    "/api/v1/apps/*/*/oauth2/callback",
    "/api/v1/authorizationServers/*/credentials/lifecycle/keyRotate",
    "/api/v1/bot-protection/configuration",
    "/api/v1/brands/*/pages/error",
    "/api/v1/brands/*/pages/error/customized",
    "/api/v1/brands/*/pages/error/default",
    "/api/v1/brands/*/pages/error/preview",
    "/api/v1/brands/*/pages/sign-in",
    "/api/v1/brands/*/pages/sign-in/customized",
    "/api/v1/brands/*/pages/sign-in/default",
    "/api/v1/brands/*/pages/sign-in/preview",
    "/api/v1/brands/*/pages/sign-in/widget-versions",
    "/api/v1/brands/*/pages/sign-out/customized",
    "/api/v1/brands/*/templates/email/*/customizations/*/preview",
    "/api/v1/brands/*/templates/email/*/default-content",
    "/api/v1/brands/*/templates/email/*/default-content/preview",
    "/api/v1/brands/*/templates/email/*/settings",
    "/api/v1/brands/*/themes/*/background-image",
    "/api/v1/brands/*/themes/*/favicon",
    "/api/v1/brands/*/themes/*/logo",
    "/api/v1/brands/*/well-known-uris/*/customized",
    "/api/v1/directories/*/groups/modify",
    "/api/v1/domains/*/certificate",
    "/api/v1/dr/failback",
    "/api/v1/dr/failover",
    "/api/v1/iam/governance/optIn",
    "/api/v1/iam/governance/optOut",
    "/api/v1/idps/*/credentials/keys/active",
    "/api/v1/meta/schemas/apps/*/default",
    "/api/v1/meta/schemas/group/default",
    "/api/v1/org",
    "/api/v1/org/captcha",
    "/api/v1/org/email/bounces/remove-list",
    "/api/v1/org/orgSettings/thirdPartyAdminSetting",
    "/api/v1/org/preferences",
    "/api/v1/org/preferences/hideEndUserFooter",
    "/api/v1/org/preferences/showEndUserFooter",
    "/api/v1/org/privacy/aerial",
    "/api/v1/org/privacy/aerial/grant",
    "/api/v1/org/privacy/aerial/revoke",
    "/api/v1/org/privacy/oktaCommunication",
    "/api/v1/org/privacy/oktaCommunication/optIn",
    "/api/v1/org/privacy/oktaCommunication/optOut",
    "/api/v1/org/privacy/oktaSupport",
    "/api/v1/org/privacy/oktaSupport/extend",
    "/api/v1/org/privacy/oktaSupport/grant",
    "/api/v1/org/privacy/oktaSupport/revoke",
    "/api/v1/org/settings/autoAssignAdminAppSetting",
    "/api/v1/org/settings/clientPrivilegesSetting",
    "/api/v1/orgs",
    "/api/v1/policies/simulate",
    "/api/v1/rate-limit-settings/admin-notifications",
    "/api/v1/rate-limit-settings/per-client",
    "/api/v1/rate-limit-settings/warning-threshold",
    "/api/v1/ssf/stream",
    "/api/v1/ssf/stream/status",
    "/api/v1/ssf/stream/verification",
    "/api/v1/threats/configuration",
    "/api/v1/users/*/authenticator-enrollments/phone",
    "/api/v1/users/*/authenticator-enrollments/tac",
    "/api/v1/users/*/classification",
    "/api/v1/users/*/risk",
    "/attack-protection/api/v1/authenticator-settings",
    "/attack-protection/api/v1/user-lockout-settings",
    "/okta-personal-settings/api/v1/edit-feature",
    "/okta-personal-settings/api/v1/export-blocklists",
    "/security/api/v1/security-events",
    "/webauthn-registration/api/v1/activate",
    "/webauthn-registration/api/v1/enroll",
    "/webauthn-registration/api/v1/initiate-fulfillment-request",
    "/webauthn-registration/api/v1/send-pin",
];

/// What can be done with one resource, besides `lifecycle/…`.
pub(crate) static ACTIONS: &[&str] = &[
    "activate",
    "bulk-delete",
    "bulk-group-memberships-delete",
    "bulk-group-memberships-upsert",
    "bulk-groups-delete",
    "bulk-groups-upsert",
    "bulk-upsert",
    "clone",
    "deactivate",
    "disable",
    "enable",
    "execute",
    "mark-error",
    "pause",
    "resume",
    "retry",
    "setAsPrimary",
    "start-import",
    "stop",
    "subscribe",
    "test",
    "unsubscribe",
    "verify",
    "verify-rp-id-domain",
];
