# given: brand
// Lets a brand send from an address of your own, once the DNS records exist.
let domain = models::EmailDomain::new("Acme", "noreply", brand_id, "example.com");
let domain = okta.email_domains().create(domain).await?;
for record in domain.dns_validation_records.iter().flatten() {
    println!("{:?} {:?} {:?}", record.record_type, record.fqdn, record.verification_value);
}
