// Imports users of a system of your own: a session, its data, then the import itself.
let session = okta.identity_sources().create_session("0oa1hr").await?;
let session_id = session.require_id()?;

let profile = models::IdentitySourceUserProfileForUpsert::new("ann@example.com", "ann@example.com")
    .first_name("Ann")
    .last_name("Lee");
let users = models::BulkUpsertRequestBody::default()
    .profiles([models::BulkUpsertRequestBodyProfile::default().external_id("E-1").profile(profile)]);
okta.identity_sources().upload_data_for_upsert("0oa1hr", session_id, users).await?;
okta.identity_sources().start_import("0oa1hr", session_id).await?;
