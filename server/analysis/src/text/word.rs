//! Searching a text for a word.

use memchr::memmem::Finder;

/// Of a shorter name nobody makes a longer one.
const LEAST_PART: usize = 4;

/// Where a word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Where it is no part of a longer name.
    Alone,
    /// Also as a part of a longer name, if it is so long that this is no accident.
    InNames,
    Anywhere,
}

/// A name, or the words of a string, to be searched for.
pub struct Word<'w> {
    word: &'w str,
    finder: Finder<'w>,
    /// Whether no name may go on before it, and behind it.
    is_bounded: (bool, bool),
}

impl<'w> Word<'w> {
    pub fn new(word: &'w str, standing: Standing) -> Word<'w> {
        let bytes = word.as_bytes();
        let is_alone = match standing {
            Standing::Alone => true,
            Standing::InNames => word.len() < LEAST_PART,
            Standing::Anywhere => false,
        };
        let is_name = |byte: Option<&u8>| is_alone && byte.copied().is_some_and(is_of_name);
        let is_bounded = (is_name(bytes.first()), is_name(bytes.last()));
        Word { word, finder: Finder::new(bytes), is_bounded }
    }

    pub fn as_str(&self) -> &'w str {
        self.word
    }

    pub fn is_in(&self, text: &str) -> bool {
        self.first_in(text, 0).is_some()
    }

    /// The offset of the first that stands in a text at `from` or behind it.
    pub fn first_in(&self, text: &str, from: usize) -> Option<usize> {
        let text = text.as_bytes();
        let (begins, ends) = self.is_bounded;
        let mut places = self.finder.find_iter(text.get(from..)?).map(|at| from + at);
        places.find(|at| {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            let after = text.get(at + self.word.len());
            let is_longer = begins && before.copied().is_some_and(is_of_name)
                || ends && after.copied().is_some_and(is_of_name);
            !is_longer
        })
    }
}

/// What may be a name in a text: in code, in strings and in comments.
pub fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|byte| is_of_name(*byte))?;
        let length = bytes[start..].iter().position(|byte| !is_of_name(*byte)).unwrap_or(bytes.len() - start);
        at = start + length;
        text.get(start..at)
    })
}

/// Whether a byte can stand in a name; all of a letter beyond ASCII can.
pub fn is_of_name(byte: u8) -> bool {
    OF_NAME[byte as usize]
}

/// A table, since whole texts are cut into names by it.
static OF_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let as_byte = byte as u8;
        table[byte] = as_byte.is_ascii_alphanumeric() || as_byte == b'_' || !as_byte.is_ascii();
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(word: &str, standing: Standing, text: &str) -> bool {
        Word::new(word, standing).is_in(text)
    }

    #[test]
    fn a_word_alone_is_no_part_of_another() {
        for text in ["x", "a = x + 1", "f(\"x\")", "xx, x", "self.x"] {
            assert!(is_in("x", Standing::Alone, text), "{text}");
        }
        for text in ["", "xx", "x1", "ax", "x_", "éx", "xé"] {
            assert!(!is_in("x", Standing::Alone, text), "{text}");
        }
        assert!(is_in("8080", Standing::Alone, "bind((host, 8080))"));
        assert!(!is_in("8080", Standing::Alone, "18080"));
        assert!(is_in("/a", Standing::Alone, "b/a/c"));
        assert!(is_in("aa", Standing::Alone, "aab, aa"));
    }

    #[test]
    fn other_words_may_be_parts() {
        assert!(is_in("limit", Standing::InNames, "basket_limit()"));
        assert!(!is_in("x", Standing::InNames, "max()"));
        assert!(is_in("x", Standing::Anywhere, "max()"));
    }

    #[test]
    fn a_text_is_cut_into_what_may_be_names() {
        let names: Vec<&str> = names_in("a.b_c = \"d é1\"  # x-2").collect();
        assert_eq!(names, ["a", "b_c", "d", "é1", "x", "2"]);
        assert_eq!(names_in(" =\n").next(), None);
    }

    #[test]
    fn the_first_behind_a_place_is_found() {
        let word = Word::new("limit", Standing::Alone);
        let text = "limits, limit, limit";
        assert_eq!(word.first_in(text, 0), Some(8));
        assert_eq!(word.first_in(text, 8), Some(8));
        assert_eq!(word.first_in(text, 9), Some(15));
        assert_eq!(word.first_in(text, 16), None);
        assert_eq!(word.first_in(text, 99), None);
    }
}
