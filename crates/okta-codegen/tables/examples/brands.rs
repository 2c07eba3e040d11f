// Writes back what was read, with one member changed: a replace clears what it leaves out.
let brand = okta.brands().list().stream().try_next().await?.ok_or("no brand")?;
let request = brand.to_request::<models::BrandRequest>();
let brand = okta.brands().replace(brand.require_id()?, request.remove_powered_by_okta(true)).await?;
assert_eq!(brand.remove_powered_by_okta, Some(true));
