//! Has the fixture, set-up or test awaited.

use crate::facts::NodeId;
use crate::facts::NodeKind;
use crate::facts::code::ArgumentKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::project::fixtures::FixtureScope;
use crate::project::{Place, Subject};

use super::set_up;

/// `@pytest_asyncio.fixture`. Not for wider scopes, whose event loop would be another than the tests' own, and not where
/// the plugin is not declared.
pub fn made_by_asyncio(subject: &Subject<'_>, maker: NodeId) -> Option<Fix> {
    let fixture = subject.as_fixture()?;
    if fixture.scope != Some(FixtureScope::Function) || !subject.project.plugins.has("pytest-asyncio") {
        return None;
    }
    let (module, mut edits) = ensure_import(&subject.module, Wanted::Plain("pytest_asyncio"))?;
    let Place { path, range } = subject.place(subject.code().range(maker));
    edits.push(path, range, format!("{module}.fixture"));
    let title = "Make it with `@pytest_asyncio.fixture`, which is awaited in every mode";
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// `IsolatedAsyncioTestCase` as the base, where the class names `TestCase` itself.
pub fn case_that_awaits(subject: &Subject<'_>) -> Option<Fix> {
    let class = subject.class()?;
    let facts = subject.module.file.facts(class);
    let code = &facts.code;
    let head = code.class()?;
    let base = head.bases.iter().filter(|base| base.kind == ArgumentKind::Positional).find(|base| {
        let scope =
            crate::project::resolve::Scope { project: subject.project, module: &subject.module, facts };
        scope.path(base.value).is_some_and(|path| path.starts_with("unittest."))
    })?;
    let (name, mut edits) = match code.kind(base.value) {
        NodeKind::Attribute { value, .. } => {
            let owner = code.range(*value).slice(subject.module.file.item_text(class));
            (format!("{owner}.IsolatedAsyncioTestCase"), Edits::new())
        }
        _ => ensure_import(&subject.module, Wanted::From("unittest", "IsolatedAsyncioTestCase"))?,
    };
    let range = subject.module.file.absolute(class, code.range(base.value));
    edits.push(subject.path(), range, name);
    let title = "Derive the class from `IsolatedAsyncioTestCase`, which awaits its tests";
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// `asyncSetUp` for `setUp`, where the class has none yet and the file calls it by name nowhere.
pub fn awaited_name(subject: &Subject<'_>) -> Option<Fix> {
    let function = subject.function()?;
    let awaited = set_up::awaited_name(&function.name)?;
    let file = &subject.module.file;
    let is_taken = file.members(subject.class()?).any(|member| file.name(member) == awaited);
    if is_taken || file.text.as_str().contains(&format!(".{}(", function.name)) {
        return None;
    }
    let mut edits = Edits::new();
    let Place { path, range } = subject.place(function.name_range);
    edits.push(path, range, awaited);
    let title = format!("Call it `{awaited}`, which `IsolatedAsyncioTestCase` awaits");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}
