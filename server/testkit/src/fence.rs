//! The words after the three backticks: a language and its attributes.

use std::collections::BTreeMap;

/// What a fenced block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    /// `only`: the rules that count, every rule when empty. `broken`: not meant to parse.
    Python {
        only: Vec<String>,
        broken: bool,
    },
    /// `hint` counts from 1.
    Diff {
        title: Option<String>,
        hint: usize,
    },
    /// Why an action is not offered.
    Refused,
    Other,
}

/// Reads an info string such as `python only=rule` or `diff title="Use tmp_path" hint=2`.
pub(crate) fn read(info: &str) -> Result<Fence, String> {
    let (language, rest) = info.trim().split_once(char::is_whitespace).unwrap_or((info.trim(), ""));
    match language {
        "python" => python(attributes(rest)?),
        "diff" => diff(attributes(rest)?),
        "refused" => Ok(Fence::Refused),
        "py" | "python3" | "pycon" => Err(format!("write `python`, not `{language}`")),
        _ => Ok(Fence::Other),
    }
}

fn python(mut attributes: BTreeMap<&str, String>) -> Result<Fence, String> {
    let only = attributes.remove("only").unwrap_or_default();
    let broken = attributes.remove("broken").is_some();
    no_more(&attributes)?;
    let only = only.split(',').filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    Ok(Fence::Python { only, broken })
}

fn diff(mut attributes: BTreeMap<&str, String>) -> Result<Fence, String> {
    let title = attributes.remove("title");
    let hint = attributes.remove("hint").unwrap_or_else(|| "1".to_owned());
    no_more(&attributes)?;
    match hint.parse() {
        Ok(hint) if hint > 0 => Ok(Fence::Diff { title, hint }),
        _ => Err(format!("`hint={hint}` is not a number from 1")),
    }
}

fn no_more(attributes: &BTreeMap<&str, String>) -> Result<(), String> {
    match attributes.keys().next() {
        Some(name) => Err(format!("unknown word `{name}` after the backticks")),
        None => Ok(()),
    }
}

fn attributes(mut rest: &str) -> Result<BTreeMap<&str, String>, String> {
    let mut found = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(found);
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            found.insert(name, String::new());
            rest = after;
            continue;
        };
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quote is not closed")?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.insert(name, value.to_owned());
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read() {
        assert_eq!(
            read("diff title=\"Use it = so\" hint=2"),
            Ok(Fence::Diff { title: Some("Use it = so".to_owned()), hint: 2 })
        );
        assert_eq!(
            read("python only=a,b broken"),
            Ok(Fence::Python { only: vec!["a".to_owned(), "b".to_owned()], broken: true })
        );
        assert_eq!(read("toml"), Ok(Fence::Other));
    }

    #[test]
    fn what_would_not_be_run_is_refused() {
        for info in ["py", "python olny=a", "diff hint=0", "diff title=\"open"] {
            assert!(read(info).is_err(), "{info}");
        }
    }
}
