//! String literals: plain, bytes, f-strings and templates, alone or adjacent to each other.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::Lowering;
use super::escapes::unescape;
use crate::facts::code::{NodeId, NodeKind};
use crate::syntax::kinds::{Field, Kind};
use crate::text::TextRange;

/// The letters before the quote.
#[derive(Clone, Copy, Default)]
struct Prefix {
    is_raw: bool,
    is_bytes: bool,
    is_format: bool,
    /// `t"…"`, which is no string but a template object.
    is_template: bool,
}

/// What adjacent literals come to.
#[derive(Default)]
struct Joined {
    /// The value; once `is_format`, with its own braces doubled.
    text: String,
    values: Vec<NodeId>,
    is_bytes: bool,
    is_format: bool,
    is_template: bool,
}

impl Lowering<'_> {
    /// On a `string` or a `concatenated_string`.
    pub(super) fn string_literal(&mut self, kind: Kind) -> NodeKind {
        if let Some(value) = self.plain_string(kind) {
            return NodeKind::Str(SmolStr::new(value));
        }
        let mut joined = Joined::default();
        if kind == Kind::String {
            self.string_part(&mut joined);
        } else {
            self.children(|l, kind| {
                if kind == Kind::String {
                    l.string_part(&mut joined);
                }
            });
        }
        match joined {
            Joined { is_template: true, .. } => NodeKind::Opaque,
            Joined { is_bytes: true, .. } => NodeKind::Bytes,
            Joined { is_format: true, text, values, .. } => {
                NodeKind::FString { template: SmolStr::new(text), values: values.into() }
            }
            Joined { text, .. } => NodeKind::Str(SmolStr::new(text)),
        }
    }

    /// The value of the commonest literal: one, and a plain one.
    fn plain_string(&self, kind: Kind) -> Option<Cow<'_, str>> {
        if kind != Kind::String {
            return None;
        }
        let text = self.slice();
        let (prefix, quote_at) = Prefix::of(text)?;
        let is_plain = !prefix.is_format && !prefix.is_bytes;
        is_plain.then(|| unescape(between_quotes(&text[quote_at..]), prefix.is_raw))
    }

    fn string_part(&mut self, joined: &mut Joined) {
        let text = self.slice();
        let Some((prefix, quote_at)) = Prefix::of(text) else {
            // Python 2: backquotes, `ur''`.
            self.broken = true;
            return;
        };
        joined.is_bytes |= prefix.is_bytes;
        joined.is_template |= prefix.is_template;
        if prefix.is_format {
            joined.begin_format();
            self.format_string(prefix, joined);
        } else if !prefix.is_bytes {
            joined.push(&unescape(between_quotes(&text[quote_at..]), prefix.is_raw));
        }
    }

    fn format_string(&mut self, prefix: Prefix, joined: &mut Joined) {
        self.children(|l, kind| match kind {
            // Its `{{` and `}}` are as a template wants them.
            Kind::StringContent => joined.text.push_str(&unescape(l.slice(), prefix.is_raw)),
            Kind::Interpolation => {
                let value = l.interpolation(&mut joined.text);
                joined.text.push_str("{}");
                joined.values.push(value);
            }
            _ => {}
        });
    }

    /// `{value!r:spec}`. What the format specification interpolates lies below the f-string and is none of its values.
    fn interpolation(&mut self, template: &mut String) -> NodeId {
        let mut value = None;
        let mut start = self.range().start;
        self.children(|l, kind| match kind {
            Kind::Assign => {
                // `{value=}` prints its own text first.
                let shown = TextRange::new(start, l.range().end).slice(l.text);
                template.push_str(&shown.replace('{', "{{").replace('}', "}}"));
            }
            Kind::FormatSpecifier => l.format_specifier(),
            // `{x:=10}` pads with zeros behind the sign; only in parentheses does it assign.
            Kind::NamedExpression => l.children(|l, _| {
                if l.field() == Field::Name {
                    value = Some(l.expression());
                }
            }),
            kind if kind.is_expression() => value = Some(l.expression()),
            _ if value.is_none() => start = l.range().end,
            _ => {}
        });
        value.unwrap_or_else(|| self.absent())
    }

    fn format_specifier(&mut self) {
        self.children(|l, kind| {
            if kind == Kind::FormatExpression {
                l.part(kind);
            }
        });
    }
}

impl Joined {
    fn begin_format(&mut self) {
        if !self.is_format {
            self.is_format = true;
            let plain = std::mem::take(&mut self.text);
            self.push(&plain);
        }
    }

    fn push(&mut self, value: &str) {
        if self.is_format {
            self.text.push_str(&value.replace('{', "{{").replace('}', "}}"));
        } else {
            self.text.push_str(value);
        }
    }
}

impl Prefix {
    /// The prefix and the offset of the quote; `None` for what is no Python 3 literal.
    fn of(literal: &str) -> Option<(Prefix, usize)> {
        let quote_at = literal.find(['"', '\''])?;
        let prefix = match literal[..quote_at].to_ascii_lowercase().as_str() {
            "" | "u" => Prefix::default(),
            "r" => Prefix { is_raw: true, ..Prefix::default() },
            "b" => Prefix { is_bytes: true, ..Prefix::default() },
            "br" | "rb" => Prefix { is_bytes: true, is_raw: true, ..Prefix::default() },
            "f" => Prefix { is_format: true, ..Prefix::default() },
            "fr" | "rf" => Prefix { is_format: true, is_raw: true, ..Prefix::default() },
            "t" => Prefix { is_format: true, is_template: true, ..Prefix::default() },
            "tr" | "rt" => Prefix { is_format: true, is_raw: true, is_template: true, ..Prefix::default() },
            _ => return None,
        };
        Some((prefix, quote_at))
    }
}

/// The text inside one or three quotes; a missing closing quote is no matter.
fn between_quotes(quoted: &str) -> &str {
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(inner) = quoted.strip_prefix(quote)
            && (inner.len() >= quote.len() || quote.len() == 1)
        {
            return inner.strip_suffix(quote).unwrap_or(inner);
        }
    }
    quoted
}
