// A check of your own: an osquery statement that must give a row.
let check = models::DevicePostureCheck::default()
    .name("Firewall")
    .platform(models::DevicePostureChecksPlatform::MacOs)
    .r#type(models::DevicePostureChecksType::Custom)
    .mapping_type(models::DevicePostureChecksMappingType::Checkbox)
    .variable_name("firewallOn")
    .query("SELECT CASE WHEN global_state > 0 THEN 1 ELSE 0 END AS firewallOn FROM alf;");
let check = okta.device_posture_checks().create(check).await?;
println!("{:?}", check.id);
