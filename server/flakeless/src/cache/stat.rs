//! What the file system says of a file without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// Equal for a file that was not touched meanwhile. Where the system tells when a file's data or name changed last, which
/// no program can set back, that counts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stat {
    size: u64,
    /// Nanoseconds since 1970, as all times here.
    modified: i64,
    changed: i64,
    inode: u64,
}

/// Two changes closer together than this may leave one and the same time: clocks tick coarsely, on some file systems
/// in steps of two seconds.
const TICK: Duration = Duration::from_secs(2);

impl Stat {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Stat {
        use std::os::unix::fs::MetadataExt as _;
        let time = |seconds: i64, nanoseconds: i64| {
            seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
        };
        Stat {
            size: metadata.len(),
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Stat {
        let time = |time: std::io::Result<SystemTime>| time.map(since_1970).unwrap_or_default();
        Stat {
            size: metadata.len(),
            modified: time(metadata.modified()),
            changed: time(metadata.created()),
            inode: 0,
        }
    }

    /// The stat of a file that was read after it was taken, and it was taken after `time`, if an equal one will mean equal
    /// bytes. For a file that was touched just before it will not: it may be touched again within the same tick.
    pub(super) fn if_settled(self, time: SystemTime) -> Option<Stat> {
        let last = self.modified.max(self.changed);
        (last < since_1970(time.checked_sub(TICK)?)).then_some(self)
    }
}

fn since_1970(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_touched_just_before_is_not_settled() {
        let second = |n: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(n);
        let stat = |modified, changed| Stat {
            size: 1,
            modified: since_1970(second(modified)),
            changed: since_1970(second(changed)),
            inode: 1,
        };
        assert!(stat(10, 10).if_settled(second(13)).is_some());
        assert!(stat(10, 10).if_settled(second(12)).is_none());
        assert!(stat(5, 10).if_settled(second(12)).is_none());
        assert!(stat(20, 10).if_settled(second(13)).is_none());
        assert!(stat(0, 0).if_settled(second(1)).is_none());
    }
}
