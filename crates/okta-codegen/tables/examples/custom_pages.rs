# given: brand
// Tries a sign-in page in the preview before it becomes the customized one.
let page = models::SignInPage::default().page_content("<html><body>{{{SignInWidgetResources}}}</body></html>");
okta.custom_pages().replace_preview_sign_in_page(brand_id, &page).await?;
okta.custom_pages().replace_customized_sign_in_page(brand_id, &page).await?;
