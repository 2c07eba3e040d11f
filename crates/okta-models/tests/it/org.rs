//! The org and what belongs to all of it: members that the document lacks.

use okta_models::{ApiServiceIntegrationInstance, DeviceAssurance, Session, WellKnownOrgMetadata};
use serde_json::json;

use crate::support::{at, read};

// Recordings (190).
#[test]
fn the_metadata_of_an_org_have_its_cell_and_its_settings() {
    let org: WellKnownOrgMetadata = read(json!({
        "id": "00o1", "pipeline": "idx", "cell": "op9", "settings": {"omEnabled": false, "itpEnabled": true},
        "_links": {"organization": {"href": "https://test.okta.com"}},
    }));
    assert_eq!(at!(org.pipeline).as_str(), "idx");
    assert_eq!(org.cell.as_deref(), Some("op9"));
    let settings = at!(org.settings);
    assert_eq!((settings.om_enabled, settings.itp_enabled), (Some(false), Some(true)));
    assert_eq!(at!(org.links).href("organization"), Some("https://test.okta.com"));
}

// Recordings; okta-sdk-dotnet has `secureHardwarePresent` of null.
#[test]
fn a_device_assurance_is_a_resource() {
    let DeviceAssurance::MacOs(assurance) = read(json!({
        "id": "dae1", "platform": "MACOS", "name": "Laptops", "secureHardwarePresent": null, "lastUpdate": "2026-03-27",
        "resourceType": "DeviceAssurancePolicyEntity", "resourceId": "dae1",
        "resourceDisplayName": {"value": "Laptops", "sensitive": false},
    })) else {
        panic!("no device assurance of macOS");
    };
    assert_eq!(
        (assurance.name.as_deref(), assurance.secure_hardware_present),
        (Some("Laptops"), None)
    );
    assert_eq!(assurance.resource_type.as_deref(), Some("DeviceAssurancePolicyEntity"));
    assert_eq!(assurance.resource_id.as_deref(), Some("dae1"));
    let name = at!(assurance.resource_display_name);
    assert_eq!((name.value.as_deref(), name.sensitive), (Some("Laptops"), Some(false)));
}

// Recordings.
#[test]
fn whether_a_session_has_a_second_factor_is_typed() {
    let session: Session = read(json!({"id": "102", "status": "ACTIVE", "amr": ["pwd", "face"], "mfaActive": false}));
    let methods: Vec<_> = at!(session.amr).iter().map(ToString::to_string).collect();
    assert_eq!(methods, ["pwd", "face"]);
    assert_eq!(session.mfa_active, Some(false));
}

// Recordings.
#[test]
fn an_api_service_integration_keeps_its_credentials_and_its_times() {
    let service: ApiServiceIntegrationInstance = read(json!({
        "id": "0oa1", "name": "Auditor", "type": "auditor", "grantedScopes": ["okta.logs.read"],
        "credentials": {"oauthClient": {"client_id": "0oa1", "autoKeyRotation": true}},
        "created": "2026-01-06T10:00:00.000Z", "lastUpdated": "2026-01-06T10:00:00.000Z",
    }));
    assert_eq!(at!(service.granted_scopes), &["okta.logs.read"]);
    assert_eq!(
        service.get("credentials"),
        Ok(Some(
            json!({"oauthClient": {"client_id": "0oa1", "autoKeyRotation": true}})
        ))
    );
    assert_eq!(at!(service.created).to_string(), "2026-01-06T10:00:00.000Z");
    assert_eq!(service.created, service.last_updated);
}
