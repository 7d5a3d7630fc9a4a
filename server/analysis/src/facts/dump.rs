//! Prints [`Code`] as S-expressions, for tests and for looking at.
//!
//! Names and numbers stand bare, strings quoted; a node that its parent does not refer to follows a `~`.

use std::fmt::Write;

use super::code::{
    Argument, ArgumentKind, BoolOp, Clause, Code, CompareOp, Function, ImportedName, ImportedNames, NodeId,
    NodeKind, Param, ParamKind,
};
use crate::text::TextRange;

/// The item's statements, one a line.
pub fn dump(code: &Code) -> String {
    let mut printer = Printer::new(code, None);
    for root in &code.roots {
        printer.node(*root);
        printer.out.push('\n');
    }
    printer.out
}

/// One node with all below it, and every range as bytes from `base`.
pub fn dump_with_ranges(code: &Code, id: NodeId, base: u32) -> String {
    let mut printer = Printer::new(code, Some(base));
    printer.node(id);
    printer.out
}

struct Printer<'c> {
    code: &'c Code,
    base: Option<u32>,
    printed: Vec<bool>,
    out: String,
}

impl<'c> Printer<'c> {
    fn new(code: &'c Code, base: Option<u32>) -> Self {
        Self { code, base, printed: vec![false; code.nodes.len()], out: String::new() }
    }

    fn node(&mut self, id: NodeId) {
        self.printed[id.0 as usize] = true;
        self.at(self.code.range(id));
        match self.code.kind(id) {
            NodeKind::Name(name) => self.out.push_str(name),
            NodeKind::Str(value) => self.write(format_args!("{value:?}")),
            NodeKind::Int(Some(value)) => self.write(format_args!("{value}")),
            NodeKind::Float(text) => self.out.push_str(text),
            kind => {
                self.out.push('(');
                self.kind(kind);
                self.strays(id);
                self.out.push(')');
            }
        }
    }

    /// Children that the node does not refer to.
    fn strays(&mut self, id: NodeId) {
        let is_opaque = *self.code.kind(id) == NodeKind::Opaque;
        let mut child = id.0 + 1;
        while child < self.code.node(id).subtree_end {
            if !self.printed[child as usize] {
                self.out.push_str(if is_opaque { " " } else { " ~" });
                self.node(NodeId(child));
            }
            child = self.code.node(NodeId(child)).subtree_end;
        }
    }

    fn kind(&mut self, kind: &NodeKind) {
        if is_statement(kind) { self.statement(kind) } else { self.expression(kind) }
    }

    fn expression(&mut self, kind: &NodeKind) {
        match kind {
            NodeKind::Attribute { value, attr, attr_range } => {
                self.list(".", [*value]);
                self.out.push(' ');
                self.at(*attr_range);
                self.out.push_str(attr);
            }
            NodeKind::Subscript { value, index } => self.list("index", [*value, *index]),
            NodeKind::Slice { lower, upper, step } => {
                self.out.push_str("slice");
                for bound in [lower, upper, step] {
                    self.optional(*bound);
                }
            }
            NodeKind::Call { func, args } => {
                self.list("call", [*func]);
                self.arguments(args);
            }
            NodeKind::FString { template, values } => {
                self.write(format_args!("f {template:?}"));
                self.all(values);
            }
            NodeKind::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            NodeKind::Tuple(elements) => self.list("tuple", elements.iter().copied()),
            NodeKind::List(elements) => self.list("list", elements.iter().copied()),
            NodeKind::Set(elements) => self.list("set", elements.iter().copied()),
            NodeKind::Dict(pairs) => {
                self.out.push_str("dict");
                for (key, value) in pairs {
                    self.optional(*key);
                    self.all(&[*value]);
                }
            }
            NodeKind::Comprehension { kind, element, value, clauses } => {
                self.write(format_args!("comprehension {kind:?}"));
                self.all(&[*element]);
                self.all(value.as_slice());
                self.clauses(clauses);
            }
            NodeKind::Await(value) => self.list("await", [*value]),
            NodeKind::Binary { op, left, right } => self.list(op, [*left, *right]),
            NodeKind::Logic { op, values } => {
                let op = if *op == BoolOp::And { "and" } else { "or" };
                self.list(op, values.iter().copied());
            }
            NodeKind::Compare { left, rest } => {
                self.list("compare", [*left]);
                for (op, operand) in rest {
                    self.write(format_args!(" {}", compare_op(*op)));
                    self.all(&[*operand]);
                }
            }
            NodeKind::Unary { op, operand } => self.list(op, [*operand]),
            NodeKind::Lambda { params, body } => {
                self.out.push_str("lambda");
                self.params(params);
                self.all(&[*body]);
            }
            NodeKind::Conditional { test, then, otherwise } => {
                self.list("if-else", [*test, *then, *otherwise]);
            }
            NodeKind::Starred(value) => self.list("star", [*value]),
            NodeKind::Walrus { target, value } => self.list(":=", [*target, *value]),
            NodeKind::Yield { value, from } => {
                self.list(if *from { "yield-from" } else { "yield" }, value.iter().copied());
            }
            kind => self.write(format_args!("{kind:?}")),
        }
    }

    fn statement(&mut self, kind: &NodeKind) {
        match kind {
            NodeKind::Expr(value) => self.list("expr", [*value]),
            NodeKind::Assign { targets, value } => {
                self.list("assign", targets.iter().copied().chain([*value]));
            }
            NodeKind::AnnAssign { target, annotation, value } => {
                self.list("declare", [*target, *annotation].into_iter().chain(*value));
            }
            NodeKind::AugAssign { target, op, value } => self.list(op, [*target, *value]),
            NodeKind::Delete(targets) => self.list("del", targets.iter().copied()),
            NodeKind::Return(value) => self.list("return", value.iter().copied()),
            NodeKind::Raise { exception, cause } => {
                self.list("raise", exception.iter().copied());
                self.section("from", cause.as_slice());
            }
            NodeKind::Assert { test, message } => self.list("assert", [*test].into_iter().chain(*message)),
            NodeKind::Import(names) => {
                self.out.push_str("import");
                self.imported(names);
            }
            NodeKind::FromImport { level, module, names } => {
                let dots = ".".repeat(*level as usize);
                self.write(format_args!("from {dots}{module}"));
                match names {
                    ImportedNames::Star => self.out.push_str(" *"),
                    ImportedNames::Names(names) => self.imported(names),
                }
            }
            NodeKind::Global(names) => self.write(format_args!("global {}", names.join(" "))),
            NodeKind::Nonlocal(names) => self.write(format_args!("nonlocal {}", names.join(" "))),
            NodeKind::Pass => self.out.push_str("pass"),
            NodeKind::Break => self.out.push_str("break"),
            NodeKind::Continue => self.out.push_str("continue"),
            kind => self.compound(kind),
        }
    }

    fn compound(&mut self, kind: &NodeKind) {
        match kind {
            NodeKind::If { test, body, orelse } => {
                self.list("if", [*test]);
                self.section("then", body);
                self.section("else", orelse);
            }
            NodeKind::For { is_async, target, iter, body, orelse } => {
                self.list(if *is_async { "async-for" } else { "for" }, [*target, *iter]);
                self.section("do", body);
                self.section("else", orelse);
            }
            NodeKind::While { test, body, orelse } => {
                self.list("while", [*test]);
                self.section("do", body);
                self.section("else", orelse);
            }
            NodeKind::Try { body, handlers, orelse, finally } => {
                self.list("try", body.iter().copied());
                for handler in handlers {
                    self.out.push_str(" (except");
                    self.at(handler.range);
                    self.all(handler.exception.as_slice());
                    if let Some(name) = &handler.name {
                        self.write(format_args!(" as {name}"));
                    }
                    self.section("do", &handler.body);
                    self.out.push(')');
                }
                self.section("else", orelse);
                self.section("finally", finally);
            }
            NodeKind::With { is_async, items, body } => {
                self.out.push_str(if *is_async { "async-with" } else { "with" });
                for item in items {
                    self.out.push_str(" (");
                    self.at(item.range);
                    self.node(item.context);
                    self.section("as", item.target.as_slice());
                    self.out.push(')');
                }
                self.section("do", body);
            }
            NodeKind::Match { subject, cases } => {
                self.list("match", [*subject]);
                for case in cases {
                    self.out.push_str(" (case");
                    self.all(&[case.pattern]);
                    self.section("if", case.guard.as_slice());
                    self.section("do", &case.body);
                    self.out.push(')');
                }
            }
            NodeKind::Function(function) => self.function(function),
            NodeKind::Class(class) => {
                self.write(format_args!("class {}", class.name));
                self.at(class.name_range);
                self.at(class.def_range);
                self.decorators(&class.decorators);
                self.arguments(&class.bases);
                self.section("do", &class.body);
            }
            kind => self.write(format_args!("{kind:?}")),
        }
    }

    fn function(&mut self, function: &Function) {
        self.out.push_str(if function.is_async { "async-def " } else { "def " });
        self.out.push_str(&function.name);
        self.at(function.name_range);
        self.at(function.def_range);
        self.decorators(&function.decorators);
        self.at(function.params_range);
        self.params(&function.params);
        self.section("->", function.returns.as_slice());
        self.section("do", &function.body);
    }

    fn decorators(&mut self, decorators: &[super::code::Decorator]) {
        for decorator in decorators {
            self.out.push_str(" @");
            self.at(decorator.range);
            self.node(decorator.expr);
        }
    }

    fn params(&mut self, params: &[Param]) {
        self.out.push_str(" [");
        for (i, param) in params.iter().enumerate() {
            if i > 0 {
                self.out.push(' ');
            }
            self.at(param.range);
            let mark = match param.kind {
                ParamKind::PositionalOnly => "/",
                ParamKind::Positional => "",
                ParamKind::Variadic => "*",
                ParamKind::KeywordOnly => "=",
                ParamKind::Keywords => "**",
            };
            self.write(format_args!("{mark}{}", param.name));
            self.section(":", param.annotation.as_slice());
            self.section("=", param.default.as_slice());
        }
        self.out.push(']');
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            self.out.push(' ');
            self.at(argument.range);
            match &argument.kind {
                ArgumentKind::Positional => {}
                ArgumentKind::Keyword(name) => self.write(format_args!("{name}=")),
                ArgumentKind::Star => self.out.push('*'),
                ArgumentKind::DoubleStar => self.out.push_str("**"),
            }
            self.node(argument.value);
        }
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            match clause {
                Clause::For { is_async, target, iter } => {
                    self.out.push(' ');
                    self.out.push('(');
                    self.list(if *is_async { "async-for" } else { "for" }, [*target, *iter]);
                    self.out.push(')');
                }
                Clause::If(test) => self.section("if", &[*test]),
            }
        }
    }

    fn imported(&mut self, names: &[ImportedName]) {
        for name in names {
            self.write(format_args!(" {}", name.name));
            if let Some(alias) = &name.alias {
                self.write(format_args!(" as {alias}"));
            }
            self.at(name.range);
        }
    }

    /// ` (head a b)`, or nothing where there is nothing to show.
    fn section(&mut self, head: &str, nodes: &[NodeId]) {
        if !nodes.is_empty() {
            self.out.push_str(" (");
            self.list(head, nodes.iter().copied());
            self.out.push(')');
        }
    }

    fn list(&mut self, head: &str, nodes: impl IntoIterator<Item = NodeId>) {
        self.out.push_str(head);
        for node in nodes {
            self.out.push(' ');
            self.node(node);
        }
    }

    fn all(&mut self, nodes: &[NodeId]) {
        self.list("", nodes.iter().copied());
    }

    fn optional(&mut self, node: Option<NodeId>) {
        match node {
            Some(node) => self.all(&[node]),
            None => self.out.push_str(" _"),
        }
    }

    fn at(&mut self, range: TextRange) {
        if let Some(base) = self.base {
            let range = range.shift(-i64::from(base));
            self.write(format_args!("<{}-{}>", range.start, range.end));
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(text);
    }
}

fn is_statement(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Expr(_)
            | NodeKind::Assign { .. }
            | NodeKind::AnnAssign { .. }
            | NodeKind::AugAssign { .. }
            | NodeKind::Delete(_)
            | NodeKind::Return(_)
            | NodeKind::Raise { .. }
            | NodeKind::Assert { .. }
            | NodeKind::Import(_)
            | NodeKind::FromImport { .. }
            | NodeKind::Global(_)
            | NodeKind::Nonlocal(_)
            | NodeKind::Pass
            | NodeKind::Break
            | NodeKind::Continue
            | NodeKind::If { .. }
            | NodeKind::For { .. }
            | NodeKind::While { .. }
            | NodeKind::Try { .. }
            | NodeKind::With { .. }
            | NodeKind::Match { .. }
            | NodeKind::Function(_)
            | NodeKind::Class(_)
    )
}

fn compare_op(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::NotEq => "!=",
        CompareOp::Lt => "<",
        CompareOp::LtE => "<=",
        CompareOp::Gt => ">",
        CompareOp::GtE => ">=",
        CompareOp::In => "in",
        CompareOp::NotIn => "not-in",
        CompareOp::Is => "is",
        CompareOp::IsNot => "is-not",
    }
}
