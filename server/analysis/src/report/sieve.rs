//! Which rules may find something in an item, as far as that can be told without parsing it.

use std::sync::OnceLock;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton as _;
use aho_corasick::dfa::DFA;

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
    automaton: Option<DFA>,
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
        let automaton = DFA::new(words).ok();
        Sieve { groups, following, automaton, bits }
    }

    /// The bits of the words in a text. Every text goes through here: to stop at each word that is found took 2 % of a whole
    /// check.
    fn words_in(&self, text: &str) -> u128 {
        let Some((automaton, start)) =
            self.automaton.as_ref().and_then(|it| Some((it, it.start_state(Anchored::No).ok()?)))
        else {
            return u128::MAX;
        };
        let (mut state, mut words) = (start, 0);
        for byte in text.bytes() {
            state = automaton.next_state(Anchored::No, state, byte);
            if automaton.is_special(state) && automaton.is_match(state) {
                let ending = (0..automaton.match_len(state)).map(|at| automaton.match_pattern(state, at));
                words = ending.fold(words, |words, word| words | self.bits[word.as_usize()]);
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_words_are_found() {
        let sieve = sieve();
        let words: Vec<&str> = rules::REGISTRY
            .iter()
            .flat_map(|entry| entry.meta.triggers)
            .copied()
            .flatten()
            .copied()
            .collect();
        let in_text = |text: &str| {
            let found = words.iter().zip(&sieve.bits).filter(|(word, _)| text.contains(**word));
            found.fold(0, |all, (_, bit)| all | bit)
        };
        for text in
            ["", "assertEqual", "import random\nrandom.shuffle(x)", "é time.time() sleep(0.1) os.environ"]
        {
            assert_eq!(sieve.words_in(text), in_text(text), "{text}");
        }
        for word in &words {
            assert_eq!(sieve.words_in(word), in_text(word), "{word}");
        }
    }

    #[test]
    fn every_group_has_a_bit_of_its_own() {
        let count: usize = rules::REGISTRY.iter().map(|entry| entry.meta.triggers.len()).sum();
        let all = sieve().groups.iter().fold(0, |all, groups| all | groups);
        assert_eq!(all.count_ones() as usize, count);
    }
}
