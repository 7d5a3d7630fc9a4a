//! Splits again after an edit, only where it matters.

use super::items::{OpenClass, Splitter, members_of};
use super::{Doubt, Item, ItemKind, Split, split};
use crate::text::Edit;

/// Which items an edit replaced: `old_changed_count` of the old ones by `new_changed_count` new
/// ones, both from index `first_changed`. The items before are as they were, those after only moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resplit {
    pub first_changed: usize,
    pub old_changed_count: usize,
    pub new_changed_count: usize,
}

/// Makes `split` of the old text that of `text`, the text after `edit`.
///
/// It reads again from the second item before the edit, until an item starts where an old one does, inside
/// the same classes. From there on the old items hold.
pub fn resplit(old: &mut Split, text: &str, edit: &Edit) -> Resplit {
    if needs_fresh(old, text, edit) {
        return replace(old, split(text));
    }
    let first = old.items.partition_point(|item| item.tile.start <= edit.start).saturating_sub(3);
    let Some(start) = old.items.get(first) else {
        return replace(old, split(text));
    };
    let open = first.checked_sub(1).map_or_else(Vec::new, |before| classes_after(&old.items, before));
    let mut splitter = Splitter::resume(text, start.tile.start as usize, first as u32, open);
    let mut fresh = Vec::new();
    let mut meeting = Meeting::new(&old.items, edit);
    let met = loop {
        let Some(item) = splitter.next() else { break None };
        fresh.push(item);
        if meeting.reached(&splitter) {
            break Some(meeting.index);
        }
    };
    if let Some(doubt @ Doubt::TooDeep { .. }) = splitter.doubt() {
        return replace(old, Split::whole(text, doubt));
    }
    // An open string is in the last item, which is kept when any old item is met.
    let kept = old.doubt.filter(|_| met.is_some()).map(|doubt| doubt.shift(edit.shift()));
    old.doubt = splitter.doubt().or(kept);
    let tail = met.unwrap_or(old.items.len());
    if met.is_none()
        && let Some(last) = fresh.last_mut()
    {
        last.tile.end = text.len() as u32;
    }
    move_tail(&mut old.items, tail, first + fresh.len(), splitter.open_classes(), edit);
    put(&mut old.items, first, tail, fresh)
}

/// Where the whole file is one item, or becomes one, nothing of the old split can be kept.
fn needs_fresh(old: &Split, text: &str, edit: &Edit) -> bool {
    let written = text.as_bytes().get(edit.start as usize..edit.new_end as usize);
    matches!(old.doubt, Some(Doubt::Nul { .. } | Doubt::TooDeep { .. }))
        || written.is_none_or(|written| memchr::memchr(0, written).is_some())
}

fn replace(old: &mut Split, new: Split) -> Resplit {
    let old_changed_count = old.items.len();
    *old = new;
    Resplit { first_changed: 0, old_changed_count, new_changed_count: old.items.len() }
}

/// The class with `index` and those that it is a member of, outermost first.
fn class_chain(items: &[Item], mut index: Option<u32>) -> Vec<OpenClass> {
    let mut classes = Vec::new();
    while let Some(class) = index {
        let item = &items[class as usize];
        classes.push(OpenClass { index: class, column: item.column });
        index = item.owner;
    }
    classes.reverse();
    classes
}

/// The classes that the item after the one at `index` may be a member of.
fn classes_after(items: &[Item], index: usize) -> Vec<OpenClass> {
    match items[index].kind {
        ItemKind::Class(_) => class_chain(items, Some(index as u32)),
        _ => class_chain(items, items[index].owner),
    }
}

/// The part of `open` that the item at `index` is a member of, by the rule of the splitter.
fn classes_of<'o>(items: &[Item], index: usize, open: &'o [OpenClass]) -> &'o [OpenClass] {
    let item = &items[index];
    let column = match (&item.kind, items.get(index + 1)) {
        (ItemKind::Class(_), _) | (_, None) => item.column,
        (_, Some(next)) => item.column.max(next.column),
    };
    members_of(open, column)
}

/// Looks for the old item at which the new items meet the old ones.
struct Meeting<'i> {
    items: &'i [Item],
    edit: &'i Edit,
    /// The first old item after the edit that can still be met. Never the first of the file: what
    /// is in front of it, or is no longer, decides whether it begins with a byte order mark.
    index: usize,
}

impl<'i> Meeting<'i> {
    fn new(items: &'i [Item], edit: &'i Edit) -> Self {
        let index = items.partition_point(|item| item.tile.start < edit.old_end).max(1);
        Self { items, edit, index }
    }

    /// Whether the splitter is about to read the old item at `index`, moved but otherwise the same.
    fn reached(&mut self, splitter: &Splitter<'_>) -> bool {
        let boundary = splitter.boundary() as i64;
        let moved = |item: &Item| i64::from(item.tile.start) + self.edit.shift();
        while self.items.get(self.index).is_some_and(|item| moved(item) < boundary) {
            self.index += 1;
        }
        let Some(item) = self.items.get(self.index) else { return false };
        moved(item) == boundary
            && self.same_classes(item, classes_of(self.items, self.index, splitter.open_classes()))
    }

    fn same_classes(&self, item: &Item, open: &[OpenClass]) -> bool {
        let mut owner = item.owner;
        for class in open.iter().rev() {
            let Some(old) = owner.map(|index| &self.items[index as usize]) else { return false };
            if old.column != class.column {
                return false;
            }
            owner = old.owner;
        }
        owner.is_none()
    }
}

/// Moves the items from `tail` on, which become those from `new_tail` on; `open` are the classes
/// that the first of them may be a member of, by their new indexes.
fn move_tail(items: &mut [Item], tail: usize, new_tail: usize, open: &[OpenClass], edit: &Edit) {
    let Some(first) = items.get(tail) else { return };
    let outer: Vec<u32> = class_chain(items, first.owner).iter().map(|class| class.index).collect();
    for item in &mut items[tail..] {
        item.shift(edit.shift());
        item.owner = item.owner.and_then(|owner| match owner as usize {
            index if index >= tail => Some((index - tail + new_tail) as u32),
            _ => outer.binary_search(&owner).ok().and_then(|at| open.get(at)).map(|class| class.index),
        });
    }
}

/// Puts `fresh` in the place of the items `first..tail`, and says which of them changed.
fn put(items: &mut Vec<Item>, first: usize, tail: usize, fresh: Vec<Item>) -> Resplit {
    let same = items[first..tail].iter().zip(&fresh).take_while(|(old, new)| old == new).count();
    let resplit = Resplit {
        first_changed: first + same,
        old_changed_count: tail - first - same,
        new_changed_count: fresh.len() - same,
    };
    items.splice(first..tail, fresh);
    resplit
}
