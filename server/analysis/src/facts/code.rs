//! The code of one item as an owned tree in one flat vector.
//!
//! Nodes stand in pre-order, so the descendants of a node are the slice behind it (`Node::subtree_end`)
//! and need no recursion. Nesting is bounded all the same (some 600 levels, else it is cut), so recursion is safe.
//! Ranges are bytes relative to the item's start; names stand as written.

use smol_str::SmolStr;
use thin_vec::ThinVec;

use crate::text::TextRange;

/// Index of a node in its [`Code`]. Meaningless in any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Statements or expressions in source order. Some kinds of node hold several of these: they are as small as can be.
pub type Block = ThinVec<NodeId>;

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    pub range: TextRange,
    /// The parent; a root is its own parent.
    pub parent: NodeId,
    /// One past the last descendant.
    pub subtree_end: u32,
}

/// Millions of them are kept.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Node>() <= 56);

/// Whether the parser understood the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Health {
    Sound,
    /// ERROR or MISSING nodes, Python 2 statements, or nesting past the depth limit: absence proves nothing.
    Broken,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub nodes: Vec<Node>,
    /// The item's statements: one, or several for `a; b` and for a file taken whole.
    pub roots: Block,
    pub health: Health,
    /// Comments in source order, `#` included.
    pub comments: Vec<TextRange>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    // Expressions
    Name(SmolStr),
    Attribute {
        value: NodeId,
        attr: SmolStr,
        attr_range: TextRange,
    },
    Subscript {
        value: NodeId,
        index: NodeId,
    },
    Slice {
        lower: Option<NodeId>,
        upper: Option<NodeId>,
        step: Option<NodeId>,
    },
    Call {
        func: NodeId,
        args: Box<[Argument]>,
    },
    /// A string literal, adjacent ones joined; the value with escapes resolved where simple.
    Str(SmolStr),
    Bytes,
    /// An f-string: the interpolated expressions, and its text with `{}` in their places.
    FString {
        template: SmolStr,
        values: Block,
    },
    /// An integer; `None` where it does not fit.
    Int(Option<i64>),
    /// A float or complex number, as written.
    Float(SmolStr),
    Bool(bool),
    None,
    Ellipsis,
    Tuple(Box<[NodeId]>),
    List(Box<[NodeId]>),
    Set(Box<[NodeId]>),
    /// Pairs; a key of `None` is `**value`.
    Dict(Box<[(Option<NodeId>, NodeId)]>),
    Comprehension {
        kind: ComprehensionKind,
        element: NodeId,
        value: Option<NodeId>,
        clauses: Box<[Clause]>,
    },
    Await(NodeId),
    Binary {
        op: SmolStr,
        left: NodeId,
        right: NodeId,
    },
    /// `and`/`or`; chains of one operator are flat.
    Logic {
        op: BoolOp,
        values: Box<[NodeId]>,
    },
    Compare {
        left: NodeId,
        rest: Box<[(CompareOp, NodeId)]>,
    },
    /// `not`, `-`, `+`, `~`.
    Unary {
        op: SmolStr,
        operand: NodeId,
    },
    Lambda {
        params: Box<[Param]>,
        body: NodeId,
    },
    Conditional {
        test: NodeId,
        then: NodeId,
        otherwise: NodeId,
    },
    Starred(NodeId),
    Walrus {
        target: NodeId,
        value: NodeId,
    },
    Yield {
        value: Option<NodeId>,
        from: bool,
    },

    // Statements
    Expr(NodeId),
    /// `a = b = value`: targets left to right. `AnnAssign` without value declares only.
    Assign {
        targets: Box<[NodeId]>,
        value: NodeId,
    },
    AnnAssign {
        target: NodeId,
        annotation: NodeId,
        value: Option<NodeId>,
    },
    AugAssign {
        target: NodeId,
        op: SmolStr,
        value: NodeId,
    },
    Delete(Box<[NodeId]>),
    Return(Option<NodeId>),
    Raise {
        exception: Option<NodeId>,
        cause: Option<NodeId>,
    },
    Assert {
        test: NodeId,
        message: Option<NodeId>,
    },
    Import(Box<[ImportedName]>),
    FromImport {
        level: u32,
        module: SmolStr,
        names: ImportedNames,
    },
    Global(Box<[SmolStr]>),
    Nonlocal(Box<[SmolStr]>),
    Pass,
    Break,
    Continue,
    /// `elif` is an `If` inside `orelse`.
    If {
        test: NodeId,
        body: Block,
        orelse: Block,
    },
    For {
        is_async: bool,
        target: NodeId,
        iter: NodeId,
        body: Block,
        orelse: Block,
    },
    While {
        test: NodeId,
        body: Block,
        orelse: Block,
    },
    Try {
        body: Block,
        handlers: ThinVec<Handler>,
        orelse: Block,
        finally: Block,
    },
    With {
        is_async: bool,
        items: Box<[WithItem]>,
        body: Block,
    },
    Match {
        subject: NodeId,
        cases: Box<[Case]>,
    },
    Function(Box<Function>),
    Class(Box<Class>),

    /// Something that is not modelled (patterns, type aliases, errors); its understood parts are descendants.
    Opaque,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoolOp {
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    In,
    NotIn,
    Is,
    IsNot,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    For { is_async: bool, target: NodeId, iter: NodeId },
    If(NodeId),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The whole argument: `key=value`, `*value`, `**value`, `value`.
    pub range: TextRange,
    pub kind: ArgumentKind,
    pub value: NodeId,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentKind {
    Positional,
    Keyword(SmolStr),
    Star,
    DoubleStar,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub name: SmolStr,
    /// The whole parameter with annotation and default.
    pub range: TextRange,
    pub annotation: Option<NodeId>,
    pub default: Option<NodeId>,
    pub kind: ParamKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    PositionalOnly,
    Positional,
    /// `*args`
    Variadic,
    KeywordOnly,
    /// `**kwargs`
    Keywords,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ImportedName {
    /// Dotted for `import a.b`.
    pub name: SmolStr,
    pub alias: Option<SmolStr>,
    /// `name as alias`, whole.
    pub range: TextRange,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ImportedNames {
    Star,
    Names(ThinVec<ImportedName>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    pub range: TextRange,
    pub exception: Option<NodeId>,
    pub name: Option<SmolStr>,
    pub body: Block,
}

#[derive(Clone, Debug, PartialEq)]
pub struct WithItem {
    pub range: TextRange,
    pub context: NodeId,
    pub target: Option<NodeId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub pattern: NodeId,
    pub guard: Option<NodeId>,
    pub body: Block,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Decorator {
    /// From `@` to the end of the expression.
    pub range: TextRange,
    pub expr: NodeId,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub is_async: bool,
    pub decorators: Box<[Decorator]>,
    pub params: Box<[Param]>,
    /// The parameter list with its parentheses.
    pub params_range: TextRange,
    pub returns: Option<NodeId>,
    pub body: Block,
    /// From `def` or `async` to the end of the body.
    pub def_range: TextRange,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub decorators: Box<[Decorator]>,
    /// Bases and keywords.
    pub bases: Box<[Argument]>,
    /// Empty where the class's members are items of their own.
    pub body: Block,
    /// From `class` to the end.
    pub def_range: TextRange,
}

impl Code {
    /// The code of a text that could not be parsed.
    pub fn unread() -> Code {
        Code { nodes: Vec::new(), roots: Block::default(), health: Health::Broken, comments: Vec::new() }
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn kind(&self, id: NodeId) -> &NodeKind {
        &self.node(id).kind
    }

    pub fn range(&self, id: NodeId) -> TextRange {
        self.node(id).range
    }

    /// The node itself and all below it, in source order.
    pub fn subtree(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (id.0..self.node(id).subtree_end).map(NodeId)
    }

    /// The node's ancestors, nearest first, without itself.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            let parent = self.node(at).parent;
            if parent == at {
                return None;
            }
            at = parent;
            Some(parent)
        })
    }

    /// Whether `inner` is `outer` or below it.
    pub fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        inner >= outer && inner.0 < self.node(outer).subtree_end
    }

    /// The function that the item is, if it is one.
    pub fn function(&self) -> Option<&Function> {
        match self.roots.first().map(|root| self.kind(*root)) {
            Some(NodeKind::Function(function)) => Some(function),
            _ => None,
        }
    }

    /// The class whose head the item is, if it is one.
    pub fn class(&self) -> Option<&Class> {
        match self.roots.first().map(|root| self.kind(*root)) {
            Some(NodeKind::Class(class)) => Some(class),
            _ => None,
        }
    }

    /// What an expression calls, or itself where it is no call: `pytest.fixture` of a decorator with or without arguments.
    pub fn uncalled(&self, id: NodeId) -> NodeId {
        match self.kind(id) {
            NodeKind::Call { func, .. } => *func,
            _ => id,
        }
    }

    /// `a.b.c` for a chain of names and attributes.
    pub fn dotted(&self, id: NodeId) -> Option<String> {
        let mut parts = Vec::new();
        let mut at = id;
        loop {
            match self.kind(at) {
                NodeKind::Attribute { value, attr, .. } => {
                    parts.push(attr.as_str());
                    at = *value;
                }
                NodeKind::Name(name) => {
                    parts.push(name.as_str());
                    break;
                }
                _ => return None,
            }
        }
        parts.reverse();
        Some(parts.join("."))
    }
}

impl NodeKind {
    pub fn as_str(&self) -> Option<&str> {
        match self {
            NodeKind::Str(value) => Some(value),
            _ => None,
        }
    }

    /// The number that a literal is.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            NodeKind::Int(number) => number.map(|number| number as f64),
            NodeKind::Float(text) => text.replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// The last part of a name or attribute: what a called function is called.
    pub fn last_name(&self) -> Option<&str> {
        match self {
            NodeKind::Name(name) => Some(name),
            NodeKind::Attribute { attr, .. } => Some(attr),
            _ => None,
        }
    }

    pub fn as_name(&self) -> Option<&str> {
        match self {
            NodeKind::Name(name) => Some(name),
            _ => None,
        }
    }
}
