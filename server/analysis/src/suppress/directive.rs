//! The text of a suppression: `flakeless: ignore[rule, rule] reason` behind a `#`.

use crate::text::TextRange;

/// How far a directive reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// `ignore`: the statement, test or class whose line it stands on.
    Here,
    /// `ignore-file`.
    File,
}

/// A rule's name as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub range: TextRange,
}

/// One directive of a comment. Ranges are those of whatever text was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// From its `#` to the end of its reason.
    pub range: TextRange,
    pub extent: Extent,
    /// Empty for a bare one, and where the brackets are not closed.
    pub names: Vec<Name>,
}

/// The directives in a comment, which starts with `#`. Another comment may stand before (`# noqa # flakeless: …`)
/// and behind.
pub fn read(comment: &str) -> Vec<Directive> {
    let starts: Vec<usize> = comment.match_indices('#').map(|(at, _)| at).collect();
    starts.iter().filter_map(|start| read_at(comment, *start)).collect()
}

fn read_at(comment: &str, start: usize) -> Option<Directive> {
    let rest = comment[start + 1..].trim_start();
    let rest = rest.strip_prefix("flakeless:")?.trim_start();
    let (extent, rest) = match rest.strip_prefix("ignore-file") {
        Some(rest) => (Extent::File, rest),
        None => (Extent::Here, rest.strip_prefix("ignore")?),
    };
    if rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '_')) {
        return None;
    }
    let end = end_of_reason(comment, comment.len() - rest.len());
    let rest = &comment[comment.len() - rest.len()..end];
    let list = rest.trim_start().strip_prefix('[').and_then(|list| Some(&list[..list.find(']')?]));
    let list_start = end - rest.len() + rest.find('[').map_or(0, |bracket| bracket + 1);
    let names = list.map(|list| names(list, list_start)).unwrap_or_default();
    Some(Directive { range: range(start, end), extent, names })
}

/// The reason goes on to the next comment: a `#` behind a blank that does not begin a number (`#12` is an issue).
fn end_of_reason(comment: &str, from: usize) -> usize {
    let next = comment[from..].match_indices('#').map(|(at, _)| from + at).find(|at| {
        let is_apart = comment[..*at].ends_with([' ', '\t']);
        is_apart && !comment[at + 1..].starts_with(|next: char| next.is_ascii_digit())
    });
    comment[..next.unwrap_or(comment.len())].trim_end().len()
}

fn names(list: &str, start: usize) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = start;
    for part in list.split(',') {
        let text = part.trim();
        let from = at + (part.len() - part.trim_start().len());
        if !text.is_empty() {
            names.push(Name { text: text.to_owned(), range: range(from, from + text.len()) });
        }
        at += part.len() + 1;
    }
    names
}

fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(start as u32, end as u32)
}

impl Directive {
    /// The same directive where the text that was read starts at `by`.
    #[must_use]
    pub fn shift(mut self, by: u32) -> Directive {
        let by = i64::from(by);
        self.range = self.range.shift(by);
        for name in &mut self.names {
            name.range = name.range.shift(by);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each directive as its own text, extent and names.
    fn said(comment: &str) -> Vec<(&str, Extent, Vec<&str>)> {
        let mut all = Vec::new();
        for directive in read(comment) {
            let names = directive.names.iter().map(|name| name.range.slice(comment)).collect();
            all.push((directive.range.slice(comment), directive.extent, names));
        }
        all
    }

    #[test]
    fn directives_are_found_in_comments() {
        let one = |comment| said(comment).into_iter().next().map(|(_, extent, names)| (extent, names));
        assert_eq!(one("# flakeless: ignore[a]"), Some((Extent::Here, vec!["a"])));
        assert_eq!(one("#flakeless:ignore [ a,b , ] because"), Some((Extent::Here, vec!["a", "b"])));
        assert_eq!(one("# flakeless: ignore-file[a]"), Some((Extent::File, vec!["a"])));
        assert_eq!(one("# flakeless: ignore"), Some((Extent::Here, vec![])));
        assert_eq!(one("# flakeless: ignore[a"), Some((Extent::Here, vec![])));
        assert_eq!(one("# flakeless: ignored"), None);
        assert_eq!(one("# flakeless: a tool"), None);
        assert_eq!(one("# see flakeless: ignore[a]"), None);
    }

    #[test]
    fn other_comments_stay_apart() {
        let comment = "# noqa # flakeless: ignore[a] see #12  # flakeless: ignore-file[b] # pragma";
        assert_eq!(
            said(comment),
            [
                ("# flakeless: ignore[a] see #12", Extent::Here, vec!["a"]),
                ("# flakeless: ignore-file[b]", Extent::File, vec!["b"]),
            ]
        );
    }
}
