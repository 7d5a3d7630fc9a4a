//! Wraps an async test in a bounded retry that needs no plugin.

use super::Offer;
use crate::facts::NodeKind;
use crate::fix::{Edits, Fix};
use crate::fixes::decorator::above_other_decorators;
use crate::fixes::header::behind_header;
use crate::fixes::import::ensure_imports;
use crate::project::Subject;
use crate::text::TextRange;

const TITLE: &str = "Retry inside the test";
/// What the decorator is called; the guide calls its own so.
const NAME: &str = "retry_async";

pub fn offer(subject: &Subject<'_>) -> Option<Offer> {
    let function = subject.function()?;
    if !function.is_async {
        return None;
    }
    let decorators = function.decorators.iter().map(|decorator| subject.code().uncalled(decorator.expr));
    if decorators.into_iter().any(|name| subject.code().dotted(name).is_some_and(|name| name == NAME)) {
        return Offer::refused(TITLE, format!("The test has `@{NAME}` already"));
    }
    let Some(parameter) = parameter(subject) else {
        return Offer::refused(TITLE, format!("The name `{NAME}` means something else in this module"));
    };
    let mut edits = Edits::new();
    let parameter = match parameter {
        Parameter::Known(name) => name,
        Parameter::New => {
            let sleeper = sleeper(subject);
            let imported = ensure_imports(&subject.module, ["functools", sleeper]);
            let Some(([functools, sleeper], imports)) = imported else {
                let reason =
                    format!("The name `functools` or `{sleeper}` means something else in this module");
                return Offer::refused(TITLE, reason);
            };
            edits.merge(imports);
            let decorator = decorator(&functools, &sleeper).replace('\n', subject.newline());
            let (at, text) = behind_header(subject, &decorator);
            edits.push(subject.path(), TextRange::empty(at), text);
            "attempts".to_owned()
        }
    };
    above_other_decorators(subject, &format!("{NAME}({parameter}=3)"), &mut edits)?;
    let title = "Retry up to 3 times inside the test (hides the flake; what a failed attempt changed stays)";
    Some(Offer::Possible(Fix::mitigation(title, edits)))
}

enum Parameter {
    /// The module has such a decorator, which calls the number of attempts so.
    Known(String),
    New,
}

/// `None` where the name is something else.
fn parameter(subject: &Subject<'_>) -> Option<Parameter> {
    let file = &subject.module.file;
    if file.scope().get(NAME).is_empty() {
        return Some(Parameter::New);
    }
    let item = (0..file.items().len() as u32)
        .find(|item| file.item(*item).owner.is_none() && file.name(*item) == NAME)?;
    let there = Subject::new(subject.project, &subject.module, item);
    let first = there.function()?.params.first()?;
    first.name.ends_with("attempts").then(|| Parameter::Known(first.name.to_string()))
}

/// The library whose loop runs the test.
fn sleeper(subject: &Subject<'_>) -> &'static str {
    let marks = subject.marks();
    let has = |name: &str| marks.iter().any(|mark| mark.name == name);
    let sleeps = |library: &str| {
        subject.body().any(|node| match subject.code().kind(node) {
            NodeKind::Call { func, .. } => subject.resolve(*func).is_some_and(|path| {
                path.as_str().strip_prefix(library).is_some_and(|rest| rest.starts_with('.'))
            }),
            _ => false,
        })
    };
    match () {
        () if has("asyncio") || subject.is_test_case() => "asyncio",
        () if has("trio") || (subject.project.plugins.has("pytest-trio") && sleeps("trio")) => "trio",
        () if has("anyio") => "anyio",
        () => "asyncio",
    }
}

fn decorator(functools: &str, sleeper: &str) -> String {
    format!(
        "def {NAME}(attempts, delay=0.1):
    def decorate(test):
        @{functools}.wraps(test)
        async def retried(*args, **kwargs):
            for _ in range(attempts - 1):
                try:
                    return await test(*args, **kwargs)
                except AssertionError:
                    await {sleeper}.sleep(delay)
            return await test(*args, **kwargs)

        return retried

    return decorate"
    )
}
