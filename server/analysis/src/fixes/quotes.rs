//! Writes texts that a fix adds in the quotes that the file writes its own in.

use std::borrow::Cow;

use crate::fix::TextEdit;

/// The same edits of `text`, where its texts stand in single quotes with the added ones in single quotes. What stands in
/// double quotes elsewhere in the file stays so, and so does what cannot simply be written the other way.
pub fn matched(text: &str, edits: &[TextEdit]) -> Vec<TextEdit> {
    let adds_text = edits.iter().any(|edit| edit.text.contains('"'));
    if !adds_text || !is_single(text) {
        return edits.to_vec();
    }
    let matched = |edit: &TextEdit| TextEdit { range: edit.range, text: single(&edit.text, text) };
    edits.iter().map(matched).collect()
}

/// Whether more texts begin with a single quote than with a double one. Those that are empty or stand in three quotes do
/// not count: they tell nothing.
fn is_single(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut single, mut double) = (0_u32, 0_u32);
    for at in memchr::memchr2_iter(b'"', b'\'', bytes) {
        let before = at.checked_sub(1).map_or(b'\n', |before| bytes[before]);
        let begins = matches!(before, b'(' | b'[' | b'{' | b'=' | b' ' | b'\n');
        if !begins || bytes.get(at + 1) == Some(&bytes[at]) {
            continue;
        }
        match bytes[at] {
            b'"' => double += 1,
            _ => single += 1,
        }
    }
    single > double
}

/// `added` with its plain texts in single quotes, but for those that `file` has in double ones.
fn single(added: &str, file: &str) -> String {
    let mut out = String::with_capacity(added.len());
    let mut rest = added;
    while let Some(start) = rest.find(['"', '\'', '#']) {
        out.push_str(&rest[..start]);
        let (token, behind) = split_token(&rest[start..]);
        let has_prefix = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        out.push_str(&if has_prefix { Cow::Borrowed(token) } else { requoted(token, file) });
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The text or comment that code begins with, and what follows it.
fn split_token(code: &str) -> (&str, &str) {
    let end = match code.chars().next() {
        Some('#') => code.find(['\n', '\r']),
        Some(quote) => {
            let three = quote.to_string().repeat(3);
            let fence = if code.starts_with(&three) { three.as_str() } else { &three[..1] };
            end_of_text(code, fence)
        }
        None => None,
    };
    code.split_at(end.unwrap_or(code.len()))
}

/// Where the text that begins with `fence` is over.
fn end_of_text(code: &str, fence: &str) -> Option<usize> {
    let mut at = fence.len();
    while at < code.len() {
        if code[at..].starts_with(fence) {
            return Some(at + fence.len());
        }
        let is_escape = code.as_bytes()[at] == b'\\';
        let mut characters = code[at..].chars();
        at += characters.next()?.len_utf8();
        if is_escape {
            at += characters.next()?.len_utf8();
        }
    }
    None
}

fn requoted<'t>(token: &'t str, file: &str) -> Cow<'t, str> {
    let inside = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inside {
        Some(inside) if !inside.contains(['"', '\'', '\\', '\n']) && !file.contains(token) => {
            Cow::Owned(format!("'{inside}'"))
        }
        _ => Cow::Borrowed(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    fn added_to(file: &str, text: &str) -> String {
        let edit = TextEdit { range: TextRange::empty(0), text: text.to_owned() };
        matched(file, &[edit]).remove(0).text
    }

    #[test]
    fn texts_are_written_as_the_file_writes_them() {
        let call = "monkeypatch.setattr(sys, \"path\", [\"it's\", f\"{x}\", \"\"\"a\"\"\", \"\"])  # \"so\"";
        assert_eq!(
            added_to("run('a', \"it's\")\nx = 'b'\n", call),
            call.replace("\"path\"", "'path'").replace("\"\"]", "'']")
        );
        assert_eq!(added_to("run(\"a\")\n", call), call);
        assert_eq!(added_to("", call), call);
    }

    #[test]
    fn what_the_file_has_in_double_quotes_stays() {
        let file = "get('a', 'b')\nos.environ[\"HOME\"] = 'x'\n";
        assert_eq!(added_to(file, "setenv(\"HOME\", \"y\")"), "setenv(\"HOME\", 'y')");
    }

    #[test]
    fn documentation_and_prose_do_not_tell_the_quotes() {
        let file = "def test():\n    \"\"\"It's what 'you' say.\"\"\"\n    run(\"a\", \"b\")\n";
        assert_eq!(added_to(file, "run(\"c\")"), "run(\"c\")");
    }
}
