//! What a set holds, as far as its order and the ids made from it are concerned.

use super::constant::Origin;
use super::{Module, Project};
use crate::facts::NodeKind;

/// What a set's elements are; the order is the order of harm in a mixed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Numbers, `None`, empty text, built-in types and functions, and tuples of them: in the same order in every process, or
    /// nearly so. (What the interpreter itself holds moves by whole pages between processes, so the lower bits of its hash
    /// stay; only where they collide the upper ones decide.)
    Number,
    /// Not to be seen.
    Unknown,
    /// Classes: hashed by address.
    Address,
    /// Text, bytes and tuples with them: the hash is salted, the id is the text.
    Text,
    /// Members of an `Enum` that is no number: hashed by name, the id has the name.
    Member,
    /// Functions: hashed by address, the id is the name.
    Function,
    /// Dates, paths and other objects whose hash is salted and that leave no text in the id.
    Object,
}

/// The elements of a set display, or of what is given to `set(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elements {
    pub kind: Element,
    /// `None` where they cannot be counted.
    pub count: Option<usize>,
    /// All are literals of one type that can be ordered.
    pub sortable_literals: bool,
    /// All are of one type that can be ordered, as far as can be seen.
    pub sortable: bool,
    /// All are tuples.
    pub are_tuples: bool,
}

impl Elements {
    pub const UNKNOWN: Elements = Elements {
        kind: Element::Unknown,
        count: None,
        sortable_literals: false,
        sortable: false,
        are_tuples: false,
    };

    pub fn of(project: &Project, origins: &[Origin]) -> Elements {
        let kinds: Vec<Element> = origins.iter().map(|origin| element(project, origin)).collect();
        let kind = kinds.iter().copied().max().unwrap_or(Element::Number);
        let one_type = origins.windows(2).all(|pair| shape(project, &pair[0]) == shape(project, &pair[1]));
        let all = |wanted: Element| kinds.iter().all(|kind| *kind == wanted);
        let literals = origins.iter().all(|origin| matches!(origin.kind(), NodeKind::Str(_)));
        Elements {
            kind,
            count: Some(distinct(origins)),
            sortable_literals: literals && !origins.is_empty(),
            sortable: one_type && (all(Element::Text) || all(Element::Object)),
            are_tuples: origins.iter().all(|origin| matches!(origin.kind(), NodeKind::Tuple(_)))
                && !origins.is_empty(),
        }
    }
}

/// How many are written differently.
fn distinct(origins: &[Origin]) -> usize {
    let written = |origin: &Origin| {
        let file = &origin.module.file;
        file.facts(origin.item).code.range(origin.node).slice(file.item_text(origin.item)).to_owned()
    };
    origins.iter().map(written).collect::<std::collections::BTreeSet<_>>().len()
}

fn element(project: &Project, origin: &Origin) -> Element {
    match origin.kind() {
        NodeKind::Int(_) | NodeKind::Float(_) | NodeKind::Bool(_) => Element::Number,
        NodeKind::Unary { operand, .. } => element(project, &origin.at(*operand)),
        NodeKind::None => Element::Number,
        // Its hash is zero whatever the salt.
        NodeKind::Str(text) if text.is_empty() => Element::Number,
        NodeKind::Str(_) | NodeKind::Bytes | NodeKind::FString { .. } => Element::Text,
        NodeKind::Tuple(parts) => {
            parts.iter().map(|part| element(project, &origin.at(*part))).max().unwrap_or(Element::Number)
        }
        NodeKind::Lambda { .. } => Element::Function,
        NodeKind::Call { .. } => call(project, origin),
        NodeKind::Name(_) | NodeKind::Attribute { .. } => named(project, origin),
        _ => Element::Unknown,
    }
}

fn call(project: &Project, origin: &Origin) -> Element {
    match origin.scope(project).callee(origin.node).as_deref() {
        Some("builtins.int" | "builtins.float" | "builtins.len") => Element::Number,
        Some("builtins.str" | "builtins.bytes" | "builtins.repr") => Element::Text,
        Some(path) if is_object_maker(path) => Element::Object,
        _ => Element::Unknown,
    }
}

/// Makers of values with a salted hash that give no text to an id.
fn is_object_maker(path: &str) -> bool {
    matches!(
        path,
        "datetime.date"
            | "datetime.datetime"
            | "datetime.time"
            | "datetime.date.fromisoformat"
            | "datetime.datetime.fromisoformat"
            | "pathlib.Path"
            | "pathlib.PurePath"
            | "pathlib.PosixPath"
            | "pathlib.PurePosixPath"
    )
}

fn named(project: &Project, origin: &Origin) -> Element {
    let followed = origin.clone().followed(project);
    if !matches!(followed.kind(), NodeKind::Name(_) | NodeKind::Attribute { .. }) {
        return element(project, &followed);
    }
    let Some(path) = followed.scope(project).path(followed.node) else { return Element::Unknown };
    if path.starts_with("builtins.") {
        return Element::Number;
    }
    if let Some((owner, _)) = path.rsplit_once('.')
        && let Some(kind) = enum_kind(project, owner)
    {
        return kind;
    }
    match project.layout.split_path(&path).and_then(|(file, rest)| Some((project.module(file)?, rest))) {
        Some((module, rest)) if is_function(&module, rest) => Element::Function,
        Some(_) if project.class_at(&path).is_some() => Element::Address,
        _ => Element::Unknown,
    }
}

fn is_function(module: &Module, name: &str) -> bool {
    module.file.scope().get(name).iter().any(|b| b.kind == crate::facts::module::ModuleBindingKind::Function)
}

/// What the members of an enum class are; `None` if the path is no enum of the project.
pub fn enum_kind(project: &Project, class: &str) -> Option<Element> {
    let (module, head) = project.class_at(class)?;
    let bases = project.base_names(&module, head);
    let last = |name: &str| bases.iter().any(|base| base.rsplit('.').next() == Some(name));
    if last("IntEnum") || last("IntFlag") || last("int") {
        return Some(Element::Number);
    }
    (last("Enum") || last("StrEnum") || last("Flag")).then_some(Element::Member)
}

/// A word for the type of an element, equal for elements that compare with each other.
fn shape(project: &Project, origin: &Origin) -> String {
    match origin.kind() {
        NodeKind::Str(_) | NodeKind::FString { .. } => "text".to_owned(),
        NodeKind::Bytes => "bytes".to_owned(),
        NodeKind::Tuple(parts) => {
            let inner: Vec<String> = parts.iter().map(|part| shape(project, &origin.at(*part))).collect();
            format!("({})", inner.join(","))
        }
        NodeKind::Int(_) | NodeKind::Float(_) => "number".to_owned(),
        NodeKind::Call { .. } => origin.scope(project).callee(origin.node).unwrap_or_default().to_string(),
        _ => format!("{}", origin.node.0),
    }
}
