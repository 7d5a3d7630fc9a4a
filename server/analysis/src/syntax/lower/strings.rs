//! String literals: plain ones, f-strings and templates, alone or adjacent to each other.

use std::borrow::Cow;

use ruff_python_ast::{
    ExprFString, ExprStringLiteral, ExprTString, FStringPart, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringElements,
};
use ruff_text_size::Ranged;
use smol_str::SmolStr;

use super::{Lowering, range};
use crate::facts::code::{NodeId, NodeKind};

impl Lowering<'_> {
    pub(super) fn string(&self, literal: &ExprStringLiteral) -> NodeKind {
        let mut parts = literal.value.iter().map(|part| self.value(part, &part.value));
        let first = parts.next().unwrap_or_default();
        let whole = parts.fold(first, |joined, part| joined + part);
        NodeKind::Str(SmolStr::new(whole))
    }

    pub(super) fn format_string(&mut self, literal: &ExprFString) -> NodeKind {
        let mut template = String::new();
        let mut values = Vec::new();
        for part in &literal.value {
            match part {
                FStringPart::Literal(part) => push_text(&mut template, &self.value(part, &part.value)),
                FStringPart::FString(part) => self.elements(&part.elements, &mut template, &mut values),
            }
        }
        NodeKind::FString { template: SmolStr::new(template), values: values.into() }
    }

    /// `t"…"`, which is no string but a template object: what it interpolates lies below it.
    pub(super) fn template(&mut self, literal: &ExprTString) -> NodeKind {
        for part in &literal.value {
            self.elements(&part.elements, &mut String::new(), &mut Vec::new());
        }
        NodeKind::Opaque
    }

    fn elements(
        &mut self,
        elements: &InterpolatedStringElements,
        template: &mut String,
        values: &mut Vec<NodeId>,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(text) => {
                    push_text(template, &self.value(text, &text.value));
                }
                InterpolatedStringElement::Interpolation(interpolation) => {
                    values.push(self.interpolation(interpolation, template));
                }
            }
        }
    }

    /// `{value!r:spec}`. What the format specification interpolates lies below the f-string and is none of its values.
    fn interpolation(&mut self, interpolation: &InterpolatedElement, template: &mut String) -> NodeId {
        let value = self.expression(&interpolation.expression);
        if let Some(shown) = &interpolation.debug_text {
            // `{value=}` prints its own text first.
            push_text(template, shown.as_str());
        }
        template.push_str("{}");
        if let Some(specification) = &interpolation.format_spec {
            self.elements(&specification.elements, &mut String::new(), &mut Vec::new());
        }
        value
    }

    /// The value of a part of a literal. Line ends in it are `\n` to Python, however the file writes them; the parser
    /// leaves them as they stand.
    fn value<'v>(&self, part: impl Ranged, value: &'v str) -> Cow<'v, str> {
        match range(part).slice(self.text).contains('\r') {
            true => Cow::Owned(value.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(value),
        }
    }
}

/// Text of a literal into a template, where braces stand doubled.
fn push_text(template: &mut String, text: &str) {
    template.push_str(&text.replace('{', "{{").replace('}', "}}"));
}
