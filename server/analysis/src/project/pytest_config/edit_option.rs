//! An option that holds one number or word: where it stands, and edits that set or remove it.

use super::list_option::read;
use super::locate::{ConfigKind, Home, table_of};
use crate::config_text::toml::{self, Toml};
use crate::config_text::value::Kind;
use crate::config_text::{byte_range, ini};
use crate::text::{TextRange, line_end, line_start};

type Edit = (TextRange, String);

/// A key and its value.
struct Place {
    key: TextRange,
    value: TextRange,
}

/// Where an option stands, from its key to the end of its value; `None` where it is not there.
pub fn option_place(text: &str, kind: ConfigKind, name: &str) -> Option<TextRange> {
    let Place { key, value } = place(text, kind, name)?;
    Some(TextRange::new(key.start, value.end))
}

/// The edit that gives an option that is there another value, in the quotes that the old one had.
pub fn set_option_edit(text: &str, kind: ConfigKind, name: &str, value: &str) -> Option<Edit> {
    let Place { value: range, .. } = place(text, kind, name)?;
    let old = table_of(kind, text)?.text(name)?;
    let written = range.slice(text);
    let edit = (range, if written == old { value.to_owned() } else { written.replace(&old, value) });
    let after = table_of(kind, &edited(text, &edit))?;
    (after.text(name).as_deref() == Some(value)).then_some(edit)
}

/// The edit that gives an option that is there another name, unless that is there too.
pub fn rename_option_edit(text: &str, kind: ConfigKind, name: &str, new: &str) -> Option<Edit> {
    let Place { key, .. } = place(text, kind, name)?;
    if place(text, kind, new).is_some() {
        return None;
    }
    let edit = (key, new.to_owned());
    let after = edited(text, &edit);
    let (old, new) = (table_of(kind, text)?.text(name), table_of(kind, &after)?.text(new));
    (old == new && key.slice(text) == name).then_some(edit)
}

/// The edit that takes an option and its line away.
pub fn remove_option_edit(text: &str, kind: ConfigKind, name: &str) -> Option<Edit> {
    let Place { key, value } = place(text, kind, name)?;
    let start = line_start(text, key.start as usize);
    let end = line_end(text, value.end as usize);
    let behind = text[value.end as usize..end].trim_start();
    let is_alone = text[start..key.start as usize].trim().is_empty()
        && (behind.is_empty() || (kind.is_toml() && behind.starts_with('#')));
    if !is_alone {
        return None;
    }
    let next_line = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
    let edit = (byte_range(start, next_line), String::new());
    let after = edited(text, &edit);
    (read(&after, kind).is_some() && place(&after, kind, name).is_none()).then_some(edit)
}

fn edited(text: &str, edit: &Edit) -> String {
    let mut edited = text.to_owned();
    edited.replace_range(std::ops::Range::from(edit.0), &edit.1);
    edited
}

fn place(text: &str, kind: ConfigKind, name: &str) -> Option<Place> {
    match kind.home() {
        Home::Section(section) => {
            let ini = ini::read(text);
            let entry = ini.section(section)?.entry(name)?;
            let [value] = entry.pieces.as_slice() else { return None };
            Some(Place { key: entry.key_range, value: value.range })
        }
        Home::Table(path) => {
            let Toml { root, fault: None } = toml::read(text) else { return None };
            let table = root.at(path)?;
            let member = table.members().iter().find(|member| member.key == name)?;
            let is_plain = !matches!(member.value.kind, Kind::List(_) | Kind::Table(_));
            is_plain.then_some(Place { key: member.key_range, value: member.value.range })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConfigKind::{PyprojectIniOptions, PyprojectNative, PytestIni, SetupCfg};

    fn after(text: &str, edit: Option<Edit>) -> Option<String> {
        edit.map(|edit| edited(text, &edit))
    }

    #[test]
    fn each_form() {
        let cases: &[(ConfigKind, &str, &str, Option<&str>)] = &[
            (
                PytestIni,
                "[pytest]\nreruns = 5\nx = 1",
                "[pytest]\nreruns = 2\nx = 1",
                Some("[pytest]\nx = 1"),
            ),
            (SetupCfg, "[tool:pytest]\nreruns=5", "[tool:pytest]\nreruns=2", Some("[tool:pytest]\n")),
            (
                PyprojectIniOptions,
                "[tool.pytest.ini_options]\r\nreruns = 5 # c\r\nx = \"1\"\r\n",
                "[tool.pytest.ini_options]\r\nreruns = 2 # c\r\nx = \"1\"\r\n",
                Some("[tool.pytest.ini_options]\r\nx = \"1\"\r\n"),
            ),
            (
                PyprojectIniOptions,
                "[tool.pytest]\nini_options = { reruns = \"5\" }\n",
                "[tool.pytest]\nini_options = { reruns = \"2\" }\n",
                None,
            ),
            (
                PyprojectNative,
                "[tool.pytest]\nreruns = '5'\n",
                "[tool.pytest]\nreruns = '2'\n",
                Some("[tool.pytest]\n"),
            ),
        ];
        for (kind, before, set, removed) in cases {
            assert_eq!(after(before, set_option_edit(before, *kind, "reruns", "2")).as_deref(), Some(*set));
            assert_eq!(after(before, remove_option_edit(before, *kind, "reruns")).as_deref(), *removed);
        }
    }

    #[test]
    fn what_is_not_there_is_not_edited() {
        assert_eq!(option_place("[pytest]\n", PytestIni, "reruns"), None);
        assert_eq!(set_option_edit("[pytest]\n", PytestIni, "reruns", "2"), None);
        let both = "[pytest]\nreruns = 1\nretries = 2\n";
        assert_eq!(rename_option_edit(both, PytestIni, "reruns", "retries"), None);
    }
}
