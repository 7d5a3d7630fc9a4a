//! Skips a known flaky test in CI, with a reason that names the issue.

use super::Offer;
use crate::facts::NodeKind;
use crate::fix::{Edits, Fix};
use crate::fixes::decorator::above_other_decorators;
use crate::fixes::import::{Wanted, ensure_import};
use crate::project::Subject;
use crate::project::constant::Origin;

const TITLE: &str = "Skip in CI, with a reason to fill in (green there, having run nothing)";
/// The guide's form; a person puts the number there.
const REASON: &str = "flaky in CI, tracked in issue #XXXXX";

pub fn offer(subject: &Subject<'_>) -> Option<Offer> {
    if conditions(subject).iter().any(|condition| asks_for_ci(subject, condition)) {
        return Offer::refused(TITLE, "The test is skipped in CI already");
    }
    match skip(subject) {
        Some((decorator, mut edits)) => {
            above_other_decorators(subject, &decorator, &mut edits)?;
            Some(Offer::Possible(Fix::mitigation(TITLE, edits)))
        }
        None => {
            Offer::refused(TITLE, "The name `os`, `pytest` or `unittest` means something else in this module")
        }
    }
}

/// What the test's own skips and those around it ask for.
fn conditions(subject: &Subject<'_>) -> Vec<Origin> {
    let marks = subject.marks();
    let by_marks = marks.iter().filter(|mark| mark.name == "skipif").filter_map(|mark| {
        let node = mark.args().first()?.value;
        Some(Origin { module: mark.module.clone(), item: mark.item, node })
    });
    let decorators = subject.function().into_iter().flat_map(|function| &function.decorators);
    let by_unittest = decorators.filter_map(|decorator| {
        let NodeKind::Call { func, args } = subject.code().kind(decorator.expr) else { return None };
        let is_skip = matches!(subject.resolve(*func)?.as_str(), "unittest.skipIf" | "unittest.skipUnless");
        is_skip.then_some(())?;
        Some(Origin { module: subject.module.clone(), item: subject.item, node: args.first()?.value })
    });
    by_marks.chain(by_unittest).collect()
}

/// Whether a condition reads `CI`, itself or through a constant.
fn asks_for_ci(subject: &Subject<'_>, condition: &Origin) -> bool {
    let followed = condition.clone().followed(subject.project);
    [condition, &followed].iter().any(|origin| {
        let range = origin.module.file.facts(origin.item).code.range(origin.node);
        let text = range.slice(origin.module.file.item_text(origin.item));
        ["\"CI\"", "'CI'", "GITHUB_ACTIONS"].iter().any(|name| text.contains(name))
    })
}

/// A condition that is text would be evaluated by pytest as code: hence `bool`.
fn skip(subject: &Subject<'_>) -> Option<(String, Edits)> {
    let (os, mut edits) = ensure_import(&subject.module, Wanted::Plain("os"))?;
    if subject.is_test_case() {
        let (unittest, import) = ensure_import(&subject.module, Wanted::Plain("unittest"))?;
        edits.merge(import);
        return Some((format!("{unittest}.skipIf({os}.environ.get(\"CI\"), \"{REASON}\")"), edits));
    }
    let (pytest, import) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    edits.merge(import);
    let condition = format!("bool({os}.environ.get(\"CI\"))");
    Some((format!("{pytest}.mark.skipif({condition}, reason=\"{REASON}\")"), edits))
}
