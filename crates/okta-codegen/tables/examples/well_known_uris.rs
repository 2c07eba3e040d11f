# given: brand
// What an app on a device must find under the org's address to open its links.
let association = serde_json::json!({ "webcredentials": { "apps": ["TEAM1.com.example.app"] } });
let path = models::WellKnownUriPath::AppleAppSiteAssociation;
okta.well_known_uris()
    .replace_customized(brand_id, path, models::WellKnownUriRequest::new(association))
    .await?;
