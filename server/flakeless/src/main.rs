//! The flakeless binary.

use std::process::ExitCode;

/// Serves tree-sitter's C code too, which makes most of the small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    flakeless::main()
}
