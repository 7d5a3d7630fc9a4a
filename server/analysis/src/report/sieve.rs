//! Which rules may find something in an item, as far as that can be told without parsing it.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::project::Glance;
use crate::rules::{self, Entry};

/// The rules that are enabled for the item's file and look at what it is to pytest.
pub(super) fn enabled(glance: &Glance<'_>) -> impl Iterator<Item = &'static Entry> {
    rules::REGISTRY.iter().filter(|entry| is_enabled(entry, glance))
}

/// Those of them that may find something in the item.
pub(super) fn candidates(glance: &Glance<'_>) -> Vec<&'static Entry> {
    let words = words_of(glance);
    let with_words =
        rules::REGISTRY.iter().zip(&sieve().groups).filter(|(_, groups)| words & **groups == **groups);
    with_words
        .map(|(entry, _)| entry)
        .filter(|entry| is_enabled(entry, glance) && entry.may_find(glance))
        .collect()
}

fn is_enabled(entry: &Entry, glance: &Glance<'_>) -> bool {
    entry.looks_at_items
        && entry.roles.hold(glance.role)
        && glance.project.settings.enabled(entry.meta.name, &glance.module.file.path)
}

/// The bits of the groups of which a word stands in the item, or in what it reaches where the rule follows that.
fn words_of(glance: &Glance<'_>) -> u128 {
    let Glance { project, module, item, .. } = glance;
    let sieve = sieve();
    let around = project.words_around(module, *item, |text| sieve.words_in(text) & sieve.following);
    sieve.words_in(glance.text()) | around
}

/// All words of all rules, with a bit for each group of a rule.
struct Sieve {
    /// For each rule of the registry the bits of its groups.
    groups: Vec<u128>,
    /// The bits of the rules that follow what an item reaches.
    following: u128,
    /// `None`: it could not be made, and every word counts as found.
    automaton: Option<AhoCorasick>,
    /// For each word of the automaton the bit of its group.
    bits: Vec<u128>,
}

fn sieve() -> &'static Sieve {
    static SIEVE: OnceLock<Sieve> = OnceLock::new();
    SIEVE.get_or_init(Sieve::new)
}

impl Sieve {
    fn new() -> Sieve {
        let mut words: Vec<&str> = Vec::new();
        let (mut groups, mut following, mut bits) = (Vec::new(), 0, Vec::new());
        let mut bit = 1;
        for entry in rules::REGISTRY {
            let mut own = 0;
            for group in entry.meta.triggers {
                words.extend(*group);
                bits.resize(words.len(), bit);
                own |= bit;
                bit <<= 1;
            }
            following |= if entry.follows { own } else { 0 };
            groups.push(own);
        }
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(words).ok();
        Sieve { groups, following, automaton, bits }
    }

    fn words_in(&self, text: &str) -> u128 {
        let Some(automaton) = &self.automaton else { return u128::MAX };
        let found = automaton.find_overlapping_iter(text);
        found.fold(0, |words, found| words | self.bits[found.pattern().as_usize()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_a_bit_of_its_own() {
        let count: usize = rules::REGISTRY.iter().map(|entry| entry.meta.triggers.len()).sum();
        let all = sieve().groups.iter().fold(0, |all, groups| all | groups);
        assert_eq!(all.count_ones() as usize, count);
    }
}
