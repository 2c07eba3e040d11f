//! Inputs: arbitrary bytes, and seeds with changes.

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*, sample::Index};

/// The committed seeds of a target, by the names of their files.
pub(crate) fn seeds(name: &str) -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut seeds: Vec<_> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    seeds.sort();
    seeds
}

/// Arbitrary bytes, arbitrary text, and seeds with up to six changes.
pub(crate) fn inputs(name: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let seeds: Vec<Vec<u8>> = seeds(name).into_iter().map(|(_, bytes)| bytes).collect();
    let changed = (any::<Index>(), any::<Index>(), vec(change(), 0..6)).prop_map(move |(seed, other, changes)| {
        let mut bytes: Vec<u8> = seed.get(&seeds).clone();
        for change in &changes {
            let other: &Vec<u8> = other.get(&seeds);
            change.apply(&mut bytes, other);
        }
        bytes
    });
    prop_oneof![
        1 => vec(any::<u8>(), 0..200),
        1 => "\\PC{0,80}".prop_map(String::into_bytes),
        6 => changed,
    ]
}

#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    Repeat(Index, Index),
    /// The rest of another seed takes the place of the rest.
    Splice(Index, Index),
}

/// What means something in the languages that the targets read.
const TOKENS: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "1e400",
    "0.1",
    "18446744073709551616",
    "{}",
    "[]",
    "\"\"",
    "\\u0000",
    "\\ud800",
    "\"",
    "\\",
    "'",
    ",",
    ":",
    ";",
    "=",
    "<",
    ">",
    "(",
    ")",
    "%00",
    "%2F",
    "../",
    "//",
    "&",
    "*",
    "!!",
    "|",
    "- ",
    "\n",
    "\r\n",
    "\t",
    "\u{feff}",
    "\u{212a}",
    "é",
    "𝄞",
    " and ",
    " or ",
    "not ",
    " eq ",
    " pr",
    "rel=\"next\"",
    "https://evil.example/",
    "Z",
    "+23:59",
    "9999",
    "99999999999",
];

fn change() -> impl Strategy<Value = Change> {
    let token = proptest::sample::select(TOKENS).prop_map(|token| token.as_bytes().to_vec());
    prop_oneof![
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        3 => (any::<Index>(), token).prop_map(|(at, token)| Change::Insert(at, token)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Remove(from, to)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Repeat(from, to)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(at, from)| Change::Splice(at, from)),
    ]
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>, other: &[u8]) {
        let place = |index: &Index, length: usize| index.index(length + 1);
        match self {
            Self::Set(at, byte) => {
                let at = place(at, bytes.len());
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Insert(at, token) => {
                let at = place(at, bytes.len());
                bytes.splice(at..at, token.iter().copied());
            }
            Self::Remove(from, to) => {
                let range = short(place(from, bytes.len()), place(to, bytes.len()));
                bytes.drain(range);
            }
            Self::Repeat(from, to) => {
                let range = short(place(from, bytes.len()), place(to, bytes.len()));
                let again = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, again);
            }
            Self::Splice(at, from) => {
                bytes.truncate(place(at, bytes.len()));
                bytes.extend_from_slice(&other[place(from, other.len())..]);
            }
        }
    }
}

/// A range of 24 bytes at most.
fn short(one: usize, other: usize) -> std::ops::Range<usize> {
    let (from, to) = (one.min(other), one.max(other));
    from..to.min(from + 24)
}
