//! Wrong input, deep input, ranges and comments.

use super::{broken, code};
use crate::facts::code::Health;

#[test]
fn python_2_is_broken() {
    for text in ["print 'a'", "exec a", "raise A, 'b'", "a <> b", "10L", "0777", "ur'a'", "`a`"] {
        assert_eq!(code(text).health, Health::Broken, "{text}");
    }
}

#[test]
fn wrong_indentation_is_broken() {
    broken(&[
        ("if a:\nb\n", "(if a)\n(expr b)"),
        ("if a:\n    b\n      c\n", "(if a (then (expr b) (expr c)))"),
        ("def f():", "(def f [])"),
        ("try:\n    a\n", "(try (expr a))"),
        ("def f():\n    class A:\n    pass\n", "(def f [] (do (class A) (pass)))"),
    ]);
}

#[test]
fn what_looks_wrong_and_is_not() {
    for text in [
        "f'{a:=>10}'",
        "def f[T = int](): pass",
        "print >>a, b",
        "class A:\n    def f(self):\n        return (a.\n    b)\n",
    ] {
        assert_eq!(code(text).health, Health::Sound, "{text}");
    }
}

#[test]
fn what_is_understood_of_a_wrong_item_is_there() {
    for (text, inside) in [
        ("def f():\n    a = g(\n    b = 1\n", "g"),
        ("def f():\n    time.sleep(1)\n    x = (\n", "sleep"),
        ("foo(a, b c)", "foo"),
        ("a.", "a"),
        ("x = [1, 2\n", "1"),
    ] {
        let code = code(text);
        assert_eq!(code.health, Health::Broken, "{text}");
        let dump = crate::facts::dump::dump(&code);
        assert!(dump.contains(inside), "{text}\n{dump}");
    }
}
