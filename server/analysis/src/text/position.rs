//! Positions as editors count them.

/// A place in a text as LSP has it: line and character, both 0-based. What a character is, the
/// [`Encoding`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    pub line: u32,
    pub character: u32,
}

impl Position {
    pub const fn new(line: u32, character: u32) -> Self {
        Self { line, character }
    }
}

/// The code unit that [`Position::character`] counts; LSP's `positionEncoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, LSP's default: two for a character beyond U+FFFF.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// How many code units `text` has.
    pub fn count(self, text: &str) -> u32 {
        if self == Self::Utf8 || text.is_ascii() {
            return text.len() as u32;
        }
        text.chars().map(|c| self.width(c)).sum()
    }

    /// The byte offset in `text` of its code unit number `units`: rounded down to the start of a
    /// character, and the end of `text` when there are fewer.
    pub fn byte_offset(self, text: &str, units: u32) -> u32 {
        if self == Self::Utf8 || text.is_ascii() {
            return text.floor_char_boundary(units as usize) as u32;
        }
        let mut seen = 0;
        for (offset, c) in text.char_indices() {
            seen += self.width(c);
            if seen > units {
                return offset as u32;
            }
        }
        text.len() as u32
    }

    fn width(self, c: char) -> u32 {
        match self {
            Self::Utf8 => c.len_utf8() as u32,
            Self::Utf16 => c.len_utf16() as u32,
            Self::Utf32 => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_inside_a_character_rounds_down() {
        let text = "a😀é";
        assert_eq!(Encoding::Utf16.byte_offset(text, 2), 1);
        assert_eq!(Encoding::Utf16.byte_offset(text, 3), 5);
        assert_eq!(Encoding::Utf8.byte_offset(text, 3), 1);
        assert_eq!(Encoding::Utf32.byte_offset(text, 2), 5);
    }

    #[test]
    fn past_the_end_is_the_end() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            assert_eq!(encoding.byte_offset("a😀é", u32::MAX), 7);
            assert_eq!(encoding.byte_offset("", 1), 0);
        }
    }

    #[test]
    fn counts() {
        let text = "a😀é字";
        assert_eq!(Encoding::Utf8.count(text), 10);
        assert_eq!(Encoding::Utf16.count(text), 5);
        assert_eq!(Encoding::Utf32.count(text), 4);
    }
}
