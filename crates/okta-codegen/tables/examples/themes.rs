# given: brand
use okta_client::request::Upload;

// The colors of a brand, and its logo. A replace needs all members, so they come from what was read.
let theme = okta.themes().list(brand_id).stream().try_next().await?.ok_or("no theme")?;
let theme_id = theme.require_id()?;
let request = theme.to_request::<models::UpdateThemeRequest>().primary_color_hex("#1662dd");
okta.themes().replace(brand_id, theme_id, request).await?;

let png = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
let logo = okta.themes().upload_logo(brand_id, theme_id, Upload::new("logo.png", "image/png", png)).await?;
println!("{:?}", logo.url);
