//! The few forms of ASN.1 DER (X.690) that certificates and requests for them consist of.

/// A value with its tag and length in front.
pub(crate) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoded = vec![tag];
    let length = content.len();
    if length < 0x80 {
        encoded.push(u8::try_from(length).unwrap_or_default());
    } else {
        let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        encoded.push(0x80 | u8::try_from(bytes.len()).unwrap_or_default());
        encoded.extend(bytes);
    }
    encoded.extend_from_slice(content);
    encoded
}

/// A SEQUENCE.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

/// A SET.
pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x31, &parts.concat())
}

/// A positive INTEGER.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    tagged(0x02, &content)
}

/// A BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    tagged(0x03, &[&[0], bytes].concat())
}

/// A UTF8String.
pub(crate) fn text(text: &str) -> Vec<u8> {
    tagged(0x0c, text.as_bytes())
}

/// An OBJECT IDENTIFIER, given as its encoded content.
pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    tagged(0x06, content)
}

/// The value with this tag at the beginning, and what follows it.
pub(crate) fn take(tag: u8, encoded: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = encoded.split_first()?;
    if *first != tag {
        return None;
    }
    let (length, rest) = rest.split_first()?;
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        let length = bytes.iter().try_fold(0_usize, |length, byte| {
            length.checked_mul(256)?.checked_add(usize::from(*byte))
        })?;
        (length, rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_the_form_of_x690() {
        assert_eq!(tagged(4, &[7]), [4, 1, 7]);
        assert_eq!(&tagged(4, &[0; 200])[..3], [4, 0x81, 200]);
        assert_eq!(&tagged(4, &[0; 300])[..4], [4, 0x82, 1, 44]);
        let long = tagged(4, &[9; 300]);
        let (content, rest) = take(4, &long).unwrap();
        assert_eq!((content.len(), rest.len()), (300, 0));
        assert!(take(5, &long).is_none() && take(4, &long[..20]).is_none());
    }

    #[test]
    fn integers_are_positive() {
        assert_eq!(integer(&[0, 1]), [2, 1, 1]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[]), [2, 1, 0]);
    }
}
