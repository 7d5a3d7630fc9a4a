//! What is not understood, with the parts of it that are.

use super::Lowering;
use crate::facts::code::{NodeId, NodeKind};
use crate::syntax::kinds::Kind;
use crate::text::TextRange;

impl Lowering<'_> {
    /// An `Opaque` for the node; its understood parts lie below.
    pub(super) fn opaque(&mut self) -> NodeId {
        self.nested(|l| {
            let open = l.builder.open(l.range());
            l.parts();
            l.builder.close(open, NodeKind::Opaque)
        })
    }

    /// An `Opaque` for something that the grammar takes and Python does not.
    pub(super) fn wrong(&mut self) -> NodeId {
        self.broken = true;
        self.opaque()
    }

    /// An empty `Opaque` for a node at the depth limit.
    pub(super) fn too_deep(&mut self) -> NodeId {
        self.broken = true;
        self.pass_over();
        self.builder.leaf(self.range(), NodeKind::Opaque)
    }

    /// An empty `Opaque` for a part that an error left out, at the end of what is there.
    pub(super) fn absent(&mut self) -> NodeId {
        self.broken = true;
        let end = self.range().end;
        self.builder.leaf(TextRange::empty(end), NodeKind::Opaque)
    }

    /// Lowers the understood parts of the node below the open one.
    pub(super) fn parts(&mut self) {
        self.children(Self::part);
    }

    /// Lowers a node that has no place in what is being made.
    pub(super) fn part(&mut self, kind: Kind) {
        match kind.role() {
            Role::Expression => {
                self.expression();
            }
            Role::Statement => {
                self.statement();
            }
            Role::Container => self.container(),
            Role::Token => {}
        }
    }

    fn container(&mut self) {
        self.deeper(Self::parts);
    }
}

enum Role {
    Expression,
    Statement,
    /// Neither; may hold either.
    Container,
    /// Holds nothing.
    Token,
}

impl Kind {
    pub(super) fn is_statement(self) -> bool {
        matches!(self.role(), Role::Statement)
    }

    pub(super) fn is_expression(self) -> bool {
        matches!(self.role(), Role::Expression)
    }

    fn role(self) -> Role {
        use Kind as K;
        match self {
            K::Identifier
            | K::Attribute
            | K::Subscript
            | K::Call
            | K::ListSplat
            | K::ListSplatPattern
            | K::String
            | K::ConcatenatedString
            | K::Integer
            | K::Float
            | K::True
            | K::False
            | K::None
            | K::Ellipsis
            | K::Tuple
            | K::TuplePattern
            | K::ExpressionList
            | K::PatternList
            | K::List
            | K::ListPattern
            | K::Set
            | K::Dictionary
            | K::ListComprehension
            | K::SetComprehension
            | K::DictionaryComprehension
            | K::GeneratorExpression
            | K::Await
            | K::BinaryOperator
            | K::BooleanOperator
            | K::ComparisonOperator
            | K::NotOperator
            | K::UnaryOperator
            | K::Lambda
            | K::ConditionalExpression
            | K::NamedExpression
            | K::ParenthesizedExpression
            | K::ParenthesizedListSplat
            | K::Yield
            | K::Slice
            | K::Type
            | K::GenericType
            | K::UnionType
            | K::MemberType
            | K::SplatType
            | K::ConstrainedType
            | K::AsPattern
            | K::AsPatternTarget => Role::Expression,
            K::ExpressionStatement
            | K::ReturnStatement
            | K::DeleteStatement
            | K::RaiseStatement
            | K::AssertStatement
            | K::PassStatement
            | K::BreakStatement
            | K::ContinueStatement
            | K::GlobalStatement
            | K::NonlocalStatement
            | K::ImportStatement
            | K::ImportFromStatement
            | K::FutureImportStatement
            | K::PrintStatement
            | K::ExecStatement
            | K::TypeAliasStatement
            | K::IfStatement
            | K::ForStatement
            | K::WhileStatement
            | K::TryStatement
            | K::WithStatement
            | K::MatchStatement
            | K::FunctionDefinition
            | K::ClassDefinition
            | K::DecoratedDefinition => Role::Statement,
            K::Block
            | K::Chevron
            | K::ElifClause
            | K::ElseClause
            | K::ExceptClause
            | K::FinallyClause
            | K::WithClause
            | K::WithItem
            | K::CaseClause
            | K::Decorator
            | K::Parameters
            | K::LambdaParameters
            | K::DefaultParameter
            | K::TypedParameter
            | K::TypedDefaultParameter
            | K::DictionarySplatPattern
            | K::TypeParameter
            | K::CasePattern
            | K::KeywordPattern
            | K::ClassPattern
            | K::SplatPattern
            | K::UnionPattern
            | K::DictPattern
            | K::ComplexPattern
            | K::ArgumentList
            | K::KeywordArgument
            | K::DictionarySplat
            | K::Interpolation
            | K::FormatExpression
            | K::FormatSpecifier
            | K::Pair
            | K::ForInClause
            | K::IfClause
            | K::DottedName
            | K::Assignment
            | K::AugmentedAssignment
            | K::Module => Role::Container,
            _ => Role::Token,
        }
    }
}
