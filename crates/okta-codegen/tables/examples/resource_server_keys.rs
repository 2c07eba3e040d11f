// The public key by which your resource server lets access tokens be encrypted for it.
let key = models::OAuth2ResourceServerJsonWebKeyRequestBody::default()
    .kid("orders-2026")
    .kty("RSA")
    .r#use("enc")
    .e("AQAB")
    .n("mkC6yAJVvFwUlmM9gKjb2d-YK5qHFt-mXSsbjWKKs4EfNm-BoQeeovBZtSACyaqLc8IYFTPEURFcbDQ9DkAL04uUIRD2gaHYY7uK0jsluEaXGq2RAIsmzAwNTzkiDw4q9pDL_q7n0f_SDt1TsMaMQayB6bU5jWsmqcWJ8MCRJ1aJMjZ16un5UVx51IIeCbe4QRDxEXGAvYNczsBoZxspDt28esSpq5W0dBFxcyGVudyl54Er3FzAguhgfMVjH-bUec9j2Tl40qDTktrYgYfxz9pfjm01Hl4WYP1YQxeETpSL7cQ5Ihz4jGDtHUEOcZ4GfJrPzrGpUrak8Qp5xcwCqQ");
let key = okta.resource_server_keys().add("default", key).await?;
println!("{:?} is {:?}", key.kid, key.status);
