//! Places for what is found out about each item of a file, when it is first asked for.

use std::sync::{Arc, OnceLock};

use super::Touched;

/// So many places are copied together where an edit touches one of them; the others are shared with the file before it.
/// To copy an answer is to write to where it is counted, which for a large file costs more than all else about an edit.
const BLOCK: usize = 32;

type Block<T> = Arc<[OnceLock<Arc<T>>]>;

/// One place for each item.
#[derive(Debug)]
pub(super) struct Slots<T> {
    blocks: Box<[Block<T>]>,
}

impl<T> Slots<T> {
    pub(super) fn new(count: usize) -> Slots<T> {
        Slots::of(std::iter::repeat_with(OnceLock::new).take(count))
    }

    fn of(slots: impl Iterator<Item = OnceLock<Arc<T>>>) -> Slots<T> {
        let all: Vec<OnceLock<Arc<T>>> = slots.collect();
        let mut slots = all.into_iter();
        let mut blocks = Vec::with_capacity(slots.len().div_ceil(BLOCK));
        while slots.len() > 0 {
            blocks.push(slots.by_ref().take(BLOCK).collect());
        }
        Slots { blocks: blocks.into() }
    }

    pub(super) fn get(&self, index: u32) -> &OnceLock<Arc<T>> {
        &self.blocks[index as usize / BLOCK][index as usize % BLOCK]
    }

    fn count(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// The places of the file after an edit: empty for the items that it made, as they were for the others.
    pub(super) fn edited(&self, touched: Touched) -> Slots<T> {
        let (first, end) = (touched.first as usize, (touched.first + touched.old_count) as usize);
        if touched.old_count != touched.new_count {
            let kept = |index: usize| self.get(index as u32).clone();
            let made = std::iter::repeat_with(OnceLock::new).take(touched.new_count as usize);
            return Slots::of((0..first).map(kept).chain(made).chain((end..self.count()).map(kept)));
        }
        let block = |(number, block): (usize, &Block<T>)| {
            let starts = number * BLOCK;
            if end <= starts || starts + block.len() <= first {
                return block.clone();
            }
            let slot = |(index, slot): (usize, &OnceLock<Arc<T>>)| {
                if (first..end).contains(&(starts + index)) { OnceLock::new() } else { slot.clone() }
            };
            block.iter().enumerate().map(slot).collect()
        };
        Slots { blocks: self.blocks.iter().enumerate().map(block).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_empties_the_places_of_what_it_made_and_no_others() {
        for count in [1, 31, 32, 33, 100] {
            for (first, old_count, new_count) in
                [(0, 0, 1), (0, 1, 1), (0, 1, 0), (30, 1, 3), (30, 3, 3), (40, 60, 2)]
            {
                if first + old_count > count {
                    continue;
                }
                let before = Slots::new(count as usize);
                (0..count).for_each(|index| drop(before.get(index).set(Arc::new(index))));
                let after = before.edited(Touched { first, old_count, new_count });
                let kept = |index: u32| Some(index);
                let expected: Vec<Option<u32>> = (0..first)
                    .map(kept)
                    .chain((0..new_count).map(|_| None))
                    .chain((first + old_count..count).map(kept))
                    .collect();
                assert_eq!(after.count(), expected.len());
                let found: Vec<Option<u32>> =
                    (0..expected.len() as u32).map(|index| after.get(index).get().map(|it| **it)).collect();
                assert_eq!(found, expected, "{count} {first} {old_count} {new_count}");
            }
        }
    }
}
