//! Searches of all files by several threads at once.

use std::sync::atomic::{AtomicU32, Ordering};

/// Threads come to the same question at the same time: each finds made what another has come by before, so that they share the
/// work if each begins at another place. Side by side they would wait for each other at every item.
#[derive(Debug, Default)]
pub struct Turns(AtomicU32);

impl Turns {
    /// What `look` makes of each of `all`, in their order; looked at from a place on that is far from where the last searches
    /// began, and then round.
    pub fn map<'a, T, R>(&self, all: &'a [T], look: impl Fn(&'a T) -> R) -> Vec<R> {
        let turn = self.0.fetch_add(1, Ordering::Relaxed);
        // 0, 1/2, 1/4, 3/4, 1/8, … of the way.
        let start = (u64::from(turn.reverse_bits()) * all.len() as u64) >> 32;
        let (before, from_there) = all.split_at(start as usize);
        let mut behind: Vec<R> = from_there.iter().map(&look).collect();
        let mut found: Vec<R> = before.iter().map(&look).collect();
        found.append(&mut behind);
        found
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn each_search_begins_elsewhere_and_finds_the_same() {
        let turns = Turns::default();
        let all: Vec<u32> = (0..8).collect();
        let mut begun = Vec::new();
        for _ in 0..4 {
            let seen = RefCell::new(Vec::new());
            let found = turns.map(&all, |number| {
                seen.borrow_mut().push(*number);
                number * 10
            });
            assert_eq!(found, [0, 10, 20, 30, 40, 50, 60, 70]);
            begun.push(seen.borrow()[0]);
        }
        assert_eq!(begun, [0, 4, 2, 6]);
        assert!(turns.map(&[] as &[u32], |number| *number).is_empty());
    }
}
