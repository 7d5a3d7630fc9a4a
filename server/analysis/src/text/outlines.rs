//! Telling most names that are none of some known ones without a search for them.

/// A bit for each of the known names, by its length and ends, in `N` words of 64 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlines<const N: usize>([u64; N]);

impl<const N: usize> Default for Outlines<N> {
    fn default() -> Self {
        Outlines([0; N])
    }
}

impl<const N: usize> Outlines<N> {
    pub fn add(&mut self, name: &str) {
        let bit = bit(name) % (64 * N);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether a name may be one of those that were added.
    pub fn may_hold(&self, name: &str) -> bool {
        let bit = bit(name) % (64 * N);
        self.0[bit / 64] & (1 << (bit % 64)) != 0
    }
}

fn bit(name: &str) -> usize {
    let ends = [name.as_bytes().first(), name.as_bytes().last()].map(|end| end.copied().unwrap_or_default());
    usize::from(ends[0]) * 31 + usize::from(ends[1]) * 7 + name.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_may_be_held() {
        let mut outlines = Outlines::<16>::default();
        assert!(!outlines.may_hold("price") && !outlines.may_hold(""));
        outlines.add("price");
        outlines.add("");
        assert!(outlines.may_hold("price") && outlines.may_hold("") && !outlines.may_hold("cart"));
    }
}
