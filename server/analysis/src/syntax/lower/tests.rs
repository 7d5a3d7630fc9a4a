//! What Python becomes, construct by construct.

mod broken;
mod expressions;
mod limits;
mod ranges;
mod statements;

use crate::facts::check::check;
use crate::facts::code::{Code, Health};
use crate::facts::dump::dump;
use crate::syntax::code_of_whole;

/// The code of `text`, which keeps every promise of [`Code`].
fn code(text: &str) -> Code {
    let code = code_of_whole(text);
    if let Err(broken) = check(&code, text) {
        panic!("{broken}\nin {text:?}\n{}", dump(&code));
    }
    code
}

/// Checks `(source, dump)` pairs of sound Python.
fn sound(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let code = code(text);
        assert_eq!(dump(&code).trim_end(), *expected, "\n{text}");
        assert_eq!(code.health, Health::Sound, "\n{text}");
    }
}

/// Checks `(source, dump)` pairs of what is not Python 3.
fn broken(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let code = code(text);
        assert_eq!(dump(&code).trim_end(), *expected, "\n{text}");
        assert_eq!(code.health, Health::Broken, "\n{text}");
    }
}
