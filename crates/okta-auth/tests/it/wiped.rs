//! Key material does not stay in memory: the memory of this process is searched for it.

#![cfg(target_os = "linux")]

use std::{
    fs::{File, read_to_string},
    io::BufRead,
    os::unix::fs::FileExt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use data_encoding::{BASE64, BASE64URL_NOPAD, Encoding};
use okta_auth::{SigningKey, SswsToken};
use zeroize::Zeroizing;

/// One search at a time: it would find what another one has just read.
fn alone() -> MutexGuard<'static, ()> {
    static SEARCH: Mutex<()> = Mutex::new(());
    SEARCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes that are looked for. They are kept under a mask, so as not to find themselves.
struct Wanted(Vec<u8>);

const MASK: u8 = 0xa5;

impl Wanted {
    fn new(bytes: impl IntoIterator<Item = u8>) -> Self {
        Self(bytes.into_iter().map(|byte| byte ^ MASK).collect())
    }

    fn is_in(&self, memory: &[u8]) -> bool {
        let (first, others) = self.0.split_first().unwrap();
        let mut rest = memory;
        // Compiled with optimisations even here: byte by byte, a test would take a minute.
        while rest.skip_until(first ^ MASK).is_ok_and(|skipped| skipped > 0) {
            if rest.len() >= others.len() && rest.iter().zip(others).all(|(byte, masked)| byte ^ MASK == *masked) {
                return true;
            }
        }
        false
    }

    /// Whether it stands anywhere in the memory that this process can write to.
    fn is_anywhere(&self) -> bool {
        let memory = File::open("/proc/self/mem").unwrap();
        // What is read is another copy of the key as long as there is one.
        let mut chunk = Zeroizing::new(vec![0; 1 << 20]);
        for line in read_to_string("/proc/self/maps").unwrap().lines() {
            let mut fields = line.split_ascii_whitespace();
            let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
            if !rights.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let [mut at, end] = [start, end].map(|number| u64::from_str_radix(number, 16).unwrap());
            while at < end {
                let most = chunk.len().min(usize::try_from(end - at).unwrap());
                // A part that another thread has just given back cannot be read, and holds nothing.
                let Ok(read @ 1..) = memory.read_at(&mut chunk[..most], at) else {
                    break;
                };
                if self.is_in(&chunk[..read]) {
                    return true;
                }
                // What is at the border of two chunks is in the second one as a whole.
                let overlap = if read == most && at + (read as u64) < end {
                    self.0.len()
                } else {
                    0
                };
                at += (read - overlap) as u64;
            }
        }
        false
    }
}

/// The private number of a P-256 key that exists in this test only: made here byte by byte, so that it never stood in the
/// program or on its stack.
fn fill_private_number(seed: u8, number: &mut [u8]) {
    let mut state = u32::from(seed) + 1;
    for byte in number {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
}

fn private_number(seed: u8) -> Zeroizing<Vec<u8>> {
    let mut number = Zeroizing::new(vec![0; 32]);
    fill_private_number(seed, &mut number);
    // Below the order of the curve.
    number[0] = 0x42;
    number
}

/// The forms in which the number may lie about: as it is, as the library's words hold it, and in base64 and base64url.
fn wanted(seed: u8, encoding: &Encoding, skip: usize) -> [Wanted; 3] {
    let number = private_number(seed);
    let mut text = Zeroizing::new(String::with_capacity(64));
    encoding.encode_append(&number[skip..], &mut text);
    let inner = text.trim_end_matches('=').len() - 4;
    [
        Wanted::new(number.iter().copied()),
        Wanted::new(number.iter().rev().copied()),
        Wanted::new(text.bytes().take(inner)),
    ]
}

fn found(wanted: &[Wanted; 3]) -> [bool; 3] {
    wanted.each_ref().map(Wanted::is_anywhere)
}

/// SEC 1 (RFC 5915) without the public point, in PEM with escaped line breaks: every step of the way is taken.
fn sec1(seed: u8) -> Zeroizing<String> {
    let mut der = Zeroizing::new(Vec::with_capacity(64));
    der.extend_from_slice(b"\x30\x31\x02\x01\x01\x04\x20");
    der.extend_from_slice(&private_number(seed));
    der.extend_from_slice(b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07");
    let mut text = Zeroizing::new(String::with_capacity(256));
    text.push_str("-----BEGIN EC PRIVATE KEY-----\\n");
    BASE64.encode_append(&der, &mut text);
    text.push_str("\\n-----END EC PRIVATE KEY-----\\n");
    text
}

fn jwk(seed: u8, public: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(256));
    text.push_str(&public[..public.len() - 1]);
    text.push_str(r#","d":""#);
    BASE64URL_NOPAD.encode_append(&private_number(seed), &mut text);
    text.push_str(r#""}"#);
    text
}

#[test]
fn no_part_of_a_private_key_stays_in_memory() {
    let _alone = alone();
    let public = SigningKey::parse(&sec1(1)).unwrap().public_jwk().to_string();
    for form in ["PEM", "JWK"] {
        // Seven bytes of DER precede the number, so base64 begins at its third byte.
        let wanted = if form == "PEM" {
            wanted(1, &BASE64, 2)
        } else {
            wanted(1, &BASE64URL_NOPAD, 0)
        };
        assert_eq!(found(&wanted), [false; 3], "{form}: before");
        let text = if form == "PEM" { sec1(1) } else { jwk(1, &public) };
        // Were it not found here, nothing would be proved below.
        assert_eq!(found(&wanted), [false, false, true], "{form}: the text it is read from");
        let key = SigningKey::parse(&text).unwrap();
        drop(text);
        // Only the library holds the number; there is no other copy.
        assert_eq!(found(&wanted), [false, true, false], "{form}: while it is used");
        key.sign(b"message").unwrap();
        drop(key);
        assert_eq!(found(&wanted), [false; 3], "{form}: after it");
    }
}

#[test]
fn nor_does_one_that_was_refused() {
    let _alone = alone();
    // The text breaks off, or continues with something other than base64; each after the number.
    for (from, to) in [
        ("\\n-----END", "*\\n-----END"),
        ("EC PRIVATE", "RSA PRIVATE"),
        ("-----END", "-----"),
    ] {
        let wanted = wanted(2, &BASE64, 2);
        let good = sec1(2);
        let mut text = Zeroizing::new(String::with_capacity(512));
        for (index, piece) in good.split(from).enumerate() {
            text.push_str(if index > 0 { to } else { "" });
            text.push_str(piece);
        }
        assert_eq!(found(&wanted), [false, false, true], "{to}: the texts");
        SigningKey::parse(&text).unwrap_err();
        drop((good, text));
        assert_eq!(found(&wanted), [false; 3], "{to}");
    }
}

#[test]
fn nor_does_an_api_token() {
    let _alone = alone();
    let token = || {
        let mut text = Zeroizing::new(String::with_capacity(64));
        BASE64URL_NOPAD.encode_append(&private_number(3), &mut text);
        text
    };
    let wanted = Wanted::new(token().bytes());
    let held = SswsToken::new(token().as_str().into()).unwrap();
    assert!(wanted.is_anywhere());
    let copy = held.clone();
    drop((held, copy));
    assert!(!wanted.is_anywhere());
}
