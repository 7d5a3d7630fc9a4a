//! Where a line of code can be broken.

/// The brackets and commas of a line, outside of texts.
pub(super) struct Brackets<'l> {
    pub(super) code: &'l str,
    /// Pairs that lie in no other, by place.
    outer: Vec<(usize, usize)>,
    /// Commas, with how many pairs are open around them.
    commas: Vec<(usize, u32)>,
    /// Blanks in no pair.
    blanks: Vec<usize>,
}

impl<'l> Brackets<'l> {
    /// `None` for what is no whole line of code, or holds a comment.
    pub(super) fn of(code: &'l str) -> Option<Brackets<'l>> {
        let mut found = Brackets { code, outer: Vec::new(), commas: Vec::new(), blanks: Vec::new() };
        let (mut depth, mut opened) = (0_u32, 0);
        let mut characters = code.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '#' | '\\' => return None,
                '"' | '\'' if code[at..].starts_with(&character.to_string().repeat(3)) => return None,
                '"' | '\'' => skip_text(&mut characters, character)?,
                '(' | '[' | '{' => {
                    if depth == 0 {
                        opened = at;
                    }
                    depth += 1;
                }
                ')' | ']' | '}' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        found.outer.push((opened, at));
                    }
                }
                ',' => found.commas.push((at, depth)),
                ' ' if depth == 0 => found.blanks.push(at),
                _ => {}
            }
        }
        (depth == 0).then_some(found)
    }

    /// The pair to break: of a `def` the first, else the last, where the line ends with it.
    pub(super) fn to_open(&self) -> Option<(usize, usize)> {
        let is_def = self.code.starts_with("def ") || self.code.starts_with("async def ");
        let (open, close) = if is_def { self.outer.first() } else { self.outer.last() }.copied()?;
        let ends = is_def || matches!(self.code[close + 1..].trim(), "" | ":" | ",");
        (ends && close > open + 1).then_some((open, close))
    }

    /// Whether a comma stands in no pair.
    pub(super) fn has_bare_comma(&self) -> bool {
        self.commas.iter().any(|(_, depth)| *depth == 0)
    }

    /// What blanks part outside of brackets and texts.
    pub(super) fn words(&self) -> Vec<&'l str> {
        let ends = self.blanks.iter().copied().chain([self.code.len()]);
        let mut from = 0;
        let words = ends.map(|end| &self.code[std::mem::replace(&mut from, end + 1)..end]);
        words.filter(|word| !word.is_empty()).collect()
    }

    /// What commas part between two places that lie in the same brackets.
    pub(super) fn parts(&self, start: usize, end: usize) -> Vec<&'l str> {
        let depth = u32::from(self.outer.iter().any(|(open, close)| *open < start && end <= *close));
        let inside = self.commas.iter().filter(|(at, own)| *own == depth && (start..end).contains(at));
        let mut parts = Vec::new();
        let mut from = start;
        for (at, _) in inside {
            parts.push(self.code[from..*at].trim());
            from = at + 1;
        }
        parts.push(self.code[from..end].trim());
        parts.retain(|part| !part.is_empty());
        parts
    }
}

/// Goes behind the quote that ends a text.
fn skip_text(characters: &mut std::str::CharIndices<'_>, quote: char) -> Option<()> {
    while let Some((_, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            _ if character == quote => return Some(()),
            _ => {}
        }
    }
    None
}
