//! `# hint:` comments and the carets below them.

use std::ops::Range;

use analysis::hint::Confidence;

/// A hint that must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) rule: String,
    pub(crate) confidence: Confidence,
    /// Must be part of the message.
    pub(crate) words: Option<String>,
    /// 0-based line of [`Marked::text`] on which the hint starts.
    pub(crate) line: usize,
    /// Columns in characters, on that line.
    pub(crate) columns: Option<Range<usize>>,
}

/// Whether the engine is to see the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comments {
    Stay,
    TakenOut,
}

/// A source with what its comments say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marked {
    /// What the engine is given.
    pub(crate) text: String,
    /// For each line of `text`, its 0-based line in the source.
    pub(crate) lines: Vec<usize>,
    pub(crate) wanted: Vec<Wanted>,
    /// 0-based line in the source, and what cannot be read there.
    pub(crate) faults: Vec<(usize, String)>,
}

/// Reads the comments of `source`, whose lines may end in `\n` or `\r\n`.
pub(crate) fn read(source: &str, comments: Comments) -> Marked {
    let mut reader = Reader { comments, marked: Marked::default(), pending: Vec::new(), above: 0..0 };
    for (number, line) in source.split_inclusive('\n').enumerate() {
        reader.line(number, line);
    }
    if !reader.pending.is_empty() {
        reader.marked.faults.push((reader.marked.lines.len(), "no line follows the comment".to_owned()));
    }
    reader.marked
}

struct Reader {
    comments: Comments,
    marked: Marked,
    /// Said on a line of its own, for the next line.
    pending: Vec<Wanted>,
    /// Those of `wanted` that the next caret line may speak of.
    above: Range<usize>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let body = line.trim_end_matches(['\n', '\r']);
        if let Some(columns) = carets(body) {
            return self.carets(number, line, columns);
        }
        let Some(at) = body.find("# hint:") else {
            return self.code(number, line, Vec::new());
        };
        let said = match tails(&body[at..]) {
            Ok(said) => said,
            Err(message) => {
                self.marked.faults.push((number, message));
                Vec::new()
            }
        };
        let code = body[..at].trim_end();
        if code.is_empty() {
            self.pending.extend(said);
            return self.comment(number, line);
        }
        match self.comments {
            Comments::Stay => self.code(number, line, said),
            Comments::TakenOut => self.code(number, &format!("{code}{}", &line[body.len()..]), said),
        }
    }

    fn code(&mut self, number: usize, line: &str, said: Vec<Wanted>) {
        let at = self.marked.lines.len();
        let start = self.marked.wanted.len();
        let all = self.pending.drain(..).chain(said);
        self.marked.wanted.extend(all.map(|wanted| Wanted { line: at, ..wanted }));
        self.above = start..self.marked.wanted.len();
        self.push(number, line);
    }

    fn carets(&mut self, number: usize, line: &str, columns: Range<usize>) {
        match self.above.next() {
            Some(index) => self.marked.wanted[index].columns = Some(columns),
            None => self.marked.faults.push((number, "no hint is said on the line above".to_owned())),
        }
        self.comment(number, line);
    }

    fn comment(&mut self, number: usize, line: &str) {
        if self.comments == Comments::Stay {
            self.push(number, line);
        }
    }

    fn push(&mut self, number: usize, line: &str) {
        self.marked.text.push_str(line);
        self.marked.lines.push(number);
    }
}

/// The columns of the carets, when the line is a comment of nothing else.
fn carets(line: &str) -> Option<Range<usize>> {
    let hash = line.len() - line.trim_start_matches(' ').len();
    let inside = line[hash..].strip_prefix('#')?;
    let (inside, from_hash) = match inside.strip_prefix('<') {
        Some(rest) => (rest, true),
        None => (inside, false),
    };
    let trimmed = inside.trim_start_matches(' ');
    let end = line.trim_end().len();
    let only_carets = !trimmed.is_empty() && trimmed.trim_end().bytes().all(|byte| byte == b'^');
    let start = if from_hash { hash } else { line.len() - trimmed.len() };
    only_carets.then_some(start..end)
}

/// `# hint: [rule] possible "words"`, once or more.
fn tails(mut rest: &str) -> Result<Vec<Wanted>, String> {
    let mut all = Vec::new();
    while !rest.is_empty() {
        let form = || format!("not of the form `# hint: [rule] possible \"words\"`: `{rest}`");
        let inside = rest.strip_prefix("# hint:").map(str::trim_start).ok_or_else(form)?;
        let (rule, after) =
            inside.strip_prefix('[').and_then(|rule| rule.split_once(']')).ok_or_else(form)?;
        let (confidence, after) = confidence(after.trim_start());
        let (words, after) = quoted(after.trim_start()).ok_or_else(form)?;
        all.push(Wanted { rule: rule.trim().to_owned(), confidence, words, line: 0, columns: None });
        rest = after.trim_start();
    }
    Ok(all)
}

fn confidence(text: &str) -> (Confidence, &str) {
    Confidence::ALL
        .into_iter()
        .find_map(|confidence| Some((confidence, text.strip_prefix(confidence.word())?)))
        .unwrap_or((Confidence::Likely, text))
}

/// The words in quotes, if a quote is there, and the rest; `None` if it does not close. `\"` is a quote inside.
fn quoted(text: &str) -> Option<(Option<String>, &str)> {
    let Some(inside) = text.strip_prefix('"') else { return Some((None, text)) };
    let mut from = 0;
    loop {
        let end = from + inside[from..].find('"')?;
        if !inside[..end].ends_with('\\') {
            return Some((Some(inside[..end].replace("\\\"", "\"")), &inside[end + 1..]));
        }
        from = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_taken_out_and_lines_remembered() {
        let source =
            "a = 1\nopen(x)  # hint: [r-a] possible \"say \\\"x\\\"\" # hint: [r-b]\n#<^^^\n    # ^\nz\n";
        let marked = read(source, Comments::TakenOut);
        assert_eq!(marked.text, "a = 1\nopen(x)\nz\n");
        assert_eq!(marked.lines, [0, 1, 4]);
        assert_eq!(marked.faults, []);
        let [a, b] = marked.wanted.as_slice() else { panic!("{marked:?}") };
        assert_eq!(
            (a.rule.as_str(), a.confidence, a.words.as_deref(), a.line, a.columns.clone()),
            ("r-a", Confidence::Possible, Some("say \"x\""), 1, Some(0..5))
        );
        assert_eq!(
            (b.rule.as_str(), b.confidence, b.columns.clone()),
            ("r-b", Confidence::Likely, Some(6..7))
        );
    }

    #[test]
    fn comments_that_stay_do_not_move_lines() {
        let source = "# hint: [r]\r\nx = '''\r\n'''\r\n";
        let marked = read(source, Comments::Stay);
        assert_eq!(marked.text, source);
        assert_eq!(marked.wanted[0].line, 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for source in ["x  # hint: rule\n", "x  # hint: [r] probable\n", "x\n# ^^\n", "# hint: [r]\n"] {
            let marked = read(source, Comments::TakenOut);
            assert_eq!(marked.faults.len(), 1, "{source}: {marked:?}");
        }
    }

    #[test]
    fn other_comments_are_code() {
        for source in ["# ^ caret\n", "#\n", "# hints\n", "^\n"] {
            assert_eq!(read(source, Comments::TakenOut).text, source);
        }
    }
}
