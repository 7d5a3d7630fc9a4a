//! What the splitter makes of small files, one item a line.

use super::*;
use proptest::prelude::*;

/// Each item as its kind, its owner and its code.
fn items(text: &str) -> Vec<String> {
    let split = split(text);
    check_tiles(&split, text);
    split.items.iter().map(|item| show(item, text)).collect()
}

fn show(item: &Item, text: &str) -> String {
    let kind = match item.kind {
        ItemKind::Statement => "stmt",
        ItemKind::Import => "import",
        ItemKind::Function(_) => "def",
        ItemKind::Class(_) => "class",
    };
    let owner = item.owner.map_or(String::new(), |owner| format!(" in {owner}"));
    format!("{kind}{owner}: {}", item.text(text))
}

/// Tiles cover the file in order; code lies in its tile; heads lie in the code.
pub(super) fn check_tiles(split: &Split, text: &str) {
    let mut at = 0;
    for (index, item) in split.items.iter().enumerate() {
        assert_eq!(item.tile.start, at, "tile {index} of {text:?}");
        assert!(!item.tile.is_empty() && item.tile.contains_range(item.code), "{item:?}");
        assert!(text.get(std::ops::Range::from(item.code)).is_some_and(|code| !code.is_empty()));
        let place = split.items.get(index + 1).map_or(item.column, |next| next.column.max(item.column));
        assert!(item.owner.is_none_or(|owner| {
            let owner = &split.items[owner as usize];
            owner.class().is_some() && owner.column < place && owner.tile.end <= item.tile.start
        }));
        assert!(split.doubt.is_some() || item.hash == TextHash::of(item.text(text).as_bytes()));
        check_head(item, text);
        at = item.tile.end;
    }
    if !split.items.is_empty() {
        assert_eq!(at as usize, text.len());
    }
}

fn check_head(item: &Item, text: &str) {
    let code = item.text(text);
    let mut ranges = Vec::new();
    if let Some(head) = item.function() {
        ranges.extend(head.decorators.iter().copied());
        ranges.extend([head.name, head.signature, head.body]);
        ranges.extend(head.parameters);
    }
    if let Some(head) = item.class() {
        ranges.extend(head.decorators.iter().copied());
        ranges.extend([head.name, head.signature, head.body]);
        ranges.extend(head.bases);
    }
    for range in ranges {
        assert!(code.get(std::ops::Range::from(range)).is_some(), "{range:?} of {code:?}");
    }
}

#[track_caller]
fn assert_items(text: &str, expected: &[&str]) {
    assert_eq!(items(text), expected);
    for end in ["\r\n", "\r"] {
        let text = text.replace('\n', end);
        let expected: Vec<String> = expected.iter().map(|item| item.replace('\n', end)).collect();
        assert_eq!(items(&text), expected);
    }
}

#[test]
fn statements_and_imports() {
    assert_items(
        "import os\nfrom a import (\n  b,\n)\nx = 1; y = 2\nz = a + \\\n  b\n",
        &[
            "import: import os",
            "import: from a import (\n  b,\n)",
            "stmt: x = 1; y = 2",
            "stmt: z = a + \\\n  b",
        ],
    );
}

#[test]
fn clauses_stay_with_their_statement() {
    assert_items(
        "if a:\n  b\nelif c: d\n\n# why\nelse:\n  e\nelse_x = 1\ntry:\n  f\nexcept* G:\n  pass\nfinally:\n  h\n",
        &[
            "stmt: if a:\n  b\nelif c: d\n\n# why\nelse:\n  e",
            "stmt: else_x = 1",
            "stmt: try:\n  f\nexcept* G:\n  pass\nfinally:\n  h",
        ],
    );
}

#[test]
fn definitions_in_compound_statements_are_not_items() {
    assert_items(
        "if a:\n  class X:\n    def f(self): pass\nmatch x:\n  case 1:\n    y\nmatch = 3\n",
        &[
            "stmt: if a:\n  class X:\n    def f(self): pass",
            "stmt: match x:\n  case 1:\n    y",
            "stmt: match = 3",
        ],
    );
}

#[test]
fn classes_are_heads_and_members() {
    assert_items(
        "@d\nclass A(B,\n  C):  # why\n  \"\"\"Doc.\"\"\"\n  x = 1\n  class D:\n    def f(self):\n      pass\n  @e\n  async def g(self): pass\nclass E: pass\nh()\n",
        &[
            "class: @d\nclass A(B,\n  C):  # why",
            "stmt in 0:   \"\"\"Doc.\"\"\"",
            "stmt in 0:   x = 1",
            "class in 0:   class D:",
            "def in 3:     def f(self):\n      pass",
            "def in 0:   @e\n  async def g(self): pass",
            "class: class E: pass",
            "stmt: h()",
        ],
    );
}

#[test]
fn comments_belong_to_what_follows_or_to_the_body_they_are_in() {
    let text = "# top\n\nx = 1  # same line\n# of f\ndef f():\n  y\n  # end of f\n\n# of g\n  # of g too\ndef g(): pass\n# last\n";
    assert_items(
        text,
        &["stmt: x = 1  # same line", "def: def f():\n  y\n  # end of f", "def: def g(): pass"],
    );
    let split = split(text);
    assert_eq!(split.items[1].tile.slice(text), "# of f\ndef f():\n  y\n  # end of f\n");
    assert_eq!(split.items[2].tile.slice(text), "\n# of g\n  # of g too\ndef g(): pass\n# last\n");
}

#[test]
fn a_comment_above_does_not_change_the_hash() {
    let hash = |text: &str| split(text).items.last().map(|item| item.hash);
    assert_eq!(hash("def f(): pass\n"), hash("x\n# why\n\ndef f(): pass"));
}

#[test]
fn files_without_code_have_no_items() {
    for text in ["", "\n", "# c", "\u{feff}", "\u{feff}# c\n\n  \n", "   ", "\x0c\n"] {
        assert_eq!(split(text), Split::default(), "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_is_in_the_first_tile_only() {
    let text = "\u{feff}def f(): pass\nx = f\"{'}'}\"\n";
    assert_items(text, &["def: def f(): pass", "stmt: x = f\"{'}'}\""]);
    assert_eq!(split(text).items[0].tile.start, 0);
    assert_items("\u{feff}f\"{ {'''\n'''}\n}\"\ny\n", &["stmt: f\"{ {'''\n'''}\n}\"", "stmt: y"]);
}

#[test]
fn strings_hide_what_is_in_them() {
    assert_items("x = '''\ndef f():\n'''\ny\n", &["stmt: x = '''\ndef f():\n'''", "stmt: y"]);
    assert_items("x = r'\\\\'; y = '(\\\n('\nz\n", &["stmt: x = r'\\\\'; y = '(\\\n('", "stmt: z"]);
    assert_items("x = Rb\"\"\"\\\"\"\"(\"\"\"\ny\n", &["stmt: x = Rb\"\"\"\\\"\"\"(\"\"\"", "stmt: y"]);
    assert_items("x = '' ''''(''' \"#(\" # (\ny\n", &["stmt: x = '' ''''(''' \"#(\" # (", "stmt: y"]);
}

#[test]
fn format_strings_nest() {
    for string in [
        r#"f"{"("}""#,
        r#"f"{x["("]}{{(""#,
        r#"f"{x:{"("}>{w}}""#,
        r#"f"{f"{f'{"("}'}"}""#,
        r#"f"\N{LEFT PARENTHESIS}\{x}(""#,
        r#"rf"\{x}(\N{x}""#,
        r##"f"{x:#(}" f"{ {1: '('}[1]!r:>{3}}""##,
        r#"F'''{"""'''("""}{x:'}('''"#,
        r#"t"{(lambda x: '(')}""#,
        "f\"{(\nx  # \"\n)}\"",
        "f'''{\nx:\n}(\n'''",
        r#"rt"{x}" "\N{""#,
    ] {
        assert_items(&format!("x = {string}\ny\n"), &[&format!("stmt: x = {string}"), "stmt: y"]);
    }
    assert_items("if\"{\": x\nprint\"{\"\ny\n", &["stmt: if\"{\": x", "stmt: print\"{\"", "stmt: y"]);
}

#[test]
fn unfinished_strings_end_with_their_line() {
    assert_items("x = 'abc\ny = 1\n", &["stmt: x = 'abc", "stmt: y = 1"]);
    assert_items("x = f'{a\ny = 1\n}'\nz\n", &["stmt: x = f'{a\ny = 1\n}'", "stmt: z"]);
    assert_items("p(f'{a')\ny = f'{b}'\n", &["stmt: p(f'{a')", "stmt: y = f'{b}'"]);
    assert_items("p(f'{f(}')\ny = 1\n", &["stmt: p(f'{f(}')", "stmt: y = 1"]);
    assert_items("p(f'a{b:>')\ny = 1\n", &["stmt: p(f'a{b:>')", "stmt: y = 1"]);
}

#[test]
fn an_open_triple_quote_swallows_the_rest() {
    let text = "x\ny = f(b'''\n\ndef f(): pass\n";
    assert_eq!(items(text), ["stmt: x", "stmt: y = f(b'''\n\ndef f(): pass\n"]);
    assert_eq!(split(text).doubt, Some(Doubt::OpenString { at: 9 }));
    let text = "f'''{x\n";
    assert_eq!(split(text).doubt, Some(Doubt::OpenString { at: 1 }));
}

#[test]
fn open_brackets_end_where_a_definition_starts() {
    assert_items(
        "x = foo(a,  # c\n\n# of f\ndef f(a=[):\n  bar(\n  class Y:\n    z = {\n@d\nasync  def g(): pass\n",
        &[
            "stmt: x = foo(a,  # c",
            "def: def f(a=[):\n  bar(\n  class Y:\n    z = {",
            "def: @d\nasync  def g(): pass",
        ],
    );
    assert_items("f'{(\n@d(\n@e\nclass X: pass\n", &["stmt: f'{(", "class: @d(\n@e\nclass X: pass"]);
}

#[test]
fn operators_and_names_do_not_interrupt_brackets() {
    for text in ["(a\n@ b)", "(a\n  @b)", "(\ndefault,\nclassic, define\n)", "(a,\nasync_def\n)"] {
        assert_items(text, &[&format!("stmt: {text}")]);
    }
    assert_items("class A(x\n  @y): pass", &["class: class A(x\n  @y): pass"]);
}

#[test]
fn wrong_and_missing_brackets() {
    assert_items("x = (]\n)\ny\n", &["stmt: x = (]", "stmt: )", "stmt: y"]);
    assert_items("x = (\n# c\n\n", &["stmt: x = ("]);
    let deep = "(".repeat(100_000);
    assert_items(&deep, &[&format!("stmt: {deep}")]);
}

#[test]
fn indentation() {
    assert_items(
        "class A:\n\tx\n        y\n",
        &["class: class A:", "stmt in 0: \tx", "stmt in 0:         y"],
    );
    assert_items(
        "class A:\n  x\n \x0c  y\n\x0cz\n",
        &["class: class A:", "stmt in 0:   x", "stmt in 0:  \x0c  y", "stmt: \x0cz"],
    );
    assert_items("if a:\n  b\n  \\\n\\\n c\nd\n", &["stmt: if a:\n  b\n  \\\n\\\n c", "stmt: d"]);
    assert_items(
        "class A:\n    x\n  y\nz\n",
        &["class: class A:", "stmt in 0:     x", "stmt in 0:   y", "stmt: z"],
    );
    assert_items("  x\n y\nz\n  w\n", &["stmt:   x", "stmt:  y", "stmt: z", "stmt:   w"]);
    assert_items("x = \\", &["stmt: x = \\"]);
}

#[test]
fn a_slip_of_indentation_stays_in_its_body() {
    assert_items(
        "class A:\n  def f():\n    a(\n    )\nb\n    c\n  d = 1\ne\n",
        &[
            "class: class A:",
            "def in 0:   def f():\n    a(\n    )\nb\n    c",
            "stmt in 0:   d = 1",
            "stmt: e",
        ],
    );
    assert_items("def f():\na\n  b\nc\n", &["def: def f():\na\n  b", "stmt: c"]);
    assert_items("if a:\n  b\nc\n  d\nelse:\ne\n  f\n", &["stmt: if a:\n  b\nc\n  d\nelse:\ne\n  f"]);
}

#[test]
fn a_slip_of_indentation_takes_no_members_from_a_class() {
    assert_items(
        "class A:\n  def f():\n    a\nb\n  def g(): pass\n c = 1\n  d = 1\nif e:\n    f\n  h = 1\n",
        &[
            "class: class A:",
            "def in 0:   def f():\n    a",
            "stmt in 0: b",
            "def in 0:   def g(): pass",
            "stmt in 0:  c = 1",
            "stmt in 0:   d = 1",
            "stmt in 0: if e:\n    f",
            "stmt in 0:   h = 1",
        ],
    );
}

#[test]
fn decorators_without_a_definition() {
    assert_items("@d\nx = 1\n@e\n\n# c\n@f\n", &["stmt: @d", "stmt: x = 1", "stmt: @e\n\n# c\n@f"]);
    assert_items("class A:\n  @d\nx\n", &["class: class A:", "stmt in 0:   @d", "stmt: x"]);
}

#[test]
fn function_heads() {
    let text = "x\n@a.b(\n  1) # c\n@ c\nasync \\\n def  naïve[T: (int, str)](a, *, b: 'x:)' = {1: (2,)}) -> f[':']  :  # c\n\n  # d\n  pass\n";
    let split = split(text);
    let item = &split.items[1];
    let head = item.function().unwrap();
    let show = |range: TextRange| range.slice(item.text(text));
    assert!(head.is_async);
    assert_eq!(head.decorators.iter().map(|&range| show(range)).collect::<Vec<_>>(), ["@a.b(\n  1)", "@ c"]);
    assert_eq!(show(head.name), "naïve");
    assert_eq!(head.parameters.map(show), Some("(a, *, b: 'x:)' = {1: (2,)})"));
    assert!(show(head.signature).starts_with("async \\\n def") && show(head.signature).ends_with("]  :"));
    assert_eq!(show(head.body), "pass");
}

#[test]
fn unfinished_heads() {
    let head = |text: &str| {
        let split = split(text);
        let item = &split.items[0];
        let head = item.function().unwrap();
        [head.name, head.parameters.unwrap_or_default(), head.signature, head.body]
            .map(|range| range.slice(item.text(text)).to_owned())
    };
    assert_eq!(head("def"), ["", "", "def", ""]);
    assert_eq!(head("def f  # c\n"), ["f", "", "def f", ""]);
    assert_eq!(head("def f(a\n  # b\ndef g(): pass"), ["f", "(a", "def f(a", ""]);
    assert_eq!(head("def f(): # c\n  # d\nx"), ["f", "()", "def f():", ""]);
    assert_eq!(head("def f(): return 1 # c"), ["f", "()", "def f():", "return 1 # c"]);
}

#[test]
fn class_heads() {
    let text = "@d\nclass A[T](B, metaclass=C): x = 1";
    let split = split(text);
    let head = split.items[0].class().unwrap();
    assert_eq!(head.decorators, [TextRange::new(0, 2)]);
    assert_eq!(head.name.slice(text), "A");
    assert_eq!(head.bases.map(|bases| bases.slice(text)), Some("(B, metaclass=C)"));
    assert_eq!(head.body.slice(text), "x = 1");
}

#[test]
fn what_cannot_be_followed_is_one_statement() {
    let text = "\u{feff}def f(): pass\n\0\n";
    assert_eq!(items(text), ["stmt: def f(): pass\n\0\n"]);
    assert_eq!(split(text).doubt, Some(Doubt::Nul { at: 17 }));
    let text = format!("x\n{}", "f'{f\"{".repeat(1000));
    assert_eq!(split(&text).items.len(), 1);
    assert!(matches!(split(&text).doubt, Some(Doubt::TooDeep { .. })));
}

proptest! {
    #[test]
    fn items_tile_any_text(text: String) {
        check_tiles(&split(&text), &text);
    }

    #[test]
    fn items_tile_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        check_tiles(&split(&text), &text);
    }
}
