//! Input that nests without end, on the 2 MiB stack of a test's thread.

use super::code;
use crate::facts::code::{Code, Health, NodeId, NodeKind};
use crate::facts::dump::dump;
use crate::syntax::lower::MAX_DEPTH;

fn depth(code: &Code) -> usize {
    // A parent stands before its children.
    let mut depths = vec![0; code.nodes.len()];
    for (index, node) in code.nodes.iter().enumerate() {
        let parent = node.parent.0 as usize;
        depths[index] = if parent == index { 1 } else { depths[parent] + 1 };
    }
    depths.into_iter().max().unwrap_or_default()
}

fn names(code: &Code) -> usize {
    code.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Name(_))).count()
}

/// A reader may recurse into what is there.
fn assert_cut(text: &str) -> Code {
    let code = code(text);
    assert_eq!(code.health, Health::Broken, "{}", &text[..40]);
    let depth = depth(&code);
    assert!(depth <= MAX_DEPTH as usize + 3, "{depth} deep: {}", &text[..40]);
    dump(&code);
    code
}

#[test]
fn a_long_sum_keeps_its_operands() {
    let code = assert_cut("a + ".repeat(50_000).trim_end_matches(" + "));
    assert_eq!(names(&code), 50_000);
}

#[test]
fn a_long_chain_of_methods_keeps_its_arguments() {
    let code = assert_cut(&format!("x{}", ".a(b)".repeat(20_000)));
    assert_eq!(names(&code), 20_001);
}

#[test]
fn a_long_boolean_chain_is_flat() {
    let code = code(&format!("a{}", " and b".repeat(20_000)));
    assert_eq!(code.health, Health::Sound);
    assert_eq!(depth(&code), 3);
    assert_eq!(names(&code), 20_001);
}

#[test]
fn a_chain_of_a_hundred_methods_is_sound() {
    let code = code(&format!("x{}", ".a(b)".repeat(100)));
    assert_eq!(code.health, Health::Sound);
}

#[test]
fn parentheses_leave_no_trace_however_many() {
    let code = code(&format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000)));
    assert_eq!(dump(&code), "(expr a)\n");
    assert_eq!(code.health, Health::Sound);
}

#[test]
fn nesting_is_cut() {
    for (open, close) in [
        ("[", "]"),
        ("f(", ")"),
        ("{1: ", "}"),
        ("a[", "]"),
        ("not ", ""),
        ("-", ""),
        ("a ** ", ""),
        ("lambda: ", ""),
        ("a if b else ", ""),
        ("*", ""),
        ("[(", ")]"),
        ("(yield ", ")"),
        ("[x for x in ", "]"),
        ("f'{", "}'"),
        ("x = ", ""),
        ("a: ", ""),
        ("f(*a[", "])"),
    ] {
        let text = format!("{}a{}", open.repeat(3_000), close.repeat(3_000));
        if open == "x = " {
            assert_eq!(code(&text).health, Health::Sound);
            continue;
        }
        assert_cut(&text);
    }
}

#[test]
fn nested_statements_are_cut() {
    for head in ["if a:", "def f():", "class A:", "with a:", "try:", "for a in b:", "while a:"] {
        let mut text = String::new();
        for level in 0..300 {
            text.push_str(&" ".repeat(level));
            text.push_str(head);
            text.push('\n');
        }
        text.push_str(&" ".repeat(300));
        text.push_str("pass\n");
        assert_cut(&text);
    }
}

#[test]
fn a_long_elif_chain_is_cut() {
    let code = assert_cut(&format!("if a:\n    b\n{}else:\n    z\n", "elif c:\n    d\n".repeat(5_000)));
    let NodeKind::If { orelse, .. } = code.kind(NodeId(0)) else { panic!("an if") };
    assert_eq!(orelse.len(), 1);
}

#[test]
fn a_long_match_pattern_is_cut() {
    assert_cut(&format!("match a:\n    case {}b{}: c\n", "[".repeat(2_000), "]".repeat(2_000)));
    assert_cut(&format!("match a:\n    case {}b: c\n", "a.".repeat(2_000)));
}

#[test]
fn lists_may_be_long() {
    let code = code(&format!("x = [{}]", "a, ".repeat(50_000)));
    assert_eq!(code.health, Health::Sound);
    assert_eq!(names(&code), 50_001);
}

#[test]
fn unclosed_junk_comes_to_an_end() {
    for junk in
        ["(", "[", "{", "f'{", "a.", "if a:\n ", "def f(", "@", "\\", "lambda ", "'", "class A(", "x = (y "]
    {
        let text = junk.repeat(2_000);
        let code = crate::syntax::code_of_whole(&text);
        crate::facts::check::check(&code, &text).expect(junk);
    }
}
