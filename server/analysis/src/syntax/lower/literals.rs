//! The values of numbers.

/// A spelling that only Python 2 takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Python2;

/// The value of an integer literal; `None` where it does not fit.
///
/// # Errors
/// `10L` and `0777`.
pub(super) fn integer(text: &str) -> Result<Option<i64>, Python2> {
    if text.ends_with(['l', 'L']) {
        return Err(Python2);
    }
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', rest @ ..] if rest.iter().any(|digit| *digit != b'0') => return Err(Python2),
        _ => (10, digits.as_str()),
    };
    Ok(i64::from_str_radix(digits, radix).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        for (text, value) in [
            ("0", Ok(Some(0))),
            ("00", Ok(Some(0))),
            ("1_000", Ok(Some(1000))),
            ("0xFF", Ok(Some(255))),
            ("0B_101", Ok(Some(5))),
            ("0o17", Ok(Some(15))),
            ("9223372036854775807", Ok(Some(i64::MAX))),
            ("9223372036854775808", Ok(None)),
            ("0777", Err(Python2)),
            ("10L", Err(Python2)),
        ] {
            assert_eq!(integer(text), value, "{text}");
        }
    }
}
