// Lets in only Macs with an encrypted disk and a recent system.
let assurance = models::DeviceAssuranceMacOsPlatform::default()
    .name("Up-to-date Mac")
    .os_version(models::OsVersion::default().minimum("15.1.0"))
    .disk_encryption_type(models::DeviceDiskEncryption::default().include(["ALL_INTERNAL_VOLUMES"]));
let assurance = okta.device_assurances().create(assurance).await?;
println!("{:?}", assurance.id());
