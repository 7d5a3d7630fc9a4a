use super::sound;

#[test]
fn assignments() {
    sound(&[
        ("a = 1", "(assign a 1)"),
        ("a = b.c = d[0] = 1", "(assign a (. b c) (index d 0) 1)"),
        ("a, *b = c", "(assign (tuple a (star b)) c)"),
        ("(a, b), [c] = d", "(assign (tuple (tuple a b) (list c)) d)"),
        ("a = b, c", "(assign a (tuple b c))"),
        ("a = *b, c", "(assign a (tuple (star b) c))"),
        ("a = yield b", "(assign a (yield b))"),
        ("a: int", "(declare a int)"),
        ("a.b: list[int] = []", "(declare (. a b) (index list int) (list))"),
        ("a: dict[str, int] | None = None", "(declare a (| (index dict (tuple str int)) (None)) (None))"),
        ("a: 'Forward'", r#"(declare a "Forward")"#),
        ("(a) = [(b), c] = d", "(assign a (list b c) d)"),
        ("() = a", "(assign (tuple) a)"),
        ("a += 1", "(+= a 1)"),
        ("a[0] //= yield", "(//= (index a 0) (yield))"),
        ("print = match = type = 1", "(assign print match type 1)"),
    ]);
}

#[test]
fn a_call_of_type_is_no_type_alias() {
    sound(&[
        ("type(a).b = c", "(assign (. (call type a) b) c)"),
        ("type(a).b = c = d", "(assign (. (call type a) b) c d)"),
        ("type(a)[0] = c[d]", "(assign (index (call type a) 0) (index c d))"),
        ("type (a, *b).c = d", "(assign (. (call type a *b) c) d)"),
        ("type(a).b(c).d = e", "(assign (. (call (. (call type a) b) c) d) e)"),
        ("type(a for b in c).d = e", "(assign (. (call type (comprehension Generator a (for b c))) d) e)"),
        ("type((a)).b = c", "(assign (. (call type a) b) c)"),
        ("type(type(a)).b = type(c)", "(assign (. (call type (call type a)) b) (call type c))"),
        ("type A = (b)", "(Opaque A b)"),
    ]);
}

#[test]
fn simple_statements() {
    sound(&[
        ("a; b;", "(expr a)\n(expr b)"),
        ("pass", "(pass)"),
        ("return", "(return)"),
        ("return a, *b", "(return (tuple a (star b)))"),
        ("del a", "(del a)"),
        ("del a, b[0]", "(del a (index b 0))"),
        ("del (a, b)", "(del (tuple a b))"),
        ("raise", "(raise)"),
        ("raise A from b", "(raise A (from b))"),
        ("assert a", "(assert a)"),
        ("assert a, 'b'", r#"(assert a "b")"#),
        ("global a, b", "(global a b)"),
        ("nonlocal a", "(nonlocal a)"),
        ("type A[T] = list[T]", "(Opaque A (Opaque T) (index list T))"),
        ("type = 1", "(assign type 1)"),
    ]);
}

#[test]
fn imports() {
    sound(&[
        ("import a.b, c as d", "(import a.b c as d)"),
        ("from a.b import c, d as e", "(from a.b c d as e)"),
        ("from . import a", "(from . a)"),
        ("from ... a . b import (c,  # why\n    d)", "(from ...a.b c d)"),
        ("from a import *", "(from a *)"),
        ("from __future__ import annotations", "(from __future__ annotations)"),
        ("from é import ñ", "(from é ñ)"),
    ]);
}

#[test]
fn conditions_and_loops() {
    sound(&[
        ("if a: b", "(if a (then (expr b)))"),
        ("if a:\n    b; c\nelse:\n    d\n", "(if a (then (expr b) (expr c)) (else (expr d)))"),
        (
            "if a:\n    b\nelif c:\n    d\nelif e:\n    f\nelse:\n    g\n",
            "(if a (then (expr b)) (else (if c (then (expr d)) (else (if e (then (expr f)) (else (expr g)))))))",
        ),
        ("for a, b in c, d: pass", "(for (tuple a b) (tuple c d) (do (pass)))"),
        ("for a in b:\n    break\nelse:\n    continue\n", "(for a b (do (break)) (else (continue)))"),
        ("async for a in b:\n    pass\n", "(async-for a b (do (pass)))"),
        ("while a:\n    b\nelse:\n    c\n", "(while a (do (expr b)) (else (expr c)))"),
        ("while (a := b()): pass", "(while (:= a (call b)) (do (pass)))"),
    ]);
}

#[test]
fn exceptions() {
    sound(&[
        (
            "try:\n    a\nexcept B:\n    c\nexcept (D, E) as f:\n    g\nexcept:\n    h\nelse:\n    i\nfinally:\n    j\n",
            "(try (expr a) (except B (do (expr c))) (except (tuple D E) as f (do (expr g))) \
             (except (do (expr h))) (else (expr i)) (finally (expr j)))",
        ),
        ("try: a\nexcept* B as c: d\n", "(try (expr a) (except B as c (do (expr d))))"),
        ("try: a\nexcept A, B: c\n", "(try (expr a) (except (tuple A B) (do (expr c))))"),
        (
            "try: a\nexcept B if c else D as e: f\n",
            "(try (expr a) (except (if-else c B D) as e (do (expr f))))",
        ),
        ("try: a\nfinally: b\n", "(try (expr a) (finally (expr b)))"),
    ]);
}

#[test]
fn with_statements() {
    sound(&[
        ("with a: b", "(with (a) (do (expr b)))"),
        ("with a as b, c() as d.e: f", "(with (a (as b)) ((call c) (as (. d e))) (do (expr f)))"),
        ("with a as (b, c): d", "(with (a (as (tuple b c))) (do (expr d)))"),
        ("with (a as b, c as d): e", "(with (a (as b)) (c (as d)) (do (expr e)))"),
        ("with (\n    a as b,\n    c,\n): e", "(with (a (as b)) (c) (do (expr e)))"),
        ("with (a as b,): e", "(with (a (as b)) (do (expr e)))"),
        ("with (a as b): e", "(with (a (as b)) (do (expr e)))"),
        ("with (a, b): e", "(with (a) (b) (do (expr e)))"),
        ("with (a): e", "(with (a) (do (expr e)))"),
        ("with (a, b) as c: e", "(with ((tuple a b) (as c)) (do (expr e)))"),
        ("with (a, b), c: e", "(with ((tuple a b)) (c) (do (expr e)))"),
        ("with (yield a) as b: e", "(with ((yield a) (as b)) (do (expr e)))"),
        ("with a or b as c: d", "(with ((or a b) (as c)) (do (expr d)))"),
        ("with a if b else c as d: e", "(with ((if-else b a c) (as d)) (do (expr e)))"),
        (
            "with a if b else lambda: c as d, e as f: g",
            "(with ((if-else b a (lambda [] c)) (as d)) (e (as f)) (do (expr g)))",
        ),
        ("async with a as b:\n    c\n", "(async-with (a (as b)) (do (expr c)))"),
    ]);
}

#[test]
fn match_statements() {
    sound(&[
        (
            "match a:\n    case 1 | 'b': c\n    case [d, *e] if f: g\n    case _: h\n",
            r#"(match a (case (Opaque 1 "b") (do (expr c))) (case (Opaque d e) (if f) (do (expr g))) (case (Opaque) (do (expr h))))"#,
        ),
        (
            "match a, b:\n    case Point(x=0, y=c), m.D:\n        e\n    case {'k': v, **rest} as w:\n        f\n",
            "(match (tuple a b) (case (Opaque Point 0 c (. m D)) (do (expr e))) \
             (case (Opaque \"k\" v rest w) (do (expr f))))",
        ),
        ("match a:\n    case -1 + 2j: b\n", "(match a (case (Opaque (+ (- 1) 2j)) (do (expr b))))"),
    ]);
}

#[test]
fn functions() {
    sound(&[
        ("def f(): pass", "(def f [] (do (pass)))"),
        (
            "async def f(a, /, b: int, c=1, *d: *e, g, h: str = 'i', **j) -> k:\n    return\n",
            "(async-def f [/a b (: int) c (= 1) *d (: (star e)) =g =h (: str) (= \"i\") **j] (-> k) (do (return)))",
        ),
        ("def f(a, *, b): pass", "(def f [a =b] (do (pass)))"),
        (
            "def f[T: int, *U, **V](a: T) -> list[T]: ...",
            "(def f [a (: T)] (-> (index list T)) (do (expr (Ellipsis))) ~(Opaque T int U V))",
        ),
        ("@a\n@b.c(d)  # why\nasync def e(): pass", "(async-def e @a @(call (. b c) d) [] (do (pass)))"),
        (
            "def f():\n    '''Doc.'''\n    def g():\n        nonlocal f\n    return g\n",
            "(def f [] (do (expr \"Doc.\") (def g [] (do (nonlocal f))) (return g)))",
        ),
    ]);
}

#[test]
fn classes() {
    sound(&[
        ("class A: pass", "(class A (do (pass)))"),
        (
            "@a\nclass B(C, *d, metaclass=E):\n    x: int = 1\n    def f(self): pass\n",
            "(class B @a C *d metaclass=E (do (declare x int 1) (def f [self] (do (pass)))))",
        ),
        ("class A[T](B[T]): pass", "(class A (index B T) (do (pass)) ~(Opaque T))"),
        ("class A():\n    class B:\n        pass\n", "(class A (do (class B (do (pass)))))"),
    ]);
}

#[test]
fn a_class_head_is_sound_without_its_members() {
    sound(&[
        ("class A(B):", "(class A B)"),
        ("class A(B):\n", "(class A B)"),
        ("@a\nclass A(\n    B,\n):  # why\n", "(class A @a B)"),
        ("    class A:\n        '''Doc.'''\n", "(class A (do (expr \"Doc.\")))"),
    ]);
}

#[test]
fn a_method_as_it_stands_in_its_class() {
    let expected = "(def f @a [self] (do (if a (then (expr b)) (else (expr c))) (return)))";
    sound(&[
        (
            "    @a\n    def f(self):\n        if a:\n            b\n        else:\n            c\n        return\n",
            expected,
        ),
        ("\t@a\n\tdef f(self):\n\t\tif a: b\n\t\telse: c\n\t\treturn\n", expected),
        (
            "    @a\r\n    def f(self):\r\n        if a:\r\n            b\r\n        else:\r\n            c\r\n\r\n        return\r\n",
            expected,
        ),
    ]);
}
