//! The grammar's node kinds and fields as enums, looked up by the numbers that tree-sitter gives them.

use std::sync::LazyLock;

use tree_sitter::{Language, Node};

/// tree-sitter's number for an ERROR node.
const ERROR_ID: u16 = u16::MAX;

/// What the nodes of a kind may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Statement,
    Expression,
    /// Neither of the two; may hold them.
    Container,
    /// Holds nothing that counts.
    Leaf,
    /// A keyword or punctuation.
    Token,
}

macro_rules! kinds {
    ($($role:ident { $($kind:ident $text:literal)* })*) => {
        /// What a node is. `Other` is a token whose presence says nothing that its neighbours do not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($($kind,)*)*
            Error,
            Other,
        }

        impl Kind {
            pub(super) fn role(self) -> Role {
                match self {
                    $($(Kind::$kind)|* => Role::$role,)*
                    Kind::Error => Role::Container,
                    Kind::Other => Role::Token,
                }
            }

            fn of_name(name: &str, is_named: bool) -> Kind {
                match name {
                    $($($text if (Role::$role != Role::Token) == is_named => Kind::$kind,)*)*
                    _ => Kind::Other,
                }
            }
        }
    };
}

kinds! {
    Statement {
        ExpressionStatement "expression_statement"
        ReturnStatement "return_statement"
        DeleteStatement "delete_statement"
        RaiseStatement "raise_statement"
        AssertStatement "assert_statement"
        PassStatement "pass_statement"
        BreakStatement "break_statement"
        ContinueStatement "continue_statement"
        GlobalStatement "global_statement"
        NonlocalStatement "nonlocal_statement"
        ImportStatement "import_statement"
        ImportFromStatement "import_from_statement"
        FutureImportStatement "future_import_statement"
        PrintStatement "print_statement"
        ExecStatement "exec_statement"
        TypeAliasStatement "type_alias_statement"
        IfStatement "if_statement"
        ForStatement "for_statement"
        WhileStatement "while_statement"
        TryStatement "try_statement"
        WithStatement "with_statement"
        MatchStatement "match_statement"
        FunctionDefinition "function_definition"
        ClassDefinition "class_definition"
        DecoratedDefinition "decorated_definition"
    }
    Expression {
        Identifier "identifier"
        Attribute "attribute"
        Subscript "subscript"
        Slice "slice"
        Call "call"
        ListSplat "list_splat"
        ListSplatPattern "list_splat_pattern"
        String "string"
        ConcatenatedString "concatenated_string"
        Integer "integer"
        Float "float"
        True "true"
        False "false"
        None "none"
        Ellipsis "ellipsis"
        Tuple "tuple"
        TuplePattern "tuple_pattern"
        ExpressionList "expression_list"
        PatternList "pattern_list"
        List "list"
        ListPattern "list_pattern"
        Set "set"
        Dictionary "dictionary"
        ListComprehension "list_comprehension"
        SetComprehension "set_comprehension"
        DictionaryComprehension "dictionary_comprehension"
        GeneratorExpression "generator_expression"
        Await "await"
        BinaryOperator "binary_operator"
        BooleanOperator "boolean_operator"
        ComparisonOperator "comparison_operator"
        NotOperator "not_operator"
        UnaryOperator "unary_operator"
        Lambda "lambda"
        ConditionalExpression "conditional_expression"
        NamedExpression "named_expression"
        ParenthesizedExpression "parenthesized_expression"
        ParenthesizedListSplat "parenthesized_list_splat"
        Yield "yield"
        AsPattern "as_pattern"
        AsPatternTarget "as_pattern_target"
        Type "type"
        GenericType "generic_type"
        UnionType "union_type"
        ConstrainedType "constrained_type"
        MemberType "member_type"
        SplatType "splat_type"
    }
    Container {
        Module "module"
        Block "block"
        Assignment "assignment"
        AugmentedAssignment "augmented_assignment"
        Chevron "chevron"
        DottedName "dotted_name"
        ElifClause "elif_clause"
        ElseClause "else_clause"
        ExceptClause "except_clause"
        FinallyClause "finally_clause"
        WithClause "with_clause"
        WithItem "with_item"
        CaseClause "case_clause"
        Decorator "decorator"
        Parameters "parameters"
        LambdaParameters "lambda_parameters"
        DefaultParameter "default_parameter"
        TypedParameter "typed_parameter"
        TypedDefaultParameter "typed_default_parameter"
        DictionarySplatPattern "dictionary_splat_pattern"
        TypeParameter "type_parameter"
        CasePattern "case_pattern"
        KeywordPattern "keyword_pattern"
        ClassPattern "class_pattern"
        SplatPattern "splat_pattern"
        UnionPattern "union_pattern"
        DictPattern "dict_pattern"
        ComplexPattern "complex_pattern"
        ArgumentList "argument_list"
        KeywordArgument "keyword_argument"
        DictionarySplat "dictionary_splat"
        Interpolation "interpolation"
        FormatExpression "format_expression"
        FormatSpecifier "format_specifier"
        Pair "pair"
        ForInClause "for_in_clause"
        IfClause "if_clause"
    }
    Leaf {
        Comment "comment"
        LineContinuation "line_continuation"
        AliasedImport "aliased_import"
        RelativeImport "relative_import"
        ImportPrefix "import_prefix"
        WildcardImport "wildcard_import"
        KeywordSeparator "keyword_separator"
        PositionalSeparator "positional_separator"
        StringStart "string_start"
        StringContent "string_content"
        StringEnd "string_end"
        EscapeSequence "escape_sequence"
        EscapeInterpolation "escape_interpolation"
        TypeConversion "type_conversion"
    }
    Token {
        Colon ":"
        Comma ","
        Assign "="
        Star "*"
        StarStar "**"
        Minus "-"
        Async "async"
        From "from"
        OpenParen "("
        CloseParen ")"
        CloseBrace "}"
        Equal "=="
        NotEqual "!="
        LessGreater "<>"
        Less "<"
        LessEqual "<="
        Greater ">"
        GreaterEqual ">="
        In "in"
        NotIn "not in"
        Is "is"
        IsNot "is not"
        And "and"
        Or "or"
    }
}

macro_rules! fields {
    ($($field:ident $text:literal)*) => {
        /// The role of a child; only those that the lowering asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Field {
            $($field,)*
            Other,
        }

        fn field_of_name(name: &str) -> Field {
            match name {
                $($text => Field::$field,)*
                _ => Field::Other,
            }
        }
    };
}

fields! {
    Alternative "alternative"
    Cause "cause"
    Condition "condition"
    Consequence "consequence"
    Guard "guard"
    Left "left"
    Name "name"
    Operator "operator"
    Right "right"
    Subject "subject"
    Type "type"
    Value "value"
    Alias "alias"
    ModuleName "module_name"
}

struct Tables {
    kinds: Box<[Kind]>,
    fields: Box<[Field]>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let language = language();
    let kinds = (0..language.node_kind_count())
        .map(|id| {
            let id = u16::try_from(id).unwrap_or(ERROR_ID);
            Kind::of_name(language.node_kind_for_id(id).unwrap_or_default(), language.node_kind_is_named(id))
        })
        .collect();
    let fields = (0..=language.field_count())
        .map(|id| {
            let id = u16::try_from(id).unwrap_or_default();
            field_of_name(language.field_name_for_id(id).unwrap_or_default())
        })
        .collect();
    Tables { kinds, fields }
});

/// The Python grammar.
pub(super) fn language() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

impl Kind {
    pub(super) fn is_statement(self) -> bool {
        self.role() == Role::Statement
    }

    pub(super) fn is_expression(self) -> bool {
        self.role() == Role::Expression
    }

    pub(super) fn of(node: Node<'_>) -> Kind {
        match node.kind_id() {
            ERROR_ID => Kind::Error,
            id => TABLES.kinds.get(usize::from(id)).copied().unwrap_or(Kind::Other),
        }
    }
}

impl Field {
    pub(super) fn of_id(id: Option<std::num::NonZeroU16>) -> Field {
        id.and_then(|id| TABLES.fields.get(usize::from(id.get()))).copied().unwrap_or(Field::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kinds that never reach a tree: hidden by aliases or supertypes.
    const NEVER_SEEN: &[&str] = &[
        "expression",
        "primary_expression",
        "pattern",
        "parameter",
        "keyword_identifier",
        "_simple_statement",
    ];

    #[test]
    fn every_visible_kind_of_the_grammar_is_known() {
        let language = language();
        let unknown: Vec<_> = (1..u16::try_from(language.node_kind_count()).expect("fits"))
            .filter(|id| language.node_kind_is_named(*id) && language.node_kind_is_visible(*id))
            .filter_map(|id| language.node_kind_for_id(id))
            .filter(|name| Kind::of_name(name, true) == Kind::Other && !NEVER_SEEN.contains(name))
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}
