//! Expressions that are the same whenever and wherever they are evaluated.

use crate::facts::NodeKind;
use crate::project::constant::Origin;
use crate::project::{Project, Subject};

const MAX_DEPTH: u32 = 8;

pub fn is_fixed(subject: &Subject<'_>, node: crate::facts::NodeId) -> bool {
    is_fixed_at(subject.project, &subject.origin(node), MAX_DEPTH)
}

fn is_fixed_at(project: &Project, origin: &Origin, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let of = |node| is_fixed_at(project, &origin.at(node), depth);
    match origin.kind() {
        NodeKind::Str(_) | NodeKind::Bytes | NodeKind::Int(_) | NodeKind::Float(_) => true,
        NodeKind::Bool(_) | NodeKind::None | NodeKind::Ellipsis => true,
        NodeKind::Unary { operand, .. } => of(*operand),
        NodeKind::Binary { left, right, .. } => of(*left) && of(*right),
        NodeKind::Tuple(parts) | NodeKind::List(parts) | NodeKind::Set(parts) => {
            parts.iter().all(|part| of(*part))
        }
        NodeKind::Dict(pairs) => pairs.iter().all(|(key, value)| key.is_none_or(of) && of(*value)),
        NodeKind::Call { args, .. } => {
            let callee = origin.subject(project).callee(origin.node);
            callee.is_some_and(|path| is_pure(&path)) && args.iter().all(|argument| of(argument.value))
        }
        NodeKind::Attribute { .. } if is_constant(project, origin) => true,
        NodeKind::Name(_) | NodeKind::Attribute { .. } => {
            let followed = origin.clone().followed(project);
            let is_led = followed.node != origin.node || followed.item != origin.item;
            is_led && is_fixed_at(project, &followed, depth)
        }
        _ => false,
    }
}

/// Constructors and parsers of moments that ask neither the clock nor the zone of the machine.
fn is_pure(path: &str) -> bool {
    matches!(
        path,
        "datetime.date"
            | "datetime.datetime"
            | "datetime.time"
            | "datetime.timedelta"
            | "datetime.timezone"
            | "datetime.date.fromisoformat"
            | "datetime.datetime.fromisoformat"
            | "datetime.datetime.strptime"
            | "datetime.datetime.utcfromtimestamp"
            | "zoneinfo.ZoneInfo"
            | "pandas.Timestamp"
            | "builtins.int"
            | "builtins.float"
            | "builtins.str"
            | "calendar.timegm"
    )
}

fn is_constant(project: &Project, origin: &Origin) -> bool {
    let path = origin.scope(project).path(origin.node);
    path.is_some_and(|path| {
        matches!(path.as_str(), "datetime.timezone.utc" | "datetime.UTC" | "calendar.MONDAY")
    })
}
