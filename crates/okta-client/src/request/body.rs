//! Request bodies that are not JSON: uploads and certificates.

use bytes::Bytes;
use http::HeaderValue;

/// A file to upload.
///
/// Okta checks the type by the file's name and content type: logos and images are PNG, JPG or GIF.
///
/// ```
/// use okta_client::request::Upload;
///
/// let logo = Upload::new("logo.png", "image/png", vec![0x89, b'P', b'N', b'G']);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    file_name: String,
    content_type: String,
    content: Content,
}

/// Bytes that `{:?}` only counts.
#[derive(Clone, PartialEq, Eq)]
struct Content(Bytes);

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Upload {
    /// A file by its name, its content type and its bytes.
    pub fn new(file_name: impl Into<String>, content_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: content_type.into(),
            content: Content(content.into()),
        }
    }

    /// The body of a form with this file as its one part (RFC 7578), and the content type that goes with it; `None` where
    /// the name or the type holds line breaks.
    pub(crate) fn form(&self, part: &str) -> Option<(HeaderValue, Bytes)> {
        if [&self.file_name, &self.content_type]
            .iter()
            .any(|text| text.contains(['\r', '\n']))
        {
            return None;
        }
        let boundary = self.boundary();
        let file_name = self.file_name.replace('"', "%22");
        let mut body = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{part}\"; filename=\"{file_name}\"\r\n\
             content-type: {}\r\n\r\n",
            self.content_type
        )
        .into_bytes();
        body.extend_from_slice(&self.content.0);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}")).ok()?;
        Some((content_type, body.into()))
    }

    /// A line that does not occur in the content.
    fn boundary(&self) -> String {
        let occurs = |boundary: &str| {
            self.content
                .0
                .windows(boundary.len())
                .any(|window| window == boundary.as_bytes())
        };
        let mut number = 0_u64;
        loop {
            let boundary = format!("okta-sdk-rust-{number}");
            if !occurs(&boundary) {
                return boundary;
            }
            number += 1;
        }
    }
}

/// A certificate, in one of the forms Okta takes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Certificate {
    /// PEM (RFC 7468).
    Pem(Bytes),
    /// DER, as `application/pkix-cert`.
    Der(Bytes),
    /// DER, as `application/x-x509-ca-cert`.
    Cer(Bytes),
}

impl Certificate {
    pub(crate) fn content_type(&self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Pem(_) => "application/x-pem-file",
            Self::Der(_) => "application/pkix-cert",
            Self::Cer(_) => "application/x-x509-ca-cert",
        })
    }

    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Pem(bytes) | Self::Der(bytes) | Self::Cer(bytes) => bytes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_holds_the_file_and_its_boundary_does_not_occur_in_it() {
        let upload = Upload::new("a\"b.png", "image/png", "okta-sdk-rust-0 okta-sdk-rust-1");
        let (content_type, body) = upload.form("file").unwrap();
        assert_eq!(content_type, "multipart/form-data; boundary=okta-sdk-rust-2");
        assert_eq!(
            body,
            "--okta-sdk-rust-2\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a%22b.png\"\r\n\
             content-type: image/png\r\n\r\nokta-sdk-rust-0 okta-sdk-rust-1\r\n--okta-sdk-rust-2--\r\n"
        );
        assert!(!format!("{upload:?}").contains("okta-sdk-rust"));
    }

    #[test]
    fn a_file_name_cannot_add_headers() {
        assert!(Upload::new("a\r\nx: y", "image/png", "").form("file").is_none());
        assert!(Upload::new("a", "image/png\r\nx: y", "").form("file").is_none());
    }
}
