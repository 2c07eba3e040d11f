let brand = okta.brands().list().stream().try_next().await?.ok_or("no brand")?;
let brand_id = brand.require_id()?;
