//! The `diff` blocks of pages: read, applied, and made for messages.

use similar::TextDiff;

/// The changes that a block wants in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileDiff {
    /// Relative, with `/`; `None` for the hint's own file.
    pub(crate) path: Option<String>,
    hunks: Vec<Hunk>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Hunk {
    old: Vec<String>,
    new: Vec<String>,
}

/// Reads a block. A line that is blank counts as an empty context line.
pub(crate) fn read(body: &str) -> Result<Vec<FileDiff>, String> {
    let mut files: Vec<FileDiff> = Vec::new();
    let mut hunk = Hunk::default();
    for line in body.lines() {
        if let Some(path) = line.strip_prefix("--- ") {
            close(&mut files, &mut hunk);
            let path = path.trim();
            let path = path.strip_prefix("a/").unwrap_or(path);
            files.push(FileDiff { path: Some(path.to_owned()), hunks: Vec::new() });
        } else if line.starts_with("+++ ") {
            continue;
        } else if line.starts_with("@@") {
            close(&mut files, &mut hunk);
        } else if let Some(line) = line.strip_prefix('-') {
            hunk.old.push(line.to_owned());
        } else if let Some(line) = line.strip_prefix('+') {
            hunk.new.push(line.to_owned());
        } else if line.is_empty() || line.starts_with(' ') {
            let line = line.get(1..).unwrap_or_default();
            hunk.old.push(line.to_owned());
            hunk.new.push(line.to_owned());
        } else {
            return Err(format!("a diff's line starts with ` `, `-`, `+` or `@@`: `{line}`"));
        }
    }
    close(&mut files, &mut hunk);
    if files.iter().all(|file| file.hunks.is_empty()) {
        return Err("the diff changes nothing".to_owned());
    }
    Ok(files)
}

fn close(files: &mut Vec<FileDiff>, hunk: &mut Hunk) {
    let hunk = std::mem::take(hunk);
    if hunk == Hunk::default() {
        return;
    }
    match files.last_mut() {
        Some(file) => file.hunks.push(hunk),
        None => files.push(FileDiff { path: None, hunks: vec![hunk] }),
    }
}

impl FileDiff {
    /// `text` with the hunks applied from the top down, each where its old lines first stand.
    pub(crate) fn apply(&self, text: &str) -> Result<String, String> {
        let lines: Vec<&str> = text.lines().collect();
        let mut out: Vec<&str> = Vec::new();
        let mut done = 0;
        for hunk in &self.hunks {
            let at = find(&lines[done..], &hunk.old).map(|at| done + at).ok_or_else(|| {
                format!("these lines of the diff do not stand in the file:\n{}", hunk.old.join("\n"))
            })?;
            out.extend(&lines[done..at]);
            out.extend(hunk.new.iter().map(String::as_str));
            done = at + hunk.old.len();
        }
        out.extend(&lines[done..]);
        Ok(out.iter().flat_map(|line| [*line, "\n"]).collect())
    }
}

fn find(lines: &[&str], wanted: &[String]) -> Option<usize> {
    if wanted.is_empty() {
        return lines.is_empty().then_some(0);
    }
    lines.windows(wanted.len()).position(|window| window == wanted)
}

/// The real change of one file, in the form that a page has.
pub(crate) fn make(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    format!("--- {path}\n{}", diff.unified_diff().context_radius(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_apply_from_the_top_down() {
        let files = read(" b\n-c\n+C\n@@\n b\n+x\n").unwrap();
        assert_eq!(files[0].apply("a\nb\nc\nb\nd\n").unwrap(), "a\nb\nC\nb\nx\nd\n");
    }

    #[test]
    fn several_files_and_new_ones() {
        let files = read("--- a.py\n+++ a.py\n-a\n--- conftest.py\n+new\n").unwrap();
        assert_eq!(files[0].apply("a\n").unwrap(), "");
        assert_eq!(files[1].path.as_deref(), Some("conftest.py"));
        assert_eq!(files[1].apply("").unwrap(), "new\n");
        assert!(files[1].apply("full\n").is_err());
    }

    #[test]
    fn what_is_made_can_be_read() {
        let (before, after) = ("a\nb\nc\nd\n\ne\nf\n", "a\nB\nc\nd\n\ne\nf\ng\n");
        let files = read(&make("t.py", before, after)).unwrap();
        assert_eq!(files[0].apply(before).unwrap(), after);
    }

    #[test]
    fn wrong_blocks_are_refused() {
        for body in ["", "x\n", "--- a.py\n"] {
            assert!(read(body).is_err(), "{body}");
        }
        assert!(read("-no\n").unwrap()[0].apply("yes\n").is_err());
    }
}
