//! Where things stand.

use super::code;
use crate::facts::code::{ArgumentKind, Code, NodeKind};
use crate::text::TextRange;

/// The text of every node, in order.
fn slices(text: &str) -> Vec<&str> {
    code(text).nodes.iter().map(|node| node.range.slice(text)).collect()
}

fn at<'t>(code: &Code, text: &'t str, want: impl Fn(&NodeKind) -> Option<TextRange>) -> Vec<&'t str> {
    code.nodes.iter().filter_map(|node| want(&node.kind)).map(|range| range.slice(text)).collect()
}

#[test]
fn parentheses_belong_to_what_they_make() {
    for (text, expected) in [
        ("(a)", &["(a)", "a"][..]),
        ("((a) + b)", &["((a) + b)", "(a) + b", "a", "b"]),
        ("(a, b)", &["(a, b)", "(a, b)", "a", "b"]),
        ("a, b,", &["a, b,", "a, b,", "a", "b"]),
        ("a[b, c,]", &["a[b, c,]", "a[b, c,]", "a", "b, c,", "b", "c"]),
        ("a[b, (c)]", &["a[b, (c)]", "a[b, (c)]", "a", "b, (c)", "b", "c"]),
        ("f(x for x in y)", &["f(x for x in y)", "f(x for x in y)", "f", "(x for x in y)", "x", "x", "y"]),
        ("[* a.b()]", &["[* a.b()]", "[* a.b()]", "* a.b()", "a.b()", "a.b", "a"]),
        ("type(a).b = c", &["type(a).b = c", "type(a).b", "type(a)", "type", "a", "c"]),
        (
            "with a if b else c as d: e",
            &["with a if b else c as d: e", "a if b else c", "a", "b", "c", "d", "e", "e"],
        ),
        ("f'{é:{w}}'", &["f'{é:{w}}'", "f'{é:{w}}'", "é", "w"]),
    ] {
        assert_eq!(slices(text), expected, "{text}");
    }
}

#[test]
fn a_compound_statement_ends_with_its_last_statement() {
    for (text, expected) in [
        ("if a:\n    b  # c\n    # d\n\n", "if a:\n    b"),
        ("if a:\n    b\n# c\nelse:\n    d;\n    # e\n", "if a:\n    b\n# c\nelse:\n    d"),
        ("try:\n    a\nfinally:\n    b\n\n\n", "try:\n    a\nfinally:\n    b"),
        ("class A:\n    # b\n", "class A:"),
        ("@a\ndef f():\n    while b:\n        c\n        # d\n", "@a\ndef f():\n    while b:\n        c"),
    ] {
        assert_eq!(slices(text)[0], expected, "{text}");
    }
}

#[test]
fn an_elif_reaches_to_the_end_of_its_chain() {
    let text = "if a:\n    b\nelif c:\n    d\nelse:\n    e\n# f\n";
    let code = code(text);
    let ifs: Vec<_> = code.nodes.iter().filter(|node| matches!(node.kind, NodeKind::If { .. })).collect();
    assert_eq!(ifs[0].range.slice(text), "if a:\n    b\nelif c:\n    d\nelse:\n    e");
    assert_eq!(ifs[1].range.slice(text), "elif c:\n    d\nelse:\n    e");
}

#[test]
fn parts_that_are_no_nodes() {
    let text = "@a.b  # why\nasync def é(x: int = 1, *y) -> z:\n    return f(k = 1, *v, ** w)\n";
    let code = code(text);
    let function = code.function().expect("a function");
    assert_eq!(function.name_range.slice(text), "é");
    assert_eq!(function.params_range.slice(text), "(x: int = 1, *y)");
    assert_eq!(function.decorators[0].range.slice(text), "@a.b");
    assert!(function.def_range.slice(text).starts_with("async def"));
    assert!(function.def_range.slice(text).ends_with("** w)"));
    let params: Vec<_> = function.params.iter().map(|param| param.range.slice(text)).collect();
    assert_eq!(params, ["x: int = 1", "*y"]);
    let arguments: Vec<_> = code
        .nodes
        .iter()
        .filter_map(|node| match &node.kind {
            NodeKind::Call { args, .. } => Some(args),
            _ => None,
        })
        .flatten()
        .map(|argument| (argument.range.slice(text), argument.kind == ArgumentKind::Star))
        .collect();
    assert_eq!(arguments, [("k = 1", false), ("*v", true), ("** w", false)]);
}

#[test]
fn attributes_imports_and_handlers() {
    let text = "import a.b as c, d\na . é\ntry: pass\nexcept A as e: pass\n";
    let code = code(text);
    let attributes = at(&code, text, |kind| match kind {
        NodeKind::Attribute { attr_range, .. } => Some(*attr_range),
        _ => None,
    });
    assert_eq!(attributes, ["é"]);
    let names = at(&code, text, |kind| match kind {
        NodeKind::Import(names) => Some(names[0].range),
        _ => None,
    });
    assert_eq!(names, ["a.b as c"]);
    let handlers = at(&code, text, |kind| match kind {
        NodeKind::Try { handlers, .. } => Some(handlers[0].range),
        _ => None,
    });
    assert_eq!(handlers, ["except A as e: pass"]);
}

#[test]
fn comments_wherever_they_stand() {
    let text = "# 1\r\n@a  # 2\r\ndef f(\r\n    x,  # 3\r\n):  # 4\r\n    # 5\r\n    y = [  # 6\r\n        'a'  # 7\r\n        'b',\r\n    ]\r\n    if (\r\n        z  # 8\r\n    ):\r\n        pass\r\n    # 9\r\n    else:  # 10\r\n        f'''{\r\n  w # 11\r\n}'''\r\n# 12";
    let code = code(text);
    let comments: Vec<_> = code.comments.iter().map(|range| range.slice(text)).collect();
    let expected: Vec<_> = (1..=12).map(|number| format!("# {number}")).collect();
    assert_eq!(comments, expected);
}

#[test]
fn a_hash_in_a_string_is_no_comment() {
    assert_eq!(code("a = '# b'  # c").comments, [TextRange::new(11, 14)]);
}
