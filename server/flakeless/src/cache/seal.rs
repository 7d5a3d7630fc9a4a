//! The outer form of what is kept: a head that tells a whole entry of this kind from anything else.

use xxhash_rust::xxh3::xxh3_128_with_seed;

/// Counted up when what follows the head changes its form without a change of the sources that the key holds.
const MAGIC: [u8; 16] = *b"flakeless keeps\x01";
const HEAD: usize = MAGIC.len() + 3 * size_of::<u128>();

/// `payload` behind a head, for the entry that is known by `key`.
pub(super) fn seal(key: u128, payload: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(HEAD + payload.len());
    sealed.extend(MAGIC);
    for number in [key, payload.len() as u128, checksum(key, payload)] {
        sealed.extend(number.to_le_bytes());
    }
    sealed.extend(payload);
    sealed
}

/// What was sealed for `key`; `None` if it is something else, or not whole.
pub(super) fn open(key: u128, sealed: &[u8]) -> Option<&[u8]> {
    let (head, payload) = sealed.split_at_checked(HEAD)?;
    let numbers = head.strip_prefix(&MAGIC)?.as_chunks().0.iter().map(|bytes| u128::from_le_bytes(*bytes));
    let is_whole = numbers.eq([key, payload.len() as u128, checksum(key, payload)]);
    is_whole.then_some(payload)
}

fn checksum(key: u128, payload: &[u8]) -> u128 {
    xxh3_128_with_seed(payload, key as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_sealed_comes_out() {
        assert_eq!(open(7, &seal(7, b"kept")), Some(&b"kept"[..]));
        assert_eq!(open(7, &seal(7, b"")), Some(&b""[..]));
        assert_eq!(open(8, &seal(7, b"kept")), None);
        assert_eq!(open(7, b""), None);
    }

    proptest! {
        #[test]
        fn what_is_cut_or_grew_is_refused(payload: Vec<u8>, cut: prop::sample::Index, more in 1..9usize) {
            let sealed = seal(7, &payload);
            prop_assert_eq!(open(7, &sealed[..cut.index(sealed.len())]), None);
            let grown = [&sealed[..], &vec![0; more]].concat();
            prop_assert_eq!(open(7, &grown), None);
        }

        #[test]
        fn what_has_a_flipped_bit_is_refused(payload: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
            let mut sealed = seal(7, &payload);
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(open(7, &sealed), None);
        }
    }
}
