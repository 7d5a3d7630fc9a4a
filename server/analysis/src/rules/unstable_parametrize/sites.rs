//! The places that make several tests of one: `parametrize` marks, fixture `params`, `metafunc.parametrize`.

use smol_str::SmolStr;

use crate::facts::arguments::{argument, keyword};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::fixtures::is_fixture_path;
use crate::project::{Role, Subject};

/// One such place: the call and its parts.
#[derive(Clone, Debug)]
pub struct Site {
    /// The values: an iterable.
    pub values: NodeId,
    pub ids: Option<NodeId>,
    /// Each value is taken apart for several names.
    pub has_several_names: bool,
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
    if let Some(path) = subject.resolve(*func) {
        if path == "pytest.mark.parametrize" {
            return Some(Site {
                values: argument(args, 1, "argvalues")?,
                ids: keyword(args, "ids"),
                has_several_names: names_several(subject, args),
                name: "parametrize".into(),
            });
        }
        if is_fixture_path(&path) {
            return Some(Site {
                values: keyword(args, "params")?,
                ids: keyword(args, "ids"),
                has_several_names: false,
                name: "params".into(),
            });
        }
    }
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(*func) else { return None };
    let is_metafunc = subject.role == Role::Hook && subject.code().kind(*value).as_name() == Some("metafunc");
    (attr == "parametrize" && is_metafunc).then_some(())?;
    Some(Site {
        values: argument(args, 1, "argvalues")?,
        ids: keyword(args, "ids"),
        has_several_names: names_several(subject, args),
        name: "metafunc.parametrize".into(),
    })
}

/// Whether `parametrize` fills several names, for all that is known.
fn names_several(subject: &Subject<'_>, args: &[Argument]) -> bool {
    let names = argument(args, 0, "argnames").map(|names| subject.code().kind(names));
    match names {
        Some(NodeKind::Str(names)) => names.contains(','),
        Some(NodeKind::Tuple(names) | NodeKind::List(names)) => names.len() != 1,
        _ => true,
    }
}
