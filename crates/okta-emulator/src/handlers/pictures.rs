//! Logos and other pictures: uploaded as forms with a file, and served where their address says.

use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::{
    base::clock::{iso, whole_seconds},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::Object,
        reply::{Outcome, Reply},
    },
    routing::{
        bucket::{APP_BY_ID, OTHER},
        route::Route,
    },
};

/// The largest picture that an org takes, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

const LOGO: &str = "/api/v1/brands/{brandId}/themes/{themeId}/logo";

const FAVICON: &str = "/api/v1/brands/{brandId}/themes/{themeId}/favicon";

const BACKGROUND: &str = "/api/v1/brands/{brandId}/themes/{themeId}/background-image";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new(
        "uploadApplicationLogo",
        Method::POST,
        "/api/v1/apps/{appId}/logo",
        &APP_BY_ID,
        of_app,
    ),
    Route::new("uploadOrgLogo", Method::POST, "/api/v1/org/logo", &OTHER, of_org),
    Route::new("uploadBrandThemeLogo", Method::POST, LOGO, &OTHER, of_theme),
    Route::new("deleteBrandThemeLogo", Method::DELETE, LOGO, &OTHER, remove),
    Route::new("uploadBrandThemeFavicon", Method::POST, FAVICON, &OTHER, of_theme),
    Route::new("deleteBrandThemeFavicon", Method::DELETE, FAVICON, &OTHER, remove),
    Route::new(
        "uploadBrandThemeBackgroundImage",
        Method::POST,
        BACKGROUND,
        &OTHER,
        of_theme,
    ),
    Route::new(
        "deleteBrandThemeBackgroundImage",
        Method::DELETE,
        BACKGROUND,
        &OTHER,
        remove,
    ),
];

/// Outside the management API, where browsers get pictures without credentials.
pub(crate) static SERVED: &[Route<Org>] = &[
    Route::new("picture", Method::GET, "/fs/bco/4/{pictureId}", &OTHER, serve).public(),
    Route::new(
        "defaultPicture",
        Method::GET,
        "/assets/img/logos/{name}",
        &OTHER,
        serve_default,
    )
    .public(),
];

/// One transparent pixel: the picture of everything that has no other.
const PIXEL: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";

/// Stores the picture of the request; its path.
fn store(org: &mut Org, call: &Call<'_>) -> Result<String, ApiError> {
    let picture = file(call).ok_or_else(ApiError::malformed_body)?;
    if picture.len() > LARGEST {
        return Err(ApiError::field("file", "The file is too large"));
    }
    let id = org.ids.object("fs0");
    org.pictures.insert(id.clone(), picture);
    Ok(format!("/fs/bco/4/{id}"))
}

/// The file in a form, or a body that is the file itself.
fn file(call: &Call<'_>) -> Option<Bytes> {
    let kind = call
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let body = call.body;
    let starts = |at: usize, what: &[u8]| body.get(at..).is_some_and(|rest| rest.starts_with(what));
    let find = |from: usize, what: &[u8]| (from..body.len()).find(|at| starts(*at, what));
    let is_form = kind.starts_with("multipart/") || body.starts_with(b"--");
    let picture = if is_form {
        let boundary_end = find(0, b"\r\n")?;
        let boundary = body.get(..boundary_end)?;
        let begin = find(0, b"\r\n\r\n")?.checked_add(4)?;
        let end = find(begin, &[b"\r\n", boundary].concat()).unwrap_or(body.len());
        body.get(begin..end)?
    } else {
        body
    };
    (!picture.is_empty()).then(|| Bytes::copy_from_slice(picture))
}

fn of_app(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?.id().to_owned();
    let path = store(org, call)?;
    org.app_mut(&app)?.logo = Some(path.clone());
    org.record_app(call, &app, "application.lifecycle.update", "Update application");
    Ok(Reply::empty(StatusCode::CREATED).header(header::LOCATION, &call.href(&path)))
}

fn of_org(org: &mut Org, call: &Call<'_>) -> Outcome {
    let path = store(org, call)?;
    let document = org.resources.documents.entry("/api/v1/org".to_owned()).or_default();
    document.insert("logo".to_owned(), json!(path));
    Ok(Reply::empty(StatusCode::CREATED).header(header::LOCATION, &call.href(&path)))
}

/// The theme of the path, and the member that the end of the path is about.
fn theme<'a>(org: &'a mut Org, call: &Call<'_>) -> Result<(&'a mut Object, &'static str), ApiError> {
    let (brand, id) = (call.param("brandId"), call.param("themeId"));
    org.stored("/api/v1/brands", brand)
        .ok_or_else(|| ApiError::not_found(brand, "Brand"))?;
    let themes = org.resources.collection(&format!("/api/v1/brands/{brand}/themes"));
    let theme = themes.get_mut(id).ok_or_else(|| ApiError::not_found(id, "Theme"))?;
    let member = match call.path.trim_end_matches('/').rsplit('/').next() {
        Some("logo") => "logo",
        Some("favicon") => "favicon",
        _ => "backgroundImage",
    };
    Ok((theme, member))
}

fn of_theme(org: &mut Org, call: &Call<'_>) -> Outcome {
    theme(org, call)?;
    let path = store(org, call)?;
    let (theme, member) = theme(org, call)?;
    theme.insert(member.to_owned(), json!(path));
    theme.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    let address = call.href(&path);
    // The document has another status for logos; those of the other pictures are recorded.
    let status = if member == "logo" {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok(Reply::with(status, json!({ "url": address })).header(header::LOCATION, &address))
}

fn remove(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (theme, member) = theme(org, call)?;
    theme.remove(member);
    Ok(Reply::no_content())
}

fn serve(org: &mut Org, call: &Call<'_>) -> Outcome {
    let picture = org
        .pictures
        .get(call.param("pictureId"))
        .ok_or_else(ApiError::path_not_found)?;
    Ok(Reply::bytes(kind(picture), picture.clone()))
}

fn serve_default(_org: &mut Org, _call: &Call<'_>) -> Outcome {
    Ok(Reply::bytes(kind(PIXEL), Bytes::from_static(PIXEL)))
}

fn kind(picture: &[u8]) -> &'static str {
    match picture {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'G', b'I', b'F', ..] => "image/gif",
        [0, 0, 1, 0, ..] => "image/x-icon",
        [b'<', ..] => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
