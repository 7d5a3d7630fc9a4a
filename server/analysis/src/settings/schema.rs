//! The declaration as others need it: JSON schema for editors, a Markdown table for the README.

use std::collections::BTreeMap;

use serde::Serialize;

use super::declaration::{Key, SETTINGS, Setting, SettingDefault, SettingKind};
use super::{DiagnosticMode, Severity};
use crate::hint::Confidence;

/// A rule's name, and what it finds in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescribedRule {
    pub name: &'static str,
    pub summary: &'static str,
}

/// JSON schema of one value, in the words that VS Code's `contributes.configuration` uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Property {
    /// One type, or several.
    #[serde(rename = "type")]
    types: Types,
    #[serde(skip_serializing_if = "Option::is_none", rename = "enum")]
    words: Option<Vec<&'static str>>,
    /// One for each word.
    #[serde(skip_serializing_if = "Option::is_none", rename = "markdownEnumDescriptions")]
    meanings: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Property>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<BTreeMap<&'static str, Property>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Additional>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<DefaultValue>,
    /// Where VS Code lets a person say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown_description: Option<&'static str>,
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
    Switch(bool),
    Table(BTreeMap<String, String>),
}

impl Property {
    fn of(type_: &'static str) -> Self {
        Self {
            types: Types::One(type_),
            words: None,
            meanings: None,
            items: None,
            properties: None,
            additional_properties: None,
            default: None,
            scope: None,
            markdown_description: None,
        }
    }

    /// One of several words, each with what it means.
    fn one_of(words: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        let (words, meanings) = words.unzip();
        Self { words: Some(words), meanings: Some(meanings), ..Self::of("string") }
    }

    fn list_of(items: Property) -> Self {
        Self { items: Some(Box::new(items)), ..Self::of("array") }
    }
}

/// The schema of every setting, by its name without `flakeless.`.
pub fn properties(rules: &[DescribedRule]) -> BTreeMap<&'static str, Property> {
    SETTINGS.iter().map(|setting| (setting.name, property(setting, rules))).collect()
}

fn property(setting: &Setting, rules: &[DescribedRule]) -> Property {
    let property = match setting.kind {
        SettingKind::RuleNames => rule_names(rules),
        SettingKind::RuleNamesByPattern => Property {
            additional_properties: Some(Additional::Of(Box::new(rule_names(rules)))),
            ..Property::of("object")
        },
        SettingKind::Patterns | SettingKind::Requirements => Property::list_of(Property::of("string")),
        SettingKind::Confidence => {
            Property::one_of(Confidence::ALL.into_iter().map(|it| (it.word(), of_confidence(it))))
        }
        SettingKind::SeverityByRule => severity_by_rule(rules),
        SettingKind::DiagnosticMode => {
            Property::one_of(DiagnosticMode::ALL.into_iter().map(|it| (it.word(), of_mode(it))))
        }
        SettingKind::Switch => Property::of("boolean"),
        SettingKind::Marker | SettingKind::Path => Property::of("string"),
        SettingKind::Size => {
            Property { types: Types::Several(vec!["integer", "string"]), ..Property::of("string") }
        }
    };
    Property {
        default: default(setting),
        scope: Some(scope(setting.key)),
        markdown_description: Some(setting.doc),
        ..property
    }
}

fn rule_names(rules: &[DescribedRule]) -> Property {
    let groups = [("all", "Every rule."), ("default", "The rules that are on by themselves.")];
    let named = rules.iter().map(|rule| (rule.name, rule.summary));
    Property::list_of(Property::one_of(groups.into_iter().chain(named)))
}

fn severity_by_rule(rules: &[DescribedRule]) -> Property {
    let severities = || Severity::ALL.into_iter().map(|it| (it.word(), of_severity(it)));
    let of_rule = |rule: &DescribedRule| Property {
        markdown_description: Some(rule.summary),
        ..Property::one_of(severities())
    };
    Property {
        properties: Some(rules.iter().map(|rule| (rule.name, of_rule(rule))).collect()),
        additional_properties: Some(Additional::None(false)),
        ..Property::of("object")
    }
}

/// What is a place on one machine is not carried to others.
fn scope(key: Key) -> &'static str {
    match key {
        Key::Python | Key::CacheDir => "machine-overridable",
        _ => "resource",
    }
}

fn of_confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "The shape is right; one link of the chain is out of sight.",
        Confidence::Likely => "The evidence in the code is enough.",
        Confidence::Confirmed => "It was reproduced.",
    }
}

fn of_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Off => "The rule is not used.",
        Severity::Hint => "Shown faintly, and in no list of problems.",
        Severity::Info => "Shown as information.",
        Severity::Warning => "Shown as a warning.",
        Severity::Error => "Shown as an error.",
    }
}

fn of_mode(mode: DiagnosticMode) -> &'static str {
    match mode {
        DiagnosticMode::OpenFiles => "The files that are open.",
        DiagnosticMode::Workspace => "Closed files too.",
    }
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
        SettingDefault::On => Some(DefaultValue::Switch(true)),
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
            SettingDefault::On => "`true`".to_owned(),
        };
        table.push_str(&format!("| `{}` | {default} | {} |\n", setting.name, setting.doc));
    }
    table
}
