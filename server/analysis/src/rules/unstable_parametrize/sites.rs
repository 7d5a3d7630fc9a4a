//! The places that make several tests of one: `parametrize` marks, fixture `params`, `metafunc.parametrize`.

use smol_str::SmolStr;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::fixtures::is_fixture_path;
use crate::project::{Role, Subject};

/// One such place: the call and its parts.
#[derive(Clone, Debug)]
pub struct Site {
    /// The values: an iterable.
    pub values: NodeId,
    pub ids: Option<NodeId>,
    /// How messages call it.
    pub name: SmolStr,
}

/// The sites in an item: in decorators, in `pytestmark`, in `pytest_generate_tests`.
pub fn sites(subject: &Subject<'_>) -> Vec<Site> {
    let code = subject.code();
    (0..code.nodes.len() as u32).map(NodeId).filter_map(|node| site(subject, node)).collect()
}

fn site(subject: &Subject<'_>, call: NodeId) -> Option<Site> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let argument = |position: Option<usize>, name: &str| argument(args, position, name);
    if let Some(path) = subject.resolve(*func) {
        if path == "pytest.mark.parametrize" {
            return Some(Site {
                values: argument(Some(1), "argvalues")?,
                ids: argument(None, "ids"),
                name: "parametrize".into(),
            });
        }
        if is_fixture_path(&path) {
            return Some(Site {
                values: argument(None, "params")?,
                ids: argument(None, "ids"),
                name: "params".into(),
            });
        }
    }
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(*func) else { return None };
    let is_metafunc = subject.role == Role::Hook && subject.code().kind(*value).as_name() == Some("metafunc");
    (attr == "parametrize" && is_metafunc).then_some(())?;
    Some(Site {
        values: argument(Some(1), "argvalues")?,
        ids: argument(None, "ids"),
        name: "metafunc.parametrize".into(),
    })
}

fn argument(args: &[Argument], position: Option<usize>, name: &str) -> Option<NodeId> {
    let keyword = args.iter().find(|a| matches!(&a.kind, ArgumentKind::Keyword(key) if key == name));
    let by_position = || {
        let position = position?;
        let leading = args.iter().take(position + 1).all(|a| a.kind == ArgumentKind::Positional);
        if leading { args.get(position) } else { None }
    };
    keyword.or_else(by_position).map(|argument| argument.value)
}
