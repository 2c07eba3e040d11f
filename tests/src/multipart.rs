//! Reading forms with files (RFC 7578), as recordings and requests hold them.

use bytes::Bytes;

/// One part of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The part's name.
    pub name: String,
    /// The name of the file.
    pub file_name: Option<String>,
    /// The type of the content.
    pub content_type: Option<String>,
    /// The content.
    pub content: Bytes,
}

/// The parts of a form whose boundary is in `content_type`; `None` if it is not a form, or malformed.
#[must_use]
pub fn parts(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let boundary = parameter(content_type, "boundary")?;
    if boundary.is_empty() || !content_type.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may be at the very beginning, without its line break.
    let body = [b"\r\n", body].concat();
    let mut rest = &body[find(&body, delimiter.as_bytes())? + delimiter.len()..];
    let mut found = Vec::new();
    while !rest.starts_with(b"--") {
        let end = find(rest, delimiter.as_bytes())?;
        found.push(part(&rest[..end])?);
        rest = &rest[end + delimiter.len()..];
    }
    Some(found)
}

fn part(part: &[u8]) -> Option<Part> {
    let part = part.strip_prefix(b"\r\n")?;
    let end = find(part, b"\r\n\r\n")?;
    let mut found = Part {
        content: Bytes::copy_from_slice(&part[end + 4..]),
        ..Part::default()
    };
    for line in String::from_utf8_lossy(&part[..end]).split("\r\n") {
        let (name, value) = line.split_once(':')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => found.content_type = Some(value.trim().to_owned()),
            "content-disposition" => {
                found.name = parameter(value, "name")?;
                found.file_name = parameter(value, "filename");
            }
            _ => {}
        }
    }
    Some(found)
}

/// A parameter after the first `;` of a header.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut parameters = header
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_with_their_headers_and_their_bytes() {
        let body = b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a.png\"\r\nContent-Type: image/png\r\n\r\n\x00\r\n--\xff\r\n--X\r\ncontent-disposition: form-data; name=b\r\n\r\n\r\n--X--\r\n";
        let parts = parts("multipart/form-data; boundary=\"X\"", body).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].file_name.as_deref(), Some("../a.png"));
        assert_eq!(parts[0].content_type.as_deref(), Some("image/png"));
        assert_eq!(&parts[0].content[..], b"\x00\r\n--\xff");
        assert_eq!((parts[1].name.as_str(), parts[1].content.len()), ("b", 0));
    }

    #[test]
    fn what_is_no_form_or_broken_is_none() {
        assert_eq!(parts("application/json", b"{}"), None);
        assert_eq!(parts("multipart/form-data", b"--X--"), None);
        assert_eq!(parts("multipart/form-data; boundary=X", b"--X\r\n"), None);
        assert_eq!(parts("multipart/form-data; boundary=X", b""), None);
        assert_eq!(parts("multipart/form-data; boundary=X", b"--X--").unwrap(), []);
    }
}
