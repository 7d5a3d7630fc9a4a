//! Which runs of three bytes stand in a file, so that a file need not be searched for a word that cannot be in it.

use std::sync::OnceLock;

const BITS: usize = 1 << 14;

/// A bit for each run, by a hash: one that is not set stands nowhere in the text, one that is set may.
#[derive(Clone, Debug)]
struct Bits(Box<[u64; BITS / 64]>);

impl Bits {
    fn add(&mut self, text: &str) {
        for bit in runs(text) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }
}

/// Made when a file is first searched.
#[derive(Debug, Default)]
pub(super) struct Trigrams(OnceLock<Bits>);

impl Trigrams {
    /// Whether `word` may stand in `text`, whose runs these are.
    pub(super) fn may_hold(&self, word: &str, text: &str) -> bool {
        let bits = self.0.get_or_init(|| {
            let mut bits = Bits(Box::new([0; BITS / 64]));
            bits.add(text);
            bits
        });
        runs(word).all(|bit| bits.0[bit / 64] & (1 << (bit % 64)) != 0)
    }

    /// Takes over what is known of the text before an edit, which put the lines `after` in. Runs that it took away stay:
    /// they cost a search.
    pub(super) fn take_over(&self, old: &Trigrams, after: &str) {
        let Some(known) = old.0.get() else { return };
        let mut bits = known.clone();
        bits.add(after);
        let _ = self.0.set(bits);
    }
}

/// The bits of the runs of a text, in their order.
fn runs(text: &str) -> impl Iterator<Item = usize> {
    text.as_bytes().windows(3).map(|run| {
        let run = u32::from(run[0]) | u32::from(run[1]) << 8 | u32::from(run[2]) << 16;
        // Fibonacci hashing: the upper bits depend on all of the run.
        (run.wrapping_mul(0x9E37_79B1) >> (32 - BITS.ilog2())) as usize
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_is_never_denied() {
        let text = "def test_price():\n    assert price(\"äpfel\") == 3\n";
        let trigrams = Trigrams::default();
        for start in 0..text.len() {
            for end in start..=text.len() {
                if let Some(word) = text.get(start..end) {
                    assert!(trigrams.may_hold(word, text), "{word}");
                }
            }
        }
        for word in ["basket", "xyz", "pricey"] {
            assert!(!trigrams.may_hold(word, text), "{word}");
        }
        let edited = Trigrams::default();
        edited.take_over(&trigrams, "    basket = 1\n");
        assert!(edited.may_hold("basket", "") && edited.may_hold("price", ""));
        assert!(!edited.may_hold("xyz", ""));
    }
}
