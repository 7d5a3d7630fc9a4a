//! The declaration as others need it: JSON schema for editors, a Markdown table for the README.

use std::collections::BTreeMap;

use serde::Serialize;

use super::declaration::{SETTINGS, Setting, SettingDefault, SettingKind};
use super::{DiagnosticMode, KnownRule, Severity};
use crate::hint::Confidence;

/// JSON schema of one value, in the words that VS Code's `contributes.configuration` uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Property {
    /// One type, or several.
    #[serde(rename = "type")]
    types: Types,
    #[serde(skip_serializing_if = "Option::is_none", rename = "enum")]
    words: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Property>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<BTreeMap<String, Property>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Additional>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<DefaultValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown_description: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Types {
    One(&'static str),
    Several(Vec<&'static str>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Additional {
    None(bool),
    Of(Box<Property>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum DefaultValue {
    Text(&'static str),
    Words(Vec<&'static str>),
    Table(BTreeMap<String, String>),
}

impl Property {
    fn of(type_: &'static str) -> Self {
        Self {
            types: Types::One(type_),
            words: None,
            items: None,
            properties: None,
            additional_properties: None,
            default: None,
            markdown_description: None,
        }
    }

    fn one_of(words: impl Iterator<Item = &'static str>) -> Self {
        Self { words: Some(words.map(str::to_owned).collect()), ..Self::of("string") }
    }

    fn list_of(items: Property) -> Self {
        Self { items: Some(Box::new(items)), ..Self::of("array") }
    }
}

/// The schema of every setting, by its name without `flakeless.`.
pub fn properties(rules: &[KnownRule]) -> BTreeMap<&'static str, Property> {
    SETTINGS.iter().map(|setting| (setting.name, property(setting, rules))).collect()
}

fn property(setting: &Setting, rules: &[KnownRule]) -> Property {
    let rule_names = || {
        let groups = ["all", "default"].into_iter();
        Property::list_of(Property::one_of(groups.chain(rules.iter().map(|rule| rule.name))))
    };
    let severity = || Property::one_of(Severity::ALL.into_iter().map(Severity::word));
    let property = match setting.kind {
        SettingKind::RuleNames => rule_names(),
        SettingKind::RuleNamesByPattern => Property {
            additional_properties: Some(Additional::Of(Box::new(rule_names()))),
            ..Property::of("object")
        },
        SettingKind::Patterns | SettingKind::Requirements => Property::list_of(Property::of("string")),
        SettingKind::Confidence => Property::one_of(Confidence::ALL.into_iter().map(Confidence::word)),
        SettingKind::SeverityByRule => Property {
            properties: Some(rules.iter().map(|rule| (rule.name.to_owned(), severity())).collect()),
            additional_properties: Some(Additional::None(false)),
            ..Property::of("object")
        },
        SettingKind::DiagnosticMode => {
            Property::one_of(DiagnosticMode::ALL.into_iter().map(DiagnosticMode::word))
        }
        SettingKind::Marker | SettingKind::Path => Property::of("string"),
        SettingKind::Size => {
            Property { types: Types::Several(vec!["integer", "string"]), ..Property::of("string") }
        }
    };
    Property { default: default(setting), markdown_description: Some(setting.doc.to_owned()), ..property }
}

fn default(setting: &Setting) -> Option<DefaultValue> {
    match setting.default {
        SettingDefault::Unset => None,
        SettingDefault::Empty
            if matches!(setting.kind, SettingKind::RuleNamesByPattern | SettingKind::SeverityByRule) =>
        {
            Some(DefaultValue::Table(BTreeMap::new()))
        }
        SettingDefault::Empty => Some(DefaultValue::Words(Vec::new())),
        SettingDefault::Words(words) => Some(DefaultValue::Words(words.to_vec())),
        SettingDefault::Text(text) => Some(DefaultValue::Text(text)),
    }
}

/// The README's table: one row a setting.
pub fn markdown_table() -> String {
    let mut table = "| setting | default | what it says |\n| --- | --- | --- |\n".to_owned();
    for setting in &SETTINGS {
        let default = match setting.default {
            SettingDefault::Unset => String::new(),
            SettingDefault::Empty
                if matches!(setting.kind, SettingKind::RuleNamesByPattern | SettingKind::SeverityByRule) =>
            {
                "`{}`".to_owned()
            }
            SettingDefault::Empty => "`[]`".to_owned(),
            SettingDefault::Words(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("`[{}]`", words.join(", "))
            }
            SettingDefault::Text(text) => format!("`\"{text}\"`"),
        };
        table.push_str(&format!("| `{}` | {default} | {} |\n", setting.name, setting.doc));
    }
    table
}
