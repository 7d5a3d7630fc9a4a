//! A seed for the generator, in the test.
//!
//! Which number is one with which the assertion holds cannot be told without drawing: the title says that the test must be run.

use super::Found;
use crate::facts::NodeKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::statement::{body_statement_of, indentation};
use crate::project::draws::Generator;
use crate::project::{Role, Subject};
use crate::text::TextRange;

pub fn seed(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let call = &found.draw.call;
    let is_here = subject.is_item(&call.module, call.item);
    match found.draw.generator {
        Generator::Own if is_here => made_with_seed(subject, found),
        Generator::Random => first_statement(subject, found, "random", "seed"),
        Generator::Numpy => first_statement(subject, found, "numpy", "random.seed"),
        Generator::Torch => first_statement(subject, found, "torch", "manual_seed"),
        Generator::Own | Generator::System | Generator::Faker => None,
    }
}

/// `random.seed(0)` before the test's first statement.
fn first_statement(subject: &Subject<'_>, found: &Found, module: &str, function: &str) -> Option<Fix> {
    let draws_before = found.draw.call.subject(subject.project).role != Role::Plain
        && !subject.is_item(&found.draw.call.module, found.draw.call.item);
    if subject.role != Role::Test || draws_before {
        return None;
    }
    let body = &subject.function()?.body;
    let code = subject.code();
    let is_text = |statement| match code.kind(statement) {
        NodeKind::Expr(value) => matches!(code.kind(*value), NodeKind::Str(_)),
        _ => false,
    };
    let first = body.iter().copied().find(|statement| !is_text(*statement))?;
    body_statement_of(subject, first)?;
    let indent = indentation(subject, first)?;
    let written = prefix(subject, module);
    let (name, mut edits) = match written {
        Some(name) => (name, Edits::new()),
        None => ensure_import(&subject.module, Wanted::Plain(module))?,
    };
    let line = format!("{name}.{function}(0){}{indent}", subject.newline());
    edits.push(subject.path(), subject.absolute(TextRange::empty(code.range(first).start)), &line);
    let title = titled("Seed it in this test", &format!("{name}.{function}(0)"));
    Some(Fix::cure(&title, Applicability::Suggested, edits))
}

/// The name under which the test's own code has the module: `np`.
fn prefix(subject: &Subject<'_>, module: &str) -> Option<String> {
    let code = subject.code();
    subject.body().find_map(|node| {
        let name = code.kind(node).as_name()?;
        subject.resolve(node).is_some_and(|path| path == module).then(|| name.to_owned())
    })
}

/// `default_rng()` as `default_rng(0)`.
fn made_with_seed(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(found.draw.call.node) else { return None };
    let NodeKind::Attribute { value, .. } = code.kind(*func) else { return None };
    let made = subject.origin(*value).followed(subject.project);
    let NodeKind::Call { args, func } = made.kind() else { return None };
    if !args.is_empty() || !subject.is_item(&made.module, made.item) {
        return None;
    }
    let name = subject.source(*func).to_owned();
    let end = code.range(made.node).end - 1;
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(TextRange::empty(end)), "0");
    Some(Fix::cure(titled("Seed it", &format!("{name}(0)")), Applicability::Suggested, edits))
}

fn titled(what: &str, call: &str) -> String {
    format!("{what}: `{call}`; if the test fails with 0, another number")
}
