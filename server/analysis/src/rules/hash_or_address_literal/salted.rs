//! Values that are others in every process, and how a test writes such a value down.

use crate::facts::arguments::positional;
use crate::facts::{NodeId, NodeKind};
use crate::project::constant::Origin;
use crate::project::{Project, Subject};

/// Expressions inside expressions are looked at this far.
const MAX_DEPTH: u32 = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The hash of text or bytes, or of something that holds them.
    Hash,
    /// `id(…)`
    Id,
    /// The text of an object that writes its address.
    Repr,
}

impl Value {
    pub fn words(self) -> &'static str {
        match self {
            Value::Hash => "a hash of text",
            Value::Id => "an `id`",
            Value::Repr => "an object's address",
        }
    }

    pub fn todo(self) -> &'static str {
        match self {
            Value::Hash => {
                "Compare it with another hash of this run, or take a hash that is the same everywhere, from `hashlib`."
            }
            Value::Id => "Compare it with the `id` of the object, or the objects with `is`.",
            Value::Repr => "Put the address together from `id(...)`, or match the text without it.",
        }
    }
}

/// How something is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Number,
    /// Text that is a number.
    Digits,
    /// Text with an address in it.
    Address,
}

/// What an expression stands for, if that is another value in every process.
pub fn value(subject: &Subject<'_>, origin: &Origin) -> Option<Value> {
    of(subject.project, origin, MAX_DEPTH)
}

/// Whether a hash may be on either side of a number: of a bare one that is any but a huge number, of what is left of a
/// division one below the divisor.
pub fn may_pass(subject: &Subject<'_>, hash: NodeId, bound: NodeId) -> bool {
    let Some(bound) = subject.number(bound) else { return false };
    let origin = subject.origin(hash).followed(subject.project);
    match origin.kind() {
        NodeKind::Call { func, .. } => {
            let is_bare =
                origin.scope(subject.project).path(*func).is_some_and(|path| path == "builtins.hash");
            is_bare && bound.abs() < 1e18
        }
        NodeKind::Binary { op, right, .. } if op == "%" => {
            let divisor = origin.subject(subject.project).number(*right);
            divisor.is_some_and(|divisor| bound > 0.0 && bound < divisor - 1.0)
        }
        _ => false,
    }
}

fn of(project: &Project, origin: &Origin, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let origin = origin.clone().followed(project);
    let inside = |node: NodeId| of(project, &origin.at(node), depth);
    match origin.kind() {
        NodeKind::Call { func, args } => {
            let first = positional(args, 0).map(|first| origin.at(first));
            match origin.scope(project).path(*func).as_deref() {
                Some("builtins.hash") => is_salted(project, &first?, depth).then_some(Value::Hash),
                Some("builtins.id") => Some(Value::Id),
                Some("builtins.repr" | "builtins.str") => {
                    let first = first?;
                    match of(project, &first, depth) {
                        Some(value) => Some(value),
                        None => Some(Value::Repr),
                    }
                }
                Some("builtins.abs" | "builtins.hex" | "builtins.format") => inside(first?.node),
                _ => {
                    let called = origin.subject(project).definition(*func)?.subject(project);
                    let [result] = called.results()[..] else { return None };
                    of(project, &called.origin(result), depth).filter(|value| *value != Value::Repr)
                }
            }
        }
        // What is left of a small number has few values, but still others in every process.
        NodeKind::Binary { op, left, right } => {
            let is_number = |node: NodeId| origin.subject(project).number(node).is_some();
            let keeps = matches!(op.as_str(), "%" | "&" | "+" | "-" | "*" | "//" | ">>" | "^");
            (keeps && is_number(*right))
                .then(|| inside(*left))
                .flatten()
                .filter(|value| *value != Value::Repr)
        }
        NodeKind::FString { values, .. } => match &**values {
            [only] => inside(*only).or(Some(Value::Repr)),
            _ => Some(Value::Repr),
        },
        _ => None,
    }
}

/// Whether the hash of it comes from the hash of text or bytes.
fn is_salted(project: &Project, origin: &Origin, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let origin = origin.clone().followed(project);
    match origin.kind() {
        NodeKind::Str(text) => !text.is_empty(),
        NodeKind::Bytes | NodeKind::FString { .. } => true,
        NodeKind::Tuple(parts) => parts.iter().any(|part| is_salted(project, &origin.at(*part), depth)),
        NodeKind::Call { func, args } => match origin.scope(project).path(*func).as_deref() {
            Some("builtins.str" | "builtins.repr" | "builtins.bytes") => true,
            Some("builtins.frozenset" | "builtins.tuple") => {
                positional(args, 0).is_some_and(|first| holds_text(project, &origin.at(first), depth))
            }
            Some(
                "pathlib.Path"
                | "pathlib.PurePath"
                | "pathlib.PurePosixPath"
                | "datetime.date"
                | "datetime.datetime",
            ) => !args.is_empty(),
            _ => matches!(
                origin.kind_of(*func),
                NodeKind::Attribute { value, attr, .. }
                    if matches!(attr.as_str(), "join" | "format" | "lower" | "upper" | "encode")
                        && is_salted(project, &origin.at(*value), depth)
            ),
        },
        _ => false,
    }
}

fn holds_text(project: &Project, origin: &Origin, depth: u32) -> bool {
    let origin = origin.clone().followed(project);
    match origin.kind() {
        NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts) => {
            parts.iter().any(|part| is_salted(project, &origin.at(*part), depth))
        }
        NodeKind::Str(text) => !text.is_empty(),
        _ => false,
    }
}

/// What a side of a comparison writes down.
pub fn written(subject: &Subject<'_>, origin: &Origin) -> Option<Written> {
    let origin = origin.clone().followed(subject.project);
    match origin.kind() {
        NodeKind::Int(number) => (*number != Some(-1)).then_some(Written::Number),
        NodeKind::Unary { op, operand } if op == "-" => {
            matches!(origin.kind_of(*operand), NodeKind::Int(number) if *number != Some(1))
                .then_some(Written::Number)
        }
        NodeKind::Str(text) if has_address(text) => Some(Written::Address),
        NodeKind::Str(text) => {
            let digits = text.trim_start_matches('-').trim_start_matches("0x");
            (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .then_some(Written::Digits)
        }
        _ => None,
    }
}

/// ` at 0x7f3c…`: an address as `object.__repr__` writes it, with as many digits as one has.
fn has_address(text: &str) -> bool {
    text.match_indices(" at 0x").any(|(at, marker)| {
        let digits = text[at + marker.len()..].bytes().take_while(u8::is_ascii_hexdigit).count();
        digits >= 6
    })
}

/// Whether the test decides the hash or the address itself: `PYTHONHASHSEED`, a replaced `id` or `hash`.
pub fn is_decided(subject: &Subject<'_>) -> bool {
    let text = subject.text();
    let surroundings = crate::project::surroundings::Surroundings::of(subject);
    text.contains("PYTHONHASHSEED") || surroundings.mocks("id") || surroundings.mocks("hash")
}
