//! A patch that finds a module or class made anew, while the test goes on with the old one.

use super::evidence::{Source, Traced, acts};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::mock_assertions::MockAssertion;
use crate::project::mocks::Mock;
use crate::project::reload::{Reload, Renewal};
use crate::project::waits::Wait;

/// `patch("shop.mail.send")` replaces what `shop.mail` is now. Where a fixture has purged the module, functions that the
/// test module imported before run in the old one; where it has reloaded it, objects of a class imported before have the
/// old class.
pub fn trace(subject: &Subject<'_>, mock: &Mock, assertion: &MockAssertion) -> Option<Traced> {
    let path = mock.replaces.as_deref().filter(|_| mock.is_looked_up)?;
    let (file, rest) = subject.project.layout.split_path(path)?;
    let module = subject.project.module(file)?.name.clone();
    let class = rest.split_once('.').map(|(class, _)| format!("{module}.{class}"));
    let reloads = subject.project.reloads();
    let (reload, used) = reloads.iter().filter(|reload| reload.renews(&module)).find_map(|reload| {
        let used = acts(subject, mock, assertion).into_iter().find(|call| {
            let Some(path) = called_of_module(subject, *call) else { return false };
            match reload.renewal {
                Renewal::Purge => {
                    path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('.'))
                }
                Renewal::Reload => class.as_deref() == Some(path.as_str()),
            }
        })?;
        Some((reload, used))
    })?;
    let confidence = if reaches(subject, reload) { Confidence::Likely } else { Confidence::Possible };
    let NodeKind::Call { func, .. } = subject.code().kind(used) else { return None };
    let source =
        Source::Renewed { reload: reload.clone(), used: subject.source(*func).to_owned(), used_at: used };
    Some(Traced { source, confidence, wait: Wait::None })
}

/// The path of what a call calls, if the test module imported it at its top.
fn called_of_module(subject: &Subject<'_>, call: NodeId) -> Option<String> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return None };
    let head = code.subtree(*func).find(|node| matches!(code.kind(*node), NodeKind::Name(_)))?;
    let name = code.kind(head).as_name()?;
    if subject.scope().is_local(name, head) {
        return None;
    }
    subject.resolve(*func).map(|path| path.to_string())
}

/// Whether the reload is near enough that the two surely share a process: in the same file, or in a conftest above.
fn reaches(subject: &Subject<'_>, reload: &Reload) -> bool {
    let path = &reload.place.path;
    let is_conftest = path.file_name().is_some_and(|name| name == "conftest.py");
    path == subject.path()
        || (is_conftest && path.parent().is_some_and(|directory| subject.path().starts_with(directory)))
}
