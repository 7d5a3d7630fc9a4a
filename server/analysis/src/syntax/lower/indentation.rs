//! Wrong indentation, which the grammar takes without a word.

use super::Lowering;
use crate::facts::code::NodeId;

impl Lowering<'_> {
    /// The statements of one block that begin a line begin at one column.
    pub(super) fn check_indentation(&mut self, block: &[NodeId]) {
        let mut columns =
            block.iter().filter_map(|id| column(&self.text[..self.builder.range(*id).start as usize]));
        let Some(first) = columns.next() else { return };
        if columns.any(|column| column != first) {
            self.broken = true;
        }
    }
}

/// The column that `before` ends at, as CPython counts it; `None` when something else stands on the line, or when
/// the line goes on from the one above.
fn column(before: &str) -> Option<u32> {
    let line_start = before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    let above = before[..line_start].trim_end_matches(['\n', '\r']);
    if above.len() < line_start && above.ends_with('\\') {
        return None;
    }
    let mut column = 0;
    for byte in before[line_start..].bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column = (column / 8 + 1) * 8,
            b'\x0c' => column = 0,
            _ => return None,
        }
    }
    Some(column)
}

#[cfg(test)]
mod tests {
    use super::column;

    #[test]
    fn columns() {
        for (before, expected) in [
            ("", Some(0)),
            ("a\n    ", Some(4)),
            ("a\r\n\t", Some(8)),
            ("a\r  \t", Some(8)),
            ("    \x0c  ", Some(2)),
            ("a; ", None),
            ("if x: \\\n    ", None),
            ("# \\\n\n  ", None),
        ] {
            assert_eq!(column(before), expected, "{before:?}");
        }
    }
}
