// Whether a domain of the org runs in the other region now.
let status = okta.disaster_recovery().get_status().await?;
for item in status.status.iter().flatten() {
    println!("{:?}: failed over: {:?}", item.domain, item.is_failed_over);
}
