// Addresses that sign-in is refused from.
let address = models::NetworkZoneAddress::default()
    .r#type(models::NetworkZoneAddressType::Cidr)
    .value("203.0.113.0/24");
let zone = models::IpNetworkZone::new("Blocked").usage(models::NetworkZoneUsage::Blocklist).gateways([address]);
let zone = okta.network_zones().create(zone).await?;
println!("{:?} is {:?}", zone.name(), zone.status());
