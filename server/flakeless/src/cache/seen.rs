//! What a question to the disk was answered, in a form that can be compared later.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use analysis::workspace::ReadError;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::stat::Stat;
use crate::disk::{self, Disk};

/// The hash of some content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hash(u64, u64);

impl From<u128> for Hash {
    fn from(hash: u128) -> Hash {
        Hash((hash >> 64) as u64, hash as u64)
    }
}

/// What became of reading a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Seen {
    Bytes {
        hash: Hash,
        /// What the system says of the file as long as it holds these bytes; `None` while it cannot tell.
        stat: Option<Stat>,
    },
    Missing,
    /// The words of the disk.
    Unreadable(String),
}

/// Whether a file is as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Now {
    Same,
    /// It holds the same bytes, but is to be known by this from now on.
    Touched(Seen),
    Other,
}

impl Seen {
    /// Reads a file: what the engine is told of it, and what it is known by.
    pub(super) fn read(disk: &Disk, path: &Path) -> (Seen, Result<Vec<u8>, ReadError>) {
        let begun = SystemTime::now();
        match disk.read_known(path) {
            Ok((bytes, before)) => {
                let stat = Stat::of(&before).if_settled(begun);
                (Seen::Bytes { hash: xxh3_128(&bytes).into(), stat }, Ok(bytes))
            }
            Err(error) => {
                let seen = match &error {
                    ReadError::Missing => Seen::Missing,
                    ReadError::Unreadable(why) => Seen::Unreadable(why.clone()),
                };
                (seen, Err(error))
            }
        }
    }

    /// Whether both times the engine was told the same.
    pub(super) fn is_same(&self, other: &Seen) -> bool {
        match (self, other) {
            (Seen::Bytes { hash, .. }, Seen::Bytes { hash: other, .. }) => hash == other,
            _ => self == other,
        }
    }

    /// Looks at the file again. It is read only if the system cannot tell that it is the same.
    pub(super) fn now(&self, disk: &Disk, path: &Path) -> Now {
        match self {
            Seen::Bytes { stat: Some(stat), .. }
                if fs::metadata(path).is_ok_and(|now| Stat::of(&now) == *stat) =>
            {
                return Now::Same;
            }
            Seen::Missing if fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) => {
                return Now::Same;
            }
            _ => {}
        }
        let (seen, _) = Seen::read(disk, path);
        match &seen {
            same if same == self => Now::Same,
            _ if seen.is_same(self) => Now::Touched(seen),
            _ => Now::Other,
        }
    }
}

/// The names in a folder, as the engine is told them.
pub(super) fn names_in(folder: &Path) -> (Hash, Vec<String>) {
    let names = disk::names_in(folder);
    (hash_of(names.iter().map(String::as_bytes)), names)
}

/// The hash of several texts in their order.
pub(super) fn hash_of<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Hash {
    let mut hash = Xxh3::new();
    for part in parts {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.digest128().into()
}
