//! The value of a string literal's text.

use std::borrow::Cow;

/// The text between the quotes as Python reads it: line ends are `\n`, and unless the literal is raw, escapes are
/// resolved. `\N{…}`, surrogates and escapes that Python does not know stay as written.
pub(super) fn unescape(text: &str, is_raw: bool) -> Cow<'_, str> {
    let normal = normalise_newlines(text);
    if is_raw || !normal.contains('\\') {
        return normal;
    }
    let mut value = String::with_capacity(normal.len());
    let mut rest = &*normal;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let escape = &rest[at..];
        let (resolved, length) = resolve(escape);
        match resolved {
            Resolved::Char(c) => value.push(c),
            Resolved::Nothing => {}
            Resolved::AsWritten => value.push_str(&escape[..length]),
        }
        rest = &escape[length..];
    }
    value.push_str(rest);
    Cow::Owned(value)
}

enum Resolved {
    Char(char),
    Nothing,
    AsWritten,
}

/// What the escape at the start of `text` stands for, and its length in bytes.
fn resolve(text: &str) -> (Resolved, usize) {
    let Some(second) = text[1..].chars().next() else {
        return (Resolved::AsWritten, 1);
    };
    let simple = match second {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' | '\'' | '"' => second,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'v' => '\x0b',
        '\n' => return (Resolved::Nothing, 2),
        'x' => return coded(text, 2, 2, 16),
        'u' => return coded(text, 2, 4, 16),
        'U' => return coded(text, 2, 8, 16),
        '0'..='7' => {
            let digits = text[1..].bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            return coded(text, 1, digits, 8);
        }
        _ => return (Resolved::AsWritten, 1 + second.len_utf8()),
    };
    (Resolved::Char(simple), 2)
}

fn coded(text: &str, from: usize, digits: usize, radix: u32) -> (Resolved, usize) {
    let end = from + digits;
    let code = text
        .get(from..end)
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|code| u32::from_str_radix(code, radix).ok())
        .and_then(char::from_u32);
    match code {
        Some(c) => (Resolved::Char(c), end),
        None => (Resolved::AsWritten, from),
    }
}

fn normalise_newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        for (text, value) in [
            (r"a\tb\n", "a\tb\n"),
            (r#"\\ \' \""#, r#"\ ' ""#),
            (r"\x41\u00e9\U0001F600", "Aé😀"),
            (r"\0\101\1012", "\0AA2"),
            (r"\d \N{BULLET} \ud800 \x4", r"\d \N{BULLET} \ud800 \x4"),
            ("a\\\nb", "ab"),
            ("a\r\nb\rc\\\r\nd", "a\nb\ncd"),
            (r"end\", r"end\"),
            (r"\é", r"\é"),
            (r"\+41", r"\+41"),
            (r"\x+1", r"\x+1"),
        ] {
            assert_eq!(unescape(text, false), value, "{text}");
        }
    }

    #[test]
    fn a_raw_string_keeps_its_backslashes() {
        assert_eq!(unescape(r"\n\x41", true), r"\n\x41");
    }
}
