//! The hints that a project has accepted: by file, and in a file by what stays the same while lines move.

mod identity;

use std::collections::BTreeMap;

use crate::hint::Hint;
pub use identity::Identity;

/// What is accepted in one file, and how often: at least once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted(BTreeMap<Identity, usize>);

/// The hints of a file by whether they are accepted, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parted {
    pub new: Vec<Hint>,
    pub accepted: Vec<Hint>,
    /// What is accepted and not there any more.
    pub gone: Accepted,
}

impl Accepted {
    /// All hints of a file. `source` is its text.
    pub fn of(hints: &[Hint], source: &str) -> Accepted {
        let mut accepted = Accepted::default();
        for hint in hints {
            *accepted.0.entry(Identity::of(hint, source)).or_default() += 1;
        }
        accepted
    }

    /// Accepts `count` hints. Said twice, as after a merge, the larger count holds.
    pub fn accept(&mut self, identity: Identity, count: usize) {
        if count > 0 {
            let known = self.0.entry(identity).or_default();
            *known = count.max(*known);
        }
    }

    pub fn forget(&mut self, mut what: impl FnMut(&Identity) -> bool) {
        self.0.retain(|identity, _| !what(identity));
    }

    pub fn take_away(&mut self, other: &Accepted) {
        for (identity, count) in &other.0 {
            if let Some(left) = self.0.get_mut(identity) {
                *left = left.saturating_sub(*count);
            }
        }
        self.0.retain(|_, left| *left > 0);
    }

    /// Takes one hint away. Says whether there was one.
    pub fn take(&mut self, identity: &Identity) -> bool {
        let Some(left) = self.0.get_mut(identity) else { return false };
        *left -= 1;
        if *left == 0 {
            self.0.remove(identity);
        }
        true
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Identity, usize)> {
        self.0.iter().map(|(identity, count)| (identity, *count))
    }

    /// How many hints.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes accepted hints from new ones. Of more hints that look alike than are accepted, the last in the file are new.
    pub fn part(&self, hints: Vec<Hint>, source: &str) -> Parted {
        if self.is_empty() {
            return Parted { new: hints, ..Parted::default() };
        }
        let mut parted = Parted { gone: self.clone(), ..Parted::default() };
        for hint in hints {
            let is_accepted = parted.gone.take(&Identity::of(&hint, source))
                || Identity::before(&hint, source).is_some_and(|before| parted.gone.take(&before));
            if is_accepted { &mut parted.accepted } else { &mut parted.new }.push(hint);
        }
        parted
    }
}

/// What is accepted in each file, by its path from where the baseline lies, parted by `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<String, Accepted>);

impl Baseline {
    pub fn file(&self, path: &str) -> Option<&Accepted> {
        self.0.get(path)
    }

    pub fn file_mut(&mut self, path: String) -> &mut Accepted {
        self.0.entry(path).or_default()
    }

    /// Those with something accepted, sorted.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Accepted)> {
        self.0
            .iter()
            .filter(|(_, accepted)| !accepted.is_empty())
            .map(|(path, accepted)| (path.as_str(), accepted))
    }

    /// How many hints.
    pub fn count(&self) -> usize {
        self.0.values().map(Accepted::count).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.files().next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use smol_str::SmolStr;

    use super::*;
    use crate::hint::Confidence;
    use crate::text::TextRange;

    const SOURCE: &str = "one; two; one; one";

    fn hint(start: u32) -> Hint {
        Hint {
            rule: "shared-state-leak",
            confidence: Confidence::Likely,
            message: SmolStr::default(),
            range: TextRange::new(start, start + 3),
            related: Arc::default(),
            test: None,
            mitigated_by: None,
        }
    }

    fn starts(hints: &[Hint]) -> Vec<u32> {
        hints.iter().map(|hint| hint.range.start).collect()
    }

    #[test]
    fn what_was_accepted_is_no_news() {
        let hints = [0, 5, 10].map(hint);
        let accepted = Accepted::of(&hints, SOURCE);
        assert_eq!(accepted.count(), 3);
        let parted = accepted.part(hints.to_vec(), SOURCE);
        assert_eq!((parted.new.len(), parted.accepted.len(), parted.gone.count()), (0, 3, 0));
        assert_eq!(starts(&Accepted::default().part(hints.to_vec(), SOURCE).new), [0, 5, 10]);
    }

    #[test]
    fn of_hints_that_look_alike_the_last_are_new() {
        let accepted = Accepted::of(&[0, 10].map(hint), SOURCE);
        let parted = accepted.part([0, 10, 15].map(hint).to_vec(), SOURCE);
        assert_eq!((starts(&parted.accepted), starts(&parted.new)), (vec![0, 10], vec![15]));
        assert!(parted.gone.is_empty());
    }

    #[test]
    fn what_is_not_there_any_more_is_gone() {
        let accepted = Accepted::of(&[0, 5, 10].map(hint), SOURCE);
        let parted = accepted.part(vec![hint(10)], SOURCE);
        let gone: Vec<(&str, usize)> =
            parted.gone.iter().map(|(identity, count)| (identity.text.as_str(), count)).collect();
        assert_eq!(gone, [("one", 1), ("two", 1)]);
        let mut left = accepted.clone();
        left.take_away(&parted.gone);
        assert_eq!(left, Accepted::of(&[hint(0)], SOURCE));
    }

    #[test]
    fn of_what_is_said_twice_the_larger_count_holds() {
        let identity = Identity::of(&hint(0), SOURCE);
        let mut accepted = Accepted::default();
        for count in [0, 1, 3, 2] {
            accepted.accept(identity.clone(), count);
        }
        assert_eq!(accepted.count(), 3);
        accepted.forget(|known| *known == identity);
        assert!(accepted.is_empty());
    }
}
