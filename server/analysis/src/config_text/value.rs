//! One owned tree for what TOML files and editors say, with ranges, free of any parser's types.

use crate::text::TextRange;

/// A value and where it stands in its file; empty at 0 when it comes from no file.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub range: TextRange,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    /// A date or time, as written.
    Moment(String),
    List(Vec<Value>),
    Table(Vec<Member>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub key: String,
    pub key_range: TextRange,
    pub value: Value,
}

impl Value {
    pub fn new(range: TextRange, kind: Kind) -> Self {
        Self { range, kind }
    }

    /// The value under `path`, each step a key of a table.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The members of a table; none for anything else.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Table(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none for anything else.
    pub fn elements(&self) -> &[Value] {
        match &self.kind {
            Kind::List(elements) => elements,
            _ => &[],
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn is_table(&self) -> bool {
        matches!(self.kind, Kind::Table(_))
    }

    /// What the value is, for messages: "a string", "a list".
    pub fn kind_words(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "a string",
            Kind::Integer(_) | Kind::Float(_) => "a number",
            Kind::Bool(_) => "a boolean",
            Kind::Moment(_) => "a date",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}
