use super::sound;

#[test]
fn literals() {
    sound(&[
        ("1_000", "(expr 1000)"),
        ("0xffffffffffffffffff", "(expr (Int(None)))"),
        ("1.5e3", "(expr 1.5e3)"),
        ("2j", "(expr 2j)"),
        ("True, False, None, ...", "(expr (tuple (true) (false) (None) (Ellipsis)))"),
        ("[]", "(expr (list))"),
        ("()", "(expr (tuple))"),
        ("(a,)", "(expr (tuple a))"),
        ("a,", "(expr (tuple a))"),
        ("{1, *a}", "(expr (set 1 (star a)))"),
        ("{}", "(expr (dict))"),
        ("{'a': 1, **b}", r#"(expr (dict "a" 1 _ b))"#),
    ]);
}

#[test]
fn strings() {
    sound(&[
        ("'a\\tb'", r#"(expr "a\tb")"#),
        ("r'a\\tb'", r#"(expr "a\\tb")"#),
        ("'''a\n'b'''", r#"(expr "a\n'b")"#),
        ("''", r#"(expr "")"#),
        ("''''''", r#"(expr "")"#),
        ("U'a' \"b\" \\\n R'\\c'", r#"(expr "ab\\c")"#),
        ("b'a'", "(expr (Bytes))"),
        ("rb'a' B'b'", "(expr (Bytes))"),
        ("('a'  # why\n 'b')", r#"(expr "ab")"#),
    ]);
}

#[test]
fn format_strings() {
    sound(&[
        ("f'a{b}c'", r#"(expr (f "a{}c" b))"#),
        ("f'{{}}{a}'", r#"(expr (f "{{}}{}" a))"#),
        ("f'{a!r:>10}{b:%Y-%m}'", r#"(expr (f "{}{}" a b))"#),
        ("f'{a:{width}.{digits}}'", r#"(expr (f "{}" a ~width ~digits))"#),
        ("f'{a = }'", r#"(expr (f "a = {}" a))"#),
        ("f'{a:=10}{(a:=10)}'", r#"(expr (f "{}{}" a (:= a 10)))"#),
        ("f'{x, y}'", r#"(expr (f "{}" (tuple x y)))"#),
        ("f'{f\"{a}\"}'", r#"(expr (f "{}" (f "{}" a)))"#),
        ("f\"{a[\"b\"]}\"", r#"(expr (f "{}" (index a "b")))"#),
        ("'{' f'{a}' '}'", r#"(expr (f "{{{}}}" a))"#),
        ("rf'\\{a}'", r#"(expr (f "\\{}" a))"#),
        ("f'{a!r}\\n'", r#"(expr (f "{}\n" a))"#),
        ("f'''{\n    a  # why\n}'''", r#"(expr (f "{}" a))"#),
        ("f'{(yield)}'", r#"(expr (f "{}" (yield)))"#),
        ("f'{a if b else c}'", r#"(expr (f "{}" (if-else b a c)))"#),
        ("f''", r#"(expr (f ""))"#),
        ("t'a{b}'", "(expr (Opaque b))"),
    ]);
}

#[test]
fn chains_of_attributes_calls_and_subscripts() {
    sound(&[
        ("a.b.c", "(expr (. (. a b) c))"),
        ("a.b(1).c(d=2)[0]", "(expr (index (call (. (call (. a b) 1) c) d=2) 0))"),
        ("(a\n .b()\n .c())", "(expr (call (. (call (. a b)) c)))"),
        ("((a).b)(c)", "(expr (call (. a b) c))"),
        ("'a'.join(b)", r#"(expr (call (. "a" join) b))"#),
        ("f(1)(2)", "(expr (call (call f 1) 2))"),
        ("print(a)", "(expr (call print a))"),
        ("match(a)", "(expr (call match a))"),
        ("type(a).b", "(expr (. (call type a) b))"),
    ]);
}

#[test]
fn arguments() {
    sound(&[
        ("f(a, *b, c=1, **d)", "(expr (call f a *b c=1 **d))"),
        ("f(*a or b, **c or d)", "(expr (call f *(or a b) **(or c d)))"),
        ("f(a for a in b)", "(expr (call f (comprehension Generator a (for a b))))"),
        ("f(a := 1)", "(expr (call f (:= a 1)))"),
        ("f((a))", "(expr (call f a))"),
        ("f(print=1, match=2, type=3)", "(expr (call f print=1 match=2 type=3))"),
        ("f(\n    a,  # one\n    b,\n)", "(expr (call f a b))"),
    ]);
}

#[test]
fn a_star_binds_looser_than_what_follows() {
    sound(&[
        ("[*a.b(c)]", "(expr (list (star (call (. a b) c))))"),
        ("[*a[0], b]", "(expr (list (star (index a 0)) b))"),
        ("*a[0], b", "(expr (tuple (star (index a 0)) b))"),
        ("*a | b, c", "(expr (tuple (star (| a b)) c))"),
        ("{* a[b](c).d}", "(expr (set (star (. (call (index a b) c) d))))"),
        ("return *a.b(), *c", "(return (tuple (star (call (. a b))) (star c)))"),
        ("yield a, *b[0]", "(expr (yield (tuple a (star (index b 0)))))"),
        ("for a in *b.c(), d: pass", "(for a (tuple (star (call (. b c))) d) (do (pass)))"),
        ("f(*a.b(*c[0]))", "(expr (call f *(call (. a b) *(index c 0))))"),
        ("f(*a if b else c, *d == e)", "(expr (call f *(if-else b a c) *(compare d == e)))"),
    ]);
}

#[test]
fn subscripts_and_slices() {
    sound(&[
        ("a[1]", "(expr (index a 1))"),
        ("a[1, 2]", "(expr (index a (tuple 1 2)))"),
        ("a[1,]", "(expr (index a (tuple 1)))"),
        ("a[(1, 2)]", "(expr (index a (tuple 1 2)))"),
        ("a[:]", "(expr (index a (slice _ _ _)))"),
        ("a[1:2]", "(expr (index a (slice 1 2 _)))"),
        ("a[::3]", "(expr (index a (slice _ _ 3)))"),
        ("a[1::3, :2]", "(expr (index a (tuple (slice 1 _ 3) (slice _ 2 _))))"),
        ("a[*b]", "(expr (index a (tuple (star b))))"),
        ("a[*b, c]", "(expr (index a (tuple (star b) c)))"),
        ("a[*b.c]", "(expr (index a (tuple (star (. b c)))))"),
        ("a[b := 1]", "(expr (index a (:= b 1)))"),
    ]);
}

#[test]
fn operators() {
    sound(&[
        ("a + b - c", "(expr (- (+ a b) c))"),
        ("a + b * c", "(expr (+ a (* b c)))"),
        ("(a + b) * c", "(expr (* (+ a b) c))"),
        ("a ** b ** c", "(expr (** a (** b c)))"),
        ("-a ** b", "(expr (- (** a b)))"),
        ("a @ b // c % d", "(expr (% (// (@ a b) c) d))"),
        ("not a", "(expr (not a))"),
        ("~a", "(expr (~ a))"),
        ("a and b and c", "(expr (and a b c))"),
        ("a or b and c or d", "(expr (or a (and b c) d))"),
        ("(a and b) and c", "(expr (and (and a b) c))"),
        ("a and (b and c)", "(expr (and a (and b c)))"),
        ("a < b <= c", "(expr (compare a < b <= c))"),
        ("a not in b", "(expr (compare a not-in b))"),
        ("a is not b", "(expr (compare a is-not b))"),
        ("a == b != c is d in e > f >= g", "(expr (compare a == b != c is d in e > f >= g))"),
        ("a if b else c if d else e", "(expr (if-else b a (if-else d c e)))"),
        ("lambda a, *b, c=1, **d: a", "(expr (lambda [a *b =c (= 1) **d] a))"),
        ("lambda: (yield)", "(expr (lambda [] (yield)))"),
        ("(a := b)", "(expr (:= a b))"),
        ("await a.b()", "(expr (await (call (. a b))))"),
        ("(await a).b", "(expr (. (await a) b))"),
        ("yield", "(expr (yield))"),
        ("yield a, b", "(expr (yield (tuple a b)))"),
        ("yield from a", "(expr (yield-from a))"),
        ("print -1", "(expr (- print 1))"),
    ]);
}

#[test]
fn comprehensions() {
    sound(&[
        ("[a for a in b]", "(expr (comprehension List a (for a b)))"),
        (
            "{a for b in c if d if e for a in b}",
            "(expr (comprehension Set a (for b c) (if d) (if e) (for a b)))",
        ),
        ("{a: b for a, b in c}", "(expr (comprehension Dict a b (for (tuple a b) c)))"),
        ("(a async for a in b)", "(expr (comprehension Generator a (async-for a b)))"),
        ("[await a for a in b]", "(expr (comprehension List (await a) (for a b)))"),
        ("[a for a in b if (c := a)]", "(expr (comprehension List a (for a b) (if (:= c a))))"),
        ("[(a, b) for (a, *b) in c]", "(expr (comprehension List (tuple a b) (for (tuple a (star b)) c)))"),
    ]);
}
