//! Parsing the text of one item.

use ruff_python_ast::Mod;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseErrorType, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::Ranged;

use super::lower::{Lowered, lower};
use crate::facts::Code;
use crate::facts::code::Health;

/// How much stack it takes to drop a tree, by the bytes of its text: each level of nesting takes a byte at least, and
/// far less than this on the stack.
const STACK_PER_BYTE: usize = 512;

/// The code of a text of any length, whatever is wrong with it.
pub fn code_of(text: &str) -> Code {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let Mod::Module(module) = parsed.syntax() else { return Code::unread() };
    let errors = parsed.errors().len() - usize::from(is_indented(&parsed));
    let health = if errors == 0 { Health::Sound } else { Health::Broken };
    let Lowered { mut code, is_cut } = lower(text, &module.body, parsed.tokens(), health);
    if errors == 1 && !is_cut && is_head_alone(&code) && lacks_block(&parsed) {
        code.health = Health::Sound;
    }
    match is_cut {
        true => stacker::grow(text.len() * STACK_PER_BYTE, || drop(parsed)),
        false => drop(parsed),
    }
    code
}

/// Whether the first error is but the indentation of a class's member: an item begins where its first line begins.
fn is_indented(parsed: &Parsed<Mod>) -> bool {
    let first = parsed.tokens().iter().find(|token| !token.kind().is_trivia());
    let indent = first.filter(|token| token.kind() == TokenKind::Indent);
    let error = parsed.errors().first();
    indent.zip(error).is_some_and(|(indent, error)| error.location.start() <= indent.end())
}

/// Whether the last error is that nothing stands behind the colon of a class.
fn lacks_block(parsed: &Parsed<Mod>) -> bool {
    parsed.errors().last().is_some_and(|error| match &error.error {
        ParseErrorType::OtherError(message) => {
            message.starts_with("Expected an indented block after `class`")
        }
        _ => false,
    })
}

/// Whether the code is the head of a class, whose members are items of their own.
fn is_head_alone(code: &Code) -> bool {
    code.roots.len() == 1 && code.class().is_some_and(|class| class.body.is_empty())
}
