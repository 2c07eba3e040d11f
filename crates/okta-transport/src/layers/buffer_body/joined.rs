//! The pieces of a body, joined as they come.

use bytes::Bytes;

/// The most that is allocated because a server announces a length; what is really there makes it grow.
const MOST_AHEAD: u64 = 8 * 1024 * 1024;

/// What is known beforehand about the size of a body.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// It will have this number of bytes at most, so the buffer does not grow beyond that.
    pub(super) most: u64,
    /// The server has announced that number.
    pub(super) is_announced: bool,
}

impl Size {
    /// The capacity for the first two pieces.
    fn capacity(self, needed: usize) -> usize {
        let most = to_usize(self.most.min(MOST_AHEAD));
        let ahead = if self.is_announced {
            most
        } else {
            most.min(needed.saturating_mul(4))
        };
        ahead.max(needed)
    }
}

/// The pieces of a body that have come: a single one stays as it is, several are joined in one buffer.
#[derive(Default)]
pub(super) enum Joined {
    #[default]
    Nothing,
    One(Bytes),
    Many(Vec<u8>),
}

impl Joined {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(bytes) => bytes.len(),
            Self::Many(bytes) => bytes.len(),
        }
    }

    pub(super) fn push(&mut self, piece: Bytes, size: Size) {
        match self {
            _ if piece.is_empty() => {}
            Self::Nothing => *self = Self::One(piece),
            Self::One(first) => {
                let mut joined = Vec::with_capacity(size.capacity(first.len() + piece.len()));
                joined.extend_from_slice(first);
                joined.extend_from_slice(&piece);
                *self = Self::Many(joined);
            }
            Self::Many(joined) => {
                let needed = joined.len() + piece.len();
                if needed > joined.capacity() {
                    let larger = joined.capacity().saturating_mul(2).min(to_usize(size.most)).max(needed);
                    joined.reserve_exact(larger - joined.len());
                }
                joined.extend_from_slice(&piece);
            }
        }
    }

    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::One(bytes) => bytes,
            Self::Many(mut bytes) => {
                // A response may be stored for long. Large allocations shrink without being copied.
                if bytes.capacity() - bytes.len() > bytes.len() / 4 {
                    bytes.shrink_to_fit();
                }
                bytes.into()
            }
        }
    }
}

fn to_usize(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joins this number of pieces of a kilobyte, and returns the largest capacity there was.
    fn join(pieces: usize, size: Size) -> (Bytes, usize) {
        let (mut joined, mut largest) = (Joined::default(), 0);
        for _ in 0..pieces {
            joined.push(Bytes::from_static(&[b'x'; 1024]), size);
            if let Joined::Many(bytes) = &joined {
                largest = largest.max(bytes.capacity());
            }
        }
        (joined.into_bytes(), largest)
    }

    #[test]
    fn one_piece_is_not_copied() {
        let piece = Bytes::from(vec![b'x'; 1024]);
        let mut joined = Joined::default();
        joined.push(
            piece.clone(),
            Size {
                most: 1024,
                is_announced: true,
            },
        );
        joined.push(
            Bytes::new(),
            Size {
                most: 1024,
                is_announced: true,
            },
        );
        assert_eq!(joined.into_bytes().as_ptr(), piece.as_ptr());
    }

    #[test]
    fn f12_an_announced_body_is_joined_in_a_buffer_of_its_size() {
        let size = 100 * 1024;
        let (bytes, largest) = join(
            100,
            Size {
                most: size,
                is_announced: true,
            },
        );
        assert_eq!((bytes.len() as u64, largest as u64), (size, size));
    }

    #[test]
    fn f12_what_is_only_announced_takes_no_memory() {
        let announced = Size {
            most: u64::MAX,
            is_announced: true,
        };
        let (bytes, largest) = join(3, announced);
        assert_eq!(bytes.len(), 3 * 1024);
        assert!(largest as u64 <= MOST_AHEAD, "{largest}");
    }

    #[test]
    fn f12_a_buffer_of_unknown_size_grows_to_the_limit_and_not_beyond() {
        let (bytes, largest) = join(
            1000,
            Size {
                most: 1001 * 1024,
                is_announced: false,
            },
        );
        assert_eq!(bytes.len(), 1000 * 1024);
        assert!(largest <= 1001 * 1024, "{largest}");
    }
}
