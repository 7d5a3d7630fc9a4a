//! Breaks lines that edits have made too long, as ruff and Black break them: what is in the brackets goes onto a line of
//! its own, or where that is too long, each part does.
//!
//! A dotted name cannot be broken: what is called by one that is too long is broken all the same, and so is what stands
//! around one. Without brackets at its end only the value of an assignment, or the comparison that is asserted, gets lines of
//! its own, where it fits there.
//!
//! Only the plain forms: a line that holds a comment or a text over several lines stays as it is.

mod brackets;

use crate::fix::{TextEdit, apply};
use crate::text::{TextRange, line_start};

use brackets::Brackets;

const DEEPER: &str = "    ";

/// The same edits of `text`, where they make a line longer than `limit` columns with that line broken.
pub fn fitted(text: &str, edits: &[TextEdit], limit: usize, newline: &str) -> Vec<TextEdit> {
    let mut out = Vec::new();
    for (region, group) in regions(text, edits) {
        match fitted_region(text, region, group, limit, newline) {
            Some(edit) => out.push(edit),
            None => out.extend(group.iter().cloned()),
        }
    }
    out
}

/// Edits that share a line, with the lines that they share.
fn regions<'e>(text: &str, edits: &'e [TextEdit]) -> Vec<(TextRange, &'e [TextEdit])> {
    let lines = |edit: &TextEdit| {
        let start = line_start(text, edit.range.start as usize);
        TextRange::new(start as u32, line_end(text, edit.range.end as usize) as u32)
    };
    let mut found: Vec<(TextRange, std::ops::Range<usize>)> = Vec::new();
    for (index, edit) in edits.iter().enumerate() {
        let own = lines(edit);
        match found.last_mut() {
            Some((region, group)) if own.start <= region.end => {
                region.end = region.end.max(own.end);
                group.end = index + 1;
            }
            _ => found.push((own, index..index + 1)),
        }
    }
    found.into_iter().map(|(region, group)| (region, &edits[group])).collect()
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find(['\n', '\r']).map_or(text.len(), |found| from + found)
}

fn fitted_region(
    text: &str,
    region: TextRange,
    edits: &[TextEdit],
    limit: usize,
    newline: &str,
) -> Option<TextEdit> {
    let shifted = |edit: &TextEdit| TextEdit {
        range: TextRange::new(edit.range.start - region.start, edit.range.end - region.start),
        text: edit.text.clone(),
    };
    let was = region.slice(text);
    let edits: Vec<TextEdit> = edits.iter().map(shifted).collect();
    let after = apply(was, &edits);
    if was.lines().any(|line| width(line) > limit) || after.lines().all(|line| width(line) <= limit) {
        return None;
    }
    let above = text[..region.start as usize].lines().next_back().unwrap_or_default();
    let below = text[region.end as usize..].lines().nth(1).unwrap_or_default();
    let lines: Vec<&str> = after.lines().collect();
    let mut out: Vec<String> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let before = if index == 0 { above } else { lines[index - 1] };
        let behind = lines.get(index + 1).copied().unwrap_or(below);
        let broken = (width(line) > limit).then(|| broken(line, before, behind, limit)).flatten();
        match broken {
            Some(broken) => out.extend(broken),
            None => out.push((*line).to_owned()),
        }
    }
    Some(trimmed(region, was, &out.join(newline)))
}

/// The change of `was` into `now` without what both begin and end with.
fn trimmed(region: TextRange, was: &str, now: &str) -> TextEdit {
    let same = |one: &mut dyn Iterator<Item = char>, other: &mut dyn Iterator<Item = char>| -> usize {
        one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
    };
    let begin = same(&mut was.chars(), &mut now.chars());
    let (rest_was, rest_now) = (&was[begin..], &now[begin..]);
    let end = same(&mut rest_was.chars().rev(), &mut rest_now.chars().rev());
    TextEdit {
        range: TextRange::new(region.start + begin as u32, region.end - end as u32),
        text: rest_now[..rest_now.len() - end].to_owned(),
    }
}

/// The lines in the place of one that is too long.
fn broken(line: &str, above: &str, below: &str, limit: usize) -> Option<Vec<String>> {
    let code = line.trim();
    let indent = &line[..line.len() - line.trim_start().len()];
    let brackets = Brackets::of(code)?;
    let is_body =
        above.trim_end().ends_with(['(', '[', '{']) && below.trim_start().starts_with([')', ']', '}']);
    let lines = match brackets.to_open() {
        _ if is_body => each(indent, &brackets.parts(0, code.len()))?,
        Some((open, close)) => opened(indent, &brackets, open, close, limit)?,
        None => in_parentheses(indent, code, limit).or_else(|| asserted(indent, &brackets, limit))?,
    };
    let fits = |line: &String| width(line) <= limit || is_unbreakable(line);
    lines.iter().all(fits).then_some(lines)
}

/// What is in a pair of brackets on a line of its own, or each part.
fn opened(
    indent: &str,
    brackets: &Brackets<'_>,
    open: usize,
    close: usize,
    limit: usize,
) -> Option<Vec<String>> {
    let code = brackets.code;
    let deeper = format!("{indent}{DEEPER}");
    let body = code[open + 1..close].trim();
    let together = vec![format!("{deeper}{body}")];
    let is_whole = !body.ends_with(',') && (width(&together[0]) <= limit || is_dotted_name(body));
    let inside = match is_whole {
        true => together,
        false => each(&deeper, &brackets.parts(open + 1, close))?,
    };
    let mut lines = vec![format!("{indent}{}", &code[..=open])];
    lines.extend(inside);
    lines.push(format!("{indent}{}", &code[close..]));
    Some(lines)
}

/// The value of an assignment in parentheses, where both sides are dotted names and it fits there.
fn in_parentheses(indent: &str, code: &str, limit: usize) -> Option<Vec<String>> {
    let (target, value) = code.split_once(" = ")?;
    let inside = format!("{indent}{DEEPER}{value}");
    let is_plain = is_dotted_name(target) && is_dotted_name(value);
    (is_plain && width(&inside) <= limit)
        .then(|| vec![format!("{indent}{target} = ("), inside, format!("{indent})")])
}

/// `assert left in right.text` in parentheses: the comparison on a line of its own, or each side.
fn asserted(indent: &str, brackets: &Brackets<'_>, limit: usize) -> Option<Vec<String>> {
    const PLAIN: &[&str] = &["in", "is", "==", "!=", "<", "<=", ">", ">="];
    let words = brackets.words();
    let (left, operator, right) = match words.as_slice() {
        ["assert", left, operator, right] if PLAIN.contains(operator) => {
            (left, (*operator).to_owned(), right)
        }
        ["assert", left, "not", "in", right] => (left, "not in".to_owned(), right),
        ["assert", left, "is", "not", right] => (left, "is not".to_owned(), right),
        _ => return None,
    };
    if brackets.has_bare_comma() {
        return None;
    }
    let deeper = format!("{indent}{DEEPER}");
    let whole = format!("{deeper}{left} {operator} {right}");
    let inside = match width(&whole) <= limit {
        true => vec![whole],
        false => vec![format!("{deeper}{left}"), format!("{deeper}{operator} {right}")],
    };
    Some([vec![format!("{indent}assert (")], inside, vec![format!("{indent})")]].concat())
}

fn each(indent: &str, parts: &[&str]) -> Option<Vec<String>> {
    (parts.len() > 1).then(|| parts.iter().map(|part| format!("{indent}{part},")).collect())
}

/// Whether a line is one dotted name, as a part or as what is called.
fn is_unbreakable(line: &str) -> bool {
    is_dotted_name(line.trim().trim_end_matches([',', '(']))
}

fn is_dotted_name(code: &str) -> bool {
    !code.is_empty() && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

fn width(line: &str) -> usize {
    line.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks where `added` is inserted.
    fn after(marked: &str, added: &str) -> String {
        let at = marked.find('|').unwrap() as u32;
        let text = marked.replace('|', "");
        let edit = TextEdit { range: TextRange::empty(at), text: added.to_owned() };
        apply(&text, &fitted(&text, &[edit], 30, "\n"))
    }

    #[test]
    fn what_is_asserted_goes_into_parentheses() {
        let whole = after("assert a_name == |rows.x\n", "the_secon_");
        assert_eq!(whole, "assert (\n    a_name == the_secon_rows.x\n)\n");
        let sides = after("assert 'a in b' not in |t.t\n", "[i for i in t].");
        assert_eq!(sides, "assert (\n    'a in b'\n    not in [i for i in t].t.t\n)\n");
        let with_message = "assert a_name == the_secon_rows.x, name\n";
        assert_eq!(after("assert a_name == |rows.x, name\n", "the_secon_"), with_message);
        let joined = "assert a and b == the_second_rows.x\n";
        assert_eq!(after("assert a and b == |rows.x\n", "the_second_"), joined);
    }

    #[test]
    fn a_line_that_fits_is_left_alone() {
        assert_eq!(
            after("x = 1\ndef test(one|):\n    pass\n", ", two"),
            "x = 1\ndef test(one, two):\n    pass\n"
        );
    }

    #[test]
    fn brackets_are_opened_once_or_part_by_part() {
        assert_eq!(
            after("def test_of(first, second|):\n    pass\n", ", third"),
            "def test_of(\n    first, second, third\n):\n    pass\n"
        );
        assert_eq!(
            after("def test_of(\n    first, second, third|\n):\n    pass\n", ", fourth"),
            "def test_of(\n    first,\n    second,\n    third,\n    fourth,\n):\n    pass\n"
        );
        assert_eq!(
            after("    call(\"a,(b\", [1, 2], x|)\n", ", yyyyyyyyyyyyyyyyyyy"),
            "    call(\n        \"a,(b\",\n        [1, 2],\n        x,\n        yyyyyyyyyyyyyyyyyyy,\n    )\n"
        );
    }

    /// As `ruff format` breaks them.
    #[test]
    fn what_stands_around_a_long_name_is_broken_all_the_same() {
        assert_eq!(
            after("    yield|\n", "\n    pack.module.templates.retry.update(saved)"),
            "    yield\n    pack.module.templates.retry.update(\n        saved\n    )\n"
        );
        assert_eq!(
            after("    saved = dict(|)\n", "pack.module.templates.retry"),
            "    saved = dict(\n        pack.module.templates.retry\n    )\n"
        );
        assert_eq!(
            after("    set(x, |)\n", "pack.module.templates.retry"),
            "    set(\n        x,\n        pack.module.templates.retry,\n    )\n"
        );
    }

    #[test]
    fn the_value_of_an_assignment_gets_its_own_line_where_it_fits() {
        assert_eq!(
            after("    saved = pack.module|\n", ".templates"),
            "    saved = (\n        pack.module.templates\n    )\n"
        );
    }

    #[test]
    fn what_is_too_long_or_unclear_stays() {
        for (marked, added) in [
            ("def test(one|):  # why\n    pass\n", ", and_a_second_one"),
            ("x = \"\"\"|\n\"\"\"\n", "a very long line of a long text"),
            ("def test_with_a_very_long_name(|):\n    pass\n", "x"),
            ("    saved = pack.module|\n", ".templates.retry"),
            ("    pack.module.templates|\n", ".retry.clear()"),
            ("    pack.module.templates[0]|\n", ".retry.update(saved)"),
        ] {
            assert_eq!(after(marked, added), marked.replace('|', added));
        }
    }
}
