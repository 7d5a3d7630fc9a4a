//! Physical lines: their ends, their indentation, their first words.

use memchr::memchr2;

/// The start of a physical line, or of several that backslashes join before the first token.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineStart {
    /// Where the line starts.
    pub(super) line: usize,
    /// Where its first byte that is not blank is; for a blank line its end.
    pub(super) token: usize,
    /// The column of `token`.
    pub(super) column: u32,
    pub(super) content: Content,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Blank,
    Comment,
    Code,
    /// The file ends with nothing on this line.
    End,
}

/// What a line begins with, as far as the splitter cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leading {
    Decorator,
    Function {
        is_async: bool,
    },
    Class,
    Import,
    /// A compound statement but `match`, which is a keyword only by what follows it.
    Compound,
    /// `else`, `elif`, `except`, `finally`.
    Clause,
    Other,
}

/// 3 when the file begins with a byte order mark, else 0.
pub(super) fn after_byte_order_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

/// The first `\n` or `\r` at or after `at`, or the end of the file.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |found| at + found)
}

/// Where the line after the line end at `end` starts; `end` itself at the end of the file.
pub(super) fn next_line(bytes: &[u8], end: usize) -> usize {
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(b'\r' | b'\n'), _) => end + 1,
        _ => end,
    }
}

/// Where the next line starts when the backslash at `at` joins it to this one.
pub(super) fn joined_line(bytes: &[u8], at: usize) -> Option<usize> {
    matches!(bytes.get(at + 1), Some(b'\r' | b'\n')).then(|| next_line(bytes, at + 1))
}

pub(super) fn is_line_end(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'\r' | b'\n'))
}

/// Skips blanks from `at`, where the column is `column`. A tab goes on to the next multiple of 8
/// and a form feed back to 0, as in CPython's tokenizer.
pub(super) fn skip_indentation(bytes: &[u8], mut at: usize, mut column: u32) -> (usize, u32) {
    while let Some(byte) = bytes.get(at) {
        column = match byte {
            b' ' => column.saturating_add(1),
            b'\t' => (column / 8).saturating_add(1).saturating_mul(8),
            b'\x0c' => 0,
            _ => break,
        };
        at += 1;
    }
    (at, column)
}

/// Reads the start of the line at `line`. Where backslashes join lines inside the indentation, the
/// first that has blanks before it fixes the column, as in CPython's tokenizer.
pub(super) fn line_start(bytes: &[u8], line: usize) -> LineStart {
    let mut fixed = 0;
    let (mut token, mut column) = skip_indentation(bytes, line, 0);
    while let (Some(b'\\'), Some(next)) = (bytes.get(token), joined_line(bytes, token)) {
        if fixed == 0 {
            fixed = column;
        }
        (token, column) = skip_indentation(bytes, next, column);
    }
    let content = match bytes.get(token) {
        None => Content::End,
        Some(b'\n' | b'\r') => Content::Blank,
        Some(b'#') => Content::Comment,
        Some(_) => Content::Code,
    };
    LineStart { line, token, column: if fixed == 0 { column } else { fixed }, content }
}

/// Skips blanks and joined lines.
pub(super) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = match bytes.get(at) {
            Some(b' ' | b'\t' | b'\x0c') => at + 1,
            Some(b'\\') => match joined_line(bytes, at) {
                Some(next) => next,
                None => return at,
            },
            _ => return at,
        };
    }
}

pub(super) fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The end of the identifier or keyword at `at`; `at` itself when there is none.
pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| is_identifier(byte)).count()
}

/// What the line whose first token is at `at` begins with.
pub(super) fn leading(bytes: &[u8], at: usize) -> Leading {
    if bytes.get(at) == Some(&b'@') {
        return Leading::Decorator;
    }
    let end = word_end(bytes, at);
    match &bytes[at..end] {
        b"def" => Leading::Function { is_async: false },
        b"class" => Leading::Class,
        b"import" | b"from" => Leading::Import,
        b"if" | b"for" | b"while" | b"try" | b"with" => Leading::Compound,
        b"else" | b"elif" | b"except" | b"finally" => Leading::Clause,
        b"async" => {
            let next = skip_blanks(bytes, end);
            match &bytes[next..word_end(bytes, next)] {
                b"def" => Leading::Function { is_async: true },
                _ => Leading::Compound,
            }
        }
        _ => Leading::Other,
    }
}

/// Whether a line inside brackets, whose first token is at `at` in `column`, can only be the start
/// of a statement: the brackets that are open were forgotten. `def` and `class` followed by a name
/// never stand in an expression. `@` does, as an operator; it is taken for a decorator when a name
/// touches it and it stands no deeper than `statement`, the column of the statement with the brackets.
pub(super) fn interrupts_brackets(bytes: &[u8], at: usize, column: u32, statement: u32) -> bool {
    let names =
        |at: usize| matches!(bytes.get(at), Some(&byte) if is_identifier(byte) && !byte.is_ascii_digit());
    match bytes.get(at) {
        Some(b'@') => column <= statement && names(at + 1),
        Some(b'd' | b'c' | b'a') => {
            let mut end = word_end(bytes, at);
            if &bytes[at..end] == b"async" {
                let def = skip_indentation(bytes, end, 0).0;
                end = word_end(bytes, def);
                return &bytes[def..end] == b"def" && names_follow(bytes, end, names);
            }
            matches!(&bytes[at..end], b"def" | b"class") && names_follow(bytes, end, names)
        }
        _ => false,
    }
}

fn names_follow(bytes: &[u8], end: usize, names: impl Fn(usize) -> bool) -> bool {
    let next = skip_indentation(bytes, end, 0).0;
    next > end && names(next)
}
